//! Waiting for a condition.

use std::time::{Duration, Instant};

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(40);

/// Looks again and again until there is something, and returns it.
///
/// # Errors
/// What `look` failed with, or a sentence with `what` when `timeout` passed first.
pub fn wait_until<T>(
    what: &str,
    timeout: Duration,
    mut look: impl FnMut() -> Result<Option<T>, String>,
) -> Result<T, String> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if begun.elapsed() > timeout {
            return Err(format!("waited {:.1} s in vain: {what}", begun.elapsed().as_secs_f64()));
        }
        std::thread::park_timeout(INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_returns_what_is_found_and_says_what_was_missing() {
        let mut looks = 0;
        let found = wait_until("three looks", Duration::from_secs(5), || {
            looks += 1;
            Ok((looks == 3).then_some(looks))
        });
        assert_eq!(found, Ok(3));
        let missed = wait_until::<()>("the floor", Duration::ZERO, || Ok(None)).unwrap_err();
        assert!(missed.ends_with("in vain: the floor"), "{missed}");
        assert_eq!(wait_until::<()>("", Duration::ZERO, || Err("gone".into())), Err("gone".into()));
    }
}

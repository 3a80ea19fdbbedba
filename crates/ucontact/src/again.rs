//! Asking again what failed in passing: how often, how far apart, and how much of it can be afforded. One way for
//! everything that is read, of the API and of the hosts of recordings.
//!
//! Left out on purpose: which failures pass, which is for whoever reads the answer to say.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use atalaya_clock::Clock;

use crate::error::{Error, ErrorKind};

/// How often one thing is asked in all.
pub(crate) const ATTEMPTS: u32 = 3;
const BACKOFF_FAST: Duration = Duration::from_millis(50);
const BACKOFF_BUSY: Duration = Duration::from_secs(1);
const BACKOFF_CAP: Duration = Duration::from_secs(20);
const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);
/// Retries earned by each success, and the most that can be saved: a dead server costs a fifth more at worst.
const SHARE: f64 = 0.2;
const SAVED: f64 = 2.0;

/// A failed attempt: whether another may help, and how long the server wants us to wait.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) transient: bool,
    pub(crate) retry_after: Option<Duration>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let transient = matches!(error.kind, ErrorKind::Unreachable);
        Self { error, transient, retry_after: None }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// Retries, as a small share of what succeeds.
#[derive(Debug)]
pub(crate) struct Retries(Mutex<f64>);

impl Default for Retries {
    fn default() -> Self {
        Self(Mutex::new(SAVED))
    }
}

impl Retries {
    fn left(&self) -> std::sync::MutexGuard<'_, f64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn succeeded(&self) {
        let mut left = self.left();
        *left = (*left + SHARE).min(SAVED);
    }

    /// Whether one can be afforded; takes it when so.
    fn may_retry(&self) -> bool {
        let mut left = self.left();
        let may = *left >= 1.0;
        if may {
            *left -= 1.0;
        }
        may
    }

    /// Does something up to `most` times, as long as it fails in passing; `once` is told which time it is, from 1. Gives
    /// how long it took in all.
    ///
    /// # Errors
    /// The last one, with how often it was tried and for how long.
    pub(crate) async fn asked<T, Asked>(
        &self,
        clock: &Clock,
        most: u32,
        once: impl Fn(u32) -> Asked,
    ) -> Result<(T, Duration), Error>
    where
        Asked: Future<Output = Result<T, Failure>>,
    {
        let begun = clock.steady();
        let mut attempt = 1;
        loop {
            let failure = match once(attempt).await {
                Ok(value) => {
                    self.succeeded();
                    return Ok((value, clock.since(begun)));
                }
                Err(failure) => failure,
            };
            if !(attempt < most && failure.transient && self.may_retry()) {
                let mut error = failure.error;
                error.attempts = attempt;
                error.elapsed = clock.since(begun);
                tracing::debug!(
                    what = error.what,
                    code = error.code(),
                    attempts = attempt,
                    "a request failed"
                );
                return Err(error);
            }
            tokio::time::sleep(backoff(attempt, &failure)).await;
            attempt += 1;
        }
    }
}

/// Full jitter: anywhere up to the doubled wait, so that many clients do not come back together. A server that names a
/// time is given it, up to a minute.
fn backoff(attempt: u32, failure: &Failure) -> Duration {
    if let Some(after) = failure.retry_after {
        return after.min(RETRY_AFTER_CAP);
    }
    let base = if failure.error.kind == ErrorKind::Busy { BACKOFF_BUSY } else { BACKOFF_FAST };
    let most = base.saturating_mul(2u32.saturating_pow(attempt - 1)).min(BACKOFF_CAP);
    most.mul_f64(fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_server_costs_at_most_a_fifth_more() {
        let retries = Retries::default();
        for _ in 0..1000 {
            retries.succeeded();
        }
        let afforded = (0..100).filter(|_| retries.may_retry()).count();
        assert_eq!(afforded, 2, "what can be saved is small");
        let mut afforded = 0;
        for _ in 0..100 {
            retries.succeeded();
            afforded += usize::from(retries.may_retry());
        }
        assert!(afforded <= 20, "{afforded}");
    }
}

//! When this program is told to end: by Ctrl-C, a terminating signal, a terminal or console that is closed, somebody who
//! logs off, a computer that shuts down. What is ended then (a session at the server above all) is the program's to know.
//!
//! Left out on purpose: how long it may take (Windows gives five seconds), and closing a window, which is no signal.

use std::future::{Future, poll_fn};
use std::task::{Context, Poll};

/// Listens from now on; resolves when this program is told to end. Where nothing can be listened to, never.
///
/// # Panics
/// Outside of a runtime.
pub fn told_to_end() -> impl Future<Output = ()> + Send + 'static {
    let mut ways = ways();
    async move {
        poll_fn(|context| {
            let heard = ways.iter_mut().fold(false, |heard, way| way(context).is_ready() | heard);
            if heard { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        tracing::info!("told to end");
    }
}

/// One way of being told. All are asked each time, so that each wakes whoever waits.
type Way = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<()>> + Send>;

#[cfg(unix)]
fn ways() -> Vec<Way> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
    // Who is started with `nohup` outlives the terminal.
    let own = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if !is_ignored(&own, SignalKind::hangup().as_raw_value()) {
        kinds.push(SignalKind::hangup());
    }
    let heard = kinds.into_iter().filter_map(|kind| signal(kind).ok());
    heard
        .map(|mut signal| Box::new(move |context: &mut Context<'_>| signal.poll_recv(context)) as Way)
        .collect()
}

#[cfg(windows)]
fn ways() -> Vec<Way> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    macro_rules! way {
        ($listener:ident) => {
            $listener()
                .ok()
                .map(|mut heard| Box::new(move |context: &mut Context<'_>| heard.poll_recv(context)) as Way)
        };
    }
    // After the last three Windows ends the program as soon as it has heard them, or five seconds later: what listens to them
    // does not return.
    [way!(ctrl_c), way!(ctrl_break), way!(ctrl_close), way!(ctrl_logoff), way!(ctrl_shutdown)]
        .into_iter()
        .flatten()
        .collect()
}

/// Whether a process ignored this signal from its start, as Linux tells in `/proc/PID/status`; elsewhere it cannot be told,
/// and is not.
#[cfg(unix)]
fn is_ignored(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|place| mask.checked_shr(place).unwrap_or(0) & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_ignores_is_read_bit_by_bit() {
        let status = |mask: &str| {
            format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\nSigCgt:\t0000000000000001\n")
        };
        assert!(is_ignored(&status("0000000000000001"), 1), "started with nohup");
        assert!(!is_ignored(&status("0000000000001000"), 1), "a pipe's, as every Rust program has it");
        assert!(is_ignored(&status("0000000000001000"), 13));
        for other in ["", "not a mask"] {
            assert!(!is_ignored(&status(other), 1));
        }
        assert!(!is_ignored("", 1) && !is_ignored(&status("ffffffffffffffff"), 0));
    }
}

//! How many requests go out: so many a second.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);
/// A wait that rounds to nothing would be no wait, and the token missing all the same.
const LEAST_WAIT: Duration = Duration::from_millis(1);

/// A token bucket for requests, and a count of the last minute.
#[derive(Debug)]
pub(crate) struct Budget {
    state: Mutex<State>,
    /// Held while waiting for a token, so that requests go out in the order they came.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    per_second: f64,
    tokens: f64,
    filled_at: Instant,
    sent: VecDeque<Instant>,
}

impl State {
    fn fill(&mut self, now: Instant) {
        let earned = now.duration_since(self.filled_at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + earned).min(self.burst());
        self.filled_at = now;
    }

    /// One second's worth may go at once.
    fn burst(&self) -> f64 {
        self.per_second.max(1.0)
    }

    /// Takes a token and counts the request.
    ///
    /// # Errors
    /// There is none yet: how long until there will be.
    fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        if self.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.tokens) / self.per_second).max(LEAST_WAIT));
        }
        self.tokens -= 1.0;
        while self.sent.front().is_some_and(|at| now.duration_since(*at) > MINUTE) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        Ok(())
    }

    fn sent_last_minute(&self, now: Instant) -> u32 {
        self.sent.iter().filter(|at| now.duration_since(**at) <= MINUTE).count() as u32
    }
}

impl Budget {
    pub(crate) fn new(per_second: f64) -> Self {
        let per_second = per_second.clamp(0.1, 1000.0);
        Self {
            state: Mutex::new(State {
                per_second,
                tokens: per_second.max(1.0),
                filled_at: Instant::now(),
                sent: VecDeque::new(),
            }),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_per_second(&self, per_second: f64) {
        let mut state = self.state();
        state.fill(Instant::now());
        state.per_second = per_second.clamp(0.1, 1000.0);
        state.tokens = state.tokens.min(state.burst());
    }

    /// Waits until a request may go out, and counts it.
    pub(crate) async fn take(&self) {
        let _turn = self.turn.lock().await;
        loop {
            let taken = self.state().take(Instant::now());
            match taken {
                Ok(()) => return,
                Err(missing) => tokio::time::sleep(missing).await,
            }
        }
    }

    pub(crate) fn sent_last_minute(&self) -> u32 {
        self.state().sent_last_minute(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_go_out_at_the_rate_after_one_second_s_worth() {
        let budget = Budget::new(4.0);
        let mut state = budget.state();
        let begun = state.filled_at;
        let mut now = begun;
        for _ in 0..44 {
            while let Err(missing) = state.take(now) {
                now += missing;
            }
        }
        let took = (now - begun).as_secs_f64();
        assert!((9.9..=10.3).contains(&took), "44 requests at 4 a second took {took} s");
        assert_eq!(state.sent_last_minute(now), 44);
        assert_eq!(state.sent_last_minute(now + Duration::from_secs(61)), 0);
    }

    #[test]
    fn whoever_has_to_wait_waits() {
        let budget = Budget::new(4.0);
        let mut state = budget.state();
        state.tokens = 1.0 - f64::EPSILON;
        let now = state.filled_at;
        let missing = state.take(now).unwrap_err();
        assert!(missing > Duration::ZERO, "a wait of nothing comes back with the same token missing");
        assert_eq!(state.take(now + missing), Ok(()));
    }
}

//! What time it is: one clock, given at the beginning and handed on, in place of asking the system wherever a moment is
//! written down. The store and the client of a session each hold one; everything else takes it from them. A held clock
//! stands until it is moved: for tests, and for a demonstration that is photographed.
//!
//! Left out on purpose: waiting and deadlines (budgets, polls, retries, playing). Those are `tokio::time` or the audio
//! device's, which tests pause or step by themselves; and zones, which belong to whoever shows a moment.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// A clock; cheap to clone, all clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System { begun: Instant },
    Held(Arc<Mutex<Reading>>),
    Told(Arc<dyn Fn() -> (i64, Duration) + Send + Sync>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System { .. } => "the computer's",
            Self::Held(_) => "held",
            Self::Told(_) => "told",
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    wall_ms: i64,
    steady: Duration,
}

/// A clock that stands until it is moved; cheap to clone, all clones move the same one.
#[derive(Debug, Clone)]
pub struct Held(Arc<Mutex<Reading>>);

fn reading(held: &Mutex<Reading>) -> std::sync::MutexGuard<'_, Reading> {
    // Plain assignments only: good after a panic too.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock {
    /// The computer's.
    pub fn system() -> Self {
        Self(Source::System { begun: Instant::now() })
    }

    /// One that stands at this moment, epoch milliseconds, until it is moved.
    pub fn held(at_ms: i64) -> Held {
        Held(Arc::new(Mutex::new(Reading { wall_ms: at_ms, steady: Duration::ZERO })))
    }

    /// One that asks somebody: epoch milliseconds, and how long it has been running. For a simulation, whose waiting and
    /// whose clock are one.
    pub fn told(by: impl Fn() -> (i64, Duration) + Send + Sync + 'static) -> Self {
        Self(Source::Told(Arc::new(by)))
    }

    /// What time it is, epoch milliseconds. It follows the computer's time: it can jump, also back.
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::System { .. } => match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
                Ok(since) => since.as_millis() as i64,
                Err(before) => -(before.duration().as_millis() as i64),
            },
            Source::Held(held) => reading(held).wall_ms,
            Source::Told(by) => by().0,
        }
    }

    /// How long this clock has been running; it never goes back, and most systems do not count their sleep.
    pub fn steady(&self) -> Duration {
        match &self.0 {
            Source::System { begun } => begun.elapsed(),
            Source::Held(held) => reading(held).steady,
            Source::Told(by) => by().1,
        }
    }

    /// How long ago [`Clock::steady`] read this.
    pub fn since(&self, begun: Duration) -> Duration {
        self.steady().saturating_sub(begun)
    }
}

impl Held {
    /// What is handed to those who only ask.
    pub fn clock(&self) -> Clock {
        Clock(Source::Held(Arc::clone(&self.0)))
    }

    /// Time passes: both readings go on.
    pub fn advance(&self, by: Duration) {
        let mut reading = reading(&self.0);
        reading.wall_ms = reading.wall_ms.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
        reading.steady = reading.steady.saturating_add(by);
    }

    /// It is another time, epoch milliseconds, without any having passed: somebody set the clock, or the computer slept.
    pub fn set(&self, at_ms: i64) {
        reading(&self.0).wall_ms = at_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_clock_moves_only_when_it_is_moved() {
        let held = Clock::held(1_000);
        let (clock, other) = (held.clock(), held.clock());
        assert_eq!((clock.now_ms(), clock.steady()), (1_000, Duration::ZERO));
        held.advance(Duration::from_millis(250));
        assert_eq!((clock.now_ms(), clock.steady()), (1_250, Duration::from_millis(250)));
        assert_eq!(other.since(Duration::from_millis(50)), Duration::from_millis(200));
        held.set(500);
        assert_eq!((other.now_ms(), other.steady()), (500, Duration::from_millis(250)), "no time has passed");
    }

    #[test]
    fn the_computers_clock_is_the_computers() {
        let clock = Clock::system();
        let before = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
        let (first, then) = (clock.steady(), clock.now_ms());
        let after = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
        assert!((before..=after).contains(&then));
        assert!(clock.steady() >= first);
    }
}

//! What happens to this computer's clock: somebody sets it, or the computer sleeps.
//!
//! What is written down by the old clock is moved along with a clock that was set; a sleep makes it old. Left out on
//! purpose: which moments those are (the picture's, the alerts').

use std::time::Duration;

use atalaya_ucontact::Clock;

/// A clock that goes on so much further than time did is taken for a sleep: a person who sets it ahead by more has all
/// figures read anew, no more.
const SLEPT_MS: i64 = 5_000;
/// Less than this is a clock being trimmed, or a busy computer.
const SET_MS: i64 = 1_000;

/// What became of the clock between two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Nothing.
    Not,
    /// It was set: by so many milliseconds, ahead or back.
    Set(i64),
    /// The computer slept for so many milliseconds, in which nobody watched.
    Slept(i64),
}

/// Both readings of a clock, as of the last look: where the first goes on without the second, something happened.
#[derive(Debug, Clone)]
pub struct ClockWatch {
    clock: Clock,
    wall_ms: i64,
    steady: Duration,
}

impl ClockWatch {
    /// From now on.
    pub fn new(clock: Clock) -> Self {
        let (wall_ms, steady) = (clock.now_ms(), clock.steady());
        Self { clock, wall_ms, steady }
    }

    /// What became of it since the last look.
    pub fn look(&mut self) -> Moved {
        let (wall_ms, steady) = (self.clock.now_ms(), self.clock.steady());
        let passed_ms = steady.saturating_sub(self.steady).as_millis() as i64;
        let ahead_ms = wall_ms.saturating_sub(self.wall_ms).saturating_sub(passed_ms);
        (self.wall_ms, self.steady) = (wall_ms, steady);
        moved(ahead_ms)
    }
}

fn moved(ahead_ms: i64) -> Moved {
    if ahead_ms > SLEPT_MS {
        Moved::Slept(ahead_ms)
    } else if ahead_ms.abs() > SET_MS {
        Moved::Set(ahead_ms)
    } else {
        Moved::Not
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_on_alone_slept_and_one_that_goes_back_was_set() {
        let held = Clock::held(1_000_000);
        let mut watch = ClockWatch::new(held.clock());
        held.advance(Duration::from_secs(30));
        assert_eq!(watch.look(), Moved::Not, "a busy computer is late, not asleep");
        held.set(1_030_000 + 600_000);
        assert_eq!(watch.look(), Moved::Slept(600_000));
        held.set(1_630_000 - 3_600_000);
        assert_eq!((watch.look(), watch.look()), (Moved::Set(-3_600_000), Moved::Not), "once");
        for (ahead, is) in [(900, Moved::Not), (-900, Moved::Not), (3_000, Moved::Set(3_000))] {
            assert_eq!(moved(ahead), is);
        }
    }
}

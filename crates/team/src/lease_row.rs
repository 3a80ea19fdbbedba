//! The lease as the database keeps it, as a pure model: what a beat, a publication and a give-away do to the row.
//!
//! The twin of the functions in `schema/0001-floor.sql`: simulated desks use this one, and a test puts the same questions
//! to both. All time here is the database's. Left out on purpose: what a desk makes of the answers (`course`).

use std::time::Duration;

/// Shortest time a lease is held for.
pub const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(900);

/// How long a lease is held for that is renewed every so often.
pub fn held_for(every: Duration) -> Duration {
    every.mul_f64(1.5).clamp(SHORTEST, LONGEST)
}

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseRow {
    /// Grows by one each time somebody takes the lease.
    pub epoch: i64,
    /// Who holds, or held, it.
    pub desk: Option<u32>,
    /// Until when.
    pub until: Option<Duration>,
    /// Counts the readings.
    pub seq: i64,
}

/// What a beat is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Whoever asked holds it: they renewed or took it now. A copy of a data folder has the same desk, and not the epoch.
    pub mine: bool,
    /// Of whoever holds, or held, it last.
    pub epoch: i64,
    /// How long it is held still; zero: nobody holds it.
    pub left: Duration,
}

impl LeaseRow {
    /// A desk says how it stands with the lease: `epoch` is the one it holds, `wants` says that it would take it.
    pub fn beat(
        &mut self,
        desk: u32,
        epoch: Option<i64>,
        wants: bool,
        every: Duration,
        now: Duration,
    ) -> Told {
        let mut mine = false;
        let held = self.until.is_some_and(|until| until > now);
        if held && self.desk == Some(desk) && epoch == Some(self.epoch) {
            self.until = Some(now + held_for(every));
            mine = true;
        } else if wants && !held {
            (self.epoch, self.desk) = (self.epoch + 1, Some(desk));
            self.until = Some(now + held_for(every));
            mine = true;
        }
        let left = self.until.map_or(Duration::ZERO, |until| until.saturating_sub(now));
        Told { mine, epoch: self.epoch, left }
    }

    /// A reading is published: its number; `None` when it is refused.
    pub fn publish(&mut self, desk: u32, epoch: i64, now: Duration) -> Option<i64> {
        let good =
            self.desk == Some(desk) && self.epoch == epoch && self.until.is_some_and(|until| until > now);
        good.then(|| {
            self.seq += 1;
            self.seq
        })
    }

    /// The lease is given away; false when it was not theirs to give.
    pub fn give(&mut self, desk: u32, epoch: i64, now: Duration) -> bool {
        let good =
            self.desk == Some(desk) && self.epoch == epoch && self.until.is_some_and(|until| until > now);
        if good {
            self.until = Some(now);
        }
        good
    }
}

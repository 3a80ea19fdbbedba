//! One desk's course: whether it asks the server for everybody, follows whoever does, or asks by itself because nobody can
//! be heard; and when it next has something to say to the team.
//!
//! Pure: it is told what came, and what time it is by a clock that never goes back. It counts what it holds from before the
//! question left, so that it stops by itself before anybody else can begin; after a sleep it holds nothing. Left out on
//! purpose: the database, the server, and waiting.

use std::time::Duration;

use crate::lease_row::held_for;

/// A desk that only looks does so this often.
const LOOKS_EVERY: Duration = Duration::from_secs(10);
/// Stops so much before its lease is over.
const MARGIN: Duration = Duration::from_millis(250);
/// With the database away, the last picture is looked at for so many intervals, and at least so long, before a desk asks
/// by itself.
const PATIENT_INTERVALS: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(15);
/// A desk that never heard of the team has nothing to show: it waits less.
const FIRST_PATIENCE: Duration = Duration::from_secs(5);
/// A desk whose own way to the server failed, or whose way to the database is too slow for a lease, leaves the lease to others for so many leases after it is free; twice as many
/// when it took it in vain, so that of two that failed the one whose way is good again has its turn.
const SHY_LEASES: u32 = 2;
const MOST_SHY_LEASES: u32 = 4;
/// No two questions follow closer on each other.
const APART: Duration = Duration::from_millis(200);

/// What a desk does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Asks the server for everybody, under this epoch.
    Asks(i64),
    /// Shows what another one read.
    Follows,
    /// Nobody can be heard: it asks by itself, one of so many.
    Apart(u32),
}

/// What a desk next says to the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// That it still holds this epoch.
    Renews(i64),
    /// That it would ask.
    Wants,
    /// That it is here.
    Looks,
}

/// What the team answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// This desk holds the lease.
    pub mine: bool,
    /// Of whoever holds, or held, it.
    pub epoch: i64,
    /// How long it is held still; zero: nobody holds it.
    pub left: Duration,
    /// Desks that were here lately, this one included.
    pub desks: u32,
}

#[derive(Debug, Clone, Copy)]
enum Lease {
    /// Nothing is known of it.
    Unknown,
    Mine {
        epoch: i64,
        until: Duration,
    },
    /// It was this desk's, which slept: whether it still is, is asked before anything is done under it.
    Doubted {
        epoch: i64,
    },
    /// Held by another one, or by nobody when `until` is over.
    Other {
        until: Duration,
    },
}

/// One desk's course. Moments are by its own steady clock.
#[derive(Debug)]
pub struct Course {
    every: Duration,
    lease: Lease,
    desks: u32,
    /// Since when the database does not answer.
    away_since: Option<Duration>,
    heard: bool,
    /// When it last let go of what it held, or woke: what was asked before says nothing of now.
    let_go_at: Option<Duration>,
    shy: bool,
    /// How often the server was lost since it last answered.
    losses: u32,
    /// Where in the time after a lease's end this desk stands, 0 to 1: not all come at once.
    place: f64,
    speaks_at: Duration,
}

impl Course {
    /// A desk that polls so often, at this moment. `place`: where among the others it stands, 0 to 1, drawn once.
    pub fn new(every: Duration, place: f64, now: Duration) -> Self {
        Self {
            every,
            lease: Lease::Unknown,
            desks: 1,
            away_since: Some(now),
            heard: false,
            let_go_at: None,
            shy: false,
            losses: 0,
            place: place.clamp(0.0, 1.0),
            speaks_at: now,
        }
    }

    /// The campaigns are asked for so often from now on.
    pub fn set_every(&mut self, every: Duration) {
        self.every = every;
    }

    /// The team answered a question that left at `sent`.
    pub fn answered(&mut self, answer: Answered, sent: Duration, now: Duration) {
        (self.away_since, self.heard) = (None, true);
        self.desks = answer.desks.max(1);
        let (holds_for, place) = (held_for(self.every), self.place);
        if answer.mine && self.let_go_at.is_some_and(|at| sent <= at) {
            self.lease = Lease::Doubted { epoch: answer.epoch };
            self.speaks_at = now;
            return;
        }
        if answer.mine {
            // What is left was told between the two: at least so much from the first.
            let until = sent + answer.left;
            if now + MARGIN >= until {
                // It hears of what it was given when that is over: it would take it again and again, and nobody would ask.
                self.leaves_it(now.max(until));
                return;
            }
            self.lease = Lease::Mine { epoch: answer.epoch, until };
            self.shy = false;
            // From when it was asked for, as what is held: a slow way takes nothing of the second try's time.
            self.speaks_at = (sent + self.every.min(holds_for / 2)).max(now + APART);
        } else {
            // Nobody's for a while: looking again makes it no younger, or who is shy would leave it to nobody for ever.
            let free_before = match self.lease {
                Lease::Other { until } if answer.left.is_zero() && until <= now => Some(until),
                _ => None,
            };
            let until = free_before.unwrap_or(now + answer.left);
            self.lease = Lease::Other { until };
            let wants_at = until + if self.shy { self.shy_for() } else { (self.every / 2).mul_f64(place) };
            self.speaks_at = wants_at.min(now + LOOKS_EVERY).max(now + APART);
        }
    }

    /// Nobody holds the lease any more: somebody gave it away.
    pub fn free(&mut self, now: Duration) {
        if !matches!(self.lease, Lease::Mine { .. }) {
            self.lease = Lease::Other { until: now };
            if !self.shy {
                self.speaks_at = self.speaks_at.min(now + (self.every / 2).mul_f64(self.place));
            }
        }
    }

    /// Another one took the lease, or this one's readings are refused: it asks how things stand, at once.
    pub fn taken(&mut self, now: Duration) {
        self.let_go_at = Some(now);
        self.lease = Lease::Unknown;
        self.speaks_at = now;
    }

    /// The database does not answer.
    pub fn away(&mut self, now: Duration) {
        self.away_since.get_or_insert(now);
    }

    /// The database is there again: the first thing is to ask how things stand.
    pub fn back(&mut self, now: Duration) {
        self.speaks_at = now;
    }

    /// The computer slept: nothing is held any more, whatever the steady clock says.
    pub fn slept(&mut self, now: Duration) {
        self.let_go_at = Some(now);
        if let Lease::Mine { epoch, .. } = self.lease {
            self.lease = Lease::Doubted { epoch };
        }
        self.speaks_at = now;
    }

    /// This desk's own way to the server failed. The epoch to give away, if it held one.
    pub fn server_lost(&mut self, now: Duration) -> Option<i64> {
        self.shy = true;
        let Does::Asks(epoch) = self.does(now) else { return None };
        self.let_go_at = Some(now);
        self.leaves_it(now);
        Some(epoch)
    }

    /// Others are to have it from then on.
    fn leaves_it(&mut self, from: Duration) {
        (self.shy, self.losses) = (true, self.losses.saturating_add(1));
        self.lease = Lease::Other { until: from };
        self.speaks_at = from + self.shy_for();
    }

    /// This desk's own way to the server is good.
    pub fn server_found(&mut self) {
        (self.shy, self.losses) = (false, 0);
    }

    fn shy_for(&self) -> Duration {
        let leases = SHY_LEASES.saturating_mul(2u32.saturating_pow(self.losses.saturating_sub(1)));
        held_for(self.every) * leases.min(MOST_SHY_LEASES) + (self.every / 2).mul_f64(self.place)
    }

    /// What it does now.
    pub fn does(&self, now: Duration) -> Does {
        if let Lease::Mine { epoch, until } = self.lease
            && now + MARGIN < until
        {
            return Does::Asks(epoch);
        }
        match self.away_since {
            Some(since) if now.saturating_sub(since) >= self.patience() => Does::Apart(self.desks),
            _ => Does::Follows,
        }
    }

    /// How long it asks for everybody still, if nothing comes; `None` where it does not.
    pub fn asks_still(&self, now: Duration) -> Option<Duration> {
        match self.lease {
            Lease::Mine { until, .. } if now + MARGIN < until => Some(until.saturating_sub(now + MARGIN)),
            _ => None,
        }
    }

    fn patience(&self) -> Duration {
        if self.heard { (self.every * PATIENT_INTERVALS).max(PATIENCE) } else { FIRST_PATIENCE }
    }

    /// When it next has something to say, or does something else, and what it says then.
    pub fn next(&self, now: Duration) -> (Duration, Says) {
        let says = match (self.lease, self.does(now)) {
            (_, Does::Asks(epoch)) | (Lease::Doubted { epoch }, _) => Says::Renews(epoch),
            (Lease::Other { until }, _) if now.max(self.speaks_at) < until => Says::Looks,
            (Lease::Other { until }, _) if self.shy && now.max(self.speaks_at) < until + self.shy_for() => {
                Says::Looks
            }
            _ => Says::Wants,
        };
        (self.speaks_at, says)
    }

    /// When what it does changes by itself, if nothing comes before.
    pub fn turns_at(&self, now: Duration) -> Option<Duration> {
        let over = match self.lease {
            Lease::Mine { until, .. } if now + MARGIN < until => Some(until.saturating_sub(MARGIN)),
            _ => None,
        };
        let apart = self.away_since.map(|since| since + self.patience()).filter(|at| *at > now);
        match (over, apart) {
            (Some(over), Some(apart)) => Some(over.min(apart)),
            (one, other) => one.or(other),
        }
    }
}

#[cfg(test)]
mod tests;

//! The end of a floor that a team holds: what the desk is to do (ask, follow), what it wishes to see, what it read.
//!
//! Left out on purpose: who decides (the team's lease), and how readings travel.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use crate::reading::Reading;
use crate::watched::Shared;

/// What a desk does for its floor.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Duty {
    /// It asks the server, as it wishes.
    #[default]
    Ask,
    /// It asks the server for others too.
    AskFor(Wished),
    /// It asks nothing and takes readings.
    Follow,
    /// It asks by itself, so many times less often than wished: others do too.
    AskSeldom(u32),
}

/// What somebody wishes to see of the floor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wished {
    /// The campaigns whose agents are looked at, names with suffix.
    pub visible: BTreeSet<String>,
    /// Somebody looks, or something watches for them.
    pub watched: bool,
    /// How often the campaigns are wished for; `None`: whatever there is.
    pub every: Option<Duration>,
}

impl Wished {
    /// Both wishes in one: everything that anybody looks at, as often as whoever wishes it most often.
    pub fn and(&mut self, other: &Self) {
        self.visible.extend(other.visible.iter().cloned());
        self.watched |= other.watched;
        self.every = match (self.every, other.every) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

/// The end of a floor that a team holds; cheap to clone. It does not keep the floor going.
#[derive(Clone)]
pub struct Relay(pub(crate) Arc<Shared>);

impl Relay {
    /// From now on the desk does this.
    pub fn set_duty(&self, duty: Duty) {
        self.0.wishes.send_if_modified(|wishes| {
            let changed = wishes.duty != duty;
            wishes.duty = duty;
            changed
        });
    }

    /// Where it asks for others, it does for so long still unless told again: a process that stood still, or a computer that
    /// slept, asks for nobody in the moment it goes on, before anybody has told it so.
    pub fn asks_still(&self, left: Duration) {
        let until = self.0.clock().steady() + left;
        self.0.wishes.send_if_modified(|wishes| {
            wishes.asks_until = Some(until);
            false
        });
    }

    /// What the desk does.
    pub fn duty(&self) -> Duty {
        self.0.wishes.borrow().duty.clone()
    }

    /// What whoever sits here wishes, and whenever that may have changed.
    pub fn wishes(&self) -> WishedFeed {
        WishedFeed(self.0.wishes.subscribe())
    }

    /// Takes the reading of another desk, its moments by this computer's clock. Nothing happens to one that asks: its own
    /// are newer.
    pub fn take(&self, reading: Reading) {
        if matches!(self.duty(), Duty::Follow) {
            self.0.take(reading);
        }
    }

    /// What is read here from now on. Whoever is slow misses the oldest.
    pub fn readings(&self) -> broadcast::Receiver<Arc<Reading>> {
        self.0.readings.subscribe()
    }

    /// Polls of the campaigns that failed one after the other, both answers of them.
    pub fn failures(&self) -> u32 {
        self.0.newest.borrow().health.failures
    }

    /// How often the campaigns are asked for, as planned now.
    pub fn every(&self) -> Duration {
        Duration::from_millis(u64::from(self.0.newest.borrow().health.every_ms))
    }

    /// When the campaigns last arrived, epoch milliseconds by this computer's clock; `None`: not yet.
    pub fn last_ok_ms(&self) -> Option<i64> {
        self.0.newest.borrow().health.last_ok_ms
    }
}

/// What whoever sits at a floor wishes.
pub struct WishedFeed(watch::Receiver<crate::watched::Wishes>);

impl WishedFeed {
    /// As it is now.
    pub fn now(&mut self) -> Wished {
        self.0.borrow_and_update().wished()
    }

    /// Waits until it may be another; for ever once the floor is gone.
    pub async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

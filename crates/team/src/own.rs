//! What a desk read by itself: when, so that nothing older of another desk takes its place; and what of it waits to be told.
//!
//! Of each kind the newest waits and no other: a desk with a slow way to the database tells less, and never what is old. Left
//! out on purpose: telling (`link`).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::Reading;

use crate::readings::Numbered;

/// The campaigns' own, which are told first.
const CAMPAIGNS: &str = "";

/// What a desk read by itself.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// By kind, by the steady clock.
    read_at: BTreeMap<String, Duration>,
    waiting: VecDeque<Arc<Reading>>,
}

fn kind(reading: &Reading) -> &str {
    reading.campaign().unwrap_or(CAMPAIGNS)
}

impl Own {
    /// Something was read, and waits to be told.
    pub(crate) fn read(&mut self, reading: &Arc<Reading>, clock: &Clock) {
        let kind = kind(reading);
        if let Some(oldest_ms) = reading.oldest_ms() {
            // It may be told of a while after it came; a clock that was set meanwhile makes it no newer than now.
            let age_ms = u64::try_from(clock.now_ms() - oldest_ms).unwrap_or_default();
            let at = clock.steady().saturating_sub(Duration::from_millis(age_ms));
            self.read_at.insert(kind.to_owned(), at);
        }
        match self.waiting.iter_mut().find(|waiting| self::kind(waiting) == kind) {
            // It keeps its place: what comes often does not put off what comes seldom.
            Some(older) => *older = Arc::clone(reading),
            None => self.waiting.push_back(Arc::clone(reading)),
        }
    }

    /// Something waits to be told.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What is to be told next.
    pub(crate) fn next(&mut self) -> Option<Arc<Reading>> {
        let campaigns = self.waiting.iter().position(|reading| kind(reading) == CAMPAIGNS);
        self.waiting.remove(campaigns.unwrap_or(0))
    }

    /// Nothing of it is to be told.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// This desk read the same since. `anchor`: a moment by its steady clock, and by the database's, epoch milliseconds.
    pub(crate) fn is_newer_than(&self, of: &Numbered, anchor: (Duration, i64)) -> bool {
        let Ok(reading) = &of.reading else { return false };
        let Some((own, oldest_ms)) = self.read_at.get(kind(reading)).zip(reading.oldest_ms()) else {
            return false;
        };
        let after_ms = oldest_ms + of.ahead_ms - anchor.1;
        let shift = Duration::from_millis(after_ms.unsigned_abs());
        let at = if after_ms < 0 { anchor.0.saturating_sub(shift) } else { anchor.0 + shift };
        at < *own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unread(campaign: &str, code: &str) -> Arc<Reading> {
        Arc::new(Reading::Unread { campaign: campaign.to_owned(), code: code.to_owned(), at_ms: 1_000 })
    }

    fn campaigns(at_ms: i64) -> Arc<Reading> {
        Arc::new(Reading::Campaigns {
            statuses: Some((Vec::new(), at_ms)),
            queues: None,
            round_trip_ms: 1,
            dropped: 0,
            problem: None,
            at_ms,
            every_ms: 3_000,
            agents_every_ms: 3_000,
        })
    }

    #[test]
    fn of_each_kind_the_newest_waits_and_the_campaigns_go_first() {
        let clock = Clock::held(1_000).clock();
        let mut own = Own::default();
        for (campaign, code) in [("a", "1"), ("b", "2"), ("a", "3")] {
            own.read(&unread(campaign, code), &clock);
        }
        own.read(&campaigns(900), &clock);
        own.read(&campaigns(1_000), &clock);
        let told: Vec<Arc<Reading>> = std::iter::from_fn(|| own.next()).collect();
        assert_eq!(told, [campaigns(1_000), unread("a", "3"), unread("b", "2")]);
        assert!(!own.waits());
    }

    #[test]
    fn what_another_desk_read_before_is_older_whatever_the_clocks_say() {
        let held = Clock::held(1_000_000);
        held.advance(Duration::from_secs(60));
        let mut own = Own::default();
        own.read(&campaigns(1_059_000), &held.clock());
        // The database is an hour ahead of this desk, and the other desk two hours behind the database.
        let anchor = (Duration::from_secs(60), 1_060_000 + 3_600_000);
        let of = |at_ms: i64| Numbered {
            seq: 1,
            epoch: 1,
            ahead_ms: 7_200_000,
            at_ms: 0,
            size: 0,
            reading: Ok(Arc::unwrap_or_clone(campaigns(at_ms - 3_600_000))),
        };
        assert!(own.is_newer_than(&of(1_058_900), anchor));
        assert!(!own.is_newer_than(&of(1_059_100), anchor));
        held.set(2_000);
        own.read(&campaigns(1_061_000), &held.clock());
        assert!(!own.is_newer_than(&of(1_060_100), anchor), "set back: as new as now, and no newer");
    }
}

//! What campaigns' counters said over the last hour, once in ten seconds or so.
//!
//! A poll that failed leaves nothing, which is a gap; counters that fell were reset. Left out on purpose: what is made of them.

use std::collections::{HashMap, VecDeque};

use atalaya_floor::wire::{Campaign, Snapshot};
use atalaya_history::Figures;

/// Between two that are kept, as far as the polls allow.
const EVERY_MS: i64 = 9_500;
/// How far back; what came true of a quarter of an hour is in it.
const KEPT_MS: i64 = 62 * 60_000;
/// Further apart is a time nobody watched.
const GAP_MS: i64 = 180_000;
/// A reading so far from a moment is one of that moment.
const NEAR_MS: i64 = 31_000;

/// By campaign, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    by_campaign: HashMap<String, VecDeque<Figures>>,
    noted_ms: Option<i64>,
}

impl Readings {
    /// Notes what a picture says, if it is of a newer answer.
    pub fn note(&mut self, snapshot: &Snapshot) {
        let Some(at_ms) = snapshot.health.status_ok_ms else { return };
        if self.noted_ms.is_some_and(|noted| at_ms < noted + EVERY_MS) {
            return;
        }
        self.noted_ms = Some(at_ms);
        for campaign in &snapshot.campaigns {
            self.by_campaign.entry(campaign.name.clone()).or_default().push_back(figures(campaign, at_ms));
        }
        self.forget(at_ms);
    }

    /// Takes over what is known of before: it stands before what was noted since.
    pub fn recall(&mut self, earlier: HashMap<String, Vec<Figures>>) {
        for (name, earlier) in earlier {
            let mine = self.by_campaign.entry(name).or_default();
            let first = mine.front().map_or(i64::MAX, |first| first.at_ms);
            let mut all: VecDeque<Figures> = earlier.into_iter().filter(|one| one.at_ms < first).collect();
            all.append(mine);
            *mine = all;
        }
        if let Some(noted) = self.noted_ms {
            self.forget(noted);
        }
    }

    /// The clock was set by so much: everything is as old as it was.
    pub fn clock_set(&mut self, by_ms: i64) {
        self.noted_ms = self.noted_ms.map(|at_ms| at_ms + by_ms);
        for one in self.by_campaign.values_mut().flatten() {
            one.at_ms += by_ms;
        }
    }

    fn forget(&mut self, now_ms: i64) {
        for readings in self.by_campaign.values_mut() {
            while readings.front().is_some_and(|first| now_ms - first.at_ms > KEPT_MS) {
                readings.pop_front();
            }
        }
        self.by_campaign.retain(|_, readings| !readings.is_empty());
    }

    /// A campaign's, oldest first.
    pub(crate) fn of(&self, campaign: &str) -> impl Iterator<Item = &Figures> {
        self.by_campaign.get(campaign).into_iter().flatten()
    }

    /// The nearest of a moment.
    pub(crate) fn near(&self, campaign: &str, at_ms: i64) -> Option<&Figures> {
        let nearest = self.of(campaign).min_by_key(|one| (one.at_ms - at_ms).abs())?;
        ((nearest.at_ms - at_ms).abs() <= NEAR_MS).then_some(nearest)
    }

    /// Whether the time between two readings was watched, and nothing was reset in it.
    pub(crate) fn whole(&self, campaign: &str, from_ms: i64, until_ms: i64) -> bool {
        let mut last: Option<&Figures> = None;
        let between = self.of(campaign).filter(|one| (from_ms..=until_ms).contains(&one.at_ms));
        for one in between {
            let fell = |before: Option<u32>, now: Option<u32>| {
                before.zip(now).is_some_and(|(before, now)| now < before)
            };
            if let Some(last) = last
                && (one.at_ms - last.at_ms > GAP_MS
                    || fell(last.answered, one.answered)
                    || fell(last.abandoned, one.abandoned))
            {
                return false;
            }
            last = Some(one);
        }
        last.is_some()
    }
}

fn figures(campaign: &Campaign, at_ms: i64) -> Figures {
    let since = campaign.longest_wait_since_ms;
    let longest = since.and_then(|since| u32::try_from((at_ms - since).max(0) / 1_000).ok());
    Figures {
        at_ms,
        answered: campaign.answered,
        abandoned: campaign.abandoned,
        waiting: campaign.waiting,
        longest_secs: if campaign.waiting == Some(0) {
            Some(0)
        } else {
            longest.or(campaign.longest_wait_secs)
        },
        level: campaign.service_level,
    }
}

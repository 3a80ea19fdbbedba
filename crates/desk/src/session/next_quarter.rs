//! The next quarter of an hour of the session's floor: looked at once a minute, away from whatever waits for an answer, while
//! somebody looks or a rule of it is on.
//!
//! Left out on purpose: what is worked out and how (`atalaya_ahead`'s), and how it is shown (the window's).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use atalaya_ahead::wire::{AheadAdvice, AheadChange, AheadTold, AheadWhatIf};
use atalaya_ahead::{Ahead, Asked, Looked, Readings, View};
use atalaya_floor::wire::{Hears, Measure, Snapshot};
use atalaya_floor::{ClockWatch, Floor, Moved, RedAhead};
use atalaya_history::wire::Period;
use atalaya_history::{History, Site};
use atalaya_ucontact::Problem;
use tokio::sync::watch;

use super::ground::Ground;
use crate::locked::locked;
use crate::problem::problem;
use crate::settings::Settings;

/// Between two looks, milliseconds.
const EVERY_MS: i64 = 60_000;
/// At the beginning, while the floor is being read and watched for long enough, looks come sooner, milliseconds.
const EVERY_AT_FIRST_MS: i64 = 15_000;
/// For so long, milliseconds.
const AT_FIRST_MS: i64 = 240_000;
/// How far back the counters' last hour is read at the beginning, milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// What is ahead for the alerts, and when it was worked out.
type Red = (HashMap<String, RedAhead>, i64);

/// The next quarter of an hour.
pub struct NextQuarter {
    ground: Ground,
    shared: Arc<Shared>,
    clock: Mutex<ClockWatch>,
    /// Epoch milliseconds.
    begun_ms: i64,
    /// When it was looked at last, epoch milliseconds, and whether everybody of every campaign had been read by then.
    looked: Mutex<Option<(i64, bool)>>,
    /// Somebody can see a window.
    seen: AtomicBool,
    /// One question at a time.
    asking: tokio::sync::Mutex<()>,
}

struct Shared {
    past: Option<(Arc<History>, Site)>,
    readings: Mutex<Readings>,
    /// Held for as long as a look takes.
    ahead: Mutex<Ahead>,
    told: watch::Sender<Arc<AheadTold>>,
    view: Mutex<Option<View>>,
    red: Mutex<Option<Red>>,
    /// A look is under way.
    busy: AtomicBool,
    recalled: AtomicBool,
}

impl NextQuarter {
    pub(super) fn new(ground: Ground, past: Option<(Arc<History>, Site)>) -> Self {
        let clock = Mutex::new(ClockWatch::new(ground.client.clock().clone()));
        let begun_ms = ground.now_ms();
        Self {
            ground,
            begun_ms,
            shared: Arc::new(Shared {
                past,
                readings: Mutex::default(),
                ahead: Mutex::default(),
                told: watch::Sender::new(Arc::default()),
                view: Mutex::default(),
                red: Mutex::default(),
                busy: AtomicBool::new(false),
                recalled: AtomicBool::new(false),
            }),
            clock,
            looked: Mutex::default(),
            seen: AtomicBool::new(true),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// What is told of it, as it changes.
    pub(crate) fn told(&self) -> watch::Receiver<Arc<AheadTold>> {
        self.shared.told.subscribe()
    }

    /// Says whether somebody can see a window.
    pub(crate) fn set_seen(&self, seen: bool) {
        self.seen.store(seen, Ordering::SeqCst);
    }

    /// Notes what the picture says, and begins a look where one is due. What the last one found for the alerts, once.
    pub(super) fn step(&self, floor: &Floor, snapshot: &Arc<Snapshot>) -> Option<Red> {
        let moved = locked(&self.clock).look();
        {
            let mut readings = locked(&self.shared.readings);
            if let Moved::Set(by_ms) = moved {
                readings.clock_set(by_ms);
                *locked(&self.looked) = None;
            }
            readings.note(snapshot);
        }
        let now_ms = self.ground.now_ms();
        let settings = self.ground.settings();
        let whole = snapshot.campaigns.iter().all(|one| snapshot.agents_read_at_ms.contains_key(&one.name));
        if snapshot.health.last_ok_ms.is_some() && self.wanted(&settings) && self.due(now_ms, whole) {
            self.look(floor, snapshot, settings, now_ms);
        }
        locked(&self.shared.red).take()
    }

    /// Nobody looks and no rule of it is on: nothing is worked out.
    fn wanted(&self, settings: &Settings) -> bool {
        let looked_at = self.seen.load(Ordering::SeqCst) && self.shared.told.receiver_count() > 0;
        let rule = |rule: &atalaya_floor::wire::Rule| {
            rule.measure == Measure::RedAhead && rule.hears != Hears::Nobody
        };
        looked_at || settings.rules.iter().any(rule)
    }

    fn due(&self, now_ms: i64, whole: bool) -> bool {
        let mut looked = locked(&self.looked);
        let at_first = (self.begun_ms..self.begun_ms + AT_FIRST_MS).contains(&now_ms);
        let every_ms = if at_first { EVERY_AT_FIRST_MS } else { EVERY_MS };
        if !is_due(*looked, every_ms, now_ms, whole) || self.shared.busy.swap(true, Ordering::SeqCst) {
            return false;
        }
        *looked = Some((now_ms, whole));
        true
    }

    fn look(&self, floor: &Floor, snapshot: &Arc<Snapshot>, settings: Settings, now_ms: i64) {
        let shared = Arc::clone(&self.shared);
        let (snapshot, seats) = (Arc::clone(snapshot), floor.seats());
        let offset_secs = floor.server_offset_secs();
        let ending = self.ground.tasks.token();
        self.ground.tasks.spawn_blocking(move || {
            // Whatever becomes of this look, another may follow.
            let _done = Done(&shared.busy);
            shared.recall(now_ms);
            if ending.is_cancelled() {
                return;
            }
            let readings = locked(&shared.readings).clone();
            let (rules, teams) = (settings.rules, settings.teams);
            let asked = Asked { snapshot, seats, readings, rules, teams, offset_secs, now_ms };
            let past = shared.past.as_ref().map(|(history, site)| (&**history, *site));
            let Looked { told, red, view } = locked(&shared.ahead).look(past, &asked);
            *locked(&shared.view) = Some(view);
            *locked(&shared.red) = Some((red, now_ms));
            shared.told.send_replace(Arc::new(told));
        });
    }

    /// What would come of changes, against the last look.
    ///
    /// # Errors
    /// `aheadNotYet`: there was none.
    pub async fn what_if(&self, changes: Vec<AheadChange>) -> Result<AheadWhatIf, Problem> {
        self.ask(move |view| view.what_if(&changes)).await
    }

    /// Who could help a campaign, by the last look.
    ///
    /// # Errors
    /// `aheadNotYet`: there was none.
    pub async fn advise(&self, campaign: String) -> Result<AheadAdvice, Problem> {
        self.ask(move |view| view.advise(&campaign)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.asking.lock().await;
        let view = locked(&self.shared.view).clone();
        let view = view.ok_or_else(|| problem("aheadNotYet", [], true))?;
        let asked = tokio::task::spawn_blocking(move || question(&view)).await;
        asked.map_err(|error| self.ground.noted(problem("unexpected", [("detail", error.to_string())], true)))
    }
}

/// Every so often since the last look, and as soon as nobody of any campaign is missing any more: whoever has just signed in,
/// or has met a new campaign, does not wait for the next one. A clock that was put back hides none.
fn is_due(looked: Option<(i64, bool)>, every_ms: i64, now_ms: i64, whole: bool) -> bool {
    looked.is_none_or(|(at_ms, was_whole)| {
        !(at_ms..at_ms + every_ms).contains(&now_ms) || (whole && !was_whole)
    })
}

impl Shared {
    /// What counters said before this session, once.
    fn recall(&self, now_ms: i64) {
        let Some((history, site)) = &self.past else { return };
        if self.recalled.swap(true, Ordering::SeqCst) {
            return;
        }
        match history.figures(*site, Period { from_ms: now_ms - HOUR_MS, until_ms: now_ms }) {
            Ok(earlier) => locked(&self.readings).recall(earlier),
            Err(error) => tracing::warn!(%error, "the last hour could not be read"),
        }
    }
}

/// A look that ends, also by a panic, is not under way.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_due_every_minute_and_as_soon_as_nobody_is_missing() {
        let minute = |looked, now_ms, whole| is_due(looked, EVERY_MS, now_ms, whole);
        assert!(minute(None, 0, false));
        assert!(!minute(Some((0, false)), 1, false), "somebody is missing still");
        assert!(minute(Some((0, false)), 1, true), "nobody is any more");
        assert!(!minute(Some((1, true)), 2, true));
        assert!(!minute(Some((1, true)), 2, false), "a new campaign is not read yet");
        assert!(minute(Some((1, true)), EVERY_MS + 1, true) && minute(Some((1, true)), 0, true));
    }
}

//! What is watched: what whoever sits there wishes, the last good picture kept whatever happens, and the newest snapshot made
//! of it. A floor that follows asks nothing: it takes the readings of one that asks.
//!
//! Left out on purpose: the asking (`poll`), and how it is begun and ended (`floor`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_ucontact::{Client, Clock};
use tokio::sync::{broadcast, watch};

use crate::health::{self, Came};
use crate::picture::Picture;
use crate::plan;
use crate::reading::Reading;
use crate::relay::{Duty, Wished};
use crate::wire::{Campaign, Slowed, Snapshot};

/// However many desks ask apart.
const MOST_SELDOM: Duration = Duration::from_secs(300);
/// Readings kept for whoever hands them on; a slow one reads the floor as it is then.
const READINGS_KEPT: usize = 256;
/// A longer interval is worth a word from here.
const NOTICED: Duration = Duration::from_millis(500);

/// How often, and how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PollOptions {
    /// Between two polls of the campaigns.
    pub every: Duration,
    /// Budget, everything added.
    pub requests_per_second: f64,
}

impl Default for PollOptions {
    fn default() -> Self {
        Self { every: Duration::from_secs(3), requests_per_second: 4.0 }
    }
}

pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) newest: watch::Sender<Arc<Snapshot>>,
    pub(crate) picture: Mutex<Picture>,
    /// Whose agents could not be read the last time, and why.
    unread: Mutex<BTreeMap<String, String>>,
    pub(crate) wishes: watch::Sender<Wishes>,
    /// What was read here, for those that follow.
    pub(crate) readings: broadcast::Sender<Arc<Reading>>,
    /// Of the campaigns, smoothed.
    round_trip: Mutex<Option<Duration>>,
    /// As the desk that asks plans it: the campaigns, and the agents off the screen, milliseconds; `None` before it told.
    told_pace: Mutex<Option<(u32, u32)>>,
    /// Counts the readings of agents.
    turn: AtomicU32,
}

/// What whoever sits here wishes, and what the desk does about it.
pub(crate) struct Wishes {
    pub(crate) options: PollOptions,
    pub(crate) visible: BTreeSet<String>,
    pub(crate) watched: bool,
    pub(crate) duty: Duty,
    /// Until when others are asked for, by the client's steady clock; `None`: until told otherwise.
    pub(crate) asks_until: Option<Duration>,
}

impl Wishes {
    /// Of this desk alone.
    pub(crate) fn wished(&self) -> Wished {
        Wished { visible: self.visible.clone(), watched: self.watched, every: Some(self.options.every) }
    }

    /// Of this desk, and of those it asks for.
    fn together(&self) -> Wished {
        let mut wished = self.wished();
        match &self.duty {
            Duty::AskFor(others) => wished.and(others),
            Duty::AskSeldom(times) => {
                wished.every =
                    wished.every.map(|every| every.saturating_mul(*times).min(MOST_SELDOM.max(every)));
            }
            Duty::Ask | Duty::Follow => {}
        }
        wished
    }

    pub(crate) fn asks(&self) -> bool {
        self.duty != Duty::Follow
    }
}

/// How the asking goes at the moment.
pub(crate) struct Pace {
    pub(crate) every: Duration,
    pub(crate) requests_per_second: f64,
    slowed: Option<Slowed>,
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is replaced as a whole: it is good after a panic too.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

impl Shared {
    /// Nothing was read yet.
    pub(crate) fn new(client: Client, options: PollOptions) -> Self {
        let first = Snapshot {
            revision: 0,
            at_ms: client.clock().now_ms(),
            campaigns: Vec::new(),
            agents: Vec::new(),
            agents_read_at_ms: BTreeMap::new(),
            agents_unread: BTreeMap::new(),
            agents_every_ms: millis(options.every),
            health: health::starting(millis(options.every)),
        };
        Self {
            client,
            newest: watch::Sender::new(Arc::new(first)),
            picture: Mutex::new(Picture::default()),
            unread: Mutex::default(),
            wishes: watch::Sender::new(Wishes {
                options,
                visible: BTreeSet::new(),
                watched: true,
                duty: Duty::Ask,
                asks_until: None,
            }),
            readings: broadcast::Sender::new(READINGS_KEPT),
            round_trip: Mutex::new(None),
            told_pace: Mutex::default(),
            turn: AtomicU32::new(0),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        self.client.clock()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.client.clock().now_ms()
    }

    /// Somebody set the clock: what was written down by the old one is moved along, so that it is as old as it was.
    pub(crate) fn clock_set(&self, by_ms: i64) {
        tracing::info!(by_ms, "the computer's clock was set");
        locked(&self.picture).clock_set(by_ms);
        self.publish(|health| health::clock_set(health, by_ms));
    }

    /// Whether it asked for others, and that is over: then it follows from now on. A clock that was set may have been, or
    /// hide, a sleep.
    pub(crate) fn asked_too_long(&self, slept: bool) -> bool {
        let now = self.client.clock().steady();
        self.wishes.send_if_modified(|wishes| {
            let over = slept || wishes.asks_until.is_some_and(|until| now >= until);
            let over = over && matches!(wishes.duty, Duty::AskFor(_));
            if over {
                wishes.duty = Duty::Follow;
            }
            over
        })
    }

    pub(crate) fn pace(&self) -> Pace {
        let wishes = self.wishes.borrow();
        if let Some((every_ms, _)) = (!wishes.asks()).then(|| *locked(&self.told_pace)).flatten() {
            let every = Duration::from_millis(u64::from(every_ms));
            return Pace { every, requests_per_second: wishes.options.requests_per_second, slowed: None };
        }
        let together = wishes.together();
        let wished = together.every.unwrap_or(wishes.options.every);
        let kept = plan::kept_interval(wished, *locked(&self.round_trip));
        let (every, slowed) = if !together.watched && plan::unwatched_interval(kept) > kept {
            (plan::unwatched_interval(kept), Some(Slowed::Unwatched))
        } else {
            (kept, (kept > wished + NOTICED).then_some(Slowed::Server))
        };
        Pace { every, requests_per_second: wishes.options.requests_per_second, slowed }
    }

    /// Whose agents are due. Nobody's while the campaigns themselves do not come.
    pub(crate) fn next_agents(&self, pace: &Pace) -> Option<String> {
        if self.newest.borrow().health.failures > 0 {
            return None;
        }
        let visible = self.wishes.borrow().together().visible;
        let picture = locked(&self.picture);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let every_ms = i64::from(millis(pace.every));
        plan::next(picture.agents_asked(), &visible, every_ms, self.now_ms(), turn)
    }

    /// The campaigns were answered, after so long.
    pub(crate) fn answered_in(&self, took: Duration) {
        let mut usual = locked(&self.round_trip);
        *usual = Some(usual.map_or(took, |usual| (usual * 2 + took) / 3));
    }

    /// Takes what was read here, and hands it to whoever hands it on.
    pub(crate) fn read(&self, reading: Reading) {
        if self.readings.receiver_count() == 0 {
            return self.take(reading);
        }
        self.take(reading.clone());
        // Whoever was there is gone: then nobody follows.
        let _ = self.readings.send(Arc::new(reading));
    }

    /// Adds a reading to the picture, whoever asked for it.
    pub(crate) fn take(&self, reading: Reading) {
        match reading {
            Reading::Campaigns {
                statuses,
                queues,
                round_trip_ms,
                dropped,
                problem,
                every_ms,
                agents_every_ms,
                ..
            } => {
                let came = Came {
                    status_ms: statuses.as_ref().map(|(_, at_ms)| *at_ms),
                    queue_ms: queues.as_ref().map(|(_, at_ms)| *at_ms),
                };
                *locked(&self.told_pace) = Some((every_ms, agents_every_ms));
                if came.any() {
                    locked(&self.picture).take_campaigns(statuses, queues);
                }
                self.publish(|health| {
                    if came.any() {
                        health::succeeded(health, came, round_trip_ms, dropped);
                    }
                    if let Some(problem) = problem {
                        // One of the two failing is a failure too, though its figures are covered by the other.
                        health::failed(health, problem);
                        if came.any() {
                            health.failures = 0;
                        }
                    }
                });
            }
            Reading::Agents { campaign, found, at_ms } => {
                let every_ms = self.newest.borrow().agents_every_ms;
                let mut picture = locked(&self.picture);
                picture.set_agents_every(every_ms);
                picture.take_agents(&campaign, found, at_ms);
                drop(picture);
                locked(&self.unread).remove(&campaign);
                self.publish(|_| {});
            }
            Reading::Unread { campaign, code, at_ms } => {
                locked(&self.picture).tried_agents(&campaign, at_ms);
                locked(&self.unread).insert(campaign, code);
                self.publish(|_| {});
            }
        }
    }

    /// Whose agents could not be read, of those still there.
    fn unread_of(&self, campaigns: &[Campaign]) -> BTreeMap<String, String> {
        let mut unread = locked(&self.unread);
        if !unread.is_empty() {
            let there: BTreeSet<&str> = campaigns.iter().map(|campaign| campaign.name.as_str()).collect();
            unread.retain(|name, _| there.contains(name.as_str()));
        }
        unread.clone()
    }

    /// Makes the newest snapshot; nobody is woken when nothing a person could see has changed.
    pub(crate) fn publish(&self, change: impl FnOnce(&mut crate::wire::Health)) {
        let pace = self.pace();
        let visible = self.wishes.borrow().together().visible.len();
        let told = (!self.wishes.borrow().asks()).then(|| *locked(&self.told_pace)).flatten();
        let before = Arc::clone(&self.newest.borrow());
        let at_ms = self.now_ms();
        let picture = locked(&self.picture);
        let campaigns = picture.campaigns();
        let mut health = before.health.clone();
        (health.every_ms, health.slowed) = (millis(pace.every), pace.slowed);
        health.requests_per_minute = self.client.requests_last_minute();
        health.server_offset_secs = picture.server_offset_secs();
        change(&mut health);
        health.freshness = health::freshness(health.last_ok_ms, health.every_ms, at_ms);
        let mut next = Snapshot {
            revision: before.revision,
            at_ms,
            agents: picture.agents(),
            agents_read_at_ms: picture
                .rosters_read()
                .filter_map(|(name, at)| Some((name.to_owned(), at?)))
                .collect(),
            agents_unread: self.unread_of(&campaigns),
            agents_every_ms: told.map_or_else(
                || {
                    millis(plan::agents_every(
                        visible.min(campaigns.len()),
                        campaigns.len().saturating_sub(visible),
                        pace.every,
                        pace.requests_per_second,
                    ))
                },
                |(_, agents_every_ms)| agents_every_ms,
            ),
            campaigns,
            health,
        };
        drop(picture);
        // The count of requests alone is news for nobody.
        let quiet = crate::wire::Health {
            requests_per_minute: before.health.requests_per_minute,
            ..next.health.clone()
        };
        let same = quiet == before.health
            && next.campaigns == before.campaigns
            && next.agents == before.agents
            && next.agents_read_at_ms == before.agents_read_at_ms
            && next.agents_unread == before.agents_unread
            && next.agents_every_ms == before.agents_every_ms;
        if !same {
            next.revision += 1;
            self.newest.send_replace(Arc::new(next));
        }
    }
}

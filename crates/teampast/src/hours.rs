//! Looks every few minutes: what is missing here and offered is fetched, what is over and not offered yet is offered.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_history::{Filled, History, Site};
use atalaya_secret::Secret;
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_team::{
    Address, Connection, Error, OfferedHour, Seat, ahead, check, offer_hour, offered, offered_hour,
    packed_hour,
};
use tokio::sync::{Notify, watch};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

const HOUR_MS: i64 = 3_600_000;
/// Between two looks; each desk at another moment.
const LOOKS_EVERY: Duration = Duration::from_secs(300);
/// The first look: somebody who came late looks back soon.
const FIRST_LOOK: Duration = Duration::from_secs(4);
/// Where more is to be fetched than one look fetches.
const GOES_ON_AFTER: Duration = Duration::from_secs(20);
/// Bytes fetched in one look, as they travel.
const FETCHED_AT_ONCE: usize = 24_000_000;
/// Hours offered in one look.
const OFFERED_AT_ONCE: usize = 4;
/// Every change of an hour is kept for a day; what is older is not worth offering.
const OFFERED_HOURS: i64 = 24;
/// Hours the database keeps.
const KEPT_HOURS: i64 = 168;
/// An hour is worth the way when so much more of it was watched there.
const WORTH_MS: i64 = 60_000;
/// The last reading of an hour, and the first of the next, are there by then.
const SETTLED_MS: i64 = 60_000;

/// Whose past it is, and where it goes.
pub struct Errand {
    /// The team's database.
    pub address: Address,
    /// The member's password.
    pub password: Secret,
    /// This desk.
    pub seat: Seat,
    /// What is kept here.
    pub history: Arc<History>,
    /// Of which floor.
    pub site: Site,
    /// So many days are kept here: what is older is not fetched.
    pub days: u32,
}

/// An hour that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedHour {
    /// When it began, epoch milliseconds by the clock of whoever saw it.
    pub from_ms: i64,
    /// Who offered it.
    pub by: String,
    /// What is wrong with it.
    pub why: String,
}

/// What was done so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoursState {
    /// Looks that came to their end.
    pub looks: u32,
    /// Hours in which a gap was filled.
    pub filled: u32,
    /// Hours that were taken from here.
    pub offered: u32,
    /// The last one that was refused.
    pub refused: Option<RefusedHour>,
}

/// Goes on until it is dropped.
pub struct Hours {
    state: watch::Receiver<HoursState>,
    wake: Arc<Notify>,
    _stop: DropGuard,
}

impl Hours {
    /// Begins; `standing` says whether this desk asks the server.
    pub fn begin(errand: Errand, standing: watch::Receiver<TeamState>, clock: Clock) -> Self {
        let stop = CancellationToken::new();
        let told = watch::Sender::new(HoursState::default());
        let state = told.subscribe();
        let wake = Arc::new(Notify::new());
        let mut round = Round {
            errand: Arc::new(errand),
            standing,
            clock,
            told,
            done: HashSet::new(),
            wake: Arc::clone(&wake),
        };
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = stopped.cancelled() => {}
                () = round.keep() => {}
            }
        });
        Self { state, wake, _stop: stop.drop_guard() }
    }

    /// What was done, and whenever something is.
    pub fn state(&self) -> watch::Receiver<HoursState> {
        self.state.clone()
    }

    /// Looks now.
    pub fn look(&self) {
        self.wake.notify_one();
    }
}

struct Round {
    errand: Arc<Errand>,
    standing: watch::Receiver<TeamState>,
    clock: Clock,
    told: watch::Sender<HoursState>,
    /// Those that were looked at, by their checksums: one that filled nothing or was refused is not fetched again.
    done: HashSet<Vec<u8>>,
    wake: Arc<Notify>,
}

/// Why a look ended early.
enum Ends {
    Team(Error),
    Store(atalaya_store::Error),
    /// The program ends.
    Over,
}

impl From<Error> for Ends {
    fn from(error: Error) -> Self {
        Self::Team(error)
    }
}

impl Round {
    async fn keep(&mut self) {
        let mut wait = FIRST_LOOK.mul_f64(fastrand::f64());
        loop {
            tokio::select! {
                () = sleep(wait) => {}
                () = self.wake.notified() => {}
            }
            wait = LOOKS_EVERY.mul_f64(0.8 + 0.4 * fastrand::f64());
            match self.look().await {
                Ok(more) => {
                    if more {
                        wait = GOES_ON_AFTER;
                    }
                    self.told.send_modify(|state| state.looks += 1);
                }
                // Whoever keeps the desk in its team says that the database is away.
                Err(Ends::Team(error)) => {
                    tracing::debug!(code = error.code(), %error, "hours of the past wait");
                }
                Err(Ends::Store(error)) => tracing::warn!(%error, "hours of the past wait"),
                Err(Ends::Over) => {}
            }
        }
    }

    /// Asks the history where nobody waits along.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&History, Site) -> Result<T, atalaya_store::Error> + Send + 'static,
    ) -> Result<T, Ends> {
        let errand = Arc::clone(&self.errand);
        match spawn_blocking(move || question(&errand.history, errand.site)).await {
            Ok(answer) => answer.map_err(Ends::Store),
            Err(_) => Err(Ends::Over),
        }
    }

    /// Whether there is more to fetch.
    async fn look(&mut self) -> Result<bool, Ends> {
        let Errand { address, password, seat, .. } = &*self.errand;
        let connection = Connection::open(address, password).await?;
        check(&connection).await?;
        let ahead_ms = ahead(&connection, &self.clock).await?;
        let there = offered(&connection, &seat.server).await?;
        let more = self.fetch(&connection, &there, ahead_ms).await?;
        self.offer(&connection, &there, ahead_ms).await?;
        Ok(more)
    }

    /// The hours from one up to the last that is over and settled, and how long each was watched here.
    async fn known(&self, hours: i64) -> Result<(i64, i64, BTreeMap<i64, i64>), Ends> {
        let last = (self.clock.now_ms() - SETTLED_MS).div_euclid(HOUR_MS) - 1;
        let first = last + 1 - hours;
        let watched = self
            .ask(move |history, site| {
                history.flush();
                history.watched(site, first, last)
            })
            .await?;
        Ok((first, last, watched))
    }

    async fn fetch(
        &mut self,
        connection: &Connection,
        there: &[OfferedHour],
        ahead_ms: i64,
    ) -> Result<bool, Ends> {
        let hours = KEPT_HOURS.min(i64::from(self.errand.days) * 24);
        let (first, last, watched) = self.known(hours).await?;
        let mut fetched = 0;
        for of in there.iter().filter(|of| (first..=last).contains(&of.hour)) {
            let here = watched.get(&of.hour).copied().unwrap_or_default();
            if of.watched_ms < here + WORTH_MS || self.done.contains(&of.sum) {
                continue;
            }
            fetched += of.size;
            if fetched > FETCHED_AT_ONCE {
                return Ok(true);
            }
            let by = if of.machine.is_empty() {
                of.person.clone()
            } else {
                format!("{}, {}", of.person, of.machine)
            };
            let bytes = match offered_hour(connection, &self.errand.seat.server, of).await {
                Ok(Some(bytes)) => bytes,
                // Another one by now, which the next look sees.
                Ok(None) => continue,
                Err(Error::Reading { detail }) => {
                    self.refused(of, by, detail);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let (shift_ms, seen_by) = (of.ahead_ms - ahead_ms, by.clone());
            match self.ask(move |history, site| history.fill(site, bytes, shift_ms, &seen_by)).await? {
                Filled::Gap(_) => self.told.send_modify(|state| state.filled += 1),
                Filled::Nothing => {}
                Filled::Refused(why) => self.refused(of, by, why.to_owned()),
            }
            self.done.insert(of.sum.clone());
        }
        Ok(false)
    }

    fn refused(&mut self, of: &OfferedHour, by: String, why: String) {
        tracing::warn!(hour = of.hour, by, why, "an hour of the past is not whole: nothing of it is taken");
        self.done.insert(of.sum.clone());
        let refused = RefusedHour { from_ms: of.hour * HOUR_MS, by, why };
        self.told.send_modify(|state| state.refused = Some(refused));
    }

    /// Offers what was watched here, if this desk asks the server.
    async fn offer(
        &mut self,
        connection: &Connection,
        there: &[OfferedHour],
        ahead_ms: i64,
    ) -> Result<(), Ends> {
        let standing = self.standing.borrow().clone();
        if standing.part != TeamPart::Asks {
            return Ok(());
        }
        let (first, last, watched) = self.known(OFFERED_HOURS).await?;
        let mut offered = 0;
        for hour in (first..=last).rev() {
            let here = watched.get(&hour).copied().unwrap_or_default().min(HOUR_MS);
            let known = there.iter().find(|of| of.hour == hour).map_or(0, |of| of.watched_ms);
            if here < known + WORTH_MS || offered == OFFERED_AT_ONCE {
                continue;
            }
            offered += 1;
            let packed = self
                .ask(move |history, site| {
                    let bytes = history.hour(site, hour)?;
                    // Nothing of this program fails to be packed.
                    Ok(bytes.and_then(|bytes| packed_hour(&bytes).ok().flatten()))
                })
                .await?;
            let Some(packed) = packed else { continue };
            let of = (hour, here, ahead_ms);
            match offer_hour(connection, &self.errand.seat, standing.epoch, of, &packed).await {
                Ok(true) => self.told.send_modify(|state| state.offered += 1),
                Ok(false) => {}
                // Whoever asks by now offers it.
                Err(Error::Stale) => return Ok(()),
                Err(Error::NotTaken { detail }) => tracing::debug!(hour, detail, "an hour is not taken"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

//! The door to the history: what the floor tells it, and what it is asked.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use atalaya_floor::wire::{Alert, PauseLimit, Snapshot, Team};
use atalaya_store::{Error, Store};
use rusqlite::Connection;

use crate::filling::{self, Filled};
use crate::forecasts::ForecastKept;
use crate::tables::{Bounds, MIGRATIONS, bytes_used, offset_of, runs};
use crate::times::{Figures, FloorTimes};
use crate::wire::{Extent, Moment, Period, PersonPast, Report, ReportRequest, Trend};
use crate::words::Words;
use crate::write::{Message, Writer};
use crate::{alerts, forecasts, past, people, report, times, trend};

/// Snapshots waiting for the thread; one more is left out, the next one has what it had.
const MOST_WAITING: usize = 16;
/// Alerts told of earlier sessions.
const ALERTS: u32 = 200;

/// Whose past it is: a server as one account sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Site(i64);

/// The open history; what was told is in the file when it is dropped.
pub struct History {
    /// For whoever waits for an answer.
    reader: Reader,
    /// For what goes on by itself: a forecast may read a whole day of everybody, and nobody is to wait behind it.
    behind: Reader,
    generation: Arc<AtomicU64>,
    teller: Option<Sender<Message>>,
    /// Snapshots told and not taken yet.
    waiting: Arc<AtomicUsize>,
    writer: Option<JoinHandle<()>>,
}

/// One way into the file: one question at a time.
struct Reader {
    store: Store,
    /// As far as they are known, and since when.
    words: Mutex<(u64, Words)>,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, Error> {
        let store = Store::open_bulk(path, &[MIGRATIONS])?;
        Ok(Self { store, words: Mutex::new((0, Words::default())) })
    }

    fn ask<T>(
        &self,
        generation: &AtomicU64,
        question: impl FnOnce(&Connection, &Words) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut known = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = generation.load(Ordering::SeqCst);
        if known.0 != generation {
            *known = (generation, Words::default());
        }
        self.store.with(|connection| {
            let view = connection.transaction()?;
            known.1.read(&view)?;
            question(&view, &known.1)
        })
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("History")
    }
}

impl History {
    /// Opens or makes the file.
    ///
    /// # Errors
    /// The store's.
    pub fn open(path: &Path, bounds: Bounds) -> Result<Self, Error> {
        let store = Store::open_bulk(path, &[MIGRATIONS])?;
        let (reader, behind) = (Reader::open(path)?, Reader::open(path)?);
        let mut words = Words::default();
        store.with(|connection| words.read(connection))?;
        let generation = Arc::new(AtomicU64::new(0));
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            store,
            words,
            bounds,
            generation: Arc::clone(&generation),
            recorders: HashMap::new(),
            alerts: Vec::new(),
            forecasts: Vec::new(),
            hours: HashMap::new(),
            failing: false,
            waiting: Arc::clone(&waiting),
        };
        let (teller, heard) = channel();
        let writer = std::thread::Builder::new()
            .name("history".to_owned())
            .spawn(move || writer.run(&heard))
            .map_err(|source| Error::Folder { path: path.display().to_string(), source })?;
        Ok(Self { reader, behind, generation, teller: Some(teller), waiting, writer: Some(writer) })
    }

    /// The number of a floor; `name` is its server and account.
    ///
    /// # Errors
    /// The store's.
    pub fn site(&self, name: &str) -> Result<Site, Error> {
        self.reader.store.with(|connection| {
            connection.execute("INSERT OR IGNORE INTO site (name) VALUES (?1)", [name])?;
            connection.query_row("SELECT id FROM site WHERE name = ?1", [name], |row| Ok(Site(row.get(0)?)))
        })
    }

    /// Takes the floor as it is now. Never waits: when the thread is busy the snapshot is left out, and the next one
    /// brings what changed.
    pub fn take(&self, site: Site, snapshot: &Arc<Snapshot>) {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            tracing::debug!("the history is behind: a snapshot is left out");
            return;
        }
        self.tell(Message::Snapshot(site.0, Arc::clone(snapshot)));
    }

    fn tell(&self, message: Message) {
        if self.teller.as_ref().is_none_or(|teller| teller.send(message).is_err()) {
            tracing::error!("the history's thread has ended");
        }
    }

    /// Keeps alerts as they are now; one of the same number is replaced.
    pub fn keep_alerts(&self, site: Site, alerts: Vec<Alert>) {
        self.tell(Message::Alerts(site.0, alerts));
    }

    /// Keeps forecasts, with what came true as far as it is known; one of the same moment and campaign is replaced.
    pub fn keep_forecasts(&self, site: Site, forecasts: Vec<ForecastKept>) {
        self.tell(Message::Forecasts(site.0, forecasts));
    }

    /// The forecasts made from a moment on, the latest first, at most so many.
    ///
    /// # Errors
    /// The store's.
    pub fn forecasts(&self, site: Site, from_ms: i64, most: u32) -> Result<Vec<ForecastKept>, Error> {
        self.ask_behind(|connection, _| forecasts::since(connection, site.0, from_ms, most))
    }

    /// What campaigns' counters said, each by its name and oldest first, once in ten seconds or so.
    ///
    /// # Errors
    /// The store's.
    pub fn figures(&self, site: Site, period: Period) -> Result<HashMap<String, Vec<Figures>>, Error> {
        self.ask_behind(|connection, words| times::figures(connection, site.0, period, words))
    }

    /// What is known of times like now: earlier days of this weekday, and the last hours.
    ///
    /// # Errors
    /// The store's.
    pub fn times(&self, site: Site, now_ms: i64) -> Result<FloorTimes, Error> {
        self.ask_behind(|connection, words| {
            let offset = offset_of(connection, site.0)?;
            times::times(connection, site.0, now_ms, offset, words)
        })
    }

    /// Keeps how the server's clock reads: seconds ahead of coordinated universal time.
    pub fn set_offset(&self, site: Site, secs: i32) {
        self.tell(Message::Offset(site.0, secs));
    }

    /// Changes how much is kept, at once.
    pub fn set_bounds(&self, bounds: Bounds) {
        self.tell(Message::Bounds(bounds));
    }

    /// Waits until everything told is in the file.
    pub fn flush(&self) {
        let (done, wait) = channel();
        self.tell(Message::Flush(done));
        // The thread is gone: there is nothing to wait for.
        let _ = wait.recv();
    }

    /// Forgets everything, of all floors.
    ///
    /// # Errors
    /// The store's; then nothing is forgotten.
    pub fn clear(&self) -> Result<(), Error> {
        let (done, wait) = channel();
        self.tell(Message::Clear(done));
        wait.recv().unwrap_or(Ok(()))
    }

    /// Asks within one view of the file.
    fn ask<T>(&self, question: impl FnOnce(&Connection, &Words) -> rusqlite::Result<T>) -> Result<T, Error> {
        self.reader.ask(&self.generation, question)
    }

    fn ask_behind<T>(
        &self,
        question: impl FnOnce(&Connection, &Words) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.behind.ask(&self.generation, question)
    }

    /// What there is.
    ///
    /// # Errors
    /// The store's.
    pub fn extent(&self, site: Site) -> Result<Extent, Error> {
        self.ask(|connection, _| {
            let runs = runs(connection, site.0, i64::MIN, i64::MAX)?;
            Ok(Extent {
                runs: runs.into_iter().map(|(from_ms, until_ms)| Period { from_ms, until_ms }).collect(),
                offset_secs: offset_of(connection, site.0)?,
                seen: filling::seen(connection, site.0)?,
                bytes: bytes_used(connection)?,
            })
        })
    }

    /// How long each hour was watched, here or at a colleague's desk, milliseconds. Hours are counted from the epoch's, the first and
    /// the last are of it; one of which nothing is known is not there.
    ///
    /// # Errors
    /// The store's.
    pub fn watched(&self, site: Site, first: i64, last: i64) -> Result<BTreeMap<i64, i64>, Error> {
        self.ask(|connection, _| filling::watched(connection, site.0, first, last))
    }

    /// An hour that is over, counted from the epoch's, with every change in it, to be handed on; `None`: nobody watched, or
    /// only its minutes are kept.
    ///
    /// # Errors
    /// The store's.
    pub fn hour(&self, site: Site, hour: i64) -> Result<Option<Vec<u8>>, Error> {
        self.flush();
        self.ask_behind(|connection, words| filling::export(connection, site.0, hour, words))
    }

    /// Fills what nobody watched here of an hour with what a colleague saw: [`History::hour`]'s bytes, how far its clock is to
    /// be moved to be this one's (milliseconds), and who saw it. What was seen here stays.
    ///
    /// # Errors
    /// The store's; then nothing was filled.
    pub fn fill(&self, site: Site, bytes: Vec<u8>, shift_ms: i64, by: &str) -> Result<Filled, Error> {
        let (done, wait) = channel();
        self.tell(Message::Fill { site: site.0, bytes, shift_ms, by: by.to_owned(), done });
        wait.recv().unwrap_or(Ok(Filled::Nothing))
    }

    /// Bytes that the history of all floors takes.
    ///
    /// # Errors
    /// The store's.
    pub fn bytes(&self) -> Result<u64, Error> {
        self.ask(|connection, _| bytes_used(connection))
    }

    /// The floor at a moment, epoch milliseconds.
    ///
    /// # Errors
    /// The store's.
    pub fn moment(&self, site: Site, at_ms: i64) -> Result<Moment, Error> {
        self.ask(|connection, words| past::moment(connection, site.0, at_ms, words))
    }

    /// The 60 minutes up to now, by campaign.
    ///
    /// # Errors
    /// The store's.
    pub fn last_hour(
        &self,
        site: Site,
        now_ms: i64,
    ) -> Result<HashMap<String, atalaya_floor::LastHour>, Error> {
        self.ask(|connection, words| past::last_hour(connection, site.0, now_ms, words))
    }

    /// A campaign's minutes, a week of them at most.
    ///
    /// # Errors
    /// The store's.
    pub fn trend(&self, site: Site, campaign: &str, period: Period) -> Result<Trend, Error> {
        self.ask(|connection, words| trend::trend(connection, site.0, campaign, period, words))
    }

    /// A person's time; `None` when never seen in it.
    ///
    /// # Errors
    /// The store's.
    pub fn person(&self, site: Site, location: &str, period: Period) -> Result<Option<PersonPast>, Error> {
        self.ask(|connection, words| people::person(connection, site.0, location, period, words))
    }

    /// A shift, against what is allowed; a team that is gone has nobody.
    ///
    /// # Errors
    /// The store's.
    pub fn report(
        &self,
        site: Site,
        request: &ReportRequest,
        teams: &[Team],
        limits: &[PauseLimit],
    ) -> Result<Report, Error> {
        let team = request.team.as_ref().map(|id| {
            let known = teams.iter().find(|team| team.id == *id).cloned();
            known.unwrap_or(Team { id: id.clone(), name: String::new(), members: Vec::new() })
        });
        self.ask(|connection, words| {
            let offset = offset_of(connection, site.0)?;
            report::report(connection, site.0, request.period, team.as_ref(), limits, offset, words)
        })
    }

    /// The alerts raised in a stretch of time, in order.
    ///
    /// # Errors
    /// The store's.
    pub fn alerts(&self, site: Site, period: Period) -> Result<Vec<Alert>, Error> {
        self.ask(|connection, _| alerts::raised_between(connection, site.0, period))
    }

    /// The alerts of earlier sessions, the latest first, and the first number that is free. One whose end nobody saw
    /// ended when the watching did, and is kept so.
    ///
    /// # Errors
    /// The store's.
    pub fn earlier_alerts(&self, site: Site) -> Result<(Vec<Alert>, u32), Error> {
        let (ended, next) = self.ask(|connection, _| alerts::ended(connection, site.0, ALERTS))?;
        self.keep_alerts(site, ended.clone());
        Ok((ended, next))
    }
}

impl Drop for History {
    fn drop(&mut self) {
        drop(self.teller.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the history's thread failed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    /// Whether it is answered while the other reader is busy.
    fn answered(busy: &Reader, question: impl FnOnce() + Send) -> bool {
        let (tell, told) = channel();
        std::thread::scope(|scope| {
            let held = busy.words.lock().unwrap();
            scope.spawn(move || {
                question();
                let _ = tell.send(());
            });
            let answered = told.recv_timeout(PATIENCE).is_ok();
            drop(held);
            answered
        })
    }

    #[test]
    fn nobody_waits_behind_what_a_forecast_reads_nor_a_forecast_behind_somebody() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(&folder.path().join("history.sqlite"), Bounds::default()).unwrap();
        let site = history.site("a floor").unwrap();
        let day = Period { from_ms: 0, until_ms: 86_400_000 };
        assert!(answered(&history.behind, || {
            history.moment(site, 1).unwrap();
            history.trend(site, "one", day).unwrap();
            history.person(site, "SIP/1", day).unwrap();
            history.last_hour(site, 1).unwrap();
            history.report(site, &ReportRequest { period: day, team: None }, &[], &[]).unwrap();
        }));
        assert!(answered(&history.reader, || {
            history.times(site, 1).unwrap();
            history.figures(site, day).unwrap();
            history.forecasts(site, 0, 10).unwrap();
            history.hour(site, 0).unwrap();
        }));
    }
}

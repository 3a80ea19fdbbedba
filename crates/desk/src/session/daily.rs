//! The report that is made every day: told to the window when it is due, which has the words; written here, whole or not
//! there; and what became of the last ones.
//!
//! A report that failed is not tried again by itself: the next day is another one, and a person may ask for it. Left out
//! on purpose: when it is due (`daily`), and what is in it (the window's tables).

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use atalaya_export::csv::{self, Separator};
use atalaya_export::page::Page;
use atalaya_export::write_free;
use atalaya_history::wire::Period;
use atalaya_ucontact::Problem;
use chrono::{DateTime, Local, Offset};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use ts_rs::TS;

use super::ground::Ground;
use crate::daily::{DailyReport, ServerDay};
use crate::locked::locked;
use crate::problem::{from_export, from_store, problem};

/// Where they are put: one folder for everybody at this computer.
const FOLDER_KEY: &str = "dailyFolder";
/// Reports that are remembered.
const MOST: usize = 20;
/// The window makes tables in less; one that says nothing for so long has broken.
const PATIENCE_MS: i64 = 60_000;
/// A server that has not told its clock by then is taken to have this computer's.
const WAIT_FOR_CLOCK_MS: i64 = 60_000;

/// A report that the window is to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DailyDue {
    /// Its number, for the answer.
    pub id: u32,
    /// The hours it is of.
    pub period: Period,
    /// As a page to print.
    pub page: bool,
    /// As a spreadsheet's file.
    pub table: bool,
}

/// A report that was made, or was to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DailyMade {
    /// When, epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The hours it is of.
    pub period: Period,
    /// Its hour had passed: nobody was signed in then.
    pub late: bool,
    /// A person asked for it.
    pub by_hand: bool,
    /// The files that were written.
    pub files: Vec<String>,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// How it stands with the daily report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DailyState {
    /// Where reports are put; `None`: nobody has chosen yet.
    pub folder: Option<String>,
    /// When the next one is due, epoch milliseconds; `None`: never.
    #[ts(type = "number | null")]
    pub next_ms: Option<i64>,
    /// The server's clock minus coordinated universal time, seconds; `None`: this computer's.
    pub offset_secs: Option<i32>,
    /// The one that the window is to make now.
    pub due: Option<DailyDue>,
    /// The last ones, the latest first.
    pub made: Vec<DailyMade>,
}

/// What the window made, or why it could not.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DailyContent {
    /// The number of the one that was due.
    pub id: u32,
    /// The page, where one was asked for.
    pub page: Option<Page>,
    /// The rows of the spreadsheet's file, where one was asked for.
    pub rows: Option<Vec<Vec<String>>>,
    /// What parts its cells.
    pub separator: Separator,
    /// Why there is neither.
    pub problem: Option<Problem>,
}

/// What is kept of an account's reports.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    /// The server's day, since 1970, whose report was made or failed.
    handled: Option<i64>,
    made: Vec<DailyMade>,
}

#[derive(Default)]
struct Now {
    kept: Kept,
    /// What was chosen, as far as [`Daily::choose`] has weighed it: a choice that nobody weighed yet makes no report.
    choice: DailyReport,
    folder: Option<PathBuf>,
    offset_secs: Option<i32>,
    due: Option<DailyDue>,
    last_id: u32,
}

/// The daily report of one session.
pub struct Daily {
    ground: Ground,
    key: String,
    since_ms: i64,
    now: Mutex<Now>,
    told: watch::Sender<DailyState>,
}

impl Daily {
    pub(super) fn new(ground: Ground) -> Self {
        let key = format!("dailyReports {}", ground.calls.account());
        let unread = |error: &atalaya_store::Error| {
            ground.noted(from_store(error));
        };
        let kept = ground.store.setting(&key).inspect_err(unread).ok().flatten().unwrap_or_default();
        let folder: Option<PathBuf> = ground.store.setting(FOLDER_KEY).inspect_err(unread).ok().flatten();
        let choice = ground.settings.borrow().daily_report.clone();
        let now = Now { kept, choice, folder, ..Now::default() };
        let since_ms = ground.now_ms();
        let daily = Self { ground, key, since_ms, now: Mutex::new(now), told: watch::Sender::default() };
        daily.publish(&locked(&daily.now));
        daily
    }

    /// The server's clock minus coordinated universal time, seconds; while it is not known, this computer's.
    fn offset_of(now: &Now, at_ms: i64) -> i32 {
        now.offset_secs.unwrap_or_else(|| {
            let here = DateTime::from_timestamp_millis(at_ms).map(|at| at.with_timezone(&Local));
            here.map_or(0, |at| at.offset().fix().local_minus_utc())
        })
    }

    fn publish(&self, now: &Now) {
        let at_ms = self.ground.now_ms();
        let state = DailyState {
            folder: now.folder.as_ref().map(|folder| folder.display().to_string()),
            next_ms: now.choice.next_ms(now.kept.handled, at_ms, Self::offset_of(now, at_ms)),
            offset_secs: now.offset_secs,
            due: now.due,
            made: now.kept.made.clone(),
        };
        self.told.send_if_modified(|told| {
            let changed = *told != state;
            *told = state;
            changed
        });
    }

    fn keep(&self, now: &Now) {
        if let Err(error) = self.ground.store.set_setting(&self.key, &now.kept) {
            self.ground.noted(from_store(&error));
        }
    }

    /// How it stands, and whenever that changes.
    pub(crate) fn states(&self) -> watch::Receiver<DailyState> {
        self.told.subscribe()
    }

    /// Another choice: an hour of today that has passed already is not meant.
    pub(super) fn choose(&self, before: &DailyReport, after: &DailyReport) {
        let mut now = locked(&self.now);
        let at_ms = self.ground.now_ms();
        let offset_secs = Self::offset_of(&now, at_ms);
        let handled = now.kept.handled;
        let was = before.due(handled, at_ms, offset_secs);
        if let (None, Some(due)) = (was, after.due(handled, at_ms, offset_secs)) {
            now.kept.handled = Some(due.day);
            self.keep(&now);
        }
        now.choice.clone_from(after);
        self.publish(&now);
    }

    /// Looks at the clock; `offset_secs`: the server's, where it is known.
    pub(super) fn step(&self, offset_secs: Option<i32>) {
        let at_ms = self.ground.now_ms();
        let mut now = locked(&self.now);
        if offset_secs.is_some() && now.offset_secs != offset_secs {
            now.offset_secs = offset_secs;
            self.publish(&now);
        }
        if now.due.is_some() {
            let begun_ms = now.kept.made.first().map_or(at_ms, |made| made.at_ms);
            if at_ms - begun_ms > PATIENCE_MS {
                self.end(&mut now, Vec::new(), Some(problem("dailySilent", [], false)));
            }
            return;
        }
        if now.offset_secs.is_none() && at_ms - self.since_ms < WAIT_FOR_CLOCK_MS {
            return;
        }
        let choice = now.choice.clone();
        let Some(due) = choice.due(now.kept.handled, at_ms, Self::offset_of(&now, at_ms)) else { return };
        now.kept.handled = Some(due.day);
        self.begin(&mut now, &choice, due.period, (due.late, false));
    }

    /// Makes one now, because a person asked for it.
    ///
    /// # Errors
    /// `dailyUnderWay`; `dailyNothing`: neither form was chosen.
    pub fn make_now(&self) -> Result<(), Problem> {
        let at_ms = self.ground.now_ms();
        let mut now = locked(&self.now);
        let choice = now.choice.clone();
        if now.due.is_some() {
            return Err(problem("dailyUnderWay", [], true));
        }
        if !choice.page && !choice.table {
            return Err(problem("dailyNothing", [], false));
        }
        let offset_secs = Self::offset_of(&now, at_ms);
        let today = ServerDay::of(at_ms, offset_secs).day;
        // Asked for after its hour it is that of today: a failure is put right by it.
        if choice.due(now.kept.handled, at_ms, offset_secs).is_some() {
            now.kept.handled = Some(today);
        }
        self.begin(&mut now, &choice, choice.period_of(at_ms, offset_secs), (false, true));
        Ok(())
    }

    /// Tells the window. Until it is made it counts as broken off, so that a program that ends meanwhile leaves no silence.
    fn begin(&self, now: &mut Now, choice: &DailyReport, period: Period, (late, by_hand): (bool, bool)) {
        let broken_off = Some(problem("dailyBrokenOff", [], false));
        let at_ms = self.ground.now_ms();
        now.kept
            .made
            .insert(0, DailyMade { at_ms, period, late, by_hand, files: Vec::new(), problem: broken_off });
        now.kept.made.truncate(MOST);
        now.last_id += 1;
        now.due = Some(DailyDue { id: now.last_id, period, page: choice.page, table: choice.table });
        if now.folder.is_none() {
            return self.end(now, Vec::new(), Some(problem("dailyNoFolder", [], false)));
        }
        self.keep(now);
        self.publish(now);
    }

    fn end(&self, now: &mut Now, files: Vec<String>, problem: Option<Problem>) {
        now.due = None;
        if let Some(made) = now.kept.made.first_mut() {
            (made.files, made.problem) = (files, problem.map(|problem| self.ground.noted(problem)));
        }
        self.keep(now);
        self.publish(now);
    }

    /// Writes what the window made. Each file is whole or not there, and none takes the place of another.
    ///
    /// # Errors
    /// `dailyOver`: it is not due any more, nothing was written. What goes wrong with a file is in the state.
    pub async fn write(&self, content: DailyContent) -> Result<(), Problem> {
        let (folder, name) = {
            let now = locked(&self.now);
            let due = now.due.filter(|due| due.id == content.id);
            let due = due.ok_or_else(|| problem("dailyOver", [], false))?;
            let folder = now.folder.clone().unwrap_or_default();
            (folder, now.choice.file_name(due.period, Self::offset_of(&now, self.ground.now_ms())))
        };
        let id = content.id;
        // A folder of the network may take its time.
        let written = tokio::task::spawn_blocking(move || write_all(&folder, &name, content)).await;
        let (files, failed) = written.unwrap_or_else(|error| {
            (Vec::new(), Some(problem("unexpected", [("detail", error.to_string())], true)))
        });
        let mut now = locked(&self.now);
        if now.due.is_some_and(|due| due.id == id) {
            self.end(&mut now, files, failed);
        }
        Ok(())
    }

    /// Where reports are put from now on. Only the person chooses it, in the system's dialog.
    pub fn set_folder(&self, folder: PathBuf) {
        if let Err(error) = self.ground.store.set_setting(FOLDER_KEY, &folder) {
            self.ground.noted(from_store(&error));
        }
        let mut now = locked(&self.now);
        now.folder = Some(folder);
        self.publish(&now);
    }

    /// Whether a report was written there.
    pub fn wrote(&self, path: &Path) -> bool {
        let now = locked(&self.now);
        now.kept.made.iter().flat_map(|made| &made.files).any(|file| Path::new(file) == path)
    }
}

/// The files that were written, and what went wrong with the first that was not.
fn write_all(folder: &Path, name: &str, content: DailyContent) -> (Vec<String>, Option<Problem>) {
    let mut files = Vec::new();
    if let Some(why) = content.problem {
        return (files, Some(why));
    }
    if !folder.is_dir() {
        return (files, Some(problem("dailyFolderGone", [("path", folder.display().to_string())], true)));
    }
    // Another desk may write into the same folder at the same minute: no file takes the place of another.
    let mut write = |ending: &str, bytes: &[u8]| {
        let path = write_free(folder, name, ending, bytes).map_err(|error| from_export(&error))?;
        files.push(path.display().to_string());
        Ok(())
    };
    let page = content.page.map_or(Ok(()), |page| write("html", page.html().as_bytes()));
    let all = page.and_then(|()| {
        content.rows.map_or(Ok(()), |rows| write("csv", &csv::sheet(content.separator, &rows)))
    });
    (files, all.err())
}

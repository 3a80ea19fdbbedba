//! Reaching out to many: a person's file on its way to a base, batches, what was sent from here, the blacklist as far as it
//! is known.
//!
//! The file and what was checked of it are held here; the window has slices of them. Left out on purpose: asking a person
//! first (the window), choosing files and places (the shell), and the rules themselves (`atalaya_outreach`).

mod sending;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use atalaya_export::csv::Separator;
use atalaya_outreach::checked::{self, Checked};
use atalaya_outreach::file::{self, Taken};
use atalaya_outreach::wire::{
    BaseKind, BaseRequest, CheckUpdate, CheckedRows, ColumnSeen, FileTaken, RowsWanted, TakeUpdate,
};
use atalaya_outreach::{Error, Outreach, batches, columns};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::one_at_a_time::OneAtATime;
use crate::locked::locked;

/// A file at hand, and what was checked of it last.
#[derive(Default)]
struct AtHand {
    /// The number given last, to a file or to what was checked of one.
    last: u32,
    file: Option<(u32, Arc<Taken>)>,
    checked: Option<Arc<Checked>>,
}

/// The outreach of one session; clones are handles to the same.
#[derive(Clone)]
pub struct Reaching {
    ground: Ground,
    outreach: Outreach,
    at_hand: Arc<Mutex<AtHand>>,
    reading: Arc<OneAtATime>,
    checking: Arc<OneAtATime>,
    between: Duration,
}

impl Reaching {
    pub(super) fn new(ground: Ground) -> Self {
        let outreach = Outreach::new(ground.client.clone(), ground.calls.clone(), ground.store.clone());
        if let Err(error) = outreach.settle() {
            tracing::error!(%error, "what was under way when the program ended could not be looked at");
        }
        let (reading, checking) = (OneAtATime::new(&ground.tasks), OneAtATime::new(&ground.tasks));
        Self {
            ground,
            outreach,
            at_hand: Arc::default(),
            reading: Arc::new(reading),
            checking: Arc::new(checking),
            between: batches::BETWEEN,
        }
    }

    fn told<T>(&self, asked: Result<T, Error>) -> Result<T, Problem> {
        asked.map_err(|error| {
            let problem = error.problem();
            // What a person chose or typed is no failure of ours.
            let ours = matches!(error, Error::Store(_) | Error::Calls(_) | Error::Export(_));
            if ours { self.ground.noted(problem) } else { problem }
        })
    }

    /// Reads a file for a base of this kind; how it goes is told to `send`, ending with `Taken`, `Cancelled` or `Failed`.
    /// Another one being read is stopped.
    pub fn take_file(
        &self,
        path: PathBuf,
        kind: BaseKind,
        mut send: impl FnMut(TakeUpdate) + Send + 'static,
    ) {
        let cancel = self.reading.begin();
        let here = self.clone();
        self.ground.tasks.spawn_blocking(move || {
            let began = Instant::now();
            let mut reading = |rows: usize| send(TakeUpdate::Reading { rows: rows as u32 });
            let last = match file::read(&path, &mut reading, &cancel)
                .and_then(|taken| here.taken(taken, kind, began))
            {
                Ok(file) => TakeUpdate::Taken { file },
                Err(Error::Cancelled) => TakeUpdate::Cancelled,
                Err(error) => TakeUpdate::Failed { problem: error.problem() },
            };
            send(last);
        });
    }

    fn taken(&self, taken: Taken, kind: BaseKind, began: Instant) -> Result<FileTaken, Error> {
        let taken = Arc::new(taken);
        let id = {
            let mut at_hand = locked(&self.at_hand);
            at_hand.last += 1;
            at_hand.file = Some((at_hand.last, Arc::clone(&taken)));
            at_hand.checked = None;
            at_hand.last
        };
        let mut file = self.described(id, &taken, kind)?;
        file.took_ms = began.elapsed().as_millis() as u32;
        Ok(file)
    }

    fn described(&self, id: u32, taken: &Taken, kind: BaseKind) -> Result<FileTaken, Error> {
        let sheet = &taken.sheet;
        let (mapping, remembered) = self.outreach.mapping_for(sheet, kind)?;
        Ok(FileTaken {
            id,
            name: taken.name.clone(),
            kind: taken.kind,
            encoding: taken.encoding,
            parted: taken.parted,
            rows: (sheet.len() - usize::from(mapping.header)) as u32,
            columns: columns::seen(sheet, mapping.header),
            mapping,
            remembered,
            hints: taken.hints.clone(),
            took_ms: 0,
        })
    }

    fn file(&self, id: u32) -> Result<Arc<Taken>, Error> {
        let at_hand = locked(&self.at_hand);
        at_hand
            .file
            .as_ref()
            .filter(|(there, _)| *there == id)
            .map(|(_, taken)| Arc::clone(taken))
            .ok_or(Error::Gone)
    }

    fn checked(&self, id: u32) -> Result<Arc<Checked>, Error> {
        let at_hand = locked(&self.at_hand);
        at_hand.checked.as_ref().filter(|there| there.summary().id == id).cloned().ok_or(Error::Gone)
    }

    /// The file at hand, understood for a base of this kind; `None` when there is none.
    ///
    /// # Errors
    /// The store's.
    pub fn file_at_hand(&self, kind: BaseKind) -> Result<Option<FileTaken>, Problem> {
        let file = locked(&self.at_hand).file.clone();
        let Some((id, taken)) = file else { return Ok(None) };
        self.told(self.described(id, &taken, kind)).map(Some)
    }

    /// The columns of the file with its first row as a header, or as a row.
    ///
    /// # Errors
    /// `fileGone`.
    pub fn columns(&self, file: u32, header: bool) -> Result<Vec<ColumnSeen>, Problem> {
        self.told(self.file(file).map(|taken| columns::seen(&taken.sheet, header)))
    }

    /// Lets go of the file, and of what was checked of it.
    pub fn let_go(&self) {
        self.reading.cancel();
        self.checking.cancel();
        let mut at_hand = locked(&self.at_hand);
        (at_hand.file, at_hand.checked) = (None, None);
    }

    /// Stops reading a file and checking one.
    pub fn stop_reading(&self) {
        self.reading.cancel();
        self.checking.cancel();
    }

    /// Checks every row as it would go out; how it goes is told to `send`, ending with `Checked`, `Cancelled` or `Failed`.
    /// What the columns mean is remembered. Another check under way is stopped.
    ///
    /// # Errors
    /// `fileGone`.
    pub fn check(
        &self,
        request: BaseRequest,
        mut send: impl FnMut(CheckUpdate) + Send + 'static,
    ) -> Result<(), Problem> {
        let taken = self.told(self.file(request.file))?;
        let cancel = self.checking.begin();
        let here = self.clone();
        self.ground.tasks.spawn_blocking(move || {
            let mut going = |rows: usize, total: usize| {
                send(CheckUpdate::Going { rows: rows as u32, total: total as u32 });
            };
            let last = match here.check_all(taken, request, &mut going, &cancel) {
                Ok(checked) => CheckUpdate::Checked { base: checked.summary().clone() },
                Err(Error::Cancelled) => CheckUpdate::Cancelled,
                Err(error) => CheckUpdate::Failed { problem: error.problem() },
            };
            send(last);
        });
        Ok(())
    }

    fn check_all(
        &self,
        taken: Arc<Taken>,
        request: BaseRequest,
        told: &mut impl FnMut(usize, usize),
        cancel: &CancellationToken,
    ) -> Result<Arc<Checked>, Error> {
        let began = Instant::now();
        let blacklisted = self.outreach.blacklisted(&request.campaign)?;
        let id = {
            let mut at_hand = locked(&self.at_hand);
            at_hand.last += 1;
            at_hand.last
        };
        let (kind, mapping, file) = (request.kind, request.mapping.clone(), request.file);
        let max_bytes = self.ground.settings().base_max_bytes;
        let mut checked = checked::check(id, taken, request, max_bytes, &blacklisted, told, cancel)?;
        self.outreach.remember_mapping(&checked.taken.sheet, kind, &mapping)?;
        checked.took(began.elapsed().as_millis() as u32);
        let checked = Arc::new(checked);
        let mut at_hand = locked(&self.at_hand);
        if at_hand.file.as_ref().is_none_or(|(there, _)| *there != file) {
            return Err(Error::Gone);
        }
        at_hand.checked = Some(Arc::clone(&checked));
        Ok(checked)
    }

    /// Some of the rows that were checked, 500 at most.
    ///
    /// # Errors
    /// `fileGone`.
    pub fn rows(
        &self,
        checked: u32,
        wanted: &RowsWanted,
        from: u32,
        count: u32,
    ) -> Result<CheckedRows, Problem> {
        self.told(self.checked(checked).map(|checked| checked.rows(wanted, from, count)))
    }

    /// Writes the rows that are left out to a file, with their reasons in the words given; how many.
    ///
    /// # Errors
    /// `fileGone`; `exportFailed`.
    pub async fn save_bad(
        &self,
        checked: u32,
        path: PathBuf,
        separator: Separator,
        words: BTreeMap<String, String>,
    ) -> Result<u32, Problem> {
        let checked = self.told(self.checked(checked))?;
        let cancel = self.ground.tasks.token();
        let saved =
            self.beside(move |_| checked::save_bad(&checked, &path, separator, &words, &cancel)).await?;
        self.ground.trail("export", "outreachBad", serde_json::json!({ "rows": saved }));
        Ok(saved)
    }

    /// Work that takes its time, where it holds up nobody.
    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Outreach) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let outreach = self.outreach.clone();
        let done = tokio::task::spawn_blocking(move || work(&outreach)).await;
        self.told(done.unwrap_or(Err(Error::Cancelled)))
    }
}

//! Reaching out to many: a person's file on its way to a base, batches, what was sent from here, the blacklist as far as it
//! is known.
//!
//! The file and what was checked of it are held here; the window has slices of them. Left out on purpose: asking a person
//! first (the window), choosing files and places (the shell), and the rules themselves (`atalaya_outreach`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use atalaya_export::csv::Separator;
use atalaya_outreach::checked::{self, Checked};
use atalaya_outreach::file::{self, Taken};
use atalaya_outreach::wire::{
    BaseKind, BaseRequest, Batch, BatchItemState, BatchItems, BatchRequest, BlacklistImport, BlacklistPage,
    CheckUpdate, CheckedRows, ColumnSeen, FileTaken, RowsWanted, SendingUpdate, SentKind, SentPage,
    TakeUpdate, Undo,
};
use atalaya_outreach::{Error, Outreach, batches, columns};
use atalaya_ucontact::operations::BlacklistChange;
use atalaya_ucontact::{Operation, Problem};
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::one_at_a_time::OneAtATime;
use crate::locked::locked;
use crate::problem::problem;

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

    /// The way out for one operation: what became of it is kept among what was sent from here.
    pub(super) fn outreach(&self) -> &Outreach {
        &self.outreach
    }

    fn told<T>(&self, asked: Result<T, Error>) -> Result<T, Problem> {
        asked.map_err(|error| {
            let problem = error.problem();
            // What a person chose or typed is no failure of ours.
            let ours = matches!(error, Error::Store(_) | Error::Calls(_) | Error::Export(_));
            if ours { self.ground.noted(problem) } else { problem }
        })
    }

    // ── A file ──────────────────────────────────────────────────────────────────────────────────────────────────────────

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
                send(CheckUpdate::Going { rows: rows as u32, total: total as u32 })
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

    // ── Batches ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Sends the good rows that were checked, as bases named after `name`: a batch of its own, begun at once. Asked for
    /// again with the same key it is the same batch, and nothing is sent again.
    ///
    /// # Errors
    /// `fileGone`; `lookOnly`; `batchUnderWay`; `nothingToSend`; `invalidInput` with `key`; the store's.
    pub async fn send_base(
        &self,
        checked: u32,
        key: String,
        name: String,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        self.may_send()?;
        let checked = self.told(self.checked(checked))?;
        let title = format!("{name} → {}", checked.request.campaign);
        let (batch, new) =
            self.beside(move |outreach| outreach.keep_base(&key, &title, &checked, &name)).await?;
        self.begin_if_new(batch, new, send)
    }

    /// Keeps a batch and sends it, one item after the other; how it goes is told to `send`, `Over` last. Asked for again
    /// with the same key it is the same batch: it is given as it stands, and nothing is sent or told.
    ///
    /// # Errors
    /// `lookOnly`; `batchUnderWay`; `invalidInput`: `key`, `items`; the store's.
    pub async fn begin(
        &self,
        request: BatchRequest,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        self.may_send()?;
        let (batch, new) = self.beside(move |outreach| outreach.keep_batch(&request)).await?;
        self.begin_if_new(batch, new, send)
    }

    /// Where nothing is sent from here nothing is kept to be sent either.
    fn may_send(&self) -> Result<(), Problem> {
        if self.ground.calls.writes().looks_only() {
            return Err(problem("lookOnly", [], false));
        }
        Ok(())
    }

    fn begin_if_new(
        &self,
        batch: Batch,
        new: bool,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        if !new {
            return Ok(batch);
        }
        match self.go_on(batch.id, send) {
            // It is kept, and offered once the other one is over.
            Err(other) if other.code == "batchUnderWay" => Ok(batch),
            begun => begun,
        }
    }

    /// Sends what waits of a batch that was not finished.
    ///
    /// # Errors
    /// `lookOnly`; `batchUnderWay`; `batchGone`; the store's.
    pub fn go_on(&self, id: i64, send: impl FnMut(SendingUpdate) + Send + 'static) -> Result<Batch, Problem> {
        self.may_send()?;
        let turn = self.told(self.outreach.turn(id, None, self.ground.tasks.token()))?;
        self.ground.tasks.spawn_until_told(turn.send(self.between, send));
        self.told(self.outreach.batch(id))
    }

    /// Sends one item again that is not known, because a person said so.
    ///
    /// # Errors
    /// `lookOnly`; `batchUnderWay`; `batchGone` for what is not unknown any more; the store's.
    pub fn send_again(
        &self,
        id: i64,
        place: u32,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        self.may_send()?;
        let turn = self.told(self.outreach.send_again(id, place, self.ground.tasks.token()))?;
        self.ground.tasks.spawn_until_told(turn.send(self.between, send));
        self.told(self.outreach.batch(id))
    }

    /// Stops the batch under way after the item that is being sent; what was sent stays, the rest waits.
    pub fn stop(&self) {
        self.outreach.stop();
    }

    /// Batches, the newest first: those in which something waits or is not known, or all.
    ///
    /// # Errors
    /// The store's.
    pub fn batches(&self, unfinished: bool) -> Result<Vec<Batch>, Problem> {
        self.told(self.outreach.batches(unfinished, batches::MOST_AT_ONCE))
    }

    /// Items of a batch in this state, or all, 500 at most.
    ///
    /// # Errors
    /// `batchGone`; the store's.
    pub fn items(
        &self,
        id: i64,
        state: Option<BatchItemState>,
        from: u32,
        count: u32,
    ) -> Result<BatchItems, Problem> {
        self.told(self.outreach.batch_items(id, state, from, count))
    }

    /// What waits of a batch is never sent.
    ///
    /// # Errors
    /// `batchUnderWay`; `batchGone`; the store's.
    pub fn drop_rest(&self, id: i64) -> Result<Batch, Problem> {
        self.told(self.outreach.drop_rest(id))
    }

    /// A person found out that an item that is not known was done.
    ///
    /// # Errors
    /// `batchGone` for what is not unknown any more; the store's.
    pub fn count_as_done(&self, id: i64, place: u32) -> Result<Batch, Problem> {
        self.told(self.outreach.count_as_done(id, place))
    }

    /// An item that is not known is left so, and not asked about again.
    ///
    /// # Errors
    /// `batchGone` for what is not unknown any more; the store's.
    pub fn leave_unknown(&self, id: i64, place: u32) -> Result<Batch, Problem> {
        self.told(self.outreach.leave_unknown(id, place))
    }

    // ── What was sent, and the blacklist ────────────────────────────────────────────────────────────────────────────────

    /// What was sent from here, the newest first, 500 at most.
    ///
    /// # Errors
    /// The store's.
    pub fn sent(
        &self,
        kind: Option<SentKind>,
        unknown: bool,
        from: u32,
        count: u32,
    ) -> Result<SentPage, Problem> {
        self.told(self.outreach.sent(kind, unknown, from, count))
    }

    /// What undoes something that was sent.
    ///
    /// # Errors
    /// `fileGone` for a line that is none; the store's.
    pub fn undo(&self, id: i64) -> Result<Undo, Problem> {
        self.told(self.outreach.undo(id))
    }

    /// Numbers known to be on the blacklist, 500 at most.
    ///
    /// # Errors
    /// The store's.
    pub fn blacklist(&self, text: &str, from: u32, count: u32) -> Result<BlacklistPage, Problem> {
        self.told(self.outreach.blacklist(text, from, count))
    }

    /// What a file of numbers holds; nothing is kept or sent.
    ///
    /// # Errors
    /// `fileUnreadable` and the like; `nothingToSend` when no line is a number.
    pub async fn blacklist_look(&self, path: PathBuf) -> Result<BlacklistImport, Problem> {
        let cancel = self.ground.tasks.token();
        self.beside(move |outreach| Ok(outreach.read_blacklist(&path, &cancel)?.1)).await
    }

    /// Takes the numbers of a file as known to be on the list: somebody else put them there. Nothing is sent.
    ///
    /// # Errors
    /// As of [`Self::blacklist_look`]; the store's.
    pub async fn blacklist_take_in(&self, path: PathBuf) -> Result<BlacklistImport, Problem> {
        let cancel = self.ground.tasks.token();
        let import = self
            .beside(move |outreach| {
                let (numbers, import) = outreach.read_blacklist(&path, &cancel)?;
                outreach.know_blacklisted(&numbers)?;
                Ok(import)
            })
            .await?;
        self.ground.trail("import", "blacklist", serde_json::json!({ "numbers": import.taken }));
        Ok(import)
    }

    /// Puts the numbers of a file on the list, or takes them off it: a batch of a thousand each, begun at once.
    ///
    /// # Errors
    /// As of [`Self::blacklist_look`] and [`Self::begin`].
    pub async fn blacklist_send(
        &self,
        path: PathBuf,
        change: BlacklistChange,
        key: String,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        self.may_send()?;
        let cancel = self.ground.tasks.token();
        let (batch, new) = self
            .beside(move |outreach| {
                let (numbers, _) = outreach.read_blacklist(&path, &cancel)?;
                let title = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                outreach.keep_blacklist_batch(&key, &title, change, &numbers)
            })
            .await?;
        self.begin_if_new(batch, new, send)
    }

    /// Writes the numbers known to be on the list to a file; how many.
    ///
    /// # Errors
    /// `exportFailed`; the store's.
    pub async fn blacklist_save(&self, path: &Path, separator: Separator) -> Result<u32, Problem> {
        let to = path.to_owned();
        let saved = self.beside(move |outreach| outreach.export_blacklist(&to, separator)).await?;
        self.ground.trail("export", "blacklist", serde_json::json!({ "numbers": saved }));
        Ok(saved)
    }

    /// Sends one operation, and keeps what became of it.
    pub(super) async fn perform(&self, operation: Operation) -> Result<atalaya_calls::Sent, Problem> {
        let sent = self.outreach().perform(operation, None, |_| {}).await;
        self.told(sent)
    }
}

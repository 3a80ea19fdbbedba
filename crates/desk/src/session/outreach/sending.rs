//! Batches, what was sent from here, and the blacklist as far as it is known, of one session.

use std::path::{Path, PathBuf};

use atalaya_export::csv::Separator;
use atalaya_outreach::batches;
use atalaya_outreach::wire::{
    Batch, BatchItemState, BatchItems, BatchRequest, BlacklistImport, BlacklistPage, SendingUpdate, SentKind,
    SentPage, Undo,
};
use atalaya_ucontact::operations::BlacklistChange;
use atalaya_ucontact::{Operation, Problem};

use super::Reaching;
use crate::problem::problem;

impl Reaching {
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

    /// How a batch goes that somebody else began, or a page that is gone: told to `send`, `Over` last.
    ///
    /// # Errors
    /// `batchGone`; the store's.
    pub fn follow(
        &self,
        id: i64,
        send: impl FnMut(SendingUpdate) + Send + 'static,
    ) -> Result<Batch, Problem> {
        let batch = self.told(self.outreach.batch(id))?;
        let outreach = self.outreach.clone();
        self.ground.tasks.spawn(async move {
            if let Err(error) = outreach.follow(id, send).await {
                tracing::error!(%error, "how a batch stands cannot be read");
            }
        });
        Ok(batch)
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

    /// A person looked: something sent of which nobody knew what became of it was done, or was not.
    ///
    /// # Errors
    /// `fileGone` for a line that is none, or is known by now; the store's.
    pub fn settle(&self, id: i64, done: bool) -> Result<(), Problem> {
        self.told(self.outreach.settle_line(id, done))
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
    pub(in crate::session) async fn perform(
        &self,
        operation: Operation,
    ) -> Result<atalaya_calls::Sent, Problem> {
        let sent = self.outreach.perform(operation, None, |_| {}).await;
        self.told(sent)
    }
}

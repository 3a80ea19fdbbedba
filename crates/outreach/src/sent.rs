//! What was sent from here: each operation, who sent it, what became of it, and what takes it back.
//!
//! The trail has all of it too, for whoever asks what happened; but the trail is of the program, and this is of one account
//! and can be undone. Left out on purpose: tags and tipificaciones, which their calls show.

use atalaya_calls::Sent;
use atalaya_store::{Outcome, Store};
use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    Blacklist, BlacklistChange, BlacklistNumbers, RemoveContact, ScheduleCall, Task, TaskMode, Unschedule,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::Outreach;
use crate::batches;
use crate::blacklist::Noted;
use crate::error::Error;
use crate::wire::{SentCount, SentKind, SentLine, SentOutcome, SentPage, Undo};

/// Letters of a value that are shown in a line.
const LONGEST_VALUE: usize = 2_000;
/// Letters of an operation that is handed out with its line; longer ones are asked for.
const LONGEST_UNDO: usize = 20_000;
/// Why something nobody knew is known: a person looked.
const COUNTED_AS_DONE: &str = "countedAsDone";
const COUNTED_AS_NOT_DONE: &str = "countedAsNotDone";
/// Most lines at once.
pub const MOST_AT_ONCE: u32 = 500;

/// The group of an operation; `None` of what its call shows.
pub fn kind_of(operation: &Operation) -> Option<SentKind> {
    Some(match operation {
        Operation::ScheduleCall(_) | Operation::Unschedule(_) => SentKind::Schedules,
        Operation::Task(Task { mode: TaskMode::Scheduled(_), .. }) => SentKind::Schedules,
        Operation::Task(_) | Operation::Respool(_) | Operation::RemoveContact(_) => SentKind::Tasks,
        Operation::UploadBase(_) | Operation::UploadSmsBase(_) => SentKind::Bases,
        Operation::SendSms(_) => SentKind::Sms,
        Operation::Blacklist(_) => SentKind::Blacklistings,
        Operation::AgentCall(_) | Operation::AgentCallWithData(_) | Operation::HangUp(_) => SentKind::Calls,
        Operation::AddMembers(_) => SentKind::Members,
        Operation::Tag(_) | Operation::Disposition(_) => return None,
    })
}

fn campaign_of(operation: &Operation) -> &str {
    match operation {
        Operation::AgentCall(call) => &call.outqueue,
        Operation::AgentCallWithData(call) => &call.call.outqueue,
        Operation::AddMembers(add) => &add.campaign,
        Operation::Respool(respool) => &respool.campaign,
        Operation::ScheduleCall(schedule) => &schedule.campaign,
        Operation::Task(task) => &task.campaign,
        Operation::RemoveContact(remove) => &remove.campaign,
        Operation::Unschedule(unschedule) => &unschedule.campaign,
        Operation::UploadBase(upload) => upload.rows.campaign(),
        Operation::UploadSmsBase(upload) => upload.rows.campaign(),
        Operation::SendSms(sms) => &sms.campaign,
        Operation::Blacklist(Blacklist { numbers: BlacklistNumbers::One(one), .. }) => &one.campaign,
        _ => "",
    }
}

/// What takes an operation back that was done, or may have been.
fn undo_of(operation: &Operation) -> Undo {
    let unschedule = |campaign: &str, destination: &str, at: &str| {
        let (campaign, destination) = (campaign.to_owned(), destination.to_owned());
        Operation::Unschedule(Unschedule { campaign, destination, from: at.to_owned(), to: at.to_owned() })
    };
    let remove = |campaign: &str, number: &str| {
        Operation::RemoveContact(RemoveContact { campaign: campaign.to_owned(), number: number.to_owned() })
    };
    let by = match operation {
        Operation::ScheduleCall(ScheduleCall { campaign, destination, calldate, .. }) => {
            unschedule(campaign, destination, calldate)
        }
        Operation::Task(Task { campaign, destination, mode: TaskMode::Scheduled(at), .. }) => {
            unschedule(campaign, destination, at)
        }
        // Called at once: there is nothing left to take back.
        Operation::Task(Task { mode: TaskMode::Manual, .. }) => return Undo::None,
        Operation::Task(task) => remove(&task.campaign, &task.destination),
        Operation::Respool(respool) => remove(&respool.campaign, &respool.destination),
        Operation::Blacklist(Blacklist { change, numbers }) => {
            let change = match change {
                BlacklistChange::Add => BlacklistChange::Remove,
                BlacklistChange::Remove => BlacklistChange::Add,
            };
            Operation::Blacklist(Blacklist { change, numbers: numbers.clone() })
        }
        Operation::UploadBase(upload) => {
            return Undo::NumberByNumber { campaign: upload.rows.campaign().to_owned() };
        }
        _ => return Undo::None,
    };
    Undo::By { operation: Box::new(by) }
}

pub(crate) fn name_of<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

pub(crate) fn named<T: serde::de::DeserializeOwned>(name: String) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name)).ok()
}

/// The line of something that is sent.
struct Line {
    store: Store,
    id: i64,
}

impl Line {
    fn finish(&self, outcome: &Outcome) {
        let written = self.store.with(|connection| {
            connection.execute(
                "UPDATE outreach_sent SET outcome = ?2, why = ?3 WHERE id = ?1",
                params![self.id, outcome.name(), outcome.why()],
            )
        });
        if let Err(error) = written {
            // Without an end it stands for "unknown", as in the trail.
            tracing::error!(%error, "what became of something sent is not kept");
        }
    }

    fn forget(&self) {
        let id = self.id;
        let gone = self.store.with(|c| c.execute("DELETE FROM outreach_sent WHERE id = ?1", [id]));
        if let Err(error) = gone {
            tracing::error!(%error, "what was not sent is kept as if it were");
        }
    }
}

impl Outreach {
    /// Does what an operation says, once, and keeps what became of it: here, and of the blacklist what is known then.
    /// `item` is the batch it is of and its place there. `after` hears of it before anybody else does, also when whoever asked is gone.
    ///
    /// # Errors
    /// Those of [`atalaya_calls::Writes::perform`], and the store's: nothing was sent.
    pub async fn perform(
        &self,
        operation: Operation,
        item: Option<(i64, u32)>,
        after: impl FnOnce(&Sent) + Send + 'static,
    ) -> Result<Sent, Error> {
        let Some(kind) = kind_of(&operation) else {
            return Ok(self.calls.writes().perform(&self.client, operation, after).await?);
        };
        let line = self.begin_line(kind, &operation, item)?;
        let noted = Noted::of(self, &operation);
        let id = line.id;
        let settled = move |sent: &Sent| {
            line.finish(&sent.outcome);
            if let Some(noted) = noted {
                noted.settle(&sent.outcome);
            }
            after(sent);
        };
        let sent = self.calls.writes().perform(&self.client, operation, settled).await;
        if sent.is_err() {
            Line { store: self.store.clone(), id }.forget();
        }
        Ok(sent?)
    }

    fn begin_line(
        &self,
        kind: SentKind,
        operation: &Operation,
        item: Option<(i64, u32)>,
    ) -> Result<Line, Error> {
        // What is made of a file is no JSON: of it stays what the trail keeps.
        let kept = serde_json::to_string(operation).ok();
        let undo = if kept.is_none() { Some(undo_of(operation)) } else { None };
        let (detail, account) = (operation.summary().to_string(), self.account());
        let person = self.person();
        let campaign = campaign_of(operation);
        // A base's numbers leave a dialer one by one; nothing calls messages back.
        let numbers = matches!(undo, Some(Undo::NumberByNumber { .. }));
        let kept = kept.or_else(|| numbers.then(|| "numberByNumber".to_owned()));
        let id = self.store.with(|connection| {
            connection.execute(
                "INSERT INTO outreach_sent
                     (account, at_ms, kind, name, target, campaign, detail, operation, person, batch, place)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    account,
                    self.now_ms(),
                    name_of(kind),
                    operation.name(),
                    operation.target(),
                    campaign,
                    detail,
                    kept,
                    person,
                    item.map(|(batch, _)| batch),
                    item.map(|(_, place)| place)
                ],
            )?;
            Ok(connection.last_insert_rowid())
        })?;
        Ok(Line { store: self.store.clone(), id })
    }

    /// A person looked at the contact centre: what nobody knew was done, or was not. The item of a batch it is of ends so
    /// too, and what is known of the blacklist follows.
    ///
    /// # Errors
    /// `fileGone` for a line that is none, or is known; the store's.
    pub fn settle_line(&self, id: i64, done: bool) -> Result<(), Error> {
        let (account, now) = (self.account(), self.now_ms());
        let (outcome, why) = if done { ("done", COUNTED_AS_DONE) } else { ("refused", COUNTED_AS_NOT_DONE) };
        let settled: Option<(Option<String>, Option<i64>, Option<u32>)> = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let settled = transaction
                .query_row(
                    "UPDATE outreach_sent SET outcome = ?3, why = ?4
                     WHERE account = ?1 AND id = ?2 AND outcome = 'unknown' RETURNING operation, batch, place",
                    params![account, id, outcome, why],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()?;
            if let Some((_, Some(batch), Some(place))) = settled {
                batches::settle_item(&transaction, (batch, place), (outcome, why), now)?;
            }
            transaction.commit()?;
            Ok(settled)
        })?;
        let (operation, ..) = settled.ok_or(Error::Gone)?;
        self.note_settled(operation, done);
        Ok(())
    }

    /// The newest line of an item that a person counts as done, where nobody knew it.
    pub(crate) fn settle_line_of(&self, batch: i64, place: u32) -> Result<(), Error> {
        let settled: Option<Option<String>> = self.store.with(|connection| {
            connection
                .query_row(
                    "UPDATE outreach_sent SET outcome = 'done', why = ?3
                     WHERE id = (SELECT max(id) FROM outreach_sent WHERE batch = ?1 AND place = ?2)
                       AND coalesce(outcome, 'unknown') = 'unknown' RETURNING operation",
                    params![batch, place, COUNTED_AS_DONE],
                    |row| row.get(0),
                )
                .optional()
        })?;
        if let Some(operation) = settled {
            self.note_settled(operation, true);
        }
        Ok(())
    }

    fn note_settled(&self, operation: Option<String>, done: bool) {
        let operation = operation.and_then(|text| serde_json::from_str(&text).ok());
        let Some(noted) = operation.and_then(|operation| Noted::of(self, &operation)) else { return };
        if done { noted.settle(&Outcome::Done) } else { noted.was_not_done() }
    }

    /// For the one program that sends for this account, when it begins: what it left under way is unknown now, and of the
    /// blacklist too.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn settle_lines(&self) -> Result<(), Error> {
        let account = self.account();
        let cut_off: Vec<Option<String>> = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let cut_off = transaction
                .prepare(
                    "SELECT operation FROM outreach_sent WHERE account = ?1 AND outcome IS NULL ORDER BY id",
                )?
                .query_map([account], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            transaction.execute(
                "UPDATE outreach_sent SET outcome = 'unknown', why = 'interrupted'
                 WHERE account = ?1 AND outcome IS NULL",
                [account],
            )?;
            transaction.commit()?;
            Ok(cut_off)
        })?;
        for operation in cut_off.into_iter().flatten() {
            if let Ok(operation) = serde_json::from_str(&operation)
                && let Some(noted) = Noted::of(self, &operation)
            {
                noted.settle(&Outcome::Unknown("interrupted".to_owned()));
            }
        }
        Ok(())
    }

    /// What was sent from here, the newest first, of one group or all; `unknown` gives only what nobody knows.
    ///
    /// # Errors
    /// The store's.
    pub fn sent(
        &self,
        kind: Option<SentKind>,
        unknown: bool,
        from: u32,
        count: u32,
    ) -> Result<SentPage, Error> {
        let (account, kind) = (self.account(), kind.map(name_of).unwrap_or_default());
        let of = "account = ?1 AND (?2 = '' OR kind = ?2) AND (?3 = 0 OR coalesce(outcome, 'unknown') = 'unknown')";
        Ok(self.store.with(|connection| {
            let total = connection.query_row(
                &format!("SELECT count(*) FROM outreach_sent WHERE {of}"),
                params![account, kind, unknown],
                |row| row.get(0),
            )?;
            let counts = connection
                .prepare_cached(
                    "SELECT kind, count(*), sum(coalesce(outcome, 'unknown') = 'unknown') FROM outreach_sent
                     WHERE account = ?1 GROUP BY kind",
                )?
                .query_map([account], |row| {
                    let kind = named(row.get(0)?);
                    Ok(kind.map(|kind| Ok::<_, rusqlite::Error>(SentCount { kind, all: row.get(1)?, unknown: row.get(2)? })))
                })?
                .filter_map(|count| count.transpose().map(|count| count.and_then(|count| count)))
                .collect::<rusqlite::Result<_>>()?;
            let lines = connection
                .prepare_cached(&format!(
                    "SELECT id, at_ms, kind, name, target, campaign, detail, operation, person, outcome, why, batch
                     FROM outreach_sent WHERE {of} ORDER BY id DESC LIMIT ?4 OFFSET ?5"
                ))?
                .query_map(params![account, kind, unknown, count.min(MOST_AT_ONCE), from], line)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(SentPage { total, counts, lines })
        })?)
    }

    /// What undoes a line, however long it is.
    ///
    /// # Errors
    /// `fileGone` for a line that is none; the store's.
    pub fn undo(&self, id: i64) -> Result<Undo, Error> {
        let found: Option<(Option<String>, Option<String>, String)> = self.store.with(|connection| {
            connection
                .query_row(
                    "SELECT operation, outcome, campaign FROM outreach_sent WHERE account = ?1 AND id = ?2",
                    params![self.account(), id],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()
        })?;
        let (operation, outcome, campaign) = found.ok_or(Error::Gone)?;
        Ok(undo_kept(operation.as_deref(), outcome.as_deref(), &campaign))
    }
}

fn undo_kept(operation: Option<&str>, outcome: Option<&str>, campaign: &str) -> Undo {
    if outcome == Some("refused") {
        return Undo::Nothing;
    }
    match operation {
        Some("numberByNumber") => Undo::NumberByNumber { campaign: campaign.to_owned() },
        Some(text) => serde_json::from_str(text).map_or(Undo::None, |operation| undo_of(&operation)),
        None => Undo::None,
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<SentLine> {
    let (campaign, detail): (String, String) = (row.get(5)?, row.get(6)?);
    let (operation, outcome): (Option<String>, Option<String>) = (row.get(7)?, row.get(9)?);
    let undo = match &operation {
        Some(text) if text.len() > LONGEST_UNDO && outcome.as_deref() != Some("refused") => Undo::Asked,
        operation => undo_kept(operation.as_deref(), outcome.as_deref(), &campaign),
    };
    Ok(SentLine {
        id: row.get(0)?,
        at_ms: row.get(1)?,
        kind: named(row.get(2)?).unwrap_or(SentKind::Tasks),
        operation: row.get(3)?,
        target: row.get(4)?,
        campaign,
        detail: detail_of(&detail),
        person: row.get(8)?,
        outcome: match outcome.as_deref() {
            Some("done") => SentOutcome::Done,
            Some("refused") => SentOutcome::Refused,
            _ => SentOutcome::Unknown,
        },
        why: row.get(10)?,
        batch: row.get(11)?,
        undo,
    })
}

fn detail_of(text: &str) -> Vec<(String, String)> {
    let detail: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => match text.char_indices().nth(LONGEST_VALUE) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        },
        other => other.to_string(),
    };
    detail.into_iter().map(|(name, said)| (name, value(said))).collect()
}

//! Batches as they are kept.

use atalaya_store::Outcome;
use atalaya_ucontact::operations::{UploadBase, UploadSmsBase};
use atalaya_ucontact::{Operation, Problem};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{MOST_AT_ONCE, MOST_ITEMS};
use crate::Outreach;
use crate::base::{Rows, file_name};
use crate::checked::Checked;
use crate::error::Error;
use crate::sent::{name_of, named};
use crate::wire::{
    BaseKind, Batch, BatchItem, BatchItemState, BatchItems, BatchKind, BatchRequest, ReachedSince,
};

/// Most letters of a title and of a label.
const LONGEST: usize = 200;

/// An operation as it is kept: as JSON, or what is beside the bytes of its file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum KeptOperation {
    Upload { base: BaseKind, filename: String, username: String, timezone: Option<String>, campaign: String },
    Plain(Box<Operation>),
}

/// Its place, its operation, what it is left out for, and its file.
type KeptItem = (u32, String, Option<String>, Option<Vec<u8>>);

/// An item whose turn has come.
pub(super) struct Due {
    pub place: u32,
    pub operation: Result<Operation, Problem>,
    pub unless_reached: Option<ReachedSince>,
}

pub(super) fn plain_problem(code: &str, params: &[(&str, &str)]) -> Problem {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Problem { code: code.to_owned(), params: params.collect(), retryable: false }
}

fn short(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

impl Outreach {
    /// Keeps a batch before anything of it is sent. One with the same key is the same batch: then it is given as it stands,
    /// and the other value is false.
    ///
    /// # Errors
    /// `invalidInput`: `key`; `items` with none, too many, or one that cannot be right or is made of a file; the store's.
    pub fn keep_batch(&self, request: &BatchRequest) -> Result<(Batch, bool), Error> {
        if request.items.is_empty() || request.items.len() > MOST_ITEMS {
            return Err(Error::Invalid("items"));
        }
        if request.items.iter().any(|item| !item.operation.check().is_empty()) {
            return Err(Error::Invalid("items"));
        }
        let mut items = Vec::with_capacity(request.items.len());
        for item in &request.items {
            let operation = serde_json::to_string(&item.operation).map_err(|_| Error::Invalid("items"))?;
            let unless = item.unless_reached_since.as_ref();
            let unless = unless.map(|unless| serde_json::to_string(unless).unwrap_or_default());
            items.push((short(&item.label), item.operation.name(), operation, unless));
        }
        self.keep(&request.key, &request.title, request.kind, |connection, id| {
            let mut insert = connection.prepare(
                "INSERT INTO batch_item (batch, place, label, name, operation, unless_reached)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (place, (label, name, operation, unless)) in items.iter().enumerate() {
                insert.execute(params![id, place as u32, label, name, operation, unless])?;
            }
            Ok(())
        })
    }

    /// Keeps the good rows of a checked file as a batch of bases, named `name-1.csv` and so on.
    ///
    /// # Errors
    /// `invalidInput` with `key`; `nothingToSend`; the store's.
    pub fn keep_base(
        &self,
        key: &str,
        title: &str,
        checked: &Checked,
        name: &str,
    ) -> Result<(Batch, bool), Error> {
        let of = checked.summary().bases as usize;
        if of == 0 {
            return Err(Error::NothingToSend);
        }
        let username = self.client.user().to_owned();
        let request = &checked.request;
        self.keep(key, title, BatchKind::Base, |connection, id| {
            let mut item = connection.prepare(
                "INSERT INTO batch_item (batch, place, label, name, operation) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let mut file =
                connection.prepare("INSERT INTO batch_file (batch, place, bytes) VALUES (?1, ?2, ?3)")?;
            let mut place = 0_u32;
            checked.bases(|rows: Rows| {
                let (base, campaign) = (request.kind, request.campaign.clone());
                let filename = file_name(name, place as usize, of);
                let label = format!("{filename} ({})", rows.count());
                let timezone = request.timezone.clone().filter(|_| base == BaseKind::Calls);
                let kept = KeptOperation::Upload {
                    base,
                    filename: filename.clone(),
                    username: username.clone(),
                    timezone: timezone.clone(),
                    campaign,
                };
                let text = serde_json::to_string(&kept).unwrap_or_default();
                file_first(&mut item, &mut file, (id, place, &label, &text), rows, (filename, timezone))?;
                place += 1;
                Ok::<_, rusqlite::Error>(())
            })
        })
    }

    fn keep(
        &self,
        key: &str,
        title: &str,
        kind: BatchKind,
        items: impl FnOnce(&Connection, i64) -> rusqlite::Result<()>,
    ) -> Result<(Batch, bool), Error> {
        if key.trim().is_empty() || key.len() > LONGEST {
            return Err(Error::Invalid("key"));
        }
        let (account, person) = (self.account(), self.person());
        let (id, new) = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let there: Option<i64> = transaction
                .query_row("SELECT id FROM batch WHERE account = ?1 AND key = ?2", params![account, key], |row| {
                    row.get(0)
                })
                .optional()?;
            if let Some(id) = there {
                return Ok((id, false));
            }
            transaction.execute(
                "INSERT INTO batch (account, key, title, kind, person, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![account, key, short(title), name_of(kind), person, self.now_ms()],
            )?;
            let id = transaction.last_insert_rowid();
            items(&transaction, id)?;
            transaction.commit()?;
            Ok((id, true))
        })?;
        Ok((self.batch(id)?, new))
    }

    /// Batches, the newest first; those alone in which something waits or is not known, or all.
    ///
    /// # Errors
    /// The store's.
    pub fn batches(&self, unfinished: bool, count: u32) -> Result<Vec<Batch>, Error> {
        let having = if unfinished {
            "HAVING sum(i.state IN ('waiting', 'sending')) + sum(i.state = 'unknown' AND i.left = 0) > 0"
        } else {
            ""
        };
        Ok(self.store.with(|connection| {
            connection
                .prepare_cached(&format!(
                    "{COUNTED} WHERE b.account = ?1 GROUP BY b.id {having} ORDER BY b.id DESC LIMIT ?2"
                ))?
                .query_map(params![self.account(), count.min(MOST_AT_ONCE)], |row| self.counted(row))?
                .collect()
        })?)
    }

    /// A batch as it stands.
    ///
    /// # Errors
    /// `batchGone`; the store's.
    pub fn batch(&self, id: i64) -> Result<Batch, Error> {
        let found = self.store.with(|connection| {
            connection
                .prepare_cached(&format!("{COUNTED} WHERE b.account = ?1 AND b.id = ?2 GROUP BY b.id"))?
                .query_row(params![self.account(), id], |row| self.counted(row))
                .optional()
        })?;
        found.ok_or(Error::BatchGone)
    }

    fn counted(&self, row: &Row<'_>) -> rusqlite::Result<Batch> {
        let id = row.get(0)?;
        Ok(Batch {
            id,
            title: row.get(1)?,
            kind: named(row.get(2)?).unwrap_or(BatchKind::Other),
            person: row.get(3)?,
            made_ms: row.get(4)?,
            total: row.get(5)?,
            waiting: row.get(6)?,
            done: row.get(7)?,
            refused: row.get(8)?,
            unknown: row.get(9)?,
            left_unknown: row.get(10)?,
            left_out: row.get(11)?,
            dropped: row.get(12)?,
            under_way: self.under_way.is(id),
        })
    }

    /// Items of a batch in this state, or all, in order.
    ///
    /// # Errors
    /// `batchGone`; the store's.
    pub fn batch_items(
        &self,
        id: i64,
        state: Option<BatchItemState>,
        from: u32,
        count: u32,
    ) -> Result<BatchItems, Error> {
        self.batch(id)?;
        let state = state.map(name_of).unwrap_or_default();
        Ok(self.store.with(|connection| {
            let total = connection.query_row(
                "SELECT count(*) FROM batch_item WHERE batch = ?1 AND (?2 = '' OR state = ?2)",
                params![id, state],
                |row| row.get(0),
            )?;
            let items = connection
                .prepare_cached(&format!(
                    "{ITEM} WHERE batch = ?1 AND (?2 = '' OR state = ?2) ORDER BY place LIMIT ?3 OFFSET ?4"
                ))?
                .query_map(params![id, state, count.min(MOST_AT_ONCE), from], item)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(BatchItems { total, items })
        })?)
    }

    pub(super) fn batch_item(&self, id: i64, place: u32) -> Result<BatchItem, Error> {
        let found = self.store.with(|connection| {
            connection
                .prepare_cached(&format!("{ITEM} WHERE batch = ?1 AND place = ?2"))?
                .query_row(params![id, place], item)
                .optional()
        })?;
        found.ok_or(Error::BatchGone)
    }

    /// Drops what waits of a batch: it is never sent.
    ///
    /// # Errors
    /// `batchUnderWay`; `batchGone`; the store's.
    pub fn drop_rest(&self, id: i64) -> Result<Batch, Error> {
        self.batch(id)?;
        if self.under_way.is(id) {
            return Err(Error::BatchUnderWay);
        }
        let now = self.now_ms();
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE batch_item SET state = 'dropped', ended_ms = ?2 WHERE batch = ?1 AND state = 'waiting'",
                params![id, now],
            )?;
            drop_files(&transaction, id)?;
            transaction.commit()
        })?;
        self.batch(id)
    }

    /// What was under way when the program ended is not known.
    pub(super) fn settle_items(&self) -> Result<(), Error> {
        let problem = serde_json::to_string(&plain_problem("interrupted", &[])).unwrap_or_default();
        let now = self.now_ms();
        self.store.with(|connection| {
            connection.execute(
                "UPDATE batch_item SET state = 'unknown', problem = ?2, ended_ms = ?3
                 WHERE state = 'sending' AND batch IN (SELECT id FROM batch WHERE account = ?1)",
                params![self.account(), problem, now],
            )
        })?;
        Ok(())
    }

    /// The next item that waits, behind this place.
    pub(super) fn due(&self, id: i64, after: Option<u32>, only: Option<u32>) -> Result<Option<Due>, Error> {
        let least = after.map_or(0, |place| i64::from(place) + 1);
        let found: Option<KeptItem> = self.store.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT i.place, i.operation, i.unless_reached, f.bytes
                     FROM batch_item i LEFT JOIN batch_file f ON f.batch = i.batch AND f.place = i.place
                     WHERE i.batch = ?1 AND i.state = 'waiting' AND i.place >= ?2 AND (?3 IS NULL OR i.place = ?3)
                     ORDER BY i.place LIMIT 1",
                )?
                .query_row(params![id, least, only], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()
        })?;
        Ok(found.map(|(place, operation, unless, bytes)| {
            let operation =
                operation_of(&operation, bytes).ok_or_else(|| plain_problem("batchUnreadable", &[]));
            let unless_reached = unless.and_then(|text| serde_json::from_str(&text).ok());
            Due { place, operation, unless_reached }
        }))
    }

    /// Takes an item that waits, for nobody else to take; the number of this attempt, or `None` where somebody else did.
    pub(super) fn take(&self, id: i64, place: u32) -> Result<Option<u32>, Error> {
        Ok(self.store.with(|connection| {
            connection
                .query_row(
                    "UPDATE batch_item SET state = 'sending', attempt = attempt + 1, problem = NULL
                     WHERE batch = ?1 AND place = ?2 AND state = 'waiting' RETURNING attempt",
                    params![id, place],
                    |row| row.get(0),
                )
                .optional()
        })?)
    }

    /// An attempt was none: nothing of it was sent.
    pub(super) fn give_back(&self, id: i64, place: u32, attempt: u32) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute(
                "UPDATE batch_item SET state = 'waiting'
                 WHERE batch = ?1 AND place = ?2 AND attempt = ?3 AND state = 'sending'",
                params![id, place, attempt],
            )
        })?;
        Ok(())
    }

    /// Ends an item that waited, without sending it.
    pub(super) fn end_unsent(
        &self,
        id: i64,
        place: u32,
        state: BatchItemState,
        problem: &Problem,
    ) -> Result<(), Error> {
        let (problem, now) = (serde_json::to_string(problem).unwrap_or_default(), self.now_ms());
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE batch_item SET state = ?3, problem = ?4, ended_ms = ?5
                 WHERE batch = ?1 AND place = ?2 AND state = 'waiting'",
                params![id, place, name_of(state), problem, now],
            )?;
            drop_files(&transaction, id)?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// What became of an attempt. It may come late: then it says more than "unknown" did, unless that was asked about since.
    pub(super) fn ended(
        &self,
        (id, place, attempt): (i64, u32, u32),
        outcome: &Outcome,
        problem: Option<&Problem>,
        (guid, said): (Option<&str>, Option<&str>),
    ) -> Result<(), Error> {
        let problem = problem.map(|problem| serde_json::to_string(problem).unwrap_or_default());
        let now = self.now_ms();
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE batch_item SET state = ?4, problem = ?5, guid = ?6, said = ?7, ended_ms = ?8
                 WHERE batch = ?1 AND place = ?2 AND attempt = ?3 AND state IN ('sending', 'unknown')",
                params![id, place, attempt, outcome.name(), problem, guid, said, now],
            )?;
            if *outcome == Outcome::Done {
                self.say_called_back(&transaction, (id, place))?;
            }
            drop_files(&transaction, id)?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Whoever listens hears that a caller is called back.
    fn say_called_back(&self, connection: &Connection, (id, place): (i64, u32)) -> rusqlite::Result<()> {
        let sql = "SELECT operation ->> 'destination', operation ->> 'campaign' FROM batch_item
                   JOIN batch ON batch.id = batch WHERE batch = ?1 AND place = ?2 AND kind = ?3";
        let whom: Option<(Option<String>, Option<String>)> = connection
            .query_row(sql, params![id, place, name_of(BatchKind::CallBack)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        if let Some((Some(number), Some(campaign))) = whom {
            let said = || serde_json::json!({ "number": number, "campaign": campaign, "called": true });
            self.store.say(connection, "calledBack", said)?;
        }
        Ok(())
    }

    /// What a person says of an item that is not known: `waiting` to be sent again, `done`, or `unknown` and left so.
    pub(super) fn unknown_becomes(&self, id: i64, place: u32, state: &str) -> Result<(), Error> {
        self.batch(id)?;
        let problem = (state == "done").then(|| plain_problem("countedAsDone", &[]));
        let problem = problem.map(|problem| serde_json::to_string(&problem).unwrap_or_default());
        let (left, keeps) = (state == "unknown", state != "done");
        let changed = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let changed = transaction.execute(
                "UPDATE batch_item SET state = ?3, left = ?4, problem = CASE WHEN ?5 THEN problem ELSE ?6 END
                 WHERE batch = ?1 AND place = ?2 AND state = 'unknown'",
                params![id, place, state, left, keeps, problem],
            )?;
            drop_files(&transaction, id)?;
            transaction.commit()?;
            Ok(changed)
        })?;
        if changed == 0 { Err(Error::BatchGone) } else { Ok(()) }
    }
}

/// An item that is not known ends as a person says who looked.
pub(crate) fn settle_item(
    connection: &Connection,
    (batch, place): (i64, u32),
    (state, why): (&str, &str),
    now: i64,
) -> rusqlite::Result<()> {
    let problem = serde_json::to_string(&plain_problem(why, &[])).unwrap_or_default();
    connection.execute(
        "UPDATE batch_item SET state = ?3, problem = ?4, ended_ms = ?5
         WHERE batch = ?1 AND place = ?2 AND state = 'unknown'",
        params![batch, place, state, problem, now],
    )?;
    drop_files(connection, batch)
}

/// An item of a base with its file, which is read back before it is kept: what cannot be sent later is not taken.
fn file_first(
    item: &mut rusqlite::Statement<'_>,
    file: &mut rusqlite::Statement<'_>,
    (id, place, label, kept): (i64, u32, &str, &str),
    rows: Rows,
    (filename, timezone): (String, Option<String>),
) -> rusqlite::Result<()> {
    let bytes = rows.text().as_bytes().to_vec();
    let upload = rows.upload(filename, String::new(), timezone);
    item.execute(params![id, place, short(label), upload.name(), kept])?;
    file.execute(params![id, place, bytes])?;
    Ok(())
}

/// Files are kept for as long as they may be sent.
fn drop_files(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM batch_file WHERE batch = ?1 AND place IN (
                 SELECT place FROM batch_item WHERE batch = ?1
                 AND (state IN ('done', 'refused', 'leftOut', 'dropped') OR left = 1)
             )",
        )?
        .execute([id])?;
    Ok(())
}

fn operation_of(kept: &str, bytes: Option<Vec<u8>>) -> Option<Operation> {
    match serde_json::from_str(kept).ok()? {
        KeptOperation::Plain(operation) => Some(*operation),
        KeptOperation::Upload { base, filename, username, timezone, campaign } => {
            let text = String::from_utf8(bytes?).ok()?;
            Some(match Rows::read(base, &campaign, &text).ok()? {
                Rows::Calls(rows) => Operation::UploadBase(UploadBase { filename, username, timezone, rows }),
                Rows::Messages(rows) => Operation::UploadSmsBase(UploadSmsBase { filename, rows }),
            })
        }
    }
}

const COUNTED: &str = "SELECT b.id, b.title, b.kind, b.person, b.made_ms, count(*),
         sum(i.state = 'waiting'), sum(i.state = 'done'), sum(i.state = 'refused'),
         sum(i.state = 'unknown' AND i.left = 0), sum(i.state = 'unknown' AND i.left = 1),
         sum(i.state = 'leftOut'), sum(i.state = 'dropped')
     FROM batch b JOIN batch_item i ON i.batch = b.id";

const ITEM: &str = "SELECT place, label, name, state, problem, guid, said, left, ended_ms FROM batch_item";

fn item(row: &Row<'_>) -> rusqlite::Result<BatchItem> {
    let problem: Option<String> = row.get(4)?;
    Ok(BatchItem {
        place: row.get(0)?,
        label: row.get(1)?,
        operation: row.get(2)?,
        state: named(row.get(3)?).unwrap_or(BatchItemState::Unknown),
        problem: problem.and_then(|text| serde_json::from_str(&text).ok()),
        guid: row.get(5)?,
        said: row.get(6)?,
        left: row.get(7)?,
        ended_ms: row.get(8)?,
    })
}

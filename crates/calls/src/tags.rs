//! Tags: kept here before they are sent, sent once, confirmed by finding them.
//!
//! The server answers nothing and applies a tag a moment later; only its tag filter tells whether it took.

use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_store::{Outcome, Store};
use atalaya_ucontact::{Client, Operation, RecordFilter, operations};
use rusqlite::{Connection, Row, params};

use crate::error::Error;
use crate::list::CallList;
use crate::search::{Pages, read_pages};
use crate::wire::{Problem, Tag, TagState};
use crate::writes::{Sent, Writes};

/// Waits before each look; after the last it is "not confirmed yet".
const LOOKS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];
const LOOK_ROWS: u32 = 200;
const RECENT: u32 = 12;
const LONGEST: usize = 200;

/// The call a tag belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagTarget {
    /// The call.
    pub guid: String,
    /// The other party's number.
    pub phone: String,
    /// The call's start, server-local text.
    pub started_at: String,
}

/// Keeps of a tag what somebody who shares their work with this desk found: the server has it (`known`), or does not any more.
/// What this desk is sending itself goes on.
///
/// # Errors
/// The database's.
pub fn write_tag(
    connection: &Connection,
    account: &str,
    (guid, text): (&str, &str),
    known: bool,
    at_ms: i64,
) -> rusqlite::Result<()> {
    let sql = if known {
        "INSERT INTO tag (account, guid, text, state, at_ms) VALUES (?1, ?2, ?3, 'confirmed', ?4)
         ON CONFLICT DO UPDATE SET state = 'confirmed', problem = NULL WHERE state != 'sending'"
    } else {
        "UPDATE tag SET state = 'notConfirmed', at_ms = ?4
         WHERE account = ?1 AND guid = ?2 AND text = ?3 AND state = 'confirmed'"
    };
    connection.execute(sql, params![account, guid, text, at_ms])?;
    Ok(())
}

#[derive(Clone)]
pub(crate) struct Tags {
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) account: String,
    pub(crate) writes: Writes,
}

fn name_of(state: TagState) -> &'static str {
    match state {
        TagState::Sending => "sending",
        TagState::Pending => "pending",
        TagState::Confirmed => "confirmed",
        TagState::NotConfirmed => "notConfirmed",
        TagState::Unknown => "unknown",
        TagState::Failed => "failed",
    }
}

fn state_of(name: &str) -> TagState {
    match name {
        "sending" => TagState::Sending,
        "pending" => TagState::Pending,
        "confirmed" => TagState::Confirmed,
        "unknown" => TagState::Unknown,
        "failed" => TagState::Failed,
        _ => TagState::NotConfirmed,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Tag> {
    let state: String = row.get(2)?;
    let problem: Option<String> = row.get(4)?;
    Ok(Tag {
        guid: row.get(0)?,
        text: row.get(1)?,
        state: state_of(&state),
        at_ms: row.get(3)?,
        problem: problem.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

impl Tags {
    /// A program that ended while a tag was under way does not know what became of it.
    pub(crate) fn wake(&self) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute(
                "UPDATE tag SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'notConfirmed' END
                 WHERE account = ?1 AND state IN ('sending', 'pending')",
                [&self.account],
            )
        })?;
        Ok(())
    }

    pub(crate) fn of(&self, guids: &[String]) -> Result<Vec<Tag>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT guid, text, state, at_ms, problem FROM tag WHERE account = ?1 AND guid = ?2 ORDER BY at_ms",
            )?;
            let mut tags = Vec::new();
            for guid in guids {
                for tag in statement.query_map(params![self.account, guid], read)? {
                    tags.push(tag?);
                }
            }
            Ok(tags)
        })?)
    }

    pub(crate) fn recent(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT text FROM tag WHERE account = ?1 GROUP BY text ORDER BY max(at_ms) DESC LIMIT ?2",
            )?;
            statement.query_map(params![self.account, RECENT], |row| row.get(0))?.collect()
        })?)
    }

    /// A tag the server showed on these calls: all of them are kept, or none.
    pub(crate) fn learned(&self, guids: &[String], text: &str) -> Result<(), Error> {
        let now_ms = self.store.clock().now_ms();
        self.store.with(|connection| {
            // A commit waits for the disk: once for all of them.
            let all = connection.transaction()?;
            {
                let mut one = all.prepare_cached(
                    "INSERT INTO tag (account, guid, text, state, at_ms) VALUES (?1, ?2, ?3, 'confirmed', ?4)
                     ON CONFLICT DO UPDATE SET state = 'confirmed', problem = NULL",
                )?;
                for guid in guids {
                    one.execute(params![self.account, guid, text, now_ms])?;
                }
            }
            all.commit()
        })?;
        Ok(())
    }

    fn keep(&self, guid: &str, text: &str, state: TagState, problem: Option<Problem>) -> Result<Tag, Error> {
        let at_ms = self.store.clock().now_ms();
        let written = problem.as_ref().and_then(|problem| serde_json::to_string(problem).ok());
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT OR REPLACE INTO tag (account, guid, text, state, at_ms, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![self.account, guid, text, name_of(state), at_ms, written],
            )?;
            // What is under way, or failed, is nobody else's.
            if matches!(state, TagState::Confirmed | TagState::NotConfirmed) {
                let known = state == TagState::Confirmed;
                let said = || serde_json::json!({ "guid": guid, "text": text, "known": known });
                self.store.say(&transaction, "tag", said)?;
            }
            transaction.commit()
        })?;
        Ok(Tag { guid: guid.to_owned(), text: text.to_owned(), state, at_ms, problem })
    }

    /// Sends a tag once, through the audit trail, then looks for it in the background: also when nobody knows whether it
    /// arrived.
    pub(crate) async fn send(
        &self,
        target: &TagTarget,
        text: &str,
        on: impl Fn(Tag) + Send + Sync + 'static,
    ) -> Result<Tag, Error> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(Error::InvalidInput("tag"));
        }
        if self.writes.tasks().ending() {
            return Err(Error::SignedOut);
        }
        let operation = Operation::Tag(operations::Tag {
            phone: target.phone.clone(),
            guid: target.guid.clone(),
            data: text.to_owned(),
        });
        if let Some(flaw) = operation.check().first() {
            return Err(Error::InvalidInput(flaw.field));
        }
        let before = self.of(std::slice::from_ref(&target.guid))?.into_iter().find(|tag| tag.text == text);
        on(self.keep(&target.guid, text, TagState::Sending, None)?);
        let on = Arc::new(on);
        let after = {
            let (tags, guid, text, on) =
                (self.clone(), target.guid.clone(), text.to_owned(), Arc::clone(&on));
            move |sent: &Sent| match tags.sent(&guid, &text, sent) {
                Ok(tag) => on(tag),
                Err(error) => tracing::error!(%error, "what became of a tag could not be kept"),
            }
        };
        let sent = self.writes.perform(&self.client, operation, after).await;
        let sent = match sent {
            Ok(sent) => sent,
            Err(error) => {
                // Nothing was sent: it is as it was.
                self.put_back(&target.guid, text, before.as_ref())?;
                return Err(error);
            }
        };
        if !matches!(sent.outcome, Outcome::Refused(_)) {
            let (tags, target, text) = (self.clone(), target.clone(), text.to_owned());
            self.writes.tasks().spawn(async move { tags.confirm(&target, &text, &*on).await });
        }
        let now = self.of(std::slice::from_ref(&target.guid))?;
        now.into_iter().find(|tag| tag.text == text).ok_or(Error::InvalidInput("tag"))
    }

    /// Keeps what became of a tag.
    fn sent(&self, guid: &str, text: &str, sent: &Sent) -> Result<Tag, Error> {
        let state = match sent.outcome {
            Outcome::Done => TagState::Pending,
            Outcome::Refused(_) => TagState::Failed,
            Outcome::Unknown(_) => TagState::Unknown,
        };
        self.keep(guid, text, state, sent.error.as_ref().map(atalaya_ucontact::Error::problem))
    }

    fn put_back(&self, guid: &str, text: &str, before: Option<&Tag>) -> Result<(), Error> {
        if let Some(tag) = before {
            self.keep(guid, text, tag.state, tag.problem.clone())?;
            return Ok(());
        }
        self.store.with(|connection| {
            connection.execute(
                "DELETE FROM tag WHERE account = ?1 AND guid = ?2 AND text = ?3",
                params![self.account, guid, text],
            )
        })?;
        Ok(())
    }

    async fn confirm(&self, target: &TagTarget, text: &str, on: &(impl Fn(Tag) + Sync)) {
        let mut looked = false;
        for wait in LOOKS {
            tokio::time::sleep(wait).await;
            if !self.client.signed_in() {
                break;
            }
            match self.look(target, text).await {
                Ok(true) => {
                    if let Ok(tag) = self.keep(&target.guid, text, TagState::Confirmed, None) {
                        on(tag);
                    }
                    return;
                }
                Ok(false) => looked = true,
                Err(_) => {}
            }
        }
        // Where no look was answered, what is known of it is what was known before.
        if looked && let Ok(tag) = self.keep(&target.guid, text, TagState::NotConfirmed, None) {
            on(tag);
        }
    }

    /// Looks once.
    pub(crate) async fn check(&self, target: &TagTarget, text: &str) -> Result<Tag, Error> {
        let state = if self.look(target, text).await? { TagState::Confirmed } else { TagState::NotConfirmed };
        self.keep(&target.guid, text, state, None)
    }

    /// Whether the server's tag filter shows this call.
    async fn look(&self, target: &TagTarget, text: &str) -> Result<bool, Error> {
        let day = target.started_at.get(..10).ok_or(Error::InvalidInput("date"))?;
        let filter = RecordFilter {
            calldatei: format!("{day} 00:00:00"),
            calldatef: format!("{day} 23:59:59"),
            data: text.to_owned(),
            ..RecordFilter::default()
        };
        // Until it is found, or the list is at its end: a server may give less at once than it is asked for.
        let list = Mutex::new(CallList::default());
        let mut found = false;
        let ask = |offset, limit| self.client.call_records(offset, limit, &filter);
        read_pages(
            &list,
            Pages::of(LOOK_ROWS),
            ask,
            |_| ready(()),
            |new, _, _| {
                found = new.contains(&target.guid);
                !found
            },
        )
        .await?;
        Ok(found)
    }
}

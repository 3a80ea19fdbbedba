//! The trail every write goes through: written before it is sent, finished when the answer is in.
//!
//! An entry without an outcome is a write that was cut off: it may or may not have happened, and says so.

use rusqlite::{Row, params};
use serde::Deserialize;
use ts_rs::TS;

use crate::error::Error;
use crate::store::Store;

/// A write about to be sent.
#[derive(Debug, Clone)]
pub struct Write<'a> {
    /// The vendor's operation, like `TagRecord`.
    pub operation: &'a str,
    /// What it is about: a guid, a number.
    pub target: &'a str,
    /// What is sent.
    pub detail: serde_json::Value,
    /// The account.
    pub user: &'a str,
    /// The person.
    pub reviewer: &'a str,
}

/// How a write ended. There are these three, and no fourth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted.
    Done,
    /// It has not happened: the server said no (its text), or it never left (the code of why).
    Refused(String),
    /// It may have happened: no answer, or none that says (the code of why).
    Unknown(String),
}

impl Outcome {
    /// Its name, on the wire and in the file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The server's text or the code of why; `None` when done.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Refused(why) | Self::Unknown(why) => Some(why),
        }
    }
}

/// An entry whose end is still to be written. Given up without one, it stands for a write that was cut off.
#[derive(Debug)]
#[must_use = "the trail has to say how it ended"]
pub struct Entry {
    audit: Audit,
    id: i64,
    /// As it was begun: whoever listens hears it again with its end.
    said: serde_json::Value,
}

/// One line of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// The vendor's operation.
    pub operation: String,
    /// What it is about.
    pub target: String,
    /// What was sent.
    pub detail: serde_json::Value,
    /// The account.
    pub user: String,
    /// The person.
    pub reviewer: String,
    /// `Unknown` also of a write that was cut off with the program.
    pub outcome: Outcome,
}

/// Which entries; empty text is any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    /// The operation, whole.
    pub operation: String,
    /// Part of the target, of what was sent, or of who did it.
    pub text: String,
    /// From, epoch milliseconds.
    #[ts(type = "number | null")]
    pub from_ms: Option<i64>,
    /// Before, epoch milliseconds.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
}

/// The trail.
#[derive(Debug, Clone)]
pub struct Audit {
    store: Store,
}

impl Store {
    /// The trail of writes.
    pub fn audit(&self) -> Audit {
        Audit { store: self.clone() }
    }
}

impl Audit {
    /// Writes down what is about to be sent.
    ///
    /// # Errors
    /// The database's: then it must not be sent.
    pub fn begin(&self, write: &Write<'_>) -> Result<Entry, Error> {
        let (detail, at_ms) = (write.detail.to_string(), self.store.clock().now_ms());
        let (id, said) = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO audit (at_ms, operation, target, detail, user, reviewer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![at_ms, write.operation, write.target, detail, write.user, write.reviewer],
            )?;
            let id = transaction.last_insert_rowid();
            let said = said(write, (at_ms, id), None);
            self.store.say(&transaction, "audit", || said.clone())?;
            transaction.commit()?;
            Ok((id, said))
        })?;
        Ok(Entry { audit: self.clone(), id, said })
    }

    /// Writes down what was done here, without a request: heard, scored, exported.
    ///
    /// # Errors
    /// The database's.
    pub fn record(&self, write: &Write<'_>) -> Result<(), Error> {
        let (detail, at_ms) = (write.detail.to_string(), self.store.clock().now_ms());
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO audit (at_ms, operation, target, detail, user, reviewer, outcome, finished_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'done', ?1)",
                params![at_ms, write.operation, write.target, detail, write.user, write.reviewer],
            )?;
            let id = transaction.last_insert_rowid();
            self.store.say(&transaction, "audit", || said(write, (at_ms, id), Some(&Outcome::Done)))?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Entries that fit, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub fn find(&self, filter: &AuditFilter, most: u32) -> Result<Vec<AuditEntry>, Error> {
        let text = format!("%{}%", filter.text.trim().replace(['%', '_'], ""));
        self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at_ms, operation, target, detail, user, reviewer, outcome, outcome_detail FROM audit
                 WHERE (?1 = '' OR operation = ?1) AND at_ms >= ?2 AND at_ms < ?3
                 AND (?4 = '%%' OR target LIKE ?4 OR detail LIKE ?4 OR reviewer LIKE ?4 OR user LIKE ?4)
                 ORDER BY id DESC LIMIT ?5",
            )?;
            let until = filter.until_ms.unwrap_or(i64::MAX);
            let of = params![filter.operation, filter.from_ms.unwrap_or(0), until, text, most];
            statement.query_map(of, entry)?.collect()
        })
    }

    /// The newest entries first.
    ///
    /// # Errors
    /// The database's.
    pub fn recent(&self, most: u32) -> Result<Vec<AuditEntry>, Error> {
        self.store.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT at_ms, operation, target, detail, user, reviewer, outcome, outcome_detail
                 FROM audit ORDER BY id DESC LIMIT ?1",
            )?;
            statement.query_map([most], entry)?.collect()
        })
    }
}

impl Entry {
    /// Writes down how it ended.
    ///
    /// # Errors
    /// The database's.
    pub fn finish(self, outcome: &Outcome) -> Result<(), Error> {
        let store = &self.audit.store;
        store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE audit SET outcome = ?2, outcome_detail = ?3, finished_ms = ?4 WHERE id = ?1",
                params![self.id, outcome.name(), outcome.why(), store.clock().now_ms()],
            )?;
            store.say(&transaction, "audit", || {
                let mut said = self.said.clone();
                said["outcome"] = outcome.name().into();
                said["why"] = outcome.why().into();
                said
            })?;
            transaction.commit()
        })?;
        Ok(())
    }
}

/// A line for whoever listens; a line and its end have the same `entry`.
fn said(write: &Write<'_>, (at_ms, id): (i64, i64), outcome: Option<&Outcome>) -> serde_json::Value {
    serde_json::json!({
        "entry": format!("{at_ms}-{id}"), "operation": write.operation, "target": write.target, "detail": write.detail,
        "user": write.user, "outcome": outcome.map(Outcome::name), "why": outcome.and_then(Outcome::why)
    })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let detail: String = row.get(3)?;
    let (name, text): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let text = text.unwrap_or_default();
    Ok(AuditEntry {
        at_ms: row.get(0)?,
        operation: row.get(1)?,
        target: row.get(2)?,
        detail: serde_json::from_str(&detail).unwrap_or_default(),
        user: row.get(4)?,
        reviewer: row.get(5)?,
        outcome: match name.as_deref() {
            // "ok" and "failed" are of programs before there were three outcomes: what failed then may have arrived.
            Some("done" | "ok") => Outcome::Done,
            Some("refused") => Outcome::Refused(text),
            _ => Outcome::Unknown(text),
        },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use atalaya_clock::Clock;

    use super::*;

    #[test]
    fn a_write_that_was_cut_off_is_remembered_as_unknown() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.sqlite");
        let write = |target| Write {
            operation: "TagRecord",
            target,
            detail: serde_json::json!({"data": "reclamo"}),
            user: "api",
            reviewer: "Marta",
        };
        let audit = Store::open(&file, &[], Clock::system()).unwrap().audit();
        let first = audit.begin(&write("g-1")).unwrap();
        first.finish(&Outcome::Refused("no".into())).unwrap();
        drop(audit.begin(&write("g-2")).unwrap());
        drop(audit);
        let entries = Store::open(&file, &[], Clock::system()).unwrap().audit().recent(10).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(
            (entries[0].target.as_str(), entries[0].outcome.clone()),
            ("g-2", Outcome::Unknown(String::new()))
        );
        assert_eq!(entries[1].outcome, Outcome::Refused("no".into()));
        assert_eq!(entries[1].detail["data"], "reclamo");
        assert_eq!(entries[1].reviewer, "Marta");
    }

    #[test]
    fn the_trail_is_searched() {
        let held = Clock::held(1_000);
        let audit = Store::in_memory(&[], held.clock()).unwrap().audit();
        for (operation, target, text) in
            [("TagRecord", "g-1", "reclamo"), ("score", "g-1", "80"), ("heard", "g-2", "")]
        {
            let detail = serde_json::json!({ "data": text });
            audit.record(&Write { operation, target, detail, user: "api", reviewer: "Marta" }).unwrap();
        }
        let found = |operation: &str, text: &str| {
            let filter =
                AuditFilter { operation: operation.into(), text: text.into(), ..AuditFilter::default() };
            let entries = audit.find(&filter, 10).unwrap();
            entries.into_iter().map(|entry| entry.operation).collect::<Vec<_>>()
        };
        assert_eq!(found("", ""), ["heard", "score", "TagRecord"]);
        assert_eq!(found("", "g-1"), ["score", "TagRecord"]);
        assert_eq!(found("", "RECLA"), ["TagRecord"]);
        assert_eq!(found("score", "marta"), ["score"]);
        held.advance(Duration::from_secs(60));
        audit
            .record(&Write { operation: "export", target: "", detail: 1.into(), user: "api", reviewer: "" })
            .unwrap();
        let between = |from_ms, until_ms| {
            let filter =
                AuditFilter { from_ms: Some(from_ms), until_ms: Some(until_ms), ..AuditFilter::default() };
            audit.find(&filter, 10).unwrap().len()
        };
        assert_eq!((between(1_000, 61_000), between(61_000, 61_001), between(61_001, 99_000)), (3, 1, 0));
        assert_eq!(audit.recent(9).unwrap()[0].outcome, Outcome::Done);
    }
}

//! One desk's part in a team: who it is there, how far it has read, what holds of a thing.

use atalaya_store::{Store, Uuid};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::change::{Change, Kind, Numbered, Place};
use crate::error::Error;
use crate::rules::{Settled, Verdict, settle};

/// A desk as the team knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The desk.
    pub desk: Uuid,
    /// Who sits there, by the name the team knows them by: their reviews are in this name.
    pub who: String,
    /// Whether they are a lead.
    pub lead: bool,
}

/// One desk's part in the team of one account; clones are handles to the same.
#[derive(Debug, Clone)]
pub struct Teamwork {
    pub(crate) store: Store,
    pub(crate) account: String,
    pub(crate) member: Member,
}

/// JSON of ours in a row.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

pub(crate) fn written<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    let desk = Uuid::try_parse(row.get_ref(0)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(Member { desk, who: row.get(1)?, lead: row.get(2)? })
}

impl Teamwork {
    /// Joins, or says anew who sits here: what was read and what waits stays. The store must have [`crate::MIGRATIONS`].
    ///
    /// # Errors
    /// The store's.
    pub fn join(store: Store, account: &str, member: Member) -> Result<Self, Error> {
        store.with(|connection| {
            connection.execute(
                "INSERT INTO team (account, desk, who, lead) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account) DO UPDATE SET desk = excluded.desk, who = excluded.who, lead = excluded.lead",
                params![account, member.desk.to_string(), member.who, member.lead],
            )
        })?;
        Ok(Self { store, account: account.to_owned(), member })
    }

    /// The team this account is in; `None`: in none.
    ///
    /// # Errors
    /// The store's.
    pub fn of(store: Store, account: &str) -> Result<Option<Self>, Error> {
        let sql = "SELECT desk, who, lead FROM team WHERE account = ?1";
        let found = store.with(|connection| connection.query_row(sql, [account], member).optional())?;
        Ok(found.map(|member| Self { store, account: account.to_owned(), member }))
    }

    /// Leaves: what is judged stays here; what waited, and what the log said, is forgotten.
    ///
    /// # Errors
    /// The store's.
    pub fn leave(self) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for table in ["team", "outbox", "settled", "told"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE account = ?1"), [&self.account])?;
            }
            transaction.commit()
        })?;
        Ok(())
    }

    /// Who sits here.
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// Everything up to this place in the log is in this copy; 0: nothing yet.
    ///
    /// # Errors
    /// The store's.
    pub fn applied(&self) -> Result<i64, Error> {
        let sql = "SELECT applied FROM team WHERE account = ?1";
        let found = self.store.with(|c| c.query_row(sql, [&self.account], |row| row.get(0)).optional())?;
        Ok(found.unwrap_or(0))
    }

    /// How far this copy has read, and which change that was; `None`: nothing yet, or by an earlier program, which did not write
    /// it down.
    ///
    /// # Errors
    /// The store's.
    pub fn stand(&self) -> Result<(i64, Option<Uuid>), Error> {
        let sql = "SELECT applied, last FROM team WHERE account = ?1";
        let found = self.store.with(|connection| {
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?));
            connection.query_row(sql, [&self.account], read).optional()
        })?;
        let (applied, last) = found.unwrap_or_default();
        Ok((applied, last.and_then(|last| Uuid::try_parse(&last).ok())))
    }

    /// Writes down which change the one of that place was, where an earlier program did not.
    ///
    /// # Errors
    /// The store's.
    pub fn stands_at(&self, seq: i64, change: Uuid) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute(
                "UPDATE team SET last = ?3 WHERE account = ?1 AND applied = ?2 AND last IS NULL",
                params![self.account, seq, change.to_string()],
            )
        })?;
        Ok(())
    }

    /// What time it is by the log's clock, as whoever carries changes heard it (epoch milliseconds).
    ///
    /// # Errors
    /// The store's.
    pub fn set_log_clock(&self, now_ms: i64) -> Result<(), Error> {
        let ahead = now_ms.saturating_sub(self.store.clock().now_ms());
        self.store.with(|connection| {
            connection
                .execute("UPDATE team SET clock_ms = ?2 WHERE account = ?1", params![self.account, ahead])
        })?;
        Ok(())
    }

    /// What time it may be by the log's clock.
    pub(crate) fn log_now_ms(&self, connection: &Connection) -> rusqlite::Result<i64> {
        Ok(self.store.clock().now_ms().saturating_add(self.ahead(connection)?))
    }

    /// How far the log's clock is ahead of this desk's, milliseconds, as it was heard last; behind is less than 0.
    ///
    /// # Errors
    /// The store's.
    pub fn log_ahead_ms(&self) -> Result<i64, Error> {
        Ok(self.store.with(|connection| self.ahead(connection))?)
    }

    fn ahead(&self, connection: &Connection) -> rusqlite::Result<i64> {
        let ahead: Option<i64> = connection
            .prepare_cached("SELECT clock_ms FROM team WHERE account = ?1")?
            .query_row([&self.account], |row| row.get(0))
            .optional()?;
        Ok(ahead.unwrap_or(0))
    }

    /// What holds of a thing by the log alone.
    pub(crate) fn settled(
        &self,
        connection: &Connection,
        place: &Place,
    ) -> rusqlite::Result<Option<Settled>> {
        connection
            .prepare_cached("SELECT body FROM settled WHERE account = ?1 AND kind = ?2 AND thing = ?3")?
            .query_row(params![self.account, place.kind.name(), place.thing.to_string()], |row| {
                read(row.get_ref(0)?.as_str()?)
            })
            .optional()
    }

    /// What holds of a thing with what waits here on top of it: what the window shows.
    pub(crate) fn so(&self, connection: &Connection, place: &Place) -> rusqlite::Result<Option<Settled>> {
        let mut so = self.settled(connection, place)?;
        let waiting: Vec<Change> = connection
            .prepare_cached(
                "SELECT body FROM outbox WHERE account = ?1 AND kind = ?2 AND thing = ?3 ORDER BY id",
            )?
            .query_map(params![self.account, place.kind.name(), place.thing.to_string()], |row| {
                read(row.get_ref(0)?.as_str()?)
            })?
            .collect::<rusqlite::Result<_>>()?;
        for change in waiting {
            let next = self.unnumbered(connection, change)?;
            if let Verdict::Holds(settled) = settle(so.as_ref(), &next) {
                so = Some(settled);
            }
        }
        Ok(so)
    }

    /// A change of this desk as if the log took it now.
    pub(crate) fn unnumbered(&self, connection: &Connection, change: Change) -> rusqlite::Result<Numbered> {
        let Member { who, lead, .. } = self.member.clone();
        Ok(Numbered { seq: i64::MAX, who, lead, logged_ms: self.log_now_ms(connection)?, change })
    }

    /// What holds of every thing of a kind, with what waits here on top.
    ///
    /// # Errors
    /// The store's.
    pub fn all(&self, kind: Kind) -> Result<Vec<Settled>, Error> {
        let sql = "SELECT thing FROM settled WHERE account = ?1 AND kind = ?2
                   UNION SELECT thing FROM outbox WHERE account = ?1 AND kind = ?2 ORDER BY 1";
        Ok(self.store.with(|connection| {
            let things: Vec<String> = connection
                .prepare_cached(sql)?
                .query_map(params![self.account, kind.name()], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let mut all = Vec::new();
            for thing in things {
                let Ok(thing) = Uuid::try_parse(&thing) else { continue };
                all.extend(self.so(connection, &Place { kind, thing })?);
            }
            Ok(all)
        })?)
    }
}

//! What was changed here and waits to be taken by the log: in order, over restarts, until the log has given it a number and
//! that number has come back.
//!
//! Left out on purpose: the way to the log. Whoever carries it asks for [`Outbox::pending`], appends each change under its own
//! identity (twice is once), and says the number.

use atalaya_store::{Uuid, identity};
use rusqlite::{Connection, OptionalExtension, params};

use crate::change::{Change, Kind, LAYOUT, What};
use crate::error::Error;
use crate::rules::{Verdict, Why, settle};
use crate::team::{Teamwork, read, written};
use crate::told::Told;

/// What waits, of one desk.
#[derive(Debug, Clone)]
pub struct Outbox {
    pub(crate) team: Teamwork,
}

impl Outbox {
    /// The next changes to hand to the log, the oldest first; empty: nothing waits. What is given out once is given out again
    /// word for word until it has a number.
    ///
    /// # Errors
    /// The store's.
    pub fn pending(&self, limit: u32) -> Result<Vec<Change>, Error> {
        Ok(self.team.store.with(|connection| {
            let transaction = connection.transaction()?;
            let rows: Vec<(i64, bool, Change)> = transaction
                .prepare_cached(
                    "SELECT id, offered, body FROM outbox WHERE account = ?1 AND seq IS NULL ORDER BY id LIMIT ?2",
                )?
                .query_map(params![self.team.account, limit], |row| {
                    Ok((row.get(0)?, row.get(1)?, read(row.get_ref(2)?.as_str()?)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            for (id, ..) in rows.iter().filter(|(_, offered, _)| !offered) {
                transaction.execute("UPDATE outbox SET offered = 1 WHERE id = ?1", [id])?;
            }
            transaction.commit()?;
            Ok(rows.into_iter().map(|(.., change)| change).collect())
        })?)
    }

    /// The log took a change: its place; 0 where it keeps it sealed. It stays until it has come back with the others.
    ///
    /// # Errors
    /// The store's.
    pub fn numbered(&self, id: Uuid, seq: i64) -> Result<(), Error> {
        self.numbered_all(&[(id, seq)])
    }

    /// The log took changes: their places. One commit, and so one wait for the disk, for all of them.
    ///
    /// # Errors
    /// The store's: none of it is known then, and all are offered again.
    pub fn numbered_all(&self, places: &[(Uuid, i64)]) -> Result<(), Error> {
        self.team.store.with(|connection| {
            let transaction = connection.transaction()?;
            for (id, seq) in places {
                transaction
                    .prepare_cached("UPDATE outbox SET seq = ?3 WHERE account = ?1 AND change = ?2")?
                    .execute(params![self.team.account, id.to_string(), seq])?;
            }
            transaction.commit()
        })?;
        Ok(())
    }

    /// What the log took and has no more is handed over again: its end was said to be there when this copy had read to it, and
    /// everything up to where this copy stands has come back. How many that is.
    ///
    /// # Errors
    /// The store's.
    pub fn again(&self, there: i64) -> Result<u32, Error> {
        let sql = "UPDATE outbox SET seq = NULL WHERE account = ?1 AND seq IS NOT NULL
                   AND (seq > ?2 OR seq <= (SELECT applied FROM team WHERE account = ?1))";
        let lost = self.team.store.with(|c| c.execute(sql, params![self.team.account, there]))?;
        Ok(u32::try_from(lost).unwrap_or(u32::MAX))
    }

    /// The log will never take a change, in its own words: it is taken out, the person is told, with everything that was in
    /// it, and the window shows what holds without it.
    ///
    /// # Errors
    /// The store's.
    pub fn refused(&self, id: Uuid, said: &str) -> Result<(), Error> {
        let team = &self.team;
        team.store.with(|connection| {
            let transaction = connection.transaction()?;
            let gone: Option<Change> = transaction
                .query_row(
                    "DELETE FROM outbox WHERE account = ?1 AND change = ?2 RETURNING body",
                    params![team.account, id.to_string()],
                    |row| read(row.get_ref(0)?.as_str()?),
                )
                .optional()?;
            if let Some(change) = gone {
                let why = Why::NotTaken { said: said.to_owned() };
                team.show(&transaction, &change.place())?;
                team.tell(&transaction, &Told::Refused { why, change: Box::new(change) })?;
            }
            transaction.commit()
        })?;
        Ok(())
    }

    /// How many changes have no number yet.
    ///
    /// # Errors
    /// The store's.
    pub fn waiting(&self) -> Result<u32, Error> {
        let sql = "SELECT count(*) FROM outbox WHERE account = ?1 AND seq IS NULL";
        Ok(self.team.store.with(|c| c.query_row(sql, [&self.team.account], |row| row.get(0)))?)
    }
}

/// Kinds of which the last word is the whole word: what was not offered yet makes way for it.
fn is_whole(kind: Kind) -> bool {
    match kind {
        Kind::Review
        | Kind::Worklist
        | Kind::Entry
        | Kind::Feedback
        | Kind::AlertSeen
        | Kind::Note
        | Kind::Disposition
        | Kind::Disposed
        | Kind::Tag
        | Kind::FloorAlertSeen
        | Kind::CalledBack
        | Kind::Blacklisted
        | Kind::House => true,
        Kind::Card
        | Kind::Claim
        | Kind::Alert
        | Kind::Calibration
        | Kind::Judged
        | Kind::JudgedIn
        | Kind::Audit => false,
    }
}

impl Teamwork {
    /// What waits to be taken by the log.
    pub fn outbox(&self) -> Outbox {
        Outbox { team: self.clone() }
    }

    /// Puts a change into the outbox, within the transaction of what it is about. What is so already is not put there; nor
    /// is what would not hold as far as is known here: then `Some` says why, and the rows are again as the others have them.
    pub(crate) fn put(&self, connection: &Connection, what: What) -> rusqlite::Result<Option<Why>> {
        let at_ms = self.store.clock().now_ms();
        let (desk, who) = (self.member.desk, self.member.who.clone());
        let change = Change { layout: LAYOUT, id: identity::fresh(at_ms), desk, who, at_ms, what };
        let place = change.place();
        let next = self.unnumbered(connection, change)?;
        match settle(self.so(connection, &place)?.as_ref(), &next) {
            Verdict::Refused(why) => {
                // What was written here all the same would be in no other copy.
                self.show(connection, &place)?;
                return Ok(Some(why));
            }
            Verdict::Known => return Ok(None),
            Verdict::Holds(_) => {}
        }
        let (kind, thing) = (place.kind.name(), place.thing.to_string());
        if is_whole(place.kind) {
            connection
                .prepare_cached(
                    "DELETE FROM outbox WHERE account = ?1 AND kind = ?2 AND thing = ?3 AND offered = 0",
                )?
                .execute(params![self.account, kind, thing])?;
            // Back to what the others know already.
            if settle(self.so(connection, &place)?.as_ref(), &next) == Verdict::Known {
                return Ok(None);
            }
        }
        connection
            .prepare_cached(
                "INSERT INTO outbox (account, change, kind, thing, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                self.account,
                next.change.id.to_string(),
                kind,
                thing,
                written(&next.change)?
            ])?;
        Ok(None)
    }

    /// Says something of the team that has no row here: a rule of the house, who sees to an alert of the floor.
    ///
    /// # Errors
    /// `teamRefused` where it would not hold as far as is known here; the store's.
    pub fn say(&self, what: What) -> Result<(), Error> {
        let refused = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let refused = self.put(&transaction, what)?;
            transaction.commit()?;
            Ok(refused)
        })?;
        refused.map_or(Ok(()), |why| Err(Error::Refused(why)))
    }
}

//! What a person has to be told of what became of their changes: kept until they have read it, with everything that was in
//! them. Nothing typed is lost because it does not hold.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::error::Error;
use crate::rules::Why;
use crate::team::{Teamwork, read, written};

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Told {
    /// A change of this desk does not hold.
    Refused {
        /// Why.
        why: Why,
        /// All of it.
        change: Box<Change>,
    },
    /// Others saved the same card meanwhile: all of them are kept, to be compared.
    Meanwhile {
        /// The card's key.
        card: String,
        /// Its name.
        name: String,
        /// The number this desk's version has.
        number: u32,
        /// The numbers of the others', with who is known to the log.
        others: Vec<u32>,
    },
}

/// A line of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldLine {
    /// Its number here.
    pub id: i64,
    /// Epoch milliseconds, by this desk's clock.
    pub at_ms: i64,
    /// What.
    pub told: Told,
}

impl Teamwork {
    pub(crate) fn tell(&self, connection: &Connection, told: &Told) -> rusqlite::Result<()> {
        connection.execute(
            "INSERT INTO told (account, at_ms, body) VALUES (?1, ?2, ?3)",
            params![self.account, self.store.clock().now_ms(), written(told)?],
        )?;
        Ok(())
    }

    /// What was not read yet, the oldest first.
    ///
    /// # Errors
    /// The store's.
    pub fn told(&self) -> Result<Vec<ToldLine>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, at_ms, body FROM told WHERE account = ?1 ORDER BY id")?;
            statement
                .query_map([&self.account], |row| {
                    let told = read(row.get_ref(2)?.as_str()?)?;
                    Ok(ToldLine { id: row.get(0)?, at_ms: row.get(1)?, told })
                })?
                .collect()
        })?)
    }

    /// A line was read.
    ///
    /// # Errors
    /// The store's.
    pub fn told_and_read(&self, id: i64) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute("DELETE FROM told WHERE account = ?1 AND id = ?2", params![self.account, id])
        })?;
        Ok(())
    }
}

//! Where each recording was left, so that it goes on from there the next time, days later too.

use atalaya_store::Migrations;
use rusqlite::{OptionalExtension, params};

use crate::calls::Calls;
use crate::error::Error;

/// The table of positions.
pub const POSITIONS: Migrations = Migrations {
    owner: "positions",
    steps: &["CREATE TABLE position (
             account TEXT NOT NULL, guid TEXT NOT NULL, secs REAL NOT NULL, at_ms INTEGER NOT NULL,
             PRIMARY KEY (account, guid)
         ) STRICT;
         CREATE INDEX position_at ON position (at_ms);"],
};

/// Recordings whose position is kept, for all accounts together; the longest untouched go first.
const MOST: u32 = 10_000;

impl Calls {
    /// Second at which this account left a recording; `None` when it was heard to its end, or never.
    ///
    /// # Errors
    /// The store's.
    pub fn position(&self, guid: &str) -> Result<Option<f64>, Error> {
        let account = self.account();
        Ok(self.store().with(|connection| {
            let sql = "SELECT secs FROM position WHERE account = ?1 AND guid = ?2";
            connection.query_row(sql, [account, guid], |row| row.get(0)).optional()
        })?)
    }

    /// Keeps where a recording was left; `None` forgets it: the next time it begins at its start.
    ///
    /// # Errors
    /// The store's.
    pub fn keep_position(&self, guid: &str, secs: Option<f64>) -> Result<(), Error> {
        let (account, at_ms) = (self.account(), self.store().clock().now_ms());
        self.store().with(|connection| {
            let Some(secs) = secs.filter(|secs| secs.is_finite()) else {
                return connection
                    .execute("DELETE FROM position WHERE account = ?1 AND guid = ?2", [account, guid]);
            };
            connection.execute(
                "INSERT OR REPLACE INTO position (account, guid, secs, at_ms) VALUES (?1, ?2, ?3, ?4)",
                params![account, guid, secs, at_ms],
            )?;
            connection.execute(
                "DELETE FROM position WHERE at_ms <
                 (SELECT at_ms FROM position ORDER BY at_ms DESC LIMIT 1 OFFSET ?1)",
                [MOST],
            )
        })?;
        Ok(())
    }
}

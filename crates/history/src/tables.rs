//! The tables of the history, and keeping them within bounds.

use atalaya_store::Migrations;
use rusqlite::{Connection, params};

use crate::hours::thin_hour;
use crate::record::{HOUR_MS, hour_of};

/// The tables this crate owns.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    owner: "history",
    steps: &["CREATE TABLE site (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, offset_secs INTEGER) STRICT;
         CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
         CREATE TABLE run (
             site INTEGER NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (site, from_ms)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE batch (
             id INTEGER PRIMARY KEY, site INTEGER NOT NULL, hour INTEGER NOT NULL, body BLOB NOT NULL
         ) STRICT;
         CREATE INDEX batch_hour ON batch (site, hour);
         CREATE TABLE hour (
             site INTEGER NOT NULL, hour INTEGER NOT NULL, subject INTEGER NOT NULL, detail INTEGER NOT NULL,
             body BLOB NOT NULL, PRIMARY KEY (site, hour, subject)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE alert (
             site INTEGER NOT NULL, id INTEGER NOT NULL, raised_ms INTEGER NOT NULL, resolved_ms INTEGER,
             body TEXT NOT NULL, PRIMARY KEY (site, id)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX alert_raised ON alert (site, raised_ms);"],
};

/// For so long every change is kept: always all of today.
const DETAIL_HOURS: i64 = 26;
const DAY_HOURS: i64 = 24;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Days.
    pub days: u32,
    /// Bytes of the file.
    pub max_bytes: u64,
}

/// Bytes in use, without those that were freed.
pub(crate) fn bytes_used(connection: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")? - pragma("freelist_count")?;
    Ok(u64::try_from(pages * pragma("page_size")?).unwrap_or_default())
}

/// Takes the detail out of what is older than a day, and drops what is older or more than wished. Gives back how many
/// hours were touched.
pub(crate) fn tidy(connection: &mut Connection, now_ms: i64, bounds: Bounds) -> rusqlite::Result<usize> {
    let mut touched = 0;
    let now = hour_of(now_ms);
    let before = now - DETAIL_HOURS;
    let oldest = now - i64::from(bounds.days.max(1)) * DAY_HOURS;
    touched += drop_before(connection, oldest)?;
    let old: Vec<(i64, i64)> = connection
        .prepare("SELECT DISTINCT site, hour FROM hour WHERE hour < ?1 AND detail = 1")?
        .query_map([before], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (site, hour) in old {
        // An hour at a time, so that readers and the next snapshots wait for little.
        let transaction = connection.transaction()?;
        let runs = runs(&transaction, site, hour * HOUR_MS, (hour + 1) * HOUR_MS)?;
        thin_hour(&transaction, site, hour, &runs)?;
        transaction.commit()?;
        touched += 1;
    }
    while bytes_used(connection)? > bounds.max_bytes {
        let first: Option<i64> = connection.query_row("SELECT min(hour) FROM hour", [], |row| row.get(0))?;
        // The hour under way is never dropped.
        let Some(first) = first.filter(|first| *first < now) else { break };
        touched += drop_before(connection, first + 1)?.max(1);
    }
    if touched > 0 {
        // Every row of the answer is a page given back: the statement has to be stepped to its end.
        let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    Ok(touched)
}

fn drop_before(connection: &mut Connection, hour: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction()?;
    let mut gone = 0;
    for table in ["hour", "batch"] {
        gone += transaction.execute(&format!("DELETE FROM {table} WHERE hour < ?1"), [hour])?;
    }
    let at_ms = hour * HOUR_MS;
    gone += transaction.execute("DELETE FROM run WHERE until_ms < ?1", [at_ms])?;
    transaction.execute("UPDATE OR REPLACE run SET from_ms = ?1 WHERE from_ms < ?1", [at_ms])?;
    gone += transaction.execute("DELETE FROM alert WHERE coalesce(resolved_ms, raised_ms) < ?1", [at_ms])?;
    transaction.commit()?;
    Ok(gone)
}

/// The runs that touch a stretch of time, in order.
pub(crate) fn runs(
    connection: &Connection,
    site: i64,
    from_ms: i64,
    until_ms: i64,
) -> rusqlite::Result<Vec<(i64, i64)>> {
    connection
        .prepare_cached(
            "SELECT from_ms, until_ms FROM run WHERE site = ?1 AND until_ms >= ?2 AND from_ms <= ?3 ORDER BY from_ms",
        )?
        .query_map(params![site, from_ms, until_ms], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Everything goes, the sites' numbers aside.
pub(crate) fn clear(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for table in ["hour", "batch", "run", "alert", "word"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    transaction.commit()?;
    connection.execute_batch("VACUUM")
}

//! The tables of the history, and keeping them within bounds.

use atalaya_store::Migrations;
use rusqlite::{Connection, OptionalExtension, params};

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
         CREATE INDEX alert_raised ON alert (site, raised_ms);",
         // Looked for every hour among the rows of months.
         "CREATE INDEX hour_detail ON hour (site, hour) WHERE detail = 1;",
         // Of the runs those that were seen at another desk, and at which.
         "CREATE TABLE seen (
             site INTEGER NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, by TEXT NOT NULL,
             PRIMARY KEY (site, from_ms)
         ) STRICT, WITHOUT ROWID;",
         "CREATE TABLE forecast (
             site INTEGER NOT NULL, at_ms INTEGER NOT NULL, campaign TEXT NOT NULL, settled INTEGER NOT NULL,
             body BLOB NOT NULL, PRIMARY KEY (site, at_ms, campaign)
         ) STRICT, WITHOUT ROWID;"],
};

/// For so long every change is kept: always all of today,
const DETAIL_HOURS: i64 = 26;
/// and of the last hours that were watched so many, however long ago: what a Monday has to go by is Friday.
const DETAILED_HOURS: i64 = 12;
const DAY_HOURS: i64 = 24;

/// What is done every hour; each of them goes by an index, so that it takes no longer with months than with a day. Of each
/// site: the hours whose detail is due to go, and the oldest hour.
const DETAILED: &str = "SELECT DISTINCT hour FROM hour WHERE site = ?1 AND hour < ?2 AND detail = 1";
const LAST_DETAILED: &str = "SELECT min(hour) FROM (
    SELECT DISTINCT hour FROM hour WHERE site = ?1 AND detail = 1 ORDER BY hour DESC LIMIT ?2)";
const FIRST_DETAILED: &str = "SELECT min(hour) FROM hour WHERE site = ?1 AND detail = 1";
const OLDEST: &str = "SELECT min(hour) FROM hour WHERE site = ?1";
/// What goes: with an hour, and with its moment in milliseconds. No run and no alert ends before it begins.
const DROPPED_BY_HOUR: [&str; 2] =
    ["DELETE FROM hour WHERE site = ?1 AND hour < ?2", "DELETE FROM batch WHERE site = ?1 AND hour < ?2"];
const DROPPED_BY_MOMENT: [&str; 4] = [
    "DELETE FROM forecast WHERE site = ?1 AND at_ms < ?2",
    "DELETE FROM run WHERE site = ?1 AND from_ms < ?2 AND until_ms < ?2",
    "DELETE FROM seen WHERE site = ?1 AND from_ms < ?2 AND until_ms < ?2",
    "DELETE FROM alert WHERE site = ?1 AND raised_ms < ?2 AND coalesce(resolved_ms, raised_ms) < ?2",
];
const SHORTENED: [&str; 2] = [
    "UPDATE OR REPLACE run SET from_ms = ?2 WHERE site = ?1 AND from_ms < ?2",
    "UPDATE OR REPLACE seen SET from_ms = ?2 WHERE site = ?1 AND from_ms < ?2",
];

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Days.
    pub days: u32,
    /// Bytes of the file.
    pub max_bytes: u64,
}

impl Default for Bounds {
    /// A month, within a gigabyte.
    fn default() -> Self {
        Self { days: 30, max_bytes: 1_000_000_000 }
    }
}

/// Bytes in use, without those that were freed.
pub(crate) fn bytes_used(connection: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")? - pragma("freelist_count")?;
    Ok(u64::try_from(pages * pragma("page_size")?).unwrap_or_default())
}

/// The first hour of which every change is kept; `None`: of none.
pub(crate) fn first_detailed(connection: &Connection, site: i64) -> rusqlite::Result<Option<i64>> {
    connection.prepare_cached(FIRST_DETAILED)?.query_row([site], |row| row.get(0))
}

/// Takes the detail out of what is older than a day and than the last hours that were watched, and drops what is older or
/// more than wished. Gives back how many hours were touched.
pub(crate) fn tidy(connection: &mut Connection, now_ms: i64, bounds: Bounds) -> rusqlite::Result<usize> {
    let mut touched = 0;
    let now = hour_of(now_ms);
    let before = now - DETAIL_HOURS;
    let oldest = now - i64::from(bounds.days.max(1)) * DAY_HOURS;
    touched += drop_before(connection, oldest)?;
    let mut old = Vec::new();
    for site in sites(connection)? {
        let last: Option<i64> =
            connection.prepare_cached(LAST_DETAILED)?.query_row([site, DETAILED_HOURS], |row| row.get(0))?;
        let mut hours = connection.prepare_cached(DETAILED)?;
        for hour in hours.query_map([site, last.unwrap_or(before).min(before)], |row| row.get(0))? {
            old.push((site, hour?));
        }
    }
    for (site, hour) in old {
        // An hour at a time, so that readers and the next snapshots wait for little.
        let transaction = connection.transaction()?;
        let runs = runs(&transaction, site, hour * HOUR_MS, (hour + 1) * HOUR_MS)?;
        thin_hour(&transaction, site, hour, &runs)?;
        transaction.commit()?;
        touched += 1;
    }
    while bytes_used(connection)? > bounds.max_bytes {
        let mut first: Option<i64> = None;
        for site in sites(connection)? {
            let oldest: Option<i64> = connection.query_row(OLDEST, [site], |row| row.get(0))?;
            first = first.into_iter().chain(oldest).min();
        }
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

fn sites(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    connection.prepare_cached("SELECT id FROM site")?.query_map([], |row| row.get(0))?.collect()
}

fn drop_before(connection: &mut Connection, hour: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction()?;
    let mut gone = 0;
    let at_ms = hour * HOUR_MS;
    for site in sites(&transaction)? {
        for dropped in DROPPED_BY_HOUR {
            gone += transaction.execute(dropped, [site, hour])?;
        }
        for dropped in DROPPED_BY_MOMENT {
            gone += transaction.execute(dropped, [site, at_ms])?;
        }
        for shortened in SHORTENED {
            transaction.execute(shortened, [site, at_ms])?;
        }
    }
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

/// How the server's clock reads, seconds ahead of coordinated universal time.
pub(crate) fn offset_of(connection: &Connection, site: i64) -> rusqlite::Result<Option<i32>> {
    let found = connection
        .query_row("SELECT offset_secs FROM site WHERE id = ?1", [site], |row| row.get::<_, Option<i32>>(0))
        .optional()?;
    Ok(found.flatten())
}

/// Everything goes, the sites' numbers aside.
pub(crate) fn clear(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for table in ["hour", "batch", "run", "seen", "alert", "forecast", "word"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    transaction.commit()?;
    connection.execute_batch("VACUUM")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_every_hour_reads_no_table_from_end_to_end() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&MIGRATIONS.steps.concat()).unwrap();
        let all = [&[DETAILED, OLDEST][..], &SHORTENED, &DROPPED_BY_HOUR, &DROPPED_BY_MOMENT].concat();
        for statement in all {
            let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let values = vec![1_i64; explained.parameter_count()];
            let plan: Vec<String> = explained
                .query_map(rusqlite::params_from_iter(values), |row| row.get("detail"))
                .unwrap()
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            let searched = plan.iter().any(|step| step.starts_with("SEARCH"));
            let scanned = plan.iter().any(|step| step.starts_with("SCAN"));
            assert!(searched && !scanned, "{statement}: {plan:?}");
            // Beyond the site: by the hour or the moment.
            assert!(statement == OLDEST || plan.concat().contains('<'), "{statement}: {plan:?}");
        }
        for statement in [DETAILED, LAST_DETAILED, FIRST_DETAILED] {
            let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let values = vec![1_i64; explained.parameter_count()];
            let mut plan = explained.query(rusqlite::params_from_iter(values)).unwrap();
            let mut steps = String::new();
            while let Some(step) = plan.next().unwrap() {
                steps += &step.get::<_, String>("detail").unwrap();
            }
            assert!(steps.contains("hour_detail (site=?"), "{statement}: {steps}");
        }
    }
}

//! Worklists and their calls.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::reviews::settle_call;
use super::{EntryCopy, WorklistCopy, json, written};

fn id_of(connection: &Connection, account: &str, list: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM sample WHERE account = ?1 AND list = ?2")?
        .query_row(params![account, list], |row| row.get(0))
        .optional()
}

/// A worklist by its row.
///
/// # Errors
/// The database's.
pub fn worklist(connection: &Connection, account: &str, id: i64) -> rusqlite::Result<Option<WorklistCopy>> {
    let found = connection
        .prepare_cached("SELECT list, request, made_ms FROM sample WHERE account = ?1 AND id = ?2")?
        .query_row(params![account, id], |row| {
            Ok(WorklistCopy {
                list: row.get(0)?,
                request: json(row.get_ref(1)?.as_str()?)?,
                made_ms: row.get(2)?,
                calls: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut copy) = found else { return Ok(None) };
    let mut statement =
        connection.prepare_cached("SELECT call FROM sample_item WHERE sample = ?1 ORDER BY place")?;
    for call in statement.query_map([id], |row| json(row.get_ref(0)?.as_str()?))? {
        copy.calls.push(call?);
    }
    Ok(Some(copy))
}

/// The rows of all worklists.
///
/// # Errors
/// The database's.
pub fn all_worklists(connection: &Connection, account: &str) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT id FROM sample WHERE account = ?1 ORDER BY id")?;
    statement.query_map([account], |row| row.get(0))?.collect()
}

/// The calls of a worklist, in their order, by its key; none where it is not here.
///
/// # Errors
/// The database's.
pub fn guids_of(connection: &Connection, account: &str, list: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT guid FROM sample_item JOIN sample ON sample.id = sample WHERE account = ?1 AND list = ?2 ORDER BY place",
    )?;
    statement.query_map(params![account, list], |row| row.get(0))?.collect()
}

/// A call of a worklist by its row.
///
/// # Errors
/// The database's.
pub fn entry(
    connection: &Connection,
    account: &str,
    worklist: i64,
    guid: &str,
) -> rusqlite::Result<Option<EntryCopy>> {
    connection
        .prepare_cached(
            "SELECT list, reason FROM sample_item JOIN sample ON sample.id = sample
             WHERE account = ?1 AND sample = ?2 AND guid = ?3",
        )?
        .query_row(params![account, worklist, guid], |row| {
            let reason: String = row.get(1)?;
            Ok(EntryCopy {
                list: row.get(0)?,
                guid: guid.to_owned(),
                skipped: Some(reason).filter(|reason| !reason.is_empty()),
            })
        })
        .optional()
}

/// Keeps a worklist with exactly these calls in this order; where each stands is worked out anew.
///
/// # Errors
/// The database's.
pub fn write_worklist(connection: &Connection, account: &str, copy: &WorklistCopy) -> rusqlite::Result<()> {
    let request = written(&copy.request)?;
    let id = match id_of(connection, account, &copy.list)? {
        Some(id) => {
            connection.execute(
                "UPDATE sample SET request = ?2, made_ms = ?3 WHERE id = ?1",
                params![id, request, copy.made_ms],
            )?;
            id
        }
        None => {
            connection.execute(
                "INSERT INTO sample (account, request, made_ms, list) VALUES (?1, ?2, ?3, ?4)",
                params![account, request, copy.made_ms, copy.list],
            )?;
            connection.last_insert_rowid()
        }
    };
    let reasons: HashMap<String, String> = connection
        .prepare_cached("SELECT guid, reason FROM sample_item WHERE sample = ?1")?
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    connection.execute("DELETE FROM sample_item WHERE sample = ?1", [id])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO sample_item (sample, place, guid, call, state, reason) VALUES (?1, ?2, ?3, ?4, 'open', ?5)",
    )?;
    for (call, place) in copy.calls.iter().zip(0_i64..) {
        let reason = reasons.get(&call.guid).map(String::as_str).unwrap_or_default();
        insert.execute(params![id, place, call.guid, written(call)?, reason])?;
    }
    for call in &copy.calls {
        settle_call(connection, account, &call.guid, &copy.request.card)?;
    }
    Ok(())
}

/// Says of a call of a worklist whether it is left out. One that is not here is passed over.
///
/// # Errors
/// The database's.
pub fn write_entry(connection: &Connection, account: &str, copy: &EntryCopy) -> rusqlite::Result<()> {
    let Some(id) = id_of(connection, account, &copy.list)? else { return Ok(()) };
    connection.execute(
        "UPDATE sample_item SET reason = ?3 WHERE sample = ?1 AND guid = ?2",
        params![id, copy.guid, copy.skipped.as_deref().unwrap_or_default()],
    )?;
    let card: Option<String> =
        connection
            .query_row("SELECT request ->> 'card' FROM sample WHERE id = ?1", [id], |row| row.get(0))?;
    settle_call(connection, account, &copy.guid, &card.unwrap_or_default())
}

/// Removes a worklist.
///
/// # Errors
/// The database's.
pub fn remove_worklist(connection: &Connection, account: &str, list: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sample WHERE account = ?1 AND list = ?2", params![account, list])?;
    Ok(())
}

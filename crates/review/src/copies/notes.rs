//! Notes.

use atalaya_store::Uuid;
use rusqlite::{Connection, OptionalExtension, params};

use super::{NoteCopy, json, uuid, written};

/// A note by its row.
///
/// # Errors
/// The database's.
pub fn note(connection: &Connection, account: &str, id: i64) -> rusqlite::Result<Option<NoteCopy>> {
    connection
        .prepare_cached(
            "SELECT uuid, call, at_secs, text, shared, reviewer, made_ms FROM note WHERE account = ?1 AND id = ?2",
        )?
        .query_row(params![account, id], |row| {
            Ok(NoteCopy {
                uuid: uuid(row.get_ref(0)?.as_str()?)?,
                call: json(row.get_ref(1)?.as_str()?)?,
                at_secs: row.get(2)?,
                text: row.get(3)?,
                shared: row.get(4)?,
                reviewer: row.get(5)?,
                made_ms: row.get(6)?,
            })
        })
        .optional()
}

/// The rows of all notes, the oldest first.
///
/// # Errors
/// The database's.
pub fn all_notes(connection: &Connection, account: &str) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT id FROM note WHERE account = ?1 ORDER BY id")?;
    statement.query_map([account], |row| row.get(0))?.collect()
}

/// Keeps a note as it is said to be.
///
/// # Errors
/// The database's.
pub fn write_note(connection: &Connection, account: &str, copy: &NoteCopy) -> rusqlite::Result<()> {
    let (uuid, call) = (copy.uuid.to_string(), written(&copy.call)?);
    connection
        .prepare_cached(
            "INSERT INTO note (account, guid, at_secs, text, shared, reviewer, made_ms, call, uuid)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (account, uuid) DO UPDATE SET
             guid = excluded.guid, at_secs = excluded.at_secs, text = excluded.text, shared = excluded.shared,
             reviewer = excluded.reviewer, made_ms = excluded.made_ms, call = excluded.call",
        )?
        .execute(params![
            account,
            copy.call.guid,
            copy.at_secs,
            copy.text,
            copy.shared,
            copy.reviewer,
            copy.made_ms,
            call,
            uuid
        ])?;
    Ok(())
}

/// Removes a note.
///
/// # Errors
/// The database's.
pub fn remove_note(connection: &Connection, account: &str, uuid: Uuid) -> rusqlite::Result<()> {
    connection
        .execute("DELETE FROM note WHERE account = ?1 AND uuid = ?2", params![account, uuid.to_string()])?;
    Ok(())
}

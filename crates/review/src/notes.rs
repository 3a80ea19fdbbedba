//! Notes at a time of a call, and finding them by their words.

use atalaya_calls::wire::Call;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::Error;
use crate::reviews::{Reviews, parsed};
use crate::touched::Touched;
use crate::wire::{Note, NoteFound};

const LONGEST: usize = 4_000;
const COLUMNS: &str = "note.id, guid, at_secs, note.text, shared, reviewer, made_ms";

fn note(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        guid: row.get(1)?,
        at_secs: row.get(2)?,
        text: row.get(3)?,
        shared: row.get(4)?,
        reviewer: row.get(5)?,
        made_ms: row.get(6)?,
    })
}

/// Words as they are looked for: each one's beginning, all of them; nothing of the query language gets through.
fn words(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

pub(crate) fn checked(at_secs: f64, text: &str) -> Result<String, Error> {
    if !at_secs.is_finite() || at_secs < 0.0 {
        return Err(Error::Invalid("note", "time".to_owned()));
    }
    let text: String = text.trim().chars().take(LONGEST).collect();
    if text.is_empty() { Err(Error::Invalid("note", "empty".to_owned())) } else { Ok(text) }
}

impl Reviews {
    /// The notes of a call, by time.
    ///
    /// # Errors
    /// The store's.
    pub fn notes(&self, guid: &str) -> Result<Vec<Note>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM note WHERE account = ?1 AND guid = ?2 ORDER BY at_secs, id"
            ))?;
            statement.query_map(params![self.account, guid], note)?.collect()
        })?)
    }

    /// Adds a note at a second of a call.
    ///
    /// # Errors
    /// `reviewInvalid` for one without text or time, or the store's.
    pub fn add_note(
        &self,
        call: &Call,
        at_secs: f64,
        text: &str,
        shared: bool,
        reviewer: &str,
    ) -> Result<Note, Error> {
        let text = checked(at_secs, text)?;
        let (at, body) = (self.now_ms(), serde_json::to_string(call)?);
        let id = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO note (account, guid, at_secs, text, shared, reviewer, made_ms, call, uuid)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![self.account, call.guid, at_secs, text, shared, reviewer, at, body, self.fresh()],
            )?;
            let id = transaction.last_insert_rowid();
            self.touched(&transaction, Touched::Note(id))?;
            transaction.commit()?;
            Ok(id)
        })?;
        Ok(Note {
            id,
            guid: call.guid.clone(),
            at_secs,
            text,
            shared,
            reviewer: reviewer.to_owned(),
            made_ms: at,
        })
    }

    /// Changes a note's time, text, or who may see it.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone`, or the store's.
    pub fn change_note(&self, id: i64, at_secs: f64, text: &str, shared: bool) -> Result<Note, Error> {
        let text = checked(at_secs, text)?;
        let changed = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE note SET at_secs = ?3, text = ?4, shared = ?5 WHERE id = ?1 AND account = ?2",
                params![id, self.account, at_secs, text, shared],
            )?;
            self.touched(&transaction, Touched::Note(id))?;
            transaction.commit()?;
            connection
                .query_row(
                    &format!("SELECT {COLUMNS} FROM note WHERE id = ?1 AND account = ?2"),
                    params![id, self.account],
                    note,
                )
                .optional()
        })?;
        changed.ok_or(Error::Gone("note"))
    }

    /// Removes a note.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_note(&self, id: i64) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let gone: Option<String> = transaction
                .query_row(
                    "DELETE FROM note WHERE id = ?1 AND account = ?2 RETURNING uuid",
                    params![id, self.account],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(uuid) = gone {
                self.touched(&transaction, Touched::NoteRemoved(&uuid))?;
            }
            transaction.commit()
        })?;
        Ok(())
    }

    /// Notes that hold all these words (beginnings are enough, accents do not matter), the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn find_notes(&self, text: &str, most: u32) -> Result<Vec<NoteFound>, Error> {
        let wanted = words(text);
        let found: Vec<(Note, String)> = self.store.with(|connection| {
            // The index of words goes from the newest note down by itself: the first hits are enough.
            let (from, order) = if wanted.is_empty() {
                ("note WHERE ?2 = ''", "note.id")
            } else {
                (
                    "note_words JOIN note ON note.id = note_words.rowid WHERE note_words MATCH ?2",
                    "note_words.rowid",
                )
            };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, call FROM {from} AND account = ?1 ORDER BY {order} DESC LIMIT ?3"
            ))?;
            let rows = statement
                .query_map(params![self.account, wanted, most], |row| Ok((note(row)?, row.get(7)?)))?;
            rows.collect()
        })?;
        found.into_iter().map(|(note, call)| Ok(NoteFound { note, call: parsed(&call)? })).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::draw::tests::call;
    use crate::reviews::tests::reviews;

    #[test]
    fn notes_are_by_time_and_found_by_words() {
        let reviews = reviews();
        let one = call("Ana", 2, 1);
        let second =
            reviews.add_note(&one, 12.5, " Promete descuento que no existe ", true, "Marta").unwrap();
        reviews.add_note(&one, 3.0, "Saludo según el guión", false, "Marta").unwrap();
        let notes = reviews.notes(&one.guid).unwrap();
        assert_eq!(notes.iter().map(|note| note.at_secs).collect::<Vec<_>>(), [3.0, 12.5]);
        assert_eq!(second.text, "Promete descuento que no existe");
        let found = |text: &str| {
            reviews.find_notes(text, 10).unwrap().iter().map(|one| one.note.id).collect::<Vec<_>>()
        };
        assert_eq!(found("descu exis"), [second.id]);
        assert_eq!(found("guion"), [notes[0].id], "accents do not matter");
        assert_eq!(found("descuento guion"), [0; 0]);
        assert_eq!(found("").len(), 2);
        // Nothing of the query language: no failure, nothing found.
        assert_eq!(found("\" OR text:* NEAR("), [0; 0]);

        reviews.change_note(second.id, 13.0, "otra cosa", false).unwrap();
        assert_eq!((found("descuento"), found("otra")), (vec![], vec![second.id]));
        reviews.remove_note(second.id).unwrap();
        assert_eq!(found("otra"), [0; 0]);
        assert_eq!(reviews.change_note(second.id, 1.0, "x", false).unwrap_err().code(), "reviewGone");
        for (at, text) in [(f64::NAN, "x"), (-1.0, "x"), (1.0, " ")] {
            assert_eq!(reviews.add_note(&one, at, text, true, "Marta").unwrap_err().code(), "reviewInvalid");
        }
    }
}

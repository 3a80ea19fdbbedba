//! The hour under way as it came: one frame for each snapshot that differs from the one before, a few frames to a batch.
//!
//! The first frame of an hour and of a run holds everybody, so that an hour needs no other to be read.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::Connection;

use crate::codec::{Bytes, Row, put, put_row};
use crate::rows::Subject;

/// What a frame says of one subject.
const GONE: u8 = 0;
const HERE: u8 = 1;

/// A frame being written.
pub(crate) struct Frame {
    at_ms: i64,
    whole: bool,
    entries: Vec<(Subject, Option<Row>)>,
}

impl Frame {
    /// `whole`: who is not in it is not there.
    pub(crate) fn new(at_ms: i64, whole: bool) -> Self {
        Self { at_ms, whole, entries: Vec::new() }
    }

    /// A subject as it is from now on; `None`: gone.
    pub(crate) fn add(&mut self, subject: Subject, row: Option<&Row>) {
        self.entries.push((subject, row.copied()));
    }

    /// Adds the frame to a batch; `rows` is what a reader has by then, and is brought up to date.
    pub(crate) fn write(mut self, out: &mut Vec<u8>, rows: &mut HashMap<Subject, Row>) {
        if self.whole {
            rows.clear();
        } else {
            // What differs in the snapshot alone (a trend, a figure worked out) is no difference here.
            self.entries.retain(|(subject, row)| rows.get(subject) != row.as_ref());
            if self.entries.is_empty() {
                return;
            }
        }
        put(out, self.at_ms.max(0) as u64);
        out.push(u8::from(self.whole));
        put(out, self.entries.len() as u64);
        for (subject, row) in self.entries {
            put(out, subject.0 as u64);
            match row {
                None => {
                    out.push(GONE);
                    rows.remove(&subject);
                }
                Some(row) => {
                    out.push(HERE);
                    let before = rows.insert(subject, row).unwrap_or(Row::EMPTY);
                    put_row(out, &before, &row);
                }
            }
        }
    }
}

/// Goes through the batches of an hour in the order they came, up to and with a moment. `see` is told of every subject
/// from a moment on: as it is then, or `None` when it went. Gives back everybody as they were at the end.
pub(crate) fn replay(
    connection: &Connection,
    site: i64,
    hour: i64,
    until_ms: i64,
    mut see: impl FnMut(Subject, i64, Option<&Row>),
) -> rusqlite::Result<HashMap<Subject, Row>> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM batch WHERE site = ?1 AND hour = ?2 ORDER BY id")?;
    let mut batches = statement.query([site, hour])?;
    let mut rows: HashMap<Subject, Row> = HashMap::new();
    while let Some(batch) = batches.next()? {
        let body = batch.get_ref(0)?.as_blob()?;
        // A batch that cannot be read costs itself.
        if read(&mut Bytes(body), until_ms, &mut rows, &mut see) == Some(false) {
            break;
        }
    }
    Ok(rows)
}

/// `None`: it broke off; false: enough was seen.
fn read(
    bytes: &mut Bytes<'_>,
    until_ms: i64,
    rows: &mut HashMap<Subject, Row>,
    see: &mut impl FnMut(Subject, i64, Option<&Row>),
) -> Option<bool> {
    while !bytes.is_empty() {
        let at_ms = bytes.number()? as i64;
        if at_ms > until_ms {
            return Some(false);
        }
        let before = if bytes.byte()? == 1 { std::mem::take(rows) } else { HashMap::new() };
        for _ in 0..bytes.number()? {
            let subject = Subject(bytes.number()? as i64);
            if bytes.byte()? == GONE {
                rows.remove(&subject);
                see(subject, at_ms, None);
                continue;
            }
            let row = match rows.entry(subject) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => free.insert(Row::EMPTY),
            };
            bytes.row(row)?;
            see(subject, at_ms, Some(row));
        }
        for subject in before.keys().filter(|subject| !rows.contains_key(subject)) {
            see(*subject, at_ms, None);
        }
    }
    Some(true)
}

//! What the columns of a file mean: guessed from their names and what is in them, in Spanish, Portuguese and English, and
//! remembered once a person chose, for every file with the same header.
//!
//! Left out on purpose: whether a row is right (`checked`).

mod guess;

use rusqlite::{OptionalExtension, params};

use crate::Outreach;
use crate::error::Error;
use crate::file::Sheet;
use crate::wire::{BaseKind, ColumnSeen, Mapping};

pub use guess::{guess, has_header};

/// Cells shown of each column.
const FIRST: usize = 5;
/// Header shapes remembered of one account; the one not used for longest goes first.
const MOST_SHAPES: u32 = 200;

/// A column's name as it is compared: without blanks around it, marks and case.
pub(crate) fn folded(name: &str) -> String {
    atalaya_calls::fold(name.trim())
}

/// The columns, for a person to choose among.
pub fn seen(sheet: &Sheet, header: bool) -> Vec<ColumnSeen> {
    let names = sheet.row(0).filter(|_| header);
    let begin = usize::from(header);
    let column = |column: u32| ColumnSeen {
        name: names.map_or("", |row| row.cell(column)).to_owned(),
        first: sheet.rows(begin..begin + FIRST).map(|row| shortened(row.cell(column))).collect(),
        as_numbers: sheet.numbers_in(column),
    };
    (0..sheet.columns() as u32).map(column).collect()
}

/// Enough of a cell to know it by.
fn shortened(cell: &str) -> String {
    const LETTERS: usize = 80;
    match cell.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", &cell[..at]),
        None => cell.to_owned(),
    }
}

/// What files of the same shape have in common: the names of their columns, or how many there are.
fn shape(sheet: &Sheet, header: bool) -> String {
    let names = sheet.row(0).filter(|_| header).map(|row| row.cells().map(folded).collect::<Vec<_>>());
    match names {
        Some(names) => format!("names {}", names.join("\u{1f}")),
        None => format!("columns {}", sheet.columns()),
    }
}

impl Outreach {
    /// How a file is understood, for a base of this kind: as it was chosen before for this header, else guessed. The other
    /// value says whether it was chosen before.
    ///
    /// # Errors
    /// The store's.
    pub fn mapping_for(&self, sheet: &Sheet, kind: BaseKind) -> Result<(Mapping, bool), Error> {
        let guessed = guess(sheet, kind);
        let (account, name) = (self.account().to_owned(), name_of(kind));
        // A header may have been told to be none, and the other way round.
        for header in [guessed.header, !guessed.header] {
            let shape = shape(sheet, header);
            let kept: Option<String> = self.store.with(|connection| {
                connection
                    .query_row(
                        "SELECT mapping FROM outreach_mapping WHERE account = ?1 AND kind = ?2 AND shape = ?3",
                        params![account, name, shape],
                        |row| row.get(0),
                    )
                    .optional()
            })?;
            let kept = kept.and_then(|text| serde_json::from_str::<Mapping>(&text).ok());
            if let Some(mapping) = kept.filter(|mapping| mapping.header == header) {
                return Ok((mapping, true));
            }
        }
        Ok((guessed, false))
    }

    /// Remembers what a person chose for files with this header.
    ///
    /// # Errors
    /// The store's.
    pub fn remember_mapping(&self, sheet: &Sheet, kind: BaseKind, mapping: &Mapping) -> Result<(), Error> {
        let text = serde_json::to_string(mapping).unwrap_or_default();
        let (account, shape) = (self.account(), shape(sheet, mapping.header));
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT OR REPLACE INTO outreach_mapping (account, kind, shape, mapping, used_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![account, name_of(kind), shape, text, self.now_ms()],
            )?;
            transaction.execute(
                "DELETE FROM outreach_mapping WHERE account = ?1 AND rowid NOT IN (
                     SELECT rowid FROM outreach_mapping WHERE account = ?1 ORDER BY used_ms DESC, rowid DESC LIMIT ?2
                 )",
                params![account, MOST_SHAPES],
            )?;
            transaction.commit()
        })?;
        Ok(())
    }
}

fn name_of(kind: BaseKind) -> &'static str {
    match kind {
        BaseKind::Calls => "calls",
        BaseKind::Messages => "messages",
    }
}

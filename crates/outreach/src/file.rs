//! A person's file as a table of texts: CSV, TXT or XLSX, whatever it was saved with, within bounds.
//!
//! Left out on purpose: what its columns mean (`columns`) and whether its rows are right (`checked`).

mod letters;
mod sheet;
mod spreadsheet;

use std::path::Path;

use atalaya_export::{RowReader, separator_of};
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::wire::{Encoding, FileHint, FileKind, Parted};

pub use sheet::{Row, Sheet};

/// Largest file, bytes.
pub const MOST_BYTES: u64 = 200_000_000;
/// Most rows of one, the header among them.
pub const MOST_ROWS: usize = 1_000_000;
/// Most columns of one.
pub const MOST_COLUMNS: usize = 200;
/// Most bytes of text of all its cells together.
pub const MOST_TEXT: usize = 400_000_000;
/// Most bytes a spreadsheet may have unpacked.
pub const MOST_UNPACKED: u64 = 600_000_000;
/// What parts cells, the likelier first.
const SEPARATORS: [(char, Parted); 4] =
    [(';', Parted::Semicolon), (',', Parted::Comma), ('\t', Parted::Tab), ('|', Parted::Bar)];
/// Rows between two looks at whether anybody still waits.
pub(crate) const AT_ONCE: usize = 2_000;

/// How a spreadsheet, packed, and an old one begin.
const PACKED: &[u8] = b"PK\x03\x04";
const OLD: &[u8] = b"\xd0\xcf\x11\xe0";

/// A file that was read.
#[derive(Debug)]
pub struct Taken {
    /// Its name, without where it is.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// How its letters are written; `None` of a spreadsheet.
    pub encoding: Option<Encoding>,
    /// What parts its cells; `None` of a spreadsheet.
    pub parted: Option<Parted>,
    /// Its rows, the header among them.
    pub sheet: Sheet,
    /// What a person should know of it.
    pub hints: Vec<FileHint>,
}

/// Reads a file. `told` hears how many rows are read, now and then.
///
/// # Errors
/// `fileUnreadable`, `fileTooLarge`, `fileEmpty`, `fileNotText`, `fileOldSpreadsheet`, `fileNotASpreadsheet`, `cancelled`.
pub fn read(path: &Path, told: &mut impl FnMut(usize), cancel: &CancellationToken) -> Result<Taken, Error> {
    let about = std::fs::metadata(path)?;
    if about.len() > MOST_BYTES {
        return Err(Error::TooLarge { what: "bytes", most: MOST_BYTES });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path)?;
    read_bytes(&name, bytes, told, cancel)
}

/// Reads the bytes of a file of this name.
///
/// # Errors
/// As of [`read`].
pub fn read_bytes(
    name: &str,
    bytes: Vec<u8>,
    told: &mut impl FnMut(usize),
    cancel: &CancellationToken,
) -> Result<Taken, Error> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::TooLarge { what: "bytes", most: MOST_BYTES });
    }
    if bytes.starts_with(OLD) {
        return Err(Error::OldSpreadsheet);
    }
    if bytes.starts_with(PACKED) {
        let (sheet, hints) = spreadsheet::read(&bytes, told, cancel)?;
        let (kind, name) = (FileKind::Xlsx, name.to_owned());
        return Ok(Taken { name, kind, encoding: None, parted: None, sheet, hints });
    }
    let (text, encoding) = letters::read(bytes)?;
    let separator = separator_of(&text, &SEPARATORS.map(|(sign, _)| sign));
    let parted = SEPARATORS.iter().find(|(sign, _)| *sign == separator).map(|(_, parted)| *parted);
    let (mut sheet, mut hints) = (Sheet::default(), Vec::new());
    let mut reading = RowReader::new(&text, separator);
    let mut cells = Vec::new();
    while let Some(line) = reading.next_into(&mut cells) {
        sheet.push(line, cells.iter().map(String::as_str))?;
        if sheet.len().is_multiple_of(AT_ONCE) {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            told(sheet.len());
        }
    }
    if let Some(line) = reading.unclosed() {
        hints.push(FileHint::UnclosedQuote { line: line as u32 });
    }
    if sheet.is_empty() {
        return Err(Error::Empty);
    }
    let kind = if name.to_lowercase().ends_with(".csv") { FileKind::Csv } else { FileKind::Txt };
    Ok(Taken { name: name.to_owned(), kind, encoding: Some(encoding), parted, sheet, hints })
}

#[cfg(test)]
mod tests;

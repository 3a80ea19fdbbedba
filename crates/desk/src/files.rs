//! Files a person hands on or takes in, with what goes wrong said as a problem.

use std::path::Path;

use atalaya_export::csv::Separator;
use atalaya_export::page::Page;
use atalaya_export::{csv, page};

use crate::problem::{Problem, from_export};

/// Writes rows as CSV, whole.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_table(path: &Path, separator: Separator, rows: &[Vec<String>]) -> Result<(), Problem> {
    csv::write_file(path, separator, rows).map_err(|error| from_export(&error))
}

/// Writes a page to print, whole.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_page(path: &Path, page: &Page) -> Result<(), Problem> {
    page::write_file(path, page).map_err(|error| from_export(&error))
}

/// Writes a text, whole.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_text(path: &Path, text: &str) -> Result<(), Problem> {
    atalaya_export::write_whole(path, text.as_bytes()).map_err(|error| from_export(&error))
}

/// Reads a text of at most one megabyte.
///
/// # Errors
/// `importFailed`: not there, not text, or too large.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    atalaya_export::read_text(path).map_err(|error| from_export(&error))
}

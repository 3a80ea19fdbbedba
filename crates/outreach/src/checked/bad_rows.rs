//! Rows that are left out, saved to be put right: as they are in the file, with their reasons behind them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use atalaya_export::Unfinished;
use atalaya_export::csv::{self, Form, Separator};
use tokio_util::sync::CancellationToken;

use super::{AT_ONCE, Checked};
use crate::error::Error;

/// Writes the rows that are left out, whole or not at all; how many. `words` has a person's words for the codes and, under
/// `title`, for the column they are in; a code without words is said as it is.
///
/// # Errors
/// `exportFailed`, `cancelled`.
pub fn save_bad(
    checked: &Checked,
    path: &Path,
    separator: Separator,
    words: &BTreeMap<String, String>,
    cancel: &CancellationToken,
) -> Result<u32, Error> {
    let said = |code: &str| words.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let (sheet, form) = (&checked.taken.sheet, Form::Sheet(separator));
    let header = usize::from(checked.request.mapping.header);
    let columns = sheet.columns() as u32;
    let written = || -> io::Result<bool> {
        let mut out = Unfinished::begin(path)?;
        out.write_all(csv::MARK)?;
        let mut line = |at: usize, last: &str| -> io::Result<()> {
            let Some(row) = sheet.row(at) else { return Ok(()) };
            csv::row(&mut out, form, (0..columns).map(|column| row.cell(column)).chain([last]))
        };
        if header > 0 {
            line(0, &said("title"))?;
        }
        for (done, at) in checked.bad.iter().enumerate() {
            if done.is_multiple_of(AT_ONCE) && cancel.is_cancelled() {
                return Ok(false);
            }
            let reason = checked.verdicts[*at as usize].reason();
            let mut text = reason.as_ref().map_or(String::new(), |reason| said(reason.code));
            if let Some(row) = reason.and_then(|reason| reason.row) {
                text = format!("{text} ({row})");
            }
            line(*at as usize + header, &text)?;
        }
        out.finish()?;
        Ok(true)
    }();
    match written {
        Ok(true) => Ok(checked.bad.len() as u32),
        Ok(false) => Err(Error::Cancelled),
        Err(error) => Err(atalaya_export::Error::write(path, error).into()),
    }
}

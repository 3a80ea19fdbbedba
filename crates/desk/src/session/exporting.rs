//! Writing the calls shown to a spreadsheet's file: in the background, with progress, whole or not there.
//!
//! Left out on purpose: asking where it should go, and the words of titles and cells (the window's).

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use atalaya_calls::CallList;
use atalaya_calls::wire::Column;
use atalaya_export::csv::{self, Form, Separator};
use atalaya_export::{Error, Unfinished};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use crate::locked::locked;
use crate::problem::from_export;
use crate::wire::ExportUpdate;

/// Rows written before somebody is told; the list is held for so many rows at most.
const AT_ONCE: usize = 500;

/// Rows written; `None` when it was cancelled.
pub(super) fn write(
    path: &Path,
    list: &Arc<Mutex<CallList>>,
    columns: &[Column],
    (separator, titles): (Separator, &[String]),
    cancel: &CancellationToken,
    send: &mut impl FnMut(ExportUpdate),
) -> Result<Option<u32>, Problem> {
    let form = Form::Sheet(separator);
    let rows = || -> io::Result<Option<u32>> {
        let places = locked(list).shown();
        let total = places.len() as u32;
        let mut out = Unfinished::begin(path)?;
        out.write_all(csv::MARK)?;
        csv::row(&mut out, form, titles.iter().map(String::as_str))?;
        let mut written = 0;
        for places in places.chunks(AT_ONCE) {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            send(ExportUpdate::Progress { written, total });
            let cells: Vec<Vec<String>> = {
                let list = locked(list);
                places.iter().map(|place| list.cells(*place, columns)).collect()
            };
            for cells in cells {
                csv::row(&mut out, form, cells.iter().map(String::as_str))?;
            }
            written += places.len() as u32;
        }
        if cancel.is_cancelled() {
            return Ok(None);
        }
        out.finish()?;
        Ok(Some(total))
    }();
    rows.map_err(|error| from_export(&Error::write(path, error)))
}

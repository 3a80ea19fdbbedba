//! CSV for spreadsheets: RFC 4180, and text that a spreadsheet would run is made inert.

use std::io::{self, Write};
use std::path::Path;

use crate::error::Error;
use crate::files::write_whole;

/// Stands at the start of a file: it tells spreadsheets that the text is UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes one row.
///
/// # Errors
/// The writer's.
pub fn row<'a>(out: &mut impl Write, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let inert = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let text = format!("{inert}{cell}");
        if text.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// Writes rows to a file, whole, with the mark.
///
/// # Errors
/// `exportFailed`: the folder or the disk.
pub fn write_file(path: &Path, rows: &[Vec<String>]) -> Result<(), Error> {
    let mut bytes = MARK.to_vec();
    for cells in rows {
        // A vector takes everything.
        let _ = row(&mut bytes, cells.iter().map(String::as_str));
    }
    write_whole(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there_and_a_spreadsheet_reads_its_accents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piso.csv");
        let rows = [vec!["Campaña".to_owned(), "Espera".to_owned()], vec!["=1+1".to_owned(), "3".to_owned()]];
        write_file(&path, &rows).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written, "\u{feff}Campaña,Espera\r\n'=1+1,3\r\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("missing/piso.csv");
        assert_eq!(write_file(&nowhere, &rows).unwrap_err().code(), "exportFailed");
    }

    #[test]
    fn cells_are_quoted_and_inert() {
        for (cells, line) in [
            (vec!["a", "b"], "a,b\r\n"),
            (vec!["a,b", "say \"x\""], "\"a,b\",\"say \"\"x\"\"\"\r\n"),
            (vec!["=1+1", "+598 99", "-1", "@x"], "'=1+1,'+598 99,'-1,'@x\r\n"),
            (vec!["two\nlines", ""], "\"two\nlines\",\r\n"),
            (vec!["\t=1"], "'\t=1\r\n"),
        ] {
            let mut out = Vec::new();
            row(&mut out, cells).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), line);
        }
    }
}

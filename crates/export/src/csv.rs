//! CSV: for a program RFC 4180 as it is; for a person's spreadsheet parted as their language parts it, with text that a
//! spreadsheet would run made inert.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;
use crate::files::write_whole;

/// Stands at the start of a file: it tells spreadsheets that the text is UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A program: RFC 4180, every text as it is.
    Plain,
    /// A person's spreadsheet, which parts cells at this character in their language.
    Sheet(Separator),
}

/// What parts the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Separator {
    /// Where decimals have a point.
    #[default]
    Comma,
    /// Where decimals have a comma.
    Semicolon,
}

impl Separator {
    /// What a spreadsheet expects where decimals have a comma, and where they have a point.
    pub fn where_decimals_have_a_comma(comma: bool) -> Self {
        if comma { Self::Semicolon } else { Self::Comma }
    }

    fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
        }
    }
}

/// What begins a formula.
const RUNS: [char; 4] = ['=', '+', '-', '@'];
/// What parts cells in some spreadsheet or other.
const PARTS: [char; 5] = [',', ';', '\t', '\n', '\r'];

/// A text that no spreadsheet runs, at whatever character it parts cells.
fn inert(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for c in cell.chars() {
        if begins && RUNS.contains(&c) || text.is_empty() && PARTS[2..].contains(&c) {
            text.push('\'');
        }
        begins = PARTS.contains(&c) || c == '"' && begins;
        text.push(c);
    }
    text
}

/// What a person wrote into a cell that was made inert: without the mark before a formula, where that is all there is to it.
pub fn written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| text.starts_with(RUNS)).unwrap_or(cell)
}

/// One row for the clipboard, its cells parted by tabs. What is no formula stays as it is: a telephone number is pasted
/// into a message as often as into a spreadsheet.
pub fn pasted<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || " +-().:,".contains(c));
    let cells = cells.into_iter().map(|cell| {
        let cell = cell.replace(['\t', '\r', '\n'], " ");
        if number(&cell) { cell } else { inert(&cell) }
    });
    cells.collect::<Vec<_>>().join("\t")
}

/// Writes one row.
///
/// # Errors
/// The writer's.
pub fn row<'a>(out: &mut impl Write, form: Form, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    let separator = match form {
        Form::Plain => ',',
        Form::Sheet(separator) => separator.sign(),
    };
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            write!(out, "{separator}")?;
        }
        let text = match form {
            Form::Plain => Cow::Borrowed(cell),
            Form::Sheet(_) => Cow::Owned(inert(cell)),
        };
        let parted = match form {
            Form::Plain => text.contains([',', '"', '\n', '\r']),
            Form::Sheet(_) => text.contains('"') || text.contains(PARTS),
        };
        if parted {
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
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_file(path: &Path, separator: Separator, rows: &[Vec<String>]) -> Result<(), Error> {
    write_whole(path, &sheet(separator, rows))
}

/// Rows as the bytes of a file for a person's spreadsheet.
pub fn sheet(separator: Separator, rows: &[Vec<String>]) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    for cells in rows {
        // A vector takes everything.
        let _ = row(&mut bytes, Form::Sheet(separator), cells.iter().map(String::as_str));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there_and_a_spreadsheet_reads_its_accents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piso.csv");
        let rows = [vec!["Campaña".to_owned(), "Espera".to_owned()], vec!["=1+1".to_owned(), "3".to_owned()]];
        write_file(&path, Separator::Comma, &rows).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written, "\u{feff}Campaña,Espera\r\n'=1+1,3\r\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("missing/piso.csv");
        assert_eq!(write_file(&nowhere, Separator::Comma, &rows).unwrap_err().code(), "exportFailed");
    }

    #[test]
    fn what_is_pasted_runs_nowhere_and_numbers_stay_numbers() {
        assert_eq!(
            pasted(["+598 99 123", "-1.5", "2026-01-31 10:00"]),
            "+598 99 123\t-1.5\t2026-01-31 10:00"
        );
        assert_eq!(pasted(["=HYPERLINK(1)", "+cmd|x", "a\tb\n=c"]), "'=HYPERLINK(1)\t'+cmd|x\ta b =c");
    }

    #[test]
    fn a_cell_made_inert_is_read_as_it_was_written() {
        for cell in ["+59898344484", "=1+1", "-5", "@who", "099 123", "'quoted'", ""] {
            assert_eq!(written(&inert(cell)), cell);
        }
        assert_eq!(written("'Aleu"), "'Aleu", "no formula: it is a name");
    }

    #[test]
    fn cells_are_quoted_and_inert() {
        for (cells, line) in [
            (vec!["a", "b"], "a,b\r\n"),
            (vec!["a;b", "1.5"], "\"a;b\",1.5\r\n"),
            (vec!["x;=HYPERLINK(1)", "a,+1", "a, -1"], "\"x;'=HYPERLINK(1)\",\"a,'+1\",\"a, -1\"\r\n"),
            (vec!["\"=1"], "\"\"\"'=1\"\r\n"),
            (vec!["a,b", "say \"x\""], "\"a,b\",\"say \"\"x\"\"\"\r\n"),
            (vec!["=1+1", "+598 99", "-1", "@x"], "'=1+1,'+598 99,'-1,'@x\r\n"),
            (vec!["two\nlines", ""], "\"two\nlines\",\r\n"),
            (vec!["\t=1"], "\"'\t'=1\"\r\n"),
        ] {
            let mut out = Vec::new();
            row(&mut out, Form::Sheet(Separator::Comma), cells).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), line);
        }
        let mut out = Vec::new();
        row(&mut out, Form::Sheet(Separator::Semicolon), ["a", "1,5", "=1"]).unwrap();
        row(&mut out, Form::Plain, ["+598 99", "a,b", "a;b", "-1"]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a;\"1,5\";'=1\r\n+598 99,\"a,b\",a;b,-1\r\n");
    }
}

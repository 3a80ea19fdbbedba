//! CSV for spreadsheets: RFC 4180, and text that a spreadsheet would run is made inert.

use std::io::{self, Write};

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

#[cfg(test)]
mod tests {
    use super::*;

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

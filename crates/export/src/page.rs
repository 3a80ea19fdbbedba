//! A report, or what an agent is given, as a page of its own: one file that any browser shows and prints, with nothing to
//! fetch and nothing to run.
//!
//! A file instead of printing the window: it can be kept and sent, looks the same everywhere, and what is on it can be
//! tested. Words come from the window; every one of them is text here, whoever wrote it.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use ts_rs::TS;

use crate::error::Error;
use crate::files::write_whole;

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Of the words, as in `lang`.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Names and values under it.
    pub facts: Vec<(String, String)>,
    /// The one figure it is about.
    pub figure: Option<String>,
    /// Sentences; a new line in them is one on the page.
    pub notes: Vec<String>,
    /// What it holds.
    pub tables: Vec<PageTable>,
    /// What is signed at its end.
    pub signatures: Vec<String>,
}

/// One table of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PageTable {
    /// Its title.
    pub title: String,
    /// A sentence under it.
    pub note: Option<String>,
    /// Titles of the columns.
    pub head: Vec<String>,
    /// Rows; the first cell names the row. Lines of a cell after the first are said more quietly.
    pub rows: Vec<Vec<String>>,
    /// Numbers of the rows that are about a gap, or over a limit.
    pub marked: Vec<usize>,
    /// Numbers of the columns that hold words: they stand on the left, as the first one does.
    pub words: Vec<usize>,
}

const STYLE: &str = "body{font:13px/1.45 system-ui,sans-serif;color:#1a1f27;background:#fff;margin:28px auto;max-width:1000px;\
padding:0 20px}h1{font-size:20px;margin:0 0 6px}h2{font-size:14px;margin:26px 0 6px;break-after:avoid}\
p{margin:2px 0;color:#56606e}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
th,td{text-align:right;padding:3px 0 3px 12px;border-bottom:1px solid #e4e7ec;font-weight:400}\
th:first-child,td:first-child{text-align:left;padding-left:0}thead th{font-size:11px;color:#5f6978;font-weight:600;\
vertical-align:bottom}thead{display:table-header-group}tr{break-inside:avoid}tr.marked td,tr.marked th{background:#f1f3f6}\
tr.marked th:first-child::before{content:'\\25C6\\00A0'}td.w,th.w{text-align:left}th.w{width:34%}th.w:last-child{width:86%}td,tbody th{vertical-align:top}\
small{display:block;color:#56606e;font-size:12px}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;\
margin:10px 0}dt{color:#56606e}dd{margin:0}.figure{font-size:28px;font-weight:650;color:#1a1f27;margin:6px 0}\
.sign{display:grid;grid-template-columns:repeat(auto-fit,minmax(0,1fr));grid-auto-flow:column;gap:32px;margin-top:64px;\
break-inside:avoid}.sign p{border-top:1px solid #56606e;padding-top:4px}@page{margin:14mm}\
@media print{body{margin:0;max-width:none;padding:0}tr.marked td,tr.marked th{print-color-adjust:exact;\
-webkit-print-color-adjust:exact}}";

fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// Several lines, each as text; those after the first quietly when `quiet`.
fn lines(words: &str, quiet: bool) -> String {
    let mut lines = words.lines().map(text);
    let mut out = lines.next().unwrap_or_default();
    for line in lines {
        let _ = if quiet { write!(out, "<small>{line}</small>") } else { write!(out, "<br>{line}") };
    }
    out
}

impl Page {
    /// The whole file.
    pub fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
            text(&self.language),
            text(&self.title),
            text(&self.title)
        );
        if !self.facts.is_empty() {
            out.push_str("<dl>");
            for (name, value) in &self.facts {
                let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", text(name), text(value));
            }
            out.push_str("</dl>\n");
        }
        if let Some(figure) = &self.figure {
            let _ = writeln!(out, "<p class=\"figure\">{}</p>", text(figure));
        }
        for note in &self.notes {
            let _ = writeln!(out, "<p>{}</p>", lines(note, false));
        }
        for table in &self.tables {
            let _ = writeln!(out, "<h2>{}</h2>", text(&table.title));
            if let Some(note) = &table.note {
                let _ = writeln!(out, "<p>{}</p>", text(note));
            }
            let side = |place: usize| if table.words.contains(&place) { " class=\"w\"" } else { "" };
            out.push_str("<table>\n<thead><tr>");
            for (place, cell) in table.head.iter().enumerate() {
                let _ = write!(out, "<th scope=\"col\"{}>{}</th>", side(place), text(cell));
            }
            out.push_str("</tr></thead>\n<tbody>\n");
            for (number, row) in table.rows.iter().enumerate() {
                let class = if table.marked.contains(&number) { " class=\"marked\"" } else { "" };
                let _ = write!(out, "<tr{class}>");
                for (place, cell) in row.iter().enumerate() {
                    let _ = if place == 0 {
                        write!(out, "<th scope=\"row\">{}</th>", lines(cell, true))
                    } else {
                        write!(out, "<td{}>{}</td>", side(place), lines(cell, true))
                    };
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n</table>\n");
        }
        if !self.signatures.is_empty() {
            out.push_str("<div class=\"sign\">");
            for signature in &self.signatures {
                let _ = write!(out, "<p>{}</p>", text(signature));
            }
            out.push_str("</div>\n");
        }
        out.push_str("</body>\n</html>\n");
        out
    }
}

/// Writes it, whole.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_file(path: &Path, page: &Page) -> Result<(), Error> {
    write_whole(path, page.html().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_server_wrote_is_text_on_the_page() {
        let hostile = "<script>alert(1)</script>\"'&\u{0}";
        let page = Page {
            language: hostile.into(),
            title: hostile.into(),
            facts: vec![(hostile.into(), hostile.into())],
            figure: Some(hostile.into()),
            notes: vec![format!("{hostile}\n{hostile}")],
            signatures: vec![hostile.into()],
            tables: vec![PageTable {
                title: hostile.into(),
                note: Some(hostile.into()),
                head: vec![hostile.into()],
                rows: vec![
                    vec![format!("{hostile}\n{hostile}"), hostile.into()],
                    vec!["Baño".into(), "–".into(), "dos\nlíneas".into()],
                ],
                marked: vec![1],
                words: vec![2],
            }],
        };
        let html = page.html();
        assert_eq!(html.matches("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; ").count(), 15);
        assert!(!html.contains("<script"));
        assert!(html.contains("<tr class=\"marked\"><th scope=\"row\">Baño</th><td>–</td><td class=\"w\">dos<small>líneas</small></td></tr>"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turno.html");
        write_file(&path, &page).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), html);
        assert_eq!(write_file(&folder.path().join("missing/x"), &page).unwrap_err().code(), "exportFailed");
    }
}

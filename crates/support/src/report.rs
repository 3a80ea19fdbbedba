//! The report as one text that a person can read to its end before they hand it on.
//!
//! Left out on purpose: where it goes. It is written in English, as the logs are: it is read by whoever mends the program.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::redaction::Redaction;

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub title: String,
    /// Many lines.
    pub text: String,
}

/// All parts, without anything private.
pub fn written(parts: &[Part], redaction: &mut Redaction) -> String {
    let parts = parts.iter().map(|part| {
        let text = redaction.text(part.text.trim_end());
        format!("== {} ==\n{}\n", part.title, if text.is_empty() { "nothing" } else { &text })
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// The last whole lines of a file, at most so many bytes; a sentence in their place where it cannot be read. Bytes that are
/// no text are marked.
pub fn last_lines(path: &Path, most: u64) -> String {
    match tail(path, most) {
        Ok(text) => text,
        Err(error) => format!("it could not be read: {error}"),
    }
}

fn tail(path: &Path, most: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let from = file.metadata()?.len().saturating_sub(most);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The first one may be half a line.
    let whole = if from > 0 { text.split_once('\n').map_or("", |(_, rest)| rest) } else { &text };
    Ok(whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redaction::Known;

    #[test]
    fn a_report_has_every_part_and_the_same_marks_in_all() {
        let part = |title: &str, text: &str| Part { title: title.to_owned(), text: text.to_owned() };
        let mut redaction = Redaction::new(Known { names: vec!["Cobranzas".to_owned()], ..Known::default() });
        let parts =
            [part("state", "Cobranzas 099123456\n"), part("log", "a call of 099123456"), part("broke", "")];
        assert_eq!(
            written(&parts, &mut redaction),
            "== state ==\n[name 1] [number 1]\n\n== log ==\na call of [number 1]\n\n== broke ==\nnothing\n"
        );
    }

    #[test]
    fn of_a_long_file_there_are_the_last_whole_lines() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("atalaya.log");
        std::fs::write(&path, b"first line\nsecond \xe9\nthird\n").unwrap();
        assert_eq!(last_lines(&path, 1_000), "first line\nsecond \u{fffd}\nthird\n");
        assert_eq!(last_lines(&path, 12), "third\n");
        assert!(last_lines(&home.path().join("none"), 12).starts_with("it could not be read"));
    }
}

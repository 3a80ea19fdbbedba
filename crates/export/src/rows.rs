//! Rows of a table somebody hands in as text: cells parted by commas, semicolons or tabs, quoted where they hold one.
//!
//! Left out on purpose: which bytes are which letters, and what the cells mean.

use std::iter::Peekable;
use std::str::Chars;

/// Rows of a text, each with the number of the line it begins in, from 1. What parts the cells is whichever of comma,
/// semicolon and tab the first line has most of outside quotes. Blank lines are none; blanks around a cell are not of it; a
/// quote that is never closed ends with the text.
pub fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut reading = RowReader::new(text, separator_of(text, &[',', ';', '\t']));
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    while let Some(line) = reading.next_into(&mut cells) {
        rows.push((line, std::mem::take(&mut cells)));
    }
    rows
}

/// Which of these the first line of a text that says something has most of outside quotes; the earlier one of equals, and
/// the first where there is none.
pub fn separator_of(text: &str, among: &[char]) -> char {
    let text = text.trim_start_matches('\u{feff}');
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: char| {
        let mut quoted = false;
        line.chars()
            .filter(|letter| {
                quoted ^= *letter == '"';
                !quoted && *letter == sign
            })
            .count()
    };
    let mut best = (among.first().copied().unwrap_or(','), 0);
    for (sign, signs) in among.iter().map(|sign| (*sign, count(*sign))) {
        if signs > best.1 {
            best = (sign, signs);
        }
    }
    best.0
}

/// Reads one row after the other, so that a large table is never here twice.
pub struct RowReader<'a> {
    letters: Peekable<Chars<'a>>,
    separator: char,
    line: usize,
    cell: String,
    /// The line in which a quote began that was not closed.
    unclosed: Option<usize>,
}

impl<'a> RowReader<'a> {
    /// Reads a text whose cells are parted by `separator`.
    pub fn new(text: &'a str, separator: char) -> Self {
        let letters = text.trim_start_matches('\u{feff}').chars().peekable();
        Self { letters, separator, line: 1, cell: String::new(), unclosed: None }
    }

    /// Puts the next row that says something into `cells`, and gives the line it begins in, from 1; `None` at the end.
    pub fn next_into(&mut self, cells: &mut Vec<String>) -> Option<usize> {
        cells.clear();
        let (mut quoted, mut began, mut opened) = (false, self.line, self.line);
        loop {
            let Some(letter) = self.letters.next() else {
                if quoted {
                    self.unclosed = Some(opened);
                }
                self.ended(cells);
                return says_something(cells).then_some(began);
            };
            match letter {
                '"' if quoted && self.letters.next_if_eq(&'"').is_some() => self.cell.push('"'),
                '"' if quoted => quoted = false,
                '"' if self.cell.trim().is_empty() => {
                    self.cell.clear();
                    (quoted, opened) = (true, self.line);
                }
                letter if !quoted && letter == self.separator => self.ended(cells),
                '\n' => {
                    self.line += 1;
                    if quoted {
                        self.cell.push('\n');
                        continue;
                    }
                    self.ended(cells);
                    if says_something(cells) {
                        return Some(began);
                    }
                    cells.clear();
                    began = self.line;
                }
                '\r' if self.letters.peek() == Some(&'\n') => {}
                letter => self.cell.push(letter),
            }
        }
    }

    /// The line in which a quote began that was never closed, once the text is read to its end: everything below is in one
    /// cell.
    pub fn unclosed(&self) -> Option<usize> {
        self.unclosed
    }

    fn ended(&mut self, cells: &mut Vec<String>) {
        cells.push(self.cell.trim().to_owned());
        self.cell.clear();
    }
}

fn says_something(cells: &[String]) -> bool {
    cells.iter().any(|cell| !cell.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        rows(text).into_iter().map(|(line, cells)| format!("{line}: {}", cells.join("|"))).collect()
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        assert_eq!(
            read("\u{feff}phone, name \r\n099,\"No, gracias\"\r\n\r\n098,\"a \"\"b\"\"\""),
            ["1: phone|name", "2: 099|No, gracias", "4: 098|a \"b\""]
        );
        assert_eq!(read("phone;name\n099;a,b"), ["1: phone|name", "2: 099|a,b"]);
        assert_eq!(read("phone\tname\n099\ta;b"), ["1: phone|name", "2: 099|a;b"]);
        assert_eq!(read("\"a;b\",c\nd,e"), ["1: a;b|c", "2: d|e"]);
        assert_eq!(read("a,b\n\"two\nlines\",c\nd,e"), ["1: a|b", "2: two\nlines|c", "4: d|e"]);
    }

    #[test]
    fn what_is_no_table_ends_too() {
        for text in ["", "\n\n", ",,\n", "\u{feff}"] {
            assert_eq!(read(text), [""; 0], "{text:?}");
        }
        assert_eq!(read("a,\"never closed\nb,c"), ["1: a|never closed\nb,c"]);
        assert_eq!(read("a\"b,c\"d"), ["1: a\"b|c\"d"]);
    }
}

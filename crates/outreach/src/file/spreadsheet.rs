//! Spreadsheets: measured before they are unpacked, read cell by cell, their numbers as people typed them.
//!
//! A few bytes of one can ask for all memory there is: a sheet whose only cell is the last one, a part that unpacks to a
//! thousand times its size, a table of texts that says it holds a billion. So no range is ever asked for, every part is
//! unpacked and counted first, and what announces more than it can hold is refused.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

use super::{AT_ONCE, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, Sheet};
use crate::error::Error;
use crate::wire::FileHint;

/// Parts of a spreadsheet: sheets, pictures, and what belongs to them.
const MOST_PARTS: usize = 10_000;
/// Cells read, those that say nothing among them.
const MOST_CELLS: usize = 60_000_000;
/// Letters of one cell: what spreadsheets themselves take.
const LONGEST_CELL: usize = 40_000;
/// How a part announces how many texts it holds; room is made for as many.
const ANNOUNCED: &[u8] = b"uniqueCount";
/// The least bytes a text takes.
const LEAST_TEXT: u64 = 4;
/// Room for a name, blanks, quotes and a number.
const OVERLAP: usize = 128;

/// The first sheet that says something, and what to know of it.
pub(super) fn read(
    bytes: &[u8],
    told: &mut impl FnMut(usize),
    cancel: &CancellationToken,
) -> Result<(Sheet, Vec<FileHint>), Error> {
    // Bytes are a stranger's: should a part of the reader fall over, the file is none.
    let reading = AssertUnwindSafe(|| {
        measure(bytes, MOST_UNPACKED, cancel)?;
        sheet(bytes, told, cancel)
    });
    catch_unwind(reading).unwrap_or(Err(Error::NotASpreadsheet))
}

/// Unpacks every part once, keeping nothing.
fn measure(bytes: &[u8], most: u64, cancel: &CancellationToken) -> Result<(), Error> {
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Error::NotASpreadsheet)?;
    if packed.len() > MOST_PARTS {
        return Err(Error::NotASpreadsheet);
    }
    let mut left = most;
    for at in 0..packed.len() {
        let part = packed.by_index(at).map_err(|_| Error::NotASpreadsheet)?;
        left -= unpacked(part, left, cancel)?;
    }
    Ok(())
}

/// The bytes of a part.
fn unpacked(part: impl Read, most: u64, cancel: &CancellationToken) -> Result<u64, Error> {
    let mut part = part.take(most + 1);
    let mut window = Vec::with_capacity(OVERLAP + 64 * 1024);
    let mut piece = vec![0; 64 * 1024];
    let (mut size, mut announced) = (0, 0);
    loop {
        if cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let read = part.read(&mut piece).map_err(|_| Error::NotASpreadsheet)?;
        let begins = size == 0;
        size += read as u64;
        if size > most {
            return Err(Error::TooLarge { what: "unpacked", most: MOST_UNPACKED });
        }
        // No spreadsheet is written in anything but UTF-8, and nothing is looked for in anything else.
        if begins && [&b"\xff\xfe"[..], b"\xfe\xff", b"\0"].iter().any(|mark| piece[..read].starts_with(mark))
        {
            return Err(Error::NotASpreadsheet);
        }
        window.extend_from_slice(&piece[..read]);
        // What stands at the very end may go on in the next piece: it is looked at with that.
        let whole = if read == 0 { window.len() } else { window.len().saturating_sub(OVERLAP) };
        announced = announced.max(most_announced(&window, whole));
        if read == 0 {
            break;
        }
        window.drain(..whole);
    }
    if announced > size / LEAST_TEXT { Err(Error::NotASpreadsheet) } else { Ok(size) }
}

/// The largest number announced by a name that begins before `end`.
fn most_announced(window: &[u8], end: usize) -> u64 {
    let mut most = 0;
    let begins = (0..end).filter(|at| window[*at..].starts_with(ANNOUNCED));
    for at in begins {
        let rest = window[at + ANNOUNCED.len()..].iter().copied();
        let digits = rest.skip_while(|byte| byte.is_ascii_whitespace() || b"=\"'+".contains(byte));
        let number = digits
            .take_while(u8::is_ascii_digit)
            .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        most = most.max(number);
    }
    most
}

fn sheet(
    bytes: &[u8],
    told: &mut impl FnMut(usize),
    cancel: &CancellationToken,
) -> Result<(Sheet, Vec<FileHint>), Error> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsxError::Password => Error::OldSpreadsheet,
            _ => Error::NotASpreadsheet,
        })?;
    let names = book.sheet_names();
    let mut cells_left = MOST_CELLS;
    for name in &names {
        let mut lines = Lines::default();
        {
            let Ok(mut cells) = book.worksheet_cells_reader(name) else { continue };
            while let Some(cell) = cells.next_cell().map_err(|_| Error::NotASpreadsheet)? {
                let Some(left) = cells_left.checked_sub(1) else {
                    return Err(Error::TooLarge { what: "cells", most: MOST_CELLS as u64 });
                };
                cells_left = left;
                if cells_left.is_multiple_of(AT_ONCE) && cancel.is_cancelled() {
                    return Err(Error::Cancelled);
                }
                let (row, column) = cell.get_position();
                lines.take(row, column as usize, cell.get_value(), told)?;
            }
        }
        let sheet = lines.finish()?;
        if !sheet.is_empty() {
            let others = names.len() > 1;
            let hints =
                others.then(|| FileHint::OneSheetOf { sheet: name.clone(), sheets: names.len() as u32 });
            return Ok((sheet, hints.into_iter().collect()));
        }
    }
    Err(Error::Empty)
}

/// The row being read, and those before it. Room is made for what says something alone, however far away it says it stands.
#[derive(Default)]
struct Lines {
    sheet: Sheet,
    row: Option<u32>,
    cells: Vec<String>,
    as_numbers: Vec<usize>,
}

impl Lines {
    fn take(
        &mut self,
        row: u32,
        column: usize,
        value: &DataRef<'_>,
        told: &mut impl FnMut(usize),
    ) -> Result<(), Error> {
        let text = text_of(value);
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Error::TooLarge { what: "columns", most: MOST_COLUMNS as u64 });
        }
        if row as usize >= MOST_ROWS.saturating_mul(2) {
            return Err(Error::TooLarge { what: "rows", most: MOST_ROWS as u64 });
        }
        if text.len() > LONGEST_CELL * 4 {
            return Err(Error::TooLarge { what: "letters", most: LONGEST_CELL as u64 });
        }
        if self.row != Some(row) {
            self.end_row()?;
            if self.sheet.len().is_multiple_of(AT_ONCE) {
                told(self.sheet.len());
            }
            self.row = Some(row);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if matches!(value, DataRef::Int(_) | DataRef::Float(_)) {
            self.as_numbers.push(column);
        }
        self.cells[column] = text;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Error> {
        if let Some(row) = self.row.take() {
            self.sheet.push(row as usize + 1, self.cells.iter().map(String::as_str))?;
            for column in self.as_numbers.drain(..) {
                self.sheet.was_a_number(column);
            }
            self.cells.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet, Error> {
        self.end_row()?;
        Ok(self.sheet)
    }
}

/// A cell as a person would have typed it.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        // A telephone number arrives as `98344484.0`, and prints as `98344484`.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) if at.is_duration() => at.as_f64().to_string(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_announces_more_than_it_holds_is_refused_wherever_it_stands() {
        let never = CancellationToken::new();
        for pad in [0, 1, 64 * 1024 - 5, 64 * 1024 - OVERLAP, 200_000] {
            let mut part = vec![b' '; pad];
            part.extend_from_slice(b"<sst uniqueCount = \"99999999999\">");
            part.extend(std::iter::repeat_n(b' ', 3));
            let refused = unpacked(&part[..], MOST_UNPACKED, &never).unwrap_err();
            assert_eq!(refused.code(), "fileNotASpreadsheet", "{pad}");
        }
        let honest = b"<sst uniqueCount=\"2\"><si><t>a</t></si><si><t>b</t></si></sst>";
        assert_eq!(unpacked(&honest[..], MOST_UNPACKED, &never).unwrap(), honest.len() as u64);
        assert_eq!(unpacked(&honest[..], 10, &never).unwrap_err().code(), "fileTooLarge");
        assert!(
            unpacked(&b"\xff\xfe<\0s\0"[..], MOST_UNPACKED, &never).is_err(),
            "another encoding hides it"
        );
    }

    #[test]
    fn what_unpacks_to_a_thousand_times_its_size_is_refused_before_it_is() {
        use std::io::Write as _;
        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in ["xl/worksheets/sheet1.xml", "xl/media/image1.png"] {
            bomb.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
            bomb.write_all(&vec![b' '; 3 << 20]).unwrap();
        }
        let bomb = bomb.finish().unwrap().into_inner();
        assert!(bomb.len() < 20_000, "it is small: {}", bomb.len());
        let never = CancellationToken::new();
        assert_eq!(measure(&bomb, 5 << 20, &never).unwrap_err().code(), "fileTooLarge", "all parts together");
        assert!(measure(&bomb, 6 << 20, &never).is_ok());
    }

    #[test]
    fn numbers_are_as_they_were_typed() {
        assert_eq!(text_of(&DataRef::Float(98_344_484.0)), "98344484");
        assert_eq!(text_of(&DataRef::Float(59_898_344_484.0)), "59898344484");
        assert_eq!(text_of(&DataRef::Float(12.5)), "12.5");
        assert_eq!(text_of(&DataRef::SharedString(" Ana ")), "Ana");
    }
}

//! A table of texts in little room: all letters in one text, and where each cell ends.

use std::ops::Range;

use super::{MOST_COLUMNS, MOST_ROWS, MOST_TEXT};
use crate::error::Error;

/// Rows of cells.
#[derive(Debug, Default)]
pub struct Sheet {
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<u32>,
    rows: Vec<Place>,
    widest: usize,
    /// Cells of each column that a spreadsheet kept as numbers.
    as_numbers: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Its first cell among all.
    first: u32,
    /// The line of the file it begins in, from 1.
    line: u32,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    /// The line of the file it begins in, from 1.
    pub line: u32,
    first: usize,
    count: usize,
}

impl Sheet {
    /// Adds a row.
    ///
    /// # Errors
    /// `fileTooLarge`: rows, columns, letters.
    pub(super) fn push<'a>(
        &mut self,
        line: usize,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Error> {
        if self.rows.len() == MOST_ROWS {
            return Err(Error::TooLarge { what: "rows", most: MOST_ROWS as u64 });
        }
        let first = self.ends.len();
        for cell in cells {
            if self.ends.len() - first == MOST_COLUMNS {
                return Err(Error::TooLarge { what: "columns", most: MOST_COLUMNS as u64 });
            }
            if self.text.len() + cell.len() > MOST_TEXT {
                return Err(Error::TooLarge { what: "letters", most: MOST_TEXT as u64 });
            }
            self.text.push_str(cell);
            self.ends.push(self.text.len() as u32);
        }
        self.widest = self.widest.max(self.ends.len() - first);
        self.rows.push(Place { first: first as u32, line: line as u32 });
        Ok(())
    }

    /// A cell of this column was a number.
    pub(super) fn was_a_number(&mut self, column: usize) {
        if self.as_numbers.len() <= column {
            self.as_numbers.resize(column + 1, 0);
        }
        self.as_numbers[column] += 1;
    }

    /// Cells of a column that a spreadsheet kept as numbers: what was typed before the first other digit is lost.
    pub fn numbers_in(&self, column: u32) -> u32 {
        self.as_numbers.get(column as usize).copied().unwrap_or(0)
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many columns the widest row has.
    pub fn columns(&self) -> usize {
        self.widest
    }

    /// A row by its place, from 0.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        let place = self.rows.get(at)?;
        let end = self.rows.get(at + 1).map_or(self.ends.len(), |next| next.first as usize);
        let first = place.first as usize;
        Some(Row { sheet: self, line: place.line, first, count: end - first })
    }

    /// Rows of these places, those that are not there left out.
    pub fn rows(&self, places: Range<usize>) -> impl Iterator<Item = Row<'_>> {
        (places.start..places.end.min(self.len())).filter_map(|at| self.row(at))
    }
}

impl<'a> Row<'a> {
    /// A cell; empty where the row is shorter.
    pub fn cell(&self, column: u32) -> &'a str {
        let column = column as usize;
        if column >= self.count {
            return "";
        }
        let at = self.first + column;
        let begins = if at == 0 { 0 } else { self.sheet.ends[at - 1] as usize };
        &self.sheet.text[begins..self.sheet.ends[at] as usize]
    }

    /// All its cells.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..row.count as u32).map(move |column| row.cell(column))
    }
}

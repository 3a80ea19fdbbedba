//! Files a person hands on or takes in.
//!
//! CSV for spreadsheets, pages to print, names that are good on every system; written whole or not at all, read within
//! bounds. Left out on purpose: what is in them (calls, the floor, reviews), their words, and asking where they should go.

pub mod csv;
mod error;
mod files;
mod names;
pub mod page;
mod rows;

pub use error::Error;
pub use files::{Unfinished, read_text, write_free, write_whole};
pub use names::{safe, unique};
pub use rows::{RowReader, rows, separator_of};

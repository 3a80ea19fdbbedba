//! A person's file: what it is, what its columns mean, and what is wrong with its rows.

use atalaya_ucontact::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileKind {
    /// A table as text, by its name.
    Csv,
    /// Any other text.
    Txt,
    /// A spreadsheet.
    Xlsx,
}

/// How the letters of a text were found to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that says so at its beginning.
    Utf8Mark,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// What is none of these.
    Windows1252,
}

/// What was found to part the cells of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Parted {
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `|`
    Bar,
}

/// What a person should know of a file before they go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FileHint {
    /// A quote is opened in this line and never closed: everything below is in one cell.
    UnclosedQuote {
        /// Of the file, from 1.
        line: u32,
    },
    /// Of several sheets the first that says something was read.
    OneSheetOf {
        /// Its name.
        sheet: String,
        /// How many there are.
        sheets: u32,
    },
}

/// A column of the file at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnSeen {
    /// Its name; empty where there is no header.
    pub name: String,
    /// Its first cells below the header, five at most.
    pub first: Vec<String>,
    /// Cells that the spreadsheet kept as numbers: a 0 typed before them is lost.
    pub as_numbers: u32,
}

/// A column that goes into a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParameterColumn {
    /// The parameter's name.
    pub name: String,
    /// The column, from 0.
    pub column: u32,
}

/// What the columns of a file mean; columns are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Mapping {
    /// Whether the first row names the columns.
    pub header: bool,
    /// The number; `None` before somebody chose.
    pub phone: Option<u32>,
    /// The campaign, which has to be the one that is sent to.
    pub campaign: Option<u32>,
    /// Columns that go into a parameter each.
    pub parameters: Vec<ParameterColumn>,
    /// A column of parameters ready to go: `name=value:name=value`.
    pub ready_parameters: Option<u32>,
    /// Columns of other numbers, in the order they are tried; a cell may hold several, parted by `:`, `/`, `,` or `|`.
    pub alternatives: Vec<u32>,
    /// A column of priorities.
    pub priority: Option<u32>,
    /// The priority of rows without one in that column; above 1.
    pub same_priority: Option<u32>,
    /// The extension of whom it is for.
    pub agentphone: Option<u32>,
    /// The text of a message, with a column's name in braces, or its place from 1, where a cell goes.
    pub text: String,
}

/// A file at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileTaken {
    /// Its number; another file has another.
    pub id: u32,
    /// Its name, without where it is.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// How its letters are written; `None` of a spreadsheet.
    pub encoding: Option<Encoding>,
    /// What parts its cells; `None` of a spreadsheet.
    pub parted: Option<Parted>,
    /// Its rows, a header not among them.
    pub rows: u32,
    /// Its columns.
    pub columns: Vec<ColumnSeen>,
    /// How it is understood: as a file with the same header was before, else guessed.
    pub mapping: Mapping,
    /// Whether a person chose that mapping before.
    pub remembered: bool,
    /// What to know of it.
    pub hints: Vec<FileHint>,
    /// Milliseconds it took to read.
    pub took_ms: u32,
}

/// How the reading of a file goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TakeUpdate {
    /// So many rows so far.
    Reading {
        /// Rows.
        rows: u32,
    },
    /// It is at hand.
    Taken {
        /// The file.
        file: FileTaken,
    },
    /// Stopped by the person; the file before, if any, is at hand still.
    Cancelled,
    /// It cannot be read.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// What a base is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BaseKind {
    /// Calls.
    Calls,
    /// Messages.
    Messages,
}

/// What a file is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BaseRequest {
    /// The file's number.
    pub file: u32,
    /// What it is a base of.
    pub kind: BaseKind,
    /// The campaign it goes to.
    pub campaign: String,
    /// What its columns mean.
    pub mapping: Mapping,
    /// The zone the numbers are called in, as the server names it; `None`: its own. Not of messages.
    pub timezone: Option<String>,
}

/// How the checking of rows goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CheckUpdate {
    /// So many of so many.
    Going {
        /// Rows checked.
        rows: u32,
        /// Rows in all.
        total: u32,
    },
    /// All are checked.
    Checked {
        /// What came of it.
        base: CheckedBase,
    },
    /// Stopped by the person.
    Cancelled,
    /// It cannot be checked.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// Rows left out for one reason, or taken with one hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// The reason's or the hint's stable name.
    pub code: &'static str,
    /// Rows.
    pub rows: u32,
}

/// A file as it was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedBase {
    /// Its number; what is checked anew has another.
    pub id: u32,
    /// Rows that go out.
    pub good: u32,
    /// Rows that are left out.
    pub bad: u32,
    /// Why those are, each row under its first reason; the sum is `bad`.
    pub reasons: Vec<ReasonCount>,
    /// What to know of those that go out: `tidied` (blanks, dots, brackets and hyphens taken out of the number), `short` (a
    /// number of fewer than six digits), `asNumber` (the spreadsheet kept the number column as numbers: a 0 before them is
    /// lost), `severalParts` (a message of more than one).
    pub hints: Vec<ReasonCount>,
    /// Bases it goes out in.
    pub bases: u32,
    /// Messages as they are counted by the network, all rows together; 0 of calls.
    #[ts(type = "number")]
    pub parts: u64,
    /// The first rows that go out, exactly as they do.
    pub preview: String,
    /// Milliseconds it took to check.
    pub took_ms: u32,
}

/// Why a row is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowReason {
    /// Stable name:
    ///
    /// - `numberEmpty`, `notANumber`, `rounded` (a spreadsheet wrote it as `9.83E+07`: its digits are lost)
    /// - `reserved`: a sign that parts columns, names or values (`;`, `:`, `=`) inside one
    /// - `parameters` (a name is empty, or it is no `name=value:…`, too many, too long), `lineBreak`
    /// - `alternatives`: one of them is no number
    /// - `priority` (no whole number above 1), `agentphone` (no extension)
    /// - `otherCampaign`
    /// - `repeated`: the number is in `row` already
    /// - `blacklisted`: since `since_ms`, from here
    /// - `textEmpty`, `textTooLong` (it would go out in `parts`)
    pub code: &'static str,
    /// The line of the file it repeats.
    pub row: Option<u32>,
    /// Messages it would be.
    pub parts: Option<u32>,
    /// Epoch milliseconds.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
}

/// A row as it goes out, or would if it were right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedRow {
    /// The line of the file it begins in, from 1.
    pub row: u32,
    /// The number, tidied.
    pub phone: String,
    /// The number as it is in the file.
    pub written: String,
    /// `name=value:name=value`; empty of messages.
    pub parameters: String,
    /// `n:n`; empty of messages.
    pub alternatives: String,
    /// The text; empty of calls.
    pub text: String,
    /// Its priority, as it is in the file or the same for all.
    pub priority: String,
    /// The extension.
    pub agentphone: String,
    /// Why it is left out; `None`: it goes out.
    pub reason: Option<RowReason>,
    /// Hints of this row, as in [`CheckedBase`]; `asNumber` is of the column.
    pub hints: Vec<&'static str>,
}

/// Which rows of a checked file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RowsWanted {
    /// All.
    All,
    /// Those that are left out.
    Bad,
    /// Those that are left out for this reason.
    BadFor {
        /// Its stable name.
        code: String,
    },
}

/// Some rows of a checked file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedRows {
    /// How many there are of these.
    pub total: u32,
    /// The first of those below among them, from 0.
    pub from: u32,
    /// The rows.
    pub rows: Vec<CheckedRow>,
}

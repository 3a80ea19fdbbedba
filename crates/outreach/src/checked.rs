//! Every row of a file, looked at before anything leaves: what goes out of it, or why it does not.
//!
//! Of each row only the verdict is kept; what goes out is made of the file again, by the same function, when it is shown,
//! sent or saved. Left out on purpose: words for the reasons.

mod bad_rows;
mod row;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::base::{Cutter, Line, Rows};
use crate::error::Error;
use crate::file::{AT_ONCE, Taken};
use crate::numbers;
use crate::wire::{
    BaseKind, BaseRequest, CheckedBase, CheckedRow, CheckedRows, ReasonCount, RowReason, RowsWanted,
};

pub use bad_rows::save_bad;
use row::{Reading, reason_of};

/// Rows shown as they go out.
const PREVIEW: usize = 5;
/// Most rows given at once.
pub const MOST_AT_ONCE: u32 = 500;
/// Fewer digits are worth a look.
const SHORT: usize = 6;

/// Numbers that are not to be called: since when, by its digits alone.
pub type Blacklisted = HashMap<u128, i64>;

/// What was decided about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Bad(&'static str),
    /// The line it repeats.
    Repeated(u32),
    /// Since when.
    Blacklisted(i64),
    /// Messages it would be.
    TooLong(u32),
}

impl Verdict {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Good => None,
            Self::Bad(code) => Some(code),
            Self::Repeated(_) => Some("repeated"),
            Self::Blacklisted(_) => Some("blacklisted"),
            Self::TooLong(_) => Some("textTooLong"),
        }
    }

    fn reason(self) -> Option<RowReason> {
        let mut reason = RowReason { code: self.code()?, row: None, parts: None, since_ms: None };
        match self {
            Self::Repeated(row) => reason.row = Some(row),
            Self::Blacklisted(since) => reason.since_ms = Some(since),
            Self::TooLong(parts) => reason.parts = Some(parts),
            Self::Good | Self::Bad(_) => {}
        }
        Some(reason)
    }
}

/// A file whose every row was checked.
#[derive(Debug)]
pub struct Checked {
    /// The file.
    pub taken: Arc<Taken>,
    /// What it is to become.
    pub request: BaseRequest,
    /// Most bytes of a base's form.
    pub max_bytes: u32,
    /// One for each row below the header.
    verdicts: Vec<Verdict>,
    /// Places of those left out.
    bad: Vec<u32>,
    summary: CheckedBase,
}

/// Checks every row. `told` hears how many are checked, now and then.
///
/// # Errors
/// `invalidInput` with `campaign`, `phone`, `text` or `column` for a request that means nothing; `cancelled`.
pub fn check(
    id: u32,
    taken: Arc<Taken>,
    request: BaseRequest,
    max_bytes: u32,
    blacklisted: &Blacklisted,
    told: &mut impl FnMut(usize, usize),
    cancel: &CancellationToken,
) -> Result<Checked, Error> {
    let reading = Reading::new(&taken.sheet, &request)?;
    let total = reading.rows();
    let mut cutter = Cutter::new(request.kind, &request.campaign, max_bytes);
    let mut seen: HashMap<u128, u32> = HashMap::new();
    let (mut verdicts, mut bad) = (Vec::with_capacity(total), Vec::new());
    let (mut reasons, mut hints) = (BTreeMap::new(), BTreeMap::new());
    let (mut bases, mut parts, mut preview, mut previewed) = (0, 0_u64, None, 0);
    for at in 0..total {
        if at.is_multiple_of(AT_ONCE) {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            told(at, total);
        }
        let row = reading.row(at);
        let key = numbers::key(row.phone());
        let verdict = match (row.wrong, seen.get(&key), blacklisted.get(&key)) {
            (Some("textTooLong"), _, _) => Verdict::TooLong(row.parts),
            (Some(code), _, _) => Verdict::Bad(code),
            (None, Some(line), _) => Verdict::Repeated(*line),
            (None, None, Some(since)) => Verdict::Blacklisted(*since),
            (None, None, None) => match cutter.push(&row.line) {
                Ok(full) => {
                    bases += u32::from(full.is_some());
                    if let (Some(full), None) = (&full, &preview) {
                        preview = Some(first_lines(full));
                    }
                    Verdict::Good
                }
                Err(flaws) => Verdict::Bad(flaws.first().map_or("parameters", reason_of)),
            },
        };
        if verdict == Verdict::Good {
            seen.insert(key, row.number);
            parts += u64::from(row.parts);
            previewed += 1;
            if previewed == PREVIEW && preview.is_none() {
                preview = Some(first_lines(cutter.rows()));
            }
            for hint in row.hints() {
                *hints.entry(hint).or_insert(0) += 1;
            }
        }
        if let Some(code) = verdict.code() {
            *reasons.entry(code).or_insert(0) += 1;
            bad.push(at as u32);
        }
        verdicts.push(verdict);
    }
    told(total, total);
    let preview = preview.unwrap_or_else(|| first_lines(cutter.rows()));
    bases += u32::from(cutter.finish().is_some());
    let as_numbers = request.mapping.phone.map_or(0, |column| taken.sheet.numbers_in(column));
    if as_numbers > 0 {
        hints.insert("asNumber", as_numbers);
    }
    let summary = CheckedBase {
        id,
        good: (total - bad.len()) as u32,
        bad: bad.len() as u32,
        reasons: by_count(reasons),
        hints: by_count(hints),
        bases,
        parts,
        preview,
        took_ms: 0,
    };
    Ok(Checked { taken, request, max_bytes, verdicts, bad, summary })
}

fn first_lines(rows: &Rows) -> String {
    rows.text().split_inclusive('\n').take(PREVIEW).collect()
}

fn by_count(counts: BTreeMap<&'static str, u32>) -> Vec<ReasonCount> {
    let mut counts: Vec<ReasonCount> =
        counts.into_iter().map(|(code, rows)| ReasonCount { code, rows }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.rows));
    counts
}

impl Checked {
    /// What came of it.
    pub fn summary(&self) -> &CheckedBase {
        &self.summary
    }

    /// How long it took, for a person.
    pub fn took(&mut self, ms: u32) {
        self.summary.took_ms = ms;
    }

    /// Some of its rows, `count` at most of those wanted, from the `from`th on.
    pub fn rows(&self, wanted: &RowsWanted, from: u32, count: u32) -> CheckedRows {
        let Ok(reading) = Reading::new(&self.taken.sheet, &self.request) else {
            return CheckedRows { total: 0, from, rows: Vec::new() };
        };
        let (from, count) = (from as usize, count.min(MOST_AT_ONCE) as usize);
        let shown = |at: u32| self.shown(&reading, at as usize);
        let (total, rows) = match wanted {
            RowsWanted::All => {
                let total = self.verdicts.len();
                (total, (from..total.min(from + count)).map(|at| shown(at as u32)).collect())
            }
            RowsWanted::Bad => {
                (self.bad.len(), self.bad.iter().skip(from).take(count).map(|at| shown(*at)).collect())
            }
            RowsWanted::BadFor { code } => {
                let for_it = |at: &&u32| self.verdicts[**at as usize].code() == Some(code.as_str());
                let total = self.bad.iter().filter(for_it).count();
                (total, self.bad.iter().filter(for_it).skip(from).take(count).map(|at| shown(*at)).collect())
            }
        };
        CheckedRows { total: total as u32, from: from as u32, rows }
    }

    fn shown(&self, reading: &Reading<'_>, at: usize) -> CheckedRow {
        let row = reading.row(at);
        let verdict = self.verdicts[at];
        let hints = if verdict == Verdict::Good { row.hints() } else { Vec::new() };
        let (parameters, alternatives, text) = match &row.line {
            Line::Call(call) => (call.data.text(), call.alternatives.text(), String::new()),
            Line::Message(message) => (String::new(), String::new(), message.text.clone()),
        };
        CheckedRow {
            row: row.number,
            phone: row.phone().to_owned(),
            written: row.written.to_owned(),
            // What is wrong is shown as it is in the file.
            parameters: row.ready_text.map_or(parameters, str::to_owned),
            alternatives,
            text,
            priority: row.priority.to_string(),
            agentphone: row.agentphone.to_owned(),
            reason: verdict.reason(),
            hints,
        }
    }

    /// Makes the bases that go out, one after the other; `take` says no to stop.
    ///
    /// # Errors
    /// `take`'s.
    pub fn bases<E>(&self, mut take: impl FnMut(Rows) -> Result<(), E>) -> Result<(), E> {
        let BaseRequest { kind, campaign, .. } = &self.request;
        let Ok(reading) = Reading::new(&self.taken.sheet, &self.request) else { return Ok(()) };
        let mut cutter = Cutter::new(*kind, campaign, self.max_bytes);
        let good = self.verdicts.iter().enumerate().filter(|(_, verdict)| **verdict == Verdict::Good);
        for (at, _) in good {
            if let Ok(Some(full)) = cutter.push(&reading.row(at).line) {
                take(full)?;
            }
        }
        cutter.finish().map_or(Ok(()), take)
    }

    /// What it is a base of.
    pub fn kind(&self) -> BaseKind {
        self.request.kind
    }
}

/// Whether a number is so short that it is worth a look.
fn short(number: &str) -> bool {
    number.bytes().filter(u8::is_ascii_digit).count() < SHORT
}

#[cfg(test)]
mod tests;

//! Numbers that called more than once, and whether they were reached in the end.

use std::collections::HashMap;

use crate::table::{CallTable, Row};
use crate::texts::TextId;
use crate::wire::{Caller, Callers, Direction};

#[derive(Default)]
struct Seen<'a> {
    calls: u32,
    answered: u32,
    first: Option<&'a Row>,
    last: Option<&'a Row>,
    /// The last one nobody answered.
    missed_at: Option<i64>,
    /// The last call with it, in or out, that somebody answered.
    reached_at: Option<i64>,
}

/// Whether a number is somebody's: "anonymous", "0" and the like are what everybody sends who withholds theirs.
pub(super) fn names_somebody(number: &str) -> bool {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.len() >= 2 && digits.iter().any(|digit| *digit != '0')
}

pub(super) fn of(table: &CallTable, least: u32, most: usize) -> Callers {
    let mut numbers: HashMap<TextId, Seen<'_>> = HashMap::new();
    for row in table.rows.iter().filter(|row| names_somebody(table.texts.get(row.number()))) {
        let seen = numbers.entry(row.number()).or_default();
        let at = row.at.order();
        if row.answered {
            seen.reached_at = seen.reached_at.max(Some(at));
        }
        if row.direction == Direction::Outbound {
            continue;
        }
        seen.calls += 1;
        seen.answered += u32::from(row.answered);
        if row.unanswered() {
            seen.missed_at = seen.missed_at.max(Some(at));
        }
        if seen.first.is_none_or(|first| at < first.at.order()) {
            seen.first = Some(row);
        }
        if seen.last.is_none_or(|last| at >= last.at.order()) {
            seen.last = Some(row);
        }
    }
    let mut repeated: Vec<(TextId, Seen<'_>)> =
        numbers.into_iter().filter(|(_, seen)| seen.calls >= least.max(2)).collect();
    repeated.sort_by_key(|(id, seen)| {
        (std::cmp::Reverse(seen.calls), std::cmp::Reverse(seen.last.map(|row| row.at)), *id)
    });
    let total = repeated.len() as u32;
    let texts = &table.texts;
    let caller = |(id, seen): (TextId, Seen<'_>)| Caller {
        number: texts.get(id).to_owned(),
        calls: seen.calls,
        answered: seen.answered,
        first_at: seen.first.map(|row| row.at.text(texts)).unwrap_or_default(),
        last_at: seen.last.map(|row| row.at.text(texts)).unwrap_or_default(),
        campaign: seen.last.map(|row| texts.get(row.campaign).to_owned()).unwrap_or_default(),
        reached_later: seen.missed_at.map(|missed| seen.reached_at.is_some_and(|at| at > missed)),
    };
    Callers { total, callers: repeated.into_iter().take(most).map(caller).collect() }
}

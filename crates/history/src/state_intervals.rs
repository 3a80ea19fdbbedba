//! A person's readings as intervals of one state each: from its beginning, as the server says it, to the next one's.
//!
//! Outside the runs nothing is known and there is no interval. What began and ended between two readings is missed.

use crate::codec::{NONE, Row};
use crate::rows::agent;

/// A beginning that moves by less is the same one, told by another campaign.
const SAME_MS: i64 = 5_000;
/// The number of the state that has reasons.
pub(crate) const PAUSED: i64 = 5;

/// One state, for one reason.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StateInterval {
    pub(crate) from_ms: i64,
    pub(crate) until_ms: i64,
    /// As first read in it.
    pub(crate) row: Row,
    /// The state began here; otherwise it was under way when the window or the run began.
    pub(crate) begins: bool,
}

impl StateInterval {
    /// The number of the reason's name, or [`NONE`].
    pub(crate) fn reason(&self) -> i64 {
        reason(&self.row)
    }
}

fn reason(row: &Row) -> i64 {
    if row.0[agent::STATE] == PAUSED { row.0[agent::REASON] } else { NONE }
}

fn same(one: &Row, other: &Row) -> bool {
    let field = |at: usize| one.0[at] == other.0[at];
    let moved = one.get(agent::SINCE).zip(other.get(agent::SINCE));
    field(agent::STATE)
        && field(agent::NAME)
        && reason(one) == reason(other)
        && moved.is_none_or(|(one, other)| (one - other).abs() <= SAME_MS)
}

/// Makes them, from readings in the order of time.
pub(crate) struct StateIntervals<'a> {
    runs: &'a [(i64, i64)],
    from_ms: i64,
    until_ms: i64,
    /// The interval under way, and the end of its run.
    under_way: Option<(StateInterval, i64)>,
}

impl<'a> StateIntervals<'a> {
    /// Within a window; `runs` are what is known, from and until, in order.
    pub(crate) fn new(runs: &'a [(i64, i64)], from_ms: i64, until_ms: i64) -> Self {
        Self { runs, from_ms, until_ms, under_way: None }
    }

    /// Takes a reading; `None`: not there any more.
    pub(crate) fn take(&mut self, at_ms: i64, row: Option<&Row>, add: &mut impl FnMut(StateInterval)) {
        let after = self.runs.partition_point(|(from, _)| *from <= at_ms);
        let run = after.checked_sub(1).and_then(|place| self.runs.get(place)).copied();
        let Some((run_from, run_until)) = run.filter(|(_, until)| at_ms <= *until) else { return };
        if let Some((before, ends)) = self.under_way
            && ends < at_ms
        {
            self.close(before, ends, add);
        }
        let Some(row) = row else {
            if let Some((before, _)) = self.under_way {
                self.close(before, at_ms, add);
            }
            return;
        };
        if self.under_way.is_some_and(|(before, _)| same(&before.row, row)) {
            return;
        }
        let since = row.get(agent::SINCE);
        let earliest = self.under_way.map_or(at_ms, |(before, _)| before.from_ms);
        let from_ms =
            since.filter(|since| *since >= run_from).map_or(at_ms, |since| since.clamp(earliest, at_ms));
        if let Some((before, _)) = self.under_way {
            self.close(before, from_ms, add);
        }
        let begins = since.is_some_and(|since| since >= self.from_ms.max(run_from));
        self.under_way = Some((StateInterval { from_ms, until_ms: from_ms, row: *row, begins }, run_until));
    }

    /// What is under way is told up to here, and goes on.
    pub(crate) fn cut(&mut self, at_ms: i64, add: &mut impl FnMut(StateInterval)) {
        let Some((before, ends)) = self.under_way else { return };
        self.close(before, at_ms.min(ends), add);
        if at_ms < ends {
            self.under_way = Some((StateInterval { from_ms: at_ms, begins: false, ..before }, ends));
        }
    }

    /// Nothing comes after.
    pub(crate) fn end(&mut self, add: &mut impl FnMut(StateInterval)) {
        if let Some((last, ends)) = self.under_way {
            self.close(last, ends, add);
        }
    }

    fn close(&mut self, mut interval: StateInterval, until_ms: i64, add: &mut impl FnMut(StateInterval)) {
        self.under_way = None;
        interval.from_ms = interval.from_ms.max(self.from_ms);
        interval.until_ms = until_ms.min(self.until_ms);
        if interval.from_ms < interval.until_ms {
            add(interval);
        }
    }
}

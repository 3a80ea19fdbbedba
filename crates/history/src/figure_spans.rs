//! A campaign's readings as figures that held from one moment to the next, and what minutes and windows make of them.

use atalaya_floor::{Counters, IntervalCounters};

use crate::codec::Row;
use crate::rows::{campaign, longest_secs, percent};

pub(crate) const MINUTE_MS: i64 = 60_000;

/// Figures that held for a while within one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FigureSpan {
    pub(crate) from_ms: i64,
    pub(crate) until_ms: i64,
    pub(crate) row: Row,
    /// The run they are of begins here.
    pub(crate) begins_run: bool,
}

/// Cuts readings, in the order of time, at the ends of runs and of a window.
pub(crate) struct FigureSpans<'a> {
    runs: &'a [(i64, i64)],
    from_ms: i64,
    until_ms: i64,
    /// What holds, since when, and the run it is of.
    now: Option<(Row, i64, (i64, i64))>,
}

impl<'a> FigureSpans<'a> {
    pub(crate) fn new(runs: &'a [(i64, i64)], from_ms: i64, until_ms: i64) -> Self {
        Self { runs, from_ms, until_ms, now: None }
    }

    /// Takes a reading; `None`: not there any more. Gives back what held until then.
    pub(crate) fn take(&mut self, at_ms: i64, row: Option<&Row>) -> Option<FigureSpan> {
        let after = self.runs.partition_point(|(from, _)| *from <= at_ms);
        let run = after.checked_sub(1).and_then(|place| self.runs.get(place)).copied();
        // An hour begins as the last one ended, until a reading of the same moment says otherwise.
        let again = self.now.is_some_and(|(_, since_ms, _)| since_ms == at_ms);
        let held = if again { None } else { self.close(at_ms) };
        self.now = row.zip(run.filter(|(_, until)| at_ms <= *until)).map(|(row, run)| (*row, at_ms, run));
        held
    }

    /// Nothing comes after.
    pub(crate) fn end(&mut self) -> Option<FigureSpan> {
        self.close(self.until_ms)
    }

    fn close(&mut self, at_ms: i64) -> Option<FigureSpan> {
        let (row, since_ms, (run_from, run_until)) = self.now.take()?;
        let from_ms = since_ms.max(self.from_ms);
        // The last reading of a run is one too, though nothing is known of how long it held.
        let until_ms = at_ms.min(run_until).min(self.until_ms).max(from_ms);
        let ends_ms = at_ms.min(run_until);
        let inside = since_ms <= self.until_ms && (ends_ms > self.from_ms || since_ms >= self.from_ms);
        inside.then_some(FigureSpan { from_ms, until_ms, row, begins_run: since_ms == run_from })
    }
}

/// The counters of a row; `None` when one is missing.
pub(crate) fn counters(row: &Row) -> Option<Counters> {
    Some(Counters {
        answered: row.number(campaign::ANSWERED)?,
        abandoned: row.number(campaign::ABANDONED)?,
        service_level: percent(row.get(campaign::LEVEL)),
    })
}

/// One campaign's minutes.
pub(crate) struct Minutes {
    first_ms: i64,
    pub(crate) waiting: Vec<Option<u32>>,
    pub(crate) longest: Vec<Option<u32>>,
    pub(crate) available: Vec<Option<u32>>,
    pub(crate) service_level: Vec<Option<f64>>,
    pub(crate) abandoned: Vec<Option<u32>>,
    pub(crate) answered: Vec<Option<u32>>,
    came: IntervalCounters,
    last: Option<Counters>,
}

impl Minutes {
    /// From the minute of one moment to that of another, both included.
    pub(crate) fn new(from_ms: i64, until_ms: i64) -> Self {
        let first = from_ms.div_euclid(MINUTE_MS);
        let count = usize::try_from(until_ms.div_euclid(MINUTE_MS) - first + 1).unwrap_or_default();
        Self {
            first_ms: first * MINUTE_MS,
            waiting: vec![None; count],
            longest: vec![None; count],
            available: vec![None; count],
            service_level: vec![None; count],
            abandoned: vec![None; count],
            answered: vec![None; count],
            came: IntervalCounters::default(),
            last: None,
        }
    }

    fn place(&self, at_ms: i64) -> i64 {
        (at_ms - self.first_ms).div_euclid(MINUTE_MS)
    }

    /// Takes what held, in the order of time.
    pub(crate) fn take(&mut self, held: &FigureSpan) {
        let row = &held.row;
        if held.begins_run {
            (self.came, self.last) = (IntervalCounters::default(), None);
        }
        let now = counters(row);
        if let Some(now) = now {
            self.came.note(held.from_ms, now);
        }
        let first = self.place(held.from_ms);
        // What ends with a minute is nothing of the next.
        for minute in first.max(0)..=self.place((held.until_ms - 1).max(held.from_ms)) {
            let at = usize::try_from(minute).unwrap_or(usize::MAX);
            if at >= self.waiting.len() {
                break;
            }
            let until_ms = (self.first_ms + (minute + 1) * MINUTE_MS).min(held.until_ms);
            if minute > first
                && let Some(now) = now
            {
                self.came.note(until_ms, now);
            }
            self.waiting[at] = self.waiting[at].max(row.number(campaign::WAITING));
            self.longest[at] = self.longest[at].max(longest_secs(row, until_ms));
            let available = row.number(campaign::AVAILABLE);
            self.available[at] = match (self.available[at], available) {
                (Some(least), Some(now)) => Some(least.min(now)),
                (least, now) => least.or(now),
            };
            self.service_level[at] = self.came.rolling().get(1).and_then(|window| window.service_level);
            if now.is_some() {
                self.answered[at].get_or_insert(0);
                self.abandoned[at].get_or_insert(0);
            }
        }
        let at = usize::try_from(first.max(0)).unwrap_or(usize::MAX);
        if let (Some(last), Some(now)) = (self.last, now)
            && at < self.waiting.len()
        {
            // A counter that fell was reset: it began again at nothing.
            let reset = now.answered < last.answered || now.abandoned < last.abandoned;
            let from = if reset { (0, 0) } else { (last.answered, last.abandoned) };
            self.answered[at] = Some(self.answered[at].unwrap_or(0) + now.answered - from.0);
            self.abandoned[at] = Some(self.abandoned[at].unwrap_or(0) + now.abandoned - from.1);
        }
        self.last = now;
    }
}

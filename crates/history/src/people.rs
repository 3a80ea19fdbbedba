//! People's time: one person's day, and everybody's sums for a report.

use std::collections::HashMap;

use atalaya_floor::same_reason;
use atalaya_floor::wire::{AgentState, PauseTime, StateTime};
use rusqlite::Connection;

use crate::codec::{NONE, Row};
use crate::hours::Spent;
use crate::past::{Seen, Who, visit};
use crate::record::HOUR_MS;
use crate::rows::{STATES, Subject, agent};
use crate::state_intervals::{PAUSED, StateInterval, StateIntervals};
use crate::tables::runs;
use crate::wire::{Period, PersonPast, StateSpan};
use crate::words::Words;

/// One person's sums over a window, read hour by hour.
pub(crate) struct Sums<'a> {
    intervals: StateIntervals<'a>,
    period: Period,
    /// Of an hour whose sums are kept: its moments are samples, and not added.
    summed_until_ms: i64,
    pub(crate) ms: [i64; STATES.len()],
    pub(crate) pauses: Vec<Pause>,
    pub(crate) spans: Option<Vec<StateInterval>>,
    pub(crate) whole: bool,
    first: bool,
    calls: Option<(u32, u32)>,
    pub(crate) name: i64,
    pub(crate) campaigns: i64,
}

/// The pauses of one reason.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pause {
    pub(crate) reason: i64,
    pub(crate) count: u32,
    pub(crate) ms: i64,
    /// How long the longest was, and the last moment of it; `None` where only sums are kept.
    pub(crate) longest: Option<(i64, i64)>,
}

impl<'a> Sums<'a> {
    pub(crate) fn new(runs: &'a [(i64, i64)], period: Period, spans: bool) -> Self {
        Self {
            intervals: StateIntervals::new(runs, period.from_ms, period.until_ms),
            period,
            summed_until_ms: i64::MIN,
            ms: [0; STATES.len()],
            pauses: Vec::new(),
            spans: spans.then(Vec::new),
            whole: true,
            first: true,
            calls: None,
            name: NONE,
            campaigns: NONE,
        }
    }

    pub(crate) fn take(&mut self, seen: &Seen<'_>) {
        match seen {
            Seen::Spent(hour_ms, spent) => {
                self.whole = false;
                // Only a whole hour's sums can be told apart from what is outside the window.
                if *hour_ms >= self.period.from_ms && hour_ms + HOUR_MS <= self.period.until_ms {
                    let mut done = Vec::new();
                    self.intervals.cut(*hour_ms, &mut |interval| done.push(interval));
                    for interval in done {
                        self.add(&interval);
                    }
                    self.summed_until_ms = hour_ms + HOUR_MS;
                    for one in *spent {
                        self.add_spent(one);
                    }
                }
            }
            Seen::From(at_ms, row) => {
                if let Some(row) = row {
                    self.note(*at_ms, row);
                }
                let mut done = Vec::new();
                self.intervals.take(*at_ms, *row, &mut |interval| done.push(interval));
                for interval in done {
                    self.add(&interval);
                }
            }
        }
    }

    pub(crate) fn end(&mut self) {
        let mut done = Vec::new();
        self.intervals.end(&mut |interval| done.push(interval));
        for interval in done {
            self.add(&interval);
        }
    }

    fn note(&mut self, at_ms: i64, row: &Row) {
        if at_ms > self.period.until_ms {
            return;
        }
        (self.name, self.campaigns) = (row.0[agent::NAME], row.0[agent::CAMPAIGNS]);
        let Some(now) = row.number(agent::CALLS) else { return };
        self.calls = Some(match self.calls {
            Some((last, taken)) if at_ms >= self.period.from_ms => {
                // A counter that fell was reset.
                (now, taken + if now < last { now } else { now - last })
            }
            _ => (now, 0),
        });
    }

    /// Calls taken.
    pub(crate) fn calls(&self) -> Option<u32> {
        self.calls.map(|(_, taken)| taken)
    }

    fn add_spent(&mut self, spent: &Spent) {
        if let Some(ms) = usize::try_from(spent.state).ok().and_then(|state| self.ms.get_mut(state)) {
            *ms += spent.ms;
        }
        if spent.state == PAUSED {
            let pause = self.pause(spent.reason);
            pause.ms += spent.ms;
            pause.count += spent.begun;
            pause.longest = None;
        }
    }

    fn add(&mut self, interval: &StateInterval) {
        if let Some(spans) = &mut self.spans {
            spans.push(*interval);
        }
        let first = std::mem::replace(&mut self.first, false);
        let from_ms = interval.from_ms.max(self.summed_until_ms);
        let ms = interval.until_ms - from_ms;
        let state = interval.row.0[agent::STATE];
        if ms <= 0 {
            return;
        }
        if let Some(sum) = usize::try_from(state).ok().and_then(|state| self.ms.get_mut(state)) {
            *sum += ms;
        }
        if state == PAUSED {
            // What began in an hour of sums was counted there, unless it was under way already before anything was read.
            let counted = interval.from_ms < self.summed_until_ms;
            let pause = self.pause(interval.reason());
            pause.ms += ms;
            pause.count += u32::from(if counted { pause.count == 0 } else { interval.begins || first });
            pause.longest = pause.longest.map(|longest| longest.max((ms, interval.until_ms - 1)));
        }
    }

    fn pause(&mut self, reason: i64) -> &mut Pause {
        let place = self.pauses.iter().position(|pause| pause.reason == reason).unwrap_or_else(|| {
            self.pauses.push(Pause { reason, count: 0, ms: 0, longest: Some((0, 0)) });
            self.pauses.len() - 1
        });
        &mut self.pauses[place]
    }

    pub(crate) fn seen_ms(&self) -> i64 {
        self.ms.iter().sum()
    }

    pub(crate) fn states(&self) -> Vec<StateTime> {
        let each = STATES.into_iter().zip(self.ms);
        each.map(|(state, ms)| StateTime { state, secs: secs(ms) }).collect()
    }

    /// Percent.
    pub(crate) fn occupancy(&self) -> Option<f64> {
        let of = |state: AgentState| STATES.iter().position(|one| *one == state).map_or(0, |at| self.ms[at]);
        let handling = of(AgentState::Busy)
            + of(AgentState::BusyPaused)
            + of(AgentState::OnHold)
            + of(AgentState::WrapUp);
        let all = handling + of(AgentState::Available);
        (all > 0).then(|| (handling as f64 * 1_000.0 / all as f64).round() / 10.0)
    }
}

pub(crate) fn secs(ms: i64) -> u32 {
    u32::try_from(ms.max(0) / 1_000).unwrap_or(u32::MAX)
}

/// The pauses by what their reasons say: capitals do not matter.
pub(crate) fn by_reason(pauses: &[Pause], words: &Words) -> Vec<(Option<String>, Pause)> {
    let mut told: Vec<(Option<String>, Pause)> = Vec::new();
    for pause in pauses.iter().filter(|pause| pause.ms > 0) {
        let reason = words.text(pause.reason).map(str::to_owned);
        match told.iter_mut().find(|(known, _)| same_reason(known.as_deref(), reason.as_deref())) {
            Some((_, sum)) => {
                sum.count += pause.count;
                sum.ms += pause.ms;
                sum.longest = sum.longest.zip(pause.longest).map(|(one, other)| one.max(other));
            }
            None => told.push((reason, *pause)),
        }
    }
    told
}

/// One person's time; `None` when never seen in it.
pub(crate) fn person(
    connection: &Connection,
    site: i64,
    location: &str,
    period: Period,
    words: &Words,
) -> rusqlite::Result<Option<PersonPast>> {
    let Some(word) = words.known(location) else { return Ok(None) };
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    let mut sums = Sums::new(&watched, period, true);
    visit(connection, site, period, Who::One(Subject::agent(word)), |_, seen| sums.take(&seen))?;
    sums.end();
    let spans: Vec<StateSpan> = sums
        .spans
        .iter()
        .flatten()
        .map(|interval| StateSpan {
            from_ms: interval.from_ms,
            until_ms: interval.until_ms,
            state: crate::rows::state_of(&interval.row),
            reason: words.text(interval.reason()).map(str::to_owned),
        })
        .collect();
    if spans.is_empty() && sums.seen_ms() == 0 {
        return Ok(None);
    }
    Ok(Some(PersonPast {
        location: location.to_owned(),
        spans,
        whole: sums.whole,
        states: sums.states(),
        occupancy: sums.occupancy(),
        pauses: by_reason(&sums.pauses, words)
            .into_iter()
            .map(|(reason, pause)| PauseTime { reason, count: pause.count, secs: secs(pause.ms) })
            .collect(),
    }))
}

/// Everybody's sums.
pub(crate) fn everybody<'a>(
    connection: &Connection,
    site: i64,
    period: Period,
    watched: &'a [(i64, i64)],
) -> rusqlite::Result<HashMap<Subject, Sums<'a>>> {
    let mut all: HashMap<Subject, Sums<'a>> = HashMap::new();
    visit(connection, site, period, Who::Agents, |subject, seen| {
        all.entry(subject).or_insert_with(|| Sums::new(watched, period, false)).take(&seen);
    })?;
    for sums in all.values_mut() {
        sums.end();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_across_the_edge_of_the_detail_is_one_pause() {
        const MINUTE_MS: i64 = 60_000;
        let watched = [(0, 3 * HOUR_MS)];
        let row = |state: i64, since_ms: i64| {
            let mut row = Row([NONE; crate::codec::FIELDS]);
            (row.0[agent::STATE], row.0[agent::SINCE], row.0[agent::REASON]) = (state, since_ms, 7);
            row
        };
        // From ten minutes before the end of an hour of sums until ten minutes after it; or from before all that is asked.
        for (since_ms, begun) in [(50 * MINUTE_MS, 1), (-HOUR_MS, 0)] {
            let mut sums = Sums::new(&watched, Period { from_ms: 0, until_ms: 3 * HOUR_MS }, false);
            let paused = row(PAUSED, since_ms);
            let spent = Spent { state: PAUSED, reason: 7, ms: HOUR_MS - since_ms.max(0), begun };
            sums.take(&Seen::Spent(0, &[spent]));
            sums.take(&Seen::From(since_ms.max(0), Some(&paused)));
            sums.take(&Seen::From(HOUR_MS, Some(&paused)));
            sums.take(&Seen::From(HOUR_MS + 10 * MINUTE_MS, Some(&row(0, HOUR_MS + 10 * MINUTE_MS))));
            // Another of the same reason is another.
            let again_ms = 2 * HOUR_MS;
            sums.take(&Seen::From(again_ms, Some(&row(PAUSED, again_ms))));
            sums.take(&Seen::From(again_ms + MINUTE_MS, Some(&row(0, again_ms + MINUTE_MS))));
            sums.end();
            let ms = HOUR_MS - since_ms.max(0) + 11 * MINUTE_MS;
            let pauses: Vec<_> =
                sums.pauses.iter().map(|pause| (pause.reason, pause.count, pause.ms)).collect();
            assert_eq!(pauses, [(7, 2, ms)], "since {since_ms}");
        }
    }
}

//! One campaign's minutes over a stretch of time.

use atalaya_floor::direction;
use atalaya_floor::wire::Direction;
use rusqlite::Connection;

use crate::figure_spans::{FigureSpans, MINUTE_MS, Minutes};
use crate::past::{Seen, Who, visit};
use crate::rows::Subject;
use crate::tables::runs;
use crate::wire::{Period, Trend};
use crate::words::Words;

/// The service level of a minute looks so far back.
const LOOK_BACK_MINS: i64 = 30;
/// A week of minutes is more than any chart shows.
const MOST_MINS: i64 = 7 * 24 * 60;

/// From the minute of `from_ms` to that before `until_ms`; a week at most.
pub(crate) fn trend(
    connection: &Connection,
    site: i64,
    name: &str,
    period: Period,
    words: &Words,
) -> rusqlite::Result<Trend> {
    let first = period.from_ms.div_euclid(MINUTE_MS);
    let last = (period.until_ms - 1).div_euclid(MINUTE_MS).clamp(first, first + MOST_MINS);
    let (from_ms, until_ms) = ((first - LOOK_BACK_MINS) * MINUTE_MS, (last + 1) * MINUTE_MS - 1);
    let mut minutes = Minutes::new(from_ms, until_ms);
    if let Some(word) = words.known(name) {
        let watched = runs(connection, site, from_ms, until_ms)?;
        let mut holding = FigureSpans::new(&watched, from_ms, until_ms);
        let wider = Period { from_ms, until_ms };
        visit(connection, site, wider, Who::One(Subject::campaign(word)), |_, seen| {
            if let Seen::From(at_ms, row) = seen
                && let Some(held) = holding.take(at_ms, row)
            {
                minutes.take(&held);
            }
        })?;
        if let Some(held) = holding.end() {
            minutes.take(&held);
        }
    }
    let skip = LOOK_BACK_MINS as usize;
    let outbound = direction(name).0 == Direction::Outbound;
    let level = minutes.service_level.split_off(skip);
    Ok(Trend {
        from_ms: first * MINUTE_MS,
        waiting: minutes.waiting.split_off(skip),
        longest: minutes.longest.split_off(skip),
        available: minutes.available.split_off(skip),
        // There the server measures talk, not wait.
        service_level: if outbound { vec![None; level.len()] } else { level },
        abandoned: minutes.abandoned.split_off(skip),
        answered: minutes.answered.split_off(skip),
    })
}

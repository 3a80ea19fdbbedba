//! Hours put in order: one body for each subject, so that one person's day is read without everybody else's.
//!
//! An hour is put in order once it is over. A day later, and twelve watched hours later, its detail goes: of each minute
//! stays how it began and what was worst in it, and of people how long they spent in what.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::codec::{Bytes, NONE, Row, put, put_row};
use crate::journal::replay;
use crate::rows::{Subject, agent, campaign, longest_secs};

const MINUTE_MS: i64 = 60_000;
pub(crate) use crate::record::HOUR_MS;

const GONE: u8 = 0;
const HERE: u8 = 1;
const SPENT: u8 = 2;

/// Time of one hour in one state, for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) state: i64,
    /// The number of the reason's name, or [`NONE`].
    pub(crate) reason: i64,
    pub(crate) ms: i64,
    /// How often it began in this hour.
    pub(crate) begun: u32,
}

/// What a body says, one thing after the other.
pub(crate) enum HourEntry<'a> {
    /// As the subject is from a moment on; `None`: not there.
    From(i64, Option<&'a Row>),
    /// The whole hour's time, in a body whose detail is gone; comes first.
    Spent(Vec<Spent>),
}

pub(crate) type Moments = Vec<(i64, Option<Row>)>;

pub(crate) fn body(hour: i64, moments: &Moments, spent: &[Spent]) -> Vec<u8> {
    let mut out = Vec::new();
    if !spent.is_empty() {
        out.push(SPENT);
        put(&mut out, spent.len() as u64);
        for one in spent {
            put(&mut out, one.state as u64);
            put(&mut out, if one.reason == NONE { 0 } else { one.reason as u64 + 1 });
            put(&mut out, one.ms as u64);
            put(&mut out, u64::from(one.begun));
        }
    }
    let mut written = Written { out, last_ms: hour * HOUR_MS, before: Row::EMPTY, last: None };
    for (at_ms, row) in moments {
        written.put(*at_ms, row.as_ref());
    }
    written.out
}

/// A body as it is being written: an hour of everybody's moments, each a whole row, would be hundreds of times as much.
struct Written {
    out: Vec<u8>,
    last_ms: i64,
    before: Row,
    /// Not written yet: it may be said anew.
    last: Option<(i64, Option<Row>)>,
}

impl Written {
    fn new(hour: i64) -> Self {
        Self { out: Vec::new(), last_ms: hour * HOUR_MS, before: Row::EMPTY, last: None }
    }

    /// The subject is so from a moment on, which comes after those before or is the last of them once more.
    fn note(&mut self, at_ms: i64, row: Option<&Row>) {
        match &mut self.last {
            // An hour begins as the last one ended, until a reading of the same moment says otherwise.
            Some((last_ms, last)) if *last_ms == at_ms => *last = row.copied(),
            _ => {
                if let Some((at_ms, row)) = self.last.replace((at_ms, row.copied())) {
                    self.put(at_ms, row.as_ref());
                }
            }
        }
    }

    fn done(mut self) -> Vec<u8> {
        if let Some((at_ms, row)) = self.last.take() {
            self.put(at_ms, row.as_ref());
        }
        self.out
    }

    fn put(&mut self, at_ms: i64, row: Option<&Row>) {
        self.out.push(if row.is_some() { HERE } else { GONE });
        put(&mut self.out, (at_ms - self.last_ms).max(0) as u64);
        self.last_ms = at_ms;
        if let Some(row) = row {
            put_row(&mut self.out, &self.before, row);
            self.before = *row;
        }
    }
}

/// Reads a body until `see` has seen enough; what is damaged ends it.
pub(crate) fn read_body(hour: i64, body: &[u8], mut see: impl FnMut(HourEntry<'_>) -> bool) -> Option<()> {
    let (mut bytes, mut at_ms, mut row) = (Bytes(body), hour * HOUR_MS, Row::EMPTY);
    while !bytes.is_empty() {
        let kind = bytes.byte()?;
        let told = match kind {
            SPENT => {
                let count = bytes.number()?.min(1_000);
                let mut all = Vec::new();
                for _ in 0..count {
                    let state = bytes.number()? as i64;
                    let reason = bytes.number()?;
                    let reason = if reason == 0 { NONE } else { reason as i64 - 1 };
                    let ms = bytes.number()? as i64;
                    let begun = u32::try_from(bytes.number()?).ok()?;
                    all.push(Spent { state, reason, ms, begun });
                }
                HourEntry::Spent(all)
            }
            _ => {
                at_ms = at_ms.checked_add(i64::try_from(bytes.number()?).ok()?)?;
                if kind == HERE {
                    bytes.row(&mut row)?;
                    HourEntry::From(at_ms, Some(&row))
                } else {
                    HourEntry::From(at_ms, None)
                }
            }
        };
        if !see(told) {
            break;
        }
    }
    Some(())
}

/// The last moment told of at or before another: when, and as the subject was then.
pub(crate) fn as_of(hour: i64, body: &[u8], until_ms: i64) -> Option<(i64, Option<Row>)> {
    let (mut bytes, mut row, mut last) = (Bytes(body), Row::EMPTY, None);
    let mut at_ms = hour * HOUR_MS;
    // A copy of the whole row for each moment would cost more than reading it.
    let mut next = |bytes: &mut Bytes<'_>, row: &mut Row| -> Option<(i64, bool)> {
        let kind = bytes.byte()?;
        if kind == SPENT {
            for _ in 0..bytes.number()?.min(1_000) * 4 {
                bytes.number()?;
            }
            return Some((i64::MIN, false));
        }
        at_ms = at_ms.checked_add(i64::try_from(bytes.number()?).ok()?)?;
        if at_ms > until_ms {
            return None;
        }
        if kind == HERE {
            bytes.row(row)?;
        }
        Some((at_ms, kind == HERE))
    };
    while let Some(told) = next(&mut bytes, &mut row) {
        last = Some(told).filter(|(at_ms, _)| *at_ms != i64::MIN).or(last);
    }
    last.map(|(at_ms, here)| (at_ms, here.then_some(row)))
}

/// Puts the hours before `until_hour` in order; true when there were any.
pub(crate) fn put_in_order(connection: &Connection, site: i64, until_hour: i64) -> rusqlite::Result<bool> {
    let mut hours = connection
        .prepare_cached("SELECT DISTINCT hour FROM batch WHERE site = ?1 AND hour < ?2 ORDER BY hour")?;
    let hours: Vec<i64> =
        hours.query_map([site, until_hour], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for hour in &hours {
        put_hour_in_order(connection, site, *hour)?;
    }
    Ok(!hours.is_empty())
}

pub(crate) fn put_hour_in_order(connection: &Connection, site: i64, hour: i64) -> rusqlite::Result<()> {
    // Only a clock that was put back brings an hour twice.
    let twice: BTreeSet<i64> = connection
        .prepare_cached("SELECT subject FROM hour WHERE site = ?1 AND hour = ?2")?
        .query_map([site, hour], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut all: BTreeMap<Subject, Written> = BTreeMap::new();
    let mut more: BTreeMap<Subject, Moments> = BTreeMap::new();
    replay(connection, site, hour, i64::MAX, |subject, at_ms, row| {
        if !twice.contains(&subject.0) {
            return all.entry(subject).or_insert_with(|| Written::new(hour)).note(at_ms, row);
        }
        let moments = more.entry(subject).or_default();
        match moments.last_mut() {
            Some((last_ms, last)) if *last_ms == at_ms => *last = row.copied(),
            _ => moments.push((at_ms, row.copied())),
        }
    })?;
    let mut there =
        connection.prepare_cached("SELECT body FROM hour WHERE site = ?1 AND hour = ?2 AND subject = ?3")?;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO hour (site, hour, subject, detail, body) VALUES (?1, ?2, ?3, 1, ?4)",
    )?;
    for (subject, written) in all {
        insert.execute(params![site, hour, subject.0, written.done()])?;
    }
    for (subject, mut moments) in more {
        let before: Vec<u8> = there.query_row(params![site, hour, subject.0], |row| row.get(0))?;
        let mut merged = moments_of(hour, &before);
        merged.append(&mut moments);
        merged.sort_by_key(|(at_ms, _)| *at_ms);
        insert.execute(params![site, hour, subject.0, body(hour, &merged, &[])])?;
    }
    connection.execute("DELETE FROM batch WHERE site = ?1 AND hour = ?2", [site, hour])?;
    Ok(())
}

pub(crate) fn moments_of(hour: i64, body: &[u8]) -> Moments {
    let mut moments = Moments::new();
    read_body(hour, body, |told| {
        if let HourEntry::From(at_ms, row) = told {
            moments.push((at_ms, row.copied()));
        }
        true
    });
    moments
}

/// Takes the detail out of one hour. `runs` are the times known of it, from and until.
pub(crate) fn thin_hour(
    connection: &Connection,
    site: i64,
    hour: i64,
    runs: &[(i64, i64)],
) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare_cached("SELECT subject, body FROM hour WHERE site = ?1 AND hour = ?2 AND detail = 1")?;
    let bodies: Vec<(i64, Vec<u8>)> = select
        .query_map([site, hour], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = connection.prepare_cached(
        "UPDATE hour SET detail = 0, body = ?4 WHERE site = ?1 AND hour = ?2 AND subject = ?3",
    )?;
    for (subject, full) in bodies {
        let moments = moments_of(hour, &full);
        let spent = if Subject(subject).is_agent() { spent_in(hour, &moments, runs) } else { Vec::new() };
        let kept = minutes_of(hour, &moments, Subject(subject).is_agent(), runs);
        update.execute(params![site, hour, subject, body(hour, &kept, &spent)])?;
    }
    Ok(())
}

/// How every minute began, and for campaigns what was worst in it.
fn minutes_of(hour: i64, moments: &Moments, agent: bool, runs: &[(i64, i64)]) -> Moments {
    let minute = |at_ms: i64| at_ms.div_euclid(MINUTE_MS);
    let mut kept = BTreeSet::new();
    for (place, (at_ms, row)) in moments.iter().enumerate() {
        let next = moments.get(place + 1).map(|(next, _)| *next);
        let begins_run = runs.iter().any(|(from, _)| from == at_ms);
        let outlasts = next.is_none_or(|next| minute(next) > minute(*at_ms));
        if place == 0 || outlasts || begins_run || row.is_none() {
            kept.insert(place);
        }
    }
    if !agent {
        let first = |place: &usize| *place == 0 || minute(moments[*place].0) > minute(moments[*place - 1].0);
        kept.extend((0..moments.len()).filter(first));
        let figure = |place: usize, field: usize| moments.get(place)?.1.as_ref()?.get(field);
        let waited = |place: usize| {
            let (at_ms, row) = moments.get(place)?;
            let run = runs.iter().find(|(from, until)| (*from..=*until).contains(at_ms));
            let seen_until = run.map_or(*at_ms, |(_, until)| (*until).min((hour + 1) * HOUR_MS));
            let next = moments.get(place + 1).map_or(seen_until, |(next, _)| *next);
            longest_secs(row.as_ref()?, next.min(seen_until)).map(i64::from)
        };
        kept.extend(worst_of_minutes(moments, |place| figure(place, campaign::WAITING)));
        kept.extend(worst_of_minutes(moments, |place| figure(place, campaign::AVAILABLE).map(|some| -some)));
        kept.extend(worst_of_minutes(moments, waited));
        // A wait that counted on by itself would go on where its end is not kept: it stays as long as it was.
        let fixed = kept.into_iter().filter_map(|place| {
            let (at_ms, mut row) = moments.get(place).copied()?;
            if let Some(row) = row.as_mut().filter(|row| row.get(campaign::LONGEST_SINCE).is_some()) {
                row.0[campaign::LONGEST_SECS] = waited(place).unwrap_or(NONE);
                row.0[campaign::LONGEST_SINCE] = NONE;
            }
            Some((at_ms, row))
        });
        return fixed.collect();
    }
    kept.into_iter().filter_map(|place| moments.get(place).copied()).collect()
}

/// The place of each minute's largest value.
fn worst_of_minutes(moments: &Moments, value: impl Fn(usize) -> Option<i64>) -> Vec<usize> {
    let mut most: BTreeMap<i64, (i64, usize)> = BTreeMap::new();
    for (place, (at_ms, _)) in moments.iter().enumerate() {
        let Some(value) = value(place) else { continue };
        let best = most.entry(at_ms.div_euclid(MINUTE_MS)).or_insert((value, place));
        if value > best.0 {
            *best = (value, place);
        }
    }
    most.into_values().map(|(_, place)| place).collect()
}

/// How long somebody was in what, of the hour's own time.
fn spent_in(hour: i64, moments: &Moments, runs: &[(i64, i64)]) -> Vec<Spent> {
    let mut spent: Vec<Spent> = Vec::new();
    let (begins, ends) = (hour * HOUR_MS, (hour + 1) * HOUR_MS);
    let mut intervals = crate::state_intervals::StateIntervals::new(runs, begins, ends);
    let mut add = |interval: crate::state_intervals::StateInterval| {
        let place = spent
            .iter()
            .position(|one| one.state == interval.row.0[agent::STATE] && one.reason == interval.reason());
        let place = place.unwrap_or_else(|| {
            let (state, reason) = (interval.row.0[agent::STATE], interval.reason());
            spent.push(Spent { state, reason, ms: 0, begun: 0 });
            spent.len() - 1
        });
        spent[place].ms += interval.until_ms - interval.from_ms;
        spent[place].begun += u32::from(interval.begins);
    };
    for (at_ms, row) in moments {
        intervals.take(*at_ms, row.as_ref(), &mut add);
    }
    intervals.end(&mut add);
    spent.retain(|one| one.ms > 0);
    spent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figure: i64) -> Row {
        let mut row = Row::EMPTY;
        row.0[3] = figure;
        row
    }

    #[test]
    fn an_hour_is_written_as_it_comes_and_no_row_of_it_waits() {
        let begins = 5 * HOUR_MS;
        let told =
            [(0, Some(1)), (0, Some(2)), (10, None), (10, Some(7)), (30, Some(7)), (20, Some(3)), (20, None)];
        let (mut written, mut moments) = (Written::new(5), Moments::new());
        for (at_ms, figure) in told {
            let row = figure.map(row);
            written.note(begins + at_ms, row.as_ref());
            if moments.last().is_some_and(|(last_ms, _)| *last_ms == begins + at_ms) {
                moments.pop();
            }
            moments.push((begins + at_ms, row));
        }
        assert_eq!(written.done(), body(5, &moments, &[]));
        assert_eq!(moments.len(), 4);

        // Whole rows would be 5 MB.
        let mut busy = Written::new(5);
        for moment in 0..20_000 {
            busy.note(begins + moment * 100, Some(&row(moment % 7)));
        }
        assert!(busy.out.capacity() < 400_000, "{}", busy.out.capacity());
    }
}

//! Hours put in order: one body for each subject, so that one person's day is read without everybody else's.
//!
//! An hour is put in order once it is over. A day later its detail goes: of each minute stays how it began and what was
//! worst in it, and of people how long they spent in what.

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
    let (mut last_ms, mut before) = (hour * HOUR_MS, Row::EMPTY);
    for (at_ms, row) in moments {
        out.push(if row.is_some() { HERE } else { GONE });
        put(&mut out, (at_ms - last_ms).max(0) as u64);
        last_ms = *at_ms;
        if let Some(row) = row {
            put_row(&mut out, &before, row);
            before = *row;
        }
    }
    out
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
    let mut all: BTreeMap<Subject, Moments> = BTreeMap::new();
    replay(connection, site, hour, i64::MAX, |subject, at_ms, row| {
        let moments = all.entry(subject).or_default();
        match moments.last_mut() {
            // An hour begins as the last one ended, until a reading of the same moment says otherwise.
            Some((last_ms, last)) if *last_ms == at_ms => *last = row.copied(),
            _ => moments.push((at_ms, row.copied())),
        }
    })?;
    let mut there =
        connection.prepare_cached("SELECT body FROM hour WHERE site = ?1 AND hour = ?2 AND subject = ?3")?;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO hour (site, hour, subject, detail, body) VALUES (?1, ?2, ?3, 1, ?4)",
    )?;
    for (subject, mut moments) in all {
        // Only a clock that was put back brings an hour twice.
        let mut before = there.query(params![site, hour, subject.0])?;
        if let Some(row) = before.next()? {
            let mut merged = moments_of(hour, row.get_ref(0)?.as_blob()?);
            merged.append(&mut moments);
            merged.sort_by_key(|(at_ms, _)| *at_ms);
            moments = merged;
        }
        insert.execute(params![site, hour, subject.0, body(hour, &moments, &[])])?;
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

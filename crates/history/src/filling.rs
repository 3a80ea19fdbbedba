//! Hours handed on to colleagues, and gaps filled with what they saw.
//!
//! What was seen here stays as it is: only time that nobody watched here is filled, and whose eyes it was is kept beside it. Left
//! out on purpose: which hours go where and when (the team's), what they look like on the way (`bundle`).

use std::collections::BTreeMap;

use atalaya_floor::wire::Alert;
use rusqlite::{Connection, OptionalExtension, params};

use crate::alerts::{FIRST_OF_OTHERS, keep, raised_between};
use crate::bundle::{Bundle, Course, Names, SeenRun, moment_in, renumber};
use crate::codec::Row;
use crate::hours::{Moments, body, moments_of, put_hour_in_order};
use crate::past::{Seen, Who, visit};
use crate::record::HOUR_MS;
use crate::rows::{Subject, agent};
use crate::tables::{offset_of, runs};
use crate::wire::{Period, SeenBy};
use crate::words::Words;

/// Less than so long between two readings is no gap.
const SHORTEST_MS: i64 = 15_000;
/// Two clocks that differ by less are one: moving everything by it would break what goes on from hour to hour.
const SAME_CLOCK_MS: i64 = 1_500;

/// What became of an hour that a colleague saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// So many milliseconds are known now that were not.
    Gap(i64),
    /// Nothing of it was missing here, or nothing is kept of that hour any more but its minutes.
    Nothing,
    /// It is not whole or not sane: nothing of it was taken. What is odd about it.
    Refused(&'static str),
}

fn hour_period(hour: i64) -> Period {
    Period { from_ms: hour * HOUR_MS, until_ms: (hour + 1) * HOUR_MS - 1 }
}

/// The runs of an hour, within it.
fn runs_of(connection: &Connection, site: i64, hour: i64) -> rusqlite::Result<Vec<(i64, i64)>> {
    let Period { from_ms, until_ms } = hour_period(hour);
    let all = runs(connection, site, from_ms, until_ms)?;
    Ok(all.into_iter().map(|(from, until)| (from.max(from_ms), until.min(until_ms))).collect())
}

/// How long each hour was watched, here or elsewhere, milliseconds; those of which nothing is known are not there.
pub(crate) fn watched(
    connection: &Connection,
    site: i64,
    first: i64,
    last: i64,
) -> rusqlite::Result<BTreeMap<i64, i64>> {
    let mut watched = BTreeMap::new();
    for hour in first..=last {
        let known: i64 = runs_of(connection, site, hour)?.iter().map(|(from, until)| until - from + 1).sum();
        if known > 0 {
            watched.insert(hour, known);
        }
    }
    Ok(watched)
}

/// What others saw, in order.
pub(crate) fn seen(connection: &Connection, site: i64) -> rusqlite::Result<Vec<SeenBy>> {
    connection
        .prepare_cached("SELECT from_ms, until_ms, by FROM seen WHERE site = ?1 ORDER BY from_ms")?
        .query_map([site], |row| Ok(SeenBy { from_ms: row.get(0)?, until_ms: row.get(1)?, by: row.get(2)? }))?
        .collect()
}

/// Whether an hour's detail is gone.
fn is_thinned(connection: &Connection, site: i64, hour: i64) -> rusqlite::Result<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM hour WHERE site = ?1 AND hour = ?2 AND detail = 0 LIMIT 1")?
        .query_row([site, hour], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// An hour with every change in it, to be handed on; `None`: nobody watched, or its detail is gone.
pub(crate) fn export(
    connection: &Connection,
    site: i64,
    hour: i64,
    words: &Words,
) -> rusqlite::Result<Option<Vec<u8>>> {
    let period = hour_period(hour);
    let mut watched = runs_of(connection, site, hour)?;
    if watched.is_empty() || is_thinned(connection, site, hour)? {
        return Ok(None);
    }
    // One that goes on ends where the next hour begins.
    let next = runs(connection, site, period.until_ms + 1, period.until_ms + 1)?;
    if let Some(last) = watched.last_mut().filter(|last| last.1 == period.until_ms && !next.is_empty()) {
        last.1 += 1;
    }
    let seen = seen(connection, site)?;
    let run = |(from, until): (i64, i64)| -> SeenRun {
        let whose = seen.iter().find(|of| of.from_ms <= from && of.until_ms >= until);
        (from, until, whose.map(|of| of.by.clone()).unwrap_or_default())
    };
    let mut names = Names::default();
    let mut courses: BTreeMap<Subject, Moments> = BTreeMap::new();
    for who in [Who::Campaigns, Who::Agents] {
        visit(connection, site, period, who, |subject, told| {
            let Seen::From(at_ms, row) = told else { return };
            let mut row: Option<Row> = row.copied();
            let named = row.as_mut().is_none_or(|row| {
                renumber(row, subject.is_agent(), |word| names.place(word, words.text(word)))
            });
            if named {
                courses.entry(subject).or_default().push((at_ms, row));
            }
        })?;
    }
    let courses = courses
        .into_iter()
        .filter_map(|(subject, moments)| {
            let word = names.place(subject.word(), words.text(subject.word()))?;
            Some(Course { agent: subject.is_agent(), word, moments })
        })
        .collect();
    let period = Period { until_ms: period.until_ms + 1, ..period };
    let mut alerts = raised_between(connection, site, period)?;
    alerts.retain(|alert| watched.iter().any(|(from, until)| (*from..=*until).contains(&alert.raised_ms)));
    let bundle = Bundle {
        hour,
        offset_secs: offset_of(connection, site)?,
        runs: watched.into_iter().map(run).collect(),
        words: names.words,
        courses,
        alerts,
    };
    Ok(Some(bundle.written()))
}

/// An hour that came.
pub(crate) struct Arrived<'a> {
    pub(crate) bytes: &'a [u8],
    /// How much its moments are to be moved so that they are by this computer's clock, milliseconds.
    pub(crate) shift_ms: i64,
    /// Who saw it.
    pub(crate) by: &'a str,
}

/// Fills what is missing of an hour; within a transaction.
pub(crate) fn fill(
    connection: &Connection,
    site: i64,
    arrived: &Arrived<'_>,
    words: &mut Words,
) -> rusqlite::Result<Filled> {
    let mut bundle = match Bundle::read(arrived.bytes) {
        Ok(bundle) => bundle,
        Err(odd) => return Ok(Filled::Refused(odd)),
    };
    shift(&mut bundle, arrived.shift_ms);
    let hour = bundle.hour;
    put_hour_in_order(connection, site, hour)?;
    if is_thinned(connection, site, hour)? {
        return Ok(Filled::Nothing);
    }
    let ends = (hour + 1) * HOUR_MS;
    let own = runs(connection, site, hour * HOUR_MS, ends)?;
    let mut gaps: Vec<SeenRun> = bundle.runs.iter().flat_map(|run| missing(run, &own)).collect();
    // How it was when the hour was over is the next one's to say.
    if !own.iter().any(|(from, until)| (*from..=*until).contains(&ends)) {
        for (_, until, _) in &mut gaps {
            *until = (*until).min(ends - 1);
        }
    }
    if gaps.is_empty() {
        return Ok(Filled::Nothing);
    }
    let numbers: Vec<i64> = bundle.words.iter().map(|word| words.number(word)).collect();
    words.write(connection)?;
    let number = |place: i64| usize::try_from(place).ok().and_then(|place| numbers.get(place).copied());
    for course in &bundle.courses {
        let Some(word) = number(course.word) else { continue };
        let subject = if course.agent { Subject::agent(word) } else { Subject::campaign(word) };
        let mut moments = within(&bundle.runs, &course.moments, &gaps);
        for row in moments.iter_mut().filter_map(|(_, row)| row.as_mut()) {
            // Looked at when it was read.
            renumber(row, course.agent, number);
        }
        add(connection, site, hour, subject, moments)?;
    }
    for (from_ms, until_ms, by) in &gaps {
        let by = if by.is_empty() { arrived.by } else { by };
        keep_run(connection, site, (*from_ms, *until_ms), by)?;
    }
    let in_gap =
        |alert: &Alert| gaps.iter().any(|(from, until, _)| (*from..=*until).contains(&alert.raised_ms));
    bundle.alerts.retain(in_gap);
    keep_alerts(connection, site, bundle.alerts)?;
    connection.execute(
        "UPDATE site SET offset_secs = coalesce(offset_secs, ?2) WHERE id = ?1",
        params![site, bundle.offset_secs],
    )?;
    Ok(Filled::Gap(gaps.iter().map(|(from, until, _)| (*until).min(ends - 1) - from + 1).sum()))
}

/// What of a run nobody watched here, up to the moment somebody did.
fn missing(run: &SeenRun, own: &[(i64, i64)]) -> Vec<SeenRun> {
    let (mut from_ms, until_ms, by) = (run.0, run.1, &run.2);
    let mut gaps = Vec::new();
    let nothing = (i64::MAX, i64::MAX);
    for (own_from, own_until) in own.iter().copied().chain([nothing]) {
        if own_until < from_ms {
            continue;
        }
        let ends = own_from.min(until_ms);
        if ends - from_ms >= SHORTEST_MS {
            gaps.push((from_ms, ends, by.clone()));
        }
        from_ms = from_ms.max(own_until.saturating_add(1));
    }
    gaps
}

/// The moments of gaps; each begins with how it was then.
fn within(runs: &[SeenRun], moments: &Moments, gaps: &[SeenRun]) -> Moments {
    let mut all = Moments::new();
    for (from_ms, until_ms, _) in gaps {
        let begun = runs.iter().find(|(from, until, _)| from <= from_ms && until >= until_ms);
        let Some((run_from, ..)) = begun else { continue };
        let before = moments.iter().rev().find(|(at_ms, _)| at_ms <= from_ms);
        if let Some((_, Some(row))) = before.filter(|(at_ms, _)| at_ms >= run_from) {
            all.push((*from_ms, Some(*row)));
        }
        all.extend(moments.iter().filter(|(at_ms, _)| at_ms > from_ms && at_ms <= until_ms));
    }
    all
}

fn add(
    connection: &Connection,
    site: i64,
    hour: i64,
    subject: Subject,
    mut moments: Moments,
) -> rusqlite::Result<()> {
    if moments.is_empty() {
        return Ok(());
    }
    let there: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM hour WHERE site = ?1 AND hour = ?2 AND subject = ?3")?
        .query_row(params![site, hour, subject.0], |row| row.get(0))
        .optional()?;
    if let Some(there) = there {
        moments.extend(moments_of(hour, &there));
        moments.sort_by_key(|(at_ms, _)| *at_ms);
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO hour (site, hour, subject, detail, body) VALUES (?1, ?2, ?3, 1, ?4)",
        )?
        .execute(params![site, hour, subject.0, body(hour, &moments, &[])])?;
    Ok(())
}

/// Keeps a run that somebody else saw; where it goes on from another of theirs the two are one.
fn keep_run(connection: &Connection, site: i64, run: (i64, i64), by: &str) -> rusqlite::Result<()> {
    let (mut from_ms, mut until_ms) = run;
    let beside: Vec<(i64, i64)> = connection
        .prepare_cached(
            "SELECT from_ms, until_ms FROM seen WHERE site = ?1 AND by = ?2 
                 AND (until_ms BETWEEN ?3 - 1 AND ?3 OR from_ms BETWEEN ?4 AND ?4 + 1)",
        )?
        .query_map(params![site, by, from_ms, until_ms], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (from, until) in beside {
        for table in ["seen", "run"] {
            connection
                .execute(&format!("DELETE FROM {table} WHERE site = ?1 AND from_ms = ?2"), [site, from])?;
        }
        (from_ms, until_ms) = (from_ms.min(from), until_ms.max(until));
    }
    connection.execute(
        "INSERT OR REPLACE INTO run (site, from_ms, until_ms) VALUES (?1, ?2, ?3)",
        [site, from_ms, until_ms],
    )?;
    connection.execute(
        "INSERT OR REPLACE INTO seen (site, from_ms, until_ms, by) VALUES (?1, ?2, ?3, ?4)",
        params![site, from_ms, until_ms, by],
    )?;
    Ok(())
}

/// Keeps alerts of others under numbers that no alert raised here has.
fn keep_alerts(connection: &Connection, site: i64, mut alerts: Vec<Alert>) -> rusqlite::Result<()> {
    let last: Option<i64> = connection.query_row(
        "SELECT max(id) FROM alert WHERE site = ?1 AND id >= ?2",
        [site, i64::from(FIRST_OF_OTHERS)],
        |row| row.get(0),
    )?;
    let mut next = last.and_then(|last| u32::try_from(last).ok()).map_or(FIRST_OF_OTHERS, |last| last + 1);
    for alert in &mut alerts {
        alert.id = next;
        next = next.saturating_add(1);
    }
    keep(connection, site, &alerts)
}

/// Moves everything to another clock; what is no more of the hour then goes.
fn shift(bundle: &mut Bundle, by_ms: i64) {
    if by_ms.abs() < SAME_CLOCK_MS {
        return;
    }
    let Period { from_ms: first, until_ms: last } = hour_period(bundle.hour);
    for (from, until, _) in &mut bundle.runs {
        (*from, *until) = ((*from + by_ms).max(first), (*until + by_ms).min(last + 1));
    }
    bundle.runs.retain(|(from, until, _)| until > from);
    for course in &mut bundle.courses {
        let place = moment_in(course.agent);
        let mut before = None;
        for (at_ms, row) in &mut course.moments {
            *at_ms += by_ms;
            let Some(row) = row else { continue };
            if let Some(since) = row.get(place) {
                row.0[place] = since + by_ms;
            }
            if let Some(secs) = row.get(agent::LAST_CALL).filter(|_| course.agent) {
                row.0[agent::LAST_CALL] = secs + by_ms / 1_000;
            }
        }
        course.moments.retain(|(at_ms, row)| {
            if *at_ms < first {
                before = Some(*row);
            }
            (first..=last).contains(at_ms)
        });
        // As it was when the hour began.
        if let Some(row) = before {
            course.moments.insert(0, (first, row));
        }
    }
    for alert in &mut bundle.alerts {
        for at in [&mut alert.raised_ms, &mut alert.since_ms] {
            *at = at.saturating_add(by_ms);
        }
        let maybe = [&mut alert.acknowledged_ms, &mut alert.snoozed_until_ms, &mut alert.resolved_ms];
        for at in maybe.into_iter().flatten() {
            *at = at.saturating_add(by_ms);
        }
        for part in &mut alert.parts {
            part.since_ms = part.since_ms.saturating_add(by_ms);
            part.over_ms = part.over_ms.map(|at| at.saturating_add(by_ms));
        }
    }
}

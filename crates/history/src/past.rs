//! Asking for what was kept: the ways through the hours, and the floor at one moment.

use std::collections::HashMap;

use atalaya_floor::wire::{Alert, Direction, Freshness, Health, Held, Snapshot};
use atalaya_floor::{Counters, IntervalCounters, LastHour};
use rusqlite::{Connection, params};

use crate::codec::Row;
use crate::figure_spans::{MINUTE_MS, counters};
use crate::hours::{HourEntry, Spent, as_of, read_body};
use crate::journal::replay;
use crate::record::{HOUR_MS, hour_of};
use crate::rows::{Subject, campaign, to_agent, to_campaign};
use crate::tables::runs;
use crate::wire::{Moment, Period};
use crate::words::Words;

const TREND_MINUTES: i64 = 60;

/// Who is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Campaigns,
    Agents,
    One(Subject),
}

impl Who {
    fn has(self, subject: Subject) -> bool {
        match self {
            Self::Campaigns => !subject.is_agent(),
            Self::Agents => subject.is_agent(),
            Self::One(one) => one == subject,
        }
    }
}

/// What a visitor is told.
pub(crate) enum Seen<'a> {
    /// As the subject is from a moment on; `None`: not there.
    From(i64, Option<&'a Row>),
    /// The times of a whole hour (its beginning) whose detail is gone; the moments that follow are samples.
    Spent(i64, &'a [Spent]),
}

/// Tells of everything from the beginning of `from_ms`'s hour up to and with `until_ms`: of each subject in the order of
/// time, of different subjects in any.
pub(crate) fn visit(
    connection: &Connection,
    site: i64,
    period: Period,
    who: Who,
    mut see: impl FnMut(Subject, Seen<'_>),
) -> rusqlite::Result<()> {
    let (first, last) = match who {
        Who::One(subject) => (subject.0, subject.0),
        Who::Campaigns | Who::Agents => (0, i64::MAX),
    };
    let mut select = connection.prepare_cached(
        "SELECT subject, body FROM hour WHERE site = ?1 AND hour = ?2 AND subject BETWEEN ?3 AND ?4 ORDER BY subject",
    )?;
    for hour in hour_of(period.from_ms)..=hour_of(period.until_ms) {
        let mut bodies = select.query(params![site, hour, first, last])?;
        while let Some(body) = bodies.next()? {
            let subject = Subject(body.get(0)?);
            if !who.has(subject) {
                continue;
            }
            read_body(hour, body.get_ref(1)?.as_blob()?, |told| match told {
                HourEntry::From(at_ms, _) if at_ms > period.until_ms => false,
                HourEntry::From(at_ms, row) => {
                    see(subject, Seen::From(at_ms, row));
                    true
                }
                HourEntry::Spent(spent) => {
                    see(subject, Seen::Spent(hour * HOUR_MS, &spent));
                    true
                }
            });
        }
        replay(connection, site, hour, period.until_ms, |subject, at_ms, row| {
            if who.has(subject) {
                see(subject, Seen::From(at_ms, row));
            }
        })?;
    }
    Ok(())
}

/// The floor at a moment.
pub(crate) fn moment(
    connection: &Connection,
    site: i64,
    at_ms: i64,
    words: &Words,
) -> rusqlite::Result<Moment> {
    let alerts = alerts_at(connection, site, at_ms)?;
    let around = runs(connection, site, i64::MIN, i64::MAX)?;
    let Some((run_from, _)) = around.iter().find(|(from, until)| (*from..=*until).contains(&at_ms)).copied()
    else {
        let before = around.iter().rev().find(|(_, until)| *until < at_ms).map_or(at_ms, |(_, until)| *until);
        let after = around.iter().find(|(from, _)| *from > at_ms).map_or(at_ms, |(from, _)| *from);
        let gap = Some(Period { from_ms: before, until_ms: after });
        return Ok(Moment { at_ms, snapshot: None, alerts, gap });
    };
    let earliest = run_from.max((at_ms.div_euclid(MINUTE_MS) - TREND_MINUTES + 1) * MINUTE_MS);
    let this_run = [(run_from, at_ms)];
    let mut lately = Lately::new(&this_run, earliest, at_ms);
    if hour_of(earliest) < hour_of(at_ms) {
        let before = Period { from_ms: earliest, until_ms: hour_of(at_ms) * HOUR_MS - 1 };
        visit(connection, site, before, Who::Campaigns, |subject, seen| lately.take(subject, &seen))?;
    }
    let there = everybody_at(connection, site, at_ms, run_from, &mut lately)?;
    let snapshot = snapshot(at_ms, &there, lately.end(), words);
    Ok(Moment { at_ms, snapshot: Some(snapshot), alerts, gap: None })
}

/// Everybody as they were at a moment of the run that began then.
fn everybody_at(
    connection: &Connection,
    site: i64,
    at_ms: i64,
    run_from: i64,
    lately: &mut Lately<'_>,
) -> rusqlite::Result<HashMap<Subject, Row>> {
    let hour = hour_of(at_ms);
    let mut there = HashMap::new();
    let mut select =
        connection.prepare_cached("SELECT subject, body FROM hour WHERE site = ?1 AND hour = ?2")?;
    let mut bodies = select.query([site, hour])?;
    while let Some(row) = bodies.next()? {
        let (subject, body) = (Subject(row.get(0)?), row.get_ref(1)?.as_blob()?);
        if let Some((_, Some(last))) = as_of(hour, body, at_ms).filter(|(from, _)| *from >= run_from) {
            there.insert(subject, last);
        }
        if !subject.is_agent() {
            read_body(hour, body, |told| match told {
                HourEntry::From(from, _) if from > at_ms => false,
                HourEntry::From(from, row) => {
                    lately.take(subject, &Seen::From(from, row));
                    true
                }
                HourEntry::Spent(_) => true,
            });
        }
    }
    let mut gone = Vec::new();
    let now = replay(connection, site, hour, at_ms, |subject, from, row| {
        if row.is_none() {
            gone.push(subject);
        }
        if !subject.is_agent() {
            lately.take(subject, &Seen::From(from, row));
        }
    })?;
    for subject in gone {
        there.remove(&subject);
    }
    there.extend(now);
    Ok(there)
}

/// The last hour of every campaign, as the live floor would have it.
struct Lately<'a> {
    runs: &'a [(i64, i64)],
    from_ms: i64,
    until_ms: i64,
    all: HashMap<Subject, Hour>,
    /// The one being told of: a campaign's readings come one after the other.
    now: Option<(Subject, Hour)>,
}

/// Of one campaign: most waiting in each minute, and what came in.
#[derive(Default)]
struct Hour {
    waiting: Vec<Option<u32>>,
    came: IntervalCounters,
    counters: Option<Counters>,
    noted_minute: Option<i64>,
    /// How many wait, since when, and until when their run goes.
    now: Option<(Option<u32>, i64, i64)>,
}

impl<'a> Lately<'a> {
    fn new(runs: &'a [(i64, i64)], from_ms: i64, until_ms: i64) -> Self {
        Self { runs, from_ms, until_ms, all: HashMap::new(), now: None }
    }

    fn minute(&self, at_ms: i64) -> i64 {
        at_ms.div_euclid(MINUTE_MS) - self.from_ms.div_euclid(MINUTE_MS)
    }

    fn take(&mut self, subject: Subject, seen: &Seen<'_>) {
        let Seen::From(at_ms, row) = *seen else { return };
        let (first, last) = (self.minute(self.from_ms), self.minute(self.until_ms));
        let run = self.runs.iter().find(|(from, until)| (*from..=*until).contains(&at_ms));
        if self.now.as_ref().is_none_or(|(now, _)| *now != subject) {
            let next = self.all.remove(&subject).unwrap_or_else(|| Hour {
                waiting: vec![None; usize::try_from(last - first + 1).unwrap_or_default()],
                ..Hour::default()
            });
            self.all.extend(self.now.replace((subject, next)));
        }
        let Some((_, one)) = &mut self.now else { return };
        one.waited(at_ms, self.from_ms);
        let Some((row, (run_from, run_until))) = row.zip(run) else { return };
        one.now = Some((row.number(campaign::WAITING), at_ms, *run_until));
        if at_ms == *run_from {
            (one.came, one.counters, one.noted_minute) = (IntervalCounters::default(), None, None);
        }
        let counters = counters(row);
        // A campaign changes with every reading, its counters now and then; that a minute was watched counts too.
        let minute = at_ms.div_euclid(MINUTE_MS);
        if (counters, Some(minute)) != (one.counters, one.noted_minute)
            && let Some(counters) = counters
        {
            one.came.note(at_ms, counters);
            (one.counters, one.noted_minute) = (Some(counters), Some(minute));
        }
    }

    /// Each campaign's minutes, and what came in.
    fn end(mut self) -> HashMap<Subject, LastHour> {
        self.all.extend(self.now.take());
        let (from_ms, until_ms) = (self.from_ms, self.until_ms);
        let ended = self.all.into_iter().map(|(subject, mut one)| {
            // Up to the end of the run: behind it nobody watched.
            let last_ms = one.now.map_or(until_ms, |(_, _, run_until)| run_until.min(until_ms));
            one.waited(until_ms + 1, from_ms);
            if let Some(counters) = one.counters {
                one.came.note(last_ms, counters);
            }
            (subject, LastHour { waiting: one.waiting, came: one.came })
        });
        ended.collect()
    }
}

impl Hour {
    /// So many waited until now.
    fn waited(&mut self, until_ms: i64, from_ms: i64) {
        let Some((Some(waiting), since_ms, run_until)) = self.now.take() else { return };
        let until_ms = until_ms.min(run_until + 1);
        let place = |at_ms: i64| at_ms.div_euclid(MINUTE_MS) - from_ms.div_euclid(MINUTE_MS);
        if until_ms <= from_ms || until_ms <= since_ms {
            return;
        }
        for minute in place(since_ms).max(0)..=place(until_ms - 1) {
            if let Some(most) = usize::try_from(minute).ok().and_then(|minute| self.waiting.get_mut(minute)) {
                *most = (*most).max(Some(waiting));
            }
        }
    }
}

fn snapshot(
    at_ms: i64,
    there: &HashMap<Subject, Row>,
    mut recent: HashMap<Subject, LastHour>,
    words: &Words,
) -> Snapshot {
    let mut campaigns = Vec::new();
    let mut agents = Vec::with_capacity(there.len());
    for (subject, row) in there {
        let name = words.text(subject.word()).unwrap_or_default();
        if subject.is_agent() {
            agents.push(Held::from(to_agent(name, row, words)));
            continue;
        }
        let mut one = to_campaign(name, row, at_ms, words);
        if let Some(LastHour { waiting, came }) = recent.remove(subject) {
            let mut rolling = came.rolling();
            if one.direction == Direction::Inbound {
                one.waiting_trend = waiting;
            } else {
                for window in &mut rolling {
                    (window.service_level, window.plus_minus) = (None, None);
                }
            }
            one.rolling = rolling;
        }
        campaigns.push(one);
    }
    campaigns.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    agents.sort_unstable_by(|one, other| one.location.cmp(&other.location));
    Snapshot {
        revision: 0,
        at_ms,
        agents_read_at_ms: campaigns.iter().map(|one| (one.name.clone(), at_ms)).collect(),
        campaigns,
        agents,
        agents_unread: std::collections::BTreeMap::new(),
        agents_every_ms: 0,
        health: Health {
            freshness: Freshness::Fresh,
            last_ok_ms: Some(at_ms),
            status_ok_ms: Some(at_ms),
            queue_ok_ms: Some(at_ms),
            every_ms: 0,
            slowed: None,
            round_trip_ms: None,
            failures: 0,
            problem: None,
            dropped: 0,
            requests_per_minute: 0,
            server_offset_secs: None,
        },
    }
}

/// Those raised by then and not over.
fn alerts_at(connection: &Connection, site: i64, at_ms: i64) -> rusqlite::Result<Vec<Alert>> {
    let mut select = connection.prepare_cached(
        "SELECT body FROM alert WHERE site = ?1 AND raised_ms <= ?2 AND coalesce(resolved_ms, ?3) > ?2",
    )?;
    // One whose end nobody saw is under way for as long as anybody watched.
    let seen_until: i64 = connection.query_row(
        "SELECT coalesce(max(until_ms), 0) + 1 FROM run WHERE site = ?1",
        [site],
        |row| row.get(0),
    )?;
    let bodies = select.query_map([site, at_ms, seen_until], |row| row.get::<_, String>(0))?;
    let mut alerts: Vec<Alert> = bodies.filter_map(|body| crate::alerts::read(&body.ok()?)).collect();
    alerts.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.raised_ms, alert.id));
    Ok(alerts)
}

/// Most callers waiting in each of the 60 minutes up to now, by campaign.
pub(crate) fn last_hour(
    connection: &Connection,
    site: i64,
    now_ms: i64,
    words: &Words,
) -> rusqlite::Result<HashMap<String, LastHour>> {
    let from_ms = (now_ms.div_euclid(MINUTE_MS) - TREND_MINUTES + 1) * MINUTE_MS;
    let watched = runs(connection, site, from_ms, now_ms)?;
    let mut lately = Lately::new(&watched, from_ms, now_ms);
    let period = Period { from_ms, until_ms: now_ms };
    visit(connection, site, period, Who::Campaigns, |subject, seen| lately.take(subject, &seen))?;
    let named = lately
        .end()
        .into_iter()
        .filter_map(|(subject, hour)| Some((words.text(subject.word())?.to_owned(), hour)));
    Ok(named.collect())
}

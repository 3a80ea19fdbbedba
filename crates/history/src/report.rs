//! A shift: what came in, who did what, which pauses were long, which alerts were raised.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use atalaya_floor::wire::{AgentState, Direction, HalfHour, PauseLimit, PauseTime, Team};
use atalaya_floor::{IntervalCounters, direction, same_reason};
use rusqlite::Connection;

use crate::alerts::raised_between;
use crate::figure_spans::{FigureSpan, FigureSpans, counters};
use crate::forecasts;
use crate::past::{Seen, Who, visit};
use crate::people::{Sums, by_reason, everybody, secs};
use crate::rows::{Subject, campaign, longest_secs};
use crate::tables::runs;
use crate::wire::{Period, Report, ReportCampaign, ReportHalf, ReportPause, ReportPerson};
use crate::words::Words;

const HALF_MS: i64 = 1_800_000;
/// Longer reports are cut: what is kept has a bound, and so has what is shown.
const MOST_HALVES: i64 = 48 * 31;

/// One campaign's half hours.
pub(crate) struct Halves {
    /// The server's half hours, whatever ours are.
    offset_ms: i64,
    first: i64,
    came: Vec<Option<IntervalCounters>>,
    waiting: Vec<Option<u32>>,
    /// How long, and the last moment somebody had waited so long.
    longest: Vec<Option<(u32, i64)>>,
}

impl Halves {
    pub(crate) fn new(period: Period, offset_ms: i64) -> Self {
        let (first, count) = span_of(period, offset_ms);
        Self {
            offset_ms,
            first,
            came: (0..count).map(|_| None).collect(),
            waiting: vec![None; count],
            longest: vec![None; count],
        }
    }

    pub(crate) fn take(&mut self, held: &FigureSpan) {
        let now = counters(&held.row);
        let half_of = |at_ms: i64| (at_ms + self.offset_ms).div_euclid(HALF_MS);
        for half in half_of(held.from_ms)..=half_of(held.until_ms) {
            let at = usize::try_from(half - self.first).unwrap_or(usize::MAX);
            if at >= self.came.len() {
                continue;
            }
            let (from_ms, until_ms) = (
                held.from_ms.max(half * HALF_MS - self.offset_ms),
                held.until_ms.min((half + 1) * HALF_MS - self.offset_ms),
            );
            if let Some(now) = now {
                let came = self.came[at].get_or_insert_default();
                came.note(from_ms + self.offset_ms, now);
                came.note(until_ms + self.offset_ms, now);
            }
            self.waiting[at] = self.waiting[at].max(held.row.number(campaign::WAITING));
            let waited = longest_secs(&held.row, until_ms).map(|secs| (secs, from_ms.max(until_ms - 1)));
            self.longest[at] = self.longest[at].max(waited);
        }
    }

    /// What came in, half by half; `None`: not watched.
    pub(crate) fn came(&self, inbound: bool) -> Vec<Option<HalfHour>> {
        let first = |came: &Option<IntervalCounters>| {
            let mut half = came.as_ref()?.half_hours().into_iter().next()?;
            half.begins_ms -= self.offset_ms;
            if !inbound {
                (half.service_level, half.plus_minus) = (None, None);
            }
            Some(half)
        };
        self.came.iter().map(first).collect()
    }
}

/// The number of the first half hour of a period, and how many there are.
fn span_of(period: Period, offset_ms: i64) -> (i64, usize) {
    let first = (period.from_ms + offset_ms).div_euclid(HALF_MS);
    let last = (period.until_ms - 1 + offset_ms).div_euclid(HALF_MS).clamp(first, first + MOST_HALVES);
    (first, usize::try_from(last - first + 1).unwrap_or_default())
}

/// Added up; percentages weighted by the calls they are of.
fn sum<'a>(begins_ms: i64, parts: &(impl Iterator<Item = &'a HalfHour> + Clone)) -> HalfHour {
    let answered = parts.clone().map(|part| part.answered).sum::<u32>();
    let abandoned = parts.clone().map(|part| part.abandoned).sum::<u32>();
    let weighted = |figure: fn(&HalfHour) -> Option<f64>| {
        let mut known = parts.clone().filter(|part| part.answered > 0).peekable();
        known.peek()?;
        // One part that is not known leaves the sum unknown.
        let sum: Option<f64> = known.map(|part| Some(figure(part)? * f64::from(part.answered))).sum();
        sum.map(|sum| (sum * 10.0 / f64::from(answered)).round() / 10.0)
    };
    let offered = f64::from(answered + abandoned);
    HalfHour {
        begins_ms,
        whole: parts.clone().all(|part| part.whole),
        answered,
        abandoned,
        abandon_rate: (offered > 0.0).then(|| (f64::from(abandoned) * 1_000.0 / offered).round() / 10.0),
        service_level: weighted(|part| part.service_level),
        plus_minus: weighted(|part| part.plus_minus),
    }
}

/// How long of a stretch of time was watched.
pub(crate) fn watched_ms(runs: &[(i64, i64)], from_ms: i64, until_ms: i64) -> i64 {
    runs.iter().map(|(from, until)| ((*until).min(until_ms) - (*from).max(from_ms)).max(0)).sum()
}

/// Makes it.
pub(crate) fn report(
    connection: &Connection,
    site: i64,
    period: Period,
    team: Option<&Team>,
    limits: &[PauseLimit],
    offset_secs: Option<i32>,
    words: &Words,
) -> rusqlite::Result<Report> {
    let offset_ms = i64::from(offset_secs.unwrap_or_default()) * 1_000;
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    let everybody = everybody(connection, site, period, &watched)?;
    let of_team = |sums: &Sums<'_>| {
        let name = words.text(sums.name).unwrap_or_default();
        team.is_none_or(|team| team.members.iter().any(|member| member == name))
    };
    let members: HashMap<Subject, Sums<'_>> =
        everybody.into_iter().filter(|(_, sums)| of_team(sums)).collect();
    let worked_in: BTreeSet<&str> = members
        .values()
        .flat_map(|sums| words.text(sums.campaigns).unwrap_or_default().split('\n'))
        .collect();

    let mut all: HashMap<Subject, (FigureSpans<'_>, Halves)> = HashMap::new();
    visit(connection, site, period, Who::Campaigns, |subject, seen| {
        let Seen::From(at_ms, row) = seen else { return };
        let (holding, halves) = all.entry(subject).or_insert_with(|| {
            (FigureSpans::new(&watched, period.from_ms, period.until_ms), Halves::new(period, offset_ms))
        });
        if let Some(held) = holding.take(at_ms, row) {
            halves.take(&held);
        }
    })?;
    let mut campaigns: BTreeMap<&str, Halves> = BTreeMap::new();
    for (subject, (mut holding, mut halves)) in all {
        if let Some(held) = holding.end() {
            halves.take(&held);
        }
        let name = words.text(subject.word()).unwrap_or_default();
        if team.is_none() || worked_in.contains(name) {
            campaigns.insert(name, halves);
        }
    }
    let people = people_of(&members, words);
    let pauses = pauses_of(&members, limits, words);
    Ok(Report {
        period,
        halves: halves_of(period, offset_ms, &watched, &campaigns),
        campaigns: campaigns.iter().filter_map(|(name, halves)| campaign_of(name, halves)).collect(),
        people,
        pauses,
        alerts: raised_between(connection, site, period)?
            .into_iter()
            .filter(|alert| {
                let of_member = |name: &String| team.is_none_or(|team| team.members.contains(name));
                match (&alert.agent, &alert.campaign) {
                    (Some(agent), _) => of_member(agent),
                    (None, Some(campaign)) => team.is_none() || worked_in.contains(campaign.as_str()),
                    (None, None) => true,
                }
            })
            .collect(),
        forecasts: forecasts::against_what_came(connection, site, period)?
            .into_iter()
            .filter(|one| team.is_none() || worked_in.contains(one.name.as_str()))
            .collect(),
        runs: watched
            .iter()
            .map(|(from_ms, until_ms)| Period { from_ms: *from_ms, until_ms: *until_ms })
            .collect(),
        offset_secs,
    })
}

fn halves_of(
    period: Period,
    offset_ms: i64,
    watched: &[(i64, i64)],
    campaigns: &BTreeMap<&str, Halves>,
) -> Vec<ReportHalf> {
    let inbound = || campaigns.iter().filter(|(name, _)| direction(name).0 == Direction::Inbound);
    let came: Vec<Vec<Option<HalfHour>>> = inbound().map(|(_, halves)| halves.came(true)).collect();
    let (first, count) = span_of(period, offset_ms);
    (0..count)
        .map(|at| {
            let begins_ms = (first + at as i64) * HALF_MS - offset_ms;
            let seen_ms = watched_ms(
                watched,
                begins_ms.max(period.from_ms),
                (begins_ms + HALF_MS).min(period.until_ms),
            );
            let mut sum = sum(begins_ms, &came.iter().filter_map(|halves| halves[at].as_ref()));
            // Readings are seconds apart: so much may be missing of a half hour that was watched.
            sum.whole = seen_ms >= HALF_MS - 60_000;
            let longest = inbound().filter_map(|(_, halves)| halves.longest[at]).max();
            ReportHalf {
                came: sum,
                waiting: inbound().filter_map(|(_, halves)| halves.waiting[at]).max(),
                longest: longest.map(|(secs, _)| secs),
                longest_at_ms: at_its_worst(longest),
                seen_secs: secs(seen_ms),
            }
        })
        .collect()
}

/// When somebody waited longest; of nobody waiting there is no such moment.
fn at_its_worst(longest: Option<(u32, i64)>) -> Option<i64> {
    longest.filter(|(secs, _)| *secs > 0).map(|(_, at_ms)| at_ms)
}

fn campaign_of(name: &str, halves: &Halves) -> Option<ReportCampaign> {
    let came = halves.came(direction(name).0 == Direction::Inbound);
    let known: Vec<HalfHour> = came.into_iter().flatten().collect();
    let first = known.first()?;
    let longest = halves.longest.iter().copied().flatten().max();
    Some(ReportCampaign {
        name: name.to_owned(),
        came: sum(first.begins_ms, &known.iter()),
        waiting: halves.waiting.iter().copied().flatten().max(),
        longest: longest.map(|(secs, _)| secs),
        longest_at_ms: at_its_worst(longest),
    })
}

fn people_of(members: &HashMap<Subject, Sums<'_>>, words: &Words) -> Vec<ReportPerson> {
    let mut people: Vec<ReportPerson> = members
        .iter()
        .filter_map(|(subject, sums)| {
            let states = sums.states();
            let here = |one: &AgentState| !matches!(one, AgentState::Offline | AgentState::Unknown);
            let came = states.iter().any(|time| here(&time.state) && time.secs > 0);
            came.then(|| ReportPerson {
                name: words.text(sums.name).unwrap_or_default().to_owned(),
                location: words.text(subject.word()).unwrap_or_default().to_owned(),
                seen_secs: secs(sums.seen_ms()),
                states,
                occupancy: sums.occupancy(),
                calls: sums.calls(),
            })
        })
        .collect();
    people.sort_by(|one, other| (&one.name, &one.location).cmp(&(&other.name, &other.location)));
    people
}

fn pauses_of(members: &HashMap<Subject, Sums<'_>>, limits: &[PauseLimit], words: &Words) -> Vec<ReportPause> {
    let mut pauses: Vec<ReportPause> = members
        .values()
        .flat_map(|sums| {
            let name = words.text(sums.name).unwrap_or_default();
            by_reason(&sums.pauses, words).into_iter().map(move |(reason, pause)| {
                let limit = limits.iter().find(|limit| same_reason(Some(&limit.reason), reason.as_deref()));
                ReportPause {
                    name: name.to_owned(),
                    pause: PauseTime { reason, count: pause.count, secs: secs(pause.ms) },
                    longest_secs: pause.longest.map(|(ms, _)| secs(ms)),
                    longest_at_ms: pause.longest.map(|(_, at_ms)| at_ms),
                    once_secs: limit.and_then(|limit| limit.once_mins).map(|mins| mins * 60),
                    total_secs: limit.and_then(|limit| limit.total_mins).map(|mins| mins * 60),
                }
            })
        })
        .collect();
    pauses.sort_by(|one, other| {
        other
            .pause
            .secs
            .cmp(&one.pause.secs)
            .then_with(|| (&one.name, &one.pause.reason).cmp(&(&other.name, &other.pause.reason)))
    });
    pauses
}

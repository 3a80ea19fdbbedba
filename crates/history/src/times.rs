//! What a forecast asks of the past: what came at this time of earlier weekdays, how long calls, wrap-ups, rings and breaks
//! took lately, how long callers waited and gave up; and what counters said over the last hour.
//!
//! Only what was watched: half hours from beginning to end, states that began within one run; of those that nobody saw end,
//! how long they had lasted. Left out on purpose: what is made of it.

use std::collections::{HashMap, HashSet};

use atalaya_forecast::input::{PARTS, Times, Weekday};
use rusqlite::Connection;

use crate::codec::{NONE, Row};
use crate::figure_spans::{FigureSpan, FigureSpans, counters};
use crate::past::{Seen, Who, visit};
use crate::record::HOUR_MS;
use crate::report::{Halves, watched_ms};
use crate::rows::{Subject, agent, campaign, campaigns_of, longest_secs, percent, state_of};
use crate::state_intervals::{StateInterval, StateIntervals};
use crate::tables::{first_detailed, runs};
use crate::wire::Period;
use crate::words::Words;
use atalaya_floor::wire::AgentState;

const SECOND_MS: i64 = 1_000;
const HALF_MS: i64 = 1_800_000;
/// Five minutes.
const PART_MS: i64 = 300_000;
/// Between two answers of the server so many calls may be counted in no figure; more were reset.
const MOST_FALLEN: i64 = 20;
const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// Earlier days of this weekday that are looked at.
const WEEKS: i64 = 4;
/// Readings are seconds apart: so much may be missing of a half hour that was watched.
const MISSING_MS: i64 = 60_000;
/// How far back is lately, and how far a day before it.
const LATELY_MS: [i64; 2] = [3 * 3_600_000, 24 * 3_600_000];
/// Enough talks for each campaign that has any; at least so many on the whole floor, and of a large one no more than that.
const TALKS_EACH: usize = 20;
const ENOUGH_TALKS: (usize, usize) = (60, 1_000);
/// And watched for long enough that a long talk, and a break, was seen to end.
const ENOUGH_WATCHED_MS: i64 = 3_600_000;
/// Enough who gave up on the whole floor.
const ENOUGH_GAVE_UP: u32 = 60;
/// After fewer calls how often a break follows is not known.
const LEAST_CALLS: u32 = 20;
/// Of one campaign, the latest.
const MOST_SAMPLES: usize = 600;
/// Between two readings given.
const EVERY_MS: i64 = 10_000;
/// While nothing changes a reading is given so often: further apart would be a gap.
const STILL_MS: i64 = 60_000;

/// What a campaign's counters said at one moment; unknown is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Calls answered since the server's last reset.
    pub answered: Option<u32>,
    /// Calls abandoned since the server's last reset.
    pub abandoned: Option<u32>,
    /// Callers waiting.
    pub waiting: Option<u32>,
    /// How long the first of them has waited, seconds; 0 where nobody waits.
    pub longest_secs: Option<u32>,
    /// Percent of the answered within the threshold, since the reset.
    pub level: Option<f64>,
}

/// What is known of times like now, by campaign.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FloorTimes {
    /// By name with suffix; averages of the server are not among them.
    pub campaigns: HashMap<String, Times>,
    /// Lengths of recent breaks, seconds, all people together.
    pub break_secs: Vec<f64>,
    /// Of breaks that nobody saw end: how long they had lasted by then, seconds.
    pub break_secs_so_far: Vec<f64>,
    /// Breaks begun by who was free, per hour of somebody being free; `None`: too few hours were seen.
    pub breaks_per_free_hour: Option<f64>,
    /// Breaks that began with the end of a call or of the work after it, a call; `None`: too few calls were seen.
    pub breaks_per_call: Option<f64>,
    /// The server's clock before coordinated universal time, seconds; `None`: never told.
    pub offset_secs: Option<i32>,
}

fn secs(ms: i64) -> f64 {
    ms as f64 / SECOND_MS as f64
}

/// Each campaign's spans of one state, in the order of time.
fn spans(
    connection: &Connection,
    site: i64,
    period: Period,
    watched: &[(i64, i64)],
    words: &Words,
    mut take: impl FnMut(&str, &FigureSpan),
) -> rusqlite::Result<()> {
    let mut all: HashMap<Subject, FigureSpans<'_>> = HashMap::new();
    visit(connection, site, period, Who::Campaigns, |subject, seen| {
        let Seen::From(at_ms, row) = seen else { return };
        let holding =
            all.entry(subject).or_insert_with(|| FigureSpans::new(watched, period.from_ms, period.until_ms));
        if let Some(held) = holding.take(at_ms, row) {
            take(words.text(subject.word()).unwrap_or_default(), &held);
        }
    })?;
    for (subject, mut holding) in all {
        if let Some(held) = holding.end() {
            take(words.text(subject.word()).unwrap_or_default(), &held);
        }
    }
    Ok(())
}

/// The readings of a stretch of time.
pub(crate) fn figures(
    connection: &Connection,
    site: i64,
    period: Period,
    words: &Words,
) -> rusqlite::Result<HashMap<String, Vec<Figures>>> {
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    let mut all: HashMap<String, Vec<Figures>> = HashMap::new();
    spans(connection, site, period, &watched, words, |name, held| {
        let readings = all.entry(name.to_owned()).or_default();
        let mut at_ms = held.from_ms;
        while at_ms <= held.until_ms {
            if readings.last().is_none_or(|last| at_ms - last.at_ms >= EVERY_MS) {
                readings.push(of_row(&held.row, at_ms));
            }
            at_ms += STILL_MS;
        }
    })?;
    Ok(all)
}

fn of_row(row: &Row, at_ms: i64) -> Figures {
    let waiting = row.number(campaign::WAITING);
    Figures {
        at_ms,
        answered: row.number(campaign::ANSWERED),
        abandoned: row.number(campaign::ABANDONED),
        waiting,
        longest_secs: if waiting == Some(0) { Some(0) } else { longest_secs(row, at_ms) },
        level: percent(row.get(campaign::LEVEL)),
    }
}

/// What is known of times like a moment.
pub(crate) fn times(
    connection: &Connection,
    site: i64,
    now_ms: i64,
    offset_secs: Option<i32>,
    words: &Words,
) -> rusqlite::Result<FloorTimes> {
    let mut times = FloorTimes { offset_secs, ..FloorTimes::default() };
    let offset_ms = i64::from(offset_secs.unwrap_or_default()) * SECOND_MS;
    for week in 1..=WEEKS {
        weekday(connection, site, now_ms - week * WEEK_MS, offset_ms, words, &mut times)?;
    }
    let (mut lengths, mut waits) = (Lengths::default(), HashMap::new());
    for period in stretches(connection, site, now_ms)? {
        if !lengths.are_enough() {
            people(connection, site, period, words, &mut lengths)?;
        }
        if waits.values().map(|(gave_up, _)| *gave_up).sum::<u32>() < ENOUGH_GAVE_UP {
            given_up(connection, site, period, words, &mut waits)?;
        }
    }
    lengths.put(words, &mut times);
    for (name, over) in waits {
        times.campaigns.entry(name).or_default().abandons_over = Some(over);
    }
    Ok(times)
}

/// What is looked at for how long things take, the nearest first, each as far as there is not enough in those before: the
/// last hours, the day before them, and the last hours that were watched before that. A day that begins has no hours before
/// it, and a Monday no day; with nothing of people's breaks the next quarter of an hour would be told as if there were none.
fn stretches(connection: &Connection, site: i64, now_ms: i64) -> rusqlite::Result<Vec<Period>> {
    let [lately, day] = LATELY_MS.map(|ms| now_ms - ms);
    let mut stretches = vec![(lately, now_ms), (day, lately)];
    if let Some(first) = first_detailed(connection, site)? {
        stretches.push((first * HOUR_MS, day));
    }
    let period = |(from_ms, until_ms)| (from_ms < until_ms).then_some(Period { from_ms, until_ms });
    Ok(stretches.into_iter().filter_map(period).collect())
}

/// The three half hours around a moment of an earlier day.
fn weekday(
    connection: &Connection,
    site: i64,
    at_ms: i64,
    offset_ms: i64,
    words: &Words,
    times: &mut FloorTimes,
) -> rusqlite::Result<()> {
    let first_ms = ((at_ms + offset_ms).div_euclid(HALF_MS) - 1) * HALF_MS - offset_ms;
    let period = Period { from_ms: first_ms, until_ms: first_ms + 3 * HALF_MS };
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    let whole: [bool; 3] = std::array::from_fn(|half| {
        let from_ms = first_ms + half as i64 * HALF_MS;
        watched_ms(&watched, from_ms, from_ms + HALF_MS) >= HALF_MS - MISSING_MS
    });
    if !whole.contains(&true) {
        return Ok(());
    }
    let mut all: HashMap<String, (Halves, Parts)> = HashMap::new();
    spans(connection, site, period, &watched, words, |name, held| {
        let (halves, parts) =
            all.entry(name.to_owned()).or_insert_with(|| (Halves::new(period, offset_ms), Parts::default()));
        halves.take(held);
        parts.take(held, period.from_ms);
    })?;
    for (name, (halves, parts)) in all {
        let came = halves.came(true);
        let offered = |half: usize| {
            let came = came.get(half).copied().flatten().filter(|_| whole[half])?;
            Some(came.answered.saturating_add(came.abandoned))
        };
        let day =
            Weekday { before: offered(0), this: offered(1), next: offered(2), parts: parts.calls(whole) };
        if day != Weekday::default() {
            times.campaigns.entry(name).or_default().weekdays.push(day);
        }
    }
    Ok(())
}

/// Calls that came in each five minutes of three half hours, answered or not yet.
#[derive(Default)]
struct Parts {
    last: Option<i64>,
    came: [i64; PARTS],
}

impl Parts {
    fn take(&mut self, held: &FigureSpan, first_ms: i64) {
        let Some(now) = counters(&held.row) else { return };
        let waiting = held.row.number(campaign::WAITING).unwrap_or_default();
        let now = i64::from(now.answered) + i64::from(now.abandoned) + i64::from(waiting);
        let part = usize::try_from((held.from_ms - first_ms) / PART_MS).unwrap_or(usize::MAX);
        if let (Some(last), Some(came)) = (self.last.filter(|_| !held.begins_run), self.came.get_mut(part)) {
            // A counter that was reset began again at nothing.
            *came += if now + MOST_FALLEN < last { now } else { now - last };
        }
        self.last = Some(now);
    }

    fn calls(&self, whole: [bool; 3]) -> [Option<u32>; PARTS] {
        let each = PARTS / whole.len();
        std::array::from_fn(|part| whole[part / each].then(|| self.came[part].max(0) as u32))
    }
}

/// One person's states, put together to calls.
#[derive(Default)]
struct Call {
    /// The campaign of the talk before, and when it ended.
    after: Option<(i64, i64)>,
    /// Ringing or talking: since when, and of which campaign.
    ringing: Option<(i64, i64)>,
    talking: Option<(i64, i64, i64, bool)>,
    /// What they did before, and until when.
    before: Option<(AgentState, i64)>,
}

/// How long something lasted that began while somebody watched.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lasted {
    /// The campaign's; of breaks none.
    word: i64,
    secs: f64,
    /// Whether it was seen to end; else it had lasted so long.
    ended: bool,
}

/// What all people did.
#[derive(Default)]
struct Lengths {
    talk: Vec<Lasted>,
    wrap_up: Vec<Lasted>,
    ring: Vec<(i64, f64)>,
    breaks: Vec<Lasted>,
    /// How long somebody watched.
    watched_ms: i64,
    /// Breaks begun by who was free, and with the end of a call.
    begun: [u32; 2],
    free_ms: i64,
    calls: u32,
}

/// What all people did in a stretch of time, beside what they did in those before.
fn people(
    connection: &Connection,
    site: i64,
    period: Period,
    words: &Words,
    lengths: &mut Lengths,
) -> rusqlite::Result<()> {
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    lengths.watched_ms += watched_ms(&watched, period.from_ms, period.until_ms);
    let cut = |at_ms: i64| at_ms >= period.until_ms || watched.iter().any(|(_, until)| *until == at_ms);
    let mut all: HashMap<Subject, (StateIntervals<'_>, Call)> = HashMap::new();
    visit(connection, site, period, Who::Agents, |subject, seen| {
        // Of hours whose detail is gone only sums are left.
        let Seen::From(at_ms, row) = seen else { return };
        let (intervals, call) = all.entry(subject).or_insert_with(|| {
            (StateIntervals::new(&watched, period.from_ms, period.until_ms), Call::default())
        });
        intervals.take(at_ms, row, &mut |interval| {
            call.take(&interval, cut(interval.until_ms), words, lengths);
        });
    })?;
    for (mut intervals, mut call) in all.into_values() {
        intervals.end(&mut |interval| call.take(&interval, cut(interval.until_ms), words, lengths));
    }
    Ok(())
}

impl Lengths {
    fn are_enough(&self) -> bool {
        let talks = self.talk.iter().filter(|one| one.ended);
        let (mut campaigns, mut count) = (HashSet::new(), 0);
        for one in talks {
            campaigns.insert(one.word);
            count += 1;
        }
        self.watched_ms >= ENOUGH_WATCHED_MS
            && count >= (TALKS_EACH * campaigns.len()).clamp(ENOUGH_TALKS.0, ENOUGH_TALKS.1)
    }

    /// Into what is known.
    fn put(self, words: &Words, times: &mut FloorTimes) {
        let mut rings: HashMap<i64, (f64, f64)> = HashMap::new();
        for (word, secs) in self.ring {
            let sum = rings.entry(word).or_default();
            *sum = (sum.0 + secs, sum.1 + 1.0);
        }
        // Of each campaign's the nearest, those that ended among those that did not as there were.
        let mut into = |all: Vec<Lasted>, of: fn(&mut Times) -> [&mut Vec<f64>; 2]| {
            for one in all {
                let Some(name) = words.text(one.word) else { continue };
                let [ended, so_far] = of(times.campaigns.entry(name.to_owned()).or_default());
                if ended.len() + so_far.len() < MOST_SAMPLES {
                    if one.ended { ended } else { so_far }.push(one.secs);
                }
            }
        };
        into(self.talk, |times| [&mut times.talk_secs, &mut times.talk_secs_so_far]);
        into(self.wrap_up, |times| [&mut times.wrap_up_secs, &mut times.wrap_up_secs_so_far]);
        for (word, (sum, count)) in rings {
            if let Some(name) = words.text(word) {
                times.campaigns.entry(name.to_owned()).or_default().ring_secs = Some(sum / count);
            }
        }
        for one in self.breaks.into_iter().take(MOST_SAMPLES) {
            if one.ended { &mut times.break_secs } else { &mut times.break_secs_so_far }.push(one.secs);
        }
        let [free, called] = self.begun.map(f64::from);
        let hours = secs(self.free_ms) / 3_600.0;
        times.breaks_per_free_hour = (hours > 1.0).then(|| free / hours);
        times.breaks_per_call = (self.calls >= LEAST_CALLS).then(|| called / f64::from(self.calls));
    }
}

impl Call {
    /// Takes the next state; `cut`: it went on where nobody watched.
    fn take(&mut self, interval: &StateInterval, cut: bool, words: &Words, lengths: &mut Lengths) {
        let row = &interval.row;
        let state = state_of(row);
        let (begins, ms) = (interval.begins, interval.until_ms - interval.from_ms);
        let before = self.before.replace((state, interval.until_ms));
        let before = before.filter(|(_, until_ms)| *until_ms == interval.from_ms).map(|(state, _)| state);
        if state == AgentState::Available {
            lengths.free_ms += ms;
        }
        let lasted = |word: i64, ms: i64, ended: bool| Lasted { word, secs: secs(ms), ended };
        let talking = matches!(state, AgentState::Busy | AgentState::BusyPaused | AgentState::OnHold);
        let of = campaign_of(row, words);
        if let Some((from_ms, until_ms, word, began)) = self.talking.take() {
            let goes_on = talking && interval.from_ms == until_ms;
            let word = if goes_on && word == NONE { of } else { word };
            if goes_on && !cut {
                self.talking = Some((from_ms, interval.until_ms, word, began));
                return;
            }
            // What was under way ends where something else begins, and where nobody watched is as long as it was.
            let seen_until = if goes_on { interval.until_ms } else { until_ms };
            let ended = !goes_on && interval.from_ms == until_ms;
            if began {
                lengths.talk.push(lasted(word, seen_until - from_ms, ended));
            }
            if goes_on {
                return;
            }
            lengths.calls += u32::from(ended);
            if began
                && ended
                && let Some((since_ms, end_ms)) = self.ringing.filter(|(_, end_ms)| *end_ms == from_ms)
            {
                lengths.ring.push((word, secs(end_ms - since_ms)));
            }
            self.after = Some((word, until_ms));
        }
        match state {
            AgentState::Busy | AgentState::BusyPaused | AgentState::OnHold => {
                if cut && begins {
                    lengths.talk.push(lasted(of, ms, false));
                }
                self.talking = (!cut).then_some((interval.from_ms, interval.until_ms, of, begins));
            }
            AgentState::Ringing => {
                self.ringing = (begins && !cut).then_some((interval.from_ms, interval.until_ms));
            }
            AgentState::WrapUp if begins => {
                let before = self.after.filter(|(_, until_ms)| *until_ms == interval.from_ms);
                lengths.wrap_up.push(lasted(before.map_or(of, |(word, _)| word), ms, !cut));
            }
            AgentState::Paused => {
                match before {
                    Some(AgentState::Available | AgentState::Ringing) => lengths.begun[0] += 1,
                    Some(AgentState::Paused | AgentState::Offline | AgentState::Unknown) | None => {}
                    Some(_) => lengths.begun[1] += 1,
                }
                if begins {
                    lengths.breaks.push(lasted(NONE, ms, !cut));
                }
            }
            _ => {}
        }
    }
}

/// The campaign of a call; where nobody said, and there is only one it can be, that one.
fn campaign_of(row: &Row, words: &Words) -> i64 {
    if let Some(word) = row.get(agent::CALL_CAMPAIGN) {
        return word;
    }
    let elsewhere = row.get(agent::IN_CALL) == Some(0);
    let mut of = campaigns_of(row, words);
    match (elsewhere, of.next(), of.next()) {
        (false, Some(only), None) => words.known(only).unwrap_or(NONE),
        _ => NONE,
    }
}

/// How many gave up, and how long all callers waited meanwhile, by campaign, beside those of stretches before.
fn given_up(
    connection: &Connection,
    site: i64,
    period: Period,
    words: &Words,
    waits: &mut HashMap<String, (u32, f64)>,
) -> rusqlite::Result<()> {
    let watched = runs(connection, site, period.from_ms, period.until_ms)?;
    let mut all: HashMap<String, (Option<u32>, u32, f64)> = HashMap::new();
    spans(connection, site, period, &watched, words, |name, held| {
        let (last, gave_up, waited) = all.entry(name.to_owned()).or_default();
        if held.begins_run {
            *last = None;
        }
        if let Some(now) = counters(&held.row) {
            *gave_up += last.map_or(0, |last| now.abandoned.saturating_sub(last));
            *last = Some(now.abandoned);
        }
        let waiting = held.row.number(campaign::WAITING).unwrap_or_default();
        *waited += f64::from(waiting) * secs(held.until_ms - held.from_ms);
    })?;
    for (name, (_, gave_up, waited)) in all {
        if waited > 0.0 {
            let sum = waits.entry(name).or_default();
            *sum = (sum.0 + gave_up, sum.1 + waited);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

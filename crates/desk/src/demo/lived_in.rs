//! The rooms of a demonstration as people left them: scorecards, three weeks of finished reviews, a worklist half done, one
//! that is through, notes, a calibration with two people in, tags, views and searches under a name.
//!
//! Every call is one of the simulated contact centre, so that it can be heard; every person is one of its people; what they
//! wrote is data (`data/demo_words.json`). The same contact centre is lived in alike. Left out on purpose: the floor's past
//! (`demo`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use atalaya_calls::wire::{Call, Search, SoundFilter};
use atalaya_calls::{Cache, Calls, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_review::wire::{
    Answer, CalibrationFile, Card, CommentRule, FeedbackStep, Kind, Question, ReviewShare, SampleRequest,
    ShareOf, Value,
};
use atalaya_review::{Error, Reviews, starting_cards};
use atalaya_simulator::Simulator;
use atalaya_store::Store;
use atalaya_ucontact::Problem;
use chrono::{Days, NaiveDateTime, TimeDelta};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{MINUTE_MS, MINUTES, OfficeHours};
use crate::problem::{from_calls, from_review, problem};
use crate::settings::{Language, Settings};

const WORDS: &str = include_str!("../../data/demo_words.json");
/// Days back on which calls were judged, the earliest first; the last ones are still to be judged.
const DAYS_BACK: [u64; 9] = [20, 18, 15, 13, 11, 8, 6, 4, 1];
/// Those the half-done worklist is drawn from.
const DAYS_LEFT: u64 = 4;
/// People who are judged.
const JUDGED: usize = 8;
const PAGE_ROWS: u32 = 500;
const SHORTEST_SECS: u32 = 60;
const TAGS: [&str; 4] = ["factura", "venta", "reclamo", "seguimiento"];
const QUOTA: u32 = 8;
/// A quarter of them is to be of calls that took so long.
const LONG_SECS: u32 = 300;
/// Of the calls of the worklist: judged, then one left out.
const DONE: usize = 5;
const SEED: u32 = 4_711;

/// What people wrote, in one language.
#[derive(Deserialize)]
struct Words {
    worklist: String,
    earlier: String,
    calibration: String,
    skipped: String,
    low: Vec<String>,
    good: Vec<String>,
    poor: Vec<String>,
    notes: Vec<String>,
    views: [String; 2],
    searches: [String; 2],
}

/// `SplitMix64`, for what people happened to do.
struct Chance(u64);

impl Chance {
    /// 0 to below 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ x >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn one_of<'a>(&mut self, words: &'a [String]) -> &'a str {
        words.get((self.next() * words.len() as f64) as usize).map_or("", String::as_str)
    }
}

/// The language of what people wrote: the one chosen, else the system's, else Spanish.
fn language(settings: &Settings) -> &'static str {
    let system = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    match (settings.language, system.as_deref().and_then(|text| text.get(..2))) {
        (Some(Language::PtBr), _) | (None, Some("pt")) => "pt-BR",
        (Some(Language::En), _) | (None, Some("en")) => "en",
        _ => "es",
    }
}

/// What is chosen where nobody chose anything, and who works here too.
pub(crate) struct LivedIn {
    /// Who sits here.
    me: String,
    /// Another one who does.
    pub(crate) colleague: String,
    views: [String; 2],
    searches: [String; 2],
}

impl LivedIn {
    /// Steps it takes to fill the rooms: what is read, and putting it all down.
    pub(crate) const STEPS: u32 = (DAYS_BACK.len() + TAGS.len() + 1) as u32;

    /// Chooses a name, views, searches and tags, where none were chosen yet.
    pub(crate) fn choose(&self, settings: &mut Settings) {
        if settings.reviewer.is_empty() {
            self.me.clone_into(&mut settings.reviewer);
        }
        if settings.tag_presets.is_empty() {
            settings.tag_presets = TAGS.map(str::to_owned).to_vec();
        }
        if settings.monthly_reviews == 0 {
            settings.monthly_reviews = QUOTA;
        }
        if settings.review_shares.is_empty() {
            let of = ShareOf::AtLeast { secs: LONG_SECS };
            settings.review_shares = vec![ReviewShare { id: "demo-1".to_owned(), percent: 25, of }];
        }
        if settings.views.is_null() {
            let [collections, pauses] = &self.views;
            settings.views = json!({ "first": null, "list": [
                { "id": "demo-1", "name": collections, "view": { "campaignSearch": "cobran" } },
                { "id": "demo-2", "name": pauses, "view": { "states": ["paused", "busyPaused"], "agentSort": "since" } },
            ] });
        }
        if settings.searches.is_null() {
            let [complaints, long] = &self.searches;
            settings.searches = json!({ "first": null, "list": [
                { "id": "demo-1", "name": complaints, "query": { "search": { "period": "today", "tag": "reclamo" } } },
                { "id": "demo-2", "name": long, "query": { "search": { "period": "week", "minDurationSecs": 300 } } },
            ] });
        }
    }
}

/// Fills the rooms; each step is said to be done.
///
/// # Errors
/// The contact centre's and the store's; what was put down before stays.
pub(crate) async fn live_in(
    simulator: &Arc<Simulator>,
    hours: OfficeHours,
    store: Store,
    settings: &Settings,
    step_done: impl Fn() + Sync,
) -> Result<LivedIn, Problem> {
    let unread = |detail: String| problem("unexpected", [("detail", detail)], false);
    let language = language(settings);
    let mut said: BTreeMap<String, Words> =
        serde_json::from_str(WORDS).map_err(|error| unread(error.to_string()))?;
    let words = said.remove(language).ok_or_else(|| unread(language.to_owned()))?;
    let client = super::sign_in(simulator, store.clock().clone()).await?;
    let tasks = Tasks::default();
    let writes = Writes::new(client.user(), store.clone(), settings.reviewer.clone(), tasks.clone());
    let calls = Calls::new(client.clone(), store.clone(), Cache::nowhere(), writes);
    let now_ms = store.clock().now_ms();
    let now = hours.local(now_ms).unwrap_or_default();
    let read = read(&calls, now, &step_done).await;
    tasks.end().await;
    client.end_session().await;
    let (judged, everybody) = read?;
    let named = (!settings.reviewer.is_empty()).then(|| settings.reviewer.clone());
    let mut people = named.into_iter().chain(everybody.into_iter().rev());
    let mut person = || people.next().unwrap_or_default();
    let team = Team { me: person(), others: [person(), person()] };
    let (me, colleague) = (team.me.clone(), team.others[0].clone());
    let lived_in = LivedIn { me, colleague, views: words.views.clone(), searches: words.searches.clone() };
    let account = calls.account().to_owned();
    let work = move || {
        let desk = Diary { store, account, hours, now };
        put_down(&desk, &judged, &team, &words, language)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| from_review(&error))?,
        Err(error) => return Err(unread(error.to_string())),
    }
    step_done();
    Ok(lived_in)
}

/// Who judges.
struct Team {
    me: String,
    others: [String; 2],
}

/// The calls of those who are judged, the earliest first, and who else answered any. What was tagged today before the
/// demonstration's past begins is learned on the way.
async fn read(
    calls: &Calls,
    now: NaiveDateTime,
    step_done: &(impl Fn() + Sync),
) -> Result<(Vec<Call>, BTreeSet<String>), Problem> {
    let never = CancellationToken::new();
    let told = |error| from_calls(&error);
    let mut all = Vec::new();
    for back in DAYS_BACK {
        let day = now.date().checked_sub_days(Days::new(back)).unwrap_or_default();
        let search =
            Search { from: format!("{day} 10:00:00"), to: format!("{day} 10:59:59"), ..Search::default() };
        all.extend(calls.search(&search, PAGE_ROWS, |_| (), &never).await.map_err(told)?);
        step_done();
    }
    for tag in TAGS {
        let until = now - TimeDelta::minutes(MINUTES);
        let (from, to) = (format!("{} 00:00:00", now.date()), until.format("%Y-%m-%d %H:%M:%S").to_string());
        let search = Search { from, to, tag: tag.to_owned(), ..Search::default() };
        calls.search(&search, PAGE_ROWS, |_| (), &never).await.map_err(told)?;
        step_done();
    }
    let mut by_agent: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    // Asked for by length the server would leave doubts about who answered.
    let long = |call: &Call| call.answered && call.talk_secs >= Some(SHORTEST_SECS);
    for call in all.into_iter().filter(long) {
        if let Some(agent) = call.agent.clone() {
            by_agent.entry(agent).or_default().push(call);
        }
    }
    let mut most: Vec<_> = by_agent.iter().collect();
    most.sort_by_key(|(name, calls)| (std::cmp::Reverse(calls.len()), name.as_str()));
    let chosen: BTreeSet<String> = most.into_iter().take(JUDGED).map(|(name, _)| name.clone()).collect();
    let (judged, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        by_agent.into_iter().partition(|(name, _)| chosen.contains(name));
    let mut judged: Vec<Call> = judged.into_values().flatten().collect();
    judged.sort_by(|one, other| (&one.started_at, &one.guid).cmp(&(&other.started_at, &other.guid)));
    Ok((judged, others.into_keys().collect()))
}

/// What is kept, each thing at its time.
struct Diary {
    store: Store,
    account: String,
    hours: OfficeHours,
    now: NaiveDateTime,
}

impl Diary {
    /// So many days after a call, and not later than now.
    fn days_after(&self, call: &Call, days: u64) -> NaiveDateTime {
        let began = NaiveDateTime::parse_from_str(&call.started_at, "%Y-%m-%d %H:%M:%S");
        began.map_or(self.now, |began| began + Days::new(days)).min(self.now)
    }

    /// The reviews, written the day after a call, or a little while ago.
    fn after(&self, call: &Call) -> Reviews {
        let at_ms = self.hours.moment_ms(self.days_after(call, 1)) - 30 * MINUTE_MS;
        Reviews::new(self.store.dated_by(Clock::held(at_ms).clock()), &self.account)
    }
}

fn put_down(desk: &Diary, calls: &[Call], team: &Team, words: &Words, language: &str) -> Result<(), Error> {
    let Some(first) = calls.first() else { return Ok(()) };
    let reviews = desk.after(first);
    let mut cards = Vec::new();
    for starting in starting_cards(language)? {
        let id = format!("demo-{}", starting.card.id);
        cards.push(reviews.save_card(&Card { id, ..starting.card })?);
    }
    let [service, sales, collections] = cards.as_slice() else { return Ok(()) };
    let fits = |call: &Call| match call.campaign.as_str() {
        name if name.starts_with("Cobran") || name.starts_with("Recupero") => collections,
        name if name.ends_with("->") || name.starts_with("Ventas") || name.starts_with("Retención") => sales,
        _ => service,
    };
    let left = desk.now.date().checked_sub_days(Days::new(DAYS_LEFT)).unwrap_or_default().to_string();
    let (earlier, lately): (Vec<&Call>, Vec<&Call>) = calls.iter().partition(|call| call.started_at < left);
    let mut chance = Chance(u64::from(SEED));
    for (number, &call) in earlier.iter().enumerate() {
        let who = if number % 2 == 0 { &team.me } else { &team.others[number / 2 % 2] };
        let review = judge(&desk.after(call), call, fits(call), who, words, &mut chance)?;
        if chance.next() < 0.7 && number + 12 < earlier.len() {
            let day = desk.days_after(call, 3).date().to_string();
            desk.after(call).feedback(review, FeedbackStep::Given, Some(&day))?;
            let said = if chance.next() < 0.85 { FeedbackStep::Acknowledged } else { FeedbackStep::Disputed };
            desk.after(call).feedback(review, said, Some(&day))?;
        }
    }
    noted(desk, &earlier, team, words)?;
    worklists(desk, (earlier.as_slice(), lately.as_slice()), team, service, words, &mut chance)?;
    calibration(desk, &earlier, team, service, words, &mut chance)
}

/// Judges a call as somebody would who judges this agent; gives the review.
fn judge(
    reviews: &Reviews,
    call: &Call,
    card: &Card,
    who: &str,
    words: &Words,
    chance: &mut Chance,
) -> Result<i64, Error> {
    let review = reviews.open(call, &card.id, who)?;
    if review.finished_ms.is_some() {
        return Ok(review.id);
    }
    let (answers, comment) = answered(call, card, words, chance);
    reviews.change(review.id, answers, &comment)?;
    reviews.finish(review.id).map(|review| review.id)
}

/// Answers as good as the agent is, with the comments that are due.
fn answered(
    call: &Call,
    card: &Card,
    words: &Words,
    chance: &mut Chance,
) -> (BTreeMap<String, Answer>, String) {
    let name: u32 = call.agent.as_deref().unwrap_or_default().bytes().map(u32::from).sum();
    // From one who is learning to one who teaches.
    let skill = 0.62 + f64::from(name % 8) * 0.05;
    let questions = card.sections.iter().flat_map(|section| &section.questions);
    let answers = questions.map(|question| {
        let value = value(question, skill, chance);
        let due = question.comment != CommentRule::Never && !is_best(question, value);
        let comment = if due { chance.one_of(&words.low).to_owned() } else { String::new() };
        (question.id.clone(), Answer { value: Some(value), comment })
    });
    let answers: BTreeMap<_, _> = answers.collect();
    let comment = if skill > 0.8 { chance.one_of(&words.good) } else { chance.one_of(&words.poor) };
    (answers, if chance.next() < 0.6 { comment.to_owned() } else { String::new() })
}

fn value(question: &Question, skill: f64, chance: &mut Chance) -> Value {
    if question.optional && chance.next() < 0.12 {
        return Value::NotApplicable;
    }
    // Hardly anybody fails what makes all the rest worthless.
    let luck = if question.fatal { 0.97 } else { skill };
    match &question.kind {
        Kind::YesNo if chance.next() < luck => Value::Yes,
        Kind::YesNo => Value::No,
        Kind::Scale { low, high } => {
            let share = (luck + (chance.next() - 0.4) * 0.5).clamp(0.0, 1.0);
            Value::Scale { value: low + (share * f64::from(high - low)).round() as u32 }
        }
        Kind::Choice { options } => {
            let away = if chance.next() < luck { 0.0 } else { 1.0 + chance.next() };
            Value::Choice { index: (away as u32).min(options.len() as u32 - 1) }
        }
    }
}

fn is_best(question: &Question, value: Value) -> bool {
    match (value, &question.kind) {
        (Value::No, _) => false,
        (Value::Scale { value }, Kind::Scale { high, .. }) => value == *high,
        (Value::Choice { index }, _) => index == 0,
        _ => true,
    }
}

/// A note on every fourth call, at a second at which somebody talks.
fn noted(desk: &Diary, calls: &[&Call], team: &Team, words: &Words) -> Result<(), Error> {
    for (number, call) in calls.iter().step_by(4).enumerate() {
        let Some(text) = words.notes.get(number % words.notes.len().max(1)) else { continue };
        let second = f64::from(call.talk_secs.unwrap_or(SHORTEST_SECS)) * (0.2 + 0.1 * (number % 6) as f64);
        let who = if number % 3 == 0 { &team.others[0] } else { &team.me };
        desk.after(call).add_note(call, second.floor(), text, true, who)?;
    }
    Ok(())
}

/// One that is through, and one half done, the newest.
fn worklists(
    desk: &Diary,
    (earlier, lately): (&[&Call], &[&Call]),
    team: &Team,
    service: &Card,
    words: &Words,
    chance: &mut Chance,
) -> Result<(), Error> {
    for (name, pool, per_agent) in [(&words.earlier, earlier, 1), (&words.worklist, lately, 2)] {
        let (Some(first), Some(last)) = (pool.first(), pool.last()) else { continue };
        let request = SampleRequest {
            name: name.clone(),
            from: first.started_at.clone(),
            to: last.started_at.clone(),
            campaign: String::new(),
            agents: Vec::new(),
            per_agent,
            each: BTreeMap::new(),
            direction: None,
            disposition: String::new(),
            min_secs: SHORTEST_SECS,
            max_secs: None,
            skip_reviewed: true,
            card: service.id.clone(),
            seed: Some(SEED),
            sound: SoundFilter::default(),
        };
        let reviews = desk.after(last);
        let pool: Vec<Call> = pool.iter().map(|call| (*call).clone()).collect();
        let drawn = atalaya_review::draw(&pool, &request, SEED, &BTreeSet::new()).calls;
        let sample = reviews.keep_sample(&request, &drawn)?;
        reviews.settle_samples(&team.me)?;
        let through = per_agent == 1;
        for (number, call) in drawn.iter().enumerate().take(if through { drawn.len() } else { DONE + 1 }) {
            if number == DONE {
                reviews.skip(sample.id, &call.guid, Some(&words.skipped))?;
            } else {
                judge(&desk.after(call), call, service, &team.me, words, chance)?;
            }
        }
    }
    Ok(())
}

/// Two are in, and one is waited for.
fn calibration(
    desk: &Diary,
    calls: &[&Call],
    team: &Team,
    card: &Card,
    words: &Words,
    chance: &mut Chance,
) -> Result<(), Error> {
    let Some(call) = calls.last() else { return Ok(()) };
    let reviews = desk.after(call);
    let id = reviews.begin_calibration(call, &card.id, &words.calibration, 3)?.id;
    for who in &team.others {
        let (answers, comment) = answered(call, card, words, chance);
        let invited = reviews.calibration_file(&id, who)?;
        let file = CalibrationFile { reviewer: who.clone(), answers: Some(answers), comment, ..invited };
        reviews.take_calibration(&file)?;
    }
    Ok(())
}

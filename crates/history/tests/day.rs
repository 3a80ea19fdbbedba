//! A day of a floor whose every event is known, stepped through a clock, then rewound and reported; every answer is compared
//! with the truth worked out from the events themselves.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use atalaya_floor::wire::{Agent, AgentState, Alert, Campaign, Held, Measure, PauseLimit, Severity, Team};
use atalaya_history::wire::{Period, ReportRequest};
use atalaya_history::{Bounds, History, Site};

#[path = "day/world.rs"]
mod world;

use world::{BEGIN, END, EVERY_MS, HOUR, MINUTE, World};

const ROOMY: Bounds = Bounds { days: 30, max_bytes: 1_000_000_000 };
/// The server does not answer.
const AWAY: (i64, i64) = (BEGIN + 3 * HOUR + 10 * MINUTE, BEGIN + 3 * HOUR + 25 * MINUTE);
/// The program does not run.
const CLOSED: (i64, i64) = (BEGIN + 5 * HOUR, BEGIN + 5 * HOUR + 40 * MINUTE);

/// Runs the day; gives back when a reading was good, in order.
fn live(world: &World, path: &std::path::Path) -> (History, Site, Vec<i64>) {
    let mut history = History::open(path, ROOMY).expect("it opens");
    let mut site = history.site("supervisor@centre").expect("a floor");
    let (mut good, mut at_ms, mut revision) = (Vec::new(), BEGIN, 0);
    while at_ms <= END {
        if at_ms == CLOSED.1 {
            drop(history);
            history = History::open(path, ROOMY).expect("it opens again");
            site = history.site("supervisor@centre").expect("the same floor");
        }
        let inside = |(from, until): (i64, i64)| (from..until).contains(&at_ms);
        if !inside(CLOSED) {
            revision += 1;
            let fresh = !inside(AWAY);
            history.take(site, &world.snapshot(at_ms, revision, fresh));
            if fresh {
                good.push(at_ms);
            }
            // Nothing may be left out for lack of time in a test that runs a day in seconds.
            if revision % 10 == 0 {
                history.flush();
            }
        }
        at_ms += EVERY_MS;
    }
    history.flush();
    (history, site, good)
}

fn runs_of(good: &[i64]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for at in good {
        match runs.last_mut() {
            Some((_, until)) if at - *until <= 5 * EVERY_MS => *until = *at,
            _ => runs.push((*at, *at)),
        }
    }
    runs
}

/// How long two stretches of time have in common.
fn common(one: (i64, i64), other: (i64, i64)) -> i64 {
    (one.1.min(other.1) - one.0.max(other.0)).max(0)
}

fn plain(mut campaign: Campaign) -> Campaign {
    (campaign.waiting_trend, campaign.rolling, campaign.longest_wait_secs) = (Vec::new(), Vec::new(), None);
    campaign
}

fn alert(id: u32, raised_ms: i64, resolved_ms: Option<i64>, agent: &str) -> Alert {
    serde_json::from_value(serde_json::json!({
        "id": id, "severity": Severity::Bad, "campaign": null, "agent": agent, "location": "SIP/1",
        "parts": [{
            "rule": "inPause", "measure": Measure::InPause, "severity": Severity::Bad, "reason": null, "value": 1201.0,
            "worst": 1201.0, "limit": 1200.0, "sinceMs": raised_ms - 1000, "overMs": resolved_ms,
        }],
        "sinceMs": raised_ms - 1000, "raisedMs": raised_ms,
        "acknowledgedMs": raised_ms + 5_000, "acknowledgedBy": "Marta", "snoozedUntilMs": null, "resolvedMs": resolved_ms,
    }))
    .expect("an alert")
}

#[test]
fn a_day_is_rewound_and_reported_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(11);
    let (history, site, good) = live(&world, &folder.path().join("history.sqlite"));
    let runs = runs_of(&good);
    let extent = history.extent(site).unwrap();
    let told: Vec<(i64, i64)> = extent.runs.iter().map(|run| (run.from_ms, run.until_ms)).collect();
    assert_eq!(told, runs);
    assert_eq!(runs.len(), 3, "two gaps");

    // Any moment is the last reading before it, people and figures alike; in a gap there is none.
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..300 {
        let at = random.i64(BEGIN - MINUTE..END + MINUTE);
        let moment = history.moment(site, at).unwrap();
        let watched = runs.iter().any(|(from, until)| (*from..=*until).contains(&at));
        assert_eq!(moment.snapshot.is_some(), watched, "{at}");
        assert_eq!(moment.gap.is_none(), watched);
        let Some(found) = moment.snapshot else { continue };
        let last = good[good.partition_point(|one| *one <= at) - 1];
        let then = world.snapshot(last, 1, true);
        assert_eq!(found.agents, then.agents, "{at}");
        let figures = |campaigns: &[Campaign]| campaigns.iter().cloned().map(plain).collect::<Vec<_>>();
        assert_eq!(figures(&found.campaigns), figures(&then.campaigns), "{at}");
        for campaign in &found.campaigns {
            let trend = world.most_waiting(&campaign.name, &good, &runs, at);
            assert_eq!(campaign.waiting_trend, trend, "{} at {at}", campaign.name);
        }
    }
    let gap = history.moment(site, AWAY.0 + MINUTE).unwrap().gap.expect("nobody watched");
    assert_eq!((gap.from_ms, gap.until_ms), (AWAY.0 - EVERY_MS, AWAY.1));

    people_are_as_they_were(&history, site, &world, &runs);
    a_shift_is_as_it_was(&history, site, &world, &good, &runs);
}

fn people_are_as_they_were(history: &History, site: Site, world: &World, runs: &[(i64, i64)]) {
    let period = Period { from_ms: BEGIN + 20 * MINUTE, until_ms: END - 50 * MINUTE };
    let window = (period.from_ms, period.until_ms);
    for person in &world.people {
        let found = history.person(site, &person.location, period).unwrap().expect("seen");
        assert!(found.whole);
        let mut truth: BTreeMap<AgentState, i64> = BTreeMap::new();
        let mut spans = 0;
        for stay in &person.stays {
            for run in runs {
                let seen = common((stay.from_ms.max(window.0), stay.until_ms.min(window.1)), *run);
                *truth.entry(stay.state).or_default() += seen;
                spans += usize::from(seen > 0);
            }
        }
        assert_eq!(found.spans.len(), spans, "{}", person.location);
        for time in &found.states {
            let expected = truth.get(&time.state).copied().unwrap_or_default();
            assert_eq!(i64::from(time.secs), expected / 1_000, "{} {:?}", person.location, time.state);
        }
        let sum: i64 = found.spans.iter().map(|span| span.until_ms - span.from_ms).sum();
        assert_eq!(sum, truth.values().sum::<i64>());
    }
    assert_eq!(history.person(site, "SIP/nobody", period).unwrap(), None);
}

fn a_shift_is_as_it_was(history: &History, site: Site, world: &World, good: &[i64], runs: &[(i64, i64)]) {
    let raised = BEGIN + 2 * HOUR;
    let of_team = world.people[1].name.clone();
    history.keep_alerts(
        site,
        vec![
            alert(1, raised, Some(raised + 9 * MINUTE), &of_team),
            alert(2, raised + MINUTE, None, "somebody else"),
            alert(3, END + MINUTE, None, &of_team),
        ],
    );
    history.flush();
    let then = history.moment(site, raised + 5 * MINUTE).unwrap();
    assert_eq!(then.alerts.iter().map(|alert| alert.id).collect::<Vec<_>>(), [1, 2]);
    let later = history.moment(site, raised + 9 * MINUTE).unwrap();
    assert_eq!(later.alerts.iter().map(|alert| alert.id).collect::<Vec<_>>(), [2]);

    let period = Period { from_ms: BEGIN, until_ms: END };
    let limits = [PauseLimit { reason: "BAÑO".into(), once_mins: Some(1), total_mins: Some(5) }];
    let all = history.report(site, &ReportRequest { period, team: None }, &[], &limits).unwrap();
    // A zone a quarter of an hour beside ours has half hours of its own, and the same calls in all.
    history.set_offset(site, 20_700);
    history.flush();
    let beside = history.report(site, &ReportRequest { period, team: None }, &[], &limits).unwrap();
    assert_eq!(beside.offset_secs, Some(20_700));
    assert!(beside.halves.iter().all(|half| (half.came.begins_ms + 20_700_000) % (30 * MINUTE) == 0));
    let half = &beside.halves[2];
    let begins = half.came.begins_ms;
    assert_eq!(half.came.answered, world.came(begins - EVERY_MS, begins + 30 * MINUTE - EVERY_MS).0);
    history.set_offset(site, 0);
    history.flush();
    assert_eq!(all.halves.len(), ((END - BEGIN) / (30 * MINUTE)) as usize);
    assert_eq!(all.alerts.len(), 2);
    assert_eq!(history.alerts(site, period).unwrap(), all.alerts);
    assert_eq!(all.alerts[0].acknowledged_by.as_deref(), Some("Marta"));
    for half in &all.halves {
        let (from, until) = (half.came.begins_ms, half.came.begins_ms + 30 * MINUTE);
        let seen: i64 = runs.iter().map(|run| common(*run, (from, until))).sum();
        assert_eq!(i64::from(half.seen_secs), seen / 1_000);
        // What a reading of this half hour was the first to tell, as far as one was there to tell it from.
        let inside: Vec<i64> = good.iter().copied().filter(|at| (from..until).contains(at)).collect();
        let (answered, abandoned, within) = match (inside.first(), inside.last()) {
            (Some(first), Some(last)) => {
                let before = good.iter().copied().rfind(|at| at < first);
                world.came(before.filter(|at| first - at <= 5 * EVERY_MS).unwrap_or(*first), *last)
            }
            _ => (0, 0, 0),
        };
        assert_eq!((half.came.answered, half.came.abandoned), (answered, abandoned), "at {from}");
        assert_eq!(half.came.whole, seen >= 29 * MINUTE, "at {from}");
        if let Some(level) = half.came.service_level {
            let truth = 100.0 * f64::from(within) / f64::from(answered);
            let off = half.came.plus_minus.expect("said with the level");
            assert!((level - truth).abs() <= off + 0.1, "{level} ± {off}, in truth {truth}, at {from}");
        }
    }
    let known = all.halves.iter().filter(|half| half.came.service_level.is_some()).count();
    assert!(known >= all.halves.len() - 2, "{known} half hours have a service level");
    let total: u32 =
        all.campaigns.iter().filter(|one| one.name.ends_with("<-")).map(|one| one.came.answered).sum();
    assert_eq!(total, all.halves.iter().map(|half| half.came.answered).sum::<u32>());

    for person in &world.people {
        let told = all.people.iter().find(|one| one.location == person.location).expect("signed in");
        assert_eq!(told.calls, Some(person.calls_between(runs)));
        for reason in ["Baño", "Almuerzo"] {
            // Each part of a pause that was seen, and each pause once, gaps or not.
            let stays = person.stays.iter().filter(|stay| stay.reason == Some(reason));
            let parts: Vec<(i64, bool)> = stays
                .flat_map(|stay| {
                    runs.iter()
                        .map(move |run| (common((stay.from_ms, stay.until_ms), *run), stay.from_ms >= run.0))
                })
                .filter(|(seen, _)| *seen > 0)
                .collect();
            let told = all
                .pauses
                .iter()
                .find(|one| one.name == person.name && one.pause.reason.as_deref() == Some(reason));
            let Some(told) = told else {
                assert!(parts.is_empty(), "{} {reason}", person.name);
                continue;
            };
            assert_eq!(i64::from(told.pause.secs), parts.iter().map(|(seen, _)| seen).sum::<i64>() / 1_000);
            assert_eq!(told.longest_secs.map(i64::from), parts.iter().map(|(seen, _)| seen / 1_000).max());
            let begun = parts.iter().filter(|(_, begun)| *begun).count();
            // One that was under way when the day began counts too.
            assert!((begun..=begun + 1).contains(&(told.pause.count as usize)));
            let limit = (reason == "Baño").then_some((60, 300));
            assert_eq!(told.once_secs.zip(told.total_secs), limit);
        }
    }

    // Each row leads to the moment it is of: there somebody waits so long, and is so long in that pause.
    let floor_at = |at_ms: i64| history.moment(site, at_ms).unwrap().snapshot.expect("watched");
    let secs_there =
        |since_ms: Option<i64>, at_ms: i64| since_ms.map(|since_ms| (at_ms + 1 - since_ms) / 1_000);
    let waits: Vec<_> = all.campaigns.iter().filter_map(|one| Some((one, one.longest_at_ms?))).collect();
    assert!(!waits.is_empty());
    for (one, at_ms) in waits {
        let there = floor_at(at_ms).campaigns.into_iter().find(|campaign| campaign.name == one.name).unwrap();
        assert_eq!(
            secs_there(there.longest_wait_since_ms, at_ms),
            one.longest.map(i64::from),
            "{}",
            one.name
        );
    }
    for half in &all.halves {
        let Some(at_ms) = half.longest_at_ms else { continue };
        let longest = floor_at(at_ms).campaigns.into_iter().filter_map(|one| one.longest_wait_since_ms).min();
        assert!(secs_there(longest, at_ms) >= half.longest.map(i64::from), "{half:?}");
        assert!((half.came.begins_ms..half.came.begins_ms + HOUR / 2).contains(&at_ms));
    }
    for one in all.pauses.iter().filter(|one| one.longest_secs > Some(0)) {
        let at_ms = one.longest_at_ms.expect("seen");
        let there = floor_at(at_ms).agents.into_iter().find(|agent| agent.name == one.name).unwrap();
        assert_eq!((there.state, &there.pause_reason), (AgentState::Paused, &one.pause.reason), "{one:?}");
    }

    let team = Team { id: "t".into(), name: "Norte".into(), members: vec![of_team.clone()] };
    let request = ReportRequest { period, team: Some("t".into()) };
    let few = history.report(site, &request, &[team], &limits).unwrap();
    assert_eq!(few.people.iter().map(|one| &one.name).collect::<Vec<_>>(), [&of_team]);
    assert!(few.campaigns.len() < all.campaigns.len() && !few.campaigns.is_empty());
    assert_eq!(few.alerts.iter().map(|one| one.id).collect::<Vec<_>>(), [1]);
    let gone = ReportRequest { period, team: Some("gone".into()) };
    assert!(history.report(site, &gone, &[], &limits).unwrap().people.is_empty());
}

#[test]
fn times_like_this_are_those_that_were_watched_whole() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(23);
    let (history, site, _) = live(&world, &folder.path().join("history.sqlite"));
    const WEEK: i64 = 7 * 24 * HOUR;
    const HALF: i64 = HOUR / 2;
    // In the half hour in which the server was away nobody knows what came; in those beside it they do.
    let times = history.times(site, AWAY.0 + WEEK).unwrap();
    let began = AWAY.0.div_euclid(HALF) * HALF;
    assert!(!times.campaigns.is_empty());
    let mut calls = 0;
    for (name, of) in &times.campaigns {
        let [day] = of.weekdays[..] else { panic!("one day was watched: {:?}", of.weekdays) };
        assert_eq!(day.this, None, "{name}");
        assert!(day.parts[6..12].iter().all(Option::is_none), "{name}: {:?}", day.parts);
        for (half, told) in [(-1, day.before), (1, day.next)] {
            let offered = |at_ms: i64| {
                let (answered, abandoned, _) = world.counted(name, at_ms);
                i64::from(answered + abandoned)
            };
            let truth = offered(began + (half + 1) * HALF) - offered(began + half * HALF);
            // Readings are seconds apart.
            assert!(
                (i64::from(told.expect("watched")) - truth).abs() <= 2,
                "{name} {half}: {told:?}, not {truth}"
            );
            // Those who wait at either end are calls that came, too.
            let from = if half < 0 { 0 } else { 12 };
            let came: i64 =
                day.parts[from..from + 6].iter().map(|part| i64::from(part.expect("watched"))).sum();
            assert!((came - truth).abs() <= 8 + truth / 10, "{name} {half}: {:?}, not {truth}", day.parts);
            calls += truth;
        }
    }
    assert!(calls > 0);
    // Nobody watched today: how long things take is as it was when somebody last did.
    let talks = times.campaigns.values().map(|of| of.talk_secs.len()).sum::<usize>();
    assert!(talks > 50 && times.break_secs.len() > 20, "{talks}");
    // At the end of the day itself: how long its calls took, and who gave up.
    let times = history.times(site, END).unwrap();
    let talks: Vec<f64> = times.campaigns.values().flat_map(|of| of.talk_secs.clone()).collect();
    assert!(!talks.is_empty() && talks.iter().all(|secs| (1.0..7_200.0).contains(secs)), "{talks:?}");
    assert!(times.campaigns.values().any(|of| of.abandons_over.is_some_and(|(_, secs)| secs > 0.0)));
    assert!(times.break_secs.iter().all(|secs| *secs > 0.0) && times.breaks_per_free_hour.is_some());
    assert!(
        times.breaks_per_call.is_some_and(|share| (0.1..0.9).contains(&share)),
        "{:?}",
        times.breaks_per_call
    );
    let period = Period { from_ms: END - HOUR, until_ms: END };
    for (name, all) in history.figures(site, period).unwrap() {
        assert!(all.windows(2).all(|pair| pair[1].at_ms - pair[0].at_ms >= 10_000), "{name}");
        for one in &all {
            let (answered, ..) = world.counted(&name, one.at_ms);
            assert!(one.answered.unwrap().abs_diff(answered) <= 2, "{name} {one:?}");
        }
    }
}

#[test]
fn a_day_later_minutes_and_sums_are_left_and_bounds_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let world = World::new(7);
    let (history, site, good) = live(&world, &path);
    let runs = runs_of(&good);
    let period = Period { from_ms: BEGIN, until_ms: END };
    let request = ReportRequest { period, team: None };
    let detailed = history.bytes().unwrap();
    let before = history.report(site, &request, &[], &[]).unwrap();
    let trend_before = history.trend(site, &world.campaigns[0], period).unwrap();

    // A day on, and nobody watched meanwhile: a Monday goes by its Friday.
    let next = END + 38 * HOUR;
    history.take(site, &world.snapshot_again(END, next, 1_000_000));
    history.flush();
    let known = history.times(site, next).unwrap();
    assert!(known.campaigns.values().any(|of| of.talk_secs.len() > 20 && of.abandons_over.is_some()));
    assert!(known.breaks_per_free_hour.is_some() && known.breaks_per_call.is_some());
    assert!(known.break_secs.len() > 20, "{}", known.break_secs.len());
    // That day was watched, and two days later another begins.
    for hour in 1..=12 {
        history.take(site, &world.snapshot_again(END, next + hour * HOUR, 1_000_000 + hour as u64));
    }
    let later = next + 72 * HOUR;
    history.take(site, &world.snapshot_again(END, later, 2_000_000));
    history.flush();
    assert!(history.bytes().unwrap() < detailed * 2 / 3, "detail takes room");
    let after = history.report(site, &request, &[], &[]).unwrap();
    let tolerance = 3 * 11;
    for (was, is) in before.people.iter().zip(&after.people) {
        assert_eq!((&was.name, was.calls), (&is.name, is.calls));
        for (was, is) in was.states.iter().zip(&is.states) {
            assert!(was.secs.abs_diff(is.secs) <= tolerance, "{was:?} {is:?}");
        }
    }
    assert!(after.pauses.iter().all(|one| one.longest_secs.is_none()), "the longest is not known any more");
    assert_eq!(before.campaigns.len(), after.campaigns.len());
    for (was, is) in before.halves.iter().zip(&after.halves) {
        assert_eq!((was.waiting, was.longest), (is.waiting, is.longest), "what was worst stays");
    }
    let trend_after = history.trend(site, &world.campaigns[0], period).unwrap();
    assert_eq!(trend_before.waiting, trend_after.waiting);
    assert_eq!(trend_before.available, trend_after.available);
    for at in (BEGIN..END).step_by(7 * MINUTE as usize) {
        let moment = history.moment(site, at).unwrap();
        let Some(found) = moment.snapshot else { continue };
        let last = good[good.partition_point(|one| *one <= at) - 1];
        let states = |agents: &[Held<Agent>]| agents.iter().map(|agent| agent.state).collect::<Vec<_>>();
        assert_eq!(
            states(&found.agents),
            states(&world.snapshot(last, 1, true).agents),
            "a minute's beginning"
        );
    }
    assert_eq!(runs.len(), 3);

    // Fewer bytes: the oldest goes first; the hour under way stays.
    history.set_bounds(Bounds { days: 30, max_bytes: detailed / 4 });
    history.flush();
    assert!(history.bytes().unwrap() <= detailed / 4);
    let extent = history.extent(site).unwrap();
    assert!(extent.runs[0].from_ms > BEGIN && extent.runs.last().expect("now").until_ms == later);
    // Fewer days: only now is left.
    history.set_bounds(Bounds { days: 1, max_bytes: 1_000_000_000 });
    history.flush();
    assert_eq!(history.extent(site).unwrap().runs.len(), 1);

    history.clear().unwrap();
    let empty = history.extent(site).unwrap();
    assert!(empty.runs.is_empty() && empty.bytes < 200_000, "{empty:?}");
    history.take(site, &world.snapshot_again(END, later + EVERY_MS, 1_000_001));
    history.flush();
    let now = history.moment(site, later + EVERY_MS).unwrap().snapshot.expect("it goes on");
    assert_eq!(now.agents.len(), world.people.len());
}

#[test]
fn alerts_outlive_the_session_and_one_that_nobody_saw_end_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite");
    let world = World::new(3);
    let history = History::open(&path, ROOMY).unwrap();
    let site = history.site("a").unwrap();
    assert_eq!(history.earlier_alerts(site).unwrap(), (Vec::new(), 1));
    history.take(site, &world.snapshot(BEGIN, 1, true));
    history.keep_alerts(site, vec![alert(1, BEGIN, Some(BEGIN + 9), "x"), alert(2, BEGIN - 5, None, "y")]);
    drop(history);
    let history = History::open(&path, ROOMY).unwrap();
    let (ended, next) = history.earlier_alerts(site).unwrap();
    assert_eq!(next, 3);
    let ends: Vec<_> = ended.iter().map(|alert| (alert.id, alert.resolved_ms)).collect();
    assert_eq!(ends, [(1, Some(BEGIN + 9)), (2, Some(BEGIN))]);
    let other = history.site("b").unwrap();
    assert_ne!(site, other);
    assert_eq!(history.earlier_alerts(other).unwrap(), (Vec::new(), 1));
    assert_eq!(history.extent(other).unwrap().runs, []);
}

//! What was watched is there after a restart: the last hour, the alerts and who saw to them, any moment and a report of it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use atalaya_clock::Clock;
use atalaya_desk::wire::SessionState;
use atalaya_desk::{DemoWorld, Desk, Options, Paths};
use atalaya_floor::wire::{AlertBoard, FloorUpdate, Freshness, Hears};
use atalaya_history::wire::{Extent, Period, ReportRequest};
use atalaya_player::OutputChoice;
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;

use common::{PASSWORD, PATIENCE, centre, desk, first, request, session};

const HOUR_MS: i64 = 3_600_000;
const DAY_SECS: i64 = 24 * 3_600;
const WEEK_MS: i64 = 7 * 24 * HOUR_MS;

/// Asks until the answer is as wanted.
async fn until<T>(desk: &Desk, what: &str, wanted: impl Fn(&Extent) -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        let extent = session(desk).extent().await.expect("signed in");
        if let Some(found) = wanted(&extent) {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: {extent:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn states_of(desk: &Desk) -> UnboundedReceiver<SessionState> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.session_updates(|state| tell.send(state).is_ok()).await });
    told
}

fn boards_of(desk: &Desk) -> UnboundedReceiver<AlertBoard> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.alert_updates(|told| tell.send(told.board).is_ok()).await });
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_nothing_that_was_watched() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let (seen, alert, noted) = {
        let desk = desk(home.path()).await;
        assert_eq!(desk.session().err().unwrap().code, "signedOut");
        let mut settings = desk.settings();
        settings.poll_every_secs = 1;
        settings.reviewer = "Marta".to_owned();
        for rule in &mut settings.rules {
            // Everybody on a call for a second.
            rule.hears = if rule.id == "inCall" { Hears::Sound } else { Hears::Nobody };
            (rule.warn, rule.bad) = (None, Some(1.0));
        }
        desk.set_settings(settings).expect("kept");
        let mut boards = boards_of(&desk);
        desk.sign_in(request(&simulator, PASSWORD)).await.expect("the password is right");
        // What is shown can be gone back to, from its first picture on.
        let mut feed = session(&desk).floor.subscribe();
        while session(&desk).floor.snapshot().health.freshness != Freshness::Fresh {
            feed.next().await.expect("it goes on");
        }
        assert_eq!(session(&desk).extent().await.expect("kept").runs.len(), 1);
        let id = first(&mut boards, |board| Some(board.active.first()?.id)).await;
        session(&desk).acknowledge(id);
        first(&mut boards, |board| {
            let mut all = board.active.iter().chain(board.history.iter().map(|alert| &**alert));
            all.any(|alert| alert.id == id && alert.acknowledged_ms.is_some()).then_some(())
        })
        .await;
        // Some seconds of it, the server's clock with them.
        let seen = until(&desk, "some seconds are recorded", |extent| {
            let run = extent.runs.first()?;
            (run.until_ms - run.from_ms >= 5_000 && extent.offset_secs.is_some()).then_some(*run)
        })
        .await;
        let noted =
            session(&desk).past.moment(seen.until_ms).await.expect("readable").snapshot.expect("watched");
        assert_eq!((noted.campaigns.len(), noted.agents.is_empty()), (4, false));
        assert!(desk.history_room().await.expect("there").bytes > 0);
        desk.sign_out().await.expect("out");
        (seen, id, noted)
    };
    // The thread that writes has ended with the desk: the file is as it will be found.
    let desk = desk(home.path()).await;
    let mut boards = boards_of(&desk);
    let mut settings = desk.settings();
    for rule in &mut settings.rules {
        rule.hears = Hears::Nobody;
    }
    desk.set_settings(settings).expect("kept");
    desk.sign_in(request(&simulator, PASSWORD)).await.expect("the password is right");
    let after = first(&mut boards, |board| (!board.history.is_empty()).then_some(board)).await;
    let earlier = after.history.iter().find(|one| one.id == alert).expect("it is remembered");
    assert_eq!(earlier.acknowledged_by.as_deref(), Some("Marta"));
    assert!(earlier.resolved_ms.is_some(), "nobody watches it any more");
    let again = session(&desk).past.moment(seen.until_ms).await.expect("readable").snapshot.expect("kept");
    assert_eq!((again.agents, again.campaigns), (noted.agents, noted.campaigns));

    // The campaigns' last hour goes on where it was.
    let (tell, mut told) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.floor_updates("main", |update| tell.send(update).is_ok()).await });
    // The first figures may come before what is remembered.
    first(&mut told, |update| {
        desk.floor_taken("main");
        let campaigns = match update {
            FloorUpdate::Snapshot { snapshot } => snapshot.campaigns,
            FloorUpdate::Delta { delta } => delta.campaigns,
        };
        campaigns.into_iter().find(|one| one.waiting_trend.len() == 60)
    })
    .await;

    let period = Period { from_ms: seen.from_ms, until_ms: seen.until_ms };
    let report = session(&desk).past.report(ReportRequest { period, team: None }).await.expect("readable");
    let ahead = Period { until_ms: period.until_ms + 3_600_000, ..period };
    let so_far =
        session(&desk).past.report(ReportRequest { period: ahead, team: None }).await.expect("readable");
    assert!(so_far.period.until_ms < ahead.until_ms, "what has not been yet is no part of it");
    assert!(!report.people.is_empty() && report.alerts.iter().any(|one| one.id == alert));
    let location = report.people[0].location.clone();
    assert!(session(&desk).past.person(location, period).await.expect("readable").is_some());

    desk.clear_history().await.expect("cleared");
    until(&desk, "what was is gone", |extent| {
        extent.runs.iter().all(|run| run.from_ms > seen.until_ms).then_some(())
    })
    .await;
    desk.sign_out().await.expect("out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_has_a_past() {
    let home = tempfile::tempdir().expect("a folder");
    let open = || {
        Desk::open(Options {
            paths: Paths::below(home.path()),
            secrets: open_secret_store(true),
            output: OutputChoice::None,
            clock: Clock::system(),
            demo: Some(DemoWorld::Moving),
        })
    };
    let ahead_secs = |desk: &Desk| desk.diagnostics().clock_difference_secs.expect("it answered");
    let (before, was_ahead_secs) = {
        let desk = open().await.expect("the desk opens");
        assert_eq!(desk.session_state().preparing.map(|steps| steps.done), Some(0));
        let mut told = states_of(&desk);
        let state = desk.sign_in_to_demo().await.expect("signed in");
        assert!(state.signed_in && state.preparing.is_none());
        let mut steps = Vec::new();
        while let Ok(state) = told.try_recv() {
            steps.extend(state.preparing);
        }
        let last = steps.last().expect("it was told");
        assert!(last.of > 300 && last.done * 10 > last.of * 9, "all there was to do: {last:?}");
        assert!(steps.len() > 20 && steps.is_sorted_by_key(|one| one.done), "little by little: {steps:?}");
        let extent = session(&desk).extent().await.expect("signed in");
        let [then, today] = extent.runs.as_slice() else { panic!("two days: {extent:?}") };
        let lasted = today.until_ms - today.from_ms;
        assert!((3 * HOUR_MS..4 * HOUR_MS).contains(&lasted), "{lasted} ms");
        assert_eq!(then.from_ms, today.from_ms - WEEK_MS);
        assert!(then.until_ms > today.until_ms - WEEK_MS, "it can be compared with what comes");

        let at_ms = today.from_ms + HOUR_MS;
        let moment = session(&desk).past.moment(at_ms).await.expect("readable");
        let floor = moment.snapshot.expect("watched");
        assert_eq!((floor.campaigns.len(), floor.agents.len()), (12, 300));
        let report =
            session(&desk).past.report(ReportRequest { period: *today, team: None }).await.expect("readable");
        assert!(!report.alerts.is_empty(), "somebody is always too long in pause");
        let week_ago = ReportRequest { period: *then, team: None };
        let before = session(&desk).past.report(week_ago).await.expect("readable");
        let last_before = before.alerts.iter().map(|alert| alert.id).max();
        let first_today = report.alerts.iter().map(|alert| alert.id).min();
        assert!(last_before.is_some() && last_before < first_today, "no day takes another's numbers");
        assert!(report.halves.iter().any(|half| half.came.answered > 0 && half.came.abandoned > 0));
        (*today, ahead_secs(&desk))
    };
    // Closed and opened again: what was is not lived through a second time.
    let desk = open().await.expect("the desk opens");
    desk.sign_in_to_demo().await.expect("signed in");
    let extent = session(&desk).extent().await.expect("signed in");
    let today: Vec<Period> = extent.runs.into_iter().skip(1).collect();
    assert_eq!(today[0].from_ms, before.from_ms);
    assert!(today.iter().skip(1).all(|run| run.from_ms >= before.until_ms), "{today:?}");
    // Nor does its clock stand where that past began: it is the time of day it was, of another day after midnight.
    let ahead_secs = ahead_secs(&desk);
    let apart = (ahead_secs - was_ahead_secs).rem_euclid(DAY_SECS);
    assert!(apart.min(DAY_SECS - apart) < 60, "{was_ahead_secs} s, then {ahead_secs} s");
}

//! The next quarter of an hour at a desk: it comes while somebody looks or a rule of it is on, is kept, and what came true is
//! filled in.

use std::time::Duration;

use atalaya_ahead::wire::{AheadChange, AheadTold};
use atalaya_clock::{Clock, Held};
use atalaya_desk::{Desk, Options, Paths};
use atalaya_floor::wire::{Hears, Measure};
use atalaya_history::{Bounds, History};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, Simulator};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;

use common::{PASSWORD, first, request, session, until};

/// A minute passes, the counters and the people are read again, and what they say is noted before the next one begins: a minute
/// without a reading is one nobody watched.
async fn a_minute(desk: &Desk, simulator: &Simulator, clock: &Held) -> i64 {
    simulator.advance(Duration::from_secs(60));
    clock.advance(Duration::from_secs(60));
    let now_ms = clock.clock().now_ms();
    until("the floor is read again", || {
        let snapshot = session(desk).floor.snapshot();
        let read = snapshot.agents_read_at_ms.values();
        let health = &snapshot.health;
        [health.last_ok_ms, health.status_ok_ms]
            .iter()
            .all(|at_ms| at_ms.is_some_and(|at_ms| at_ms >= now_ms))
            && read.clone().count() == 4
            && read.clone().all(|at_ms| *at_ms >= now_ms - 60_000)
    })
    .await;
    session(desk).step();
    now_ms
}

async fn told_at(told: &mut UnboundedReceiver<AheadTold>, now_ms: i64) -> AheadTold {
    first(told, |told| (told.at_ms == Some(now_ms)).then_some(told)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_a_minute_is_kept_and_what_came_true_is_filled_in() {
    let begins: chrono::NaiveDateTime = "2026-11-24T10:10:00".parse().expect("a moment");
    let config = Config {
        campaigns: 4,
        agents: 30,
        password: PASSWORD.to_owned(),
        begins: Some(begins),
        moving: false,
        ..Config::default()
    };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let clock = Clock::held(begins.and_utc().timestamp_millis());
    let home = tempfile::tempdir().expect("a folder");
    let desk = Desk::open(Options {
        paths: Paths::below(home.path().to_owned()),
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: clock.clock(),
        demo: None,
    })
    .await
    .expect("the desk opens");
    let mut settings = desk.settings();
    (settings.poll_every_secs, settings.requests_per_second) = (1, 50);
    for rule in &mut settings.rules {
        rule.hears = Hears::Nobody;
    }
    desk.set_settings(settings).expect("kept");
    let (tell, mut told) = unbounded_channel();
    let watching = desk.clone();
    let window = tokio::spawn(async move { watching.ahead_updates(|one| tell.send(one).is_ok()).await });
    assert_eq!(first(&mut told, Some).await, AheadTold::default(), "nobody is signed in");
    desk.sign_in(request(&simulator, PASSWORD)).await.expect("the password is right");

    let mut last = first(&mut told, |one| one.at_ms.is_some().then_some(one)).await;
    let inbound = |one: &AheadTold| {
        one.campaigns.iter().filter(|one| one.name.ends_with("<-")).cloned().collect::<Vec<_>>()
    };
    let nowhere = vec![AheadChange::More { campaign: "nowhere".to_owned(), people: 1 }];
    // Watched for too short a time, or not all people were read by then.
    assert!(inbound(&last).iter().all(|one| one.outlook.is_none() && one.reason.is_some()), "{last:?}");
    for _ in 0..12 {
        let now_ms = a_minute(&desk, &simulator, &clock).await;
        last = told_at(&mut told, now_ms).await;
    }
    assert!(inbound(&last).iter().all(|one| one.outlook.is_some()), "{last:?}");
    let name = inbound(&last)[0].name.clone();
    let more = vec![AheadChange::More { campaign: name.clone(), people: 5 }];
    let what = session(&desk).ahead.what_if(more).await.expect("there is a look");
    assert_eq!((what.at_ms, what.left_out), (last.at_ms.expect("a look"), 0));
    assert!(what.campaigns.iter().any(|one| one.name == name && one.differs.is_some()));
    assert_eq!(session(&desk).ahead.what_if(nowhere).await.expect("there is a look").left_out, 1);
    assert_eq!(session(&desk).ahead.advise(name.clone()).await.expect("there is a look").campaign, name);

    // Nobody looks: nothing is worked out, until a rule of it is on.
    desk.floor_hidden("main", true);
    for _ in 0..2 {
        a_minute(&desk, &simulator, &clock).await;
    }
    let mut rules = desk.settings();
    let rule = rules.rules.iter_mut().find(|rule| rule.measure == Measure::RedAhead).expect("there is one");
    rule.hears = Hears::Notice;
    desk.set_settings(rules).expect("kept");
    let now_ms = clock.clock().now_ms();
    let next = first(&mut told, Some).await;
    assert_eq!(next.at_ms, Some(now_ms), "none in between");

    desk.sign_out().await.expect("out");
    assert_eq!(first(&mut told, Some).await, AheadTold::default(), "nobody's floor has no forecast");
    window.abort();
    // However it ended.
    let _ = window.await;
    drop(desk);
    let history = History::open(&home.path().join("history.sqlite"), Bounds::default()).expect("opens");
    let account = format!("{}@{}", simulator.user(), simulator.server_url());
    let site = history.site(&account).expect("known");
    let kept = history.forecasts(site, 0, 100).expect("readable");
    let figures = || kept.iter().flat_map(|one| &one.figures);
    assert!(figures().any(|one| one.minutes == 5 && one.came.is_some()), "{kept:?}");
    assert!(figures().any(|one| one.minutes == 15 && one.came.is_none()), "not yet");
    simulator.stop().await;
}

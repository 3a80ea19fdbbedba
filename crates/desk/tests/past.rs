//! What was watched is there after a restart: the last hour, the alerts and who saw to them, any moment and a report of it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::{Duration, Instant};

use atalaya_desk::wire::{Password, SignInRequest};
use atalaya_desk::{Desk, Options, Paths};
use atalaya_floor::wire::{AlertBoard, FloorUpdate};
use atalaya_history::wire::{Extent, Period, ReportRequest};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, Simulator};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const PATIENCE: Duration = Duration::from_secs(30);

async fn desk(home: &Path) -> Desk {
    Desk::open(Options {
        paths: Paths { home: home.to_owned() },
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        demo: false,
    })
    .await
    .expect("the desk opens")
}

async fn sign_in(desk: &Desk, simulator: &Simulator) {
    let request = SignInRequest {
        profile_id: None,
        name: String::new(),
        server_url: simulator.server_url(),
        user: simulator.user().to_owned(),
        password: Some(Password::new(simulator.password())),
        telephony_url: None,
        backup_url: None,
        extra_ca_path: None,
        keep: false,
    };
    desk.sign_in(request).await.expect("the password is right");
}

/// Asks until the answer is as wanted.
async fn until<T>(desk: &Desk, what: &str, wanted: impl Fn(&Extent) -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        let extent = desk.history_extent().await.expect("signed in");
        if let Some(found) = wanted(&extent) {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: {extent:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn boards_of(desk: &Desk) -> UnboundedReceiver<AlertBoard> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.alert_updates(|board| tell.send(board).is_ok()).await });
    told
}

async fn board(
    boards: &mut UnboundedReceiver<AlertBoard>,
    wanted: impl Fn(&AlertBoard) -> bool,
) -> AlertBoard {
    let looking = async {
        loop {
            let board = boards.recv().await.expect("it is still told");
            if wanted(&board) {
                return board;
            }
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("it comes")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_nothing_that_was_watched() {
    let config = Config { campaigns: 4, agents: 30, calls_per_day: 300, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let home = tempfile::tempdir().expect("a folder");
    let (seen, alert, noted) = {
        let desk = desk(home.path()).await;
        assert_eq!(desk.history_extent().await.unwrap_err().code, "signedOut");
        let mut settings = desk.settings();
        settings.poll_every_secs = 1;
        settings.reviewer = "Marta".to_owned();
        for rule in &mut settings.alert_rules {
            // Everybody on a call for a second.
            rule.enabled = rule.id == "inCall";
            rule.bad = Some(1.0);
        }
        desk.set_settings(settings).expect("kept");
        let mut boards = boards_of(&desk);
        sign_in(&desk, &simulator).await;
        let raised = board(&mut boards, |board| !board.active.is_empty()).await;
        let id = raised.active[0].id;
        desk.acknowledge_alert(id).expect("signed in");
        let shown = board(&mut boards, |board| {
            board
                .active
                .iter()
                .chain(&board.history)
                .any(|alert| alert.id == id && alert.acknowledged_ms.is_some())
        });
        shown.await;
        // Some seconds of it, the server's clock with them.
        let seen = until(&desk, "some seconds are recorded", |extent| {
            let run = extent.runs.first()?;
            (run.until_ms - run.from_ms >= 5_000 && extent.offset_secs.is_some()).then_some(*run)
        })
        .await;
        let noted = desk.history_moment(seen.until_ms).await.expect("readable").snapshot.expect("watched");
        assert_eq!((noted.campaigns.len(), noted.agents.is_empty()), (4, false));
        assert!(desk.history_room().await.expect("there").bytes > 0);
        desk.sign_out().await.expect("out");
        (seen, id, noted)
    };
    // The thread that writes has ended with the desk: the file is as it will be found.
    let desk = desk(home.path()).await;
    let mut boards = boards_of(&desk);
    let mut settings = desk.settings();
    for rule in &mut settings.alert_rules {
        rule.enabled = false;
    }
    desk.set_settings(settings).expect("kept");
    sign_in(&desk, &simulator).await;
    let after = board(&mut boards, |board| !board.history.is_empty()).await;
    let earlier = after.history.iter().find(|one| one.id == alert).expect("it is remembered");
    assert_eq!(earlier.acknowledged_by.as_deref(), Some("Marta"));
    assert!(earlier.resolved_ms.is_some(), "nobody watches it any more");
    let again = desk.history_moment(seen.until_ms).await.expect("readable").snapshot.expect("kept");
    assert_eq!((again.agents, again.campaigns), (noted.agents, noted.campaigns));

    // The campaigns' last hour goes on where it was.
    let (tell, mut told) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.floor_updates("main", |update| tell.send(update).is_ok()).await });
    let looking = async {
        loop {
            let update = told.recv().await.expect("it is still told");
            desk.floor_taken("main");
            let campaigns = match update {
                FloorUpdate::Snapshot { snapshot } => snapshot.campaigns,
                FloorUpdate::Delta { delta } => delta.campaigns,
            };
            if let Some(one) = campaigns.into_iter().find(|one| !one.waiting_trend.is_empty()) {
                return one;
            }
        }
    };
    let campaign = tokio::time::timeout(PATIENCE, looking).await.expect("it comes");
    assert_eq!(campaign.waiting_trend.len(), 60, "{:?}", campaign.waiting_trend);

    let period = Period { from_ms: seen.from_ms, until_ms: seen.until_ms };
    let report = desk.history_report(ReportRequest { period, team: None }).await.expect("readable");
    let ahead = Period { until_ms: period.until_ms + 3_600_000, ..period };
    let so_far = desk.history_report(ReportRequest { period: ahead, team: None }).await.expect("readable");
    assert!(so_far.period.until_ms < ahead.until_ms, "what has not been yet is no part of it");
    assert!(!report.people.is_empty() && report.alerts.iter().any(|one| one.id == alert));
    let location = report.people[0].location.clone();
    assert!(desk.history_person(location, period).await.expect("readable").is_some());

    desk.clear_history().await.expect("cleared");
    until(&desk, "what was is gone", |extent| {
        extent.runs.iter().all(|run| run.from_ms > seen.until_ms).then_some(())
    })
    .await;
    desk.sign_out().await.expect("out");
}

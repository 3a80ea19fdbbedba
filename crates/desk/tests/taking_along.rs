//! Taking recordings along, and going on where they were left, at a desk without a window.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_calls::wire::{Call, FindUpdate};
use atalaya_clock::Clock;
use atalaya_desk::wire::{Password, SaveUpdate, SignInRequest};
use atalaya_desk::{Desk, Options, Paths, Settings};
use atalaya_player::OutputChoice;
use atalaya_player::wire::Phase;
use atalaya_simulator::{Config, Kind, RecordingCase, Simulator};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const PATIENCE: Duration = Duration::from_secs(30);

async fn centre() -> Simulator {
    let config = Config { campaigns: 4, agents: 20, calls_per_day: 600, moving: false, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

async fn signed_in(simulator: &Simulator, home: &Path) -> Desk {
    let options = Options {
        paths: Paths { home: home.to_owned() },
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    };
    let desk = Desk::open(options).await.expect("the desk opens");
    let request = SignInRequest {
        profile_id: None,
        name: String::new(),
        server_url: simulator.server_url(),
        user: simulator.user().to_owned(),
        password: Some(Password::new(simulator.password())),
        telephony_url: Some(simulator.telephony_url()),
        backup_url: Some(simulator.backup_url()),
        extra_ca_path: None,
        keep: false,
    };
    desk.sign_in(request).await.expect("signs in");
    desk
}

fn call(case: &RecordingCase, agent: &str) -> Call {
    Call {
        guid: case.guid.clone(),
        started_at: case.calldate.clone(),
        length_secs: Some(case.seconds),
        talk_secs: Some(case.seconds),
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: "Ventas<-".to_owned(),
        direction: "inbound".to_owned(),
        agent: Some(agent.to_owned()),
        answered: true,
        source: case.phone.clone(),
        destination: String::new(),
        rating: None,
        days: vec![case.day.clone()],
        legs: Vec::new(),
    }
}

async fn next<T>(told: &mut UnboundedReceiver<T>) -> T {
    tokio::time::timeout(PATIENCE, told.recv()).await.expect("it comes").expect("it is still told")
}

fn of(simulator: &Simulator, kind: Kind) -> RecordingCase {
    simulator.recordings().into_iter().find(|case| case.kind == kind).expect("one of each kind")
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_saved_one_by_one_and_the_report_says_what_failed() {
    let (simulator, home, out) = (centre().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = signed_in(&simulator, home.path()).await;
    let kinds =
        [Kind::Tone1kMp3, Kind::Missing, Kind::Tone1kGsm, Kind::Truncated, Kind::Empty, Kind::ConvertOnly];
    let calls: Vec<Call> = kinds.iter().map(|kind| call(&of(&simulator, *kind), "CON/../Ana")).collect();
    let nowhere = desk.save_recordings(calls.clone(), false, |_| {}).unwrap_err();
    assert_eq!(nowhere.code, "noFolder");
    desk.set_save_folder(out.path().to_owned());
    for (as_wav, convert, saved, failed) in [(false, false, 3, 3), (true, true, 4, 2)] {
        desk.set_settings(Settings { save_as_wav: as_wav, ..desk.settings() }).unwrap();
        let (tell, mut told) = unbounded_channel();
        desk.save_recordings(calls.clone(), convert, move |update| drop(tell.send(update))).unwrap();
        let busy = desk.save_recordings(calls.clone(), false, |_| {}).unwrap_err();
        assert_eq!(busy.code, "savingAlready");
        let mut lines = Vec::new();
        loop {
            match next(&mut told).await {
                SaveUpdate::Turn { .. } => {}
                SaveUpdate::Saved { name, problem, .. } => {
                    assert!(out.path().join(&name).is_file(), "{name}");
                    lines.push(
                        problem.map_or("saved".to_owned(), |problem| format!("saved, {}", problem.code)),
                    );
                }
                SaveUpdate::Failed { problem, .. } => lines.push(problem.code),
                SaveUpdate::Done { saved: wrote, failed: missed, left, .. } => {
                    assert_eq!((wrote, missed, left), (saved, failed, 0));
                    break;
                }
            }
        }
        let last = if convert { "saved" } else { "notFoundAnywhere" };
        let due = ["saved", "notFoundAnywhere", "saved", "saved, truncated", "empty", last];
        assert_eq!(lines, due, "as WAV {as_wav}");
    }
    assert_eq!(simulator.stats().converts, 1, "only when asked for, and only what can be");
    let mut endings: Vec<String> = std::fs::read_dir(out.path())
        .unwrap()
        .filter_map(|file| Some(file.ok()?.path().extension()?.to_str()?.to_owned()))
        .collect();
    endings.sort();
    assert_eq!(endings, ["gsm", "mp3", "mp3", "wav", "wav", "wav", "wav"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_goes_on_where_it_was_left_even_after_another_start() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let cases = simulator.recordings();
    let long = cases.iter().filter(|case| case.kind == Kind::Mp3Narrow).max_by_key(|case| case.seconds);
    let long = long.expect("a call");
    let half = f64::from(long.seconds) / 2.0;
    assert!(half > 8.0, "long enough to be left half way: {} s", long.seconds);
    let long = call(long, "Ana");
    let tone = call(&of(&simulator, Kind::Tone1kMp3), "Bruno");
    let opened = async |desk: &Desk, call: &Call| {
        let (tell, mut told) = unbounded_channel();
        desk.open_recording(call, true, false, move |update| drop(tell.send(update))).unwrap();
        while !matches!(next(&mut told).await, FindUpdate::Found { .. }) {}
        // The player takes it over a moment later.
        let begun = std::time::Instant::now();
        let there = || !matches!(desk.player().transport().phase, Phase::Empty | Phase::Buffering);
        while !(desk.player().settled() && there()) {
            assert!(begun.elapsed() < PATIENCE);
            desk.player().pull(480);
            tokio::task::yield_now().await;
        }
        desk.player().transport()
    };
    let desk = signed_in(&simulator, home.path()).await;
    assert_eq!(opened(&desk, &long).await.resumed_at_secs, None);
    desk.player().seek(half);
    let begun = std::time::Instant::now();
    while desk.player().transport().position_secs < half - 1.0 {
        assert!(begun.elapsed() < PATIENCE);
        desk.player().pull(480);
    }
    // Another call meanwhile; left in its first seconds there is nothing to go on with.
    assert_eq!(opened(&desk, &tone).await.resumed_at_secs, None);
    let again = opened(&desk, &long).await.resumed_at_secs.expect("it goes on");
    assert!((again - half).abs() < 2.0, "{again} of {half}");
    assert_eq!(opened(&desk, &tone).await.resumed_at_secs, None);
    desk.sign_out().await.unwrap();
    drop(desk);
    let desk = signed_in(&simulator, home.path()).await;
    let later = opened(&desk, &long).await.resumed_at_secs.expect("it still goes on");
    assert!((later - again).abs() < 2.0, "{later} after {again}");
    // From its start, and left there: the next time it begins there.
    desk.player().seek(0.0);
    let begun = std::time::Instant::now();
    while desk.player().transport().position_secs > 2.0 {
        assert!(begun.elapsed() < PATIENCE);
        desk.player().pull(480);
    }
    opened(&desk, &tone).await;
    assert_eq!(opened(&desk, &long).await.resumed_at_secs, None);
}

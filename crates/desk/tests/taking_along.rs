//! Taking recordings along, and going on where they were left, at a desk without a window.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use atalaya_calls::wire::{Call, LocateUpdate};
use atalaya_desk::wire::SaveUpdate;
use atalaya_desk::{Desk, Settings};
use atalaya_player::wire::Phase;
use atalaya_simulator::{Config, Kind, OddFile, RecordingCase, Simulator};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;
use common::{PATIENCE, call, listen, session, signed_in, until};

async fn centre() -> Simulator {
    let config = Config { campaigns: 4, agents: 20, calls_per_day: 600, moving: false, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
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
    let desk = signed_in(home.path(), &simulator).await;
    let kinds =
        [Kind::Tone1kMp3, Kind::Missing, Kind::Tone1kGsm, Kind::Truncated, Kind::Empty, Kind::ConvertOnly];
    let calls: Vec<Call> = kinds.iter().map(|kind| call(&of(&simulator, *kind), "CON/../Ana")).collect();
    let nowhere = session(&desk).saving_many.begin(calls.clone(), false, |_| {}).unwrap_err();
    assert_eq!(nowhere.code, "noFolder");
    session(&desk).saving_many.set_folder(out.path().to_owned());
    for (as_wav, convert, saved, failed) in [(false, false, 3, 3), (true, true, 4, 2)] {
        desk.set_settings(Settings { save_as_wav: as_wav, ..desk.settings() }).unwrap();
        let (tell, mut told) = unbounded_channel();
        session(&desk)
            .saving_many
            .begin(calls.clone(), convert, move |update| drop(tell.send(update)))
            .unwrap();
        let busy = session(&desk).saving_many.begin(calls.clone(), false, |_| {}).unwrap_err();
        assert_eq!(busy.code, "savingAlready");
        let mut lines = Vec::new();
        loop {
            match next(&mut told).await {
                SaveUpdate::Turn { .. } => {}
                SaveUpdate::Saved { name, problem, .. } => {
                    assert!(out.path().join(&name).is_file(), "{name}");
                    let cut = problem.as_ref().is_some_and(|problem| problem.code == "truncated");
                    assert_eq!(name.contains("%]"), cut, "a file that is not whole says so: {name}");
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

/// Opens a recording, and gives what came of it.
async fn opens(desk: &Desk, call: &Call) -> LocateUpdate {
    let mut told = listen(desk, call, false);
    loop {
        let update = next(&mut told).await;
        if matches!(update, LocateUpdate::Found { .. } | LocateUpdate::Failed { .. }) {
            return update;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_of_the_open_recording_is_saved_and_says_that_it_is_not_all() {
    let (simulator, home, out) = (centre().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &simulator).await;
    desk.set_settings(Settings { save_as_wav: false, ..desk.settings() }).unwrap();
    let case = of(&simulator, Kind::Truncated);
    assert!(matches!(opens(&desk, &call(&case, "Ana")).await, LocateUpdate::Found { .. }));
    let chosen = out.path().join("Ana.mp3");
    let here = session(&desk);
    let saving = here.saving().unwrap();
    // It is handed over a moment after it is told.
    until("it is open", || saving.proposed_name(None, None).is_ok()).await;
    let saved = tokio::time::timeout(PATIENCE, saving.save(&chosen, None, None)).await.unwrap().unwrap();
    assert_eq!(saved.problem.map(|problem| problem.code), Some("truncated".to_owned()));
    let file = out.path().join("Ana [39%].mp3");
    assert_eq!((saved.path, chosen.exists()), (file.display().to_string(), false));
    assert!(std::fs::metadata(&file).unwrap().len() > 1_000, "what there is");
    let (proposed, _) = saving.proposed_name(None, None).unwrap();
    assert!(proposed.ends_with("Ana [39%].mp3"), "{proposed}");
    // A part that is there is whole; one that is not is not.
    for (from, to, whole) in [(0.0, 1.0, true), (0.0, f64::from(case.seconds), false)] {
        let chosen = out.path().join("part.wav");
        let saved = saving.save(&chosen, Some(from), Some(to)).await.unwrap();
        assert_eq!((saved.problem.is_none(), chosen.exists()), (whole, true), "{saved:?}");
        assert_eq!(saved.path.contains(" [39%].wav"), !whole, "{saved:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_format_that_is_not_played_is_saved_as_it_is() {
    let (simulator, home, out) = (centre().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &simulator).await;
    let case = of(&simulator, Kind::Mp3Wide);
    let ogg = [b"OggS\0\x02".as_slice(), &vec![7; 90_000]].concat();
    simulator.faults().file(&case.guid, OddFile::Holds(ogg.clone().into()));
    let LocateUpdate::Failed { problem } = opens(&desk, &call(&case, "Ana")).await else {
        panic!("it is not played")
    };
    let format = problem.params.get("format").map(String::as_str);
    assert_eq!((problem.code.as_str(), format), ("foreignFormat", Some("Ogg")));
    session(&desk).saving_many.set_folder(out.path().to_owned());
    let (tell, mut told) = unbounded_channel();
    let calls = vec![call(&case, "Ana")];
    session(&desk).saving_many.begin(calls, true, move |update| drop(tell.send(update))).unwrap();
    let saved = loop {
        match next(&mut told).await {
            SaveUpdate::Saved { name, problem, .. } => break (name, problem.map(|problem| problem.code)),
            SaveUpdate::Turn { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(saved.0.ends_with("Ana.ogg") && saved.1.as_deref() == Some("foreignFormat"), "{saved:?}");
    assert_eq!(std::fs::read(out.path().join(saved.0)).unwrap(), ogg);
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
        let mut told = listen(desk, call, false);
        while !matches!(next(&mut told).await, LocateUpdate::Found { .. }) {}
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
    let desk = signed_in(home.path(), &simulator).await;
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
    let desk = signed_in(home.path(), &simulator).await;
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

//! The report of every day on a clock that is held: due once, late where nobody was there, and a failure that waits for a
//! person. The test is the window: it makes what is due.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atalaya_clock::{Clock, Held};
use atalaya_desk::session::{DailyContent, DailyDue, DailyState};
use atalaya_desk::{DailyReport, Desk, Options, Paths};
use atalaya_export::csv::Separator;
use atalaya_player::OutputChoice;
use atalaya_simulator::Simulator;
use atalaya_store::secrets::open_secret_store;
use common::{PASSWORD, centre, first, request, session, until};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const DAY_MS: i64 = 86_400_000;
const DAY: Duration = Duration::from_millis(DAY_MS.unsigned_abs());

async fn desk(home: &Path, held: &Held) -> Desk {
    Desk::open(Options {
        paths: Paths::below(home),
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: held.clock(),
        demo: None,
    })
    .await
    .unwrap()
}

/// Signed in, with the server's clock known; then it is silent, so that it stays what it was while ours moves on.
async fn signed_in(desk: &Desk, simulator: &Simulator) -> UnboundedReceiver<DailyState> {
    let (tell, states) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.daily_updates(|state| tell.send(state).is_ok()).await });
    desk.sign_in(request(simulator, PASSWORD)).await.unwrap();
    let session = session(desk);
    until("the server's clock is known", || session.floor.server_offset_secs().is_some()).await;
    simulator.down();
    states
}

fn choose(desk: &Desk, daily_report: DailyReport) {
    let mut settings = desk.settings();
    settings.poll_every_secs = 1;
    settings.daily_report = daily_report;
    desk.set_settings(settings).unwrap();
}

/// What a window answers.
fn made(due: DailyDue) -> DailyContent {
    let page = json!({ "language": "es", "title": "Informe", "facts": [], "figure": null, "notes": [], "tables": [],
                       "signatures": [] });
    DailyContent {
        id: due.id,
        page: due.page.then(|| serde_json::from_value(page).unwrap()),
        rows: due.table.then(|| vec![vec!["Informe".to_owned()]]),
        separator: Separator::Semicolon,
        problem: None,
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_made_once_a_day_and_a_failure_waits_for_a_person() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let reports = home.path().join("reports");
    std::fs::create_dir(&reports).unwrap();
    let held = Clock::held(chrono::Utc::now().timestamp_millis());
    let desk = desk(&home.path().join("home"), &held).await;
    let mut states = signed_in(&desk, &simulator).await;
    let session = session(&desk);
    let offset = first(&mut states, |state| state.offset_secs).await;
    let minute = (held.clock().now_ms() + i64::from(offset) * 1_000).rem_euclid(DAY_MS) / 60_000;
    let at_min = u32::try_from((minute + 10) % 1_440).unwrap();
    choose(&desk, DailyReport { on: true, at_min, table: true, ..DailyReport::default() });
    session.daily.set_folder(reports.clone());
    let due_ms = first(&mut states, |state| state.next_ms.filter(|_| state.folder.is_some())).await;
    assert!((9 * 60_000..=10 * 60_000).contains(&(due_ms - held.clock().now_ms())));

    let state = |states: &mut UnboundedReceiver<DailyState>| {
        let mut last = None;
        while let Ok(state) = states.try_recv() {
            last = Some(state);
        }
        last
    };
    held.set(due_ms - 1_000);
    session.step();
    assert!(state(&mut states).is_none_or(|state| state.due.is_none()), "not yet");
    held.set(due_ms);
    let due = first(&mut states, |state| state.due).await;
    assert_eq!(due.period.until_ms - due.period.from_ms, DAY_MS);
    assert_eq!((due.page, due.table), (true, true));
    let other = DailyContent { id: due.id + 1, ..made(due) };
    assert_eq!(session.daily.write(other).await.unwrap_err().code, "dailyOver");
    session.daily.write(made(due)).await.unwrap();
    let after = first(&mut states, |state| state.due.is_none().then_some(state)).await;
    let report = &after.made[0];
    assert_eq!((report.late, report.by_hand, report.problem.as_ref()), (false, false, None));
    assert_eq!(after.next_ms, Some(due_ms + DAY_MS));
    let first_day = names(&reports);
    assert_eq!(first_day.len(), 2, "{first_day:?}");
    assert!(report.files.iter().all(|file| Path::new(file).exists()));
    assert!(session.daily.wrote(Path::new(&report.files[0])) && !session.daily.wrote(&reports));
    assert_eq!(session.daily.write(made(due)).await.unwrap_err().code, "dailyOver", "once");
    session.step();
    assert!(state(&mut states).is_none(), "nothing more today");

    // The folder is gone at the next one's hour: nothing is half there, and nothing is tried again by itself.
    let away = home.path().join("away");
    std::fs::rename(&reports, &away).unwrap();
    held.set(due_ms + DAY_MS);
    let due = first(&mut states, |state| state.due).await;
    session.daily.write(made(due)).await.unwrap();
    let failed = first(&mut states, |state| state.due.is_none().then_some(state)).await;
    let problem = failed.made[0].problem.clone().unwrap();
    assert_eq!((problem.code.as_str(), failed.made[0].files.len()), ("dailyFolderGone", 0));
    assert_eq!(desk.diagnostics().last_errors[0].problem.code, "dailyFolderGone");
    std::fs::rename(&away, &reports).unwrap();
    held.advance(Duration::from_secs(3_600));
    session.step();
    assert!(state(&mut states).is_none_or(|state| state.due.is_none()), "a person asks for it, or nobody");
    for _ in 0..2 {
        session.daily.make_now().unwrap();
        assert_eq!(session.daily.make_now().unwrap_err().code, "dailyUnderWay");
        let due = first(&mut states, |state| state.due).await;
        session.daily.write(made(due)).await.unwrap();
        let done = first(&mut states, |state| state.due.is_none().then_some(state)).await;
        assert_eq!((done.made[0].by_hand, done.made[0].problem.as_ref()), (true, None));
    }
    let all = names(&reports);
    assert_eq!(all.len(), 6, "none took the place of another: {all:?}");
    assert_eq!(all.iter().filter(|name| name.contains(" (2)")).count(), 2, "{all:?}");

    // A computer that slept past the hour, and a window that says nothing.
    held.set(due_ms + 2 * DAY_MS + 3 * 3_600_000);
    let due = first(&mut states, |state| state.due).await;
    held.advance(Duration::from_secs(61));
    session.step();
    let silent = first(&mut states, |state| state.due.is_none().then_some(state)).await;
    assert!(silent.made[0].late);
    assert_eq!(silent.made[0].problem.as_ref().unwrap().code, "dailySilent");
    assert_eq!(session.daily.write(made(due)).await.unwrap_err().code, "dailyOver");
    assert_eq!(names(&reports), all);
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_that_passed_while_nobody_was_there_is_made_up_for_at_the_sign_in() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let held = Clock::held(chrono::Utc::now().timestamp_millis());
    {
        let desk = desk(home.path(), &held).await;
        let mut states = signed_in(&desk, &simulator).await;
        session(&desk).daily.set_folder(home.path().to_owned());
        // Midnight has passed when it is chosen: that of today is not meant.
        choose(&desk, DailyReport { on: true, at_min: 0, ..DailyReport::default() });
        let state = first(&mut states, |state| state.next_ms.is_some().then_some(state)).await;
        assert!(state.next_ms.unwrap() > held.clock().now_ms() && state.due.is_none());
        desk.sign_out().await.unwrap();
    }
    // Another account of another server begins anew: its report of today is due, and begun when the program ends.
    simulator.up();
    let other = centre().await;
    let begun = {
        let desk = desk(home.path(), &held).await;
        let mut states = signed_in(&desk, &other).await;
        let due = first(&mut states, |state| state.due).await;
        assert!(due.page && !due.table);
        desk.sign_out().await.unwrap();
        due
    };
    other.up();
    let desk = desk(home.path(), &held).await;
    let mut states = signed_in(&desk, &other).await;
    let state = first(&mut states, |state| state.offset_secs.is_some().then_some(state)).await;
    assert_eq!((state.made.len(), state.due), (1, None), "not again by itself");
    let minutes =
        (held.clock().now_ms() + i64::from(state.offset_secs.unwrap()) * 1_000).rem_euclid(DAY_MS) / 60_000;
    assert_eq!(state.made[0].late, minutes > 5);
    assert_eq!(state.made[0].period, begun.period);
    assert_eq!(state.made[0].problem.as_ref().unwrap().code, "dailyBrokenOff");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_report_is_made_by_a_choice_while_it_is_being_made() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let held = Clock::held(chrono::Utc::now().timestamp_millis());
    let desk = desk(home.path(), &held).await;
    let mut states = signed_in(&desk, &simulator).await;
    let session = session(&desk);
    session.daily.set_folder(home.path().to_owned());
    // Somebody looks at the clock all the time, also between the two halves of a choice.
    let over = Arc::new(AtomicBool::new(false));
    let looking = std::thread::spawn({
        let (session, over) = (Arc::clone(&session), Arc::clone(&over));
        move || {
            while !over.load(Ordering::Relaxed) {
                session.step();
            }
        }
    });
    for _ in 0..60 {
        choose(&desk, DailyReport { on: true, at_min: 0, ..DailyReport::default() });
        choose(&desk, DailyReport { on: false, at_min: 0, ..DailyReport::default() });
        held.advance(DAY);
    }
    over.store(true, Ordering::Relaxed);
    looking.join().unwrap();
    while let Ok(state) = states.try_recv() {
        assert_eq!((state.due, state.made.len()), (None, 0), "midnight had passed when it was chosen");
    }
    desk.sign_out().await.unwrap();
}

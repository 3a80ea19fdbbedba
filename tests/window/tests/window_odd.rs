//! Answers and recordings as servers in the field really send them, in the real window: each costs what is wrong in it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Endpoint, Fault, Kind, OddFile, RecordingCase, Simulator};
use atalaya_window::{Opening, Window, repository, sound_card};
use serde_json::{Value, json};

#[path = "common/calls.rs"]
mod calls;
mod common;
#[path = "common/dates.rs"]
mod dates;
use calls::search;
use common::{SOON, sign_in, until};
use dates::type_dates;

fn bytes_of(file: &str) -> Vec<u8> {
    std::fs::read(repository().join("crates").join(file)).expect("the fixture")
}

/// One of the server's answers is these bytes from now on.
fn answers(centre: &Simulator, endpoint: Endpoint, file: &str) {
    let body = bytes_of(&format!("ucontact/tests/fixtures/{file}.json"));
    centre.faults().clear();
    centre.faults().set(endpoint, Fault::Says { body }, None);
}

/// What a list of texts on the page is, once it is as wanted.
fn until_texts(window: &Window, what: &str, script: &str, wanted: &Value) {
    let mut last = Value::Null;
    let reached = window.wait_until(what, SOON, |_| {
        last = window.page().execute(script, &[]).expect("the page answers");
        Ok((last == *wanted).then_some(()))
    });
    assert!(reached.is_ok(), "{what}: {last} instead of {wanted}");
}

fn search_between(window: &Window, from: &str, to: &str) {
    type_dates(window, from, to);
    search(window, "done");
}

/// A cell of every call shown, of the newest first.
fn cells(cell: &str) -> String {
    format!(
        "return [...document.querySelectorAll('[data-testid=call-row]')].sort((a, b) => a.offsetTop - b.offsetTop)
            .map(row => row.querySelector('[data-cell={cell}]').innerText.trim())"
    )
}

fn calls(window: &Window, centre: &Simulator) {
    window.click("nav-calls").unwrap();
    for (case, cell, due) in [
        ("latin1", "agent", json!(["N\u{fffd}\u{fffd}ez, Mar\u{fffd}a", "Ana"])),
        ("raw-control", "number", json!(["099000002", "099000001"])),
        ("lone-surrogate", "number", json!(["099000003", "099000002", "099000001"])),
        ("dates-with-fraction", "length", json!(["1:00", "1:00", "1:00"])),
        ("clock-goes-back", "length", json!(["10:00", "10:00", "5:06", "1:00", "0:00"])),
        ("same-id-other-call", "number", json!(["099000002", "099000001", "0911"])),
        ("no-id-or-guid", "number", json!(["099000005", "099000004", "099000003", "099000002", "099000001"])),
        ("terminal-escapes", "agent", json!(["Ana [8m", "Ana"])),
    ] {
        answers(centre, Endpoint::Records, &format!("{case}.getrecords"));
        search_between(window, "2025-01-01 00:00:00", "2026-12-31 23:59:59");
        until_texts(window, case, &cells(cell), &due);
    }
    answers(centre, Endpoint::Records, "error-in-200.queuesummary");
    search(window, "failed");
    assert!(window.text("calls").unwrap().contains("java.lang.NullPointerException"));
    centre.faults().clear();
}

fn floor(window: &Window, centre: &Simulator) {
    window.click("nav-floor").unwrap();
    let campaigns = "return document.querySelectorAll('[data-testid=campaign-row]').length";
    until_texts(window, "all campaigns", campaigns, &json!(12));
    // The server's own error is no empty floor: what was there stays, and is said to be old.
    let body = bytes_of("ucontact/tests/fixtures/error-in-200.queuesummary.json");
    for endpoint in [Endpoint::QueueSummary, Endpoint::CampaignStatus] {
        centre.faults().set(endpoint, Fault::Says { body: body.clone() }, None);
    }
    let said =
        "return document.querySelector('[data-testid=health]').innerText.includes('The server failed')";
    until_texts(window, "it is said", said, &json!(true));
    until_texts(window, "the last good figures stay", campaigns, &json!(12));

    for (case, due) in [("byte-order-mark", json!(["8", "75 %"])), ("bare-nan", json!(["8", null]))] {
        answers(centre, Endpoint::CampaignStatus, &format!("{case}.campaignstatus"));
        let figures = "return ['[data-cell=answered]', '.pct'].map(cell =>
            document.querySelector(`[data-name=\"Ventas<-\"] ${cell}`)?.innerText.trim().replace(/\\s/, ' ') ?? null)";
        until_texts(window, case, figures, &due);
    }
    answers(centre, Endpoint::QueueSummary, "key-twice.queuesummary");
    let waiting =
        "return document.querySelector('[data-name=\"Ventas<-\"] [data-cell=waiting]')?.innerText.trim()";
    until_texts(window, "the last of two counts", waiting, &json!("1"));

    answers(centre, Endpoint::CampaignStatus, "name-cut-mid-letter.campaignstatus-one");
    let names = "return ['SIP/1001', 'SIP/1002'].map(place =>
        document.querySelector(`[data-location='${place}'] .who .cut`)?.innerText.trim())";
    until_texts(window, "a name cut in a letter", names, &json!(["Nú\u{fffd}", "Beatriz"]));
    answers(centre, Endpoint::CampaignStatus, "pause-reasons.campaignstatus-one");
    let reasons = "return ['SIP/4', 'SIP/6'].map(place =>
        document.querySelector(`[data-location='${place}']`)?.innerText.includes(place === 'SIP/6' ? 'Almuerzo' : 'Baño, piso 2'))";
    until_texts(window, "reasons in words", reasons, &json!([true, true]));
    centre.faults().clear();
}

fn play(window: &Window, case: &RecordingCase) {
    let (day, hour) = (&case.calldate[..11], case.calldate[11..13].parse::<u32>().expect("an hour"));
    let from = format!("{day}{:02}:00:00", hour.saturating_sub(1));
    search_between(window, &from, &format!("{}:59", &case.calldate[..16]));
    let script = "const row = document.querySelector(`[data-guid='${arguments[0]}']`);
        row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));";
    window.page().execute(script, &[Value::from(case.guid.as_str())]).expect("its row is there");
}

fn sound(window: &Window, centre: &Simulator) {
    window.click("nav-calls").unwrap();
    // Ten calls whose recording lies somewhere: what lies there is another one now, whatever its name ends in.
    let lies = |case: &RecordingCase| !matches!(case.kind, Kind::ConvertOnly | Kind::Missing | Kind::Empty);
    let mut cases = centre.recordings().into_iter().filter(lies);
    for (file, due) in [
        ("rate-change.mp3", 15.198),
        ("tag-with-padding.mp3", 12.168),
        ("tag-size-not-synchsafe.mp3", 12.168),
        ("zeros-in-front.mp3", 12.168),
        ("mp3-in-riff.mp3", 12.168),
        ("pcm-wav.mp3", 12.0),
        ("one-bad-frame.gsm", 12.0),
        ("appended-after-cut-frame.gsm", 16.02),
        ("wav49-chunk-after.gsm", 12.0),
        ("alaw.gsm", f64::NAN),
    ] {
        let case = cases.next().expect("enough calls");
        let holds = OddFile::Holds(bytes_of(&format!("player/fixtures/damaged/{file}")).into());
        centre.faults().file(&case.guid, holds);
        play(window, &case);
        if due.is_nan() {
            until(window, file, "player", "data-problem", |problem| problem == "foreignFormat");
            continue;
        }
        until(window, file, "player", "data-guid", |guid| guid == case.guid);
        until(window, file, "player", "data-phase", |phase| phase == "playing");
        let long = |secs: &str| secs.parse::<f64>().is_ok_and(|secs| (secs - due).abs() < 0.06);
        until(window, &format!("{file} is {due} s"), "player-duration", "data-secs", long);
    }
}

#[test]
fn each_odd_answer_costs_what_is_wrong_in_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { calls_per_day: 600, moving: false, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let card = sound_card(folder.path()).unwrap();
    let window = Window::open("odd", &Opening { env: vec![card.env], ..Opening::default() }).unwrap();
    sign_in(&window, &centre);
    sound(&window, &centre);
    calls(&window, &centre);
    floor(&window, &centre);
}

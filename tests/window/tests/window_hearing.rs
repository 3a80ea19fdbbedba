//! Hearing in the real window: every way it can fail, in words; the list as a queue; going on where a call was left.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Endpoint, Fault, Kind, RecordingCase, Simulator};
use atalaya_window::{Opening, Window, keys, repository, sound_card};
use serde_json::Value;

#[path = "common/calls.rs"]
mod calls;
mod common;
#[path = "common/dates.rs"]
mod dates;
use calls::search;
use common::{attribute, sign_in, until};
use dates::type_dates;

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Searches the two hours before a call: it is on top of the list, and others come after it.
fn search_around(window: &Window, case: &RecordingCase) {
    let (day, hour) = (&case.calldate[..11], case.calldate[11..13].parse::<u32>().expect("an hour"));
    window.click("nav-calls").unwrap();
    let from = format!("{day}{:02}:00:00", hour.saturating_sub(2));
    type_dates(window, &from, &format!("{}:59", &case.calldate[..16]));
    search(window, "done");
}

/// Plays a call of the list, as a double click does.
fn play(window: &Window, case: &RecordingCase) {
    search_around(window, case);
    let script = "const row = document.querySelector(`[data-guid='${arguments[0]}']`);
        row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));";
    window.page().execute(script, &[Value::from(case.guid.as_str())]).expect("its row is there");
    until(window, "it is in the player", "player", "data-guid", |guid| guid == case.guid);
}

/// What a code says in the window's first language.
fn words_of(code: &str) -> String {
    let text = std::fs::read_to_string(repository().join("ui/messages/en.json")).expect("the catalogue");
    let texts: Value = serde_json::from_str(&text).expect("JSON");
    let sentence = texts[format!("problem_{code}")].as_str().expect("its words");
    sentence.replace("{detail}", "").trim().to_owned()
}

/// Each fault of the hosts, one after the other: the code, and its sentence where the sound would be.
fn every_failure_in_words(window: &Window, centre: &Simulator, case: &RecordingCase) {
    let status = |code| Fault::Status { code, retry_after: None, text: String::new() };
    let elsewhere = Fault::Redirect { to: "http://elsewhere.invalid/".to_owned() };
    let table = [
        (status(403), "recordingForbidden"),
        (status(503), "recordingHostFailing"),
        (status(404), "notFoundAnywhere"),
        (Fault::Garbage, "tooShort"),
        (Fault::Huge, "recordingTooLarge"),
        (status(401), "recordingForbidden"),
        (Fault::Html, "notAudio"),
        (Fault::Zero, "tooShort"),
        (elsewhere, "notAudio"),
    ];
    for (fault, code) in table {
        for host in [Endpoint::Telephony, Endpoint::Backup] {
            centre.faults().set(host, fault.clone(), None);
        }
        // Where a place has nothing to play the server is asked to convert it, and has nothing either.
        centre.faults().set(Endpoint::Convert, Fault::Zero, None);
        play(window, case);
        let what = format!("{code} of {fault:?}");
        until(window, &what, "player", "data-problem", |problem| problem == code);
        until(window, &what, "player", "data-phase", |phase| phase == "failed");
        let (said, words) = (window.text("player-status").unwrap(), words_of(code));
        assert!(said.contains(&words), "{what}: {said}, not {words}");
        assert!(window.text("call-detail").unwrap().contains(&words), "beside the places as well");
        centre.faults().clear();
    }
    // Converted, they say, and it does not come: a person need not wait for that.
    for host in [Endpoint::Telephony, Endpoint::Backup] {
        centre.faults().set(host, status(404), None);
    }
    play(window, case);
    until(window, "it is looked for again", "player", "data-phase", |phase| phase == "again");
    window.picture("hearing-converting").unwrap();
    window.click("player-cancel").unwrap();
    until(window, "it is stopped", "player", "data-phase", |phase| phase == "stopped");
    centre.faults().clear();
    window.click("player-retry").unwrap();
    until(window, "it plays", "player", "data-phase", |phase| phase == "playing");
}

/// The player as the desktop sees it, if it sees one.
fn on_air(window: &Window) -> Option<String> {
    let bus = "org.freedesktop.DBus";
    let names = window.bus(bus, "/org/freedesktop/DBus", &["org.freedesktop.DBus.ListNames"]).unwrap();
    names.split('"').find(|name| name.starts_with("org.mpris.MediaPlayer2.atalaya")).map(str::to_owned)
}

/// The keyboard's keys and the desktop's controls, which know neither who called nor who answered.
fn keys_of_the_system(window: &Window, case: &RecordingCase) {
    let name = window.wait_until("it is on air", common::SOON, |_| Ok(on_air(window))).unwrap();
    let player = "org.mpris.MediaPlayer2.Player";
    let ask = |question: &[&str]| window.bus(&name, "/org/mpris/MediaPlayer2", question).unwrap();
    let press = |key: &str| ask(&[&format!("{player}.{key}")]);
    let of = |what: &str| {
        let get = "org.freedesktop.DBus.Properties.Get";
        ask(&[get, &format!("string:{player}"), &format!("string:{what}")])
    };
    press("PlayPause");
    until(window, "it is held by the system's key", "player", "data-phase", |phase| phase == "paused");
    window
        .wait_until("the system knows", common::SOON, |_| {
            Ok(of("PlaybackStatus").contains("Paused").then_some(()))
        })
        .unwrap();
    let told = of("Metadata");
    assert!(told.contains(&case.calldate[..10]), "the day: {told}");
    let agent = cell_of(window, &case.guid, "agent");
    assert!(!agent.is_empty() && !told.contains(&agent) && !told.contains(&case.phone), "{told}");
    press("Pause");
    press("Play");
    until(window, "it goes on", "player", "data-phase", |phase| phase == "playing");
}

fn cell_of(window: &Window, guid: &str, cell: &str) -> String {
    let script = "return document.querySelector(`[data-guid='${arguments[0]}'] [data-cell=${arguments[1]}]`).innerText";
    let text =
        window.page().execute(script, &[Value::from(guid), Value::from(cell)]).expect("the page answers");
    text.as_str().unwrap_or_default().trim().to_owned()
}

#[test]
fn a_queue_a_position_and_a_failure_in_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { calls_per_day: 600, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let cases = centre.recordings();
    // Late in a day, so that the list goes on after it.
    let late = |case: &&RecordingCase| case.calldate[11..].to_owned();
    let of = |kind| cases.iter().filter(|case| case.kind == kind).max_by_key(late).expect("one of each kind");
    let open = |name: &str| {
        let card = sound_card(folder.path()).unwrap();
        let home = Some(home.path().to_owned());
        let window =
            Window::open(name, &Opening { env: vec![card.env], home, ..Opening::default() }).unwrap();
        sign_in(&window, &centre);
        window
    };
    let window = open("hearing");
    assert_eq!(on_air(&window), None, "nothing is open");

    every_failure_in_words(&window, &centre, of(Kind::Mp3Wide));
    let converted = centre.stats().converts;
    // Nothing there: the words, where the sound would be.
    play(&window, of(Kind::Empty));
    until(&window, "it failed", "player", "data-problem", |problem| problem == "empty");
    assert!(window.text("player-status").unwrap().contains(&words_of("empty")));
    // Cut short: what is there plays, and both times are said.
    play(&window, of(Kind::Truncated));
    until(&window, "it is cut", "player", "data-problem", |problem| problem == "truncated");
    until(&window, "it plays all the same", "player", "data-phase", |phase| phase == "playing");
    let words = window.text("call-detail").unwrap();
    assert!(words.contains("ends at") && words.contains("What there is plays"), "{words}");
    window.picture("hearing-cut").unwrap();

    // A long call, left half way.
    let long = cases
        .iter()
        .filter(|case| case.kind == Kind::Mp3Narrow || case.kind == Kind::Gsm)
        .max_by_key(|case| case.seconds)
        .expect("a call");
    play(&window, long);
    until(&window, "it plays", "player", "data-phase", |phase| phase == "playing");
    keys_of_the_system(&window, long);
    window.page().click(&window.get("waveform").unwrap()).unwrap();
    let left = f64::from(long.seconds) / 2.0;
    until(&window, "the middle", "player-position", "data-secs", |secs| (number(secs) - left).abs() < 3.0);
    window.press("k").unwrap();
    until(&window, "it is held", "player", "data-phase", |phase| phase == "paused");
    // Looked at closely: another picture, made of what the program knows of this part.
    window.press("ii").unwrap();
    until(&window, "a close look", "waveform", "data-close", |close| close == "true");
    assert!(window.has("waveform-overview").unwrap());
    window.press("z").unwrap();
    window
        .wait_until("all of it", common::SOON, |_| Ok((!window.has("waveform-overview")?).then_some(())))
        .unwrap();

    // A tone of five seconds is heard to its end, the next call is announced, and Escape stops that.
    play(&window, of(Kind::Tone1kMp3));
    window.click("queue-advance").unwrap();
    until(&window, "it plays", "player", "data-phase", |phase| phase == "playing");
    let next = until(&window, "the next is announced", "queue-next", "data-guid", |guid| !guid.is_empty());
    // At once: it is announced for four seconds, and then it plays.
    window.press(keys::ESCAPE).unwrap();
    window
        .wait_until("nothing comes", common::SOON, |_| Ok((!window.has("queue-next")?).then_some(())))
        .unwrap();
    assert_ne!(attribute(&window, "player", "data-guid"), next);
    // Of the next one it would be a person who asks: what it is differs from day to day.
    assert_eq!(centre.stats().converts, converted, "nobody asked for a recording that had to be converted");
    // The key for the next call takes the same one.
    window.press(".").unwrap();
    until(&window, "the next one", "player", "data-guid", |guid| guid == next);

    // Another start of the program: the long call goes on where it was left, and begins anew at a key.
    drop(window);
    let window = open("hearing-again");
    play(&window, long);
    let resumed = until(&window, "it went on", "player-resumed", "data-secs", |secs| !secs.is_empty());
    assert!((number(&resumed) - left).abs() < 6.0, "{resumed} of {left}");
    window.picture("hearing-resumed").unwrap();
    window.press("0").unwrap();
    until(&window, "the start", "player-position", "data-secs", |secs| number(secs) < 3.0);
    assert!(!window.has("player-resumed").unwrap());
}

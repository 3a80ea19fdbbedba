//! A shift in the real window: in, watch, open a campaign, search, hear, seek, tag, lose the server and get it back, out.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use atalaya_simulator::{Config, Kind, RecordingCase};
use atalaya_window::{Element, Opening, Window, keys, sound_card};

#[path = "common/alerts.rs"]
mod alerts;
#[path = "common/calls.rs"]
mod calls;
mod common;
#[path = "common/dates.rs"]
mod dates;
#[path = "../../audio/measure.rs"]
mod measure;

use alerts::raise_only;
use calls::search;
use common::{SOON, attribute, sign_in, until};
use dates::type_dates;

/// The campaigns there are, in sight or not, and whether those in sight have figures.
const ROWS: &str = "const rows = [...document.querySelectorAll('[data-testid=campaign-row]')];
    return [rows[0]?.closest('[aria-rowcount]')?.ariaRowCount, rows.every(row => /\\d/.test(row.textContent))]";
/// How long the server is away.
const AWAY: Duration = Duration::from_secs(30);
/// One MP3 frame at 8 kHz.
const FRAME_SECS: f64 = 0.072;

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Searches the day of a call by its number, and gives the row.
fn find_call(window: &Window, case: &RecordingCase) -> Element {
    let day = &case.calldate[..10];
    window.click("nav-calls").unwrap();
    type_dates(window, &format!("{day} 00:00:00"), &format!("{day} 23:59:59"));
    search(window, "done");
    assert!(number(&attribute(window, "calls-count", "data-calls")) > 10.0);
    // The two fields that hold a number: the other party stands in one of them. Others may have the same number.
    let row = format!("[data-testid=\"call-row\"][data-guid=\"{}\"]", case.guid);
    for field in ["calls-source", "calls-destination"] {
        window.fill("calls-source", "").unwrap();
        window.fill("calls-destination", "").unwrap();
        window.fill(field, &case.phone).unwrap();
        search(window, "done");
        if let Some(row) = window.page().find(&row).unwrap() {
            return row;
        }
    }
    panic!("no call of {} is {}", case.phone, case.guid);
}

#[test]
fn a_shift_from_sign_in_to_sign_out() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let card = sound_card(folder.path()).unwrap();
    let window = Window::open("shift", &Opening { env: vec![card.env], ..Opening::default() }).unwrap();

    sign_in(&window, &centre);
    raise_only(&window, &["serverAway"]);

    // Figures change, and a campaign opens with its people.
    let before = window.texts("campaign-row").unwrap();
    assert_eq!(before.len(), 12, "each campaign once: {before:?}");
    window
        .wait_until("other figures", SOON, |_| Ok((window.texts("campaign-row")? != before).then_some(())))
        .unwrap();
    // Which of them is the first changes while one looks: it is the one whose row says so.
    window.click("campaign-row").unwrap();
    let opened = attribute(&window, "campaign-page", "data-name");
    let chosen =
        window.page().find("[data-testid=campaign-row][aria-selected=true]").unwrap().expect("its row");
    assert_eq!(window.page().attribute(&chosen, "data-name").unwrap(), Some(opened));
    window.wait_until("its people", SOON, |page| page.find("[data-testid=\"agent-row\"]")).unwrap();
    window.picture("shift-campaign").unwrap();

    // A call is found, heard to its end, and what the sound card got is its tone, as long as it is.
    let cases = centre.recordings();
    let case = cases.iter().find(|case| case.kind == Kind::Tone1kMp3).expect("one of each kind");
    let row = find_call(&window, case);
    let clicked = Instant::now();
    window.page().double_click(&row).unwrap();
    until(&window, "it plays", "player", "data-phase", |phase| phase == "playing" || phase == "ended");
    let heard_after = clicked.elapsed();
    window.picture("shift-playing").unwrap();
    until(&window, "it ends", "player", "data-phase", |phase| phase == "ended");
    assert_eq!(attribute(&window, "player", "data-underruns"), "0");
    assert_eq!(attribute(&window, "player", "data-problem"), "");
    let sound = measure::left(&std::fs::read(&card.captured).expect("the sound card got something"));
    let tone = measure::loudest(&sound);
    let secs = tone.len() as f64 / measure::RATE;
    assert!((secs - f64::from(case.seconds)).abs() <= FRAME_SECS, "{secs} s of tone");
    let middle = &tone[tone.len() / 4..tone.len() / 4 + 48_000];
    let hertz = measure::pitch(middle, 1_000.0);
    assert!((hertz - 1_000.0).abs() <= 1.0, "{hertz} Hz");
    println!("double click to playing, the driver's own time included: {} ms", heard_after.as_millis());

    // From the start again and held; a click in the waveform goes there, and keys from there.
    window.press("k").unwrap();
    until(&window, "it plays again", "player", "data-phase", |phase| phase == "playing");
    window.press("k").unwrap();
    until(&window, "it is held", "player", "data-phase", |phase| phase == "paused");
    let position = || number(&attribute(&window, "player-position", "data-secs"));
    let duration = number(&attribute(&window, "player-duration", "data-secs"));
    window.page().click(&window.get("waveform").unwrap()).unwrap();
    let middle = until(&window, "the middle", "player-position", "data-secs", |secs| {
        (number(secs) - duration / 2.0).abs() < 0.1
    });
    window.press(&format!("{}{}", keys::SHIFT, keys::LEFT)).unwrap();
    let back = until(&window, "a second back", "player-position", "data-secs", |secs| secs != middle);
    assert!((number(&middle) - 1.0 - number(&back)).abs() < 0.05, "{back} from {middle}");
    window.press("j").unwrap();
    until(&window, "the start", "player-position", "data-secs", |secs| number(secs) == 0.0);
    assert_eq!((position(), attribute(&window, "player", "data-phase").as_str()), (0.0, "paused"));

    // A tag is sent and found on the server.
    let tag = window.get("tag-input").unwrap();
    window.page().type_into(&tag, &format!("una venta{}", keys::ENTER)).unwrap();
    until(&window, "the tag is confirmed", "tag-chip", "data-state", |state| state == "confirmed");
    assert_eq!(attribute(&window, "tag-chip", "data-text"), "una venta");
    assert_eq!(centre.stats().tags, 1);
    window.picture("shift-tagged").unwrap();

    // The server goes away: the wall keeps its figures, says how old they are, and recovers by itself.
    window.click("nav-floor").unwrap();
    assert!(window.text("sounding").unwrap().contains("0:0"), "what was being heard can be gone back to");
    until(&window, "fresh figures", "health", "data-freshness", |freshness| freshness == "fresh");
    centre.down();
    let gone = Instant::now();
    let age = until(&window, "an old age", "health", "data-age", |age| number(age) >= 10.0);
    assert!(number(&age) >= 10.0);
    assert_eq!(attribute(&window, "health", "data-freshness"), "stale");
    // A silent server is an alert: it shows by itself, and goes once somebody sees to it.
    until(&window, "the alert", "alert", "data-rule", |rule| rule == "serverAway");
    window.picture("shift-away").unwrap();
    window.click("alert-seen").unwrap();
    window.wait_until("nothing more to see to", SOON, |_| Ok((!window.has("alert")?).then_some(()))).unwrap();
    // Taken by mistake: it is everybody's again, in the same place.
    window.click("alert-undo").unwrap();
    until(&window, "the alert again", "alert", "data-rule", |rule| rule == "serverAway");
    window.click("alert-seen").unwrap();
    window.get("alert-seen-to").unwrap();
    window
        .wait_until("half a minute", AWAY * 2, |page| {
            let there = page.execute(ROWS, &[])?;
            assert_eq!(there, serde_json::json!(["12", true]), "the wall never blanks");
            Ok((gone.elapsed() >= AWAY).then_some(()))
        })
        .unwrap();
    centre.up();
    until(&window, "fresh figures again", "health", "data-freshness", |freshness| freshness == "fresh");
    assert_eq!(window.page().execute(ROWS, &[]).unwrap(), serde_json::json!(["12", true]));
    window.click("alerts-open").unwrap();
    window
        .wait_until("the alert is over", SOON, |_| {
            let over = window.texts("alert-line")?;
            Ok(over.iter().any(|line| line.contains("no answer") && line.contains('–')).then_some(()))
        })
        .unwrap();
    window.picture("shift-alerts").unwrap();
    window.press(keys::ESCAPE).unwrap();

    // Out: the server is told once for each login.
    window.click("nav-settings").unwrap();
    window.picture("shift-settings").unwrap();
    window.click("sign-out").unwrap();
    window.text("sign-in").unwrap();
    let stats = centre.stats();
    assert_eq!((stats.end_sessions, stats.sessions_open), (stats.logins, 0));
}

//! A newer version in the real window: over a channel with TLS, installed by an installer of tests, and not while a
//! recording plays. It is a day with everything in it that is secret, which is then looked for wherever something is kept.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use atalaya_simulator::{Config, Kind, LoginShape, RecordingCase};
use atalaya_window::{Opening, Window, keys, sound_card};
use serde_json::Value;

#[path = "common/calls.rs"]
mod calls;
#[path = "../../canaries/canaries.rs"]
mod canaries;
#[path = "../../../crates/cli/tests/channel/mod.rs"]
#[allow(dead_code, reason = "a channel without faults")]
mod channel;
mod common;
#[path = "common/dates.rs"]
mod dates;

use calls::search;
use canaries::Canaries;
use channel::Channel;
use common::{SOON, attribute, sign_in, until};
use dates::type_dates;

const PASSWORD: &str = "canary+password/4711=";
const PHONE: &str = "canary-of-the-telephone";
const TAG: &str = "una venta marcada";
const CHAT: &str = "canary-of-a-chat-0123";
/// How every token of the simulated centre begins: base 64 of who it is for.
const TOKEN: &str = "c3VwZXJ2aXNvcj";

/// Says it has the program, and installs whatever it is given. What it was begun with is written down.
fn tools(folder: &Path) {
    let here = folder.display();
    for (name, does) in [
        (
            "dpkg-query",
            format!("case \"$1\" in --search) echo \"atalaya: $2\";; *) cat {here}/installed;; esac"),
        ),
        ("pkexec", "exec \"$@\"".to_owned()),
        ("apt-get", format!("for last; do :; done; head -n 1 \"$last\" | tr -d '\\n' > {here}/installed")),
    ] {
        let path = folder.join(name);
        let begun = format!("env >> {here}/begun-with; echo \"$@\" >> {here}/begun-with");
        std::fs::write(&path, format!("#!/bin/sh\n{begun}\n{does}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn said(window: &Window, words: &str) {
    window.wait_until(words, SOON, |_| Ok(window.text("updates")?.contains(words).then_some(()))).unwrap();
}

/// Plays a call of the list, as a double click does.
fn play(window: &Window, case: &RecordingCase) {
    window.click("nav-calls").unwrap();
    type_dates(window, &case.calldate, &case.calldate);
    search(window, "done");
    let script = "const row = document.querySelector(`[data-guid='${arguments[0]}']`);
        row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));";
    window.page().execute(script, &[Value::from(case.guid.as_str())]).expect("its row is there");
    until(window, "it plays", "player", "data-phase", |phase| phase == "playing");
}

#[test]
fn a_newer_version_is_told_of_fetched_and_installed_but_not_while_a_recording_plays() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        password: PASSWORD.to_owned(),
        phone_secret: PHONE.to_owned(),
        login: LoginShape::LegacyPhone,
        ..Config::default()
    };
    let centre = runtime.block_on(atalaya_simulator::start(config)).unwrap();
    let channel = runtime.block_on(Channel::start());
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0")]);
    let folder = tempfile::tempdir().unwrap();
    tools(folder.path());
    let admin = folder.path().join("atalaya.toml");
    std::fs::write(&admin, format!("[update]\nauthority = \"{}\"\n", channel.authority.display())).unwrap();
    let of = |path: &Path| path.display().to_string();
    let card = sound_card(folder.path()).unwrap();
    let env = vec![
        card.env,
        ("ATALAYA_UPDATE_KEYS".to_owned(), channel.public_keys()),
        ("ATALAYA_UPDATE_TOOLS".to_owned(), of(folder.path())),
        ("ATALAYA_ADMIN_FILE".to_owned(), of(&admin)),
        ("ATALAYA_SAVE_FOLDER".to_owned(), of(folder.path())),
        ("ATALAYA_LOG".to_owned(), "debug".to_owned()),
    ];
    let home = tempfile::tempdir().unwrap();
    let opening = Opening { env, home: Some(home.path().to_owned()), ..Opening::default() };
    let window = Window::open("updates", &opening).unwrap();
    let canaries = Canaries::new(&[
        ("password", PASSWORD),
        ("token", TOKEN),
        ("secret of the telephone", PHONE),
        ("address of a chat", CHAT),
    ]);
    canaries.are_found();
    sign_in(&window, &centre);
    window.click("nav-settings").unwrap();
    said(&window, "Updates are off");
    assert!(channel.asked().is_empty() && !window.has("update-short").unwrap());

    let script = "const field = document.querySelector('[data-testid=update-channel]');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    window.page().execute(script, &[Value::from(channel.url())]).unwrap();
    until(&window, "it can be looked", "update-look", "aria-disabled", |now| now != "true");
    window.click("update-look").unwrap();
    said(&window, "There is a new version: 0.2.0");
    assert_eq!(
        (window.text("update-notes").unwrap().as_str(), window.has("update-short").unwrap()),
        ("Faster", true)
    );
    window.page().execute("document.querySelector('[data-testid=updates]').scrollIntoView()", &[]).unwrap();
    window.picture("updates-newer").unwrap();
    window.click("update-fetch").unwrap();
    until(&window, "it is here", "updates", "data-phase", |phase| phase == "ready");

    // Some last no longer than the way to the settings takes.
    let cases = centre.recordings();
    let sounds = cases.iter().filter(|case| matches!(case.kind, Kind::Mp3Wide | Kind::Mp3Narrow | Kind::Gsm));
    let heard = sounds.max_by_key(|case| case.seconds).expect("one of each kind");
    play(&window, heard);
    window.click("nav-settings").unwrap();
    window.click("update-install").unwrap();
    said(&window, "Not now: a recording plays");
    window.page().execute("document.querySelector('[data-testid=updates]').scrollIntoView()", &[]).unwrap();
    window.picture("updates-not-now").unwrap();
    assert!(!folder.path().join("installed").exists());
    window.click("nav-calls").unwrap();
    window.click("player-toggle").unwrap();
    until(&window, "it is held", "player", "data-phase", |phase| phase == "paused");
    window.click("nav-settings").unwrap();
    window.click("update-install").unwrap();
    until(&window, "it is installed", "updates", "data-phase", |phase| phase == "installed");
    assert_eq!(std::fs::read_to_string(folder.path().join("installed")).unwrap(), "0.2.0");
    assert!(window.data_folder().join("updates/before-0.2.0.sqlite").exists(), "the data were copied");
    assert!(!window.has("update-short").unwrap());
    assert_eq!(attribute(&window, "updates", "data-phase"), "installed");
    window.picture("updates-installed").unwrap();
    a_day_of_secrets(&window, folder.path());
    let page = "return document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage])
        + [...document.querySelectorAll('input, textarea')].map(field => field.value).join(' ')";
    let page = window.page().execute(page, &[]).expect("the page answers");
    canaries.not_in("the page", page.as_str().unwrap().as_bytes());
    let private = Canaries::new(&[("number of a telephone", &heard.phone), ("tag", TAG)]);
    assert!(private.not_below(&window.data_folder().join("logs")) > 0, "there is a log");
    let ours = format!("ATALAYA_HOME={}", window.data_folder().display());
    assert!(canaries.not_in_processes(&ours) > 1, "the program, and those of its pages");
    window.quit().unwrap();
    assert!(canaries.not_below(home.path()) > 4, "data, history, a recording, logs");
    assert!(canaries.not_below(folder.path()) > 4, "what was saved, and what the installer was begun with");
    canaries.not_in_program(&opening.application);
}

/// A tag, a file of calls, the address of a chat, a report for support.
fn a_day_of_secrets(window: &Window, saved: &Path) {
    let is_saved = |what: &str, ending: &str| {
        window
            .wait_until(what, SOON, |_| {
                let files = std::fs::read_dir(saved).unwrap().flatten();
                let there = |name: std::ffi::OsString| name.to_string_lossy().ends_with(ending);
                Ok(files.map(|file| file.file_name()).any(there).then_some(()))
            })
            .unwrap();
    };
    window.click("nav-calls").unwrap();
    let tag = window.get("tag-input").unwrap();
    window.page().type_into(&tag, &format!("{TAG}{}", keys::ENTER)).unwrap();
    until(window, "the tag is confirmed", "tag-chip", "data-state", |state| state == "confirmed");
    window.click("calls-export").unwrap();
    is_saved("the calls", ".csv");
    window.click("nav-settings").unwrap();
    window.click("settings-go-alerts").unwrap();
    window.click("webhook-on").unwrap();
    window.fill("webhook-address", &format!("https://chat.example/flow/{CHAT}")).unwrap();
    window.press(keys::ENTER).unwrap();
    window.text("webhook-host").unwrap();
    window.click("support-open").unwrap();
    window.fill("support-happened", "no sound since ten").unwrap();
    window.click("support-save").unwrap();
    window.get("support-written").unwrap();
    is_saved("the report", ".txt");
    window.click("support-close").unwrap();
}

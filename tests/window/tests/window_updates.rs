//! A newer version in the real window: over a channel with TLS, installed by an installer of tests, and not while a
//! recording plays.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use atalaya_simulator::{Config, Kind, RecordingCase};
use atalaya_window::{Opening, Window, sound_card};
use serde_json::Value;

#[path = "common/calls.rs"]
mod calls;
#[path = "../../../crates/cli/tests/channel/mod.rs"]
#[allow(dead_code, reason = "a channel without faults")]
mod channel;
mod common;
#[path = "common/dates.rs"]
mod dates;

use calls::search;
use channel::Channel;
use common::{SOON, attribute, sign_in, until};
use dates::type_dates;

/// Says it has the program, and installs whatever it is given.
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
        std::fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
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
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).unwrap();
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
    ];
    let window = Window::open("updates", &Opening { env, ..Opening::default() }).unwrap();
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

    let cases = centre.recordings();
    play(&window, cases.iter().find(|case| case.kind == Kind::Mp3Wide).expect("one of each kind"));
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
    window.quit().unwrap();
}

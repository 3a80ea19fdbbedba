//! A day of scripts, with everything they say and leave searched for marked secrets.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use atalaya_simulator::{Config, Endpoint, Fault, Kind, LoginShape};

#[path = "../../../tests/canaries/canaries.rs"]
mod canaries;
#[allow(dead_code, reason = "a channel without faults")]
mod channel;
mod common;

use canaries::Canaries;
use channel::Channel;
use common::{Script, finished, still};

const PASSWORD: &str = "canary+password/4711=";
const WRONG: &str = "canary+mistyped/0815=";
const PHONE: &str = "canary-of-the-telephone";
const TEAM: &str = "canary of the team's database";
const RELEASE: &str = "canary-of-a-release-key";
/// How every token of the simulated centre begins: base 64 of who it is for.
const TOKEN: &str = "c3VwZXJ2aXNvcj";

/// What the system's own installer would be: it writes down what it was begun with.
fn tools(folder: &Path) {
    let here = folder.display();
    let notes = format!("env >> {here}/begun-with; echo \"$@\" >> {here}/begun-with");
    for (name, does) in [
        (
            "dpkg-query",
            format!(
                "{notes}; case \"$1\" in --search) echo \"atalaya: $2\";; *) cat {here}/installed;; esac"
            ),
        ),
        ("pkexec", format!("{notes}; exec \"$@\"")),
        (
            "apt-get",
            format!("{notes}; for last; do :; done; head -n 1 \"$last\" | tr -d '\\n' > {here}/installed"),
        ),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{does}\n")).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_scripts_leaves_no_secret_anywhere() {
    let canaries = Canaries::new(&[
        ("password", PASSWORD),
        ("mistyped password", WRONG),
        ("token", TOKEN),
        ("secret of the telephone", PHONE),
        ("password of the team's database", TEAM),
        ("release key", RELEASE),
    ]);
    canaries.are_found();
    let config = Config {
        password: PASSWORD.to_owned(),
        phone_secret: PHONE.to_owned(),
        login: LoginShape::LegacyPhone,
        protected_recordings: true,
        ..still()
    };
    let script = Script::of(config).await;
    let home = script.home.path();
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0")]);
    let tool_folder = tempfile::tempdir().expect("a folder");
    tools(tool_folder.path());
    std::fs::create_dir(home.join("temporary")).expect("a folder");

    let case = script.case(Kind::ConvertOnly);
    let there = script.case(Kind::Mp3Narrow);
    let day = &case.calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let file = |name: &str| home.join(name).display().to_string();
    let files = ["calls.csv", "one.mp3", "two.mp3", "shapes.json"].map(file);
    let url = channel.url();
    let authority = channel.authority.display().to_string();
    let with = |before: &[&str], more: &[&str]| -> Vec<String> {
        before.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let update = |step: &str| with(&["update", step, "--channel", &url, "--extra-ca", &authority], &[]);
    let recording = |guid: &str, day: &str, to: &str| {
        with(&["recording", guid, "--day", day, "--convert", "--trace", "-o", to], &[])
    };
    let yes = |words: &str| with(&words.split(' ').collect::<Vec<_>>(), &["--yes", "--json"]);
    let tag = format!("tag {} --phone {} --text canaries", case.guid, case.phone);
    // Each with the end it has: done, failed, refused, unknown.
    let commands: Vec<(Vec<String>, i32)> = vec![
        (with(&["floor", "--agents", "--json"], &[]), 0),
        (with(&["calls", "--from", &from, "--to", &to, "--csv", &files[0]], &[]), 0),
        (with(&["calls", "--from", &from, "--to", &to, "--json"], &[]), 0),
        (recording(&case.guid, day, &files[1]), 0),
        (recording(&there.guid, &there.calldate[..10], &files[2]), 0),
        (yes(&tag), 0),
        (yes("call hangup --phone 9999"), 1),
        (yes("blacklist add --phone 099000111"), 0),
        (with(&["doctor"], &[]), -1),
        (with(&["doctor", "--json", "--record", &files[3], "--yes"], &[]), -1),
        (update("check"), 0),
        (update("download"), 0),
        (update("install"), 0),
    ];
    let command = |words: &[String]| -> Command {
        let mut command = script.command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        command
            .env("HOME", home)
            .env("TMPDIR", home.join("temporary"))
            .env("ATALAYA_LOG", "trace")
            .env("ATALAYA_TEAM_PASSWORD", TEAM)
            .env("ATALAYA_RELEASE_KEY", RELEASE)
            .env("ATALAYA_UPDATE_KEYS", channel.public_keys())
            .env("ATALAYA_UPDATE_TOOLS", tool_folder.path())
            .env("ATALAYA_PRETEND_VERSION", "0.1.0")
            .env("ATALAYA_ADMIN_FILE", home.join("no-such-file"));
        command
    };
    for (words, wanted) in &commands {
        let output = finished(command(words)).await;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            *wanted < 0 || output.status.code() == Some(*wanted),
            "{words:?}: {:?} {stderr}",
            output.status
        );
        canaries.not_in(&format!("{words:?}"), &[output.stdout, output.stderr].concat());
    }
    // An answer that is lost, a server that is away, and a password that is not the right one.
    let tag = yes(&tag.replace("canaries", "another"));
    script.simulator.faults().set(Endpoint::Tag, Fault::AnswerLost, Some(1));
    let output = finished(command(&tag)).await;
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    canaries.not_in("an answer that is lost", &[output.stdout, output.stderr].concat());
    let mut mistyped = command(&commands[0].0);
    mistyped.env("ATALAYA_PASSWORD", WRONG);
    let output = finished(mistyped).await;
    assert!(!output.status.success());
    canaries.not_in("a mistyped password", &[output.stdout, output.stderr].concat());
    script.simulator.down();
    let output = finished(command(&commands[0].0)).await;
    assert!(!output.status.success());
    canaries.not_in("a server that is away", &[output.stdout, output.stderr].concat());

    assert!(canaries.not_below(home) > files.len(), "what was fetched, and the trail");
    let begun = std::fs::read_to_string(tool_folder.path().join("begun-with")).expect("they were begun");
    assert!(begun.contains("install --yes") && begun.contains("PATH="), "{begun}");
    canaries.not_below(tool_folder.path());
    canaries.not_in_program(Path::new(env!("CARGO_BIN_EXE_atalaya-cli")));
}

//! What scripts and headless machines count on: nothing is left behind, everything is said, and files are plain files.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use atalaya_simulator::{Config, Endpoint, Fault, Kind};
use serde_json::Value;

mod common;

use common::{Script, finished, still};

fn checks(output: &Output) -> BTreeMap<String, (bool, Option<String>, String)> {
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON, whatever is out of order");
    let text = |check: &Value, name: &str| check[name].as_str().map(str::to_owned);
    report["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|check| {
            let what = (check["ok"] == true, text(check, "code"), text(check, "detail").expect("words"));
            (text(check, "name").expect("a name"), what)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_what_failed_and_goes_on() {
    let script = Script::still().await;
    let nowhere = script.home.path().join("nowhere");
    let damaged = script.home.path().join("damaged");
    std::fs::create_dir(&damaged).unwrap();
    std::fs::write(damaged.join("atalaya.sqlite"), "this is no database, and longer than nothing").unwrap();
    let server = script.simulator.server_url();
    let here = ["--server", &server, "--user", script.simulator.user()];
    let wrong = ["--server", &server, "--user", "nobody"];
    let away = ["--server", "http://127.0.0.1:9", "--user", "x"];
    let odd = ["--server", "http://central.example", "--user", "x"];
    // Where it is run, with what, and what is out of order under which name.
    type Case<'a> = (&'a Path, &'a [&'a str], Option<&'a str>, &'a str, &'a str);
    let cases: [Case<'_>; 7] = [
        (&nowhere, &[], None, "account", "noServer"),
        (&nowhere, &here[..2], None, "account", "userNeeded"),
        (&nowhere, &odd, None, "account", "invalidAddress"),
        (&nowhere, &here, None, "password", "passwordNeeded"),
        (&nowhere, &wrong, Some("x"), "login", "wrongPassword"),
        (&nowhere, &away, Some("x"), "connection", "unreachable"),
        (&damaged, &here, Some(script.simulator.password()), "profiles", "storeUnreadable"),
    ];
    for (home, who, password, name, code) in cases {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
        command.args(["doctor", "--json"]).args(who).env("ATALAYA_HOME", home).stdin(Stdio::null());
        match password {
            Some(password) => command.env("ATALAYA_PASSWORD", password),
            None => command.env_remove("ATALAYA_PASSWORD"),
        };
        let output = finished(command).await;
        assert_eq!(output.status.code(), Some(1));
        let checks = checks(&output);
        let (ok, said, words) = &checks[name];
        assert_eq!((*ok, said.as_deref()), (false, Some(code)), "{checks:?}");
        assert!(words.len() > 12, "{words}");
        assert!(checks.contains_key("audio device") && checks.contains_key("secret store"), "{checks:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(name), "the line for people says it too");
        // With a damaged file the rest is still checked.
        assert_eq!(checks.contains_key("campaigns"), name == "profiles");
    }
    assert!(!nowhere.exists(), "looking leaves nothing behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_shapes_is_shown_and_kept_only_with_a_yes() {
    let script = Script::still().await;
    let file = script.home.path().join("shapes.json");
    let name = file.display().to_string();
    for (answer, more, kept) in
        [("", None, false), ("n\n", None, false), ("y\n", None, true), ("", Some("--yes"), true)]
    {
        let mut command = script.command(&["doctor", "--json", "--record", &name]);
        command.args(more).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        child.stdin.take().expect("it is piped").write_all(answer.as_bytes()).expect("it is read");
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
        assert!(checks(&output)["login"].0);
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(shown.contains("neverSeen") && shown.contains("calldate"), "{shown}");
        assert_eq!(file.exists(), kept, "{answer:?} {more:?}");
        if kept {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(shown.contains(&text), "what is kept is what was shown");
            assert!(serde_json::from_str::<Value>(&text).unwrap()["answers"].as_array().unwrap().len() > 4);
            std::fs::remove_file(&file).unwrap();
        }
    }
    script.assert_signed_out();
    let mut wrong = script.command(&["doctor", "--record", &name, "--yes"]);
    wrong.env("ATALAYA_PASSWORD", "x");
    let output = finished(wrong).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no shapes were recorded") && !file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_needs_no_folder_and_leaves_none() {
    let script = Script::still().await;
    let here = tempfile::tempdir().unwrap();
    let file = here.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let case = script.case(Kind::Tone1kGsm);
    let day = &case.calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let reading: [&[&str]; 3] = [
        &["floor", "--json"],
        &["calls", "--from", &from, "--to", &to, "--json"],
        &["recording", &case.guid, "--day", day, "-o", "-"],
    ];
    // None yet; and one that can never be.
    for home in [here.path().join("none"), file.join("below")] {
        for arguments in reading {
            let mut command = script.command(arguments);
            command.env("ATALAYA_HOME", &home).current_dir(here.path());
            let output = finished(command).await;
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
        // What changes something on the server is written down first, or not sent.
        let mut command = script.command(&["recording", &case.guid, "--day", day, "--convert", "-o", "-"]);
        command.env("ATALAYA_HOME", &home).current_dir(here.path());
        let status = finished(command).await.status.code();
        assert_eq!(status, Some(i32::from(!home.exists())));
        if home.exists() {
            std::fs::remove_dir_all(&home).unwrap();
        }
    }
    let left: Vec<_> =
        std::fs::read_dir(here.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a file"]);
    script.assert_signed_out();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_a_list_of_authorities_reaches_itself() {
    let script = Script::still().await;
    let nothing = script.home.path().join("nothing.pem");
    std::fs::write(&nothing, "").unwrap();
    let mut command = script.command(&["floor", "--json"]);
    command.env("SSL_CERT_FILE", &nothing).env("SSL_CERT_DIR", script.home.path().join("none"));
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_doctor_signs_out() {
    let script = Script::still().await;
    script.simulator.faults().set(Endpoint::CampaignStatus, Fault::Hang, None);
    let mut command = script.command(&["doctor", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    // From the first question on it is signed in, and listens.
    let asked = || script.simulator.stats().requests.values().sum::<u64>() > 1;
    let until = Instant::now() + Duration::from_secs(10);
    while !asked() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
    assert_eq!(checks(&output)["interrupted"].1.as_deref(), Some("interrupted"));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_goes_on_through_pages_of_a_gateway_and_says_so() {
    let script = Script::of(Config { moving: true, ..still() }).await;
    let mut child = script
        .command(&["floor", "--watch", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = move || lines.next().expect("it goes on").unwrap();
    let (first, mut next) = tokio::task::spawn_blocking(move || (next(), next)).await.unwrap();
    assert!(first.contains("campaigns"));
    // Each is a failed read; a page of HTML is asked for once more within one.
    script.simulator.faults().set(Endpoint::CampaignStatus, Fault::Html, Some(2));
    let gone = Fault::Status { code: 404, retry_after: None, text: String::new() };
    script.simulator.faults().set(Endpoint::CampaignStatus, gone, Some(1));
    // The report that was under way when they began, and one after they are used up.
    for _ in 0..2 {
        let (report, back) = tokio::task::spawn_blocking(move || (next(), next)).await.unwrap();
        next = back;
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["campaigns"].as_array().unwrap().len(), 12);
    }
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    let pauses: Vec<_> = said.lines().filter_map(|line| line.split_once("; asked again in ")).collect();
    assert_eq!(pauses.iter().map(|(_, pause)| *pause).collect::<Vec<_>>(), ["6 s", "12 s"], "{said}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn files_are_as_any_new_file_of_this_person_and_a_dash_is_standard_output() {
    use std::os::unix::fs::PermissionsExt;
    let script = Script::still().await;
    let case = script.case(Kind::Tone1kGsm);
    let day = &case.calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let (sound, table) = (script.home.path().join("a.gsm"), script.home.path().join("calls.csv"));
    let (sound_name, table_name) = (sound.display().to_string(), table.display().to_string());
    let recording = |more: &[&str]| {
        let all = [&["recording", case.guid.as_str(), "--day", day], more].concat();
        all.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let calls =
        |file: &str| ["calls", "--from", &from, "--to", &to, "--csv", file].map(str::to_owned).to_vec();
    let run = async |arguments: Vec<String>| {
        let output = script.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(recording(&["-o", &sound_name])).await;
    run(calls(&table_name)).await;
    let plain = script.home.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&sound), mode(&table)], [mode(&plain); 2]);

    let here = std::env::current_dir().unwrap().join("-");
    assert_eq!(run(recording(&["-o", "-"])).await, std::fs::read(&sound).unwrap());
    assert_eq!(run(calls("-")).await, std::fs::read(&table).unwrap());
    let wav = run(recording(&["-o", "-", "--wav"])).await;
    assert_eq!((&wav[..4], &wav[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let told = u32::from_le_bytes(wav[4..8].try_into().unwrap());
    assert_eq!(told as usize, wav.len() - 8, "its length was not left open");
    // What is no file is written to, and not replaced.
    let out = script.home.path().join("out");
    std::os::unix::fs::symlink("/proc/self/fd/1", &out).unwrap();
    assert_eq!(run(recording(&["-o", &out.display().to_string()])).await, std::fs::read(&sound).unwrap());
    assert!(!here.exists() && out.is_symlink());
}

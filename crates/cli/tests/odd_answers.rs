//! Answers and recordings as servers in the field really send them, to the end of the command line: each costs what is
//! wrong in it, and says so.

use std::path::PathBuf;

use atalaya_simulator::{Endpoint, Fault, Kind, OddFile};
use serde_json::{Value, json};

mod common;

use common::{Script, sentence, still};

fn bytes_of(file: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A reply of the server's is these bytes, whatever is asked.
fn answers(script: &Script, endpoint: Endpoint, file: &str) {
    script.simulator.faults().clear();
    let body = bytes_of(&format!("ucontact/tests/fixtures/{file}.json"));
    script.simulator.faults().set(endpoint, Fault::Says { body }, None);
}

fn pick(value: &Value, keys: &[&str]) -> Vec<Value> {
    keys.iter().map(|key| value[*key].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_every_odd_answer() {
    let script = Script::of(still()).await;
    let range = ["calls", "--from", "2025-01-01 00:00:00", "--to", "2026-12-31 23:59:59"];
    let guid = |number: u32| format!("{number:08}-3f5a-4a53-9f0d-0b6f1e2a9c11");
    // What is looked at of each call, the newest first; a script gets them as they happened.
    let table: [(&str, &[&str], Value); 8] = [
        ("latin1", &["agent"], json!([["N\u{fffd}\u{fffd}ez, Mar\u{fffd}a"], ["Ana"]])),
        ("raw-control", &["guid"], json!([[guid(2)], [guid(1)]])),
        ("lone-surrogate", &["guid"], json!([[guid(3)], [guid(2)], [guid(1)]])),
        (
            "dates-with-fraction",
            &["startedAt", "lengthSecs"],
            json!([["2026-01-31 10:03:00", 60], ["2026-01-31 10:02:00", 60], ["2026-01-31 10:01:00", 60]]),
        ),
        (
            "clock-goes-back",
            &["guid", "lengthSecs"],
            json!([[guid(1), 600], [guid(2), 600], [guid(5), 306], [guid(4), 60], [guid(3), 0]]),
        ),
        (
            "same-id-other-call",
            &["guid"],
            json!([[guid(2)], [guid(1)], ["aaaaaaaa-3f5a-4a53-9f0d-0b6f1e2a9c11"]]),
        ),
        (
            "no-id-or-guid",
            &["guid", "startedAt"],
            json!([
                ["1769853600.5", "2026-01-31 10:00:05"],
                [guid(4), "2026-01-31 10:00:04"],
                ["1769853600.3", "2026-01-31 10:00:03"],
                [guid(2), "2026-01-31 10:00:02"],
                [guid(1), ""]
            ]),
        ),
        ("terminal-escapes", &["source", "agent"], Value::Null),
    ];
    for (case, keys, due) in table {
        answers(&script, Endpoint::Records, &format!("{case}.getrecords"));
        let output = script.run(&[&range[..], &["--json"]].concat()).await;
        assert_eq!(output.status.code(), Some(0), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut seen: Vec<_> =
            report["calls"].as_array().unwrap().iter().map(|call| pick(call, keys)).collect();
        seen.reverse();
        if due.is_null() {
            assert_eq!(seen.len(), 2, "{case}");
        } else {
            assert_eq!(json!(seen), due, "{case}");
        }
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, "", "{case}: none is left out");
        // As a table nothing of it moves the terminal.
        let table = script.run(&range).await;
        let table = String::from_utf8(table.stdout).unwrap();
        let raw = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!table.contains(raw), "{case}: {table:?}");
        assert!(table.lines().count() > seen.len(), "{case}: {table}");
    }
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_floor_of_every_odd_answer() {
    let script = Script::of(still()).await;
    let keys = ["answered", "serviceLevel", "serviceLevel2"];
    for (case, due) in [("byte-order-mark", json!([8, 75.0, 80.0])), ("bare-nan", json!([8, null, 80.0]))] {
        answers(&script, Endpoint::CampaignStatus, &format!("{case}.campaignstatus"));
        let report = script.json(&["floor", "--campaign", "Ventas<-", "--json"]).await;
        assert_eq!(json!(pick(&report["campaigns"][0], &keys)), due, "{case}");
    }
    answers(&script, Endpoint::QueueSummary, "key-twice.queuesummary");
    // The other source says nothing of it: the fresher of the two would count.
    let body = br#"{"Ventas<-": {"campaign": "Ventas<-"}}"#.to_vec();
    script.simulator.faults().set(Endpoint::CampaignStatus, Fault::Says { body }, None);
    let report = script.json(&["floor", "--campaign", "Ventas<-", "--json"]).await;
    assert_eq!(json!(pick(&report["campaigns"][0], &["waiting", "longestWaitSecs"])), json!([1, 33]));

    answers(&script, Endpoint::CampaignStatus, "name-cut-mid-letter.campaignstatus-one");
    let report = script.json(&["floor", "--campaign", "Ventas<-", "--agents", "--json"]).await;
    let people: Vec<_> =
        report["agents"].as_array().unwrap().iter().map(|one| pick(one, &["name", "callsTaken"])).collect();
    assert_eq!(json!(people), json!([["Nú\u{fffd}", 3], ["Beatriz", 3]]));

    answers(&script, Endpoint::CampaignStatus, "pause-reasons.campaignstatus-one");
    let report = script.json(&["floor", "--campaign", "Ventas<-", "--agents", "--json"]).await;
    let reasons: Vec<_> =
        report["agents"].as_array().unwrap().iter().filter_map(|one| one["pauseReason"].as_str()).collect();
    assert!(reasons.contains(&"Almuerzo") && reasons.contains(&"Baño, piso 2"), "{reasons:?}");
    assert!(!reasons.iter().any(|reason| reason.contains(['{', '}', '"'])), "{reasons:?}");

    // Both sources of a failing server: no floor, and its own words.
    for endpoint in [Endpoint::QueueSummary, Endpoint::CampaignStatus] {
        answers(&script, endpoint, "error-in-200.queuesummary");
        let both = [Endpoint::QueueSummary, Endpoint::CampaignStatus];
        for other in both.into_iter().filter(|other| *other != endpoint) {
            let body = bytes_of("ucontact/tests/fixtures/error-in-200.queuesummary.json");
            script.simulator.faults().set(other, Fault::Says { body }, None);
        }
        let output = script.run(&["floor", "--json"]).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(sentence(&output).contains("java.lang.NullPointerException"));
        assert_eq!(output.stdout, b"");
    }
}

/// Seconds of sound in a WAV as this command writes it: 16 bits.
fn seconds(wav: &[u8]) -> f64 {
    let number =
        |at: usize| wav[at..at + 4].iter().rev().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    f64::from(number(40)) / f64::from(number(28))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sound_of_every_odd_file() {
    let script = Script::of(still()).await;
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
    ] {
        let kind = if file.ends_with("gsm") { Kind::Gsm } else { Kind::Mp3Narrow };
        let case = script.case(kind);
        let holds = OddFile::Holds(bytes_of(&format!("player/fixtures/damaged/{file}")).into());
        script.simulator.faults().clear();
        script.simulator.faults().file(&case.guid, holds);
        let wav = script.home.path().join(format!("{file}.wav"));
        let output = script.recording(&case, &[], &wav).await;
        assert_eq!(output.status.code(), Some(0), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        let heard = seconds(&std::fs::read(&wav).unwrap());
        assert!((heard - due).abs() < 0.06, "{file}: {heard} s, not {due}");
    }
    let case = script.case(Kind::Gsm);
    let holds = OddFile::Holds(bytes_of("player/fixtures/damaged/alaw.gsm").into());
    script.simulator.faults().clear();
    script.simulator.faults().file(&case.guid, holds);
    let wav = script.home.path().join("alaw.wav");
    let output = script.recording(&case, &[], &wav).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(sentence(&output).contains("A-law"), "{}", sentence(&output));
    assert!(!wav.exists());
}

//! Every kind of recording met with every way a server can fail: it ends in sound, or in the right words.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use atalaya_calls::{Calls, ConvertPolicy};
use atalaya_player::save_region;
use atalaya_player::source::ByteSource;
use atalaya_simulator::{Endpoint, Fault, Kind, RecordingCase};
use tokio_util::sync::CancellationToken;

mod common;
use common::{Analyst, still, target};

fn status(code: u16) -> Fault {
    Fault::Status { code, retry_after: None, text: String::new() }
}

/// What a kind of recording comes to when nothing fails.
fn own(kind: Kind) -> &'static str {
    match kind {
        Kind::Missing | Kind::ConvertOnly => "notFoundAnywhere",
        Kind::Empty => "empty",
        Kind::Html => "notAudio",
        Kind::TooShort => "tooShort",
        Kind::Truncated => "sound, truncated",
        _ => "sound",
    }
}

/// Faults looked at beside each other.
const AT_ONCE: usize = 5;

type ComesTo = fn(Kind) -> &'static str;

/// Every fault, and what it makes of each kind; both hosts have it, for as long as it is looked at.
fn table() -> Vec<(Option<Fault>, ComesTo)> {
    vec![
        (None, own),
        (Some(status(401)), |_| "recordingForbidden"),
        (Some(status(403)), |_| "recordingForbidden"),
        (Some(Fault::ExpiredToken), |_| "recordingForbidden"),
        (Some(status(404)), |_| "notFoundAnywhere"),
        (Some(status(500)), |_| "recordingHostFailing"),
        (Some(status(503)), |_| "recordingHostFailing"),
        (Some(Fault::Hang), |_| "recordingHostSlow"),
        (Some(Fault::Slow { millis: 200 }), own),
        (Some(Fault::Reset { after: 6_000 }), own),
        (Some(Fault::Dribble { bytes: 3_000, millis: 1 }), own),
        (Some(Fault::Truncate { after: 6_000 }), own),
        (Some(Fault::WrongLength { by: 77 }), own),
        (Some(Fault::IgnoreRange), own),
        (Some(Fault::WrongRange), |kind| match kind {
            // There are no ranges of nothing.
            Kind::Missing | Kind::ConvertOnly | Kind::Empty => own(kind),
            _ => "notAudio",
        }),
        // Several machines, each with a tag of its own for the same bytes.
        (Some(Fault::ChangedEtag), own),
        (Some(Fault::Huge), |kind| match own(kind) {
            said if said.starts_with("sound") => "recordingTooLarge",
            said => said,
        }),
        // Less than one frame of anything, as is the vendor's zero.
        (Some(Fault::Garbage), |_| "tooShort"),
        (Some(Fault::Html), |_| "notAudio"),
        (Some(Fault::Zero), |_| "tooShort"),
        (Some(Fault::Redirect { to: "http://elsewhere.invalid/".to_owned() }), |_| "notAudio"),
    ]
}

/// Looks for it, hears its first second, and waits for the rest: in words.
async fn comes_to(calls: Calls, case: &RecordingCase) -> String {
    let never = CancellationToken::new();
    let opened = calls.open(&target(case), ConvertPolicy::Never, |_| {}, &never).await;
    let recording = match opened {
        Ok(recording) => recording,
        Err(error) => return error.code().to_owned(),
    };
    let source = Arc::clone(&recording);
    let heard =
        tokio::task::spawn_blocking(move || save_region(&*source, (0.0, 1.0), &mut Cursor::new(Vec::new())));
    let mut said = match heard.await.expect("the decoder does not panic") {
        Ok(summary) if summary.seconds > 0.3 => "sound".to_owned(),
        Ok(summary) => format!("{} s of sound", summary.seconds),
        Err(error) => error.code().to_owned(),
    };
    if let Err(error) = recording.complete().await {
        said = format!("{said}, {}", recording.trouble().unwrap_or(error.code()));
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_with_every_fault_ends_in_sound_or_in_the_right_words() {
    let mut rows = tokio::task::JoinSet::new();
    // On a busy machine, all at once would keep each other waiting for longer than a client does.
    let turns = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    for (fault, expected) in table() {
        let turns = Arc::clone(&turns);
        rows.spawn(async move {
            let _turn = match fault {
                Some(Fault::Hang) => None,
                _ => Some(turns.acquire_owned().await.expect("nobody closes it")),
            };
            let analyst = Analyst::of(still()).await;
            for endpoint in [Endpoint::Telephony, Endpoint::Backup] {
                if let Some(fault) = &fault {
                    analyst.simulator.faults().set(endpoint, fault.clone(), None);
                }
            }
            let mut looks = tokio::task::JoinSet::new();
            for case in Kind::ALL.map(|kind| analyst.case(kind)) {
                // Each is asked eight times and answered by a time-out: together they would wait for one another.
                let waits = fault == Some(Fault::Hang);
                let calls = if waits { analyst.another().await } else { analyst.calls.clone() };
                looks.spawn(async move { (case.kind, comes_to(calls, &case).await) });
            }
            let wrong = looks.join_all().await.into_iter().filter(|(kind, said)| said != expected(*kind));
            let wrong: Vec<String> = wrong
                .map(|(kind, said)| format!("{kind:?} with {fault:?}: {said}, not {}", expected(kind)))
                .collect();
            wrong
        });
    }
    let mut wrong: Vec<String> = rows.join_all().await.concat();
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_word_a_recording_can_end_in_is_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/messages");
    let mut codes: Vec<&str> = table().iter().flat_map(|(_, of)| Kind::ALL.map(of)).collect();
    codes.extend([
        "recordingReconnecting",
        "recordingHostLost",
        "recordingChanged",
        "convertRefused",
        "neverAnswered",
        "foreignFormat",
        "signedOut",
        "invalidInput",
    ]);
    for language in ["en", "es", "pt-BR"] {
        let text = std::fs::read_to_string(folder.join(format!("{language}.json"))).expect("the catalogue");
        let texts: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for code in codes.iter().flat_map(|said| said.split(", ")).filter(|code| *code != "sound") {
            let sentence = texts[format!("problem_{code}")].as_str().unwrap_or_default();
            assert!(sentence.len() > 20, "{language} has no words for {code}");
        }
    }
}

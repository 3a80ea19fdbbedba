//! Single recordings that are odd: tags that say little, lengths that are not told or change, files that are replaced, places
//! that fail in passing or hold something else.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::wire::LocateUpdate;
use atalaya_calls::{ConvertPolicy, Recording, Target};
use atalaya_player::source::ByteSource;
use atalaya_simulator::{Fault, Kind, OddFile, RecordingCase};
use tokio_util::sync::CancellationToken;

mod common;
use common::{Analyst, code, endpoint, target};

const PATIENCE: Duration = Duration::from_secs(30);
/// A WAV without a sample.
const HEADER: &[u8] =
    b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0data\0\0\0\0";
const OGG: &[u8] = b"OggS\0\x02 and so on, and so on, and so on, and so on, and so on, and so on, and so on";

/// The longest recording of these kinds.
fn long(analyst: &Analyst, kinds: &[Kind]) -> RecordingCase {
    let cases = analyst.simulator.recordings().into_iter();
    cases.filter(|case| kinds.contains(&case.kind)).max_by_key(|case| case.seconds).expect("there is one")
}

async fn open(analyst: &Analyst, case: &RecordingCase) -> Arc<Recording> {
    let never = CancellationToken::new();
    let opened = analyst.calls.open(&target(case), ConvertPolicy::Never, |_| {}, &never).await;
    opened.expect("it begins")
}

#[tokio::test]
async fn tags_that_say_nothing_of_bytes_make_no_recording_another() {
    let odd = [
        OddFile::WeakTag,
        OddFile::ChangingTag { weak: false },
        OddFile::ChangingTag { weak: true },
        OddFile::UnknownTotal,
    ];
    for odd in odd {
        for kind in [Kind::Mp3Narrow, Kind::Gsm] {
            let analyst = Analyst::still().await;
            let case = long(&analyst, &[kind]);
            let whole = analyst.plain(&case).await;
            analyst.simulator.faults().file(&case.guid, odd.clone());
            // In several connections.
            analyst.simulator.faults().set(endpoint(&case), Fault::Reset { after: 60_000 }, Some(12));
            let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
            assert_eq!(fetched.map_err(|error| error.to_string()), Ok(whole), "{odd:?} {kind:?}");
            let (_, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
            assert!(matches!(heard.last(), Some(LocateUpdate::Found { cached: true, .. })), "it is kept");
        }
    }
}

#[tokio::test]
async fn a_length_nobody_tells_is_what_comes_even_in_one_answer() {
    let analyst = Analyst::still().await;
    for kind in [Kind::Tone1kGsm, Kind::Tone1kMp3, Kind::Mp3Wide] {
        let case = analyst.case(kind);
        let whole = analyst.plain(&case).await;
        analyst.simulator.faults().file(&case.guid, OddFile::UnknownTotal);
        let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
        assert_eq!(fetched.map_err(|error| error.to_string()), Ok(whole), "{kind:?}");
    }
}

#[tokio::test]
async fn a_weak_tag_lets_a_far_place_be_heard_before_what_lies_between() {
    let analyst = Analyst::still().await;
    let case = long(&analyst, &[Kind::Mp3Narrow]);
    let whole = analyst.plain(&case).await;
    analyst.simulator.faults().file(&case.guid, OddFile::WeakTag);
    analyst.simulator.faults().set(endpoint(&case), Fault::Dribble { bytes: 2_048, millis: 25 }, None);
    let recording = open(&analyst, &case).await;
    let wanted = whole.len() as u64 - 4_096;
    recording.want(wanted);
    let there = Arc::clone(&recording);
    let arrived = tokio::task::spawn_blocking(move || {
        let begun = std::time::Instant::now();
        while there.available_from(wanted) == 0 && begun.elapsed() < PATIENCE {
            there.wait_changed(Duration::from_secs(1));
        }
        there.available_from(wanted)
    });
    assert!(arrived.await.expect("no reader panics") > 0);
    assert!(recording.available_from(0) < wanted, "what lies between has not come yet");
}

#[tokio::test]
async fn a_recording_whose_call_goes_on_is_heard_as_far_as_it_goes_and_asked_for_again() {
    let analyst = Analyst::still().await;
    let case = long(&analyst, &[Kind::Mp3Narrow, Kind::Gsm]);
    let whole = analyst.plain(&case).await;
    analyst.simulator.faults().file(&case.guid, OddFile::Growing { from: 20_000, by: 5_000 });
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
    let first = fetched.expect("it is sound");
    assert!(
        first.len() >= 25_000 && first.len() < whole.len() && whole.starts_with(&first),
        "{}",
        first.len()
    );
    assert!(!heard.iter().any(|update| matches!(update, LocateUpdate::Moved { .. })), "it is one file");
    analyst.simulator.faults().clear();
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(fetched.expect("it is sound"), whole);
    assert!(matches!(heard.last(), Some(LocateUpdate::Found { cached: false, .. })), "{heard:?}");
}

#[tokio::test]
async fn a_file_replaced_while_it_is_read_is_read_anew_and_bytes_of_two_are_never_mixed() {
    for (kind, answers) in [(Kind::Mp3Narrow, 1), (Kind::Mp3Narrow, 2), (Kind::Gsm, 1)] {
        let analyst = Analyst::still().await;
        let case = long(&analyst, &[kind]);
        let before = analyst.plain(&case).await;
        analyst.simulator.faults().file(&case.guid, OddFile::ReplacedAfter { answers: 0 });
        let after = analyst.plain(&case).await;
        assert!(before != after && before.len() == after.len(), "only bytes and tag tell them apart");
        analyst.simulator.faults().file(&case.guid, OddFile::ReplacedAfter { answers });
        analyst.simulator.faults().set(endpoint(&case), Fault::Reset { after: 60_000 }, Some(12));
        let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
        assert!(fetched.expect("it is sound") == after, "{kind:?} after {answers}");
        assert!(heard.iter().any(|update| matches!(update, LocateUpdate::Moved { same_bytes: false, .. })));
        // What was read of the first is of the first alone.
        let analyst = Analyst::still().await;
        analyst.simulator.faults().file(&case.guid, OddFile::ReplacedAfter { answers });
        analyst.simulator.faults().set(endpoint(&case), Fault::Reset { after: 60_000 }, Some(12));
        let first = open(&analyst, &case).await;
        let next = analyst.calls.successor(&case.guid, &first).await.expect("the new one follows");
        assert!(before.starts_with(&first.bytes().expect("they are here")));
        next.complete().await.expect("it is whole");
    }
}

#[tokio::test]
async fn a_file_that_is_never_the_same_is_given_up_and_read_anew_when_it_is_wanted_again() {
    let analyst = Analyst::still().await;
    let case = long(&analyst, &[Kind::Mp3Narrow]);
    analyst.simulator.faults().file(&case.guid, OddFile::TakesTurns);
    let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(code(&fetched), "recordingChanged");
    let spoiled = open(&analyst, &case).await;
    spoiled.complete().await.unwrap_err();
    analyst.simulator.faults().clear();
    // The player still holds the spoiled one.
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(fetched.expect("it is whole"), analyst.plain(&case).await);
    assert!(
        matches!(heard.last(), Some(LocateUpdate::Found { cached: false, .. })),
        "nothing spoiled is kept"
    );
}

#[tokio::test]
async fn a_place_that_fails_in_passing_is_asked_again_twice_and_no_more() {
    let fails = |answers, code| OddFile::FailsAtFirst { answers, code };
    for (odd, comes) in [
        (fails(1, 500), "fetched"),
        (fails(2, 502), "fetched"),
        (fails(1, 503), "fetched"),
        (OddFile::BreaksAtFirst { answers: 1 }, "fetched"),
        (OddFile::BreaksAtFirst { answers: 2 }, "fetched"),
        (fails(3, 500), "recordingHostFailing"),
        (OddFile::BreaksAtFirst { answers: 3 }, "recordingHostDown"),
    ] {
        let analyst = Analyst::still().await;
        let case = analyst.case(Kind::Mp3Wide);
        analyst.simulator.faults().file(&case.guid, odd.clone());
        let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
        assert_eq!(code(&fetched), comes, "{odd:?}");
    }
}

#[tokio::test]
async fn a_stub_in_one_place_ends_no_search() {
    for stub in [&b""[..], HEADER, &b"ID3"[..]] {
        let analyst = Analyst::still().await;
        let stub = OddFile::Elsewhere(stub.into());
        for kind in [Kind::Mp3Wide, Kind::Gsm] {
            let case = analyst.case(kind);
            let whole = analyst.plain(&case).await;
            analyst.simulator.faults().file(&case.guid, stub.clone());
            let (fetched, _) = analyst.fetch(&case, ConvertPolicy::WhenNowhere).await;
            assert_eq!(fetched.map_err(|error| error.to_string()), Ok(whole), "{stub:?} {kind:?}");
        }
        assert_eq!(analyst.simulator.stats().converts, 0);
    }
}

#[tokio::test]
async fn a_stub_and_nothing_else_is_as_good_as_nowhere() {
    for stub in [&b""[..], HEADER, &b"ID3"[..]] {
        let analyst = Analyst::still().await;
        let case = analyst.case(Kind::ConvertOnly);
        analyst.simulator.faults().file(&case.guid, OddFile::Elsewhere(stub.into()));
        let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
        let nothing = code(&fetched);
        assert!(["empty", "tooShort"].contains(&nothing), "{nothing}");
        let (fetched, _) = analyst.fetch(&case, ConvertPolicy::WhenNowhere).await;
        assert_eq!(code(&fetched), "fetched", "{stub:?}");
        assert_eq!(analyst.simulator.stats().converts, 1);
        // What the server has nothing to convert for is told as it was found.
        let missing = analyst.case(Kind::Missing);
        analyst.simulator.faults().file(&missing.guid, OddFile::Elsewhere(stub.into()));
        let (fetched, _) = analyst.fetch(&missing, ConvertPolicy::WhenNowhere).await;
        assert_eq!(code(&fetched), nothing);
    }
}

#[tokio::test]
async fn what_no_place_can_answer_is_told_as_itself() {
    let analyst = Analyst::still().await;
    let never = CancellationToken::new();
    let mistyped = Target { guid: "020f9687 adc6".to_owned(), days: vec!["20260131".to_owned()] };
    let told = analyst.calls.open(&mistyped, ConvertPolicy::WhenNowhere, |_| {}, &never).await.unwrap_err();
    assert_eq!((told.code(), told.retryable()), ("invalidInput", false));
    let case = long(&analyst, &[Kind::Mp3Narrow]);
    analyst.simulator.faults().set(endpoint(&case), Fault::Dribble { bytes: 2_048, millis: 25 }, None);
    let half = open(&analyst, &case).await;
    analyst.client.end_session().await;
    let (fetched, _) = analyst.fetch(&analyst.case(Kind::Gsm), ConvertPolicy::WhenNowhere).await;
    assert_eq!(code(&fetched), "signedOut");
    analyst.calls.abandon_recordings();
    assert_eq!(half.complete().await.unwrap_err().code(), "signedOut");
    assert_eq!(analyst.simulator.stats().converts, 0);
}

#[tokio::test]
async fn a_format_that_is_not_played_is_named_and_can_be_had_as_it_is() {
    let analyst = Analyst::still().await;
    let case = analyst.case(Kind::Mp3Wide);
    analyst.simulator.faults().file(&case.guid, OddFile::Holds(OGG.into()));
    let (fetched, _) = analyst.fetch(&case, ConvertPolicy::WhenNowhere).await;
    let told = fetched.expect_err("it is not played");
    assert_eq!((told.code(), told.params()), ("foreignFormat", vec![("format", "Ogg".to_owned())]));
    assert_eq!(analyst.simulator.stats().converts, 0, "it is there");
    let never = CancellationToken::new();
    let kept = analyst.calls.open_as_it_is(&target(&case), &never).await.expect("it is there");
    kept.complete().await.expect("it is whole");
    assert_eq!((kept.ending(), kept.bytes().expect("they are here")), ("ogg", OGG.to_vec()));
}

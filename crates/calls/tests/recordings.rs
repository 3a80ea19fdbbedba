//! Finding and fetching recordings of a contact centre on a socket, from every place and with every fault.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::ConvertPolicy;
use atalaya_calls::wire::LocateUpdate;
use atalaya_player::source::ByteSource;
use atalaya_simulator::{Endpoint, Fault, Kind, RecordingCase};
use tokio_util::sync::CancellationToken;

mod common;
use common::{Analyst, SOUND, code, endpoint, target};

#[tokio::test]
async fn the_right_bytes_come_from_every_place_in_both_formats() {
    let analyst = Analyst::still().await;
    let mut places = std::collections::BTreeSet::new();
    for case in analyst.simulator.recordings().iter().filter(|case| SOUND.contains(&case.kind)) {
        let (fetched, heard) = analyst.fetch(case, ConvertPolicy::WhenNowhere).await;
        assert_eq!(fetched.unwrap(), analyst.plain(case).await, "{case:?}");
        let Some(LocateUpdate::Found { place, cached: false, .. }) = heard.last() else {
            panic!("found is said last: {heard:?}")
        };
        assert_eq!((place.host.name(), place.format.name()), (case.host, case.format));
        assert_eq!(place.day.is_some(), case.in_day_folder);
        places.insert((place.host.name(), case.in_day_folder, place.format.name()));
    }
    assert_eq!(places.len(), 8, "four places, two formats: {places:?}");
    assert_eq!(analyst.simulator.stats().converts, 0, "nothing that is somewhere is converted");
}

#[tokio::test]
async fn what_cannot_be_played_says_why() {
    let analyst = Analyst::still().await;
    for (kind, why) in [
        (Kind::Missing, "notFoundAnywhere"),
        (Kind::ConvertOnly, "notFoundAnywhere"),
        (Kind::Empty, "empty"),
        (Kind::Html, "notAudio"),
        (Kind::Truncated, "truncated"),
        (Kind::TooShort, "tooShort"),
    ] {
        let (fetched, _) = analyst.fetch(&analyst.case(kind), ConvertPolicy::Never).await;
        assert_eq!(code(&fetched), why, "{kind:?}");
        assert!(fetched.unwrap_err().to_string().len() > 20, "a sentence for {kind:?}");
    }
    assert_eq!(analyst.simulator.stats().converts, 0);
}

#[tokio::test]
async fn a_recording_nowhere_is_converted_when_asked_and_looked_for_again() {
    let analyst = Analyst::still().await;
    let case = analyst.case(Kind::ConvertOnly);
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::WhenNowhere).await;
    let converted = RecordingCase { host: "telephony", in_day_folder: true, format: "mp3", ..case.clone() };
    assert_eq!(fetched.unwrap(), analyst.plain(&converted).await);
    let at = |wanted: fn(&LocateUpdate) -> bool| heard.iter().position(wanted).expect("it was said");
    let order = [
        at(|update| matches!(update, LocateUpdate::Looking)),
        at(|update| matches!(update, LocateUpdate::Converting)),
        at(|update| matches!(update, LocateUpdate::LookingAgain { round: 1, .. })),
        at(|update| matches!(update, LocateUpdate::Found { .. })),
    ];
    assert!(order.is_sorted(), "{heard:?}");
    let (fetched, _) = analyst.fetch(&analyst.case(Kind::Missing), ConvertPolicy::WhenNowhere).await;
    assert_eq!(code(&fetched), "notFoundAnywhere", "the server's 0");
    let trail = analyst.store.audit().recent(10).unwrap();
    let trail: Vec<_> =
        trail.iter().map(|e| (e.operation.as_str(), e.target.clone(), e.outcome.clone())).collect();
    assert_eq!(trail.len(), 2, "both are in the audit trail: {trail:?}");
    assert!(trail.iter().all(|(operation, _, _)| *operation == "convert"));
    assert!(trail.iter().any(|(_, target, _)| *target == case.guid));
    assert_eq!(analyst.simulator.stats().converts, 1);
}

#[tokio::test]
async fn a_stream_that_breaks_goes_on_where_it_broke() {
    let faults = [
        Fault::Reset { after: 20_000 },
        Fault::WrongLength { by: 77 },
        Fault::Dribble { bytes: 30_000, millis: 2 },
        Fault::IgnoreRange,
        Fault::Slow { millis: 300 },
    ];
    for fault in faults {
        let analyst = Analyst::still().await;
        let case = analyst.case(Kind::Mp3Narrow);
        let whole = analyst.plain(&case).await;
        // The probe of the right place and what follows it: each meets the fault, not only the first.
        analyst.simulator.faults().set(endpoint(&case), fault.clone(), Some(6));
        let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
        assert_eq!(fetched.map_err(|error| error.to_string()), Ok(whole), "{fault:?}");
    }
}

#[tokio::test]
async fn a_range_nobody_asked_for_is_refused() {
    let analyst = Analyst::still().await;
    let case = analyst.case(Kind::Mp3Narrow);
    analyst.simulator.faults().set(endpoint(&case), Fault::WrongRange, None);
    let (fetched, _) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(code(&fetched), "notAudio");
}

#[tokio::test]
async fn hosts_that_are_away_are_told_from_a_recording_that_is_nowhere() {
    let analyst = Analyst::still().await;
    let case = analyst.case(Kind::ConvertOnly);
    analyst.simulator.down();
    let (fetched, _) = analyst.fetch(&case, ConvertPolicy::WhenNowhere).await;
    assert_eq!(code(&fetched), "recordingHostDown");
    analyst.simulator.up();
    assert_eq!(analyst.simulator.stats().converts, 0, "a host that is down may well have it");
}

#[tokio::test]
async fn kept_recordings_need_no_server_and_what_is_fetched_ahead_neither() {
    let analyst = Analyst::still().await;
    let (heard, ahead) = (analyst.case(Kind::Gsm), analyst.case(Kind::Mp3Wide));
    let first = analyst.fetch(&heard, ConvertPolicy::Never).await.0.unwrap();
    analyst.calls.prefetch(&target(&ahead), &CancellationToken::new()).await;
    // Whole once it is ours, so that what follows needs nobody.
    let whole = analyst.fetch(&ahead, ConvertPolicy::Never).await.0.unwrap();
    analyst.simulator.down();
    for (case, bytes) in [(&heard, &first), (&ahead, &whole)] {
        let (fetched, said) = analyst.fetch(case, ConvertPolicy::Never).await;
        assert_eq!(&fetched.unwrap(), bytes);
        assert!(matches!(said.last(), Some(LocateUpdate::Found { cached: true, .. })), "{said:?}");
    }
    // Another start of the program, the same folder.
    let later = Analyst::calls(&analyst.client, &analyst.store, analyst.folder.path());
    let never = CancellationToken::new();
    let again = later.fetch_all(&target(&heard), ConvertPolicy::Never, |_| {}, &never).await.unwrap();
    assert_eq!(again, first);
}

#[tokio::test]
async fn fetching_ahead_never_converts() {
    let analyst = Analyst::still().await;
    let never = CancellationToken::new();
    analyst.calls.prefetch(&target(&analyst.case(Kind::ConvertOnly)), &never).await;
    assert_eq!(analyst.simulator.stats().converts, 0);
    assert!(analyst.store.audit().recent(10).unwrap().is_empty());
}

#[tokio::test]
async fn bytes_far_ahead_are_asked_for_before_those_between() {
    let analyst = Analyst::still().await;
    let cases = analyst.simulator.recordings();
    let long =
        cases.iter().filter(|case| case.kind == Kind::Mp3Narrow).max_by_key(|case| case.seconds).unwrap();
    let whole = analyst.plain(long).await;
    // Slow enough that reading on in order would be told apart.
    analyst.simulator.faults().set(endpoint(long), Fault::Dribble { bytes: 2_048, millis: 25 }, None);
    let never = CancellationToken::new();
    let recording = analyst.calls.open(&target(long), ConvertPolicy::Never, |_| {}, &never).await.unwrap();
    let length = recording.len().expect("the place said how long it is");
    assert_eq!(length, whole.len() as u64);
    let wanted = length - 4_096;
    recording.want(wanted);
    let there = Arc::clone(&recording);
    let arrived = tokio::task::spawn_blocking(move || {
        let begun = std::time::Instant::now();
        while there.available_from(wanted) == 0 && begun.elapsed() < Duration::from_secs(20) {
            there.wait_changed(Duration::from_secs(1));
        }
        there.available_from(wanted)
    });
    assert!(arrived.await.unwrap() > 0);
    assert!(recording.available_from(0) < wanted, "what lies between has not come yet");
    let mut tail = vec![0; 1_024];
    let got = recording.read_at(wanted, &mut tail).unwrap();
    assert_eq!(tail[..got], whole[wanted as usize..wanted as usize + got]);
    drop(recording);
}

#[tokio::test]
async fn looking_can_be_stopped() {
    let analyst = Analyst::still().await;
    for endpoint in [Endpoint::Telephony, Endpoint::Backup] {
        analyst.simulator.faults().set(endpoint, Fault::Hang, None);
    }
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let on = move |update| {
        if matches!(update, LocateUpdate::Looking) {
            stop.cancel();
        }
    };
    let target = target(&analyst.case(Kind::Gsm));
    let opened = analyst.calls.open(&target, ConvertPolicy::WhenNowhere, on, &cancel).await;
    assert_eq!(opened.unwrap_err().code(), "cancelled");
}

//! A recording that is lost half way: the network comes back, or another place has it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::LocateUpdate;
use atalaya_calls::{ConvertPolicy, Recording};
use atalaya_player::source::ByteSource;
use atalaya_simulator::{Config, Copies, Endpoint, Fault, Kind, RecordingCase};
use tokio_util::sync::CancellationToken;

mod common;
use common::{Analyst, still, target};

const PATIENCE: Duration = Duration::from_secs(30);

type Heard = Arc<Mutex<Vec<LocateUpdate>>>;

async fn analyst(copies: Copies) -> Analyst {
    Analyst::of(Config { copies, ..still() }).await
}

/// The longest recording at the backup host.
fn at_backup(analyst: &Analyst, kinds: &[Kind]) -> RecordingCase {
    let cases = analyst.simulator.recordings().into_iter();
    let there = cases.filter(|case| kinds.contains(&case.kind) && case.host == "backup");
    there.max_by_key(|case| case.seconds).expect("there is one")
}

async fn open(analyst: &Analyst, case: &RecordingCase) -> (Arc<Recording>, Heard) {
    let heard = Heard::default();
    let ear = Arc::clone(&heard);
    let on = move |update| ear.lock().expect("no listener panics").push(update);
    let never = CancellationToken::new();
    let recording = analyst.calls.open(&target(case), ConvertPolicy::Never, on, &never).await.expect("found");
    (recording, heard)
}

/// Waits for what the recording says of itself.
async fn until(recording: &Arc<Recording>, wanted: impl Fn(&Recording) -> bool + Send + 'static) {
    let recording = Arc::clone(recording);
    let waiting = tokio::task::spawn_blocking(move || {
        let begun = std::time::Instant::now();
        while !wanted(&recording) {
            assert!(begun.elapsed() < PATIENCE, "it does not come: {:?}", recording.trouble());
            recording.wait_changed(Duration::from_millis(200));
        }
    });
    waiting.await.expect("it comes");
}

fn moved(heard: &Heard) -> Option<(&'static str, bool)> {
    heard.lock().expect("no listener panics").iter().find_map(|update| match update {
        LocateUpdate::Moved { place, same_bytes } => Some((place.host.name(), *same_bytes)),
        _ => None,
    })
}

/// Slow enough to be lost half way.
const SLOW: Fault = Fault::Dribble { bytes: 4_096, millis: 20 };

#[tokio::test]
async fn a_network_that_comes_back_is_gone_on_with() {
    let analyst = analyst(Copies::None).await;
    let case = at_backup(&analyst, &[Kind::Mp3Narrow, Kind::Gsm]);
    let whole = analyst.plain(&case).await;
    analyst.simulator.faults().set(Endpoint::Backup, SLOW, None);
    let (recording, heard) = open(&analyst, &case).await;
    until(&recording, |recording| recording.available_from(0) > 20_000).await;
    analyst.simulator.down();
    until(&recording, |recording| recording.trouble() == Some("recordingReconnecting")).await;
    assert!(!recording.is_complete(), "it may still come");
    analyst.simulator.faults().clear();
    analyst.simulator.up();
    recording.complete().await.unwrap();
    assert_eq!((recording.bytes().unwrap(), recording.trouble()), (whole, None));
    assert_eq!(moved(&heard), None);
}

#[tokio::test]
async fn the_same_file_elsewhere_is_read_on_from_where_it_broke() {
    let analyst = analyst(Copies::Same).await;
    let case = at_backup(&analyst, &[Kind::Mp3Narrow, Kind::Gsm]);
    let whole = analyst.plain(&case).await;
    // Nothing at the telephony host until the backup host is lost: the race must not find it there.
    analyst.simulator.faults().set(Endpoint::Telephony, Fault::Hang, None);
    analyst.simulator.faults().set(Endpoint::Backup, SLOW, None);
    let (recording, heard) = open(&analyst, &case).await;
    assert_eq!(recording.place().host.name(), "backup");
    until(&recording, |recording| recording.available_from(0) > 20_000).await;
    analyst.simulator.backup_down();
    analyst.simulator.faults().clear();
    recording.complete().await.unwrap();
    assert_eq!(recording.bytes().unwrap(), whole);
    assert_eq!((recording.place().host.name(), recording.trouble()), ("telephony", None));
    assert_eq!(moved(&heard), Some(("telephony", true)));
    assert!(recording.successor().await.is_none(), "it is the same recording");
}

#[tokio::test]
async fn another_file_of_the_same_call_is_a_recording_of_its_own() {
    for kind in [Kind::Mp3Narrow, Kind::Gsm] {
        let analyst = analyst(Copies::Other).await;
        let case = at_backup(&analyst, &[kind]);
        let whole = analyst.plain(&case).await;
        let copy = analyst.plain(&RecordingCase { host: "telephony", ..case.clone() }).await;
        assert_ne!(whole, copy);
        analyst.simulator.faults().set(Endpoint::Telephony, Fault::Hang, None);
        analyst.simulator.faults().set(Endpoint::Backup, SLOW, None);
        let (recording, heard) = open(&analyst, &case).await;
        until(&recording, |recording| recording.available_from(0) > 20_000).await;
        analyst.simulator.backup_down();
        analyst.simulator.faults().clear();
        let next = analyst.calls.successor(&case.guid, &recording).await.expect("the copy follows");
        next.complete().await.unwrap();
        assert_eq!(next.bytes().unwrap(), copy, "{kind:?}");
        let part = recording.bytes().unwrap();
        assert!(part.len() > 20_000 && whole.starts_with(&part), "nothing of the copy came into the first");
        assert_eq!(moved(&heard), Some(("telephony", false)));
        // The next time it is here, and the copy it is.
        analyst.simulator.down();
        let (again, _) = open(&analyst, &case).await;
        assert_eq!(again.bytes().unwrap(), copy);
    }
}

#[tokio::test]
async fn a_damaged_file_is_heard_whole_where_a_whole_one_is() {
    let analyst = analyst(Copies::Other).await;
    let case = at_backup(&analyst, &[Kind::Truncated]);
    let copy = analyst.plain(&RecordingCase { host: "telephony", ..case.clone() }).await;
    // The damaged one is found first.
    analyst.simulator.faults().set(Endpoint::Telephony, Fault::Slow { millis: 400 }, Some(8));
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(fetched.unwrap(), copy);
    assert!(heard.iter().any(|update| matches!(update, LocateUpdate::Moved { same_bytes: false, .. })));
}

#[tokio::test]
async fn what_was_fetched_ahead_is_let_go_when_the_person_goes_elsewhere() {
    let analyst = analyst(Copies::None).await;
    let case = at_backup(&analyst, &[Kind::Mp3Narrow, Kind::Gsm]);
    let whole = analyst.plain(&case).await;
    analyst.simulator.faults().set(Endpoint::Backup, SLOW, None);
    let never = CancellationToken::new();
    let asked = |analyst: &Analyst| analyst.simulator.stats().requests.values().sum::<u64>();
    analyst.calls.prefetch(&target(&case), &never).await;
    // Its turn: it goes on arriving, and nobody looks for it again.
    analyst.calls.forget_ahead(&case.guid);
    let before = asked(&analyst);
    let (recording, _) = open(&analyst, &case).await;
    assert_eq!(asked(&analyst), before);
    drop(recording);
    // Another's turn: it is gone, and its fetch with it.
    analyst.calls.forget_ahead("another");
    analyst.simulator.faults().clear();
    let (fetched, heard) = analyst.fetch(&case, ConvertPolicy::Never).await;
    assert_eq!(fetched.unwrap(), whole);
    assert!(matches!(heard.last(), Some(LocateUpdate::Found { cached: false, .. })), "{heard:?}");
    // One that nobody waits for any more is not even looked for.
    let stopped = CancellationToken::new();
    stopped.cancel();
    let other = at_backup(&analyst, &[Kind::Mp3Wide, Kind::Mp3Stereo]);
    analyst.calls.prefetch(&target(&other), &stopped).await;
    let (_, heard) = analyst.fetch(&other, ConvertPolicy::Never).await;
    assert!(matches!(heard.last(), Some(LocateUpdate::Found { cached: false, .. })), "{heard:?}");
}

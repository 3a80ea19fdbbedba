//! The race between hosts that answer when it is their turn, whatever the time: who is asked when, and whose answer is taken.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_ucontact::{Answering, Format, Options, Pieces, Secret, Sending, Server, Transport};
use bytes::Bytes;
use tokio::sync::watch;

use super::*;

const GUID: &str = "0123456789abcdef";
const DAY: &str = "20260131";
/// Longer than anything here takes: whoever waits for it hangs.
const LONG: Duration = Duration::from_secs(30);

/// A place that has something to say of its own: what it has, and after how many other answers it says so.
type Says = (&'static str, usize, Option<Vec<u8>>);

/// Two hosts, of which nobody answers before so many places are asked; who is not named has nothing.
struct Hosts {
    places: Vec<Says>,
    at_once: usize,
    asked: Arc<Mutex<Vec<String>>>,
    /// Places asked, and answers given.
    course: watch::Sender<(usize, usize)>,
}

impl Transport for Hosts {
    fn send(&self, request: http::Request<Bytes>) -> Sending {
        let uri = request.uri();
        let place = format!("{}{}", uri.host().unwrap_or_default(), uri.path()).replace(GUID, "call");
        if !place.contains("/records/") {
            let token = br#""c3VwZXI6MjdjN2M1YzktOTNjNC00NjIy""#.to_vec();
            return Box::pin(async { Ok(answer(200, token)) });
        }
        let place = place.replace("/records", "");
        let known = self.places.iter().find(|(name, _, _)| *name == place);
        let (after, file) = known.map_or((0, None), |(_, after, file)| (*after, file.clone()));
        self.asked.lock().unwrap().push(place);
        self.course.send_modify(|(asked, _)| *asked += 1);
        // Who is named for having nothing says so at once.
        let at_once = if known.is_some() && file.is_none() { 0 } else { self.at_once };
        let course = self.course.clone();
        Box::pin(async move {
            let mut turn = course.subscribe();
            let _ = turn.wait_for(|(asked, answered)| *asked >= at_once && *answered >= after).await;
            course.send_modify(|(_, answered)| *answered += 1);
            Ok(if let Some(file) = file { answer(200, file) } else { answer(404, Vec::new()) })
        })
    }
}

fn answer(status: u16, body: Vec<u8>) -> Answering {
    let pieces: Pieces = Box::pin(futures_util::stream::iter([Ok(Bytes::from(body))]));
    let mut answer = Answering::new(pieces);
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
    answer
}

fn fixture(name: &str) -> Vec<u8> {
    let file = format!("{}/../player/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(file).unwrap()
}

fn mp3() -> Vec<u8> {
    fixture("speech8k.mp3")
}

fn gsm() -> Vec<u8> {
    fixture("speech.gsm")
}

/// Looks for the call; where it was found, and who was asked.
async fn found(stats: &PlaceStats, at_once: usize, places: Vec<Says>) -> (String, Vec<String>) {
    let asked = Arc::default();
    let hosts = Hosts { places, at_once, asked: Arc::clone(&asked), course: watch::Sender::default() };
    let server = Server::parse("https://u", Some("https://tel"), Some("https://bak"), None).unwrap();
    let password = Secret::new("secret");
    let client =
        Client::sign_in_over(Arc::new(hosts), server, "super", password, Options::default()).await.unwrap();
    let wanted = Wanted {
        guid: GUID,
        days: &[DAY.to_owned()],
        formats: &[Format::Mp3, Format::Gsm],
        skip: &|_| false,
        foreign_too: false,
    };
    let never = CancellationToken::new();
    let opened = tokio::time::timeout(LONG, locate(&client, stats, &wanted, &|_| (), &never)).await;
    let asked = asked.lock().unwrap().clone();
    (opened.expect("nobody waits for what is not asked").unwrap().place.label(), asked)
}

#[tokio::test]
async fn of_a_day_nothing_is_known_of_all_are_asked_at_once_and_later_one_alone() {
    let stats = PlaceStats::default();
    let there = || vec![("bak/20260131/call.gsm", 0, Some(gsm()))];
    // Nobody says a word before all eight are asked.
    let (place, asked) = found(&stats, 8, there()).await;
    assert_eq!((place.as_str(), asked.len()), ("backup/20260131/gsm", 8), "each once: {asked:?}");
    let (place, asked) = found(&stats, 1, there()).await;
    assert_eq!(place, "backup/20260131/gsm");
    assert_eq!(asked, ["bak/20260131/call.gsm"], "the one that had it");
}

#[tokio::test]
async fn which_encoding_is_heard_is_no_matter_of_who_is_quick() {
    // GSM is there before anybody else has said anything, MP3 when everybody else has.
    let both = vec![("bak/call.gsm", 0, Some(gsm())), ("tel/20260131/call.mp3", 7, Some(mp3()))];
    let (place, _) = found(&PlaceStats::default(), 8, both).await;
    assert_eq!(place, "telephony/20260131/mp3");
    // Of two in GSM, the better place, whichever was first.
    let two =
        vec![("bak/call.gsm", 0, Some(gsm())), ("tel/call.gsm", 5, Some(gsm())), ("tel/call.mp3", 7, None)];
    let (place, _) = found(&PlaceStats::default(), 8, two).await;
    assert_eq!(place, "telephony/gsm");
    // Nobody waits for ever for an MP3 that may not be there.
    let slow = vec![("bak/call.gsm", 0, Some(gsm())), ("tel/call.mp3", usize::MAX, Some(mp3()))];
    let (place, _) = found(&PlaceStats::default(), 8, slow).await;
    assert_eq!(place, "backup/gsm");
}

#[tokio::test]
async fn a_guess_from_another_day_is_asked_first_and_then_all_the_others_at_once() {
    let stats = PlaceStats::default();
    let other = Some("20260130".to_owned());
    let place = Place { host: atalaya_ucontact::Host::Telephony, day: other.clone(), format: Format::Mp3 };
    stats.answered(&place, Some(206), other.as_ref(), true);
    // The guess was wrong; of the others nobody answers before all are asked.
    let places = vec![("tel/20260131/call.mp3", 0, None), ("tel/call.gsm", 0, Some(gsm()))];
    let (place, asked) = found(&stats, 8, places).await;
    assert_eq!(place, "telephony/gsm");
    assert_eq!((asked[0].as_str(), asked.len()), ("tel/20260131/call.mp3", 8), "{asked:?}");
}

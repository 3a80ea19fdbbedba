//! Finding a recording: the places race, the first bytes that really are sound win.
//!
//! Left out on purpose: what to do when it is nowhere.

use std::collections::VecDeque;
use std::time::Duration;

use atalaya_player::{Sniffed, sniff};
use atalaya_ucontact::{ByteRange, Client, Error as ServerError, ErrorKind, Format, Place};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::places::{self, Known, to_wire};
use crate::recording::Opened;
use crate::wire::Attempt;

/// What a probe asks for: enough to know it is sound, and two seconds of it.
const PROBE_BYTES: u64 = 8_192;
const AT_ONCE: usize = 4;
/// The others follow the likely one after this, or at once when it has nothing.
const HEDGE: Duration = Duration::from_millis(150);
/// GSM places are asked no later than this.
const GSM_AFTER: Duration = Duration::from_millis(250);

/// What one place has.
struct Probe {
    place: Place,
    millis: u32,
    answer: Result<Opened, Miss>,
    status: Option<u16>,
}

/// Why a place is not it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Miss {
    NotFound,
    NotAudio,
    Empty,
    TooShort,
    Forbidden,
    Unreachable,
    Timeout,
    Error,
}

impl Miss {
    fn outcome(self) -> &'static str {
        match self {
            Self::NotFound => "notFound",
            Self::NotAudio | Self::TooShort => "notAudio",
            Self::Empty => "empty",
            Self::Forbidden => "forbidden",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }
}

/// Asks the places for a recording, but for those to `skip`. Each answer is told to `tried`; the losers are dropped.
///
/// # Errors
/// `notFoundAnywhere`, or what the places said when that is more than "no".
#[expect(clippy::too_many_arguments, reason = "each is one plain fact about the search")]
pub(crate) async fn find(
    client: &Client,
    known: &Known,
    guid: &str,
    days: &[String],
    formats: &[Format],
    skip: &(dyn Fn(&Place) -> bool + Send + Sync),
    tried: &(dyn Fn(Attempt) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Opened, Error> {
    let with_backup = client.server().backup.is_some();
    let likely = known.likely(days.first()).filter(|place| formats.contains(&place.format) && !skip(place));
    let list = |format| -> VecDeque<Place> {
        let wanted = formats.contains(&format);
        let places = if wanted { places::all(days, format, with_backup) } else { Vec::new() };
        places.into_iter().filter(|place| Some(place) != likely.as_ref() && !skip(place)).collect()
    };
    let (mut mp3, mut gsm) = (list(Format::Mp3), list(Format::Gsm));
    let begun = tokio::time::Instant::now();
    let mut running: FuturesUnordered<BoxFuture<'_, Probe>> = FuturesUnordered::new();
    let mut mp3_out = 0usize;
    let hedging = likely.is_some();
    let mut others_may_go = !hedging;
    if let Some(place) = likely {
        mp3_out += usize::from(place.format == Format::Mp3);
        running.push(Box::pin(probe(client, place, guid)));
    }
    let mut misses = Vec::new();
    loop {
        let gsm_may_go = (mp3.is_empty() && mp3_out == 0 && others_may_go) || begun.elapsed() >= GSM_AFTER;
        while running.len() < AT_ONCE && others_may_go {
            let place = match mp3.pop_front() {
                Some(place) => {
                    mp3_out += 1;
                    place
                }
                None if gsm_may_go => match gsm.pop_front() {
                    Some(place) => place,
                    None => break,
                },
                None => break,
            };
            running.push(Box::pin(probe(client, place, guid)));
        }
        if running.is_empty() && mp3.is_empty() && gsm.is_empty() {
            return Err(verdict(&misses));
        }
        let hedge = tokio::time::sleep_until(begun + HEDGE);
        let gsm_time = tokio::time::sleep_until(begun + GSM_AFTER);
        let done = tokio::select! {
            () = cancel.cancelled() => return Err(Error::Cancelled),
            Some(done) = running.next() => done,
            () = hedge, if !others_may_go => {
                others_may_go = true;
                continue;
            }
            () = gsm_time, if others_may_go && !gsm_may_go => continue,
        };
        others_may_go = true;
        mp3_out -= usize::from(done.place.format == Format::Mp3);
        let won = done.answer.is_ok();
        known.answered(&done.place, done.status, days.first(), won);
        tried(Attempt {
            place: to_wire(&done.place),
            status: done.status,
            outcome: done.answer.as_ref().map_or_else(|miss| miss.outcome(), |_| "found").to_owned(),
            millis: done.millis,
        });
        match done.answer {
            Ok(opened) => return Ok(opened),
            Err(miss) => misses.push(miss),
        }
    }
}

/// The most telling of what the places said.
fn verdict(misses: &[Miss]) -> Error {
    let any = |miss| misses.contains(&miss);
    if any(Miss::Empty) {
        Error::Empty
    } else if any(Miss::TooShort) {
        Error::TooShort
    } else if any(Miss::Forbidden) {
        Error::Forbidden
    } else if any(Miss::Unreachable) {
        Error::HostDown
    } else if any(Miss::Error) {
        Error::HostFailing
    } else if any(Miss::Timeout) {
        Error::HostSlow
    } else if any(Miss::NotAudio) {
        Error::NotAudio
    } else {
        Error::NotFoundAnywhere
    }
}

fn miss_of(error: &ServerError) -> Miss {
    match error.kind {
        ErrorKind::NotFound => Miss::NotFound,
        ErrorKind::Forbidden => Miss::Forbidden,
        ErrorKind::Timeout => Miss::Timeout,
        ErrorKind::Misdirected if error.status == Some(416) => Miss::Empty,
        ErrorKind::Misdirected => Miss::NotAudio,
        ErrorKind::Unreachable | ErrorKind::UnknownHost | ErrorKind::Certificate => Miss::Unreachable,
        _ => Miss::Error,
    }
}

async fn probe(client: &Client, place: Place, guid: &str) -> Probe {
    let begun = client.clock().steady();
    let mut status = None;
    let answer = ask(client, &place, guid, &mut status).await;
    let millis = u32::try_from(client.clock().since(begun).as_millis()).unwrap_or(u32::MAX);
    Probe { place, millis, answer, status }
}

async fn ask(client: &Client, place: &Place, guid: &str, status: &mut Option<u16>) -> Result<Opened, Miss> {
    let range = ByteRange { start: 0, end: Some(PROBE_BYTES - 1) };
    let mut response = client.recording(place, guid, Some(range), None).await.map_err(|error| {
        *status = error.status;
        miss_of(&error)
    })?;
    *status = Some(response.status);
    let mut first = Vec::with_capacity(PROBE_BYTES as usize);
    let mut ended = false;
    while (first.len() as u64) < PROBE_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => first.extend_from_slice(&chunk),
            Ok(None) => {
                ended = true;
                break;
            }
            // What came may be enough; the reader finds out about the rest.
            Err(_) if !first.is_empty() => break,
            Err(error) => return Err(miss_of(&error)),
        }
    }
    match sniff(&first) {
        Sniffed::Mp3 | Sniffed::Gsm | Sniffed::Wav49 => {}
        Sniffed::Empty => return Err(Miss::Empty),
        Sniffed::TooShort => return Err(Miss::TooShort),
        Sniffed::Html | Sniffed::Unknown => return Err(Miss::NotAudio),
    }
    let whole = !response.partial && ended;
    let total = response.total.or(whole.then_some(first.len() as u64));
    let (partial, etag) = (response.partial, response.etag.clone());
    // A stream that goes on from here is read on; a range is asked for anew from its end.
    let rest = (!partial && !ended).then_some(response);
    Ok(Opened { place: place.clone(), first, total, etag, rest })
}

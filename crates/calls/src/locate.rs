//! Locating a recording: the places race, the first bytes that really are sound win.
//!
//! Left out on purpose: what to do when it is nowhere.

mod probe;

use std::collections::VecDeque;
use std::time::Duration;

use atalaya_ucontact::{Client, Format, Place};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use self::probe::{Miss, Probe, probe};
use crate::error::Error;
use crate::places::{self, PlaceStats};
use crate::recording::Opened;
use crate::wire::{Attempt, PlaceAnswer};

const AT_ONCE: usize = 4;
/// The others follow the likely one after this, or at once when it has nothing.
const HEDGE: Duration = Duration::from_millis(150);
/// GSM places are asked no later than this.
const GSM_AFTER: Duration = Duration::from_millis(250);

/// What is looked for, and where.
pub(crate) struct Wanted<'a> {
    pub(crate) guid: &'a str,
    /// Days whose folder may hold it, likeliest first.
    pub(crate) days: &'a [String],
    pub(crate) formats: &'a [Format],
    /// Places that are not asked.
    pub(crate) skip: &'a (dyn Fn(&Place) -> bool + Send + Sync),
    /// Whether a file of another kind will do, to be saved as it is.
    pub(crate) foreign_too: bool,
}

/// Asks the places for a recording. Each answer is told to `tried`; the losers are dropped.
///
/// # Errors
/// `notFoundAnywhere`, or what the places said when that is more than "no"; what is wrong whatever the place (a guid that
/// is none, a session that is over) at once.
pub(crate) async fn locate(
    client: &Client,
    stats: &PlaceStats,
    wanted: &Wanted<'_>,
    tried: &(dyn Fn(Attempt) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Opened, Error> {
    let Wanted { guid, days, formats, skip, .. } = *wanted;
    let look = |place| -> BoxFuture<'_, Probe> { Box::pin(probe(client, place, guid, wanted.foreign_too)) };
    let with_backup = client.server().backup.is_some();
    let likely = stats.likely(days.first()).filter(|place| formats.contains(&place.format) && !skip(place));
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
        running.push(look(place));
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
            running.push(look(place));
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
        if let Err(Miss::Over(error)) = done.answer {
            return Err(Error::Server(error));
        }
        mp3_out -= usize::from(done.place.format == Format::Mp3);
        let won = done.answer.is_ok();
        stats.answered(&done.place, done.status, days.first(), won);
        tried(Attempt {
            place: done.place.clone(),
            status: done.status,
            outcome: done.answer.as_ref().map_or_else(Miss::answer, |_| PlaceAnswer::Found),
            millis: done.millis,
        });
        match done.answer {
            Ok(opened) => return Ok(opened),
            Err(miss) => misses.push(miss),
        }
    }
}

/// The most telling of what the places said. What a host that failed may have is not said to be nowhere; next to that, a
/// stub tells more than an answer that is no sound.
fn verdict(misses: &[Miss]) -> Error {
    let said = |telling: fn(&Miss) -> bool| misses.iter().any(telling);
    if let Some(foreign) = misses.iter().find_map(Miss::foreign) {
        Error::Foreign(foreign)
    } else if said(|miss| matches!(miss, Miss::Forbidden)) {
        Error::Forbidden
    } else if said(|miss| matches!(miss, Miss::Unreachable)) {
        Error::HostDown
    } else if said(|miss| matches!(miss, Miss::Error)) {
        Error::HostFailing
    } else if said(|miss| matches!(miss, Miss::Timeout)) {
        Error::HostSlow
    } else if said(|miss| matches!(miss, Miss::Empty)) {
        Error::Empty
    } else if said(|miss| matches!(miss, Miss::TooShort)) {
        Error::TooShort
    } else if said(|miss| matches!(miss, Miss::NotAudio)) {
        Error::NotAudio
    } else {
        Error::NotFoundAnywhere
    }
}

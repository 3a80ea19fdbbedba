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

/// Places asked at once, as a rule.
const AT_ONCE: usize = 4;
/// All places of a day in both encodings: of a day nothing is known of there is no better guess, and whoever waits for one
/// answer before the next question waits twice.
const ALL_AT_ONCE: usize = 8;
/// The others follow the likely one after this, or at once when it has nothing.
const HEDGE: Duration = Duration::from_millis(150);
/// MP3 is waited for no longer than this: then GSM places are asked, and GSM that was found is taken.
const GSM_AFTER: Duration = Duration::from_millis(if cfg!(test) { 2_000 } else { 250 });

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
    let mut waiting = Waiting { mp3: list(Format::Mp3), gsm: list(Format::Gsm), mp3_out: 0 };
    let known = stats.knows(days.first());
    let at_once = if known { AT_ONCE } else { ALL_AT_ONCE };
    let begun = tokio::time::Instant::now();
    let mut running: FuturesUnordered<BoxFuture<'_, Probe>> = FuturesUnordered::new();
    let mut others_may_go = likely.is_none();
    if let Some(place) = likely.clone() {
        waiting.mp3_out += usize::from(place.format == Format::Mp3);
        running.push(look(place));
    }
    let mut misses = Vec::new();
    // GSM that was found while an MP3 of the same call may still come.
    let mut held: Option<Found> = None;
    loop {
        let no_mp3 = waiting.mp3.is_empty() && waiting.mp3_out == 0;
        let late = begun.elapsed() >= GSM_AFTER;
        if let Some(found) = held.take_if(|_| no_mp3 || late) {
            return Ok(found.won(stats, days));
        }
        let gsm_may_go = (no_mp3 && others_may_go) || late;
        while running.len() < at_once && others_may_go {
            let next = if known { waiting.one_by_one(gsm_may_go) } else { waiting.of_the_day(days) };
            let Some(place) = next else { break };
            running.push(look(place));
        }
        if running.is_empty() && waiting.mp3.is_empty() && waiting.gsm.is_empty() {
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
            () = gsm_time, if others_may_go && !late => continue,
        };
        others_may_go = true;
        if let Err(Miss::Over(error)) = done.answer {
            return Err(Error::Server(error));
        }
        waiting.mp3_out -= usize::from(done.place.format == Format::Mp3);
        tried(Attempt {
            place: done.place.clone(),
            status: done.status,
            outcome: done.answer.as_ref().map_or_else(Miss::answer, |_| PlaceAnswer::Found),
            millis: done.millis,
        });
        match done.answer {
            Ok(opened) => {
                let found = Found { opened, place: done.place, status: done.status };
                // Whichever answers first is chance; which of the two encodings is heard is not.
                let may_win =
                    known || found.place.format == Format::Mp3 || likely.as_ref() == Some(&found.place);
                if may_win {
                    if let Some(other) = held {
                        stats.answered(&other.place, other.status, days.first(), false);
                    }
                    return Ok(found.won(stats, days));
                }
                let rank = |place: &Place| {
                    places::all(days, place.format, with_backup).iter().position(|one| one == place)
                };
                let better = held.as_ref().is_none_or(|other| rank(&found.place) < rank(&other.place));
                let left = if better { held.replace(found) } else { Some(found) };
                if let Some(left) = left {
                    stats.answered(&left.place, left.status, days.first(), false);
                }
            }
            Err(miss) => {
                stats.answered(&done.place, done.status, days.first(), false);
                misses.push(miss);
            }
        }
    }
}

/// A place that has it.
struct Found {
    opened: Opened,
    place: Place,
    status: Option<u16>,
}

impl Found {
    fn won(self, stats: &PlaceStats, days: &[String]) -> Opened {
        stats.answered(&self.place, self.status, days.first(), true);
        self.opened
    }
}

/// Places that were not asked yet, likeliest first.
struct Waiting {
    mp3: VecDeque<Place>,
    gsm: VecDeque<Place>,
    /// MP3 places that were asked and have not answered.
    mp3_out: usize,
}

impl Waiting {
    /// The next one in the order that was learned: GSM after MP3.
    fn one_by_one(&mut self, gsm_may_go: bool) -> Option<Place> {
        self.next_mp3().or_else(|| if gsm_may_go { self.gsm.pop_front() } else { None })
    }

    /// The next one where nothing was learned: all of the likeliest day, then its neighbour's.
    fn of_the_day(&mut self, days: &[String]) -> Option<Place> {
        let near = |places: &VecDeque<Place>| {
            places.front().is_some_and(|place| place.day.is_none() || place.day.as_ref() == days.first())
        };
        if near(&self.mp3) || !near(&self.gsm) {
            self.next_mp3().or_else(|| self.gsm.pop_front())
        } else {
            self.gsm.pop_front()
        }
    }

    fn next_mp3(&mut self) -> Option<Place> {
        let place = self.mp3.pop_front()?;
        self.mp3_out += 1;
        Some(place)
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

#[cfg(test)]
mod tests;

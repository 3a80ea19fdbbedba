//! Filling a recording from the place that has it: from where bytes are wanted, again after every break, and from
//! another place when this one is lost.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use atalaya_ucontact::{ByteRange, Error as ServerError, ErrorKind, Format, Place, RecordingResponse};
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::{End, LIMIT, Opened, Origin, Recording, Shared};
use crate::locate::locate;
use crate::wire::LocateUpdate;

/// Bytes this close ahead come sooner by waiting than by asking anew.
const NEAR: u64 = 64 * 1024;
const RESUME_FIRST: Duration = Duration::from_millis(50);
const RESUME_CAP: Duration = Duration::from_secs(5);
/// Answers without a byte after which the file is taken for damaged.
const RESUMES: u32 = 5;
/// Waits for a host that does not answer, 37 s of them in all, after which it is lost.
const KNOCKS: u32 = 13;
/// Of those, the one after which the other places are asked.
const LOOK_ELSEWHERE_AFTER: u32 = 3;

/// Fills one recording.
pub(super) struct Fetch {
    pub(super) origin: Origin,
    pub(super) etag: Option<String>,
    pub(super) shared: Arc<Shared>,
}

/// Why a stream was left.
enum Left {
    /// Its end was reached.
    Ended,
    /// Bytes elsewhere are wanted first.
    WantedElsewhere,
    /// The connection failed, or what it brought cannot be used.
    Broken(ServerError),
    /// The host does not answer at all.
    Away,
    /// The file is another one now.
    Changed,
    TooLarge,
    Disk(io::Error),
}

/// What the other places have.
enum Elsewhere {
    /// The same bytes: they are fetched from there now.
    Same,
    /// A copy that may differ: it follows.
    Copy,
    Nothing,
}

impl Fetch {
    pub(super) async fn run(mut self, rest: Option<RecordingResponse>) {
        let end = self.fill(rest).await;
        if let End::Failed(why) = end {
            tracing::debug!(place = self.place().label(), why, "a recording could not be fetched whole");
        }
        let mut state = self.shared.state();
        if end == End::Whole
            && let Some(part) = state.part.clone()
        {
            let Origin { cache, account, guid, .. } = &self.origin;
            match cache.finish(&part, account, guid, &state.place) {
                Ok(pinned) => {
                    state.part = None;
                    state.pinned = Some(pinned);
                }
                // It is heard all the same; only the next time it is fetched again.
                Err(error) => tracing::warn!(%error, "a recording could not be kept"),
            }
        }
        state.end = end;
        self.shared.tell(state);
    }

    fn place(&self) -> Place {
        self.shared.state().place.clone()
    }

    fn troubled(&self, trouble: Option<&'static str>) {
        let mut state = self.shared.state();
        if state.trouble != trouble {
            state.trouble = trouble;
            self.shared.tell(state);
        }
    }

    async fn fill(&mut self, rest: Option<RecordingResponse>) -> End {
        let mut stream = rest.map(|response| (self.received(), response));
        // Answers that brought nothing, and knocks at a door that nobody opened, since the last byte.
        let (mut futile, mut knocks) = (0, 0);
        loop {
            let Some(next) = self.next_gap() else { return End::Whole };
            let before = self.received();
            let left = match stream.take() {
                Some((at, response)) => self.drain(at, response).await,
                None => match self.ask(next).await {
                    Ok((at, response)) => self.drain(at, response).await,
                    Err(left) => left,
                },
            };
            if self.received() > before {
                (futile, knocks) = (0, 0);
                self.troubled(None);
            }
            let mut gone = false;
            match left {
                Left::Ended => {
                    let mut state = self.shared.state();
                    // A length nobody declared is what came.
                    if state.total.is_none() {
                        state.total = Some(state.have.from(0));
                        return End::Whole;
                    }
                    drop(state);
                    futile += u32::from(self.received() == before);
                }
                Left::WantedElsewhere => continue,
                Left::Changed => return End::Failed("recordingChanged"),
                Left::TooLarge => return End::Failed("recordingTooLarge"),
                Left::Disk(error) => {
                    tracing::warn!(%error, "a recording could not be written to the cache");
                    return End::Failed("cacheFailed");
                }
                Left::Broken(error) => {
                    gone = matches!(error.kind, ErrorKind::NotFound | ErrorKind::Forbidden);
                    futile += u32::from(self.received() == before);
                }
                Left::Away => knocks += 1,
            }
            let damaged = gone || futile >= RESUMES;
            if damaged || knocks == LOOK_ELSEWHERE_AFTER {
                match self.elsewhere(!damaged).await {
                    Elsewhere::Same => (futile, knocks) = (0, 0),
                    Elsewhere::Copy => return End::Cut,
                    Elsewhere::Nothing if damaged => return End::Cut,
                    Elsewhere::Nothing => {}
                }
            }
            if knocks > 1 {
                self.troubled(Some("recordingReconnecting"));
            }
            if knocks >= KNOCKS {
                tracing::info!(place = self.place().label(), "a host of recordings was lost half way");
                self.troubled(Some("recordingHostLost"));
                return End::Cut;
            }
            let waits = futile.max(knocks);
            if waits > 0 {
                tokio::time::sleep(RESUME_FIRST.saturating_mul(1 << (waits - 1)).min(RESUME_CAP)).await;
            }
        }
    }

    /// Looks for the recording in the other places, those of a host that is away left out.
    async fn elsewhere(&mut self, away: bool) -> Elsewhere {
        let Origin { client, stats, guid, days, on, copies_left, .. } = &self.origin;
        if *copies_left == 0 {
            return Elsewhere::Nothing;
        }
        let here = self.place();
        let skip = |place: &Place| if away { place.host == here.host } else { *place == here };
        let never = CancellationToken::new();
        let tried = |attempt| on(LocateUpdate::Tried { attempt });
        let formats = [Format::Mp3, Format::Gsm];
        let Ok(opened) = locate(client, stats, guid, days, &formats, &skip, &tried, &never).await else {
            return Elsewhere::Nothing;
        };
        let (place, same_bytes) = (opened.place.clone(), self.same_bytes(&opened));
        tracing::info!(place = opened.place.label(), same_bytes, "a recording goes on from another place");
        let origin = Origin { copies_left: copies_left - 1, ..self.origin.clone() };
        if same_bytes {
            self.origin = origin;
            let mut state = self.shared.state();
            state.place = opened.place;
            state.trouble = None;
            self.shared.tell(state);
        } else {
            match Recording::arriving(origin, opened) {
                Ok(copy) => self.shared.state().successor = Some(Arc::new(copy)),
                Err(error) => {
                    tracing::warn!(%error, "another copy of a recording could not be opened");
                    return Elsewhere::Nothing;
                }
            }
        }
        (self.origin.on)(LocateUpdate::Moved { place, same_bytes });
        if same_bytes { Elsewhere::Same } else { Elsewhere::Copy }
    }

    /// Whether what another place has is provably this file: its length and its strong validator, and the beginning.
    fn same_bytes(&self, opened: &Opened) -> bool {
        let state = self.shared.state();
        let strong = self.etag.as_ref().is_some_and(|etag| !etag.starts_with("W/"));
        let named_alike = state.total.is_some() && opened.total == state.total && opened.etag == self.etag;
        let alike = strong && named_alike && opened.place.format == state.place.format;
        drop(state);
        let mut ours = vec![0; opened.first.len()];
        alike && self.shared.read_at(0, &mut ours).is_ok_and(|read| ours[..read] == opened.first[..read])
    }

    fn received(&self) -> u64 {
        let state = self.shared.state();
        let mut at = 0;
        let mut sum = 0;
        while let Some(start) = state.have.next_start(at) {
            let length = state.have.from(start);
            sum += length;
            at = start + length;
        }
        sum
    }

    /// Where to read next: what is wanted, then the first gap.
    fn next_gap(&self) -> Option<u64> {
        let state = self.shared.state();
        let Some(total) = state.total else { return Some(state.have.first_gap(0)) };
        let wanted = state.have.first_gap(state.wanted.min(total));
        if wanted < total {
            return Some(wanted);
        }
        let first = state.have.first_gap(0);
        (first < total).then_some(first)
    }

    async fn ask(&self, start: u64) -> Result<(u64, RecordingResponse), Left> {
        let range = ByteRange { start, end: None };
        let (client, guid) = (&self.origin.client, &self.origin.guid);
        let answer = client.recording(&self.place(), guid, Some(range), self.etag.as_deref()).await;
        let response = answer.map_err(|error| match error.kind {
            ErrorKind::Unreachable
            | ErrorKind::UnknownHost
            | ErrorKind::Timeout
            | ErrorKind::Busy
            | ErrorKind::ServerError => Left::Away,
            _ => Left::Broken(error),
        })?;
        let total = self.shared.state().total;
        let same_length = response.total.is_none() || total.is_none() || response.total == total;
        let same_tag = self.etag.is_none() || response.etag.is_none() || response.etag == self.etag;
        if !same_length || !same_tag {
            return Err(Left::Changed);
        }
        Ok((response.start, response))
    }

    async fn drain(&self, at: u64, mut response: RecordingResponse) -> Left {
        let mut position = at;
        loop {
            let chunk: Bytes = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Left::Ended,
                Err(error) => return Left::Broken(error),
            };
            if position + chunk.len() as u64 > LIMIT {
                return Left::TooLarge;
            }
            if let Err(error) = self.shared.write(position, &chunk) {
                return Left::Disk(error);
            }
            position += chunk.len() as u64;
            // A server that knows no ranges would begin at the start again.
            let elsewhere = self.next_gap().is_some_and(|gap| gap < position || gap > position + NEAR);
            if response.partial && elsewhere {
                return Left::WantedElsewhere;
            }
        }
    }
}

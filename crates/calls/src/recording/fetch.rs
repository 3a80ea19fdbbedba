//! Filling a recording from the place that has it: from where bytes are wanted, again after every break, and from
//! another place when this one is lost.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use atalaya_ucontact::{ByteRange, Error as ServerError, ErrorKind, Format, Place, RecordingResponse};
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::same_file::{OVERLAP, SameFile, Told};
use super::{End, Kept, LIMIT, Opened, Origin, Recording, Shared};
use crate::locate::{Wanted, locate};
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
    pub(super) kept: Kept,
    pub(super) file: SameFile,
    pub(super) shared: Arc<Shared>,
}

/// An answer whose bytes are to be taken.
struct Answer {
    at: u64,
    response: RecordingResponse,
    /// It is of the same file only if its bytes up to this one are those that are here.
    agrees_to: Option<u64>,
}

impl Answer {
    fn of(at: u64, response: RecordingResponse) -> Self {
        Self { at, response, agrees_to: None }
    }
}

/// Why a stream was left.
enum Left {
    /// Its end was reached, which is the file's when it is all of it.
    Ended {
        all: bool,
    },
    /// There are no bytes from here on.
    NothingThere,
    /// The session is over.
    SignedOut,
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
        // What may still grow is fetched anew the next time, and what is no sound is not kept.
        if end == End::Whole
            && matches!(self.kept, Kept::Sound(_))
            && !self.file.grew()
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
        let mut stream = rest.map(|response| Answer::of(self.received(), response));
        // Answers that brought nothing, and knocks at a door that nobody opened, since the last byte.
        let (mut futile, mut knocks) = (0, 0);
        loop {
            let Some(next) = self.next_gap() else { return End::Whole };
            let before = self.received();
            let left = match stream.take() {
                Some(answer) => self.drain(answer).await,
                None => match self.ask(next).await {
                    Ok(answer) => self.drain(answer).await,
                    Err(left) => left,
                },
            };
            if self.received() > before {
                (futile, knocks) = (0, 0);
                self.troubled(None);
            }
            let mut gone = false;
            match left {
                Left::Ended { all } => {
                    let came = self.received() > before;
                    let mut state = self.shared.state();
                    // A length nobody declared is what came, once no more does.
                    if state.total.is_none() && (all || !came) {
                        state.total = Some(state.have.from(0));
                        return End::Whole;
                    }
                    drop(state);
                    futile += u32::from(!came);
                }
                Left::NothingThere => {
                    let mut state = self.shared.state();
                    state.total = Some(state.have.from(0));
                    return End::Whole;
                }
                Left::SignedOut => return End::Failed("signedOut"),
                Left::WantedElsewhere => continue,
                Left::Changed if self.read_anew().await => return End::Cut,
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
        if self.origin.copies_left == 0 {
            return Elsewhere::Nothing;
        }
        let here = self.place();
        let skip = |place: &Place| if away { place.host == here.host } else { *place == here };
        let Some(opened) = self.look(&skip).await else { return Elsewhere::Nothing };
        let (place, same_bytes) = (opened.place.clone(), self.same_bytes(&opened));
        tracing::info!(place = opened.place.label(), same_bytes, "a recording goes on from another place");
        let origin = Origin { copies_left: self.origin.copies_left - 1, ..self.origin.clone() };
        if same_bytes {
            self.origin = origin;
            let mut state = self.shared.state();
            state.place = opened.place;
            state.trouble = None;
            self.shared.tell(state);
        } else if !self.followed_by(origin, opened) {
            return Elsewhere::Nothing;
        }
        (self.origin.on)(LocateUpdate::Moved { place, same_bytes });
        if same_bytes { Elsewhere::Same } else { Elsewhere::Copy }
    }

    /// The file was replaced while it was read: what it was replaced with follows, once.
    async fn read_anew(&self) -> bool {
        if self.origin.read_anew || self.origin.copies_left == 0 {
            return false;
        }
        let Some(opened) = self.look(&|_| false).await else { return false };
        let place = opened.place.clone();
        tracing::info!(place = place.label(), "a recording was replaced while it was read, and is read anew");
        let copies_left = self.origin.copies_left - 1;
        let origin = Origin { copies_left, read_anew: true, ..self.origin.clone() };
        let follows = self.followed_by(origin, opened);
        if follows {
            (self.origin.on)(LocateUpdate::Moved { place, same_bytes: false });
        }
        follows
    }

    async fn look(&self, skip: &(dyn Fn(&Place) -> bool + Send + Sync)) -> Option<Opened> {
        let Origin { client, stats, guid, days, on, .. } = &self.origin;
        let tried = |attempt| on(LocateUpdate::Tried { attempt });
        let foreign_too = matches!(self.kept, Kept::Foreign(_));
        let wanted = Wanted { guid, days, formats: &[Format::Mp3, Format::Gsm], skip, foreign_too };
        locate(client, stats, &wanted, &tried, &CancellationToken::new()).await.ok()
    }

    /// A copy becomes a recording of its own, heard on from here.
    fn followed_by(&self, origin: Origin, opened: Opened) -> bool {
        match Recording::arriving(origin, opened) {
            Ok(copy) => {
                self.shared.state().successor = Some(Arc::new(copy));
                true
            }
            Err(error) => {
                tracing::warn!(%error, "another copy of a recording could not be opened");
                false
            }
        }
    }

    /// Whether what another place has is provably this file: its length and its strong validator, and the beginning.
    fn same_bytes(&self, opened: &Opened) -> bool {
        let state = self.shared.state();
        let same_length = state.total.is_some() && opened.total == state.total;
        let alike = same_length && opened.place.format == state.place.format;
        drop(state);
        let mut ours = vec![0; opened.first.len()];
        alike
            && self.file.is_strongly(&opened.file)
            && self.shared.read_at(0, &mut ours).is_ok_and(|read| ours[..read] == opened.first[..read])
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

    /// Asks for the bytes from `start` on; where tags say too little of the file, for some before them that are here.
    async fn ask(&self, start: u64) -> Result<Answer, Left> {
        let (client, guid) = (&self.origin.client, &self.origin.guid);
        let mut from = self.shared.overlapping(start, self.file.overlap());
        loop {
            let range = ByteRange { start: from, end: None };
            let answer = client.recording(&self.place(), guid, Some(range), self.file.if_range()).await;
            let total = self.shared.state().total;
            let response = answer.map_err(|error| match error.kind {
                ErrorKind::Unreachable
                | ErrorKind::UnknownHost
                | ErrorKind::Timeout
                | ErrorKind::Busy
                | ErrorKind::ServerError => Left::Away,
                ErrorKind::SignedOut | ErrorKind::SignedInElsewhere => Left::SignedOut,
                ErrorKind::Misdirected if error.status == Some(416) && total.is_none() => Left::NothingThere,
                _ => Left::Broken(error),
            })?;
            let (at, held) = (response.start, self.shared.state().have.from(response.start));
            let from_the_first = self.shared.state().have.from(0);
            match self.file.told(total, response.total, response.etag.as_deref()) {
                Told::Other => return Err(Left::Changed),
                Told::Same => return Ok(Answer::of(at, response)),
                Told::IfBytesAgree if held >= OVERLAP || (held > 0 && at + held == from_the_first) => {
                    return Ok(Answer { at, response, agrees_to: Some(at + held) });
                }
                // Nothing to compare there: asked where there is.
                Told::IfBytesAgree => from = self.shared.overlapping(from_the_first, OVERLAP),
            }
        }
    }

    async fn drain(&mut self, answer: Answer) -> Left {
        let Answer { at, mut response, mut agrees_to } = answer;
        let mut position = at;
        if agrees_to.is_none() {
            let mut state = self.shared.state();
            state.total = state.total.or(response.total);
        }
        loop {
            let chunk: Bytes = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Left::Ended { all: !response.partial },
                Err(error) => return Left::Broken(error),
            };
            if position + chunk.len() as u64 > LIMIT {
                return Left::TooLarge;
            }
            match self.shared.put(position, &chunk) {
                Ok(true) => {}
                Ok(false) => return Left::Changed,
                Err(error) => return Left::Disk(error),
            }
            position += chunk.len() as u64;
            if let Some(to) = agrees_to {
                if position < to {
                    continue;
                }
                agrees_to = None;
                self.agreed(&response);
            }
            // A server that knows no ranges would begin at the start again.
            let elsewhere = self.next_gap().is_some_and(|gap| gap < position || gap > position + NEAR);
            if response.partial && elsewhere {
                return Left::WantedElsewhere;
            }
        }
    }

    /// The bytes of an answer are those that are here: it is the same file, whatever its tag, and as long as it says.
    fn agreed(&mut self, response: &RecordingResponse) {
        let mut state = self.shared.state();
        self.file.proven(state.total, response.total, response.etag.clone());
        if response.total.is_some() {
            state.total = response.total;
        }
        self.shared.tell(state);
    }
}

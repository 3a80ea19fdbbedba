//! Asking one place: its first bytes, and as many more as it takes to tell whether they are sound.

use atalaya_player::container::{self, Contained, Instead, Look};
use atalaya_ucontact::{ByteRange, Client, Error as ServerError, ErrorKind, Place, RecordingResponse};

use crate::recording::Opened;
use crate::wire::PlaceAnswer;

/// What is asked for first: enough to know of nearly every recording that it is sound, and two seconds of it.
const FIRST_BYTES: u64 = 8_192;

/// What one place has.
pub(super) struct Probe {
    pub(super) place: Place,
    pub(super) millis: u32,
    pub(super) answer: Result<Opened, Miss>,
    pub(super) status: Option<u16>,
}

/// Why a place is not it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
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
    pub(super) fn answer(self) -> PlaceAnswer {
        match self {
            Self::NotFound => PlaceAnswer::NotFound,
            Self::NotAudio | Self::TooShort => PlaceAnswer::NotAudio,
            Self::Empty => PlaceAnswer::Empty,
            Self::Forbidden => PlaceAnswer::Forbidden,
            Self::Unreachable => PlaceAnswer::Unreachable,
            Self::Timeout => PlaceAnswer::Timeout,
            Self::Error => PlaceAnswer::Error,
        }
    }

    fn instead(of_sound: Instead) -> Self {
        match of_sound {
            Instead::Empty => Self::Empty,
            Instead::TooShort => Self::TooShort,
            Instead::WebPage | Instead::OtherRiff | Instead::Foreign(_) | Instead::Unknown => Self::NotAudio,
        }
    }

    fn of(error: &ServerError) -> Self {
        match error.kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Forbidden => Self::Forbidden,
            ErrorKind::Timeout => Self::Timeout,
            ErrorKind::Misdirected if error.status == Some(416) => Self::Empty,
            ErrorKind::Misdirected => Self::NotAudio,
            ErrorKind::Unreachable | ErrorKind::UnknownHost | ErrorKind::Certificate(_) => Self::Unreachable,
            _ => Self::Error,
        }
    }
}

pub(super) async fn probe(client: &Client, place: Place, guid: &str) -> Probe {
    let begun = client.clock().steady();
    let mut status = None;
    let answer = ask(client, &place, guid, &mut status).await;
    let millis = u32::try_from(client.clock().since(begun).as_millis()).unwrap_or(u32::MAX);
    Probe { place, millis, answer, status }
}

async fn ask(client: &Client, place: &Place, guid: &str, status: &mut Option<u16>) -> Result<Opened, Miss> {
    let range = ByteRange { start: 0, end: Some(FIRST_BYTES - 1) };
    let response = client.recording(place, guid, Some(range), None).await.map_err(|error| {
        *status = error.status;
        Miss::of(&error)
    })?;
    *status = Some(response.status);
    let mut beginning = Beginning::of(response);
    beginning.read(FIRST_BYTES).await?;
    loop {
        match container::look(&beginning.first, beginning.whole()) {
            Look::Sound(contained) => return Ok(beginning.opened(place.clone(), contained)),
            Look::Not(instead) => return Err(Miss::instead(instead)),
            Look::More(wanted) => {
                if let Err(miss) = beginning.read_on(wanted as u64, client, place, guid).await {
                    return beginning.judged_as_it_is(place.clone(), miss);
                }
            }
        }
    }
}

/// The beginning of what a place has, as far as it was read.
struct Beginning {
    first: Vec<u8>,
    total: Option<u64>,
    etag: Option<String>,
    /// Answered with what was asked for; else with the whole file.
    partial: bool,
    /// The answer under way; `None` once it is over.
    response: Option<RecordingResponse>,
    /// It ended before it should have.
    broken: bool,
    /// Bytes up to here were asked for.
    asked: u64,
}

impl Beginning {
    fn of(response: RecordingResponse) -> Self {
        Self {
            first: Vec::new(),
            total: response.total,
            etag: response.etag.clone(),
            partial: response.partial,
            response: Some(response),
            broken: false,
            asked: FIRST_BYTES,
        }
    }

    /// Whether the recording has no other bytes.
    fn whole(&self) -> bool {
        let have = self.first.len() as u64;
        let over = self.response.is_none() && !self.broken;
        self.total.map_or(over && (!self.partial || have < self.asked), |total| have >= total)
    }

    /// Reads what the answer under way brings, up to byte `until`.
    async fn read(&mut self, until: u64) -> Result<(), Miss> {
        while (self.first.len() as u64) < until
            && let Some(response) = &mut self.response
        {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    self.first.extend_from_slice(&chunk);
                    continue;
                }
                Ok(None) => {}
                // What came may be enough; the reader finds out about the rest.
                Err(_) if !self.first.is_empty() => self.broken = true,
                Err(error) => return Err(Miss::of(&error)),
            }
            self.response = None;
        }
        Ok(())
    }

    /// Reads on towards byte `until` of the same file; where the answer under way brings no more, by asking for the rest.
    ///
    /// # Errors
    /// No more can be had.
    async fn read_on(&mut self, until: u64, client: &Client, place: &Place, guid: &str) -> Result<(), Miss> {
        let have = self.first.len();
        self.read(until).await?;
        if self.first.len() > have || self.whole() {
            return Ok(());
        }
        // Its turn among the answers under way is given up before another is waited for.
        self.response = None;
        let range = ByteRange { start: have as u64, end: Some(until - 1) };
        let asked = client.recording(place, guid, Some(range), self.etag.as_deref()).await;
        let response = asked.map_err(|error| Miss::of(&error))?;
        let same_length = response.total.is_none() || self.total.is_none() || response.total == self.total;
        let same_tag = self.etag.is_none() || response.etag.is_none() || response.etag == self.etag;
        if !(response.partial && same_length && same_tag) {
            return Err(Miss::Error);
        }
        (self.response, self.broken) = (Some(response), false);
        (self.partial, self.asked) = (true, until);
        self.read(until).await?;
        // A place that brings nothing is not asked again and again.
        if self.first.len() > have || self.whole() { Ok(()) } else { Err(Miss::Error) }
    }

    /// No more can be had. Sound is sound, the rest of it is the reader's to get; of what is less than anything begins
    /// with, these few bytes are taken for all there is.
    fn judged_as_it_is(self, place: Place, miss: Miss) -> Result<Opened, Miss> {
        match container::look(&self.first, true) {
            Look::Sound(contained) => Ok(self.opened(place, contained)),
            Look::Not(instead) if self.first.len() < container::FIRST => Err(Miss::instead(instead)),
            Look::Not(_) | Look::More(_) => Err(miss),
        }
    }

    fn opened(self, place: Place, contained: Contained) -> Opened {
        let all = !self.partial && self.response.is_none() && !self.broken;
        let total = self.total.or(all.then_some(self.first.len() as u64));
        // A stream that goes on from here is read on; a range is asked for anew from its end.
        let rest = self.response.filter(|_| !self.partial);
        Opened { place, contained, first: self.first, total, etag: self.etag, rest }
    }
}

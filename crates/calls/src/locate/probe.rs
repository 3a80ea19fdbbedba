//! Asking one place: its first bytes, and as many more as it takes to tell whether they are sound.

use atalaya_player::container::{self, Foreign, Instead, Look};
use atalaya_ucontact::{ByteRange, Client, Error as ServerError, ErrorKind, Place, RecordingResponse};

use crate::recording::same_file::{SameFile, Told};
use crate::recording::{Kept, Opened};
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
#[derive(Debug, Clone)]
pub(super) enum Miss {
    NotFound,
    NotAudio,
    Empty,
    TooShort,
    Foreign(Foreign),
    Forbidden,
    Unreachable,
    Timeout,
    Error,
    /// No place would say anything else: what was asked for is none, or the session is over.
    Over(ServerError),
}

impl Miss {
    pub(super) fn answer(&self) -> PlaceAnswer {
        match self {
            Self::NotFound => PlaceAnswer::NotFound,
            Self::NotAudio | Self::TooShort | Self::Foreign(_) => PlaceAnswer::NotAudio,
            Self::Empty => PlaceAnswer::Empty,
            Self::Forbidden => PlaceAnswer::Forbidden,
            Self::Unreachable => PlaceAnswer::Unreachable,
            Self::Timeout => PlaceAnswer::Timeout,
            Self::Error | Self::Over(_) => PlaceAnswer::Error,
        }
    }

    pub(super) fn foreign(&self) -> Option<Foreign> {
        match self {
            Self::Foreign(foreign) => Some(*foreign),
            _ => None,
        }
    }

    /// `of`: bytes there are.
    fn instead(of_sound: Instead, of: usize) -> Self {
        match of_sound {
            Instead::Empty => Self::Empty,
            Instead::TooShort => Self::TooShort,
            Instead::Foreign(foreign) => Self::Foreign(foreign),
            // A few bytes of a header are nothing to keep.
            Instead::OtherRiff if of >= container::FIRST => Self::Foreign(Foreign::RIFF),
            Instead::WebPage | Instead::OtherRiff | Instead::Unknown => Self::NotAudio,
        }
    }

    fn of(error: ServerError) -> Self {
        match error.kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Forbidden => Self::Forbidden,
            ErrorKind::Timeout => Self::Timeout,
            ErrorKind::Misdirected if error.status == Some(416) => Self::Empty,
            ErrorKind::Misdirected => Self::NotAudio,
            ErrorKind::Unreachable | ErrorKind::UnknownHost | ErrorKind::Certificate(_) => Self::Unreachable,
            ErrorKind::InvalidInput | ErrorKind::SignedOut | ErrorKind::SignedInElsewhere => {
                Self::Over(error)
            }
            _ => Self::Error,
        }
    }
}

/// Asks one place, again where it fails in passing.
pub(super) async fn probe(client: &Client, place: Place, guid: &str, foreign_too: bool) -> Probe {
    let begun = client.clock().steady();
    let asked = client.read_place(|| ask(client, &place, guid, foreign_too)).await;
    let (status, answer) = asked.unwrap_or_else(|error| (error.status, Err(Miss::of(error))));
    let millis = u32::try_from(client.clock().since(begun).as_millis()).unwrap_or(u32::MAX);
    Probe { place, millis, answer, status }
}

/// What a place says: its status, and the beginning of the recording or what is there instead.
type Said = (Option<u16>, Result<Opened, Miss>);

/// # Errors
/// It said nothing: it may be asked again.
async fn ask(client: &Client, place: &Place, guid: &str, foreign_too: bool) -> Result<Said, ServerError> {
    let range = ByteRange { start: 0, end: Some(FIRST_BYTES - 1) };
    let response = match client.recording(place, guid, Some(range), None).await {
        Ok(response) => response,
        // A host that says "no" is well.
        Err(error) if error.kind == ErrorKind::NotFound => return Ok((error.status, Err(Miss::NotFound))),
        Err(error) => return Err(error),
    };
    let status = Some(response.status);
    let mut beginning = Beginning::of(response, FIRST_BYTES);
    beginning.read(FIRST_BYTES).await?;
    let said = loop {
        match container::look(&beginning.first, beginning.whole()) {
            Look::Sound(contained) => break Ok(beginning.opened(place.clone(), Kept::Sound(contained))),
            Look::Not(Instead::Foreign(foreign)) if foreign_too => {
                break Ok(beginning.opened(place.clone(), Kept::Foreign(foreign)));
            }
            Look::Not(Instead::OtherRiff) if foreign_too => {
                break Ok(beginning.opened(place.clone(), Kept::Foreign(Foreign::RIFF)));
            }
            Look::Not(instead) => break Err(Miss::instead(instead, beginning.first.len())),
            Look::More(wanted) => {
                if let Err(miss) = beginning.read_on(wanted as u64, client, place, guid).await {
                    break beginning.judged_as_it_is(place.clone(), miss);
                }
            }
        }
    };
    Ok((status, said))
}

/// The beginning of what a place has, as far as it was read.
struct Beginning {
    first: Vec<u8>,
    total: Option<u64>,
    file: SameFile,
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
    fn of(response: RecordingResponse, asked: u64) -> Self {
        Self {
            first: Vec::new(),
            total: response.total,
            file: SameFile::of(response.etag.clone()),
            partial: response.partial,
            response: Some(response),
            broken: false,
            asked,
        }
    }

    /// Whether the recording has no other bytes.
    fn whole(&self) -> bool {
        let have = self.first.len() as u64;
        let over = self.response.is_none() && !self.broken;
        self.total.map_or(over && (!self.partial || have < self.asked), |total| have >= total)
    }

    /// Reads what the answer under way brings, up to byte `until`.
    async fn read(&mut self, until: u64) -> Result<(), ServerError> {
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
                Err(error) => return Err(error),
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
        self.read(until).await.map_err(Miss::of)?;
        if self.first.len() > have || self.whole() {
            return Ok(());
        }
        // Its turn among the answers under way is given up before another is waited for.
        self.response = None;
        let range = ByteRange { start: have as u64, end: Some(until - 1) };
        let if_range = self.file.if_range();
        let response = client.recording(place, guid, Some(range), if_range).await.map_err(Miss::of)?;
        let told = self.file.told(self.total, response.total, response.etag.as_deref());
        if response.partial && told == Told::Same {
            (self.response, self.broken) = (Some(response), false);
            (self.partial, self.asked) = (true, until);
        } else {
            self.begin_anew(response, until, client, place, guid).await?;
        }
        self.read(until).await.map_err(Miss::of)?;
        // A place that brings nothing is not asked again and again.
        if self.first.len() > have || self.whole() { Ok(()) } else { Err(Miss::Error) }
    }

    /// The file may be another one now, or the host gives it a new tag each time: all of what is looked at comes from one
    /// answer then, the one under way where that begins at the beginning.
    async fn begin_anew(
        &mut self,
        response: RecordingResponse,
        until: u64,
        client: &Client,
        place: &Place,
        guid: &str,
    ) -> Result<(), Miss> {
        // In large steps: each may have to begin anew.
        let until = until.max(2 * self.first.len() as u64);
        let response = if response.partial {
            drop(response);
            let range = ByteRange { start: 0, end: Some(until - 1) };
            client.recording(place, guid, Some(range), None).await.map_err(Miss::of)?
        } else {
            response
        };
        *self = Self::of(response, until);
        self.read(until).await.map_err(Miss::of)
    }

    /// No more can be had. Sound is sound, the rest of it is the reader's to get; of what is less than anything begins
    /// with, these few bytes are taken for all there is.
    fn judged_as_it_is(self, place: Place, miss: Miss) -> Result<Opened, Miss> {
        match container::look(&self.first, true) {
            Look::Sound(contained) => Ok(self.opened(place, Kept::Sound(contained))),
            Look::Not(instead) if self.first.len() < container::FIRST => {
                Err(Miss::instead(instead, self.first.len()))
            }
            Look::Not(_) | Look::More(_) => Err(miss),
        }
    }

    fn opened(self, place: Place, kept: Kept) -> Opened {
        let all = !self.partial && self.response.is_none() && !self.broken;
        let total = self.total.or(all.then_some(self.first.len() as u64));
        // A stream that goes on from here is read on; a range is asked for anew from its end.
        let rest = self.response.filter(|_| !self.partial);
        Opened { place, kept, first: self.first, total, file: self.file, rest }
    }
}

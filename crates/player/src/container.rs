//! What a recording's bytes are, and where in them the sound lies, told before anybody trusts a name or a content type.
//!
//! One step, taken before any decoder, by everybody who has to know: who looks for a recording (is this sound at all?),
//! the reader with its index of frames, and whoever names the file that the bytes are saved in. What was answered once is
//! never taken back: more bytes of the same recording give the same answer, however they arrive.
//!
//! Left out on purpose: samples a second and channels of MP3, which belong to a frame and are read with it; playing anything
//! but what uContact and the switches behind it store (MP3, GSM 06.10, plain samples and G.711 in RIFF). What else there
//! is has a name here, and so has what a web server answers instead.

mod foreign;
mod gsm;
mod id3;
pub(crate) mod marks;
mod mpeg;
mod riff;

use std::io;

pub use self::foreign::Foreign;
use crate::error::Error;
use crate::window::Input;

/// How the frames of a recording are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// MPEG layer 3.
    Mp3,
    /// GSM 06.10, 33 bytes a frame.
    Gsm,
    /// GSM 06.10 in RIFF, as Asterisk writes WAV49: two frames in 65 bytes.
    Wav49,
    /// Samples one by one, in RIFF.
    Sampled(Sampled),
}

/// Samples kept one by one: nothing but their header says how fast they follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampled {
    /// How each is kept.
    pub coding: Coding,
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2, interleaved.
    pub channels: u8,
}

/// How one sample is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// 8 bits, 128 is silence.
    Linear8,
    /// 16 bits, signed, little endian.
    Linear16,
    /// G.711 A-law.
    ALaw,
    /// G.711 µ-law.
    MuLaw,
}

/// Where in the recording the sound lies, in bytes from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The first byte of sound. Behind a tag of more than [`MOST`] bytes it may be a little before it.
    pub start: u64,
    /// The byte after the last one of sound, where what wraps the sound says so; it may lie beyond the bytes there are.
    /// `None`: sound to the end.
    pub end: Option<u64>,
}

/// A recording that can be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contained {
    /// How its frames are packed.
    pub format: Format,
    /// Where they are.
    pub sound: Extent,
}

impl Contained {
    /// What the name of a file of these bytes ends in, without the dot: of MP3 in RIFF too, which players of MP3 know.
    pub fn ending(&self) -> &'static str {
        match self.format {
            Format::Mp3 => "mp3",
            Format::Gsm => "gsm",
            Format::Wav49 | Format::Sampled(_) => "wav",
        }
    }
}

/// What bytes are that cannot be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Nothing, or a header and no sound: nothing was recorded.
    Empty,
    /// Less than one frame of sound.
    TooShort,
    /// A web page (or XML): "not found" with status 200.
    WebPage,
    /// RIFF around something that is not played.
    OtherRiff,
    /// Another format.
    Foreign(Foreign),
    /// Something else.
    Unknown,
}

impl Instead {
    /// Why it cannot be heard, for a recording of so many bytes.
    pub(crate) fn error(self, bytes: u64) -> Error {
        match self {
            Self::Empty => Error::Empty,
            Self::TooShort => Error::TooShort { bytes },
            Self::WebPage => Error::NotAudio { found: "a web page" },
            Self::OtherRiff => Error::NotAudio { found: Foreign::RIFF.words },
            Self::Foreign(foreign) => Error::NotAudio { found: foreign.words },
            Self::Unknown => Error::NotAudio { found: "of no known sound format" },
        }
    }
}

/// What a look at the beginning of a recording comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Sound.
    Sound(Contained),
    /// So many bytes from the beginning on are needed to tell: more than were given, at most [`MOST`].
    More(usize),
    /// No sound: what it is instead.
    Not(Instead),
}

/// Bytes of which a look makes something: two frames of a 16 kbit/s call, and a page's first tag. With fewer it waits for
/// these, unless there are no more.
pub const FIRST: usize = 1024;
/// Bytes from the beginning on that a look takes into account, at most.
pub const MOST: usize = 256 * 1024;

/// What one part of the step finds.
enum Part<T> {
    Is(T),
    /// So many bytes are needed to tell.
    More(usize),
    No,
}

/// Says what a recording is that begins with `first` bytes; `whole`: there are no others, and the answer is never
/// [`Look::More`].
pub fn look(first: &[u8], whole: bool) -> Look {
    let mut start = 0;
    loop {
        let rest = first.get(start..).unwrap_or_default();
        if !whole && rest.len() < FIRST {
            return Look::More(start + FIRST);
        }
        let Some(length) = id3::length(rest) else { return untagged(rest, start, whole) };
        if start + length + mpeg::ROOM > MOST {
            // Too far to look there: that it is tagged has to do, and the walk over the frames finds the first one.
            return sound(Format::Mp3, start + length, None);
        }
        if whole && length > rest.len() {
            return overlong(rest, start);
        }
        start += length;
    }
}

/// A tag that says that it is longer than all there is: what it says is wrong, or the rest was lost.
fn overlong(bytes: &[u8], start: usize) -> Look {
    let start = start + id3::HEADER_BYTES;
    match mpeg::frames(bytes.get(id3::HEADER_BYTES..).unwrap_or_default(), MOST - start, true) {
        Part::Is(at) => sound(Format::Mp3, start + at, None),
        Part::More(_) | Part::No => Look::Not(Instead::TooShort),
    }
}

fn sound(format: Format, start: usize, end: Option<usize>) -> Look {
    let extent = Extent { start: start as u64, end: end.map(|end| end as u64) };
    Look::Sound(Contained { format, sound: extent })
}

/// What lies from byte `start` of the recording on, past any tag.
fn untagged(bytes: &[u8], start: usize, whole: bool) -> Look {
    if bytes.is_empty() {
        return Look::Not(if start == 0 { Instead::Empty } else { Instead::TooShort });
    }
    if riff::begins(bytes) {
        return match riff::data(bytes, MOST - start, whole) {
            Part::Is(Ok(data)) => inside(bytes, start, data, whole),
            Part::Is(Err(instead)) => Look::Not(instead),
            Part::More(more) => Look::More(start + more),
            Part::No if bytes.len() < riff::SHORTEST => Look::Not(Instead::TooShort),
            Part::No => Look::Not(Instead::OtherRiff),
        };
    }
    if is_page(bytes) {
        return Look::Not(Instead::WebPage);
    }
    if let Some(name) = foreign::begins(bytes) {
        return Look::Not(Instead::Foreign(name));
    }
    match gsm::frames(bytes, whole) {
        Part::Is(()) if bytes.len() < gsm::FRAME_BYTES => return Look::Not(Instead::TooShort),
        Part::Is(()) => return sound(Format::Gsm, start, None),
        Part::More(more) => return Look::More(start + more),
        Part::No => {}
    }
    match mpeg::frames(bytes, MOST - start, whole) {
        Part::Is(at) => sound(Format::Mp3, start + at, None),
        Part::More(more) => Look::More(start + more),
        Part::No if bytes.len() < gsm::FRAME_BYTES || mpeg::is_cut(bytes) => Look::Not(Instead::TooShort),
        Part::No => Look::Not(foreign::guess(bytes).map_or(Instead::Unknown, Instead::Foreign)),
    }
}

/// The sound in a RIFF file that begins with byte `start` of the recording.
fn inside(bytes: &[u8], start: usize, data: riff::Data, whole: bool) -> Look {
    let (first, end) = (start + data.start, data.end.map(|end| start + end));
    match data.inside {
        riff::Inside::Gsm => sound(Format::Wav49, first, end),
        riff::Inside::Sampled(sampled) => sound(Format::Sampled(sampled), first, end),
        riff::Inside::Mp3 => {
            let here = data.end.unwrap_or(usize::MAX).min(bytes.len());
            let all = whole || data.end.is_some_and(|end| end <= bytes.len());
            match mpeg::frames(&bytes[data.start..here], MOST - first, all) {
                Part::Is(at) => sound(Format::Mp3, first + at, end),
                Part::More(more) => Look::More(first + more),
                Part::No => Look::Not(Instead::OtherRiff),
            }
        }
    }
}

/// A page begins with a tag, whatever blanks and byte order mark come before it.
fn is_page(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(FIRST)];
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    text.first() == Some(&b'<')
}

/// Looks at a recording as far as its bytes are here; [`Look::More`]: the rest of those has to arrive first.
///
/// # Errors
/// Bytes needed to tell cannot be had.
pub(crate) fn look_into(input: &(impl Input + ?Sized)) -> io::Result<Look> {
    let mut first = Vec::new();
    let mut wanted = FIRST;
    loop {
        // Asked before reading: what arrives in between is no end.
        let complete = input.complete();
        let mut failure = None;
        while first.len() < wanted && failure.is_none() {
            let have = first.len();
            first.resize(wanted, 0);
            let read = input.read_at(have as u64, &mut first[have..]);
            first.truncate(have + read.as_ref().map_or(0, |read| *read).min(wanted - have));
            match read {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => failure = Some(error),
            }
        }
        let short = first.len() < wanted;
        let ended = short && complete && failure.is_none();
        let whole = ended || input.total().is_some_and(|total| first.len() as u64 >= total);
        match (look(&first, whole), failure) {
            (Look::More(more), None) if !short => wanted = more,
            // What is here was not enough to tell.
            (Look::More(_), Some(error)) => return Err(error),
            (look, _) => return Ok(look),
        }
    }
}

#[cfg(test)]
mod tests;

//! Where every frame starts, found while the bytes arrive: seeks are exact to a frame whatever the bit rate does.
//!
//! Left out on purpose: how frames are decoded, and what they sound like.

use std::io;

use crate::container::{Contained, Format};
use crate::gsm::RATE;
use crate::mp3::Header;
use crate::window::{Input, Window};

mod blocks;
mod gsm;
mod mpeg;

use blocks::Blocks;
use gsm::Raw;
pub(crate) use gsm::strode;
use mpeg::Mp3;
pub(crate) use mpeg::locate;

/// What is to be expected of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It is one.
    Whole,
    /// It looks like one, but those after it are lost: it is heard unless it is louder than everything before.
    Doubtful,
    /// It is not whole, or none at all: silence of a frame's length.
    Lost,
}

/// Where a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub bytes: u32,
    /// The header, for MP3.
    pub header: Option<Header>,
    /// What is to be expected of it.
    pub trust: Trust,
}

/// What a question to the index comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer<T> {
    /// This.
    Is(T),
    /// Bytes from this offset on have to arrive first.
    Wait(u64),
    /// Some of the way; ask again. Keeps one question from holding up the thread for a whole long file.
    More,
    /// The recording ends before.
    End,
}

/// Frames walked for one question.
const WALK: usize = 4096;

/// The frames of a recording.
pub(crate) enum Index {
    /// Pieces of a known size, back to back.
    Blocks(Blocks),
    /// Frames of a known size, with a mark.
    Raw(Raw),
    /// Frames with headers.
    Mp3(Box<Mp3>),
}

impl Index {
    /// Of the sound that lies in a recording.
    pub(crate) fn new(contained: &Contained) -> Self {
        let start = contained.sound.start;
        match contained.format {
            Format::Gsm => Self::Raw(Raw::new(start)),
            Format::Wav49 => Self::Blocks(Blocks::wav49(start)),
            Format::Sampled(sampled) => Self::Blocks(Blocks::sampled(start, sampled)),
            Format::Mp3 => Self::Mp3(Box::new(Mp3::new(start))),
        }
    }

    /// Samples a second and channels, once the first frame is known.
    pub(crate) fn shape(&self) -> Option<(u32, u8)> {
        match self {
            Self::Blocks(blocks) => Some(blocks.shape()),
            Self::Raw(_) => Some((RATE, 1)),
            Self::Mp3(mp3) => mp3.shape(),
        }
    }

    /// The first sample of frame `number`, what leads included.
    pub(crate) fn first_sample(&self, number: u64) -> u64 {
        match self {
            Self::Blocks(blocks) => number.saturating_mul(blocks.samples()),
            Self::Raw(_) => number.saturating_mul(Raw::SAMPLES),
            Self::Mp3(mp3) => mp3.first_sample(number),
        }
    }

    /// The frame that a sample belongs to.
    pub(crate) fn frame_of(&self, sample: u64) -> u64 {
        match self {
            Self::Blocks(blocks) => sample / blocks.samples(),
            Self::Raw(_) => sample / Raw::SAMPLES,
            Self::Mp3(mp3) => mp3.frame_of(sample),
        }
    }

    /// The part of the recording that a frame belongs to, of one rate and without a gap: its number, its first frame, and
    /// that frame's first sample.
    pub(crate) fn part_of(&self, number: u64) -> (usize, u64, u64) {
        match self {
            Self::Blocks(_) | Self::Raw(_) => (0, 0, 0),
            Self::Mp3(mp3) => mp3.part_of(number),
        }
    }

    /// The first sample of a part, and the one after its last as far as it is known.
    pub(crate) fn part_samples(&self, part: usize) -> (u64, u64) {
        match self {
            Self::Blocks(_) | Self::Raw(_) => (0, 0),
            Self::Mp3(mp3) => mp3.part_samples(part),
        }
    }

    /// Samples the encoder and decoder put before the sound: they are decoded and not heard.
    pub(crate) fn lead(&self) -> u64 {
        match self {
            Self::Blocks(_) | Self::Raw(_) => 0,
            Self::Mp3(mp3) => mp3.lead(),
        }
    }

    /// Samples after the sound that are not heard.
    pub(crate) fn tail(&self) -> u64 {
        match self {
            Self::Blocks(_) | Self::Raw(_) => 0,
            Self::Mp3(mp3) => mp3.tail(),
        }
    }

    /// Finds frame `number`, walking on from what is known.
    pub(crate) fn find(
        &mut self,
        number: u64,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<Place>> {
        match self {
            Self::Blocks(blocks) => Ok(blocks.find(number, input)),
            Self::Raw(raw) => Ok(raw.find(number, window, input)),
            Self::Mp3(mp3) => mp3.find(number, window, input),
        }
    }

    /// Walks on as far as the bytes at hand go, a bounded number of frames at a time. `End`: everything is known.
    pub(crate) fn walk_on(
        &mut self,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<()>> {
        match self {
            Self::Blocks(_) => Ok(Answer::End),
            Self::Raw(raw) => raw.walk_on(window, input),
            Self::Mp3(mp3) => mp3.walk_on(window, input),
        }
    }

    /// Samples of sound, and whether that is exact.
    pub(crate) fn duration(&self, total: Option<u64>) -> Option<(u64, bool)> {
        let (raw, exact) = match self {
            Self::Blocks(blocks) => (blocks.duration(total?), true),
            Self::Raw(raw) => raw.duration(total)?,
            Self::Mp3(mp3) => mp3.duration(total)?,
        };
        Some((raw.saturating_sub(self.lead() + self.tail()), exact))
    }

    /// True when the last frame is cut, or frames the encoder counted are missing. Only final once everything is known.
    pub(crate) fn truncated(&self, total: Option<u64>) -> bool {
        match self {
            Self::Blocks(blocks) => blocks.truncated(total),
            Self::Raw(raw) => raw.truncated(total),
            Self::Mp3(mp3) => mp3.truncated(),
        }
    }

    /// Frame that starts at or after `offset`, as far as known.
    pub(crate) fn frame_at(&self, offset: u64) -> Option<u64> {
        match self {
            Self::Blocks(blocks) => Some(blocks.frame_at(offset)),
            Self::Raw(raw) => Some(raw.frame_at(offset)),
            Self::Mp3(mp3) => mp3.frame_at(offset),
        }
    }

    /// Seconds from the start up to byte `end`.
    pub(crate) fn secs_at(&self, end: u64) -> f64 {
        let Some((rate, _)) = self.shape() else { return 0.0 };
        let frames = match self {
            Self::Blocks(blocks) => blocks.frames_before(end),
            Self::Raw(raw) => raw.frames_before(end),
            Self::Mp3(mp3) => mp3.frames_before(end),
        };
        let samples = self.first_sample(frames.max(0.0) as u64);
        samples.saturating_sub(self.lead()) as f64 / f64::from(rate)
    }

    /// For a frame that is not known yet: where it should start, when every frame has the same bit rate.
    pub(crate) fn guess(&self, frame: u64) -> Option<u64> {
        match self {
            Self::Blocks(_) | Self::Raw(_) => None,
            Self::Mp3(mp3) => mp3.guess(frame),
        }
    }

    /// The frame a guess has led to.
    pub(crate) fn frame_guessed(&self, offset: u64) -> u64 {
        match self {
            Self::Blocks(_) | Self::Raw(_) => 0,
            Self::Mp3(mp3) => mp3.frame_guessed(offset),
        }
    }

    /// The first byte that has not been walked over.
    pub(crate) fn edge(&self) -> u64 {
        match self {
            Self::Blocks(blocks) => blocks.edge(),
            Self::Raw(raw) => raw.edge(),
            Self::Mp3(mp3) => mp3.edge(),
        }
    }

    /// Where frame `number` starts, without walking.
    pub(crate) fn offset_of(&self, number: u64) -> Option<u64> {
        match self {
            Self::Blocks(blocks) => Some(blocks.offset_of(number)),
            Self::Raw(raw) => raw.offset_of(number),
            Self::Mp3(mp3) => mp3.offset_of(number),
        }
    }

    /// Whether frame `number` of raw GSM is one for certain; one beyond what was walked over has to be looked at first.
    pub(crate) fn is_sure(&self, number: u64) -> bool {
        if let Self::Raw(raw) = self { raw.is_sure(number) } else { true }
    }

    /// A frame of raw GSM beyond what was walked over was found to lie at this byte.
    pub(crate) fn stray(&mut self, number: u64, offset: u64) {
        if let Self::Raw(raw) = self {
            raw.stray(number, offset);
        }
    }

    /// The header that every frame of an MP3's first part agrees with.
    pub(crate) fn first(&self) -> Option<&Header> {
        match self {
            Self::Blocks(_) | Self::Raw(_) => None,
            Self::Mp3(mp3) => mp3.first(),
        }
    }
}

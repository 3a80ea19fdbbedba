//! Where every frame starts, found while the bytes arrive: seeks are exact to a frame whatever the bit rate does.
//!
//! Raw GSM and WAV49 need only arithmetic. MP3 frames are walked header by header; what is not a frame is stepped over,
//! and the walk goes on where two frames of the same stream follow one another.

use std::io;

use crate::container::{Contained, Format};
use crate::gsm;
use crate::mp3::{Header, Tag};
use crate::window::{Got, Input, Window};

/// Where a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub bytes: u32,
    /// The header, for MP3.
    pub header: Option<Header>,
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

/// Headers walked for one question.
const WALK: usize = 4096;
/// Bytes stepped over, at most, to find the first frame.
const JUNK_BEFORE_SOUND: u64 = 256 * 1024;
/// Frames of one bit rate after which a stream without a tag is taken for constant.
const FRAMES_TO_TRUST: usize = 16;

/// The frames of a recording.
pub(crate) enum Index {
    /// Frames of a known size, back to back.
    Blocks(Blocks),
    /// Frames with headers.
    Mp3(Box<Mp3>),
}

/// GSM, raw or in RIFF.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blocks {
    start: u64,
    bytes: u32,
    samples: u32,
}

/// How the walk over a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// In the middle of a frame.
    Cut,
}

/// An MP3's frames, as far as they are known.
pub(crate) struct Mp3 {
    offsets: Vec<u32>,
    first: Option<Header>,
    tag: Tag,
    next: u64,
    start: u64,
    in_step: bool,
    constant: bool,
    end: Option<End>,
}

impl Index {
    /// Of the sound that lies in a recording.
    pub(crate) fn new(contained: &Contained) -> Self {
        let start = contained.sound.start;
        let blocks = |bytes: usize, samples: usize| {
            Self::Blocks(Blocks { start, bytes: bytes as u32, samples: samples as u32 })
        };
        match contained.format {
            Format::Gsm => blocks(gsm::FRAME_BYTES, gsm::FRAME_SAMPLES),
            Format::Wav49 => blocks(gsm::BLOCK_BYTES, gsm::BLOCK_SAMPLES),
            Format::Mp3 => Self::Mp3(Box::new(Mp3 {
                offsets: Vec::new(),
                first: None,
                tag: Tag::default(),
                next: start,
                start,
                in_step: false,
                constant: true,
                end: None,
            })),
        }
    }

    /// Samples a second and channels, once the first frame is known.
    pub(crate) fn shape(&self) -> Option<(u32, u8)> {
        match self {
            Self::Blocks(_) => Some((gsm::RATE, 1)),
            Self::Mp3(mp3) => mp3.first.map(|header| (header.rate, header.channels)),
        }
    }

    /// Samples in each frame.
    pub(crate) fn samples(&self) -> u64 {
        match self {
            Self::Blocks(blocks) => u64::from(blocks.samples),
            Self::Mp3(mp3) => mp3.first.map_or(576, |header| u64::from(header.samples)),
        }
    }

    /// Samples the encoder and decoder put before the sound: they are decoded and not heard.
    pub(crate) fn lead(&self) -> u64 {
        match self {
            Self::Mp3(mp3) if mp3.tag.delay > 0 => u64::from(mp3.tag.delay) + DECODER_DELAY,
            _ => 0,
        }
    }

    /// Samples after the sound that are not heard.
    pub(crate) fn tail(&self) -> u64 {
        match self {
            Self::Mp3(mp3) => u64::from(mp3.tag.padding).saturating_sub(DECODER_DELAY),
            Self::Blocks(_) => 0,
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
            Self::Blocks(blocks) => {
                let offset = blocks.start + number * u64::from(blocks.bytes);
                Ok(match input.total() {
                    Some(total) if offset + u64::from(blocks.bytes) > total => Answer::End,
                    _ => Answer::Is(Place { offset, bytes: blocks.bytes, header: None }),
                })
            }
            Self::Mp3(mp3) => {
                let wanted = usize::try_from(number).unwrap_or(usize::MAX);
                for _ in 0..WALK {
                    if let Some(offset) = mp3.offsets.get(wanted) {
                        return Ok(Answer::Is(Place { offset: u64::from(*offset), bytes: 0, header: None }));
                    }
                    match mp3.walk(window, input)? {
                        Answer::Is(()) | Answer::More => {}
                        Answer::Wait(offset) => return Ok(Answer::Wait(offset)),
                        Answer::End => return Ok(Answer::End),
                    }
                }
                Ok(Answer::More)
            }
        }
    }

    /// Walks on as far as the bytes at hand go, a bounded number of frames at a time. `End`: everything is known.
    pub(crate) fn walk_on(
        &mut self,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<()>> {
        let Self::Mp3(mp3) = self else { return Ok(Answer::End) };
        for _ in 0..WALK {
            match mp3.walk(window, input)? {
                Answer::Is(()) | Answer::More => {}
                other => return Ok(other),
            }
        }
        Ok(Answer::More)
    }

    /// Samples of sound, and whether that is exact.
    pub(crate) fn duration(&self, total: Option<u64>) -> Option<(u64, bool)> {
        let (raw, exact) = match self {
            Self::Blocks(blocks) => {
                let sound = total?.saturating_sub(blocks.start);
                (sound / u64::from(blocks.bytes) * u64::from(blocks.samples), true)
            }
            Self::Mp3(mp3) => {
                let samples = self.samples();
                let known = mp3.offsets.len() as u64;
                if mp3.end.is_some() {
                    (known * samples, true)
                } else if let Some(frames) = mp3.tag.frames.map(u64::from).filter(|frames| {
                    // An encoder's count is believed as long as it can be true.
                    total.is_none_or(|total| frames * 24 <= total)
                }) {
                    (frames.max(known) * samples, false)
                } else {
                    let frame = mp3.mean_bytes()?;
                    let sound = total?.saturating_sub(mp3.start) as f64;
                    (((sound / frame) as u64).max(known) * samples, false)
                }
            }
        };
        Some((raw.saturating_sub(self.lead() + self.tail()), exact))
    }

    /// True when the last frame is cut, or frames the encoder counted are missing. Only final once everything is known.
    pub(crate) fn truncated(&self, total: Option<u64>) -> bool {
        match self {
            Self::Blocks(blocks) => {
                let sound = total.map_or(0, |total| total.saturating_sub(blocks.start));
                // A RIFF may end with a padding byte.
                sound % u64::from(blocks.bytes) > 1
            }
            Self::Mp3(mp3) => {
                let counted = mp3.tag.frames.map_or(0, |frames| frames as usize);
                mp3.end == Some(End::Cut) || (mp3.end.is_some() && mp3.offsets.len() + 1 < counted)
            }
        }
    }

    /// Frame that starts at or after `offset`, as far as known.
    pub(crate) fn frame_at(&self, offset: u64) -> Option<u64> {
        match self {
            Self::Blocks(blocks) => {
                Some(offset.saturating_sub(blocks.start).div_ceil(u64::from(blocks.bytes)))
            }
            Self::Mp3(mp3) => {
                let known = mp3.offsets.partition_point(|start| u64::from(*start) < offset);
                (known < mp3.offsets.len() || mp3.end.is_some()).then_some(known as u64)
            }
        }
    }

    /// Seconds from the start up to byte `end`: by the index as far as it goes, by the mean frame beyond.
    pub(crate) fn secs_at(&self, end: u64) -> f64 {
        let Some((rate, _)) = self.shape() else { return 0.0 };
        let frames = match self {
            Self::Blocks(blocks) => end.saturating_sub(blocks.start) as f64 / f64::from(blocks.bytes),
            Self::Mp3(mp3) => match self.frame_at(end) {
                // The frame before may be cut by `end`.
                Some(frame) if self.offset_of(frame).is_some_and(|start| start > end) => frame as f64 - 1.0,
                Some(frame) => frame as f64,
                None => {
                    let beyond = end as f64 - mp3.next as f64;
                    mp3.offsets.len() as f64 + mp3.mean_bytes().map_or(0.0, |mean| beyond / mean)
                }
            },
        };
        let samples = (frames.floor() * self.samples() as f64 - self.lead() as f64).max(0.0);
        samples / f64::from(rate)
    }

    /// For a frame that is not known yet: where it should start, when every frame has the same bit rate.
    pub(crate) fn guess(&self, frame: u64) -> Option<u64> {
        let Self::Mp3(mp3) = self else { return None };
        let trusted = mp3.constant && (mp3.tag.constant || mp3.offsets.len() >= FRAMES_TO_TRUST);
        let sound = mp3.offsets.first().copied()?;
        trusted.then(|| u64::from(sound) + (frame as f64 * mp3.nominal_bytes()).floor() as u64)
    }

    /// The frame a guess has led to.
    pub(crate) fn frame_guessed(&self, offset: u64) -> u64 {
        let Self::Mp3(mp3) = self else { return 0 };
        let sound = u64::from(mp3.offsets.first().copied().unwrap_or(0));
        (offset.saturating_sub(sound) as f64 / mp3.nominal_bytes()).round() as u64
    }

    /// The first byte that has not been walked over.
    pub(crate) fn edge(&self) -> u64 {
        match self {
            Self::Blocks(blocks) => blocks.start,
            Self::Mp3(mp3) => mp3.next,
        }
    }

    /// Where frame `number` starts, without walking.
    pub(crate) fn offset_of(&self, number: u64) -> Option<u64> {
        match self {
            Self::Blocks(blocks) => Some(blocks.start + number * u64::from(blocks.bytes)),
            Self::Mp3(mp3) => mp3.offsets.get(usize::try_from(number).ok()?).map(|offset| u64::from(*offset)),
        }
    }
}

/// Samples a layer 3 decoder puts before everything, which encoders' delays do not count.
const DECODER_DELAY: u64 = 529;

impl Mp3 {
    /// The header every frame has to agree with.
    pub(crate) fn first(&self) -> Option<&Header> {
        self.first.as_ref()
    }

    /// Bytes of a frame at the first frame's bit rate, fractions included.
    fn nominal_bytes(&self) -> f64 {
        self.first.map_or(144.0, |header| {
            f64::from(header.samples / 8) * f64::from(header.bitrate) / f64::from(header.rate)
        })
    }

    fn mean_bytes(&self) -> Option<f64> {
        let first = *self.offsets.first()?;
        if self.constant {
            return Some(self.nominal_bytes());
        }
        Some((self.next - u64::from(first)) as f64 / self.offsets.len() as f64)
    }

    /// Steps over one frame, or one byte of junk.
    fn walk(&mut self, window: &mut Window, input: &(impl Input + ?Sized)) -> io::Result<Answer<()>> {
        if self.end.is_some() {
            return Ok(Answer::End);
        }
        match locate(self.next, self.in_step, self.first.as_ref(), window, input)? {
            Answer::Is(place) => {
                let Some(header) = place.header else { return Ok(Answer::More) };
                self.next = place.offset + u64::from(place.bytes);
                self.in_step = true;
                if self.first.is_none() {
                    self.start = place.offset;
                    self.first = Some(header);
                    match window.get(input, place.offset, place.bytes as usize)? {
                        Got::Bytes(frame) => {
                            if let Some(tag) = Tag::parse(&header, frame) {
                                self.tag = tag;
                                self.start = self.next;
                                return Ok(Answer::Is(()));
                            }
                        }
                        Got::Wait => {
                            self.first = None;
                            self.next = place.offset;
                            return Ok(Answer::Wait(place.offset));
                        }
                        Got::End(_) => {}
                    }
                }
                // The tag's own frame often has a bit rate of its own: the sound's first frame counts.
                if self.offsets.is_empty() {
                    self.first = Some(header);
                }
                self.constant &= self.first.is_some_and(|first| first.bitrate == header.bitrate);
                match u32::try_from(place.offset) {
                    Ok(offset) => self.offsets.push(offset),
                    Err(_) => self.end = Some(End::Cut),
                }
                Ok(Answer::Is(()))
            }
            Answer::More => {
                self.in_step = false;
                self.next += 1;
                let lost = self.offsets.is_empty() && self.next - self.start > JUNK_BEFORE_SOUND;
                if lost {
                    self.end = Some(End::Whole);
                }
                Ok(if lost { Answer::End } else { Answer::More })
            }
            Answer::Wait(offset) => Ok(Answer::Wait(offset)),
            Answer::End => {
                let cut = self.in_step && cut_frame(self.next, self.first.as_ref(), window, input)?;
                self.end = Some(if cut { End::Cut } else { End::Whole });
                Ok(Answer::End)
            }
        }
    }
}

/// True when the bytes left at the end begin like a frame.
fn cut_frame(
    offset: u64,
    first: Option<&Header>,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<bool> {
    Ok(match window.get(input, offset, 4)? {
        Got::Bytes(bytes) => {
            Header::parse(bytes).is_some_and(|header| first.is_none_or(|f| f.same_stream(&header)))
        }
        Got::End([0xFF, ..]) => true,
        _ => false,
    })
}

/// Looks for a frame at exactly `offset`. `More`: there is none. Out of step, a second frame has to follow the first.
pub(crate) fn locate(
    offset: u64,
    in_step: bool,
    first: Option<&Header>,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<Answer<Place>> {
    let header = match window.get(input, offset, 4)? {
        Got::Bytes(bytes) => Header::parse(bytes),
        Got::Wait => return Ok(Answer::Wait(offset)),
        Got::End(_) => return Ok(Answer::End),
    };
    let Some(header) = header.filter(|header| first.is_none_or(|first| first.same_stream(header))) else {
        return Ok(Answer::More);
    };
    let end = offset + u64::from(header.bytes);
    if input.total().is_some_and(|total| end > total) {
        // A cut last frame, unless junk only looks like one and sound follows it.
        return Ok(if in_step { Answer::End } else { Answer::More });
    }
    if !in_step {
        match window.get(input, offset, header.bytes as usize + 4)? {
            Got::Bytes(bytes) => {
                let follows = Header::parse(&bytes[header.bytes as usize..]);
                if !follows.is_some_and(|next| next.same_stream(&header)) {
                    return Ok(Answer::More);
                }
            }
            Got::Wait => return Ok(Answer::Wait(offset)),
            Got::End(bytes) if bytes.len() < header.bytes as usize => return Ok(Answer::More),
            Got::End(_) => {}
        }
    }
    Ok(Answer::Is(Place { offset, bytes: header.bytes, header: Some(header) }))
}

//! The frames of an MP3, walked header by header; what is not a frame is stepped over, and the walk goes on where two
//! frames of the same stream follow one another.

use std::io;

use super::{Answer, Place, WALK};
use crate::mp3::{Header, Tag};
use crate::window::{Got, Input, Window};

/// Bytes stepped over, at most, to find the first frame.
const JUNK_BEFORE_SOUND: u64 = 256 * 1024;
/// Frames of one bit rate after which a stream without a tag is taken for constant.
const FRAMES_TO_TRUST: usize = 16;
/// Samples a layer 3 decoder puts before everything, which encoders' delays do not count.
const DECODER_DELAY: u64 = 529;

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

impl Mp3 {
    /// Of the sound from byte `start` on.
    pub(super) fn new(start: u64) -> Self {
        Self {
            offsets: Vec::new(),
            first: None,
            tag: Tag::default(),
            next: start,
            start,
            in_step: false,
            constant: true,
            end: None,
        }
    }

    pub(super) fn shape(&self) -> Option<(u32, u8)> {
        self.first.map(|header| (header.rate, header.channels))
    }

    pub(super) fn samples(&self) -> u64 {
        self.first.map_or(576, |header| u64::from(header.samples))
    }

    pub(super) fn lead(&self) -> u64 {
        if self.tag.delay > 0 { u64::from(self.tag.delay) + DECODER_DELAY } else { 0 }
    }

    pub(super) fn tail(&self) -> u64 {
        u64::from(self.tag.padding).saturating_sub(DECODER_DELAY)
    }

    pub(super) fn find(
        &mut self,
        number: u64,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<Place>> {
        let wanted = usize::try_from(number).unwrap_or(usize::MAX);
        for _ in 0..WALK {
            if let Some(offset) = self.offsets.get(wanted) {
                return Ok(Answer::Is(Place { offset: u64::from(*offset), bytes: 0, header: None }));
            }
            match self.walk(window, input)? {
                Answer::Is(()) | Answer::More => {}
                Answer::Wait(offset) => return Ok(Answer::Wait(offset)),
                Answer::End => return Ok(Answer::End),
            }
        }
        Ok(Answer::More)
    }

    pub(super) fn walk_on(
        &mut self,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<()>> {
        for _ in 0..WALK {
            match self.walk(window, input)? {
                Answer::Is(()) | Answer::More => {}
                other => return Ok(other),
            }
        }
        Ok(Answer::More)
    }

    /// Samples, what leads and trails included, and whether that is exact.
    pub(super) fn duration(&self, total: Option<u64>) -> Option<(u64, bool)> {
        let samples = self.samples();
        let known = self.offsets.len() as u64;
        if self.end.is_some() {
            return Some((known * samples, true));
        }
        // An encoder's count is believed as long as it can be true.
        let possible = |frames: &u64| total.is_none_or(|total| frames * 24 <= total);
        if let Some(frames) = self.tag.frames.map(u64::from).filter(possible) {
            return Some((frames.max(known) * samples, false));
        }
        let frame = self.mean_bytes()?;
        let sound = total?.saturating_sub(self.start) as f64;
        Some((((sound / frame) as u64).max(known) * samples, false))
    }

    pub(super) fn truncated(&self) -> bool {
        let counted = self.tag.frames.map_or(0, |frames| frames as usize);
        self.end == Some(End::Cut) || (self.end.is_some() && self.offsets.len() + 1 < counted)
    }

    pub(super) fn frame_at(&self, offset: u64) -> Option<u64> {
        let known = self.offsets.partition_point(|start| u64::from(*start) < offset);
        (known < self.offsets.len() || self.end.is_some()).then_some(known as u64)
    }

    /// Frames before byte `end`: by the index as far as it goes, by the mean frame beyond.
    pub(super) fn frames_before(&self, end: u64) -> f64 {
        match self.frame_at(end) {
            // The frame before may be cut by `end`.
            Some(frame) if self.offset_of(frame).is_some_and(|start| start > end) => frame as f64 - 1.0,
            Some(frame) => frame as f64,
            None => {
                let beyond = end as f64 - self.next as f64;
                self.offsets.len() as f64 + self.mean_bytes().map_or(0.0, |mean| beyond / mean)
            }
        }
    }

    pub(super) fn guess(&self, frame: u64) -> Option<u64> {
        let trusted = self.constant && (self.tag.constant || self.offsets.len() >= FRAMES_TO_TRUST);
        let sound = self.offsets.first().copied()?;
        trusted.then(|| u64::from(sound) + (frame as f64 * self.nominal_bytes()).floor() as u64)
    }

    pub(super) fn frame_guessed(&self, offset: u64) -> u64 {
        let sound = u64::from(self.offsets.first().copied().unwrap_or(0));
        (offset.saturating_sub(sound) as f64 / self.nominal_bytes()).round() as u64
    }

    pub(super) fn edge(&self) -> u64 {
        self.next
    }

    pub(super) fn offset_of(&self, number: u64) -> Option<u64> {
        self.offsets.get(usize::try_from(number).ok()?).map(|offset| u64::from(*offset))
    }

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

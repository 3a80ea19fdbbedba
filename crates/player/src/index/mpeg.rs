//! The frames of an MP3, walked header by header. What is not a frame is stepped over, and the walk goes on where a run of
//! frames begins, of the same stream or of another; a frame that something was cut out of is lost, and silent.

use std::io;

use super::{Answer, Place, Trust, WALK};
use crate::mp3::{Header, Tag};
use crate::window::{Got, Input, Window};

mod locate;
mod parts;

pub(crate) use locate::locate;
use locate::{cut_frame, ends_well, within};
use parts::Parts;

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
    /// Frames that are not whole, in order.
    lost: Vec<u64>,
    parts: Parts,
    /// Of the first frame, be it a tag's.
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
            lost: Vec::new(),
            parts: Parts::default(),
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
        self.first().map(|header| (header.rate, header.channels))
    }

    pub(super) fn lead(&self) -> u64 {
        if self.tag.delay > 0 { u64::from(self.tag.delay) + DECODER_DELAY } else { 0 }
    }

    /// The tag's, unless it is another stream that ends the recording.
    pub(super) fn tail(&self) -> u64 {
        let same = self.parts.last().zip(self.first()).is_none_or(|(last, first)| last.same_stream(first));
        if same { u64::from(self.tag.padding).saturating_sub(DECODER_DELAY) } else { 0 }
    }

    pub(super) fn find(
        &mut self,
        number: u64,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<Place>> {
        let wanted = usize::try_from(number).unwrap_or(usize::MAX);
        for _ in 0..WALK {
            // Whether a frame is whole, the one after it tells.
            if (self.end.is_some() || wanted.saturating_add(1) < self.offsets.len())
                && let Some(offset) = self.offsets.get(wanted)
            {
                let lost = self.lost.binary_search(&number).is_ok();
                let trust = if lost { Trust::Lost } else { Trust::Whole };
                return Ok(Answer::Is(Place { offset: u64::from(*offset), bytes: 0, header: None, trust }));
            }
            match self.walk(window, input)? {
                Answer::Is(()) | Answer::More => {}
                Answer::Wait(offset) => return Ok(Answer::Wait(offset)),
                Answer::End if wanted < self.offsets.len() => {}
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

    pub(super) fn first_sample(&self, frame: u64) -> u64 {
        self.parts.first_sample(frame)
    }

    pub(super) fn frame_of(&self, sample: u64) -> u64 {
        self.parts.frame_of(sample)
    }

    /// Number of the part that a frame belongs to, its first frame and that frame's first sample.
    pub(super) fn part_of(&self, frame: u64) -> (usize, u64, u64) {
        let part = self.parts.of(frame);
        let (first, sample) = self.parts.beginning(part);
        (part, first, sample)
    }

    /// The first sample of a part, and the one after its last as far as it is known.
    pub(super) fn part_samples(&self, part: usize) -> (u64, u64) {
        let end = if part + 1 < self.parts.count() {
            self.parts.beginning(part + 1).1
        } else {
            self.first_sample(self.offsets.len() as u64)
        };
        (self.parts.beginning(part).1, end)
    }

    /// Samples, what leads and trails included, and whether that is exact.
    pub(super) fn duration(&self, total: Option<u64>) -> Option<(u64, bool)> {
        let known = self.offsets.len() as u64;
        if self.end.is_some() {
            return Some((self.first_sample(known), true));
        }
        if self.parts.count() > 1 {
            let left = total?.saturating_sub(self.next) as f64 / nominal_bytes(self.parts.last()?);
            return Some((self.first_sample(known + left as u64), false));
        }
        // An encoder's count is believed as long as it can be true.
        let possible = |frames: &u64| total.is_none_or(|total| frames * 24 <= total);
        if let Some(frames) = self.tag.frames.map(u64::from).filter(possible) {
            return Some((self.first_sample(frames.max(known)), false));
        }
        let frame = self.mean_bytes()?;
        let sound = total?.saturating_sub(self.start) as f64;
        Some((self.first_sample(((sound / frame) as u64).max(known)), false))
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
        let bytes = nominal_bytes(self.first()?);
        trusted.then(|| u64::from(sound) + (frame as f64 * bytes).floor() as u64)
    }

    pub(super) fn frame_guessed(&self, offset: u64) -> u64 {
        let sound = u64::from(self.offsets.first().copied().unwrap_or(0));
        let bytes = self.first().map_or(144.0, nominal_bytes);
        (offset.saturating_sub(sound) as f64 / bytes).round() as u64
    }

    pub(super) fn edge(&self) -> u64 {
        self.next
    }

    pub(super) fn offset_of(&self, number: u64) -> Option<u64> {
        self.offsets.get(usize::try_from(number).ok()?).map(|offset| u64::from(*offset))
    }

    /// The first frame's header: its rate and channels are the recording's.
    pub(crate) fn first(&self) -> Option<&Header> {
        self.parts.first().or(self.first.as_ref())
    }

    fn mean_bytes(&self) -> Option<f64> {
        let first = *self.offsets.first()?;
        if self.constant {
            return self.first().map(nominal_bytes);
        }
        Some((self.next - u64::from(first)) as f64 / self.offsets.len() as f64)
    }

    /// Steps over one frame, or one byte of junk.
    fn walk(&mut self, window: &mut Window, input: &(impl Input + ?Sized)) -> io::Result<Answer<()>> {
        if self.end.is_some() {
            return Ok(Answer::End);
        }
        let stream = self.parts.last().or(self.first.as_ref());
        match locate(self.next, self.in_step, stream, window, input)? {
            Answer::Is(place) => self.step(&place, window, input),
            Answer::More if self.in_step => self.stumble(window, input),
            Answer::More => {
                self.next += 1;
                let lost = self.offsets.is_empty() && self.next - self.start > JUNK_BEFORE_SOUND;
                if lost {
                    self.end = Some(End::Whole);
                }
                Ok(if lost { Answer::End } else { Answer::More })
            }
            Answer::Wait(offset) => Ok(Answer::Wait(offset)),
            Answer::End => {
                let cut = self.in_step && cut_frame(self.next, stream, window, input)?;
                self.end = Some(if cut { End::Cut } else { End::Whole });
                Ok(Answer::End)
            }
        }
    }

    /// Takes a frame in.
    fn step(
        &mut self,
        place: &Place,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<()>> {
        let Some(header) = place.header else { return Ok(Answer::More) };
        if self.first.is_none() {
            match window.get(input, place.offset, place.bytes as usize)? {
                Got::Bytes(frame) => {
                    (self.first, self.in_step) = (Some(header), true);
                    self.next = place.offset + u64::from(place.bytes);
                    self.start = place.offset;
                    if let Some(tag) = Tag::parse(&header, frame) {
                        self.tag = tag;
                        self.start = self.next;
                        return Ok(Answer::Is(()));
                    }
                }
                Got::Wait => return Ok(Answer::Wait(place.offset)),
                Got::End(_) => self.first = Some(header),
            }
        }
        let number = self.offsets.len() as u64;
        let goes_on = self.in_step && self.parts.last().is_some_and(|stream| stream.same_stream(&header));
        match u32::try_from(place.offset) {
            Ok(offset) => self.offsets.push(offset),
            Err(_) => {
                self.end = Some(End::Cut);
                return Ok(Answer::End);
            }
        }
        // The tag's own frame often has a bit rate of its own: the sound's first frame begins the first part.
        if !goes_on {
            self.parts.begin(number, header);
        }
        (self.next, self.in_step) = (place.offset + u64::from(place.bytes), true);
        self.constant &=
            self.first().is_some_and(|first| first.bitrate == header.bitrate && first.same_stream(&header));
        Ok(Answer::Is(()))
    }

    /// No frame follows the last one where that ends: something was cut out of it, or lies behind it.
    fn stumble(&mut self, window: &mut Window, input: &(impl Input + ?Sized)) -> io::Result<Answer<()>> {
        let last = self.offsets.len().checked_sub(1).map(|last| (last as u64, u64::from(self.offsets[last])));
        let stream = self.parts.last().copied();
        if let (Some((number, offset)), Some(stream)) = (last, stream)
            && !ends_well(self.next, window, input)?
        {
            match within(offset, (self.next - offset) as u32, &stream, window, input)? {
                Answer::Is(at) => self.next = at,
                Answer::Wait(offset) => return Ok(Answer::Wait(offset)),
                Answer::More | Answer::End => {}
            }
            self.lost.push(number);
        }
        self.in_step = false;
        Ok(Answer::More)
    }
}

/// Bytes of a frame at this one's bit rate, fractions included.
fn nominal_bytes(header: &Header) -> f64 {
    f64::from(header.samples / 8) * f64::from(header.bitrate) / f64::from(header.rate)
}

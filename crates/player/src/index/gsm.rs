//! The frames of raw GSM: arithmetic, as long as nothing was cut out or put in. Where the marks are no longer where they are
//! due, the walk finds where they go on, and what is lost between is silence: what follows stays in its place.

use std::io;

use super::{Answer, Place, Trust, WALK};
use crate::gsm::alignment::{FIRST, Stride, stride};
use crate::gsm::{FRAME_BYTES, FRAME_SAMPLES};
use crate::window::{Got, Input, Window};

const BYTES: u64 = FRAME_BYTES as u64;
/// So many frames before a lost one may have been taken for some by chance.
const NEAR: u64 = 3;

/// From frame `frame` on, at byte `offset`, frames back to back, or lost ones.
#[derive(Debug, Clone, Copy)]
struct Part {
    frame: u64,
    offset: u64,
    lost: bool,
}

/// Raw GSM's frames, as far as they were walked over, and by arithmetic beyond.
pub(crate) struct Raw {
    parts: Vec<Part>,
    /// Frames walked over, lost ones included, and the byte after them.
    frames: u64,
    next: u64,
    ended: bool,
    /// Where a frame beyond the walk was found not to be where arithmetic has it: the frame and its byte.
    strayed: Option<(u64, u64)>,
}

impl Raw {
    /// Samples of each frame.
    pub(super) const SAMPLES: u64 = FRAME_SAMPLES as u64;

    /// Of the sound from byte `start` on.
    pub(super) fn new(start: u64) -> Self {
        let first = Part { frame: 0, offset: start, lost: false };
        Self { parts: vec![first], frames: 0, next: start, ended: false, strayed: None }
    }

    /// Walks a good piece on where that is needed, as far as bytes are here; what cannot be walked over yet is where
    /// arithmetic has it.
    pub(super) fn find(
        &mut self,
        number: u64,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> Answer<Place> {
        if number + NEAR >= self.frames && !self.ended {
            // What cannot be read is told to who needs those very bytes.
            let _ = self.walk_on(window, input);
        }
        let Some(offset) = self.offset_of(number) else { return Answer::End };
        let bytes = FRAME_BYTES as u32;
        if number < self.frames {
            if number + NEAR >= self.frames && !self.ended {
                return Answer::Wait(self.next);
            }
            return Answer::Is(Place { offset, bytes, header: None, trust: self.trust(number) });
        }
        match input.total() {
            Some(total) if offset + BYTES > total => Answer::End,
            _ => Answer::Is(Place { offset, bytes, header: None, trust: Trust::Whole }),
        }
    }

    /// Of a frame that was walked over, and those after it, too.
    fn trust(&self, number: u64) -> Trust {
        let after = self.parts.partition_point(|part| part.frame <= number);
        let near = self.parts.get(after).is_some_and(|next| next.frame <= number + NEAR);
        match self.part(number).lost {
            true => Trust::Lost,
            false if near => Trust::Doubtful,
            false => Trust::Whole,
        }
    }

    pub(super) fn walk_on(
        &mut self,
        window: &mut Window,
        input: &(impl Input + ?Sized),
    ) -> io::Result<Answer<()>> {
        for _ in 0..WALK {
            if self.ended {
                return Ok(Answer::End);
            }
            match strode(self.next, window, input)? {
                None => return Ok(Answer::Wait(self.next)),
                Some(Stride::Frame) => self.take(FRAME_BYTES, false),
                Some(Stride::Lost(bytes)) => self.take(bytes, true),
                Some(Stride::End | Stride::More(_)) => self.ended = true,
            }
        }
        Ok(Answer::More)
    }

    fn take(&mut self, bytes: usize, lost: bool) {
        let last = self.parts.len() - 1;
        if self.parts[last].lost != lost {
            let part = Part { frame: self.frames, offset: self.next, lost };
            // Nothing but the beginning is a part without a frame.
            if self.frames == 0 { self.parts[0] = part } else { self.parts.push(part) }
        }
        self.frames += 1;
        self.next += bytes as u64;
    }

    fn part(&self, number: u64) -> Part {
        let after = self.parts.partition_point(|part| part.frame <= number);
        self.parts[after.max(1) - 1]
    }

    /// Whether frame `number` was walked over: what is beyond has to be looked at before it is decoded.
    pub(super) fn is_sure(&self, number: u64) -> bool {
        number < self.frames
    }

    /// Beyond what was walked over, frame `number` lies at this byte.
    pub(super) fn stray(&mut self, number: u64, offset: u64) {
        self.strayed = Some((number, offset));
    }

    pub(super) fn duration(&self, total: Option<u64>) -> Option<(u64, bool)> {
        if self.ended {
            return Some((self.frames * Self::SAMPLES, true));
        }
        let frames = self.frames + total?.saturating_sub(self.next) / BYTES;
        Some((frames * Self::SAMPLES, false))
    }

    pub(super) fn truncated(&self, total: Option<u64>) -> bool {
        total.is_some_and(|total| total.saturating_sub(self.next) % BYTES > 1)
    }

    pub(super) fn frame_at(&self, offset: u64) -> u64 {
        let after = self.parts.partition_point(|part| part.offset < offset);
        if offset >= self.next || after == 0 {
            return self.frames + offset.saturating_sub(self.next).div_ceil(BYTES);
        }
        let part = self.parts[after - 1];
        let end = self.parts.get(after).map_or(self.frames, |next| next.frame);
        (part.frame + (offset - part.offset).div_ceil(BYTES)).min(end)
    }

    /// Frames before byte `end`.
    pub(super) fn frames_before(&self, end: u64) -> f64 {
        let frame = self.frame_at(end);
        let whole = self.offset_of(frame).is_none_or(|offset| offset <= end);
        if whole { frame as f64 } else { frame as f64 - 1.0 }
    }

    pub(super) fn edge(&self) -> u64 {
        self.next
    }

    /// `None`: the recording ends before.
    pub(super) fn offset_of(&self, number: u64) -> Option<u64> {
        if number < self.frames {
            let part = self.part(number);
            // A lost frame may be shorter; the next part's beginning is exact.
            return Some((part.offset + (number - part.frame) * BYTES).min(self.next));
        }
        let (frame, offset) = match self.strayed {
            Some((frame, offset)) if frame >= self.frames && number >= frame => (frame, offset),
            _ => (self.frames, self.next),
        };
        (!self.ended).then(|| offset.saturating_add((number - frame).saturating_mul(BYTES)))
    }
}

/// What lies at a byte where a frame is due. `None`: the bytes to tell are not here yet.
pub(crate) fn strode(
    offset: u64,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<Option<Stride>> {
    let mut needed = FIRST;
    loop {
        match window.get(input, offset, needed)? {
            Got::Bytes(bytes) => match stride(bytes, false) {
                Stride::More(more) => needed = more,
                stride => return Ok(Some(stride)),
            },
            Got::Wait => return Ok(None),
            Got::End(bytes) => return Ok(Some(stride(bytes, true))),
        }
    }
}

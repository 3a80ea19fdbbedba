//! A recording as samples: one frame at a time, from any place, each with its exact position.
//!
//! Nothing here waits: [`Reader::step`] says when bytes are missing, and whoever drives it decides how to wait.

use crate::container::{self, Extent, Format, Look, Sampled};
use crate::error::Error;
use crate::gsm;
use crate::index::{Answer, Index, Place, locate};
use crate::mp3;
use crate::rate_change::RateChange;
use crate::window::{Input, Until, Window};

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// [`Reader::pcm`] is sound; its first sample is this one, counted from the start of the sound.
    Pcm(u64),
    /// Something was done, without sound yet.
    Worked,
    /// Bytes from this offset on have to arrive first.
    Wait(u64),
    /// No more sound.
    End,
}

/// Bytes of earlier frames a frame may lean on: the bit reservoir of MPEG 1, with room.
const RESERVOIR: u64 = 1024;
/// Frames decoded and thrown away before a seek's target: overlap of the transforms. GSM's memory reaches further back;
/// this many help where its checkpoints cannot.
const WARM_UP: u64 = 16;
/// GSM seconds decoded on the way to a seek's target while somebody listens for it: some fifty milliseconds of work.
const REACH_SECS: u64 = 180;

enum Codec {
    Mp3(mp3::Decoder),
    Gsm(gsm::Decoder),
    Sampled(Sampled),
}

impl Codec {
    fn of(format: Format) -> Self {
        match format {
            Format::Mp3 => Self::Mp3(mp3::Decoder::new()),
            Format::Gsm | Format::Wav49 => Self::Gsm(gsm::Decoder::new()),
            Format::Sampled(sampled) => Self::Sampled(sampled),
        }
    }
}

struct Opened {
    sound: Extent,
    index: Index,
    codec: Codec,
}

/// Samples as they were decoded, with what they are to be heard at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pcm<'a> {
    /// Samples a second.
    pub(crate) rate: u32,
    /// 1 or 2.
    pub(crate) channels: u8,
    /// Interleaved, -1 to 1.
    pub(crate) samples: &'a [f32],
}

/// A recording being read.
pub(crate) struct Reader {
    /// Rather nearly right at once than exactly right later.
    prompt: bool,
    checkpoints: gsm::Checkpoints,
    /// The GSM decoder remembers everything from the start on, as if there never had been a seek.
    exact: bool,
    opened: Option<Opened>,
    ahead: Window,
    window: Window,
    /// The frame decoded next.
    frame: u64,
    /// Set while decoding beyond the index: the byte to look for the next frame at, and whether one ended there.
    adrift: Option<(u64, bool)>,
    /// Samples before this one (lead included) are decoded and not heard.
    heard_from: u64,
    target: Option<u64>,
    /// Frames are not where one bit rate throughout would have them.
    no_guessing: bool,
    pcm: Vec<f32>,
    /// The part of the recording that was decoded last, and what brings it to the recording's rate.
    part: usize,
    change: Option<RateChange>,
    decoded: u64,
}

impl Reader {
    /// One for which every sample is what decoding from the start makes of it, whatever it has to wait for.
    pub(crate) fn new() -> Self {
        Self {
            prompt: false,
            checkpoints: gsm::Checkpoints::default(),
            exact: false,
            opened: None,
            ahead: Window::new(),
            window: Window::new(),
            frame: 0,
            adrift: None,
            heard_from: 0,
            target: Some(0),
            no_guessing: false,
            pcm: Vec::new(),
            part: 0,
            change: None,
            decoded: 0,
        }
    }

    /// One for listening. It is as exact wherever what lies before a seek's target is at hand; where that is still to
    /// arrive or takes too long, GSM sounds at once and becomes exact when another reader has decoded the way there.
    pub(crate) fn prompt() -> Self {
        Self { prompt: true, ..Self::new() }
    }

    /// Another one, at the start of the same recording; what either has learned of the way serves both.
    pub(crate) fn beside(&self) -> Self {
        Self { checkpoints: self.checkpoints.clone(), ..Self::new() }
    }

    /// What seconds of the recording are counted in: samples a second and channels, once known.
    pub(crate) fn shape(&self) -> Option<(u32, u8)> {
        self.opened.as_ref()?.index.shape()
    }

    /// The sound of the last [`Step::Pcm`].
    pub(crate) fn pcm(&self) -> Pcm<'_> {
        let (rate, channels) = self.shape().unwrap_or((gsm::RATE, 1));
        Pcm { rate, channels, samples: &self.pcm }
    }

    /// Seconds of sound, and whether that is exact.
    pub(crate) fn duration(&self, total: Option<u64>) -> Option<(f64, bool)> {
        let opened = self.opened.as_ref()?;
        let (samples, exact) = opened.index.duration(opened.within(total))?;
        Some((samples as f64 / f64::from(opened.index.shape()?.0), exact))
    }

    /// True when sound is known to be missing at the end.
    pub(crate) fn truncated(&self, total: Option<u64>) -> bool {
        self.opened.as_ref().is_some_and(|opened| {
            let short = opened.sound.end.zip(total).is_some_and(|(end, total)| total < end);
            short || opened.index.truncated(opened.within(total))
        })
    }

    /// The byte the next frame is read from.
    pub(crate) fn byte(&self) -> u64 {
        if let Some((offset, _)) = self.adrift {
            return offset;
        }
        let Some(opened) = &self.opened else { return 0 };
        opened.index.offset_of(self.frame).unwrap_or_else(|| opened.index.edge())
    }

    /// Seconds from the start up to byte `end`.
    pub(crate) fn secs_at(&self, end: u64) -> f64 {
        self.opened.as_ref().map_or(0.0, |opened| opened.index.secs_at(end))
    }

    /// Goes to a sample; the next [`Step::Pcm`] starts with exactly it.
    pub(crate) fn seek(&mut self, sample: u64) {
        // Beyond any recording there is no need to count.
        self.target = Some(sample.min(1 << 48));
    }

    /// Walks the index on with the bytes at hand. `End`: every frame is known.
    pub(crate) fn walk_on(&mut self, input: &(impl Input + ?Sized)) -> Result<Answer<()>, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Answer::Wait(0)) };
        let input = Until { input, end: opened.sound.end };
        opened.index.walk_on(&mut self.ahead, &input).map_err(Error::ReadFailed)
    }

    /// Decodes one frame, or does something else on the way there. Bytes that can never be had are an error, and nothing to
    /// wait for: also where the piece that is missing is here in part.
    pub(crate) fn step(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let step = self.advance(input)?;
        if let Step::Wait(offset) = step {
            let missing = offset + input.available_from(offset);
            input.read_at(missing, &mut [0]).map_err(Error::ReadFailed)?;
        }
        Ok(step)
    }

    fn advance(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let Some(opened) = &self.opened else { return self.open(input) };
        let input = &Until { input, end: opened.sound.end };
        if let Some(target) = self.target {
            return self.aim(target, input);
        }
        let place = match self.place(input)? {
            Answer::Is(place) => place,
            Answer::Wait(offset) => return Ok(Step::Wait(offset)),
            Answer::More => return Ok(Step::Worked),
            Answer::End => return self.end(input),
        };
        if let Some(step) = self.end_part(Some(self.frame), input) {
            return Ok(step);
        }
        self.decode(place, input)
    }

    fn end(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        if let Some(step) = self.end_part(None, input) {
            return Ok(step);
        }
        let bytes = input.total().unwrap_or(0);
        let too_short = Err(Error::TooShort { bytes });
        if self.decoded == 0 && self.shape().is_none() {
            // Nothing was ever found to play: that is not a short recording, it is none, unless it ends in its tag.
            let tag_only = self.opened.as_ref().is_some_and(|opened| bytes <= opened.sound.start);
            return if tag_only { too_short } else { Err(Error::NotAudio { found: "no frames of sound" }) };
        }
        if self.decoded == 0 && self.frame == 0 && self.adrift.is_none() {
            return too_short;
        }
        Ok(Step::End)
    }

    /// Asks what the recording is, and where its sound lies.
    fn open(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let here = input.available_from(0);
        let contained = match container::look_into(input).map_err(Error::ReadFailed)? {
            Look::Sound(contained) => contained,
            Look::More(_) => return Ok(Step::Wait(here)),
            Look::Not(instead) => return Err(instead.error(input.total().unwrap_or(here))),
        };
        let codec = Codec::of(contained.format);
        self.exact = matches!(codec, Codec::Gsm(_));
        self.opened = Some(Opened { sound: contained.sound, index: Index::new(&contained), codec });
        Ok(Step::Worked)
    }

    /// The next frame's place.
    fn place(&mut self, input: &(impl Input + ?Sized)) -> Result<Answer<Place>, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Answer::More) };
        if let Some((offset, in_step)) = self.adrift {
            if let Some(frame) = opened.index.frame_at(offset) {
                // The index has caught up.
                self.frame = frame;
                self.adrift = None;
                return Ok(Answer::More);
            }
            let answer = locate(offset, in_step, opened.index.first(), &mut self.window, input);
            let answer = answer.map_err(Error::ReadFailed)?;
            let first = opened.index.first();
            let strange = match answer {
                Answer::Is(place) => {
                    place.header.zip(first).is_some_and(|(one, first)| !first.same_stream(&one))
                }
                Answer::End => !in_step && offset < input.total().unwrap_or(0),
                Answer::Wait(_) | Answer::More => false,
            };
            if strange {
                // It is put together of several: only the walk over all of it knows what is where.
                (self.adrift, self.no_guessing) = (None, true);
                self.target = Some(self.heard_from.saturating_sub(opened.index.lead()));
                return Ok(Answer::More);
            }
            return match answer {
                Answer::More => {
                    self.adrift = Some((offset + 1, false));
                    Ok(Answer::More)
                }
                Answer::Is(place) => {
                    self.frame = opened.index.frame_guessed(place.offset);
                    Ok(Answer::Is(place))
                }
                other => Ok(other),
            };
        }
        let tail = opened.index.tail();
        if tail > 0 {
            // Which samples are the last to be heard is only known near the end: the index stays ahead.
            let ahead = opened.index.frame_of(opened.index.first_sample(self.frame) + tail) + 2;
            match opened.index.find(ahead, &mut self.ahead, input).map_err(Error::ReadFailed)? {
                Answer::Is(_) | Answer::End => {}
                other => return Ok(other),
            }
        }
        opened.index.find(self.frame, &mut self.ahead, input).map_err(Error::ReadFailed)
    }
}

impl Opened {
    /// Of so many bytes, those up to where the sound ends.
    fn within(&self, total: Option<u64>) -> Option<u64> {
        total.map(|total| self.sound.end.map_or(total, |end| total.min(end)))
    }
}

mod aim;
mod decode;
#[cfg(test)]
mod tests;

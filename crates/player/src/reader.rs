//! A recording as samples: one frame at a time, from any place, each with its exact position.
//!
//! Nothing here waits: [`Reader::step`] says when bytes are missing, and whoever drives it decides how to wait.

use crate::error::Error;
use crate::gsm;
use crate::index::{Answer, Index, Place, locate};
use crate::mp3::{self, Header};
use crate::sniff::{Format, Sniffed, sniff};
use crate::window::{Got, Input, Window};

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// [`Reader::pcm`] holds sound; its first sample is this one, counted from the start of the sound.
    Pcm(u64),
    /// Something was done, without sound yet.
    Worked,
    /// Bytes from this offset on have to arrive first.
    Wait(u64),
    /// No more sound.
    End,
}

/// Bytes looked at to tell the format.
const SNIFFED: usize = 8192;
/// Bytes enough to tell it while the rest still arrives: two frames of a 16 kbit/s call, and a page's first tag.
const SNIFFED_EARLY: usize = 1024;
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
}

struct Opened {
    index: Index,
    codec: Codec,
}

/// A recording being read.
pub(crate) struct Reader {
    hint: Format,
    /// Rather nearly right at once than exactly right later.
    prompt: bool,
    checkpoints: gsm::Checkpoints,
    /// The GSM decoder remembers everything from the start on, as if there never had been a seek.
    exact: bool,
    opened: Option<Opened>,
    /// Past an `ID3v2` tag.
    start: u64,
    ahead: Window,
    window: Window,
    /// The frame decoded next.
    frame: u64,
    /// Set while decoding beyond the index: the byte to look for the next frame at, and whether one ended there.
    adrift: Option<(u64, bool)>,
    /// Samples before this one (lead included) are decoded and not heard.
    heard_from: u64,
    target: Option<u64>,
    pcm: Vec<f32>,
    decoded: u64,
}

impl Reader {
    /// One for which every sample is what decoding from the start makes of it, whatever it has to wait for.
    pub(crate) fn new(hint: Format) -> Self {
        Self {
            hint,
            prompt: false,
            checkpoints: gsm::Checkpoints::default(),
            exact: false,
            opened: None,
            start: 0,
            ahead: Window::new(),
            window: Window::new(),
            frame: 0,
            adrift: None,
            heard_from: 0,
            target: Some(0),
            pcm: Vec::new(),
            decoded: 0,
        }
    }

    /// One for listening. It is as exact wherever what lies before a seek's target is at hand; where that is still to
    /// arrive or takes too long, GSM sounds at once and becomes exact when another reader has decoded the way there.
    pub(crate) fn prompt(hint: Format) -> Self {
        Self { prompt: true, ..Self::new(hint) }
    }

    /// Another one, at the start of the same recording; what either has learned of the way serves both.
    pub(crate) fn beside(&self) -> Self {
        Self { checkpoints: self.checkpoints.clone(), ..Self::new(self.hint) }
    }

    /// Samples a second and channels, once known.
    pub(crate) fn shape(&self) -> Option<(u32, u8)> {
        self.opened.as_ref()?.index.shape()
    }

    /// The samples of the last [`Step::Pcm`], interleaved.
    pub(crate) fn pcm(&self) -> &[f32] {
        &self.pcm
    }

    /// Seconds of sound, and whether that is exact.
    pub(crate) fn duration(&self, total: Option<u64>) -> Option<(f64, bool)> {
        let index = &self.opened.as_ref()?.index;
        let (samples, exact) = index.duration(total)?;
        Some((samples as f64 / f64::from(index.shape()?.0), exact))
    }

    /// True when sound is known to be missing at the end.
    pub(crate) fn truncated(&self, total: Option<u64>) -> bool {
        self.opened.as_ref().is_some_and(|opened| opened.index.truncated(total))
    }

    /// The byte the next frame is read from.
    pub(crate) fn byte(&self) -> u64 {
        if let Some((offset, _)) = self.adrift {
            return offset;
        }
        let Some(opened) = &self.opened else { return self.start };
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
        opened.index.walk_on(&mut self.ahead, input).map_err(Error::ReadFailed)
    }

    /// Decodes one frame, or does something else on the way there.
    pub(crate) fn step(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        if self.opened.is_none() {
            return self.open(input);
        }
        if let Some(target) = self.target {
            return self.aim(target, input);
        }
        let place = match self.place(input)? {
            Answer::Is(place) => place,
            Answer::Wait(offset) => return Ok(Step::Wait(offset)),
            Answer::More => return Ok(Step::Worked),
            Answer::End => return self.end(input),
        };
        self.decode(place, input)
    }

    fn end(&self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        // Nothing was ever found to play: that is not a short recording, it is none.
        if self.decoded == 0 && self.shape().is_none() {
            return Err(Error::NotAudio { found: "no frames of sound" });
        }
        if self.decoded == 0 && self.frame == 0 && self.adrift.is_none() {
            return Err(Error::TooShort { bytes: input.total().unwrap_or(0) });
        }
        Ok(Step::End)
    }

    /// Tells the format.
    fn open(&mut self, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        // A failure further on is for later: what is here may be enough to tell, and to be heard.
        let (bytes, ended) = match self.window.get(input, self.start, SNIFFED).unwrap_or(Got::Wait) {
            Got::Bytes(bytes) | Got::End(bytes) => (bytes, true),
            Got::Wait => {
                match self.window.get(input, self.start, SNIFFED_EARLY).map_err(Error::ReadFailed)? {
                    Got::Bytes(bytes) => (bytes, false),
                    _ => return Ok(Step::Wait(self.start)),
                }
            }
        };
        let sniffed = if bytes.is_empty() && self.start > 0 { Sniffed::TooShort } else { sniff(bytes) };
        let total = bytes.len() as u64 + self.start;
        if sniffed == Sniffed::Mp3 && bytes.starts_with(b"ID3") && bytes.len() >= 10 {
            let size = bytes[6..10].iter().fold(0_u64, |size, byte| (size << 7) | u64::from(byte & 0x7F));
            let footer = if bytes[5] & 0x10 == 0 { 0 } else { 10 };
            self.start += 10 + size + footer;
            return Ok(Step::Worked);
        }
        let (index, codec) = match sniffed {
            Sniffed::Mp3 => (Index::mp3(self.start), Codec::Mp3(mp3::Decoder::new())),
            Sniffed::Gsm => (Index::gsm(), Codec::Gsm(gsm::Decoder::new())),
            Sniffed::Wav49 => match gsm::riff(bytes) {
                gsm::Riff::Gsm(start) => (Index::wav49(start), Codec::Gsm(gsm::Decoder::new())),
                gsm::Riff::More if !ended => return Ok(Step::Wait(self.start)),
                _ => return Err(Error::NotAudio { found: "a RIFF file without GSM" }),
            },
            Sniffed::Html => return Err(Error::NotAudio { found: "a web page" }),
            Sniffed::Empty => return Err(Error::Empty),
            // Padding before the sound, or a damaged start: the name may still be right.
            Sniffed::Unknown if self.hint == Format::Mp3 && ended => {
                (Index::mp3(self.start), Codec::Mp3(mp3::Decoder::new()))
            }
            Sniffed::TooShort | Sniffed::Unknown if !ended => return Ok(Step::Wait(self.start)),
            Sniffed::TooShort => return Err(Error::TooShort { bytes: total }),
            Sniffed::Unknown => return Err(Error::NotAudio { found: "of no known sound format" }),
        };
        self.exact = matches!(codec, Codec::Gsm(_));
        self.opened = Some(Opened { index, codec });
        Ok(Step::Worked)
    }

    /// Takes a seek as far as it goes: to a frame a few before the target.
    fn aim(&mut self, target: u64, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Step::Worked) };
        // Where the first frame is decides how many samples lead, so it comes first.
        match opened.index.find(0, &mut self.ahead, input).map_err(Error::ReadFailed)? {
            Answer::Is(_) => {}
            Answer::Wait(offset) => return Ok(Step::Wait(offset)),
            Answer::More => return Ok(Step::Worked),
            Answer::End => {
                self.frame = 0;
                self.adrift = None;
                return self.end(input);
            }
        }
        let raw = target + opened.index.lead();
        let wanted = raw / opened.index.samples();
        let found = opened.index.find(wanted, &mut self.ahead, input).map_err(Error::ReadFailed)?;
        self.heard_from = raw;
        self.adrift = None;
        if let Codec::Gsm(_) = opened.codec {
            self.target = None;
            if found == Answer::End {
                (self.frame, self.exact) = (wanted, false);
            } else {
                self.aim_gsm(wanted, input);
            }
            return Ok(Step::Worked);
        }
        match found {
            Answer::Is(_) | Answer::End => {
                let mut from = wanted.saturating_sub(WARM_UP);
                if let Some(there) = opened.index.offset_of(wanted) {
                    while from > 0
                        && opened.index.offset_of(from).is_some_and(|offset| there - offset < RESERVOIR)
                    {
                        from -= 1;
                    }
                }
                self.frame = from;
            }
            Answer::More => return Ok(Step::Worked),
            Answer::Wait(offset) => {
                // Beyond what is known. With one bit rate throughout, the place can be computed and asked for.
                let Some(guess) = opened.index.guess(wanted).filter(|guess| *guess > offset) else {
                    return Ok(Step::Wait(offset));
                };
                let nominal = RESERVOIR.max(1);
                self.adrift = Some((guess.saturating_sub(nominal + nominal / 2), false));
            }
        }
        opened.codec = Codec::Mp3(mp3::Decoder::new());
        self.target = None;
        Ok(Step::Worked)
    }

    /// Goes to where GSM frame `wanted` can be decoded on from: the last place whose memory is known, a few frames
    /// before it when listening cannot wait for more.
    fn aim_gsm(&mut self, wanted: u64, input: &(impl Input + ?Sized)) {
        let Some(Opened { index, codec: Codec::Gsm(decoder) }) = &mut self.opened else { return };
        let samples = index.samples();
        let (sample, kept) = self.checkpoints.before(wanted * samples);
        let mut from = sample / samples;
        let here = self.exact && (from..=wanted).contains(&self.frame);
        if here {
            from = self.frame;
        }
        let (start, end) = (index.offset_of(from).unwrap_or(0), index.offset_of(wanted).unwrap_or(0));
        let at_hand = start + input.available_from(start) >= end;
        let near = (wanted - from) * samples <= REACH_SECS * u64::from(gsm::RATE);
        if !self.prompt || (at_hand && near) {
            if !here {
                (self.frame, *decoder) = (from, kept);
            }
            self.exact = true;
        } else {
            (self.frame, *decoder) = (wanted.saturating_sub(WARM_UP), gsm::Decoder::new());
            self.exact = self.frame == 0;
        }
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
            let answer = locate(offset, in_step, opened.index_first(), &mut self.window, input);
            return match answer.map_err(Error::ReadFailed)? {
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
            let ahead = self.frame + tail.div_ceil(opened.index.samples()) + 1;
            match opened.index.find(ahead, &mut self.ahead, input).map_err(Error::ReadFailed)? {
                Answer::Is(_) | Answer::End => {}
                other => return Ok(other),
            }
        }
        opened.index.find(self.frame, &mut self.ahead, input).map_err(Error::ReadFailed)
    }

    fn decode(&mut self, place: Place, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Step::Worked) };
        let Some((_, channels)) = opened.index.shape() else { return Ok(Step::Worked) };
        let header = match (&opened.codec, place.header) {
            (Codec::Gsm(_), _) => None,
            (Codec::Mp3(_), Some(header)) => Some(header),
            (Codec::Mp3(_), None) => {
                match self.window.get(input, place.offset, 4).map_err(Error::ReadFailed)? {
                    Got::Bytes(bytes) => Header::parse(bytes),
                    Got::Wait => return Ok(Step::Wait(place.offset)),
                    Got::End(_) => return Ok(Step::End),
                }
            }
        };
        let bytes = header.map_or(place.bytes, |header| header.bytes);
        let frame = match self.window.get(input, place.offset, bytes as usize).map_err(Error::ReadFailed)? {
            Got::Bytes(frame) => frame,
            Got::Wait => return Ok(Step::Wait(place.offset)),
            Got::End(_) => return Ok(Step::End),
        };
        let samples = opened.index.samples();
        if let Codec::Gsm(decoder) = &mut opened.codec {
            let first = self.frame * samples;
            if self.exact {
                self.checkpoints.keep(first, decoder);
            } else if let Some(kept) = self.checkpoints.at(first) {
                (*decoder, self.exact) = (kept, true);
            }
        }
        self.pcm.clear();
        let decoded = match (&mut opened.codec, header) {
            (Codec::Mp3(decoder), Some(header)) => decoder.decode(&header, frame, channels, &mut self.pcm),
            (Codec::Gsm(decoder), _) => decoder.decode(frame, &mut self.pcm),
            (Codec::Mp3(_), None) => false,
        };
        if !decoded {
            // A damaged frame is silence of its own length: what follows stays in its place.
            self.pcm.resize(samples as usize * usize::from(channels), 0.0);
        }
        let first = self.frame * samples;
        self.frame += 1;
        self.decoded += 1;
        if self.adrift.is_some() {
            self.adrift = Some((place.offset + u64::from(bytes), true));
        }
        let lead = opened.index.lead();
        let skip = self.heard_from.max(lead).saturating_sub(first).min(samples);
        self.pcm.drain(..skip as usize * usize::from(channels));
        if let Some((sound, true)) = opened.index.duration(input.total()) {
            let left = (sound + lead).saturating_sub(first + skip);
            self.pcm.truncate(left.saturating_mul(u64::from(channels)) as usize);
        }
        Ok(if self.pcm.is_empty() { Step::Worked } else { Step::Pcm(first + skip - lead) })
    }
}

impl Opened {
    fn index_first(&self) -> Option<&Header> {
        match &self.index {
            Index::Mp3(mp3) => mp3.first(),
            Index::Blocks(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;

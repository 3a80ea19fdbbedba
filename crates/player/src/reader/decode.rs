//! One frame, decoded: the samples of it that are heard.

use super::{Codec, Reader, Step};
use crate::error::Error;
use crate::gsm::alignment::Stride;
use crate::index::{Place, Trust, strode};
use crate::mp3::{self, Header};
use crate::rate_change::RateChange;
use crate::window::{Got, Input};

impl Reader {
    /// Decodes the frame at this place, and says what came of it.
    pub(super) fn decode(&mut self, mut place: Place, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Step::Worked) };
        let Some((rate, channels)) = opened.index.shape() else { return Ok(Step::Worked) };
        if !opened.index.is_sure(self.frame) {
            match strode(place.offset, &mut self.window, input).map_err(Error::ReadFailed)? {
                Some(Stride::Frame) => {}
                Some(Stride::Lost(bytes)) => {
                    opened.index.stray(self.frame + 1, place.offset + bytes as u64);
                    place.trust = Trust::Lost;
                }
                Some(Stride::End | Stride::More(_)) => return Ok(Step::End),
                None => return Ok(Step::Wait(place.offset)),
            }
        }
        let header = match (&opened.codec, place.header) {
            (Codec::Gsm(_) | Codec::Sampled(_), _) => None,
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
            // Of samples one by one, those that are there are heard.
            Got::End(some) => match &opened.codec {
                Codec::Sampled(sampled) if some.len() >= sampled.bytes() => {
                    &some[..some.len() / sampled.bytes() * sampled.bytes()]
                }
                _ => return Ok(Step::End),
            },
        };
        let (part, part_frame, part_sample) = opened.index.part_of(self.frame);
        let first = opened.index.first_sample(self.frame);
        if part != self.part {
            // What is kept of earlier frames belongs to another stream, or to bytes that are gone.
            self.part = part;
            if let Codec::Mp3(decoder) = &mut opened.codec {
                *decoder = mp3::Decoder::new();
            }
        }
        if let Codec::Gsm(decoder) = &mut opened.codec {
            if self.exact {
                self.checkpoints.keep(first, decoder);
            } else if let Some(kept) = self.checkpoints.at(first) {
                (*decoder, self.exact) = (kept, true);
            }
        }
        self.pcm.clear();
        let decoded = match (&mut opened.codec, header) {
            (Codec::Gsm(decoder), _) if place.trust == Trust::Lost => {
                decoder.lose();
                false
            }
            _ if place.trust == Trust::Lost => false,
            (Codec::Mp3(decoder), Some(header)) => decoder.decode(&header, frame, channels, &mut self.pcm),
            (Codec::Mp3(_), None) => false,
            (Codec::Gsm(decoder), _) => {
                if place.trust == Trust::Doubtful {
                    decoder.doubt();
                }
                decoder.decode(frame, &mut self.pcm)
            }
            (Codec::Sampled(sampled), _) => {
                sampled.decode(frame, &mut self.pcm);
                true
            }
        };
        if !decoded {
            // A damaged or lost frame is silence of its own length: what follows stays in its place.
            let samples = header.map_or(opened.index.first_sample(self.frame + 1) - first, |header| {
                u64::from(header.samples)
            });
            self.pcm.resize(samples as usize * usize::from(channels), 0.0);
        }
        let mut begins = first;
        if let Some(header) = header.filter(|header| header.rate != rate) {
            let since = (self.frame - part_frame) * u64::from(header.samples);
            let change =
                self.change.get_or_insert_with(|| RateChange::new((header.rate, rate), channels, since));
            begins = part_sample + change.next();
            let own = std::mem::take(&mut self.pcm);
            change.push(&own, &mut self.pcm);
        }
        self.frame += 1;
        self.decoded += 1;
        if self.adrift.is_some() {
            self.adrift = Some((place.offset + u64::from(bytes), true));
        }
        Ok(self.give(begins, input))
    }

    /// Before frame `next` (`None`: the end): where it belongs to another part than the last one did, what is still inside of
    /// the change of rate.
    pub(super) fn end_part(&mut self, next: Option<u64>, input: &(impl Input + ?Sized)) -> Option<Step> {
        let opened = self.opened.as_ref()?;
        if next.is_some_and(|frame| opened.index.part_of(frame).0 == self.part) {
            return None;
        }
        let (begins, ends) = opened.index.part_samples(self.part);
        let mut change = self.change.take()?;
        let first = begins + change.next();
        self.pcm.clear();
        change.finish(ends - begins, &mut self.pcm);
        Some(self.give(first, input))
    }

    /// Leaves in `pcm`, whose first sample is the recording's `first`th, what is heard of it.
    fn give(&mut self, first: u64, input: &(impl Input + ?Sized)) -> Step {
        let Some(opened) = &self.opened else { return Step::Worked };
        let channels = opened.index.shape().map_or(1, |(_, channels)| usize::from(channels));
        let lead = opened.index.lead();
        let skip = self.heard_from.max(lead).saturating_sub(first).min((self.pcm.len() / channels) as u64);
        self.pcm.drain(..skip as usize * channels);
        if let Some((sound, true)) = opened.index.duration(input.total()) {
            let left = (sound + lead).saturating_sub(first + skip);
            self.pcm.truncate(left.saturating_mul(channels as u64) as usize);
        }
        if self.pcm.is_empty() { Step::Worked } else { Step::Pcm(first + skip - lead) }
    }
}

//! One frame, decoded: the samples of it that are heard.

use super::{Codec, Reader, Step};
use crate::error::Error;
use crate::gsm::alignment::Stride;
use crate::index::{Place, strode};
use crate::mp3::Header;
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
                    place.bytes = 0;
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
        self.shape = (header.map_or(rate, |header| header.rate), channels);
        let decoded = match (&mut opened.codec, header) {
            (Codec::Mp3(decoder), Some(header)) => decoder.decode(&header, frame, channels, &mut self.pcm),
            (Codec::Gsm(_), _) if frame.is_empty() => false,
            (Codec::Gsm(decoder), _) => decoder.decode(frame, &mut self.pcm),
            (Codec::Sampled(sampled), _) => {
                sampled.decode(frame, &mut self.pcm);
                true
            }
            (Codec::Mp3(_), None) => false,
        };
        if !decoded {
            // A damaged or lost frame is silence of its own length: what follows stays in its place.
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
        self.pcm.drain(..(skip as usize * usize::from(channels)).min(self.pcm.len()));
        if let Some((sound, true)) = opened.index.duration(input.total()) {
            let left = (sound + lead).saturating_sub(first + skip);
            self.pcm.truncate(left.saturating_mul(u64::from(channels)) as usize);
        }
        Ok(if self.pcm.is_empty() { Step::Worked } else { Step::Pcm(first + skip - lead) })
    }
}

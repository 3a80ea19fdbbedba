//! MPEG layer 3: frame headers, the Xing tag, and decoding of one frame at a time.
//!
//! Frames are found here and handed one by one to symphonia's decoder: its demuxer (which probes, seeks by estimate and
//! is silent about truncation) is not used.

use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::codecs::MpaDecoder;

/// Bytes of a frame's header.
pub(crate) const HEADER_BYTES: usize = 4;
/// Bytes of the longest frame there is: 320 kbit/s at 32 kHz, padded.
pub(crate) const LONGEST_FRAME: usize = 1441;

/// Frames in a row from which a stream goes on after something else, or another one begins.
pub(crate) const RUN_GOES_ON: usize = 3;
/// Whether a tag begins here that may lie behind a frame.
pub(crate) fn tag_begins(bytes: &[u8]) -> bool {
    crate::container::marks::TAGS_BEHIND.iter().any(|tag| bytes.starts_with(tag))
}

/// What a frame's first four bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u8,
    /// Bits a second.
    pub bitrate: u32,
    /// Bytes of the whole frame, header included.
    pub bytes: u32,
    /// Samples for each channel: 1152, or 576 below 32 kHz.
    pub samples: u32,
    /// The first two bits of the version field and the rate field: what stays the same all through a stream.
    kind: u8,
}

const RATES: [u32; 3] = [44_100, 48_000, 32_000];
const BITRATES_MPEG1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_MPEG2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

impl Header {
    /// Reads a layer 3 header. `None` for anything else, and for the free bit rate, whose frames have no known length.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let &[sync, second, third, fourth, ..] = bytes else { return None };
        if sync != 0xFF || second & 0xE0 != 0xE0 || second & 0x06 != 0x02 {
            return None;
        }
        let version = (second >> 3) & 3;
        let mpeg1 = version == 3;
        let shift = match version {
            3 => 0,
            2 => 1,
            0 => 2,
            _ => return None,
        };
        let rate = RATES.get(usize::from((third >> 2) & 3))? >> shift;
        let table = if mpeg1 { &BITRATES_MPEG1 } else { &BITRATES_MPEG2 };
        let bitrate = table.get(usize::from(third >> 4)).filter(|rate| **rate > 0)? * 1000;
        // The reserved emphasis: encoders never write it, random bytes do.
        if fourth & 3 == 2 {
            return None;
        }
        let (bits, samples) = if mpeg1 { (144, 1152) } else { (72, 576) };
        let bytes = bits * bitrate / rate + u32::from((third >> 1) & 1);
        let channels = if fourth >> 6 == 3 { 1 } else { 2 };
        Some(Self { rate, channels, bitrate, bytes, samples, kind: (second & 0x18) | ((third >> 2) & 3) })
    }

    /// True when the other frame may belong to the same stream: same version, layer and rate.
    pub(crate) fn same_stream(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What an encoder wrote into a first frame that carries no sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tag {
    /// Frames of sound in the file, as the encoder counted them.
    pub frames: Option<u32>,
    /// True for `Info`: every frame has the same bit rate.
    pub constant: bool,
    /// Samples the encoder put before the sound.
    pub delay: u32,
    /// Samples the encoder put after it.
    pub padding: u32,
}

impl Tag {
    /// Reads the tag of a whole first frame; `None` when the frame is sound.
    pub(crate) fn parse(header: &Header, frame: &[u8]) -> Option<Self> {
        if frame.get(36..40) == Some(b"VBRI") {
            let frames = frame.get(50..54).map(big_endian);
            return Some(Self { frames, ..Self::default() });
        }
        let at = match (header.samples, header.channels) {
            (1152, 2) => 36,
            (1152, _) | (_, 2) => 21,
            _ => 13,
        };
        let constant = match frame.get(at..at + 4)? {
            b"Xing" => false,
            b"Info" => true,
            _ => return None,
        };
        let flags = frame.get(at + 4..at + 8).map_or(0, big_endian);
        let mut next = at + 8;
        let mut tag = Self { constant, ..Self::default() };
        if flags & 1 != 0 {
            tag.frames = frame.get(next..next + 4).map(big_endian);
            next += 4;
        }
        for (flag, size) in [(2, 4), (4, 100), (8, 4)] {
            if flags & flag != 0 {
                next += size;
            }
        }
        if let Some(lame) = frame.get(next..next + 24)
            && (lame.starts_with(b"LAME") || lame.starts_with(b"Lav"))
        {
            let (first, second, third) = (u32::from(lame[21]), u32::from(lame[22]), u32::from(lame[23]));
            tag.delay = (first << 4) | (second >> 4);
            tag.padding = ((second & 15) << 8) | third;
        }
        Some(tag)
    }
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |value, byte| (value << 8) | u32::from(*byte))
}

/// Symphonia's decoder, made again whenever the channels change under way.
pub(crate) struct Decoder {
    inner: Option<MpaDecoder>,
    channels: u8,
    scratch: Vec<f32>,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        Self { inner: None, channels: 0, scratch: Vec::new() }
    }

    /// Adds one frame's samples to `out`, interleaved over `channels` (1 or 2) whatever the frame has. False when the
    /// frame cannot be decoded (damaged, or it leans on frames never seen): `out` is as before.
    pub(crate) fn decode(&mut self, header: &Header, frame: &[u8], channels: u8, out: &mut Vec<f32>) -> bool {
        if self.inner.is_none() || self.channels != header.channels {
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(CODEC_ID_MP3).with_sample_rate(header.rate);
            self.inner =
                MpaDecoder::try_new(&parameters, &AudioDecoderOptions::default().gapless(false)).ok();
            self.channels = header.channels;
        }
        let Some(inner) = self.inner.as_mut() else { return false };
        let scratch = &mut self.scratch;
        scratch.clear();
        let packet = PacketRef::new(0, Timestamp::new(0), Duration::new(u64::from(header.samples)), frame);
        // The bytes come from a server. A decoder that meets what its author never imagined costs one frame of
        // silence here, not the thread.
        let decoded = catch_unwind(AssertUnwindSafe(|| match inner.decode_ref(&packet) {
            Ok(buffer) if buffer.frames() == header.samples as usize => {
                buffer.copy_to_vec_interleaved(scratch);
                true
            }
            _ => false,
        }));
        match decoded {
            Ok(true) => {}
            Ok(false) => return false,
            Err(_) => {
                self.inner = None;
                return false;
            }
        }
        match (header.channels, channels) {
            (1, 2) => out.extend(self.scratch.iter().flat_map(|sample| [*sample, *sample])),
            (2, 1) => out.extend(self.scratch.chunks_exact(2).map(|both| f32::midpoint(both[0], both[1]))),
            _ => out.extend_from_slice(&self.scratch),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixture;

    /// Samples a second, channels, bytes, samples.
    type Fields = (u32, u8, u32, u32);

    #[test]
    fn headers_say_length_and_rate() {
        let table: &[([u8; 4], Option<Fields>)] = &[
            // MPEG 2.5, 8 kHz, 16 kbit/s, mono: what Asterisk's side makes of a call.
            ([0xFF, 0xE3, 0x28, 0xC4], Some((8000, 1, 144, 576))),
            ([0xFF, 0xF3, 0x48, 0xC4], Some((16_000, 1, 144, 576))),
            ([0xFF, 0xFB, 0x90, 0x64], Some((44_100, 2, 417, 1152))),
            ([0xFF, 0xFB, 0x92, 0x64], Some((44_100, 2, 418, 1152))),
            ([0xFF, 0xFB, 0x00, 0x64], None), // free bit rate
            ([0xFF, 0xFD, 0x90, 0x64], None), // layer 2
            ([0xFF, 0xEB, 0x90, 0x64], None), // reserved version
            ([0xFF, 0xFB, 0x9C, 0x64], None), // reserved rate
            ([0xFE, 0xFB, 0x90, 0x64], None),
        ];
        for (bytes, expected) in table {
            let found = Header::parse(bytes).map(|h| (h.rate, h.channels, h.bytes, h.samples));
            assert_eq!(found, *expected, "{bytes:02X?}");
        }
    }

    #[test]
    fn the_tag_of_a_variable_rate_file_is_read() {
        let bytes = fixture("vbr.mp3");
        let start = 10 + bytes[6..10].iter().fold(0, |size, byte| (size << 7) | usize::from(*byte));
        let header = Header::parse(&bytes[start..]).unwrap();
        let tag = Tag::parse(&header, &bytes[start..start + header.bytes as usize]).unwrap();
        assert!(!tag.constant);
        assert!(tag.frames.unwrap() > 50 && tag.delay > 500, "{tag:?}");
    }
}

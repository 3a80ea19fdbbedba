//! Real audio for simulated calls: committed conversations, repeated frame by frame to a call's length.

use std::sync::LazyLock;

use bytes::{Bytes, BytesMut};

/// What a recording is, or what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 8 kHz, 16 kbps MP3 without a tag.
    Mp3Narrow,
    /// 16 kHz, 32 kbps MP3.
    Mp3Wide,
    /// Variable rate, with ID3 and Xing.
    Mp3Variable,
    /// Two channels, a voice in each.
    Mp3Stereo,
    /// GSM 06.10.
    Gsm,
    /// 1 kHz for 5 s, MP3.
    Tone1kMp3,
    /// 3 kHz for 5 s, MP3.
    Tone3kMp3,
    /// 1 kHz for 5 s, GSM.
    Tone1kGsm,
    /// Nowhere until `convert` is asked for.
    ConvertOnly,
    /// Nowhere at all.
    Missing,
    /// A file of no bytes.
    Empty,
    /// A page of HTML with status 200.
    Html,
    /// Ends half way through, whatever it declared.
    Truncated,
    /// A stub of a few bytes.
    TooShort,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Mp3Narrow,
        Self::Mp3Wide,
        Self::Mp3Variable,
        Self::Mp3Stereo,
        Self::Gsm,
        Self::Tone1kMp3,
        Self::Tone3kMp3,
        Self::Tone1kGsm,
        Self::ConvertOnly,
        Self::Missing,
        Self::Empty,
        Self::Html,
        Self::Truncated,
        Self::TooShort,
    ];

    /// `mp3` or `gsm`: the ending of its file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gsm | Self::Tone1kGsm => "gsm",
            _ => "mp3",
        }
    }
}

const ES_NARROW: &[u8] = include_bytes!("../fixtures/es-8k16.mp3");
const EN_NARROW: &[u8] = include_bytes!("../fixtures/en-8k16.mp3");
const PT_WIDE: &[u8] = include_bytes!("../fixtures/pt-16k32.mp3");
const EN_VARIABLE: &[u8] = include_bytes!("../fixtures/en-vbr.mp3");
const ES_STEREO: &[u8] = include_bytes!("../fixtures/es-stereo.mp3");
const ES_GSM: &[u8] = include_bytes!("../fixtures/es.gsm");
const PT_GSM: &[u8] = include_bytes!("../fixtures/pt.gsm");
const TONE1K_MP3: &[u8] = include_bytes!("../fixtures/tone1k.mp3");
const TONE3K_MP3: &[u8] = include_bytes!("../fixtures/tone3k.mp3");
const TONE1K_GSM: &[u8] = include_bytes!("../fixtures/tone1k.gsm");

const GSM_FRAME: usize = 33;
const GSM_FRAME_SECS: f64 = 0.02;
const HTML: &[u8] =
    b"<!doctype html><html><head><title>Portal</title></head><body>Recording not available</body></html>";

/// Frames of an MP3 and the seconds of each.
struct Frames {
    data: &'static [u8],
    ends: Vec<usize>,
    secs: f64,
}

static ES_FRAMES: LazyLock<Frames> = LazyLock::new(|| mp3_frames(ES_NARROW));
static EN_FRAMES: LazyLock<Frames> = LazyLock::new(|| mp3_frames(EN_NARROW));
static PT_FRAMES: LazyLock<Frames> = LazyLock::new(|| mp3_frames(PT_WIDE));
static STEREO_FRAMES: LazyLock<Frames> = LazyLock::new(|| mp3_frames(ES_STEREO));

/// Cuts an MPEG-2/2.5 layer III stream of one rate into frames (the fixtures are all of that kind).
fn mp3_frames(data: &'static [u8]) -> Frames {
    const KBPS: [usize; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    const HERTZ: [usize; 4] = [22_050, 24_000, 16_000, 0];
    let (mut at, mut ends, mut secs) = (0, Vec::new(), 0.072);
    while at + 4 <= data.len() && data[at] == 0xff && data[at + 1] & 0xe0 == 0xe0 {
        let halved = usize::from(data[at + 1] & 0x18 == 0);
        let hertz = HERTZ[usize::from(data[at + 2] >> 2 & 3)] >> halved;
        let kbps = KBPS[usize::from(data[at + 2] >> 4)];
        if hertz == 0 || kbps == 0 {
            break;
        }
        secs = 576.0 / hertz as f64;
        at += 72_000 * kbps / hertz + usize::from(data[at + 2] >> 1 & 1);
        if at > data.len() {
            break;
        }
        ends.push(at);
    }
    Frames { data, ends, secs }
}

fn repeated(frames: &Frames, secs: f64) -> Bytes {
    let wanted = (secs / frames.secs).round().max(1.0) as usize;
    let (whole, rest) = (wanted / frames.ends.len(), wanted % frames.ends.len());
    let all = frames.ends.last().copied().unwrap_or(0);
    let part = if rest == 0 { 0 } else { frames.ends[rest - 1] };
    let mut out = BytesMut::with_capacity(all * whole + part);
    for _ in 0..whole {
        out.extend_from_slice(&frames.data[..all]);
    }
    out.extend_from_slice(&frames.data[..part]);
    out.freeze()
}

fn repeated_gsm(data: &[u8], secs: f64) -> Bytes {
    let wanted = (secs / GSM_FRAME_SECS).round().max(1.0) as usize * GSM_FRAME;
    let whole = data.len() / GSM_FRAME * GSM_FRAME;
    data[..whole].iter().copied().cycle().take(wanted).collect()
}

/// The file of a call: its bytes, and how many it declares.
pub(crate) fn file(kind: Kind, talk_secs: u32, pick: u64) -> (Bytes, usize) {
    let secs = f64::from(talk_secs.max(1));
    let bytes = match kind {
        Kind::Mp3Narrow | Kind::ConvertOnly => {
            repeated(if pick.is_multiple_of(2) { &ES_FRAMES } else { &EN_FRAMES }, secs)
        }
        Kind::Mp3Wide => repeated(&PT_FRAMES, secs),
        Kind::Mp3Variable => Bytes::from_static(EN_VARIABLE),
        Kind::Mp3Stereo => repeated(&STEREO_FRAMES, secs),
        Kind::Gsm => repeated_gsm(if pick.is_multiple_of(2) { ES_GSM } else { PT_GSM }, secs),
        Kind::Tone1kMp3 => Bytes::from_static(TONE1K_MP3),
        Kind::Tone3kMp3 => Bytes::from_static(TONE3K_MP3),
        Kind::Tone1kGsm => Bytes::from_static(TONE1K_GSM),
        Kind::Missing | Kind::Empty => Bytes::new(),
        Kind::Html => Bytes::from_static(HTML),
        Kind::Truncated => {
            let whole = repeated(&ES_FRAMES, secs);
            let declared = whole.len();
            return (whole.slice(..declared * 2 / 5), declared);
        }
        Kind::TooShort => Bytes::from_static(&ES_NARROW[..72]),
    };
    let length = bytes.len();
    (bytes, length)
}

/// Another file of the same sound: an MP3 with a tag before it, GSM with a frame more. What was cut is whole in it.
pub(crate) fn copy(kind: Kind, talk_secs: u32, pick: u64) -> (Bytes, usize) {
    const TAG: &[u8] = b"ID3\x04\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0";
    let (bytes, declared) = match kind {
        Kind::Truncated => file(Kind::Mp3Narrow, talk_secs, 0),
        _ => file(kind, talk_secs, pick),
    };
    let other = match kind {
        Kind::Missing | Kind::Empty | Kind::Html | Kind::TooShort => return (bytes, declared),
        Kind::Gsm | Kind::Tone1kGsm => [&bytes[..], &bytes[bytes.len() - GSM_FRAME..]].concat(),
        _ => [TAG, &bytes].concat(),
    };
    let length = other.len();
    (Bytes::from(other), length)
}

/// Seconds of sound a call of this kind has.
pub(crate) fn seconds(kind: Kind, talk_secs: u32) -> u32 {
    match kind {
        Kind::Tone1kMp3 | Kind::Tone3kMp3 | Kind::Tone1kGsm => 5,
        Kind::Mp3Variable => 21,
        _ => talk_secs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_last_as_long_as_they_were() {
        for (frames, secs) in [(&*ES_FRAMES, 0.072), (&*PT_FRAMES, 0.036)] {
            assert!((frames.secs - secs).abs() < 1e-9);
            assert_eq!(frames.ends.last().copied(), Some(frames.data.len()), "the fixture is whole frames");
        }
        assert_eq!(file(Kind::Mp3Narrow, 72, 0).0.len(), 72 * 2000);
        assert_eq!(file(Kind::Gsm, 100, 1).0.len(), 165_000);
        let (bytes, declared) = file(Kind::Truncated, 100, 0);
        assert!(bytes.len() * 2 < declared);
    }
}

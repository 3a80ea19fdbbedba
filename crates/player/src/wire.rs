//! What the window sees of the player.
//!
//! Left out on purpose: sound itself (it never goes through the window) and where the bytes come from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the player is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Nothing loaded.
    Empty,
    /// Waiting for the first second of sound, or for bytes after a seek.
    Buffering,
    /// Sounding.
    Playing,
    /// Held by the person.
    Paused,
    /// At the end.
    Ended,
    /// Cannot go on; `problem` says why.
    Failed,
}

/// How the person wants to hear recordings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Hearing {
    /// 0.5 to 3 times as fast as it was spoken, at the same pitch.
    pub speed: f32,
    /// Leave long silences out.
    pub skip_silence: bool,
    /// Bring quiet voices up and loud ones down to the same loudness.
    pub levelled: bool,
    /// -1 only the left channel, 0 both as recorded, 1 only the right one.
    pub balance: f32,
    /// Seconds it goes back when it goes on after a pause, 0 to 10.
    pub step_back_secs: f32,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { speed: 1.0, skip_silence: false, levelled: false, balance: 0.0, step_back_secs: 1.5 }
    }
}

impl Hearing {
    /// The same with every figure inside its limits; what is no figure becomes the default.
    #[must_use]
    pub fn within_limits(self) -> Self {
        let usual = Self::default();
        let within = |value: f32, low: f32, high: f32, usual: f32| {
            if value.is_finite() { value.clamp(low, high) } else { usual }
        };
        Self {
            speed: within(self.speed, 0.5, 3.0, usual.speed),
            skip_silence: self.skip_silence,
            levelled: self.levelled,
            balance: within(self.balance, -1.0, 1.0, usual.balance),
            step_back_secs: within(self.step_back_secs, 0.0, 10.0, usual.step_back_secs),
        }
    }
}

/// The transport, sent on every change and 20 times a second while playing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Transport {
    /// What it is doing.
    pub phase: Phase,
    /// Seconds from the start, of the sample now leaving the loudspeaker.
    pub position_secs: f64,
    /// Seconds; `None` until it can be known.
    pub duration_secs: Option<f64>,
    /// False while the duration is an estimate from the size.
    pub duration_exact: bool,
    /// Seconds decodable without waiting for the network, from the start of the stretch the position is in.
    pub buffered_secs: f64,
    /// Channels of the recording: 1 or 2; `None` until known.
    pub channels: Option<u8>,
    /// 0 to 1.
    pub volume: f32,
    /// How it is heard.
    pub hearing: Hearing,
    /// A: where what is repeated begins, seconds; alone it repeats nothing yet.
    pub loop_from_secs: Option<f64>,
    /// B: where it ends, seconds.
    pub loop_to_secs: Option<f64>,
    /// Seconds of silence left out so far.
    pub saved_secs: f64,
    /// Code of what went wrong (`truncated`, `notAudio`, `empty`, `tooShort`, `noDevice`, `readFailed`, or what the
    /// source of the bytes says): fatal when `phase` is `failed`, else a warning beside sound that goes on.
    pub problem: Option<String>,
    /// Second at which the sound breaks off, when the recording is cut or the rest of it cannot be had.
    pub ends_at_secs: Option<f64>,
    /// Seconds it would have by the size the server declared; `None` unless the sound breaks off before.
    pub meant_to_last_secs: Option<f64>,
    /// Second it went on at instead of the start; `None` once the person went elsewhere.
    pub resumed_at_secs: Option<f64>,
    /// Times the loudspeaker had to be fed silence since the recording was loaded.
    pub underruns: u32,
    /// Wishes for a place, a volume, a way of hearing or a loop that are in this, of all the player was ever told. What was
    /// wished later is not in it yet.
    pub obeyed: u32,
}

/// A stretch of the waveform, as it becomes known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Peaks {
    /// Index of the first bar.
    pub from: u32,
    /// Bars a second.
    pub per_second: u32,
    /// One bar each, 0 to 255, loudest sample of its stretch: of the only channel, or of the left one.
    pub bars: Vec<u8>,
    /// The same of the right channel; empty when there is one channel.
    pub right: Vec<u8>,
    /// Silences that became known: what is left out when silence is skipped from the start.
    pub silences: Vec<Span>,
}

/// A stretch of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its beginning, seconds.
    pub from_secs: f64,
    /// Its end, seconds.
    pub to_secs: f64,
}

/// The waveform of a part of the recording, looked at closely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// One column each, 0 to 255, loudest sample of its stretch: of the only channel, or of the left one. Columns that
    /// are not known yet are missing at the end.
    pub left: Vec<u8>,
    /// The same of the right channel; empty when there is one channel.
    pub right: Vec<u8>,
}

/// What a recording's sound comes to, without a word of it understood. Seconds are of the part measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SoundFigures {
    /// Seconds measured.
    pub measured_secs: f64,
    /// Whether that is all of it: false for a file that breaks off.
    pub whole: bool,
    /// Seconds in which nothing is heard for two seconds or longer.
    pub silence_secs: f64,
    /// The longest of these, seconds; 0 where there is none.
    pub longest_silence_secs: f64,
    /// Seconds that sound like hold: eight seconds or longer of tones, a beat, or sound without the ups and downs of
    /// speech.
    pub hold_secs: f64,
    /// How loud what sounds outside of hold is, RMS in decibels of full scale; `None` when nothing sounds.
    pub level_db: Option<f32>,
    /// Seconds in which the tops are cut off, in fiftieths.
    pub clipped_secs: f64,
    /// Seconds in which both sides speak for half a second or longer; `None` with one channel.
    pub overlap_secs: Option<f64>,
    /// Left and right; empty with one channel, or the same on both.
    pub sides: Vec<SideFigures>,
}

/// What one side's sound comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SideFigures {
    /// Seconds it speaks.
    pub talk_secs: f64,
    /// As [`SoundFigures::level_db`].
    pub level_db: Option<f32>,
    /// As [`SoundFigures::clipped_secs`].
    pub clipped_secs: f64,
}

/// What a stretch of sound is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SoundKind {
    /// Nothing is heard.
    Silence,
    /// Tones, a beat, or sound without the ups and downs of speech.
    Hold,
    /// Both sides speak.
    Overlap,
    /// The tops are cut off.
    Clipping,
}

/// A stretch of the recording that is worth pointing at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SoundStretch {
    /// What it is.
    pub kind: SoundKind,
    /// Its beginning, seconds.
    pub from_secs: f64,
    /// Its end, seconds.
    pub to_secs: f64,
}

/// What a recording's sound comes to, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SoundReport {
    /// All in all.
    pub figures: SoundFigures,
    /// In order of time.
    pub stretches: Vec<SoundStretch>,
}

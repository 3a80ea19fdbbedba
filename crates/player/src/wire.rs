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
    /// 0 to 1.
    pub volume: f32,
    /// Code of what went wrong (`truncated`, `notAudio`, `empty`, `tooShort`, `noDevice`, `readFailed`): fatal when
    /// `phase` is `failed`, else a warning beside sound that goes on.
    pub problem: Option<String>,
    /// Times the loudspeaker had to be fed silence since the recording was loaded.
    pub underruns: u32,
}

/// A stretch of the waveform, as it becomes known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Peaks {
    /// Index of the first bar.
    pub from: u32,
    /// Bars a second.
    pub per_second: u32,
    /// One bar each, 0 to 255, loudest sample of its stretch.
    pub bars: Vec<u8>,
}

//! Sound: decoding, frame index, waveform, transport, output, and the chimes of alerts.
//!
//! A recording's bytes come in through [`source::ByteSource`] while they are still arriving; sound goes out through the
//! system's device; the window sees [`wire::Transport`] and [`wire::Peaks`]. Left out on purpose: the network, the
//! cache, and what a recording is called. The only crate that knows symphonia, rodio and rubato.

mod chain;
mod chime;
pub mod container;
mod device;
mod engine;
mod error;
mod feed;
mod gsm;
mod index;
mod level;
mod mp3;
mod peaks;
mod player;
mod rate_change;
mod reader;
mod render;
mod resample;
mod sampled;
mod silence;
mod sound;
pub mod source;
#[cfg(test)]
mod testing;
mod time_stretch;
mod wav;
mod window;
pub mod wire;

pub use chime::Chime;
pub use device::{OutputChoice, default_output, output_devices};
pub use error::Error;
pub use peaks::{BARS_PER_SECOND, measure, survey, waveform};
pub use player::{Event, News, Player};
pub use render::render;
pub use sound::SOUND_VERSION;
pub use wav::{WavSummary, decode_to_wav, save_region};

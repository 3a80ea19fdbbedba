//! Sound: decoding, frame index, waveform, transport, output.

pub mod source;
pub mod wire;

//! GSM 06.10: frames of 33 bytes, and WAV49's blocks of two frames in 65.

use oxideav_gsm::{DecoderState, UnpackedFrame};

pub(crate) mod alignment;
mod checkpoints;

pub(crate) use checkpoints::Checkpoints;

/// Samples a second, always.
pub(crate) const RATE: u32 = 8000;
/// Bytes of a raw frame.
pub(crate) const FRAME_BYTES: usize = 33;
/// Samples of a raw frame: 20 ms.
pub(crate) const FRAME_SAMPLES: usize = 160;
/// Bytes of a WAV49 block.
pub(crate) const BLOCK_BYTES: usize = 65;
/// Samples of a WAV49 block.
pub(crate) const BLOCK_SAMPLES: usize = 320;

/// Frames after a lost one in which a decoder is not sure of what it makes.
const DOUBT: u8 = 50;
/// How much louder than anything before, as power, they may become.
const LOUDER: f32 = 2.0;
/// Frames that are silenced for it, at most: if it is really that loud, those after them are heard.
const SILENCED: u8 = 3;

/// The decoder's memory from frame to frame: some 280 bytes.
#[derive(Clone)]
pub(crate) struct Decoder {
    state: DecoderState,
    /// The power of the loudest frame so far, and frames for which what is louder is taken for noise.
    loudest: f32,
    doubt: u8,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        Self { state: DecoderState::new(), loudest: 0.0, doubt: 0 }
    }

    /// A frame is missing: what is remembered of those before it does not lead to what comes. A steady sound is built on
    /// what came out before, and on anything else it can grow to the full scale and stay there.
    pub(crate) fn lose(&mut self) {
        (self.state, self.doubt) = (DecoderState::new(), DOUBT);
    }

    /// The next frame may be none.
    pub(crate) fn doubt(&mut self) {
        self.doubt = self.doubt.max(1);
    }

    /// Adds a frame's or a block's samples, -1 to 1, to `out`. False when the bytes are no GSM, or make noise after a lost
    /// frame: `out` is as before.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut Vec<f32>) -> bool {
        let before = out.len();
        if bytes.len() == BLOCK_BYTES {
            let Ok((first, second)) = UnpackedFrame::pair_from_msgsm_block(bytes) else { return false };
            self.frame(&first, out);
            self.frame(&second, out);
        } else {
            let Ok(frame) = UnpackedFrame::from_gsm_byte_frame(bytes) else { return false };
            self.frame(&frame, out);
        }
        let power = out[before..].iter().map(|sample| sample * sample).sum::<f32>();
        if self.doubt > 0 && power > self.loudest * LOUDER {
            (self.state, self.doubt) = (DecoderState::new(), (self.doubt - 1).min(SILENCED - 1));
            out.truncate(before);
            return false;
        }
        self.doubt = self.doubt.saturating_sub(1);
        self.loudest = self.loudest.max(power);
        true
    }

    fn frame(&mut self, frame: &UnpackedFrame, out: &mut Vec<f32>) {
        out.extend(self.state.decode_frame(frame).iter().map(|sample| f32::from(*sample) / 32768.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixture;

    /// The oracle: what libgsm's own decoder made of the same frames, 16-bit little endian.
    #[test]
    fn decodes_as_libgsm_does_to_the_bit() {
        let (frames, expected) = (fixture("speech.gsm"), fixture("speech.gsm.s16"));
        let mut decoder = Decoder::new();
        let mut out = Vec::new();
        for frame in frames.chunks_exact(FRAME_BYTES) {
            assert!(decoder.decode(frame, &mut out));
        }
        let ours: Vec<i16> = out.iter().map(|sample| (sample * 32768.0) as i16).collect();
        let theirs: Vec<i16> =
            expected.chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
        assert!(
            theirs.iter().any(|sample| sample.unsigned_abs() > 3000),
            "the fixture is speech, not silence"
        );
        assert_eq!(ours, theirs);
    }

    #[test]
    fn a_frame_without_the_mark_is_refused() {
        let mut out = Vec::new();
        assert!(!Decoder::new().decode(&[0_u8; FRAME_BYTES], &mut out));
        assert!(out.is_empty());
    }
}

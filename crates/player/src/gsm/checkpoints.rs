//! What the decoder remembered on its way through a recording, so that a seek goes on exactly there.
//!
//! GSM's long-term predictor builds each frame on what came out before, for as long as a sound lasts: a decoder that
//! begins in the middle of a steady tone hears next to nothing of it, however many frames it is given to warm up.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Decoder, RATE};

/// Samples from one to the next: five seconds, whole frames and whole blocks, decoded in about a millisecond.
const EVERY: u64 = 5 * RATE as u64;

/// The decoder's memory at every [`EVERY`]th sample of one recording, as far as anybody has decoded it from its start.
/// Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Checkpoints(Arc<Mutex<Vec<Decoder>>>);

impl Checkpoints {
    /// Keeps what a decoder remembers before this sample, when it is due there. It must have decoded everything before.
    pub(crate) fn keep(&self, sample: u64, decoder: &Decoder) {
        if sample.is_multiple_of(EVERY) {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() as u64 == sample / EVERY {
                kept.push(decoder.clone());
            }
        }
    }

    /// A decoder that has decoded everything before this sample; `None` unless one was kept at exactly it.
    pub(crate) fn at(&self, sample: u64) -> Option<Decoder> {
        if !sample.is_multiple_of(EVERY) {
            return None;
        }
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(usize::try_from(sample / EVERY).ok()?).cloned()
    }

    /// The last sample at or before this one that is known, and a decoder that has decoded everything before it.
    pub(crate) fn before(&self, sample: u64) -> (u64, Decoder) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = usize::try_from(sample / EVERY).unwrap_or(usize::MAX).min(kept.len().saturating_sub(1));
        kept.get(wanted).map_or((0, Decoder::new()), |decoder| (wanted as u64 * EVERY, decoder.clone()))
    }
}

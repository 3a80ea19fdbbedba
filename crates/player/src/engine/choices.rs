//! What the person chooses about how it is heard, applied to what is playing: it goes on from where it is.

use super::{Engine, Marks};
use crate::wire::{Hearing, Phase};

impl Engine {
    pub(crate) fn set_volume(&mut self, volume: f32) {
        self.volume = if volume.is_finite() { volume.clamp(0.0, 1.0) } else { 1.0 };
        // Loudness goes roughly with the cube: half way along the slider sounds half as loud.
        self.shared.set_gain(self.volume.powi(3));
    }

    /// Takes the person's choices; the recording goes on from where it is.
    pub(crate) fn set_hearing(&mut self, hearing: Hearing) {
        let hearing = hearing.within_limits();
        let made = |hearing: &Hearing| (hearing.speed, hearing.skip_silence, hearing.levelled);
        let anew = made(&hearing) != made(&self.hearing);
        self.shared.set_balance(hearing.balance);
        self.hearing = hearing;
        if anew && self.loaded.is_some() && !matches!(self.phase(), Phase::Ended | Phase::Failed) {
            self.restart(self.position());
        }
    }

    /// Repeats what is between A and B, seconds; A alone is only remembered, nothing ends it.
    pub(crate) fn set_loop(&mut self, from: Option<f64>, to: Option<f64>) {
        let before = std::mem::replace(&mut self.marks, Marks::tidy(from, to));
        if self.loaded.is_none() {
            self.marks = Marks::default();
        }
        if before.region() == self.marks.region() || matches!(self.phase(), Phase::Ended | Phase::Failed) {
            return;
        }
        // What is ready may lie beyond B, or come from a loop that is no more.
        let position = self.position();
        let beyond = self.marks.region().filter(|(_, to)| position >= to - 0.01);
        self.restart(beyond.map_or(position, |(from, _)| from));
    }
}

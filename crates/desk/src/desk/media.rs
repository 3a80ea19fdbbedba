//! The keyboard's media keys and the desktop's media controls: what they are shown of the call that is open, and what is
//! pressed there, for the window to do.
//!
//! Left out on purpose: speaking to the system (the shell does), and whom a call is with: lock screens and other programs
//! show and log what they are told.

use super::Desk;
use super::streams::each;
use crate::wire::MediaKey;
use atalaya_player::wire::{Phase, Transport};

/// What the system shows of the call that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct OnAir {
    /// Its campaign, without the arrow.
    pub campaign: String,
    /// Its day, `yyyy-MM-dd`, server-local.
    pub day: String,
    /// Whether it sounds, or waits for bytes to sound.
    pub playing: bool,
    /// Seconds from the start.
    pub position_secs: f64,
    /// Seconds; `None` until known.
    pub duration_secs: Option<f64>,
}

/// The system counts on by itself: it is told where the sound is when that differs by this much, seconds.
const DRIFT_SECS: f64 = 5.0;

impl OnAir {
    /// Whether the system need not be told again.
    fn as_told(&self, told: &Self) -> bool {
        (self.position_secs - told.position_secs).abs() < DRIFT_SECS
            && *self == Self { position_secs: self.position_secs, ..told.clone() }
    }
}

impl Desk {
    /// Tells `show` of the call that is open, whenever that changes; `None`: none is. Blocks for as long as it answers
    /// true.
    pub fn on_air(&self, mut show: impl FnMut(Option<&OnAir>) -> bool) {
        let mut told: Option<OnAir> = None;
        for _ in self.inner.player.events() {
            let now = self.open_call_on_air(&self.inner.player.transport());
            let same = match (&now, &told) {
                (Some(now), Some(told)) => now.as_told(told),
                (now, told) => now.is_none() && told.is_none(),
            };
            if !same {
                if !show(now.as_ref()) {
                    return;
                }
                told = now;
            }
        }
    }

    fn open_call_on_air(&self, transport: &Transport) -> Option<OnAir> {
        let call = self.session().ok()?.listening().ok()?.open_call()?;
        Some(OnAir {
            campaign: call.campaign.trim_end_matches("->").trim_end_matches("<-").to_owned(),
            day: call.started_at.chars().take(10).collect(),
            playing: matches!(transport.phase, Phase::Playing | Phase::Buffering),
            position_secs: transport.position_secs,
            duration_secs: transport.duration_secs,
        })
    }

    /// A media key was pressed.
    pub fn media_key(&self, key: MediaKey) {
        // Without a window nobody can do it.
        let _ = self.inner.media_keys.send(key);
    }

    /// Sends every media key pressed to `send` for as long as it answers true.
    pub async fn media_keys(&self, send: impl FnMut(MediaKey) -> bool + Send) {
        each(self.inner.media_keys.subscribe(), send).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_told_of_changes_and_not_of_time_that_passes() {
        let told = OnAir {
            campaign: "Ventas".into(),
            day: "2026-01-31".into(),
            playing: true,
            position_secs: 10.0,
            duration_secs: Some(60.0),
        };
        assert!(OnAir { position_secs: 10.05, ..told.clone() }.as_told(&told));
        assert!(!OnAir { position_secs: 30.0, ..told.clone() }.as_told(&told));
        assert!(!OnAir { playing: false, ..told.clone() }.as_told(&told));
        assert!(!OnAir { duration_secs: None, ..told.clone() }.as_told(&told));
    }
}

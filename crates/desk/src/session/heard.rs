//! What this person heard and flagged. What is heard is learned from the player as it plays: the seconds that left the
//! loudspeaker, not how far somebody skipped. What can be heard of it is kept once the player has measured it.

use atalaya_calls::HeardSpan;
use atalaya_calls::wire::Mark;
use atalaya_player::wire::{Phase, SoundFigures, Transport};
use atalaya_player::{Event, News, Player};
use atalaya_ucontact::Problem;
use tokio::sync::{broadcast, oneshot};

use super::found::FoundCalls;
use super::ground::Ground;
use super::listening::Listening;
use crate::problem::from_calls;

/// Marks told and not yet taken by a slow watcher; what it misses it reads anew.
const TOLD: usize = 256;

/// The player tells its position twenty times a second; a step longer than this, at normal speed, was a jump.
const LONGEST_STEP_SECS: f64 = 0.3;
/// Kept after so much new sound, and whenever it stops.
const KEEP_EVERY_SECS: f64 = 5.0;

/// Listens along with one recording.
#[derive(Default)]
struct ListenedPart {
    /// Position and silence left out, when last told, while it sounded.
    last: Option<(f64, f64)>,
    heard: Vec<HeardSpan>,
    new_secs: f64,
    length_ms: Option<u32>,
}

impl ListenedPart {
    /// Takes the transport; true when what was heard should be kept now.
    fn hear(&mut self, transport: &Transport) -> bool {
        let Transport { phase, position_secs: at, saved_secs: saved, .. } = *transport;
        if let Some(secs) = transport.duration_secs.filter(|secs| secs.is_finite() && *secs > 0.0) {
            self.length_ms = Some((secs * 1_000.0).round() as u32);
        }
        let before = self.last.take();
        self.last = (phase == Phase::Playing).then_some((at, saved));
        if let Some((from, saved_before)) = before
            && phase != Phase::Buffering
        {
            // A silence that was left out is part of what was heard: nothing was said in it.
            let left_out = (saved - saved_before).max(0.0);
            let step = LONGEST_STEP_SECS * f64::from(transport.hearing.speed.max(1.0)) + left_out;
            if at > from && at - from <= step {
                self.add(from, at);
            }
        }
        let stopped = phase != Phase::Playing && phase != Phase::Buffering;
        !self.heard.is_empty() && (stopped || self.new_secs >= KEEP_EVERY_SECS)
    }

    fn add(&mut self, from: f64, to: f64) {
        let ms = |secs: f64| (secs * 1_000.0).round() as u64;
        self.new_secs += to - from;
        match self.heard.last_mut() {
            Some(last) if last.to_ms == ms(from) => last.to_ms = ms(to),
            _ => self.heard.push(HeardSpan { from_ms: ms(from), to_ms: ms(to) }),
        }
    }

    fn taken(&mut self) -> Vec<HeardSpan> {
        self.new_secs = 0.0;
        std::mem::take(&mut self.heard)
    }
}

/// What this person heard and flagged; clones are handles to the same.
#[derive(Clone)]
pub struct Heard {
    ground: Ground,
    found: FoundCalls,
    told: broadcast::Sender<Mark>,
}

impl Heard {
    pub(super) fn new(ground: Ground, found: FoundCalls) -> Self {
        Self { ground, found, told: broadcast::Sender::new(TOLD) }
    }

    /// Listens along with the player until the session ends: the last that was heard is kept then.
    pub(super) fn follow(&self, player: &Player, listening: &Listening) {
        let (events, here, listening) = (player.events(), self.clone(), listening.clone());
        let (ended, until_ended) = oneshot::channel::<()>();
        self.ground.tasks.spawn_until_told(async move {
            // Dropped unsent by a thread that ends however it does.
            let _ = until_ended.await;
        });
        std::thread::spawn(move || {
            let _ended = ended;
            let mut ear = ListenedPart::default();
            let mut open: Option<(u64, String)> = None;
            for Event { ticket, news } in events {
                let of_open = open.as_ref().is_some_and(|(of, _)| *of == ticket);
                let keep = match &news {
                    News::Transport(transport) => of_open && ear.hear(transport),
                    News::Reset => !ear.heard.is_empty(),
                    News::Sound(report) => {
                        if let Some((_, guid)) = open.as_ref().filter(|_| of_open) {
                            here.measured(guid, &report.figures);
                        }
                        false
                    }
                    News::Peaks(_) => false,
                };
                if keep && let Some((_, guid)) = &open {
                    here.keep(guid, &ear.taken(), ear.length_ms);
                }
                if news == News::Reset {
                    ear = ListenedPart::default();
                    open = listening.guid_of(ticket).map(|guid| (ticket, guid));
                    // The player is emptied at the end of a session: after that nothing of it is heard.
                    if here.ground.tasks.ending() {
                        return;
                    }
                }
            }
        });
    }

    fn keep(&self, guid: &str, heard: &[HeardSpan], length_ms: Option<u32>) {
        match self.ground.calls.heard(guid, heard, length_ms) {
            Ok(mark) => self.tell(mark),
            Err(error) => {
                self.ground.noted(from_calls(&error));
            }
        }
    }

    /// Keeps what can be heard of a recording, and tells whoever shows the call.
    pub(super) fn measured(&self, guid: &str, figures: &SoundFigures) {
        match self.ground.calls.measured(guid, figures) {
            Ok(mark) => self.tell(mark),
            Err(error) => {
                self.ground.noted(from_calls(&error));
            }
        }
    }

    fn tell(&self, mark: Mark) {
        self.found.mark(&mark);
        // Nobody watching is fine: it is in the store.
        let _ = self.told.send(mark);
    }

    /// Flags calls, or takes their flags away.
    ///
    /// # Errors
    /// The store's.
    pub fn flag(&self, guids: &[String], flagged: bool) -> Result<Vec<Mark>, Problem> {
        let marks =
            self.ground.calls.flag(guids, flagged).map_err(|error| self.ground.noted(from_calls(&error)))?;
        for mark in &marks {
            self.tell(mark.clone());
        }
        Ok(marks)
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Mark> {
        self.told.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use atalaya_player::wire::Hearing;

    use super::*;

    fn at(phase: Phase, position_secs: f64, saved_secs: f64, speed: f32) -> Transport {
        Transport {
            phase,
            position_secs,
            duration_secs: Some(60.0),
            duration_exact: true,
            buffered_secs: 60.0,
            channels: Some(1),
            volume: 0.8,
            hearing: Hearing { speed, ..Hearing::default() },
            loop_from_secs: None,
            loop_to_secs: None,
            saved_secs,
            problem: None,
            ends_at_secs: None,
            meant_to_last_secs: None,
            resumed_at_secs: None,
            underruns: 0,
            obeyed: 0,
        }
    }

    /// Stretches heard, milliseconds.
    fn heard(told: &[Transport]) -> Vec<(u64, u64)> {
        let mut ear = ListenedPart::default();
        for transport in told {
            ear.hear(transport);
        }
        ear.taken().iter().map(|one| (one.from_ms, one.to_ms)).collect()
    }

    #[test]
    fn only_what_sounded_counts() {
        use Phase::{Buffering, Ended, Paused, Playing};
        let play = |at_secs| at(Playing, at_secs, 0.0, 1.0);
        // Forth by a skip, back by a skip.
        assert_eq!(
            heard(&[play(0.0), play(0.05), play(0.1), play(30.0), play(30.05), play(2.0), play(2.05)]),
            [(0, 100), (30_000, 30_050), (2_000, 2_050)]
        );
        // One second on with the arrow key is not heard.
        assert_eq!(heard(&[play(5.0), play(6.0), play(6.05)]), [(6_000, 6_050)]);
        // A pause that is left, and the end.
        let paused = at(Paused, 0.1, 0.0, 1.0);
        assert_eq!(
            heard(&[play(0.05), paused.clone(), paused, play(0.1), at(Ended, 0.15, 0.0, 1.0)]),
            [(50, 150)]
        );
        // Moved while it is held: nothing sounded.
        assert_eq!(heard(&[at(Paused, 1.0, 0.0, 1.0), at(Paused, 9.0, 0.0, 1.0)]), []);
        // Fast, and a silence left out.
        assert_eq!(heard(&[at(Playing, 0.0, 0.0, 3.0), at(Playing, 0.6, 0.0, 3.0)]), [(0, 600)]);
        assert_eq!(heard(&[at(Playing, 1.0, 2.0, 1.0), at(Playing, 5.05, 6.0, 1.0)]), [(1_000, 5_050)]);
        // Waiting for bytes after a jump.
        assert_eq!(
            heard(&[play(1.0), at(Buffering, 1.1, 0.0, 1.0), play(1.2), play(1.25)]),
            [(1_200, 1_250)]
        );
    }

    #[test]
    fn it_is_kept_every_few_seconds_and_whenever_it_stops() {
        let mut ear = ListenedPart::default();
        let mut kept = Vec::new();
        for step in 0..=220 {
            let secs = f64::from(step) * 0.05;
            if ear.hear(&at(Phase::Playing, secs, 0.0, 1.0)) {
                kept.push((ear.taken().len(), secs.round()));
            }
        }
        assert_eq!(kept, [(1, 5.0), (1, 10.0)]);
        assert!(ear.hear(&at(Phase::Paused, 11.0, 0.0, 1.0)));
        assert_eq!(ear.taken(), [HeardSpan { from_ms: 10_000, to_ms: 11_000 }]);
        assert!(!ear.hear(&at(Phase::Paused, 11.0, 0.0, 1.0)));
        assert_eq!(ear.length_ms, Some(60_000));
    }
}

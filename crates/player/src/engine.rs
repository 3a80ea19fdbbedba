//! The transport: what is loaded, what the person wants, and one step of work at a time.
//!
//! Nothing here waits, sleeps or opens a device. [`Engine::step`] does a bounded piece of work and says what it needs
//! next; the clock is whoever pulls the [`Feed`]: the device, or a test.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use rtrb::{Producer, RingBuffer};

use crate::chain::Chain;
use crate::error::Error;
use crate::feed::{Feed, Shared, Sound};
use crate::reader::{Pcm, Reader, Step};
use crate::source::ByteSource;
use crate::wire::{Hearing, Phase, Transport};

mod choices;
mod loaded;
mod repeat;

use loaded::Loaded;
pub(crate) use repeat::Marks;

/// What the thread that drives the engine should do before the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Step again.
    Again,
    /// Wait for bytes.
    Bytes,
    /// Wait for the device to take sound, or for the person.
    Room,
    /// The same, with somebody waiting for the first sound: the device has to throw away what was ready before.
    Soon,
    /// Wait for the person.
    Nothing,
}

/// Seconds of sound kept ready in the ring.
const READY_SECS: f64 = 1.5;
/// Seconds of sound the ring has room for: after a seek it still holds what was ready before, until the device comes by.
const RING_SECS: u32 = 4;
/// Seconds of sound that have to be ready before any is heard.
const START_SECS: f64 = 1.0;

/// The transport.
pub(crate) struct Engine {
    shared: Arc<Shared>,
    ring: Option<Producer<Sound>>,
    rate: u32,
    epoch: u32,
    loaded: Option<Loaded>,
    /// Where the present stretch starts, in seconds.
    base: f64,
    intent: bool,
    primed: bool,
    volume: f32,
    hearing: Hearing,
    marks: Marks,
    /// Seconds of silence left out in earlier stretches of this recording.
    saved: f64,
    /// The person held it and has not gone elsewhere since: going on starts a little earlier.
    held: bool,
    /// Where it went on instead of the start.
    resumed: Option<f64>,
    /// Wishes obeyed so far, as [`Transport::obeyed`] tells them.
    obeyed: u32,
}

impl Engine {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            ring: None,
            rate: 48_000,
            epoch: 0,
            loaded: None,
            base: 0.0,
            intent: false,
            primed: false,
            volume: 1.0,
            hearing: Hearing::default(),
            marks: Marks::default(),
            saved: 0.0,
            held: false,
            resumed: None,
            obeyed: 0,
        }
    }

    /// Makes the source for a device that has just been opened, and goes on with it from where the sound was.
    pub(crate) fn connect(&mut self, rate: NonZeroU32, channels: NonZeroU16) -> Feed {
        let (position, over) = (self.position(), self.over());
        let (producer, consumer) = RingBuffer::new((rate.get() * RING_SECS) as usize);
        self.ring = Some(producer);
        self.rate = rate.get();
        if !over {
            self.restart(position);
        }
        Feed::new(consumer, Arc::clone(&self.shared), rate, channels)
    }

    /// The device is gone or closed; the position stays.
    pub(crate) fn disconnect(&mut self) {
        let (position, over) = (self.position(), self.over());
        self.ring = None;
        if !over {
            self.restart(position);
        }
    }

    /// Heard to its end, or to where it cannot be read on: a device that comes or goes does not begin it anew, or it would end
    /// once more.
    fn over(&self) -> bool {
        let heard = self.loaded.as_ref().is_some_and(|loaded| self.drained(loaded));
        heard && matches!(self.phase(), Phase::Ended | Phase::Failed)
    }

    /// A reader of what is loaded for somebody else: what it learns of the way makes seeks here exact.
    pub(crate) fn reader_beside(&self) -> Option<Reader> {
        Some(self.loaded.as_ref()?.reader.beside())
    }

    pub(crate) fn connected(&self) -> bool {
        self.ring.is_some()
    }

    pub(crate) fn load(&mut self, source: Arc<dyn ByteSource>, autoplay: bool, from: f64) {
        self.intent = autoplay;
        self.held = false;
        self.shared.forget();
        self.loaded = Some(Loaded::new(source));
        self.marks = Marks::default();
        self.saved = 0.0;
        let from = if from.is_finite() { from.max(0.0) } else { 0.0 };
        self.restart(from);
        self.resumed = (from > 0.0).then_some(from);
    }

    /// Another copy of what is loaded: it goes on from the same second, with the same choices.
    pub(crate) fn swap(&mut self, source: Arc<dyn ByteSource>) {
        if self.loaded.is_none() {
            return;
        }
        let position = self.position();
        self.restart(position);
        self.loaded = Some(Loaded::new(source));
        self.restart(position);
    }

    pub(crate) fn unload(&mut self) {
        self.loaded = None;
        self.marks = Marks::default();
        self.saved = 0.0;
        self.intent = false;
        self.resumed = None;
        self.shared.forget();
        self.restart(0.0);
    }

    pub(crate) fn play(&mut self) {
        let phase = self.phase();
        self.intent = self.loaded.is_some();
        let held = std::mem::take(&mut self.held);
        match phase {
            Phase::Ended => self.restart(self.marks.region().map_or(0.0, |(from, _)| from)),
            // The words before the interruption are what the next ones hang on.
            Phase::Paused if held && self.hearing.step_back_secs > 0.0 => {
                let position = self.position();
                let first =
                    self.marks.region().map_or(0.0, |(from, _)| if position >= from { from } else { 0.0 });
                self.restart((position - f64::from(self.hearing.step_back_secs)).max(first));
            }
            // A failure to read may have passed.
            Phase::Failed
                if self.loaded.as_ref().is_some_and(|l| matches!(l.error, Some(Error::ReadFailed(_)))) =>
            {
                self.restart(self.position());
            }
            _ => {}
        }
        self.settle();
    }

    pub(crate) fn pause(&mut self) {
        self.held |= self.wants_sound();
        self.intent = false;
        self.settle();
    }

    pub(crate) fn toggle(&mut self) {
        if self.intent && !matches!(self.phase(), Phase::Ended | Phase::Failed) {
            self.pause();
        } else {
            self.play();
        }
    }

    pub(crate) fn seek(&mut self, secs: f64) {
        if self.loaded.is_none() || !secs.is_finite() {
            return;
        }
        let end = self.duration().filter(|(_, exact)| *exact).map_or(f64::INFINITY, |(end, _)| end);
        self.held = false;
        self.resumed = None;
        self.restart(secs.clamp(0.0, end));
    }

    /// One wish more is in what is told from now on.
    pub(crate) fn count_wish(&mut self) {
        self.obeyed = self.obeyed.wrapping_add(1);
    }

    pub(crate) fn seek_by(&mut self, secs: f64) {
        self.seek(self.position() + secs);
    }

    /// What the person asked for.
    pub(crate) fn wants_sound(&self) -> bool {
        self.intent && self.loaded.is_some() && !matches!(self.phase(), Phase::Ended | Phase::Failed)
    }

    /// Nothing about the recording will change by itself any more.
    pub(crate) fn at_rest(&self) -> bool {
        self.loaded.as_ref().is_none_or(|loaded| loaded.indexed && loaded.source.is_complete())
    }

    /// Less than half a second of sound is ready for the device although it is wanted.
    pub(crate) fn hungry(&self) -> bool {
        self.ring.is_some()
            && self.wants_sound()
            && self.loaded.as_ref().is_some_and(|loaded| {
                !loaded.decoded_all
                    && loaded.pushed.saturating_sub(self.shared.played()) < u64::from(self.rate) / 2
            })
    }

    fn restart(&mut self, secs: f64) {
        self.saved = self.saved_secs();
        self.shared.set_gate(false);
        self.epoch = self.shared.next_epoch(secs > 0.0);
        self.base = secs;
        self.primed = false;
        if let Some(loaded) = &mut self.loaded {
            loaded.restart(secs);
        }
    }

    /// Seconds, of the frame that leaves the ring now.
    pub(crate) fn position(&self) -> f64 {
        if self.loaded.is_none() {
            return 0.0;
        }
        let chain = self.loaded.as_ref().and_then(|loaded| loaded.chain.as_ref());
        let position = chain.and_then(|chain| chain.position(self.shared.played())).unwrap_or(self.base);
        match self.duration() {
            Some((end, true)) => position.min(end),
            _ => position,
        }
    }

    fn saved_secs(&self) -> f64 {
        let chain = self.loaded.as_ref().and_then(|loaded| loaded.chain.as_ref());
        self.saved + chain.map_or(0.0, |chain| chain.saved(self.shared.played()))
    }

    fn duration(&self) -> Option<(f64, bool)> {
        let loaded = self.loaded.as_ref()?;
        loaded.reader.duration(loaded.source.len())
    }

    fn drained(&self, loaded: &Loaded) -> bool {
        loaded.out_at >= loaded.out.len() && self.shared.played() >= loaded.pushed
    }

    pub(crate) fn phase(&self) -> Phase {
        let Some(loaded) = &self.loaded else { return Phase::Empty };
        match &loaded.error {
            Some(Error::ReadFailed(_)) if !self.drained(loaded) && self.ring.is_some() => {}
            Some(_) => return Phase::Failed,
            None => {}
        }
        if loaded.decoded_all && self.drained(loaded) {
            Phase::Ended
        } else if !self.intent || self.ring.is_none() {
            Phase::Paused
        } else if self.primed {
            Phase::Playing
        } else {
            Phase::Buffering
        }
    }

    fn problem(&self) -> Option<&'static str> {
        let loaded = self.loaded.as_ref()?;
        if let Some(error) = &loaded.error {
            // What is wrong with the way to the bytes says more than that they cannot be read.
            let why = loaded.source.trouble().filter(|_| matches!(error, Error::ReadFailed(_)));
            return Some(why.unwrap_or(error.code()));
        }
        if self.intent && self.ring.is_none() {
            return Some("noDevice");
        }
        // The way to the bytes explains a missing end better than the bytes do.
        loaded.source.trouble().or(loaded.cut().then_some("truncated"))
    }

    /// Where the sound breaks off for good, and how long it would be by the size declared.
    fn ends_at(&self) -> Option<(f64, Option<f64>)> {
        let loaded = self.loaded.as_ref()?;
        let source = &loaded.source;
        let have = source.available_from(0);
        let missing = source.len().filter(|total| have < *total);
        if !source.is_complete() || !loaded.cut() {
            return None;
        }
        let secs = if missing.is_some() { loaded.reader.secs_at(have) } else { self.duration()?.0 };
        (secs > 0.0).then(|| (secs, missing.map(|total| secs * total as f64 / have as f64)))
    }

    pub(crate) fn transport(&self) -> Transport {
        let (duration, ends) = (self.duration(), self.ends_at());
        Transport {
            phase: self.phase(),
            position_secs: self.position(),
            duration_secs: duration.map(|(secs, _)| secs),
            duration_exact: duration.is_some_and(|(_, exact)| exact),
            buffered_secs: self.loaded.as_ref().map_or(0.0, |loaded| loaded.buffered(duration)),
            channels: self.loaded.as_ref().and_then(|loaded| Some(loaded.reader.shape()?.1)),
            volume: self.volume,
            hearing: self.hearing.clone(),
            loop_from_secs: self.marks.from,
            loop_to_secs: self.marks.to,
            saved_secs: self.saved_secs(),
            problem: self.problem().map(str::to_owned),
            ends_at_secs: ends.map(|(at, _)| at),
            meant_to_last_secs: ends.and_then(|(_, of)| of),
            resumed_at_secs: self.resumed,
            underruns: self.shared.underruns(),
            obeyed: self.obeyed,
        }
    }

    /// Opens or closes the gate as the phase says; notices a ring that ran dry.
    fn settle(&mut self) {
        if self.shared.take_dry() {
            self.primed = false;
        }
        let played = self.shared.played();
        if let Some(loaded) = &self.loaded {
            let ready = loaded.pushed.saturating_sub(played) as f64;
            let no_more = loaded.decoded_all || loaded.error.is_some();
            self.primed |=
                ready >= START_SECS * f64::from(self.rate) || (no_more && loaded.out_at >= loaded.out.len());
            self.shared.set_last(no_more);
        }
        self.shared.set_gate(self.phase() == Phase::Playing);
    }

    /// Waits until bytes came, or `patience` is over.
    pub(crate) fn wait_for_bytes(&self, patience: std::time::Duration) {
        if let Some(loaded) = &self.loaded {
            loaded.source.wait_changed(patience);
        }
    }

    /// Does one piece of work.
    pub(crate) fn step(&mut self) -> Next {
        let next = self.work();
        self.settle();
        next
    }

    fn work(&mut self) -> Next {
        let rate = self.rate;
        let Some(loaded) = &mut self.loaded else { return Next::Nothing };
        if loaded.error.as_ref().is_some_and(|error| !matches!(error, Error::ReadFailed(_))) {
            return Next::Nothing;
        }
        let full = match &mut self.ring {
            Some(ring) => {
                let most = self.shared.played() + (READY_SECS * f64::from(rate)) as u64;
                !loaded.pour(ring, self.epoch, most)
            }
            None => loaded.out.len() >= rate as usize,
        };
        if full {
            let waited_for = !self.primed && self.ring.is_some();
            return loaded.spare(if waited_for { Next::Soon } else { Next::Room });
        }
        if loaded.decoded_all || loaded.error.is_some() {
            return loaded.spare(Next::Room);
        }
        match loaded.reader.step(&*loaded.source) {
            Ok(Step::Pcm(first)) => {
                let Pcm { rate: from, channels, .. } = loaded.reader.pcm();
                if loaded.chain.is_none() {
                    let start = first as f64 / f64::from(from);
                    let wished = self.base;
                    // A seek from before the rate was known: aimed at now.
                    if wished > start + 1.0 / f64::from(from) && loaded.pushed == 0 && first == 0 {
                        loaded.reader.seek((wished * f64::from(from)).round() as u64);
                        return Next::Again;
                    }
                    self.base = start;
                    let level = loaded.level.take();
                    loaded.chain = Chain::new(from, rate, channels, &self.hearing, level);
                }
                if let Some(chain) = &mut loaded.chain {
                    chain.forget_before(self.shared.played());
                }
                loaded.pass_on(first, self.marks);
                Next::Again
            }
            Ok(Step::Worked) => Next::Again,
            Ok(Step::Wait(offset)) => {
                if loaded.asked_for != Some(offset) {
                    loaded.asked_for = Some(offset);
                    loaded.source.want(offset);
                }
                loaded.spare(Next::Bytes)
            }
            Ok(Step::End) if loaded.around(self.marks) => Next::Again,
            Ok(Step::End) => {
                loaded.flush();
                loaded.decoded_all = true;
                Next::Again
            }
            Err(error) => {
                tracing::warn!(code = error.code(), "the recording cannot be decoded on");
                loaded.flush();
                loaded.error = Some(error);
                Next::Again
            }
        }
    }
}

#[cfg(test)]
mod tests;

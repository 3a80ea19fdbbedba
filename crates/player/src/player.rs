//! The player: a handle to the thread that decodes, the device and the waveform's thread.
//!
//! Left out on purpose: what a recording is called and where it is found.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::chime::Chime;
use crate::device::{OutputChoice, default_output};
use crate::engine::Engine;
use crate::feed::Shared;
use crate::source::ByteSource;
use crate::wire::{Detail, Hearing, Peaks, SoundReport, Transport};

mod driver;

use driver::{Board, Command, Driver, locked};

/// What the window is told, and of which recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The number its recording was loaded under.
    pub ticket: u64,
    /// What there is to tell.
    pub news: News,
}

/// What there is to tell of a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The transport, on every change and at most 20 times a second while playing.
    Transport(Transport),
    /// A stretch of the waveform.
    Peaks(Peaks),
    /// What can be heard, once the waveform is whole.
    Sound(SoundReport),
    /// Another recording, or none: the waveform starts anew.
    Reset,
}

struct Inner {
    board: Arc<Board>,
    commands: Sender<Command>,
    /// Recordings (and none) asked for so far.
    asked: AtomicU64,
    wished: AtomicU32,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Quit);
        if let Some(thread) = locked(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

/// The player. Clones are handles to the same one; it stops when the last is dropped.
#[derive(Clone)]
pub struct Player {
    inner: Arc<Inner>,
}

impl Player {
    /// Starts the player's threads. The device is opened with the first recording; none being there is told in the
    /// transport (`noDevice`).
    pub fn start(output: OutputChoice) -> Self {
        let shared = Arc::new(Shared::new());
        let engine = Engine::new(Arc::clone(&shared));
        let board = Arc::new(Board::new(shared, engine.transport(), output.clone()));
        let (commands, inbox) = channel();
        let driver = Driver::new(engine, Arc::clone(&board), output);
        let thread = std::thread::Builder::new().name("player".to_owned()).spawn(move || driver.run(&inbox));
        if let Err(error) = &thread {
            tracing::error!(%error, "the player's thread could not be started");
        }
        Self {
            inner: Arc::new(Inner {
                board,
                commands,
                asked: AtomicU64::new(0),
                wished: AtomicU32::new(0),
                thread: Mutex::new(thread.ok()),
            }),
        }
    }

    fn send(&self, command: Command) {
        if matches!(command, Command::Load(..) | Command::Swap(..) | Command::Unload(_)) {
            self.inner.asked.fetch_add(1, Ordering::AcqRel);
        }
        if command.is_wish() {
            self.inner.wished.fetch_add(1, Ordering::AcqRel);
        }
        // The thread only ends with the last handle.
        let _ = self.inner.commands.send(command);
    }

    /// Replaces what was loaded. Sound starts at once with `autoplay`, as soon as a second of it is ready.
    pub fn load(&self, source: Arc<dyn ByteSource>, autoplay: bool) {
        self.load_at(0, source, autoplay, 0.0);
    }

    /// The same, beginning `from` seconds after the start; everything told of it carries `ticket`.
    pub fn load_at(&self, ticket: u64, source: Arc<dyn ByteSource>, autoplay: bool, from: f64) {
        self.send(Command::Load(ticket, source, autoplay, from));
    }

    /// Goes on with another copy of the same recording, at the same second of sound. Bytes of the two are never mixed:
    /// the waveform starts anew.
    pub fn swap(&self, source: Arc<dyn ByteSource>) {
        self.send(Command::Swap(source));
    }

    /// The waveform between two places, seconds from the start, in so many columns.
    pub fn detail(&self, from: f64, to: f64, columns: u32) -> Detail {
        locked(&self.inner.board.seen).wave.detail((from, to), columns)
    }

    /// Empties the player; what is told until the next recording carries `ticket`.
    pub fn unload(&self, ticket: u64) {
        self.send(Command::Unload(ticket));
    }

    /// The number the recording at hand was loaded under.
    pub fn ticket(&self) -> u64 {
        locked(&self.inner.board.seen).ticket
    }

    /// Opens the device ahead of a recording that is about to be loaded: opening one takes tens of milliseconds.
    pub fn warm(&self) {
        self.send(Command::Warm);
    }

    /// Plays; from the start when it was at the end.
    pub fn play(&self) {
        self.send(Command::Play);
    }

    /// Holds. The device stays open for some seconds.
    pub fn pause(&self) {
        self.send(Command::Pause);
    }

    /// Plays or holds.
    pub fn toggle(&self) {
        self.send(Command::Toggle);
    }

    /// Goes to `secs` from the start, exactly; past the end is the end.
    pub fn seek(&self, secs: f64) {
        self.send(Command::Seek(secs));
    }

    /// Goes `secs` on, or back.
    pub fn seek_by(&self, secs: f64) {
        self.send(Command::SeekBy(secs));
    }

    /// Sets the volume, 0 to 1, as the ear counts: half is about half as loud.
    pub fn set_volume(&self, volume: f32) {
        self.send(Command::Volume(volume));
    }

    /// Sets how recordings are heard, within its limits; one that plays goes on from where it is.
    pub fn set_hearing(&self, hearing: Hearing) {
        self.send(Command::Hearing(hearing));
    }

    /// Repeats what is between two places, seconds from the start; closer than a tenth of a second repeats nothing.
    pub fn set_loop(&self, from: Option<f64>, to: Option<f64>) {
        self.send(Command::Loop(from, to));
    }

    /// Sounds a chime on the chosen device, beside the recording, which goes on as it was. Opens the device when it is
    /// closed; without one nothing is heard.
    pub fn chime(&self, chime: Chime) {
        self.send(Command::Chime(chime));
    }

    /// Goes on with another device.
    pub fn set_output(&self, output: OutputChoice) {
        self.send(Command::Output(output));
    }

    /// Wishes sent so far. A transport that has [`obeyed`](Transport::obeyed) fewer was told before the last of them.
    pub fn wished(&self) -> u32 {
        self.inner.wished.load(Ordering::Acquire)
    }

    /// The transport as last told: at most 50 ms old while playing.
    pub fn transport(&self) -> Transport {
        locked(&self.inner.board.seen).transport.clone()
    }

    /// Whether the transport is of what was loaded last: for a moment after it still tells of the recording before.
    pub fn settled(&self) -> bool {
        locked(&self.inner.board.seen).told == self.inner.asked.load(Ordering::Acquire)
    }

    /// What happens from now on, starting with the waveform so far when there is one.
    pub fn events(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        let mut seen = locked(&self.inner.board.seen);
        if let Some(peaks) = seen.wave.so_far() {
            let _ = sender.send(Event { ticket: seen.ticket, news: News::Peaks(peaks) });
        }
        if let Some(report) = seen.sound.clone() {
            let _ = sender.send(Event { ticket: seen.ticket, news: News::Sound(report) });
        }
        seen.listeners.push(sender);
        receiver
    }

    /// Name of the device sound goes to: the open one, else the one that would be opened. `None` without one.
    pub fn device_name(&self) -> Option<String> {
        let choice = locked(&self.inner.board.choice).clone();
        match choice {
            OutputChoice::None => None,
            OutputChoice::Named(name) => Some(name),
            OutputChoice::DefaultDevice => default_output().ok(),
        }
    }

    /// When the first sample of the loaded recording that was not silent was handed to the device.
    pub fn first_sample_at(&self) -> Option<Instant> {
        self.inner.board.shared.first_sound()
    }

    /// Without a device ([`OutputChoice::None`]): takes `frames` frames of left and right at 48 kHz. This is the clock
    /// then. `None` with a device.
    pub fn pull(&self, frames: usize) -> Option<Vec<f32>> {
        locked(&self.inner.board.virtual_device).as_mut().map(|device| device.pull(frames))
    }
}

#[cfg(test)]
mod tests;

//! The player: a handle to the thread that decodes, the device and the waveform's thread.
//!
//! Left out on purpose: what a recording is called and where it is found.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::device::{Output, OutputChoice};
use crate::engine::{Engine, Next};
use crate::feed::{Feed, Shared};
use crate::peaks;
use crate::sniff::Format;
use crate::source::ByteSource;
use crate::wire::{Peaks, Transport};

/// What the window is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The transport, on every change and at most 20 times a second while playing.
    Transport(Transport),
    /// A stretch of the waveform.
    Peaks(Peaks),
    /// Another recording, or none: the waveform starts anew.
    Reset,
}

enum Command {
    Load(Arc<dyn ByteSource>, Format, bool),
    Unload,
    Warm,
    Play,
    Pause,
    Toggle,
    Seek(f64),
    SeekBy(f64),
    Volume(f32),
    Output(OutputChoice),
    Quit,
}

/// Between two reports of the position, and the longest the device goes unlooked-at.
const TICK: Duration = Duration::from_millis(50);
/// How long a wait for bytes may keep the person's next wish waiting.
const PATIENCE: Duration = Duration::from_millis(15);
/// With nothing to do.
const IDLE_TICK: Duration = Duration::from_secs(1);
/// A device that plays nothing for this long is closed.
const IDLE_DEVICE: Duration = Duration::from_secs(30);
/// A device that asks for nothing for this long is taken for dead.
const DEAD_DEVICE: Duration = Duration::from_secs(2);
/// Between two attempts to open a device that is wanted and not there.
const DEVICE_RETRY: Duration = Duration::from_secs(2);

const VIRTUAL_RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(47_999);
const VIRTUAL_CHANNELS: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// What the handle and the threads share.
struct Board {
    shared: Arc<Shared>,
    seen: Mutex<Seen>,
    /// Where the virtual device is pulled, without a device.
    virtual_feed: Mutex<Option<Feed>>,
    /// True while sound has to be decoded first.
    hungry: Mutex<bool>,
    fed: Condvar,
}

struct Seen {
    transport: Transport,
    bars: Vec<u8>,
    /// Counts recordings: bars of one that was replaced are dropped.
    recording: u64,
    listeners: Vec<Sender<Event>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    fn tell(seen: &mut Seen, event: &Event) {
        seen.listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }

    fn peaks(&self, recording: u64, peaks: Peaks) {
        let mut seen = locked(&self.seen);
        if seen.recording == recording {
            seen.bars.extend_from_slice(&peaks.bars);
            Self::tell(&mut seen, &Event::Peaks(peaks));
        }
    }

    fn set_hungry(&self, hungry: bool) {
        let mut before = locked(&self.hungry);
        if *before && !hungry {
            self.fed.notify_all();
        }
        *before = hungry;
    }

    fn wait_until_fed(&self) {
        let hungry = locked(&self.hungry);
        // Bounded: a recording whose bytes never come must not hold its thread for ever.
        drop(self.fed.wait_timeout_while(hungry, IDLE_TICK, |hungry| *hungry));
    }
}

struct Inner {
    board: Arc<Board>,
    commands: Sender<Command>,
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
        let board = Arc::new(Board {
            shared,
            seen: Mutex::new(Seen {
                transport: engine.transport(),
                bars: Vec::new(),
                recording: 0,
                listeners: Vec::new(),
            }),
            virtual_feed: Mutex::new(None),
            hungry: Mutex::new(false),
            fed: Condvar::new(),
        });
        let (commands, inbox) = channel();
        let driver = Driver::new(engine, Arc::clone(&board), output);
        let thread = std::thread::Builder::new().name("player".to_owned()).spawn(move || driver.run(&inbox));
        if let Err(error) = &thread {
            tracing::error!(%error, "the player's thread could not be started");
        }
        Self { inner: Arc::new(Inner { board, commands, thread: Mutex::new(thread.ok()) }) }
    }

    fn send(&self, command: Command) {
        // The thread only ends with the last handle.
        let _ = self.inner.commands.send(command);
    }

    /// Replaces what was loaded. Sound starts at once with `autoplay`, as soon as a second of it is ready.
    pub fn load(&self, source: Arc<dyn ByteSource>, hint: Format, autoplay: bool) {
        self.send(Command::Load(source, hint, autoplay));
    }

    /// Empties the player.
    pub fn unload(&self) {
        self.send(Command::Unload);
    }

    /// Opens the device ahead of a recording that is about to be loaded: opening one takes tens of milliseconds.
    pub fn warm(&self) {
        self.send(Command::Warm);
    }

    /// Plays; from the start when it was at the end.
    pub fn play(&self) {
        self.send(Command::Play);
    }

    /// Holds. The device stays open for half a minute.
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

    /// Goes on with another device.
    pub fn set_output(&self, output: OutputChoice) {
        self.send(Command::Output(output));
    }

    /// The transport as last told: at most 50 ms old while playing.
    pub fn transport(&self) -> Transport {
        locked(&self.inner.board.seen).transport.clone()
    }

    /// What happens from now on, starting with the waveform so far when there is one.
    pub fn events(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        let mut seen = locked(&self.inner.board.seen);
        if !seen.bars.is_empty() {
            let peaks = Peaks { from: 0, per_second: peaks::BARS_PER_SECOND, bars: seen.bars.clone() };
            let _ = sender.send(Event::Peaks(peaks));
        }
        seen.listeners.push(sender);
        receiver
    }

    /// When the first sample of the loaded recording that was not silent was handed to the device.
    pub fn first_sample_at(&self) -> Option<Instant> {
        self.inner.board.shared.first_sound()
    }

    /// Without a device ([`OutputChoice::None`]): takes `frames` frames of left and right at 48 kHz. This is the clock
    /// then. `None` with a device.
    pub fn pull(&self, frames: usize) -> Option<Vec<f32>> {
        locked(&self.inner.board.virtual_feed).as_mut().map(|feed| feed.take(frames * 2).collect())
    }
}

/// What the player's thread has in hand.
struct Driver {
    engine: Engine,
    board: Arc<Board>,
    choice: OutputChoice,
    output: Option<Output>,
    /// When sound was last wanted.
    wanted: Instant,
    tried: Option<Instant>,
    alive: (u64, Instant),
    told: Instant,
    waveform: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Driver {
    fn new(mut engine: Engine, board: Arc<Board>, choice: OutputChoice) -> Self {
        if choice == OutputChoice::None {
            *locked(&board.virtual_feed) = Some(engine.connect(VIRTUAL_RATE, VIRTUAL_CHANNELS));
        }
        let now = Instant::now();
        Self {
            engine,
            board,
            choice,
            output: None,
            wanted: now,
            tried: None,
            alive: (0, now),
            told: now,
            waveform: None,
        }
    }

    fn run(mut self, inbox: &Receiver<Command>) {
        let mut next = Next::Nothing;
        loop {
            let command = match next {
                Next::Again => inbox.try_recv().ok(),
                Next::Bytes => {
                    self.engine.wait_for_bytes(PATIENCE);
                    inbox.try_recv().ok()
                }
                Next::Room | Next::Nothing => {
                    let tick = if next == Next::Room { TICK } else { IDLE_TICK };
                    match inbox.recv_timeout(tick) {
                        Ok(command) => Some(command),
                        Err(RecvTimeoutError::Timeout) => None,
                        Err(RecvTimeoutError::Disconnected) => Some(Command::Quit),
                    }
                }
            };
            let commanded = command.is_some();
            match command {
                Some(Command::Quit) => break,
                Some(command) => self.obey(command),
                None => {}
            }
            next = self.engine.step();
            self.mind_device();
            self.tell(commanded);
            self.board.set_hungry(self.engine.hungry());
            if next == Next::Room && !self.engine.wants_sound() && self.engine.at_rest() {
                next = Next::Nothing;
            }
        }
        self.end_waveform();
        self.output = None;
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Load(source, hint, autoplay) => {
                self.end_waveform();
                self.engine.load(Arc::clone(&source), hint, autoplay);
                let recording = self.reset();
                self.open_device();
                self.begin_waveform(source, hint, recording);
            }
            Command::Unload => {
                self.end_waveform();
                self.engine.unload();
                self.reset();
            }
            Command::Warm => self.open_device(),
            Command::Play => {
                self.open_device();
                self.engine.play();
            }
            Command::Pause => self.engine.pause(),
            Command::Toggle => {
                self.engine.toggle();
                if self.engine.wants_sound() {
                    self.open_device();
                }
            }
            Command::Seek(secs) => self.engine.seek(secs),
            Command::SeekBy(secs) => self.engine.seek_by(secs),
            Command::Volume(volume) => self.engine.set_volume(volume),
            Command::Output(choice) => {
                if choice != self.choice {
                    self.close_device();
                    self.choice = choice;
                    if self.choice == OutputChoice::None || self.engine.wants_sound() {
                        self.open_device();
                    }
                }
            }
            Command::Quit => {}
        }
    }

    fn reset(&self) -> u64 {
        let mut seen = locked(&self.board.seen);
        seen.bars.clear();
        seen.recording += 1;
        Board::tell(&mut seen, &Event::Reset);
        seen.recording
    }

    fn begin_waveform(&mut self, source: Arc<dyn ByteSource>, hint: Format, recording: u64) {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, board) = (Arc::clone(&stop), Arc::clone(&self.board));
        // Until the first second of sound is on its way, every byte and cycle belongs to it.
        board.set_hungry(self.engine.hungry());
        let thread = std::thread::Builder::new().name("waveform".to_owned()).spawn(move || {
            let turn = || board.wait_until_fed();
            peaks::follow(&*source, hint, &flag, turn, |peaks| board.peaks(recording, peaks));
        });
        match thread {
            Ok(thread) => self.waveform = Some((stop, thread)),
            Err(error) => tracing::warn!(%error, "no waveform: its thread could not be started"),
        }
    }

    /// Tells the waveform's thread to end. It is not waited for: it may sit in a wait for bytes for a moment.
    fn end_waveform(&mut self) {
        if let Some((stop, _thread)) = self.waveform.take() {
            stop.store(true, Ordering::Release);
        }
    }

    fn open_device(&mut self) {
        self.wanted = Instant::now();
        if self.engine.connected() {
            return;
        }
        self.tried = Some(Instant::now());
        if self.choice == OutputChoice::None {
            *locked(&self.board.virtual_feed) = Some(self.engine.connect(VIRTUAL_RATE, VIRTUAL_CHANNELS));
            return;
        }
        let engine = &mut self.engine;
        match Output::open(&self.choice, |rate, channels| engine.connect(rate, channels)) {
            Ok(output) => {
                self.output = Some(output);
                self.alive = (self.board.shared.pulled(), Instant::now());
                tracing::debug!("audio device opened");
            }
            Err(error) => tracing::warn!(%error, "no audio device"),
        }
    }

    fn close_device(&mut self) {
        self.engine.disconnect();
        self.output = None;
        *locked(&self.board.virtual_feed) = None;
    }

    /// Closes a device nobody listens to, opens one that is wanted, and replaces one that died.
    fn mind_device(&mut self) {
        let now = Instant::now();
        let wanted = self.engine.wants_sound();
        if wanted {
            self.wanted = now;
        }
        let Some(output) = &self.output else {
            let due = self.tried.is_none_or(|tried| now - tried >= DEVICE_RETRY);
            if wanted && due && !self.engine.connected() {
                self.open_device();
            }
            return;
        };
        let pulled = self.board.shared.pulled();
        if pulled != self.alive.0 {
            self.alive = (pulled, now);
        }
        if output.broken() || now - self.alive.1 >= DEAD_DEVICE.max(IDLE_TICK * 2) {
            tracing::warn!("the audio device stopped: opened again");
            self.close_device();
            if wanted {
                self.open_device();
            }
        } else if now - self.wanted >= IDLE_DEVICE {
            tracing::debug!("audio device closed: nothing was played for a while");
            self.close_device();
        }
    }

    fn tell(&mut self, commanded: bool) {
        let now = Instant::now();
        let due = now - self.told >= TICK;
        if !commanded && !due && self.engine.phase() == locked(&self.board.seen).transport.phase {
            return;
        }
        let transport = self.engine.transport();
        let mut seen = locked(&self.board.seen);
        if seen.transport != transport {
            seen.transport = transport.clone();
            Board::tell(&mut seen, &Event::Transport(transport));
            self.told = now;
        }
    }
}

#[cfg(test)]
mod tests;

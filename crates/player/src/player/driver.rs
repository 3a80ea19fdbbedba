//! The player's thread: takes the person's wishes, drives the engine, minds the device, tells the listeners.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rodio::mixer::{Mixer, MixerSource, mixer};

use super::{Event, News};
use crate::chime::{Chime, Tones};
use crate::device::{Output, OutputChoice};
use crate::engine::{Engine, Next};
use crate::feed::Shared;
use crate::peaks::{self, Segment, Wave};
use crate::source::ByteSource;
use crate::wire::{Hearing, SoundReport, Transport};

/// What the person wishes.
pub(super) enum Command {
    Load(u64, Arc<dyn ByteSource>, bool, f64),
    Swap(Arc<dyn ByteSource>),
    Unload(u64),
    Warm,
    Play,
    Pause,
    Toggle,
    Seek(f64),
    SeekBy(f64),
    Volume(f32),
    Hearing(Hearing),
    Loop(Option<f64>, Option<f64>),
    Chime(Chime),
    Output(OutputChoice),
    Quit,
}

impl Command {
    /// Whether it changes what the transport tells at once, so that whoever sent it waits for a transport with it in.
    pub(super) fn is_wish(&self) -> bool {
        use Command::{Hearing, Loop, Seek, SeekBy, Volume};
        matches!(self, Seek(_) | SeekBy(_) | Volume(_) | Hearing(_) | Loop(..))
    }
}

/// Between two reports of the position, and the longest the device goes unlooked-at.
const TICK: Duration = Duration::from_millis(50);
/// How long a wait for bytes may keep the person's next wish waiting.
const PATIENCE: Duration = Duration::from_millis(15);
/// With somebody waiting for sound and the device about to make room for it.
const SOON: Duration = Duration::from_millis(5);
/// With nothing to do but to mind an open device.
const IDLE_TICK: Duration = Duration::from_secs(1);
/// With nothing to do at all: only a wish ends it.
const ASLEEP: Duration = Duration::from_secs(3_600);
/// A device that plays nothing for this long is closed: open, it asks for silence 47 times a second. Longer than a chime, and
/// than somebody takes who holds a call to write a word down.
const IDLE_DEVICE: Duration = Duration::from_secs(5);
/// A device that asks for nothing for this long is taken for dead.
const DEAD_DEVICE: Duration = Duration::from_secs(2);
/// Between two attempts to open a device that is wanted and not there.
const DEVICE_RETRY: Duration = Duration::from_secs(2);

const VIRTUAL_RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(47_999);
const VIRTUAL_CHANNELS: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// What the handle and the threads share.
pub(super) struct Board {
    pub(super) shared: Arc<Shared>,
    pub(super) seen: Mutex<Seen>,
    /// Where sound should go.
    pub(super) choice: Mutex<OutputChoice>,
    /// What is pulled, without a device.
    pub(super) virtual_device: Mutex<Option<VirtualDevice>>,
    /// True while sound has to be decoded first.
    hungry: Mutex<bool>,
    fed: Condvar,
}

/// What stands in for a device where there is none: a mixer like a device's own, pulled by whoever is the clock.
pub(super) struct VirtualDevice {
    input: Mixer,
    out: MixerSource,
}

impl VirtualDevice {
    fn open(engine: &mut Engine) -> Self {
        let (input, out) = mixer(VIRTUAL_CHANNELS, VIRTUAL_RATE);
        input.add(engine.connect(VIRTUAL_RATE, VIRTUAL_CHANNELS));
        Self { input, out }
    }

    pub(super) fn pull(&mut self, frames: usize) -> Vec<f32> {
        self.out.by_ref().take(frames * usize::from(VIRTUAL_CHANNELS.get())).collect()
    }
}

/// What the handle tells without asking the thread.
pub(super) struct Seen {
    pub(super) transport: Transport,
    pub(super) wave: Wave,
    pub(super) sound: Option<SoundReport>,
    /// The number whoever loaded the recording knows it by.
    pub(super) ticket: u64,
    /// Counts recordings: bars of one that was replaced are dropped.
    recording: u64,
    /// The recording the transport is of, in the same count.
    pub(super) told: u64,
    pub(super) listeners: Vec<Sender<Event>>,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    pub(super) fn new(shared: Arc<Shared>, transport: Transport, choice: OutputChoice) -> Self {
        Self {
            shared,
            seen: Mutex::new(Seen {
                transport,
                wave: Wave::default(),
                sound: None,
                ticket: 0,
                recording: 0,
                told: 0,
                listeners: Vec::new(),
            }),
            choice: Mutex::new(choice),
            virtual_device: Mutex::new(None),
            hungry: Mutex::new(false),
            fed: Condvar::new(),
        }
    }

    fn tell(seen: &mut Seen, news: News) {
        let event = Event { ticket: seen.ticket, news };
        seen.listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }

    fn peaks(&self, recording: u64, segment: Segment) {
        let mut seen = locked(&self.seen);
        if seen.recording == recording {
            seen.wave.add(&segment);
            Self::tell(&mut seen, News::Peaks(segment.peaks));
        }
    }

    fn sound(&self, recording: u64, report: SoundReport) {
        let mut seen = locked(&self.seen);
        if seen.recording == recording {
            seen.sound = Some(report.clone());
            Self::tell(&mut seen, News::Sound(report));
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

/// What the player's thread has in hand.
pub(super) struct Driver {
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
    pub(super) fn new(mut engine: Engine, board: Arc<Board>, choice: OutputChoice) -> Self {
        if choice == OutputChoice::None {
            *locked(&board.virtual_device) = Some(VirtualDevice::open(&mut engine));
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

    pub(super) fn run(mut self, inbox: &Receiver<Command>) {
        let mut next = Next::Nothing;
        loop {
            let command = match next {
                Next::Again => inbox.try_recv().ok(),
                Next::Bytes => {
                    self.engine.wait_for_bytes(PATIENCE);
                    inbox.try_recv().ok()
                }
                Next::Room | Next::Soon | Next::Nothing => {
                    let tick = match next {
                        Next::Soon => SOON,
                        Next::Room => TICK,
                        _ if self.engine.connected() => IDLE_TICK,
                        _ => ASLEEP,
                    };
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
            if matches!(next, Next::Room | Next::Soon) && !self.engine.wants_sound() && self.engine.at_rest()
            {
                next = Next::Nothing;
            }
        }
        self.end_waveform();
        self.output = None;
    }

    fn obey(&mut self, command: Command) {
        if command.is_wish() {
            self.engine.count_wish();
        }
        match command {
            Command::Swap(source) => {
                self.end_waveform();
                self.engine.swap(Arc::clone(&source));
                let ticket = locked(&self.board.seen).ticket;
                let recording = self.reset(ticket);
                self.begin_waveform(source, recording);
            }
            Command::Load(ticket, source, autoplay, from) => {
                self.end_waveform();
                self.engine.load(Arc::clone(&source), autoplay, from);
                let recording = self.reset(ticket);
                self.open_device();
                self.begin_waveform(source, recording);
            }
            Command::Unload(ticket) => {
                self.end_waveform();
                self.engine.unload();
                self.reset(ticket);
            }
            Command::Warm => self.open_device(),
            Command::Play => {
                // A wish first: what is at its end begins anew, with whichever device.
                self.engine.play();
                self.open_device();
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
            Command::Hearing(hearing) => self.engine.set_hearing(hearing),
            Command::Loop(from, to) => self.engine.set_loop(from, to),
            Command::Chime(chime) => self.chime(chime),
            Command::Output(choice) => {
                if choice != self.choice {
                    self.close_device();
                    locked(&self.board.choice).clone_from(&choice);
                    self.choice = choice;
                    if self.choice == OutputChoice::None || self.engine.wants_sound() {
                        self.open_device();
                    }
                }
            }
            Command::Quit => {}
        }
    }

    fn reset(&self, ticket: u64) -> u64 {
        let mut seen = locked(&self.board.seen);
        seen.ticket = ticket;
        seen.wave = Wave::default();
        seen.sound = None;
        seen.recording += 1;
        Board::tell(&mut seen, News::Reset);
        seen.recording
    }

    fn begin_waveform(&mut self, source: Arc<dyn ByteSource>, recording: u64) {
        let Some(reader) = self.engine.reader_beside() else { return };
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, board) = (Arc::clone(&stop), Arc::clone(&self.board));
        // Until the first second of sound is on its way, every byte and cycle belongs to it.
        board.set_hungry(self.engine.hungry());
        let thread = std::thread::Builder::new().name("waveform".to_owned()).spawn(move || {
            let turn = || board.wait_until_fed();
            let send = |segment| board.peaks(recording, segment);
            if let Some(report) = peaks::follow(reader, &*source, &flag, turn, send) {
                board.sound(recording, report);
            }
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
            *locked(&self.board.virtual_device) = Some(VirtualDevice::open(&mut self.engine));
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

    /// Sounds beside the recording, whose transport does not notice. The device is closed again like after a pause.
    fn chime(&mut self, chime: Chime) {
        self.open_device();
        if let Some(output) = &self.output {
            output.chime(chime);
        } else if let Some(device) = &*locked(&self.board.virtual_device) {
            device.input.add(Tones::new(chime, VIRTUAL_RATE, VIRTUAL_CHANNELS));
        } else {
            tracing::info!(?chime, "nobody heard it: there is no audio device");
        }
    }

    fn close_device(&mut self) {
        self.engine.disconnect();
        self.output = None;
        *locked(&self.board.virtual_device) = None;
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
            // One that stops as soon as it is opened is not opened again and again.
            if wanted && self.tried.is_none_or(|tried| now - tried >= DEVICE_RETRY) {
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
        seen.told = seen.recording;
        if seen.transport != transport {
            seen.transport = transport.clone();
            Board::tell(&mut seen, News::Transport(transport));
            self.told = now;
        }
    }
}

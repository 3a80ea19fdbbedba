//! Decoding on two cores: a recording whose bytes are all here is cut into pieces, two threads decode them, and whoever
//! listens gets them one after the other, every sample as a single pass makes it.
//!
//! A piece begins some frames early, as a seek does (`reader/aim`): what an MP3's frames lean on lies before them. Whether
//! that was enough is not believed but looked at: each piece is decoded a little into the next one, and where the two differ
//! (files put together, damage) the next one is made again in one go with the piece before it. Only MP3 is worth it; GSM
//! remembers everything from its start on. Left out on purpose: what the samples are looked at for, and
//! the end of the recording, which the single pass comes to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::FRAMES_AT_ONCE;
use crate::reader::{Pcm, Reader, Step};
use crate::window::Input;

/// Samples of a piece: what is decoded twice at its beginning is a fiftieth of it, and four of them are a few megabytes.
#[cfg(not(test))]
const SAMPLES: u64 = 1 << 19;
#[cfg(test)]
const SAMPLES: u64 = 20_000;
/// Samples decoded into the next piece: two frames, so that what a frame leaves behind is heard as well.
const OVER: u64 = 2 * 1152;
/// Pieces that may be decoded before they are wanted.
const AHEAD: u64 = 3;

/// One piece, as it comes out of the decoder.
#[derive(Default)]
struct Piece {
    /// The first sample of each run, and where in `pcm` it begins.
    runs: Vec<(u64, usize)>,
    pcm: Vec<f32>,
    /// What comes after it, as its own decoder has it.
    over: Vec<f32>,
    /// Samples a second and channels.
    shape: (u32, u8),
    /// Decoded up to where the next one begins.
    full: bool,
}

impl Piece {
    /// Whether the next one is as this one's decoder would have made it.
    fn leads_to(&self, next: &Self) -> bool {
        let both = self.over.len().min(next.pcm.len());
        self.over[..both] == next.pcm[..both]
    }
}

#[derive(Default)]
struct State {
    /// The piece nobody has begun yet, and the one that is wanted next.
    next: u64,
    wanted: u64,
    done: BTreeMap<u64, Piece>,
    /// Memory to be used again.
    spare: Vec<Piece>,
    over: bool,
}

#[derive(Default)]
struct Table {
    state: Mutex<State>,
    changed: Condvar,
}

impl Table {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody needs to work any more, whatever ends this.
    fn end(&self) {
        self.state().over = true;
        self.changed.notify_all();
    }
}

struct Ends<'t>(&'t Table);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl State {
    /// A piece to decode, unless too many wait to be looked at.
    fn begin(&mut self) -> Option<(u64, Piece)> {
        if self.next > self.wanted + AHEAD {
            return None;
        }
        self.next += 1;
        Some((self.next - 1, self.spare.pop().unwrap_or_default()))
    }
}

/// Whether two threads are better than one: there are two cores, and it is a recording of which a middle can be decoded.
pub(super) fn worth_it(reader: &Reader) -> bool {
    reader.decodes_from_anywhere() && std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1)
}

/// Decodes from sample `from` on and gives each run of samples to `take`, in order. `turn` is called before each piece of
/// work and may hold it up; `stop` ends it. Gives back the sample from which a single pass goes on: at the end of the
/// recording, or where something is in the way.
pub(super) fn decode<I: Input + Sync + ?Sized>(
    readers: (&mut Reader, Reader),
    from: u64,
    input: &I,
    stop: &AtomicBool,
    turn: &(impl Fn() + Sync),
    mut take: impl FnMut(u64, Pcm<'_>),
) -> u64 {
    let (here, mut there) = readers;
    let table = Table::default();
    let begins = |number: u64| from + number * SAMPLES;
    let work = |reader: &mut Reader, number: u64, piece: Piece| {
        reader.seek(begins(number));
        decoded(reader, (begins(number), begins(number + 1)), piece, input, stop, turn)
    };
    // The first goes on where the single pass is.
    table.state().next = 1;
    std::thread::scope(|scope| {
        let _ends = Ends(&table);
        let beside = || {
            let _ends = Ends(&table);
            let mut state = table.state();
            while !state.over && !stop.load(Ordering::Acquire) {
                let Some((number, piece)) = state.begin() else {
                    state = table.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                };
                drop(state);
                let piece = work(&mut there, number, piece);
                state = table.state();
                state.done.insert(number, piece);
                table.changed.notify_all();
            }
        };
        // Where it cannot be had, this one does all of it.
        let second = std::thread::Builder::new().name("waveform-2".to_owned()).spawn_scoped(scope, beside);
        let alone = second.is_err();
        let mut at = from;
        let mut before: Option<Piece> = None;
        for number in 0.. {
            let mut piece = if number == 0 {
                decoded(here, (begins(0), begins(1)), Piece::default(), input, stop, turn)
            } else {
                loop {
                    let mut state = table.state();
                    if let Some(piece) = state.done.remove(&number) {
                        break piece;
                    }
                    if stop.load(Ordering::Acquire) {
                        return at;
                    }
                    match state.begin() {
                        Some((other, piece)) => {
                            drop(state);
                            let piece = work(here, other, piece);
                            table.state().done.insert(other, piece);
                        }
                        None if state.over && !alone => return at,
                        None => drop(table.changed.wait(state).unwrap_or_else(PoisonError::into_inner)),
                    }
                }
            };
            if before.as_ref().is_some_and(|before| !before.leads_to(&piece)) {
                here.seek(if number > 1 { begins(number - 1) } else { 0 });
                piece = decoded(here, (begins(number), begins(number + 1)), piece, input, stop, turn);
            }
            let (rate, channels) = piece.shape;
            let ends = piece.runs.iter().skip(1).map(|(_, begins)| *begins).chain([piece.pcm.len()]);
            for ((first, begins), ends) in piece.runs.iter().zip(ends) {
                let samples = &piece.pcm[*begins..ends];
                take(*first, Pcm { rate, channels, samples });
                at = first + (samples.len() / usize::from(channels.max(1))) as u64;
            }
            if !piece.full || stop.load(Ordering::Acquire) {
                return at;
            }
            let mut state = table.state();
            state.wanted = number + 1;
            state.spare.extend(before.replace(piece));
            drop(state);
            table.changed.notify_all();
        }
        at
    })
}

/// What a reader on its way has of the samples from `from` up to `until`, as far as they can be had.
fn decoded<I: Input + ?Sized>(
    reader: &mut Reader,
    (from, until): (u64, u64),
    mut piece: Piece,
    input: &I,
    stop: &AtomicBool,
    turn: &impl Fn(),
) -> Piece {
    piece.runs.clear();
    piece.pcm.clear();
    piece.over.clear();
    piece.full = false;
    while !stop.load(Ordering::Acquire) {
        turn();
        for _ in 0..FRAMES_AT_ONCE {
            match reader.step(input) {
                Ok(Step::Pcm(first)) => {
                    let Pcm { rate, channels, samples } = reader.pcm();
                    piece.shape = (rate, channels);
                    let channels = usize::from(channels.max(1));
                    let up_to = |sample: u64| {
                        (sample.saturating_sub(first) as usize).saturating_mul(channels).min(samples.len())
                    };
                    let (begins, ends) = (up_to(from), up_to(until));
                    if begins < ends {
                        piece.runs.push((first + (begins / channels) as u64, piece.pcm.len()));
                        piece.pcm.extend_from_slice(&samples[begins..ends]);
                    }
                    piece.over.extend_from_slice(&samples[ends..up_to(until + OVER)]);
                    let next = first + (samples.len() / channels) as u64;
                    piece.full = next >= until;
                    if next >= until + OVER {
                        return piece;
                    }
                }
                Ok(Step::Worked) => {}
                // The single pass says what it is.
                Ok(Step::Wait(_) | Step::End) | Err(_) => return piece,
            }
        }
    }
    piece
}

//! What a seed stands for: how three desks and their ways are, and what goes wrong with them, the database and the server.
//! One random source; the same seed is the same plan.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// Desks of a team.
pub const DESKS: usize = 3;
/// After the first pictures.
const FIRST_MS: u64 = 8_000;
/// The team is left alone so long at the end.
pub const CALM: Duration = Duration::from_secs(80);

/// Something that goes wrong, from a moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The database is killed: connections end, and nobody is let in.
    BaseKilled,
    /// The database stands still: what is asked waits, and is done later.
    BaseStands,
    /// A desk's connections end, and it gets none.
    Cut(usize),
    /// What goes between a desk and the database is held up, and comes later.
    Silent(usize),
    /// What goes between a desk and the database takes this many milliseconds each way.
    Slow(usize, u64),
    /// A desk is killed, and begins anew at the end.
    Killed(usize),
    /// A desk's process stands still; its clocks go on.
    Stopped(usize),
    /// A desk's computer sleeps: its steady clock stands still.
    Slept(usize),
    /// A desk does not reach the server: refused at once, or without an answer.
    ServerLost(usize, bool),
    /// The server's answers to a desk take some seconds.
    ServerSlow(usize),
    /// Somebody sets a desk's clock by so many milliseconds.
    ClockSet(usize, i64),
}

impl Fault {
    /// The desk it is about; `None`: the database's.
    pub fn desk(self) -> Option<usize> {
        match self {
            Self::BaseKilled | Self::BaseStands => None,
            Self::Cut(desk)
            | Self::Silent(desk)
            | Self::Slow(desk, _)
            | Self::Killed(desk)
            | Self::Stopped(desk)
            | Self::Slept(desk)
            | Self::ServerLost(desk, _)
            | Self::ServerSlow(desk)
            | Self::ClockSet(desk, _) => Some(desk),
        }
    }

    /// The desk does not run meanwhile.
    pub fn halts(self) -> bool {
        matches!(self, Self::Killed(_) | Self::Stopped(_) | Self::Slept(_))
    }
}

/// A fault, and when, since the beginning.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    pub fault: Fault,
    pub from: Duration,
    pub until: Duration,
}

/// The whole of it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub length: Duration,
    /// How often the campaigns are asked for.
    pub every: Duration,
    /// How far each desk's clock is ahead of the database's, milliseconds.
    pub ahead_ms: [i64; DESKS],
    /// How long each desk's messages take to the database, each way, milliseconds.
    pub way_ms: [u64; DESKS],
    /// When each desk is opened.
    pub opens: [Duration; DESKS],
    pub faults: Vec<Planned>,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "desks {}: every {:?}, clocks ahead by {:?} ms, {:?} ms to the database, opened at {:?}",
            self.seed, self.every, self.ahead_ms, self.way_ms, self.opens
        )?;
        for Planned { fault, from, until } in &self.faults {
            writeln!(f, "  {:.1}–{:.1} s: {fault:?}", from.as_secs_f64(), until.as_secs_f64())?;
        }
        Ok(())
    }
}

fn one_of<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

impl Plan {
    /// The plan of a seed, for a stretch of so many minutes.
    pub fn of(seed: u64, minutes: u64) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6465_736b);
        let length = Duration::from_secs(minutes.max(2) * 60);
        let mut faults: Vec<Planned> = Vec::new();
        let last_ms = (length.saturating_sub(CALM)).as_millis() as u64;
        for _ in 0..rng.usize(1..7) {
            let fault = fault(&mut rng);
            let from = rng.u64(FIRST_MS..last_ms - 1_000);
            // Half of them about as long as a lease is.
            let lasts = if rng.bool() { rng.u64(200..9_000) } else { rng.u64(1_000..60_000) };
            // A sleep of less than a second is one that nobody sees.
            let lasts = if matches!(fault, Fault::Slept(_)) { lasts.max(1_100) } else { lasts };
            let until = (from + lasts).min(last_ms);
            let ms = Duration::from_millis;
            faults.push(Planned { fault, from: ms(from), until: ms(until) });
        }
        faults.sort_by_key(|planned| planned.from);
        // A desk that does not run stands, sleeps, or is dead: one of them at a time.
        let mut halted = [Duration::ZERO; DESKS];
        faults.retain(|planned| {
            let Some(desk) = planned.fault.desk().filter(|_| planned.fault.halts()) else { return true };
            let apart = planned.from > halted[desk] + Duration::from_secs(1);
            if apart {
                halted[desk] = planned.until;
            }
            apart
        });
        let ahead = [0, 0, 40, -700, 3_000, -90_000, 3_600_000];
        let way = [1, 5, 5, 20, 20, 80, 300];
        let every = one_of(&mut rng, &[3, 3, 3, 5, 10]);
        Self {
            seed,
            length,
            every: Duration::from_secs(every),
            ahead_ms: std::array::from_fn(|_| one_of(&mut rng, &ahead)),
            way_ms: std::array::from_fn(|_| one_of(&mut rng, &way)),
            opens: std::array::from_fn(|_| Duration::from_millis(rng.u64(0..5_000))),
            faults,
        }
    }
}

fn fault(rng: &mut Rng) -> Fault {
    let desk = rng.usize(..DESKS);
    match rng.u32(0..14) {
        0 | 1 => Fault::BaseKilled,
        2 => Fault::BaseStands,
        3 => Fault::Cut(desk),
        4 => Fault::Silent(desk),
        5 => Fault::Slow(desk, rng.u64(300..2_500)),
        6 => Fault::Killed(desk),
        7 | 8 => Fault::Stopped(desk),
        9 => Fault::Slept(desk),
        10 | 11 => Fault::ServerLost(desk, rng.bool()),
        12 => Fault::ServerSlow(desk),
        _ => Fault::ClockSet(desk, one_of(rng, &[-7_200_000, -90_000, -1_500, 1_500, 4_000, 7_200_000])),
    }
}

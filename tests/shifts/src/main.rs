//! Simulated stretches of a shift: `shifts --seeds 1000 --from 1`. A seed is some minutes of a contact centre beginning at
//! any hour, with three things that go wrong; the real client, floor, alerts, search and tags live through it on a clock
//! that does not wait, and are compared with the simulated centre's own truth at every step, and with a twin of the seed in
//! which nothing goes wrong.
//!
//! With `--desks` a seed is three desks of a team on one lease instead, through some minutes of failures (`desks`).
//!
//! Left out on purpose: plain threads (the history's, the player's): they do not hold a clock that is moved.

mod alerts;
mod desks;
mod seed;
mod stretch;
mod truth;
mod wall;
mod way;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::alerts::Patience;
use crate::seed::Plan;
use crate::stretch::Lived;
use crate::way::locked;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A stretch of this many minutes takes a second or two; one that takes so long never ends.
const STUCK: Duration = Duration::from_secs(180);
const USUAL_MINUTES: u64 = 20;
const DESKS_MINUTES: u64 = 4;
/// Before the seeds of three desks, among those that are kept.
const DESKS: &str = "desks ";
const LOOKED: Duration = Duration::from_secs(1);
/// One seed in so many is lived through twice.
const AGAIN: u64 = 10;

/// As asked for on the command line.
struct Asked {
    from: u64,
    seeds: u64,
    minutes: u64,
    campaigns: usize,
    agents: usize,
    threads: usize,
    /// No further seed after this.
    seconds: Option<u64>,
    /// Every line of every seed.
    tell: bool,
    /// Files with one seed in each line, lived through first.
    kept: Option<String>,
    keep_going: bool,
    /// Three desks of a team instead.
    desks: bool,
}

impl Asked {
    fn read() -> Result<Self, String> {
        let mut asked = Self {
            from: 1,
            seeds: 100,
            minutes: 0,
            campaigns: 12,
            agents: 60,
            threads: 2,
            seconds: None,
            tell: false,
            kept: None,
            keep_going: false,
            desks: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            if name == "--tell" {
                asked.tell = true;
                continue;
            }
            if name == "--desks" {
                asked.desks = true;
                continue;
            }
            if name == "--keep-going" {
                asked.keep_going = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{name} wants a number, not {value}"));
            match name.as_str() {
                "--from" => asked.from = number()?,
                "--seeds" => asked.seeds = number()?,
                "--minutes" => asked.minutes = number()?,
                "--campaigns" => asked.campaigns = number()? as usize,
                "--agents" => asked.agents = number()? as usize,
                "--threads" => asked.threads = number()?.max(1) as usize,
                "--seconds" => asked.seconds = Some(number()?),
                "--kept" => asked.kept = Some(value),
                _ => return Err(format!("{name} is nothing that can be asked for")),
            }
        }
        if asked.minutes == 0 {
            asked.minutes = if asked.desks { DESKS_MINUTES } else { USUAL_MINUTES };
        }
        Ok(asked)
    }

    /// What is wrong with a seed, and how many requests it took.
    fn judged(&self, seed: u64) -> (Vec<String>, usize) {
        if self.desks {
            let plan = desks::Plan::of(seed, self.minutes);
            return desks::judged(&plan, self.tell, seed.is_multiple_of(AGAIN));
        }
        judged(&self.plan(seed), self.tell)
    }

    fn told(&self, seed: u64) -> String {
        if self.desks { desks::Plan::of(seed, self.minutes).to_string() } else { self.plan(seed).to_string() }
    }

    fn plan(&self, seed: u64) -> Plan {
        Plan::of(seed, self.minutes, self.campaigns, self.agents)
    }
}

/// Lives through a plan on a clock of its own.
fn lived(plan: &Plan, lines: bool, looking: bool) -> Result<Lived, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(stretch::live(plan, lines, looking))
}

/// What is wrong with a seed; nothing if all is well.
fn judged(plan: &Plan, tell: bool) -> (Vec<String>, usize) {
    let own = match lived(plan, tell, true) {
        Ok(own) => own,
        Err(error) => return (vec![error], 0),
    };
    for line in &own.lines {
        println!("{line}");
    }
    // Now and then the same seed is lived through again: it has to be the same to the letter.
    if plan.seed.is_multiple_of(AGAIN)
        && let Ok(again) = lived(plan, false, true)
        && again.digest != own.digest
    {
        return (vec!["the same seed went another way the second time".to_owned()], own.requests);
    }
    let twin = match lived(&plan.twin(), false, false) {
        Ok(twin) => twin,
        Err(error) => return (vec![format!("the twin: {error}")], 0),
    };
    let mut wrong = own.wrong.clone();
    wrong.extend(twin.wrong.iter().map(|what| format!("the twin: {what}")));
    let patience = Patience { two_periods: own.two_periods + Duration::from_secs(3), end: plan.length };
    wrong.extend(alerts::missing(&twin.episodes, &own.episodes, &own.in_the_way, &patience));
    wrong.extend(alerts::invented(&twin.episodes, &own.episodes, &own.in_the_way, &patience));
    (wrong, own.requests + twin.requests)
}

/// Seeds that failed once, one in each line, those of three desks with a word before; what stands behind `#` says why.
fn kept(path: &Path, desks: bool) -> Result<Vec<u64>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty() && line.starts_with(DESKS) == desks)
        .map(|line| {
            line.trim_start_matches(DESKS)
                .parse()
                .map_err(|_| format!("{}: {line} is no seed", path.display()))
        })
        .collect()
}

/// Keeps a seed that failed, with what was wrong; one that is kept stays as it is.
fn keep(path: &Path, desks: bool, seed: u64, wrong: &[String]) -> Result<(), String> {
    if kept(path, desks)?.contains(&seed) {
        return Ok(());
    }
    let said = wrong.first().map(|what| what.chars().take(120).collect::<String>()).unwrap_or_default();
    let kind = if desks { DESKS } else { "" };
    let file = std::fs::OpenOptions::new().append(true).open(path);
    let written = file.and_then(|mut file| {
        std::io::Write::write_all(&mut file, format!("{kind}{seed} # {said}\n").as_bytes())
    });
    written.map_err(|error| format!("{}: {error}", path.display()))
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let asked = Asked::read()?;
    let mut seeds = match &asked.kept {
        Some(path) => kept(Path::new(path), asked.desks)?,
        None => Vec::new(),
    };
    let old = seeds.len();
    seeds.extend(asked.from..asked.from + asked.seeds);
    let begun = Instant::now();
    let (next, requests, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let failed: Mutex<Vec<(u64, Vec<String>)>> = Mutex::default();
    let lived_through = AtomicU64::new(0);
    let under_way: Mutex<BTreeMap<u64, Instant>> = Mutex::default();
    let stuck = STUCK * u32::try_from(asked.minutes.div_ceil(USUAL_MINUTES)).unwrap_or(u32::MAX).max(1);
    std::thread::scope(|scope| {
        // Nothing is ever sent: the last worker lets go of it.
        let (alive, ended) = std::sync::mpsc::channel::<()>();
        for _ in 0..asked.threads {
            let alive = alive.clone();
            let (next, stop, seeds, asked, failed) = (&next, &stop, &seeds, &asked, &failed);
            let (under_way, requests, lived_through) = (&under_way, &requests, &lived_through);
            scope.spawn(move || {
                let _alive = alive;
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed) as usize;
                    let Some(seed) = seeds.get(index) else { return };
                    let late = asked.seconds.is_some_and(|secs| begun.elapsed() >= Duration::from_secs(secs));
                    if stop.load(Ordering::Relaxed) || (late && index >= old) {
                        return;
                    }
                    locked(under_way).insert(*seed, Instant::now());
                    let (wrong, asked_for) = asked.judged(*seed);
                    requests.fetch_add(asked_for as u64, Ordering::Relaxed);
                    lived_through.fetch_add(1, Ordering::Relaxed);
                    locked(under_way).remove(seed);
                    if !wrong.is_empty() {
                        println!("{}  {}", asked.told(*seed), wrong.join("\n  "));
                        if let Some(path) = &asked.kept
                            && let Err(error) = keep(Path::new(path), asked.desks, *seed, &wrong)
                        {
                            eprintln!("{error}");
                        }
                        locked(failed).push((*seed, wrong));
                        if !asked.keep_going {
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
        drop(alive);
        // Time that stands still, in a program that does not: nobody would hear of it.
        while ended.recv_timeout(LOOKED) == Err(RecvTimeoutError::Timeout) {
            let stuck =
                locked(&under_way).iter().find(|(_, since)| since.elapsed() > stuck).map(|(seed, _)| *seed);
            if let Some(seed) = stuck {
                println!("{}  it does not come to its end", asked.told(seed));
                std::process::exit(1);
            }
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    let what = if asked.desks {
        "three desks on one lease".to_owned()
    } else {
        format!("{} campaigns and {} agents, each with its twin", asked.campaigns, asked.agents)
    };
    println!(
        "{} stretches of {} minutes with {what}: {} requests, {} failed, {:.1} s",
        lived_through.load(Ordering::Relaxed),
        asked.minutes,
        requests.load(Ordering::Relaxed),
        failed.len(),
        begun.elapsed().as_secs_f64(),
    );
    if let Some((seed, _)) = failed.iter().min_by_key(|(seed, _)| *seed) {
        let desks = if asked.desks { "--desks " } else { "" };
        println!("again: cargo xtask shifts {desks}--seeds 1 --from {seed}");
    }
    Ok(failed.is_empty())
}

//! Ninety kills at random moments: settings, reviews, history, cache, outbox, update, fifteen each. A program that does
//! nothing but write is killed, whatever it had said by then was kept is there at the next start, and the next program goes on
//! with what it finds.
//!
//! Started with the name of a part it is that program; without one it is the test (so it has a `main` of its own). The
//! moments are drawn from a seed that is printed: `ATALAYA_KILLS_SEED` gives it again, and `ATALAYA_KILLS_PART` one part alone.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[path = "../common/mod.rs"]
mod common;

mod cache;
mod history;
mod outbox;
mod reviews;
mod settings;
mod update;

const PART: &str = "ATALAYA_KILLS_OF";
const HOME: &str = "ATALAYA_KILLS_HOME";
const SEED: &str = "ATALAYA_KILLS_SEED";
const ALONE: &str = "ATALAYA_KILLS_PART";
const KILLS: usize = 15;
/// Of what is drawn, the most that is said before the kill comes.
const MOST_SAID: usize = 24;

/// A part: its program, and what looks at what the program left.
trait Part {
    /// What its program needs to know.
    fn env(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// The next start, on what a killed program left, which had said all this, oldest first.
    fn look(&mut self, home: &Path, said: &[String]);
}

/// What the program says is kept: a line, once it is.
fn say(what: std::fmt::Arguments<'_>) {
    // In one write: a kill cuts no line that was begun.
    let line = format!("{what}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).expect("the parent reads");
}

fn main() {
    let home = || PathBuf::from(std::env::var_os(HOME).expect("a home"));
    match std::env::var(PART).ok().as_deref() {
        None => ninety_kills_at_random_moments_lose_nothing(),
        Some("settings") => settings::write_for_ever(&home()),
        Some("reviews") => reviews::write_for_ever(&home()),
        Some("history") => history::write_for_ever(&home()),
        Some("cache") => cache::write_for_ever(&home()),
        Some("outbox") => outbox::write_for_ever(&home()),
        Some("update") => update::write_for_ever(&home()),
        Some(other) => panic!("{other} is no part"),
    }
}

fn ninety_kills_at_random_moments_lose_nothing() {
    let seed =
        std::env::var(SEED).ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("the same moments again: {SEED}={seed}");
    let alone = std::env::var(ALONE).ok();
    let wanted = |part: &str| alone.as_deref().is_none_or(|alone| alone == part);
    let mut kills = 0;
    let mut part = |name: &str, make: &dyn Fn() -> Box<dyn Part>| {
        if wanted(name) {
            kills += kill_again_and_again(name, make().as_mut(), seed);
        }
    };
    part("settings", &|| Box::new(settings::Settings::default()));
    part("reviews", &|| Box::new(reviews::Judging::default()));
    part("history", &|| Box::new(history::Past::default()));
    part("cache", &|| Box::new(cache::Recordings::new()));
    part("outbox", &|| Box::new(outbox::Waiting));
    part("update", &|| Box::new(update::Updating));
    assert!(alone.is_some() || kills == 90, "{kills} kills");
}

fn kill_again_and_again(name: &str, part: &mut dyn Part, seed: u64) -> usize {
    let begun = Instant::now();
    let home = tempfile::tempdir().expect("a folder");
    // Its own moments, whichever parts run beside it.
    let mut random =
        fastrand::Rng::with_seed(seed ^ name.bytes().fold(0, |sum, byte| sum * 31 + u64::from(byte)));
    let mut told = 0;
    for round in 1..=KILLS {
        let said = one_life(name, home.path(), &part.env(), &mut random);
        println!(
            "{name} {round}: killed after {} was said: {}",
            said.len(),
            said.last().map_or("", |l| &l[..l.len().min(60)])
        );
        told += said.len();
        part.look(home.path(), &said);
    }
    assert!(told > KILLS, "{name} said {told} things in {KILLS} lives");
    println!("{name}: {KILLS} kills, {told} things said, {:.1} s", begun.elapsed().as_secs_f64());
    KILLS
}

/// A system under load may refuse to start one more program (Wine: "internal error"); that is no word of ours, and no life.
fn started(command: &mut Command) -> Child {
    let mut refused = 0;
    loop {
        match command.spawn() {
            Ok(child) => return child,
            Err(error) => {
                refused += 1;
                assert!(refused < 20, "it starts once more: {error}");
                std::thread::park_timeout(Duration::from_millis(100));
            }
        }
    }
}

/// Starts the program, kills it at a random moment, and gives everything it said in whole lines.
fn one_life(name: &str, home: &Path, env: &[(&str, String)], random: &mut fastrand::Rng) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command
        .env(PART, name)
        .env(HOME, home)
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped());
    let mut child = started(&mut command);
    let mut pipe = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut heard = Vec::new();
    // One life in four ends while it begins; the others after some of their words, and a little.
    let begins = random.u8(0..4) == 0;
    if !begins {
        for _ in 0..random.usize(1..=MOST_SAID) {
            let read = pipe.read_until(b'\n', &mut heard).expect("it speaks");
            assert!(read > 0, "{name} ended by itself after {}", String::from_utf8_lossy(&heard));
        }
    }
    // A random moment, not a condition: whatever the program is at just then.
    std::thread::park_timeout(Duration::from_micros(random.u64(0..if begins { 60_000 } else { 4_000 })));
    // SIGKILL, or what Windows has of it: no destructor runs.
    child.kill().expect("it is still there");
    let how = child.wait().expect("it is gone");
    // There it cannot be told from an end by itself with a failure.
    assert!(
        how.code().is_none() || (cfg!(windows) && how.code() == Some(1)),
        "{name} ended by itself: {how}"
    );
    pipe.read_to_end(&mut heard).expect("what it said last");
    // What has no end was not said.
    let whole = heard.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    String::from_utf8_lossy(&heard[..whole]).lines().map(str::to_owned).collect()
}

/// The number of the last line of a kind, `KIND NUMBER`.
fn last(said: &[String], kind: &str) -> Option<u64> {
    said.iter().rev().find_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')?.parse().ok())
}

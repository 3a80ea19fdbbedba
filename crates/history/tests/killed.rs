//! A program that is killed in the middle of writing, a hundred times, leaves a history that can be read: what was told to
//! be in the file is there, and the hour that was being put in order is there once. Started with a path it is that program;
//! without one it is the test (so it has a `main` of its own).

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use atalaya_floor::wire::{Agent, Held};
use atalaya_history::{Bounds, History};

#[path = "day/world.rs"]
#[expect(dead_code, reason = "another test asks more of it")]
mod world;

use world::{BEGIN, MINUTE, World};

const WRITE_INTO: &str = "ATALAYA_TEST_WRITE_INTO";
const BOUNDS: Bounds = Bounds { days: 30, max_bytes: 1_000_000_000 };
const ROUNDS: usize = 100;
/// Between two readings: hours pass within the test, and each is put in order.
const STEP_MS: i64 = 14_000;

fn main() {
    match std::env::var_os(WRITE_INTO) {
        Some(path) => write_for_ever(path.as_ref()),
        None => a_hundred_kills_leave_a_readable_history(),
    }
}

/// Says until when everything is in the file once it is.
fn write_for_ever(path: &Path) {
    let history = History::open(path, BOUNDS).expect("the history opens");
    let site = history.site("a").expect("a floor");
    let world = World::new(9);
    let until = history.extent(site).expect("readable").runs.last().map_or(BEGIN, |run| run.until_ms);
    let mut out = std::io::stdout();
    for number in 1u32.. {
        let at_ms = until + i64::from(number) * STEP_MS;
        history.take(site, &world.snapshot(at_ms, u64::from(number), true));
        // Every third is still on its way when the next comes.
        if number % 3 == 0 {
            history.flush();
            writeln!(out, "{at_ms}").expect("the parent reads");
        }
    }
}

fn a_hundred_kills_leave_a_readable_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.sqlite");
    let world = World::new(9);
    let mut random = fastrand::Rng::with_seed(1);
    let mut told = BEGIN;
    for round in 1..=ROUNDS {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .env(WRITE_INTO, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts once more");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let line = lines.nth(random.usize(0..6)).expect("it writes").expect("text");
        // SIGKILL: no destructor runs.
        child.kill().expect("it is still there");
        child.wait().expect("it is gone");
        told = told.max(line.parse().expect("a moment"));

        let history = History::open(&path, BOUNDS).expect("the file is whole");
        let site = history.site("a").expect("the floor is there");
        let runs = history.extent(site).expect("readable").runs;
        assert!(runs.last().expect("some of it").until_ms >= told, "round {round}");
        // Now, and half an hour ago: what is in order, and what is not yet.
        for at_ms in [told, told - 30 * MINUTE] {
            let Some(snapshot) = history.moment(site, at_ms).expect("readable").snapshot else { continue };
            let read =
                runs.iter().find(|run| (run.from_ms..=run.until_ms).contains(&at_ms)).expect("in a run");
            let last = at_ms - (at_ms - read.from_ms) % STEP_MS;
            let states = |agents: &[Held<Agent>]| agents.iter().map(|agent| agent.state).collect::<Vec<_>>();
            let truth = world.snapshot(last, 1, true);
            assert_eq!(states(&snapshot.agents), states(&truth.agents), "round {round} at {at_ms}");
        }
    }
    println!("{ROUNDS} kills, {} minutes of history", (told - BEGIN) / MINUTE);
}

//! The floor over time.

use std::path::Path;

use atalaya_floor::wire::{Agent, Held};
use atalaya_history::{Bounds, History};

use super::{Part, last, say};

#[path = "../../../history/tests/day/world.rs"]
#[allow(dead_code, reason = "the history's own tests ask more of it")]
mod world;
use world::{BEGIN, MINUTE, World};

const BOUNDS: Bounds = Bounds { days: 30, max_bytes: 1_000_000_000 };
/// Between two readings: hours pass within the test, and each is put in order.
const STEP_MS: i64 = 14_000;

pub struct Past {
    told: i64,
}

impl Default for Past {
    fn default() -> Self {
        Self { told: BEGIN }
    }
}

pub fn write_for_ever(home: &Path) {
    let history = History::open(&home.join("history.sqlite"), BOUNDS).expect("the history opens");
    let site = history.site("a").expect("a floor");
    let world = World::new(9);
    let until = history.extent(site).expect("readable").runs.last().map_or(BEGIN, |run| run.until_ms);
    for number in 1u32.. {
        let at_ms = until + i64::from(number) * STEP_MS;
        history.take(site, &world.snapshot(at_ms, u64::from(number), true));
        // Every third is still on its way when the next comes.
        if number % 3 == 0 {
            history.flush();
            say(format_args!("until {at_ms}"));
        }
    }
}

impl Part for Past {
    fn look(&mut self, home: &Path, said: &[String]) {
        self.told = last(said, "until").map_or(self.told, u64::cast_signed);
        let history = History::open(&home.join("history.sqlite"), BOUNDS).expect("the file is whole");
        let site = history.site("a").expect("the floor is there");
        let runs = history.extent(site).expect("readable").runs;
        let until = runs.last().map_or(BEGIN, |run| run.until_ms);
        assert!(until >= self.told, "until {until} after {} was told", self.told);
        let world = World::new(9);
        // Now, and half an hour ago: what is in order, and what is not yet.
        for at_ms in [self.told, self.told - 30 * MINUTE] {
            let Some(read) = runs.iter().find(|run| (run.from_ms..=run.until_ms).contains(&at_ms)) else {
                // Before the first reading, or between a life's last one and the next life's first.
                let before = runs.iter().rev().find(|run| run.until_ms < at_ms);
                assert!(before.is_none_or(|run| at_ms - run.until_ms <= STEP_MS), "{at_ms} is lost");
                continue;
            };
            let snapshot = history.moment(site, at_ms).expect("readable").snapshot.expect("it was seen");
            let last = at_ms - (at_ms - read.from_ms) % STEP_MS;
            let states = |agents: &[Held<Agent>]| agents.iter().map(|agent| agent.state).collect::<Vec<_>>();
            assert_eq!(states(&snapshot.agents), states(&world.snapshot(last, 1, true).agents), "at {at_ms}");
        }
    }
}

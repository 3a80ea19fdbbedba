//! One queue in its steady state, simulated for long and worked out by formula.

use super::{Plan, Turn, simulate};
use crate::arrivals::Rate;
use crate::erlang::{Queue, Steady};
use crate::handling::Handling;
use crate::input::{Campaign, Doing, Floor, Person, Seat, Target, Targets, Waiting};
use crate::laws::{Law, Laws};
use crate::patience::Patience;
use crate::reason::Basis;
use crate::spread::Spread;
use crate::stage::Stage;
use crate::told::Told;

pub(super) const HOUR: f64 = 3_600.0;
/// Hours simulated, the first two of them forgotten.
const HOURS: f64 = 14.0;

pub(super) fn exponential(mean_secs: f64) -> Handling {
    Handling {
        talk: Spread::exponential(mean_secs),
        talk_basis: Basis::Own,
        wrap_up: Spread::fixed(0.0),
        wrap_up_basis: Basis::Own,
        ring_secs: 0.0,
    }
}

pub(super) fn law(per_sec: f64, handling_secs: f64, patience_secs: f64) -> Law {
    Law {
        rate: Rate::certain(per_sec),
        handling: exponential(handling_secs),
        patience: Patience::exponential(patience_secs),
        silent: None,
        unknown: false,
    }
}

pub(super) fn laws(campaigns: Vec<Law>) -> Laws {
    Laws { campaigns, other: exponential(180.0), breaks: None }
}

pub(super) fn campaign(name: &str, callers: u32) -> Campaign {
    Campaign {
        name: name.to_owned(),
        inbound: true,
        waiting: Some(Waiting { callers, longest_secs: Some(30.0) }),
        readings: Vec::new(),
        people_known: true,
    }
}

/// So many people, free, with these seats.
pub(super) fn people(count: u32, seats: &[(usize, u32)]) -> Vec<Person> {
    let seats: Vec<Seat> = seats
        .iter()
        .map(|(campaign, penalty)| Seat { campaign: *campaign, penalty: *penalty, paused: false })
        .collect();
    (0..count)
        .map(|at| Person {
            location: format!("SIP/{at}"),
            doing: Doing::Available,
            for_secs: Some(f64::from(at)),
            call_of: None,
            seats: seats.clone(),
        })
        .collect()
}

/// Hours of it.
pub(super) fn long(floor: &Floor, laws: &Laws, within_secs: f64, runs: u32) -> Told {
    let target = Target { within_secs, ..Target::default() };
    let targets = Targets { campaigns: vec![target; floor.campaigns.len()] };
    let stage = Stage::of(floor, laws, &targets);
    let horizons = [2.0 * HOUR, 3.0 * HOUR, HOURS * HOUR];
    simulate(&stage, laws, &Plan { seed: 19, runs, horizons, look_secs: 60.0, turn: Turn::Longest })
}

/// What came between the first horizon, by when the empty beginning is forgotten, and the last.
pub(super) fn steady(told: &Told, campaign: usize) -> Steady {
    let mut sums = [0.0; 5];
    for (early, late) in told.cells(campaign, 0).zip(told.cells(campaign, 2)) {
        let looked = (late.looked - early.looked) as f64;
        let part = |of: fn(&crate::told::Cell) -> u32| f64::from(of(late)) - f64::from(of(early));
        let parts = [
            part(|cell| cell.came),
            part(|cell| cell.gave_up),
            part(|cell| cell.within),
            part(|cell| cell.answered) + part(|cell| cell.gave_up),
            looked,
        ];
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    }
    let [came, gave_up, within, ended, looked] = sums;
    let looks = told.runs as f64 * (HOURS - 2.0) * HOUR / told.look_secs;
    Steady { waits: f64::NAN, waiting: looked / looks, gives_up: gave_up / came, within: within / ended }
}

/// Load in people busy, people, patience in seconds.
const TABLE: [(f64, u32, Option<f64>); 14] = [
    (0.5, 1, None),
    (2.0, 3, None),
    (4.0, 5, None),
    (8.0, 10, None),
    (17.0, 20, None),
    (45.0, 50, None),
    (92.0, 100, None),
    (2.0, 2, Some(60.0)),
    (5.0, 4, Some(120.0)),
    (10.0, 10, Some(300.0)),
    (30.0, 25, Some(90.0)),
    (20.0, 24, Some(180.0)),
    (50.0, 50, Some(240.0)),
    (110.0, 100, Some(120.0)),
];
/// The stated error: of shares, points of one in a hundred; of callers waiting, percent and a part of a caller.
const SHARE: f64 = 0.01;
const WAITING: (f64, f64) = (0.05, 0.02);

#[test]
fn erlang_c_and_erlang_a_are_met_over_a_table_of_loads() {
    const HANDLING: f64 = 180.0;
    let mut worst = [0.0f64; 3];
    for (load, count, patience) in TABLE {
        let queue = Queue { arrivals: load / HANDLING, handling: HANDLING, people: count, patience };
        let truth = queue.steady(20.0).unwrap();
        let floor = Floor {
            age_secs: Some(0.0),
            campaigns: vec![campaign("one", 0)],
            people: people(count, &[(0, 0)]),
        };
        let laws = laws(vec![law(queue.arrivals, HANDLING, patience.unwrap_or(1e9))]);
        // As many calls for small queues as for large ones.
        let runs = (8_000.0 / load).clamp(120.0, 600.0) as u32;
        let found = steady(&long(&floor, &laws, 20.0, runs), 0);
        let off = [
            (found.within - truth.within).abs(),
            (found.gives_up - truth.gives_up).abs(),
            ((found.waiting - truth.waiting).abs() - WAITING.1).max(0.0) / truth.waiting,
        ];
        println!("{load} {count} {patience:?}: {found:?} {truth:?}");
        worst.iter_mut().zip(off).for_each(|(worst, off)| *worst = worst.max(off));
        let told = format!("load {load}, {count} people, patience {patience:?}: {found:?}, not {truth:?}");
        assert!(off[0] <= SHARE && off[1] <= SHARE && off[2] <= WAITING.0, "{told}");
    }
    println!("worst: within {:.4}, given up {:.4}, waiting {:.4}", worst[0], worst[1], worst[2]);
}

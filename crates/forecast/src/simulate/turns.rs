//! Whose caller is taken first by who serves two campaigns.

use super::formulas::{campaign, law, laws, people};
use super::{Plan, Turn, simulate};
use crate::input::{Floor, Target, Targets};
use crate::stage::Stage;

const RUNS: u32 = 200;

/// How many of each campaign's ten callers, who came alternately and wait for as long as it takes, were answered in five
/// minutes by one person, run by run.
fn answered(turn: Turn) -> Vec<(u32, u32)> {
    let floor = Floor {
        age_secs: Some(0.0),
        campaigns: vec![campaign("one", 10), campaign("two", 10)],
        people: people(1, &[(0, 0), (1, 0)]),
    };
    let laws = laws(vec![law(0.0, 60.0, 1e12), law(0.0, 60.0, 1e12)]);
    let plan = Plan { seed: 3, runs: RUNS, horizons: [300.0, 600.0, 900.0], look_secs: 15.0, turn };
    let stage = Stage::of(&floor, &laws, &Targets { campaigns: vec![Target::default(); 2] });
    let told = simulate(&stage, &laws, &plan);
    told.cells(0, 0).zip(told.cells(1, 0)).map(|(one, two)| (one.answered, two.answered)).collect()
}

#[test]
fn where_it_is_known_who_waited_longest_is_taken() {
    for (run, (one, two)) in answered(Turn::Longest).into_iter().enumerate() {
        assert!(one.abs_diff(two) <= 1, "run {run}: {one} and {two}");
    }
}

#[test]
fn where_it_is_not_known_every_other_run_serves_one_campaign_before_the_other() {
    let (mut first, mut second) = (0, 0);
    for (run, (one, two)) in answered(Turn::Unknown).into_iter().enumerate() {
        if run % 2 == 0 {
            assert!(one.abs_diff(two) <= 1, "run {run}: {one} and {two}");
            continue;
        }
        // Nobody of the one before all of the other are answered.
        assert!(one == 0 || two == 0 || one == 10 || two == 10, "run {run}: {one} and {two}");
        (first, second) = (first + u32::from(one > two), second + u32::from(two > one));
    }
    assert!(first > RUNS / 6 && second > RUNS / 6, "neither always: {first} and {second}");
    assert_eq!(first + second, RUNS / 2);
}

//! More people never make it worse: what of that is true call by call, and is tested so.
//!
//! Where a campaign's people serve it alone and nobody takes breaks, with the same callers:
//!
//! - whatever their patience, no fewer calls are answered by any moment, so that no more callers are lost or waiting.
//!   (Suppose at some moment fewer of the first x callers had been taken with more people, for the first time. The k-th call
//!   taken takes as long in both, and none of the first k was taken later; so somebody is free, and whoever is taken now with
//!   fewer people is either taken now as well, or has been, behind one fewer taken ahead of them: but that would have been
//!   the first time.)
//! - if nobody gives up, nobody waits longer: not more wait, the longest wait is not longer, no fewer are answered in time.
//!
//! With impatient callers single waits may grow: one who would have given up is answered instead, and is talked to while
//! another waits. Of people shared by campaigns it holds on average, and that is tested with a margin.

use proptest::prelude::*;

use super::formulas::{campaign, law, laws, people};
use super::{Plan, Turn, simulate};
use crate::input::{Doing, Floor, Target, Targets};
use crate::laws::Laws;
use crate::stage::Stage;
use crate::told::Told;

const PLAN: Plan =
    Plan { seed: 5, runs: 40, horizons: [300.0, 600.0, 900.0], look_secs: 15.0, turn: Turn::Unknown };

fn told(floor: &Floor, laws: &Laws, plan: &Plan) -> Told {
    let targets = Targets { campaigns: vec![Target::default(); floor.campaigns.len()] };
    simulate(&Stage::of(floor, laws, &targets), laws, plan)
}

fn floor(callers: u32, free: u32, busy: &[f64]) -> Floor {
    let mut all = people(free + busy.len() as u32, &[(0, 0)]);
    for (person, secs) in all.iter_mut().skip(free as usize).zip(busy) {
        (person.doing, person.for_secs, person.call_of) = (Doing::OnCall, Some(*secs), Some(0));
    }
    Floor { age_secs: Some(0.0), campaigns: vec![campaign("one", callers)], people: all }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_fewer_calls_are_answered_by_any_moment(
        seed in any::<u64>(),
        callers in 0u32..30,
        free in 0u32..4,
        busy in prop::collection::vec(0.0f64..600.0, 0..6),
        more in 1u32..4,
        per_min in 0.0f64..20.0,
        handling in 20.0f64..400.0,
        patience in 5.0f64..200.0,
        endless in prop::bool::ANY,
    ) {
        let laws = laws(vec![law(per_min / 60.0, handling, if endless { 1e12 } else { patience })]);
        let plan = Plan { seed, ..PLAN };
        let few = floor(callers, free, &busy);
        let mut many = few.clone();
        many.people.extend(people(more, &[(0, 0)]));
        let (few, many) = (told(&few, &laws, &plan), told(&many, &laws, &plan));
        for horizon in 0..3 {
            for (few, many) in few.cells(0, horizon).zip(many.cells(0, horizon)) {
                prop_assert_eq!(few.came, many.came);
                prop_assert!(many.answered >= few.answered, "{:?} {:?}", many, few);
                prop_assert!(many.waiting + many.gave_up <= few.waiting + few.gave_up);
                if endless {
                    prop_assert!(many.waiting <= few.waiting && many.longest <= few.longest);
                    prop_assert!(many.within >= few.within && many.coming_within >= few.coming_within);
                    prop_assert!(many.looked <= few.looked);
                }
            }
        }
    }

    #[test]
    fn on_a_shared_floor_it_holds_on_average(
        seed in any::<u64>(),
        people_of in prop::collection::vec((0usize..3, 0usize..3, 0u32..3), 6..30),
        loads in prop::array::uniform3(0.1f64..1.4),
        to in 0usize..3,
    ) {
        let mut floor = Floor {
            age_secs: Some(0.0),
            campaigns: vec![campaign("one", 3), campaign("two", 0), campaign("three", 6)],
            people: Vec::new(),
        };
        for (one, other, penalty) in &people_of {
            floor.people.extend(people(1, &[(*one, 0), (*other, *penalty)]));
        }
        let share = people_of.len() as f64 / 3.0;
        let laws = laws(loads.map(|load| law(load * share / 150.0, 150.0, 120.0)).to_vec());
        let plan = Plan { seed, runs: 60, ..PLAN };
        let few = told(&floor, &laws, &plan);
        floor.people.extend(people(2, &[(to, 0)]));
        let many = told(&floor, &laws, &plan);
        let mean = |told: &Told, campaign: usize| {
            let unanswered = told.cells(campaign, 2).map(|cell| f64::from(cell.waiting + cell.gave_up));
            unanswered.sum::<f64>() / 60.0
        };
        for campaign in 0..3 {
            let (few, many) = (mean(&few, campaign), mean(&many, campaign));
            prop_assert!(many <= few + 0.5 + 0.03 * few, "campaign {}: {} with more, {} before", campaign, many, few);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_and_another_one_another() {
    let floor = floor(5, 4, &[10.0, 200.0]);
    let laws = laws(vec![law(0.1, 120.0, 90.0)]);
    let one = told(&floor, &laws, &PLAN);
    assert_eq!(one, told(&floor, &laws, &PLAN));
    assert_ne!(one, told(&floor, &laws, &Plan { seed: 6, ..PLAN }));
    // What a run brings does not depend on how many there are.
    let more = told(&floor, &laws, &Plan { runs: 60, ..PLAN });
    assert!(one.cells(0, 2).eq(more.cells(0, 2).take(40)));
}

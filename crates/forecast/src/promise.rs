//! What a level that was told came to, lately: what is promised of a campaign is drawn towards it.
//!
//! A simulation that goes by what it knows is surer than it should be: of campaigns that were told to answer nearly all in time
//! one in four misses its target, and whoever is helped gets less than all runs together say. How it ends is known of every
//! forecast that was kept: so what is promised of a level is what came where about as much was told, of this campaign as far
//! as it has such times, else of the whole floor, and what was simulated as far as there are none. It only ever takes away: a
//! better level than was simulated is promised to nobody.

use std::collections::HashMap;

use crate::figure::{Figure, Kept};
use crate::towards::weight;

/// Levels so many points apart say little of each other.
const ALIKE: f64 = 8.0;
/// As many forecasts what was simulated counts, and as many of a campaign's own the whole floor's.
const SIMULATED_AS: f64 = 15.0;
const FLOOR_AS: f64 = 10.0;
/// Outcomes looked at for one answer.
const MOST: usize = 1_000;

/// What is expected of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Promised {
    /// Percent of calls.
    pub(crate) level: f64,
    /// How likely it is below the target, 0 to 1.
    pub(crate) missed: f64,
}

#[derive(Debug, Clone, Copy)]
struct Outcome {
    simulated: f64,
    came: f64,
    weight: f64,
}

/// What came of levels that were told, by minutes ahead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Promises {
    floors: HashMap<u32, Vec<Outcome>>,
    own: HashMap<u32, HashMap<String, Vec<Outcome>>>,
}

impl Promises {
    /// Of forecasts with what came of them, in the order in which they were made or in the other.
    pub(crate) fn of<'a>(kept: impl Iterator<Item = (&'a Kept, f64)>, now_ms: i64) -> Self {
        let mut all = Self::default();
        for (one, came) in kept.filter(|(one, _)| one.figure == Figure::Level && one.simulated.is_finite()) {
            let outcome =
                Outcome { simulated: one.simulated, came, weight: weight(now_ms.saturating_sub(one.at_ms)) };
            all.floors.entry(one.minutes).or_default().push(outcome);
            let own = all.own.entry(one.minutes).or_default();
            own.entry(one.campaign.clone()).or_default().push(outcome);
        }
        all.floors.values_mut().for_each(thin);
        all.own.values_mut().flat_map(HashMap::values_mut).for_each(thin);
        all
    }

    /// What may be promised of a campaign of which this was simulated; `middle`: the level that as many runs are below as above.
    pub(crate) fn of_level(
        &self,
        campaign: &str,
        minutes: u32,
        middle: f64,
        goal: f64,
        simulated: Promised,
    ) -> Promised {
        let floors = drawn(self.floors.get(&minutes), middle, goal, simulated, SIMULATED_AS);
        let own = self.own.get(&minutes).and_then(|own| own.get(campaign));
        let own = drawn(own, middle, goal, floors, FLOOR_AS);
        Promised { level: own.level.min(simulated.level), missed: own.missed.max(simulated.missed) }
    }
}

/// Of many some, from all times: each of a look's campaigns asks.
fn thin(all: &mut Vec<Outcome>) {
    let each = all.len().div_ceil(MOST);
    if each > 1 {
        *all = all.iter().step_by(each).copied().collect();
    }
}

/// Towards what came where about as much was told.
fn drawn(all: Option<&Vec<Outcome>>, middle: f64, goal: f64, from: Promised, as_many: f64) -> Promised {
    let mut sums = (as_many, as_many * from.level, as_many * from.missed);
    for one in all.into_iter().flatten() {
        let apart = (one.simulated - middle) / ALIKE;
        if apart.abs() < 4.0 {
            let counts = one.weight * (-0.5 * apart * apart).exp();
            sums.0 += counts;
            sums.1 += counts * one.came;
            sums.2 += counts * f64::from(u8::from(one.came < goal));
        }
    }
    Promised { level: sums.1 / sums.0, missed: sums.2 / sums.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Range;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn kept(campaign: &str, simulated: f64, came: f64, count: usize) -> Vec<(Kept, f64)> {
        let range = Range { low: simulated, high: simulated };
        let one = Kept {
            campaign: campaign.to_owned(),
            hour: 10,
            at_ms: NOW_MS - 600_000,
            minutes: 15,
            figure: Figure::Level,
            raw: range,
            shown: range,
            middle: simulated,
            simulated,
            now: None,
            weekdays: 0.5,
            came: Some(came),
        };
        vec![(one, came); count]
    }

    const TOLD: Promised = Promised { level: 92.0, missed: 0.1 };

    fn promised(all: &[(Kept, f64)], campaign: &str, middle: f64) -> Promised {
        let promises = Promises::of(all.iter().map(|(kept, came)| (kept, *came)), NOW_MS);
        promises.of_level(campaign, 15, middle, 80.0, TOLD)
    }

    #[test]
    fn no_more_is_promised_than_came_where_as_much_was_told() {
        assert_eq!(promised(&[], "a", 95.0), TOLD, "nothing is known: as it was simulated");
        // Of a hundred such, half came as told and half did not.
        let mut all = kept("a", 95.0, 90.0, 50);
        all.extend(kept("a", 95.0, 60.0, 50));
        let of_a = promised(&all, "a", 95.0);
        assert!((74.0..79.0).contains(&of_a.level) && (0.42..0.5).contains(&of_a.missed), "{of_a:?}");
        // Another campaign goes by it too, until it has times of its own, which are better.
        let of_b = promised(&all, "b", 95.0);
        assert!((75.0..81.0).contains(&of_b.level) && of_b.missed > 0.38, "{of_b:?}");
        all.extend(kept("b", 95.0, 99.0, 100));
        let of_b = promised(&all, "b", 95.0);
        assert!(of_b.level > 90.0 && of_b.missed < 0.15, "{of_b:?}");
        // What was told of busy times says nothing of quiet ones, and no more is promised than was simulated.
        assert_eq!(promised(&kept("a", 20.0, 0.0, 100), "a", 95.0), TOLD);
        let better = promised(&kept("a", 95.0, 100.0, 100), "a", 95.0);
        assert_eq!(better, TOLD);
    }
}

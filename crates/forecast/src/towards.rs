//! How far the middle of what was simulated is drawn towards what there is now: as far as it would have been nearer to what
//! came, lately and on the whole floor: where earlier weekdays are believed, and where they are not.
//!
//! A forecast errs for other reasons than "as now" does, and something between the two is nearer than either more often than
//! not; the better one of them has been today, the nearer to it. Told by the errors of all campaigns together, newer ones more:
//! of one campaign there are too few, and a day that is unlike those before is so for the whole floor. Bands are not drawn
//! anywhere: they are measured by what they held.

use std::collections::HashMap;

use crate::figure::{Figure, Kept};
use crate::outcome::AsNow;

/// Looked at: from what was simulated to this share of the way to what there is now.
const STEPS: u8 = 8;
const STEP: f64 = 0.1;
/// Drawn so far where nothing is known, with earlier weekdays and without; and as many forecasts that counts.
const USUAL: (f64, f64) = (0.15, 0.4);
const AS_MANY: f64 = 150.0;
/// A forecast counts half as much when it is this old, but never less than so much.
const HALF_LIFE_MS: f64 = 3.0 * 3_600_000.0;
const LEAST: f64 = 0.1;

/// Minutes ahead, of what, and whether earlier weekdays are believed.
type Key = (u32, Figure, bool);

fn key(minutes: u32, figure: Figure, weekdays: f64) -> Key {
    (minutes, figure, weekdays >= 0.5)
}

fn usual(key: Key) -> f64 {
    if key.2 { USUAL.0 } else { USUAL.1 }
}

/// Shares of the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Towards {
    shares: HashMap<Key, f64>,
}

/// How much what was forecast so long ago counts.
pub(crate) fn weight(age_ms: i64) -> f64 {
    LEAST + (1.0 - LEAST) * 0.5f64.powf(age_ms.max(0) as f64 / HALF_LIFE_MS)
}

impl Towards {
    /// Of forecasts with what came of them.
    pub(crate) fn of<'a>(kept: impl Iterator<Item = (&'a Kept, f64)>, now_ms: i64) -> Self {
        let mut errors: HashMap<Key, [f64; STEPS as usize]> = HashMap::new();
        let mut counts: HashMap<Key, f64> = HashMap::new();
        for (one, came) in kept {
            let Some(now) = one.now.filter(|now| now.is_finite() && one.simulated.is_finite()) else {
                continue;
            };
            let weight = weight(now_ms.saturating_sub(one.at_ms));
            let key = key(one.minutes, one.figure, one.weekdays);
            *counts.entry(key).or_default() += weight;
            for (step, error) in (0..STEPS).zip(errors.entry(key).or_default()) {
                *error += weight * (between(one.simulated, now, f64::from(step) * STEP) - came).abs();
            }
        }
        let best = |(key, errors): (Key, [f64; STEPS as usize])| {
            let count = counts.get(&key)?;
            let mean = errors.iter().sum::<f64>() / f64::from(STEPS) / count;
            let cost = |(step, error): (u8, f64)| {
                let share = f64::from(step) * STEP;
                (share, error + AS_MANY * mean * (share - usual(key)).powi(2))
            };
            let best = (0..STEPS).zip(errors).map(cost).min_by(|one, other| one.1.total_cmp(&other.1))?;
            Some((key, best.0))
        };
        Self { shares: errors.into_iter().filter_map(best).collect() }
    }

    /// The middle of what was simulated, drawn.
    pub(crate) fn drawn(&self, minutes: u32, figure: Figure, simulated: f64, as_now: &AsNow) -> f64 {
        let key = key(minutes, figure, as_now.weekdays);
        let share = self.shares.get(&key).copied().unwrap_or_else(|| usual(key));
        as_now.of(figure).map_or(simulated, |now| between(simulated, now, share))
    }
}

fn between(simulated: f64, now: f64, share: f64) -> f64 {
    simulated + share * (now - simulated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Range;

    const NOW_MS: i64 = 1_800_000_000_000;

    /// Simulated 10, now 0.
    fn kept(came: f64, age_ms: i64) -> (Kept, f64) {
        let range = Range { low: 5.0, high: 15.0 };
        let kept = Kept {
            campaign: "a".to_owned(),
            hour: 10,
            at_ms: NOW_MS - age_ms,
            minutes: 15,
            figure: Figure::Waiting,
            raw: range,
            shown: range,
            middle: 10.0,
            simulated: 10.0,
            now: Some(0.0),
            weekdays: 0.0,
            came: Some(came),
        };
        (kept, came)
    }

    const AS_NOW: AsNow = AsNow { waiting: Some(0.0), longest_secs: Some(0.0), weekdays: 0.0 };

    fn drawn(all: &[(Kept, f64)]) -> f64 {
        let towards = Towards::of(all.iter().map(|(kept, came)| (kept, *came)), NOW_MS);
        towards.drawn(15, Figure::Waiting, 10.0, &AS_NOW)
    }

    #[test]
    fn it_is_drawn_towards_what_was_nearer() {
        let all = |came, count, age_ms| vec![kept(came, age_ms); count];
        assert_eq!(drawn(&[]), 6.0, "where nothing is known, some of the way");
        assert_eq!(drawn(&all(10.0, 1_000, 0)), 10.0, "not at all where what was simulated came");
        assert!(drawn(&all(0.0, 1_000, 0)) <= 3.0 + 1e-9, "most of the way where nothing changed");
        let one = drawn(&all(10.0, 10, 0));
        assert!((6.0..9.0).contains(&one), "ten are not enough: {one}");
        // Days on which nothing changed, and a morning on which it came as it was simulated.
        let mut today = all(0.0, 500, 5 * 86_400_000);
        today.extend(all(10.0, 500, 600_000));
        assert!(drawn(&today) > 8.5, "{}", drawn(&today));
        // Where earlier weekdays are believed what is learned without them says nothing.
        let (believed, unknown) = (AsNow { weekdays: 0.9, ..AS_NOW }, AsNow { waiting: None, ..AS_NOW });
        let towards = Towards::of(std::iter::empty(), NOW_MS);
        assert_eq!(towards.drawn(15, Figure::Waiting, 10.0, &believed), 8.5);
        assert_eq!(towards.drawn(15, Figure::Waiting, 10.0, &unknown), 10.0, "as it was simulated");
    }
}

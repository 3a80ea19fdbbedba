//! What came of all runs, for one campaign: distributions at five, ten and fifteen minutes, and limits that may be passed.

use serde::Serialize;
use ts_rs::TS;

use crate::figure::{Figure, Range, Raw};
use crate::input::Target;
use crate::reason::Grounds;
use crate::told::{Cell, Met, Told};

/// When outcomes are told, minutes from now.
pub const MINUTES: [u32; 3] = [5, 10, 15];
/// Of a figure that only some runs have, a distribution is told where at least this share of them has it.
const LEAST_SHARE: f64 = 0.5;

/// Eight of ten lie between the low and the high one: one of ten below and one above, or two on one side where the other
/// is a bound (nobody waiting, all in time).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadBand")]
pub struct Band {
    /// From here.
    pub low: f64,
    /// As many lie below as above.
    pub middle: f64,
    /// To here.
    pub high: f64,
    /// The average.
    pub mean: f64,
}

impl Band {
    /// Of values in any order; `None` of none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        Self::beside(values, None)
    }

    /// The same of a figure that cannot pass a bound: where one of ten is there, the band reaches to the bound, nothing lies
    /// beyond it, and all two of ten lie on the other side. Eight of ten would be nine otherwise.
    fn beside(values: impl IntoIterator<Item = f64>, bound: Option<f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |share: f64| {
            let place = share * last as f64;
            let (low, high) = (sorted[place as usize], sorted[(place as usize + 1).min(last)]);
            low + (high - low) * place.fract()
        };
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        let (low, high) = match bound {
            Some(bound) if bound <= 0.0 && at(0.1) <= bound => (0.0, 0.8),
            Some(bound) if bound > 0.0 && at(0.9) >= bound => (0.2, 1.0),
            _ => (0.1, 0.9),
        };
        Some(Self { low: at(low), middle: at(0.5), high: at(high), mean })
    }
}

/// One campaign at one moment to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ahead {
    /// Minutes from now.
    pub minutes: u32,
    /// Callers waiting then.
    pub waiting: Band,
    /// How long the first of them will have waited, seconds; 0 where nobody waits.
    pub longest_secs: Band,
    /// Calls that come until then.
    pub calls: Band,
    /// Callers who give up until then, those waiting now included.
    pub gives_up: Band,
    /// Percent of the calls answered until then that are answered within the time aimed at, as the server counts; `None`:
    /// too few calls for a percentage.
    pub level: Option<Band>,
    /// Percent of the calls that come until then, and of which it is decided by then, that are answered within the time
    /// aimed at; whoever gave up was not.
    pub coming_level: Option<Band>,
    /// How likely `coming_level` is below the target; `None` without either.
    pub below_target: Option<f64>,
    /// What is aimed at, percent of those calls; `None`: nothing.
    pub goal: Option<f64>,
    /// What is calibrated: the same figures among spread values.
    pub raw: Raw,
    /// What there is now.
    pub as_now: AsNow,
}

/// What there is now of what is forecast; `None` not known. And how far earlier weekdays tell what comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AsNow {
    /// Callers waiting.
    pub waiting: Option<f64>,
    /// The longest wait, seconds; 0 where nobody waits.
    pub longest_secs: Option<f64>,
    /// How far earlier weekdays are believed, 0 to 1; 0 too where none are known.
    pub weekdays: f64,
}

impl AsNow {
    /// What there is of a figure; of a service level nothing is told.
    pub(crate) fn of(&self, figure: Figure) -> Option<f64> {
        match figure {
            Figure::Waiting => self.waiting,
            Figure::Longest => self.longest_secs,
            Figure::Level => None,
        }
    }
}

/// What a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadLimited")]
pub enum Limited {
    /// Callers waiting.
    Waiting,
    /// The longest wait.
    Longest,
    /// The first of the two.
    Either,
}

/// How bad a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadColour")]
pub enum Colour {
    /// An eye.
    Amber,
    /// A hand.
    Red,
}

/// A limit that may be passed within the quarter of an hour.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadPassing")]
pub struct Passing {
    /// What is limited.
    pub limited: Limited,
    /// How bad.
    pub colour: Colour,
    /// How likely it is passed, 0 to 1; 1 where it is now.
    pub likely: f64,
    /// When it is passed for the first time, seconds from now, of the runs in which it is.
    pub in_secs: Option<Band>,
    /// How likely it is not passed at the end of the quarter, nor since some moment before.
    pub clears: f64,
    /// From when on, seconds from now, of the runs in which it was passed at all and clears.
    pub clears_in_secs: Option<Band>,
}

/// One campaign's next quarter of an hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outlook {
    /// At each of [`MINUTES`].
    pub ahead: [Ahead; 3],
    /// For each limit there is.
    pub passing: Vec<Passing>,
    /// Calls expected an hour.
    pub calls_per_hour: f64,
    /// What it stands on.
    pub grounds: Grounds,
}

pub(crate) fn outlook(
    told: &Told,
    campaign: usize,
    target: &Target,
    per_sec: f64,
    grounds: Grounds,
    as_now: AsNow,
) -> Outlook {
    Outlook {
        ahead: std::array::from_fn(|horizon| Ahead { as_now, ..ahead(told, campaign, horizon, target) }),
        passing: passing(told, campaign, target),
        calls_per_hour: per_sec * 3_600.0,
        grounds,
    }
}

/// Percent of decided calls of one run.
pub(crate) fn coming_level(cell: &Cell) -> Option<f64> {
    (cell.decided > 0).then(|| 100.0 * f64::from(cell.coming_within) / f64::from(cell.decided))
}

/// Percent of answered calls of one run.
pub(crate) fn level(cell: &Cell) -> Option<f64> {
    (cell.answered > 0).then(|| 100.0 * f64::from(cell.within) / f64::from(cell.answered))
}

fn ahead(told: &Told, campaign: usize, horizon: usize, target: &Target) -> Ahead {
    let band = |of: fn(&Cell) -> f64| {
        Band::beside(told.cells(campaign, horizon).map(of), Some(0.0)).unwrap_or_default()
    };
    let share = |of: fn(&Cell) -> Option<f64>| {
        let values: Vec<f64> = told.cells(campaign, horizon).filter_map(of).collect();
        let enough = values.len() as f64 >= LEAST_SHARE * told.runs as f64;
        Band::beside(values, Some(100.0)).filter(|_| enough)
    };
    let coming = share(coming_level);
    let nothing = Range { low: 0.0, high: 0.0 };
    let raw = |figure: Figure, of: fn(&Cell) -> Option<f64>| {
        figure.eight_of_ten(told.cells(campaign, horizon).filter_map(of))
    };
    let level_band = share(level);
    let below = |goal: f64| {
        let known = told.cells(campaign, horizon).filter_map(coming_level);
        let (below, all) =
            known.fold((0u32, 0u32), |(below, all), level| (below + u32::from(level < goal), all + 1));
        f64::from(below) / f64::from(all.max(1))
    };
    Ahead {
        minutes: MINUTES[horizon],
        waiting: band(|cell| f64::from(cell.waiting)),
        longest_secs: band(|cell| f64::from(cell.longest)),
        calls: band(|cell| f64::from(cell.came)),
        gives_up: band(|cell| f64::from(cell.gave_up)),
        level: level_band,
        below_target: target.level_percent.filter(|_| coming.is_some()).map(below),
        goal: target.level_percent,
        coming_level: coming,
        raw: Raw {
            waiting: raw(Figure::Waiting, |cell| Some(f64::from(cell.waiting))).unwrap_or(nothing),
            longest: raw(Figure::Longest, |cell| Some(f64::from(cell.longest))).unwrap_or(nothing),
            level: raw(Figure::Level, level).filter(|_| level_band.is_some()),
        },
        as_now: AsNow::default(),
    }
}

fn passing(told: &Told, campaign: usize, target: &Target) -> Vec<Passing> {
    let mut all = Vec::new();
    let looks = |look: u16| f64::from(look) * told.look_secs;
    for (severity, colour) in [Colour::Amber, Colour::Red].into_iter().enumerate() {
        let limit = |limits: crate::input::Limits| if severity == 0 { limits.amber } else { limits.red };
        let (waiting, longest) = (limit(target.waiting).is_some(), limit(target.longest_secs).is_some());
        for (limited, there) in
            [(Limited::Waiting, waiting), (Limited::Longest, longest), (Limited::Either, waiting || longest)]
        {
            if !there {
                continue;
            }
            let measure = |met: &Met| match limited {
                Limited::Waiting => (met.first_of(0, severity), met.last_of(0, severity)),
                Limited::Longest => (met.first_of(1, severity), met.last_of(1, severity)),
                Limited::Either => (met.first(severity), met.last(severity)),
            };
            let firsts: Vec<f64> = told.met(campaign).filter_map(|met| measure(met).0).map(looks).collect();
            let runs = told.runs.max(1) as f64;
            let beyond = told.met(campaign).filter(|met| measure(met).1 == Some(told.last_look())).count();
            let cleared = told.met(campaign).filter_map(|met| measure(met).1);
            let cleared: Vec<f64> =
                cleared.filter(|last| *last < told.last_look()).map(|last| looks(last + 1)).collect();
            all.push(Passing {
                limited,
                colour,
                likely: firsts.len() as f64 / runs,
                in_secs: Band::of(firsts),
                clears: 1.0 - beyond as f64 / runs,
                clears_in_secs: Band::of(cleared),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Limits;
    use crate::reason::Basis;

    const GROUNDS: Grounds = Grounds {
        arrivals: Basis::Own,
        talk: Basis::Own,
        wrap_up: Basis::Own,
        patience: Basis::Own,
        waits_assumed: false,
        shares_with_unknown: false,
        breaks_unknown: true,
    };

    #[test]
    fn eight_of_ten_lie_in_the_band() {
        let band = Band::of((0..=100).map(f64::from)).unwrap();
        assert_eq!((band.low, band.middle, band.high, band.mean), (10.0, 50.0, 90.0, 50.0));
        assert_eq!(Band::of([7.0]).unwrap(), Band { low: 7.0, middle: 7.0, high: 7.0, mean: 7.0 });
        assert_eq!(Band::of([f64::NAN]), None);
        // Half of them at the bound: the other half's upper two of ten are outside, and nobody below.
        let waiting = Band::beside((0..=100).map(|at| f64::from((at - 50).max(0))), Some(0.0)).unwrap();
        assert_eq!((waiting.low, waiting.high), (0.0, 30.0));
        let level = Band::beside((0..=100).map(|at| f64::from((at + 50).min(100))), Some(100.0)).unwrap();
        assert_eq!((level.low, level.high), (70.0, 100.0));
    }

    #[test]
    fn limits_are_passed_and_cleared_when_the_runs_say() {
        // Ten runs of four looks, 300 seconds apart: in the n-th, n callers wait at the second look and none after; in the
        // last one they stay.
        let target = Target {
            waiting: Limits { amber: Some(3.0), red: Some(6.0) },
            longest_secs: Limits { amber: None, red: Some(1_000.0) },
            ..Target::default()
        };
        let mut told = Told::new(10, 1, 300.0, 3);
        for run in 0..10u16 {
            for look in 0..=3u16 {
                let waits = if look == 1 || (look > 1 && run == 9) { f64::from(run) } else { 0.0 };
                told.met_mut(run.into(), 0).note(look, waits, 0.0, &target);
            }
        }
        let outlook = outlook(&told, 0, &target, 0.1, GROUNDS, AsNow::default());
        let of = |limited, colour| {
            outlook.passing.iter().find(|one| one.limited == limited && one.colour == colour).unwrap().clone()
        };
        let amber = of(Limited::Waiting, Colour::Amber);
        assert_eq!((amber.likely, amber.clears), (0.7, 0.9));
        assert_eq!(amber.in_secs.unwrap().middle, 300.0);
        assert_eq!(amber.clears_in_secs.unwrap().high, 600.0);
        assert_eq!(of(Limited::Either, Colour::Red).likely, 0.4);
        let never = of(Limited::Longest, Colour::Red);
        assert_eq!((never.likely, never.in_secs, never.clears), (0.0, None, 1.0));
        // No limit, no figure about it.
        assert!(
            !outlook.passing.iter().any(|one| one.limited == Limited::Longest && one.colour == Colour::Amber)
        );
        assert_eq!(outlook.ahead[0].level, None, "no calls are no percentage");
    }

    #[test]
    fn levels_are_of_calls_decided() {
        let target = Target { level_percent: Some(80.0), ..Target::default() };
        let mut told = Told::new(4, 1, 300.0, 3);
        for (run, (decided, within)) in [(10, 9), (10, 7), (20, 15), (0, 0)].into_iter().enumerate() {
            *told.cell_mut(run, 0, 2) = Cell { decided, coming_within: within, ..Cell::default() };
        }
        let outlook = outlook(&told, 0, &target, 0.1, GROUNDS, AsNow::default());
        let last = &outlook.ahead[2];
        assert_eq!(last.coming_level.unwrap().middle, 75.0);
        assert_eq!(last.below_target, Some(2.0 / 3.0));
        assert_eq!(outlook.ahead[0].below_target, None);
    }
}

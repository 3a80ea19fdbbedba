//! What was said of a simulated contact centre against what came: how often bands held, and how far off forecasts were beside
//! "as now" and "as last week", in tables. For measurements; asserts nothing.

#![allow(dead_code, reason = "each bench uses a part of it")]

use std::collections::BTreeMap;

use atalaya_forecast::input::Given;
use serde::{Deserialize, Serialize};

/// Between two readings, seconds.
pub const STEP_SECS: u64 = 15;
/// Readings a minute.
pub const MINUTE: usize = 60 / STEP_SECS as usize;
/// A day is two of the usual waves.
pub const DAY_STEPS: usize = 12_000 / STEP_SECS as usize;

const FIGURES: [&str; 5] = ["waiting", "longest", "level", "calls", "gave up"];

/// A campaign at one step, as it truly is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Truth {
    pub waiting: f64,
    pub longest: f64,
    pub answered: f64,
    pub abandoned: f64,
    pub within: f64,
}

/// A step as it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Every campaign as it truly is, by name.
    pub truths: Vec<(String, Truth)>,
    /// What a look is made of; once a minute.
    pub given: Option<Given>,
}

/// What was said of a campaign, so many steps ahead.
#[derive(Debug)]
pub struct Said {
    pub campaign: String,
    pub step: usize,
    pub ahead: usize,
    pub figure: usize,
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// Added up.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sum {
    count: f64,
    held: f64,
    /// Of them bands of a single value.
    narrowest: f64,
    narrowest_held: f64,
    width: f64,
    off: f64,
    /// Above what came, on average.
    above: f64,
    came: f64,
    as_now: f64,
    /// Counted apart: the first day has none.
    as_week: (f64, f64, f64),
}

/// Of a figure at a step, so many steps after another.
pub fn truth(all: &[Truth], figure: usize, step: usize, ahead: usize) -> Option<f64> {
    let (before, after) = (all.get(step)?, all.get(step + ahead)?);
    match figure {
        0 => Some(after.waiting),
        1 => Some(after.longest),
        3 => {
            let all = |one: &Truth| one.answered + one.abandoned + one.waiting;
            Some(all(after) - all(before))
        }
        4 => Some(after.abandoned - before.abandoned),
        _ => {
            let answered = after.answered - before.answered;
            (answered > 0.0).then(|| 100.0 * (after.within - before.within) / answered)
        }
    }
}

/// By day, figure, minutes ahead, and hours since the day began.
pub type Sums = BTreeMap<(usize, usize, usize, usize), Sum>;

/// What was said against what came.
pub fn add(one: &Said, all: &[Truth], sums: &mut Sums) {
    let (day, end) = (one.step / DAY_STEPS, (one.step / DAY_STEPS + 1) * DAY_STEPS);
    if one.step + one.ahead >= end {
        return;
    }
    let Some(came) = truth(all, one.figure, one.step, one.ahead) else { return };
    let before = one.step.checked_sub(one.ahead);
    let as_now = match one.figure {
        0 => Some(all[one.step].waiting),
        1 => Some(all[one.step].longest),
        figure => before.and_then(|before| truth(all, figure, before, one.ahead)),
    };
    let as_week =
        one.step.checked_sub(DAY_STEPS).and_then(|before| truth(all, one.figure, before, one.ahead));
    let Some(as_now) = as_now else { return };
    let hour = (one.step % DAY_STEPS) * STEP_SECS as usize / 3_600;
    let sum = sums.entry((day, one.figure, one.ahead / MINUTE, hour)).or_default();
    let held = f64::from(u8::from((one.low..=one.high).contains(&came)));
    let width = one.high - one.low;
    sum.count += 1.0;
    sum.held += held;
    if width < 1e-6 {
        sum.narrowest += 1.0;
        sum.narrowest_held += held;
    }
    sum.width += width;
    sum.off += (one.middle - came).abs();
    sum.above += one.middle - came;
    sum.came += came;
    sum.as_now += (as_now - came).abs();
    if let Some(as_week) = as_week {
        sum.as_week.0 += 1.0;
        sum.as_week.1 += (as_week - came).abs();
        sum.as_week.2 += (one.middle - came).abs();
    }
}

impl Sum {
    fn and(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.held += other.held;
        self.narrowest += other.narrowest;
        self.narrowest_held += other.narrowest_held;
        self.width += other.width;
        self.off += other.off;
        self.above += other.above;
        self.came += other.came;
        self.as_now += other.as_now;
        self.as_week.0 += other.as_week.0;
        self.as_week.1 += other.as_week.1;
        self.as_week.2 += other.as_week.2;
        self
    }
}

const HEADINGS: [&str; 12] = [
    "of",
    "held",
    "single",
    "held",
    "others",
    "width",
    "came",
    "above by",
    "off by",
    "as now",
    "last week",
    "(off by)",
];

fn print(named: &str, sum: &Sum) {
    let share =
        |part: f64, of: f64| if of > 0.0 { format!("{:.1}%", 100.0 * part / of) } else { "–".to_owned() };
    let mean = |value: f64| format!("{:.2}", value / sum.count.max(1.0));
    let week = |value: f64| {
        if sum.as_week.0 > 0.0 { format!("{:.2}", value / sum.as_week.0) } else { "–".to_owned() }
    };
    let columns = [
        format!("{:.0}", sum.count),
        share(sum.held, sum.count),
        share(sum.narrowest, sum.count),
        share(sum.narrowest_held, sum.narrowest),
        share(sum.held - sum.narrowest_held, sum.count - sum.narrowest),
        mean(sum.width),
        mean(sum.came),
        mean(sum.above),
        mean(sum.off),
        mean(sum.as_now),
        week(sum.as_week.1),
        week(sum.as_week.2),
    ];
    let line: String = columns.iter().map(|column| format!("{column:>10}")).collect();
    println!("{named:<24}{line}");
}

/// Everything, by figure, by minutes ahead and by hour.
pub fn print_all(of: &str, sums: &Sums) {
    let headings: String = HEADINGS.iter().map(|heading| format!("{heading:>10}")).collect();
    println!("{of:<24}{headings}");
    /// Of a day, a figure, minutes ahead and an hour.
    type Named = fn(usize, usize, usize, usize) -> String;
    let tables: [Named; 3] = [
        |day, figure, _, _| format!("{} day {}", FIGURES[figure], day + 1),
        |day, figure, minutes, _| format!("{} day {} {minutes:>2} min", FIGURES[figure], day + 1),
        |day, figure, _, hour| format!("{} day {} at {}", FIGURES[figure], day + 1, 10 + hour),
    ];
    for named in tables {
        let mut lines: BTreeMap<String, Sum> = BTreeMap::new();
        for ((day, figure, minutes, hour), sum) in sums {
            let line = lines.entry(named(*day, *figure, *minutes, *hour)).or_default();
            *line = line.and(sum);
        }
        for (name, sum) in &lines {
            print(name, sum);
        }
        println!();
    }
}

/// Of each day, each figure fifteen minutes ahead: off by, as now, last week; and of all minutes how many held.
pub fn print_brief(of: &str, sums: &Sums) {
    println!("{of}");
    for day in 0..2 {
        for (figure, name) in FIGURES.iter().enumerate() {
            let add = |only: Option<usize>| {
                let those = sums.iter().filter(|((at, of, minutes, _), _)| {
                    *at == day && *of == figure && only.is_none_or(|only| only == *minutes)
                });
                those.fold(Sum::default(), |sum, (_, other)| sum.and(other))
            };
            let (all, late) = (add(None), add(Some(15)));
            let week = late.as_week.1 / late.as_week.0.max(1.0);
            let mean = |value: f64| value / late.count.max(1.0);
            println!(
                "day {} {name:<8} off {:>6.2}  now {:>6.2}  week {week:>6.2}  above {:>6.2}  held {:>5.1}  at 15 {:>5.1}",
                day + 1,
                mean(late.off),
                mean(late.as_now),
                mean(late.above),
                100.0 * all.held / all.count.max(1.0),
                100.0 * late.held / late.count.max(1.0),
            );
        }
    }
}

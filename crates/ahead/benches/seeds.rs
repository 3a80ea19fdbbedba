//! How good forecasts are: over seeds of the simulated contact centre, two days of two waves each, the second of which has
//! the first as the same weekday before. How often the bands that eight of ten should lie in held, also without those that
//! cannot be narrower (a single value), and how far off forecasts are beside "as now" and "as last week". Prints tables;
//! asserts nothing. `-- --seeds N --from K` for seeds K to K + N - 1, `--world NAME` for another one of
//! [`centre::WORLDS`], `--kept FILE` for what was kept, line by line.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[expect(dead_code, reason = "not every measurement looks at what was read")]
mod centre;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::time::Instant;

use atalaya_ahead::wire::{AheadBand, AheadFigure, AheadGroup};
use atalaya_simulator::Curve;
use centre::{Centre, DAY_STEPS, MINUTE, STEP_SECS};

const FIGURES: [&str; 5] = ["waiting", "longest", "level", "calls", "gave up"];

/// A campaign at one step, as it truly is.
#[derive(Clone, Copy, Default)]
struct Truth {
    waiting: f64,
    longest: f64,
    answered: f64,
    abandoned: f64,
    within: f64,
}

/// What was said of a campaign, so many steps ahead.
struct Said {
    campaign: String,
    step: usize,
    ahead: usize,
    figure: usize,
    shown: AheadFigure,
}

/// Added up.
#[derive(Default, Clone, Copy)]
struct Sum {
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
fn truth(all: &[Truth], figure: usize, step: usize, ahead: usize) -> Option<f64> {
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

/// What is not calibrated.
#[expect(clippy::unnecessary_wraps, reason = "it stands beside figures that may be missing")]
fn plain(band: AheadBand) -> Option<AheadFigure> {
    let AheadBand { low, middle, high, .. } = band;
    Some(AheadFigure { low, middle, high, group: AheadGroup::Nobody, record: None })
}

/// By day, figure, minutes ahead, and hours since the day began.
type Sums = BTreeMap<(usize, usize, usize, usize), Sum>;

async fn seed(number: u64, curve: Curve, sums: &mut Sums, kept: &mut String) -> f64 {
    let mut centre = Centre::begin(number, curve).await;
    let mut all: HashMap<String, Vec<Truth>> = HashMap::new();
    let mut said = Vec::new();
    let mut slowest = 0.0_f64;
    for step in 0..2 * DAY_STEPS {
        if step == DAY_STEPS {
            centre.next_week();
        }
        centre.step().await;
        if step % 8 == 0 {
            centre.history.flush();
        }
        for one in centre.simulator.inside().campaigns {
            let truth = Truth {
                waiting: one.waiting.into(),
                longest: one.longest_wait_secs.unwrap_or_default() as f64,
                answered: one.answered.into(),
                abandoned: one.abandoned.into(),
                within: one.answered_within.into(),
            };
            all.entry(one.name).or_default().push(truth);
        }
        if step % MINUTE != 0 {
            continue;
        }
        let began = Instant::now();
        let looked = centre.look();
        slowest = slowest.max(began.elapsed().as_secs_f64());
        for one in looked.told.campaigns {
            for at in one.outlook.iter().flat_map(|outlook| &outlook.ahead) {
                for (figure, shown) in
                    [Some(at.waiting), Some(at.longest_secs), at.level, plain(at.calls), plain(at.gives_up)]
                        .into_iter()
                        .enumerate()
                {
                    let Some(shown) = shown else { continue };
                    let ahead = at.minutes as usize * MINUTE;
                    said.push(Said { campaign: one.name.clone(), step, ahead, figure, shown });
                }
            }
        }
    }
    centre.history.flush();
    for forecast in centre.history.forecasts(centre.site, 0, 1_000_000).expect("readable") {
        for one in forecast.figures {
            let _ = writeln!(
                kept,
                "{number},{},{},{},{:?},{:.4},{:.4},{:.3},{:.3},{:.3},{:.3}",
                one.campaign,
                one.at_ms,
                one.minutes,
                one.figure,
                one.raw.low,
                one.raw.high,
                one.shown.low,
                one.shown.high,
                one.middle,
                one.came.unwrap_or(f64::NAN)
            );
        }
    }
    for one in said {
        add(&one, &all[&one.campaign], sums);
    }
    centre.simulator.stop().await;
    slowest
}

/// What was said against what came.
fn add(one: &Said, all: &[Truth], sums: &mut Sums) {
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
    let held = f64::from(u8::from((one.shown.low..=one.shown.high).contains(&came)));
    let width = one.shown.high - one.shown.low;
    sum.count += 1.0;
    sum.held += held;
    if width < 1e-6 {
        sum.narrowest += 1.0;
        sum.narrowest_held += held;
    }
    sum.width += width;
    sum.off += (one.shown.middle - came).abs();
    sum.above += one.shown.middle - came;
    sum.came += came;
    sum.as_now += (as_now - came).abs();
    if let Some(as_week) = as_week {
        sum.as_week.0 += 1.0;
        sum.as_week.1 += (as_week - came).abs();
        sum.as_week.2 += (one.shown.middle - came).abs();
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

#[tokio::main]
async fn main() {
    let (first, seeds) = (centre::asked("--from", 1), centre::asked("--seeds", 10));
    let world = centre::after("--world").unwrap_or_else(|| "usual".to_owned());
    let (_, curve) = *centre::WORLDS.iter().find(|(name, _)| *name == world).expect("a world of that name");
    let (mut sums, mut kept) = (Sums::new(), String::new());
    for number in first..first + seeds {
        let began = Instant::now();
        let slowest = seed(number, curve, &mut sums, &mut kept).await;
        eprintln!("seed {number}: {:.0} s, the slowest look {slowest:.2} s", began.elapsed().as_secs_f64());
    }
    if let Some(file) = centre::after("--kept") {
        std::fs::write(file, kept).expect("writable");
    }
    let headings: String = HEADINGS.iter().map(|heading| format!("{heading:>10}")).collect();
    println!("{:<24}{headings}", format!("{world}, {first} to {}", first + seeds - 1));
    /// Of a day, a figure, minutes ahead and an hour.
    type Named = fn(usize, usize, usize, usize) -> String;
    let tables: [Named; 3] = [
        |day, figure, _, _| format!("{} day {}", FIGURES[figure], day + 1),
        |day, figure, minutes, _| format!("{} day {} {minutes:>2} min", FIGURES[figure], day + 1),
        |day, figure, _, hour| format!("{} day {} at {}", FIGURES[figure], day + 1, 10 + hour),
    ];
    for named in tables {
        let mut lines: BTreeMap<String, Sum> = BTreeMap::new();
        for ((day, figure, minutes, hour), sum) in &sums {
            let line = lines.entry(named(*day, *figure, *minutes, *hour)).or_default();
            *line = line.and(sum);
        }
        for (name, sum) in &lines {
            print(name, sum);
        }
        println!();
    }
}

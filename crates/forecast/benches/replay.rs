//! How good forecasts are, told again in seconds from days that were written down (`atalaya-ahead`'s `seeds -- --store
//! FOLDER`): the same figures as `seeds` tells, without the simulated centre, its server and the history. Prints tables;
//! asserts nothing. `-- FILE...` for days; `--brief` for what counts alone.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

mod judged;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write as _};

use atalaya_forecast::Scene;
use atalaya_forecast::calibrate::{Calibration, Figure, Kept};
use atalaya_forecast::outcome::Ahead;
use judged::{DAY_STEPS, Line, MINUTE, Said, Sums, Truth, add, print_all, truth};

/// As `atalaya-ahead` keeps and measures.
const KEPT_EVERY_MS: i64 = 290_000;
const CALIBRATED_FOR_MS: i64 = 1_800_000;
const AFTER_MS: i64 = 35_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

fn lines(file: &str) -> Vec<Line> {
    let file = std::fs::File::open(file).expect("readable");
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.expect("readable")).expect("a line of a day")).collect()
}

/// Days begin knowing nothing but what was kept.
#[derive(Default)]
struct Past {
    /// With the step they were made at.
    kept: Vec<(usize, Kept)>,
    calibration: Calibration,
    calibrated_ms: Option<i64>,
    kept_ms: Option<i64>,
}

impl Past {
    fn settle(&mut self, all: &HashMap<String, Vec<Truth>>, now_ms: i64, step: usize) {
        for (made, one) in self.kept.iter_mut().filter(|(_, one)| one.came.is_none()) {
            let ahead = one.minutes as usize * MINUTE;
            // What a day ends before nobody sees.
            let whole = *made / DAY_STEPS == (*made + ahead) / DAY_STEPS && *made + ahead <= step;
            if !whole || now_ms < one.at_ms + i64::from(one.minutes) * MINUTE_MS + AFTER_MS {
                continue;
            }
            let figure = match one.figure {
                Figure::Waiting => 0,
                Figure::Longest => 1,
                Figure::Level => 2,
            };
            one.came = truth(&all[&one.campaign], figure, *made, ahead);
        }
    }

    fn calibrate(&mut self, now_ms: i64) {
        if self.calibrated_ms.is_none_or(|at_ms| !(at_ms..at_ms + CALIBRATED_FOR_MS).contains(&now_ms)) {
            self.calibration = Calibration::of(self.kept.iter().map(|(_, one)| one), now_ms);
            self.calibrated_ms = Some(now_ms);
        }
    }
}

fn seed(file: &str, runs: Option<u32>, mut told: Option<&mut std::fs::File>, sums: &mut Sums) {
    let lines = lines(file);
    let mut all: HashMap<String, Vec<Truth>> = HashMap::new();
    let (mut past, mut said) = (Past::default(), Vec::new());
    for (step, line) in lines.into_iter().enumerate() {
        if step == DAY_STEPS {
            past.calibrated_ms = None;
        }
        for (name, truth) in line.truths {
            all.entry(name).or_default().push(truth);
        }
        let Some(given) = line.given else { continue };
        past.settle(&all, line.at_ms, step);
        past.calibrate(line.at_ms);
        let hour = line.at_ms.div_euclid(HOUR_MS).rem_euclid(24) as u8;
        let names: Vec<String> = given.floor.campaigns.iter().map(|one| one.name.clone()).collect();
        let scene = Scene::new(given.floor, &given.known, given.targets, given.seed);
        let forecast = if let Some(runs) = runs { scene.with_runs(runs) } else { scene }.forecast();
        let keeps = past.kept_ms.is_none_or(|at_ms| !(at_ms..at_ms + KEPT_EVERY_MS).contains(&line.at_ms));
        let mut any = false;
        for (name, outlook) in names.iter().zip(&forecast.campaigns) {
            let Ok(outlook) = outlook else { continue };
            any = true;
            for ahead in &outlook.ahead {
                let kept = say(&past.calibration, name, hour, line.at_ms, step, ahead, &mut said);
                if let Some(into) = told.as_mut() {
                    for one in &kept {
                        let figure = one.figure as usize;
                        let Kept { campaign, hour, minutes, raw, shown, middle, simulated, now, .. } = one;
                        let now = now.unwrap_or(f64::NAN);
                        let believed = ahead.as_now.weekdays;
                        writeln!(
                            into,
                            "{file},{campaign},{step},{hour},{minutes},{figure},{},{},{simulated},{now},{believed},{},{},{middle},{},{}",
                            raw.low, raw.high, shown.low, shown.high,
                            ahead.coming_level.map_or(f64::NAN, |level| level.mean), ahead.below_target.unwrap_or(f64::NAN)
                        )
                        .expect("writable");
                    }
                }
                if keeps {
                    past.kept.extend(kept.into_iter().map(|one| (step, one)));
                }
            }
        }
        if keeps && any {
            past.kept_ms = Some(line.at_ms);
        }
    }
    if let Some(into) = told {
        for (name, truths) in &all {
            for (step, one) in truths.iter().enumerate() {
                let Truth { waiting, longest, answered, within, .. } = one;
                writeln!(into, "{file},{name},{step},T,{waiting},{longest},{answered},{within}")
                    .expect("writable");
            }
        }
    }
    for one in said {
        add(&one, &all[&one.campaign], sums);
    }
}

fn say(
    calibration: &Calibration,
    name: &str,
    hour: u8,
    at_ms: i64,
    step: usize,
    ahead: &Ahead,
    said: &mut Vec<Said>,
) -> Vec<Kept> {
    let (bands, kept) = calibration.bands(name, hour, at_ms, ahead, ahead);
    let shown = [Some(bands.waiting), Some(bands.longest), bands.level];
    let plain = [&ahead.calls, &ahead.gives_up].map(|band| (band.low, band.middle, band.high));
    let shown = shown.into_iter().map(|shown| shown.map(|one| (one.range.low, one.middle, one.range.high)));
    for (figure, one) in shown.chain(plain.map(Some)).enumerate() {
        let Some((low, middle, high)) = one else { continue };
        let ahead = ahead.minutes as usize * MINUTE;
        said.push(Said { campaign: name.to_owned(), step, ahead, figure, low, middle, high });
    }
    kept
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let (mut runs, mut told) = (None, None);
    let (mut files, mut brief) = (Vec::new(), false);
    let mut rest = arguments.into_iter();
    while let Some(one) = rest.next() {
        match one.as_str() {
            "--runs" => runs = rest.next().and_then(|runs| runs.parse().ok()),
            "--said" => told = rest.next().and_then(|file| std::fs::File::create(file).ok()),
            "--brief" => brief = true,
            _ => files.push(one),
        }
    }
    let mut sums = Sums::new();
    for file in &files {
        seed(file, runs, told.as_mut(), &mut sums);
    }
    let named = format!("{} days of {}", 2 * files.len(), files.first().map_or("nothing", String::as_str));
    if brief {
        judged::print_brief(&named, &sums);
    } else {
        print_all(&named, &sums);
    }
}

//! Against a small centre that lives by rules the forecast is not told: other arrivals, lengths and patience than it assumes,
//! other people called first. What it said is held against what came.

mod centre;

use atalaya_forecast::Scene;
use atalaya_forecast::calibrate::{Calibration, Kept};
use atalaya_forecast::input::{Target, Targets};
use centre::{CAMPAIGNS, Counters, DAY, Then, WITHIN, World, lived};

/// The first hour of a day is not forecast.
const FIRST: usize = 3_600;
const EVERY: usize = 300;
const QUARTER: usize = 900;
/// Days lived, the first of them only for bands to learn from.
const DAYS: u64 = 7;
const LEARN: u64 = 3;

#[derive(Default)]
struct Score {
    count: u32,
    raw: u32,
    held: u32,
    ours: f64,
    as_now: f64,
    as_last_week: f64,
}

fn level(from: &Counters, to: &Counters) -> Option<f64> {
    let answered = to.answered - from.answered;
    (answered > 0).then(|| 100.0 * f64::from(to.within - from.within) / f64::from(answered))
}

#[test]
fn with_days_before_known_it_is_nearer_than_now_and_than_last_week() {
    lived_through(true, 0.9);
}

/// When nothing is known of the waves in which calls come.
#[test]
fn on_a_first_day_it_is_nearer_too() {
    lived_through(false, 1.0);
}

/// `better`: off by less than so many times of what the others are off by.
fn lived_through(days_known: bool, better: f64) {
    let mut scores: [Score; 3] = Default::default();
    let mut kept: Vec<Kept> = Vec::new();
    let mut days: Vec<Vec<Then>> = Vec::new();
    for day in 0..DAYS {
        let seed = 100 + day;
        let mut world = World::new(seed);
        let truth = lived(seed);
        let usual: Vec<Vec<Then>> = days.iter().rev().take(if days_known { 4 } else { 0 }).cloned().collect();
        let calibration = Calibration::of(&kept, day as i64 * 86_400_000);
        for now in 0..DAY - QUARTER {
            world.step(now);
            if now < FIRST || now % EVERY != 0 {
                continue;
            }
            let targets = Targets {
                campaigns: vec![Target { within_secs: WITHIN as f64, ..Target::default() }; CAMPAIGNS],
            };
            let scene =
                Scene::new(world.floor(now, &truth), &world.known(now, &usual), targets, 1).with_runs(60);
            let forecast = scene.forecast();
            let (here, later, before) = (&truth[now], &truth[now + QUARTER], &truth[now - QUARTER]);
            for (at, outlook) in forecast.campaigns.iter().enumerate() {
                let Ok(outlook) = outlook else { panic!("{outlook:?}") };
                let last = days.last().map(|day| (&day[now], &day[now + QUARTER]));
                let (from, to, earlier) = (&here.counters[at], &later.counters[at], &before.counters[at]);
                let level_last = last.and_then(|(from, to)| level(&from.counters[at], &to.counters[at]));
                // What came, what there is now, what there was on the day before.
                let figures = [
                    (
                        Some(f64::from(later.waiting[at])),
                        Some(f64::from(here.waiting[at])),
                        last.map(|(_, then)| f64::from(then.waiting[at])),
                    ),
                    (Some(later.longest[at]), Some(here.longest[at]), last.map(|(_, then)| then.longest[at])),
                    (level(from, to), level(earlier, from), level_last),
                ];
                let at_ms = day as i64 * 86_400_000 + now as i64 * 1_000;
                let (last, hour) = (&outlook.ahead[2], (now / 3_600) as u8);
                let (_, said) = calibration.bands(&at.to_string(), hour, at_ms, last, last);
                for mut said in said {
                    let place = said.figure as usize;
                    let (came, as_now, as_last) = figures[place];
                    let Some(came) = came else { continue };
                    said.came = Some(came);
                    let Kept { raw, shown, middle, .. } = said;
                    kept.push(said);
                    if day < LEARN {
                        continue;
                    }
                    let (Some(as_now), Some(as_last)) = (as_now, as_last) else { continue };
                    let score = &mut scores[place];
                    score.count += 1;
                    score.raw += u32::from(raw.low <= came && came <= raw.high);
                    score.held += u32::from(shown.low <= came && came <= shown.high);
                    score.ours += (middle - came).abs();
                    score.as_now += (as_now - came).abs();
                    score.as_last_week += (as_last - came).abs();
                }
            }
        }
        days.push(truth);
    }
    for (name, score) in ["waiting", "longest wait", "service level"].into_iter().zip(&scores) {
        let mean = |sum: f64| sum / f64::from(score.count);
        let held = mean(100.0 * f64::from(score.held));
        let (ours, as_now, as_last_week) = (mean(score.ours), mean(score.as_now), mean(score.as_last_week));
        let told = format!(
            "{name}: of {} bands {held:.1} % held (uncalibrated {:.1} %); off by {ours:.2}, as now {as_now:.2}, as last week \
             {as_last_week:.2}",
            score.count,
            mean(100.0 * f64::from(score.raw)),
        );
        println!("{told}");
        assert!((72.0..88.0).contains(&held), "{told}");
        assert!(ours < better * as_now && ours < better * as_last_week, "{told}");
    }
}

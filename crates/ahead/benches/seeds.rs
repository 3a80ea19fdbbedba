//! How good forecasts are: over seeds of the simulated contact centre, two days of two waves each, the second of which has
//! the first as the same weekday before. How often the bands that eight of ten should lie in held, also without those that
//! cannot be narrower (a single value), and how far off forecasts are beside "as now" and "as last week". Prints tables;
//! asserts nothing. `-- --seeds N --from K` for seeds K to K + N - 1, `--world NAME` for another one of
//! [`centre::WORLDS`], `--kept FILE` for what was kept, line by line. `--store FOLDER` looks at nothing and writes down what
//! looks would be made of, for `atalaya-forecast`'s `replay`, which tells the same in seconds.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[expect(dead_code, reason = "not every measurement looks at what was read")]
mod centre;

#[path = "../../forecast/benches/judged/mod.rs"]
mod judged;

use std::collections::HashMap;
use std::fmt::Write;
use std::io::Write as _;
use std::time::Instant;

use atalaya_ahead::wire::{AheadBand, AheadFigure, AheadGroup};
use atalaya_simulator::Curve;
use centre::Centre;
use judged::{DAY_STEPS, Line, MINUTE, Said, Sums, Truth, add, print_all};

/// What is not calibrated.
#[expect(clippy::unnecessary_wraps, reason = "it stands beside figures that may be missing")]
fn plain(band: AheadBand) -> Option<AheadFigure> {
    let AheadBand { low, middle, high, .. } = band;
    Some(AheadFigure { low, middle, high, group: AheadGroup::Nobody, record: None })
}

/// As it truly is.
fn truths(centre: &Centre) -> impl Iterator<Item = (String, Truth)> {
    centre.simulator.inside().campaigns.into_iter().map(|one| {
        let truth = Truth {
            waiting: one.waiting.into(),
            longest: one.longest_wait_secs.unwrap_or_default() as f64,
            answered: one.answered.into(),
            abandoned: one.abandoned.into(),
            within: one.answered_within.into(),
        };
        (one.name, truth)
    })
}

/// Two days as lines: each step as it truly was, and once a minute what a look would be made of.
async fn store(number: u64, curve: Curve, file: &str) {
    let mut centre = Centre::begin(number, curve).await;
    let file = std::fs::File::create(file).expect("writable");
    let mut file = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    for step in 0..2 * DAY_STEPS {
        if step == DAY_STEPS {
            centre.next_week();
        }
        centre.step().await;
        let given = (step % MINUTE == 0).then(|| centre.given());
        let line = Line { at_ms: centre.now_ms(), truths: truths(&centre).collect(), given };
        serde_json::to_writer(&mut file, &line).expect("writable");
        file.write_all(b"\n").expect("writable");
    }
    file.finish().expect("writable");
    centre.simulator.stop().await;
}

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
        for (name, truth) in truths(&centre) {
            all.entry(name).or_default().push(truth);
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
                    let AheadFigure { low, middle, high, .. } = shown;
                    said.push(Said { campaign: one.name.clone(), step, ahead, figure, low, middle, high });
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

#[tokio::main]
async fn main() {
    let (first, seeds) = (centre::asked("--from", 1), centre::asked("--seeds", 10));
    let world = centre::after("--world").unwrap_or_else(|| "usual".to_owned());
    let (_, curve) = *centre::WORLDS.iter().find(|(name, _)| *name == world).expect("a world of that name");
    let stored = centre::after("--store");
    let (mut sums, mut kept) = (Sums::new(), String::new());
    for number in first..first + seeds {
        let began = Instant::now();
        if let Some(folder) = &stored {
            store(number, curve, &format!("{folder}/{world}-{number}.gz")).await;
            eprintln!("seed {number}: {:.0} s", began.elapsed().as_secs_f64());
            continue;
        }
        let slowest = seed(number, curve, &mut sums, &mut kept).await;
        eprintln!("seed {number}: {:.0} s, the slowest look {slowest:.2} s", began.elapsed().as_secs_f64());
    }
    if stored.is_some() {
        return;
    }
    if let Some(file) = centre::after("--kept") {
        std::fs::write(file, kept).expect("writable");
    }
    print_all(&format!("{world}, {first} to {}", first + seeds - 1), &sums);
}

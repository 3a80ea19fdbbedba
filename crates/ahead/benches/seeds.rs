//! How good forecasts are: over ten seeds of the simulated contact centre, two days of two waves each, the second of which has
//! the first as the same weekday before. How often the bands that eight of ten should lie in held, and how far off forecasts
//! are beside "as now" and "as last week". Prints a table; asserts nothing. `-- --seeds N` for another number of seeds.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_ahead::wire::{AheadBand, AheadFigure, AheadGroup};
use atalaya_ahead::{Ahead, Asked, Readings};
use atalaya_clock::Clock;
use atalaya_floor::{Picture, default_rules, read_into};
use atalaya_history::{Bounds, History};
use atalaya_simulator::Config;
use atalaya_ucontact::{Client, Options, Secret, Server};

const STEP_SECS: u64 = 15;
const MINUTE: usize = 60 / STEP_SECS as usize;
/// Two waves of the simulated callers.
const DAY_STEPS: usize = 12_000 / STEP_SECS as usize;
const WEEK_SECS: u64 = 7 * 24 * 3_600;
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

async fn seed(number: u64, sums: &mut BTreeMap<(usize, usize, usize), Sum>) -> f64 {
    let home = tempfile::tempdir().expect("a folder");
    let begins: chrono::NaiveDateTime = "2026-11-17T10:00:00".parse().expect("a moment");
    let config = Config {
        campaigns: 8,
        agents: 70,
        seed: number,
        begins: Some(begins),
        moving: false,
        calls_per_day: 200,
        ..Config::default()
    };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let clock = Clock::held(begins.and_utc().timestamp_millis());
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 10_000.0, max_in_flight: 8, clock: clock.clock() };
    let client = Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in");
    let history = History::open(&home.path().join("history.sqlite"), Bounds::default()).expect("opens");
    let site = history.site("me@here").expect("kept");
    let (mut picture, mut readings) = (Picture::default(), Readings::default());
    let mut ahead = Ahead::default();
    let mut all: HashMap<String, Vec<Truth>> = HashMap::new();
    let mut said = Vec::new();
    let mut slowest = 0.0_f64;
    for step in 0..2 * DAY_STEPS {
        if step == DAY_STEPS {
            // A week after the first day began, with the callers of the same time of day.
            clock.advance(Duration::from_secs(WEEK_SECS - DAY_STEPS as u64 * STEP_SECS));
            ahead = Ahead::default();
            picture = Picture::default();
        }
        simulator.advance(Duration::from_secs(STEP_SECS));
        clock.advance(Duration::from_secs(STEP_SECS));
        let mut snapshot = read_into(&mut picture, &client, &[], true).await.expect("the server answers");
        // As planned: what comes later than that is a gap in the history.
        let every_ms = STEP_SECS as u32 * 1_000;
        (snapshot.health.every_ms, snapshot.agents_every_ms) = (every_ms, every_ms);
        let snapshot = Arc::new(snapshot);
        readings.note(&snapshot);
        history.take(site, &snapshot);
        if step % 8 == 0 {
            history.flush();
        }
        for one in simulator.inside().campaigns {
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
        history.flush();
        let asked = Asked {
            snapshot,
            seats: picture.seats(),
            readings: readings.clone(),
            rules: default_rules(),
            teams: Vec::new(),
            offset_secs: Some(0),
            now_ms: clock.clock().now_ms(),
        };
        let began = Instant::now();
        let looked = ahead.look(Some((&history, site)), &asked);
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
    for one in said {
        let (day, end) = (one.step / DAY_STEPS, (one.step / DAY_STEPS + 1) * DAY_STEPS);
        let all = &all[&one.campaign];
        if one.step + one.ahead >= end {
            continue;
        }
        let Some(came) = truth(all, one.figure, one.step, one.ahead) else { continue };
        let before = one.step.checked_sub(one.ahead);
        let as_now = match one.figure {
            0 => Some(all[one.step].waiting),
            1 => Some(all[one.step].longest),
            figure => before.and_then(|before| truth(all, figure, before, one.ahead)),
        };
        let as_week =
            one.step.checked_sub(DAY_STEPS).and_then(|before| truth(all, one.figure, before, one.ahead));
        let Some(as_now) = as_now else { continue };
        let sum = sums.entry((day, one.figure, one.ahead / MINUTE)).or_default();
        sum.count += 1.0;
        sum.held += f64::from(u8::from((one.shown.low..=one.shown.high).contains(&came)));
        sum.width += one.shown.high - one.shown.low;
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
    simulator.stop().await;
    slowest
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let asked = arguments.iter().position(|one| one == "--seeds").and_then(|at| arguments.get(at + 1));
    let seeds: u64 = asked.and_then(|seeds| seeds.parse().ok()).unwrap_or(10);
    let mut sums = BTreeMap::new();
    for number in 1..=seeds {
        let began = Instant::now();
        let slowest = seed(number, &mut sums).await;
        eprintln!("seed {number}: {:.0} s, the slowest look {slowest:.2} s", began.elapsed().as_secs_f64());
    }
    println!(
        "{:<6}{:<9}{:>5}{:>9}{:>8}{:>9}{:>9}{:>10}{:>10}{:>10}{:>11}",
        "day", "figure", "min", "of", "held", "width", "came", "above by", "off by", "as now", "last week"
    );
    for ((day, figure, minutes), sum) in &sums {
        let of = |value: f64| value / sum.count.max(1.0);
        let week = if sum.as_week.0 > 0.0 {
            format!("{:.2}", sum.as_week.1 / sum.as_week.0)
        } else {
            "–".to_owned()
        };
        println!(
            "{:<6}{:<9}{:>5}{:>9.0}{:>7.1}%{:>9.2}{:>9.2}{:>10.2}{:>10.2}{:>10.2}{:>11}",
            day + 1,
            FIGURES[*figure],
            minutes,
            sum.count,
            100.0 * of(sum.held),
            of(sum.width),
            of(sum.came),
            of(sum.above),
            of(sum.off),
            of(sum.as_now),
            week
        );
    }
    for (figure, name) in FIGURES.iter().enumerate() {
        for day in 0..2 {
            let these = sums.iter().filter(|((of, is, _), _)| *of == day && *is == figure);
            let (held, count) =
                these.fold((0.0, 0.0), |(held, count), (_, sum)| (held + sum.held, count + sum.count));
            println!(
                "day {} {name}: {:.1} % of {count:.0} held",
                day + 1,
                100.0 * held / f64::max(count, 1.0)
            );
        }
    }
}

//! The next quarter of an hour of a floor of 12 campaigns and 300 people, and of one of 200 and 5,000, beside what one
//! formula for one queue (Erlang A) costs and says. Prints a table; asserts nothing.

use std::hint::black_box;
use std::time::{Duration, Instant};

use atalaya_forecast::Scene;
use atalaya_forecast::calibrate::Calibration;
use atalaya_forecast::erlang::Queue;
use atalaya_forecast::input::{
    Campaign, Doing, Floor, Known, Limits, Person, Reading, Seat, Target, Targets, Times, Waiting, Weekday,
};
use atalaya_forecast::whatif::Change;

const TALK_SECS: f64 = 180.0;
const WRAP_UP_SECS: f64 = 20.0;
const PATIENCE_SECS: f64 = 240.0;
const LEAST: Duration = Duration::from_millis(20);

/// Calls a minute of one campaign, so that its people are busy about nine tenths of the time.
fn per_minute(campaigns: usize, people: usize) -> u32 {
    (0.9 * people as f64 / campaigns as f64 * 60.0 / (TALK_SECS + WRAP_UP_SECS)).round() as u32
}

fn floor(campaigns: usize, people: usize, random: &mut fastrand::Rng) -> Floor {
    let per_minute = per_minute(campaigns, people);
    let campaign = |at: usize| Campaign {
        name: format!("Campaign {at}<-"),
        inbound: true,
        waiting: Some(Waiting { callers: (at % 5) as u32, longest_secs: Some(40.0) }),
        readings: (0..180u32)
            .map(|reading| Reading {
                ago_secs: f64::from(179 - reading) * 10.0,
                answered: Some(1_000 + reading * per_minute / 6),
                abandoned: Some(50),
                waiting: Some((at % 5) as u32),
            })
            .collect(),
        people_known: true,
    };
    let person = |at: usize, random: &mut fastrand::Rng| {
        let doing = match random.u32(..100) {
            0..75 => Doing::OnCall,
            75..84 => Doing::WrapUp,
            84..90 => Doing::OnBreak,
            90..93 => Doing::Away,
            _ => Doing::Available,
        };
        // Two in three serve three campaigns.
        let seats = if at.is_multiple_of(3) { 1 } else { 3 };
        Person {
            location: format!("SIP/{at}"),
            doing,
            for_secs: Some(random.f64() * 200.0),
            call_of: Some(at % campaigns),
            seats: (0..seats)
                .map(|seat| Seat { campaign: (at + seat) % campaigns, penalty: seat as u32, paused: false })
                .collect(),
        }
    };
    Floor {
        age_secs: Some(1.0),
        campaigns: (0..campaigns).map(campaign).collect(),
        people: (0..people).map(|at| person(at, random)).collect(),
    }
}

fn known(campaigns: usize, people: usize, random: &mut fastrand::Rng) -> Known {
    let half_hour = 30 * per_minute(campaigns, people);
    let mut exponential = |mean: f64, count: usize| -> Vec<f64> {
        (0..count).map(|_| -mean * (1.0 - random.f64()).ln()).collect()
    };
    let times = |_| Times {
        weekdays: vec![
            Weekday {
                before: Some(half_hour),
                this: Some(half_hour),
                next: Some(half_hour),
                ..Weekday::default()
            };
            4
        ],
        talk_secs: exponential(TALK_SECS, 200),
        wrap_up_secs: exponential(WRAP_UP_SECS, 200),
        answered_waits: exponential(20.0, 200),
        abandoned_waits: exponential(PATIENCE_SECS, 20),
        ring_secs: Some(4.0),
        ..Times::default()
    };
    Known {
        campaigns: (0..campaigns).map(times).collect(),
        into_half_hour_secs: 900.0,
        break_secs: (1..100).map(|at| f64::from(at) * 12.0).collect(),
        break_secs_so_far: Vec::new(),
        breaks_per_free_hour: Some(1.5),
        breaks_per_call: Some(0.03),
    }
}

fn targets(campaigns: usize) -> Targets {
    let target = Target {
        within_secs: 20.0,
        level_percent: Some(80.0),
        waiting: Limits { amber: Some(3.0), red: Some(6.0) },
        longest_secs: Limits { amber: Some(20.0), red: Some(60.0) },
    };
    Targets { campaigns: vec![target; campaigns] }
}

/// Time this thread was given by a processor, where the system tells; else time gone by.
fn now(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// The median and the fastest of so many rounds.
fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> String {
    let begun = Instant::now();
    // The system's own count moves in steps: what is quick is done again until it is not.
    let mut round = |_| {
        let (before, mut times) = (now(begun), 0);
        loop {
            black_box(work());
            times += 1;
            let spent = now(begun).saturating_sub(before);
            if spent > LEAST {
                return spent / times;
            }
        }
    };
    let mut times: Vec<Duration> = (0..rounds).map(&mut round).collect();
    times.sort();
    format!("{:>9.2?} ({:.2?})", times[rounds / 2], times[0])
}

/// Each campaign as if its people served it alone, with one formula.
fn by_formula(campaigns: usize, people: usize) -> f64 {
    let queue = |_| Queue {
        arrivals: f64::from(per_minute(campaigns, people)) / 60.0,
        handling: TALK_SECS + WRAP_UP_SECS,
        people: (people / campaigns) as u32,
        patience: Some(PATIENCE_SECS),
    };
    (0..campaigns).map(queue).filter_map(|queue| queue.steady(20.0)).map(|steady| steady.within).sum()
}

fn main() {
    println!("time on one core: median (fastest)\n");
    for (campaigns, people, rounds) in [(12, 300, 31), (200, 5_000, 5)] {
        let mut random = fastrand::Rng::with_seed(1);
        let (floor, known) = (floor(campaigns, people, &mut random), known(campaigns, people, &mut random));
        let mut targets = targets(campaigns);
        // One campaign that is never content, the others with much to spare: everybody is tried.
        for target in &mut targets.campaigns {
            target.level_percent = Some(5.0);
        }
        targets.campaigns[0].level_percent = Some(100.0);
        let scene = Scene::new(floor.clone(), &known, targets.clone(), 1);
        let forecast = scene.forecast();
        let more = [Change::More { campaign: 1, people: 2 }];
        println!("{campaigns} campaigns, {people} people, {} runs", forecast.runs);
        let told = |what: &str, time: String| println!("  {what:<34} {time}");
        told("assumptions", timed(rounds, || Scene::new(floor.clone(), &known, targets.clone(), 1)));
        told("the next quarter of an hour", timed(rounds, || scene.forecast()));
        told("what if two more were there", timed(rounds, || scene.what_if(&forecast, &more)));
        told(
            "who could help one campaign",
            timed(rounds.min(3), || scene.advise(&forecast, 0, &Calibration::default()).is_ok()),
        );
        told("Erlang A, each campaign alone", timed(rounds, || by_formula(campaigns, people)));
    }
}

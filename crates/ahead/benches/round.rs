//! What a whole look costs, on one core: what counters said is noted, the picture, the seats and the past are converted, the
//! floor is lived through, and what is shown and kept of it is made; the history is read again and bands are measured anew
//! where that is due, as once in ten minutes and once in half an hour. Beside it one formula for one queue, for each campaign
//! alone, on the same floor. Prints a table; asserts nothing.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[expect(dead_code, reason = "not every measurement has other worlds, or advice")]
mod centre;

use std::hint::black_box;
use std::time::{Duration, Instant};

use atalaya_forecast::erlang::Queue;
use centre::{Centre, MINUTE, WORLDS};

/// Looks that are timed.
const LOOKS: usize = 12;
/// How often the formulas are worked out each time: once is shorter than the system counts.
const FORMULAS: u32 = 200;

/// Time this thread was given by a processor, where the system tells; else time gone by.
fn now(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("time on one core: median, most\n");
    let begun = Instant::now();
    for (campaigns, people) in [(12, 300), (200, 5_000)] {
        let mut centre = Centre::of_size(campaigns, people, 1, WORLDS[0].1).await;
        for _ in 0..6 * MINUTE {
            centre.step().await;
        }
        let (mut looks, mut formulas) = (Vec::new(), Vec::new());
        for _ in 0..LOOKS {
            for _ in 0..MINUTE {
                centre.step().await;
            }
            centre.history.flush();
            let before = now(begun);
            let looked = black_box(centre.look());
            looks.push(now(begun).saturating_sub(before));
            let before = now(begun);
            for _ in 0..FORMULAS {
                let outlooks = looked.told.campaigns.iter().filter_map(|one| one.outlook.as_ref());
                let queues = outlooks.map(|outlook| Queue {
                    arrivals: outlook.calls_per_hour / 3_600.0,
                    handling: 180.0,
                    people: (people / campaigns) as u32,
                    patience: Some(240.0),
                });
                let within = queues.filter_map(|queue| queue.steady(20.0)).map(|steady| steady.within);
                black_box(within.sum::<f64>());
            }
            formulas.push(now(begun).saturating_sub(before) / FORMULAS);
        }
        println!("{campaigns} campaigns, {people} people");
        for (what, mut times) in [("a whole look", looks), ("Erlang A, each campaign alone", formulas)] {
            times.sort();
            println!("  {what:<34} {:>9.2?} {:>9.2?}", times[times.len() / 2], times[times.len() - 1]);
        }
        centre.simulator.stop().await;
    }
}

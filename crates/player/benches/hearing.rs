//! What a minute at the loudspeaker costs, beside decoding alone in the same run: `cargo bench -p atalaya-player --bench
//! hearing`. Prints a table; asserts nothing, because machines differ.

use std::time::{Duration, Instant};

use atalaya_player::wire::Hearing;
use atalaya_player::{render, waveform};

const RUNS: usize = 5;
const RATE: u32 = 48_000;

fn best<T>(mut run: impl FnMut() -> Option<T>) -> Option<(Duration, T)> {
    (0..RUNS)
        .filter_map(|_| {
            let started = Instant::now();
            run().map(|done| (started.elapsed(), done))
        })
        .min_by_key(|(took, _)| *took)
}

fn main() {
    // `cargo test --all-targets` runs this file too, and does not want minutes decoded.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    for (name, fixture, times) in
        [("8 kHz mono MP3", "speech8k.mp3", 30), ("44.1 kHz stereo MP3", "stereo44k.mp3", 60)]
    {
        let path = format!("{}/fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
        let recording = std::fs::read(path).unwrap_or_default().repeat(times);
        println!("{name}, best of {RUNS}, one core");
        println!("{:<34}{:>12}{:>16}{:>18}", "", "ms", "heard, s", "% of a core");
        let decoding = best(|| waveform(&recording, 20).ok());
        if let Some((took, bars)) = decoding {
            let secs = bars.len() as f64 / 20.0;
            line("decoding alone", took, secs);
        }
        for speed in [1.0_f32, 1.5, 2.0, 3.0] {
            let hearing = Hearing { speed, ..Hearing::default() };
            if let Some((took, sound)) = best(|| render(&recording, &hearing, RATE).ok()) {
                line(&format!("heard at {speed}x"), took, sound.len() as f64 / f64::from(RATE));
            }
        }
    }
}

/// The share of a core is that of playing in real time.
fn line(name: &str, took: Duration, heard: f64) {
    let share = took.as_secs_f64() / heard * 100.0;
    println!("{name:<34}{:>12.1}{heard:>16.1}{share:>18.3}", took.as_secs_f64() * 1000.0);
}

//! What playing costs in real time, and how long a seek takes to be heard; beside a player that is open and holds:
//! `cargo bench -p atalaya-player --bench playing`. Prints a table; asserts nothing, because machines differ.

use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_player::source::Memory;
use atalaya_player::wire::Hearing;
use atalaya_player::{OutputChoice, Player};

/// Real time of each line.
const HEARD: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(20);
const SEEKS: u32 = 40;

fn main() {
    // `cargo test --all-targets` runs this file too, and does not want to listen.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("{:<36}{:>14}", "8 kHz MP3, 10 s of real time each", "% of a core");
    for (name, hearing) in [
        ("open, held", None),
        ("playing at 1x", Some(Hearing::default())),
        ("playing at 2x", Some(Hearing { speed: 2.0, ..Hearing::default() })),
    ] {
        let player = loaded("speech8k.mp3", hearing.is_some());
        player.set_hearing(hearing.unwrap_or_default());
        // The waveform is made meanwhile: it is over before the measuring begins.
        pull_for(&player, Duration::from_secs(2));
        let before = cpu_ticks();
        pull_for(&player, HEARD);
        match before.zip(cpu_ticks()) {
            Some((before, after)) => {
                let share = (after - before) as f64 / 100.0 / HEARD.as_secs_f64() * 100.0;
                println!("{name:<36}{share:>14.2}");
            }
            None => println!("{name:<36}{:>14}", "not told here"),
        }
    }
    println!("\n{:<36}{:>10}{:>10}", "seek inside what is here, to sound", "p50 ms", "p95 ms");
    for (name, fixture) in
        [("MP3, one bit rate", "speech8k.mp3"), ("MP3, variable", "vbr.mp3"), ("GSM", "speech.gsm")]
    {
        let player = loaded(fixture, true);
        pull_for(&player, Duration::from_millis(300));
        let mut took: Vec<f64> = (0..SEEKS).map(|turn| seek(&player, f64::from(turn % 5) + 0.5)).collect();
        took.sort_by(f64::total_cmp);
        let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
        println!("{name:<36}{:>10.1}{:>10.1}", at(0.5), at(0.95));
    }
}

fn loaded(fixture: &str, autoplay: bool) -> Player {
    let path = format!("{}/fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let recording = std::fs::read(path).unwrap_or_default().repeat(8);
    let player = Player::start(OutputChoice::None);
    player.load(Arc::new(Memory::new(recording)), autoplay);
    player
}

/// Takes sound at the pace of a device.
fn pull_for(player: &Player, how_long: Duration) {
    let begun = Instant::now();
    let mut pulled = 0_u64;
    while begun.elapsed() < how_long {
        let due = (begun.elapsed().as_secs_f64() * 48_000.0) as u64;
        player.pull((due - pulled) as usize);
        pulled = due;
        std::thread::park_timeout(TICK);
    }
}

/// Milliseconds until a sound is heard again.
fn seek(player: &Player, secs: f64) -> f64 {
    let begun = Instant::now();
    player.seek(secs);
    // What was ready before is faded out first; then there is nothing until the new place sounds.
    let mut silent = false;
    while begun.elapsed() < Duration::from_secs(5) {
        let loud = player.pull(48).is_some_and(|sound| sound.iter().any(|sample| sample.abs() > 1e-3));
        if silent && loud {
            break;
        }
        silent |= !loud;
        std::thread::yield_now();
    }
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// Hundredths of a second this process has used, where the system tells it in a file.
fn cpu_ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

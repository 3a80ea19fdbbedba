//! What a minute at the loudspeaker costs, beside decoding alone in the same run: `cargo bench -p atalaya-player --bench
//! hearing`. Prints a table; asserts nothing, because machines differ.

use std::path::Path;
use std::process::{Command, Stdio};
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
        let Some((took, bars)) = decoding else { continue };
        let bars_secs = bars.len() as f64 / 20.0;
        line("decoding alone", took, bars_secs);
        let usual = Hearing::default();
        for (name, hearing) in [
            ("heard at 1x", usual.clone()),
            ("heard at 0.75x", Hearing { speed: 0.75, ..usual.clone() }),
            ("heard at 1.5x", Hearing { speed: 1.5, ..usual.clone() }),
            ("heard at 2x", Hearing { speed: 2.0, ..usual.clone() }),
            ("heard at 3x", Hearing { speed: 3.0, ..usual.clone() }),
            ("2x, no silence, levelled", Hearing { speed: 2.0, skip_silence: true, levelled: true, ..usual }),
        ] {
            if let Some((took, sound)) = best(|| render(&recording, &hearing, RATE).ok()) {
                line(name, took, sound.len() as f64 / f64::from(RATE));
            }
        }
        // The same way outside: decoded, stretched by two, at the device's rate.
        let folder = tempfile::tempdir().ok();
        let file = folder.as_ref().map(|folder| folder.path().join("recording.mp3"));
        if let Some(file) = file
            && std::fs::write(&file, &recording).is_ok()
            && let Some((took, ())) = best(|| ffmpeg(&file))
        {
            line("ffmpeg: atempo=2, 48 kHz", took, bars_secs / 2.0);
        } else {
            println!("{:<34}{:>12}", "ffmpeg: atempo=2, 48 kHz", "not here");
        }
    }
}

fn ffmpeg(file: &Path) -> Option<()> {
    let filter = format!("atempo=2,aresample={RATE}");
    let status = Command::new("ffmpeg")
        .args(["-v", "quiet", "-threads", "1", "-i"])
        .arg(file)
        .args(["-af", &filter, "-f", "s16le", "-y", "/dev/null"])
        .stdin(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success()).then_some(())
}

/// The share of a core is that of playing in real time.
fn line(name: &str, took: Duration, heard: f64) {
    let share = took.as_secs_f64() / heard * 100.0;
    println!("{name:<34}{:>12.1}{heard:>16.1}{share:>18.3}", took.as_secs_f64() * 1000.0);
}

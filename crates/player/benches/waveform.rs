//! The waveform of one hour, beside `mpg123` and `ffmpeg` decoding the same file in the same run, and what measuring what
//! can be heard adds to it:
//! `cargo bench -p atalaya-player`. Prints a table; asserts nothing, because machines differ.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use atalaya_player::source::Memory;

const HOUR_SECS: f64 = 3600.0;
const RUNS: usize = 5;

/// The fixture's frames over and over: 8 kHz, 16 kbit/s, no tag, 144 bytes and 72 ms a frame.
fn one_hour(fixture: &[u8]) -> Vec<u8> {
    let frames = (HOUR_SECS / 0.072) as usize;
    fixture.chunks_exact(144).cycle().take(frames).flatten().copied().collect()
}

fn best(mut run: impl FnMut() -> Option<()>) -> Option<Duration> {
    (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            run().map(|()| started.elapsed())
        })
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .min()
}

fn outside(program: &str, arguments: &[&str], file: &Path) -> Option<Duration> {
    best(|| {
        let status = Command::new(program)
            .args(
                arguments
                    .iter()
                    .map(|argument| if *argument == "FILE" { file.as_os_str() } else { argument.as_ref() }),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success()).then_some(())
    })
}

fn main() {
    // `cargo test --all-targets` runs this file too, and does not want an hour decoded.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let fixture =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/speech8k.mp3")).unwrap_or_default();
    let hour = one_hour(&fixture);
    let Ok(folder) = tempfile::tempdir() else { return };
    let file = folder.path().join("hour.mp3");
    if std::fs::write(&file, &hour).is_err() {
        return;
    }
    let mut bars = 0;
    let ours = best(|| {
        bars = atalaya_player::waveform(&hour, 20).map(|bars| bars.len()).ok()?;
        Some(())
    });
    println!("waveform of one hour, 8 kHz 16 kbit/s MP3 ({} bytes, {bars} bars), best of {RUNS}", hour.len());
    println!("{:<34}{:>10}{:>14}", "", "ms", "ours is");
    let Some(ours) = ours else { return };
    println!("{:<34}{:>10.0}{:>14}", "atalaya: decode and bars", ours.as_secs_f64() * 1000.0, "");
    let closely = best(|| (atalaya_player::survey(hour.clone()).1 > 0).then_some(()));
    if let Some(closely) = closely {
        let ms = closely.as_secs_f64() * 1000.0;
        println!("{:<34}{ms:>10.0}{:>14}", "atalaya: 5 ms bars and silences", "");
    }
    let gsm = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/speech.gsm")).unwrap_or_default();
    let frames = (HOUR_SECS / 0.02) as usize;
    let gsm: Vec<u8> = gsm.chunks_exact(33).cycle().take(frames).flatten().copied().collect();
    for (kind, hour) in [("MP3", &hour), ("GSM", &gsm)] {
        let plain = best(|| atalaya_player::waveform(hour, 20).ok().map(drop));
        let source = Memory::new(hour.clone());
        let measured = best(|| atalaya_player::measure(&source, &AtomicBool::new(false)).map(drop));
        let (Some(plain), Some(measured)) = (plain, measured) else { continue };
        let (plain, measured) = (plain.as_secs_f64() * 1000.0, measured.as_secs_f64() * 1000.0);
        println!("{:<34}{plain:>10.0}", format!("{kind}: decode and bars"));
        let name = format!("{kind}: decode and what can be heard");
        println!("{name:<34}{measured:>10.0}{:>13.2}x of decoding", measured / plain);
    }
    let rivals: [(&str, &str, &[&str]); 2] = [
        ("mpg123: decode only", "mpg123", &["-q", "-w", "/dev/null", "FILE"]),
        ("ffmpeg: decode only", "ffmpeg", &["-v", "error", "-i", "FILE", "-f", "s16le", "-y", "/dev/null"]),
    ];
    for (name, program, arguments) in rivals {
        match outside(program, arguments, &file) {
            Some(theirs) => {
                let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
                println!("{name:<34}{:>10.0}{:>13.2}x", theirs.as_secs_f64() * 1000.0, ratio);
            }
            None => println!("{name:<34}{:>10}", "not here"),
        }
    }
}

//! Plays a recording on the default device and says how it went: `play_file FILE [SEEK_SECS]`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_player::source::Memory;
use atalaya_player::wire::{Phase, Transport};
use atalaya_player::{News, OutputChoice, Player};

/// Plays `file` from `from` seconds to its end, or until the player says why not.
///
/// Also says how long after being given the recording the first sound was handed to the device.
///
/// # Errors
/// The file cannot be read.
pub fn play(file: &Path, from: f64) -> std::io::Result<(Transport, Option<Duration>)> {
    let bytes = std::fs::read(file)?;
    let player = Player::start(OutputChoice::DefaultDevice);
    let events = player.events();
    let given = Instant::now();
    let heard = || player.first_sample_at().map(|at| at - given);
    player.load(Arc::new(Memory::new(bytes)), from <= 0.0);
    if from > 0.0 {
        player.seek(from);
        player.play();
    }
    for event in events {
        if let News::Transport(transport) = event.news
            && (matches!(transport.phase, Phase::Ended | Phase::Failed)
                || transport.problem.as_deref() == Some("noDevice"))
        {
            return Ok((transport, heard()));
        }
    }
    Ok((player.transport(), heard()))
}

#[allow(dead_code, reason = "a test plays through this file too")]
fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: play_file FILE [SEEK_SECS]");
        std::process::exit(2);
    };
    let from = arguments.next().and_then(|secs| secs.parse().ok()).unwrap_or(0.0);
    let (transport, heard) = play(Path::new(&file), from)?;
    println!("first sound after {heard:?}\n{transport:?}");
    Ok(())
}

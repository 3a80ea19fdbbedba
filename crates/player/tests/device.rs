//! The whole way to a device, in real time: a process of its own plays to an ALSA device made of a file, and what
//! arrived in the file is measured. Where there is no ALSA there is nothing to measure it with.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "test code: a fixture that cannot be read fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use atalaya_player::source::Memory;
use atalaya_player::wire::Phase;
use atalaya_player::{Chime, News, OutputChoice, Player};

#[path = "../../../tests/audio/measure.rs"]
mod measure;
#[path = "../examples/play_file.rs"]
mod play_file;

use measure::{RATE, amplitude_at, loudest, pitch};

const FILE: &str = "ATALAYA_TEST_PLAY_FILE";
const CHIME: &str = "ATALAYA_TEST_PLAY_CHIME";
const FROM: &str = "ATALAYA_TEST_PLAY_FROM";

/// The playing process: this test again, told what to play. Run as a test like the others it has nothing to do.
#[test]
fn play_what_the_environment_says() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let from = std::env::var(FROM).ok().and_then(|secs| secs.parse().ok()).unwrap_or(0.0);
    if std::env::var_os(CHIME).is_some() {
        return play_with_a_chime(Path::new(&file));
    }
    let (transport, _) = play_file::play(Path::new(&file), from).unwrap();
    println!("phase={:?} underruns={} problem={:?}", transport.phase, transport.underruns, transport.problem);
}

/// The device is opened by the chime, before there is any recording.
fn play_with_a_chime(file: &Path) {
    let player = Player::start(OutputChoice::DefaultDevice);
    let events = player.events();
    player.chime(Chime::Bad);
    player.load(Arc::new(Memory::new(std::fs::read(file).unwrap())), true);
    for event in events {
        if let News::Transport(transport) = event.news
            && transport.phase == Phase::Ended
        {
            println!("phase=Ended underruns={}", transport.underruns);
            return;
        }
    }
}

#[test]
fn a_chime_arrives_at_the_device_beside_the_recording() {
    let (said, samples) = captured("tone.gsm", 0.0, true);
    assert!(said.contains("phase=Ended underruns=0"), "{said}");
    // Three notes of 130 ms, one every 162.5 ms, wherever the recording begins beside them.
    let first = samples.iter().position(|sample| sample.abs() > 0.002).unwrap();
    for (note, hertz) in [660.0, 880.0, 1109.0].into_iter().enumerate() {
        let from = first + (note as f64 * 0.1625 * RATE) as usize;
        let heard = amplitude_at(&samples[from..from + (0.13 * RATE) as usize], hertz);
        assert!(heard > 0.01, "{hertz} Hz: {heard}");
    }
    let later = &samples[first + RATE as usize..first + 2 * RATE as usize];
    let (rest, tone) = (amplitude_at(later, 660.0), amplitude_at(later, 1000.0));
    assert!(rest < 0.002 && (db(tone / 0.5)).abs() < 1.0, "{rest} of the chime, {tone} of the tone");
}

/// Plays a fixture from `from` seconds; returns what the process printed and the left channel of what arrived.
fn captured(name: &str, from: f64, chime: bool) -> (String, Vec<f64>) {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let audio = here.join("../../tests/audio");
    let out = folder.path().join("out.raw");
    let config: PathBuf = folder.path().join("alsa.conf");
    let template = std::fs::read_to_string(audio.join("alsa.conf.template")).unwrap();
    let pace = audio.join("pace.py").canonicalize().unwrap();
    let filled = template.replace("@PACE@", pace.to_str().unwrap()).replace("@OUT@", out.to_str().unwrap());
    std::fs::write(&config, filled).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    if chime {
        command.env(CHIME, "1");
    }
    let ran = command
        .args(["--exact", "play_what_the_environment_says", "--nocapture"])
        .env("ALSA_CONFIG_PATH", &config)
        .env(FILE, here.join("fixtures").join(name))
        .env(FROM, from.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    let raw = std::fs::read(&out).unwrap_or_else(|error| panic!("nothing was captured ({error}): {said}"));
    (said, measure::left(&raw))
}

fn db(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

#[test]
fn a_tone_arrives_at_the_device_as_it_was_recorded() {
    // Name, hertz, seconds of tone, the recording's rate, one frame, level tolerance (GSM is a coarse coder), start.
    for (name, hertz, seconds, rate, frame, tolerance, from) in [
        ("tone8k.mp3", 3000.0, 3.0, 8000.0, 0.072, 0.5, 3.138),
        ("tone.gsm", 1000.0, 4.0, 8000.0, 0.020, 1.0, 0.0),
    ] {
        let (said, samples) = captured(name, from, false);
        assert!(said.contains("phase=Ended underruns=0 problem=None"), "{name}: {said}");
        let tone = loudest(&samples);
        let secs = tone.len() as f64 / RATE;
        assert!((secs - seconds).abs() <= frame, "{name}: {secs} s of tone");
        // No hole anywhere: never more than a hundredth of a second without a loud sample.
        let longest = tone.split(|sample| sample.abs() > 0.1).map(<[f64]>::len).max().unwrap();
        assert!((longest as f64) < RATE / 100.0, "{name}: a hole of {longest} samples");
        let middle = &tone[tone.len() / 4..tone.len() / 4 + 48_000];
        let best = pitch(middle, hertz);
        assert!((best - hertz).abs() <= 1.0, "{name}: {best} Hz");
        let rms = (middle.iter().map(|s| s * s).sum::<f64>() / middle.len() as f64).sqrt();
        let off = db(rms / (0.5 / 2.0_f64.sqrt()));
        assert!(off.abs() <= tolerance, "{name}: {off} dB off");
        let image = db(amplitude_at(middle, rate - hertz) / amplitude_at(middle, hertz));
        assert!(image < -60.0, "{name}: an image of {image} dB");
    }
}

#[test]
fn without_any_device_the_player_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("alsa.conf");
    std::fs::write(&config, "pcm.!default { type hw card 77 }\n").unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "play_what_the_environment_says", "--nocapture"])
        .env("ALSA_CONFIG_PATH", &config)
        .env(FILE, Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tone.gsm"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(said.contains("phase=Paused underruns=0 problem=Some(\"noDevice\")"), "{said}");
}

//! Makes the simulated recordings: short two-voice conversations by a speech synthesiser, and tones to measure with; and
//! short MP3s of every kind with what `FFmpeg` decodes them to, for the player to be compared with.
//!
//! The results are committed; this is run again only to change them. Needs espeak-ng, sox, lame and ffmpeg.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FOLDER: &str = "crates/simulator/fixtures";
const REFERENCES: &str = "crates/player/fixtures/mp3";

/// An MP3 to compare decoders with.
struct Kind {
    name: &'static str,
    /// Samples a second.
    rate: u32,
    /// What lame is told. `-t`: no tag, so that nothing says how much at both ends is not sound.
    lame: &'static [&'static str],
    secs: f64,
    /// Decibels: above 0 it is clipped before and overshoots after.
    gain: f64,
}

const KINDS: [Kind; 8] = [
    Kind {
        name: "8k-cbr-mono",
        rate: 8_000,
        lame: &["-t", "--cbr", "-b", "16", "-m", "m"],
        secs: 0.9,
        gain: -3.0,
    },
    Kind {
        name: "8k-cbr-loud",
        rate: 8_000,
        lame: &["-t", "--cbr", "-b", "16", "-m", "m"],
        secs: 0.8,
        gain: 9.0,
    },
    Kind { name: "11k-vbr-stereo", rate: 11_025, lame: &["-V", "4", "-m", "s"], secs: 0.35, gain: -3.0 },
    Kind {
        name: "16k-cbr-mono",
        rate: 16_000,
        lame: &["--cbr", "-b", "32", "-m", "m"],
        secs: 0.6,
        gain: -3.0,
    },
    Kind { name: "16k-vbr-mono", rate: 16_000, lame: &["-V", "6", "-m", "m"], secs: 0.6, gain: -3.0 },
    Kind {
        name: "22k-cbr-joint",
        rate: 22_050,
        lame: &["-t", "--cbr", "-b", "64", "-m", "j"],
        secs: 0.3,
        gain: -3.0,
    },
    Kind { name: "44k-vbr-joint", rate: 44_100, lame: &["-V", "4", "-m", "j"], secs: 0.2, gain: -3.0 },
    Kind {
        name: "44k-cbr-mono",
        rate: 44_100,
        lame: &["--cbr", "-b", "64", "-m", "m"],
        secs: 0.2,
        gain: -3.0,
    },
];

/// Voice of the agent, voice of the caller, and what they say in turns.
const TALKS: [(&str, [&str; 2], [&str; 6]); 3] = [
    (
        "es",
        ["es+f2", "es+m3"],
        [
            "Buenos días, gracias por llamar. ¿En qué puedo ayudarle?",
            "Hola, me llegó la factura con un importe que no reconozco.",
            "Entiendo. ¿Me indica el número de cliente, por favor?",
            "Sí, un momento. Cuatro, siete, uno, nueve.",
            "Gracias. Veo un cargo duplicado, ya lo estoy anulando.",
            "Perfecto, muchas gracias por la ayuda.",
        ],
    ),
    (
        "pt",
        ["pt-br+f2", "pt-br+m3"],
        [
            "Bom dia, obrigada por ligar. Como posso ajudar?",
            "Olá, eu queria mudar o endereço de entrega.",
            "Claro. Qual é o número do pedido?",
            "É dois, oito, cinco, cinco.",
            "Pronto, o endereço novo já está confirmado.",
            "Ótimo, muito obrigado.",
        ],
    ),
    (
        "en",
        ["en-us+f2", "en-gb+m3"],
        [
            "Good morning, thank you for calling. How can I help?",
            "Hi, my internet connection drops every evening.",
            "I am sorry about that. Which city are you calling from?",
            "From the old town, near the station.",
            "I can see the fault. It will be repaired by noon.",
            "Wonderful, thank you very much.",
        ],
    ),
];

/// Makes all of them anew.
///
/// # Errors
/// A tool is missing or failed.
pub fn run() -> Result<(), String> {
    let scratch = std::env::temp_dir().join(format!("atalaya-fixtures-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
    std::fs::create_dir_all(FOLDER).map_err(|error| error.to_string())?;
    let made = make(&scratch);
    // Best effort: it is the system's temporary folder.
    let _ = std::fs::remove_dir_all(&scratch);
    made
}

fn make(scratch: &Path) -> Result<(), String> {
    references(scratch)?;
    for (language, voices, lines) in TALKS {
        let (mono, stereo) = conversation(scratch, language, voices, &lines)?;
        match language {
            "es" => {
                mp3(&mono, "es-8k16.mp3", 8_000, &["-t", "--cbr", "-b", "16", "-m", "m"])?;
                gsm(&mono, "es.gsm")?;
                mp3(&stereo, "es-stereo.mp3", 16_000, &["-t", "--cbr", "-b", "32", "-m", "s"])?;
            }
            "pt" => {
                mp3(&mono, "pt-16k32.mp3", 16_000, &["-t", "--cbr", "-b", "32", "-m", "m"])?;
                gsm(&mono, "pt.gsm")?;
            }
            _ => {
                mp3(
                    &mono,
                    "en-vbr.mp3",
                    16_000,
                    &["-V", "6", "-m", "m", "--tt", "Call", "--id3v2-only", "--add-id3v2"],
                )?;
                mp3(&mono, "en-8k16.mp3", 8_000, &["-t", "--cbr", "-b", "16", "-m", "m"])?;
            }
        }
    }
    for (hertz, name) in [(1_000, "tone1k"), (3_000, "tone3k")] {
        let wav = scratch.join(format!("{name}.wav"));
        sox(&[
            "-n",
            "-r",
            "8000",
            "-c",
            "1",
            "-b",
            "16",
            &text(&wav),
            "synth",
            "5",
            "sine",
            &hertz.to_string(),
            "gain",
            "-9",
        ])?;
        mp3(&wav, &format!("{name}.mp3"), 8_000, &["-t", "--cbr", "-b", "16", "-m", "m"])?;
        gsm(&wav, &format!("{name}.gsm"))?;
    }
    Ok(())
}

/// Two voices over plucked strings, each side with some of the other: what joint stereo and short blocks are for.
fn references(scratch: &Path) -> Result<(), String> {
    std::fs::create_dir_all(REFERENCES).map_err(|error| error.to_string())?;
    let file = |name: &str| text(&scratch.join(name));
    let (left, right) = (file("left.wav"), file("right.wav"));
    for (voice, line, note, out) in
        [("es+f2", TALKS[0].2[0], "E3", &left), ("pt-br+m3", TALKS[1].2[0], "A2", &right)]
    {
        let (spoken, level, plucked) = (file("spoken.wav"), file("level.wav"), file("plucked.wav"));
        call("espeak-ng", &["-v", voice, "-s", "165", "-w", &spoken, line])?;
        sox(&[&spoken, "-r", "44100", &level, "gain", "-n", "-6", "trim", "0.1", "1.5"])?;
        sox(&[
            "-R", "-n", "-r", "44100", "-c", "1", "-b", "16", &plucked, "synth", "0.12", "pluck", note,
            "repeat", "11",
        ])?;
        sox(&["-m", "-v", "0.8", &level, "-v", "0.4", &plucked, out, "trim", "0", "1.4"])?;
    }
    let both = file("both.wav");
    sox(&["-M", &left, &right, &both, "remix", "1v0.8,2v0.3", "1v0.3,2v0.8"])?;
    for kind in KINDS {
        let (cut, rate) = (scratch.join(format!("{}.wav", kind.name)), kind.rate.to_string());
        let channels = if kind.lame.contains(&"m") { "1" } else { "2" };
        let (secs, gain) = (kind.secs.to_string(), kind.gain.to_string());
        sox(&[&both, "-r", &rate, "-c", channels, &text(&cut), "trim", "0.1", &secs, "gain", "-n", &gain])?;
        let out = Path::new(REFERENCES).join(format!("{}.mp3", kind.name));
        lame(&cut, &out, kind.rate, kind.lame)?;
        let decoded = text(&out.with_extension("s16"));
        call(
            "ffmpeg",
            &["-v", "error", "-y", "-c:a", "mp3float", "-i", &text(&out), "-f", "s16le", &decoded],
        )?;
    }
    Ok(())
}

/// The same talk in one channel, and with a voice in each of two.
fn conversation(
    scratch: &Path,
    language: &str,
    voices: [&str; 2],
    lines: &[&str],
) -> Result<(PathBuf, PathBuf), String> {
    let mut sides: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for (turn, line) in lines.iter().enumerate() {
        let spoken = scratch.join(format!("{language}-{turn}.wav"));
        let silent = scratch.join(format!("{language}-{turn}-silent.wav"));
        call("espeak-ng", &["-v", voices[turn % 2], "-s", "165", "-w", &text(&spoken), line])?;
        let padded = scratch.join(format!("{language}-{turn}-padded.wav"));
        sox(&[
            &text(&spoken),
            "-r",
            "16000",
            "-c",
            "1",
            "-b",
            "16",
            &text(&padded),
            "gain",
            "-n",
            "-6",
            "pad",
            "0",
            "0.45",
        ])?;
        sox(&[&text(&padded), &text(&silent), "vol", "0"])?;
        sides[turn % 2].push(text(&padded));
        sides[(turn + 1) % 2].push(text(&silent));
    }
    let mut files = Vec::new();
    for (side, parts) in sides.iter().enumerate() {
        let file = scratch.join(format!("{language}-side{side}.wav"));
        let mut args: Vec<&str> = parts.iter().map(String::as_str).collect();
        let out = text(&file);
        args.push(&out);
        sox(&args)?;
        files.push(out);
    }
    let mono = scratch.join(format!("{language}-mono.wav"));
    sox(&["-m", "-v", "1", &files[0], "-v", "1", &files[1], &text(&mono)])?;
    let stereo = scratch.join(format!("{language}-stereo.wav"));
    sox(&["-M", &files[0], &files[1], &text(&stereo)])?;
    Ok((mono, stereo))
}

fn mp3(wav: &Path, name: &str, rate: u32, options: &[&str]) -> Result<(), String> {
    let resampled = wav.with_extension(format!("{rate}.wav"));
    sox(&[&text(wav), "-r", &rate.to_string(), &text(&resampled)])?;
    lame(&resampled, &Path::new(FOLDER).join(name), rate, options)
}

fn lame(wav: &Path, out: &Path, rate: u32, options: &[&str]) -> Result<(), String> {
    let rate = format!("{}", f64::from(rate) / 1000.0);
    let mut args = vec!["--quiet", "--resample", &rate];
    args.extend_from_slice(options);
    let (wav, out) = (text(wav), text(out));
    args.extend([wav.as_str(), out.as_str()]);
    call("lame", &args)
}

fn gsm(wav: &Path, name: &str) -> Result<(), String> {
    let out = Path::new(FOLDER).join(name);
    sox(&[&text(wav), "-r", "8000", "-c", "1", "-t", "gsm", &text(&out)])
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn sox(args: &[&str]) -> Result<(), String> {
    let mut all = vec!["-V1", "-D"];
    all.extend_from_slice(args);
    call("sox", &all)
}

fn call(program: &str, args: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(args).stdin(Stdio::null()).status().map_err(|error| {
        format!("{program} could not be started ({error}): apt-get install espeak-ng sox libsox-fmt-all lame ffmpeg")
    })?;
    if status.success() { Ok(()) } else { Err(format!("{program} {} failed", args.join(" "))) }
}

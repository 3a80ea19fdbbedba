//! Makes the simulated recordings: short two-voice conversations by a speech synthesiser, and tones to measure with.
//!
//! The results are committed; this is run again only to change them. Needs espeak-ng, sox and lame.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FOLDER: &str = "crates/simulator/fixtures";

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
    let rate = format!("{}", f64::from(rate) / 1000.0);
    let out = Path::new(FOLDER).join(name);
    let mut args = vec!["--quiet", "--resample", &rate];
    args.extend_from_slice(options);
    let (wav, out) = (text(&resampled), text(&out));
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
        format!("{program} could not be started ({error}): apt-get install espeak-ng sox libsox-fmt-all lame")
    })?;
    if status.success() { Ok(()) } else { Err(format!("{program} {} failed", args.join(" "))) }
}

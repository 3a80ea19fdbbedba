//! `fuzz`: hostile recordings, made from real ones by chance and a seed, against everything that reads a recording's bytes.
//!
//! The reading happens in a process of its own (`fuzz_target`), which is watched: a panic, ten seconds without an end
//! and more memory than a recording can need are findings. Each is made smaller and kept in `target/fuzz/`. No coverage
//! is measured: that takes a nightly compiler with libFuzzer, which is not asked of anybody here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use atalaya_window::{repository, target_folder};

use crate::tool;

const TARGETS: [&str; 5] = ["sniff", "mp3", "gsm", "wav49", "index"];
/// Cases of one process: enough to forget what starting it costs.
const BATCH: u64 = 400;
/// One case reads at most 64 KiB; this long for a batch's case means that it never ends.
const PATIENCE: Duration = Duration::from_secs(10);
/// Kilobytes of address space actually used: decoding 64 KiB takes a few megabytes.
const MOST_KIB: u64 = 400 * 1024;
const LOOK: Duration = Duration::from_millis(50);

/// How a run ended.
enum Ended {
    Well,
    Badly(&'static str),
}

/// Runs every target for an equal share of so many minutes.
///
/// # Errors
/// The target could not be built, or something was found: the report says where it is kept.
pub fn run(minutes: f64) -> Result<(), String> {
    let mut build = tool::command("cargo");
    tool::show(build.args(["build", "--quiet", "-p", "atalaya-player", "--example", "fuzz_target"]))?;
    let program = target_folder().join("debug/examples/fuzz_target");
    let folder = target_folder().join("fuzz");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // Another seed each day, the same all day: a finding can be found again.
    let day =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs() / 86_400);
    println!("{:<8}{:>12}{:>10}  found", "target", "cases", "seconds");
    let mut found = Vec::new();
    for target in TARGETS {
        let begun = Instant::now();
        let share = Duration::from_secs_f64(minutes.max(0.05) * 60.0 / TARGETS.len() as f64);
        let case = folder.join(format!("{target}.case"));
        let (mut seed, mut findings) = (day * 1_000_000_000, 0_u32);
        let first = seed;
        while begun.elapsed() < share {
            let seeds = [seed.to_string(), BATCH.to_string()];
            let mut command = Command::new(&program);
            command.arg(target).args(&seeds).arg(&case);
            if let Ended::Badly(why) = watched(&mut command, Some(&case))? {
                findings += 1;
                let kept = folder.join(format!("{target}-{seed}-{why}"));
                smaller(&program, target, &case, &kept)?;
                found.push(format!("{target}: {why}, kept as {}", kept.display()));
                if findings >= 5 {
                    break;
                }
            }
            seed += BATCH;
        }
        println!("{target:<8}{:>12}{:>10.0}  {findings}", seed - first, begun.elapsed().as_secs_f64());
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// Runs it until it ends, stands still or grows too large. `case` is written anew as long as it gets on.
fn watched(command: &mut Command, case: Option<&Path>) -> Result<Ended, String> {
    command.current_dir(repository()).stdout(Stdio::null()).stderr(Stdio::null()).env("RUST_BACKTRACE", "0");
    let mut child = command.spawn().map_err(|error| tool::not_started(command, &error))?;
    let written = || case.and_then(|case| fs::metadata(case).ok()?.modified().ok());
    let (mut last, mut since) = (written(), Instant::now());
    let ended = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(Ended::Well),
            Some(_) => return Ok(Ended::Badly("panic")),
            None => {}
        }
        let now = written();
        if now != last {
            (last, since) = (now, Instant::now());
        }
        if since.elapsed() >= PATIENCE {
            break "hang";
        }
        if resident_kib(child.id()).is_some_and(|kib| kib > MOST_KIB) {
            break "memory";
        }
        std::thread::park_timeout(LOOK);
    };
    // It may have ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    Ok(Ended::Badly(ended))
}

/// Memory of a process, where the system tells it in a file.
fn resident_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Cuts pieces out of a finding as long as it still ends badly, and keeps the smallest.
fn smaller(program: &Path, target: &str, case: &Path, kept: &PathBuf) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", kept.display());
    let mut bytes = fs::read(case).map_err(said)?;
    fs::write(kept, &bytes).map_err(said)?;
    let trial = case.with_extension("trial");
    let still_bad = |bytes: &[u8]| -> Result<bool, String> {
        fs::write(&trial, bytes).map_err(said)?;
        let mut command = Command::new(program);
        Ok(matches!(watched(command.arg(target).arg(&trial), None)?, Ended::Badly(_)))
    };
    let begun = Instant::now();
    let mut piece = bytes.len() / 2;
    while piece > 0 && begun.elapsed() < Duration::from_secs(60) {
        let mut at = 0;
        while at < bytes.len() && begun.elapsed() < Duration::from_secs(60) {
            let without = [&bytes[..at], &bytes[(at + piece).min(bytes.len())..]].concat();
            if still_bad(&without)? {
                bytes = without;
                fs::write(kept, &bytes).map_err(said)?;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    // Best effort: it lies in the build folder.
    let _ = fs::remove_file(&trial);
    Ok(())
}

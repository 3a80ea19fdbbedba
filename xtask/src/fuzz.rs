//! `fuzz`: hostile recordings, made from real ones by chance and a seed, against everything that reads a recording's bytes.
//!
//! The reading happens in a process of its own (`fuzz_target`), which is watched: a panic, a crash, ten seconds without
//! an end and more memory than a recording can need are findings. A panic that the player catches, which costs a frame of
//! silence, is counted beside them. The first of each kind is made smaller and kept in `target/fuzz/`. No coverage is
//! measured: that takes a nightly compiler with libFuzzer, which is not asked of anybody here.

mod watch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use atalaya_window::target_folder;

use crate::tool;
use watch::{Bad, Target};

const TARGETS: [&str; 6] = ["container", "mp3", "gsm", "wav49", "index", "replies"];
/// Cases of one process: enough to forget what starting it costs.
const BATCH: u64 = 400;
/// Different findings of a target after which it has had its turn.
const ENOUGH: usize = 5;
/// Making one finding smaller may take this long.
const SMALLER: Duration = Duration::from_secs(60);
/// As fast as the program that is shipped, with the checks of a debug build.
const PROFILE: [&str; 5] =
    ["inherits='release'", "lto=false", "codegen-units=16", "debug-assertions=true", "overflow-checks=true"];

/// What was found, and where the bytes that show it are.
struct Found {
    /// What went wrong and where: the same again is not worth another line.
    what: String,
    kept: PathBuf,
}

/// Runs every target, or those named, for an equal share of so many minutes.
///
/// # Errors
/// There is no such target, it could not be built, or something was found: the report says where it is kept.
pub fn run(minutes: f64, wanted: &[&str]) -> Result<(), String> {
    if let Some(unknown) = wanted.iter().find(|name| !TARGETS.contains(name)) {
        return Err(format!("there is no target \"{unknown}\"; there are: {}", TARGETS.join(", ")));
    }
    let targets: &[&str] = if wanted.is_empty() { &TARGETS } else { wanted };
    let program = build()?;
    let folder = target_folder().join("fuzz");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // Another seed each day, the same all day: a finding can be found again.
    let day =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs() / 86_400);
    let share = Duration::from_secs_f64(minutes.max(0.05) * 60.0 / targets.len() as f64);
    println!("{:<10}{:>12}{:>10}{:>10}  found", "target", "cases", "seconds", "caught");
    let (mut found, mut caught) = (Vec::new(), Vec::new());
    for &name in targets {
        let target = Target { program: &program, name, case: folder.join(format!("{name}.case")) };
        let (mut findings, mut caught_here) = (Vec::new(), Vec::new());
        let (mut known, mut caught_cases) = (BTreeSet::new(), 0);
        let (begun, mut batches, mut cases) = (Instant::now(), 0, 0);
        while begun.elapsed() < share && findings.len() < ENOUGH {
            let seed = day * 1_000_000_000 + batches * BATCH;
            let run = target.batch(seed, BATCH)?;
            batches += 1;
            // How far one got that ended badly is not told: it counts for nothing.
            cases += if run.bad.is_none() { BATCH } else { 0 };
            caught_cases += run.caught.len();
            for place in run.caught {
                if known.insert(format!("caught {place}")) {
                    let kept = folder.join(format!("{name}-{seed}-caught"));
                    fs::copy(target.caught(&place), &kept).map_err(|error| error.to_string())?;
                    let same = |run: &watch::Run| run.caught.contains(&place);
                    smaller(&target, &kept, same)?;
                    caught_here.push(Found { what: format!("{name}: caught at {place}"), kept });
                }
            }
            if let Some(bad) = run.bad
                && known.insert(bad.to_string())
            {
                let kept = folder.join(format!("{name}-{seed}-{}", bad.kind()));
                fs::copy(&target.case, &kept).map_err(|error| error.to_string())?;
                smaller(&target, &kept, |run| run.bad.as_ref().map(Bad::kind) == Some(bad.kind()))?;
                findings.push(Found { what: format!("{name}: {bad}"), kept });
            }
        }
        let (seconds, count) = (begun.elapsed().as_secs_f64(), findings.len());
        println!("{name:<10}{cases:>12}{seconds:>10.0}{caught_cases:>10}  {count}");
        found.append(&mut findings);
        caught.append(&mut caught_here);
    }
    for one in &caught {
        println!("{}", one.line());
    }
    let lines: Vec<String> = found.iter().map(Found::line).collect();
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
}

impl Found {
    fn line(&self) -> String {
        let bytes = fs::metadata(&self.kept).map_or(0, |file| file.len());
        format!("{}, {bytes} bytes kept as {}", self.what, self.kept.display())
    }
}

fn build() -> Result<PathBuf, String> {
    let mut build = tool::command("cargo");
    build.args(["build", "--quiet", "-p", "atalaya-player", "--example", "fuzz_target"]);
    for setting in PROFILE {
        build.args(["--config", &format!("profile.fuzzing.{setting}")]);
    }
    tool::show(build.args(["--profile", "fuzzing"]))?;
    Ok(target_folder().join("fuzzing/examples").join(format!("fuzz_target{}", std::env::consts::EXE_SUFFIX)))
}

/// Cuts pieces out of a finding as long as it still ends in the `same` way, and keeps the smallest.
fn smaller(target: &Target, kept: &Path, same: impl Fn(&watch::Run) -> bool) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", kept.display());
    let mut bytes = fs::read(kept).map_err(said)?;
    let trial = target.case.with_extension("trial");
    let begun = Instant::now();
    let mut piece = bytes.len() / 2;
    while piece > 0 && begun.elapsed() < SMALLER {
        let mut at = 0;
        while at < bytes.len() && begun.elapsed() < SMALLER {
            let without = [&bytes[..at], &bytes[(at + piece).min(bytes.len())..]].concat();
            fs::write(&trial, &without).map_err(said)?;
            if same(&target.one(&trial)?) {
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

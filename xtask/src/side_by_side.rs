//! Test programs side by side. Cargo runs them one after the other, and most of ours wait for something: a lease, a limit, a
//! page. What they print is kept by program, so that it reads as if each had run alone.
//!
//! Left out on purpose: examples in documentation, of which there are none.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::steps::Log;
use crate::tool;

/// A program that runs longer hangs: it is ended, and has failed.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// They wait for leases to pass: begun first, nobody waits for them at the end.
const WAITING: [&str; 3] = ["many_desks", "in_a_team", "team"];

/// A program of tests.
struct Tests {
    name: String,
    program: PathBuf,
    /// Where Cargo would run it.
    folder: PathBuf,
}

/// How tests are run.
pub struct Course<'a> {
    /// Which, as Cargo is told.
    pub which: &'a [&'a str],
    /// So many programs at once.
    pub at_once: usize,
    /// And in each so many tests; `None`: as many as there are processors.
    pub threads: Option<usize>,
    /// Those of these packages have to keep pace with a device: one after the other, before all others.
    pub alone: &'a [&'a str],
}

/// Builds and runs them all, whether one fails or not.
///
/// # Errors
/// They could not be built, or some failed: which.
pub fn run(log: &Log, course: &Course) -> Result<(), String> {
    let tests = built(log, course.which)?;
    let (alone, mut others): (Vec<Tests>, Vec<Tests>) = tests
        .into_iter()
        .partition(|tests| course.alone.iter().any(|package| tests.name.starts_with(package)));
    others.sort_by_key(|tests| !WAITING.iter().any(|name| tests.name.ends_with(&format!(" {name}"))));
    let failed = Mutex::new(Vec::new());
    for (tests, at_once) in [(alone, 1), (others, course.at_once)] {
        let waiting = Mutex::new(VecDeque::from(tests));
        std::thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    while let Some(tests) = next(&waiting) {
                        if let Err(error) = one(log, &tests, course.threads) {
                            failed.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                        }
                    }
                });
            }
        });
    }
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

fn next(waiting: &Mutex<VecDeque<Tests>>) -> Option<Tests> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

fn built(log: &Log, which: &[&str]) -> Result<Vec<Tests>, String> {
    let mut command = tool::command("cargo");
    command.args(["test", "--no-run", "--message-format=json-render-diagnostics"]).args(which);
    let said = log.said(&mut command)?;
    let mut tests: Vec<Tests> = said.lines().filter_map(of_line).collect();
    tests.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(tests)
}

/// What Cargo says it made, if that is a program of tests.
fn of_line(line: &str) -> Option<Tests> {
    let said: Value = serde_json::from_str(line).ok()?;
    let made = said["reason"] == "compiler-artifact" && said["profile"]["test"] == true;
    let program = said["executable"].as_str().filter(|_| made)?;
    let folder = Path::new(said["manifest_path"].as_str()?).parent()?;
    let package = folder.file_name()?.to_string_lossy();
    let name = format!("{package} {}", said["target"]["name"].as_str()?);
    Some(Tests { name, program: program.into(), folder: folder.to_owned() })
}

fn one(log: &Log, tests: &Tests, threads: Option<usize>) -> Result<(), String> {
    let folder = atalaya_window::target_folder().join("xtask/tests");
    let path = folder.join(format!("{}.log", tests.name.replace(' ', "-")));
    let file = fs::create_dir_all(&folder).and_then(|()| File::create(&path));
    let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
    let mut command = Command::new(&tests.program);
    if let Some(threads) = threads {
        command.arg(format!("--test-threads={threads}"));
    }
    command.current_dir(&tests.folder).stdin(Stdio::null());
    let begun = Instant::now();
    let outcome = ended(command, file);
    let said = fs::read(&path).map(|said| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
    let took = begun.elapsed().as_secs_f64();
    log.note(&format!("== {} ({took:.1} s)\n{}", tests.name, said.trim()))?;
    outcome.map_err(|error| format!("{} {error}", tests.name))
}

fn ended(mut command: Command, file: File) -> Result<(), String> {
    let same = file.try_clone().map_err(|error| error.to_string())?;
    command.stdout(file).stderr(same);
    let mut child = command.spawn().map_err(|error| tool::not_started(&command, &error))?;
    let id = child.id().to_string();
    let (ended, waits) = mpsc::channel();
    let guard = std::thread::spawn(move || {
        let hangs = waits.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout);
        hangs && tool::succeeds(Command::new("kill").args(["-KILL", &id]))
    });
    let status = child.wait().map_err(|error| error.to_string())?;
    // Nobody waits for it any more if it is late.
    let _ = ended.send(());
    match guard.join() {
        Ok(true) => Err(format!("still ran after {} minutes", LONGEST.as_secs() / 60)),
        _ if status.success() => Ok(()),
        _ => Err(format!("failed ({status})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_tests_are_run_and_where_cargo_would() {
        let line = |profile: bool, program: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/a/crates/floor/Cargo.toml","target":{{"name":"any_input"}},
                "profile":{{"test":{profile}}},"executable":{program}}}"#
            )
        };
        let tests = of_line(&line(true, "\"/t/any_input-1\"")).expect("a program");
        assert_eq!(tests.name, "floor any_input");
        assert_eq!((tests.program, tests.folder), ("/t/any_input-1".into(), "/a/crates/floor".into()));
        assert!(of_line(&line(false, "\"/t/atalaya\"")).is_none(), "a program that is no test");
        assert!(of_line(&line(true, "null")).is_none());
        assert!(of_line("warning: something").is_none());
    }
}

//! Steps that each have a name, a time and an outcome, and one table at the end.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tool;

/// Where a step's tools write; shown whole when the step fails.
pub struct Log {
    path: PathBuf,
}

impl Log {
    fn open(step: &str) -> Result<Self, String> {
        let folder = atalaya_window::target_folder().join("xtask");
        let path = folder.join(format!("{}.log", step.replace(' ', "-")));
        fs::create_dir_all(&folder)
            .and_then(|()| File::create(&path))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path })
    }

    /// Runs a tool; its output goes here.
    ///
    /// # Errors
    /// It could not be started, or failed.
    pub fn run(&self, command: &mut Command) -> Result<(), String> {
        self.note(&format!("$ {}", tool::line(command)))?;
        let file = || OpenOptions::new().append(true).open(&self.path).map_err(|error| error.to_string());
        let status = command
            .stdout(Stdio::from(file()?))
            .stderr(Stdio::from(file()?))
            .status()
            .map_err(|error| tool::not_started(command, &error))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", tool::line(command))) }
    }

    /// Runs a tool and gives what it printed; what it complained of goes here.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn said(&self, command: &mut Command) -> Result<String, String> {
        self.note(&format!("$ {}", tool::line(command)))?;
        let file = OpenOptions::new().append(true).open(&self.path).map_err(|error| error.to_string())?;
        let output =
            command.stderr(Stdio::from(file)).output().map_err(|error| tool::not_started(command, &error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!("`{}` failed ({})", tool::line(command), output.status))
    }

    /// What its tools wrote so far.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn text(&self) -> Result<String, String> {
        fs::read(&self.path)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map_err(|error| error.to_string())
    }

    /// Adds a line of our own.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(&self, text: &str) -> Result<(), String> {
        let mut file = OpenOptions::new().append(true).open(&self.path).map_err(|error| error.to_string())?;
        writeln!(file, "{text}").map_err(|error| error.to_string())
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(String),
    /// The person asked for other steps.
    NotAsked,
}

struct Row {
    name: &'static str,
    took: Duration,
    /// Of the processor, by whatever it started; `None` where that cannot be read.
    worked: Option<f64>,
    outcome: Outcome,
}

/// The steps so far.
pub struct Steps<'a> {
    wanted: &'a [&'a str],
    rows: Vec<Row>,
}

impl<'a> Steps<'a> {
    /// All steps, or only those wanted.
    pub fn new(wanted: &'a [&'a str]) -> Self {
        Self { wanted, rows: Vec::new() }
    }

    /// Runs a step now, unless one it builds on failed: then it fails too, and says why.
    pub fn step(
        &mut self,
        name: &'static str,
        needs: &[&str],
        work: impl FnOnce(&Log) -> Result<(), String>,
    ) {
        if !self.wanted.is_empty() && !self.wanted.contains(&name) {
            self.rows.push(Row { name, took: Duration::ZERO, worked: None, outcome: Outcome::NotAsked });
            return;
        }
        let broken = self
            .rows
            .iter()
            .find(|row| needs.contains(&row.name) && matches!(row.outcome, Outcome::Failed(_)));
        if let Some(broken) = broken {
            let why = format!("not run, as \"{}\" failed", broken.name);
            println!("FAILED  {name}: {why}");
            self.rows.push(Row { name, took: Duration::ZERO, worked: None, outcome: Outcome::Failed(why) });
            return;
        }
        println!("...     {name}");
        let (begun, before) = (Instant::now(), tool::worked_secs());
        let log = Log::open(name);
        let outcome = match log.as_ref().map_err(Clone::clone).and_then(work) {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(error),
        };
        let took = begun.elapsed();
        let worked = tool::worked_secs().zip(before).map(|(after, before)| after - before);
        match &outcome {
            Outcome::Failed(error) => {
                let said = log.ok().and_then(|log| fs::read_to_string(log.path).ok()).unwrap_or_default();
                println!("{said}\nFAILED  {name} ({}): {error}", seconds(took));
            }
            _ => println!("ok      {name} ({})", seconds(took)),
        }
        self.rows.push(Row { name, took, worked, outcome });
    }

    /// Prints the table; whether all is well.
    pub fn finish(self) -> bool {
        println!("\n{:<16} {:>9} {:>10}  outcome", "step", "time", "processor");
        for row in &self.rows {
            let (took, outcome) = match &row.outcome {
                Outcome::Passed => (seconds(row.took), "passed"),
                Outcome::Failed(_) => (seconds(row.took), "FAILED"),
                Outcome::NotAsked => ("–".to_owned(), "not asked for"),
            };
            let worked =
                row.worked.map_or_else(|| "–".to_owned(), |worked| seconds(Duration::from_secs_f64(worked)));
            println!("{:<16} {took:>9} {worked:>10}  {outcome}", row.name);
        }
        let passed = self.rows.iter().filter(|row| row.outcome == Outcome::Passed).count();
        let failed = self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_))).count();
        println!("\n{passed} passed, {failed} failed");
        failed == 0
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_fails_what_builds_on_it_and_nothing_else() {
        let mut steps = Steps::new(&[]);
        steps.step("xtask test one", &[], |_| Err("broken".into()));
        steps.step("xtask test two", &["xtask test one"], |_| panic!("it must not run"));
        steps.step("xtask test three", &[], |log| log.run(Command::new("rustc").arg("--version")));
        let outcomes: Vec<bool> = steps.rows.iter().map(|row| row.outcome == Outcome::Passed).collect();
        assert_eq!(outcomes, [false, false, true]);
        assert!(!steps.finish());
        let mut steps = Steps::new(&["xtask test three"]);
        steps.step("xtask test one", &[], |_| panic!("nobody asked for it"));
        steps.step("xtask test three", &[], |_| Ok(()));
        assert!(steps.finish());
    }
}

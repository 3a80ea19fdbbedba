//! `shifts`: simulated stretches of a shift, as many as wished; those that failed once come first.
//!
//! Left out on purpose: what a stretch is and when it is right (`tests/shifts`).

use crate::steps::Log;
use crate::tool;

const KEPT: &str = "tests/seeds/kept.txt";
/// As long as `cargo xtask test` lives through them, seconds.
const TEST_SECONDS: &str = "60";
/// And through those of three desks on one lease.
const DESKS_SECONDS: &str = "15";

fn build() -> std::process::Command {
    let mut command = tool::command("cargo");
    command.args(["build", "--quiet", "--package", "atalaya-shifts", "--profile", "shifts"]);
    command
}

fn program() -> std::process::Command {
    let program = atalaya_window::target_folder().join("shifts/atalaya-shifts");
    let mut command = tool::command(&program.display().to_string());
    command.args(["--kept", KEPT]);
    command
}

/// Lives through stretches as asked for.
///
/// # Errors
/// It could not be built, or one failed: then the sentence is empty.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    tool::show(&mut build())?;
    tool::show(program().args(arguments))
}

/// As many of each kind as fit in a minute and a quarter, always the same ones first.
///
/// # Errors
/// As [`run`].
pub fn test(log: &Log) -> Result<(), String> {
    log.run(&mut build())?;
    log.run(program().args(["--seeds", "100000", "--seconds", TEST_SECONDS]))?;
    log.run(program().args(["--desks", "--seeds", "100000", "--seconds", DESKS_SECONDS]))
}

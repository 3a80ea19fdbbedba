//! `test`: everything that is checked, in an order in which each compilation serves the steps after it.

use crate::side_by_side::Course;
use crate::steps::{Log, Steps};
use crate::{invariants, setup, shifts, side_by_side, tool};

/// The checkout: what is generated lies in several folders of it.
const BINDINGS: &str = ".";

/// How the programs are built that tests, pictures and bindings go by: the whole workspace, since a package alone would have
/// other features and be compiled anew; without the simulated shifts, whose clock that is moved would be in everything else.
pub const PROGRAMS: [&str; 7] =
    ["build", "--workspace", "--bins", "--exclude", "xtask", "--exclude", "atalaya-shifts"];

const STEPS: [&str; 14] = [
    "format",
    "invariants",
    "deny",
    "ui build",
    "ui check",
    "ui lint",
    "ui test",
    "clippy",
    "docs",
    "app build",
    "bindings",
    "rust tests",
    "shifts",
    "window tests",
];

/// Runs all steps, or those named.
///
/// # Errors
/// A step that does not exist was named, or one failed: then the table has said it all, and the sentence is empty.
pub fn run(wanted: &[&str]) -> Result<(), String> {
    if let Some(unknown) = wanted.iter().find(|name| !STEPS.contains(name)) {
        return Err(format!("there is no step \"{unknown}\"; there are: {}", STEPS.join(", ")));
    }
    // Set-up speaks in the open: it is the slowest part of a first run.
    setup::everything()?;
    let mut steps = Steps::new(wanted);
    steps.step("format", &[], |log| cargo(log, &["fmt", "--all", "--check"]));
    steps.step("invariants", &[], |log| {
        let broken = invariants::all()?;
        for line in &broken {
            log.note(line)?;
        }
        if broken.is_empty() { Ok(()) } else { Err(format!("{} broken", broken.len())) }
    });
    steps.step("deny", &[], |log| {
        log.run(tool::command("cargo-deny").args(["deny", "check", "bans", "licenses", "sources"]))
    });
    // The pages come before what embeds them, so that the program is compiled once.
    steps.step("ui build", &[], |log| npm(log, "build"));
    steps.step("ui check", &[], |log| npm(log, "check"));
    steps.step("ui lint", &[], |log| npm(log, "lint"));
    steps.step("ui test", &[], |log| npm(log, "test"));
    steps.step("clippy", &[], |log| {
        cargo(log, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    });
    steps.step("docs", &[], |log| {
        let mut command = tool::command("cargo");
        log.run(command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
    steps.step("app build", &["ui build"], |log| cargo(log, &PROGRAMS));
    steps.step("bindings", &["app build"], |log| log.run(program().args(["--check-bindings", BINDINGS])));
    steps.step("rust tests", &[], |log| {
        let course = Course {
            which: &["--workspace", "--exclude", "atalaya-window", "--exclude", "atalaya-shifts"],
            at_once: 3,
            threads: None,
            alone: &["player"],
        };
        side_by_side::run(log, &course)
    });
    steps.step("shifts", &[], shifts::test);
    steps.step("window tests", &["ui build", "app build"], |log| {
        let which = ["--workspace", "--exclude", "atalaya-shifts", "--test", "window_*"];
        // Each has a window to draw, and waits most of the time: one of each program.
        side_by_side::run(log, &Course { which: &which, at_once: 3, threads: Some(1), alone: &[] })
    });
    if steps.finish() { Ok(()) } else { Err(String::new()) }
}

/// Writes the TypeScript types anew.
///
/// # Errors
/// The program could not be built or could not write them.
pub fn write_bindings() -> Result<(), String> {
    tool::show(tool::command("cargo").args(PROGRAMS))?;
    tool::show(program().args(["--write-bindings", BINDINGS]))
}

/// The window's, as [`PROGRAMS`] builds it.
fn program() -> std::process::Command {
    let program = atalaya_window::target_folder().join("debug/atalaya");
    tool::command(&program.display().to_string())
}

fn cargo(log: &Log, args: &[&str]) -> Result<(), String> {
    log.run(tool::command("cargo").args(args))
}

fn npm(log: &Log, script: &str) -> Result<(), String> {
    log.run(tool::command_in("ui", "npm").args(["run", "--silent", script]))
}

//! Starting other programs from the repository's root.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository's root.
pub fn root() -> PathBuf {
    atalaya_window::repository()
}

/// Where the tools we install for ourselves are: never in the person's own folders.
pub fn tools() -> PathBuf {
    atalaya_window::target_folder().join("tools")
}

/// A command that runs in the root, finds our own tools, and is never asked anything.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program_file(program));
    let before = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(tools().join("bin")).chain(std::env::split_paths(&before));
    if let Ok(path) = std::env::join_paths(paths) {
        command.env("PATH", path);
    }
    command.current_dir(root()).stdin(Stdio::null());
    // What the outer Cargo set for this program is no business of the inner one.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_")
            || name == "CARGO_MANIFEST_DIR"
            || name == "CARGO_MANIFEST_PATH"
        {
            command.env_remove(name);
        }
    }
    command
}

/// On Windows npm is a script, which has to be named whole.
fn program_file(program: &str) -> PathBuf {
    if cfg!(windows) && program == "npm" { PathBuf::from("npm.cmd") } else { PathBuf::from(program) }
}

/// The same in another folder below the root.
pub fn command_in(folder: &str, program: &str) -> Command {
    let mut command = command(program);
    command.current_dir(root().join(folder));
    command
}

/// A script among the tools, that others run by its path.
///
/// # Errors
/// It cannot be written, or this system runs none.
pub fn script(name: &str, text: &str) -> Result<PathBuf, String> {
    if !cfg!(unix) {
        return Err(format!("{name} is a script for a Mac or Linux: nothing was done"));
    }
    let path = tools().join(name);
    let write = || {
        std::fs::create_dir_all(tools())?;
        std::fs::write(&path, text)?;
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    };
    write().map_err(|error: std::io::Error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// The command as a person would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs it in the open, after saying what is run.
///
/// # Errors
/// It could not be started, or failed.
pub fn show(command: &mut Command) -> Result<(), String> {
    println!("$ {}", line(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(command))) }
}

/// Runs it and returns what it printed.
///
/// # Errors
/// It could not be started, or failed: with what it said.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed ({}): {}", line(command), output.status, said.trim()))
}

/// Whether it can be run and succeeds.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

pub fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", command.get_program().to_string_lossy())
}

/// Processor time of everything this program started and waited for, seconds; `None` where it cannot be read.
pub fn worked_secs() -> Option<f64> {
    // Linux counts in hundredths of a second.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name in brackets: state, then thirteen more up to the two times of children.
    let times: Vec<f64> = stat
        .rsplit_once(')')?
        .1
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|time| time.parse().ok())
        .collect();
    (times.len() == 2).then(|| times.iter().sum::<f64>() / TICKS)
}

/// Reads a text file of the repository.
///
/// # Errors
/// It is not there or not text; the path is told.
pub fn read(path: impl AsRef<Path>) -> Result<String, String> {
    let path = root().join(path);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

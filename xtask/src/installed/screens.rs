//! What the window is shown on: a display of X11, or a compositor of Wayland that shows nobody anything.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Running, bound_command, start_display, wait_until};

use super::root::{PERSON, RUNTIME, Root};
use crate::memory;
use crate::steps::Log;

const SOCKET: &str = "wayland-atalaya";
/// A busy machine draws its first frame late.
const SOON: Duration = Duration::from_secs(120);

/// What a program has to be told of it; it ends when dropped.
pub struct Screen {
    told: Vec<(&'static str, String)>,
    _runs: Running,
}

/// X11, reached through the network's names, which roots share.
///
/// # Errors
/// It does not start.
pub fn x11(root: &Root) -> Result<Screen, String> {
    runtime(root)?;
    let (runs, display) = start_display((1280, 800))?;
    Ok(Screen { told: vec![("DISPLAY", display)], _runs: runs })
}

/// Wayland alone: there is no X11 to fall back on.
///
/// # Errors
/// It does not start.
pub fn wayland(root: &Root) -> Result<Screen, String> {
    let folder = runtime(root)?;
    let log = folder.join("weston.log");
    let mut command = bound_command("weston");
    command.args(["--backend=headless-backend.so", "--use-pixman", "--no-config", "--idle-time=0"]);
    command
        .args(["--width=1280", "--height=800", &format!("--socket={SOCKET}")])
        .env("XDG_RUNTIME_DIR", &folder);
    command.arg(format!("--log={}", log.display())).stdout(Stdio::null()).stderr(Stdio::null());
    let mut runs = Running::start("weston", &mut command)?;
    let socket = folder.join(SOCKET);
    wait_until("weston's socket", SOON, || match runs.ended()? {
        Some(ended) => Err(format!("{ended}: {}", fs::read_to_string(&log).unwrap_or_default())),
        None => Ok(socket.exists().then_some(())),
    })?;
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777))
        .map_err(|error| format!("{}: {error}", socket.display()))?;
    Ok(Screen { told: vec![("WAYLAND_DISPLAY", SOCKET.to_owned())], _runs: runs })
}

/// The person's own, empty.
fn runtime(root: &Root) -> Result<std::path::PathBuf, String> {
    let folder = root.path(RUNTIME);
    let _ = fs::remove_dir_all(&folder);
    let owner = || {
        fs::create_dir_all(&folder)?;
        let number = PERSON.parse().map_err(std::io::Error::other)?;
        std::os::unix::fs::chown(&folder, Some(number), Some(number))?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))
    };
    owner().map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Opens the window there until `missing` finds nothing missing any more.
///
/// # Errors
/// It ended before, or something is missing for too long: with what it said on stderr.
pub fn open(
    log: &Log,
    root: &Root,
    screen: &Screen,
    missing: impl Fn() -> Option<&'static str>,
) -> Result<(), String> {
    let told: Vec<(&str, &str)> = screen.told.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = root.path("/var/tmp/said");
    let file = || File::create(&said).map_err(|error| format!("{}: {error}", said.display()));
    let mut command = root.inside(&told, &["atalaya"]);
    let mut window = Running::start("atalaya", command.stdout(Stdio::null()).stderr(file()?))?;
    let begun = Instant::now();
    let outcome = wait_until("the window", SOON, || match (missing(), window.ended()?) {
        (None, _) => Ok(Some(())),
        (Some(_), Some(ended)) => Err(ended),
        (Some(_), None) => Ok(None),
    });
    if outcome.is_ok() {
        let took = begun.elapsed().as_secs_f64();
        let (program, pages) = memory::below(window.child().id());
        println!("        after {took:.1} s; memory {program} MB, its pages {pages} MB");
    }
    let outcome = outcome.map_err(|error| missing().map_or(error.clone(), |what| format!("{error}: {what}")));
    log.note(&fs::read_to_string(&said).unwrap_or_default())?;
    outcome
}

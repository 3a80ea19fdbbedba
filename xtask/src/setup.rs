//! What the machine must have, installed where that is possible and told where it is not.

use std::path::Path;
use std::process::Stdio;

use crate::{tool, user_interface};

/// To build the window.
const BUILD: [&str; 6] = [
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "libayatana-appindicator3-dev",
    "libasound2-dev",
];

/// To drive the window without a display.
pub const HEADLESS: [&str; 3] = ["xvfb", "webkit2gtk-driver", "dbus"];

/// The device tests play to a file that is read at the pace of a device by a script.
pub const TESTS: [&str; 1] = ["python3"];

/// The test of outputs that vanish has a sound server of its own, in a folder of its own.
const SOUND_SERVER: [&str; 2] = ["pulseaudio", "libasound2-plugins"];
/// Where this is, `PulseAudio` would take its place: that test is left out there.
const OTHER_SOUND_SERVER: &str = "/usr/bin/pipewire-pulse";

/// Everything `test` needs.
pub fn everything() -> Result<(), String> {
    let mut packages: Vec<&str> = HEADLESS.into_iter().chain(TESTS).collect();
    if !Path::new(OTHER_SOUND_SERVER).exists() {
        packages.extend(SOUND_SERVER);
    }
    system(&packages)?;
    drivers()?;
    // The quick build of it: a minute instead of five.
    cargo_tool("cargo-deny", "^0.20", &["--debug", "--no-default-features"])?;
    user_interface::install()
}

/// What drives the window.
pub fn drivers() -> Result<(), String> {
    if cfg!(target_os = "linux") { cargo_tool("tauri-driver", "^2", &[]) } else { Ok(()) }
}

/// The Debian packages to build the window, and `more`. Elsewhere it says what is needed and goes on.
pub fn system(more: &[&str]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let wanted = || BUILD.iter().chain(more).copied();
    if !Path::new("/etc/debian_version").exists() {
        println!(
            "Not a Debian: the README says what has to be there. On Debian it would be {}.",
            wanted().collect::<Vec<_>>().join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root = tool::output(tool::command("id").arg("-u"))?.trim() == "0";
    if !root && !tool::succeeds(tool::command("sudo").args(["-n", "true"])) {
        return Err(format!(
            "Some system packages are missing, and only an administrator can add them. Run this, then try again:\n\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {}\n",
            missing.join(" ")
        ));
    }
    println!("Installing system packages: {}", missing.join(" "));
    apt(root, &["update"])?;
    // Nothing that somebody uses goes for it.
    let mut install = vec!["install", "-y", "--no-install-recommends", "--no-remove"];
    install.extend(missing);
    apt(root, &install)
}

fn apt(root: bool, args: &[&str]) -> Result<(), String> {
    let mut command = tool::command(if root { "apt-get" } else { "sudo" });
    if !root {
        command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    }
    // Another installation may be under way on a fresh machine: apt waits for it by itself.
    command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(args).env("DEBIAN_FRONTEND", "noninteractive");
    tool::show(&mut command)
}

/// Whether the package, or one that provides it, is there.
fn installed(package: &str) -> bool {
    let mut query = tool::command("dpkg-query");
    query.args(["-W", "-f", "${Status}", package]).stderr(Stdio::null());
    tool::output(&mut query).is_ok_and(|status| status.trim() == "install ok installed")
}

/// A program from crates.io, built once into `target/tools`.
fn cargo_tool(name: &str, version: &str, options: &[&str]) -> Result<(), String> {
    let program = tool::tools().join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(());
    }
    println!("Building {name} into {}", tool::tools().display());
    let mut command = tool::command("cargo");
    command.args(["install", name, "--version", version, "--locked", "--quiet", "--root"]);
    tool::show(command.arg(tool::tools()).args(options))
}

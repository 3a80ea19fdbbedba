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

/// What judges the package's entries.
const JUDGES: [&str; 2] = ["appstream", "desktop-file-utils"];

/// The device tests play to a file that is read at the pace of a device by a script.
pub const TESTS: [&str; 1] = ["python3"];

/// The test of outputs that vanish has a sound server of its own, in a folder of its own.
const SOUND_SERVER: [&str; 2] = ["pulseaudio", "libasound2-plugins"];
/// Where this is, `PulseAudio` would take its place: that test is left out there.
const OTHER_SOUND_SERVER: &str = "/usr/bin/pipewire-pulse";

/// What decides whether Debian's package makes a database and starts it; in it before the package itself.
const POSTGRESQL_COMMON: &str = "postgresql-common";
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";
const NO_CLUSTER: &str = "create_main_cluster = false";

/// Everything `test` needs.
pub fn everything() -> Result<(), String> {
    let mut packages: Vec<&str> = HEADLESS.into_iter().chain(TESTS).chain(JUDGES).collect();
    if !Path::new(OTHER_SOUND_SERVER).exists() {
        packages.extend(SOUND_SERVER);
    }
    system(&packages)?;
    postgresql()?;
    drivers()?;
    // The quick build of it: a minute instead of five.
    cargo_tool("cargo-deny", "^0.20", &["--debug", "--no-default-features"])?;
    user_interface::install()
}

/// What drives the window.
pub fn drivers() -> Result<(), String> {
    if cfg!(target_os = "linux") { cargo_tool("tauri-driver", "^2", &[]) } else { Ok(()) }
}

/// What writes into a program what it is made of.
pub fn auditable() -> Result<(), String> {
    cargo_tool("cargo-auditable", "^0.7", &["--debug"])
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
    let root = is_root()?;
    if !root && !can_sudo() {
        return Err(format!(
            "Some system packages are missing, and only an administrator can add them. Run this, then try again:\n\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {}\n",
            missing.join(" ")
        ));
    }
    println!("Installing system packages: {}", missing.join(" "));
    apt(root, &["update"])?;
    install(root, &missing)
}

/// A team's tests begin databases of their own: the programs alone, without the database that Debian's package would make
/// and start. Where the package is there already it is left as it is.
///
/// # Errors
/// It cannot be installed: with what an administrator would type.
pub fn postgresql() -> Result<(), String> {
    if has_postgresql() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() {
        println!(
            "Not a Debian: the tests of a team need PostgreSQL 15 or newer, its programs initdb, postgres, psql and \
             pg_dump where programs are found. None of its services has to run."
        );
        return Ok(());
    }
    let fresh = !installed(POSTGRESQL_COMMON);
    let root = is_root()?;
    if !root && !can_sudo() {
        let words = if fresh {
            format!(
                "sudo apt-get install -y --no-install-recommends {POSTGRESQL_COMMON}\n  \
                 echo '{NO_CLUSTER}' | sudo tee -a {CLUSTERS}\n  "
            )
        } else {
            String::new()
        };
        return Err(format!(
            "The tests of a team need PostgreSQL, and only an administrator can add it. Run this, then try again:\n\n  \
             {words}sudo apt-get install -y --no-install-recommends postgresql\n"
        ));
    }
    println!("Installing PostgreSQL, without a database that runs");
    apt(root, &["update"])?;
    if fresh {
        install(root, &[POSTGRESQL_COMMON])?;
        let said = std::fs::read_to_string(CLUSTERS).unwrap_or_default();
        if !says_whether(&said) {
            let mut add = tool::command(if root { "sh" } else { "sudo" });
            if !root {
                add.args(["-n", "sh"]);
            }
            tool::show(add.arg("-c").arg(format!("printf '\\n%s\\n' '{NO_CLUSTER}' >> {CLUSTERS}")))?;
        }
    }
    install(root, &["postgresql"])
}

/// Debian keeps each version's programs in a folder of its own; elsewhere they are where programs are found.
fn has_postgresql() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin/initdb")).any(|program| program.is_file());
    debian || tool::succeeds(tool::command("initdb").arg("--version"))
}

/// Whether the file says already, in a line that counts, if a first database is to be made.
fn says_whether(clusters: &str) -> bool {
    clusters.lines().any(|line| line.trim_start().starts_with("create_main_cluster"))
}

fn is_root() -> Result<bool, String> {
    Ok(tool::output(tool::command("id").arg("-u"))?.trim() == "0")
}

fn can_sudo() -> bool {
    tool::succeeds(tool::command("sudo").args(["-n", "true"]))
}

/// Nothing that somebody uses goes for it.
fn install(root: bool, packages: &[&str]) -> Result<(), String> {
    apt(root, &[&["install", "-y", "--no-install-recommends", "--no-remove"][..], packages].concat())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_chose_about_databases_is_left_alone() {
        // As the package has it, every line being a comment.
        assert!(!says_whether(
            "# Create a \"main\" cluster when a new version is installed\n#create_main_cluster = true\n"
        ));
        assert!(says_whether("create_main_cluster = true\n"));
        assert!(says_whether(&format!("#create_main_cluster = true\n\n  {NO_CLUSTER}\n")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_package_is_there_or_not() {
        if !Path::new("/etc/debian_version").exists() {
            return;
        }
        assert!(installed("dpkg"));
        assert!(!installed("atalaya-no-such-package"));
    }
}

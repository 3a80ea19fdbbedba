//! `installed`: the package for Debian in roots with nothing else in them, one of each Debian it is for, and its window opened there.
//!
//! Each root is made by `debootstrap` and copied for every run. The package goes in without what it merely recommends, so there is no
//! tray and no store of secrets; there is no message bus, no sound, and `/usr` can only be read. Needs root: it mounts.

mod root;
mod screens;

use std::path::{Path, PathBuf};

use crate::steps::{Log, Steps};
use crate::{package, setup, tool};
use root::Root;
use screens::Screen;

/// Debian's names of what the package is for.
const SUITES: [[&str; 4]; 2] = [
    ["bookworm", "bookworm package", "bookworm X11", "bookworm Wayland"],
    ["trixie", "trixie package", "trixie X11", "trixie Wayland"],
];

const PACKAGES: [&str; 3] = ["debootstrap", "weston", "xvfb"];

/// Opened in the roots as they were left, without installing anything.
pub const AGAIN: &str = "--again";
const OPENED: [&str; 4] = ["bookworm X11", "bookworm Wayland", "trixie X11", "trixie Wayland"];

/// Of this package, or of one made now; or [`AGAIN`].
///
/// # Errors
/// Something could not be installed or made, or a step failed: then the table has said it all, and the sentence is empty.
pub fn run(deb: Option<&str>) -> Result<(), String> {
    if tool::output(tool::command("id").arg("-u"))?.trim() != "0" {
        return Err(
            "clean roots are entered by mounting into them, which takes root: run this as root".into()
        );
    }
    setup::system(&PACKAGES)?;
    let again = deb == Some(AGAIN);
    let deb = match deb {
        Some(AGAIN) => PathBuf::new(),
        Some(file) => tool::root().join(file),
        None => {
            package::run()?;
            package::made("deb")?
        }
    };
    let mut steps = Steps::new(if again { &OPENED } else { &[] });
    for [suite, package, x11, wayland] in SUITES {
        steps.step(suite, &[], |log| root::bare(log, suite));
        steps.step(package, &[suite], |log| installs(log, suite, &deb));
        steps.step(x11, &[package], |log| opens(log, suite, screens::x11));
        steps.step(wayland, &[package], |log| opens(log, suite, screens::wayland));
    }
    if steps.finish() { Ok(()) } else { Err(String::new()) }
}

/// With what it needs and nothing more; the command line says what is missing here.
fn installs(log: &Log, suite: &str, deb: &Path) -> Result<(), String> {
    let root = Root::fresh(log, suite)?;
    let name = "/var/cache/atalaya.deb";
    std::fs::copy(deb, root.path(name)).map_err(|error| format!("{}: {error}", deb.display()))?;
    log.run(&mut root.writable(&["apt-get", "-q", "update"]))?;
    let words = ["apt-get", "-q", "-y", "--no-install-recommends", "install", name];
    log.run(&mut root.writable(&words))?;
    log.run(&mut root.writable(&[
        "useradd",
        "--create-home",
        "--home-dir",
        root::HOME,
        "--uid",
        root::PERSON,
        "person",
    ]))?;
    let said = tool::output(&mut root.inside(&[], &["atalaya-cli", "--version"]))?;
    log.note(&said)?;
    let mut doctor = root.inside(&[], &["atalaya-cli", "doctor"]);
    // It ends in a failure: there is no server either.
    let output = doctor.output().map_err(|error| tool::not_started(&doctor, &error))?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    log.note(&said)?;
    for part in ["secret store", "audio device"] {
        let line = said.lines().find(|line| line.contains(part));
        println!("        {}", line.ok_or(format!("doctor says nothing of the {part}"))?.trim());
    }
    // With no screen at all it says so.
    let mut alone = root.inside(&[], &["atalaya"]);
    let output = alone.output().map_err(|error| tool::not_started(&alone, &error))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    log.note(&said)?;
    let line = said.lines().find(|line| line.contains("no screen"));
    println!("        {}", line.ok_or(format!("without a screen it says: {said}"))?);
    let pages = root.path("/usr/share/man/man1/atalaya-cli.1.gz");
    if pages.is_file() { Ok(()) } else { Err("it has no manual pages".into()) }
}

/// The first frame comes, and what is missing is said.
fn opens(log: &Log, suite: &str, screen: fn(&Root) -> Result<Screen, String>) -> Result<(), String> {
    const SAYS: [&str; 3] =
        ["has drawn its first frame", "no secret store on this system", "no icon in the tray"];
    let root = Root::kept(suite)?;
    let screen = screen(&root)?;
    let logs = root.path(root::HOME).join(".local/share/atalaya/logs");
    let _ = std::fs::remove_dir_all(&logs);
    let missing = screens::open(log, &root, &screen, || {
        let text = written(&logs);
        SAYS.into_iter().find(|sentence| !text.contains(sentence))
    });
    log.note(&written(&logs))?;
    missing
}

/// All its logs.
fn written(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

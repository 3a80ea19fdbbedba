//! The packages for Debian, Ubuntu and Fedora: the window, the command line, and what describes both.

mod judged;
mod packed;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{nameless, notices, parts, setup, tool, user_interface};

/// Where `tauri.conf.json` takes what is made for the packages from.
const MADE: &str = "target/packaging";

/// Both programs.
const PROGRAMS: [&str; 2] = ["target/release/atalaya", "target/release/atalaya-cli"];

/// The kinds that are made.
const KINDS: [&str; 2] = ["deb", "rpm"];

/// Builds them, judges what is in each, and says where they are.
///
/// # Errors
/// Something could not be built, or a package has not what it should.
pub fn run() -> Result<(), String> {
    setup::system(&["rpm", "xz-utils"])?;
    setup::auditable()?;
    user_interface::built()?;
    // Both at once, so that what they share is built once; each carries the list of what it is made of.
    let mut build = auditable()?;
    build.args(["build", "--release", "--locked"]);
    build.args(["--package", "atalaya", "--package", "atalaya-cli"]);
    tool::show(nameless::build(&mut build)?)?;
    for program in PROGRAMS {
        nameless::judge(&tool::root().join(program))?;
        if !lists_its_parts(&tool::root().join(program))? {
            return Err(format!("{program} carries no list of what it is made of"));
        }
    }
    of_what_is_built()
}

/// `cargo auditable`, known to Cargo by its name. It would say its whole path, which goes into the name of everything in our
/// own crates: of one commit two places would make two programs.
fn auditable() -> Result<Command, String> {
    const BY_NAME: &str = "#!/bin/sh\nRUSTC_WORKSPACE_WRAPPER=cargo-auditable exec cargo \"$@\"\n";
    let cargo = tool::script("cargo-by-name", BY_NAME)?;
    let mut command = tool::command("cargo-auditable");
    command.arg("auditable").env("CARGO", cargo);
    Ok(command)
}

/// Whether a program carries the section that `cargo auditable` writes.
fn lists_its_parts(program: &Path) -> Result<bool, String> {
    const SECTION: &[u8] = b".dep-v0";
    let bytes = std::fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    Ok(bytes.windows(SECTION.len()).any(|part| part == SECTION))
}

/// Packs the programs that lie in `target/release`, whoever built them.
///
/// # Errors
/// Something could not be packed, or a package has not what it should.
pub fn of_what_is_built() -> Result<(), String> {
    described("target/release/atalaya-cli")?;
    for kind in KINDS {
        let _ = std::fs::remove_dir_all(folder(kind));
    }
    let mut bundler = tool::command("node");
    bundler.args(["ui/node_modules/@tauri-apps/cli/tauri.js", "bundle", "--bundles", &KINDS.join(",")]);
    tool::show(bundler.env("SOURCE_DATE_EPOCH", packed::moment()?))?;
    println!("{}", packed::small(&made("deb")?)?);
    let config = config()?;
    for kind in KINDS {
        println!("{}", judged::judge(kind, &made(kind)?, &config)?);
    }
    println!("The one for Fedora was looked into, and not tried on one.");
    Ok(())
}

/// The newest package of a kind.
///
/// # Errors
/// There is none.
pub fn made(kind: &str) -> Result<PathBuf, String> {
    let folder = folder(kind);
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = files.filter(|file| file.extension().is_some_and(|end| end == kind));
    ours.max_by_key(|file| std::fs::metadata(file).and_then(|file| file.modified()).ok())
        .ok_or(format!("{} has no package: `cargo xtask bundle` makes it", folder.display()))
}

fn folder(kind: &str) -> PathBuf {
    atalaya_window::target_folder().join("release/bundle").join(kind)
}

/// Manual pages, packed as Debian has them, shells' completions, and the licences of what others made.
///
/// # Errors
/// They could not be made.
pub fn described(program: &str) -> Result<(), String> {
    let made = tool::root().join(MADE);
    let _ = std::fs::remove_dir_all(&made);
    tool::show(tool::command(&tool::root().join(program).display().to_string()).args(["describe", MADE]))?;
    let pages = made.join("man1");
    std::fs::copy(tool::root().join("packaging/atalaya.1"), pages.join("atalaya.1"))
        .map_err(|error| format!("packaging/atalaya.1: {error}"))?;
    tool::show(tool::command("gzip").args(["-9", "--no-name", "--recursive"]).arg(&pages))?;
    let notices = notices::text(&parts::all("x86_64-unknown-linux-gnu")?)?;
    std::fs::write(made.join("third-party.txt"), notices)
        .map_err(|error| format!("third-party.txt: {error}"))?;
    // What was made is where the packages look for it.
    let missing = sources()?.into_iter().find(|source| source.starts_with(&made) && !source.exists());
    missing.map_or(Ok(()), |source| Err(format!("{} was not made", source.display())))
}

/// Files the packages are given besides the window.
///
/// # Errors
/// `tauri.conf.json` cannot be read.
pub fn sources() -> Result<Vec<PathBuf>, String> {
    let config = config()?;
    let files =
        KINDS.iter().filter_map(|kind| config["bundle"]["linux"][kind]["files"].as_object()).flatten();
    Ok(files.filter_map(|(_, source)| source.as_str()).map(|source| tool::root().join(source)).collect())
}

fn config() -> Result<Value, String> {
    serde_json::from_str(&tool::read("tauri.conf.json")?).map_err(|error| format!("tauri.conf.json: {error}"))
}

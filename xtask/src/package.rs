//! The package for Debian and Ubuntu: the window, the command line, and what describes both.

use std::path::PathBuf;

use crate::{notices, parts, setup, tool, user_interface};

/// Where `tauri.conf.json` takes what is made for the package from.
const MADE: &str = "target/packaging";

/// Builds it and says where it is.
///
/// # Errors
/// Something could not be built.
pub fn run() -> Result<(), String> {
    setup::system(&[])?;
    user_interface::install()?;
    tool::show(tool::command("cargo").args(["build", "--release", "--package", "atalaya-cli"]))?;
    described("target/release/atalaya-cli")?;
    tool::show(tool::command("node").args([
        "ui/node_modules/@tauri-apps/cli/tauri.js",
        "build",
        "--bundles",
        "deb",
    ]))
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
    // What was made is where the package looks for it.
    let missing = sources()?.into_iter().find(|source| source.starts_with(&made) && !source.exists());
    missing.map_or(Ok(()), |source| Err(format!("{} was not made", source.display())))
}

/// Files the package is given besides the window.
///
/// # Errors
/// `tauri.conf.json` cannot be read.
pub fn sources() -> Result<Vec<PathBuf>, String> {
    let config: serde_json::Value = serde_json::from_str(&tool::read("tauri.conf.json")?)
        .map_err(|error| format!("tauri.conf.json: {error}"))?;
    let files = config["bundle"]["linux"]["deb"]["files"].as_object().cloned().unwrap_or_default();
    Ok(files.values().filter_map(|source| source.as_str()).map(|source| tool::root().join(source)).collect())
}

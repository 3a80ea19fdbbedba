//! The installer, made by Debian's `makensis` from `packaging/windows`.

use std::path::{Path, PathBuf};

use super::wine;
use crate::steps::Log;
use crate::{elsewhere, notices, parts, tool};

/// Makes it.
///
/// # Errors
/// A file is missing, a licence is not known, or the script is wrong.
pub fn make(log: &Log) -> Result<(), String> {
    made(log, &version()?, &path()?)
}

/// Makes one of another version of the same programs too.
///
/// # Errors
/// As [`make`].
pub fn made(log: &Log, version: &str, installer: &Path) -> Result<(), String> {
    let (root, folder) = (tool::root(), installer.parent().ok_or("no folder")?);
    wine::make_folder(folder)?;
    let notices_file = folder.join("third-party.txt");
    std::fs::write(&notices_file, notices::text(&parts::all(elsewhere::WINDOWS)?)?)
        .map_err(|error| format!("{}: {error}", notices_file.display()))?;
    let mut makensis = tool::command("makensis");
    makensis.current_dir(root.join("packaging/windows")).args(["-V2", "-WX"]);
    makensis.arg(format!("-DVERSION={version}"));
    makensis.arg(format!("-DFROM={}", super::folder().display()));
    makensis.arg(format!("-DNOTICES_FILE={}", notices_file.display()));
    makensis.arg(format!("-DROOT={}", root.display()));
    makensis.arg(format!("-DOUT={}", installer.display()));
    log.run(makensis.arg("atalaya.nsi"))
}

/// Where it is; as the bundler would call it.
///
/// # Errors
/// `tauri.conf.json` cannot be read.
pub fn path() -> Result<PathBuf, String> {
    let folder = atalaya_window::target_folder().join(elsewhere::WINDOWS).join("release/bundle/nsis");
    Ok(folder.join(format!("Atalaya_{}_x64-setup.exe", version()?)))
}

/// Three numbers.
///
/// # Errors
/// `tauri.conf.json` cannot be read or says none.
pub fn version() -> Result<String, String> {
    let config: serde_json::Value = serde_json::from_str(&tool::read("tauri.conf.json")?)
        .map_err(|error| format!("tauri.conf.json: {error}"))?;
    config["version"].as_str().map(str::to_owned).ok_or_else(|| "tauri.conf.json: no version".into())
}

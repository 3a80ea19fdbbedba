//! The pages: their packages and their build.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::tool;

/// A copy of the lock file that `node_modules` was made from.
const STAMP: &str = "ui/node_modules/.installed-from.json";
const LOCK: &str = "ui/package-lock.json";

/// What the pages are built from.
const SOURCES: [&str; 8] = [
    "ui/src",
    "ui/messages",
    "ui/project.inlang/settings.json",
    "ui/index.html",
    "ui/package-lock.json",
    "ui/svelte.config.js",
    "ui/tsconfig.json",
    "ui/vite.config.ts",
];

/// Installs the packages named in the lock file, unless they already are.
pub fn install() -> Result<(), String> {
    let lock = tool::read(LOCK)?;
    if tool::read(STAMP).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    if !tool::succeeds(tool::command("npm").arg("--version")) {
        return Err("npm is not there: install Node 20 or newer (https://nodejs.org), then try again".into());
    }
    tool::show(tool::command_in("ui", "npm").args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(tool::root().join(STAMP), lock).map_err(|error| format!("{STAMP}: {error}"))
}

/// Builds the pages when something in them is newer than the last build.
pub fn built() -> Result<(), String> {
    install()?;
    let root = tool::root();
    let last = fs::metadata(root.join("ui/dist/index.html")).and_then(|file| file.modified());
    let newest = SOURCES.iter().filter_map(|path| newest(&root.join(path))).max();
    if last.is_ok_and(|last| newest.is_some_and(|newest| newest < last)) {
        return Ok(());
    }
    tool::show(tool::command_in("ui", "npm").args(["run", "build"]))
}

/// When the newest file in a folder was written. What the message compiler writes on every build does not count.
fn newest(path: &Path) -> Option<SystemTime> {
    if path.ends_with("src/lib/paraglide") {
        return None;
    }
    if path.is_dir() {
        return fs::read_dir(path).ok()?.filter_map(|entry| newest(&entry.ok()?.path())).max();
    }
    fs::metadata(path).ok()?.modified().ok()
}

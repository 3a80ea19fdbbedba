//! What broke, kept: when a part of the program stops over a fault of its own, where and how is written beside the logs, and
//! the next start can offer it to whoever sits there.
//!
//! Left out on purpose: a program that is killed or loses its power says nothing; what broke in a page (the log has it).

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use atalaya_clock::Clock;
use chrono::DateTime;
use serde::Serialize;
use ts_rs::TS;

/// Kept altogether; older ones go.
const KEPT: usize = 5;
/// A fault that comes again with every poll is written down no more often while the program runs.
const MOST_OF_ONE_RUN: usize = 3;
const BEGINS: &str = "broke-";
const NEW: &str = ".txt";
const SEEN: &str = ".seen.txt";

/// Something that broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// When, epoch milliseconds by this computer's clock.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Somebody was shown it, or wanted not to be.
    pub seen: bool,
    /// Where it is kept.
    #[serde(skip)]
    pub path: PathBuf,
}

/// From now on what breaks is written into this folder, and said on stderr as before.
pub fn keep(folder: PathBuf, version: &'static str, clock: Clock) {
    let written = AtomicUsize::new(0);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |broke| {
        before(broke);
        if written.fetch_add(1, Ordering::Relaxed) >= MOST_OF_ONE_RUN {
            return;
        }
        let now_ms = clock.now_ms();
        let when = DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
        let thread = std::thread::current();
        let text = format!(
            "Atalaya {version}, {} {}\n{}\nthread {}: {broke}\n\n{}\n",
            std::env::consts::OS,
            std::env::consts::ARCH,
            when.to_rfc3339(),
            thread.name().unwrap_or("without a name"),
            std::backtrace::Backtrace::force_capture()
        );
        // Whatever hinders it: there is nobody to tell.
        let _ = write(&folder, now_ms, &text);
    }));
}

fn write(folder: &Path, mut at_ms: i64, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    // Two threads may break at once.
    let (path, mut file) = loop {
        let path = folder.join(format!("{BEGINS}{at_ms}{NEW}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => break (path, file),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => at_ms += 1,
            Err(error) => return Err(error),
        }
    };
    atalaya_store::owner_only(&path)?;
    file.write_all(text.as_bytes())?;
    for old in kept(folder).into_iter().skip(KEPT) {
        fs::remove_file(old.path)?;
    }
    Ok(())
}

/// What is kept there, the newest first; none where the folder cannot be read.
pub fn kept(folder: &Path) -> Vec<Breakdown> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<Breakdown> = entries.filter_map(|entry| of_path(entry.path())).collect();
    all.sort_by_key(|broke| std::cmp::Reverse(broke.at_ms));
    all
}

fn of_path(path: PathBuf) -> Option<Breakdown> {
    let name = path.file_name()?.to_str()?.strip_prefix(BEGINS)?;
    let (at_ms, seen) = match name.strip_suffix(SEEN) {
        Some(at_ms) => (at_ms, true),
        None => (name.strip_suffix(NEW)?, false),
    };
    Some(Breakdown { at_ms: at_ms.parse().ok()?, seen, path })
}

/// None of it is offered again.
///
/// # Errors
/// The folder's or the disk's: it is offered again at the next start.
pub fn seen(folder: &Path) -> std::io::Result<()> {
    for broke in kept(folder).into_iter().filter(|broke| !broke.seen) {
        fs::rename(&broke.path, folder.join(format!("{BEGINS}{}{SEEN}", broke.at_ms)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broke_is_kept_offered_once_and_bounded() {
        let home = tempfile::tempdir().unwrap();
        for ms in [5, 1, 5, 9] {
            write(home.path(), ms, "broke").unwrap();
        }
        fs::write(home.path().join("atalaya.log"), "a log").unwrap();
        fs::write(home.path().join("broke-x.txt"), "somebody's own").unwrap();
        let times = || kept(home.path()).iter().map(|broke| (broke.at_ms, broke.seen)).collect::<Vec<_>>();
        assert_eq!(times(), [(9, false), (6, false), (5, false), (1, false)]);
        seen(home.path()).unwrap();
        assert!(times().iter().all(|(_, seen)| *seen));
        for ms in [20, 21, 22] {
            write(home.path(), ms, "broke").unwrap();
        }
        assert_eq!(times(), [(22, false), (21, false), (20, false), (9, true), (6, true)]);
        assert!(home.path().join("broke-x.txt").exists());
        assert!(kept(&home.path().join("not there")).is_empty());
    }
}

//! Where files were put, and showing one of them in the system's file manager.
//!
//! A page may have only those shown that lie where a person chose to read or write since the program began, and reports. Left out on
//! purpose: choosing a place (`shell`).

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use atalaya_desk::{Desk, Problem, problem};
use tauri::{AppHandle, Manager};

/// Folders that are remembered: more than anybody writes to in a day.
const MOST: usize = 200;

/// Folders a person chose, the latest last.
#[derive(Default)]
pub struct Places(Mutex<VecDeque<PathBuf>>);

impl Places {
    /// Files are put into this folder.
    pub fn note(&self, folder: &Path) {
        let mut folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|known| known != folder);
        folders.push_back(folder.to_owned());
        if folders.len() > MOST {
            folders.pop_front();
        }
    }

    /// Whether it is such a folder, or lies in one.
    fn knows(&self, path: &Path) -> bool {
        let folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        folders.iter().any(|folder| path == folder || path.parent() == Some(folder))
    }
}

/// What of a place there still is: the file, or else its folder.
fn there(path: &Path) -> Option<&Path> {
    if path.exists() { Some(path) } else { path.parent().filter(|folder| folder.is_dir()) }
}

/// Shows a file, or a folder, in the system's file manager.
///
/// # Errors
/// `notWrittenHere`, `placeGone`, `noFileManager`: nothing is shown.
pub async fn show(app: &AppHandle, desk: &Desk, path: &str) -> Result<(), Problem> {
    let path = PathBuf::from(path);
    // A report may have been written before this start.
    let report = desk.session().is_ok_and(|session| session.daily.wrote(&path));
    if !report && !app.state::<Places>().knows(&path) {
        return Err(problem("notWrittenHere", [], false));
    }
    let of = |code| problem(code, [("path", path.display().to_string())], false);
    let Some(there) = there(&path).map(Path::to_owned) else { return Err(of("placeGone")) };
    // It asks the system, and waits for what that says.
    let shown = tokio::task::spawn_blocking(move || opened(&there)).await;
    match shown {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::warn!(error, "the file manager did not open");
            Err(of("noFileManager"))
        }
        Err(_) => Err(of("noFileManager")),
    }
}

fn opened(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return tauri_plugin_opener::open_path(path, None::<&str>).map_err(|error| error.to_string());
    }
    // A file manager that cannot point at a file can still open its folder.
    tauri_plugin_opener::reveal_item_in_dir(path).or_else(|error| match path.parent() {
        Some(folder) => {
            tauri_plugin_opener::open_path(folder, None::<&str>).map_err(|error| error.to_string())
        }
        None => Err(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_where_something_was_written_is_shown() {
        let places = Places::default();
        let folder = Path::new("/somewhere/reports");
        assert!(!places.knows(folder));
        places.note(folder);
        assert!(places.knows(folder) && places.knows(&folder.join("a.csv")));
        for other in
            ["/somewhere", "/somewhere/reports/in/a.csv", "/somewhere/reports/../.ssh", "/etc/passwd", ""]
        {
            assert!(!places.knows(Path::new(other)), "{other}");
        }
        for number in 0..MOST {
            places.note(Path::new(&format!("/somewhere/{number}")));
        }
        assert!(!places.knows(folder), "the oldest goes");
    }

    #[test]
    fn what_was_moved_away_is_looked_for_in_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.csv");
        assert_eq!(there(&file), Some(folder.path()));
        std::fs::write(&file, "").expect("a file");
        assert_eq!(there(&file), Some(file.as_path()));
        assert_eq!(there(&folder.path().join("gone/a.csv")), None);
    }
}

//! What earlier programs kept where it roams, moved once to where it stays.
//!
//! Each is renamed whole. Nothing that is there already is written over, and killed in between, the next start goes on with
//! the rest. Left out on purpose: a copy from one disk to another, which could be half done.

use std::io;
use std::path::Path;

use super::Paths;
use crate::owner_only;

const HISTORY: &str = "history.sqlite";
/// What waits to be written into it: nothing, where the last program ended well.
const WAITING: &str = "history.sqlite-wal";
const FOLDERS: [&str; 2] = ["recordings", "logs"];

impl Paths {
    /// Moves what earlier programs left in the folder that roams, before any of it is opened. Where the history cannot be
    /// moved now (an earlier program is still running, another disk), these are the paths as they were, and the next start
    /// tries again; recordings are fetched anew.
    #[must_use]
    pub fn settled(self) -> Self {
        if self.home == self.local {
            return self;
        }
        if let Err(error) = self.settle_history() {
            tracing::warn!(%error, "what stays on this computer is kept where it was");
            return Self::below(self.home);
        }
        for name in FOLDERS {
            if let Err(error) = self.settle(name) {
                tracing::warn!(%error, name, "a folder stays where it was, and is not used");
            }
        }
        self
    }

    /// The file, then what waits for it: beside another file than its own, that would be written into it all the same.
    fn settle_history(&self) -> io::Result<()> {
        let moved = self.settle(HISTORY)?;
        let another = there(&self.home.join(HISTORY))?;
        if another || !there(&self.history())? {
            return Ok(());
        }
        self.settle(WAITING).map(|_| ()).inspect_err(|_| {
            if moved {
                let _ = std::fs::rename(self.local.join(HISTORY), self.home.join(HISTORY));
            }
        })
    }

    /// Whether it was moved: it was there, and nothing had its place. What cannot be told is a failure.
    fn settle(&self, name: &str) -> io::Result<bool> {
        let (from, to) = (self.home.join(name), self.local.join(name));
        if !there(&from)? || there(&to)? {
            return Ok(false);
        }
        std::fs::create_dir_all(&self.local)?;
        owner_only(&self.local)?;
        std::fs::rename(from, to)?;
        Ok(true)
    }
}

/// Whether there is such a thing; a folder that cannot be read is no answer, and what is below a file is not there.
fn there(path: &Path) -> io::Result<bool> {
    match path.try_exists() {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    struct Computer {
        _folder: tempfile::TempDir,
        paths: Paths,
    }

    impl Computer {
        /// As an earlier program left it, a recording and a log among it.
        fn lived_in() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let paths = Paths {
                home: folder.path().join("Roaming/atalaya"),
                local: folder.path().join("Local/atalaya"),
            };
            for (name, text) in [
                ("atalaya.sqlite", "trail"),
                ("window.json", "size"),
                ("history.sqlite", "days"),
                ("history.sqlite-wal", "last minutes"),
                ("recordings/a.mp3", "sound"),
                ("logs/atalaya.log", "line"),
            ] {
                write(&paths.home.join(name), text);
            }
            Self { _folder: folder, paths }
        }

        fn settled(&self) -> Paths {
            self.paths.clone().settled()
        }
    }

    fn write(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Every file below a folder, by its name from there.
    fn files(folder: &Path) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
        while let Some(at) = folders.pop() {
            for path in std::fs::read_dir(at).into_iter().flatten().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                    found.insert(name, std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        found
    }

    fn of(these: &[(&str, &str)]) -> BTreeMap<String, String> {
        these.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    const STAYS: [(&str, &str); 4] = [
        ("history.sqlite", "days"),
        ("history.sqlite-wal", "last minutes"),
        ("logs/atalaya.log", "line"),
        ("recordings/a.mp3", "sound"),
    ];
    const ROAMS: [(&str, &str); 2] = [("atalaya.sqlite", "trail"), ("window.json", "size")];

    #[test]
    fn what_stays_on_this_computer_is_moved_once_and_the_rest_roams_on() {
        let ana = Computer::lived_in();
        for _ in 0..2 {
            assert_eq!(ana.settled(), ana.paths);
            assert_eq!(files(&ana.paths.local), of(&STAYS));
            assert_eq!(files(&ana.paths.home), of(&ROAMS));
        }
        let one = Paths::below(ana.paths.home.clone());
        assert_eq!(one.clone().settled(), one, "nothing is to be told apart there");
    }

    #[test]
    fn killed_after_any_of_it_the_next_start_goes_on() {
        for done in 0..4 {
            let ana = Computer::lived_in();
            for name in [HISTORY, WAITING].iter().chain(&FOLDERS).take(done) {
                ana.paths.settle(name).unwrap();
            }
            assert_eq!(ana.settled(), ana.paths);
            assert_eq!(files(&ana.paths.local), of(&STAYS), "after {done}");
            assert_eq!(files(&ana.paths.home), of(&ROAMS), "after {done}");
        }
    }

    #[test]
    fn nothing_that_is_there_already_is_written_over() {
        let ana = Computer::lived_in();
        write(&ana.paths.history(), "newer days");
        write(&ana.paths.logs().join("atalaya.log"), "newer line");
        assert_eq!(ana.settled(), ana.paths);
        let local = [
            ("history.sqlite", "newer days"),
            ("logs/atalaya.log", "newer line"),
            ("recordings/a.mp3", "sound"),
        ];
        assert_eq!(files(&ana.paths.local), of(&local), "another history's last minutes stay away from it");
        assert_eq!(std::fs::read_to_string(ana.paths.home.join("history.sqlite")).unwrap(), "days");
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_moved_is_used_where_it_is() {
        let ana = Computer::lived_in();
        // A file where the folder should be: whatever the reason.
        write(&ana.paths.local, "");
        let used = ana.settled();
        assert_eq!(used, Paths::below(ana.paths.home.clone()));
        assert_eq!(std::fs::read_to_string(used.history()).unwrap(), "days");

        // What waits cannot follow: the file goes back to it, since either without the other is something else.
        let eva = Computer::lived_in();
        std::fs::create_dir_all(&eva.paths.local).unwrap();
        std::os::unix::fs::symlink(eva.paths.local.join(WAITING), eva.paths.local.join(WAITING)).unwrap();
        assert_eq!(eva.settled(), Paths::below(eva.paths.home.clone()));
        assert_eq!(std::fs::read_to_string(eva.paths.home.join(HISTORY)).unwrap(), "days");
        assert_eq!(std::fs::read_to_string(eva.paths.home.join(WAITING)).unwrap(), "last minutes");
    }
}

//! One file that holds everything, and putting it back: the copy is checked before anything is touched, what was there
//! before is kept beside it, and a kill at any moment leaves the one or the other.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::Serialize;
use ts_rs::TS;

use crate::error::Error;
use crate::store::{Migrations, Store, incoming, opened, prepared};

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupContent {
    /// Where it is.
    pub path: String,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Rows by table, tables with none left out.
    pub rows: Vec<(String, u32)>,
}

fn unreadable(path: &Path, source: rusqlite::Error) -> Error {
    Error::Unreadable { path: path.display().to_string(), source }
}

fn folder(path: &Path, source: std::io::Error) -> Error {
    Error::Folder { path: path.display().to_string(), source }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Looks into a backup without changing it: whole, ours, and of no newer program.
///
/// # Errors
/// `storeUnreadable` for a file that is none or a damaged one, `storeNewer` for one of a newer program.
pub fn check(path: &Path, migrations: &[Migrations]) -> Result<BackupContent, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| unreadable(path, error))?;
    let look = || {
        let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(rusqlite::Error::InvalidQuery);
        }
        // Ours: the tables every file of this program has.
        connection.query_row("SELECT count(*) FROM setting, migration WHERE 0", [], |_| Ok(()))?;
        let mut tables = connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE 'CREATE VIRTUAL%'
             AND name NOT LIKE '%words_%' AND name != 'migration' ORDER BY name",
        )?;
        let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for name in names {
            let quoted = name.replace('"', "\"\"");
            let count: u32 =
                connection.query_row(&format!("SELECT count(*) FROM \"{quoted}\""), [], |row| row.get(0))?;
            if count > 0 {
                rows.push((name, count));
            }
        }
        Ok(rows)
    };
    let rows = look().map_err(|error| unreadable(path, error))?;
    for of in migrations {
        let found: Option<u32> = connection
            .query_row("SELECT version FROM migration WHERE owner = ?1", [of.owner], |row| row.get(0))
            .optional()?;
        let known = of.steps.len() as u32;
        if let Some(found) = found.filter(|found| *found > known) {
            return Err(Error::Newer { owner: of.owner, found, known });
        }
    }
    let bytes = std::fs::metadata(path).map_err(|error| folder(path, error))?.len();
    Ok(BackupContent { path: text(path), bytes, rows })
}

impl Store {
    /// Writes everything into one file, whole or not at all, while the program goes on.
    ///
    /// # Errors
    /// `storeFolder` or `storeFailed`: the folder or the disk.
    pub fn back_up(&self, to: &Path, migrations: &[Migrations]) -> Result<BackupContent, Error> {
        let part = to.with_extension("part");
        let gone = std::fs::remove_file(&part);
        drop(gone);
        self.with(|connection| connection.execute("VACUUM INTO ?1", params![text(&part)]))?;
        let content = check(&part, migrations)?;
        std::fs::rename(&part, to).map_err(|error| folder(to, error))?;
        Ok(BackupContent { path: text(to), ..content })
    }

    /// Puts a backup in place of everything there is; gives where the file that was there before is kept. Every clone of
    /// this store sees the new content from then on.
    ///
    /// # Errors
    /// As [`check`], and those of the disk: then nothing has changed.
    pub fn restore(&self, from: &Path, migrations: &[Migrations], stamp: &str) -> Result<PathBuf, Error> {
        check(from, migrations)?;
        let path = self.path().ok_or(Error::Database(rusqlite::Error::InvalidQuery))?.to_owned();
        let incoming = incoming(&path);
        let before = path.with_file_name(format!("atalaya before {stamp}.sqlite"));
        drop(std::fs::remove_file(&incoming));
        // A copy of our own, brought up to date where a failure costs nothing.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = Connection::open_with_flags(from, flags).map_err(|error| unreadable(from, error))?;
        source.execute("VACUUM INTO ?1", params![text(&incoming)])?;
        drop(source);
        let ready = prepared(opened(&incoming)?, migrations)?;
        ready.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        drop(ready);
        self.swap(|live| {
            live.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            *live = Connection::open_in_memory()?;
            // Killed between the two, the next start finds the incoming one alone and takes it.
            let moved = std::fs::rename(&path, &before).and_then(|()| std::fs::rename(&incoming, &path));
            let moved = moved.map_err(|error| folder(&path, error));
            if moved.is_err() && !path.exists() {
                drop(std::fs::rename(&before, &path));
            }
            *live = prepared(opened(&path)?, migrations)?;
            moved
        })?;
        Ok(before)
    }
}

#[cfg(test)]
mod tests {
    use atalaya_clock::Clock;

    use super::*;

    const TABLES: Migrations = Migrations {
        owner: "calls",
        steps: &["CREATE TABLE tag (guid TEXT) STRICT;", "CREATE TABLE other (x TEXT) STRICT;"],
    };

    fn tags(store: &Store) -> i64 {
        store.with(|c| c.query_row("SELECT count(*) FROM tag", [], |row| row.get(0))).unwrap()
    }

    fn add(store: &Store) {
        store.with(|c| c.execute("INSERT INTO tag VALUES ('g')", [])).unwrap();
    }

    #[test]
    fn a_backup_is_put_back_and_what_was_there_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let (file, backup) = (home.path().join("atalaya.sqlite"), home.path().join("copy.sqlite"));
        let store = Store::open(&file, &[TABLES], Clock::system()).unwrap();
        add(&store);
        let content = store.back_up(&backup, &[TABLES]).unwrap();
        assert_eq!(content.rows, [("tag".to_owned(), 1)]);
        assert_eq!(check(&backup, &[TABLES]).unwrap(), content);
        add(&store);
        store.set_setting("later", &1).unwrap();
        let clone = store.clone();
        let before = store.restore(&backup, &[TABLES], "2026-03-02").unwrap();
        assert_eq!((tags(&clone), clone.setting::<i32>("later").unwrap()), (1, None));
        add(&clone);
        drop((store, clone));
        assert_eq!(
            tags(&Store::open(&file, &[TABLES], Clock::system()).unwrap()),
            2,
            "what is written after it stays"
        );
        assert_eq!(check(&before, &[TABLES]).unwrap().rows.last().unwrap().1, 2);
    }

    #[test]
    fn a_backup_of_an_earlier_version_comes_up_to_date() {
        let home = tempfile::tempdir().unwrap();
        let older = Migrations { steps: &TABLES.steps[..1], ..TABLES };
        let old = Store::open(&home.path().join("old.sqlite"), &[older], Clock::system()).unwrap();
        add(&old);
        let backup = home.path().join("copy.sqlite");
        old.back_up(&backup, &[older]).unwrap();
        let store = Store::open(&home.path().join("atalaya.sqlite"), &[TABLES], Clock::system()).unwrap();
        store.restore(&backup, &[TABLES], "x").unwrap();
        store.with(|c| c.execute("INSERT INTO other VALUES ('x')", [])).unwrap();
        assert_eq!(tags(&store), 1);
    }

    #[test]
    fn what_is_no_backup_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("atalaya.sqlite"), &[TABLES], Clock::system()).unwrap();
        add(&store);
        let path = |name: &str| home.path().join(name);
        std::fs::write(path("text"), "no database").unwrap();
        Connection::open(path("other")).unwrap().execute_batch("CREATE TABLE x (y);").unwrap();
        store.back_up(&path("good"), &[TABLES]).unwrap();
        let mut damaged = std::fs::read(path("good")).unwrap();
        let middle = damaged.len() / 2;
        damaged[middle..].fill(7);
        std::fs::write(path("damaged"), damaged).unwrap();
        for (name, code) in [
            ("text", "storeUnreadable"),
            ("other", "storeUnreadable"),
            ("damaged", "storeUnreadable"),
            ("nowhere", "storeUnreadable"),
        ] {
            assert_eq!(store.restore(&path(name), &[TABLES], "x").unwrap_err().code(), code, "{name}");
        }
        let older = Migrations { steps: &TABLES.steps[..1], ..TABLES };
        let old = Store::open(&path("old.sqlite"), &[older], Clock::system()).unwrap();
        assert_eq!(old.restore(&path("good"), &[older], "x").unwrap_err().code(), "storeNewer");
        assert_eq!(tags(&store), 1);
        assert!(store.back_up(&path("missing/copy"), &[TABLES]).is_err());
    }

    #[test]
    fn a_kill_between_the_two_moves_leaves_the_backup_in_place() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("atalaya.sqlite");
        let store = Store::open(&file, &[TABLES], Clock::system()).unwrap();
        add(&store);
        store.back_up(&incoming(&file), &[TABLES]).unwrap();
        drop(store);
        // The live file moved away, the other one not yet in its place.
        std::fs::rename(&file, home.path().join("before")).unwrap();
        assert_eq!(tags(&Store::open(&file, &[TABLES], Clock::system()).unwrap()), 1);
    }
}

//! Looking into the file without bringing it up to date: for what decides whether another version of the program may have
//! it.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::owner::owner_only;

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let unreadable = |source| Error::Unreadable { path: path.display().to_string(), source };
    let connection = Connection::open_with_flags(path, flags).map_err(unreadable)?;
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(unreadable)?;
    Ok(connection)
}

/// How far each owner's tables are; nothing where there is no file yet.
///
/// # Errors
/// `storeUnreadable`.
pub fn versions(path: &Path) -> Result<BTreeMap<String, u32>, Error> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let unreadable = |source| Error::Unreadable { path: path.display().to_string(), source };
    let connection = open(path)?;
    let mut rows = connection.prepare("SELECT owner, version FROM migration").map_err(unreadable)?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(unreadable)?;
    rows.collect::<Result<_, _>>().map_err(unreadable)
}

/// Copies all of it into another file, as it is, while others go on with it. A copy that was begun before is replaced.
///
/// # Errors
/// `storeUnreadable`, `storeFailed`: then no copy is there.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let folder = |source| Error::Folder { path: to.display().to_string(), source };
    let part = to.with_extension("part");
    drop(std::fs::remove_file(&part));
    let copied = open(from)?.execute("VACUUM INTO ?1", params![part.display().to_string()]);
    if let Err(error) = copied {
        drop(std::fs::remove_file(&part));
        return Err(error.into());
    }
    let settled = owner_only(&part)
        .and_then(|()| std::fs::File::options().write(true).open(&part)?.sync_all())
        .and_then(|()| std::fs::rename(&part, to));
    settled.map_err(folder)
}

/// A setting as it lies there; `None` where there is no file, none of this name, or one that cannot be read.
///
/// # Errors
/// `storeUnreadable`.
pub fn setting<T: DeserializeOwned>(path: &Path, key: &str) -> Result<Option<T>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let text: Option<String> = open(path)?
        .query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0))
        .optional()
        .map_err(|source| Error::Unreadable { path: path.display().to_string(), source })?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

#[cfg(test)]
mod tests {
    use atalaya_clock::Clock;

    use super::*;
    use crate::{Migrations, Store};

    const TABLES: Migrations =
        Migrations { owner: "calls", steps: &["CREATE TABLE tag (guid TEXT) STRICT;"] };

    #[test]
    fn a_file_is_looked_into_and_copied_while_somebody_writes() {
        let home = tempfile::tempdir().unwrap();
        let (path, to) = (home.path().join("a.sqlite"), home.path().join("b.sqlite"));
        assert!(versions(&path).unwrap().is_empty());
        assert_eq!(setting::<u32>(&path, "x").unwrap(), None);
        let store = Store::open(&path, &[TABLES], Clock::system()).unwrap();
        store.set_setting("x", &7).unwrap();
        assert_eq!(versions(&path).unwrap().get("calls"), Some(&1));
        assert_eq!(setting::<u32>(&path, "x").unwrap(), Some(7));
        copy(&path, &to).unwrap();
        store.set_setting("x", &8).unwrap();
        copy(&path, &to).unwrap();
        assert_eq!(setting::<u32>(&to, "x").unwrap(), Some(8), "what was not written through is in it");
        std::fs::write(home.path().join("c.sqlite"), "no database at all, but long enough to be looked at")
            .unwrap();
        assert_eq!(versions(&home.path().join("c.sqlite")).unwrap_err().code(), "storeUnreadable");
        assert!(copy(&home.path().join("c.sqlite"), &to).is_err());
        assert_eq!(setting::<u32>(&to, "x").unwrap(), Some(8));
    }
}

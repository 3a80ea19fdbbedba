//! Recordings on this computer: a folder of whole files, bounded, the longest unheard go first.
//!
//! A file under its final name is whole: it is written under another and renamed. What is being read stays until it is
//! let go.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use atalaya_store::owner_only;
use atalaya_ucontact::{Format, Host, Place};

use crate::error::Error;

const PART: &str = "part";

/// The folder.
#[derive(Debug)]
pub struct Cache {
    /// `None`: nowhere, nothing can be kept.
    folder: Option<PathBuf>,
    max_bytes: AtomicU64,
    next_part: AtomicU64,
    pins: Mutex<Pins>,
}

/// What is being read.
#[derive(Debug, Default)]
struct Pins {
    /// Names, and by how many.
    held: HashMap<PathBuf, u32>,
    /// Those among them that go when they are let go.
    doomed: HashSet<PathBuf>,
    /// A file begun before this number goes when it is whole and let go.
    kept_from: u64,
}

/// A file being read; it is not removed meanwhile.
#[derive(Debug)]
pub(crate) struct Pinned {
    cache: Arc<Cache>,
    path: PathBuf,
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let mut pins = self.cache.pins();
        let Some(count) = pins.held.get_mut(&self.path) else { return };
        *count -= 1;
        if *count == 0 {
            pins.held.remove(&self.path);
            if pins.doomed.remove(&self.path) {
                remove(&self.path);
            }
        }
    }
}

impl Cache {
    /// Opens the folder, readable by its owner alone, and clears what a killed program left half written.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(folder: &Path, max_bytes: u64) -> Result<Arc<Self>, Error> {
        std::fs::create_dir_all(folder)?;
        owner_only(folder)?;
        for file in std::fs::read_dir(folder)?.filter_map(Result::ok) {
            if file.path().extension().is_some_and(|ending| ending == PART) {
                remove(&file.path());
            }
        }
        let cache = Arc::new(Self {
            folder: Some(folder.to_owned()),
            max_bytes: AtomicU64::new(max_bytes),
            next_part: AtomicU64::new(1),
            pins: Mutex::default(),
        });
        cache.trim();
        Ok(cache)
    }

    /// No folder: no recording can be fetched into it.
    pub fn nowhere() -> Arc<Self> {
        Arc::new(Self {
            folder: None,
            max_bytes: AtomicU64::new(0),
            next_part: AtomicU64::new(1),
            pins: Mutex::default(),
        })
    }

    fn folder(&self) -> io::Result<&Path> {
        self.folder.as_deref().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn pins(&self) -> std::sync::MutexGuard<'_, Pins> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pin(self: &Arc<Self>, path: &Path) -> Pinned {
        *self.pins().held.entry(path.to_owned()).or_default() += 1;
        Pinned { cache: Arc::clone(self), path: path.to_owned() }
    }

    /// Bytes of whole recordings.
    pub fn size(&self) -> u64 {
        self.whole_files().iter().map(|(_, size, _)| size).sum()
    }

    /// Changes the bound.
    pub fn set_max(&self, max_bytes: u64) {
        self.max_bytes.store(max_bytes, Ordering::Relaxed);
        self.trim();
    }

    /// Removes all; what is being read or still arrives goes when it is let go.
    pub fn clear(&self) {
        {
            let mut pins = self.pins();
            pins.kept_from = self.next_part.load(Ordering::Relaxed);
            pins.doomed = pins.held.keys().cloned().collect();
        }
        self.shrink_to(0);
    }

    fn trim(&self) {
        self.shrink_to(self.max_bytes.load(Ordering::Relaxed));
    }

    fn shrink_to(&self, most: u64) {
        let mut files = self.whole_files();
        files.sort_by_key(|(_, _, heard)| *heard);
        let mut size: u64 = files.iter().map(|(_, size, _)| size).sum();
        let pins = self.pins();
        for (path, bytes, _) in files {
            if size <= most {
                break;
            }
            if !pins.held.contains_key(&path) {
                remove(&path);
                size -= bytes;
            }
        }
    }

    fn whole_files(&self) -> Vec<(PathBuf, u64, SystemTime)> {
        let Ok(files) = self.folder().and_then(std::fs::read_dir) else { return Vec::new() };
        files
            .filter_map(Result::ok)
            .filter(|file| file.path().extension().is_none_or(|ending| ending != PART))
            .filter_map(|file| {
                let data = file.metadata().ok()?;
                Some((file.path(), data.len(), data.modified().unwrap_or(SystemTime::UNIX_EPOCH)))
            })
            .collect()
    }

    /// A whole recording, when it is here.
    pub(crate) fn find(self: &Arc<Self>, account: &str, guid: &str) -> Option<(File, Pinned, Place, u64)> {
        let prefix = format!("{account}~{guid}~");
        let path = self.whole_files().into_iter().map(|(path, _, _)| path).find(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(&prefix))
        })?;
        let place = place_of(path.file_name()?.to_str()?.strip_prefix(&prefix)?)?;
        let pinned = self.pin(&path);
        let file = File::options().read(true).write(true).open(&path).ok()?;
        // Heard now: the last to go. A file system without times only changes the order.
        let _ = file.set_modified(SystemTime::now());
        let size = file.metadata().ok()?.len();
        Some((file, pinned, place, size))
    }

    /// A new file to write into.
    pub(crate) fn begin(self: &Arc<Self>) -> io::Result<(File, PathBuf)> {
        let number = self.next_part.fetch_add(1, Ordering::Relaxed);
        let path = self.folder()?.join(format!("{}-{number}.{PART}", std::process::id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        owner_only(&path)?;
        Ok((file, path))
    }

    /// The file is whole: it gets its name, and older ones make room.
    pub(crate) fn finish(
        self: &Arc<Self>,
        part: &Path,
        account: &str,
        guid: &str,
        place: &Place,
    ) -> io::Result<Pinned> {
        let path = self.folder()?.join(format!("{account}~{guid}~{}", name_of(place)));
        let pinned = self.pin(&path);
        std::fs::rename(part, &path)?;
        let begun = part.file_stem().and_then(|name| name.to_str()?.rsplit_once('-')?.1.parse::<u64>().ok());
        {
            let mut pins = self.pins();
            if begun.is_some_and(|begun| begun < pins.kept_from) {
                pins.doomed.insert(path);
            }
        }
        self.trim();
        Ok(pinned)
    }
}

pub(crate) fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a recording could not be removed from the cache");
    }
}

fn name_of(place: &Place) -> String {
    let host = match place.host {
        Host::Telephony => "t",
        Host::Backup => "b",
    };
    format!("{host}~{}.{}", place.day.as_deref().unwrap_or("root"), place.format.name())
}

fn place_of(name: &str) -> Option<Place> {
    let (rest, format) = name.rsplit_once('.')?;
    let (host, day) = rest.split_once('~')?;
    Some(Place {
        host: match host {
            "t" => Host::Telephony,
            "b" => Host::Backup,
            _ => return None,
        },
        day: (day != "root").then(|| day.to_owned()),
        format: match format {
            "mp3" => Format::Mp3,
            "gsm" => Format::Gsm,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn put(cache: &Arc<Cache>, guid: &str, bytes: usize) -> Pinned {
        let (mut file, part) = cache.begin().unwrap();
        file.write_all(&vec![7; bytes]).unwrap();
        let place = Place { host: Host::Backup, day: Some("20260131".into()), format: Format::Gsm };
        cache.finish(&part, "a", guid, &place).unwrap()
    }

    #[test]
    fn the_longest_unheard_go_and_what_is_heard_stays() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::open(home.path(), 250).unwrap();
        let first = put(&cache, "one", 100);
        drop(put(&cache, "two", 100));
        drop(put(&cache, "three", 100));
        assert_eq!(cache.size(), 200);
        assert!(cache.find("a", "one").is_some(), "pinned");
        assert!(cache.find("a", "two").is_none(), "the longest unheard of the others");
        let (_, _, place, size) = cache.find("a", "three").unwrap();
        assert_eq!((place.host, place.day.as_deref(), size), (Host::Backup, Some("20260131"), 100));
        assert!(cache.find("b", "three").is_none(), "another account's");
        let (_, arriving) = cache.begin().unwrap();
        cache.clear();
        assert_eq!(cache.size(), 100, "what is heard is heard to its end");
        drop(first);
        assert_eq!(cache.size(), 0, "and goes when it is let go");
        let place = Place { host: Host::Backup, day: None, format: Format::Mp3 };
        let whole = cache.finish(&arriving, "a", "late", &place).unwrap();
        assert!(cache.find("a", "late").is_some(), "what was under way is heard as well");
        drop(whole);
        assert!(cache.find("a", "late").is_none());
        drop(put(&cache, "after", 100));
        assert_eq!(cache.size(), 100, "what comes after it stays");
    }

    #[test]
    fn half_written_files_are_cleared_when_opened_again() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::open(home.path(), 1_000).unwrap();
        let (_, part) = cache.begin().unwrap();
        drop(cache);
        assert!(part.exists());
        let cache = Cache::open(home.path(), 1_000).unwrap();
        assert!(!part.exists());
        assert_eq!(cache.size(), 0);
    }
}

//! Files written whole or not at all, and read within bounds.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::Error;
use crate::names::unique;

/// More than any worklist with its reviews is, or any list of views or rules.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A file under way: it lies beside its name until it is whole, and is gone when it is dropped before.
#[derive(Debug)]
pub struct Unfinished {
    out: BufWriter<File>,
    // Dropped after the file is closed: an open one cannot be removed everywhere.
    beside: TempPath,
    path: PathBuf,
}

impl Unfinished {
    /// Begins the file that will be at `path`.
    ///
    /// # Errors
    /// The folder's or the disk's.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let mut draft = tempfile::Builder::new();
        draft.prefix("atalaya-").suffix(".part");
        // Made plainly, it may be read by whoever may read a new file of this person; a temporary one is its owner's alone.
        let (file, beside) = draft.make_in(folder_of(path), |beside| File::create_new(beside))?.into_parts();
        Ok(Self { out: BufWriter::new(file), beside, path: path.to_owned() })
    }

    /// The same for something that is its owner's alone to read, a password for instance.
    ///
    /// # Errors
    /// The folder's or the disk's; [`io::ErrorKind::AlreadyExists`] when there is such a file: nothing is written over.
    pub fn begin_private(path: &Path) -> io::Result<Self> {
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut draft = tempfile::Builder::new();
        draft.prefix("atalaya-").suffix(".part");
        let (file, beside) = draft.tempfile_in(folder_of(path))?.into_parts();
        Ok(Self { out: BufWriter::new(file), beside, path: path.to_owned() })
    }

    /// Gives it its name, once all of it is on the disk; what had the name before is replaced.
    ///
    /// # Errors
    /// The folder's or the disk's: then nothing of it is left.
    pub fn finish(self) -> io::Result<()> {
        let path = self.path.clone();
        self.finish_as(&path)
    }

    /// Gives it another name in the same folder: what it was to be it did not become.
    ///
    /// # Errors
    /// As [`Unfinished::finish`].
    pub fn finish_as(self, path: &Path) -> io::Result<()> {
        // Closed before it is named: Windows neither moves nor removes what is open.
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        self.beside.persist(path).map_err(|refused| given_up(refused.path, refused.error))
    }

    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What could not be given its name does not stay behind under another; the error, as it was.
fn given_up(beside: TempPath, error: io::Error) -> io::Error {
    let left = beside.to_path_buf();
    drop(beside);
    // Whoever looked into the new file (a virus scanner) may have had it open at that moment.
    let _ = std::fs::remove_file(left);
    error
}

impl Unfinished {
    /// Gives it a name in its folder that no file has, also where somebody else takes one at this very moment: `name.ending`,
    /// with a number where that is taken or was given out before. What it is called then.
    ///
    /// # Errors
    /// As [`Unfinished::finish`].
    pub fn finish_free(self, name: &str, ending: &str, given: &mut BTreeSet<String>) -> io::Result<PathBuf> {
        let Self { out, mut beside, path } = self;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        let folder = folder_of(&path);
        loop {
            let path = folder.join(unique(folder, name, ending, given));
            match beside.persist_noclobber(&path) {
                Ok(()) => return Ok(path),
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => beside = taken.path,
                // Not every file system can say no by itself; that the name was free is all there is then.
                Err(other) => {
                    return match other.path.persist(&path) {
                        Ok(()) => Ok(path),
                        Err(refused) => Err(given_up(refused.path, refused.error)),
                    };
                }
            }
        }
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Seek for Unfinished {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.out.seek(to)
    }
}

/// A name alone is in the current folder.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes all of it.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        let mut file = Unfinished::begin(path)?;
        file.write_all(bytes)?;
        file.finish()
    };
    write().map_err(|error| Error::write(path, error))
}

/// Writes all of it under a name of the folder that no file has, `name.ending` where it is free. Where it lies then.
///
/// # Errors
/// `exportFailed`: the folder or the disk; `fileInUse`: another program has it open.
pub fn write_free(folder: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
    let wanted = folder.join(format!("{name}.{ending}"));
    let write = || {
        let mut file = Unfinished::begin(&wanted)?;
        file.write_all(bytes)?;
        file.finish_free(name, ending, &mut BTreeSet::new())
    };
    write().map_err(|error| Error::write(&wanted, error))
}

/// Reads a text of at most sixteen megabytes.
///
/// # Errors
/// `importFailed`: not there, not text, or too large.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let read = || {
        let mut text = String::new();
        File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
        if text.len() as u64 > LARGEST {
            return Err(io::Error::other("larger than 16 MB"));
        }
        Ok(text)
    };
    read().map_err(|error| Error::read(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_is_written_is_whole_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vistas.json");
        write_whole(&path, b"before").unwrap();
        write_whole(&path, "ñ".as_bytes()).unwrap();
        assert_eq!(read_text(&path).unwrap(), "ñ");
        assert_eq!(names(folder.path()), ["vistas.json"]);
        assert_eq!(write_whole(&folder.path().join("missing/x"), b"").unwrap_err().code(), "exportFailed");
    }

    #[test]
    fn a_file_given_up_leaves_nothing_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("llamadas.csv");
        write_whole(&path, b"before").unwrap();
        let mut file = Unfinished::begin(&path).unwrap();
        file.write_all(b"half of it").unwrap();
        file.flush().unwrap();
        assert_eq!((names(folder.path()).len(), read_text(&path).unwrap().as_str()), (2, "before"));
        drop(file);
        assert_eq!((names(folder.path()).len(), read_text(&path).unwrap().as_str()), (1, "before"));

        // A folder has the name: it cannot be given, and nothing is left beside it.
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).unwrap();
        assert_eq!(write_whole(&taken, b"all").unwrap_err().code(), "exportFailed");
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn what_could_not_be_given_its_name_does_not_stay_behind() {
        let folder = tempfile::tempdir().unwrap();
        // Closed, as it is when a name is asked for.
        let Unfinished { out, beside, .. } = Unfinished::begin(&folder.path().join("llamadas.csv")).unwrap();
        drop(out);
        let error = given_up(beside, io::ErrorKind::ResourceBusy.into());
        assert_eq!((error.kind(), names(folder.path()).len()), (io::ErrorKind::ResourceBusy, 0));
    }

    #[test]
    fn a_file_of_a_free_name_takes_nobodys_place_whoever_writes_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let texts: Vec<String> = (0..16).map(|number| number.to_string()).collect();
        std::thread::scope(|scope| {
            for text in &texts {
                scope.spawn(|| write_free(folder.path(), "informe", "csv", text.as_bytes()).unwrap());
            }
        });
        let mut found: Vec<String> =
            names(folder.path()).iter().map(|name| read_text(&folder.path().join(name)).unwrap()).collect();
        found.sort_by_key(|text| text.parse::<u32>().unwrap());
        assert_eq!(found, texts);
        assert!(
            folder.path().join("informe.csv").exists() && folder.path().join("informe (16).csv").exists()
        );
        assert_eq!(
            write_free(&folder.path().join("gone"), "a", "csv", b"").unwrap_err().code(),
            "exportFailed"
        );
    }

    #[cfg(unix)]
    #[test]
    fn whoever_may_read_a_new_file_of_this_person_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        write_whole(&ours, b"x").unwrap();
        std::fs::write(&plain, b"x").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let missing = read_text(&path).unwrap_err();
        assert_eq!((missing.code(), missing.retryable()), ("importFailed", true));
        assert_eq!(missing.params()[0], ("path", path.display().to_string()));
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(read_text(&path).unwrap_err().code(), "importFailed");
        std::fs::write(&path, vec![b'a'; LARGEST as usize + 1]).unwrap();
        let (name, detail) = read_text(&path).unwrap_err().params().remove(1);
        assert!(name == "detail" && detail.contains("16 MB"), "{detail}");
    }
}

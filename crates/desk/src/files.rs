//! Files a person hands on or takes in: written whole or not at all, read within bounds.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::problem::{Problem, problem};

/// More than any list of views or rules is.
const LARGEST: u64 = 1024 * 1024;

/// Writes beside the name first and renames then, so that there is never half a file.
///
/// # Errors
/// `exportFailed`: the folder or the disk.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let beside = beside(path);
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| failed("exportFailed", path, &error))
}

/// Where a file is written before it has its name.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    PathBuf::from(beside)
}

/// Reads a text of at most one megabyte.
///
/// # Errors
/// `importFailed`: not there, not text, or too large.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    let read = || {
        let mut text = String::new();
        std::fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
        if text.len() as u64 > LARGEST {
            return Err(io::Error::other("larger than 1 MB"));
        }
        Ok(text)
    };
    read().map_err(|error| failed("importFailed", path, &error))
}

pub(crate) fn failed(code: &str, path: &Path, error: &io::Error) -> Problem {
    problem(code, [("path", path.display().to_string()), ("detail", error.to_string())], true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_whole_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vistas.json");
        write_whole(&path, "ñ".as_bytes()).unwrap();
        assert_eq!(read_text(&path).unwrap(), "ñ");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write_whole(&folder.path().join("missing/x"), b"").unwrap_err().code, "exportFailed");
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert_eq!(read_text(&path).unwrap_err().code, "importFailed");
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(read_text(&path).unwrap_err().code, "importFailed");
        std::fs::write(&path, vec![b'a'; 1024 * 1024 + 1]).unwrap();
        assert!(read_text(&path).unwrap_err().params["detail"].contains("1 MB"));
    }
}

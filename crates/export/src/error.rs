//! What can go wrong with a file that a person named.

use std::fs::File;
use std::io;
use std::path::Path;

/// A file that could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be written; nothing lies under its name that did not before.
    #[error("the file could not be written ({path}: {source}): check the folder and the disk")]
    Write {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another program has a file of that name open, and keeps everybody else from it; nothing lies under its name that did
    /// not before.
    #[error("{path} is open in another program, Excel for instance: close it there and try again ({source})")]
    InUse {
        /// Where.
        path: String,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// It is not there, not text, or too large.
    #[error("the file could not be read ({path}: {source}): choose one that this program saved")]
    Read {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Of a file that could not be written.
    pub fn write(path: &Path, source: io::Error) -> Self {
        let name = path.display().to_string();
        if is_in_use(path, &source) {
            Self::InUse { path: name, source }
        } else {
            Self::Write { path: name, source }
        }
    }

    /// Of a file that could not be read.
    pub fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.display().to_string(), source }
    }

    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Write { .. } => "exportFailed",
            Self::InUse { .. } => "fileInUse",
            Self::Read { .. } => "importFailed",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Write { path, source } | Self::InUse { path, source } | Self::Read { path, source } => {
                vec![("path", path.clone()), ("detail", source.to_string())]
            }
        }
    }

    /// Whether trying again may help: always, the folder or the file may be put right.
    pub fn retryable(&self) -> bool {
        true
    }
}

/// Windows' numbers for a file that somebody else has open, whole or in part, without sharing it.
const SHARING_VIOLATIONS: [i32; 2] = [32, 33];

/// Whether another program keeps the file from us. Replacing one that is open is refused on Windows as something not
/// permitted: opening it tells that apart from a folder nobody may write to.
fn is_in_use(path: &Path, error: &io::Error) -> bool {
    let kept = |error: &io::Error| is_kept(cfg!(windows), error.raw_os_error(), error.kind());
    kept(error)
        || error.kind() == io::ErrorKind::PermissionDenied
            && path.is_file()
            && File::options().write(true).open(path).is_err_and(|refused| kept(&refused))
}

fn is_kept(windows: bool, number: Option<i32>, kind: io::ErrorKind) -> bool {
    kind == io::ErrorKind::ResourceBusy
        || windows && number.is_some_and(|number| SHARING_VIOLATIONS.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_open_elsewhere_is_told_from_one_that_cannot_be_written() {
        let other = io::ErrorKind::Other;
        for (windows, number, kind, kept) in [
            (true, Some(32), other, true),
            (true, Some(33), other, true),
            (true, Some(5), io::ErrorKind::PermissionDenied, false),
            // Elsewhere the number is a broken pipe's.
            (false, Some(32), io::ErrorKind::BrokenPipe, false),
            (false, Some(16), io::ErrorKind::ResourceBusy, true),
            (false, None, io::ErrorKind::StorageFull, false),
        ] {
            assert_eq!(is_kept(windows, number, kind), kept, "{windows} {number:?} {kind:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("llamadas.csv");
        let busy = Error::write(&path, io::ErrorKind::ResourceBusy.into());
        assert_eq!((busy.code(), busy.retryable()), ("fileInUse", true));
        assert_eq!(busy.params()[0], ("path", path.display().to_string()));
        assert!(busy.to_string().contains("close it there"), "{busy}");
        // It is not permitted, and nobody has it open.
        std::fs::write(&path, "").unwrap();
        assert_eq!(Error::write(&path, io::ErrorKind::PermissionDenied.into()).code(), "exportFailed");
        assert_eq!(Error::write(&path, io::ErrorKind::StorageFull.into()).code(), "exportFailed");
    }
}

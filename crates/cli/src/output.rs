//! Where a command's file goes: under its name once it is whole, readable by whoever may read a new file of this person;
//! or, under the name `-`, to standard output.

use std::fs::File;
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use atalaya_export::{Error, Unfinished};

use crate::failure::Failure;

/// A file on its way.
pub enum Output {
    /// Kept beside its name until it is whole.
    File(Unfinished),
    /// Kept until it is whole, then written in one go: sound in a RIFF says at its beginning how long it is.
    Stream(Cursor<Vec<u8>>, Target),
}

/// What cannot be replaced by a file.
pub enum Target {
    /// Standard output.
    Standard,
    /// A device or a pipe that has a name.
    Named(File),
}

impl Output {
    /// Begins what will be at `path`.
    ///
    /// # Errors
    /// The folder's or the disk's.
    pub fn to(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stream(Cursor::default(), Target::Standard));
        }
        // A rename would put a file in the place of the pipe.
        if std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            let named = File::options().write(true).open(path)?;
            return Ok(Self::Stream(Cursor::default(), Target::Named(named)));
        }
        Ok(Self::File(Unfinished::begin(path).map_err(|error| Error::write(path, error))?))
    }

    /// All of it is there.
    ///
    /// # Errors
    /// The folder's or the disk's: then nothing is left under the name.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::File(file) => {
                let path = file.path().to_owned();
                file.finish().map_err(|error| Error::write(&path, error))?;
            }
            Self::Stream(bytes, Target::Standard) => {
                let mut out = io::stdout().lock();
                out.write_all(bytes.get_ref())?;
                out.flush()?;
            }
            Self::Stream(bytes, Target::Named(mut file)) => file.write_all(bytes.get_ref())?,
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stream(kept, _) => kept.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stream(..) => Ok(()),
        }
    }
}

impl Seek for Output {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Stream(kept, _) => kept.seek(to),
        }
    }
}

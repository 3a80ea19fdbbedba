//! Log files: bounded in size, readable by their owner alone, one line an event, no control characters.
//!
//! What may be logged is decided where it is logged (see docs/LOGGING.md). Left out on purpose: sending logs anywhere.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use atalaya_store::owner_only;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::problem::{Problem, problem};

/// A full file is put aside.
const FILE_BYTES: u64 = 10 * 1024 * 1024;
/// Lines that may wait for the disk; further ones are lost. Room for all of them is taken at once, 32 bytes each: as many as
/// usual (128,000) are 4 MB that nobody ever needs.
const LINES_WAITING: usize = 8_192;
/// Files kept, the one being written included.
const FILES: u32 = 5;

/// A log that was started.
pub struct Log {
    /// Writes what is left when dropped; `None` where there is no file.
    _file: Option<WorkerGuard>,
    /// Why there is none (`logNotWritten`), for Diagnostics.
    pub problem: Option<Problem>,
}

/// Starts logging into `folder`. `ATALAYA_LOG` filters, `info` without it. A floor is watched without a log rather than
/// not at all: where no file can be written, it goes to stderr, which says so first.
pub fn start(folder: &Path) -> Log {
    let filter = || EnvFilter::try_from_env("ATALAYA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_ansi(false);
    // A second start in one process (tests) keeps the first subscriber.
    match RollingFile::open(folder, FILE_BYTES, FILES) {
        Ok(file) => {
            let (writer, guard) =
                NonBlockingBuilder::default().buffered_lines_limit(LINES_WAITING).finish(file);
            let _ = lines.with_env_filter(filter()).with_writer(writer).try_init();
            Log { _file: Some(guard), problem: None }
        }
        Err(error) => {
            let path = folder.display().to_string();
            eprintln!(
                "no log can be written in {path} ({error}): the program goes on without one; check the disk"
            );
            let _ = lines.with_env_filter(filter()).with_writer(io::stderr).try_init();
            let params = [("path", path), ("detail", error.to_string())];
            Log { _file: None, problem: Some(problem("logNotWritten", params, false)) }
        }
    }
}

struct RollingFile {
    folder: PathBuf,
    file: File,
    written: u64,
    limit: u64,
    files: u32,
}

impl RollingFile {
    fn open(folder: &Path, limit: u64, files: u32) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        owner_only(folder)?;
        let (file, written) = open_current(folder)?;
        Ok(Self { folder: folder.to_owned(), file, written, limit, files })
    }

    fn path(&self, age: u32) -> PathBuf {
        match age {
            0 => self.folder.join("atalaya.log"),
            age => self.folder.join(format!("atalaya.{age}.log")),
        }
    }

    fn roll(&mut self) -> io::Result<()> {
        for age in (0..self.files - 1).rev() {
            let (from, to) = (self.path(age), self.path(age + 1));
            if from.exists() {
                std::fs::rename(from, to)?;
            }
        }
        (self.file, self.written) = open_current(&self.folder)?;
        Ok(())
    }
}

fn open_current(folder: &Path) -> io::Result<(File, u64)> {
    let path = folder.join("atalaya.log");
    let file = OpenOptions::new().create(true).append(true).open(&path)?;
    owner_only(&path)?;
    let written = file.metadata()?.len();
    Ok((file, written))
}

impl Write for RollingFile {
    /// One call is one event: its last byte ends the line, every other control character becomes a space.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        if self.written + event.len() as u64 > self.limit && self.written > 0 {
            self.roll()?;
        }
        let (body, end) = match event.split_last() {
            Some((b'\n', body)) => (body, true),
            _ => (event, false),
        };
        let mut line: Vec<u8> =
            body.iter().map(|byte| if byte.is_ascii_control() { b' ' } else { *byte }).collect();
        if end {
            line.push(b'\n');
        }
        self.file.write_all(&line)?;
        self.written += line.len() as u64;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_file_can_be_written_the_program_goes_on_and_says_so() {
        let home = tempfile::tempdir().unwrap();
        let taken = home.path().join("logs");
        std::fs::write(&taken, "a file where the folder should be").unwrap();
        let problem = start(&taken).problem.expect("it is said");
        assert_eq!(problem.code, "logNotWritten");
        assert_eq!(problem.params["path"], taken.display().to_string());
        assert!(start(&home.path().join("elsewhere")).problem.is_none());
    }

    #[test]
    fn files_roll_and_stay_bounded() {
        let home = tempfile::tempdir().unwrap();
        let mut log = RollingFile::open(home.path(), 100, 3).unwrap();
        for number in 0..40 {
            log.write_all(format!("event {number:04} with some text\n").as_bytes()).unwrap();
        }
        let mut names: Vec<_> =
            std::fs::read_dir(home.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["atalaya.1.log", "atalaya.2.log", "atalaya.log"]);
        let newest = std::fs::read_to_string(home.path().join("atalaya.log")).unwrap();
        assert!(newest.ends_with("event 0039 with some text\n"), "{newest}");
        for name in names {
            assert!(std::fs::metadata(home.path().join(name)).unwrap().len() <= 100);
        }
    }

    #[test]
    fn control_characters_never_reach_the_file() {
        let home = tempfile::tempdir().unwrap();
        let mut log = RollingFile::open(home.path(), 1000, 3).unwrap();
        log.write_all(b"a\x1b[31mred\rline\nnext\n").unwrap();
        let text = std::fs::read_to_string(home.path().join("atalaya.log")).unwrap();
        assert_eq!(text, "a [31mred line next\n");
    }
}

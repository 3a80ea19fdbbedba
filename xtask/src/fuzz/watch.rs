//! Watching one process of the fuzz target: how it ended, and what it caught on its way.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::tool;

/// One case reads at most 64 KiB; this long for a batch's case means that it never ends.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same for a case alone, which is tried again and again to make it smaller.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);
/// Kilobytes of address space: reading 64 KiB takes a few megabytes. More is refused, and refusing ends the process.
const MOST_KIB: u64 = 400 * 1024;
/// Between two looks at a process: short for one that is over in a moment.
const LOOKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));
/// What the target exits with when it was asked wrongly, and after a panic.
const WRONG_USAGE: i32 = 2;
const PANICKED: i32 = 101;

/// How a process ended badly.
pub enum Bad {
    /// A panic nobody caught, and where.
    Panic(String),
    /// Ended by the system: a stack that overflowed, an abort.
    Crash(ExitStatus),
    /// More memory than a recording can need.
    Memory,
    /// Never ended.
    Hang,
}

impl Bad {
    /// One word for a file's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Panic(_) => "panic",
            Self::Crash(_) => "crash",
            Self::Memory => "memory",
            Self::Hang => "hang",
        }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic(place) => write!(f, "panic at {place}"),
            Self::Crash(status) => write!(f, "crash ({status})"),
            Self::Memory => write!(f, "more than {} MiB of memory", MOST_KIB / 1024),
            Self::Hang => write!(f, "no end"),
        }
    }
}

/// What became of a process.
pub struct Run {
    /// `None`: it ended well.
    pub bad: Option<Bad>,
    /// Where the panics happened that were caught, once for each case and place.
    pub caught: Vec<String>,
}

/// One thing to fuzz.
pub struct Target<'a> {
    /// The built program.
    pub program: &'a Path,
    /// What it reads.
    pub name: &'a str,
    /// Where it writes each case before reading it.
    pub case: PathBuf,
}

impl Target<'_> {
    /// Has it read `count` cases from `seed` on.
    pub fn batch(&self, seed: u64, count: u64) -> Result<Run, String> {
        let words = [seed.to_string(), count.to_string(), self.case.display().to_string()];
        self.watched(&words, true)
    }

    /// Has it read one file.
    pub fn one(&self, file: &Path) -> Result<Run, String> {
        self.watched(&[file.display().to_string()], false)
    }

    /// Where it keeps the first case of a process that had a panic caught at this place.
    pub fn caught(&self, place: &str) -> PathBuf {
        let name: String =
            place.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        self.case.with_extension(name)
    }

    /// Runs it until it ends or stands still: a batch writes its case anew as long as it gets on.
    fn watched(&self, words: &[String], batch: bool) -> Result<Run, String> {
        let said = [self.case.with_extension("out"), self.case.with_extension("err")];
        let [out, err] = &said;
        let file = |path: &Path| File::create(path).map_err(|error| format!("{}: {error}", path.display()));
        let mut command = limited(self.program);
        command.arg(self.name).args(words).env("RUST_BACKTRACE", "0");
        command.current_dir(tool::root()).stdin(Stdio::null()).stdout(file(out)?).stderr(file(err)?);
        let mut child = command.spawn().map_err(|error| tool::not_started(&command, &error))?;
        let written = || if batch { fs::metadata(&self.case).ok()?.modified().ok() } else { None };
        let patience = if batch { PATIENCE } else { SHORT_PATIENCE };
        let (mut last, mut since, mut look) = (written(), Instant::now(), LOOKS.0);
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                break Some(status);
            }
            let now = written();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            if since.elapsed() >= patience {
                // It may have ended meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            std::thread::park_timeout(look);
            look = (look * 2).min(LOOKS.1);
        };
        let [out, err] = said.map(|path| fs::read_to_string(path).unwrap_or_default());
        let caught = out.lines().filter_map(|line| line.strip_prefix("caught ")).map(str::to_owned).collect();
        Ok(Run { bad: judged(status, &err)?, caught })
    }
}

fn judged(status: Option<ExitStatus>, err: &str) -> Result<Option<Bad>, String> {
    let Some(status) = status else { return Ok(Some(Bad::Hang)) };
    Ok(match status.code() {
        Some(0) => None,
        Some(WRONG_USAGE) => return Err(format!("the fuzz target was asked wrongly: {err}")),
        Some(PANICKED) => {
            let place = err.lines().rev().find_map(|line| line.strip_prefix("panicked at "));
            Some(Bad::Panic(place.unwrap_or("a place it did not tell").to_owned()))
        }
        // What the standard library says before it gives up.
        _ if err.contains("memory allocation of") => Some(Bad::Memory),
        _ => Some(Bad::Crash(status)),
    })
}

/// The program, with its memory limited where a shell can do that.
fn limited(program: &Path) -> Command {
    if cfg!(not(unix)) {
        return Command::new(program);
    }
    let mut shell = Command::new("sh");
    let script = format!("ulimit -v {MOST_KIB} 2>/dev/null; exec \"$@\"");
    shell.args(["-c", &script, "sh"]).arg(program);
    shell
}

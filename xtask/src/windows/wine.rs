//! A Wine of its own in `target/wine`: nothing of the person's own Wine or home is read or written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use atalaya_window::Running;

use crate::steps::Log;
use crate::tool;

/// Debian's, which start nothing else: its `wine` asks for 32 bits too.
const LOADER: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver64";

/// What Rust takes its chance from is in every Windows since 7, and not in Debian 12's Wine. Never handed out.
const CHANCE: &str = include_str!("bcryptprimitives.c");
const CHANCE_NAME: &str = "bcryptprimitives.dll";

/// Makes the prefix anew.
pub fn prepare(log: &Log) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder());
    make_folder(&home())?;
    let wine = Wine::start()?;
    log.run(wine.command("wineboot").arg("--init"))?;
    wine.rest()?;
    let built = compiled(log, CHANCE_NAME, CHANCE, &["-shared"])?;
    let to = drive().join("windows/system32").join(CHANCE_NAME);
    fs::copy(&built, &to).map(drop).map_err(|error| format!("{}: {error}", to.display()))
}

/// A few lines of C as a program or a library for Windows; where it is.
pub fn compiled(log: &Log, name: &str, source: &str, options: &[&str]) -> Result<PathBuf, String> {
    let built = folder().join(name);
    let text = built.with_extension("c");
    fs::write(&text, source).map_err(|error| format!("{}: {error}", text.display()))?;
    let mut compiler = tool::command("x86_64-w64-mingw32-gcc");
    log.run(compiler.args(options).args(["-Wall", "-Werror", "-O1", "-o"]).arg(&built).arg(&text))?;
    Ok(built)
}

/// Where everything of Wine's is.
pub fn folder() -> PathBuf {
    atalaya_window::target_folder().join("wine")
}

/// What Windows programs see as `C:`.
pub fn drive() -> PathBuf {
    folder().join("prefix/drive_c")
}

fn home() -> PathBuf {
    folder().join("home")
}

/// Wine with a display; what runs in it ends when this is dropped.
pub struct Wine {
    display: String,
    _screen: Running,
}

impl Wine {
    /// Begins it.
    ///
    /// # Errors
    /// There is no display to be had.
    pub fn start() -> Result<Self, String> {
        let (screen, display) = atalaya_window::start_display((1024, 768))?;
        Ok(Self { display, _screen: screen })
    }

    /// A program for Windows: a path of this system, or one of Wine's own by its name.
    pub fn command(&self, program: &str) -> Command {
        let mut command = tool::command(LOADER);
        command.arg(program);
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    /// How Cargo starts what it built.
    pub fn runs(&self, cargo: &mut Command) {
        cargo.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", LOADER);
        // Cargo itself keeps the person's home, in which its packages are.
        cargo.envs(self.environment().into_iter().filter(|(name, _)| *name != "HOME"));
    }

    fn environment(&self) -> [(&'static str, String); 7] {
        [
            ("WINEPREFIX", folder().join("prefix").display().to_string()),
            ("WINESERVER", SERVER.to_owned()),
            ("WINEDEBUG", "-all".to_owned()),
            // No offers to fetch more of Wine, no entries in the desktop's menus.
            ("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d".to_owned()),
            ("HOME", home().display().to_string()),
            ("DISPLAY", self.display.clone()),
            ("LC_ALL", "C.UTF-8".to_owned()),
        ]
    }

    /// Waits until nothing runs in it any more, and what it knows is in its files.
    ///
    /// # Errors
    /// It could not be asked.
    pub fn rest(&self) -> Result<(), String> {
        self.server("-w")
    }

    fn server(&self, word: &str) -> Result<(), String> {
        let mut server = tool::command(SERVER);
        server.arg(word).envs(self.environment());
        tool::output(&mut server).map(drop)
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        // What still runs is ended; where nothing does it says so, and that is as well.
        let _ = self.server("-k");
    }
}

/// With everything above it.
///
/// # Errors
/// It cannot be made: with its name.
pub fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

//! The installer as a person meets it, silently: it installs, what it installed runs, it waits or refuses while the program is
//! open, and nothing is left of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use atalaya_window::{Running, wait_until};

use super::installer;
use super::wine::{self, Wine};
use crate::steps::Log;
use crate::tool;

/// What the window holds while it is open, which it never is here.
const MUTEX: &str = "org.atalaya.desk-sim";
const HELD: &str = include_str!("held.c");

pub(super) const DONE: i32 = 0;
const REFUSED: i32 = 3;
pub(super) const SOON: Duration = Duration::from_secs(180);
/// So long an update is seen to wait.
const WAITS: Duration = Duration::from_secs(3);

/// A folder somebody had in the PATH before, which ours is the beginning of.
const OTHER_PATH: &str = r"C:\mine;C:\users\all\AppData\Local\Programs\AtalayaOld";

/// Tries it.
///
/// # Errors
/// Something is not as it should be.
pub fn run(log: &Log) -> Result<(), String> {
    let tried = Tried::begin(log, installer::path()?)?;
    for part in [Tried::comes_and_goes, Tried::gives_way_to_an_open_window, Tried::takes_data_where_told] {
        part(&tried)?;
    }
    Ok(())
}

/// An installer in a Wine where nothing was installed yet.
pub(super) struct Tried<'a> {
    pub(super) wine: Wine,
    log: &'a Log,
    setup: PathBuf,
    held: PathBuf,
}

impl<'a> Tried<'a> {
    pub(super) fn begin(log: &'a Log, setup: PathBuf) -> Result<Self, String> {
        // Nothing of an earlier try, which may have stopped half way.
        wine::prepare(log)?;
        let held = wine::compiled(log, "held.exe", HELD, &[])?;
        Ok(Self { wine: Wine::start()?, log, setup, held })
    }

    /// Installed, found by its name, run, opened, uninstalled: then the disk and the registry are as before.
    fn comes_and_goes(&self) -> Result<(), String> {
        self.registry(&[
            "add",
            r"HKCU\Environment",
            "/v",
            "Path",
            "/t",
            "REG_EXPAND_SZ",
            "/d",
            OTHER_PATH,
            "/f",
        ])?;
        let before = self.everything()?;
        self.set_up(&["/S", "/CLI=1"], DONE)?;
        let version = installer::version()?;
        let said = tool::output(self.wine.command("cmd").args(["/c", "atalaya-cli --version"]))?;
        must(
            said.trim() == format!("atalaya-cli {version}"),
            "the command line is found by its name",
            &said,
        )?;
        // Over what is there, and told nothing: as the time before.
        self.set_up(&["/S"], DONE)?;
        let path = self.registry(&["query", r"HKCU\Environment", "/v", "Path"])?;
        let folder = r"\AppData\Local\Programs\Atalaya";
        let once = path.trim_end().ends_with(folder) && path.matches(&format!("{folder};")).count() == 0;
        must(
            once && path.contains(&format!("{OTHER_PATH};")),
            "it is in the PATH once, behind what was there",
            &path,
        )?;
        let known = self.registry(&["query", r"HKCU\Software\Classes\AppUserModelId\org.atalaya.desk"])?;
        must(known.contains("DisplayName"), "notices have a name", &known)?;
        self.is_listed(&version)?;
        must(Self::entry().is_file(), "it is in the start menu", "")?;
        must(
            tool::read(Self::folder().join("third-party.txt"))?.contains("serde"),
            "it says what others made of it",
            "",
        )?;
        self.opened()?;
        // An installation without a name in the PATH.
        self.set_up(&["/S", "/CLI=0"], DONE)?;
        let path = self.registry(&["query", r"HKCU\Environment", "/v", "Path"])?;
        must(path.trim_end().ends_with(OTHER_PATH), "it is in the PATH no more", &path)?;
        self.set_up(&["/S", "/CLI=1"], DONE)?;
        self.uninstall(&["/S"])?;
        let left: Vec<String> = self.everything()?.symmetric_difference(&before).cloned().collect();
        must(left.is_empty(), "nothing is left of it", &left.join("\n"))
    }

    /// Without `WebView2`, which Wine has not: the window says so, in a box and on stderr.
    fn opened(&self) -> Result<(), String> {
        let said = wine::folder().join("said.txt");
        let file = File::create(&said).map_err(|error| format!("{}: {error}", said.display()))?;
        let mut command = self.wine.command(&Self::folder().join("atalaya.exe").display().to_string());
        command.stderr(Stdio::from(file)).stdout(Stdio::null());
        let mut window = Running::start("atalaya.exe", &mut command)?;
        wait_until("the sentence about WebView2", SOON, || {
            let text = fs::read_to_string(&said).unwrap_or_default();
            if let Some(line) = text.lines().find(|line| line.contains("WebView2")) {
                println!("        it says: {line}");
                return Ok(Some(()));
            }
            match window.ended()? {
                Some(ended) => Err(format!("{ended}, and said: {text}")),
                None => Ok(None),
            }
        })?;
        // The box is for a person to close: until then it stays.
        must(window.ended()?.is_none(), "the box stays", "")
    }

    /// Refused while it is open; an update waits for its end instead. A command that runs counts too.
    fn gives_way_to_an_open_window(&self) -> Result<(), String> {
        let open = Held::begin(self.wine.command(&self.held.display().to_string()).arg(MUTEX))?;
        self.set_up(&["/S"], REFUSED)?;
        must(!Self::folder().exists(), "nothing was installed", "")?;
        let mut update = self.wine.command(&self.setup.display().to_string());
        let mut update = Running::start("the update", update.args(["/S", "/UPDATE"]))?;
        let early = wait_until("", WAITS, || update.ended());
        must(early.is_err(), "an update waits", &format!("{early:?}"))?;
        open.end()?;
        let ended =
            wait_until("the update ended", SOON, || update.child().try_wait().map_err(|e| e.to_string()))?;
        must(ended.code() == Some(DONE), "and is done then", &ended.to_string())?;
        let command = Self::folder().join("atalaya-cli.exe");
        fs::copy(&self.held, &command).map_err(|error| format!("{}: {error}", command.display()))?;
        let runs = Held::begin(self.wine.command(&command.display().to_string()).arg("another"))?;
        self.set_up(&["/S"], REFUSED)?;
        runs.end()?;
        self.uninstall(&["/S"])
    }

    /// What the program keeps stays, unless it is told.
    fn takes_data_where_told(&self) -> Result<(), String> {
        let places = ["Roaming/atalaya/atalaya.sqlite", "Local/atalaya/logs/a.log"]
            .map(|name| Self::person().join(name));
        for place in &places {
            wine::make_folder(place.parent().ok_or("no folder")?)?;
            fs::write(place, "kept").map_err(|error| format!("{}: {error}", place.display()))?;
        }
        self.set_up(&["/S"], DONE)?;
        self.uninstall(&["/S"])?;
        must(places.iter().all(|place| place.is_file()), "what it keeps stays", "")?;
        self.set_up(&["/S"], DONE)?;
        self.uninstall(&["/S", "/DATA=1"])?;
        must(
            !places.iter().any(|place| place.parent().is_some_and(Path::exists)),
            "told to, it takes that too",
            "",
        )
    }

    pub(super) fn set_up(&self, words: &[&str], status: i32) -> Result<(), String> {
        let mut command = self.wine.command(&self.setup.display().to_string());
        let output = command.args(words).output().map_err(|error| tool::not_started(&command, &error))?;
        self.log.note(&format!("{words:?}: {}", output.status))?;
        must(
            output.status.code() == Some(status),
            "the installer's status",
            &format!("{words:?}: {}", output.status),
        )
    }

    /// It goes on in a copy of itself, so that it can take itself away.
    pub(super) fn uninstall(&self, words: &[&str]) -> Result<(), String> {
        let program = Self::folder().join("uninstall.exe");
        tool::output(self.wine.command(&program.display().to_string()).args(words))?;
        self.wine.rest()?;
        must(!Self::folder().exists(), "its folder is gone", "")
    }

    /// By the version Windows shows.
    pub(super) fn is_listed(&self, version: &str) -> Result<(), String> {
        let key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\org.atalaya.desk";
        let listed = self.registry(&["query", key, "/v", "DisplayVersion"])?;
        must(listed.trim_end().ends_with(&format!(" {version}")), "Windows lists it", &listed)
    }

    fn registry(&self, words: &[&str]) -> Result<String, String> {
        tool::output(self.wine.command("reg").args(words))
    }

    /// Files of the disk by name, and the registry's lines; what is temporary aside, as are the times keys were written.
    fn everything(&self) -> Result<BTreeSet<String>, String> {
        self.wine.rest()?;
        let mut found = BTreeSet::new();
        files(&wine::drive(), &mut found)?;
        for name in ["user.reg", "system.reg"] {
            let path = wine::folder().join("prefix").join(name);
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let mut key = String::new();
            for line in String::from_utf8_lossy(&bytes).lines() {
                if line.starts_with('[') {
                    line.split(']').next().unwrap_or_default().clone_into(&mut key);
                }
                // Windows itself keeps count of what runs.
                if !line.starts_with('#') && !line.starts_with('[') && ours(line) {
                    found.insert(format!("{name}: {key}] {line}"));
                } else if line.starts_with('[') && ours(&key) {
                    found.insert(format!("{name}: {key}]"));
                }
            }
        }
        Ok(found)
    }

    /// The person's folders of programs' data.
    pub(super) fn person() -> PathBuf {
        let users = wine::drive().join("users");
        let people = fs::read_dir(&users).into_iter().flatten().flatten().map(|entry| entry.path());
        people
            .filter(|path| !path.ends_with("Public"))
            .map(|path| path.join("AppData"))
            .next()
            .unwrap_or(users)
    }

    pub(super) fn folder() -> PathBuf {
        Self::person().join("Local/Programs/Atalaya")
    }

    fn entry() -> PathBuf {
        Self::person().join("Roaming/Microsoft/Windows/Start Menu/Programs/Atalaya.lnk")
    }
}

/// A program that holds something until it is told.
struct Held(Child);

impl Held {
    fn begin(command: &mut Command) -> Result<Self, String> {
        let begun = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut held = Self(begun.map_err(|error| tool::not_started(command, &error))?);
        let mut line = String::new();
        let out = held.0.stdout.take().ok_or("no output")?;
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
        must(line.trim() == "held", "it holds", &line).map(|()| held)
    }

    fn end(mut self) -> Result<(), String> {
        drop(self.0.stdin.take());
        self.0.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ours(text: &str) -> bool {
    text.to_lowercase().contains("atalaya")
}

fn files(folder: &Path, found: &mut BTreeSet<String>) -> Result<(), String> {
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(named)? {
        let entry = entry.map_err(named)?;
        let path = entry.path();
        if entry.file_type().map_err(named)?.is_dir() && !path.ends_with("Temp") {
            files(&path, found)?;
        }
        found.insert(path.display().to_string());
    }
    Ok(())
}

pub(super) fn must(holds: bool, what: &str, instead: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("not so: {what}. {instead}")) }
}

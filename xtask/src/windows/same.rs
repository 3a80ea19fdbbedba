//! The command line for Windows beside this system's, asked the same of one simulated contact centre: what each prints, writes and
//! ends with is the same, byte for byte.
//!
//! Left out on purpose: the floor, which moves between two questions, and what differs by right (help names the program's file,
//! `doctor` the computer).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use atalaya_window::{Running, bound_command};
use serde_json::Value;

use super::wine::{self, Wine};
use crate::soak::printed;
use crate::steps::Log;
use crate::tool;

/// So many calls' recordings are fetched, of which some are nowhere.
const RECORDINGS: usize = 8;

/// Compares.
///
/// # Errors
/// Something could not be built or started, or differs: with what.
pub fn run(log: &Log) -> Result<(), String> {
    // With the features, and so the compiled crates, of `cargo xtask test`.
    let of_tests = ["--workspace", "--exclude", "xtask", "--exclude", "atalaya-shifts"];
    log.run(tool::command("cargo").arg("build").args(of_tests).args(["--bin", "atalaya-cli"]))?;
    let own = atalaya_window::target_folder().join("debug/atalaya-cli");
    let mut centre = bound_command(&own);
    centre.args(["simulate", "--calls", "600"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let said = printed(BufReader::new(centre.child().stdout.take().ok_or("no output")?))?;
    let day = tool::output(tool::command("date").args(["-d", "yesterday", "+%F"]))?.trim().to_owned();
    let wine = Wine::start()?;
    let (own, other) = (own.display().to_string(), super::folder().join("atalaya-cli.exe"));
    let begin_own = || tool::command(&own);
    let begin_other = || wine.command(&other.display().to_string());
    let native = Side::new("native", &said, &day, &begin_own)?;
    let windows = Side::new("windows", &said, &day, &begin_other)?;
    let guids = native.calls()?;
    if guids.len() < RECORDINGS || windows.calls()? != guids {
        return Err(format!("{} calls, and not the same of both", guids.len()));
    }
    for guid in guids.iter().take(RECORDINGS) {
        native.recording(guid)?;
        windows.recording(guid)?;
    }
    let (native, windows) = (native.everything()?, windows.everything()?);
    let heard =
        native.keys().filter(|name| Path::new(name).extension().is_some_and(|end| end == "wav")).count();
    if heard == 0 {
        return Err("no recording was heard at all".into());
    }
    let names: Vec<&String> = native.keys().chain(windows.keys()).collect();
    let differ: Vec<&str> = names
        .iter()
        .filter(|name| native.get(**name) != windows.get(**name))
        .map(|name| name.as_str())
        .collect();
    if !differ.is_empty() {
        return Err(format!(
            "not the same in {}: {}",
            wine::folder().join("same").display(),
            differ.join(", ")
        ));
    }
    let bytes: usize = native.values().map(Vec::len).sum();
    println!("        {} files the same, {bytes} bytes, {heard} recordings heard", native.len());
    Ok(())
}

/// One of the two programs, and the folder it writes to.
struct Side<'a> {
    folder: PathBuf,
    told: Vec<String>,
    password: String,
    day: &'a str,
    begin: &'a dyn Fn() -> Command,
}

impl<'a> Side<'a> {
    fn new(
        name: &str,
        said: &HashMap<String, String>,
        day: &'a str,
        begin: &'a dyn Fn() -> Command,
    ) -> Result<Self, String> {
        let folder = wine::folder().join("same").join(name);
        let _ = fs::remove_dir_all(&folder);
        wine::make_folder(&folder)?;
        let of = |what: &str| said.get(what).cloned().ok_or(format!("the centre did not tell its {what}"));
        let mut told = Vec::new();
        for (option, what) in [
            ("--server", "server"),
            ("--user", "user"),
            ("--telephony-url", "telephony"),
            ("--backup-url", "backup"),
        ] {
            told.extend([option.to_owned(), of(what)?]);
        }
        // As fast as the simulated centre answers.
        told.extend(["--requests-per-second".to_owned(), "100".to_owned()]);
        Ok(Self { folder, told, password: of("password")?, day, begin })
    }

    /// What it printed and ended with are files too; what it writes is named from its folder.
    fn ask(&self, name: &str, words: &[&str]) -> Result<Vec<u8>, String> {
        let mut command = (self.begin)();
        command.args(&self.told).args(words).current_dir(&self.folder);
        command.env("ATALAYA_PASSWORD", &self.password).env("ATALAYA_HOME", self.folder.join("home"));
        // Both in one language, which is no system's own.
        command.env("LC_ALL", "C.UTF-8");
        let output = command.output().map_err(|error| tool::not_started(&command, &error))?;
        let status = format!("{:?}\n", output.status.code()).into_bytes();
        for (ending, bytes) in [("out", &output.stdout), ("err", &output.stderr), ("status", &status)] {
            write(&self.folder.join(format!("{name}.{ending}")), bytes)?;
        }
        Ok(output.stdout)
    }

    /// Guids of yesterday's calls.
    fn calls(&self) -> Result<Vec<String>, String> {
        let (from, to) = (format!("{} 00:00:00", self.day), format!("{} 23:59:59", self.day));
        let asked = ["calls", "--from", &from, "--to", &to];
        self.ask("csv", &[&asked[..], &["--csv", "calls.csv"]].concat())?;
        self.ask("excel", &[&asked[..], &["--csv", "excel.csv", "--excel"]].concat())?;
        let json = self.ask("calls", &[&asked[..], &["--json"]].concat())?;
        let json: Value = serde_json::from_slice(&json).map_err(|error| format!("calls --json: {error}"))?;
        let rows = json.as_array().or_else(|| json["calls"].as_array()).ok_or("calls --json has no calls")?;
        Ok(rows.iter().filter_map(|row| row["guid"].as_str()).map(str::to_owned).collect())
    }

    fn recording(&self, guid: &str) -> Result<(), String> {
        let asked = ["recording", guid, "--day", self.day];
        self.ask(&format!("{guid}-whole"), &[&asked[..], &["--output", &format!("{guid}.bytes")]].concat())?;
        self.ask(&format!("{guid}-heard"), &[&asked[..], &["--output", &format!("{guid}.wav")]].concat())?;
        self.ask(&format!("{guid}-sound"), &[&asked[..], &["--sound"]].concat()).map(drop)
    }

    /// All files but those of its home.
    fn everything(&self) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let named = |error: std::io::Error| format!("{}: {error}", self.folder.display());
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&self.folder).map_err(named)? {
            let path = entry.map_err(named)?.path();
            if path.is_file() {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).map_err(named)?);
            }
        }
        Ok(files)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

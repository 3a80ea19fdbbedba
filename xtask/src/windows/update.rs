//! From one version to the next: `atalaya-cli update` of what is installed, a channel with TLS on this computer, the installer of a
//! newer version over the older one.
//!
//! The programs are those that are handed out, so they take what one of their own two keys signed and nothing else: without the
//! private half of one this is left out. Left out on purpose: the way back, for which a program of another version has to run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use atalaya_window::wait_until;
use serde_json::Value;

use super::installed::{DONE, SOON, Tried, must};
use super::{installer, wine};
use crate::steps::Log;
use crate::{channel, release, tool};

/// Newer than any this will be tried with.
const NEWER: &str = "999.0.0";
/// Data as an earlier program left them.
const DATA: &str = "crates/desk/tests/fixtures";

/// Tries it.
///
/// # Errors
/// Something is not as it should be.
pub fn run(log: &Log) -> Result<(), String> {
    if !release::has_key() {
        println!(
            "        left out: no ATALAYA_RELEASE_KEY_FILE with the private half of one of the program's keys"
        );
        return Ok(());
    }
    let older = installer::version()?;
    let tried = Tried::begin(log, installer::path()?)?;
    let home = wine::folder().join("update");
    let folder = home.join("channel");
    signed(log, &home, &folder)?;
    let (_server, url) = channel::serve(&folder)?;
    let update = Update { tried: &tried, url, home };

    tried.set_up(&["/S"], DONE)?;
    let data = Update::data()?;
    // A package that was changed on the way, a byte of it.
    let package = folder.join(packages(&folder)?);
    let whole = fs::read(&package).map_err(|error| named(&package, &error))?;
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(&package, &changed).map_err(|error| named(&package, &error))?;
    let refused = update.ask("install")?;
    let said = String::from_utf8_lossy(&[refused.stdout, refused.stderr].concat()).into_owned();
    must(
        !refused.status.success() && said.contains("updateSignature"),
        "what was changed is refused",
        &said,
    )?;
    tried.is_listed(&older)?;
    fs::write(&package, &whole).map_err(|error| named(&package, &error))?;

    update.says("check", "found", "newer")?;
    update.says("install", "outcome", "waits")?;
    // The installer waited for the command to end, and asks nobody anything.
    wait_until("the newer version", SOON, || Ok(tried.is_listed(NEWER).is_ok().then_some(())))?;
    tried.wine.rest()?;
    let copy = Tried::person().join(format!("Local/atalaya/updates/before-{NEWER}.sqlite"));
    must(copy.is_file(), "the data were copied before", &copy.display().to_string())?;
    let there = Tried::person().join("Roaming/atalaya/atalaya.sqlite");
    let same = fs::read(&there).map_err(|error| named(&there, &error))?;
    must(same == data, "the data are what they were", "")?;
    println!("        from {older} to {NEWER} by atalaya-cli update; a changed package was refused");
    tried.uninstall(&["/S"])
}

struct Update<'a> {
    tried: &'a Tried<'a>,
    url: String,
    home: PathBuf,
}

impl Update<'_> {
    fn ask(&self, step: &str) -> Result<Output, String> {
        let program = Tried::folder().join("atalaya-cli.exe");
        let mut command = self.tried.wine.command(&program.display().to_string());
        command.args(["update", step, "--json", "--channel", &self.url, "--extra-ca"]);
        command.arg(seen_from_wine(&self.home.join("tls.pem")));
        command.output().map_err(|error| tool::not_started(&command, &error))
    }

    fn says(&self, step: &str, field: &str, value: &str) -> Result<(), String> {
        let output = self.ask(step)?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let json: Value = serde_json::from_str(&said).unwrap_or_default();
        let instead = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
        must(
            output.status.success() && json[field] == value,
            &format!("{step}: {field} is {value}"),
            &instead,
        )
    }

    /// What the newest earlier program left, as this person's data.
    fn data() -> Result<Vec<u8>, String> {
        let folder = tool::root().join(DATA);
        let entries = fs::read_dir(&folder).map_err(|error| named(&folder, &error))?.flatten();
        let mut all: Vec<PathBuf> = entries.map(|entry| entry.path().join("atalaya.sqlite")).collect();
        all.retain(|path| path.is_file());
        all.sort();
        let from = all.pop().ok_or_else(|| format!("{DATA}: no data of an earlier program"))?;
        let to = Tried::person().join("Roaming/atalaya/atalaya.sqlite");
        wine::make_folder(to.parent().ok_or("no folder")?)?;
        let bytes = fs::read(&from).map_err(|error| named(&from, &error))?;
        fs::write(&to, &bytes).map_err(|error| named(&to, &error))?;
        Ok(bytes)
    }
}

/// An installer of a newer version, signed, in a channel of its own.
fn signed(log: &Log, home: &Path, folder: &Path) -> Result<(), String> {
    let _ = fs::remove_dir_all(home);
    wine::make_folder(&home.join("notes"))?;
    for language in ["es", "en", "pt-BR"] {
        let path = home.join(format!("notes/{NEWER}.{language}.txt"));
        fs::write(&path, "Algo").map_err(|error| named(&path, &error))?;
    }
    let made = home.join(format!("Atalaya_{NEWER}_x64-setup.exe"));
    installer::made(log, NEWER, &made)?;
    channel::certificate(home)?;
    let mut sign = release::signer()?;
    sign.args(["sign", "--percent", "100", "--version", NEWER, "--keys", release::KEYS]);
    sign.arg("--notes").arg(home.join("notes")).arg("--folder").arg(folder);
    log.run(sign.arg(format!("windows-x86_64-nsis={}", made.display())))
}

/// The one package in a channel.
fn packages(folder: &Path) -> Result<String, String> {
    let entries = fs::read_dir(folder).map_err(|error| named(folder, &error))?.flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .find(|name| Path::new(name).extension().is_some_and(|end| end == "exe"))
        .ok_or_else(|| format!("{}: no installer", folder.display()))
}

/// A path of this system, as programs for Windows name it.
fn seen_from_wine(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}

fn named(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_path_is_named_as_windows_names_it() {
        assert_eq!(seen_from_wine(Path::new("/a/b.pem")), r"Z:\a\b.pem");
    }
}

//! Who installs a package: the system's own installer, asked for once; and what became of it, in three outcomes.
//!
//! Programs are looked for where systems keep them, not on a person's path.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use semver::Version;

use crate::error::Error;
use crate::manifest::Bundle;

const PACKAGE: &str = "atalaya";
const PLACES: [&str; 4] = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
/// `pkexec`: somebody closed the question, or may not.
const DISMISSED: [i32; 2] = [126, 127];
/// What the Windows installer is started with: it waits until the program has ended, shows only how far it is, and asks
/// nothing.
pub const OF_AN_UPDATE: [&str; 2] = ["/UPDATE", "/P"];

/// What became of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// It is there; the program that runs is still the one before.
    Done,
    /// The installer runs, and waits for this program to end.
    Waits,
}

/// What there is on this computer to install with. Tests give a folder of their own.
#[derive(Debug, Clone)]
pub struct Tools {
    places: Vec<PathBuf>,
    root: bool,
}

impl Tools {
    /// This computer's. A debug build looks into `ATALAYA_UPDATE_TOOLS` instead, for tests.
    pub fn of_this_computer() -> Self {
        let given = std::env::var_os("ATALAYA_UPDATE_TOOLS").filter(|_| cfg!(debug_assertions));
        let places = match given {
            Some(folder) => vec![PathBuf::from(folder)],
            None => PLACES.iter().map(PathBuf::from).collect(),
        };
        Self { places, root: is_root() }
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        self.places.iter().map(|place| place.join(name)).find(|path| path.is_file())
    }

    fn needed(&self, name: &str) -> Result<PathBuf, Error> {
        self.find(name).ok_or_else(|| Error::NoInstaller(name.to_owned()))
    }

    /// What a program says, if it is there and has something to say.
    fn said(&self, name: &str, arguments: &[&std::ffi::OsStr]) -> Option<String> {
        let output = command(&self.find(name)?).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// How a program that lies there came to this computer. `None`: by no package.
    pub fn bundle_of(&self, program: &Path) -> Option<Bundle> {
        if cfg!(windows) {
            let beside = program.with_file_name("uninstall.exe");
            return beside.exists().then_some(Bundle::Nsis);
        }
        let ours = |line: &str| {
            line.split(':').next().is_some_and(|names| names.split(", ").any(|name| name == PACKAGE))
        };
        let deb = self.said("dpkg-query", &["--search".as_ref(), program.as_os_str()]);
        if deb.is_some_and(|said| said.lines().any(ours)) {
            return Some(Bundle::Deb);
        }
        let format = ["-q", "--queryformat", "%{NAME}", "-f"].map(std::ffi::OsStr::new);
        let rpm = self.said("rpm", &[&format[..], &[program.as_os_str()]].concat());
        rpm.is_some_and(|said| said.trim() == PACKAGE).then_some(Bundle::Rpm)
    }

    /// The version that is installed, as the system knows it.
    pub fn installed(&self, bundle: Bundle) -> Option<String> {
        let (name, arguments) = match bundle {
            Bundle::Deb => ("dpkg-query", ["--show", "--showformat=${Version}", PACKAGE].as_slice()),
            Bundle::Rpm => ("rpm", ["-q", "--queryformat", "%{VERSION}", PACKAGE].as_slice()),
            Bundle::Nsis => return None,
        };
        let arguments: Vec<&std::ffi::OsStr> = arguments.iter().map(|one| (*one).as_ref()).collect();
        self.said(name, &arguments).map(|said| said.trim().to_owned())
    }

    /// The command that installs a package, older ones too: whether it is newer was decided before.
    ///
    /// # Errors
    /// [`Error::NoInstaller`].
    pub fn command(&self, bundle: Bundle, package: &Path) -> Result<Vec<OsString>, Error> {
        let mut words: Vec<OsString> = Vec::new();
        if bundle == Bundle::Nsis {
            words.push(package.into());
            words.extend(OF_AN_UPDATE.iter().map(OsString::from));
            return Ok(words);
        }
        if !self.root {
            words.push(self.needed("pkexec")?.into());
        }
        let add = |words: &mut Vec<OsString>, program: PathBuf, options: &[&str]| {
            words.push(program.into());
            words.extend(options.iter().map(OsString::from));
        };
        match bundle {
            // Nothing is removed for it: what it needs besides is fetched, or it says so.
            Bundle::Deb => match self.find("apt-get") {
                Some(program) => {
                    add(
                        &mut words,
                        program,
                        &["install", "--yes", "--allow-downgrades", "--no-remove", "--quiet"],
                    );
                }
                None => add(&mut words, self.needed("dpkg")?, &["--install"]),
            },
            Bundle::Rpm => match self.find("dnf") {
                Some(program) => add(&mut words, program, &["install", "--assumeyes", "--quiet"]),
                None => add(&mut words, self.needed("rpm")?, &["--upgrade", "--oldpackage"]),
            },
            Bundle::Nsis => {}
        }
        words.push(package.into());
        Ok(words)
    }

    /// Installs a package, and says what became of it. It blocks for as long as the installer takes.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] and [`Error::Installer`]: it is not there; [`Error::Unknown`].
    pub fn install(&self, bundle: Bundle, package: &Path, version: &Version) -> Result<Installed, Error> {
        let words = self.command(bundle, package)?;
        let mut command = command(&words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
        if bundle == Bundle::Nsis {
            let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            return started.map(|_| Installed::Waits).map_err(|error| Error::Installer(error.to_string()));
        }
        let output = command.output().map_err(|error| Error::Installer(error.to_string()))?;
        let said = last_line(&output.stderr).or_else(|| last_line(&output.stdout));
        outcome(output.status, !self.root, said, self.installed(bundle).as_deref(), version)
    }
}

/// A program of the system, which is told nothing that this one was: its variables may be passwords, and an installer hands
/// what it was begun with to every script of every package.
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ATALAYA_") {
            command.env_remove(name);
        }
    }
    command
}

/// What became of it, by what the installer and then the system said.
fn outcome(
    status: ExitStatus,
    asked: bool,
    said: Option<String>,
    there: Option<&str>,
    version: &Version,
) -> Result<Installed, Error> {
    let is_there = there.is_some_and(|there| there == version.to_string());
    let said = said.unwrap_or_else(|| status.to_string());
    match status.code() {
        Some(0) if is_there => Ok(Installed::Done),
        Some(0) => Err(Error::Unknown(said)),
        Some(code) if asked && DISMISSED.contains(&code) => Err(Error::NotAllowed),
        Some(_) if is_there => Err(Error::Unknown(said)),
        Some(_) => Err(Error::Installer(said)),
        None => Err(Error::Unknown(said)),
    }
}

fn last_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|letter| !letter.is_control()).take(200).collect())
}

/// Whether this process may install by itself.
fn is_root() -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        false
    }
}

#[cfg(all(test, unix))]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn tools(names: &[&str], root: bool) -> (tempfile::TempDir, Tools) {
        let folder = tempfile::tempdir().expect("a folder");
        for name in names {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let tools = Tools { places: vec![folder.path().to_owned()], root };
        (folder, tools)
    }

    fn words(names: &[&str], root: bool, bundle: Bundle) -> Result<String, &'static str> {
        let (folder, tools) = tools(names, root);
        let words = tools.command(bundle, Path::new("/x/a.pkg")).map_err(|error| error.code())?;
        let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Ok(words.join(" ").replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn the_systems_own_installer_is_asked_as_whoever_may() {
        let apt = "apt-get install --yes --allow-downgrades --no-remove --quiet /x/a.pkg";
        let all = ["apt-get", "dpkg", "pkexec", "dnf", "rpm"];
        assert_eq!(words(&all, false, Bundle::Deb), Ok(format!("pkexec {apt}")));
        assert_eq!(words(&all, true, Bundle::Deb), Ok(apt.to_owned()));
        assert_eq!(words(&["dpkg"], true, Bundle::Deb), Ok("dpkg --install /x/a.pkg".to_owned()));
        assert_eq!(words(&["apt-get", "dpkg"], false, Bundle::Deb), Err("updateNoInstaller"));
        assert_eq!(words(&[], true, Bundle::Deb), Err("updateNoInstaller"));
        assert_eq!(words(&all, true, Bundle::Rpm), Ok("dnf install --assumeyes --quiet /x/a.pkg".to_owned()));
        assert_eq!(words(&["rpm"], true, Bundle::Rpm), Ok("rpm --upgrade --oldpackage /x/a.pkg".to_owned()));
        assert_eq!(words(&[], false, Bundle::Nsis), Ok("/x/a.pkg /UPDATE /P".to_owned()));
    }

    #[test]
    fn what_the_installer_says_is_one_of_three_outcomes() {
        let version = Version::new(0, 2, 0);
        let of = |raw: i32, asked: bool, there: Option<&str>| {
            let installed = outcome(ExitStatus::from_raw(raw), asked, Some("said".into()), there, &version);
            installed.map_err(|error| error.code())
        };
        let ended = |code: i32| code << 8;
        assert_eq!(of(0, true, Some("0.2.0")), Ok(Installed::Done));
        assert_eq!(of(0, true, Some("0.1.0")), Err("updateUnknown"));
        assert_eq!(of(0, true, None), Err("updateUnknown"));
        assert_eq!(of(ended(126), true, Some("0.1.0")), Err("updateNotAllowed"));
        assert_eq!(of(ended(127), true, Some("0.1.0")), Err("updateNotAllowed"));
        assert_eq!(of(ended(126), false, Some("0.1.0")), Err("updateInstaller"));
        assert_eq!(of(ended(100), true, Some("0.1.0")), Err("updateInstaller"));
        assert_eq!(of(ended(100), true, Some("0.2.0")), Err("updateUnknown"));
        assert_eq!(of(9, true, Some("0.1.0")), Err("updateUnknown"), "killed");
    }
}

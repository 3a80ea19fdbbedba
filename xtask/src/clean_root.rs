//! From one version to the next and back, in a Debian root where nothing else is: packages made of what was just built, over
//! a channel with TLS on this computer, with the system's own installer.
//!
//! Takes root and debootstrap. The programs are debug builds: only those take keys and a version from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{channel, tool};

const SUITE: &str = "bookworm";
const MIRROR: &str = "http://deb.debian.org/debian";
/// What the command line is linked with, and the root does not have.
const LIBRARIES: &str = "libasound2";
const VERSIONS: [&str; 2] = ["0.1.0", "0.2.0"];
/// Data as an earlier program left them.
const DATA: &str = "crates/desk/tests/fixtures";

/// Runs all of it.
///
/// # Errors
/// The first thing that is not as it should be.
pub fn run() -> Result<(), String> {
    if !tool::succeeds(Command::new("debootstrap").arg("--version")) {
        return Err("debootstrap is not there: apt-get install debootstrap, and run this as root".into());
    }
    tool::show(tool::command("cargo").args([
        "build",
        "--package",
        "atalaya-cli",
        "--package",
        "atalaya-release",
    ]))?;
    let home = tool::root().join("target/clean-root");
    let root = clean(&home)?;
    let folder = home.join("channel");
    let keys = keys(&home)?;
    for version in VERSIONS {
        let package = package(&home, version)?;
        let mut sign =
            tool::command(&tool::root().join("target/debug/atalaya-release").display().to_string());
        sign.args(["sign", "--percent", "100", "--version", version]).arg("--folder").arg(&folder);
        sign.arg("--keys").arg(home.join("keys.txt")).arg("--notes").arg(home.join("notes"));
        sign.arg(format!("linux-x86_64-deb={}", package.display()))
            .env("ATALAYA_RELEASE_KEY_FILE", home.join("one.key"));
        let before = home.join("before.json");
        if version != VERSIONS[0] {
            fs::copy(folder.join("channel.json"), &before)
                .map_err(|error| format!("{}: {error}", before.display()))?;
            sign.arg("--earlier").arg(&before);
        }
        tool::show(&mut sign)?;
    }
    let (_server, url) = channel::serve(&folder)?;
    // A program asks the system who it is.
    let proc = root.join("proc");
    tool::output(tool::command("mount").args(["-t", "proc", "proc"]).arg(&proc))?;
    let _mounted = Mounted(proc);
    let inside = Inside { root, url, keys };
    inside.there_and_back()?;
    println!("From {} to {} and back, in a clean {SUITE}.", VERSIONS[0], VERSIONS[1]);
    Ok(())
}

/// A root as debootstrap makes it, copied for this run.
fn clean(home: &Path) -> Result<PathBuf, String> {
    let (made, root) = (home.join(SUITE), home.join("root"));
    if !made.join("etc/debian_version").exists() {
        fs::create_dir_all(home).map_err(|error| format!("{}: {error}", home.display()))?;
        let mut make = tool::command("debootstrap");
        make.args(["--variant=minbase", &format!("--include={LIBRARIES}"), SUITE]).arg(&made).arg(MIRROR);
        tool::show(&mut make)?;
    }
    // One that was ended by force is still mounted.
    tool::succeeds(tool::command("umount").arg(root.join("proc")));
    let _ = fs::remove_dir_all(&root);
    let _ = fs::remove_dir_all(home.join("channel"));
    tool::show(tool::command("cp").arg("-a").arg(&made).arg(&root))?;
    Ok(root)
}

/// Two keys, of which one signs; the notes of both versions; a certificate for this run.
fn keys(home: &Path) -> Result<String, String> {
    let mut lines = String::new();
    for name in ["one.key", "other.key"] {
        let file = home.join(name);
        let _ = fs::remove_file(&file);
        let mut key = tool::command(&tool::root().join("target/debug/atalaya-release").display().to_string());
        lines.push_str(&tool::output(key.arg("key").arg(&file))?);
    }
    let write =
        |name: &str, text: &str| fs::write(home.join(name), text).map_err(|error| format!("{name}: {error}"));
    write("keys.txt", &lines)?;
    fs::create_dir_all(home.join("notes")).map_err(|error| format!("notes: {error}"))?;
    for version in VERSIONS {
        for language in ["es", "en", "pt-BR"] {
            write(&format!("notes/{version}.{language}.txt"), "Algo")?;
        }
    }
    channel::certificate(home)?;
    Ok(lines)
}

/// A package of the command line that was just built.
fn package(home: &Path, version: &str) -> Result<PathBuf, String> {
    let tree = home.join(format!("tree-{version}"));
    let disk = |error: std::io::Error| format!("{}: {error}", tree.display());
    let _ = fs::remove_dir_all(&tree);
    for folder in ["DEBIAN", "usr/bin", "usr/share/atalaya"] {
        fs::create_dir_all(tree.join(folder)).map_err(disk)?;
    }
    fs::copy(tool::root().join("target/debug/atalaya-cli"), tree.join("usr/bin/atalaya-cli"))
        .map_err(disk)?;
    tool::output(tool::command("strip").arg(tree.join("usr/bin/atalaya-cli")))?;
    fs::write(tree.join("usr/share/atalaya/version"), version).map_err(disk)?;
    let control = format!(
        "Package: atalaya\nVersion: {version}\nArchitecture: amd64\nMaintainer: Atalaya <nobody@localhost>\n\
         Depends: libasound2t64 | libasound2\nDescription: Atalaya, for a test\n"
    );
    fs::write(tree.join("DEBIAN/control"), control).map_err(disk)?;
    let package = home.join(format!("atalaya_{version}_amd64.deb"));
    // Quick rather than small.
    tool::output(
        tool::command("dpkg-deb")
            .args(["-Zgzip", "-z1", "--root-owner-group", "--build"])
            .arg(&tree)
            .arg(&package),
    )?;
    Ok(package)
}

/// Let go of with this.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = tool::output(tool::command("umount").arg(&self.0));
    }
}

/// The root, seen from outside.
struct Inside {
    root: PathBuf,
    url: String,
    keys: String,
}

impl Inside {
    fn there_and_back(&self) -> Result<(), String> {
        let [older, newer] = VERSIONS;
        let disk = |error: std::io::Error| format!("{}: {error}", self.root.display());
        let home = tool::root().join("target/clean-root");
        let name = format!("atalaya_{older}_amd64.deb");
        fs::copy(home.join(&name), self.root.join(&name)).map_err(disk)?;
        fs::copy(home.join("tls.pem"), self.root.join("tls.pem")).map_err(disk)?;
        fs::copy("/etc/hosts", self.root.join("etc/hosts")).map_err(disk)?;
        tool::output(self.command("dpkg").args(["--install", &format!("/{name}")]))?;
        let data = self.data()?;

        let said = self.update(older, &["check"])?;
        expect(&said, "found", "newer")?;
        let said = self.update(older, &["install"])?;
        expect(&said, "outcome", "done")?;
        self.is_installed(newer)?;
        let copy = self.root.join(format!("srv/data/updates/before-{newer}.sqlite"));
        if !copy.exists() {
            return Err("the data were not copied before".into());
        }
        expect(&self.update(newer, &["check"])?, "found", "newest")?;
        let said = self.update(newer, &["back"])?;
        expect(&said, "installed", older)?;
        self.is_installed(older)?;
        if fs::read(&data).map_err(disk)?
            != fs::read(self.root.join("srv/data/atalaya.sqlite")).map_err(disk)?
        {
            return Err("the data are not what they were, and nobody changed them".into());
        }
        Ok(())
    }

    /// What an earlier program left, as this person's data; gives the file it was copied from.
    fn data(&self) -> Result<PathBuf, String> {
        let disk = |error: std::io::Error| format!("{DATA}: {error}");
        let mut all: Vec<PathBuf> = fs::read_dir(tool::root().join(DATA))
            .map_err(disk)?
            .flatten()
            .map(|entry| entry.path().join("atalaya.sqlite"))
            .filter(|path| path.exists())
            .collect();
        all.sort();
        let data = all.pop().ok_or_else(|| format!("{DATA}: no data of an earlier program"))?;
        let home = self.root.join("srv/data");
        fs::create_dir_all(&home).map_err(disk)?;
        fs::copy(&data, home.join("atalaya.sqlite")).map_err(disk)?;
        Ok(data)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("chroot");
        command.arg(&self.root).arg(program).env_clear().stdin(Stdio::null());
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", "/srv/data").env("LC_ALL", "C");
        command
    }

    fn update(&self, version: &str, step: &[&str]) -> Result<serde_json::Value, String> {
        let mut command = self.command("/usr/bin/atalaya-cli");
        command.arg("update").args(step).args(["--json", "--channel", &self.url, "--extra-ca", "/tls.pem"]);
        command.env("ATALAYA_HOME", "/srv/data").env("ATALAYA_UPDATE_KEYS", &self.keys);
        command.env("ATALAYA_PRETEND_VERSION", version);
        let said = tool::output(&mut command)?;
        println!("{version} {}: {}", step.join(" "), said.trim());
        serde_json::from_str(&said).map_err(|error| format!("{said}: {error}"))
    }

    /// By the system's word, and by what lies there.
    fn is_installed(&self, version: &str) -> Result<(), String> {
        let said = tool::output(self.command("dpkg-query").args([
            "--show",
            "--showformat=${Status} ${Version}",
            "atalaya",
        ]))?;
        let there = fs::read_to_string(self.root.join("usr/share/atalaya/version")).unwrap_or_default();
        let expected = format!("install ok installed {version}");
        if said == expected && there == version {
            Ok(())
        } else {
            Err(format!("{version} is not installed: {said}, {there}"))
        }
    }
}

fn expect(said: &serde_json::Value, field: &str, value: &str) -> Result<(), String> {
    if said[field] == value { Ok(()) } else { Err(format!("{field} is not {value}: {said}")) }
}

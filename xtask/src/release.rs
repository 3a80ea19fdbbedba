//! A release: every package there is, what they are made of, checksums, signatures, and what the channel says.
//!
//! A package's programs and its notices are built here; signing is `atalaya-release`'s, which alone sees the private key.
//! Left out on purpose: putting it anywhere.

use std::path::{Path, PathBuf};

use crate::{notices, package, parts, tool, windows};

/// What the program is built with.
pub const KEYS: &str = "packaging/update-keys.txt";
const NOTES: &str = "packaging/notes";
/// Where it is put together.
const MADE: &str = "target/release-files";

/// A package.
struct Kind {
    /// Its name in the channel.
    key: &'static str,
    /// Whose machine code is in it.
    target: &'static str,
    /// Where it lies once it is built, and how its name ends.
    folder: &'static str,
    ending: &'static str,
}

/// All there are.
const KINDS: [Kind; 3] = [
    Kind {
        key: "linux-x86_64-deb",
        target: "x86_64-unknown-linux-gnu",
        folder: "release/bundle/deb",
        ending: ".deb",
    },
    Kind {
        key: "linux-x86_64-rpm",
        target: "x86_64-unknown-linux-gnu",
        folder: "release/bundle/rpm",
        ending: ".rpm",
    },
    Kind {
        key: "windows-x86_64-nsis",
        target: "x86_64-pc-windows-gnu",
        folder: "x86_64-pc-windows-gnu/release/bundle/nsis",
        ending: ".exe",
    },
];

/// Makes a pair of keys to sign with.
///
/// # Errors
/// As the tool says.
pub fn new_key(file: &str) -> Result<(), String> {
    let file = std::path::absolute(file).map_err(|error| format!("{file}: {error}"))?;
    tool::show(signer()?.arg("key").arg(&file))?;
    println!("The line above belongs into {KEYS}; {} belongs to nobody but you.", file.display());
    Ok(())
}

/// Makes the release. `more` goes to the signer: `--percent N`, `--not-before MOMENT`, `--earlier FILE`; `--built` first: of the
/// packages that lie there.
///
/// # Errors
/// Something could not be built or signed: then there is no channel's file.
pub fn run(more: &[&str]) -> Result<(), String> {
    let (is_built, more) = match more {
        ["--built", more @ ..] => (true, more),
        more => (false, more),
    };
    let version = version()?;
    let folder = tool::root().join(MADE).join(&version);
    let _ = std::fs::remove_dir_all(&folder);
    // Before anything takes its time: without a key there is nothing to make.
    if !has_key() {
        return Err("no key to sign with: set ATALAYA_RELEASE_KEY to its text, or ATALAYA_RELEASE_KEY_FILE to its file".into());
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut packages = Vec::new();
    if !is_built {
        package::run()?;
        windows::run(&["programs", "installer"])?;
    }
    for kind in &KINDS {
        let package = built(&atalaya_window::target_folder().join(kind.folder), &version, kind.ending)
            .ok_or_else(|| format!("{}: no {} of {version} was built", kind.folder, kind.ending))?;
        bill(kind, &version, &folder)?;
        packages.push(format!("{}={}", kind.key, package.display()));
    }
    let mut sign = signer()?;
    sign.args(["sign", "--version", &version, "--keys", KEYS, "--notes", NOTES]);
    sign.arg("--folder").arg(&folder).args(more).args(&packages);
    tool::show(&mut sign)?;
    println!("{}", folder.display());
    Ok(())
}

/// Whether there is a key to sign with.
pub fn has_key() -> bool {
    ["ATALAYA_RELEASE_KEY", "ATALAYA_RELEASE_KEY_FILE"].iter().any(|name| std::env::var_os(name).is_some())
}

/// What signs, built.
///
/// # Errors
/// It could not be built.
pub fn signer() -> Result<std::process::Command, String> {
    // With the features, and so the compiled crates, of `cargo xtask test`.
    let of_tests = ["--workspace", "--exclude", "xtask", "--exclude", "atalaya-shifts"];
    let mut build = tool::command("cargo");
    tool::show(build.args(["build", "--quiet"]).args(of_tests).args(["--bin", "atalaya-release"]))?;
    let program = atalaya_window::target_folder().join("debug/atalaya-release");
    Ok(tool::command(&program.display().to_string()))
}

fn version() -> Result<String, String> {
    let config: serde_json::Value = serde_json::from_str(&tool::read("tauri.conf.json")?)
        .map_err(|error| format!("tauri.conf.json: {error}"))?;
    config["version"].as_str().map(str::to_owned).ok_or_else(|| "tauri.conf.json: no version".to_owned())
}

/// The package of this version.
fn built(folder: &Path, version: &str, ending: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.contains(version) && name.ends_with(ending)
        })
        .collect();
    names.sort();
    names.pop()
}

fn bill(kind: &Kind, version: &str, folder: &Path) -> Result<(), String> {
    let bill = notices::bill(&parts::all(kind.target)?, version);
    let path = folder.join(format!("atalaya-{version}-{}.cdx.json", kind.key));
    let text = serde_json::to_string_pretty(&bill).map_err(|error| error.to_string())?;
    std::fs::write(&path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
}

//! Programs that are handed out say nothing of where they were made: whoever builds one has a name in the folders of their
//! home, and two builds of one commit in two places are to be the same bytes.
//!
//! Left out on purpose: programs built for oneself, whose faults are easier to find with whole paths.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tool;

/// A folder of this computer, and how it is called in what is handed out.
type Called = (PathBuf, &'static str);

/// Folders, the innermost of any two first.
fn folders() -> Result<Vec<Called>, String> {
    let sysroot = tool::output(tool::command("rustc").args(["--print", "sysroot"]))?.trim().to_owned();
    let home = std::env::home_dir().unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let mut all = vec![(tool::root(), "/atalaya"), (cargo, "/cargo"), (PathBuf::from(sysroot), "/rust")];
    all.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.as_os_str().len()));
    Ok(all)
}

/// Has what this command builds call folders by names that are the same everywhere. Flags of the person's own are kept.
///
/// # Errors
/// There is no compiler.
pub fn build(command: &mut Command) -> Result<&mut Command, String> {
    let folders = folders()?;
    let own = |name: &str| std::env::var(name).unwrap_or_default();
    let mut rust: Vec<String> = own("RUSTFLAGS").split_whitespace().map(str::to_owned).collect();
    let mut c: Vec<String> = own("CFLAGS").split_whitespace().map(str::to_owned).collect();
    // Of several that fit the compiler takes the last.
    for (folder, called) in folders.iter().rev() {
        rust.push(format!("--remap-path-prefix={}={called}", folder.display()));
        c.push(format!("-ffile-prefix-map={}={called}", folder.display()));
    }
    command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"));
    Ok(command.env("CFLAGS", c.join(" ")))
}

/// Judges a program: it names none of the folders.
///
/// # Errors
/// It cannot be read, or names one: with a piece of where.
pub fn judge(program: &Path) -> Result<(), String> {
    let bytes = std::fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    for (folder, _) in folders()? {
        if let Some(around) = named(&bytes, &folder.display().to_string()) {
            return Err(format!("{} says where it was built: {around}", program.display()));
        }
    }
    Ok(())
}

/// Where a folder is named, with what follows.
fn named(bytes: &[u8], folder: &str) -> Option<String> {
    const AROUND: usize = 120;
    let at = bytes.windows(folder.len()).position(|part| part == folder.as_bytes())?;
    let piece = &bytes[at..bytes.len().min(at + AROUND)];
    let end = piece.iter().position(|byte| !(b' '..=b'~').contains(byte)).unwrap_or(piece.len());
    Some(String::from_utf8_lossy(&piece[..end]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_names_a_folder_is_told_with_where() {
        let bytes = b"\x7fELF\0\0/somewhere/of/somebody/src/one.rs\0more";
        assert_eq!(
            named(bytes, "/somewhere/of/somebody").as_deref(),
            Some("/somewhere/of/somebody/src/one.rs")
        );
        assert_eq!(named(bytes, "/somewhere/of/another"), None);
    }

    #[test]
    fn what_is_built_is_told_the_names_of_every_folder() {
        let mut command = Command::new("cargo");
        build(&mut command).unwrap();
        let told: Vec<String> =
            command.get_envs().filter_map(|(_, value)| Some(value?.to_str()?.to_owned())).collect();
        for (folder, called) in folders().unwrap() {
            let whole = format!("={}={called}", folder.display());
            assert_eq!(told.iter().filter(|flags| flags.contains(&whole)).count(), 2, "{whole}");
        }
    }
}

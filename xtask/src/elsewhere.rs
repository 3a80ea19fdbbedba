//! Type-checking everything for systems this one is not. Nothing is linked, so that no system's own libraries are needed.

use crate::{setup, tool, user_interface};

/// What programs for Windows are built for.
pub const WINDOWS: &str = "x86_64-pc-windows-gnu";
const MACOS: &str = "aarch64-apple-darwin";

/// What passes for a compiler of C where its objects are never linked: each is empty.
const EMPTY_OBJECTS: &str = "#!/bin/sh
# Every object asked for is made, and has nothing in it. Asked who it is, it is clang, and none of Microsoft's.
for word do
    if [ \"$taken\" ]; then : > \"$word\"; taken=; continue; fi
    case $word in
        -E) echo '\"clang\"' ;;
        -\\?) exit 1 ;;
        -o) taken=yes ;;
        -o?*) : > \"${word#-o}\" ;;
    esac
done
";

/// Through Debian's cross compiler.
///
/// # Errors
/// The standard library could not be added, or something does not compile.
pub fn windows() -> Result<(), String> {
    add(WINDOWS)?;
    setup::system(&["gcc-mingw-w64-x86-64"])?;
    user_interface::built()?;
    check(WINDOWS, &mut tool::command("cargo"))
}

/// On a Mac with its own compiler, elsewhere with none.
///
/// # Errors
/// The standard library could not be added, or something does not compile.
pub fn macos() -> Result<(), String> {
    add(MACOS)?;
    user_interface::built()?;
    let mut cargo = tool::command("cargo");
    if !cfg!(target_os = "macos") {
        let (compiler, folder) = (tool::script("empty-objects", EMPTY_OBJECTS)?, tool::tools());
        for name in ["CC_aarch64_apple_darwin", "CXX_aarch64_apple_darwin"] {
            cargo.env(name, &compiler);
        }
        // It is asked where the system's headers are, and reads none of them.
        cargo.env("AR_aarch64_apple_darwin", "ar").env("SDKROOT", folder);
    }
    check(MACOS, &mut cargo)
}

fn check(target: &str, cargo: &mut std::process::Command) -> Result<(), String> {
    tool::show(cargo.args(["check", "--workspace", "--exclude", "atalaya-shifts", "--target", target]))
}

/// The standard library, from `rustup`, which may be offline or not how Rust came here.
///
/// # Errors
/// It could not be added.
pub fn add(target: &str) -> Result<(), String> {
    let missing =
        |error| format!("the standard library for {target} could not be added, so nothing was done: {error}");
    let installed =
        tool::output(tool::command("rustup").args(["target", "list", "--installed"])).map_err(missing)?;
    if installed.lines().any(|line| line.trim() == target) {
        return Ok(());
    }
    tool::show(tool::command("rustup").args(["target", "add", target])).map_err(missing)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn every_object_that_is_asked_for_is_there_and_empty() {
        let folder = tempfile::tempdir().unwrap();
        let object = |name: &str| folder.path().join(name).display().to_string();
        let script = folder.path().join("cc");
        std::fs::write(&script, EMPTY_OBJECTS).unwrap();
        let cc = |words: &[&str]| std::process::Command::new("sh").arg(&script).args(words).status().unwrap();
        assert!(cc(&["-c", "-o", &object("a b.o"), "x.c"]).success());
        assert!(cc(&[&format!("-o{}", object("c.o")), "-O2"]).success());
        let who = std::process::Command::new("sh").arg(&script).args(["-E", "x.c"]).output().unwrap();
        assert_eq!(who.stdout, b"\"clang\"\n");
        for name in ["a b.o", "c.o"] {
            assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), b"");
        }
    }
}

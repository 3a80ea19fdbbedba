//! The package for Debian, packed once more: as small as it goes, and the same bytes from the same files, whenever and wherever.
//!
//! Left out on purpose: whether the programs in it are the same bytes from one build to the next.

use std::fs;
use std::path::Path;

use crate::tool;

/// The moment everything in a package is of, seconds since 1970: that of the commit.
///
/// # Errors
/// Nobody said (`SOURCE_DATE_EPOCH`), and there is no commit.
pub fn moment() -> Result<String, String> {
    if let Some(said) = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|said| !said.is_empty()) {
        return Ok(said);
    }
    let commit = tool::output(tool::command("git").args(["log", "-1", "--format=%ct"]));
    commit
        .map(|said| said.trim().to_owned())
        .map_err(|error| format!("no commit to take the moment of: set SOURCE_DATE_EPOCH ({error})"))
}

/// Packs it anew in its place, twice, and says how large it was and is.
///
/// # Errors
/// It could not be unpacked or packed, or two packings of the same files differ.
pub fn small(deb: &Path) -> Result<String, String> {
    let moment = moment()?;
    let before = size(deb)?;
    let again = deb.with_extension("again");
    for to in [deb, &again] {
        let tree = deb.with_extension("tree");
        let _ = fs::remove_dir_all(&tree);
        // The second is made of the first: of files that were written at another time.
        tool::output(tool::command("dpkg-deb").arg("--raw-extract").arg(deb).arg(&tree))?;
        pack(&tree, to, &moment)?;
        let _ = fs::remove_dir_all(&tree);
    }
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    if read(deb)? != read(&again)? {
        return Err(format!("{} and {} are of the same files and differ", deb.display(), again.display()));
    }
    let _ = fs::remove_file(&again);
    let mb = |bytes: u64| bytes as f64 / 1e6;
    Ok(format!("{:.1} MB of {:.1} MB, the same bytes twice", mb(size(deb)?), mb(before)))
}

fn size(path: &Path) -> Result<u64, String> {
    fs::metadata(path).map(|file| file.len()).map_err(|error| format!("{}: {error}", path.display()))
}

/// A tree of files, with nothing in it of whoever packs it and when.
fn pack(tree: &Path, to: &Path, moment: &str) -> Result<(), String> {
    tool::output(tool::command("chmod").args(["-R", "u=rwX,go=rX"]).arg(tree))?;
    let mut touch = tool::command("find");
    touch.arg(tree).args(["-exec", "touch", "--no-dereference", "--date", &format!("@{moment}"), "{}", "+"]);
    tool::output(&mut touch)?;
    let mut pack = tool::command("dpkg-deb");
    pack.args(["--root-owner-group", "-Zxz", "-z9", "-Sextreme", "--build"]).arg(tree).arg(to);
    // How many threads there are decides where blocks begin.
    pack.env("SOURCE_DATE_EPOCH", moment).env("DPKG_DEB_THREADS_MAX", "1");
    tool::output(&mut pack).map(drop)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_the_same_package_whoever_packs_them_and_when() {
        if !tool::succeeds(tool::command("dpkg-deb").arg("--version")) {
            return;
        }
        let home = tempfile::tempdir().unwrap();
        let packed = |name: &str, mode: &str, date: &str, text: &str| {
            let tree = home.path().join(name);
            fs::create_dir_all(tree.join("DEBIAN")).unwrap();
            fs::create_dir_all(tree.join("usr/bin")).unwrap();
            let control =
                "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: A <a@localhost>\nDescription: a\n";
            fs::write(tree.join("DEBIAN/control"), control).unwrap();
            let file = tree.join("usr/bin/a");
            fs::write(&file, text).unwrap();
            tool::output(tool::command("chmod").arg(mode).arg(&file)).unwrap();
            tool::output(tool::command("touch").args(["--date", date]).arg(&file)).unwrap();
            let to = home.path().join(format!("{name}.deb"));
            pack(&tree, &to, "1700000000").unwrap();
            fs::read(to).unwrap()
        };
        let one = packed("one", "755", "2020-01-01", "text");
        assert_eq!(one, packed("other", "700", "2030-06-01", "text"));
        assert_ne!(one, packed("more", "755", "2020-01-01", "another text"));
    }
}

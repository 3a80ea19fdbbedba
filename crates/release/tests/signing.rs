//! A release as it is made, taken by the program's own checks, and everything that must not become one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_release::{CHANNEL, Error, SUMS, Signer, Wish, new_key, notes, release};
use atalaya_update::{Bundle, Keys, Manifest, Version, Wanted};

struct Made {
    home: tempfile::TempDir,
    keys: String,
}

impl Made {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let one = new_key(&home.path().join("one.key"), None).unwrap();
        let other = new_key(&home.path().join("other.key"), None).unwrap();
        std::fs::write(home.path().join("built.deb"), vec![7; 100_000]).unwrap();
        let made = Self { home, keys: format!("# two\n{one}\n{other}\n") };
        for version in ["0.1.0", "0.2.0"] {
            for language in ["es", "en", "pt-BR"] {
                std::fs::write(made.path(&format!("{version}.{language}.txt")), "Algo").unwrap();
            }
        }
        made
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.home.path().join(name)
    }

    fn signer(&self, name: &str, password: Option<&str>) -> Result<Signer, Error> {
        Signer::of(&std::fs::read_to_string(self.path(name)).unwrap(), password.map(str::to_owned))
    }

    fn wish(&self, version: &str, minute: u32, earlier: Option<&str>) -> Wish {
        let version: Version = version.parse().unwrap();
        Wish {
            notes: notes(self.home.path(), &version).unwrap(),
            version,
            packages: BTreeMap::from([(Bundle::Deb.key(), self.path("built.deb"))]),
            percent: 10,
            not_before: None,
            issued: format!("2026-11-30T10:{minute:02}:00Z").parse().unwrap(),
            earlier: earlier.map(|folder| self.path(folder).join(CHANNEL)),
        }
    }
}

fn channel(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join(CHANNEL)).unwrap()
}

#[test]
fn a_release_is_what_the_program_takes_and_the_one_before_stays_in_the_channel() {
    let made = Made::new();
    let keys = Keys::read(&made.keys).unwrap();
    let (first, second) = (made.path("first"), made.path("second"));
    release(&made.wish("0.1.0", 1, None), &made.signer("one.key", None).unwrap(), &made.keys, &first)
        .unwrap();
    let other = made.signer("other.key", None).unwrap();
    release(&made.wish("0.2.0", 2, Some("first")), &other, &made.keys, &second).unwrap();
    let manifest = Manifest::read(&channel(&second), &keys).unwrap();
    let versions: Vec<String> = manifest.releases.iter().map(|release| release.version.to_string()).collect();
    assert_eq!(versions, ["0.2.0", "0.1.0"]);
    let wanted = Wanted::of(&manifest.releases[0], Bundle::Deb).unwrap();
    let package = second.join(wanted.file_name());
    wanted.check(&package, &keys).unwrap();
    assert!(second.join(format!("{}.minisig", wanted.file_name())).exists());
    let sums = std::fs::read_to_string(second.join(SUMS)).unwrap();
    assert!(sums.lines().any(|line| line.ends_with(&format!("  {}", wanted.file_name()))), "{sums}");
    std::fs::write(&package, vec![8; 100_000]).unwrap();
    assert_eq!(wanted.check(&package, &keys).unwrap_err().code(), "updateSignature");
}

#[test]
fn without_signatures_that_somebody_believes_there_is_no_release() {
    let made = Made::new();
    let folder = made.path("out");
    let signer = made.signer("one.key", None).unwrap();
    release(&made.wish("0.1.0", 1, None), &signer, &made.keys, &folder).unwrap();
    let stranger = Made::new();
    let stranger = stranger.signer("one.key", None).unwrap();
    let one = made.keys.lines().nth(1).unwrap();
    let nothing = Wish { packages: BTreeMap::new(), ..made.wish("0.1.0", 2, None) };
    let gone = Wish { earlier: Some(made.path("none")), ..made.wish("0.1.0", 2, None) };
    let good = made.wish("0.1.0", 2, None);
    for (wish, signer, keys, why) in [
        (&good, &stranger, made.keys.as_str(), "nobody would take"),
        (&good, &signer, one, "1 public keys"),
        (&good, &signer, "# none\n", "0 public keys"),
        (&nothing, &signer, &made.keys, "no package"),
        (&gone, &signer, &made.keys, "none"),
    ] {
        let error = release(wish, signer, keys, &folder).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(!folder.join(CHANNEL).exists(), "what was there before is not taken for this one: {why}");
    }
    assert!(matches!(Signer::of(" \n", None), Err(Error::NoKey)));
    assert!(matches!(Signer::of("not a key", None), Err(Error::Key(_))));
    let version = "0.3.0".parse().unwrap();
    assert!(matches!(notes(made.home.path(), &version), Err(Error::Notes(_))));
    assert!(new_key(&made.path("one.key"), None).is_err(), "a key is not written over");
}

#[test]
fn a_key_with_a_password_signs_with_it_alone() {
    let made = Made::new();
    new_key(&made.path("locked.key"), Some("a password".into())).unwrap();
    assert!(made.signer("locked.key", Some("a password")).is_ok());
    assert!(matches!(made.signer("locked.key", Some("another")), Err(Error::Key(_))));
    assert!(made.signer("locked.key", None).is_err());
}

//! There and back again between two versions: whichever of them is installed can read what it finds.

use std::path::Path;

use atalaya_clock::Clock;
use atalaya_store::{Migrations, Paths, Store};
use atalaya_update::{Bundle, Folder, Package, Version, Wanted, back};

use super::{Part, last, say};

const OLD: Migrations = Migrations { owner: "calls", steps: &["CREATE TABLE tag (text TEXT) STRICT;"] };
const NEW: Migrations = Migrations {
    owner: "calls",
    steps: &["CREATE TABLE tag (text TEXT) STRICT;", "CREATE TABLE other (x TEXT) STRICT;"],
};

pub struct Updating;

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn wanted(of: &str) -> Wanted {
    let package = Package { url: "x".to_owned(), signature: "s".to_owned(), size: 1 };
    Wanted { version: version(of), bundle: Bundle::Deb, package }
}

fn open(path: &Path, of: Migrations) -> Store {
    Store::open(path, &[of], Clock::system()).expect("the data can be read")
}

fn typed(store: &Store) -> u64 {
    store.setting("typed").expect("readable").unwrap_or(0)
}

/// What the older program does first.
fn older_starts(paths: &Paths) -> Store {
    back::arrive(paths, &version("0.1.0")).expect("it arrives");
    open(&paths.database(), OLD)
}

fn goes_back(paths: &Paths) {
    let mut folder = Folder::open(paths).expect("nobody else has it");
    let way = folder.way_back(&version("0.2.0")).expect("there is a way back");
    assert!(way.data_of.is_some(), "the copy comes back with it");
    folder.begin_back(&way).expect("it is begun");
}

/// The older one types, updates, the newer one types, goes back, and again. The next number is one more than any seen.
pub fn write_for_ever(home: &Path) {
    let paths = Paths::below(home);
    let begun = typed(&older_starts(&paths)) + 2;
    for number in (begun..).step_by(2) {
        let store = older_starts(&paths);
        store.set_setting("typed", &number).expect("it is kept");
        say(format_args!("older {number}"));
        drop(store);
        let mut folder = Folder::open(&paths).expect("nobody else has it");
        std::fs::write(folder.package(&wanted("0.1.0").file_name()), "x").expect("a package");
        let (package, at) = (wanted("0.1.0").package, chrono::Utc::now());
        folder.before(&version("0.1.0"), &wanted("0.2.0"), Some(package), at).expect("it is copied");
        drop(folder);
        say(format_args!("updated {number}"));
        let store = open(&paths.database(), NEW);
        store.set_setting("typed", &(number + 1)).expect("it is kept");
        say(format_args!("newer {number}"));
        drop(store);
        goes_back(&paths);
        say(format_args!("back {number}"));
    }
}

/// The data that were set aside last, if there are any: what was typed in them.
fn aside(home: &Path) -> Vec<u64> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(home).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("atalaya of 0.2.0") && path.extension().is_some_and(|end| end == "sqlite") {
            found.push(typed(&open(&path, NEW)));
        }
    }
    found
}

impl Part for Updating {
    fn look(&mut self, home: &Path, said: &[String]) {
        let paths = Paths::below(home);
        let line = said.last().map_or("", String::as_str);
        let number = |kind: &str| last(said, kind).expect("a number");
        let now = match line.split(' ').next().unwrap_or_default() {
            // The newer one is installed: it reads what it finds, and the way back is there.
            kind @ ("updated" | "newer") => {
                let number = number(kind);
                assert!(!back::arrive(&paths, &version("0.2.0")).expect("readable"), "no way back ends here");
                let here = typed(&open(&paths.database(), NEW));
                assert!(here == number + 1 || (kind == "updated" && here == number), "{line}: {here}");
                goes_back(&paths);
                let now = typed(&older_starts(&paths));
                assert_eq!(now, number, "{line}: what was typed before comes back");
                assert!(aside(home).contains(&here), "{line}: what was typed since is beside it");
                now
            }
            // The older one is, and comes back from the newer or was not gone yet.
            "back" => {
                let number = number("back");
                let now = typed(&older_starts(&paths));
                // Somebody may have gone on typing already.
                assert!(now == number || now == number + 2, "{line}: {now}");
                assert!(aside(home).contains(&(number + 1)), "{line}: what was typed since is beside it");
                now
            }
            _ => typed(&older_starts(&paths)),
        };
        assert!(last(said, "older").is_none_or(|number| now >= number), "{line}: {now}");
    }
}

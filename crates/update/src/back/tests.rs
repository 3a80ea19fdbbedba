use atalaya_store::{Migrations, Store};
use atalaya_ucontact::Clock;
use proptest::prelude::*;

use super::*;

const OLD: Migrations = Migrations { owner: "calls", steps: &["CREATE TABLE tag (text TEXT) STRICT;"] };
const NEW: Migrations = Migrations {
    owner: "calls",
    steps: &["CREATE TABLE tag (text TEXT) STRICT;", "CREATE TABLE other (x TEXT) STRICT;"],
};

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn package() -> Package {
    Package { url: "x".into(), signature: "s".into(), size: 1 }
}

fn wanted(of: &str) -> Wanted {
    Wanted { version: version(of), bundle: Bundle::Deb, package: package() }
}

fn open(paths: &Paths, of: Migrations) -> Result<Store, atalaya_store::Error> {
    Store::open(&paths.database(), &[of], Clock::system())
}

fn note(store: &Store, text: &str) {
    store.set_setting("note", &text).unwrap();
}

fn noted(store: &Store) -> String {
    store.setting("note").unwrap().unwrap_or_default()
}

fn at() -> DateTime<Utc> {
    "2026-11-30T10:00:00Z".parse().unwrap()
}

/// A home that went from 0.1.0 to 0.2.0, whose package of before is kept.
fn updated(newer: Migrations) -> (tempfile::TempDir, Paths) {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::below(home.path());
    note(&open(&paths, OLD).unwrap(), "before");
    let mut folder = Folder::open(&paths).unwrap();
    std::fs::write(folder.package(&wanted("0.1.0").file_name()), "x").unwrap();
    folder.before(&version("0.1.0"), &wanted("0.2.0"), Some(package()), at()).unwrap();
    drop(folder);
    note(&open(&paths, newer).unwrap(), "after");
    (home, paths)
}

fn begin(paths: &Paths) -> Result<Way, Error> {
    let mut folder = Folder::open(paths)?;
    let way = folder.way_back(&version("0.2.0"))?;
    folder.begin_back(&way)?;
    Ok(way)
}

#[test]
fn data_that_were_not_changed_stay_on_the_way_back() {
    let (_home, paths) = updated(OLD);
    let way = begin(&paths).unwrap();
    assert_eq!(
        (way.package.version.to_string().as_str(), way.data_of, way.history_aside),
        ("0.1.0", None, false)
    );
    assert!(arrive(&paths, &version("0.1.0")).unwrap());
    assert_eq!(noted(&open(&paths, OLD).unwrap()), "after");
    assert!(!arrive(&paths, &version("0.1.0")).unwrap(), "once");
}

#[test]
fn data_that_were_changed_come_back_as_they_were_and_the_newer_ones_are_set_aside() {
    let (home, paths) = updated(NEW);
    assert!(open(&paths, OLD).is_err(), "the version before cannot read them");
    let way = begin(&paths).unwrap();
    assert_eq!(way.data_of, Some(at()));
    assert!(
        !arrive(&paths, &version("0.2.0")).unwrap(),
        "the newer one goes on until the older one is there"
    );
    assert_eq!(noted(&open(&paths, NEW).unwrap()), "after");
    assert!(arrive(&paths, &version("0.1.0")).unwrap());
    assert_eq!(noted(&open(&paths, OLD).unwrap()), "before");
    let aside = home.path().join("atalaya of 0.2.0.sqlite");
    assert_eq!(noted(&Store::open(&aside, &[NEW], Clock::system()).unwrap()), "after", "nothing is lost");
}

#[test]
fn a_way_back_that_is_cut_anywhere_is_ended_by_the_next_start() {
    // Each is how the disk may lie when the power goes: after the copy came, after the newer was set aside, after the end.
    for cut in 0..3 {
        let (home, paths) = updated(NEW);
        begin(&paths).unwrap();
        let database = paths.database();
        let copy = home.path().join("updates/before-0.2.0.sqlite");
        let incoming = database.with_extension("incoming");
        std::fs::copy(&copy, &incoming).unwrap();
        if cut > 0 {
            set_aside(&database, "atalaya of 0.2.0").unwrap();
        }
        if cut > 1 {
            std::fs::rename(&incoming, &database).unwrap();
        }
        assert!(arrive(&paths, &version("0.1.0")).unwrap());
        assert_eq!(noted(&open(&paths, OLD).unwrap()), "before", "{cut}");
        let aside = home.path().join("atalaya of 0.2.0.sqlite");
        assert_eq!(noted(&Store::open(&aside, &[NEW], Clock::system()).unwrap()), "after", "{cut}");
    }
}

#[test]
fn it_is_said_when_there_is_no_way_back() {
    let refused = |paths: &Paths, running: &str| {
        Folder::open(paths).unwrap().way_back(&version(running)).unwrap_err().code()
    };
    let (_home, paths) = updated(NEW);
    assert_eq!(refused(&paths, "0.3.0"), "updateNothingBefore", "another was installed by hand since");
    std::fs::remove_file(paths.local.join("updates/before-0.2.0.sqlite")).unwrap();
    assert_eq!(refused(&paths, "0.2.0"), "updateNoCopyBefore");
    let (_home, paths) = updated(OLD);
    std::fs::remove_file(paths.local.join("updates").join(wanted("0.1.0").file_name())).unwrap();
    assert_eq!(refused(&paths, "0.2.0"), "updateNoPackageBefore");
    let home = tempfile::tempdir().unwrap();
    assert_eq!(refused(&Paths::below(home.path()), "0.2.0"), "updateNothingBefore");
}

#[test]
fn without_a_copy_of_the_data_nothing_is_installed() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::below(home.path());
    std::fs::write(paths.database(), "this is no database, and nobody can copy it").unwrap();
    let mut folder = Folder::open(&paths).unwrap();
    let refused = folder.before(&version("0.1.0"), &wanted("0.2.0"), None, at()).unwrap_err();
    assert_eq!(refused.code(), "storeUnreadable");
    assert_eq!(folder.known().step, None);
}

fn tables() -> impl Strategy<Value = BTreeMap<String, u32>> {
    prop::collection::btree_map("[a-c]", 0..4_u32, 0..4)
}

proptest! {
    #[test]
    fn whoever_goes_back_can_read_what_they_find(then in tables(), now in tables(), history in tables(), copy: bool, kept: bool) {
        let step = Step {
            from: version("0.1.0"),
            to: version("0.2.0"),
            at: at(),
            bundle: Bundle::Deb,
            package: Some(package()),
            tables: Tables { data: then.clone(), history: BTreeMap::new() },
        };
        let found = Tables { data: now.clone(), history };
        let readable = then.iter().all(|(owner, version)| now.get(owner).is_none_or(|now| now <= version));
        match way(Some(&step), &version("0.2.0"), &found, Kept { package: kept, copy }) {
            Ok(way) => {
                prop_assert!(kept);
                prop_assert!(readable || (copy && way.data_of.is_some()));
                prop_assert!(!readable || way.data_of.is_none(), "data that can be read stay");
                prop_assert!(!way.history_aside, "a history that was not there then");
            }
            Err(NoWayBack::NoPackage) => prop_assert!(!kept),
            Err(NoWayBack::NoCopy) => prop_assert!(!readable && !copy),
            Err(NoWayBack::NothingBefore) => prop_assert!(false),
        }
    }
}

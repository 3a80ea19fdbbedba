//! Data of every earlier version through an update, and back: the tables as each step of each owner left them, with something
//! typed in every column, and the folders that earlier programs wrote. The newer program has all of it, the copy is made
//! before, and the way back returns it to the letter.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::Path;

use atalaya_clock::Clock;
use atalaya_store::{Migrations, Paths, Store};
use atalaya_update::{Bundle, Folder, Package, Version, Wanted, back};
use rusqlite::Connection;
use rusqlite::types::Value;

mod common;
use common::desk;

/// What a desk keeps in its file, by owner; the store's own tables come along.
const ALL: [Migrations; 5] = [
    atalaya_calls::MIGRATIONS,
    atalaya_calls::POSITIONS,
    atalaya_review::MIGRATIONS,
    atalaya_outreach::MIGRATIONS,
    atalaya_teamwork::MIGRATIONS,
];

/// What nobody typed and a later step keeps in another form: which question of the card a part of a score is of.
const NOT_TYPED: [&str; 1] = ["review_item.question"];

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn wanted(of: &str) -> Wanted {
    let package = Package { url: "x".to_owned(), signature: "s".to_owned(), size: 1 };
    Wanted { version: version(of), bundle: Bundle::Deb, package }
}

/// Tables of a file with the columns of each and what they hold.
fn tables(file: &Connection) -> Vec<(String, Vec<(String, String)>)> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'
        AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
    let mut names = file.prepare(sql).expect("readable");
    let names: Vec<String> =
        names.query_map([], |row| row.get(0)).expect("readable").map(|name| name.expect("a name")).collect();
    let columns = |name: &str| {
        let mut rows = file.prepare("SELECT name, type FROM pragma_table_info(?1)").expect("readable");
        let rows = rows.query_map([name], |row| Ok((row.get(0)?, row.get(1)?))).expect("readable");
        rows.map(|column| column.expect("a column")).collect()
    };
    names.into_iter().map(|name| (name.clone(), columns(&name))).collect()
}

/// Everything that is in a file, a line each.
fn content(path: &Path) -> BTreeSet<String> {
    let file = Connection::open(path).expect("it opens");
    let mut lines = BTreeSet::new();
    for (table, columns) in tables(&file) {
        let mut rows = file.prepare(&format!("SELECT * FROM \"{table}\"")).expect("readable");
        let count = columns.len();
        let line = |row: &rusqlite::Row<'_>| {
            (0..count).map(|place| row.get::<_, Value>(place)).collect::<rusqlite::Result<Vec<_>>>()
        };
        for row in rows.query_map([], line).expect("readable") {
            lines.insert(format!("{table} {:?}", row.expect("a row")));
        }
    }
    lines
}

/// Types something into every column of every table; the texts that were typed.
fn typed_everywhere(path: &Path) -> Vec<String> {
    let file = Connection::open(path).expect("it opens");
    file.pragma_update(None, "foreign_keys", false).expect("for rows that stand alone");
    let mut typed = Vec::new();
    for (table, columns) in tables(&file) {
        let mut values = Vec::new();
        for (column, kind) in &columns {
            values.push(match kind.as_str() {
                // What is read as JSON by a later step can be.
                "TEXT" => {
                    let text = format!("\"typed in {table}.{column}\"");
                    if !NOT_TYPED.contains(&format!("{table}.{column}").as_str()) {
                        typed.push(text.clone());
                    }
                    Value::Text(text)
                }
                "REAL" => Value::Real(2.5),
                "BLOB" => Value::Blob(vec![7, 7]),
                _ => Value::Integer(1),
            });
        }
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let sql = format!("INSERT OR REPLACE INTO \"{table}\" VALUES ({})", places.join(", "));
        file.execute(&sql, rusqlite::params_from_iter(values))
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    typed
}

/// From the data as they lie to the newest version, which types something, and back.
async fn there_and_back(what: &str, home: &Path, typed: &[String]) {
    let paths = Paths::below(home);
    let before = content(&paths.database());
    let mut folder = Folder::open(&paths).expect("nobody else has it");
    std::fs::write(folder.package(&wanted("0.1.0").file_name()), "x").expect("a package");
    let at = chrono::Utc::now();
    folder
        .before(&version("0.1.0"), &wanted("0.2.0"), Some(wanted("0.1.0").package), at)
        .unwrap_or_else(|error| panic!("{what}: no copy: {error}"));
    let copy = home.join("updates/before-0.2.0.sqlite");
    assert_eq!(content(&copy), before, "{what}: the copy is what there was");

    // The newer program itself.
    let newer = desk(home).await;
    newer.set_draft("tag/newer", Some("typed since")).expect("it is kept");
    drop(newer);
    let now = content(&paths.database());
    let lost: Vec<&String> =
        typed.iter().filter(|text| !now.iter().any(|line| line.contains(&format!("{text:?}")))).collect();
    assert!(lost.is_empty(), "{what}: gone after the update: {lost:?}");

    let way =
        folder.way_back(&version("0.2.0")).unwrap_or_else(|error| panic!("{what}: no way back: {error}"));
    folder.begin_back(&way).expect("it is begun");
    drop(folder);
    assert!(back::arrive(&paths, &version("0.1.0")).expect("it arrives"), "{what}");
    let aside = home.join("atalaya of 0.2.0.sqlite");
    if way.data_of.is_some() {
        assert_eq!(content(&paths.database()), before, "{what}: as it was, to the letter");
        assert_eq!(content(&aside), now, "{what}: what was typed since is beside it");
    } else {
        assert_eq!(content(&paths.database()), now, "{what}: the version before reads what there is");
        assert!(!aside.exists(), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_every_step_come_along_and_back() {
    let mut tried = 0;
    for (place, owner) in ALL.iter().enumerate() {
        for step in 1..=owner.steps.len() {
            let mut earlier = ALL;
            earlier[place] = Migrations { owner: owner.owner, steps: &owner.steps[..step] };
            let what = format!("{} {step} of {}", owner.owner, owner.steps.len());
            let home = tempfile::tempdir().expect("a folder");
            let database = Paths::below(home.path()).database();
            drop(
                Store::open(&database, &earlier, Clock::system()).expect("the version before opens its own"),
            );
            let typed = typed_everywhere(&database);
            assert!(typed.len() > 20, "{what}: {typed:?}");
            there_and_back(&what, home.path(), &typed).await;
            // Whoever went back goes on with it.
            drop(
                Store::open(&database, &earlier, Clock::system())
                    .unwrap_or_else(|error| panic!("{what}: {error}")),
            );
            tried += 1;
        }
    }
    assert_eq!(tried, ALL.iter().map(|owner| owner.steps.len()).sum::<usize>());
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the fixture") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("it is copied");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_of_earlier_programs_come_along_and_back() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut tried = 0;
    for entry in std::fs::read_dir(fixtures).expect("the fixtures") {
        let folder = entry.expect("readable").path();
        if !folder.is_dir() {
            continue;
        }
        let home = tempfile::tempdir().expect("a folder");
        copied(&folder, home.path());
        let what = folder.display().to_string();
        // Their own words, as a person typed them.
        let file = Connection::open(home.path().join("atalaya.sqlite")).expect("it opens");
        let mut words = file
            .prepare(
                "SELECT text FROM note UNION ALL SELECT text FROM draft UNION ALL SELECT text FROM tag
                UNION ALL SELECT comment FROM review WHERE comment <> ''",
            )
            .expect("every program had them");
        let typed: Vec<String> = words
            .query_map([], |row| row.get(0))
            .expect("readable")
            .map(|text| text.expect("a text"))
            .collect();
        assert!(typed.len() > 3, "{what}: {typed:?}");
        drop(words);
        drop(file);
        there_and_back(&what, home.path(), &typed).await;
        tried += 1;
    }
    assert!(tried >= 2);
}

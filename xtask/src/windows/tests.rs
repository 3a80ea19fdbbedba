//! The crates' own tests, built for Windows and run with Wine.
//!
//! Left out: what begins a PostgreSQL (its programs are this system's), the real window (no `WebView2`) and the shell, and what this
//! repository is built with. Tests of one system alone leave themselves out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use atalaya_window::Running;

use super::wine::Wine;
use crate::steps::Log;
use crate::{elsewhere, tool};

/// Packages that have no test for here.
const APART: [&str; 5] = ["atalaya", "atalaya-postgres", "atalaya-shifts", "atalaya-window", "xtask"];
const DATABASE: &str = "atalaya_postgres";
/// What Wine's judgement of certificates has no reasons for: docs/WINDOWS.md has it for a person.
const NOT_WITH_WINE: [&str; 3] = [
    "the_days_count_for_what_was_added_too",
    "an_authority_that_was_added_vouches_for_whole_chains_alone",
    // Of some keys it says that the signature is wrong, of most that nobody vouches for it.
    "a_certificate_made_by_the_server_itself_is_trusted_once_it_is_added",
];

/// Runs them.
///
/// # Errors
/// One does not compile, or fails.
pub fn run(log: &Log) -> Result<(), String> {
    let (chosen, left_out) = tests()?;
    println!("        without a database of their own: {}", joined(&left_out));
    let wine = Wine::start()?;
    // Whichever program first asks Windows for its devices begins this one, which has what that prints until the very end: a
    // test that reads what a command says would wait for it, for ever.
    let mut desktop = wine.command("explorer.exe");
    desktop.arg("/desktop").stdout(Stdio::null()).stderr(Stdio::null());
    let _desktop = Running::start("Wine's desktop", &mut desktop)?;
    let mut cargo = tool::command("cargo");
    cargo.args(["test", "--workspace", "--no-fail-fast", "--target", elsewhere::WINDOWS]);
    cargo.args(APART.iter().flat_map(|name| ["--exclude", name])).args(["--lib", "--bins"]);
    cargo.args(chosen.iter().flat_map(|name| ["--test", name]));
    cargo.arg("--").args(NOT_WITH_WINE.iter().flat_map(|name| ["--skip", name]));
    // Snapshots are looked for from here: there is no Cargo in there to be asked.
    cargo.env("INSTA_WORKSPACE_ROOT", tool::root());
    // Linked in half the time.
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
    wine.runs(&mut cargo);
    let ran = log.run(&mut cargo);
    println!("        {}", counted(&log.text()?));
    ran
}

/// Names of tests that can run, and of those that cannot, as `CRATE/TEST`.
fn tests() -> Result<(BTreeSet<String>, BTreeSet<String>), String> {
    let (mut chosen, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    for of_crate in children(&tool::root().join("crates"))? {
        let folder = of_crate.join("tests");
        if !folder.is_dir() {
            continue;
        }
        for file in children(&folder)?.iter().filter(|path| path.extension().is_some_and(|end| end == "rs")) {
            let name = stem(file);
            if has_database(file)? {
                left_out.insert(format!("{}/{name}", stem(&of_crate)));
            } else {
                chosen.insert(name);
            }
        }
    }
    // Cargo takes a name in all crates or in none.
    let twice = |name: &&String| left_out.iter().any(|other| other.ends_with(&format!("/{name}")));
    let clash: Vec<String> = chosen.iter().filter(twice).cloned().collect();
    if !clash.is_empty() {
        return Err(format!("tests with a database and without have the same name: {}", clash.join(", ")));
    }
    Ok((chosen, left_out))
}

/// In the test itself, or in a module it has of its own or shares.
fn has_database(file: &Path) -> Result<bool, String> {
    let text = tool::read(file)?;
    let folder = file.with_file_name("common");
    let mut files: Vec<_> = [file.with_extension(""), folder.clone()]
        .into_iter()
        .filter(|path| path.is_dir() && (*path != folder || text.contains("mod common;")))
        .map(|path| children(&path))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    files.retain(|path| path.is_file());
    let found = files.iter().map(|path| Ok(tool::read(path)?.contains(DATABASE)));
    let found: Vec<bool> = found.collect::<Result<_, String>>()?;
    Ok(text.contains(DATABASE) || found.contains(&true))
}

fn children(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(named)?;
    let mut paths: Vec<_> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>().map_err(named)?;
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn joined(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What all of Cargo's verdicts come to.
fn counted(said: &str) -> String {
    let number = |line: &str, of: &str| {
        let parts = line.split(';').find(|part| part.trim_end().ends_with(of))?;
        parts.split_whitespace().rev().nth(1)?.parse::<u32>().ok()
    };
    let sum = |of: &str| -> u32 {
        let verdicts = said.lines().filter(|line| line.starts_with("test result: "));
        verdicts.filter_map(|line| number(line, of)).sum()
    };
    format!("{} tests passed, {} failed", sum("passed"), sum("failed"))
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_test_with_a_database_is_left_out_and_nothing_else() {
        let (chosen, left_out) = tests().unwrap();
        assert!(left_out.contains("team/rights") && left_out.contains("desk/in_a_team"), "{left_out:?}");
        assert!(chosen.contains("a_shift") && chosen.contains("scripts"), "{chosen:?}");
    }

    #[test]
    fn verdicts_are_added_up() {
        let said = "test result: ok. 12 passed; 0 failed; 0 ignored\ntest x ... ok\n\
                    test result: FAILED. 3 passed; 1 failed; 0 ignored";
        assert_eq!(counted(said), "15 tests passed, 1 failed");
    }
}

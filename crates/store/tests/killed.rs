//! A program that is killed in the middle of writing loses nothing it was told is kept. Started with a path it is that
//! program; without one it is the test (so it has a `main` of its own).

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use atalaya_clock::Clock;
use atalaya_store::{Outcome, Store, Write as Written};

const WRITE_INTO: &str = "ATALAYA_TEST_WRITE_INTO";

fn main() {
    match std::env::var_os(WRITE_INTO) {
        Some(path) => write_for_ever(path.as_ref()),
        None => what_was_kept_before_a_kill_is_there_after_it(),
    }
}

/// Says what is kept once it is.
fn write_for_ever(path: &Path) {
    let store = Store::open(path, &[], Clock::system()).expect("the store opens");
    let mut out = std::io::stdout();
    for number in 0u64.. {
        store.set_setting("number", &number).expect("a setting is kept");
        store.set_draft("draft", Some(&format!("draft {number}"))).expect("a draft is kept");
        let write = Written {
            operation: "TagRecord",
            target: &number.to_string(),
            detail: serde_json::json!({ "data": number }),
            user: "user",
            reviewer: "",
        };
        let _cut_off = store.audit().begin(&write).expect("the trail is written");
        writeln!(out, "{number}").expect("the parent reads");
    }
}

fn what_was_kept_before_a_kill_is_there_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.sqlite");
    let mut told_in_all = 0;
    for round in 1..=5 {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .env(WRITE_INTO, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts once more");
        let mut told = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let kept: u64 = told.nth(50).expect("it writes").expect("text").parse().expect("a number");
        // SIGKILL: no destructor runs.
        child.kill().expect("it is still there");
        child.wait().expect("it is gone");
        told_in_all += kept + 1;

        let store = Store::open(&path, &[], Clock::system()).expect("the file is whole");
        let number: u64 = store.setting("number").expect("readable").expect("there");
        assert!(number >= kept, "setting {number} after {kept} was told");
        let draft = store.draft("draft").expect("readable").expect("there");
        let drafted: u64 = draft.trim_start_matches("draft ").parse().expect("a number");
        assert!((kept..=number).contains(&drafted), "draft {drafted} after {kept} was told");
        let trail = store.audit().recent(u32::MAX).expect("readable");
        assert!(trail.len() as u64 >= told_in_all, "{} entries after {told_in_all} were told", trail.len());
        assert!(
            trail.iter().all(|entry| entry.outcome == Outcome::Unknown(String::new())),
            "cut off is told from done"
        );
        println!("round {round}: killed after {kept}, {} entries", trail.len());
    }
}

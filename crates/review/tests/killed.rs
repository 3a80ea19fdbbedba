//! A reviewer's program killed a hundred times in the middle of its work leaves a store that can be read, with everything
//! it was told is kept. Started with a path it is that program; without one it is the test (so it has a `main` of its own).

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use atalaya_calls::wire::Call;
use atalaya_clock::Clock;
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Question, ReportBy, ReportFilter, ReviewFilter, Section, Value,
};
use atalaya_review::{MIGRATIONS, Reviews};
use atalaya_store::Store;

const WRITE_INTO: &str = "ATALAYA_TEST_REVIEW_INTO";
const ROUNDS: usize = 100;

fn main() {
    match std::env::var_os(WRITE_INTO) {
        Some(path) => review_for_ever(path.as_ref()),
        None => a_hundred_kills_lose_nothing_that_was_told(),
    }
}

fn card() -> Card {
    let question = |id: &str| Question {
        id: id.to_owned(),
        text: id.to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight: 1.0,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let section = Section {
        id: "s".to_owned(),
        title: "s".to_owned(),
        questions: vec![question("one"), question("two")],
    };
    Card {
        id: "card".to_owned(),
        version: 0,
        name: "card".to_owned(),
        sections: vec![section],
        bands: Vec::new(),
    }
}

fn call(number: u64) -> Call {
    Call {
        guid: format!("guid-{number:08}"),
        started_at: "2026-03-02 10:00:00".to_owned(),
        length_secs: Some(60),
        talk_secs: Some(60),
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: "Soporte<-".to_owned(),
        direction: atalaya_calls::wire::Direction::Inbound,
        agent: Some("agent".to_owned()),
        answered: true,
        others_unread: false,
        source: "1".to_owned(),
        destination: "2".to_owned(),
        rating: None,
        days: Vec::new(),
        legs: Vec::new(),
    }
}

fn open(path: &Path) -> Reviews {
    Reviews::new(Store::open(path, &[MIGRATIONS], Clock::system()).expect("the store opens"), "account")
}

/// Judges call after call; says each thing once it is kept.
fn review_for_ever(path: &Path) {
    let reviews = open(path);
    reviews.save_card(&card()).expect("a card is kept");
    let mut out = std::io::stdout();
    let mut say = |what: &str, number: u64| writeln!(out, "{what} {number}").expect("the parent reads");
    let begun = reviews.taken().expect("readable").len() as u64;
    for number in begun.. {
        let call = call(number);
        let review = reviews.open(&call, "card", "Marta").expect("a review is begun");
        reviews.add_note(&call, 1.0, &format!("note {number}"), true, "Marta").expect("a note is kept");
        say("note", number);
        let mut answers = BTreeMap::new();
        for id in ["one", "two"] {
            let comment = format!("typed for {number}");
            answers.insert(id.to_owned(), Answer { value: Some(Value::Yes), comment });
            reviews.change(review.id, answers.clone(), "half").expect("an answer is kept");
            say(id, number);
        }
        reviews.finish(review.id).expect("it is finished");
        say("done", number);
    }
}

fn a_hundred_kills_lose_nothing_that_was_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.sqlite");
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .env(WRITE_INTO, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts once more");
        // A different moment each time.
        let mut told = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let last = told.nth(3 + round % 7).expect("it writes").expect("text");
        // SIGKILL: no destructor runs.
        child.kill().expect("it is still there");
        child.wait().expect("it is gone");

        let (what, number) = last.split_once(' ').expect("what and number");
        let guid = call(number.parse().expect("a number")).guid;
        let reviews = open(&path);
        let notes = reviews.notes(&guid).expect("readable");
        assert_eq!(notes.len(), 1, "round {round}: {last}");
        assert_eq!(reviews.find_notes(&format!("note {number}"), 9).expect("searchable")[0].note.guid, guid);
        let filter = ReviewFilter { guid: guid.clone(), ..ReviewFilter::default() };
        let line = reviews.list(&filter, 9).expect("readable").pop().expect("it was begun");
        let review = reviews.review(line.id).expect("whole");
        let least = match what {
            "note" => 0,
            "one" => 1,
            _ => 2,
        };
        assert!(review.answers.len() >= least, "round {round}: {last}");
        assert!(what != "done" || review.finished_ms.is_some(), "round {round}: {last}");
        let finished: u32 = reviews
            .report(&ReportFilter::default(), ReportBy::Agent)
            .expect("readable")
            .iter()
            .map(|row| row.reviews)
            .sum();
        let parts: u32 = reviews
            .report(&ReportFilter::default(), ReportBy::Question)
            .expect("readable")
            .iter()
            .map(|row| row.reviews)
            .sum();
        assert_eq!(parts, 2 * finished, "round {round}: a finished review is whole");
    }
    println!("{ROUNDS} rounds: readable after each");
}

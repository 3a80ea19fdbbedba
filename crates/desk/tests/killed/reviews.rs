//! Answers, comments, notes and scores.

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::Call;
use atalaya_clock::Clock;
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Question, ReportBy, ReportFilter, ReviewFilter, Section, Value,
};
use atalaya_review::{MIGRATIONS, Reviews};
use atalaya_store::Store;

use super::{Part, last, say};

/// How many were told to be finished, in all lives.
#[derive(Default)]
pub struct Judging {
    finished: u32,
}

pub fn card() -> Card {
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
    let questions = vec![question("one"), question("two")];
    let sections = vec![Section { id: "s".to_owned(), title: "s".to_owned(), questions }];
    Card { id: "card".to_owned(), version: 0, name: "card".to_owned(), sections, bands: Vec::new() }
}

pub fn call(number: u64) -> Call {
    serde_json::from_value(serde_json::json!({
        "guid": format!("{number:08}-0000-4000-8000-000000000000"), "startedAt": "2026-03-02 10:00:00",
        "lengthSecs": 130, "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound",
        "agent": "Bruno", "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "",
        "rating": null, "days": [], "legs": []
    }))
    .expect("a call")
}

pub fn answers(comment: &str) -> BTreeMap<String, Answer> {
    let given = |id: &str| (id.to_owned(), Answer { value: Some(Value::Yes), comment: comment.to_owned() });
    ["one", "two"].map(given).into()
}

fn open(home: &Path) -> Reviews {
    let store = Store::open(&home.join("atalaya.sqlite"), &[MIGRATIONS], Clock::system()).expect("it opens");
    Reviews::new(store, "a")
}

pub fn write_for_ever(home: &Path) {
    let reviews = open(home);
    reviews.save_card(&card()).expect("a card is kept");
    let begun = reviews.taken().expect("readable").len() as u64;
    for number in begun.. {
        let call = call(number);
        let review = reviews.open(&call, "card", "Marta").expect("a review is begun");
        say(format_args!("begun {number}"));
        reviews.add_note(&call, 1.0, &format!("note {number}"), true, "Marta").expect("a note is kept");
        say(format_args!("note {number}"));
        reviews.change(review.id, answers(&format!("typed for {number}")), "half").expect("it is kept");
        say(format_args!("answered {number}"));
        reviews.finish(review.id).expect("it is finished");
        say(format_args!("done {number}"));
    }
}

impl Part for Judging {
    fn look(&mut self, home: &Path, said: &[String]) {
        let reviews = open(home);
        let review = |number: u64| {
            let filter = ReviewFilter { guid: call(number).guid, ..ReviewFilter::default() };
            let line = reviews.list(&filter, 9).expect("readable").pop().expect("it was begun");
            reviews.review(line.id).expect("whole")
        };
        if let Some(number) = last(said, "note") {
            let found = reviews.find_notes(&format!("note {number}"), 99).expect("searchable");
            assert!(found.iter().any(|one| one.note.guid == call(number).guid), "note {number}");
        }
        if let Some(number) = last(said, "answered") {
            assert_eq!(review(number).answers, answers(&format!("typed for {number}")));
        }
        let finished = |by: ReportBy| -> u32 {
            let rows = reviews.report(&ReportFilter::default(), by).expect("readable");
            rows.iter().map(|row| row.reviews).sum()
        };
        if let Some(number) = last(said, "done") {
            assert!(review(number).finished_ms.is_some(), "done {number}");
        }
        self.finished += said.iter().filter(|line| line.starts_with("done ")).count() as u32;
        let counted = finished(ReportBy::Agent);
        assert!(counted >= self.finished, "{counted} after {} were told", self.finished);
        assert_eq!(finished(ReportBy::Question), 2 * counted, "a finished review is whole");
    }
}

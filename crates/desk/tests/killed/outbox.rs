//! What waits for a team's log: whatever was judged waits, and what was offered once is offered again word for word.

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_clock::Clock;
use atalaya_review::Reviews;
use atalaya_review::wire::ReviewFilter;
use atalaya_store::{Store, Uuid};
use atalaya_teamwork::{Change, Kind, Member, Teamwork};

use super::reviews::{answers, call, card};
use super::{Part, last, say};

pub struct Waiting;

fn open(home: &Path) -> (Store, Teamwork, Reviews) {
    let migrations = [atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS];
    let store = Store::open(&home.join("atalaya.sqlite"), &migrations, Clock::system()).expect("it opens");
    let member = Member { desk: Uuid::from_u128(1), who: "Marta".to_owned(), lead: true };
    let team = Teamwork::join(store.clone(), "a", member).expect("joined");
    let reviews = Reviews::new(store.clone(), "a").recorded_by(Some(team.recorder()));
    (store, team, reviews)
}

/// What is in the outbox: each change, and its place in the log if it has one.
fn all(store: &Store) -> BTreeMap<String, (Option<i64>, String)> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
    let sql = "SELECT change, seq, body FROM outbox";
    store.with(|c| c.prepare(sql)?.query_map([], read)?.collect()).expect("readable")
}

pub fn write_for_ever(home: &Path) {
    let (store, team, reviews) = open(home);
    reviews.save_card(&card()).expect("a card is kept");
    let begun = reviews.taken().expect("readable").len() as u64;
    let mut seq = all(&store).into_values().filter_map(|(seq, _)| seq).max().unwrap_or(0);
    for number in begun.. {
        let review = reviews.open(&call(number), "card", "Marta").expect("a review is begun");
        reviews.change(review.id, answers(&format!("typed for {number}")), "half").expect("it is kept");
        say(format_args!("judged {number}"));
        reviews.finish(review.id).expect("it is finished");
        say(format_args!("done {number}"));
        if number % 3 != 0 {
            continue;
        }
        let offered = team.outbox().pending(4).expect("readable");
        for change in &offered {
            say(format_args!("offered {}", serde_json::to_string(change).expect("JSON")));
        }
        let mut places = Vec::new();
        for change in &offered {
            seq += 1;
            places.push((change.id, seq));
        }
        team.outbox().numbered_all(&places).expect("kept");
        for (id, seq) in places {
            say(format_args!("numbered {id} {seq}"));
        }
    }
}

impl Part for Waiting {
    fn look(&mut self, home: &Path, said: &[String]) {
        let (store, team, reviews) = open(home);
        let there = all(&store);
        for line in said {
            if let Some(text) = line.strip_prefix("offered ") {
                let change: Change = serde_json::from_str(text).expect("it was said whole");
                let (_, body) = there.get(&change.id.to_string()).expect("what was offered is there");
                assert_eq!(serde_json::from_str::<Change>(body).expect("whole"), change, "word for word");
            } else if let Some(text) = line.strip_prefix("numbered ") {
                let (id, seq) = text.split_once(' ').expect("an identity and a place");
                let (place, _) = there.get(id).expect("what has a place is there");
                assert_eq!(*place, seq.parse().ok(), "{id}");
            }
        }
        // Each thing that was judged here is to be told, in the words it has here, and nothing else.
        let whole: Vec<Change> =
            there.values().map(|(_, body)| serde_json::from_str(body).expect("whole")).collect();
        let told = |number: u64| {
            let guid = call(number).guid;
            let of = |change: &&Change| change.place().kind == Kind::Review;
            whole.iter().filter(of).any(|change| {
                let text = serde_json::to_string(change).expect("JSON");
                text.contains(&guid) && text.contains(&format!("typed for {number}\""))
            })
        };
        for kind in ["judged", "done"] {
            if let Some(number) = last(said, kind) {
                assert!(told(number), "{kind} {number} waits for nobody");
            }
        }
        let begun = reviews.list(&ReviewFilter::default(), u32::MAX).expect("readable").len();
        let things: std::collections::BTreeSet<String> = whole
            .iter()
            .map(Change::place)
            .filter(|place| place.kind == Kind::Review)
            .map(|place| place.thing.to_string())
            .collect();
        assert_eq!(things.len(), begun, "as many are told of as there are");
        let waiting = there.values().filter(|(seq, _)| seq.is_none()).count();
        assert_eq!(team.outbox().waiting().expect("readable") as usize, waiting);
    }
}

//! A worklist goes to another computer and comes back: two stores that share nothing but the file.

use atalaya_calls::wire::Call;
use proptest::prelude::*;

use super::*;
use crate::draw::tests::{call, request};
use crate::handed_file::read_file;
use crate::reviews::tests::{all, reviews};
use crate::wire::{Handed, Kind, ReportBy, ReportFilter, ReviewFilter, Sample, Value};

fn calls() -> Vec<Call> {
    (1..=4).map(|day| call("Bruno", day, 1)).collect()
}

fn judge(reviews: &Reviews, day: u32, who: &str, value: Value) -> i64 {
    let review = reviews.open(&call("Bruno", day, 1), "c", who).unwrap();
    reviews.change(review.id, all(value), "so").unwrap();
    reviews.finish(review.id).unwrap().id
}

/// Marta's worklist of four: one judged, one left out, one begun, one untouched; two notes.
fn half_done() -> (Reviews, Sample) {
    let marta = reviews();
    let sample = marta.keep_sample(&request(4), &calls()).unwrap();
    judge(&marta, 1, "Marta", Value::Yes);
    marta.skip(sample.id, &calls()[1].guid, Some("no sound")).unwrap();
    let begun = marta.open(&calls()[2], "c", "Marta").unwrap();
    let mut some = all(Value::No);
    some.remove("law");
    marta.change(begun.id, some, "half way").unwrap();
    marta.open(&calls()[3], "c", "Marta").unwrap();
    marta.add_note(&calls()[0], 3.0, "promised too much", true, "Marta").unwrap();
    marta.add_note(&calls()[2], 9.5, "loud", false, "Marta").unwrap();
    (marta, sample)
}

fn file_of(reviews: &Reviews, id: i64, by: &str, to: &str) -> WorklistFile {
    read_file(&reviews.worklist_file(id, (by, to), true, true).unwrap()).unwrap()
}

fn states(reviews: &Reviews, id: i64) -> Vec<(ItemState, Option<f64>)> {
    reviews.sample_items(id).unwrap().into_iter().map(|item| (item.state, item.percent)).collect()
}

fn judged(reviews: &Reviews) -> Vec<(String, u32)> {
    let rows = reviews.report(&ReportFilter::default(), ReportBy::Reviewer).unwrap();
    rows.into_iter().map(|row| (row.key, row.reviews)).collect()
}

#[test]
fn it_goes_out_half_done_and_comes_back_finished_and_nothing_is_there_twice() {
    let (marta, sample) = half_done();
    marta.hand_on(sample.id, "Marta", "Ana").unwrap();
    let file = file_of(&marta, sample.id, "Marta", "Ana");

    let ana = reviews();
    let found = ana.look_at_worklist(&file).unwrap();
    assert_eq!((found.calls, found.open, found.done, found.skipped), (4, 2, 1, 1));
    assert_eq!((found.reviews, found.reviews_here, found.drafts), (1, 0, 1));
    assert_eq!((found.notes, found.notes_here, &found.here), (2, 0, &None));
    assert_eq!((found.card_here, found.card.as_str()), (CardHere::Same, "Calls"));
    assert!(ana.samples().unwrap().is_empty(), "looking takes nothing");

    let taken = ana.take_worklist(&file, " Ana ").unwrap();
    assert_eq!((taken.reviews, taken.drafts, taken.notes), (1, 1, 2));
    let here = taken.sample;
    let handed = here.handed.clone().unwrap();
    assert_eq!((handed.by.as_str(), handed.to.as_str(), handed.taken), ("Marta", "Ana", true));
    let (open, done, skipped) = (ItemState::Open, ItemState::Done, ItemState::Skipped);
    let half = [(done, Some(100.0)), (skipped, None), (open, None), (open, None)];
    assert_eq!(states(&ana, here.id), half);
    let goes_on = ana.open(&calls()[2], "c", "Ana").unwrap();
    assert_eq!((goes_on.comment.as_str(), goes_on.scored.answered), ("half way", 3), "where Marta stopped");
    assert_eq!(goes_on.finished_ms, None);

    // The same file once more.
    let again = ana.take_worklist(&file, "Ana").unwrap();
    assert_eq!((again.reviews, again.drafts, again.notes), (0, 0, 0));
    assert_eq!((ana.samples().unwrap().len(), states(&ana, here.id)), (1, half.to_vec()));
    let found = ana.look_at_worklist(&file).unwrap();
    assert_eq!((found.reviews_here, found.notes_here, found.here.as_deref()), (1, 2, Some("March")));

    ana.change(goes_on.id, all(Value::No), "done").unwrap();
    ana.finish(goes_on.id).unwrap();
    judge(&ana, 4, "Ana", Value::Yes);
    ana.skip(here.id, &calls()[1].guid, None).unwrap();
    let back = file_of(&ana, here.id, "Ana", "Marta");
    ana.hand_on(here.id, "Ana", "Marta").unwrap();

    let found = marta.look_at_worklist(&back).unwrap();
    assert_eq!((found.reviews, found.reviews_here, found.here.as_deref()), (3, 1, Some("March")));
    for taken_again in [false, true] {
        let taken = marta.take_worklist(&back, "Marta").unwrap();
        assert_eq!((taken.reviews, taken.notes), if taken_again { (0, 0) } else { (2, 0) });
        let came_back = Some(("Ana", "Marta", true));
        let handed = taken.sample.handed.as_ref();
        assert_eq!(handed.map(|one| (one.by.as_str(), one.to.as_str(), one.taken)), came_back);
        assert_eq!((taken.sample.id, taken.sample.calls, taken.sample.done), (sample.id, 4, 3));
        let all_back = [(done, Some(100.0)), (open, None), (done, Some(80.0)), (done, Some(100.0))];
        assert_eq!(states(&marta, sample.id), all_back);
        assert_eq!(judged(&marta), [("Ana".to_owned(), 2), ("Marta".to_owned(), 1)]);
    }
    let open_here = marta.list(&ReviewFilter { open: true, ..ReviewFilter::default() }, 9).unwrap();
    assert_eq!(open_here.len(), 1, "what Marta began stays hers");
    let questions = marta.report(&ReportFilter::default(), ReportBy::Question).unwrap();
    assert!(questions.iter().all(|row| row.reviews == 3), "reports by question read what came, too");
}

#[test]
fn what_was_begun_and_the_notes_go_along_only_when_asked_to() {
    let (marta, sample) = half_done();
    let file = read_file(&marta.worklist_file(sample.id, ("Marta", "Ana"), false, false).unwrap()).unwrap();
    assert_eq!((file.reviews.len(), file.notes.len()), (1, 0));
    let ana = reviews();
    let taken = ana.take_worklist(&file, "Ana").unwrap();
    assert_eq!((taken.reviews, taken.drafts, taken.notes), (1, 0, 0));
    // What somebody said here already is not written over.
    let own = ana.open(&calls()[2], "c", "Ana").unwrap();
    ana.change(own.id, all(Value::Yes), "mine").unwrap();
    assert_eq!(ana.take_worklist(&file_of(&marta, sample.id, "Marta", "Ana"), "Ana").unwrap().drafts, 0);
    assert_eq!(ana.review(own.id).unwrap().comment, "mine");
}

#[test]
fn the_later_finished_review_counts() {
    let (marta, sample) = half_done();
    let file = file_of(&marta, sample.id, "Marta", "Ana");
    let ana = reviews();
    ana.take_worklist(&file, "Ana").unwrap();
    for (later, percent, taken) in [(-1, 100.0, 0), (0, 100.0, 0), (1, 80.0, 1)] {
        let mut other = file.clone();
        let first = other.reviews.iter_mut().find(|one| one.finished_ms.is_some()).unwrap();
        first.answers = all(Value::No);
        *first.finished_ms.as_mut().unwrap() += later;
        assert_eq!(ana.take_worklist(&other, "Ana").unwrap().reviews, taken, "{later}");
        let line =
            &ana.list(&ReviewFilter { guid: calls()[0].guid.clone(), ..ReviewFilter::default() }, 9).unwrap();
        assert_eq!((line.len(), line[0].percent), (1, Some(percent)), "{later}");
    }
}

#[test]
fn its_card_comes_along_and_another_one_is_not_taken_for_it() {
    let (marta, sample) = half_done();
    let mut heavier = marta.card("c", None).unwrap();
    heavier.sections[0].questions[0].weight = 60.0;
    assert_eq!(marta.save_card(&heavier).unwrap().version, 2);
    let file = file_of(&marta, sample.id, "Marta", "Ana");
    assert_eq!(file.cards.iter().map(|card| card.version).collect::<Vec<_>>(), [2, 1]);

    // A computer that knows neither version.
    let store =
        atalaya_store::Store::in_memory(&[crate::MIGRATIONS], atalaya_clock::Clock::system()).unwrap();
    let bare = Reviews::new(store, "b");
    assert_eq!(bare.look_at_worklist(&file).unwrap().card_here, CardHere::New);
    bare.take_worklist(&file, "Ana").unwrap();
    assert_eq!(bare.card("c", None).unwrap(), marta.card("c", None).unwrap());
    let first = &bare.list(&ReviewFilter::default(), 9).unwrap();
    let first = first.iter().find(|line| line.reviewer == "Marta").unwrap();
    assert_eq!(bare.review(first.id).unwrap().card.version, 1, "judged with the version it was judged with");

    // One that has something else under the same number.
    let ana = reviews();
    let mut other = ana.card("c", None).unwrap();
    other.sections[0].questions[0].kind = Kind::Scale { low: 0, high: 3 };
    assert_eq!(ana.save_card(&other).unwrap().version, 2);
    assert_eq!(ana.look_at_worklist(&file).unwrap().card_here, CardHere::Differs);
    let refused = ana.take_worklist(&file, "Ana").unwrap_err();
    assert_eq!((refused.code(), refused.params()), ("reviewCardDiffers", vec![("name", "Calls".to_owned())]));
    assert!(ana.samples().unwrap().is_empty() && judged(&ana).is_empty(), "nothing of it was taken");
}

#[test]
fn who_has_it_is_told_and_it_can_be_taken_back() {
    let (marta, sample) = half_done();
    assert_eq!(sample.handed, None);
    let to = |one: &Sample| {
        one.handed.as_ref().map(|Handed { by, to, taken, .. }| (by.clone(), to.clone(), *taken))
    };
    let step = |by: &str, to: &str, taken| Some((by.to_owned(), to.to_owned(), taken));
    assert_eq!(to(&marta.hand_on(sample.id, "Marta", " Ana ").unwrap()), step("Marta", "Ana", false));
    assert_eq!(to(&marta.hand_on(sample.id, "Ana", "Pedro").unwrap()), step("Ana", "Pedro", false));
    assert_eq!(to(&marta.take_back(sample.id).unwrap()), step("Marta", "Ana", false));
    assert_eq!(to(&marta.take_back(sample.id).unwrap()), None);
    assert_eq!(to(&marta.take_back(sample.id).unwrap()), None, "there is nothing more to take back");
    for (by, to) in [("Marta", " "), ("", "Ana"), ("Marta", "Marta ")] {
        assert_eq!(marta.hand_on(sample.id, by, to).unwrap_err().code(), "reviewInvalid", "{by} {to}");
    }
    assert_eq!(marta.hand_on(99, "Marta", "Ana").unwrap_err().code(), "reviewGone");

    // What came from somebody else stays known as theirs.
    let ana = reviews();
    let here = ana.take_worklist(&file_of(&marta, sample.id, "Marta", "Ana"), "Ana").unwrap().sample;
    ana.hand_on(here.id, "Ana", "Pedro").unwrap();
    assert_eq!(to(&ana.take_back(here.id).unwrap()), step("Marta", "Ana", true));
    assert_eq!(
        to(&ana.take_back(here.id).unwrap()),
        step("Marta", "Ana", true),
        "what came cannot be taken back"
    );
    assert_eq!(ana.reviewers().unwrap(), ["Ana", "Marta"]);
}

#[test]
fn what_is_newer_damaged_or_something_else_is_refused_in_words() {
    let (marta, sample) = half_done();
    let text = marta.worklist_file(sample.id, ("Marta", "Ana"), true, true).unwrap();
    let refused = |text: &str| read_file(text).unwrap_err();
    let newer = refused(&text.replacen("\"layout\":1", "\"layout\":2,\"moods\":[]", 1));
    assert_eq!((newer.code(), newer.params()), ("reviewFileNewer", vec![("layout", "2".to_owned())]));
    for (what, from, to) in [
        ("another file", "atalaya-worklist", "atalaya-card"),
        ("no layout", "\"layout\":1", "\"layout\":0"),
        ("a key that is none", "\"list\":\"", "\"list\":\"../"),
        ("nobody handed it on", "\"by\":\"Marta\"", "\"by\":\" \""),
        ("fewer calls than it says", "\"calls\":4", "\"calls\":5"),
        ("a call twice", "\"guid\":\"Bruno-02-0001\"", "\"guid\":\"Bruno-01-0001\""),
        ("another card", "\"card\":\"c\"", "\"card\":\"d\""),
        (
            "a version that is not there",
            "\"reviewer\":\"Marta\",\"version\":1",
            "\"reviewer\":\"Marta\",\"version\":7",
        ),
        ("a score beyond all", "\"percent\":100.0", "\"percent\":101.0"),
        ("a state nobody knows", "\"state\":\"skipped\"", "\"state\":\"gone\""),
        ("a finished review with a gap", "\"value\":{\"kind\":\"yes\"}", "\"value\":null"),
        ("an empty note", "\"text\":\"loud\"", "\"text\":\" \""),
    ] {
        assert!(text.contains(from), "{what}: {text}");
        let code = refused(&text.replacen(from, to, 1)).code();
        assert!(["reviewFile", "reviewInvalid"].contains(&code), "{what}: {code}");
    }
}

proptest! {
    #[test]
    fn a_file_that_was_cut_is_refused_wherever_it_was(part in 0.0..1.0_f64) {
        let (marta, sample) = half_done();
        let text = marta.worklist_file(sample.id, ("Marta", "Ana"), true, true).unwrap();
        let at = (part * text.len() as f64) as usize;
        let cut: String = text.chars().take(at).collect();
        prop_assert!(cut == text || read_file(&cut).is_err());
    }
}

#[test]
fn what_is_handed_on_has_the_same_identities_there() {
    let (marta, ana) = (reviews(), crate::reviews::tests::reviews_of("another account"));
    let calls = [call("Ana", 2, 1)];
    let sample = marta.keep_sample(&request(1), &calls).unwrap();
    marta.add_note(&calls[0], 2.5, "said so", true, "Marta").unwrap();
    let names = |reviews: &Reviews| -> Vec<String> {
        let sql = "SELECT uuid FROM card UNION ALL SELECT uuid FROM note UNION ALL SELECT list FROM sample";
        reviews.store.with(|c| c.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).unwrap()
    };
    let text = marta.worklist_file(sample.id, ("Marta", "Ana"), true, true).unwrap();
    ana.store.with(|c| c.execute("DELETE FROM card", [])).unwrap();
    ana.take_worklist(&read_file(&text).unwrap(), "Ana").unwrap();
    assert_eq!(names(&ana), names(&marta));

    // An earlier program names neither notes nor versions: they are worked out, at both alike and once.
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    file.as_object_mut().unwrap().remove("identities");
    file["notes"][0].as_object_mut().unwrap().remove("uuid");
    let file = read_file(&file.to_string()).unwrap();
    let others = ["b", "c"].map(crate::reviews::tests::reviews_of);
    for other in &others {
        other.store.with(|c| c.execute("DELETE FROM card", [])).unwrap();
        other.take_worklist(&file, "Ana").unwrap();
        other.take_worklist(&file, "Ana").unwrap();
    }
    assert_eq!(names(&others[0]), names(&others[1]));
    assert_eq!(names(&others[0]).len(), 3);
    assert_eq!(names(&others[0])[2], names(&marta)[2], "the worklist's key was always written");
}

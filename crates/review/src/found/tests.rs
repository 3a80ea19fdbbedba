//! What counts as judged, what a report's figures are made of, and what people type.

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use atalaya_clock::Clock;
use atalaya_store::Store;

use super::*;
use crate::draw::tests::call;
use crate::reviews::tests::{all, reviews};
use crate::score::tests::card;
use crate::wire::{Answer, Card, Review, Value};

#[test]
fn looking_at_a_call_is_not_judging_it() {
    type Deed = fn(&Reviews, &Review);
    fn answer(reviews: &Reviews, review: &Review, value: Option<Value>, comment: &str) {
        let one = Answer { value, comment: comment.into() };
        reviews.change(review.id, BTreeMap::from([("greeting".into(), one)]), "").unwrap();
    }
    // What is done, and whether it is judging.
    let deeds: [(&str, Deed, bool); 11] = [
        ("opened", |_, _| {}, false),
        ("opened again", |here, one| drop(here.open(&one.call, "c", "Marta").unwrap()), false),
        (
            "an answer taken back",
            |here, one| {
                here.change(one.id, all(Value::Yes), "fine").unwrap();
                let none = all(Value::Yes).into_keys().map(|id| (id, Answer::default())).collect();
                here.change(one.id, none, " \n").unwrap();
            },
            false,
        ),
        (
            "somebody else's note",
            |here, one| drop(here.add_note(&one.call, 1.0, "hm", true, "Pedro").unwrap()),
            false,
        ),
        (
            "a note that was removed",
            |here, one| {
                let note = here.add_note(&one.call, 1.0, "hm", true, "Marta").unwrap();
                here.remove_note(note.id).unwrap();
            },
            false,
        ),
        ("an answer", |here, one| answer(here, one, Some(Value::No), ""), true),
        ("does not apply", |here, one| answer(here, one, Some(Value::NotApplicable), ""), true),
        ("a comment to a question", |here, one| answer(here, one, None, "why"), true),
        (
            "a comment to the call",
            |here, one| drop(here.change(one.id, BTreeMap::new(), "well done").unwrap()),
            true,
        ),
        ("a note", |here, one| drop(here.add_note(&one.call, 1.0, "hm", false, " Marta").unwrap()), true),
        (
            "finished",
            |here, one| {
                here.change(one.id, all(Value::Yes), "").unwrap();
                here.finish(one.id).unwrap();
            },
            true,
        ),
    ];
    for (what, deed, counts) in deeds {
        let reviews = reviews();
        reviews
            .save_card(&Card { id: "a".into(), name: "Another".into(), ..reviews.card("c", None).unwrap() })
            .unwrap();
        let one = call("Ana", 2, 1);
        let review = reviews.open(&one, "c", "Marta").unwrap();
        deed(&reviews, &review);
        let listed = |open| reviews.list(&ReviewFilter { open, ..ReviewFilter::default() }, 9).unwrap().len();
        assert_eq!(reviews.taken().unwrap().contains(&one.guid), counts, "{what}: taken");
        assert_eq!(listed(false), usize::from(counts), "{what}: listed");
        assert_eq!(listed(true), usize::from(counts && what != "finished"), "{what}: listed as open");
        let next = reviews.cards_for(&call("Ana", 3, 1), "Marta").unwrap();
        assert_eq!(next[0].id, if counts { "c" } else { "a" }, "{what}: the card last used");
        assert_eq!(reviews.forget_looks().unwrap(), usize::from(!counts), "{what}: forgotten");
        assert_eq!(reviews.review(review.id).is_ok(), counts, "{what}: forgotten");
        assert!(reviews.open(&one, "c", "Marta").is_ok(), "{what}: and begun anew");
    }
}

#[test]
fn one_agents_reviews_of_late_are_those_that_count() {
    const DAY: i64 = 86_400_000;
    let clock = Clock::held(1_800_000_000_000);
    let store = Store::in_memory(&[crate::MIGRATIONS], clock.clock()).unwrap();
    let reviews = Reviews::new(store.clone(), "a");
    reviews.save_card(&card()).unwrap();
    let judge = |agent: &str, day: u32, change: fn(&mut BTreeMap<String, Answer>)| {
        let review = reviews.open(&call(agent, day, 1), "c", "Marta").unwrap();
        let mut answers = all(Value::Yes);
        change(&mut answers);
        reviews.change(review.id, answers, "").unwrap();
        reviews.finish(review.id).unwrap().id
    };
    let none = |answers: &mut BTreeMap<String, Answer>| {
        for one in answers.values_mut() {
            one.value = Some(Value::NotApplicable);
        }
    };
    judge("Ana", 1, |_| {});
    clock.advance(std::time::Duration::from_millis((30 * DAY) as u64));
    let whole = judge("Ana", 2, |_| {});
    clock.advance(std::time::Duration::from_secs(1));
    let fatal = judge("Ana", 3, |answers| answers.get_mut("law").unwrap().value = Some(Value::No));
    clock.advance(std::time::Duration::from_secs(1));
    let unjudged = judge("Ana", 4, none);
    let reopened = judge("Ana", 5, |_| {});
    reviews.reopen(reopened, "Marta").unwrap();
    judge("Ana Paula", 6, |_| {});
    let blind = reviews.begin_calibration(&call("Ana", 7, 1), "c", "March", 2).unwrap();
    let blind = reviews.open_calibrated(&blind.id, "Marta").unwrap();
    reviews.change(blind.id, all(Value::Yes), "").unwrap();
    reviews.finish(blind.id).unwrap();

    let figures = |most| {
        let found = reviews.of_agent("Ana", most).unwrap();
        found.into_iter().map(|one| (one.id, one.score, one.fatal)).collect::<Vec<_>>()
    };
    let lately = [(unjudged, None, false), (fatal, Some(0.0), true), (whole, Some(100.0), false)];
    assert_eq!(figures(9), lately, "a month ago is too long ago; what counts nowhere does not count here");
    assert_eq!(figures(2), lately[..2], "no more than asked for, the last ones");
    let last = &reviews.of_agent("Ana", 9).unwrap()[0];
    assert_eq!((last.guid.as_str(), last.card.as_str()), ("Ana-04-0001", "Calls"));
    assert_eq!(last.call_at.as_deref(), Some("2026-03-04 10:01:00"));
    assert_eq!(last.finished_at, clock.clock().now_ms());
    assert!(reviews.of_agent("ana", 9).unwrap().is_empty(), "names are spelt as records spell them");
    assert!(Reviews::new(store, "b").of_agent("Ana", 9).unwrap().is_empty(), "another account's");
}

#[test]
fn every_figure_of_a_report_leads_to_the_reviews_it_is_made_of() {
    use crate::wire::{ReportBy, ReportFilter};
    let reviews = reviews();
    let judge = |day: u32, parts: &[(&str, Value)]| {
        let review = reviews.open(&call("Ana", day, 1), "c", "Marta").unwrap();
        let mut answers = all(Value::Yes);
        for (id, value) in parts {
            answers.get_mut(*id).unwrap().value = Some(*value);
        }
        reviews.change(review.id, answers, "").unwrap();
        reviews.finish(review.id).unwrap();
    };
    judge(1, &[]);
    judge(2, &[("greeting", Value::No)]);
    judge(3, &[("law", Value::No)]);
    judge(4, &[("listening", Value::Scale { value: 2 })]);
    judge(5, &[("listening", Value::NotApplicable)]);
    // Begun only: no report counts it.
    let begun = reviews.open(&call("Ana", 6, 1), "c", "Marta").unwrap();
    reviews.change(begun.id, all(Value::No), "").unwrap();

    let within = ReportFilter { agent: "Ana".into(), ..ReportFilter::default() };
    let found = |filter: ReviewFilter| {
        let filter = ReviewFilter { finished: true, within: within.clone(), ..filter };
        let days = reviews.list(&filter, 99).unwrap().into_iter().map(|line| line.call_at[8..10].to_owned());
        let mut days: Vec<String> = days.collect();
        days.sort();
        days
    };
    for by in [ReportBy::Agent, ReportBy::Question] {
        for row in reviews.report(&within, by).unwrap() {
            let of = || ReviewFilter { question: row.question.clone(), ..ReviewFilter::default() };
            let name = &row.key;
            assert_eq!(found(of()).len(), row.reviews as usize, "{name}");
            assert_eq!(found(ReviewFilter { fatal: true, ..of() }).len(), row.fatal as usize, "{name}");
            for score in [row.lowest, row.highest] {
                assert!(!found(ReviewFilter { score, ..of() }).is_empty(), "{name} {score:?}");
            }
        }
    }
    let asked = |question: &str| ReviewFilter { question: question.into(), ..ReviewFilter::default() };
    assert_eq!(found(ReviewFilter { fatal: true, ..asked("law") }), ["03"]);
    assert_eq!(found(ReviewFilter { fatal: true, ..asked("greeting") }), [""; 0]);
    assert_eq!(found(ReviewFilter { score: Some(25.0), ..asked("listening") }), ["04"]);
    assert_eq!(found(ReviewFilter { score: Some(0.0), ..asked("") }), ["03"], "fatal is zero");
    assert!(found(asked("never asked")).is_empty());
}

#[test]
fn reviews_are_found_by_what_people_type() {
    let reviews = reviews();
    for (day, agent, campaign, reviewer) in [
        (1, "ana_perez", "Soporte<-", "Marta"),
        (2, "ana.perez", "Soporte<-", "Marta"),
        (3, "José Núñez", "Atención->", "Íñigo"),
        (4, "anaxperez", "100%->", "Marta"),
        (5, "a\\b", "Ventas->", "Pedro"),
    ] {
        let call = Call { campaign: campaign.into(), ..call(agent, day, 1) };
        let review = reviews.open(&call, "c", reviewer).unwrap();
        reviews.change(review.id, all(Value::Yes), "").unwrap();
    }
    for (typed, found) in [
        ("ana_p", vec!["ana_perez"]),
        ("ANA_P", vec!["ana_perez"]),
        ("_", vec!["ana_perez"]),
        ("%", vec!["anaxperez"]),
        ("100%", vec!["anaxperez"]),
        ("\\", vec!["a\\b"]),
        ("'", vec![]),
        ("jose nunez", vec!["José Núñez"]),
        ("NÚÑEZ", vec!["José Núñez"]),
        ("nun\u{303}ez", vec!["José Núñez"]),
        ("atencion inigo", vec!["José Núñez"]),
        ("perez marta soporte", vec!["ana.perez", "ana_perez"]),
        ("perez pedro", vec![]),
        ("  ", vec!["a\\b", "anaxperez", "José Núñez", "ana.perez", "ana_perez"]),
    ] {
        let filter = ReviewFilter { text: typed.into(), ..ReviewFilter::default() };
        let lines = reviews.list(&filter, 9).unwrap();
        assert_eq!(lines.iter().map(|line| line.agent.as_str()).collect::<Vec<_>>(), found, "{typed}");
    }
    let marta = ReviewFilter { text: "marta".into(), ..ReviewFilter::default() };
    assert_eq!(reviews.list(&marta, 2).unwrap().len(), 2, "no more than asked for");
}

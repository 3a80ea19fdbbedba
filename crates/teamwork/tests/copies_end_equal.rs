//! Any number of desks, working and cut off in any order: once everything has been read, all copies are equal, and equal to one
//! that only ever read the log.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_review::wire::FeedbackStep;
use atalaya_teamwork::{ClaimStep, What};
use proptest::prelude::*;

mod common;
use common::{Desk, Floor, LIST_CARD, PEOPLE};

/// What happens next, at one of the desks.
#[derive(Debug, Clone)]
enum Step {
    Judge { desk: usize, call: u32, value: u8 },
    Finish { desk: usize, call: u32 },
    Reopen { desk: usize, call: u32 },
    Feedback { desk: usize, call: u32, step: u8, back: bool },
    SeeTo { desk: usize, call: u32, go: bool },
    Note { desk: usize, call: u32, shared: bool },
    ChangeNote { desk: usize, which: usize, shared: bool },
    RemoveNote { desk: usize, which: usize },
    Draw { desk: usize, calls: u32 },
    Rename { desk: usize, which: usize },
    RemoveList { desk: usize, which: usize },
    Skip { desk: usize, which: usize, call: u32, back: bool },
    Claim { desk: usize, which: usize, call: u32, step: u8 },
    Card { desk: usize, weight: u8 },
    Retire { desk: usize, retired: bool },
    Disposition { desk: usize, which: u8, known: bool },
    Calibrate { desk: usize, call: u32 },
    JudgeBlind { desk: usize, which: usize },
    House { desk: usize, value: u8 },
    Send { desk: usize, most: u32, cut: bool },
    Read { desk: usize, most: usize, again: usize },
    Restart { desk: usize },
    Later { secs: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let desk = || 0..PEOPLE.len();
    let call = || 0..3_u32;
    let which = || 0..4_usize;
    prop_oneof![
        6 => (desk(), call(), 0..3_u8).prop_map(|(desk, call, value)| Step::Judge { desk, call, value }),
        6 => (desk(), call()).prop_map(|(desk, call)| Step::Finish { desk, call }),
        2 => (desk(), call()).prop_map(|(desk, call)| Step::Reopen { desk, call }),
        2 => (desk(), call(), 0..4_u8, any::<bool>())
            .prop_map(|(desk, call, step, back)| Step::Feedback { desk, call, step, back }),
        2 => (desk(), call(), any::<bool>()).prop_map(|(desk, call, go)| Step::SeeTo { desk, call, go }),
        2 => (desk(), call(), any::<bool>()).prop_map(|(desk, call, shared)| Step::Note { desk, call, shared }),
        2 => (desk(), which(), any::<bool>())
            .prop_map(|(desk, which, shared)| Step::ChangeNote { desk, which, shared }),
        1 => (desk(), which()).prop_map(|(desk, which)| Step::RemoveNote { desk, which }),
        2 => (desk(), 1..4_u32).prop_map(|(desk, calls)| Step::Draw { desk, calls }),
        1 => (desk(), which()).prop_map(|(desk, which)| Step::Rename { desk, which }),
        1 => (desk(), which()).prop_map(|(desk, which)| Step::RemoveList { desk, which }),
        2 => (desk(), which(), call(), any::<bool>())
            .prop_map(|(desk, which, call, back)| Step::Skip { desk, which, call, back }),
        4 => (desk(), which(), call(), 0..4_u8)
            .prop_map(|(desk, which, call, step)| Step::Claim { desk, which, call, step }),
        3 => (desk(), 1..5_u8).prop_map(|(desk, weight)| Step::Card { desk, weight }),
        1 => (desk(), any::<bool>()).prop_map(|(desk, retired)| Step::Retire { desk, retired }),
        1 => (desk(), 0..2_u8, any::<bool>())
            .prop_map(|(desk, which, known)| Step::Disposition { desk, which, known }),
        1 => (desk(), call()).prop_map(|(desk, call)| Step::Calibrate { desk, call }),
        1 => (desk(), which()).prop_map(|(desk, which)| Step::JudgeBlind { desk, which }),
        1 => (desk(), 0..3_u8).prop_map(|(desk, value)| Step::House { desk, value }),
        8 => (desk(), 1..6_u32, any::<bool>()).prop_map(|(desk, most, cut)| Step::Send { desk, most, cut }),
        8 => (desk(), 1..9_usize, 0..4_usize).prop_map(|(desk, most, again)| Step::Read { desk, most, again }),
        1 => desk().prop_map(|desk| Step::Restart { desk }),
        1 => (1..2_000_u64).prop_map(|secs| Step::Later { secs }),
    ]
}

fn one<T: Clone>(all: &[T], which: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[which % all.len()].clone())
}

/// Does it. What a desk refuses by itself is nothing that happened.
fn happen(floor: &mut Floor, step: &Step) {
    match step {
        Step::Send { desk, most, cut } => floor.send(*desk, *most, *cut),
        Step::Read { desk, most, again } => floor.read(*desk, *most, *again),
        Step::Restart { desk } => floor.restart(*desk),
        Step::Later { secs } => floor.clock.advance(Duration::from_secs(*secs)),
        other => at_desk(&floor.desks[desk_of(other)], other),
    }
}

fn desk_of(step: &Step) -> usize {
    match step {
        Step::Judge { desk, .. }
        | Step::Finish { desk, .. }
        | Step::Reopen { desk, .. }
        | Step::Feedback { desk, .. }
        | Step::SeeTo { desk, .. }
        | Step::Note { desk, .. }
        | Step::ChangeNote { desk, .. }
        | Step::RemoveNote { desk, .. }
        | Step::Draw { desk, .. }
        | Step::Rename { desk, .. }
        | Step::RemoveList { desk, .. }
        | Step::Skip { desk, .. }
        | Step::Claim { desk, .. }
        | Step::Card { desk, .. }
        | Step::Retire { desk, .. }
        | Step::Disposition { desk, .. }
        | Step::Calibrate { desk, .. }
        | Step::JudgeBlind { desk, .. }
        | Step::House { desk, .. }
        | Step::Send { desk, .. }
        | Step::Read { desk, .. }
        | Step::Restart { desk } => *desk,
        Step::Later { .. } => 0,
    }
}

fn at_desk(desk: &Desk, step: &Step) {
    let reviews = &desk.reviews;
    match step {
        Step::Judge { call, value, .. } => drop(desk.judge(*call, *value)),
        Step::Finish { call, .. } => drop(desk.finish(*call)),
        Step::Reopen { call, .. } => {
            if let Some(review) = desk.review_of(*call) {
                drop(reviews.reopen(review, &desk.who));
            }
        }
        Step::Feedback { call, step, back, .. } => {
            let steps = [
                FeedbackStep::Given,
                FeedbackStep::Acknowledged,
                FeedbackStep::Disputed,
                FeedbackStep::Settled,
            ];
            for review in desk.reviews_of(*call) {
                let day = (!back).then_some("2026-03-05");
                drop(reviews.feedback(review, steps[usize::from(*step)], day));
            }
        }
        Step::SeeTo { call, go, .. } => {
            for review in desk.reviews_of(*call) {
                if *go {
                    reviews.let_go(review).expect("kept");
                } else {
                    reviews.see_to(review, &desk.who).expect("kept");
                }
            }
        }
        Step::Note { call, shared, .. } => {
            let text = format!("{} says", desk.who);
            reviews.add_note(&common::call(*call), 2.5, &text, *shared, &desk.who).expect("kept");
        }
        Step::ChangeNote { which, shared, .. } => {
            if let Some(note) = one(&desk.notes(), *which) {
                let text = format!("{}, changed", note.text.chars().take(40).collect::<String>());
                drop(reviews.change_note(note.id, note.at_secs + 0.1, &text, *shared));
            }
        }
        Step::RemoveNote { which, .. } => {
            if let Some(note) = one(&desk.notes(), *which) {
                reviews.remove_note(note.id).expect("kept");
            }
        }
        Step::Draw { calls, .. } => {
            let calls: Vec<_> = (0..*calls).map(common::call).collect();
            reviews.keep_sample(&common::request(), &calls).expect("kept");
        }
        Step::Rename { which, .. } => {
            if let Some(sample) = one(&desk.samples(), *which) {
                drop(reviews.rename_sample(sample.id, &format!("of {}", desk.who)));
            }
        }
        Step::RemoveList { which, .. } => {
            if let Some(sample) = one(&desk.samples(), *which) {
                reviews.remove_sample(sample.id).expect("kept");
            }
        }
        Step::Skip { which, call, back, .. } => {
            if let Some(sample) = one(&desk.samples(), *which) {
                let reason = (!back).then_some("no sound");
                drop(reviews.skip(sample.id, &common::call(*call).guid, reason));
            }
        }
        Step::Claim { which, call, step, .. } => {
            let steps = [ClaimStep::Taken, ClaimStep::GivenBack, ClaimStep::Lapsed, ClaimStep::TakenOver];
            if let Some(list) = one(&desk.lists(), *which) {
                drop(desk.team.claim(&list, &common::call(*call).guid, steps[usize::from(*step)]));
            }
        }
        Step::Card { weight, .. } => drop(reviews.save_card(&common::card(f64::from(*weight)))),
        Step::Retire { retired, .. } => reviews.retire(LIST_CARD, *retired).expect("kept"),
        Step::Disposition { which, known, .. } => {
            let levels = ["Venta", if *which == 0 { "Contado" } else { "" }, ""];
            if *known {
                reviews.learn_disposition("Ventas->", levels).expect("kept");
                reviews.dispose(&common::call(0).guid, levels).expect("kept");
            } else {
                reviews.forget_disposition("Ventas->", levels).expect("kept");
            }
        }
        Step::Calibrate { call, .. } => {
            drop(reviews.begin_calibration(&common::call(*call), LIST_CARD, "Together", 2));
        }
        Step::JudgeBlind { which, .. } => {
            if let Some(calibration) = one(&reviews.calibrations().expect("kept"), *which)
                && let Ok(review) = reviews.open_calibrated(&calibration.id, &desk.who)
            {
                drop(reviews.change(review.id, common::answers(1), ""));
                drop(reviews.finish(review.id));
            }
        }
        Step::House { value, .. } => {
            let (name, value) = ("rules".to_owned(), serde_json::json!([value]));
            drop(desk.team.say(What::House { name, value }));
        }
        Step::Send { .. } | Step::Read { .. } | Step::Restart { .. } | Step::Later { .. } => {}
    }
}

/// What those who sit at one desk alone have said in their reviews.
fn typed(floor: &Floor) -> Vec<String> {
    let alone = floor.desks.iter().filter(|desk| desk.who != "Bruno");
    let said = |desk: &Desk| -> Vec<String> {
        let sql = "SELECT json_array(guid, answers, comment, percent, finished_ms, turn, uuid) FROM review
                   JOIN card ON card.id = review.card AND card.version = review.version
                   WHERE calibration = '' AND reviewer = ?1 AND (answers != '{}' OR finished_ms) ORDER BY guid";
        desk.store
            .with(|c| c.prepare(sql)?.query_map([&desk.who], |row| row.get(0))?.collect())
            .expect("readable")
    };
    alone.flat_map(said).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_all_copies_end_equal(steps in prop::collection::vec(step(), 1..200)) {
        let mut floor = Floor::new();
        at_desk(&floor.desks[0], &Step::Card { desk: 0, weight: 1 });
        at_desk(&floor.desks[0], &Step::Draw { desk: 0, calls: 3 });
        floor.settle();
        for step in &steps {
            happen(&mut floor, step);
        }
        let typed = typed(&floor);
        floor.settle();
        prop_assert_eq!(self::typed(&floor), typed, "who sits at one desk finds what they typed");
        let fresh = floor.fresh();
        let expected = fresh.describe();
        for desk in &floor.desks {
            prop_assert_eq!(desk.describe(), expected.clone(), "{}", desk.who);
            prop_assert_eq!(desk.team.fingerprint().unwrap(), fresh.team.fingerprint().unwrap());
            prop_assert_eq!(desk.team.outbox().waiting().unwrap(), 0);
        }
    }
}

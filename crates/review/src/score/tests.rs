//! Scores worked out by hand, and what holds for every card and every answer.

use super::*;
use crate::wire::{Band, ChoiceOption, Section, Tone};
use proptest::prelude::*;

pub(crate) fn question(id: &str, kind: Kind, weight: f64) -> Question {
    Question {
        id: id.into(),
        text: format!("Question {id}"),
        help: String::new(),
        kind,
        weight,
        fatal: false,
        optional: true,
        comment: CommentRule::Never,
    }
}

pub(crate) fn choice() -> Kind {
    let option = |label: &str, percent| ChoiceOption { label: label.into(), percent };
    Kind::Choice { options: vec![option("all", 100.0), option("half", 50.0), option("none", 0.0)] }
}

/// Greeting 20 (yes/no), listening 30 (1 to 5), solution 40 (choice), law 10 (yes/no, fatal).
pub(crate) fn card() -> Card {
    let law = Question { fatal: true, ..question("law", Kind::YesNo, 10.0) };
    let band = |from, name: &str, tone| Band { from, name: name.into(), tone };
    Card {
        id: "c".into(),
        version: 1,
        name: "Calls".into(),
        sections: vec![
            Section {
                id: "form".into(),
                title: "Form".into(),
                questions: vec![
                    question("greeting", Kind::YesNo, 20.0),
                    question("listening", Kind::Scale { low: 1, high: 5 }, 30.0),
                ],
            },
            Section {
                id: "matter".into(),
                title: "Matter".into(),
                questions: vec![question("solution", choice(), 40.0), law],
            },
        ],
        bands: vec![
            band(0.0, "low", Tone::Bad),
            band(70.0, "fair", Tone::Warn),
            band(90.0, "good", Tone::Ok),
        ],
    }
}

pub(crate) fn answers(of: &[(&str, Value)]) -> BTreeMap<String, Answer> {
    let answer = |value: &Value| Answer { value: Some(*value), comment: String::new() };
    of.iter().map(|(id, value)| ((*id).to_owned(), answer(value))).collect()
}

#[test]
fn scores_worked_out_by_hand() {
    use Value::{Choice, No, NotApplicable, Scale, Yes};
    let all = [
        ("greeting", Yes),
        ("listening", Scale { value: 5 }),
        ("solution", Choice { index: 0 }),
        ("law", Yes),
    ];
    let with = |changed: &[(&str, Value)]| {
        let mut given = answers(&all);
        given.extend(answers(changed));
        given
    };
    // answers, total, before fatal, band
    for (what, given, percent, before, band) in [
        ("all", with(&[]), Some(100.0), Some(100.0), Some("good")),
        ("no greeting", with(&[("greeting", No)]), Some(80.0), Some(80.0), Some("fair")),
        // 3 of 1..5 is half of 30.
        ("so-so listening", with(&[("listening", Scale { value: 3 })]), Some(85.0), Some(85.0), Some("fair")),
        // 20 drop out: (30 + 20 + 10) / 80.
        (
            "greeting does not apply, half a solution",
            with(&[("greeting", NotApplicable), ("solution", Choice { index: 1 })]),
            Some(75.0),
            Some(75.0),
            Some("fair"),
        ),
        ("law broken", with(&[("law", No)]), Some(0.0), Some(90.0), Some("low")),
        ("law does not apply", with(&[("law", NotApplicable)]), Some(100.0), Some(100.0), Some("good")),
        // A third of the way: 20 of 50.
        (
            "two answered",
            answers(&[("greeting", Yes), ("listening", Scale { value: 1 })]),
            Some(40.0),
            Some(40.0),
            Some("low"),
        ),
        ("nothing", answers(&[]), None, None, None),
        ("nothing applies", answers(&all.map(|(id, _)| (id, NotApplicable))), None, None, None),
        // Not on the scale: as if not answered.
        (
            "odd values",
            answers(&[("listening", Scale { value: 9 }), ("greeting", Choice { index: 0 })]),
            None,
            None,
            None,
        ),
    ] {
        let scored = score(&card(), &given);
        assert_eq!((scored.percent, scored.before_fatal), (percent, before), "{what}");
        assert_eq!(scored.band.as_deref(), band, "{what}");
    }
    let scored = score(&card(), &with(&[("greeting", NotApplicable)]));
    let shares: Vec<f64> = scored.items.iter().map(|item| item.share).collect();
    assert_eq!(shares, [0.0, 37.5, 50.0, 12.5], "its weight falls to the others");
    assert_eq!((scored.answered, scored.missing.len()), (4, 0));
    assert_eq!(scored.sections[0].percent, Some(100.0));
}

/// What a fatal question of each kind does to the whole score, answer by answer.
#[test]
fn the_worst_answer_of_a_fatal_question_is_fatal_whatever_it_earns() {
    use Value::{Choice, No, NotApplicable, Scale, Yes};
    let earning = |percents: &[f64]| Kind::Choice {
        options: percents.iter().map(|&percent| ChoiceOption { label: "x".into(), percent }).collect(),
    };
    let at = |index| Choice { index };
    for (what, kind, fatal, harmless) in [
        ("no", Kind::YesNo, vec![No], vec![Yes, NotApplicable]),
        (
            "the lowest",
            Kind::Scale { low: 1, high: 5 },
            vec![Scale { value: 1 }],
            vec![Scale { value: 2 }, Scale { value: 5 }, NotApplicable],
        ),
        ("one of 0 %", earning(&[100.0, 50.0, 0.0]), vec![at(2)], vec![at(0), at(1), NotApplicable]),
        ("one of 30 %", earning(&[100.0, 60.0, 30.0]), vec![at(2)], vec![at(0), at(1), NotApplicable]),
        ("wherever it stands", earning(&[25.0, 100.0]), vec![at(0)], vec![at(1)]),
        ("two that earn least", earning(&[100.0, 20.0, 20.0]), vec![at(1), at(2)], vec![at(0)]),
        ("hardly less", earning(&[100.0, 99.999]), vec![at(1)], vec![at(0)]),
        ("all the same: none is worse", earning(&[70.0, 70.0]), vec![], vec![at(0), at(1)]),
        ("all nothing", earning(&[0.0, 0.0]), vec![at(0), at(1)], vec![]),
    ] {
        let mut card = card();
        card.sections[0].questions[0].fatal = false;
        card.sections[1].questions = vec![Question { fatal: true, ..question("law", kind.clone(), 10.0) }];
        for (values, falls) in [(fatal, true), (harmless, false)] {
            for value in values {
                let scored = score(&card, &answers(&[("greeting", Yes), ("law", value)]));
                assert_eq!(scored.fatal.contains(&"law".to_owned()), falls, "{what}: {value:?}");
                assert_eq!(scored.percent == Some(0.0), falls, "{what}: {value:?}");
            }
        }
    }
}

#[test]
fn comments_are_asked_for_where_the_card_says() {
    let mut card = card();
    card.sections[0].questions[0].comment = CommentRule::WhenLess;
    card.sections[0].questions[1].comment = CommentRule::Always;
    let lacking = |given: &BTreeMap<String, Answer>| score(&card, given).comments_missing;
    let full = Value::Scale { value: 5 };
    assert_eq!(lacking(&answers(&[("greeting", Value::Yes), ("listening", full)])), ["listening"]);
    let mut given = answers(&[("greeting", Value::No), ("listening", full)]);
    assert_eq!(lacking(&given), ["greeting", "listening"]);
    for (id, comment) in [("greeting", " "), ("listening", "why")] {
        given.get_mut(id).unwrap().comment = comment.into();
    }
    assert_eq!(lacking(&given), ["greeting"]);
    assert!(lacking(&answers(&[("greeting", Value::NotApplicable)])).is_empty());
}

prop_compose! {
    fn any_card()(kinds in prop::collection::vec((0..3_u8, 1..50_u32, any::<bool>()), 1..12)) -> Card {
        let questions = kinds.into_iter().enumerate().map(|(index, (kind, weight, fatal))| {
            let kind = match kind { 0 => Kind::YesNo, 1 => Kind::Scale { low: 0, high: 5 }, _ => choice() };
            Question { fatal, ..question(&index.to_string(), kind, f64::from(weight)) }
        });
        let mut card = card();
        card.sections.truncate(1);
        card.sections[0].questions = questions.collect();
        card
    }
}

fn answer_of(question: &Question, pick: u8) -> Option<Value> {
    Some(match (&question.kind, pick % 8) {
        (_, 0) => return None,
        (_, 1) => Value::NotApplicable,
        (Kind::YesNo, n) if n % 2 == 0 => Value::Yes,
        (Kind::YesNo, _) => Value::No,
        (Kind::Scale { .. }, n) => Value::Scale { value: u32::from(n) - 2 },
        (Kind::Choice { .. }, n) => Value::Choice { index: u32::from(n) % 3 },
    })
}

fn answered(card: &Card, picks: &[u8]) -> BTreeMap<String, Answer> {
    let given = card.sections[0].questions.iter().zip(picks);
    given
        .map(|(question, pick)| {
            (question.id.clone(), Answer { value: answer_of(question, *pick), comment: String::new() })
        })
        .collect()
}

proptest! {
    #[test]
    fn a_score_is_a_percentage_and_fatal_is_zero(card in any_card(), picks in prop::collection::vec(any::<u8>(), 12)) {
        let scored = score(&card, &answered(&card, &picks));
        if let Some(percent) = scored.percent {
            prop_assert!((0.0..=100.0).contains(&percent));
        }
        if !scored.fatal.is_empty() {
            prop_assert_eq!(scored.percent, Some(0.0));
        }
        let shares: f64 = scored.items.iter().map(|item| item.share).sum();
        prop_assert!(scored.before_fatal.is_none() || (shares - 100.0).abs() < 0.1, "{}", shares);
    }

    #[test]
    fn what_does_not_apply_is_as_if_it_were_not_asked(card in any_card(), picks in prop::collection::vec(any::<u8>(), 12)) {
        let mut given = answered(&card, &picks);
        let mut without = card.clone();
        without.sections[0].questions.retain(|question| question.id != "0");
        given.insert("0".into(), Answer { value: Some(Value::NotApplicable), comment: String::new() });
        let (one, other) = (score(&card, &given), score(&without, &given));
        prop_assert_eq!((one.percent, one.fatal), (other.percent, other.fatal));
    }

    #[test]
    fn weights_count_only_against_each_other(card in any_card(), picks in prop::collection::vec(any::<u8>(), 12)) {
        let given = answered(&card, &picks);
        let mut doubled = card.clone();
        for question in &mut doubled.sections[0].questions {
            question.weight *= 2.0;
        }
        prop_assert_eq!(score(&card, &given).percent, score(&doubled, &given).percent);
    }

    #[test]
    fn a_better_answer_is_never_worth_less(card in any_card(), picks in prop::collection::vec(any::<u8>(), 12)) {
        let mut given = answered(&card, &picks);
        let before = score(&card, &given).percent;
        let first = &card.sections[0].questions[0];
        let counted = given["0"].value.is_some_and(|value| earned(&first.kind, value).is_some());
        let best = match first.kind {
            Kind::YesNo => Value::Yes,
            Kind::Scale { high, .. } => Value::Scale { value: high },
            Kind::Choice { .. } => Value::Choice { index: 0 },
        };
        given.insert("0".into(), Answer { value: Some(best), comment: String::new() });
        if counted {
            prop_assert!(score(&card, &given).percent >= before);
        }
    }
}

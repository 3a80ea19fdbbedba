//! The arithmetic of a score: a pure function of card and answers.
//!
//! A question earns a percentage of its weight. What was not answered or does not apply counts nowhere, so that its weight
//! falls to the others in their proportion. A fatal question answered with its worst answer ([`fails`]) makes the whole score
//! zero, whatever that answer earns of its own.

use std::collections::BTreeMap;

use crate::wire::{Answer, Card, CommentRule, Kind, Question, Scored, ScoredItem, ScoredSection, Value};

/// Two decimals: enough for people, and the same on every computer.
pub(crate) fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

/// What an answer earns of its question, 0 to 100; `None` when it does not count or does not fit the question.
pub(crate) fn earned(kind: &Kind, value: Value) -> Option<f64> {
    match (kind, value) {
        (Kind::YesNo, Value::Yes) => Some(100.0),
        (Kind::YesNo, Value::No) => Some(0.0),
        (Kind::Scale { low, high }, Value::Scale { value })
            if (low..=high).contains(&&value) && low < high =>
        {
            Some(100.0 * f64::from(value - low) / f64::from(high - low))
        }
        (Kind::Choice { options }, Value::Choice { index }) => {
            options.get(index as usize).map(|option| option.percent)
        }
        _ => None,
    }
}

/// Whether an answer, were its question fatal, makes the whole score zero: the worst the question knows.
///
/// | kind | worst |
/// |---|---|
/// | yes or no | no |
/// | scale | its lowest number |
/// | choice | the option that earns least, even if that is more than nothing; each of several that earn least |
///
/// A choice whose options all earn the same has none that is worse than another: none fails, unless they all earn nothing.
/// What does not apply, or does not fit the question, never fails.
pub(crate) fn fails(kind: &Kind, value: Value) -> bool {
    let Some(percent) = earned(kind, value) else { return false };
    match kind {
        Kind::YesNo | Kind::Scale { .. } => percent <= 0.0,
        Kind::Choice { options } => {
            let others = || options.iter().map(|option| option.percent);
            let least = others().all(|other| percent <= other);
            least && (percent <= 0.0 || others().any(|other| other > percent))
        }
    }
}

/// Whether an answer is one the question knows.
fn fits(question: &Question, value: Value) -> bool {
    match value {
        Value::NotApplicable => question.optional,
        value => earned(&question.kind, value).is_some(),
    }
}

fn of<'a>(answers: &'a BTreeMap<String, Answer>, question: &Question) -> (Option<Value>, &'a str) {
    let answer = answers.get(&question.id);
    let value = answer.and_then(|answer| answer.value).filter(|value| fits(question, *value));
    (value, answer.map_or("", |answer| answer.comment.trim()))
}

fn lacks_comment(question: &Question, value: Option<Value>, comment: &str) -> bool {
    let Some(value) = value.filter(|_| comment.is_empty()) else { return false };
    match question.comment {
        CommentRule::Never => false,
        CommentRule::Always => true,
        CommentRule::WhenLess => earned(&question.kind, value).is_some_and(|percent| percent < 100.0),
    }
}

/// Weighted mean of (weight, percent); `None` of nothing.
fn mean(parts: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (weights, sum) =
        parts.fold((0.0, 0.0), |(w, s), (weight, percent)| (w + weight, s + weight * percent));
    (weights > 0.0).then(|| rounded(sum / weights))
}

/// Scores what was answered so far.
pub fn score(card: &Card, answers: &BTreeMap<String, Answer>) -> Scored {
    let questions = || card.sections.iter().flat_map(|section| &section.questions);
    let part = |question: &Question| {
        of(answers, question)
            .0
            .and_then(|value| earned(&question.kind, value))
            .map(|earned| (question.weight, earned))
    };
    let before_fatal = mean(questions().filter_map(part));
    let total: f64 = questions().filter_map(part).map(|(weight, _)| weight).sum();
    let mut scored = Scored {
        percent: before_fatal,
        before_fatal,
        fatal: Vec::new(),
        answered: 0,
        questions: questions().count() as u32,
        missing: Vec::new(),
        comments_missing: Vec::new(),
        sections: Vec::new(),
        items: Vec::new(),
        band: None,
        tone: None,
    };
    for section in &card.sections {
        let percent = mean(section.questions.iter().filter_map(part));
        scored.sections.push(ScoredSection { id: section.id.clone(), percent });
    }
    for question in questions() {
        let (value, comment) = of(answers, question);
        match value {
            Some(_) => scored.answered += 1,
            None => scored.missing.push(question.id.clone()),
        }
        if lacks_comment(question, value, comment) {
            scored.comments_missing.push(question.id.clone());
        }
        let percent = part(question).map(|(_, percent)| rounded(percent));
        if question.fatal && value.is_some_and(|value| fails(&question.kind, value)) {
            scored.fatal.push(question.id.clone());
        }
        let share = if percent.is_some() { rounded(100.0 * question.weight / total) } else { 0.0 };
        scored.items.push(ScoredItem { id: question.id.clone(), percent, share });
    }
    if !scored.fatal.is_empty() {
        scored.percent = Some(0.0);
    }
    let band = card
        .bands
        .iter()
        .filter(|band| scored.percent.is_some_and(|percent| percent >= band.from))
        .max_by(|a, b| a.from.total_cmp(&b.from));
    if let Some(band) = band {
        (scored.band, scored.tone) = (Some(band.name.clone()), Some(band.tone));
    }
    scored
}

#[cfg(test)]
pub(crate) mod tests {
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
            (
                "so-so listening",
                with(&[("listening", Scale { value: 3 })]),
                Some(85.0),
                Some(85.0),
                Some("fair"),
            ),
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
            card.sections[1].questions =
                vec![Question { fatal: true, ..question("law", kind.clone(), 10.0) }];
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
}

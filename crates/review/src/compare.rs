//! How far several reviewers of one call are apart. A pure function.

use std::collections::BTreeMap;

use crate::score::{earned, rounded, score};
use crate::wire::{Answer, Card, Compared, ComparedItem, ComparedReviewer};

/// One reviewer's judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Who.
    pub reviewer: String,
    /// By question.
    pub answers: BTreeMap<String, Answer>,
    /// About the whole call.
    pub comment: String,
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Highest less lowest; `None` with fewer than two.
fn spread(values: &[f64]) -> Option<f64> {
    let highest = values.iter().copied().max_by(f64::total_cmp)?;
    let lowest = values.iter().copied().min_by(f64::total_cmp)?;
    (values.len() > 1).then(|| rounded(highest - lowest))
}

/// Compares reviewers' answers, question by question.
pub fn compare(card: &Card, judged: &[Judged]) -> Compared {
    let mut distances: Vec<Vec<f64>> = vec![Vec::new(); judged.len()];
    let mut items = Vec::new();
    for question in card.sections.iter().flat_map(|section| &section.questions) {
        let answers: Vec<Answer> =
            judged.iter().map(|one| one.answers.get(&question.id).cloned().unwrap_or_default()).collect();
        let percents: Vec<Option<f64>> = answers
            .iter()
            .map(|answer| answer.value.and_then(|value| earned(&question.kind, value)).map(rounded))
            .collect();
        let counted: Vec<f64> = percents.iter().flatten().copied().collect();
        if let (Some(mean), true) = (mean(&counted), counted.len() > 1) {
            for (distance, percent) in distances.iter_mut().zip(&percents) {
                distance.extend(percent.map(|percent| (percent - mean).abs()));
            }
        }
        let agreed = answers.windows(2).all(|two| two[0].value == two[1].value);
        let spread = spread(&counted);
        items.push(ComparedItem {
            id: question.id.clone(),
            text: question.text.clone(),
            answers,
            percents,
            spread,
            agreed,
        });
    }
    let totals: Vec<Option<f64>> = judged.iter().map(|one| score(card, &one.answers).percent).collect();
    let counted: Vec<f64> = totals.iter().flatten().copied().collect();
    let middle = mean(&counted).filter(|_| counted.len() > 1);
    let reviewers =
        judged.iter().zip(&totals).zip(distances).map(|((one, total), distances)| ComparedReviewer {
            reviewer: one.reviewer.clone(),
            percent: *total,
            leaning: total.zip(middle).map(|(total, middle)| rounded(total - middle)),
            distance: mean(&distances).map(rounded),
            comment: one.comment.clone(),
        });
    let agreed = items.iter().filter(|item| item.agreed).count();
    Compared {
        reviewers: reviewers.collect(),
        spread: spread(&counted),
        agreement: (!items.is_empty()).then(|| rounded(100.0 * agreed as f64 / items.len() as f64)),
        items,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::tests::{answers, card};
    use crate::wire::Value;

    fn judged(reviewer: &str, answers: BTreeMap<String, Answer>, comment: &str) -> Judged {
        Judged { reviewer: reviewer.into(), answers, comment: comment.into() }
    }

    #[test]
    fn two_reviewers_differ_as_worked_out_by_hand() {
        let marta = answers(&[
            ("greeting", Value::Yes),
            ("listening", Value::Scale { value: 5 }),
            ("solution", Value::Choice { index: 0 }),
            ("law", Value::Yes),
        ]);
        let pedro = answers(&[
            ("greeting", Value::NotApplicable),
            ("listening", Value::Scale { value: 3 }),
            ("solution", Value::Choice { index: 1 }),
            ("law", Value::Yes),
        ]);
        let both = [judged("Marta", marta, "good"), judged("Pedro", pedro, "")];
        let compared = compare(&card(), &both);
        // Marta: 100. Pedro: (15 + 20 + 10) / 80 = 56.25.
        let totals: Vec<_> = compared.reviewers.iter().map(|one| one.percent).collect();
        assert_eq!(totals, [Some(100.0), Some(56.25)]);
        assert_eq!(compared.spread, Some(43.75));
        // The middle is 78.125.
        let leanings: Vec<_> = compared.reviewers.iter().map(|one| one.leaning).collect();
        assert_eq!(leanings, [Some(21.88), Some(-21.88)]);
        // Listening and solution 50 apart, each half of it from the middle, the law none: (25 + 25 + 0) / 3. The greeting
        // counts for one only, so there is nothing to be apart from.
        let spreads: Vec<_> = compared.items.iter().map(|item| item.spread).collect();
        assert_eq!(spreads, [None, Some(50.0), Some(50.0), Some(0.0)]);
        assert_eq!(compared.reviewers[1].distance, Some(16.67));
        assert_eq!(compared.agreement, Some(25.0));
        assert_eq!(
            compared.items.iter().map(|item| item.agreed).collect::<Vec<_>>(),
            [false, false, false, true]
        );
        assert_eq!(compared.reviewers[0].comment, "good");
    }

    #[test]
    fn one_alone_has_nobody_to_differ_from() {
        let compared = compare(&card(), &[judged("Marta", answers(&[("greeting", Value::No)]), "")]);
        assert_eq!(
            (compared.spread, compared.reviewers[0].leaning, compared.reviewers[0].distance),
            (None, None, None)
        );
        assert_eq!(compared.reviewers[0].percent, Some(0.0));
    }
}

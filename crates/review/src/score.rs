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
pub(crate) mod tests;

//! Scorecards: what a card may hold, and cards as files.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::wire::{Card, Kind};

const FORMAT: &str = "atalaya-card";
const LAYOUT: u32 = 1;
const MOST_QUESTIONS: usize = 100;
const MOST_BANDS: usize = 9;
const LONGEST: usize = 500;
const HIGHEST: u32 = 10;

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    layout: u32,
    card: Card,
}

/// A card as a file: JSON.
///
/// # Errors
/// `reviewFile`: it cannot be written as JSON.
pub fn write_file(card: &Card) -> Result<String, Error> {
    let file = File { format: FORMAT.to_owned(), layout: LAYOUT, card: card.clone() };
    Ok(serde_json::to_string_pretty(&file)?)
}

/// A card from a file, checked; not kept yet.
///
/// # Errors
/// `reviewFile` for a file of something else, `reviewInvalid` for a card that makes no sense.
pub fn read_file(text: &str) -> Result<Card, Error> {
    let file: File = serde_json::from_str(text)?;
    if file.format != FORMAT || file.layout != LAYOUT {
        return Err(Error::File(format!("{} {}", file.format, file.layout)));
    }
    checked(&file.card)?;
    Ok(file.card)
}

/// Whether two cards judge alike: the same questions with the same weights in the same order. Key, number, name and colours
/// are each computer's own.
pub(crate) fn judges_alike(one: &Card, other: &Card) -> bool {
    one.sections == other.sections
}

/// Whether a card can be judged with. The detail names the text that is wrong, or is one of `empty`, `twice`, `weight`,
/// `scale`, `options`, `bands`, `long`, `many`.
pub(crate) fn checked(card: &Card) -> Result<(), Error> {
    let wrong = |detail: &str| Err(Error::Invalid("card", detail.to_owned()));
    let questions: Vec<_> = card.sections.iter().flat_map(|section| &section.questions).collect();
    if card.id.is_empty() || card.name.trim().is_empty() || questions.is_empty() {
        return wrong("empty");
    }
    if questions.len() > MOST_QUESTIONS
        || card.bands.len() > MOST_BANDS
        || card.sections.len() > MOST_QUESTIONS
    {
        return wrong("many");
    }
    let mut seen = HashSet::new();
    let ids =
        card.sections.iter().map(|section| ("s", &section.id)).chain(questions.iter().map(|q| ("q", &q.id)));
    for (kind, id) in ids {
        if id.is_empty() || !seen.insert((kind, id)) {
            return wrong("twice");
        }
    }
    let texts = card.sections.iter().map(|section| &section.title).chain([&card.name]);
    let texts = texts.chain(questions.iter().flat_map(|question| [&question.text, &question.help]));
    if texts.chain(card.bands.iter().map(|band| &band.name)).any(|text| text.chars().count() > LONGEST) {
        return wrong("long");
    }
    let percent = |percent: f64| (0.0..=100.0).contains(&percent);
    if !card.bands.iter().all(|band| percent(band.from)) {
        return wrong("bands");
    }
    for question in questions {
        if question.text.trim().is_empty() {
            return wrong("empty");
        }
        if !(question.weight > 0.0 && question.weight <= 1_000.0) {
            return wrong("weight");
        }
        match &question.kind {
            Kind::YesNo => {}
            Kind::Scale { low, high } if low < high && *high <= HIGHEST => {}
            Kind::Scale { .. } => return wrong("scale"),
            Kind::Choice { options }
                if (2..=9).contains(&options.len())
                    && options.iter().all(|option| {
                        percent(option.percent)
                            && !option.label.trim().is_empty()
                            && option.label.len() <= LONGEST
                    }) => {}
            Kind::Choice { .. } => return wrong("options"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::tests::card;

    #[test]
    fn a_card_goes_out_and_comes_back() {
        let text = write_file(&card()).unwrap();
        assert_eq!(read_file(&text).unwrap(), card());
        for (bad, code) in [
            (text.replace("atalaya-card", "other"), "reviewFile"),
            (text.replace("\"layout\": 1", "\"layout\": 2"), "reviewFile"),
            ("{}".to_owned(), "reviewFile"),
            (text.replace("\"id\": \"law\"", "\"id\": \"greeting\""), "reviewInvalid"),
            (text.replace("\"weight\": 10.0", "\"weight\": 0"), "reviewInvalid"),
        ] {
            assert_eq!(read_file(&bad).unwrap_err().code(), code, "{bad}");
        }
    }

    #[test]
    fn a_card_that_makes_no_sense_says_why() {
        let broken = |change: fn(&mut Card)| {
            let mut card = card();
            change(&mut card);
            match checked(&card) {
                Err(Error::Invalid("card", why)) => why,
                other => format!("{other:?}"),
            }
        };
        assert_eq!(broken(|card| card.name = " ".into()), "empty");
        assert_eq!(broken(|card| card.sections.clear()), "empty");
        assert_eq!(broken(|card| card.sections[0].questions[0].text.clear()), "empty");
        assert_eq!(broken(|card| card.sections[1].id = "form".into()), "twice");
        assert_eq!(broken(|card| card.sections[0].questions[0].weight = f64::NAN), "weight");
        assert_eq!(
            broken(|card| card.sections[0].questions[1].kind = Kind::Scale { low: 5, high: 5 }),
            "scale"
        );
        assert_eq!(
            broken(|card| card.sections[0].questions[1].kind = Kind::Scale { low: 0, high: 11 }),
            "scale"
        );
        assert_eq!(
            broken(|card| card.sections[0].questions[1].kind = Kind::Choice { options: vec![] }),
            "options"
        );
        assert_eq!(broken(|card| card.bands[0].from = -1.0), "bands");
        assert_eq!(broken(|card| card.sections[0].title = "x".repeat(501)), "long");
        let many = |card: &mut Card| {
            let one = card.sections[0].questions[0].clone();
            card.sections[0].questions = vec![one; 101];
        };
        assert_eq!(broken(many), "many");
    }
}

//! Scorecards to begin with, in each of the window's languages: to be copied and changed, never judged with as they are.
//!
//! What they say is data (`data/starting_cards.json`): every text in all languages beside each other, everything else once.
//! Left out on purpose: keeping them. A copy is a card like any other, with a key of its own.

use serde_json::Value;

use crate::error::Error;
use crate::wire::StartingCard;

const DATA: &str = include_str!("../data/starting_cards.json");
/// Of a text in a language that is none.
const OTHERWISE: &str = "en";

/// The cards to begin with in a language (`es`, `pt-BR`, `en`; English for any other).
///
/// # Errors
/// `reviewFile`: what is built in cannot be read.
pub fn starting_cards(language: &str) -> Result<Vec<StartingCard>, Error> {
    Ok(serde_json::from_value(spoken(serde_json::from_str(DATA)?, language))?)
}

/// The same with one language's text in place of each text in all of them.
fn spoken(value: Value, language: &str) -> Value {
    match value {
        Value::Object(mut fields) if fields.contains_key(OTHERWISE) => {
            fields.remove(language).or_else(|| fields.remove(OTHERWISE)).unwrap_or(Value::Null)
        }
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, spoken(value, language))).collect()
        }
        Value::Array(all) => all.into_iter().map(|value| spoken(value, language)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::card::checked;
    use crate::wire::Question;

    fn questions(one: &StartingCard) -> Vec<&Question> {
        one.card.sections.iter().flat_map(|section| &section.questions).collect()
    }

    #[test]
    fn each_can_be_judged_with_has_a_fatal_item_and_one_that_may_not_apply() {
        for language in ["es", "pt-BR", "en"] {
            let cards = starting_cards(language).unwrap();
            assert_eq!(cards.len(), 3);
            for one in &cards {
                checked(&one.card).unwrap();
                assert!(questions(one).iter().any(|question| question.fatal), "{}", one.card.name);
                assert!(questions(one).iter().any(|question| question.optional), "{}", one.card.name);
            }
        }
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        fn texts<'a>(value: &'a Value, into: &mut Vec<&'a serde_json::Map<String, Value>>) {
            match value {
                Value::Object(fields) if fields.contains_key("es") => into.push(fields),
                Value::Object(fields) => fields.values().for_each(|value| texts(value, into)),
                Value::Array(all) => all.iter().for_each(|value| texts(value, into)),
                _ => {}
            }
        }
        let data = serde_json::from_str(DATA).unwrap();
        let mut all = Vec::new();
        texts(&data, &mut all);
        assert!(all.len() > 60);
        for text in all {
            let said: HashSet<_> = text.iter().map(|(language, said)| (language.as_str(), said)).collect();
            assert_eq!(said.len(), 3, "{text:?}");
            assert!(text.values().all(|said| said.as_str().is_some_and(|said| !said.is_empty())), "{text:?}");
        }
    }

    #[test]
    fn a_language_nobody_speaks_here_is_english() {
        assert_eq!(starting_cards("eo").unwrap(), starting_cards("en").unwrap());
        assert_eq!(starting_cards("pt-BR").unwrap()[2].card.name, "Cobrança");
    }
}

//! Free text: which words are wanted, and whether a text has them. Case and accents do not matter.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// One word, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// It must occur nowhere.
    pub(crate) unwanted: bool,
}

/// The words of a text as typed: `"two words"` stay together, `-word` is not wanted. A quote that is never closed ends
/// at the end; a lone `-` is a word like any other.
pub(crate) fn words(typed: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let unwanted = rest.len() > 1 && rest.starts_with('-') && !rest[1..].starts_with(char::is_whitespace);
        let body = if unwanted { &rest[1..] } else { rest };
        let (word, after) = match body.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match body.find(char::is_whitespace) {
                Some(end) => body.split_at(end),
                None => (body, ""),
            },
        };
        let text = fold(word.trim());
        if !text.is_empty() {
            words.push(Word { text, unwanted });
        }
        rest = after.trim_start();
    }
    words
}

/// Without case and accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    apart.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

/// Whether a text has a folded word.
pub(crate) fn has(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return fold(text).contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    !word.is_empty() && text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_read_as_people_mean_them() {
        let wanted = |typed: &str| {
            let show = |word: Word| format!("{}{}", if word.unwanted { "!" } else { "" }, word.text);
            words(typed).into_iter().map(show).collect::<Vec<_>>()
        };
        assert_eq!(wanted("  Lucía 099 "), ["lucia", "099"]);
        assert_eq!(wanted("\"Ana P\" -VENTAS"), ["ana p", "!ventas"]);
        assert_eq!(wanted("-\"no answer\" x"), ["!no answer", "x"]);
        assert_eq!(wanted("\"open end"), ["open end"]);
        assert_eq!(wanted("a - b"), ["a", "-", "b"]);
        assert_eq!(wanted("\"\" -\"\""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_and_every_plain_word_is_found(typed in ".{0,40}", names in prop::collection::vec("[a-zA-Zñéü0-9]{1,8}", 0..5)) {
            prop_assert!(words(&typed).iter().all(|word| !word.text.is_empty()));
            let read = words(&names.join("  "));
            prop_assert_eq!(read.len(), names.len());
            let whole = names.join("|");
            for word in read {
                prop_assert!(!word.unwanted && has(&whole, &word.text));
            }
        }

        #[test]
        fn looking_in_a_text_is_looking_in_its_folded_one(text in "[a-zA-ZÁéñÜ0-9 <>-]{0,20}", word in "[a-zÑé0-9 -]{1,4}") {
            let word = fold(&word);
            prop_assert_eq!(has(&text, &word), fold(&text).contains(&word));
        }
    }
}

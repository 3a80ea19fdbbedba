//! Numbers as people write them, made into numbers as they go out.

/// Digits before a fraction of zeros from which on it is a spreadsheet's: `098.00` is rather 09800.
const LEAST_KEPT: usize = 6;

/// A number, tidied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tidied {
    /// What goes out, if it is a number.
    pub text: String,
    /// Something was taken out beside blanks around it.
    pub changed: bool,
    /// A spreadsheet wrote it shorter than it is: `9.83E+07`.
    pub rounded: bool,
}

/// Signs people put into numbers, that are none of them.
fn parts(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '.' | '(' | ')' | '[' | ']' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// What a spreadsheet made of a number: `98344484.0`.
fn without_fraction(text: &str) -> Option<&str> {
    let (whole, fraction) = text.split_once('.').or_else(|| text.split_once(','))?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole)
        && whole.len() >= LEAST_KEPT
        && fraction.len() <= 2
        && digits(fraction)
        && fraction.bytes().all(|byte| byte == b'0'))
    .then_some(whole)
}

fn rounded(text: &str) -> bool {
    let Some((front, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(power.trim_start_matches('+')) && digits(&front.replace(['.', ','], ""))
}

/// Tidies one number: blanks, dots, brackets and hyphens out, and the mark that keeps a spreadsheet from running it. What
/// is none stays what it is, as far as a person can see.
pub fn number(written: &str) -> Tidied {
    let text = written.trim();
    let as_it_is = |rounded| Tidied { text: text.to_owned(), changed: false, rounded };
    if rounded(text) {
        return as_it_is(true);
    }
    let plain = without_fraction(text).unwrap_or_else(|| text.strip_prefix('\'').unwrap_or(text));
    let tidied: String = plain.chars().filter(|letter| !parts(*letter)).collect();
    if !atalaya_ucontact::operations::is_number(&tidied) {
        return as_it_is(false);
    }
    Tidied { changed: tidied != text, text: tidied, rounded: false }
}

/// The numbers in one cell: parted by `:`, `/`, `,` or `|`.
pub fn several(cell: &str) -> Vec<String> {
    let cell = without_fraction(cell.trim()).unwrap_or(cell);
    cell.split([':', '/', ',', '|'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A number in one word, to be compared: its digits behind a 1, a `+` before them kept.
pub fn key(number: &str) -> u128 {
    let begin = if number.starts_with('+') { 2 } else { 1 };
    number.bytes().filter(u8::is_ascii_digit).fold(begin, |key, digit| key * 10 + u128::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_tidied_as_a_person_would_expect() {
        for (written, text, changed) in [
            ("098344484", "098344484", false),
            (" 098344484 ", "098344484", false),
            ("098 344 484", "098344484", true),
            ("(0983) 444-84", "098344484", true),
            ("098.344.484", "098344484", true),
            ("+598 98 344 484", "+59898344484", true),
            ("'+59898344484", "+59898344484", true),
            ("98\u{a0}344\u{202f}484", "98344484", true),
            ("098‑344–484", "098344484", true),
            ("98344484.0", "98344484", true),
            ("98344484,00", "98344484", true),
            ("09 900 x12", "09 900 x12", false),
            ("s/n", "s/n", false),
            ("", "", false),
            ("-", "-", false),
        ] {
            assert_eq!(
                number(written),
                Tidied { text: text.to_owned(), changed, rounded: false },
                "{written}"
            );
        }
        for written in ["9.83E+07", "9,83e7", "98E3"] {
            assert!(number(written).rounded, "{written}");
        }
        assert_eq!(several("099 1/098 2: 097"), ["099 1", "098 2", "097"]);
        assert_eq!(several("98344484.0"), ["98344484"]);
        assert_ne!(key("099"), key("99"));
        assert_ne!(key("+99"), key("99"));
        assert_eq!(key(&"9".repeat(30)) % 10, 9, "thirty digits fit");
    }

    proptest! {
        #[test]
        fn what_was_tidied_is_a_number_and_stays_what_it_is(written in "[-+0-9 .()x'Ee,]{0,20}") {
            let once = number(&written);
            if once.changed {
                prop_assert!(atalaya_ucontact::operations::is_number(&once.text));
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
                prop_assert!(digits(&once.text) <= digits(&written));
                prop_assert_eq!(number(&once.text).text, once.text);
            }
        }

        #[test]
        fn different_numbers_have_different_keys(one in "\\+?[0-9]{1,30}", other in "\\+?[0-9]{1,30}") {
            prop_assert_eq!(one == other, key(&one) == key(&other));
        }
    }
}

//! How long a message is, and in how many parts it goes: GSM 03.38 with its extension table, or UCS-2 as soon as one
//! character is in neither.
//!
//! Left out on purpose: national shift tables, which no uContact is known to use.

use serde::Serialize;
use ts_rs::TS;

/// How a message is written on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SmsAlphabet {
    /// Seven bits a character; some take two.
    Gsm7,
    /// Sixteen bits a character; some take two.
    Ucs2,
}

/// What a message costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SmsLength {
    /// In which alphabet.
    pub alphabet: SmsAlphabet,
    /// Units of that alphabet in all.
    pub units: usize,
    /// Messages it goes out as; none for no text.
    pub parts: usize,
    /// Units that still fit in the last part.
    pub left: usize,
}

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
/// Each goes out as an escape and a character.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

impl SmsLength {
    /// Counts.
    pub fn of(text: &str) -> Self {
        let gsm = |c: char| match c {
            c if BASIC.contains(c) => Some(1),
            c if EXTENDED.contains(c) => Some(2),
            _ => None,
        };
        let seven: Option<Vec<usize>> = text.chars().map(gsm).collect();
        let (alphabet, sizes, alone, joined) = match seven {
            Some(sizes) => (SmsAlphabet::Gsm7, sizes, 160, 153),
            None => (SmsAlphabet::Ucs2, text.chars().map(char::len_utf16).collect(), 70, 67),
        };
        let units = sizes.iter().sum();
        if units <= alone {
            return Self { alphabet, units, parts: usize::from(units > 0), left: alone - units };
        }
        // What takes two units is never torn apart.
        let (mut parts, mut used) = (1, 0);
        for size in sizes {
            if used + size > joined {
                (parts, used) = (parts + 1, 0);
            }
            used += size;
        }
        Self { alphabet, units, parts, left: joined - used }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_parts_are_the_networks() {
        use SmsAlphabet::{Gsm7, Ucs2};
        for (text, alphabet, units, parts, left) in [
            (String::new(), Gsm7, 0, 0, 160),
            ("Hola, ¿cómo estás?".to_owned(), Ucs2, 18, 1, 52),
            ("Mañana: 10 €".to_owned(), Gsm7, 13, 1, 147),
            ("a".repeat(160), Gsm7, 160, 1, 0),
            ("a".repeat(161), Gsm7, 161, 2, 145),
            ("a".repeat(306), Gsm7, 306, 2, 0),
            ("a".repeat(307), Gsm7, 307, 3, 152),
            ("[".repeat(80), Gsm7, 160, 1, 0),
            // 76 pairs fit in 153 units; one unit of each part stays empty.
            ("[".repeat(81), Gsm7, 162, 2, 143),
            ("ç".repeat(70), Ucs2, 70, 1, 0),
            ("ç".repeat(71), Ucs2, 71, 2, 63),
            // A pair of sixteen bits is not torn apart: 33 in each part.
            ("😀".repeat(36), Ucs2, 72, 2, 61),
        ] {
            let told = SmsLength::of(&text);
            assert_eq!(told, SmsLength { alphabet, units, parts, left }, "{text}");
        }
        assert_eq!(
            (BASIC.chars().count(), EXTENDED.chars().count()),
            (127, 10),
            "the tables, without the escape"
        );
    }
}

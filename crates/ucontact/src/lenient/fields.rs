//! One field: a number, a text or a clock in whatever clothes it comes. Reading one never fails.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Notes;
use crate::shared_text::SharedText;
use crate::text::plain;

/// A number, a numeric text, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Num {
    #[default]
    Missing,
    Is(f64),
    Bad,
}

impl Num {
    fn parse(text: &str) -> Self {
        let text = text.trim().trim_end_matches('%').trim_end();
        if text.is_empty() || text.eq_ignore_ascii_case("null") {
            return Self::Missing;
        }
        // Some locales write a decimal comma.
        match text.parse::<f64>().or_else(|_| text.replace(',', ".").parse::<f64>()) {
            Ok(number) if number.is_finite() => Self::Is(number),
            _ => Self::Bad,
        }
    }

    fn within(self, low: f64, high: f64, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<f64> {
        match self {
            Self::Missing => None,
            Self::Is(number) if (low..=high).contains(&number) => Some(number),
            Self::Is(_) => {
                notes.note(&path(), "out of range");
                None
            }
            Self::Bad => {
                notes.note(&path(), "not a number");
                None
            }
        }
    }

    pub(crate) fn count(self, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<u32> {
        self.within(0.0, f64::from(u32::MAX), path, notes).map(|n| n.round() as u32)
    }

    pub(crate) fn int(self, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<i32> {
        self.within(f64::from(i32::MIN), f64::from(i32::MAX), path, notes).map(|n| n.round() as i32)
    }

    pub(crate) fn long(self, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<i64> {
        // Above this a double no longer holds every whole number.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        self.within(-EXACT, EXACT, path, notes).map(|n| n.round() as i64)
    }

    pub(crate) fn percent(self, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<f64> {
        self.within(0.0, 100.0, path, notes)
    }

    pub(crate) fn flag(self, path: &dyn Fn() -> String, notes: &mut Notes) -> Option<bool> {
        self.within(f64::MIN, f64::MAX, path, notes).map(|n| n != 0.0)
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyNumber;
        impl<'de> Visitor<'de> for AnyNumber {
            type Value = Num;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Num, E> {
                Ok(Num::Is(f64::from(u8::from(value))))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Num, E> {
                Ok(Num::Is(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Num, E> {
                Ok(Num::Is(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Num, E> {
                Ok(if value.is_finite() { Num::Is(value) } else { Num::Bad })
            }
            fn visit_str<E>(self, value: &str) -> Result<Num, E> {
                Ok(match value {
                    "true" => Num::Is(1.0),
                    "false" => Num::Is(0.0),
                    text => Num::parse(text),
                })
            }
            fn visit_unit<E>(self) -> Result<Num, E> {
                Ok(Num::Missing)
            }
            fn visit_none<E>(self) -> Result<Num, E> {
                Ok(Num::Missing)
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Num, D::Error> {
                Num::deserialize(deserializer)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Num, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Num::Bad)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Num, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Num::Bad)
            }
        }
        deserializer.deserialize_any(AnyNumber)
    }
}

/// A text, a number or flag as text, or nothing. Lists of texts are joined. Borrowed from the answer where it stands there
/// as it is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text<'a>(pub(crate) Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text when it holds something, without what would move a cursor or hide.
    pub(crate) fn filled(self) -> Option<String> {
        let text = self.0.filter(|text| !text.trim().is_empty())?;
        match plain(&text) {
            Cow::Borrowed(_) => Some(text.into_owned()),
            Cow::Owned(plain) => Some(plain).filter(|text| !text.trim().is_empty()),
        }
    }

    /// The same to be handed on: the text it was before, where it is that.
    pub(crate) fn shared(self, before: Option<&SharedText>) -> Option<SharedText> {
        match (&self.0, before) {
            (Some(text), Some(before)) if **text == **before && !before.is_empty() => Some(before.clone()),
            _ => self.filled().map(Into::into),
        }
    }

    /// Whether it holds something.
    pub(crate) fn holds(&self) -> bool {
        self.0.as_deref().is_some_and(|text| !text.trim().is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fn owned<'a>(value: &impl ToString) -> Text<'a> {
            Text(Some(Cow::Owned(value.to_string())))
        }
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(owned(&value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(owned(&value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(owned(&value))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(owned(&value))
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Borrowed(value))))
            }
            fn visit_str<E>(self, value: &str) -> Result<Text<'de>, E> {
                Ok(owned(&value))
            }
            fn visit_string<E>(self, value: String) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Owned(value))))
            }
            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text(None))
            }
            fn visit_none<E>(self) -> Result<Text<'de>, E> {
                Ok(Text(None))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text<'de>, D::Error> {
                Text::deserialize(deserializer)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text<'de>, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element::<Text<'de>>()? {
                    texts.extend(text.filled());
                }
                Ok(Text(Some(Cow::Owned(texts.join(", ")))))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }
        deserializer.deserialize_any(AnyText)
    }
}

/// The key of an element.
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyKey;
        impl<'de> Visitor<'de> for AnyKey {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(value.to_owned())))
            }
            fn visit_string<E>(self, value: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(value)))
            }
        }
        deserializer.deserialize_str(AnyKey)
    }
}

/// `H+:MM:SS` as seconds; hours may pass 23.
pub(crate) fn clock_secs(text: &str) -> Option<u64> {
    let mut parts = text.trim().split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (hours, minutes, seconds): (u64, u64, u64) =
        (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    if minutes > 59 || seconds > 59 {
        return None;
    }
    hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_many_clothes() {
        let read = |json: &str| serde_json::from_str::<Num>(json).unwrap();
        for (json, is) in [
            ("7", Num::Is(7.0)),
            ("\"7\"", Num::Is(7.0)),
            ("\" 7.5 \"", Num::Is(7.5)),
            ("\"61,5\"", Num::Is(61.5)),
            ("\"61.5%\"", Num::Is(61.5)),
            ("true", Num::Is(1.0)),
            ("null", Num::Missing),
            ("\"\"", Num::Missing),
            ("\"null\"", Num::Missing),
            ("\"many\"", Num::Bad),
            ("[1]", Num::Bad),
            ("{\"a\":1}", Num::Bad),
            ("\"NaN\"", Num::Bad),
        ] {
            assert_eq!(read(json), is, "{json}");
        }
    }

    #[test]
    fn clocks_may_pass_a_day() {
        assert_eq!(clock_secs("00:10:12"), Some(612));
        assert_eq!(clock_secs("31:00:01"), Some(111_601));
        assert_eq!(clock_secs("1:2:3"), Some(3723));
        for odd in ["", "10:12", "00:61:00", "-1:00:00", "a:b:c", "1:2:3:4", "99999999999999999999:00:00"] {
            assert_eq!(clock_secs(odd), None, "{odd}");
        }
    }
}

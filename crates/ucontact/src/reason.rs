//! Why somebody is on a break, in the many shapes servers send it: a text, a list, an object, or one of those written as
//! a text.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::tidy;
use crate::mend::mended;
use crate::text::plain;

/// Where the words are in an object.
const NAMES: [&str; 7] = ["reason", "name", "text", "label", "description", "motivo", "nombre"];

/// A text for people; `None`: no reason is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reason(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A text is read where it stands; only of the other shapes a tree is made.
        struct AnyReason;
        impl<'de> Visitor<'de> for AnyReason {
            type Value = Reason;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_bool<E>(self, is: bool) -> Result<Reason, E> {
                Ok(Reason(words(&Value::Bool(is), true)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Reason, E> {
                Ok(Reason(words(&Value::from(number), true)))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Reason, E> {
                Ok(Reason(words(&Value::from(number), true)))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Reason, E> {
                Ok(Reason(words(&Value::from(number), true)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Reason, E> {
                Ok(Reason(of_text(text, true)))
            }
            fn visit_unit<E>(self) -> Result<Reason, E> {
                Ok(Reason(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Reason, A::Error> {
                let value = Value::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(Reason(words(&value, true)))
            }
            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Reason, A::Error> {
                let value = Value::deserialize(MapAccessDeserializer::new(object))?;
                Ok(Reason(words(&value, true)))
            }
        }
        deserializer.deserialize_any(AnyReason)
    }
}

/// `written`: a text may hold one of the other shapes, once.
fn words(value: &Value, written: bool) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(is) => is.then(|| is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => of_text(text, written),
        Value::Array(list) => {
            let words: Vec<String> = list.iter().filter_map(|value| words(value, false)).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        Value::Object(object) => {
            let named =
                NAMES.iter().filter_map(|name| object.get(*name)).find_map(|value| words(value, false));
            named.or_else(|| {
                object.values().filter(|value| value.is_string()).find_map(|value| words(value, false))
            })
        }
    }
}

fn of_text(text: &str, written: bool) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if written && text.starts_with(['[', '{', '"']) {
        if let Ok(value) = serde_json::from_str::<Value>(&mended(text)) {
            return words(&value, false);
        }
        // A list that nobody could quote.
        if let Some(list) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            let parts = list.split(',').map(|part| part.trim().trim_matches(['"', '\'']).trim());
            return tidied(&parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "));
        }
        if let Some(named) = text.starts_with('{').then(|| NAMES.iter().find_map(|name| behind(text, name))) {
            return named.and_then(tidied);
        }
    }
    tidied(text.trim_matches(['"', '\'']))
}

/// What stands behind a name in an object that nobody could quote.
fn behind<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix([':', '='])?;
    let rest = rest.trim_start();
    match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => rest.split([',', '}']).next(),
    }
}

fn tidied(text: &str) -> Option<String> {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    let text = tidy(&plain(&text));
    (!text.is_empty() && !text.eq_ignore_ascii_case("null")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_a_text_for_people() {
        for (sent, said) in [
            (r#""""#, None),
            (r#""[]""#, None),
            (r#""  ""#, None),
            ("null", None),
            (r#""null""#, None),
            (r#""[null]""#, None),
            (r#""\"\"""#, None),
            ("[]", None),
            ("{}", None),
            (r#""Baño""#, Some("Baño")),
            (r#""Baño, piso 2""#, Some("Baño, piso 2")),
            (r#""[\"Baño, piso 2\"]""#, Some("Baño, piso 2")),
            (r#""[\"Baño\", \"\"]""#, Some("Baño")),
            (r#""['Baño']""#, Some("Baño")),
            (r#""[Baño, Almuerzo]""#, Some("Baño, Almuerzo")),
            (r#""{\"reason\":\"Baño\",\"code\":3}""#, Some("Baño")),
            (r#""[{\"id\":3,\"reason\":\"Almuerzo\"}]""#, Some("Almuerzo")),
            (r#""{\"id\":3, reason\":\"Almuerzo\"}""#, Some("Almuerzo")),
            (r#"["Baño"]"#, Some("Baño")),
            (r#"{"reason":"Baño"}"#, Some("Baño")),
            (r#"{"x":1,"otro":"Baño"}"#, Some("Baño")),
            ("3", Some("3")),
            (r#""Reunión [equipo]""#, Some("Reunión [equipo]")),
            (r#""&lt;b&gt;Baño&amp;""#, Some("<b>Baño&")),
            (r#""Ba\u202eño\u001b""#, Some("Baño")),
        ] {
            let read: Reason = serde_json::from_str(sent).unwrap();
            assert_eq!(read.0.as_deref(), said, "{sent}");
        }
    }
}

//! Values of the JSON that operations are given, read as Gson reads them: numbers may be texts and texts numbers.

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use crate::records::DATE;

/// One object.
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// A list of at least one.
    pub(super) fn read_list(text: &str) -> Option<Vec<Self>> {
        let list: Vec<Map<String, Value>> = serde_json::from_str(text).ok()?;
        (!list.is_empty()).then(|| list.into_iter().map(Self).collect())
    }

    /// Empty where it is missing or null; `None` where it is no text.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key) {
            None | Some(Value::Null) => Some(String::new()),
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => None,
        }
    }

    /// One that must say something.
    pub(super) fn full(&self, key: &str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    pub(super) fn whole(&self, key: &str) -> Option<u32> {
        self.text(key)?.parse().ok()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        match self.0.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => match number.as_u64()? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A moment as the vendor writes it.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim(), DATE).ok()
}

//! Reading JSON that is almost right: numbers as text, text as numbers, `null`, missing and unknown keys, and elements
//! of another kind altogether. A field that cannot be read is unknown and noted; it never costs its element, and an
//! element never costs the reply.

mod fields;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::mend::mended;
use crate::text::text_of;

pub(crate) use fields::{Key, Num, Text, clock_secs};

/// Notes kept of what could not be read.
const NOTES: usize = 20;

/// A reply and what had to be left out of it.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// What could be read.
    pub value: T,
    /// Elements or fields that could not be read: JSON path and reason, at most 20 kept.
    pub dropped: Vec<String>,
    /// How many were dropped in all.
    pub dropped_count: u32,
    /// How long the answer took, retries included.
    pub round_trip: Duration,
    /// When it arrived, by the client's clock ([`atalaya_clock::Clock::steady`]): what it says is no younger, however
    /// long it waits for another one.
    pub arrived: Duration,
    /// The same, epoch milliseconds, as the clock read then.
    pub arrived_ms: i64,
}

impl<T> Reply<T> {
    pub(crate) fn new(value: T, notes: Notes) -> Self {
        Self {
            value,
            dropped: notes.kept,
            dropped_count: notes.count,
            round_trip: Duration::ZERO,
            arrived: Duration::ZERO,
            arrived_ms: 0,
        }
    }

    pub(crate) fn after(mut self, clock: &atalaya_clock::Clock, round_trip: Duration) -> Self {
        (self.arrived, self.arrived_ms, self.round_trip) = (clock.steady(), clock.now_ms(), round_trip);
        self
    }
}

impl<T> Reply<T> {
    /// When it arrived, epoch milliseconds as this clock reads now: also where it was set back meanwhile. One that is far
    /// ahead may be that of a computer that slept: then the answer is as old as that.
    pub fn at_ms(&self, clock: &atalaya_clock::Clock) -> i64 {
        self.arrived_ms.min(clock.now_ms() - clock.since(self.arrived).as_millis() as i64)
    }
}

/// What could not be read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    kept: Vec<String>,
    count: u32,
}

impl Notes {
    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn note(&mut self, path: &dyn fmt::Display, why: &str) {
        self.count += 1;
        if self.kept.len() < NOTES {
            self.kept.push(crate::error::tidy(&format!("{path}: {why}")));
        }
    }
}

/// An element that should be an object.
#[derive(Debug)]
pub(crate) enum Element<T> {
    Is(T),
    Odd(&'static str),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyElement<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyElement<T> {
            type Value = Element<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Element::Odd("a flag"))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Element::Odd("a number"))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Element::Odd("a number"))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Element::Odd("a number"))
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Element::Odd("a text"))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Element::Odd("null"))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Element::Odd("a list"))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Element::Is)
            }
        }
        deserializer.deserialize_any(AnyElement(std::marker::PhantomData))
    }
}

/// Where an element stands in its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'a> {
    Index(usize),
    Key(&'a str),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) => f.write_str(key),
        }
    }
}

/// What takes the elements of an answer, one after the other, while it is being read: nothing of it is kept that nobody
/// asked for, and texts are borrowed from the bytes until they are.
pub(crate) trait Taker {
    /// What an element is read as.
    type Raw<'a>: Deserialize<'a>;
    fn take(&mut self, at: At<'_>, element: Element<Self::Raw<'_>>);
}

/// Reads a list or an object of elements into a taker; a scalar where either was due is given back.
struct Elements<'t, T>(&'t mut T);

impl<'de, T: Taker> DeserializeSeed<'de> for Elements<'_, T> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Taker> Visitor<'de> for Elements<'_, T> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.to_owned()))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(String::new()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut index = 0;
        while let Some(element) = seq.next_element()? {
            self.0.take(At::Index(index), element);
            index += 1;
        }
        Ok(None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let element = map.next_value()?;
            self.0.take(At::Key(&key), element);
        }
        Ok(None)
    }
}

/// The elements of an answer that had to be put right first.
#[derive(Default)]
struct Values(Vec<(Result<String, usize>, Element<Value>)>);

impl Taker for Values {
    type Raw<'a> = Value;

    fn take(&mut self, at: At<'_>, element: Element<Value>) {
        let at = match at {
            At::Index(index) => Err(index),
            At::Key(key) => Ok(key.to_owned()),
        };
        self.0.push((at, element));
    }
}

fn read<T: Taker>(text: &str, taker: &mut T) -> Result<Option<String>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let scalar = Elements(taker).deserialize(&mut json)?;
    json.end()?;
    Ok(scalar)
}

/// Hands the elements of an answer to a taker, each read as far as it can be. A page of HTML is no uContact. `taker` may
/// be asked for more than once: what cannot be read as it came is put right and read from its beginning.
///
/// # Errors
/// `notClassic` for a page, `malformed` with the JSON path for what ends early or is no JSON at all, `refused` for a scalar.
pub(crate) fn elements<T: Taker>(body: &[u8], what: &str, taker: impl Fn() -> T) -> Result<T, Error> {
    let text = text_of(body, None);
    let text = text.trim_start();
    if text.starts_with('<') {
        return Err(Error::new(ErrorKind::NotClassic, what));
    }
    let refused = |text: &str| Error::new(ErrorKind::Refused, what).with_detail(text);
    // What is right is read at once; what is not is put right first.
    let mut taken = taker();
    let wrong = match read(text, &mut taken) {
        Ok(None) => return Ok(taken),
        Ok(Some(scalar)) => return Err(refused(&scalar)),
        Err(wrong) => wrong,
    };
    let mut values = Values::default();
    let Ok(scalar) = read(&mended(text), &mut values) else {
        // Only who failed is asked where.
        let mut json = serde_json::Deserializer::from_str(text);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        let detail = match Elements(&mut taker()).deserialize(tracked) {
            Ok(_) => wrong.to_string(),
            Err(error) => format!("{}: {error}", track.path()),
        };
        return Err(Error::new(ErrorKind::Malformed, what).with_detail(&detail));
    };
    if let Some(scalar) = scalar {
        return Err(refused(&scalar));
    }
    let mut taken = taker();
    for (at, element) in &values.0 {
        let at = match at {
            Ok(key) => At::Key(key),
            Err(index) => At::Index(*index),
        };
        // Of a key that comes twice the last counts: an object holds each once.
        let element = match element {
            Element::Is(value) => T::Raw::deserialize(value).map_or(Element::Odd("unreadable"), Element::Is),
            Element::Odd(kind) => Element::Odd(kind),
        };
        taken.take(at, element);
    }
    Ok(taken)
}

/// Keys under which a server says what went wrong.
pub(crate) const SAYS_WHY: [&str; 6] = ["error", "message", "exception", "detail", "msg", "mensaje"];

/// For an answer in which nothing is of the kind asked for: it is a failure, in the server's words where it has some.
pub(crate) fn nothing_of_the_kind(body: &[u8], what: &str) -> Error {
    let read = serde_json::from_str::<Value>(&mended(&text_of(body, None))).unwrap_or_default();
    let object = read.as_object().or_else(|| read.as_array()?.iter().find_map(Value::as_object));
    let said = object.and_then(|object| {
        let mut said = object.iter().filter(|(key, _)| SAYS_WHY.contains(&key.to_ascii_lowercase().as_str()));
        said.find_map(|(_, value)| value.as_str().map(str::to_owned))
    });
    if let Some(said) = said {
        return Error::new(ErrorKind::ServerError, what).with_detail(&said);
    }
    let keys = object.map(|object| object.keys().take(8).cloned().collect::<Vec<_>>().join(", "));
    let detail = keys.map_or("nothing in it was asked for".to_owned(), |keys| {
        format!("nothing in it was asked for: {keys}")
    });
    Error::new(ErrorKind::Malformed, what).with_detail(&detail)
}

/// The body as one scalar: quotes taken off when it is a JSON string.
pub(crate) fn scalar(body: &[u8]) -> String {
    let body = text_of(body, None);
    let text = serde_json::from_str::<Text<'_>>(&body).ok().and_then(|text| text.0).map(Cow::into_owned);
    text.unwrap_or_else(|| body.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, Default)]
    struct Anything;

    impl Taker for Anything {
        type Raw<'a> = BTreeMap<String, u32>;

        fn take(&mut self, _: At<'_>, _: Element<Self::Raw<'_>>) {}
    }

    #[test]
    fn an_answer_is_as_old_as_it_is_whatever_becomes_of_the_clock() {
        let held = atalaya_clock::Clock::held(1_000_000);
        let clock = held.clock();
        let reply = Reply::new((), Notes::default()).after(&clock, Duration::ZERO);
        held.advance(Duration::from_secs(3));
        assert_eq!(reply.at_ms(&clock), 1_000_000);
        held.set(1_003_000 - 90_000);
        assert_eq!(reply.at_ms(&clock), 910_000, "three seconds old, by the clock that was set back");
        held.set(1_003_000 + 7_200_000);
        assert_eq!(reply.at_ms(&clock), 1_000_000, "the computer may have slept for as long");
    }

    #[test]
    fn a_decode_error_names_its_path() {
        let error = elements(b"[{\"a\":1},{\"b\":", "x", Anything::default).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.detail.unwrap().starts_with("[1].b: "), "path first");
        let page = elements(b" <html>", "x", Anything::default).unwrap_err();
        assert_eq!(page.kind, ErrorKind::NotClassic);
    }
}

//! From a body to its shape.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::form::form_of;
use super::known::Kind;
use super::{BodyShape, KindShape};
use crate::mend::mended;
use crate::text::text_of;

/// A list up to so long may be one thing in several parts, as a login's is.
const PARTS: usize = 12;
/// Longer than any field's name.
const LONGEST_NAME: usize = 40;

/// The shape of a body whose elements should be of one of the kinds.
pub(super) fn body_shape(body: &[u8], charset: Option<&str>, kinds: &[&Kind]) -> BodyShape {
    let text = text_of(body, charset);
    let (value, json) = match serde_json::from_str::<Value>(text.trim()) {
        Ok(value) => (Some(value), "as it stands"),
        Err(_) if text.trim_start().starts_with('<') => (None, "no: a page"),
        Err(_) => match serde_json::from_str(&mended(text.trim())) {
            Ok(value) => (Some(value), "once it is mended"),
            Err(_) if text.trim().is_empty() => (None, "no: empty"),
            Err(_) => (None, "no"),
        },
    };
    let mut shape = BodyShape {
        bytes: bytes_of(body, &text),
        json,
        html_safe: text.contains("\\u003") || text.contains("\\u0026"),
        ..BodyShape::default()
    };
    let Some(value) = value else { return shape };
    let mut said = HashSet::new();
    gather(&value, &mut said);
    let elements: Vec<&Value> = match &value {
        Value::Array(list) => {
            if list.len() <= PARTS && list.iter().any(|part| !part.is_object()) {
                shape.each = list.iter().map(form_of).collect();
            }
            list.iter().collect()
        }
        Value::Object(object) if kind_of(object, kinds).is_none() => {
            said.extend(object.keys().map(|key| key.to_lowercase()));
            object.values().collect()
        }
        // A single element, or something that is none at all.
        other => vec![other],
    };
    shape.whole = match &value {
        Value::Array(_) => "a list",
        Value::Object(object) if kind_of(object, kinds).is_some() => "one element",
        Value::Object(_) => "elements by name",
        other => form_of(other),
    };
    shape.elements = roughly(elements.len());
    for kind in kinds {
        let of_it: Vec<&Map<String, Value>> = elements
            .iter()
            .filter_map(|element| element.as_object())
            .filter(|object| kind_of(object, kinds).is_some_and(|found| found.name == kind.name))
            .collect();
        if !of_it.is_empty() {
            shape.kinds.push(kind_shape(kind, &of_it, &said));
        }
    }
    let of_no_kind = elements
        .iter()
        .filter(|element| element.as_object().is_some_and(|object| kind_of(object, kinds).is_none()))
        .count();
    shape.of_no_kind = roughly(of_no_kind);
    shape
}

fn bytes_of(body: &[u8], text: &str) -> &'static str {
    if body.starts_with(b"\xef\xbb\xbf") {
        "UTF-8 with a mark"
    } else if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        "UTF-16"
    } else if body.is_ascii() {
        "ASCII"
    } else if std::str::from_utf8(body).is_ok() {
        "UTF-8"
    } else if text.contains('\u{fffd}') {
        "neither UTF-8 nor what is declared"
    } else {
        "what is declared"
    }
}

/// How many, without saying how many.
fn roughly(count: usize) -> &'static str {
    match count {
        0 => "none",
        1 => "one",
        2..10 => "a few",
        10..100 => "dozens",
        _ => "many",
    }
}

/// The kind an object has most fields of; two at least, or it is of none.
fn kind_of<'a>(object: &Map<String, Value>, kinds: &[&'a Kind]) -> Option<&'a Kind> {
    let fields = |kind: &Kind| object.keys().filter(|key| kind.field(key).is_some()).count();
    kinds.iter().copied().filter(|kind| fields(kind) >= 2).max_by_key(|kind| fields(kind))
}

/// Every text that stands as a value, or as a key where keys are data: none of them is the name of a field.
fn gather(value: &Value, said: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            said.insert(text.to_lowercase());
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, said)),
        Value::Object(object) => object.values().for_each(|value| gather(value, said)),
        _ => {}
    }
}

/// Whether a new key is the name of a field, and no data: it is a plain word, half of the elements have it, and nobody and
/// nothing is called so.
fn is_field(key: &str, elements: &[&Map<String, Value>], said: &HashSet<String>) -> bool {
    let plain = key.len() <= LONGEST_NAME
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.chars().filter(char::is_ascii_digit).count() <= 2;
    // Of a single element nothing tells what is the same in all of them.
    let shared = elements.iter().filter(|element| element.contains_key(key)).count();
    plain && elements.len() > 1 && shared * 2 >= elements.len() && !said.contains(&key.to_lowercase())
}

fn kind_shape(kind: &Kind, elements: &[&Map<String, Value>], said: &HashSet<String>) -> KindShape {
    let mut shape = KindShape {
        kind: kind.name,
        elements: roughly(elements.len()),
        fields: std::collections::BTreeMap::new(),
        absent: Vec::new(),
        other_keys: false,
    };
    for element in elements {
        for (key, value) in *element {
            let form = match kind.field(key) {
                Some(is) => is.form(value),
                None if is_field(key, elements, said) => form_of(value),
                None => {
                    shape.other_keys = true;
                    continue;
                }
            };
            shape.fields.entry(key.clone()).or_default().forms.insert(form);
        }
    }
    for (key, field) in &mut shape.fields {
        field.always = elements.iter().all(|element| element.contains_key(key));
    }
    shape.absent =
        kind.fields.iter().map(|(name, _)| *name).filter(|name| !shape.fields.contains_key(*name)).collect();
    shape
}

/// What of it was never seen before, in words.
pub(super) fn never_seen(what: &str, shape: &BodyShape, kinds: &[&Kind], expected: &[&str]) -> Vec<String> {
    let mut news = Vec::new();
    if shape.json != "as it stands" {
        news.push(format!("{what}: JSON {}", shape.json));
    } else if !expected.contains(&shape.whole) {
        news.push(format!("{what}: {}", shape.whole));
    }
    if !matches!(shape.bytes, "ASCII" | "UTF-8") {
        news.push(format!("{what}: {}", shape.bytes));
    }
    // A login is a list of different things, whose forms are told one by one.
    if !matches!(shape.of_no_kind, "" | "none") && shape.each.is_empty() {
        news.push(format!("{what}: {} of no known kind", shape.of_no_kind));
    }
    for of in &shape.kinds {
        let known = kinds.iter().find(|kind| kind.name == of.kind);
        for (name, field) in &of.fields {
            let is = known.and_then(|kind| kind.field(name));
            for form in &field.forms {
                match is {
                    None => news.push(format!("{what}: {} has a new field {name} ({form})", of.kind)),
                    Some(is) if !is.knows(form) => {
                        news.push(format!("{what}: {} has {name} as {form}", of.kind));
                    }
                    Some(_) => {}
                }
            }
        }
        if of.other_keys {
            news.push(format!("{what}: {} has keys that may be data", of.kind));
        }
    }
    news
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::known::{AGENT, CALL, CAMPAIGN, PHONE, QUEUE};
    use super::*;

    const ALL: [&Kind; 5] = [&QUEUE, &CAMPAIGN, &AGENT, &CALL, &PHONE];

    fn told(body: &Value) -> (BodyShape, Vec<String>) {
        let shape = body_shape(body.to_string().as_bytes(), None, &ALL);
        let news = never_seen("op", &shape, &ALL, &["a list", "elements by name"]);
        (shape, news)
    }

    /// What may not come out: names, numbers and guids, as servers are full of them.
    fn secret() -> impl Strategy<Value = String> {
        prop_oneof![
            "[A-Za-zÁÉÍÓÚÑáéíóúñ]{3,10} [A-Za-zÁÉÍÓÚÑáéíóúñ]{4,12}",
            "[A-Z][a-z]{6,14}",
            "[a-z]{5,8}_[a-z]{5,8}",
            "[0-9]{6,14}",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "(SIP|PJSIP|Local)/[0-9]{4,9}",
            "[A-Z][a-z]{5,9}(->|<-)",
            "[A-Za-z0-9+/]{24,40}={0,2}",
            "[a-z]{4,9}\\.[a-z]{4,9}\\.example",
        ]
    }

    /// One such value in the form a server may give it.
    fn value(secret: &str) -> impl Strategy<Value = Value> + use<> {
        let number = secret.parse::<u64>().map_or(json!(secret), |number| json!(number));
        prop_oneof![
            Just(json!(secret)),
            Just(number),
            Just(json!([secret, { secret: secret }])),
            Just(json!({ secret: { "calldate": secret, secret: 1 } })),
        ]
    }

    /// Elements of a kind whose every field holds something secret, with a secret key here and there.
    fn answer() -> impl Strategy<Value = (Vec<String>, Value)> {
        let of = prop::sample::select(ALL.to_vec());
        (of, prop::collection::vec(secret(), 60), any::<bool>()).prop_flat_map(|(kind, secrets, keyed)| {
            let values: Vec<_> = secrets.iter().map(|secret| value(secret)).collect();
            values.prop_map(move |values| {
                let mut next = values.iter().cycle();
                let elements: Vec<Value> = (0..5)
                    .map(|nth: usize| {
                        let mut object: Map<String, Value> = kind
                            .fields
                            .iter()
                            .map(|(name, _)| ((*name).to_owned(), next.next().cloned().unwrap_or_default()))
                            .collect();
                        // As data that became a key: in each, where it is a value as well, and here and there.
                        object.insert(secrets[0].clone(), json!(secrets[nth]));
                        object.insert(secrets[10 + nth].clone(), json!(true));
                        Value::Object(object)
                    })
                    .collect();
                let body = if keyed {
                    Value::Object(secrets.iter().cloned().zip(elements).collect())
                } else {
                    Value::Array(elements)
                };
                (secrets.clone(), body)
            })
        })
    }

    proptest! {
        #[test]
        fn nothing_of_an_answer_is_in_its_shape((secrets, body) in answer()) {
            let (shape, news) = told(&body);
            prop_assert!(!shape.kinds.is_empty(), "the fields were seen");
            let record = format!("{}\n{}", serde_json::to_string(&shape).unwrap(), news.join("\n")).to_lowercase();
            for secret in secrets {
                let secret = secret.to_lowercase();
                prop_assert!(!record.contains(&secret), "{secret} in {record}");
                for part in secret.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 5) {
                    prop_assert!(!record.contains(part), "{part} in {record}");
                }
            }
        }
    }

    #[test]
    fn what_is_new_is_named_and_what_is_known_is_not() {
        let leg = |more: Value| {
            let mut leg = json!({
                "id": 7, "guid": "020f9687-adc6-46ca-b675-e96c9d1606ef", "calldate": "2026-01-31 10:00:05",
                "disposition": "ANSWERED", "billsec": "5", "note": null
            });
            leg.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            leg
        };
        assert_eq!(told(&json!([leg(json!({})), leg(json!({}))])).1, Vec::<String>::new());
        let odd = json!({"recordingUrl": "x", "rating": 4.5, "disposition": "HUNG UP", "calldate": "31/01/2026 10:00:05"});
        assert_eq!(
            told(&json!([leg(odd.clone()), leg(odd)])).1,
            [
                "op: leg has calldate as date n/n/yyyy n:nn:nn",
                "op: leg has disposition as one never seen",
                "op: leg has rating as fraction",
                "op: leg has a new field recordingUrl (text)",
            ]
        );
        assert_eq!(told(&json!("soon")).1, ["op: text"]);
        let page = body_shape(b"<html>Ana</html>", None, &ALL);
        assert_eq!(never_seen("op", &page, &ALL, &[]), ["op: JSON no: a page"]);
        let latin = body_shape(b"[{\"queue\":\"N\xfa\xf1ez\",\"callers\":NaN}]", Some("latin1"), &ALL);
        assert_eq!((latin.bytes, latin.json), ("what is declared", "once it is mended"));
    }
}

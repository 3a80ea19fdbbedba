//! JSON that is not quite JSON, made JSON: what is wrong in one place is put right there, and nowhere else.
//!
//! Raw control characters and lone surrogates inside texts, escapes that do not exist, bare words (`NaN`, `undefined`),
//! numbers that are none, commas too many, nesting without end. Left out on purpose: an answer that ends early. Half a floor is no floor.

use std::fmt::Write as _;

/// Deeper than anything a server means; the reader would give up on the whole text.
const DEEP: usize = 60;

/// The text with everything put right that can be in its own place. What cannot be is left as it is.
pub(crate) fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars();
    // Where what is too deep began, and how deep it is.
    let (mut too_deep, mut depth) = (None, 0_usize);
    while let Some(c) = rest.clone().next() {
        match c {
            '"' => {
                rest.next();
                string(&mut rest, &mut out);
            }
            ']' | '}' => {
                rest.next();
                without_last_comma(&mut out);
                out.push(c);
                depth = depth.saturating_sub(1);
                if depth == DEEP
                    && let Some(begin) = too_deep.take()
                {
                    out.truncate(begin);
                    out.push_str("null");
                }
            }
            '[' | '{' => {
                rest.next();
                if depth == DEEP {
                    too_deep = Some(out.len());
                }
                depth += 1;
                out.push(c);
            }
            ':' | ',' => {
                rest.next();
                out.push(c);
            }
            c if c.is_whitespace() || c.is_control() || c == '\u{feff}' => {
                rest.next();
                out.push(' ');
            }
            _ => word(&mut rest, &mut out),
        }
    }
    out
}

/// After its opening quote, up to its closing one.
fn string(rest: &mut std::str::Chars<'_>, out: &mut String) {
    out.push('"');
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                out.push('"');
                return;
            }
            '\\' => escape(rest, out),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

/// After a backslash.
fn escape(rest: &mut std::str::Chars<'_>, out: &mut String) {
    match rest.next() {
        Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => out.extend(['\\', c]),
        Some('u') => match unit(rest) {
            Some(high @ 0xd800..=0xdbff) => {
                let mut after = rest.clone();
                let low = (after.next() == Some('\\') && after.next() == Some('u')).then(|| unit(&mut after));
                if let Some(Some(low @ 0xdc00..=0xdfff)) = low {
                    *rest = after;
                    let _ = write!(out, "\\u{high:04x}\\u{low:04x}");
                } else {
                    out.push('\u{fffd}');
                }
            }
            Some(0xdc00..=0xdfff) | None => out.push('\u{fffd}'),
            Some(unit) => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        },
        // No such escape: the letter was meant.
        Some(c) if !c.is_control() => out.push(c),
        Some(_) | None => out.push(' '),
    }
}

/// Four hexadecimal digits; what is none of them is left where it is.
fn unit(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut after = rest.clone();
    let mut value = 0;
    for _ in 0..4 {
        value = value * 16 + after.next()?.to_digit(16)?;
    }
    *rest = after;
    Some(value)
}

/// A number, a name JSON knows, or something that is neither: that one becomes a text, to be judged by who reads it.
fn word(rest: &mut std::str::Chars<'_>, out: &mut String) {
    let text = rest.as_str();
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '[' | ']' | '{' | '}' | ':' | ',');
    let word = &text[..text.find(ends).unwrap_or(text.len())];
    *rest = text[word.len()..].chars();
    let known = matches!(word, "true" | "false" | "null");
    let number = || serde_json::from_str::<f64>(word).is_ok_and(f64::is_finite);
    if known || number() {
        out.push_str(word);
        return;
    }
    match word.to_ascii_lowercase().as_str() {
        "undefined" | "none" | "nil" | "null" => out.push_str("null"),
        name @ ("true" | "false") => out.push_str(name),
        _ => {
            out.push('"');
            out.extend(word.chars().filter(|c| *c != '\\'));
            out.push('"');
        }
    }
}

fn without_last_comma(out: &mut String) {
    let kept = out.trim_end().len();
    if out[..kept].ends_with(',') {
        out.truncate(kept - 1);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_wrong_is_put_right_in_its_place() {
        for (wrong, right) in [
            ("{\"a\":NaN,\"b\":-Infinity,\"c\":1}", r#"{"a":"NaN","b":"-Infinity","c":1}"#),
            ("[undefined,None,True,1e999,01,+2]", r#"[null,null,true,"1e999","01","+2"]"#),
            ("{\"a\":\"x\u{1}y\u{9}z\"}", r#"{"a":"x y z"}"#),
            (
                r#"["\ud83d","\udc00x","\ud83d\ude00","\u12","\q"]"#,
                "[\"\u{fffd}\",\"\u{fffd}x\",\"\u{1f600}\",\"\u{fffd}12\",\"q\"]",
            ),
            ("[1,2,]", "[1,2]"),
            ("\u{feff}{\"a\":1 , }", r#"{"a":1}"#),
        ] {
            let read: Value =
                serde_json::from_str(&mended(wrong)).unwrap_or_else(|error| panic!("{wrong}: {error}"));
            assert_eq!(read, serde_json::from_str::<Value>(right).unwrap(), "{wrong}");
        }
    }

    #[test]
    fn what_is_too_deep_is_nothing() {
        let deep = format!("[1,{}{},2]", "[".repeat(500), "]".repeat(500));
        let read: Value = serde_json::from_str(&mended(&deep)).unwrap();
        assert_eq!(
            (&read[0], &read[2], read.as_array().unwrap().len()),
            (&Value::from(1), &Value::from(2), 3)
        );
    }

    #[test]
    fn what_ends_early_stays_unreadable() {
        for cut in ["[{\"a\":1},{\"b\":", "{\"a\":\"x", "[1,2"] {
            assert!(serde_json::from_str::<Value>(&mended(cut)).is_err(), "{cut}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_json_stays_what_it_is(value in json()) {
            let text = value.to_string();
            let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            proptest::prop_assert_eq!(read(&mended(&text)), read(&text));
        }

        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,80}") {
            let _ = mended(&text);
        }
    }

    fn json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9f64..1e9).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }
}

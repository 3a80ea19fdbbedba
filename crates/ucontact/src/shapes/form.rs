//! In which form a value stands, under a fixed name. No value, and no part of one, leaves here.

use serde_json::Value;

/// Masks of texts (see [`mask`]) and what they are.
const MASKS: [(&str, &str); 18] = [
    ("9999-9-9 9:9:9", "date yyyy-MM-dd HH:mm:ss"),
    ("9999-9-9 9:9:9.9", "date yyyy-MM-dd HH:mm:ss.S"),
    ("9999-9-9 9:9", "date yyyy-MM-dd HH:mm"),
    ("9999-9-9", "date yyyy-MM-dd"),
    ("9999-9-9a9:9:9", "date yyyy-MM-ddTHH:mm:ss"),
    ("9999-9-9a9:9:9a", "date yyyy-MM-ddTHH:mm:ssZ"),
    ("9999-9-9a9:9:9.9a", "date yyyy-MM-ddTHH:mm:ss.SZ"),
    ("9999-9-9a9:9:9-9:9", "date yyyy-MM-ddTHH:mm:ss-zz:zz"),
    ("a 9, 9999 9:9:9 a", "date MMM d, yyyy h:mm:ss a"),
    ("a 9, 9999, 9:9:9 a", "date MMM d, yyyy, h:mm:ss a"),
    ("a 9, 9999, 9:9:9na", "date MMM d, yyyy, h:mm:ss a (narrow space)"),
    ("a 9, 9999 9:9:9", "date MMM d, yyyy HH:mm:ss"),
    ("9/9/9999 9:9:9", "date n/n/yyyy n:nn:nn"),
    ("9/9/9999 9:9", "date n/n/yyyy n:nn"),
    ("9:9:9", "clock"),
    ("9:9:9-9", "clock with seconds"),
    ("9:9:9-9999", "clock with seconds"),
    ("9:9", "clock without seconds"),
];

/// What every text of no form is.
const WORDS: &str = "text";
/// A text that names a date of a form in [`MASKS`].
pub(super) const DATE: &str = "date ";

/// The form's name.
pub(super) fn form_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "fraction",
        Value::Number(number) if number.as_i64().is_some_and(|whole| whole < 0) => "negative number",
        Value::Number(_) => "whole number",
        Value::String(text) => form_of_text(text),
        Value::Array(list) if list.is_empty() => "empty list",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn form_of_text(text: &str) -> &'static str {
    if text.is_empty() {
        return "empty text";
    }
    if text.trim() != text {
        return "text with blanks around it";
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(text) {
        return "number as text";
    }
    if text.strip_prefix('-').is_some_and(digits) {
        return "negative number as text";
    }
    if text.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part)) {
        return "fraction as text";
    }
    if text.split_once(',').is_some_and(|(whole, part)| digits(whole) && digits(part)) {
        return "fraction with a comma as text";
    }
    if is_guid(text) {
        return "guid";
    }
    let mask = mask(text);
    if let Some((_, name)) = MASKS.iter().find(|(known, _)| *known == mask) {
        return name;
    }
    for (beginning, name) in [
        ("SIP/", "interface SIP/"),
        ("PJSIP/", "interface PJSIP/"),
        ("IAX2/", "interface IAX2/"),
        ("Local/", "interface Local/"),
        ("[", "list as text"),
        ("{", "object as text"),
        ("<", "markup"),
    ] {
        if text.starts_with(beginning) {
            return name;
        }
    }
    if text.ends_with("->") || text.ends_with("<-") {
        return "text with an arrow";
    }
    WORDS
}

/// Five groups of sixteenths; servers are seen to write one more digit at the end.
fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
    matches!(lengths[..], [8, 4, 4, 4, 12 | 13])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The text with every word as `a`, every number as `9` (one of four digits as `9999`), a narrow space as `n`; of a long
/// one its beginning.
fn mask(text: &str) -> String {
    let mut mask = String::new();
    let mut chars = text.chars().take(48).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let mut run = 1;
            while chars.next_if(char::is_ascii_digit).is_some() {
                run += 1;
            }
            mask.push_str(if run == 4 { "9999" } else { "9" });
        } else if c.is_alphabetic() {
            while chars.next_if(|c| c.is_alphabetic()).is_some() {}
            mask.push('a');
        } else {
            mask.push(if c == '\u{202f}' { 'n' } else { c });
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_has_its_name() {
        for (value, name) in [
            (json!(null), "null"),
            (json!(7), "whole number"),
            (json!(-7), "negative number"),
            (json!(7.5), "fraction"),
            (json!("7"), "number as text"),
            (json!("95,5"), "fraction with a comma as text"),
            (json!("00:00:17-17"), "clock with seconds"),
            (json!("100:12:30"), "clock"),
            (json!("2026-01-31 10:00:05"), "date yyyy-MM-dd HH:mm:ss"),
            (json!("2026-01-31T10:00:05.734Z"), "date yyyy-MM-ddTHH:mm:ss.SZ"),
            (json!("Jan 31, 2026, 10:00:05\u{202f}AM"), "date MMM d, yyyy, h:mm:ss a (narrow space)"),
            (json!("020f9687-adc6-46ca-b675-e96c9d1606ef"), "guid"),
            (json!("PJSIP/1004"), "interface PJSIP/"),
            (json!("Ventas->"), "text with an arrow"),
            (json!("[]"), "list as text"),
            (json!([]), "empty list"),
            (json!("Ana"), WORDS),
        ] {
            assert_eq!(form_of(&value), name, "{value}");
        }
    }
}

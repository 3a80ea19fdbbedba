//! What the server says to an operation: done, refused with its words, or nothing that says either, which leaves open
//! whether it was done.
//!
//! Left out on purpose: statuses other than 200, which mean the same for every request (`client/sending`).

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::lenient::SAYS_WHY;
use crate::mend::mended;
use crate::text::text_of;

/// What the server said to an operation that was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The call that began.
    pub guid: Option<String>,
    /// The message that was taken.
    pub id: Option<String>,
    /// Its words, where they are more than a yes.
    pub text: Option<String>,
    /// The path it went to: of a message the older one, where the newer is missing.
    pub by: &'static str,
}

/// Which answer says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Yes {
    /// `1` or `OK`, or an object with `Result`.
    One,
    /// The same, and any other text is a no in words for people.
    OneOrWords,
    /// A call's guid.
    Guid,
    /// `OK`, or an object with `id`.
    Id,
    /// Any text but a no.
    Text,
    /// Nothing at all, or anything but a no.
    Nothing,
}

/// A body, told for what it is.
#[derive(Debug)]
enum Said {
    Nothing,
    Page,
    Word(String),
    List(String),
    Object(Map<String, Value>, String),
}

const MOST_OF_A_TEXT: usize = 500;

fn said(body: &[u8]) -> Said {
    let text = text_of(body, None);
    let text = text.trim();
    if text.is_empty() {
        return Said::Nothing;
    }
    if text.starts_with('<') {
        return Said::Page;
    }
    let read = || {
        let looks_like_json = text.starts_with(['{', '[', '"']);
        serde_json::from_str(text)
            .ok()
            .or_else(|| serde_json::from_str(&mended(text)).ok().filter(|_| looks_like_json))
            .or_else(|| serde_json::from_str(&with_quoted_keys(text)?).ok())
    };
    let word = |word: &str| match word.trim() {
        "" => Said::Nothing,
        word if word.starts_with('<') => Said::Page,
        word => Said::Word(word.to_owned()),
    };
    match read() {
        Some(Value::Null) => Said::Nothing,
        Some(Value::Object(map)) => Said::Object(map, text.to_owned()),
        Some(Value::Array(list)) if list.is_empty() => Said::Nothing,
        Some(Value::Array(_)) => Said::List(text.to_owned()),
        Some(Value::String(inner)) => word(&inner),
        Some(other) => word(&other.to_string()),
        None => word(text),
    }
}

/// The vendor's page shows `{ id:"…" }`, whose key has no quotes: some server may answer so.
fn with_quoted_keys(text: &str) -> Option<String> {
    let inside = text.strip_prefix('{')?;
    let (key, rest) = inside.split_once(':')?;
    let key = key.trim();
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then(|| format!("{{\"{key}\":{rest}"))
}

fn is_yes(word: &str) -> bool {
    word == "1" || ["ok", "true"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
}

fn is_no(word: &str) -> bool {
    let begins = |text: &str| word.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    matches!(word, "0" | "-1") || word.eq_ignore_ascii_case("false") || begins("error")
}

/// Each of its lines says that something could not be done, as the telephony server words it; with one that was done it is
/// no refusal.
fn is_unable(word: &str) -> bool {
    let mut lines = word.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| line.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("unable")))
}

/// 36 characters, or 37 as in the vendor's own example: five groups.
fn is_guid(word: &str) -> bool {
    (36..=37).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && word.split('-').count() == 5
        && word.split('-').all(|group| !group.is_empty())
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn field(map: &Map<String, Value>, name: &str) -> Option<String> {
    map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| plain(value))
}

/// What an object that says what went wrong says.
fn complaint(map: &Map<String, Value>) -> Option<String> {
    let result = field(map, "result").filter(|word| !is_yes(word));
    let wrong = map
        .iter()
        .filter(|(key, _)| SAYS_WHY.contains(&key.to_ascii_lowercase().as_str()))
        .find_map(|(_, value)| plain(value));
    match result {
        Some(result) => Some(wrong.unwrap_or(result)),
        // `error: false` beside what was asked for complains of nothing.
        None if field(map, "result").is_some() => None,
        None => wrong.filter(|word| !is_yes(word) && !matches!(word.as_str(), "false" | "0")),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MOST_OF_A_TEXT).collect()
}

/// Reads the answer of a 200.
///
/// # Errors
/// `refused` with the server's words; `malformed` for what says neither yes nor no, and `notClassic` for a page of HTML: of
/// both nobody knows whether it was done.
pub(crate) fn read(yes: Yes, body: &[u8], path: &'static str) -> Result<Answer, Error> {
    let answer = Answer { by: path, ..Answer::default() };
    let refused = |words: &str| {
        // A bare zero is no word for people.
        let words = if matches!(words, "0" | "-1") { "" } else { words };
        Err(Error::new(ErrorKind::Refused, path).with_detail(words))
    };
    let unclear = |words: &str| Err(Error::new(ErrorKind::Malformed, path).with_detail(words));
    let text = |text: &str| Some(short(text));
    match said(body) {
        // Somebody between here and the server may have answered in its place, before or after it did.
        Said::Page => Err(Error::new(ErrorKind::NotClassic, path).after_it_left()),
        Said::Nothing if yes == Yes::Nothing => Ok(answer),
        Said::Nothing => unclear(""),
        Said::Word(word) if is_no(&word) => refused(&word),
        Said::Word(word) if yes == Yes::Text && is_unable(&word) => {
            refused(&short(&word.replace('\n', "; ")))
        }
        Said::Word(word) => match yes {
            Yes::Guid if is_guid(&word) => Ok(Answer { guid: Some(word), ..answer }),
            Yes::Guid => unclear(&word),
            _ if is_yes(&word) => Ok(answer),
            Yes::OneOrWords => refused(&word),
            Yes::Text | Yes::Nothing => Ok(Answer { text: text(&word), ..answer }),
            Yes::One | Yes::Id => unclear(&word),
        },
        Said::Object(map, whole) => {
            if let Some(words) = complaint(&map) {
                return refused(&words);
            }
            let guid = field(&map, "guid").filter(|word| is_guid(word));
            let id = field(&map, "id").filter(|id| id != "0");
            let done = field(&map, "result").is_some();
            match yes {
                Yes::Guid if guid.is_some() => Ok(Answer { guid, ..answer }),
                Yes::Id if id.is_some() || done => Ok(Answer { id, ..answer }),
                Yes::One | Yes::OneOrWords if done => Ok(Answer { text: field(&map, "txtcode"), ..answer }),
                Yes::Text if !map.is_empty() => Ok(Answer { text: text(&whole), ..answer }),
                Yes::Nothing => Ok(answer),
                _ => unclear(&whole),
            }
        }
        Said::List(whole) => match yes {
            Yes::Text | Yes::Nothing => Ok(Answer { text: text(&whole), ..answer }),
            _ => unclear(&whole),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "8cf8570e-60e7-44ed-b799-3baab211b04d";

    #[test]
    fn who_could_not_be_added_is_a_refusal_unless_somebody_was() {
        let read = |text: &str| read(Yes::Text, text.as_bytes(), "queues/addqueuemember");
        let refused = read("Unable to add interface: Already there\nUnable to add interface: No such queue")
            .unwrap_err();
        assert_eq!(refused.code(), "refused");
        assert!(refused.detail.unwrap().contains("Already there; Unable"));
        for text in
            ["Added interface to queue", "Added interface to queue\nUnable to add interface: Already there"]
        {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    /// Done, refused or unknown, and the words of the last two.
    fn outcome(yes: Yes, body: &str) -> String {
        match read(yes, body.as_bytes(), "x") {
            Ok(answer) => {
                let more = [answer.guid, answer.id, answer.text].into_iter().flatten().collect::<Vec<_>>();
                format!("done {}", more.join(" ")).trim().to_owned()
            }
            Err(error) => {
                let name = if error.may_have_arrived() { "unknown" } else { "refused" };
                format!("{name} {}", error.detail.unwrap_or_default()).trim().to_owned()
            }
        }
    }

    #[test]
    fn every_documented_answer_is_understood() {
        let long = format!("1{GUID}");
        let quoted = format!("\"{GUID}\"\n");
        for (yes, body, wanted) in [
            (Yes::One, "1", "done"),
            (Yes::One, "\"1\"", "done"),
            (Yes::One, " OK\r\n", "done"),
            (Yes::One, "\"OK\"", "done"),
            (Yes::One, "{\"Result\":\"ok\"}", "done"),
            (Yes::One, "0", "refused"),
            (Yes::One, "\"0\"", "refused"),
            (Yes::One, "ERROR", "refused ERROR"),
            (Yes::One, "Error: no such campaign", "refused Error: no such campaign"),
            (Yes::One, "{\"error\":\"no such campaign\"}", "refused no such campaign"),
            (Yes::One, "{\"Result\":\"error\",\"message\":\"no\"}", "refused no"),
            (Yes::One, "", "unknown"),
            (Yes::One, "null", "unknown"),
            (Yes::One, "{}", "unknown {}"),
            (Yes::One, "<html>", "unknown"),
            (Yes::One, "3", "unknown 3"),
            (Yes::One, "[1]", "unknown [1]"),
            (Yes::OneOrWords, "{\"Result\":\"ok\",\"txtcode\":\"venta\"}", "done venta"),
            (Yes::OneOrWords, "{\"result\": 1}", "done"),
            (Yes::OneOrWords, "Wrong parameters: Empty guid", "refused Wrong parameters: Empty guid"),
            (Yes::OneOrWords, "", "unknown"),
            (Yes::Guid, &quoted, "done 8cf8570e-60e7-44ed-b799-3baab211b04d"),
            (Yes::Guid, &long, "done 18cf8570e-60e7-44ed-b799-3baab211b04d"),
            (Yes::Guid, "0", "refused"),
            (Yes::Guid, "1", "unknown 1"),
            (Yes::Guid, "OK", "unknown OK"),
            (Yes::Guid, "", "unknown"),
            (Yes::Guid, "8cf8570e-60e7", "unknown 8cf8570e-60e7"),
            (Yes::Id, "{\"id\":\"77\"}", "done 77"),
            (Yes::Id, "{ id:\"77\" }", "done 77"),
            (Yes::Id, "{\"id\":77}", "done 77"),
            (Yes::Id, "OK", "done"),
            (Yes::Id, "ERROR", "refused ERROR"),
            (Yes::Id, "0", "refused"),
            (Yes::Id, "{\"id\":\"\"}", "unknown {\"id\":\"\"}"),
            (Yes::Id, "", "unknown"),
            (Yes::Text, "1", "done"),
            (Yes::Text, "Added interface", "done Added interface"),
            (Yes::Text, "[{\"a\":1}]", "done [{\"a\":1}]"),
            (Yes::Text, "0", "refused"),
            (Yes::Text, "", "unknown"),
            (Yes::Text, "{}", "unknown {}"),
            (Yes::Text, "{\"error\":\"no such queue\"}", "refused no such queue"),
            (Yes::Text, "{\"error\":false,\"added\":1}", "done {\"error\":false,\"added\":1}"),
            (Yes::Nothing, "", "done"),
            (Yes::Nothing, "whatever", "done whatever"),
            (Yes::Nothing, "0", "refused"),
            (Yes::Nothing, "<!doctype html>", "unknown"),
        ] {
            assert_eq!(outcome(yes, body), wanted, "{yes:?} {body:?}");
        }
    }

    #[test]
    fn hostile_answers_are_short_and_never_panic() {
        let deep = "[".repeat(100_000);
        let long = "Ω".repeat(100_000);
        for yes in [Yes::One, Yes::OneOrWords, Yes::Guid, Yes::Id, Yes::Text, Yes::Nothing] {
            for body in
                [deep.as_str(), &long, "{:", "{a:b:c", "\u{0}", "{\"id\":{}}", "{\"Result\":[]}", "{{{"]
            {
                let told = outcome(yes, body);
                assert!(told.chars().count() < 600, "{yes:?}");
            }
            assert!(read(yes, &[0xff, 0xfe, 0x00, 0xd8], "x").map_or(true, |_| true));
        }
    }
}

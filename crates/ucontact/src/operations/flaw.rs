//! What cannot be right about an operation, found before anything leaves this computer.
//!
//! Left out on purpose: words for people, and what only the server knows (which campaigns, agents and combinations exist).

use chrono::{NaiveDateTime, Timelike};
use serde::Serialize;
use ts_rs::TS;

/// Longest name of a campaign, agent, company and the like, characters.
const LONGEST_NAME: usize = 200;
/// Most digits of a number: fifteen of E.164, and what a carrier wants before them.
const MOST_DIGITS: usize = 30;
const MOST_OF_AN_EXTENSION: usize = 20;
const LONGEST_INTERFACE: usize = 100;
const DATE: &str = "%Y-%m-%d %H:%M:%S";

/// One thing that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Flaw {
    /// The field, as the vendor names it.
    pub field: &'static str,
    /// Stable name of what is wrong with it:
    ///
    /// - `empty`, `tooLong`, `tooMany`, `control` (a control character), `twice` (the same one again)
    /// - `notANumber`, `notAnExtension`, `notAnInterface`, `notATech`, `notADate`, `notAGuid`, `notJson`, `notAPriority`,
    ///   `notParameters` (no `name=value:name=value`)
    /// - `reserved`: a sign that parts fields or values stands inside one (`;`, `:`, `=`)
    /// - `keptForSchedules`: priority 1 and below
    /// - `outOfRange`, `order` (the end is before the beginning)
    /// - `otherCampaign`, `columns` (of a row)
    pub code: &'static str,
    /// Which one of a list, from 0.
    #[ts(type = "number | null")]
    pub at: Option<usize>,
}

/// Collects what cannot be right.
#[derive(Debug, Default)]
pub(crate) struct Flaws {
    found: Vec<Flaw>,
    at: Option<usize>,
}

impl Flaws {
    pub(crate) fn found(self) -> Vec<Flaw> {
        self.found
    }

    /// What follows is about this one of a list.
    pub(crate) fn about(&mut self, at: usize) {
        self.at = Some(at);
    }

    /// What follows is about all of it again.
    pub(crate) fn about_all(&mut self) {
        self.at = None;
    }

    pub(crate) fn add(&mut self, field: &'static str, code: &'static str) {
        self.found.push(Flaw { field, code, at: self.at });
    }

    fn unless(&mut self, right: bool, field: &'static str, code: &'static str) {
        if !right {
            self.add(field, code);
        }
    }

    /// A name that has to be there, on one line.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "empty");
        } else {
            self.line(field, text, LONGEST_NAME);
        }
    }

    /// A name that may be missing.
    pub(crate) fn name_or_none(&mut self, field: &'static str, text: &str) {
        self.line(field, text, LONGEST_NAME);
    }

    /// At most so many characters, all on one line.
    pub(crate) fn line(&mut self, field: &'static str, text: &str, most: usize) {
        self.unless(!text.chars().any(char::is_control), field, "control");
        self.unless(text.chars().count() <= most, field, "tooLong");
    }

    /// Text that has to be there; it may have several lines.
    pub(crate) fn text(&mut self, field: &'static str, text: &str, most: usize) {
        self.unless(!text.trim().is_empty(), field, "empty");
        self.text_or_none(field, text, most);
    }

    /// The same, that may be missing.
    pub(crate) fn text_or_none(&mut self, field: &'static str, text: &str, most: usize) {
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        self.unless(!text.chars().any(odd), field, "control");
        self.unless(text.chars().count() <= most, field, "tooLong");
    }

    pub(crate) fn number(&mut self, field: &'static str, text: &str) {
        self.required(field, text, is_number(text), "notANumber");
    }

    pub(crate) fn number_or_none(&mut self, field: &'static str, text: &str) {
        self.unless(text.is_empty() || is_number(text), field, "notANumber");
    }

    /// What a telephone dials: a number, or a code of the installation with `*` and `#`.
    pub(crate) fn dialled(&mut self, field: &'static str, text: &str) {
        let plain: String = text.chars().map(|c| if matches!(c, '*' | '#') { '0' } else { c }).collect();
        self.required(field, text, is_number(&plain), "notANumber");
    }

    pub(crate) fn extension(&mut self, field: &'static str, text: &str) {
        self.required(field, text, is_extension(text), "notAnExtension");
    }

    pub(crate) fn extension_or_none(&mut self, field: &'static str, text: &str) {
        self.unless(text.is_empty() || is_extension(text), field, "notAnExtension");
    }

    pub(crate) fn interface(&mut self, field: &'static str, text: &str) {
        self.required(field, text, is_interface(text), "notAnInterface");
    }

    pub(crate) fn tech(&mut self, field: &'static str, text: &str) {
        self.required(field, text, is_tech(text), "notATech");
    }

    pub(crate) fn date(&mut self, field: &'static str, text: &str) {
        self.required(field, text, date(text).is_some(), "notADate");
    }

    pub(crate) fn date_or_none(&mut self, field: &'static str, text: &str) {
        self.unless(text.is_empty() || date(text).is_some(), field, "notADate");
    }

    pub(crate) fn json_or_none(&mut self, field: &'static str, text: &str, most: usize) {
        let right = text.is_empty() || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        self.unless(right, field, "notJson");
        self.unless(text.chars().count() <= most, field, "tooLong");
    }

    /// 1 is kept for what is scheduled.
    pub(crate) fn priority(&mut self, field: &'static str, priority: u32) {
        self.unless(priority > 1, field, "keptForSchedules");
    }

    fn required(&mut self, field: &'static str, text: &str, right: bool, code: &'static str) {
        if text.is_empty() {
            self.add(field, "empty");
        } else {
            self.unless(right, field, code);
        }
    }
}

/// Digits, a `+` before them perhaps, and single hyphens between them, as the vendor writes `12-345-678`. Nothing else:
/// blanks, dots and brackets are for whoever takes a number in to leave out, not for the wire.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=MOST_DIGITS).contains(&digits)
        && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn is_extension(text: &str) -> bool {
    (1..=MOST_OF_AN_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_tech(text: &str) -> bool {
    (1..=MOST_OF_AN_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `SIP/1001`, `PJSIP/1001`, `Local/1001@agents/n`: what is behind the slash is the telephony server's.
fn is_interface(text: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || ",|;\"'\\&".contains(c);
    let parts = text.split_once('/');
    text.len() <= LONGEST_INTERFACE
        && parts.is_some_and(|(tech, rest)| is_tech(tech) && !rest.is_empty() && !rest.contains(odd))
}

/// A moment that exists, written exactly as the vendor writes it.
pub(crate) fn date(text: &str) -> Option<NaiveDateTime> {
    let read = NaiveDateTime::parse_from_str(text, DATE).ok()?;
    // A leap second is none the server has.
    (read.format(DATE).to_string() == text && read.nanosecond() == 0).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_extensions_and_interfaces() {
        for good in ["1", "911", "098344484", "+59898344484", "12-345-678"] {
            assert!(is_number(good), "{good}");
        }
        let long = "1".repeat(31);
        for bad in ["", "+", "-", "1-", "-1", "1--2", "098 344", "09a", "0;1", "++1", "1+", "٣", &long, "1\n"]
        {
            assert!(!is_number(bad), "{bad:?}");
        }
        assert!(
            is_extension("1001") && !is_extension("SIP/1001") && !is_extension("") && !is_extension("10 01")
        );
        for good in ["SIP/1001", "PJSIP/ana", "Local/1001@agents/n"] {
            assert!(is_interface(good), "{good}");
        }
        for bad in ["1001", "SIP/", "/1001", "SIP/10 01", "S-P/1", "SIP/1,2", "SIP/1&SIP/2"] {
            assert!(!is_interface(bad), "{bad}");
        }
    }

    #[test]
    fn dates_exist_and_are_written_in_full() {
        for good in ["2030-01-31 10:00:00", "2028-02-29 23:59:59"] {
            assert!(date(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "tomorrow",
            "2030-02-30 10:00:00",
            "2030-01-31 24:00:00",
            "2030-1-31 10:00:00",
            "2030-01-31",
            "2030-01-31T10:00:00",
            " 2030-01-31 10:00:00",
            "2030-01-31 10:00:60",
            "+2030-01-31 10:00:00",
        ] {
            assert!(date(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_a_telephone_dials_may_be_a_code() {
        let flaws = |text: &str| {
            let mut flaws = Flaws::default();
            flaws.dialled("destination", text);
            flaws.found().into_iter().map(|flaw| flaw.code).collect::<Vec<_>>()
        };
        assert!(flaws("*551001#").is_empty() && flaws("+598-98").is_empty());
        assert_eq!((flaws(""), flaws("55 1"), flaws("*")), (vec!["empty"], vec!["notANumber"], vec![]));
    }
}

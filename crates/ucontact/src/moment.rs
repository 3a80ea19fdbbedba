//! Dates and times as servers write them: by their own clock, without a zone, in one of several forms.

use std::borrow::Cow;

use chrono::{NaiveDateTime, Timelike};

/// The form everything is shown and asked in.
const PLAIN: &str = "%Y-%m-%d %H:%M:%S";
/// Of these, the first that fits. A fraction of a second is read and dropped.
const FORMS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%b %d %Y %I:%M:%S %p",
    "%b %d %Y %H:%M:%S",
];

/// A moment by the server's clock, in whichever form it was written; `None` when it is none. A zone behind it is the
/// server's own and says nothing new.
pub fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let text = without_zone(text);
    let tidy = || {
        let spaced: String =
            text.chars().filter(|c| *c != ',').map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        spaced.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let plain = if text.is_ascii() && !text.contains(',') { Cow::Borrowed(text) } else { Cow::Owned(tidy()) };
    let read = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok())?;
    read.with_nanosecond(0)
}

/// The same, as `yyyy-MM-dd HH:mm:ss`; a text that is no moment stays what it is.
pub(crate) fn plainly(text: String) -> String {
    match moment(&text) {
        Some(at) => at.format(PLAIN).to_string(),
        None => text,
    }
}

fn without_zone(text: &str) -> &str {
    let zone = |tail: &str| {
        let digits = tail.chars().filter(char::is_ascii_digit).count();
        matches!(digits, 2 | 4) && tail.chars().all(|c| c.is_ascii_digit() || c == ':')
    };
    if let Some(text) = text.strip_suffix(['Z', 'z']) {
        return text.trim_end();
    }
    match text.rfind(['+', '-']) {
        // Behind the time; the dashes of the date come before it.
        Some(at) if text[..at].contains(':') && zone(&text[at + 1..]) => text[..at].trim_end(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_the_same_moment() {
        for text in [
            "2026-01-31 10:00:05",
            " 2026-01-31 10:00:05 ",
            "2026-01-31 10:00:05.0",
            "2026-01-31 10:00:05.734",
            "2026-01-31T10:00:05",
            "2026-01-31T10:00:05.7Z",
            "2026-01-31T10:00:05-03:00",
            "2026-01-31 10:00:05 +0000",
            "Jan 31, 2026 10:00:05 AM",
            "Jan 31, 2026, 10:00:05 AM",
            "Jan 31, 2026, 10:00:05\u{202f}AM",
            "Jan 31, 2026 10:00:05",
        ] {
            assert_eq!(
                moment(text).map(|at| at.to_string()).as_deref(),
                Some("2026-01-31 10:00:05"),
                "{text}"
            );
            assert_eq!(plainly(text.to_owned()), "2026-01-31 10:00:05");
        }
        assert_eq!(plainly("2026-01-31 10:00".to_owned()), "2026-01-31 10:00:00");
    }

    #[test]
    fn what_is_none_stays_what_it_is() {
        for text in
            ["", "soon", "2026-02-31 10:00:05", "31/01/2026 10:00:05", "1769853600", "10:00:05", "2026-01-31"]
        {
            assert_eq!((moment(text), plainly(text.to_owned())), (None, text.to_owned()));
        }
    }
}

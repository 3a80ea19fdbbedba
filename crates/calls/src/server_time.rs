//! Dates and times of the server: local text without a zone, kept as seconds while they read like one, else as the text they are.

use chrono::{DateTime, NaiveDateTime};

use crate::texts::Texts;

const DATE: &str = "%Y-%m-%d %H:%M:%S";

/// Seconds since 1970 as if the server's clock were UTC; below zero the number of a text that is no such moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ServerTime(i64);

impl ServerTime {
    pub(crate) fn read(text: &str, texts: &mut Texts) -> Self {
        let read = parse(text).filter(|at| at.and_utc().timestamp() >= 0);
        match read {
            // Only what is written back the same: the text is the server's.
            Some(at) if at.format(DATE).to_string() == text => Self(at.and_utc().timestamp()),
            _ => Self(-1 - i64::from(texts.keep(text))),
        }
    }

    pub(crate) fn text(self, texts: &Texts) -> String {
        match self.date() {
            Some(at) => at.format(DATE).to_string(),
            None => texts.get(self.text_id()).to_owned(),
        }
    }

    fn text_id(self) -> u32 {
        u32::try_from(-1 - self.0).unwrap_or_default()
    }

    /// Whether it was written as the server writes moments.
    fn date(self) -> Option<NaiveDateTime> {
        if self.0 < 0 { None } else { DateTime::from_timestamp(self.0, 0).map(|at| at.naive_utc()) }
    }

    /// As a moment, however it was written.
    pub(crate) fn read_again(self, texts: &Texts) -> Option<NaiveDateTime> {
        self.date().or_else(|| parse(texts.get(self.text_id())))
    }

    /// Minutes since midnight.
    pub(crate) fn minute_of_day(self) -> Option<u16> {
        (self.0 >= 0).then_some((self.0 / 60 % 1_440) as u16)
    }

    /// For putting in order; a text that is no moment comes before all.
    pub(crate) fn order(self) -> i64 {
        self.0
    }
}

pub(crate) fn parse(text: &str) -> Option<NaiveDateTime> {
    atalaya_ucontact::moment(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_was_written_comes_back(odd in ".{0,24}", secs in 0i64..4_102_444_800) {
            let mut texts = Texts::default();
            let whole = DateTime::from_timestamp(secs, 0).unwrap().format(DATE).to_string();
            for text in [odd.as_str(), whole.as_str(), &format!(" {whole}"), "0000-00-00 00:00:00"] {
                let moment = ServerTime::read(text, &mut texts);
                prop_assert_eq!(moment.text(&texts), text);
            }
            prop_assert_eq!(ServerTime::read(&whole, &mut texts).order(), secs);
        }
    }
}

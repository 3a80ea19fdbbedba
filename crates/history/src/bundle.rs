//! An hour of a floor as it travels to a colleague's computer: with its own names, so that no number of this file is in it.
//!
//! What comes from elsewhere is as little trusted as what a server says: everything has a bound, and an hour that is not whole
//! and sane is refused as a whole. Left out on purpose: packing and a checksum (the way's), what is filled with it (`filling`).

use std::collections::HashMap;

use atalaya_floor::wire::Alert;

use crate::codec::{Bytes, FIELDS, NONE, Row, put};
use crate::hours::{HourEntry, Moments, body, read_body};
use crate::record::HOUR_MS;
use crate::rows::{agent, campaign};

/// The first bytes of every bundle of this form.
const FORM: &[u8] = b"atalaya hour 1\n";
const MOST_WORDS: u64 = 50_000;
const LONGEST_WORD: u64 = 100_000;
const MOST_RUNS: u64 = 3_600;
const MOST_SUBJECTS: u64 = 50_000;
/// Moments of all subjects: ten thousand people who change twice a minute are a million.
const MOST_MOMENTS: usize = 5_000_000;
const MOST_ALERTS: usize = 5_000;
/// Nothing that is counted or lasts is larger; moments are looked at apart.
const LARGEST: i64 = 1 << 40;
const YEAR_MS: i64 = 366 * 24 * HOUR_MS;

/// When somebody watched: from and until, which may be the beginning of the next hour, and who; empty: whoever made the bundle.
pub(crate) type SeenRun = (i64, i64, String);

/// One subject: an agent or a campaign, its name's place among the words, and how it was.
pub(crate) struct Course {
    pub(crate) agent: bool,
    pub(crate) word: i64,
    pub(crate) moments: Moments,
}

/// A whole hour.
#[derive(Default)]
pub(crate) struct Bundle {
    pub(crate) hour: i64,
    pub(crate) offset_secs: Option<i32>,
    pub(crate) runs: Vec<SeenRun>,
    /// Names; rows have their places.
    pub(crate) words: Vec<String>,
    pub(crate) courses: Vec<Course>,
    /// Raised in it.
    pub(crate) alerts: Vec<Alert>,
}

/// Why a bundle is refused.
pub(crate) type Odd = &'static str;

/// Places in a row that are numbers of names.
pub(crate) fn names_in(of_agent: bool) -> &'static [usize] {
    if of_agent {
        &[agent::CALL_CAMPAIGN, agent::REASON, agent::NAME, agent::CAMPAIGNS]
    } else {
        &[campaign::STRATEGY]
    }
}

/// Places in a row that are moments, epoch milliseconds.
pub(crate) fn moment_in(of_agent: bool) -> usize {
    if of_agent { agent::SINCE } else { campaign::LONGEST_SINCE }
}

/// Gives each name of a row another number; false when one has none.
pub(crate) fn renumber(row: &mut Row, of_agent: bool, mut number: impl FnMut(i64) -> Option<i64>) -> bool {
    for place in names_in(of_agent) {
        let Some(word) = row.get(*place) else { continue };
        let Some(other) = number(word) else { return false };
        row.0[*place] = other;
    }
    true
}

/// Names by their numbers here, each with its place in a bundle.
#[derive(Default)]
pub(crate) struct Names {
    places: HashMap<i64, i64>,
    pub(crate) words: Vec<String>,
}

impl Names {
    /// The place of a name, new when it has none; `None`: nobody is called so.
    pub(crate) fn place(&mut self, number: i64, text: Option<&str>) -> Option<i64> {
        if let Some(place) = self.places.get(&number) {
            return Some(*place);
        }
        self.words.push(text?.to_owned());
        let place = self.words.len() as i64 - 1;
        self.places.insert(number, place);
        Some(place)
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

impl Bundle {
    /// As bytes.
    pub(crate) fn written(&self) -> Vec<u8> {
        let mut out = FORM.to_vec();
        put(&mut out, self.hour.max(0) as u64);
        put(&mut out, self.offset_secs.map_or(0, |secs| (i64::from(secs) + i64::from(u32::MAX)) as u64));
        put(&mut out, self.words.len() as u64);
        for word in &self.words {
            put_text(&mut out, word);
        }
        put(&mut out, self.runs.len() as u64);
        for (from_ms, until_ms, by) in &self.runs {
            put(&mut out, (from_ms - self.hour * HOUR_MS).max(0) as u64);
            put(&mut out, (until_ms - from_ms).max(0) as u64);
            put_text(&mut out, by);
        }
        put(&mut out, self.courses.len() as u64);
        for course in &self.courses {
            out.push(u8::from(course.agent));
            put(&mut out, course.word as u64);
            let body = body(self.hour, &course.moments, &[]);
            put(&mut out, body.len() as u64);
            out.extend_from_slice(&body);
        }
        put_text(&mut out, &serde_json::to_string(&self.alerts).unwrap_or_else(|_| "[]".to_owned()));
        out
    }

    /// Which hour a bundle is of; `None`: it is none.
    pub(crate) fn hour_of(bytes: &[u8]) -> Option<i64> {
        i64::try_from(Bytes(bytes.strip_prefix(FORM)?).number()?).ok()
    }

    /// Reads one.
    ///
    /// # Errors
    /// What is odd about it; then nothing of it is good.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Odd> {
        let rest = bytes.strip_prefix(FORM).ok_or("form")?;
        let mut bytes = Bytes(rest);
        let hour = i64::try_from(bytes.number().ok_or("cut")?).map_err(|_| "hour")?;
        if hour > LARGEST / HOUR_MS * 1_000 {
            return Err("hour");
        }
        let offset = bytes.number().ok_or("cut")?;
        let offset_secs = (offset != 0)
            .then(|| {
                i64::try_from(offset).ok().and_then(|secs| i32::try_from(secs - i64::from(u32::MAX)).ok())
            })
            .flatten()
            .filter(|secs| secs.abs() <= 24 * 3_600);
        let mut bundle = Self { hour, offset_secs, ..Self::default() };
        for _ in 0..count(&mut bytes, MOST_WORDS)? {
            bundle.words.push(text(&mut bytes, LONGEST_WORD)?);
        }
        for _ in 0..count(&mut bytes, MOST_RUNS)? {
            let from_ms = hour * HOUR_MS + count(&mut bytes, HOUR_MS as u64 - 1)? as i64;
            let until_ms = from_ms + count(&mut bytes, HOUR_MS as u64)? as i64;
            let by = text(&mut bytes, 200)?;
            let after = bundle.runs.last().is_none_or(|(_, until, _)| from_ms > *until);
            if !after || until_ms > (hour + 1) * HOUR_MS {
                return Err("runs");
            }
            bundle.runs.push((from_ms, until_ms, by));
        }
        let mut moments = 0;
        for _ in 0..count(&mut bytes, MOST_SUBJECTS)? {
            let agent = match bytes.byte().ok_or("cut")? {
                0 => false,
                1 => true,
                _ => return Err("subject"),
            };
            let word = count(&mut bytes, MOST_WORDS)? as i64;
            let length = usize::try_from(bytes.number().ok_or("cut")?).map_err(|_| "cut")?;
            let (of_it, rest) = bytes.0.split_at_checked(length).ok_or("cut")?;
            bytes.0 = rest;
            let course = Course { agent, word, moments: bundle.course(of_it, agent)? };
            moments += course.moments.len();
            if moments > MOST_MOMENTS || word >= bundle.words.len() as i64 {
                return Err("subject");
            }
            bundle.courses.push(course);
        }
        let alerts = text(&mut bytes, 20_000_000)?;
        bundle.alerts = serde_json::from_str(&alerts).map_err(|_| "alerts")?;
        let hours = hour * HOUR_MS..(hour + 1) * HOUR_MS;
        let over =
            |alert: &Alert| alert.resolved_ms.is_none_or(|over| near(hour, over) && over >= alert.raised_ms);
        if bundle.alerts.len() > MOST_ALERTS
            || !bundle.alerts.iter().all(|alert| hours.contains(&alert.raised_ms) && over(alert))
        {
            return Err("alerts");
        }
        if bytes.is_empty() { Ok(bundle) } else { Err("more") }
    }

    fn course(&self, body: &[u8], of_agent: bool) -> Result<Moments, Odd> {
        let (mut moments, mut odd) = (Moments::new(), None);
        let whole = read_body(self.hour, body, |told| {
            match told {
                HourEntry::From(at_ms, row) if at_ms < (self.hour + 1) * HOUR_MS => {
                    if row.is_some_and(|row| !self.sane(row, of_agent)) {
                        odd = Some("figures");
                    }
                    moments.push((at_ms, row.copied()));
                }
                _ => odd = Some("moments"),
            }
            odd.is_none()
        });
        match odd {
            Some(odd) => Err(odd),
            None if whole.is_none() => Err("cut"),
            None => Ok(moments),
        }
    }

    /// Whether everything in a row can be: names that are there, moments of a year, figures somebody could count.
    fn sane(&self, row: &Row, of_agent: bool) -> bool {
        (0..FIELDS).all(|place| match row.0[place] {
            NONE => true,
            value if names_in(of_agent).contains(&place) => (0..self.words.len() as i64).contains(&value),
            value if place == moment_in(of_agent) => near(self.hour, value),
            value => (-LARGEST..=LARGEST).contains(&value),
        })
    }
}

/// Whether a moment may have to do with an hour.
fn near(hour: i64, at_ms: i64) -> bool {
    (hour * HOUR_MS - YEAR_MS..=(hour + 1) * HOUR_MS + YEAR_MS).contains(&at_ms)
}

fn count(bytes: &mut Bytes<'_>, most: u64) -> Result<u64, Odd> {
    bytes.number().ok_or("cut").and_then(|number| if number <= most { Ok(number) } else { Err("large") })
}

fn text(bytes: &mut Bytes<'_>, longest: u64) -> Result<String, Odd> {
    let length = usize::try_from(count(bytes, longest)?).map_err(|_| "large")?;
    let (text, rest) = bytes.0.split_at_checked(length).ok_or("cut")?;
    bytes.0 = rest;
    String::from_utf8(text.to_vec()).map_err(|_| "text")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one() -> Bundle {
        let mut row = Row::EMPTY;
        (row.0[agent::STATE], row.0[agent::NAME], row.0[agent::SINCE]) = (0, 1, 500_000 * HOUR_MS);
        let moments = vec![(500_000 * HOUR_MS + 5, Some(row)), (500_000 * HOUR_MS + 9, None)];
        Bundle {
            hour: 500_000,
            offset_secs: Some(-10_800),
            runs: vec![(500_000 * HOUR_MS + 5, 500_000 * HOUR_MS + 90_000, "ana".to_owned())],
            words: vec!["SIP/1".to_owned(), "Ana".to_owned()],
            courses: vec![Course { agent: true, word: 0, moments }],
            alerts: Vec::new(),
        }
    }

    #[test]
    fn an_hour_comes_back_as_it_was_and_an_odd_one_not_at_all() {
        let bytes = one().written();
        let back = Bundle::read(&bytes).expect("ours");
        assert_eq!((back.hour, back.offset_secs), (500_000, Some(-10_800)));
        assert_eq!((&back.runs, &back.words), (&one().runs, &one().words));
        assert_eq!(back.courses[0].moments, one().courses[0].moments);
        for cut in 0..bytes.len() {
            assert!(Bundle::read(&bytes[..cut]).is_err(), "{cut}");
        }
        let odd = |change: fn(&mut Bundle)| {
            let mut bundle = one();
            change(&mut bundle);
            Bundle::read(&bundle.written()).err()
        };
        assert_eq!(odd(|bundle| bundle.words.truncate(1)), Some("figures"), "a name that is not there");
        assert_eq!(
            odd(|bundle| bundle.courses[0].moments[0].1.as_mut().expect("there").0[agent::SINCE] =
                i64::MAX / 2),
            Some("figures")
        );
        assert_eq!(odd(|bundle| bundle.courses[0].moments[1].0 += HOUR_MS), Some("moments"));
        assert_eq!(odd(|bundle| bundle.runs[0].1 += HOUR_MS), Some("large"));
        assert_eq!(odd(|bundle| bundle.runs.push(bundle.runs[0].clone())), Some("runs"));
        assert_eq!(odd(|bundle| bundle.courses[0].word = 7), Some("subject"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall_over(noise in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), with in any::<u8>()) {
            let mut bytes = one().written();
            let place = at.index(bytes.len());
            bytes[place] = with;
            let _ = Bundle::read(&bytes);
            let _ = Bundle::read(&[FORM, &noise].concat());
        }
    }
}

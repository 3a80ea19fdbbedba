//! When the report of a day is due: at an hour of the server's clock, on the days that were chosen, once a day.
//!
//! Left out on purpose: what is in it, writing it (`session/daily`), and words.

use atalaya_history::wire::Period;
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// What "the last hours" are.
const SHIFT_MS: i64 = 8 * 60 * MINUTE_MS;
/// Made so much after its hour it is late: nobody was signed in then.
const LATE_MS: i64 = 5 * MINUTE_MS;

/// Which hours a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DailyPeriod {
    /// The whole day before.
    #[default]
    Yesterday,
    /// The day so far.
    Today,
    /// The last eight hours.
    Shift,
}

/// A report that is made by itself every day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct DailyReport {
    /// Whether it is made.
    pub on: bool,
    /// At which minute of the server's day, 0 to 1439.
    pub at_min: u32,
    /// On which days of the week, 0 Monday to 6 Sunday, by the server's clock.
    pub days: Vec<u8>,
    /// Which hours it is of.
    pub period: DailyPeriod,
    /// As a page to print.
    pub page: bool,
    /// As a spreadsheet's file.
    pub table: bool,
}

impl Default for DailyReport {
    fn default() -> Self {
        Self {
            on: false,
            at_min: 7 * 60,
            days: (0..7).collect(),
            period: DailyPeriod::default(),
            page: true,
            table: false,
        }
    }
}

/// A moment as the server's clock reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServerDay {
    /// Days since 1970.
    pub(crate) day: i64,
    /// When it began, epoch milliseconds.
    begins_ms: i64,
}

impl ServerDay {
    /// The day of a moment; `offset_secs`: the server's clock minus coordinated universal time.
    pub(crate) fn of(at_ms: i64, offset_secs: i32) -> Self {
        let offset_ms = i64::from(offset_secs) * 1_000;
        let day = (at_ms + offset_ms).div_euclid(DAY_MS);
        Self { day, begins_ms: day * DAY_MS - offset_ms }
    }

    fn after(self, days: i64) -> Self {
        Self { day: self.day + days, begins_ms: self.begins_ms + days * DAY_MS }
    }

    /// 0 Monday to 6 Sunday: 1970 began on a Thursday.
    fn weekday(self) -> u8 {
        u8::try_from((self.day + 3).rem_euclid(7)).unwrap_or(0)
    }
}

/// A report to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) day: i64,
    pub(crate) period: Period,
    /// Its hour has passed while nobody was signed in.
    pub(crate) late: bool,
}

impl DailyReport {
    pub(crate) fn within_limits(mut self) -> Self {
        self.at_min %= 24 * 60;
        self.days.retain(|day| *day < 7);
        self.days.sort_unstable();
        self.days.dedup();
        self
    }

    /// Whether there is anything to make on some day.
    fn wanted(&self) -> bool {
        self.on && (self.page || self.table)
    }

    fn hour_of(&self, day: ServerDay) -> i64 {
        day.begins_ms + i64::from(self.at_min) * MINUTE_MS
    }

    /// The report that is due, when that of `handled`, a server's day, was the last to be made or to fail.
    pub(crate) fn due(&self, handled: Option<i64>, now_ms: i64, offset_secs: i32) -> Option<Due> {
        let today = ServerDay::of(now_ms, offset_secs);
        let hour_ms = self.hour_of(today);
        let due = self.wanted()
            && self.days.contains(&today.weekday())
            && now_ms >= hour_ms
            // A clock that was set back asks for no day twice.
            && handled.is_none_or(|handled| handled < today.day);
        due.then(|| Due {
            day: today.day,
            period: self.period_of(now_ms, offset_secs),
            late: now_ms - hour_ms > LATE_MS,
        })
    }

    /// When the next one is due, epoch milliseconds.
    pub(crate) fn next_ms(&self, handled: Option<i64>, now_ms: i64, offset_secs: i32) -> Option<i64> {
        let today = ServerDay::of(now_ms, offset_secs);
        let days = (0..=7).map(|days| today.after(days));
        let mut open = days.filter(|day| {
            self.days.contains(&day.weekday()) && handled.is_none_or(|handled| handled < day.day)
        });
        if self.wanted() { open.next().map(|day| self.hour_of(day)) } else { None }
    }

    /// Which hours a report is of that is made now.
    pub(crate) fn period_of(&self, now_ms: i64, offset_secs: i32) -> Period {
        let today = ServerDay::of(now_ms, offset_secs).begins_ms;
        match self.period {
            DailyPeriod::Yesterday => Period { from_ms: today - DAY_MS, until_ms: today },
            DailyPeriod::Today => Period { from_ms: today, until_ms: now_ms.max(today + MINUTE_MS) },
            DailyPeriod::Shift => Period { from_ms: now_ms - SHIFT_MS, until_ms: now_ms },
        }
    }

    /// What its files are called, without an ending, by the server's clock: `atalaya-2026-03-09`, with the end of the period
    /// (`-1400`) where it is no whole day.
    pub(crate) fn file_name(&self, period: Period, offset_secs: i32) -> String {
        let text = |ms: i64, form: &str| {
            DateTime::from_timestamp_millis(ms + i64::from(offset_secs) * 1_000)
                .map(|at| at.format(form).to_string())
                .unwrap_or_default()
        };
        match self.period {
            DailyPeriod::Yesterday => format!("atalaya-{}", text(period.from_ms, "%Y-%m-%d")),
            DailyPeriod::Today | DailyPeriod::Shift => {
                format!("atalaya-{}", text(period.until_ms, "%Y-%m-%d-%H%M"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday, 10 March 2026, in a server three hours behind Greenwich.
    const OFFSET: i32 = -3 * 3_600;
    const MIDNIGHT: i64 = 1_773_111_600_000;

    fn at(hours: i64, minutes: i64) -> i64 {
        MIDNIGHT + (hours * 60 + minutes) * MINUTE_MS
    }

    fn on() -> DailyReport {
        DailyReport { on: true, at_min: 14 * 60, ..DailyReport::default() }
    }

    #[test]
    fn it_is_due_once_a_day_from_its_hour_on_by_the_servers_clock() {
        let today = ServerDay::of(at(14, 0), OFFSET);
        assert_eq!((today.begins_ms, today.weekday()), (MIDNIGHT, 1));
        let due = |handled, now_ms| on().due(handled, now_ms, OFFSET);
        assert_eq!(due(None, at(13, 59)), None);
        let first = due(Some(today.day - 1), at(14, 0)).unwrap();
        assert_eq!((first.day, first.late), (today.day, false));
        assert_eq!(first.period, Period { from_ms: MIDNIGHT - DAY_MS, until_ms: MIDNIGHT });
        assert_eq!(due(Some(today.day), at(14, 0)), None, "once");
        assert_eq!(due(Some(today.day + 1), at(14, 0)), None, "the clock was set back");
        assert!(due(None, at(23, 59)).unwrap().late, "nobody was signed in");
        assert_eq!(due(None, at(24, 0)), None, "that of yesterday is not made today");
        let off = DailyReport { on: false, ..on() };
        let nothing = DailyReport { page: false, ..on() };
        assert_eq!((off.due(None, at(15, 0), OFFSET), nothing.due(None, at(15, 0), OFFSET)), (None, None));
    }

    #[test]
    fn only_on_the_days_that_were_chosen() {
        let weekdays = DailyReport { days: vec![0, 2], ..on() };
        assert_eq!(weekdays.due(None, at(15, 0), OFFSET), None, "a Tuesday");
        assert!(weekdays.due(None, at(24 + 15, 0), OFFSET).is_some(), "a Wednesday");
        assert_eq!(weekdays.next_ms(None, at(15, 0), OFFSET), Some(at(24 + 14, 0)));
        let wednesday = ServerDay::of(at(24, 0), OFFSET).day;
        assert_eq!(weekdays.next_ms(Some(wednesday), at(24 + 15, 0), OFFSET), Some(at(6 * 24 + 14, 0)));
        assert_eq!(DailyReport { days: vec![], ..on() }.next_ms(None, at(0, 0), OFFSET), None);
        let tidy = DailyReport { at_min: 1_500, days: vec![6, 9, 0, 6], ..on() }.within_limits();
        assert_eq!((tidy.at_min, tidy.days), (60, vec![0, 6]));
    }

    #[test]
    fn each_period_has_its_hours_and_its_name() {
        let of = |period| {
            let daily = DailyReport { period, ..on() };
            let hours = daily.period_of(at(14, 5), OFFSET);
            (hours.from_ms - MIDNIGHT, hours.until_ms - MIDNIGHT, daily.file_name(hours, OFFSET))
        };
        let minutes = |hours: i64, minutes: i64| (hours * 60 + minutes) * MINUTE_MS;
        assert_eq!(of(DailyPeriod::Yesterday), (-DAY_MS, 0, "atalaya-2026-03-09".into()));
        assert_eq!(of(DailyPeriod::Today), (0, minutes(14, 5), "atalaya-2026-03-10-1405".into()));
        assert_eq!(of(DailyPeriod::Shift), (minutes(6, 5), minutes(14, 5), "atalaya-2026-03-10-1405".into()));
    }
}

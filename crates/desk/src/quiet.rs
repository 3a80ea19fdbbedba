//! When alerts are not heard: every day's quiet hours, and for a while because somebody said so.
//!
//! Which alerts there are is not touched by it. Left out on purpose: sounds and notices themselves (the window's).

use atalaya_floor::wire::AlertBoard;
use chrono::{DateTime, Local, Timelike};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

const DAY_MINS: u32 = 24 * 60;

/// Hours of every day in which alerts are not heard, by this computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuietHours {
    /// First minute of the local day, 0 to 1439.
    pub from_min: u32,
    /// First minute that is not quiet any more; before `from_min`: of the next day. The same: never quiet.
    pub until_min: u32,
}

impl QuietHours {
    /// The same inside a day: midnight at its end is the one at its beginning.
    pub(crate) fn within_limits(self) -> Self {
        Self { from_min: self.from_min % DAY_MINS, until_min: self.until_min % DAY_MINS }
    }

    /// Whether a minute of the day is quiet.
    fn covers(self, minute: u32) -> bool {
        let (from, until) = (self.from_min, self.until_min);
        if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until }
    }
}

/// What keeps alerts from being heard.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    hours: Option<QuietHours>,
    muted_until_ms: Option<i64>,
}

impl Quiet {
    pub(crate) fn new(hours: Option<QuietHours>) -> Self {
        Self { hours, muted_until_ms: None }
    }

    pub(crate) fn set_hours(&mut self, hours: Option<QuietHours>) {
        self.hours = hours;
    }

    /// Mutes for so many minutes, a day at most; 0 ends it.
    pub(crate) fn mute(&mut self, minutes: u32, now_ms: i64) {
        self.muted_until_ms = (minutes > 0).then(|| now_ms + i64::from(minutes.min(DAY_MINS)) * 60_000);
    }

    /// Says on the board whether alerts are heard at this moment, which is that minute of the local day.
    pub(crate) fn mark(&self, board: &mut AlertBoard, now_ms: i64, minute: Option<u32>) {
        board.quiet = self.hours.zip(minute).is_some_and(|(hours, minute)| hours.covers(minute));
        board.muted_until_ms = self.muted_until_ms.filter(|until| *until > now_ms);
    }
}

/// The minute of the local day a moment falls in.
pub(crate) fn minute_of_day(now_ms: i64) -> Option<u32> {
    let now = DateTime::from_timestamp_millis(now_ms)?.with_timezone(&Local);
    Some(now.hour() * 60 + now.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet_at(hours: (u32, u32), minute: u32) -> bool {
        let (from_min, until_min) = hours;
        let quiet = Quiet::new(Some(QuietHours { from_min, until_min }.within_limits()));
        let mut board = AlertBoard::default();
        quiet.mark(&mut board, 0, Some(minute));
        board.quiet
    }

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let lunch = (12 * 60, 13 * 60 + 30);
        for (minute, quiet) in [(0, false), (719, false), (720, true), (809, true), (810, false)] {
            assert_eq!(quiet_at(lunch, minute), quiet, "{minute}");
        }
        let night = (22 * 60, 6 * 60);
        for (minute, quiet) in
            [(1_319, false), (1_320, true), (1_439, true), (0, true), (359, true), (360, false)]
        {
            assert_eq!(quiet_at(night, minute), quiet, "{minute}");
        }
        assert!(quiet_at((23 * 60, DAY_MINS), 1_439) && !quiet_at((23 * 60, DAY_MINS), 0), "until midnight");
        assert!((0..DAY_MINS).all(|minute| !quiet_at((60, 60), minute)), "from one o'clock to one o'clock");
        let mut board = AlertBoard { quiet: true, ..AlertBoard::default() };
        Quiet::new(None).mark(&mut board, 0, Some(0));
        assert!(!board.quiet);
    }

    #[test]
    fn a_mute_ends_by_itself_or_when_told_to() {
        let mut quiet = Quiet::default();
        let until = |quiet: &Quiet, now_ms| {
            let mut board = AlertBoard::default();
            quiet.mark(&mut board, now_ms, None);
            board.muted_until_ms
        };
        quiet.mute(30, 1_000);
        assert_eq!(until(&quiet, 1_000), Some(1_801_000));
        assert_eq!(until(&quiet, 1_800_999), Some(1_801_000));
        assert_eq!(until(&quiet, 1_801_000), None);
        quiet.mute(0, 2_000);
        assert_eq!(until(&quiet, 2_000), None);
        quiet.mute(u32::MAX, 0);
        assert_eq!(until(&quiet, 0), Some(86_400_000));
    }

    #[test]
    fn a_moment_has_its_minute() {
        let minute = minute_of_day(0).unwrap();
        assert_eq!(minute_of_day(59_999), Some(minute));
        assert_eq!(minute_of_day(60_000), Some((minute + 1) % DAY_MINS));
    }
}

//! What time it is in the demonstration: this computer's, and at night a time of the same day at which people work.

use chrono::{DateTime, NaiveDateTime};

use super::MINUTE_MS;

const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// People work from here on …
const OPENS_MS: i64 = 9 * HOUR_MS;
/// … up to here.
const CLOSES_MS: i64 = 20 * HOUR_MS;
/// What the clock says at night.
const BUSY_MS: i64 = 14 * HOUR_MS;

/// How the demonstration's clock stands to coordinated universal time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OfficeHours {
    /// The computer's zone, milliseconds east of Greenwich.
    zone_ms: i64,
    /// How far it was moved.
    moved_ms: i64,
}

impl OfficeHours {
    /// For a demonstration that begins now, on a computer whose zone is so far east of Greenwich.
    pub(crate) fn at(now_ms: i64, zone_ms: i64) -> Self {
        let of_day_ms = (now_ms + zone_ms).rem_euclid(DAY_MS);
        let works = (OPENS_MS..CLOSES_MS).contains(&of_day_ms);
        Self { zone_ms, moved_ms: if works { 0 } else { BUSY_MS - of_day_ms } }
    }

    /// What its clock says at a moment, epoch milliseconds.
    pub(crate) fn local(self, at_ms: i64) -> Option<NaiveDateTime> {
        let shown_ms = at_ms + self.zone_ms + self.moved_ms;
        DateTime::from_timestamp_millis(shown_ms).map(|moment| moment.naive_utc())
    }

    /// When its clock says this, epoch milliseconds.
    pub(crate) fn moment_ms(self, local: NaiveDateTime) -> i64 {
        local.and_utc().timestamp_millis() - self.zone_ms - self.moved_ms
    }

    /// Minutes it is ahead of this computer's clock; behind is below 0.
    pub(crate) fn moved_mins(self) -> i32 {
        (self.moved_ms / MINUTE_MS) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Montevideo.
    const ZONE_MS: i64 = -3 * HOUR_MS;

    fn shown(of_day_ms: i64) -> (String, i32) {
        let now_ms = 20_000 * DAY_MS + of_day_ms - ZONE_MS;
        let hours = OfficeHours::at(now_ms, ZONE_MS);
        let local = hours.local(now_ms).unwrap();
        assert_eq!(hours.moment_ms(local), now_ms);
        (local.format("%d %H:%M").to_string(), hours.moved_mins())
    }

    #[test]
    fn it_is_the_computers_by_day_and_two_in_the_afternoon_of_the_same_day_at_night() {
        assert_eq!(shown(9 * HOUR_MS), ("04 09:00".to_owned(), 0));
        assert_eq!(shown(CLOSES_MS - MINUTE_MS), ("04 19:59".to_owned(), 0));
        assert_eq!(shown(CLOSES_MS), ("04 14:00".to_owned(), -6 * 60));
        assert_eq!(shown(3 * HOUR_MS), ("04 14:00".to_owned(), 11 * 60));
    }
}

//! How old the figures are, judged against their own planned interval.

use atalaya_ucontact::Problem;

use crate::wire::{Freshness, Health};

const LOST_AT_LEAST_MS: i64 = 30_000;

/// By age: fresh below two intervals, lost from five and half a minute.
pub(crate) fn freshness(last_ok_ms: Option<i64>, every_ms: u32, now_ms: i64) -> Freshness {
    let Some(last) = last_ok_ms else { return Freshness::Starting };
    let (age, every) = (now_ms - last, i64::from(every_ms));
    if age >= (5 * every).max(LOST_AT_LEAST_MS) {
        Freshness::Lost
    } else if age >= 2 * every {
        Freshness::Stale
    } else {
        Freshness::Fresh
    }
}

pub(crate) fn starting(every_ms: u32) -> Health {
    Health {
        freshness: Freshness::Starting,
        last_ok_ms: None,
        status_ok_ms: None,
        queue_ok_ms: None,
        every_ms,
        slowed: None,
        round_trip_ms: None,
        failures: 0,
        problem: None,
        dropped: 0,
        requests_per_minute: 0,
        server_offset_secs: None,
    }
}

pub(crate) fn failed(health: &mut Health, problem: Problem) {
    health.failures = health.failures.saturating_add(1);
    health.problem = Some(problem);
}

/// The clock was set by so much: an answer is as old as it was.
pub(crate) fn clock_set(health: &mut Health, by_ms: i64) {
    for at_ms in [&mut health.last_ok_ms, &mut health.status_ok_ms, &mut health.queue_ok_ms] {
        *at_ms = at_ms.map(|at_ms| at_ms + by_ms);
    }
}

/// When each of the two answers arrived; `None` for one that did not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Came {
    pub(crate) status_ms: Option<i64>,
    pub(crate) queue_ms: Option<i64>,
}

impl Came {
    pub(crate) fn any(self) -> bool {
        self.status_ms.or(self.queue_ms).is_some()
    }
}

/// At least one of the two answers came. What is shown is as old as the older of them, where both ever came.
pub(crate) fn succeeded(health: &mut Health, came: Came, round_trip_ms: u32, dropped: u32) {
    health.failures = 0;
    health.problem = None;
    health.status_ok_ms = came.status_ms.or(health.status_ok_ms);
    health.queue_ok_ms = came.queue_ms.or(health.queue_ok_ms);
    health.last_ok_ms = match (health.status_ok_ms, health.queue_ok_ms) {
        (Some(status), Some(queue)) => Some(status.min(queue)),
        (one, other) => one.or(other),
    };
    health.round_trip_ms = Some(round_trip_ms);
    health.dropped = dropped;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_decides() {
        use Freshness::{Fresh, Lost, Stale, Starting};
        for (last, every, now, is) in [
            (None, 3_000, 99_000, Starting),
            (Some(0), 3_000, 5_999, Fresh),
            (Some(0), 3_000, 6_000, Stale),
            (Some(0), 3_000, 29_999, Stale),
            (Some(0), 3_000, 30_000, Lost),
            (Some(0), 30_000, 149_999, Stale),
            (Some(0), 30_000, 150_000, Lost),
        ] {
            assert_eq!(freshness(last, every, now), is, "{now}");
        }
    }
}

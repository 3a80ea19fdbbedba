//! Whose agents to ask for next, and how far apart, inside a request budget.

use std::collections::BTreeSet;
use std::time::Duration;

/// Requests of one poll of the campaigns: `queuesummary` and `campaignstatus`.
const CAMPAIGN_REQUESTS: f64 = 2.0;
/// However small the budget, somebody's agents are read now and then.
const LEAST_PER_SECOND: f64 = 0.2;

/// Time between two requests for agents: what the campaigns leave of the budget.
pub(crate) fn spacing(every: Duration, requests_per_second: f64) -> Duration {
    let left = requests_per_second - CAMPAIGN_REQUESTS / every.as_secs_f64().max(0.1);
    Duration::from_secs_f64(1.0 / left.max(LEAST_PER_SECOND))
}

/// The campaign whose agents are due: those on the screen first, then the others, the longest unread first; nobody is
/// read twice within an interval.
pub(crate) fn next<'a>(
    read: impl Iterator<Item = (&'a str, Option<i64>)>,
    visible: &BTreeSet<String>,
    every_ms: i64,
    now_ms: i64,
) -> Option<String> {
    read.filter(|(_, at)| at.is_none_or(|at| now_ms - at >= every_ms))
        .min_by_key(|(name, at)| (!visible.contains(*name), at.unwrap_or(i64::MIN)))
        .map(|(name, _)| name.to_owned())
}

/// How often agents off the screen are read.
pub(crate) fn agents_every(campaigns: usize, every: Duration, requests_per_second: f64) -> Duration {
    every.max(spacing(every, requests_per_second) * campaigns as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_and_agents_share_the_budget() {
        let every = Duration::from_secs(3);
        let agents = 1.0 / spacing(every, 4.0).as_secs_f64();
        assert!((agents + 2.0 / 3.0 - 4.0).abs() < 1e-9, "{agents}");
        assert_eq!(spacing(Duration::from_secs(1), 1.0), Duration::from_secs(5));
        assert_eq!(agents_every(2, every, 4.0), every);
        assert_eq!(agents_every(200, every, 4.0).as_secs(), 60);
    }

    #[test]
    fn the_screen_comes_first_then_the_longest_unread() {
        let visible = BTreeSet::from(["B".to_owned()]);
        let at =
            |reads: &[(&'static str, Option<i64>)], now| next(reads.iter().copied(), &visible, 3_000, now);
        assert_eq!(at(&[("A", None), ("B", Some(0)), ("C", Some(0))], 3_000).as_deref(), Some("B"));
        assert_eq!(at(&[("A", None), ("B", Some(1_000)), ("C", Some(0))], 3_000).as_deref(), Some("A"));
        assert_eq!(at(&[("A", Some(500)), ("B", Some(1_000)), ("C", Some(0))], 3_600).as_deref(), Some("C"));
        assert_eq!(at(&[("A", Some(500)), ("B", Some(1_000)), ("C", Some(900))], 3_000), None);
    }
}

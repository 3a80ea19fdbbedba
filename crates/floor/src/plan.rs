//! Whose agents to ask for next, and how far apart, inside a request budget.

use std::collections::BTreeSet;
use std::time::Duration;

/// Requests of one poll of the campaigns: `queuesummary` and `campaignstatus`.
const CAMPAIGN_REQUESTS: f64 = 2.0;
/// However small the budget, somebody's agents are read now and then.
const LEAST_PER_SECOND: f64 = 0.2;
/// However slow the server, it is asked so often.
const SLOWEST: Duration = Duration::from_secs(30);
const UNWATCHED: Duration = Duration::from_secs(15);

/// Time between two requests for agents: what the campaigns leave of the budget.
pub(crate) fn spacing(every: Duration, requests_per_second: f64) -> Duration {
    let left = requests_per_second - CAMPAIGN_REQUESTS / every.as_secs_f64().max(0.1);
    Duration::from_secs_f64(1.0 / left.max(LEAST_PER_SECOND))
}

/// One request in so many is for those who have no precedence, so that nobody is forgotten.
const SHARE: u32 = 4;

/// The campaign whose agents are due, the longest unread first; nobody is read twice within an interval. Those on the
/// screen come first, but for every fourth turn; while somebody was never read, these come first in the same way: an
/// empty place is worse than an old figure.
pub(crate) fn next<'a>(
    read: impl Iterator<Item = (&'a str, Option<i64>)>,
    visible: &BTreeSet<String>,
    every_ms: i64,
    now_ms: i64,
    turn: u32,
) -> Option<String> {
    let due: Vec<(&str, Option<i64>)> =
        read.filter(|(_, at)| at.is_none_or(|at| now_ms - at >= every_ms)).collect();
    let filling = due.iter().any(|(_, at)| at.is_none());
    let others_turn = turn % SHARE == SHARE - 1;
    due.into_iter()
        .min_by_key(|(name, at)| {
            let first = if filling { at.is_none() } else { visible.contains(*name) };
            (first == others_turn, !visible.contains(*name), at.unwrap_or(i64::MIN))
        })
        .map(|(name, _)| name.to_owned())
}

/// How often the agents off the screen are read, in what those on it leave.
pub(crate) fn agents_every(
    visible: usize,
    others: usize,
    every: Duration,
    requests_per_second: f64,
) -> Duration {
    let spacing = spacing(every, requests_per_second);
    let needed = visible as f64 * spacing.as_secs_f64() / every.as_secs_f64();
    let left = (1.0 - needed).max(1.0 / f64::from(SHARE));
    every.max(spacing.mul_f64(others as f64 / left))
}

/// The interval as it is kept: a server that needs more than half of it is asked less often, so that it is never busy
/// with us alone.
pub(crate) fn kept_interval(wished: Duration, round_trip: Option<Duration>) -> Duration {
    wished.max(round_trip.unwrap_or_default().saturating_mul(2)).min(SLOWEST.max(wished))
}

/// With the window out of sight and nothing that watches for it.
pub(crate) fn unwatched_interval(wished: Duration) -> Duration {
    wished.max(UNWATCHED)
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
        assert_eq!(agents_every(0, 2, every, 4.0), every);
        assert_eq!(agents_every(0, 200, every, 4.0).as_secs(), 60);
        assert_eq!(agents_every(30, 170, every, 4.0).as_secs(), 204, "a fourth is always theirs");
    }

    #[test]
    fn a_slow_server_is_asked_less_often_within_bounds() {
        let secs = Duration::from_secs;
        for (wished, took, kept) in
            [(3, None, 3), (3, Some(1), 3), (3, Some(4), 8), (3, Some(20), 30), (60, Some(40), 60)]
        {
            assert_eq!(kept_interval(secs(wished), took.map(secs)), secs(kept), "{wished} {took:?}");
        }
        assert_eq!((unwatched_interval(secs(3)), unwatched_interval(secs(20))), (secs(15), secs(20)));
    }

    #[test]
    fn the_screen_comes_first_then_the_longest_unread() {
        let visible = BTreeSet::from(["B".to_owned()]);
        let at = |reads: &[(&'static str, Option<i64>)], now, turn| {
            next(reads.iter().copied(), &visible, 3_000, now, turn)
        };
        let (a, b, c) = (Some("A".to_owned()), Some("B".to_owned()), Some("C".to_owned()));
        assert_eq!(at(&[("A", None), ("B", Some(0)), ("C", Some(0))], 3_000, 0), a, "an empty place first");
        assert_eq!(at(&[("A", None), ("B", Some(0)), ("C", Some(0))], 3_000, 3), b, "but not it alone");
        assert_eq!(at(&[("A", None), ("B", None), ("C", None)], 3_000, 0), b);
        assert_eq!(at(&[("A", Some(0)), ("B", Some(500)), ("C", Some(0))], 3_600, 0), b);
        assert_eq!(
            at(&[("A", Some(500)), ("B", Some(400)), ("C", Some(0))], 3_600, 3),
            c,
            "nobody is forgotten"
        );
        assert_eq!(at(&[("A", Some(500)), ("B", Some(1_000)), ("C", Some(0))], 3_600, 0), c);
        assert_eq!(at(&[("A", Some(500)), ("B", Some(1_000)), ("C", Some(900))], 3_000, 0), None);
    }

    /// Two hundred campaigns of which thirty are on the screen: more than the budget allows to read every interval.
    #[test]
    fn everybody_is_read_though_the_screen_alone_takes_the_whole_budget() {
        let names: Vec<String> = (0..200).map(|n| format!("C{n:03}")).collect();
        let visible: BTreeSet<String> = names.iter().skip(40).take(30).cloned().collect();
        let mut read: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
        let (mut now, mut turn, mut all_at) = (0, 0, None);
        while now < 240_000 {
            let rows = names.iter().map(|name| (name.as_str(), read.get(name.as_str()).copied()));
            if let Some(next) = next(rows, &visible, 3_000, now, turn) {
                if let Some(name) = names.iter().find(|name| **name == next) {
                    read.insert(name, now);
                }
                turn += 1;
            }
            if read.len() == names.len() {
                all_at.get_or_insert(now);
            }
            now += 300;
        }
        assert!(all_at.is_some_and(|at| at < 90_000), "first filled after {all_at:?} ms");
        let oldest = |shown: bool| {
            let ages = names.iter().filter(|name| visible.contains(*name) == shown);
            ages.filter_map(|name| read.get(name.as_str())).map(|at| now - at).max().unwrap_or(i64::MAX)
        };
        assert!(oldest(true) <= 13_000, "on the screen: {} ms", oldest(true));
        assert!(oldest(false) <= 210_000, "off it: {} ms", oldest(false));
    }
}

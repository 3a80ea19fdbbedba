mod incidents;
mod people;

use proptest::prelude::*;

use super::*;
use crate::clock_watch::Moved;
use crate::health;
use crate::picture::Picture;
use crate::wire::Freshness;
use crate::wire::{Hears, Measure};
use atalaya_ucontact::{AgentStatus, CampaignAgents, CampaignStatus, QueueSummary};

fn rule(measure: Measure, warn: f64, bad: f64) -> Rule {
    Rule {
        id: "rule".to_owned(),
        measure,
        campaign: None,
        team: None,
        reason: None,
        warn: Some(warn),
        bad: Some(bad),
        relative: false,
        at_most: None,
        clear: None,
        hold_secs: 0,
        cooldown_secs: 0,
        hears: Hears::Sound,
        from: Severity::Warn,
    }
}

/// A floor of one campaign, as read at a second: callers waiting, seconds of the oldest, agents available.
fn floor(at_secs: i64, waiting: u32, longest: u32, available: u32) -> Snapshot {
    let mut picture = Picture::default();
    let status = CampaignStatus {
        campaign: "Soporte".into(),
        waiting: Some(waiting),
        availables: Some(available),
        completed: Some(10),
        abandoned: Some(0),
        service_level: Some(75.0),
        service_level_threshold_secs: Some(20),
        ..CampaignStatus::default()
    };
    let queue = QueueSummary {
        queue: "Soporte".into(),
        longest_hold_time_secs: Some(longest),
        ..QueueSummary::default()
    };
    picture.take_campaigns_of(Some(vec![status]), Some(vec![queue]), at_secs * 1_000);
    of(&picture, at_secs)
}

fn of(picture: &Picture, at_secs: i64) -> Snapshot {
    let mut health = health::starting(3_000);
    let came = health::Came { status_ms: Some(at_secs * 1_000), queue_ms: Some(at_secs * 1_000) };
    health::succeeded(&mut health, came, 5, 0);
    health.freshness = Freshness::Fresh;
    Snapshot {
        agents_unread: BTreeMap::default(),
        revision: 1,
        at_ms: at_secs * 1_000,
        campaigns: picture.campaigns(),
        agents: picture.agents(),
        agents_read_at_ms: picture
            .rosters_read()
            .filter_map(|(name, at)| Some((name.to_owned(), at?)))
            .collect(),
        agents_every_ms: 3_000,
        health,
    }
}

/// Nothing has come for so long.
fn late(snapshot: &mut Snapshot, freshness: Freshness) {
    snapshot.health.freshness = freshness;
    snapshot.at_ms += 12_000;
}

/// The news of each second, in short: what happened and the severity.
fn told(alerts: &mut Alerts, at_secs: i64, snapshot: &Snapshot) -> Vec<String> {
    let short = |news: News| match news {
        News::Raised(alert) => format!("raised {:?}", alert.severity),
        News::Worse(alert) => format!("worse {:?}", alert.severity),
        News::Resolved(_) => "resolved".to_owned(),
    };
    alerts.step(snapshot, at_secs * 1_000).into_iter().map(short).collect()
}

#[test]
fn a_limit_must_be_passed_for_as_long_as_the_rule_says() {
    let mut alerts = Alerts::new(vec![Rule { hold_secs: 10, ..rule(Measure::Waiting, 3.0, 6.0) }]);
    let none: [&str; 0] = [];
    assert_eq!(told(&mut alerts, 0, &floor(0, 3, 0, 0)), none);
    assert_eq!(told(&mut alerts, 9, &floor(9, 5, 0, 0)), none);
    assert_eq!(told(&mut alerts, 10, &floor(10, 4, 0, 0)), ["raised Warn"]);
    assert_eq!(told(&mut alerts, 11, &floor(11, 6, 0, 0)), none, "bad for a second only");
    assert_eq!(told(&mut alerts, 12, &floor(12, 5, 0, 0)), none);
    assert_eq!(told(&mut alerts, 13, &floor(13, 7, 0, 0)), none);
    assert_eq!(told(&mut alerts, 23, &floor(23, 8, 0, 0)), ["worse Bad"]);
    let alert = alerts.active().remove(0);
    let part = &alert.parts[0];
    assert_eq!((part.value, part.limit, alert.since_ms, alert.raised_ms), (8.0, 6.0, 0, 10_000));
    assert_eq!(told(&mut alerts, 24, &floor(24, 4, 0, 0)), none, "a warning still");
    assert_eq!(told(&mut alerts, 25, &floor(25, 2, 0, 0)), ["resolved"]);
    assert_eq!((alerts.active().len(), alerts.history()[0].resolved_ms), (0, Some(25_000)));
}

#[test]
fn limits_on_time_are_passed_while_nothing_arrives() {
    let rule = Rule { relative: true, at_most: Some(40.0), ..rule(Measure::LongestWait, 1.0, 3.0) };
    let mut alerts = Alerts::new(vec![rule]);
    let last = floor(100, 1, 15, 0);
    assert!(told(&mut alerts, 104, &last).is_empty());
    assert_eq!(told(&mut alerts, 105, &last), ["raised Warn"], "20 s, the campaign's own threshold");
    assert_eq!(told(&mut alerts, 125, &last), ["worse Bad"], "three times that, but at most 40 s");
}

#[test]
fn what_is_not_known_neither_raises_nor_clears() {
    let mut alerts = Alerts::new(vec![rule(Measure::Waiting, 3.0, 6.0)]);
    assert_eq!(told(&mut alerts, 0, &floor(0, 4, 0, 0)), ["raised Warn"]);
    let mut stale = floor(0, 0, 0, 0);
    late(&mut stale, Freshness::Stale);
    let mut unknown = floor(0, 0, 0, 0);
    unknown.campaigns[0].waiting = None;
    for at in 1..200 {
        assert!(told(&mut alerts, at, if at % 2 == 0 { &stale } else { &unknown }).is_empty());
    }
    assert_eq!(alerts.active().len(), 1);
}

#[test]
fn a_campaign_that_vanishes_takes_its_alert_along_only_when_it_stays_away() {
    let mut alerts = Alerts::new(vec![rule(Measure::Waiting, 3.0, 6.0)]);
    assert_eq!(told(&mut alerts, 0, &floor(0, 4, 0, 0)), ["raised Warn"]);
    let empty = of(&Picture::default(), 30);
    assert!(told(&mut alerts, 30, &empty).is_empty());
    assert!(told(&mut alerts, 40, &floor(40, 4, 0, 0)).is_empty(), "back, and still the same alert");
    assert!(told(&mut alerts, 99, &empty).is_empty());
    assert_eq!(told(&mut alerts, 100, &empty), ["resolved"]);
}

#[test]
fn a_clear_level_and_a_cooldown_keep_it_from_fluttering() {
    let rule = Rule { clear: Some(2.0), cooldown_secs: 30, ..rule(Measure::Waiting, 3.0, 9.0) };
    let mut alerts = Alerts::new(vec![rule]);
    let news: Vec<String> = [3, 2, 3, 2, 1, 3, 3, 3, 3]
        .into_iter()
        .enumerate()
        .flat_map(|(turn, waiting)| {
            let at = 10 * turn as i64;
            told(&mut alerts, at, &floor(at, waiting, 0, 0))
                .into_iter()
                .map(move |said| format!("{at} {said}"))
        })
        .collect();
    assert_eq!(news, ["0 raised Warn", "40 resolved", "70 raised Warn"]);
}

#[test]
fn a_clear_level_is_in_the_unit_of_the_limits() {
    // Three times the campaign's own threshold of 20 s raises it, twice of it is good again.
    let rule = Rule { relative: true, clear: Some(2.0), ..rule(Measure::LongestWait, 3.0, 9.0) };
    let mut alerts = Alerts::new(vec![rule]);
    let mut waits = |at: i64, secs: i64| {
        let mut floor = floor(at, 1, 0, 0);
        floor.campaigns[0].service_level_threshold_secs = Some(20);
        floor.campaigns[0].longest_wait_since_ms = Some(1_000 * (at - secs));
        told(&mut alerts, at, &floor)
    };
    assert_eq!(waits(100, 60), ["raised Warn"]);
    assert!(waits(101, 40).is_empty(), "below the limit, not yet below the level");
    assert_eq!(waits(102, 39), ["resolved"]);
}

#[test]
fn callers_while_nobody_is_free_and_a_silent_server() {
    let nobody = Rule { id: "nobody".into(), ..rule(Measure::NobodyAvailable, 9.0, 1.0) };
    let away = Rule { id: "away".into(), ..rule(Measure::ServerAway, 15.0, 30.0) };
    let mut alerts = Alerts::new(vec![nobody, away]);
    assert!(told(&mut alerts, 0, &floor(0, 2, 0, 1)).is_empty());
    assert_eq!(told(&mut alerts, 1, &floor(1, 1, 0, 0)), ["raised Bad"]);
    let mut silent = floor(1, 1, 0, 0);
    late(&mut silent, Freshness::Stale);
    assert_eq!(told(&mut alerts, 16, &silent), ["raised Warn"]);
    assert_eq!(told(&mut alerts, 31, &silent), ["worse Bad"]);
    assert_eq!(told(&mut alerts, 32, &floor(32, 0, 0, 0)), ["resolved", "resolved"]);
}

#[test]
fn what_nobody_watched_passes_no_limit() {
    let away = Rule { id: "away".into(), ..rule(Measure::ServerAway, 15.0, 30.0) };
    let waiting = Rule { id: "waiting".into(), hold_secs: 20, ..rule(Measure::Waiting, 3.0, 6.0) };
    let mut alerts = Alerts::new(vec![waiting, away]);
    let none: [&str; 0] = [];
    assert_eq!(told(&mut alerts, 100, &floor(100, 4, 0, 0)), none);
    // It sleeps for an hour; the snapshot is from before.
    alerts.clock_moved(Moved::Slept(3_600_000), 3_705_000);
    let mut old = floor(104, 4, 0, 0);
    old.health.freshness = Freshness::Lost;
    assert_eq!(told(&mut alerts, 3_705, &old), none, "a silence nobody listened to");
    assert_eq!(told(&mut alerts, 3_706, &floor(3_706, 4, 0, 0)), none, "six seconds of it were watched");
    assert_eq!(told(&mut alerts, 3_720, &floor(3_720, 4, 0, 0)), ["raised Warn"]);
    // The clock is set back by an hour while it is seen to.
    alerts.clock_moved(Moved::Set(-3_600_000), 121_000);
    assert_eq!(told(&mut alerts, 121, &floor(3_720, 4, 0, 0)), none, "the snapshot does not know yet");
    assert_eq!(told(&mut alerts, 122, &floor(122, 7, 0, 0)), none);
    assert_eq!(told(&mut alerts, 142, &floor(142, 7, 0, 0)), ["worse Bad"]);
}

#[test]
fn outbound_campaigns_have_no_service_level_to_worry_about() {
    let mut alerts = Alerts::new(vec![rule(Measure::ServiceLevel, 80.0, 70.0)]);
    assert_eq!(told(&mut alerts, 0, &floor(0, 0, 0, 0)), ["raised Warn"]);
    let mut outbound = floor(1, 0, 0, 0);
    outbound.campaigns[0].direction = crate::wire::Direction::Outbound;
    assert!(told(&mut Alerts::new(vec![rule(Measure::ServiceLevel, 80.0, 70.0)]), 1, &outbound).is_empty());
}

fn paused(picture: &mut Picture, at_secs: i64, status: i32, pause: bool, secs: u64) -> Snapshot {
    let status_of = CampaignStatus { campaign: "Soporte".into(), ..CampaignStatus::default() };
    picture.take_campaigns_of(Some(vec![status_of]), Some(Vec::new()), at_secs * 1_000);
    let agent = AgentStatus {
        location: "SIP/1".into(),
        name: Some("lucia".into()),
        status: Some(status),
        paused: Some(pause),
        state_secs: Some(secs),
        ..AgentStatus::default()
    };
    let found = CampaignAgents { campaign: None, agents: vec![agent] };
    picture.take_agents("Soporte", found, at_secs * 1_000);
    of(picture, at_secs)
}

#[test]
fn a_pause_too_long_is_told_once_for_each_pause() {
    let mut alerts = Alerts::new(vec![rule(Measure::InPause, 600.0, 1_200.0)]);
    let mut picture = Picture::default();
    assert!(told(&mut alerts, 1_000, &paused(&mut picture, 1_000, 1, true, 500)).is_empty());
    assert_eq!(told(&mut alerts, 1_100, &paused(&mut picture, 1_100, 1, true, 600)), ["raised Warn"]);
    assert_eq!(alerts.active()[0].agent.as_deref(), Some("lucia"));
    // A poll later she has been back and paused again: the first alert is over, the second is not due.
    assert_eq!(told(&mut alerts, 1_200, &paused(&mut picture, 1_200, 1, true, 20)), ["resolved"]);
    assert!(told(&mut alerts, 1_300, &paused(&mut picture, 1_300, 1, false, 5)).is_empty());
    let old = paused(&mut picture, 2_000, 1, true, 700);
    assert!(told(&mut alerts, 2_060, &old).is_empty(), "a row two rounds old says nothing of now");
}

#[test]
fn seen_to_and_not_now() {
    let mut alerts = Alerts::new(vec![rule(Measure::Waiting, 3.0, 6.0)]);
    told(&mut alerts, 0, &floor(0, 4, 0, 0));
    let id = alerts.active()[0].id;
    assert!(alerts.acknowledge(id, "ana", 1_000) && alerts.snooze(id, Some(20_000)));
    assert!(told(&mut alerts, 10, &floor(10, 4, 0, 0)).is_empty());
    assert_eq!(told(&mut alerts, 20, &floor(20, 4, 0, 0)), ["raised Warn"], "back after the snooze");
    assert_eq!(alerts.active()[0].acknowledged_ms, Some(1_000));
    assert_eq!(told(&mut alerts, 21, &floor(21, 6, 0, 0)), ["worse Bad"]);
    assert_eq!(alerts.active()[0].acknowledged_ms, None, "as a warning it was seen to, not as this");
    assert_eq!(told(&mut alerts, 22, &floor(22, 0, 0, 0)), ["resolved"]);
    assert!(!alerts.acknowledge(id, "ana", 23_000) && !alerts.snooze(id, Some(99_000)));
}

#[test]
fn a_rule_that_is_gone_takes_its_alerts_along() {
    let mut alerts = Alerts::new(vec![rule(Measure::Waiting, 3.0, 6.0)]);
    told(&mut alerts, 0, &floor(0, 4, 0, 0));
    alerts.set_rules(vec![rule(Measure::Waiting, 4.0, 6.0)], 1_000);
    assert_eq!(alerts.active().len(), 1, "another limit is the same rule");
    alerts.set_rules(vec![Rule { hears: Hears::Nobody, ..rule(Measure::Waiting, 3.0, 6.0) }], 2_000);
    assert_eq!((alerts.active().len(), alerts.history().len()), (0, 1));
}

proptest! {
    /// Whatever the floor does: raised, at most once worse, resolved, and only then raised again; never before the
    /// limit was passed long enough; and never lost to polls that fail or campaigns that come and go.
    #[test]
    fn no_alert_twice_without_clearing_and_none_lost(
        hold in 0u32..6, cooldown in 0u32..12, clear in prop::option::of(0u32..3),
        turns in prop::collection::vec((0u32..9, 0u8..10), 1..150),
    ) {
        let rule = Rule {
            hold_secs: hold,
            cooldown_secs: cooldown,
            clear: clear.map(f64::from),
            ..rule(Measure::Waiting, 3.0, 6.0)
        };
        let mut alerts = Alerts::new(vec![rule]);
        let (mut up, mut worse, mut over_since, mut ended) = (false, false, None, i64::MIN);
        for (turn, (waiting, luck)) in turns.into_iter().enumerate() {
            let at = turn as i64;
            let (mut snapshot, mut known) = (floor(at, waiting, 0, 0), true);
            match luck {
                0 => { late(&mut snapshot, Freshness::Lost); known = false; }
                1 => { snapshot.campaigns.clear(); known = false; }
                2 => { snapshot.campaigns[0].waiting = None; known = false; }
                _ => {}
            }
            if known {
                over_since = (waiting >= 3).then(|| over_since.unwrap_or(at));
            }
            for news in alerts.step(&snapshot, at * 1_000) {
                prop_assert!(known, "nothing is known, and yet {:?}", news);
                match news {
                    News::Raised(alert) => {
                        prop_assert!(!up, "raised twice");
                        prop_assert!(over_since.is_some_and(|since| at - since >= i64::from(hold)), "too early");
                        prop_assert!(at >= ended.saturating_add(i64::from(cooldown)), "within the cooldown");
                        (up, worse) = (true, alert.severity == Severity::Bad);
                    }
                    News::Worse(_) => {
                        prop_assert!(up && !worse);
                        worse = true;
                    }
                    News::Resolved(_) => {
                        prop_assert!(up && waiting < 3, "over while {} wait", waiting);
                        (up, ended) = (false, at);
                    }
                }
            }
            prop_assert_eq!(alerts.active().len(), usize::from(up));
        }
    }
}

#[test]
fn what_one_answer_says_is_judged_while_the_other_one_is_late() {
    let mut alerts = Alerts::new(vec![rule(Measure::Waiting, 3.0, 6.0)]);
    let mut counters = Alerts::new(vec![rule(Measure::AbandonRate, 5.0, 50.0)]);
    let mut half = floor(100, 4, 0, 0);
    half.campaigns[0].abandon_rate = Some(20.0);
    half.health.freshness = Freshness::Stale;
    half.health.status_ok_ms = Some(60_000);
    assert_eq!(told(&mut alerts, 100, &half), ["raised Warn"], "callers are in the answer that came");
    assert!(told(&mut counters, 100, &half).is_empty(), "counters are not");
    half.health.status_ok_ms = Some(100_000);
    assert_eq!(told(&mut counters, 101, &half), ["raised Warn"]);
}

#[test]
fn a_rolling_figure_is_judged_once_its_window_was_watched() {
    let mut alerts = Alerts::new(vec![rule(Measure::ServiceLevelRecent, 80.0, 70.0)]);
    let mut snapshot = floor(0, 0, 0, 0);
    let window = |covered_minutes| crate::wire::Rolling {
        minutes: 30,
        covered_minutes,
        answered: 9,
        abandoned: 0,
        abandon_rate: Some(0.0),
        service_level: Some(9.0),
        plus_minus: Some(0.5),
    };
    snapshot.campaigns[0].rolling = vec![window(4)];
    assert!(told(&mut alerts, 1, &snapshot).is_empty(), "of four minutes nobody knows");
    snapshot.campaigns[0].rolling = vec![window(30)];
    assert_eq!(told(&mut alerts, 2, &snapshot), ["raised Bad"]);
}

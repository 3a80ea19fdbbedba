//! One alert for what goes wrong at one place, exceptions in place of the rule for all, and figures judged as they are read.

use super::*;

/// A campaign where much goes wrong at once.
fn crowded(at_secs: i64, waiting: u32, longest: u32, level: f64) -> Snapshot {
    let mut floor = floor(at_secs, waiting, longest, 0);
    floor.campaigns[0].service_level = Some(level);
    floor
}

fn three() -> Vec<Rule> {
    vec![
        Rule { id: "waiting".into(), ..rule(Measure::Waiting, 3.0, 6.0) },
        Rule { id: "wait".into(), ..rule(Measure::LongestWait, 20.0, 60.0) },
        Rule { id: "level".into(), ..rule(Measure::ServiceLevel, 80.0, 50.0) },
    ]
}

/// The figures that are beyond their limits, by the rules' names.
fn parts(alert: &Alert) -> Vec<&str> {
    alert.parts.iter().filter(|part| part.over_ms.is_none()).map(|part| part.rule.as_str()).collect()
}

#[test]
fn what_goes_wrong_at_one_campaign_is_one_alert_that_goes_on() {
    let mut alerts = Alerts::new(three());
    assert_eq!(told(&mut alerts, 0, &crowded(0, 4, 5, 90.0)), ["raised Warn"]);
    let id = alerts.active()[0].id;
    assert!(alerts.acknowledge(id, "ana", 0));
    let none: [&str; 0] = [];
    assert_eq!(told(&mut alerts, 1, &crowded(1, 5, 25, 79.0)), none, "more of the same, no other alert");
    let alert = alerts.active().remove(0);
    assert_eq!((parts(&alert), alert.id), (vec!["waiting", "wait", "level"], id));
    assert_eq!(alert.acknowledged_by.as_deref(), Some("ana"), "whoever sees to it sees to all of it");
    assert_eq!(told(&mut alerts, 2, &crowded(2, 8, 26, 79.0)), ["worse Bad"]);
    assert_eq!(alerts.active()[0].acknowledged_by, None);
    assert_eq!(told(&mut alerts, 3, &crowded(3, 1, 5, 45.0)), none, "as bad, of another figure");
    assert_eq!(parts(&alerts.active()[0]), ["level"]);
    assert_eq!(told(&mut alerts, 4, &crowded(4, 1, 5, 79.0)), none);
    assert_eq!(told(&mut alerts, 5, &crowded(5, 1, 5, 90.0)), ["resolved"]);
    let over = alerts.history().remove(0);
    let worst: Vec<f64> = over.parts.iter().map(|part| part.worst).collect();
    assert_eq!((over.severity, worst), (Severity::Bad, vec![8.0, 26.0, 45.0]), "it says how bad it was");
}

#[test]
fn seen_to_and_put_off_can_be_taken_back() {
    let mut alerts = Alerts::new(three());
    told(&mut alerts, 0, &crowded(0, 4, 5, 90.0));
    let id = alerts.active()[0].id;
    assert!(alerts.acknowledge(id, "ana", 0) && alerts.let_go(id));
    assert_eq!((alerts.active()[0].acknowledged_ms, &alerts.active()[0].acknowledged_by), (None, &None));
    assert!(alerts.snooze(id, Some(60_000)) && alerts.snooze(id, None));
    assert_eq!(alerts.active()[0].snoozed_until_ms, None);
    assert!(!alerts.let_go(id + 1));
    assert!(alerts.snooze(id, Some(60_000)));
    assert_eq!(told(&mut alerts, 1, &crowded(1, 8, 5, 90.0)), ["worse Bad"]);
    assert_eq!(alerts.active()[0].snoozed_until_ms, None, "put off as a warning, not as this");
}

#[test]
fn a_silent_server_comes_first_and_what_it_said_stops() {
    let away = Rule { id: "away".into(), ..rule(Measure::ServerAway, 15.0, 30.0) };
    let mut alerts = Alerts::new(three().into_iter().chain([away]).collect());
    let last = crowded(0, 8, 30, 90.0);
    told(&mut alerts, 0, &last);
    let id = alerts.active()[0].id;
    assert_eq!(alerts.board().known_until_ms, None);
    alerts.snooze(id, Some(20_000));
    let mut silent = last.clone();
    late(&mut silent, Freshness::Stale);
    assert_eq!(told(&mut alerts, 16, &silent), ["raised Warn"]);
    assert!(told(&mut alerts, 25, &silent).is_empty(), "what was put off is not known to go on");
    let active = alerts.active();
    assert_eq!(
        (active[0].parts[0].rule.as_str(), active[0].severity),
        ("away", Severity::Warn),
        "before what is red"
    );
    assert_eq!(active[1].parts[1].value, 30.0, "no wait grows that nobody sees");
    assert_eq!(alerts.board().known_until_ms, Some(0));
    let back = crowded(40, 8, 30, 90.0);
    assert_eq!(told(&mut alerts, 40, &back), ["resolved", "raised Bad"]);
    assert_eq!(alerts.board().known_until_ms, None);
}

#[test]
fn an_exception_is_in_place_of_the_rule_for_all() {
    let all = rule(Measure::Waiting, 3.0, 6.0);
    let own = |warn, hears| Rule {
        id: "own".into(),
        campaign: Some("Soporte".into()),
        warn: Some(warn),
        bad: Some(99.0),
        hears,
        ..all.clone()
    };
    for (warn, hears, raised) in [
        (10.0, Hears::Sound, false),
        (2.0, Hears::Sound, true),
        (2.0, Hears::Notice, true),
        (2.0, Hears::Nobody, false),
    ] {
        let mut alerts = Alerts::new(vec![all.clone(), own(warn, hears)]);
        let news = told(&mut alerts, 0, &floor(0, 7, 0, 0));
        assert_eq!(!news.is_empty(), raised, "{warn} {hears:?}");
    }
    let elsewhere = Rule { campaign: Some("Ventas".into()), ..own(10.0, Hears::Nobody) };
    let mut alerts = Alerts::new(vec![elsewhere, all.clone()]);
    assert_eq!(told(&mut alerts, 0, &floor(0, 7, 0, 0)), ["raised Bad"]);
    // It ends in words when somebody else's rule begins to count.
    alerts.set_rules(vec![all.clone(), own(10.0, Hears::Sound)], 1_000);
    assert_eq!(told(&mut alerts, 1, &floor(1, 7, 0, 0)), ["resolved"]);
}

#[test]
fn an_alert_from_red_only_ends_where_red_does() {
    let mut alerts = Alerts::new(vec![Rule { from: Severity::Bad, ..rule(Measure::Waiting, 3.0, 6.0) }]);
    assert!(told(&mut alerts, 0, &floor(0, 5, 0, 0)).is_empty(), "amber is for the eye");
    assert_eq!(told(&mut alerts, 1, &floor(1, 6, 0, 0)), ["raised Bad"]);
    assert_eq!(told(&mut alerts, 2, &floor(2, 5, 0, 0)), ["resolved"]);
}

#[test]
fn what_shows_as_the_target_has_reached_it() {
    let abandoned = |value: f64| {
        let mut alerts = Alerts::new(vec![rule(Measure::AbandonRate, 5.0, 8.0)]);
        let mut snapshot = floor(0, 0, 0, 1);
        snapshot.campaigns[0].abandon_rate = Some(value);
        alerts.step(&snapshot, 0);
        alerts.active().len()
    };
    assert_eq!([5.0, 5.04, 5.06].map(abandoned), [0, 0, 1], "5.0 % is not above 5");
    let level = |value: f64| {
        let mut alerts = Alerts::new(vec![Rule { bad: None, ..rule(Measure::ServiceLevel, 80.0, 0.0) }]);
        alerts.step(&crowded(0, 0, 0, value), 0);
        alerts.active().len()
    };
    assert_eq!([79.4, 79.5, 79.6, 80.0].map(level), [1, 0, 0, 0], "80 % is not below 80");
}

#[test]
fn a_pause_goes_by_its_reason_where_that_has_a_limit() {
    let mut alerts = Alerts::new(vec![rule(Measure::InPause, 600.0, 1_200.0)]);
    let limit =
        |reason: &str, mins| PauseLimit { reason: reason.into(), once_mins: Some(mins), total_mins: None };
    alerts.set_scope(Vec::new(), vec![limit("Baño", 5), limit("Almuerzo", 60)]);
    let mut picture = Picture::default();
    let mut severity = |reason: &str, secs: u64| {
        let status = CampaignStatus { campaign: "Soporte".into(), ..CampaignStatus::default() };
        let at = 10_000 + 10_000 * i64::try_from(secs).unwrap_or_default();
        picture.take_campaigns_of(Some(vec![status]), Some(Vec::new()), at * 1_000);
        let agent = AgentStatus {
            location: format!("SIP/{reason}{secs}").into(),
            name: Some("lucia".into()),
            status: Some(1),
            paused: Some(true),
            paused_reason: Some(reason.into()),
            state_secs: Some(secs),
            ..AgentStatus::default()
        };
        picture.take_agents("Soporte", CampaignAgents { campaign: None, agents: vec![agent] }, at * 1_000);
        let found = alerts.step(&of(&picture, at), at * 1_000);
        found.into_iter().find_map(|news| match news {
            News::Raised(alert) => Some(alert.severity),
            _ => None,
        })
    };
    assert_eq!(
        [239, 240, 300].map(|secs| severity("baño", secs)),
        [None, Some(Severity::Warn), Some(Severity::Bad)]
    );
    assert_eq!(severity("Almuerzo", 1_300), None, "an hour is allowed");
    assert_eq!(
        severity("Reunión", 1_300),
        Some(Severity::Bad),
        "without a limit of its own it goes by that of all"
    );
}

#[test]
fn what_may_become_red_is_raised_while_it_is_known_and_over_when_it_is_less_likely() {
    let mut alerts =
        Alerts::new(vec![Rule { clear: Some(40.0), hold_secs: 90, ..rule(Measure::RedAhead, 50.0, 70.0) }]);
    let none: [&str; 0] = [];
    let ahead = |likely_percent| {
        let red = RedAhead { likely_percent, in_secs: (likely_percent > 0.0).then_some(480) };
        HashMap::from([("Soporte".to_owned(), red)])
    };
    assert_eq!(told(&mut alerts, 0, &crowded(0, 1, 5, 90.0)), none, "no forecast");
    alerts.set_ahead(ahead(72.0), 0);
    assert_eq!(told(&mut alerts, 1, &crowded(1, 1, 5, 90.0)), none, "said once");
    alerts.set_ahead(ahead(71.0), 60_000);
    assert_eq!(told(&mut alerts, 91, &crowded(91, 1, 5, 90.0)), ["raised Bad"]);
    let part = alerts.active()[0].parts[0].clone();
    assert_eq!((part.value, part.in_secs, part.limit), (71.0, Some(480), 70.0));
    alerts.set_ahead(ahead(45.0), 120_000);
    assert_eq!(told(&mut alerts, 121, &crowded(121, 1, 5, 90.0)), none, "not less likely by enough");
    // Nobody said anything for minutes: it is not known, and stays.
    assert_eq!(told(&mut alerts, 400, &crowded(400, 1, 5, 90.0)), none);
    alerts.set_ahead(ahead(39.0), 420_000);
    assert_eq!(told(&mut alerts, 421, &crowded(421, 1, 5, 90.0)), ["resolved"]);
    // Once it is red the figures themselves say so.
    let mut alerts = Alerts::new(vec![rule(Measure::RedAhead, 50.0, 70.0)]);
    alerts.set_ahead(ahead(80.0), 0);
    assert_eq!(told(&mut alerts, 1, &crowded(1, 1, 5, 90.0)), ["raised Bad"]);
    alerts.set_ahead(ahead(0.0), 60_000);
    assert_eq!(told(&mut alerts, 61, &crowded(61, 9, 90, 90.0)), ["resolved"]);
}

//! Rules about people: teams, reasons, totals, and who has gone.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::wire::{PauseLimit, Team};

/// One person as the server tells of them: state number, reason of a pause, second the state began.
type Expected = (i32, Option<&'static str>, i64);

const FREE: i32 = 1;
const GONE: i32 = 5;

/// Reads these people of campaign Soporte, and of Ventas those with a capital.
fn read(picture: &mut Picture, at_secs: i64, people: &[(&str, Expected)]) -> Snapshot {
    let status = |campaign: &str| CampaignStatus {
        campaign: campaign.into(),
        waiting: Some(4),
        ..CampaignStatus::default()
    };
    let both = vec![status("Soporte"), status("Ventas")];
    picture.take_campaigns_of(Some(both), Some(Vec::new()), at_secs * 1_000);
    let (capitals, others): (Vec<_>, Vec<_>) =
        people.iter().partition(|(name, _)| name.starts_with(char::is_uppercase));
    for (campaign, people) in [("Soporte", others), ("Ventas", capitals)] {
        let agents = people.into_iter().map(|(name, (status, reason, since))| AgentStatus {
            location: format!("SIP/{name}").into(),
            name: Some((*name).into()),
            status: Some(status),
            paused: Some(reason.is_some()),
            paused_reason: reason.map(Into::into),
            state_secs: Some((at_secs - since) as u64),
            ..AgentStatus::default()
        });
        let found = CampaignAgents { campaign: None, agents: agents.collect() };
        picture.take_agents(campaign, found, at_secs * 1_000);
    }
    of(picture, at_secs)
}

fn team(members: &[&str]) -> Vec<Team> {
    let members = members.iter().map(|name| (*name).to_owned()).collect();
    vec![Team { id: "t1".into(), name: "Mañana".into(), members }]
}

fn limits(reason: &str, once_mins: Option<u32>, total_mins: Option<u32>) -> Vec<PauseLimit> {
    vec![PauseLimit { reason: reason.into(), once_mins, total_mins }]
}

fn of_team(rule: Rule) -> Rule {
    Rule { team: Some("t1".into()), ..rule }
}

/// Who or what the alerts under way are about.
fn about(alerts: &Alerts) -> Vec<String> {
    let mut about: Vec<String> =
        alerts.active().into_iter().map(|alert| alert.agent.or(alert.campaign).unwrap_or_default()).collect();
    about.sort();
    about
}

#[test]
fn a_rule_of_a_team_is_about_its_people_and_where_they_work() {
    let mut picture = Picture::default();
    let long = (FREE, Some("Baño"), 0);
    let snapshot = read(&mut picture, 100, &[("ana", long), ("bruno", long), ("Carla", long)]);
    for (rule, whose) in [
        (rule(Measure::InPause, 60.0, 900.0), vec!["ana", "bruno", "Carla"]),
        (of_team(rule(Measure::InPause, 60.0, 900.0)), vec!["Carla"]),
        (of_team(rule(Measure::Waiting, 3.0, 6.0)), vec!["Ventas"]),
    ] {
        let mut alerts = Alerts::new(vec![rule]);
        alerts.set_scope(team(&["Carla", "nobody"]), Vec::new());
        told(&mut alerts, 100, &snapshot);
        let mut whose: Vec<_> = whose.into_iter().map(str::to_owned).collect();
        whose.sort();
        assert_eq!(about(&alerts), whose);
    }
    let mut alerts = Alerts::new(vec![of_team(rule(Measure::InPause, 60.0, 900.0))]);
    assert!(told(&mut alerts, 100, &snapshot).is_empty(), "a team nobody knows has nobody");
    // Members that leave the team take their alert along, after a while.
    alerts.set_scope(team(&["ana"]), Vec::new());
    told(&mut alerts, 100, &snapshot);
    alerts.set_scope(team(&["bruno"]), Vec::new());
    assert_eq!(told(&mut alerts, 101, &snapshot), ["raised Warn"]);
    assert_eq!(about(&alerts), ["ana", "bruno"]);
    let later = read(&mut picture, 170, &[("ana", long), ("bruno", long)]);
    assert_eq!(told(&mut alerts, 170, &later), ["resolved"]);
    assert_eq!(about(&alerts), ["bruno"]);
}

#[test]
fn a_rule_of_a_reason_is_about_its_pauses() {
    let mut alerts =
        Alerts::new(vec![Rule { reason: Some("almuerzo".into()), ..rule(Measure::InPause, 60.0, 900.0) }]);
    let mut picture = Picture::default();
    let people = [("ana", (FREE, Some("Baño"), 0)), ("bruno", (FREE, Some("Almuerzo"), 0))];
    assert_eq!(told(&mut alerts, 100, &read(&mut picture, 100, &people)), ["raised Warn"]);
    assert_eq!(about(&alerts), ["bruno"]);
    let other = [("ana", (FREE, Some("ALMUERZO"), 101)), ("bruno", (FREE, Some("Baño"), 101))];
    assert_eq!(told(&mut alerts, 104, &read(&mut picture, 104, &other)), ["resolved"]);
    assert_eq!(told(&mut alerts, 161, &read(&mut picture, 161, &other)), ["raised Warn"]);
}

#[test]
fn who_was_here_and_is_gone() {
    let mut alerts = Alerts::new(vec![rule(Measure::Offline, 300.0, 900.0)]);
    let mut picture = Picture::default();
    let here = [("ana", (FREE, None, 0)), ("bruno", (GONE, None, 0))];
    assert!(told(&mut alerts, 1_000, &read(&mut picture, 1_000, &here)).is_empty());
    let gone = [("ana", (GONE, None, 1_010)), ("bruno", (GONE, None, 0))];
    assert!(told(&mut alerts, 1_309, &read(&mut picture, 1_309, &gone)).is_empty());
    assert_eq!(told(&mut alerts, 1_310, &read(&mut picture, 1_310, &gone)), ["raised Warn"]);
    assert_eq!(about(&alerts), ["ana"], "bruno never came");
    let back = [("ana", (FREE, None, 1_320)), ("bruno", (GONE, None, 0))];
    assert_eq!(told(&mut alerts, 1_321, &read(&mut picture, 1_321, &back)), ["resolved"]);
    // Home for the night: nobody is missed in the morning.
    let home = [("ana", (GONE, None, 1_400)), ("bruno", (GONE, None, 0))];
    assert_eq!(told(&mut alerts, 1_800, &read(&mut picture, 1_800, &home)), ["raised Warn"]);
    let morning = 1_400 + 14 * 3_600;
    assert_eq!(told(&mut alerts, morning, &read(&mut picture, morning, &home)), ["resolved"]);
}

#[test]
fn pauses_without_limits_of_the_rule_go_by_the_reason() {
    let bare = |measure| Rule { warn: None, bad: None, from: Severity::Bad, ..rule(measure, 0.0, 0.0) };
    let mut alerts = Alerts::new(vec![bare(Measure::PauseTotal)]);
    alerts.set_scope(Vec::new(), limits("baño", Some(1), Some(2)));
    let mut picture = Picture::default();
    // Read so seldom, nothing here is a gap.
    picture.set_agents_every(600_000);
    let mut at = |alerts: &mut Alerts, secs: i64, ana: Expected, bruno: Expected| {
        told(alerts, secs, &read(&mut picture, secs, &[("ana", ana), ("bruno", bruno)]))
    };
    let none: [&str; 0] = [];
    let lunch = (FREE, Some("Almuerzo"), 0);
    assert_eq!(at(&mut alerts, 0, (FREE, Some("Baño"), 0), lunch), none);
    assert_eq!(at(&mut alerts, 80, (FREE, None, 80), lunch), none);
    assert_eq!(at(&mut alerts, 1_000, (FREE, Some("Baño"), 1_000), lunch), none);
    assert_eq!(at(&mut alerts, 1_039, (FREE, Some("Baño"), 1_000), lunch), none);
    assert_eq!(at(&mut alerts, 1_040, (FREE, Some("Baño"), 1_000), lunch), ["raised Bad"]);
    let alert = alerts.active().remove(0);
    assert_eq!((alert.agent.as_deref(), alert.location.as_deref()), (Some("ana"), Some("SIP/ana")));
    assert_eq!((alert.parts[0].value, alert.parts[0].limit), (120.0, 120.0));
    assert_eq!(alert.parts[0].reason.as_deref(), Some("Baño"));
    // Back: over. Each further pause is an occasion of its own.
    assert_eq!(at(&mut alerts, 1_100, (FREE, None, 1_099), lunch), ["resolved"]);
    assert_eq!(
        alerts.history()[0].parts[0].reason.as_deref(),
        Some("Baño"),
        "it is over, and still says which"
    );
    assert_eq!(at(&mut alerts, 1_200, (FREE, Some("Baño"), 1_200), lunch), ["raised Bad"]);

    let mut once = Alerts::new(vec![bare(Measure::InPause)]);
    once.set_scope(Vec::new(), limits("Baño", Some(1), None));
    assert_eq!(at(&mut once, 1_259, (FREE, Some("Baño"), 1_200), lunch), none);
    assert_eq!(at(&mut once, 1_260, (FREE, Some("Baño"), 1_200), lunch), ["raised Bad"]);
    let mut total = Alerts::new(vec![bare(Measure::PauseTotal)]);
    total.set_scope(Vec::new(), limits("Baño", Some(1), None));
    assert_eq!(at(&mut total, 1_300, (FREE, Some("Baño"), 1_200), lunch), none, "no limit, no alert");
}

#[test]
fn a_rule_of_another_team_or_reason_is_another_rule() {
    let mut picture = Picture::default();
    let snapshot = read(&mut picture, 100, &[("ana", (FREE, Some("Baño"), 0))]);
    let all = rule(Measure::InPause, 60.0, 900.0);
    for other in [of_team(all.clone()), Rule { reason: Some("Baño".into()), ..all.clone() }] {
        let mut alerts = Alerts::new(vec![all.clone()]);
        alerts.set_scope(team(&["ana"]), Vec::new());
        told(&mut alerts, 100, &snapshot);
        alerts.set_rules(vec![other], 100_000);
        assert_eq!((alerts.active().len(), alerts.history().len()), (0, 1));
    }
}

proptest! {
    /// People of a team in and out of pauses of two reasons, polls that fail, campaigns that vanish: at every moment
    /// something is known the alerts are those of the team's long pauses of that reason; each is raised once, and nothing
    /// ends while nothing is known.
    #[test]
    fn no_pause_twice_and_none_lost(
        turns in prop::collection::vec((0usize..12, 0usize..3, 0u8..10), 1..150),
    ) {
        let names = ["ana", "bruno", "Carla"];
        let members = ["ana", "Carla"];
        let one = of_team(Rule { reason: Some("baño".into()), ..rule(Measure::InPause, 5.0, 12.0) });
        let total = Rule { id: "total".into(), warn: None, bad: None, from: Severity::Bad, ..rule(Measure::PauseTotal, 0.0, 0.0) };
        let mut alerts = Alerts::new(vec![one, total]);
        alerts.set_scope(team(&members), limits("Baño", None, Some(1)));
        let mut picture = Picture::default();
        let mut people: BTreeMap<&str, Expected> = names.map(|name| (name, (FREE, None, 0))).into();
        let mut up: BTreeMap<(String, String), Severity> = BTreeMap::new();
        let mut before: BTreeSet<(&str, i64)> = BTreeSet::new();
        for (turn, (does, who, luck)) in turns.into_iter().enumerate() {
            let at = turn as i64;
            // Mostly nothing happens, so that pauses grow long.
            if let Some(told) = [(FREE, None, at), (FREE, Some("Baño"), at), (FREE, Some("Almuerzo"), at)].get(does) {
                people.insert(names[who], *told);
            }
            let known = luck > 1;
            let snapshot = match luck {
                0 => Snapshot { health: health::starting(3_000), ..of(&picture, at) },
                1 => {
                    picture.take_campaigns_of(Some(Vec::new()), Some(Vec::new()), at * 1_000);
                    of(&picture, at)
                }
                _ => read(&mut picture, at, &people.iter().map(|(name, told)| (*name, *told)).collect::<Vec<_>>()),
            };
            let news = alerts.step(&snapshot, at * 1_000);
            prop_assert!(known || news.is_empty(), "nothing is known, and yet {:?}", news);
            let mut now: BTreeMap<(String, String), Severity> = BTreeMap::new();
            for alert in alerts.active() {
                let agent = alert.agent.clone().unwrap_or_default();
                prop_assert!(news.iter().all(|news| !matches!(news, News::Resolved(over) if over.id == alert.id)));
                for part in alert.parts.iter().filter(|part| part.over_ms.is_none()) {
                    let before = now.insert((part.rule.clone(), agent.clone()), part.severity);
                    prop_assert_eq!(before, None, "one person has two alerts");
                }
            }
            prop_assert!(known || now == up, "nothing is known, and yet it changed");
            up = now;
            if !known {
                continue;
            }
            let longer = |secs: i64| -> BTreeSet<(&str, i64)> {
                let paused = people.iter().filter(|(name, (_, reason, since))| {
                    members.contains(name) && *reason == Some("Baño") && at - since >= secs
                });
                paused.map(|(name, (_, _, since))| (*name, *since)).collect()
            };
            // Beginnings wander by two seconds.
            let (long, nearly) = (longer(5), longer(3));
            for name in names {
                let told = up.contains_key(&("rule".to_owned(), name.to_owned()));
                let is = long.iter().find(|(one, _)| *one == name);
                prop_assert!(!told || nearly.iter().any(|(one, _)| *one == name), "{} is told of for nothing", name);
                // A pause right after another is told at the next look.
                prop_assert!(told || is.is_none_or(|pause| !before.contains(pause)), "{} is lost", name);
                let (_, reason, _) = people[name];
                let total = up.contains_key(&("total".to_owned(), name.to_owned()));
                prop_assert!(!total || reason == Some("Baño"), "{} is not in a limited pause", name);
            }
            before = long;
        }
    }
}

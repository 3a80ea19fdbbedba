//! A table: what the window sees, and what the forecast is told of it.

use atalaya_floor::default_rules;
use atalaya_floor::wire::{Freshness, Health};
use atalaya_forecast::input::Weekday;

use super::*;

const NOW_MS: i64 = 1_800_000_000_000;

fn campaign(name: &str) -> Campaign {
    let (direction, label) = atalaya_floor::direction(name);
    Campaign {
        name: name.to_owned(),
        label: label.to_owned(),
        direction,
        waiting: Some(2),
        longest_wait_secs: Some(20),
        longest_wait_since_ms: Some(NOW_MS - 30_000),
        available: None,
        logged_in: None,
        total_agents: None,
        busy: None,
        busy_paused: None,
        paused: None,
        wrap_up: None,
        ringing: None,
        on_hold: None,
        answered: Some(100),
        abandoned: Some(7),
        total_calls: None,
        abandon_rate: None,
        service_level: Some(80.0),
        service_level2: None,
        service_level_offered: None,
        service_level_patient: None,
        service_level_threshold_secs: Some(30),
        wrap_up_secs: Some(15),
        recent_wait_secs: None,
        recent_talk_secs: Some(0),
        average_wait_secs: None,
        average_talk_secs: Some(200),
        strategy: None,
        waiting_trend: Vec::new(),
        rolling: Vec::new(),
    }
}

fn agent(location: &str, state: AgentState, campaigns: &[&str]) -> Agent {
    Agent {
        location: location.to_owned(),
        name: location.to_owned(),
        state,
        status_code: None,
        state_since_ms: Some(NOW_MS - 45_000),
        pause_reason: None,
        paused_in: 0,
        in_call_here: None,
        call_campaign: None,
        calls_taken: None,
        last_call_at_ms: None,
        campaigns: campaigns.iter().map(|name| (*name).to_owned()).collect(),
        ring_no_answer: 0,
        pause_before_secs: None,
    }
}

fn seat(name: &str, penalty: u32, paused: bool, last_call_at_ms: Option<i64>) -> AgentSeat {
    AgentSeat {
        campaign: name.to_owned(),
        calls_taken: None,
        last_call_at_ms,
        paused: Some(paused),
        penalty: Some(penalty),
        read_at_ms: NOW_MS,
    }
}

fn snapshot(campaigns: Vec<Campaign>, agents: Vec<Agent>) -> Snapshot {
    Snapshot {
        revision: 1,
        at_ms: NOW_MS,
        agents_read_at_ms: campaigns.iter().map(|one| (one.name.clone(), NOW_MS - 10_000)).collect(),
        campaigns,
        agents: agents.into_iter().map(Into::into).collect(),
        agents_unread: BTreeMap::new(),
        agents_every_ms: 5_000,
        health: Health {
            freshness: Freshness::Fresh,
            last_ok_ms: Some(NOW_MS - 4_000),
            status_ok_ms: Some(NOW_MS - 4_000),
            queue_ok_ms: Some(NOW_MS - 4_000),
            every_ms: 5_000,
            slowed: None,
            round_trip_ms: None,
            failures: 0,
            problem: None,
            dropped: 0,
            requests_per_minute: 0,
            server_offset_secs: None,
        },
    }
}

fn told(snapshot: &Snapshot) -> Floor {
    floor(snapshot, &BTreeMap::new(), &Readings::default(), NOW_MS)
}

#[test]
fn every_state_is_told_and_ages_are_counted_on_to_now() {
    for (state, doing) in [
        (AgentState::Available, Doing::Available),
        (AgentState::Ringing, Doing::Ringing),
        (AgentState::Busy, Doing::OnCall),
        (AgentState::OnHold, Doing::OnCall),
        (AgentState::BusyPaused, Doing::OnCallThenBreak),
        (AgentState::Paused, Doing::OnBreak),
        (AgentState::WrapUp, Doing::WrapUp),
        (AgentState::Offline, Doing::Away),
        (AgentState::Unknown, Doing::Unknown),
    ] {
        let floor = told(&snapshot(vec![campaign("A<-")], vec![agent("SIP/1", state, &["A<-", "gone<-"])]));
        let person = &floor.people[0];
        assert_eq!((person.doing, person.for_secs, person.seats.len()), (doing, Some(45.0), 1), "{state:?}");
    }
    let mut nothing = agent("SIP/1", AgentState::Available, &["A<-"]);
    nothing.state_since_ms = None;
    assert_eq!(told(&snapshot(vec![campaign("A<-")], vec![nothing])).people[0].for_secs, None);
}

#[test]
fn callers_are_told_as_they_are_and_unknown_is_not_none() {
    let waits = |change: fn(&mut Campaign)| {
        let mut one = campaign("A<-");
        change(&mut one);
        told(&snapshot(vec![one], Vec::new())).campaigns.remove(0).waiting
    };
    let of = |callers, longest_secs| Some(Waiting { callers, longest_secs });
    assert_eq!(waits(|_| {}), of(2, Some(30.0)), "from the moment it began");
    assert_eq!(
        waits(|one| one.longest_wait_since_ms = None),
        of(2, Some(24.0)),
        "counted on from the answer"
    );
    assert_eq!(waits(|one| (one.longest_wait_since_ms, one.longest_wait_secs) = (None, None)), of(2, None));
    assert_eq!(waits(|one| one.waiting = Some(0)), of(0, None));
    assert_eq!(waits(|one| one.waiting = None), None);
    let floor = told(&snapshot(vec![campaign("A->"), campaign("B<-")], Vec::new()));
    assert_eq!(floor.campaigns.iter().map(|one| one.inbound).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_picture_is_as_old_as_its_older_answer() {
    let aged = |last_ok_ms: Option<i64>| {
        let mut picture = snapshot(vec![campaign("A<-")], Vec::new());
        picture.health.last_ok_ms = last_ok_ms;
        told(&picture).age_secs
    };
    assert_eq!(aged(Some(NOW_MS - 4_000)), Some(4.0));
    assert_eq!(aged(None), None);
    assert_eq!(aged(Some(NOW_MS + 1_500)), Some(0.0), "a clock that was trimmed");
    assert_eq!(aged(Some(NOW_MS + 60_000)), Some(-60.0), "of a moment to come nobody read anything");
}

#[test]
fn people_are_known_where_they_were_read_lately() {
    let known = |change: fn(&mut Snapshot)| {
        let mut picture = snapshot(vec![campaign("A<-")], Vec::new());
        change(&mut picture);
        told(&picture).campaigns[0].people_known
    };
    assert!(known(|_| {}));
    assert!(!known(|picture| picture.agents_read_at_ms.clear()));
    assert!(!known(|picture| {
        picture.agents_unread.insert("A<-".to_owned(), "forbidden".to_owned());
    }));
    let old = |picture: &mut Snapshot| {
        picture.agents_read_at_ms.insert("A<-".to_owned(), NOW_MS - 150_000);
    };
    let mut picture = snapshot(vec![campaign("A<-")], Vec::new());
    old(&mut picture);
    assert!(!told(&picture).campaigns[0].people_known);
    // A large floor is read in longer rounds.
    picture.agents_every_ms = 90_000;
    assert!(told(&picture).campaigns[0].people_known);
}

#[test]
fn a_place_has_its_penalty_and_its_pause_and_a_break_ends_at_all_of_them() {
    let picture = |state| {
        snapshot(vec![campaign("A<-"), campaign("B<-")], vec![agent("SIP/1", state, &["A<-", "B<-"])])
    };
    let seats = BTreeMap::from([(
        "SIP/1".to_owned(),
        vec![seat("A<-", 3, true, Some(NOW_MS - 90_000)), seat("B<-", 0, false, Some(NOW_MS - 9_000))],
    )]);
    let of = |state| floor(&picture(state), &seats, &Readings::default(), NOW_MS).people.remove(0);
    let at = |campaign, penalty, paused| Seat { campaign, penalty, paused };
    assert_eq!(of(AgentState::Available).seats, [at(0, 3, true), at(1, 0, false)]);
    assert_eq!(of(AgentState::Paused).seats, [at(0, 3, false), at(1, 0, false)]);
    assert_eq!(of(AgentState::BusyPaused).seats, [at(0, 3, false), at(1, 0, false)]);
    // The work after a call is after the last one.
    assert_eq!(of(AgentState::WrapUp).call_of, Some(1));
    assert_eq!(of(AgentState::Busy).call_of, None, "nobody said whose");
    // Without a roster: first, and not paused.
    assert_eq!(told(&picture(AgentState::Available)).people[0].seats, [at(0, 0, false), at(1, 0, false)]);
}

#[test]
fn the_hour_of_the_server_and_its_half_hour() {
    let at = |secs: i64, offset| of_day(secs * 1_000, offset);
    assert_eq!(at(0, None), (0.0, 0));
    assert_eq!(at(3_600 * 23 + 1_801, None), (1.0, 23));
    assert_eq!(at(3_600, Some(-3 * 3_600)), (0.0, 22));
    assert_eq!(at(0, Some(5 * 3_600 + 2_700)), (900.0, 5));
}

#[test]
fn the_past_and_the_servers_averages_are_put_together() {
    let mut times = FloorTimes::default();
    let day = Weekday { before: Some(1), this: None, next: Some(3), ..Weekday::default() };
    let talks = Times { weekdays: vec![day], talk_secs: vec![5.0], ..Times::default() };
    times.campaigns.insert("A<-".to_owned(), talks);
    let picture = snapshot(vec![campaign("A<-"), campaign("B<-")], Vec::new());
    let known = known(&picture, &times, NOW_MS);
    let [a, b] = &known.campaigns[..] else { panic!("two") };
    assert_eq!((&a.weekdays[..], &a.talk_secs[..]), (&[day][..], &[5.0][..]));
    // No recent talk is no average of zero.
    assert_eq!((a.average_talk_secs, a.set_wrap_up_secs), (Some(200.0), Some(15.0)));
    assert_eq!((b.weekdays.len(), b.average_talk_secs), (0, Some(200.0)));
}

#[test]
fn limits_are_the_rules_own_in_seconds() {
    let mut rules = default_rules();
    let own = Rule {
        id: "own".to_owned(),
        campaign: Some("B<-".to_owned()),
        warn: Some(1.0),
        bad: None,
        ..rules.iter().find(|rule| rule.measure == Measure::Waiting).unwrap().clone()
    };
    rules.push(own);
    let picture = snapshot(vec![campaign("A->"), campaign("A<-"), campaign("B<-")], Vec::new());
    let targets = targets(&picture, &rules, &[]);
    let [out, a, b] = &targets.campaigns[..] else { panic!("three") };
    assert_eq!(
        (out.waiting, out.level_percent),
        (Limits::NONE, None),
        "nobody waits where calls are dialled"
    );
    assert_eq!(a.waiting, Limits { amber: Some(3.0), red: Some(6.0) });
    // Once and three times the campaign's own threshold.
    assert_eq!(a.longest_secs, Limits { amber: Some(30.0), red: Some(90.0) });
    assert_eq!((a.within_secs, a.level_percent), (30.0, Some(80.0)));
    assert_eq!(b.waiting, Limits { amber: Some(1.0), red: None });
}

#[test]
fn no_ring_is_longer_than_the_wait_that_ends_with_it() {
    let mut times = FloorTimes::default();
    times.campaigns.insert("A<-".to_owned(), Times { ring_secs: Some(12.0), ..Times::default() });
    let ring_secs = |recent_wait_secs| {
        let picture = snapshot(vec![Campaign { recent_wait_secs, ..campaign("A<-") }], Vec::new());
        known(&picture, &times, NOW_MS).campaigns.remove(0).ring_secs
    };
    assert_eq!([ring_secs(Some(4)), ring_secs(Some(30))], [Some(4.0), Some(12.0)]);
    assert_eq!([ring_secs(Some(0)), ring_secs(None)], [Some(12.0); 2], "no call answered says nothing");
}

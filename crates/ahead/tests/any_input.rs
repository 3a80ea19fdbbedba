//! Whatever the floor says, a look has an answer for every campaign: an outlook or a reason, and never both or neither.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use atalaya_ahead::wire::AheadChange;
use atalaya_ahead::{Ahead, Asked, Readings};
use atalaya_floor::default_rules;
use atalaya_floor::wire::{
    Agent, AgentSeat, AgentState, Campaign, Freshness, Health, Hears, Measure, Rule, Severity, Snapshot,
};
use atalaya_history::Figures;
use proptest::prelude::*;

const NAMES: [&str; 4] = ["Soporte<-", "Ventas<-", "Ventas->", ""];
const STATES: [AgentState; 9] = [
    AgentState::Available,
    AgentState::Ringing,
    AgentState::Busy,
    AgentState::BusyPaused,
    AgentState::OnHold,
    AgentState::Paused,
    AgentState::WrapUp,
    AgentState::Offline,
    AgentState::Unknown,
];

fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 1_800_000_000_000i64 - 4_000_000..1_800_000_100_000,
        1 => -1_000i64..1_000,
        1 => Just(i64::MAX / 4),
        1 => Just(i64::MIN / 4),
    ]
}

fn count() -> impl Strategy<Value = Option<u32>> {
    prop_oneof![3 => (0u32..60).prop_map(Some), 1 => Just(None), 1 => any::<u32>().prop_map(Some)]
}

fn campaign(name: &'static str) -> impl Strategy<Value = Campaign> {
    let counts = (count(), count(), count(), count(), count(), count());
    (counts, prop::option::of(moment()), prop::option::of(any::<f64>())).prop_map(
        move |((waiting, longest, answered, abandoned, within, wrap_up), since, level)| {
            let (direction, label) = atalaya_floor::direction(name);
            Campaign {
                name: name.to_owned(),
                label: label.to_owned(),
                direction,
                waiting,
                longest_wait_secs: longest,
                longest_wait_since_ms: since,
                available: None,
                logged_in: None,
                total_agents: None,
                busy: None,
                busy_paused: None,
                paused: None,
                wrap_up: None,
                ringing: None,
                on_hold: None,
                answered,
                abandoned,
                total_calls: None,
                abandon_rate: None,
                service_level: level,
                service_level2: None,
                service_level_offered: None,
                service_level_patient: None,
                service_level_threshold_secs: within,
                wrap_up_secs: wrap_up,
                recent_wait_secs: None,
                recent_talk_secs: wrap_up,
                average_wait_secs: None,
                average_talk_secs: longest,
                strategy: None,
                waiting_trend: Vec::new(),
                rolling: Vec::new(),
            }
        },
    )
}

fn agent() -> impl Strategy<Value = (Agent, Vec<AgentSeat>)> {
    let seats = prop::collection::vec(
        (0usize..5, count(), prop::option::of(any::<bool>()), prop::option::of(moment())),
        0..4,
    );
    (0u32..40, 0usize..9, prop::option::of(moment()), prop::option::of(0usize..5), seats).prop_map(
        |(number, state, since, call, seats)| {
            let name = |at: usize| (*NAMES.get(at).unwrap_or(&"gone<-")).to_owned();
            let agent = Agent {
                location: format!("SIP/{number}"),
                name: String::new(),
                state: STATES[state],
                status_code: None,
                state_since_ms: since,
                pause_reason: None,
                paused_in: 0,
                in_call_here: None,
                call_campaign: call.map(name),
                calls_taken: None,
                last_call_at_ms: None,
                campaigns: seats.iter().map(|(at, ..)| name(*at)).collect(),
                ring_no_answer: 0,
                pause_before_secs: None,
            };
            let seats = seats.into_iter().map(|(at, penalty, paused, last_call_at_ms)| AgentSeat {
                campaign: name(at),
                calls_taken: None,
                last_call_at_ms,
                paused,
                penalty,
                read_at_ms: 0,
            });
            (agent, seats.collect())
        },
    )
}

fn figures() -> impl Strategy<Value = Vec<Figures>> {
    let one = (moment(), count(), count(), count(), count(), prop::option::of(any::<f64>()));
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let of = |(at_ms, answered, abandoned, waiting, longest_secs, level)| Figures {
            at_ms,
            answered,
            abandoned,
            waiting,
            longest_secs,
            level,
        };
        all.into_iter().map(of).collect()
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    let measures =
        prop_oneof![Just(Measure::Waiting), Just(Measure::LongestWait), Just(Measure::ServiceLevel)];
    (measures, prop::option::of(any::<f64>()), prop::option::of(any::<f64>()), any::<bool>()).prop_map(
        |(measure, warn, bad, relative)| Rule {
            id: "any".to_owned(),
            measure,
            campaign: Some("Soporte<-".to_owned()),
            team: None,
            reason: None,
            warn,
            bad,
            relative,
            at_most: None,
            clear: None,
            hold_secs: 0,
            cooldown_secs: 0,
            hears: Hears::Sound,
            from: Severity::Warn,
        },
    )
}

fn snapshot(campaigns: Vec<Campaign>, agents: Vec<Agent>, ok: Option<i64>, read: Option<i64>) -> Snapshot {
    Snapshot {
        revision: 1,
        at_ms: 0,
        agents_read_at_ms: read
            .into_iter()
            .flat_map(|read| campaigns.iter().map(move |one| (one.name.clone(), read)))
            .collect(),
        campaigns,
        agents: agents.into_iter().map(Into::into).collect(),
        agents_unread: BTreeMap::new(),
        agents_every_ms: 5_000,
        health: Health {
            freshness: Freshness::Fresh,
            last_ok_ms: ok,
            status_ok_ms: ok,
            queue_ok_ms: ok,
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn every_campaign_has_an_outlook_or_a_reason(
        campaigns in NAMES.map(campaign),
        people in prop::collection::vec(agent(), 0..30),
        ok in prop::option::of(moment()),
        read in prop::option::of(moment()),
        earlier in figures(),
        rule in rule(),
        offset in prop::option::of(any::<i32>()),
        now_ms in moment(),
        more in any::<u32>(),
    ) {
        let (agents, seats): (Vec<Agent>, Vec<Vec<AgentSeat>>) = people.into_iter().unzip();
        let seats = agents.iter().map(|agent| agent.location.clone()).zip(seats).collect();
        let snapshot = Arc::new(snapshot(campaigns.to_vec(), agents, ok, read));
        let mut readings = Readings::default();
        readings.recall(HashMap::from([("Soporte<-".to_owned(), earlier)]));
        readings.note(&snapshot);
        let asked = Asked {
            snapshot,
            seats,
            readings,
            rules: default_rules().into_iter().chain([rule]).collect(),
            teams: Vec::new(),
            offset_secs: offset,
            now_ms,
        };
        let mut ahead = Ahead::default();
        let looked = ahead.look(None, &asked);
        prop_assert_eq!(looked.told.campaigns.len(), NAMES.len());
        for one in &looked.told.campaigns {
            prop_assert_eq!(one.reason.is_some(), one.outlook.is_none(), "{:?}", one);
            prop_assert_eq!(looked.red.contains_key(&one.name), one.outlook.is_some());
            for at in one.outlook.iter().flat_map(|outlook| &outlook.ahead) {
                for figure in [Some(at.waiting), Some(at.longest_secs), at.level].into_iter().flatten() {
                    prop_assert!(0.0 <= figure.low && figure.low <= figure.high, "{:?}", figure);
                }
            }
        }
        let what = looked.view.what_if(&[
            AheadChange::More { campaign: "Soporte<-".to_owned(), people: more },
            AheadChange::Fewer { campaign: "Ventas<-".to_owned(), people: more },
            AheadChange::Leave { location: "SIP/1".to_owned(), campaign: "Soporte<-".to_owned() },
        ]);
        prop_assert_eq!(what.campaigns.len(), NAMES.len());
        let advice = looked.view.advise("Soporte<-");
        prop_assert_eq!(advice.none.is_some(), advice.people.is_empty());
        // A quarter of an hour later something may have come true.
        ahead.look(None, &Asked { now_ms: now_ms.saturating_add(1_000_000), ..asked });
    }
}

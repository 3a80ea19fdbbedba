//! Drawing a sample: random with a seed, the same number for each agent, spread over the days. A pure function.
//!
//! Each agent's draw depends on the seed, that agent's name and that agent's calls alone: somebody else's calls change
//! nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use atalaya_calls::wire::Call;

use crate::wire::{SampleRequest, Shortfall};

/// What was drawn, ordered by agent and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The calls.
    pub calls: Vec<Call>,
    /// Agents with fewer calls than wanted.
    pub shortfalls: Vec<Shortfall>,
}

/// `SplitMix64`: fixed for ever, so that a seed kept in a file draws the same in every version.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            // The bias of a remainder is one in 2^64 / length.
            list.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

/// Whether a call is one the sample is drawn from.
fn wanted(call: &Call, request: &SampleRequest) -> bool {
    let talk = call.talk_secs.or(call.length_secs).unwrap_or(0);
    let at = call.started_at.as_str();
    call.answered
        && call.agent.is_some()
        && talk >= request.min_secs
        && request.max_secs.is_none_or(|most| talk <= most)
        && (request.campaign.is_empty() || call.campaign == request.campaign)
        && request.direction.is_none_or(|direction| call.direction == direction)
        && (request.from.is_empty() || at >= request.from.as_str())
        && (request.to.is_empty() || at <= request.to.as_str())
}

/// The calls of `pool` that may be drawn, each once. What can be heard of them is not looked at.
pub fn eligible<'a>(
    pool: &'a [Call],
    request: &'a SampleRequest,
    taken: &'a BTreeSet<String>,
) -> impl Iterator<Item = &'a Call> {
    let mut known = HashSet::new();
    pool.iter().filter(move |call| {
        let agent = call.agent.as_deref().unwrap_or_default();
        wanted(call, request)
            && !taken.contains(&call.guid)
            && (request.agents.is_empty() || request.agents.iter().any(|one| one == agent))
            && known.insert(call.guid.as_str())
    })
}

/// Draws from `pool`, in whatever order it is, leaving out the calls in `taken`. Agents asked for by name who have no
/// call at all are told as short.
pub fn draw(pool: &[Call], request: &SampleRequest, seed: u32, taken: &BTreeSet<String>) -> Drawn {
    let mut agents: BTreeMap<&str, BTreeMap<&str, Vec<&Call>>> = BTreeMap::new();
    for agent in &request.agents {
        agents.entry(agent.as_str()).or_default();
    }
    for call in eligible(pool, request, taken) {
        let agent = call.agent.as_deref().unwrap_or_default();
        let day = call.started_at.get(..10).unwrap_or_default();
        agents.entry(agent).or_default().entry(day).or_default().push(call);
    }
    let mut drawn = Drawn { calls: Vec::new(), shortfalls: Vec::new() };
    for (agent, days) in agents {
        let name = agent.bytes().fold(u64::from(seed) ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut chance = Chance(name);
        let mut days: Vec<Vec<&Call>> = days.into_values().collect();
        for day in &mut days {
            day.sort_by(|a, b| a.guid.cmp(&b.guid));
            chance.shuffle(day);
        }
        chance.shuffle(&mut days);
        let wanted = request.of(agent);
        let mut picked: Vec<&Call> = Vec::new();
        // One of each day before a second of any.
        while picked.len() < wanted as usize && days.iter().any(|day| !day.is_empty()) {
            for day in &mut days {
                if picked.len() < wanted as usize {
                    picked.extend(day.pop());
                }
            }
        }
        let drawn_here = picked.len() as u32;
        if drawn_here < wanted {
            drawn.shortfalls.push(Shortfall { agent: agent.to_owned(), drawn: drawn_here, wanted });
        }
        picked.sort_by(|a, b| (&a.started_at, &a.guid).cmp(&(&b.started_at, &b.guid)));
        drawn.calls.extend(picked.into_iter().cloned());
    }
    drawn
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use atalaya_calls::wire::{Direction, SoundFilter};
    use proptest::prelude::*;

    pub(crate) fn call(agent: &str, day: u32, number: u32) -> Call {
        Call {
            guid: format!("{agent}-{day:02}-{number:04}"),
            started_at: format!("2026-03-{day:02} 10:{:02}:00", number % 60),
            length_secs: Some(130),
            talk_secs: Some(120),
            wait_secs: None,
            outcome: String::new(),
            cause: None,
            campaign: "Soporte<-".into(),
            direction: atalaya_calls::wire::Direction::Inbound,
            agent: Some(agent.into()),
            answered: true,
            others_unread: false,
            source: "091000001".into(),
            destination: "20000001".into(),
            rating: None,
            days: vec![format!("202603{day:02}")],
            legs: Vec::new(),
        }
    }

    pub(crate) fn request(per_agent: u32) -> SampleRequest {
        SampleRequest {
            name: "March".into(),
            from: "2026-03-01 00:00:00".into(),
            to: "2026-03-31 23:59:59".into(),
            campaign: String::new(),
            agents: Vec::new(),
            per_agent,
            each: BTreeMap::new(),
            direction: None,
            disposition: String::new(),
            min_secs: 60,
            max_secs: None,
            skip_reviewed: true,
            card: "c".into(),
            seed: None,
            sound: SoundFilter::default(),
        }
    }

    fn pool() -> Vec<Call> {
        ["Ana", "Bruno"]
            .iter()
            .flat_map(|agent| {
                (1..=10).flat_map(move |day| (0..8).map(move |number| call(agent, day, number)))
            })
            .collect()
    }

    #[test]
    fn five_for_each_agent_on_five_days() {
        let drawn = draw(&pool(), &request(5), 7, &BTreeSet::new());
        for agent in ["Ana", "Bruno"] {
            let mine: Vec<&Call> =
                drawn.calls.iter().filter(|call| call.agent.as_deref() == Some(agent)).collect();
            let days: HashSet<&str> = mine.iter().map(|call| &call.started_at[..10]).collect();
            assert_eq!((mine.len(), days.len()), (5, 5));
        }
        assert!(drawn.shortfalls.is_empty());
        assert_ne!(drawn, draw(&pool(), &request(5), 8, &BTreeSet::new()), "another seed, another sample");
        // Written down, so that no later version draws otherwise.
        let guids: Vec<&str> = drawn.calls.iter().take(5).map(|call| call.guid.as_str()).collect();
        assert_eq!(guids, PINNED);
    }

    const PINNED: [&str; 5] = ["Ana-01-0002", "Ana-02-0006", "Ana-05-0007", "Ana-06-0003", "Ana-07-0005"];

    #[test]
    fn what_does_not_fit_is_not_drawn_and_who_is_short_is_told() {
        let odd = |change: fn(&mut Call)| {
            let mut one = call("Ana", 1, 99);
            change(&mut one);
            one
        };
        let misfits = [
            odd(|call| call.talk_secs = Some(59)),
            odd(|call| call.answered = false),
            odd(|call| call.agent = None),
            odd(|call| call.started_at = "2026-02-28 10:00:00".into()),
            odd(|call| call.campaign = "Ventas->".into()),
        ];
        let asked = SampleRequest {
            campaign: "Soporte<-".into(),
            agents: vec!["Ana".into(), "Carla".into()],
            ..request(3)
        };
        let mut calls = misfits.to_vec();
        calls.extend([call("Ana", 2, 1), call("Ana", 3, 1), call("Ana", 3, 1), call("Bruno", 2, 1)]);
        let taken = BTreeSet::from(["Ana-02-0001".to_owned()]);
        let drawn = draw(&calls, &asked, 1, &taken);
        assert_eq!(drawn.calls.len(), 1);
        let short: Vec<(&str, u32)> =
            drawn.shortfalls.iter().map(|one| (one.agent.as_str(), one.drawn)).collect();
        assert_eq!(short, [("Ana", 1), ("Carla", 0)]);
        let none = draw(
            &misfits,
            &SampleRequest { campaign: "Soporte<-".into(), ..request(3) },
            1,
            &BTreeSet::new(),
        );
        assert!(none.calls.is_empty() && none.shortfalls.is_empty());
    }

    #[test]
    fn each_is_given_what_they_lack() {
        let lacking = SampleRequest {
            each: [("Ana".to_owned(), 2), ("Bruno".to_owned(), 0), ("Carla".to_owned(), 3)].into(),
            agents: vec!["Ana".into(), "Bruno".into(), "Carla".into()],
            ..request(5)
        };
        let drawn = draw(&pool(), &lacking, 7, &BTreeSet::new());
        assert_eq!(
            drawn.calls.iter().map(|call| call.agent.as_deref()).collect::<Vec<_>>(),
            [Some("Ana"); 2]
        );
        let short = Shortfall { agent: "Carla".into(), drawn: 0, wanted: 3 };
        assert_eq!(drawn.shortfalls, [short], "who lacks none is not short of any");
        let outbound = SampleRequest { direction: Some(Direction::Outbound), ..request(5) };
        assert!(draw(&pool(), &outbound, 7, &BTreeSet::new()).calls.is_empty());
        let inbound = SampleRequest { direction: Some(Direction::Inbound), ..request(5) };
        assert_eq!(
            draw(&pool(), &inbound, 7, &BTreeSet::new()),
            draw(&pool(), &request(5), 7, &BTreeSet::new())
        );
    }

    proptest! {
        #[test]
        fn a_seed_draws_the_same_whatever_the_order_and_the_others(seed in any::<u32>(), per in 1..12_u32, turn in 0..160_usize) {
            let mut turned = pool();
            let all = draw(&turned, &request(per), seed, &BTreeSet::new());
            turned.rotate_left(turn);
            prop_assert_eq!(&draw(&turned, &request(per), seed, &BTreeSet::new()), &all);
            turned.retain(|call| call.agent.as_deref() == Some("Ana"));
            let hers = draw(&turned, &request(per), seed, &BTreeSet::new());
            let mine: Vec<_> = all.calls.iter().filter(|call| call.agent.as_deref() == Some("Ana")).cloned().collect();
            prop_assert_eq!(hers.calls, mine);
            // No day has two more than another that still had calls.
            let mut days: BTreeMap<String, u32> = BTreeMap::new();
            for call in all.calls.iter().filter(|call| call.agent.as_deref() == Some("Bruno")) {
                *days.entry(call.started_at[..10].to_owned()).or_default() += 1;
            }
            let most = days.values().max().copied().unwrap_or(0);
            prop_assert!(days.len() as u32 == per.min(10) && most <= per.div_ceil(10));
        }
    }
}

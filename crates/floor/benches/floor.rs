//! One poll of 200 campaigns and 5,000 agents, from bytes to what changed, against reading the same bytes as plain JSON
//! values. Prints a table; asserts nothing.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use atalaya_floor::{Picture, apply, diff, wire};
use atalaya_ucontact::{AgentsReader, parse_campaigns, parse_queue_summary};
use serde_json::{Value, json};

const CAMPAIGNS: usize = 200;
const AGENTS: usize = 5_000;
const RUNS: usize = 60;

/// Time as the server writes it.
fn clock(secs: usize) -> String {
    format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
}

/// The replies of one poll, as a server of this size sends them.
struct Poll {
    summary: Vec<u8>,
    status: Vec<u8>,
    rosters: Vec<(String, Vec<u8>)>,
}

/// The `turn`th poll: three seconds after the one before, so that every state has lasted three seconds longer.
fn poll(turn: usize) -> Poll {
    let lasted = clock(612 + 3 * turn);
    let name = |index: usize| format!("Campaign {index}<-");
    let summary: Vec<Value> = (0..CAMPAIGNS)
        .map(|index| {
            json!({"queue": name(index), "loggedIn": 20, "available": 4, "callers": (index + turn) % 5, "holdTime": 12,
                "talkTime": 140, "longestHoldTime": index % 60, "dateReceived": "Nov 2, 2018 11:31:42 AM"})
        })
        .collect();
    let campaign = |index: usize| {
        json!({"campaign": name(index), "availables": 4, "notavailables": 5, "paused": 3, "busy": 10, "busypaused": 1,
            "totalagents": 25, "logged": 20, "onwrapup": 2, "completed": 400 + turn, "abandoned": 20, "totalcalls": 420,
            "acd": (index + turn) % 5, "talked": "00:02:20-140", "hold": "00:00:12-12", "abandonedlevel": "4.8",
            "servicelevel": "84.2", "servicelevel2": "82.0", "strategy": "rrmemory", "slevelthreshold": "20", "wrapup": 20})
    };
    let status: serde_json::Map<String, Value> =
        (0..CAMPAIGNS).map(|index| (name(index), campaign(index))).collect();
    let rosters = (0..CAMPAIGNS)
        .map(|index| {
            let mut reply = serde_json::Map::new();
            reply.insert(name(index), campaign(index));
            for agent in (index..AGENTS).step_by(CAMPAIGNS) {
                let location = format!("SIP/{}", 1_000 + agent);
                // One in ten changes from poll to poll.
                let status = if (agent + turn).is_multiple_of(10) { 2 } else { 1 };
                reply.insert(
                    location.clone(),
                    json!({"queue": name(index), "location": location, "stateinterface": location, "name": format!("agent {agent}"),
                        "penalty": 0, "callsTaken": 9, "lastCall": 1_541_158_302, "status": status, "paused": 0,
                        "pausedreason": "", "incall": 0, "dateReceived": "Nov 2, 2018, 11:31:42 AM", "server": lasted}),
                );
            }
            (name(index), Value::Object(reply).to_string().into_bytes())
        })
        .collect();
    Poll {
        summary: Value::from(summary).to_string().into_bytes(),
        status: Value::Object(status).to_string().into_bytes(),
        rosters,
    }
}

fn snapshot(picture: &Picture, revision: u64) -> wire::Snapshot {
    wire::Snapshot {
        revision,
        at_ms: 0,
        campaigns: picture.campaigns(),
        agents: picture.agents(),
        agents_read_at_ms: BTreeMap::new(),
        agents_unread: std::collections::BTreeMap::new(),
        agents_every_ms: 0,
        health: wire::Health {
            slowed: None,
            freshness: wire::Freshness::Fresh,
            last_ok_ms: Some(0),
            status_ok_ms: Some(0),
            queue_ok_ms: Some(0),
            every_ms: 3_000,
            round_trip_ms: None,
            failures: 0,
            problem: None,
            dropped: 0,
            requests_per_minute: 0,
            server_offset_secs: None,
        },
    }
}

fn ours(
    picture: &mut Picture,
    readers: &mut [AgentsReader],
    before: &wire::Snapshot,
    (turn, poll): (usize, &Poll),
) -> Option<(wire::Snapshot, wire::Delta)> {
    let statuses = parse_campaigns(&poll.status).ok()?.value;
    let queues = parse_queue_summary(&poll.summary).ok()?.value;
    let at_ms = 1_541_158_302_000 + 3_000 * turn as i64;
    picture.take_campaigns_of(Some(statuses), Some(queues), at_ms);
    for ((name, body), reader) in poll.rosters.iter().zip(readers) {
        picture.take_agents(name, reader.read(body).ok()?.value, at_ms);
    }
    let now = snapshot(picture, before.revision + 1);
    let delta = diff(before, &now);
    Some((now, delta))
}

/// The obvious way: everything a `Value`, merged into one map, compared whole.
fn naive(before: &BTreeMap<String, Value>, poll: &Poll) -> Option<(BTreeMap<String, Value>, usize)> {
    let summary: Value = serde_json::from_slice(&poll.summary).ok()?;
    let status: Value = serde_json::from_slice(&poll.status).ok()?;
    let mut all = BTreeMap::new();
    for queue in summary.as_array()? {
        all.insert(format!("queue {}", queue["queue"].as_str()?), queue.clone());
    }
    for (name, campaign) in status.as_object()? {
        all.insert(format!("campaign {name}"), campaign.clone());
    }
    for (_, body) in &poll.rosters {
        let roster: Value = serde_json::from_slice(body).ok()?;
        for (key, value) in roster.as_object()? {
            if value.get("location").is_some() {
                all.insert(key.clone(), value.clone());
            }
        }
    }
    let changed = all.iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
    Some((all, changed))
}

/// The best, which is what it costs where nobody else is at work on the machine; the middle; and the worst but a few.
fn percentiles(mut times: Vec<Duration>) -> (f64, f64, f64) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    (at(0.0), at(0.5), at(0.95))
}

fn main() {
    let polls: Vec<Poll> = (0..RUNS).map(poll).collect();
    let bytes: usize = polls[0].summary.len()
        + polls[0].status.len()
        + polls[0].rosters.iter().map(|(_, body)| body.len()).sum::<usize>();
    let (mut our_times, mut naive_times) = (Vec::new(), Vec::new());
    let mut picture = Picture::default();
    let mut readers: Vec<AgentsReader> = (0..CAMPAIGNS).map(|_| AgentsReader::default()).collect();
    let mut before = snapshot(&picture, 0);
    let mut naive_before = BTreeMap::new();
    let mut sizes = (0, 0, 0);
    for (run, poll) in polls.iter().enumerate() {
        let begun = Instant::now();
        let Some((now, delta)) = ours(&mut picture, &mut readers, &before, (run, poll)) else { return };
        our_times.push(begun.elapsed());
        sizes = (
            serde_json::to_vec(&now).map_or(0, |json| json.len()),
            serde_json::to_vec(&delta).map_or(0, |json| json.len()),
            delta.agents.len(),
        );
        assert_eq!(apply(&before, &delta).as_ref(), Some(&now), "the delta leads to the picture");
        before = now;
        let begun = Instant::now();
        let Some((all, changed)) = naive(&naive_before, poll) else { return };
        black_box(changed);
        naive_times.push(begun.elapsed());
        naive_before = all;
    }
    let (ours, naive) = (percentiles(our_times), percentiles(naive_times));
    println!(
        "One poll of {CAMPAIGNS} campaigns x {AGENTS} agents, {:.1} MB of JSON, {RUNS} runs",
        bytes as f64 / 1e6
    );
    println!("{:<44}{:>10}{:>10}{:>10}{:>10}", "", "best ms", "p50 ms", "p95 ms", "ratio");
    for (name, of) in [("bytes -> picture -> delta", ours), ("bytes -> serde_json::Value -> compare", naive)]
    {
        println!("{name:<44}{:>10.1}{:>10.1}{:>10.1}{:>10.2}", of.0, of.1, of.2, of.0 / ours.0);
    }
    println!("snapshot {} kB, delta of {} agents {} kB", sizes.0 / 1_000, sizes.2, sizes.1 / 1_000);
}

//! Who takes a campaign's calls.

use serde_json::{Value, json};

use super::common::Visitor;
use super::{SUPPORT, centre, pass, shown, until};

/// Interfaces and names of people who are free elsewhere.
fn strangers(centre: &atalaya_simulator::Simulator, count: usize) -> Vec<(String, String)> {
    let inside = centre.inside();
    let free = inside.agents.iter().filter(|agent| {
        agent.status == 1 && agent.seats.iter().all(|seat| seat.campaign != SUPPORT && !seat.paused)
    });
    free.map(|agent| (agent.location.clone(), agent.name.clone())).take(count).collect()
}

fn joining(people: &[(String, String)], penalty: u32, paused: bool) -> String {
    let one = |(location, name): &(String, String)| {
        json!({
            "membername": name, "queueName": SUPPORT, "interface1": location, "penalty": penalty, "paused": paused,
        })
    };
    Value::Array(people.iter().map(one).collect()).to_string()
}

async fn add(visitor: &Visitor<'_>, joining: &str) -> String {
    visitor.ok("queues/addqueuemember", &[("queuemember", joining)]).await
}

#[tokio::test]
async fn nobody_is_available_two_people_are_added_and_the_queue_clears() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    assert!(centre.run_dry(SUPPORT, 5));
    let campaign =
        async || visitor.value("Supervisor/campaignstatus", &[("queue", "")]).await[SUPPORT].clone();
    let summary = async || {
        let list = visitor.value("Supervisor/queuesummary", &[]).await;
        list.as_array().unwrap().iter().find(|one| one["queue"] == SUPPORT).unwrap().clone()
    };
    until(&centre, 600, "calls under way end", || {
        centre
            .inside()
            .agents
            .iter()
            .all(|agent| agent.status != 6 || agent.seats.iter().all(|seat| seat.campaign != SUPPORT))
    });
    let dry = campaign().await;
    assert_eq!(dry["availables"], 0);
    assert_eq!(summary().await["available"], 0);
    let waiting = dry["acd"].as_u64().unwrap();
    assert!(waiting >= 5);
    pass(&centre, 900);
    assert_eq!(campaign().await["acd"], waiting, "nobody leaves, nobody comes, nobody is answered");
    let (members, answered) = (dry["totalagents"].as_u64().unwrap(), campaign().await["completed"].clone());

    let people = strangers(&centre, 2);
    assert_eq!(add(&visitor, &joining(&people, 0, false)).await, "Added interface to queue");
    let after = campaign().await;
    assert_eq!(after["totalagents"], members + 2);
    assert_eq!(after["availables"], 2, "nobody available is over");
    assert_eq!(summary().await["available"], 2);
    for (location, name) in &people {
        let row = shown(&visitor, SUPPORT, location).await;
        assert_eq!((&row["name"], &row["location"]), (&json!(name), &json!(location)));
        assert_eq!((&row["callsTaken"], &row["paused"], &row["penalty"]), (&json!(0), &json!(0), &json!(0)));
    }
    until(&centre, 3_000, "the queue clears", || {
        centre.inside().campaigns.iter().any(|one| one.name == SUPPORT && one.waiting == 0)
    });
    pass(&centre, 15);
    assert!(campaign().await["completed"].as_u64() > answered.as_u64());
    let mut taken = 0;
    for (location, _) in &people {
        let row = shown(&visitor, SUPPORT, location).await;
        taken += row["callsTaken"].as_u64().unwrap();
    }
    assert!(taken >= waiting, "they took them: {taken} of {waiting}");

    assert!(centre.run_again(SUPPORT));
    assert!(
        centre
            .members(SUPPORT)
            .iter()
            .any(|member| !member.paused && !people.iter().any(|one| one.0 == member.location))
    );
}

#[tokio::test]
async fn a_member_joins_with_what_was_said_of_them() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 0);
    let people = strangers(&centre, 1);
    add(&visitor, &joining(&people, 5, true)).await;
    let row = shown(&visitor, SUPPORT, &people[0].0).await;
    assert_eq!((&row["penalty"], &row["paused"]), (&json!(5), &json!(1)));
    let member = centre.members(SUPPORT).pop().unwrap();
    assert_eq!((member.location, member.penalty, member.paused), (people[0].0.clone(), 5, true));
}

#[tokio::test]
async fn whoever_has_the_least_penalty_is_rung_first() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 1);
    let people = strangers(&centre, 6);
    let (first, others) = people.split_last().unwrap();
    let with = |people: &[(String, String)], penalty| -> Vec<Value> {
        serde_json::from_str(&joining(people, penalty, false)).unwrap()
    };
    let all = [with(others, 7), with(std::slice::from_ref(first), 3)].concat();
    add(&visitor, &Value::Array(all).to_string()).await;
    let ringing = || -> Vec<String> {
        let inside = centre.inside();
        let ringing = inside
            .agents
            .into_iter()
            .filter(|agent| agent.status == 6 && people.iter().any(|one| one.0 == agent.location));
        ringing.map(|agent| agent.location).collect()
    };
    until(&centre, 5, "somebody is rung", || !ringing().is_empty());
    assert_eq!(ringing(), std::slice::from_ref(&first.0));
}

#[tokio::test]
async fn who_is_there_already_is_said_so_and_counted_as_refused() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let people = strangers(&centre, 2);
    add(&visitor, &joining(&people[..1], 0, false)).await;
    let before = centre.members(SUPPORT);
    assert_eq!(
        add(&visitor, &joining(&people[..1], 9, true)).await,
        "Unable to add interface: Already there"
    );
    assert_eq!(centre.members(SUPPORT), before, "and nothing of them changes");
    let mixed = add(&visitor, &joining(&people, 0, false)).await;
    assert_eq!(mixed, "Unable to add interface: Already there\nAdded interface to queue");
    assert_eq!(centre.members(SUPPORT).len(), before.len() + 1);
    let operation = atalaya_simulator::Endpoint::AddQueueMember;
    assert_eq!((centre.executed(operation), centre.refused(operation)), (2, 1));
}

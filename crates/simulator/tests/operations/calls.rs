//! Calls for an agent, and hanging up.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use serde_json::json;

use super::common::Visitor;
use super::{SALES, SUPPORT, centre, free, pass, rows_to, shown, status, until};

/// A number nobody of the seed has.
const NUMBER: &str = "099000001";

fn form<'a>(agent: &'a str, phone: &'a str, destination: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("callerid", "20000001"),
        ("agent", agent),
        ("phone", phone),
        ("tech", "SIP"),
        ("context", "agents"),
        ("outqueue", SALES),
        ("destination", destination),
    ]
}

#[tokio::test]
async fn an_agent_is_rung_talks_wraps_up_and_leaves_a_record_with_a_recording() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let (phone, agent) = free(&centre, "SIP/");
    let before = centre.inside().campaigns.iter().find(|one| one.name == SALES).unwrap().clone();
    let guid = visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await;
    assert!([36, 37].contains(&guid.len()), "{guid}");
    assert_eq!(status(&centre, &phone), 6, "their telephone rings first");
    assert!(rows_to(&visitor, NUMBER).await.is_empty(), "a call under way has no record");
    assert_eq!(visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await, "0", "busy");

    until(&centre, 10, "they pick up", || status(&centre, &phone) == 2);
    until(&centre, 20, "the number answers", || centre.made_calls()[0].answered.is_some());
    let after = centre.inside().campaigns.iter().find(|one| one.name == SALES).unwrap().clone();
    assert!(after.answered > before.answered, "the campaign counts it");
    until(&centre, 1_000, "it ends", || {
        let ended = centre.made_calls()[0].ended.is_some();
        assert!(ended || status(&centre, &phone) == 2, "they are in it as long as it lasts");
        ended
    });
    assert!([1, 9].contains(&status(&centre, &phone)), "then they wrap up, where there is a wrap-up");

    let rows = rows_to(&visitor, NUMBER).await;
    assert_eq!(rows.len(), 1);
    let call = &centre.made_calls()[0];
    for (key, value) in [
        ("guid", guid.as_str()),
        ("campaign", SALES),
        ("direction", "outbound"),
        ("disposition", "ANSWERED"),
        ("peeraccount", &agent),
        ("dst", NUMBER),
        ("src", "20000001"),
    ] {
        assert_eq!(rows[0][key], value, "{key}");
    }
    let talked = (call.ended.unwrap() - call.answered.unwrap()).num_seconds();
    assert_eq!(rows[0]["billsec"], talked);
    assert_eq!(rows[0]["finishtime"], call.ended.unwrap().format("%Y-%m-%d %H:%M:%S").to_string());

    let mut found = 0;
    for ending in ["mp3", "gsm"] {
        let (status, bytes) = visitor.get(&format!("/records/{guid}.{ending}")).await;
        found += usize::from(status == StatusCode::OK && bytes.len() > 1_000);
    }
    assert_eq!(found, 1, "one recording, in the place of today's");

    // Among the others it stands where it began, newest first.
    pass(&centre, 3_000);
    let day = json!({ "calldatei": "2026-03-12 00:00:00", "calldatef": "2026-03-12 23:59:59" });
    let rows = visitor.rows(&day).await;
    let mut begun: Vec<(String, String)> = Vec::new();
    for row in &rows {
        let (guid, date) = (row["guid"].to_string(), row["calldate"].to_string());
        match begun.last_mut().filter(|last| last.0 == guid) {
            Some(last) => last.1 = date,
            None => begun.push((guid, date)),
        }
    }
    assert!(begun[0].0 != format!("\"{guid}\""), "somebody called since");
    assert!(begun.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{begun:?}");
}

#[tokio::test]
async fn some_guids_have_a_digit_more_and_all_are_different() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let mut guids = BTreeSet::new();
    for turn in 0..8 {
        let number = format!("09900010{turn}");
        let own = centre.user().to_owned();
        let guid = visitor.ok("Agents/AgentCall", &form(&own, &format!("800{turn}"), &number)).await;
        guids.insert(guid);
    }
    let lengths: BTreeSet<usize> = guids.iter().map(String::len).collect();
    assert_eq!((guids.len(), lengths), (8, BTreeSet::from([36, 37])));
    pass(&centre, 1_200);
    for guid in &guids {
        let call = centre.made_calls().into_iter().find(|call| call.guid == *guid).unwrap();
        assert_eq!(
            rows_to(&visitor, &call.destination).await[0]["guid"],
            **guid,
            "not on the floor, yet a call"
        );
    }
}

#[tokio::test]
async fn data_and_form_go_along() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let (phone, agent) = free(&centre, "SIP/");
    let mut form = form(&agent, &phone, NUMBER).to_vec();
    form.extend([("data", "{\"idcustomer\":7}"), ("form", "https://example.org/?a=1&b=2")]);
    let guid = visitor.ok("Agents/AgentCallwithData", &form).await;
    let call = &centre.made_calls()[0];
    assert_eq!(call.guid, guid);
    assert_eq!(
        (call.data.as_str(), call.form.as_str()),
        ("{\"idcustomer\":7}", "https://example.org/?a=1&b=2")
    );
}

#[tokio::test]
async fn hanging_up_ends_the_call_now_and_its_record_says_so() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let (phone, agent) = free(&centre, "SIP/");
    assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", &phone)]).await, "0", "in no call");
    visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await;
    until(&centre, 30, "the number answers", || centre.made_calls()[0].answered.is_some());
    pass(&centre, 3);
    assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", &phone)]).await, "1");
    assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", &phone)]).await, "0", "there is no second call");
    assert!([1, 9].contains(&status(&centre, &phone)));
    let rows = rows_to(&visitor, NUMBER).await;
    assert_eq!((rows[0]["billsec"].as_u64(), &rows[0]["disposition"]), (Some(3), &"ANSWERED".into()));
    let hang_ups = centre.hang_ups();
    assert_eq!(hang_ups.len(), 1);
    assert_eq!((&hang_ups[0].phone, &hang_ups[0].guid), (&phone, &Some(centre.made_calls()[0].guid.clone())));

    // One that only rings is hung up too, and is nobody's answer.
    let (phone, agent) = free(&centre, "SIP/");
    visitor.ok("Agents/AgentCall", &form(&agent, &phone, "099000002")).await;
    assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", &phone)]).await, "1");
    assert_ne!(rows_to(&visitor, "099000002").await[0]["disposition"], "ANSWERED");
}

#[tokio::test]
async fn a_caller_s_call_can_be_hung_up_too() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let talking = || {
        let inside = centre.inside();
        let agent = inside.agents.into_iter().find(|agent| {
            let here = agent.seats.iter().any(|seat| seat.campaign == SUPPORT);
            agent.status == 2 && here && agent.location.starts_with("SIP/")
        });
        agent.map(|agent| agent.location)
    };
    until(&centre, 600, "somebody talks", || talking().is_some());
    let location = talking().unwrap();
    let phone = location.trim_start_matches("SIP/");
    assert_eq!(
        visitor.ok("Agents/HangupPhone", &[("phone", &location)]).await,
        "0",
        "an extension has no slash"
    );
    assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", phone)]).await, "1");
    let now = shown(&visitor, SUPPORT, &location).await;
    assert!([1, 9].contains(&now["status"].as_i64().unwrap()), "{now}");
    assert_eq!(now["server"], "00:00:00");
    assert_eq!(centre.hang_ups()[0].guid, None);
}

#[tokio::test]
async fn a_number_where_nobody_answers_leaves_a_record_without_a_recording() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let (phone, agent) = free(&centre, "SIP/");
    centre.let_answer(NUMBER, false);
    let guid = visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await;
    until(&centre, 60, "it is given up", || centre.made_calls()[0].ended.is_some());
    assert_eq!(status(&centre, &phone), 1, "nothing to wrap up");
    assert_ne!(rows_to(&visitor, NUMBER).await[0]["disposition"], "ANSWERED");
    for ending in ["mp3", "gsm"] {
        assert_eq!(visitor.get(&format!("/records/{guid}.{ending}")).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_made_call_can_be_tagged_and_found_by_its_tag() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let (phone, agent) = free(&centre, "SIP/");
    let guid = visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await;
    pass(&centre, 1_000);
    visitor.ok("Agents/TagRecord", &[("phone", NUMBER), ("guid", &guid), ("data", "vuelta")]).await;
    assert_eq!(centre.written(&guid), ["vuelta"]);
    let from = centre.made_calls()[0].began;
    assert!(centre.calls_between(from, centre.now()).contains(&guid));
}

#[tokio::test]
async fn the_same_operations_at_the_same_moment_give_the_same_world_however_it_is_stepped() {
    let lived = async |steps: &[u64]| {
        let centre = centre();
        let visitor = Visitor::of(&centre).await;
        pass(&centre, 40);
        let (phone, agent) = free(&centre, "SIP/");
        visitor.ok("Agents/AgentCall", &form(&agent, &phone, NUMBER)).await;
        let rows: Vec<String> =
            (0..40).map(|row| format!("{SALES};09910{row:04};;09920{row:04};;")).collect();
        let file = STANDARD.encode(rows.join("\n"));
        let base = [
            ("filename", "b"),
            ("fileb64", file.as_str()),
            ("campaign", SALES),
            ("cant", "40"),
            ("username", "u"),
        ];
        assert_eq!(visitor.ok("Dialers/uploadbase", &base).await, "1");
        for secs in steps {
            pass(&centre, *secs);
            centre.inside();
        }
        let status = visitor.ok("Supervisor/campaignstatus", &[("queue", SALES)]).await;
        (centre.inside(), centre.made_calls(), centre.dialer(SALES), status, rows_to(&visitor, "099").await)
    };
    let (one, other) = (lived(&[900]).await, lived(&[1; 900]).await);
    assert!(one.1.len() > 10 && one.4.len() > 10, "much was dialled: {}", one.1.len());
    assert!(one == other, "stepped otherwise it is another world");
}

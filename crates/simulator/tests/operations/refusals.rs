//! What is refused, and how it is said: a table for each operation. What was refused has done nothing.

use atalaya_simulator::{Endpoint, Simulator};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::common::Visitor;
use super::{SALES, SUPPORT, centre, free};

/// A form that is taken, and each way to spoil one field of it; `done` says how a taken one answers.
async fn table(
    operation: Endpoint,
    path: &str,
    good: &[(&str, &str)],
    spoiled: &[(&str, &str)],
    refusal: &str,
    done: fn(&str) -> bool,
) {
    for (name, value) in spoiled {
        let centre = centre();
        let visitor = Visitor::of(&centre).await;
        let form: Vec<(&str, &str)> =
            good.iter().map(|(key, given)| (*key, if key == name { *value } else { *given })).collect();
        assert_ne!(form, good, "{path}: {name} is not of the form");
        assert_eq!(visitor.ok(path, &form).await, refusal, "{path} with {name}={value}");
        assert_eq!(
            (centre.executed(operation), centre.refused(operation)),
            (0, 1),
            "{path} with {name}={value}"
        );
        untouched(&centre);
    }
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let text = visitor.ok(path, good).await;
    assert!(done(&text), "{path}: {text}");
    assert_eq!((centre.executed(operation), centre.refused(operation)), (1, 0));
}

fn untouched(centre: &Simulator) {
    assert!(centre.made_calls().is_empty() && centre.blacklist().is_empty() && centre.sms().is_empty());
    assert!(centre.uploads().is_empty() && centre.hang_ups().is_empty());
    for campaign in centre.inside().campaigns {
        assert_eq!(centre.dialer(&campaign.name), atalaya_simulator::DialerList::default());
        assert_eq!(centre.members(&campaign.name).len() as u32, campaign.members);
    }
    let fresh = super::centre();
    assert_eq!(centre.inside(), fresh.inside());
}

/// The same for an operation that is given an object: its keys are spoiled, and its JSON.
async fn object_table(operation: Endpoint, path: &str, name: &str, good: Value, spoiled: &[(&str, Value)]) {
    let good_text = good.to_string();
    let mut texts = vec![String::new(), "0".to_owned(), "{".to_owned(), "[]".to_owned(), "[[1]]".to_owned()];
    for (key, value) in spoiled {
        let mut bad = good.clone();
        let object = if bad.is_array() { &mut bad[0] } else { &mut bad };
        if value.is_null() && *key != "calldate" {
            object.as_object_mut().and_then(|keys| keys.remove(*key)).expect("a key of it");
        } else {
            object[*key] = value.clone();
        }
        texts.push(bad.to_string());
    }
    // One where many are due, and many where one is.
    texts.push(if good.is_array() { good[0].to_string() } else { json!([good]).to_string() });
    let spoiled: Vec<(&str, &str)> = texts.iter().map(|text| (name, text.as_str())).collect();
    let done = |text: &str| text == "1" || text == "Added interface to queue";
    table(operation, path, &[(name, &good_text)], &spoiled, "0", done).await;
}

#[tokio::test]
async fn calls_that_cannot_be_made() {
    let (phone, agent) = free(&centre(), "SIP/");
    let away = centre().inside().agents.into_iter().find(|one| one.status == 5).unwrap();
    let away = away.location.split('/').next_back().unwrap().split('@').next().unwrap().to_owned();
    let good = [
        ("callerid", "20000001"),
        ("agent", agent.as_str()),
        ("phone", &phone),
        ("tech", "SIP"),
        ("context", "agents"),
        ("outqueue", SALES),
        ("destination", "099000001"),
    ];
    let spoiled = [
        ("agent", ""),
        ("agent", "Nobody"),
        ("phone", ""),
        ("phone", "999999"),
        ("phone", away.as_str()),
        ("phone", "SIP/1001"),
        ("tech", ""),
        ("outqueue", ""),
        ("outqueue", "Otra->"),
        ("destination", ""),
        ("destination", "  "),
    ];
    let guid = |text: &str| [36, 37].contains(&text.len());
    table(Endpoint::AgentCall, "Agents/AgentCall", &good, &spoiled, "0", guid).await;
    table(Endpoint::AgentCallWithData, "Agents/AgentCallwithData", &good, &spoiled, "0", guid).await;

    // Somebody else's telephone, though both are there.
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let mut form = good;
    let other = centre.inside().agents.into_iter().find(|one| one.status == 1 && one.name != agent).unwrap();
    form[1].1 = &other.name;
    assert_eq!(visitor.ok("Agents/AgentCall", &form).await, "0");
    let black = json!({ "phone": "099000001", "campaign": "" }).to_string();
    visitor.ok("admin/addblack", &[("blacklist", &black)]).await;
    assert_eq!(visitor.ok("Agents/AgentCall", &good).await, "0", "a number on the blacklist");
}

#[tokio::test]
async fn telephones_that_are_in_no_call() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    for phone in ["", "999999", "SIP/1001", &free(&centre, "SIP/").0, "1001; drop"] {
        assert_eq!(visitor.ok("Agents/HangupPhone", &[("phone", phone)]).await, "0", "{phone}");
    }
    assert_eq!(visitor.ok("Agents/HangupPhone", &[]).await, "0");
    assert_eq!((centre.executed(Endpoint::HangupPhone), centre.refused(Endpoint::HangupPhone)), (0, 6));
    untouched(&centre);
}

#[tokio::test]
async fn members_that_cannot_join() {
    let inside = centre().inside();
    let stranger =
        inside.agents.iter().find(|one| one.seats.iter().all(|seat| seat.campaign != SUPPORT)).unwrap();
    let good = json!([{
        "membername": stranger.name, "queueName": SUPPORT, "interface1": stranger.location, "penalty": 0, "paused": 0,
    }]);
    let spoiled = [
        ("membername", json!("")),
        ("queueName", json!("Otra<-")),
        ("queueName", Value::Null),
        ("interface1", json!("SIP/999999")),
        ("interface1", json!(stranger.location.split('/').next_back())),
        ("penalty", json!(-1)),
        ("penalty", json!("x")),
        ("paused", json!(7)),
        ("paused", Value::Null),
    ];
    object_table(Endpoint::AddQueueMember, "queues/addqueuemember", "queuemember", good.clone(), &spoiled)
        .await;
    // One that cannot keeps the others out.
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let mut both = json!([good[0], good[0]]);
    both[1]["queueName"] = json!("Otra<-");
    assert_eq!(visitor.ok("queues/addqueuemember", &[("queuemember", &both.to_string())]).await, "0");
    untouched(&centre);
}

#[tokio::test]
async fn blacklistings_without_a_number() {
    let good = json!({
        "phone": "099000001", "campaign": SALES, "username": "u", "company": "c", "job_title": "j", "name": "n",
    });
    let spoiled = [("phone", json!("")), ("phone", json!("  ")), ("phone", Value::Null), ("name", json!({}))];
    for (operation, path) in [(Endpoint::AddBlack, "addblack"), (Endpoint::DeleteBlack, "deleteblack")] {
        object_table(operation, &format!("admin/{path}"), "blacklist", good.clone(), &spoiled).await;
    }
    let many = json!([good, good]);
    for (operation, path) in
        [(Endpoint::AddBlackBulk, "addblackbulk"), (Endpoint::DeleteBlackBulk, "deleteblackbulk")]
    {
        object_table(operation, &format!("admin/{path}"), "blacklist", many.clone(), &spoiled).await;
    }
}

#[tokio::test]
async fn what_a_dialer_does_not_take() {
    let base = [
        ("campaign", json!("")),
        ("campaign", json!("Otra->")),
        ("destination", json!("")),
        ("destination", Value::Null),
        ("data", json!([])),
    ];
    let good = json!({
        "campaign": SALES, "destination": "099000001", "dialerbase": "b", "status": 1, "data": "", "alternatives": "",
        "contact": 222, "retries": 0, "priority": 9999, "agentphone": "",
    });
    let mut spoiled = base.to_vec();
    spoiled.extend([
        ("priority", json!(1)),
        ("priority", json!(0)),
        ("priority", json!(-5)),
        ("priority", json!("much")),
        ("status", json!(2)),
        ("dialerbase", json!("")),
        ("contact", Value::Null),
        ("retries", json!(-1)),
    ]);
    object_table(Endpoint::Respool, "Dialers/Respool", "callspool", good, &spoiled).await;

    let good = json!({
        "calldate": "2026-03-12 18:00:00", "campaign": SALES, "destination": "099000001", "alternatives": "",
        "agentphone": "", "data": "",
    });
    let mut spoiled = base.to_vec();
    spoiled.extend(
        ["", "2026-03-12", "12/03/2026 18:00:00", "2026-13-12 18:00:00"].map(|at| ("calldate", json!(at))),
    );
    spoiled.push(("calldate", Value::Null));
    object_table(Endpoint::ScheduleDialerCall, "Dialers/ScheduleDialerCall", "callschedule", good, &spoiled)
        .await;

    let good = json!({
        "calldate": null, "campaign": SALES, "destination": "099000001", "alternatives": "", "agent": "", "data": "",
        "source": "", "bulk": true, "automatic": false,
    });
    let mut spoiled = base.to_vec();
    spoiled.extend([
        ("calldate", json!("tomorrow")),
        ("automatic", json!(true)),
        ("bulk", Value::Null),
        ("bulk", json!("yes")),
    ]);
    object_table(Endpoint::DialerTask, "Dialers/DialerTask", "call", good, &spoiled).await;

    let one = |text: &str| text == "1";
    let good = [("campaign", SALES), ("number", "099000001")];
    let spoiled = [("campaign", ""), ("campaign", "Otra->"), ("number", "")];
    table(Endpoint::RemoveContact, "Dialers/RemoveContact", &good, &spoiled, "0", one).await;
    let good = [
        ("campaign", SALES),
        ("destination", "099000001"),
        ("from", "2026-03-12 00:00:00"),
        ("to", "2026-03-12 23:59:59"),
    ];
    let spoiled = [
        ("campaign", "Otra->"),
        ("destination", ""),
        ("from", ""),
        ("from", "2026-03-12"),
        ("to", "x"),
        ("to", "2026-03-11 00:00:00"),
    ];
    let (operation, path) = (Endpoint::RemoveScheduleDialerCall, "Dialers/RemoveScheduleDialerCall");
    table(operation, path, &good, &spoiled, "0", one).await;
}

#[tokio::test]
async fn files_that_are_not_taken() {
    let file = STANDARD.encode(format!("{SALES};099000001;;\n{SALES};099000002;;;20;1001\n"));
    let not_text = STANDARD.encode([0xff, 0xfe, 0x00]);
    let one = |text: &str| text == "1";
    let good = [
        ("filename", "b.csv"),
        ("fileb64", file.as_str()),
        ("campaign", SALES),
        ("cant", "2"),
        ("username", "supervisor"),
        ("timezone", "America/Montevideo"),
    ];
    let spoiled = [
        ("filename", ""),
        ("fileb64", ""),
        ("fileb64", "%%%"),
        ("fileb64", &not_text),
        ("campaign", ""),
        ("campaign", "Otra->"),
        ("cant", ""),
        ("cant", "3"),
        ("cant", "-2"),
        ("cant", "two"),
        ("username", ""),
    ];
    table(Endpoint::UploadBase, "Dialers/uploadbase", &good[..5], &spoiled, "0", one).await;
    let mut zoned = spoiled.to_vec();
    zoned.push(("timezone", ""));
    let path = "Dialers/uploadbasewithtimezone";
    table(Endpoint::UploadBaseWithTimezone, path, &good, &zoned, "0", one).await;
    table(Endpoint::UploadSmsBase, "SMS/uploadbase", &good[..3], &spoiled[..6], "0", one).await;
}

#[tokio::test]
async fn messages_that_are_not_sent() {
    let good =
        [("destination", "099000001"), ("message", "m"), ("campaign", SALES), ("agent", ""), ("source", "")];
    let spoiled =
        [("destination", ""), ("message", ""), ("message", " "), ("campaign", ""), ("campaign", "Otra->")];
    table(Endpoint::SendSms, "SMS/SendSMS", &good, &spoiled, "ERROR", |text| text == "OK").await;
    table(Endpoint::SendSmsV2, "SMS/SendSMSv2", &good, &spoiled, "0", |text| text == "{\"id\":\"1\"}").await;
}

#[tokio::test]
async fn dispositions_are_refused_in_the_vendor_s_words() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let good = [
        ("campaign", SUPPORT),
        ("agent", "Ana"),
        ("callerid", "099000001"),
        ("guid", "g"),
        ("l1", "Volver a llamar"),
        ("l2", ""),
        ("schedule", "2026-03-12 18:00:00"),
        ("camptoreschedule", ""),
    ];
    for (name, value, text) in [
        ("campaign", "", "Wrong parameters: Empty campaign"),
        ("callerid", "", "Wrong parameters: Empty callerid"),
        ("guid", "", "Wrong parameters: Empty guid"),
        ("agent", "", "Wrong parameters: Empty agent"),
        ("l1", "", "Wrong parameters: Empty value1"),
        ("l1", "Otra", "Disposition not found for level1: Otra, level2: , level3: "),
        ("l2", "x", "Disposition not found for level1: Volver a llamar, level2: x, level3: "),
        ("campaign", "Otra<-", "Disposition not found for level1: Volver a llamar, level2: , level3: "),
        ("schedule", "", "Wrong parameters: Empty schedule date"),
        ("schedule", "2026-03-12", "The schedule date format is not well formed"),
    ] {
        let form = good.map(|(key, given)| (key, if key == name { value } else { given }));
        let (status, said) = visitor.post("api/DispositionCall", &form).await;
        assert_eq!((status, said.as_str()), (StatusCode::BAD_REQUEST, text), "{name}={value}");
    }
    let form = good.map(|(key, given)| (key, if key == "camptoreschedule" { "Otra->" } else { given }));
    assert_eq!(visitor.ok("api/DispositionCall", &form).await, "\"0\"");
    assert_eq!((centre.executed(Endpoint::Disposition), centre.refused(Endpoint::Disposition)), (0, 11));
    assert!(centre.written("g").is_empty());
    untouched(&centre);
}

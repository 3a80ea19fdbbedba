//! What becomes of an operation on its way: whether it is carried out is one thing, what its sender hears another.

use std::time::Duration;

use atalaya_simulator::{Endpoint, Fault, Simulator};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::common::{Visitor, read};
use super::{SALES, SUPPORT, centre, free};

/// A centre where somebody talks.
fn in_talks() -> Simulator {
    let centre = centre();
    super::until(&centre, 900, "somebody talks", || {
        centre.inside().agents.iter().any(|one| one.status == 2 && one.location.starts_with("SIP/"))
    });
    centre
}

type Form = Vec<(&'static str, String)>;

/// Each operation with a form that is taken once.
fn forms(centre: &Simulator) -> Vec<(Endpoint, &'static str, Form)> {
    let (phone, agent) = free(centre, "SIP/");
    let inside = centre.inside();
    let joins = inside.agents.iter().find(|one| one.seats.iter().all(|seat| seat.campaign != SUPPORT));
    let joins = joins.expect("somebody is elsewhere");
    let busy = inside.agents.iter().find(|one| one.status == 2 && one.location.starts_with("SIP/"));
    let busy = busy.expect("somebody talks").location.trim_start_matches("SIP/").to_owned();
    let call = vec![
        ("agent", agent),
        ("phone", phone),
        ("tech", "SIP".to_owned()),
        ("outqueue", SALES.to_owned()),
        ("destination", "099000001".to_owned()),
    ];
    let black = json!({ "phone": "099000001", "campaign": "" });
    let at = "2026-03-12 18:00:00";
    let schedule = json!({ "calldate": at, "campaign": SALES, "destination": "099000001" });
    let task = json!({ "campaign": SALES, "destination": "099000001", "bulk": true, "automatic": false });
    let respool = json!({
        "campaign": SALES, "destination": "099000001", "dialerbase": "b", "contact": 1, "status": 1, "retries": 0,
        "priority": 2,
    });
    let member = json!([{
        "membername": joins.name, "queueName": SUPPORT, "interface1": joins.location, "penalty": 0, "paused": false,
    }]);
    let of = |name, value: &str| (name, value.to_owned());
    let dated = vec![of("campaign", SALES), of("destination", "099000001"), of("from", at), of("to", at)];
    let file = vec![
        of("filename", "b.csv"),
        of("fileb64", &STANDARD.encode(format!("{SALES};099000001;;"))),
        of("campaign", SALES),
        of("cant", "1"),
        of("username", "u"),
        of("timezone", "z"),
    ];
    let sms = vec![of("destination", "099000001"), of("message", "m"), of("campaign", SALES)];
    let tag = vec![of("phone", "1"), of("guid", "g"), of("data", "d")];
    let disposition = vec![
        of("campaign", SALES),
        of("agent", "Ana"),
        of("callerid", "1"),
        of("guid", "g"),
        of("l1", "No interesa"),
    ];
    let list = json!([black]).to_string();
    let black = black.to_string();
    vec![
        (Endpoint::Tag, "Agents/TagRecord", tag),
        (Endpoint::Disposition, "api/DispositionCall", disposition),
        (Endpoint::AgentCall, "Agents/AgentCall", call.clone()),
        (Endpoint::AgentCallWithData, "Agents/AgentCallwithData", call),
        (Endpoint::HangupPhone, "Agents/HangupPhone", vec![of("phone", &busy)]),
        (Endpoint::AddQueueMember, "queues/addqueuemember", vec![of("queuemember", &member.to_string())]),
        (Endpoint::AddBlack, "admin/addblack", vec![of("blacklist", &black)]),
        (Endpoint::DeleteBlack, "admin/deleteblack", vec![of("blacklist", &black)]),
        (Endpoint::AddBlackBulk, "admin/addblackbulk", vec![of("blacklist", &list)]),
        (Endpoint::DeleteBlackBulk, "admin/deleteblackbulk", vec![of("blacklist", &list)]),
        (Endpoint::Respool, "Dialers/Respool", vec![of("callspool", &respool.to_string())]),
        (
            Endpoint::ScheduleDialerCall,
            "Dialers/ScheduleDialerCall",
            vec![of("callschedule", &schedule.to_string())],
        ),
        (Endpoint::DialerTask, "Dialers/DialerTask", vec![of("call", &task.to_string())]),
        (
            Endpoint::RemoveContact,
            "Dialers/RemoveContact",
            vec![of("campaign", SALES), of("number", "099000001")],
        ),
        (Endpoint::RemoveScheduleDialerCall, "Dialers/RemoveScheduleDialerCall", dated),
        (Endpoint::UploadBase, "Dialers/uploadbase", file.clone()),
        (Endpoint::UploadBaseWithTimezone, "Dialers/uploadbasewithtimezone", file.clone()),
        (Endpoint::SendSms, "SMS/SendSMS", sms.clone()),
        (Endpoint::SendSmsV2, "SMS/SendSMSv2", sms),
        (Endpoint::UploadSmsBase, "SMS/uploadbase", file),
    ]
}

/// How often it was carried out, and whether a whole answer of its own came.
async fn under(fault: &Fault, number: usize, set: impl Fn(Endpoint) -> Endpoint) -> (u64, bool) {
    let centre = in_talks();
    let visitor = Visitor::of(&centre).await;
    let (operation, path, form) = forms(&centre).swap_remove(number);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    centre.faults().set(set(operation), fault.clone(), Some(1));
    let answer = async {
        let Ok((status, body)) = read(visitor.send(path, &form).await).await else { return false };
        let own =
            status.is_success() && !body.starts_with(b"<") && !body.starts_with(b"\0") && *body != *b"0";
        // A tag's answer is empty, whatever became of it.
        own && (operation == Endpoint::Tag || !body.is_empty())
    };
    let heard = match fault {
        // What is done without an answer is done at once: there is nothing to wait for.
        Fault::Hang | Fault::Silent => tokio::time::timeout(Duration::ZERO, answer).await.is_ok(),
        _ => answer.await,
    };
    let counted = centre.executed(operation);
    assert_eq!(centre.refused(operation), 0, "{path} under {fault:?}");
    (counted, heard)
}

#[tokio::test]
async fn every_operation_meets_every_fault_before_or_after_it_is_carried_out() {
    let status = |code| Fault::Status { code, retry_after: None, text: String::new() };
    let operations: Vec<Endpoint> = forms(&in_talks()).iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(operations, Endpoint::OPERATIONS);
    let count = operations.len();
    for (fault, executed, heard) in [
        (Fault::NeverArrives, 0, false),
        (Fault::Hang, 0, false),
        (Fault::ExpiredToken, 0, false),
        (status(503), 0, false),
        (Fault::Html, 0, false),
        (Fault::Garbage, 0, false),
        (Fault::AnswerLost, 1, false),
        (Fault::Silent, 1, false),
        (Fault::Slow { millis: 1 }, 1, true),
    ] {
        for number in 0..count {
            let got = under(&fault, number, |operation| operation).await;
            assert_eq!(got, (executed, heard), "{:?} under {fault:?}", Endpoint::OPERATIONS[number]);
        }
    }
}

#[tokio::test]
async fn one_switch_is_for_all_operations_and_for_nothing_that_reads() {
    for number in [0, 7, 19] {
        assert_eq!(under(&Fault::AnswerLost, number, |_| Endpoint::Operations).await, (1, false));
    }
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.faults().set(Endpoint::Operations, Fault::NeverArrives, None);
    visitor.ok("Supervisor/queuesummary", &[]).await;
    let sms = [("destination", "1"), ("message", "m"), ("campaign", SALES)];
    assert!(read(visitor.send("SMS/SendSMS", &sms).await).await.is_err());
    centre.faults().clear();
    // Another operation's switch is not this one's.
    centre.faults().set(Endpoint::UploadSmsBase, Fault::NeverArrives, Some(1));
    let file = STANDARD.encode(format!("{SALES};099000001;;"));
    let form = [
        ("filename", "b"),
        ("fileb64", file.as_str()),
        ("campaign", SALES),
        ("cant", "1"),
        ("username", "u"),
    ];
    assert_eq!(visitor.ok("Dialers/uploadbase", &form).await, "1");
    assert!(read(visitor.send("SMS/uploadbase", &form).await).await.is_err());
    assert_eq!(centre.executed(Endpoint::UploadBase), 1);
}

#[tokio::test]
async fn without_a_session_nothing_is_carried_out() {
    let centre = in_talks();
    let stranger = Visitor { centre: &centre, token: "c29tZWJvZHk6ZWxzZQ==".to_owned() };
    for (operation, path, form) in forms(&centre) {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(stranger.post(path, &form).await.0, 401, "{path}");
        assert_eq!((centre.executed(operation), centre.refused(operation)), (0, 0));
    }
}

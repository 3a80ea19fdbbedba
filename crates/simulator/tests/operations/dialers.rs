//! What dialers are given, and that they dial it.

use atalaya_simulator::{Endpoint, MadeCall, Simulator};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::common::Visitor;
use super::{SALES, SUPPORT, SURVEY, centre, free, pass, rows_to, until};

async fn give(visitor: &Visitor<'_>, path: &str, name: &str, object: &Value) {
    assert_eq!(visitor.ok(path, &[(name, &object.to_string())]).await, "1", "{path}: {object}");
}

async fn task(visitor: &Visitor<'_>, campaign: &str, number: &str, [bulk, automatic]: [bool; 2]) {
    let task = json!({
        "calldate": null, "campaign": campaign, "destination": number, "alternatives": "", "agent": "",
        "data": "idcustomer=7:name=Seba", "source": "atalaya", "bulk": bulk, "automatic": automatic,
    });
    give(visitor, "Dialers/DialerTask", "call", &task).await;
}

fn calls_to(centre: &Simulator, number: &str) -> Vec<MadeCall> {
    centre.made_calls().into_iter().filter(|call| call.destination == number).collect()
}

fn over(centre: &Simulator, number: &str) -> bool {
    calls_to(centre, number).iter().any(|call| call.ended.is_some())
}

async fn base(visitor: &Visitor<'_>, text: &str, campaign: &str, cant: usize) -> String {
    let (file, cant) = (STANDARD.encode(text), cant.to_string());
    let form = [
        ("filename", "clientes.csv"),
        ("fileb64", file.as_str()),
        ("campaign", campaign),
        ("cant", &cant),
        ("username", "supervisor"),
    ];
    visitor.ok("Dialers/uploadbase", &form).await
}

#[tokio::test]
async fn a_task_is_dialled_by_a_free_agent_leaves_a_record_and_is_gone() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.let_answer("099000001", true);
    task(&visitor, SALES, "099000001", [true, false]).await;
    let waiting = centre.dialer(SALES).waiting;
    assert_eq!(
        (waiting.len(), waiting[0].priority, waiting[0].data.as_str()),
        (1, 9_999, "idcustomer=7:name=Seba")
    );
    until(&centre, 2_000, "it is dialled and over", || over(&centre, "099000001"));
    assert_eq!(centre.dialer(SALES), atalaya_simulator::DialerList::default());
    let rows = rows_to(&visitor, "099000001").await;
    assert_eq!(
        (rows.len(), &rows[0]["disposition"], &rows[0]["campaign"]),
        (1, &json!("ANSWERED"), &json!(SALES))
    );
    let members = centre.members(SALES);
    assert!(members.iter().any(|member| rows[0]["peeraccount"] == *member.name));
}

#[tokio::test]
async fn the_four_modes_are_dialled_in_their_order() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    // One dialler, so that order shows: everybody else is somewhere else.
    let (phone, agent) = free(&centre, "SIP/");
    let one = |calldate: Value, number: &str, bulk: bool, automatic: bool| {
        json!({
            "calldate": calldate, "campaign": SALES, "destination": number, "alternatives": "", "agent": agent,
            "data": "", "source": "", "bulk": bulk, "automatic": automatic,
        })
    };
    let at = (centre.now() + chrono::Duration::minutes(50)).format("%Y-%m-%d %H:%M:%S").to_string();
    for task in [
        one(json!(at), "099000004", true, false),
        one(Value::Null, "099000003", true, false),
        one(Value::Null, "099000002", false, true),
        one(Value::Null, "099000001", false, false),
    ] {
        give(&visitor, "Dialers/DialerTask", "call", &task).await;
    }
    for number in ["099000001", "099000002", "099000003", "099000004"] {
        centre.let_answer(number, true);
    }
    assert_eq!(centre.dialer(SALES).scheduled.len(), 1);
    pass(&centre, 1);
    let ringing = centre.inside().agents.into_iter().find(|one| one.location == format!("SIP/{phone}"));
    assert_eq!(ringing.unwrap().status, 6, "manual: their telephone rings at once");
    until(&centre, 12_000, "all are over", || over(&centre, "099000004"));
    let order: Vec<String> = centre.made_calls().into_iter().map(|call| call.destination).collect();
    assert_eq!(order, ["099000001", "099000002", "099000003", "099000004"]);
    assert!(centre.made_calls().iter().all(|call| call.agent == agent), "theirs alone");
    let begun = calls_to(&centre, "099000004")[0].began.format("%Y-%m-%d %H:%M:%S").to_string();
    assert!(begun >= at, "not before its time: {begun}, {at}");
}

#[tokio::test]
async fn where_nobody_answers_the_alternatives_are_tried_in_turn() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let at = (centre.now() + chrono::Duration::seconds(90)).format("%Y-%m-%d %H:%M:%S").to_string();
    let schedule = json!({
        "calldate": at, "campaign": SALES, "destination": "099000001", "alternatives": "099000002:099000003:099000004",
        "agentphone": "", "data": "a=1",
    });
    give(&visitor, "Dialers/ScheduleDialerCall", "callschedule", &schedule).await;
    for (number, answers) in [("099000001", false), ("099000002", false), ("099000003", true)] {
        centre.let_answer(number, answers);
    }
    assert_eq!(centre.dialer(SALES).scheduled[0].alternatives.len(), 3);
    pass(&centre, 80);
    assert!(centre.made_calls().is_empty(), "its time has not come");
    until(&centre, 2_000, "somebody is reached", || over(&centre, "099000003"));
    pass(&centre, 300);
    let tried: Vec<(String, bool)> =
        centre.made_calls().into_iter().map(|call| (call.destination, call.answered.is_some())).collect();
    let of = |number: &str, answered| (number.to_owned(), answered);
    assert_eq!(tried, [of("099000001", false), of("099000002", false), of("099000003", true)]);
    assert_eq!(rows_to(&visitor, "099000002").await.len(), 1, "each leaves a record");
    assert_eq!(rows_to(&visitor, "099000004").await.len(), 0);
}

#[tokio::test]
async fn a_respool_goes_back_in_its_place() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 0);
    let respool = |number: &str, priority: u32, contact: u32| {
        json!({
            "campaign": SUPPORT, "destination": number, "dialerbase": "basetest", "status": 1, "data": "Par1=Val1",
            "alternatives": "098124484", "contact": contact, "retries": 0, "priority": priority, "agentphone": "",
        })
    };
    for object in
        [respool("099000001", 50, 222), respool("099000002", 40, 223), respool("099000003", 30, 222)]
    {
        give(&visitor, "Dialers/Respool", "callspool", &object).await;
    }
    pass(&centre, 60);
    let waiting: Vec<(String, u32)> =
        centre.dialer(SUPPORT).waiting.into_iter().map(|task| (task.destination, task.priority)).collect();
    assert_eq!(
        waiting,
        [("099000003".to_owned(), 30), ("099000002".to_owned(), 40)],
        "nobody is free; the same contact of the same base is there once"
    );
    centre.run_again(SUPPORT);
    centre.let_answer("099000003", true);
    until(&centre, 3_000, "it is dialled", || over(&centre, "099000003"));
    let row = &rows_to(&visitor, "099000003").await[0];
    assert_eq!((&row["dialerbase"], &row["contact"]), (&json!("basetest"), &json!("222")));
    assert_eq!((&row["parandvalues"], &row["alternatives"]), (&json!("Par1=Val1"), &json!("098124484")));
}

#[tokio::test]
async fn what_is_removed_is_not_dialled() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 0);
    for number in ["099000001", "099000002"] {
        task(&visitor, SUPPORT, number, [true, false]).await;
    }
    let text = format!("{SUPPORT};099000001;;;;\n{SUPPORT};099000005;;;;");
    assert_eq!(base(&visitor, &text, SUPPORT, 2).await, "1");
    pass(&centre, 10);
    assert_eq!(centre.dialer(SUPPORT).base_rows, 2);
    let at =
        |minutes| (centre.now() + chrono::Duration::minutes(minutes)).format("%Y-%m-%d %H:%M:%S").to_string();
    for (number, minutes) in [("099000003", 5), ("099000003", 50), ("099000004", 5)] {
        let schedule = json!({
            "calldate": at(minutes), "campaign": SUPPORT, "destination": number, "alternatives": "", "agentphone": "",
            "data": "",
        });
        give(&visitor, "Dialers/ScheduleDialerCall", "callschedule", &schedule).await;
    }
    let remove = [("campaign", SUPPORT), ("number", "099000001")];
    assert_eq!(visitor.ok("Dialers/RemoveContact", &remove).await, "1");
    assert_eq!(visitor.ok("Dialers/RemoveContact", &remove).await, "1", "it is gone already");
    let list = centre.dialer(SUPPORT);
    assert_eq!((list.waiting.len(), list.base_rows), (1, 1), "of bases too");
    let (from, to) = (at(0), at(10));
    let form = [("campaign", SUPPORT), ("destination", "099000003"), ("from", &from), ("to", &to)];
    assert_eq!(visitor.ok("Dialers/RemoveScheduleDialerCall", &form).await, "1");
    let left: Vec<String> =
        centre.dialer(SUPPORT).scheduled.into_iter().map(|task| task.destination).collect();
    assert_eq!(left, ["099000004", "099000003"], "within these dates alone");
}

#[tokio::test]
async fn a_base_is_taken_at_once_and_dialled_a_moment_later_by_priority() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 0);
    let text = format!(
        "{SUPPORT};099000001;var1=val1:var2=val2;099000011:099000012;9999;\n{SUPPORT};099000002;;;20;\n{SUPPORT};099000003;;\n"
    );
    assert_eq!(base(&visitor, &text, SUPPORT, 3).await, "1");
    let list = centre.dialer(SUPPORT);
    assert_eq!((list.bases_coming, list.base_rows), (1, 0), "not at once");
    pass(&centre, 5);
    assert_eq!(centre.dialer(SUPPORT).base_rows, 3);
    centre.run_again(SUPPORT);
    for number in ["099000001", "099000002", "099000003"] {
        centre.let_answer(number, true);
        until(&centre, 4_000, number, || over(&centre, number));
    }
    let rows = rows_to(&visitor, "099000001").await;
    assert_eq!(
        (&rows[0]["dialerbase"], &rows[0]["parandvalues"]),
        (&json!("clientes.csv"), &json!("var1=val1:var2=val2"))
    );
    let order: Vec<String> = centre.made_calls().into_iter().map(|call| call.destination).collect();
    assert_eq!(order, ["099000002", "099000001", "099000003"]);

    let file = STANDARD.encode(format!("{SALES};099000009;;"));
    let form = [
        ("filename", "zona.csv"),
        ("fileb64", &file),
        ("campaign", SALES),
        ("cant", "1"),
        ("username", "supervisor"),
        ("timezone", "America/Montevideo"),
    ];
    assert_eq!(visitor.ok("Dialers/uploadbasewithtimezone", &form).await, "1");
    let upload = centre.uploads().pop().unwrap();
    assert_eq!(
        (upload.filename.as_str(), upload.campaign.as_str(), upload.cant),
        ("zona.csv", SALES, Some(1))
    );
    assert_eq!(upload.rows, [format!("{SALES};099000009;;")]);
    assert_eq!(
        (upload.username.as_str(), upload.timezone.as_deref()),
        ("supervisor", Some("America/Montevideo"))
    );
    assert_eq!(centre.uploads()[0].timezone, None);
}

#[tokio::test]
async fn a_large_base_is_dialled_by_as_many_as_are_free_and_no_more() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let rows: Vec<String> = (0..60_000).map(|row| format!("{SURVEY};09{row:07};n={row};;;")).collect();
    let text = rows.join("\n");
    assert!(text.len() > 1_500_000);
    assert_eq!(base(&visitor, &text, SURVEY, 60_000).await, "1");
    assert_eq!(centre.uploads()[0].rows.len(), 60_000);
    let people = centre.members(SURVEY).len();
    let mut most = 0;
    for _ in 0..120 {
        pass(&centre, 5);
        let live = centre.made_calls().iter().filter(|call| call.ended.is_none()).count();
        most = most.max(live);
    }
    assert!((1..=people).contains(&most), "{most} of {people}");
    let made = centre.made_calls();
    assert!(made.len() > people && made.iter().any(|call| call.answered.is_some()));
    assert!(made.iter().any(|call| call.answered.is_none() && call.ended.is_some()));
    assert_eq!(centre.dialer(SURVEY).base_rows, 60_000 - made.len());
    assert_eq!(made[0].destination, "090000000", "in the order of the file");
}

#[tokio::test]
async fn a_number_on_the_blacklist_is_neither_dialled_nor_let_in() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let entry = |phone: &str, campaign: &str| {
        json!({
            "phone": phone, "campaign": campaign, "username": "supervisor", "company": "", "job_title": "", "name": "",
        })
    };
    // Somebody calls later today: then not.
    let today = json!({ "calldatei": "2026-03-12 00:00:00", "calldatef": "2026-03-12 23:59:59" });
    let caller = {
        let ahead = super::centre();
        let visitor = Visitor::of(&ahead).await;
        pass(&ahead, 3_000);
        let rows = visitor.rows(&today).await;
        let from = centre.now().format("%Y-%m-%d %H:%M:%S").to_string();
        let row =
            rows.iter().find(|row| row["direction"] == "inbound" && row["calldate"].as_str() > Some(&from));
        row.expect("somebody calls within the hour").clone()
    };
    let (number, campaign) = (caller["src"].as_str().unwrap(), caller["campaign"].as_str().unwrap());
    give(&visitor, "admin/addblack", "blacklist", &entry(number, campaign)).await;
    let both = json!([entry("099000001", SALES), entry("099000002", "")]);
    give(&visitor, "admin/addblackbulk", "blacklist", &both).await;
    assert_eq!(centre.blacklist().len(), 3);
    for (campaign, number) in
        [(SALES, "099000001"), (SALES, "099000002"), (SURVEY, "099000001"), (SURVEY, "099000002")]
    {
        task(&visitor, campaign, number, [true, false]).await;
    }
    pass(&centre, 3_000);
    let dialled: Vec<(String, String)> =
        centre.made_calls().into_iter().map(|call| (call.campaign, call.destination)).collect();
    assert_eq!(dialled, [(SURVEY.to_owned(), "099000001".to_owned())]);
    let mut left_out = centre.numbers_left_out();
    left_out.sort();
    assert_eq!(left_out, ["099000001", "099000002", "099000002"]);
    assert_eq!(rows_to(&visitor, "099000002").await.len(), 0, "a refused number leaves no record");
    assert!(
        visitor.rows(&today).await.iter().all(|row| row["guid"] != caller["guid"]),
        "the caller was turned away"
    );

    give(&visitor, "admin/deleteblack", "blacklist", &entry("099000001", SALES)).await;
    give(&visitor, "admin/deleteblackbulk", "blacklist", &json!([entry("099000002", ""), entry("1", "")]))
        .await;
    assert_eq!(centre.blacklist().len(), 1);
    task(&visitor, SALES, "099000001", [true, false]).await;
    until(&centre, 2_000, "it is dialled again", || calls_to(&centre, "099000001").len() == 2);
}

#[tokio::test]
async fn a_disposition_that_calls_again_schedules_it() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let at = (centre.now() + chrono::Duration::minutes(10)).format("%Y-%m-%d %H:%M:%S").to_string();
    let form = |level: &'static str, other: &'static str| {
        [
            ("campaign", SUPPORT),
            ("agent", "Ana"),
            ("callerid", "099000001"),
            ("guid", "g"),
            ("l1", level),
            ("schedule", at.as_str()),
            ("camptoreschedule", other),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    for (level, other) in [("Volver a llamar", SALES), ("Volver a llamar", ""), ("No interesa", "")] {
        let form = form(level, other);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(visitor.value("api/DispositionCall", &form).await["Result"], "ok");
    }
    let scheduled = |campaign| centre.dialer(campaign).scheduled;
    assert_eq!((scheduled(SALES).len(), scheduled(SUPPORT).len()), (1, 1), "the others call nobody");
    assert_eq!(scheduled(SALES)[0].destination, "099000001");
    until(&centre, 2_000, "both are dialled", || calls_to(&centre, "099000001").len() >= 2);
    assert_eq!(centre.executed(Endpoint::Disposition), 3);
}

#[tokio::test]
async fn a_schedule_whose_time_has_come_goes_before_what_has_time() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    centre.run_dry(SUPPORT, 0);
    task(&visitor, SUPPORT, "099000001", [true, false]).await;
    let schedule =
        json!({ "calldate": "2026-03-12 08:00:00", "campaign": SUPPORT, "destination": "099000002" });
    give(&visitor, "Dialers/ScheduleDialerCall", "callschedule", &schedule).await;
    pass(&centre, 1);
    let waiting: Vec<String> =
        centre.dialer(SUPPORT).waiting.into_iter().map(|task| task.destination).collect();
    assert_eq!(waiting, ["099000002", "099000001"], "a time that is past is now");
}

#[tokio::test]
async fn what_is_for_somebody_who_is_busy_waits_for_them_and_holds_up_nobody() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let talking = || {
        let inside = centre.inside();
        let in_sales = |agent: &atalaya_simulator::InsideAgent| {
            let free = inside.agents.iter().any(|one| {
                one.status == 1 && one.seats.iter().any(|seat| seat.campaign == SALES && !seat.paused)
            });
            free && agent.status == 2 && agent.state_secs < 3 && agent.location.starts_with("SIP/")
        };
        inside.agents.iter().find(|agent| in_sales(agent)).cloned()
    };
    until(&centre, 900, "somebody talks", || talking().is_some());
    let busy = talking().expect("they do");
    let task = |number: &str, agent: &str, bulk: bool| {
        json!({
            "calldate": null, "campaign": SALES, "destination": number, "agent": agent, "bulk": bulk,
            "automatic": !bulk,
        })
    };
    let phone = busy.location.trim_start_matches("SIP/");
    give(&visitor, "Dialers/DialerTask", "call", &task("099000001", phone, false)).await;
    give(&visitor, "Dialers/DialerTask", "call", &task("099000002", "", true)).await;
    pass(&centre, 1);
    let dialled: Vec<String> = centre.made_calls().into_iter().map(|call| call.destination).collect();
    assert_eq!(dialled, ["099000002"]);
    assert_eq!(super::status(&centre, phone), 2, "nobody is taken out of a call");
    until(&centre, 3_000, "then it is theirs", || !calls_to(&centre, "099000001").is_empty());
    assert_eq!(calls_to(&centre, "099000001")[0].agent, busy.name);
}

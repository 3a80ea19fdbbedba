//! Operations over a socket: sent as they are shown, executed once, and told apart in three outcomes whatever becomes of the
//! answer.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_ucontact::operations::{
    AddMembers, AgentCall, AgentCallWithData, Alternatives, BaseRow, BaseRows, Blacklist, BlacklistChange,
    BlacklistNumber, BlacklistNumbers, Disposition, HangUp, Member, Parameters, RemoveContact, Respool,
    ScheduleCall, SendSms, SmsRow, SmsRows, Tag, Task, TaskMode, Unschedule, UploadBase, UploadSmsBase,
};
use atalaya_ucontact::{Client, Operation, Options, Secret, Server};

mod listener;

use listener::{Asked, Listener, Say, TOKENS};

const GUID: &str = "8cf8570e-60e7-44ed-b799-3baab211b04d";

async fn signed_in(listener: &Listener) -> Client {
    let server = Server::parse(&listener.address, None, None, None).expect("a good address");
    let options = Options { requests_per_second: 1_000.0, max_in_flight: 4, ..Options::default() };
    Client::sign_in(server, "supervisor", Secret::new("x"), options).await.expect("it signs in")
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn sms() -> Operation {
    let (destination, message, campaign) = (text("099"), text("Hola"), text("Avisos->"));
    Operation::SendSms(SendSms { destination, message, campaign, ..SendSms::default() })
}

fn base(rows: usize) -> UploadBase {
    let mut base = BaseRows::of("Ventas->");
    let row = BaseRow { phone: text("098344484"), ..BaseRow::default() };
    for _ in 0..rows {
        base.push(&row).expect("a good row");
    }
    UploadBase { filename: text("a.csv"), username: text("supervisor"), timezone: None, rows: base }
}

/// One of each, and the body that says it was done.
fn each() -> Vec<(Operation, &'static str)> {
    let (campaign, destination, guid) = (text("Ventas->"), text("099"), text(GUID));
    let call = AgentCall {
        agent: text("ana"),
        phone: text("1001"),
        tech: text("SIP"),
        outqueue: campaign.clone(),
        destination: destination.clone(),
        ..AgentCall::default()
    };
    let number = || BlacklistNumber { phone: text("099"), ..BlacklistNumber::default() };
    let black = |change, numbers| Operation::Blacklist(Blacklist { change, numbers });
    let (one, many) = (|| BlacklistNumbers::One(number()), || BlacklistNumbers::Many(vec![number()]));
    let member = Member { name: text("ana"), interface: text("1001"), ..Member::default() };
    let (from, to) = (text("2030-01-01 00:00:00"), text("2030-01-02 00:00:00"));
    let mut texts = SmsRows::of("Avisos->");
    texts.push(&SmsRow { phone: text("099"), text: text("Hola"), priority: None }).expect("a good row");
    vec![
        (Operation::AgentCall(call.clone()), GUID),
        (Operation::AgentCallWithData(AgentCallWithData { call, ..AgentCallWithData::default() }), GUID),
        (Operation::HangUp(HangUp { phone: text("1001") }), "1"),
        (Operation::AddMembers(AddMembers { campaign: campaign.clone(), members: vec![member] }), "added"),
        (black(BlacklistChange::Add, one()), "1"),
        (black(BlacklistChange::Remove, one()), "1"),
        (black(BlacklistChange::Add, many()), "1"),
        (black(BlacklistChange::Remove, many()), "1"),
        (
            Operation::Respool(Respool {
                campaign: campaign.clone(),
                destination: destination.clone(),
                dialerbase: text("base"),
                contact: 7,
                priority: 2,
                ..Respool::default()
            }),
            "1",
        ),
        (
            Operation::ScheduleCall(ScheduleCall {
                calldate: from.clone(),
                campaign: campaign.clone(),
                destination: destination.clone(),
                ..ScheduleCall::default()
            }),
            "1",
        ),
        (
            Operation::Task(Task {
                mode: TaskMode::Priority,
                campaign: campaign.clone(),
                destination: destination.clone(),
                alternatives: Alternatives::default(),
                agent: text(""),
                data: Parameters::default(),
                source: text(""),
            }),
            "\"1\"",
        ),
        (
            Operation::RemoveContact(RemoveContact {
                campaign: campaign.clone(),
                number: destination.clone(),
            }),
            "1",
        ),
        (Operation::Unschedule(Unschedule { campaign: campaign.clone(), destination, from, to }), "1"),
        (Operation::UploadBase(base(2)), "1"),
        (Operation::UploadBase(UploadBase { timezone: Some(text("UTC")), ..base(2) }), "1"),
        (Operation::UploadSmsBase(UploadSmsBase { filename: text("b.csv"), rows: texts }), "1"),
        (sms(), "{\"id\":\"77\"}"),
        (Operation::Tag(Tag { phone: text("099"), guid: guid.clone(), data: text("venta") }), ""),
        (
            Operation::Disposition(Disposition {
                campaign,
                agent: text("ana"),
                callerid: text("099"),
                guid,
                levels: ["Venta", "", ""].map(str::to_owned),
                ..Disposition::default()
            }),
            "{\"Result\":\"ok\"}",
        ),
    ]
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_operation_is_executed_once_as_it_was_shown() {
    for (operation, yes) in each() {
        let listener = Listener::start(move |asked, before| match (asked.path.as_str(), before) {
            ("auth/getUserToken", _) => Say::Body(format!("\"{}\"", TOKENS[1])),
            (_, 0) => Say::status(401),
            _ => Say::body(yes),
        })
        .await;
        let client = signed_in(&listener).await;
        let answer = client.perform(&operation).await.unwrap();
        assert_eq!(answer.by, operation.endpoint().path);
        assert_eq!(answer.guid.is_some(), yes == GUID);
        assert_eq!(answer.id.is_some(), yes.contains("id"));
        let asked = listener.operations();
        let tokens: Vec<&str> = asked.iter().map(|asked| asked.token.as_str()).collect();
        assert_eq!(
            tokens,
            TOKENS.map(|token| format!("Basic {token}")),
            "refused once, executed once: {operation:?}"
        );
        let shown: Vec<_> =
            operation.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(asked[1].form, shown);
        assert_eq!(asked[1].path, operation.endpoint().path);
    }
}

#[tokio::test]
async fn an_answer_that_says_neither_leaves_it_unknown_and_nothing_is_sent_again() {
    let answers = [
        Say::Cut,
        Say::Half,
        Say::status(500),
        Say::status(502),
        Say::status(503),
        Say::status(504),
        Say::body("<html>login</html>"),
    ];
    for (operation, _) in each() {
        for say in &answers {
            let told = say.clone();
            let listener = Listener::start(move |_, _| told.clone()).await;
            let error = signed_in(&listener).await.perform(&operation).await.unwrap_err();
            assert!(error.may_have_arrived(), "{say:?} {operation:?}: {error}");
            assert_eq!(listener.operations().len(), 1, "{say:?} {operation:?}");
        }
        if matches!(operation, Operation::Tag(_)) {
            continue;
        }
        for unclear in ["", "{}", "null"] {
            let listener = Listener::start(move |_, _| Say::body(unclear)).await;
            let error = signed_in(&listener).await.perform(&operation).await.unwrap_err();
            assert!(error.may_have_arrived(), "{unclear:?} {operation:?}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_said_elsewhere_is_not_said_of_it() {
    for code in [401, 403, 404, 400, 500] {
        let listener = Listener::start(move |asked, _| match asked.path.as_str() {
            "SMS/SendSMSv2" => Say::Elsewhere("/login"),
            "login" => Say::status(code),
            _ => Say::body("OK"),
        })
        .await;
        let error = signed_in(&listener).await.perform(&sms()).await.unwrap_err();
        assert!(error.may_have_arrived(), "{code}: {error}");
        let asked: Vec<String> = listener.operations().into_iter().map(|asked| asked.path).collect();
        assert_eq!(asked, ["SMS/SendSMSv2", "login"], "neither sent again nor to the older place");
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_refused_in_its_words() {
    for (operation, _) in each() {
        for (say, words) in [
            (
                Say::Status(400, text("Wrong parameters: Empty campaign")),
                Some("Wrong parameters: Empty campaign"),
            ),
            (Say::body("0"), None),
            (Say::body("ERROR"), Some("ERROR")),
            (Say::body("{\"error\":\"no such campaign\"}"), Some("no such campaign")),
            (Say::status(403), None),
            (Say::status(413), None),
            (Say::status(429), None),
        ] {
            let told = say.clone();
            let listener = Listener::start(move |_, _| told.clone()).await;
            let error = signed_in(&listener).await.perform(&operation).await.unwrap_err();
            assert!(!error.may_have_arrived(), "{say:?} {operation:?}: {error}");
            assert_eq!(error.detail.as_deref(), words, "{say:?} {operation:?}");
            assert_eq!(listener.operations().len(), 1, "{say:?} {operation:?}");
        }
    }
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_nothing_unknown() {
    let (operation, _) = each().swap_remove(2);
    for login in [Say::status(500), Say::Cut, Say::status(404), Say::body("0")] {
        let told = login.clone();
        let listener =
            Listener::start(
                move |asked, _| {
                    if asked.path.starts_with("auth/") { told.clone() } else { Say::status(401) }
                },
            )
            .await;
        let error = signed_in(&listener).await.perform(&operation).await.unwrap_err();
        assert!(!error.may_have_arrived(), "{login:?}: {error}");
        assert_eq!(listener.operations().len(), 1, "{login:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_right_never_leaves() {
    let listener = Listener::start(|_, _| Say::body("1")).await;
    let client = signed_in(&listener).await;
    for wrong in [
        Operation::HangUp(HangUp { phone: text("SIP/1001") }),
        Operation::UploadBase(base(0)),
        Operation::RemoveContact(RemoveContact { campaign: text(""), number: text("099") }),
    ] {
        let error = client.perform(&wrong).await.unwrap_err();
        assert_eq!((error.code(), error.may_have_arrived()), ("invalidInput", false), "{wrong:?}");
    }
    assert_eq!(listener.operations(), []);
}

#[tokio::test]
async fn a_message_goes_to_the_older_place_only_where_there_is_no_newer() {
    let older = |code: u16| {
        move |asked: &Asked, _: usize| match asked.path.as_str() {
            "SMS/SendSMSv2" => Say::status(code),
            _ => Say::body("OK"),
        }
    };
    let listener = Listener::start(older(404)).await;
    let answer = signed_in(&listener).await.perform(&sms()).await.unwrap();
    assert_eq!((answer.by, answer.id), ("SMS/SendSMS", None));
    let asked = listener.operations();
    assert_eq!(
        asked.iter().map(|asked| asked.path.as_str()).collect::<Vec<_>>(),
        ["SMS/SendSMSv2", "SMS/SendSMS"]
    );
    assert_eq!(asked[0].form, asked[1].form);
    for code in [400, 500, 503] {
        let listener = Listener::start(older(code)).await;
        signed_in(&listener).await.perform(&sms()).await.unwrap_err();
        assert_eq!(listener.operations().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_large_base_is_given_the_time_it_takes_and_a_small_request_is_not() {
    // 5 s to the first byte, were it any other request.
    let listener = Listener::start(|_, _| Say::Late(Duration::from_secs(6), text("1"))).await;
    let client = signed_in(&listener).await;
    let (large, small) =
        (Operation::UploadBase(base(40_000)), Operation::HangUp(HangUp { phone: text("1001") }));
    let (large, small) = tokio::join!(client.perform(&large), client.perform(&small));
    assert!(large.is_ok(), "{large:?}");
    let small = small.unwrap_err();
    assert_eq!((small.code(), small.may_have_arrived()), ("timeout", true));
    assert_eq!(listener.operations().len(), 2);
}

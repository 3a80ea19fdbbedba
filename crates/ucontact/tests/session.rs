//! The session against a server on a socket: every login shape, renewal, goodbye, and what is never repeated.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_simulator::{Config, Endpoint, Fault, LoginShape, RecordingCase, Simulator};
use atalaya_ucontact::operations::Tag;
use atalaya_ucontact::{Client, Error, ErrorKind, Operation, Options, RecordFilter, Secret, Server};

fn small() -> Config {
    Config { campaigns: 3, agents: 12, calls_per_day: 40, moving: false, ..Config::default() }
}

fn server(simulator: &Simulator) -> Server {
    Server::parse(
        &simulator.server_url(),
        Some(&simulator.telephony_url()),
        Some(&simulator.backup_url()),
        None,
    )
    .expect("the simulator's addresses are good")
}

fn fast() -> Options {
    Options { requests_per_second: 1_000.0, max_in_flight: 64, ..Options::default() }
}

async fn sign_in_with(simulator: &Simulator, password: &str) -> Result<Client, Error> {
    Client::sign_in(server(simulator), simulator.user(), Secret::new(password), fast()).await
}

async fn signed_in(simulator: &Simulator) -> Client {
    sign_in_with(simulator, simulator.password()).await.expect("the right password signs in")
}

#[tokio::test]
async fn the_servers_clock_is_compared_with_the_one_given() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let held = Clock::held(Clock::system().now_ms() + 3_600_000);
    let options = Options { clock: held.clock(), ..fast() };
    let password = Secret::new(simulator.password());
    let client = Client::sign_in(server(&simulator), simulator.user(), password, options).await.unwrap();
    assert_eq!(client.clock_difference_secs(), None, "nothing was read yet");
    client.campaigns().await.unwrap();
    let behind = client.clock_difference_secs().unwrap();
    assert!((-3_610..-3_590).contains(&behind), "{behind} s");
}

fn tag(case: &RecordingCase) -> Operation {
    Operation::Tag(Tag { phone: case.phone.clone(), guid: case.guid.clone(), data: "venta".to_owned() })
}

fn status(code: u16) -> Fault {
    Fault::Status { code, retry_after: None, text: String::new() }
}

#[tokio::test]
async fn every_login_shape_gives_a_session_that_works_and_is_ended_once() {
    let shapes = [
        (LoginShape::QuotedToken, "quotedToken", None),
        (LoginShape::LegacyLast, "lastOfList", None),
        (LoginShape::LegacyThird, "thirdOfList", None),
        (LoginShape::LegacyPhone, "phoneObject", Some(("1001".to_owned(), Some("supervisors".to_owned())))),
    ];
    for (login, name, phone) in shapes {
        let simulator = atalaya_simulator::start(Config { login, ..small() }).await.unwrap();
        let client = signed_in(&simulator).await;
        assert_eq!(client.login_shape(), name);
        assert_eq!(client.own_phone(), phone);
        assert_eq!(client.campaigns().await.unwrap().value.len(), 3, "{name}");
        client.end_session().await;
        client.end_session().await;
        let stats = simulator.stats();
        assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (1, 1, 0), "{name}");
        assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::SignedOut, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    for login in [LoginShape::QuotedToken, LoginShape::LegacyLast] {
        let simulator = atalaya_simulator::start(Config { login, ..small() }).await.unwrap();
        let error = sign_in_with(&simulator, "not this one").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::WrongPassword);
        assert_eq!(simulator.stats().logins_refused, 1);
    }
}

#[tokio::test]
async fn another_product_is_told_from_a_wrong_password() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    for fault in [Fault::Html, status(404)] {
        simulator.faults().set(Endpoint::Login, fault, None);
        let error = sign_in_with(&simulator, simulator.password()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotClassic);
        simulator.faults().clear();
    }
    assert_eq!(simulator.stats().logins, 0);
}

#[tokio::test]
async fn fifty_requests_that_find_the_token_expired_make_one_login() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.expire_tokens();
    let asked = (0..50).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.queue_summary().await.map(|reply| reply.value.len()) })
    });
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.unwrap().unwrap(), 3);
    }
    assert_eq!(simulator.stats().logins, 2, "the first, and one renewal");
    client.end_session().await;
    let stats = simulator.stats();
    assert_eq!((stats.end_sessions, stats.sessions_open), (2, 0), "each login is ended once");
}

#[tokio::test]
async fn a_second_renewal_within_a_minute_means_another_program() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.expire_tokens();
    client.campaigns().await.unwrap();
    simulator.expire_tokens();
    assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::SignedInElsewhere);
    assert_eq!(client.until_signed_out().await.unwrap().kind, ErrorKind::SignedInElsewhere);
    // Nothing more is sent, and the reason stays.
    let sent = simulator.stats().requests;
    assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::SignedInElsewhere);
    assert_eq!(simulator.stats().requests, sent);
    // The second token was dead already when its goodbye was sent.
    let stats = simulator.stats();
    assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (2, 1, 0));
    assert_eq!(stats.requests["endSession"], 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_ends_the_session() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.faults().set(Endpoint::CampaignStatus, Fault::ExpiredToken, None);
    assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::SignedOut);
    let stats = simulator.stats();
    assert_eq!(stats.requests["campaignStatus"], 2, "once with each token");
    assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (2, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_nobody_waits_for_any_more_leaves_no_session_open() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.expire_tokens();
    // The new token is given at once, and arrives a byte at a time.
    simulator.faults().set(Endpoint::Login, Fault::Dribble { bytes: 1, millis: 5 }, Some(1));
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.campaigns().await }
    });
    while simulator.stats().sessions_open == 0 {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.is_err());
    client.end_session().await;
    assert_eq!(simulator.stats().sessions_open, 0);
}

#[tokio::test]
async fn reads_are_repeated_and_writes_are_not() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    let whole = RecordFilter {
        calldatei: "2000-01-01 00:00:00".to_owned(),
        calldatef: "2100-01-01 00:00:00".to_owned(),
        ..RecordFilter::default()
    };
    // So that the budget for repetitions is not what ends it.
    for _ in 0..30 {
        client.queue_summary().await.unwrap();
    }
    for fault in [status(500), Fault::Reset { after: 3 }] {
        let before = simulator.stats().requests.get("records").copied().unwrap_or(0);
        simulator.faults().set(Endpoint::Records, fault, Some(1));
        assert!(!client.call_records(0, 10, &whole).await.unwrap().value.records.is_empty());
        assert_eq!(simulator.stats().requests["records"], before + 2);
    }
    let case = simulator.recordings().swap_remove(0);
    for endpoint in [Endpoint::Tag, Endpoint::Convert] {
        simulator.faults().set(endpoint, status(500), None);
    }
    assert_eq!(client.perform(&tag(&case)).await.unwrap_err().kind, ErrorKind::ServerError);
    assert_eq!(client.convert(&case.guid, &case.day).await.unwrap_err().kind, ErrorKind::ServerError);
    let requests = simulator.stats().requests;
    assert_eq!((requests["tag"], requests["convert"]), (1, 1));
}

#[tokio::test]
async fn an_answer_that_never_ends_well_is_given_up_after_three() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    for _ in 0..30 {
        client.queue_summary().await.unwrap();
    }
    simulator.faults().set(Endpoint::CampaignStatus, status(500), None);
    let error = client.campaigns().await.unwrap_err();
    assert_eq!((error.kind, error.status, error.attempts), (ErrorKind::ServerError, Some(500), 3));
    assert_eq!(simulator.stats().requests["campaignStatus"], 3);
}

#[tokio::test]
async fn who_sends_elsewhere_is_not_followed_with_a_token() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    elsewhere.set_nonblocking(true).expect("it need not wait");
    let port = elsewhere.local_addr().expect("it has one").port();
    // Another port is another host; so is another name of this one.
    for host in ["127.0.0.1", "localhost"] {
        let to = format!("http://{host}:{port}/Integra/resources/x");
        for endpoint in [Endpoint::CampaignStatus, Endpoint::Tag] {
            simulator.faults().set(endpoint, Fault::Redirect { to: to.clone() }, None);
        }
        assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::Misdirected);
        let case = simulator.recordings().swap_remove(0);
        assert_eq!(client.perform(&tag(&case)).await.unwrap_err().kind, ErrorKind::Misdirected);
    }
    assert!(elsewhere.accept().is_err(), "nobody came there");
}

#[tokio::test]
async fn a_busy_server_is_given_the_time_it_asks_for() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    for _ in 0..20 {
        client.campaigns().await.unwrap();
    }
    let busy = Fault::Status { code: 429, retry_after: Some(1), text: String::new() };
    simulator.faults().set(Endpoint::QueueSummary, busy, Some(1));
    let reply = client.queue_summary().await.unwrap();
    assert_eq!(reply.value.len(), 3);
    assert!(reply.round_trip >= Duration::from_secs(1), "came back after {:?}", reply.round_trip);
}

#[tokio::test]
async fn spoiled_answers_are_errors_with_a_kind_and_never_panics() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    let elsewhere = simulator.backup_url();
    let faults = [
        (Fault::Garbage, ErrorKind::Malformed),
        (Fault::Html, ErrorKind::NotClassic),
        (Fault::Zero, ErrorKind::Refused),
        (Fault::Truncate { after: 40 }, ErrorKind::Malformed),
        (Fault::WrongLength { by: 10 }, ErrorKind::Unreachable),
        (Fault::Redirect { to: elsewhere }, ErrorKind::Misdirected),
    ];
    for (fault, kind) in faults {
        let name = format!("{fault:?}");
        simulator.faults().set(Endpoint::CampaignStatus, fault, None);
        let error = client.campaigns().await.unwrap_err();
        assert_eq!(error.kind, kind, "{name}: {error}");
        simulator.faults().clear();
        assert_eq!(client.campaigns().await.unwrap().value.len(), 3, "the next answer is good again");
    }
    assert!(
        !simulator.stats().requests.contains_key("backup"),
        "nothing, and no token, goes to a host nobody named"
    );
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_time_out() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.faults().set(Endpoint::Tag, Fault::Hang, None);
    let case = simulator.recordings().swap_remove(0);
    let error = client.perform(&tag(&case)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn nobody_there_says_so() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let (address, user) = (server(&simulator), simulator.user().to_owned());
    simulator.stop().await;
    let error = Client::sign_in(address, &user, Secret::new("x"), fast()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let unknown = Server::parse("nobody.invalid", None, None, None).unwrap();
    let error = Client::sign_in(unknown, &user, Secret::new("x"), fast()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::UnknownHost);
}

#[tokio::test]
async fn a_login_that_fails_takes_no_session_away() {
    let simulator = atalaya_simulator::start(small()).await.unwrap();
    let client = signed_in(&simulator).await;
    simulator.expire_tokens();
    let busy = Fault::Status { code: 503, retry_after: None, text: String::new() };
    simulator.faults().set(Endpoint::Login, busy, Some(2));
    for _ in 0..2 {
        assert_eq!(client.campaigns().await.unwrap_err().kind, ErrorKind::Busy);
    }
    assert!(!client.campaigns().await.unwrap().value.is_empty(), "nobody else uses this account");
    assert!(client.signed_in());
}

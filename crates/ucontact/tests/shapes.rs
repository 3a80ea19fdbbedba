//! A record of shapes, made against a contact centre on a socket.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Endpoint, Fault, LoginShape, Simulator};
use atalaya_ucontact::shapes::{ShapeRecord, record_shapes};
use atalaya_ucontact::{Error, ErrorKind, Secret, Server};

const PASSWORD: &str = "marked+password/4711=";

async fn centre(login: LoginShape) -> Simulator {
    let password = PASSWORD.to_owned();
    atalaya_simulator::start(Config {
        campaigns: 6,
        agents: 40,
        calls_per_day: 600,
        login,
        password,
        ..Config::default()
    })
    .await
    .expect("loopback has a free port")
}

async fn recorded(simulator: &Simulator, password: &str) -> Result<ShapeRecord, Error> {
    let server = Server::parse(
        &simulator.server_url(),
        Some(&simulator.telephony_url()),
        Some(&simulator.backup_url()),
        None,
    )
    .expect("good addresses");
    let now = chrono::Utc::now().naive_utc();
    let password = Secret::new(password);
    let record = record_shapes(&server, simulator.user(), &password, now, std::future::pending()).await?;
    Ok(record.expect("nobody stopped it"))
}

#[tokio::test]
async fn what_is_known_is_no_news_and_nothing_of_the_centre_is_in_the_record() {
    let shapes = [
        (LoginShape::QuotedToken, "quotedToken"),
        (LoginShape::LegacyThird, "thirdOfList"),
        (LoginShape::LegacyPhone, "phoneObject"),
    ];
    for (login, name) in shapes {
        let simulator = centre(login).await;
        let record = recorded(&simulator, PASSWORD).await.expect("it signs in");
        assert_eq!(record.never_seen, Vec::<String>::new());
        assert_eq!(record.login, name);
        let kinds: Vec<_> =
            record.answers.iter().flat_map(|answer| &answer.body.kinds).map(|of| of.kind).collect();
        let phone: &[&str] = if name == "phoneObject" { &["phone"] } else { &[] };
        assert_eq!(kinds, [phone, &["queue", "campaign", "campaign", "agent", "leg"]].concat());
        let place = |host: &'static str| {
            record.places.iter().filter(move |place| place.place.starts_with(host)).map(|place| place.status)
        };
        assert_eq!(place("telephony").next(), Some(Some(404)), "no call has that guid");
        assert!(
            record.places.iter().any(|place| place.range == "as asked, with the total"),
            "{:?}",
            record.places
        );
        assert!(place("backup").count() > 1);

        let text = serde_json::to_string_pretty(&record).expect("JSON");
        let inside = simulator.inside();
        let mut secrets =
            vec![PASSWORD.to_owned(), simulator.user().to_owned(), "c3VwZXJ2".into(), "sip-secret".into()];
        secrets.extend(inside.campaigns.iter().map(|campaign| campaign.name.clone()));
        secrets.extend(inside.agents.iter().map(|agent| agent.location.clone()));
        secrets.extend(simulator.recordings().into_iter().flat_map(|case| [case.guid, case.phone]));
        secrets.extend(
            simulator.server_url().split(['/', ':']).filter(|part| part.len() > 4).map(str::to_owned),
        );
        for secret in secrets.iter().filter(|secret| !matches!(secret.as_str(), "Integra" | "resources")) {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
        let stats = simulator.stats();
        assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open, stats.converts), (1, 1, 0, 0));
    }
}

#[tokio::test]
async fn what_was_never_seen_comes_first_and_a_failure_is_no_end() {
    let simulator = centre(LoginShape::QuotedToken).await;
    simulator.faults().set(Endpoint::QueueSummary, Fault::Html, None);
    simulator.faults().set(Endpoint::CampaignStatus, Fault::Hang, Some(1));
    let record = recorded(&simulator, PASSWORD).await.expect("it signs in");
    assert_eq!(record.never_seen, ["Supervisor/queuesummary: JSON no: a page"]);
    let text = serde_json::to_string(&record).expect("JSON");
    assert!(text.find("\"neverSeen\"") < text.find("\"answers\""));
    let failed: Vec<_> = record.answers.iter().filter_map(|answer| answer.failed).collect();
    assert_eq!(failed, ["timeout"]);
    assert!(record.answers.iter().any(|answer| answer.body.kinds.iter().any(|of| of.kind == "leg")));
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let simulator = centre(LoginShape::QuotedToken).await;
    assert_eq!(recorded(&simulator, "x").await.unwrap_err().kind, ErrorKind::WrongPassword);
    assert_eq!(simulator.stats().logins_refused, 1);
}

#[tokio::test]
async fn whoever_stops_it_is_signed_out_all_the_same() {
    let simulator = centre(LoginShape::QuotedToken).await;
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let now = chrono::Utc::now().naive_utc();
    let password = Secret::new(PASSWORD);
    let record =
        record_shapes(&server, simulator.user(), &password, now, async {}).await.expect("it signs in");
    assert!(record.is_none());
    let stats = simulator.stats();
    assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (1, 1, 0));
}

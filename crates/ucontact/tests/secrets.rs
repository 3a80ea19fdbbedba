//! Marked secrets go through every path of the client with trace logging on, and come out nowhere.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io;
use std::sync::{Arc, Mutex};

use atalaya_simulator::{Config, Endpoint, Fault, LoginShape};
use atalaya_ucontact::operations::Tag;
use atalaya_ucontact::{Client, Format, Host, Operation, Options, Place, RecordFilter, Secret, Server};
use tracing_subscriber::fmt::MakeWriter;

const PASSWORD: &str = "marked+password/4711=";
/// The password inside a form.
const PASSWORD_ENCODED: &str = "marked%2Bpassword%2F4711%3D";
/// How every token of the simulator begins: base64 of `supervisor:`.
const TOKEN: &str = "c3VwZXJ2aXNvcj";
const SIP: &str = "sip-secret-in-clear";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_reaches_a_log_an_error_or_a_debug_print() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    let mut printed: Vec<String> = Vec::new();
    for login in [LoginShape::QuotedToken, LoginShape::LegacyLast, LoginShape::LegacyPhone] {
        let config = Config {
            campaigns: 2,
            agents: 6,
            calls_per_day: 40,
            password: PASSWORD.to_owned(),
            protected_recordings: true,
            login,
            ..Config::default()
        };
        let simulator = atalaya_simulator::start(config).await.unwrap();
        let server = Server::parse(
            &simulator.server_url(),
            Some(&simulator.telephony_url()),
            Some(&simulator.backup_url()),
            None,
        )
        .unwrap();
        let options = Options { requests_per_second: 1_000.0, max_in_flight: 8, ..Options::default() };
        let sign_in = |password: &str| {
            Client::sign_in(server.clone(), simulator.user(), Secret::new(password), options.clone())
        };
        let denied = sign_in("marked+password/4711=but wrong").await.unwrap_err();
        let client = sign_in(PASSWORD).await.unwrap();
        let case = simulator.recordings().into_iter().find(|case| case.host == "telephony").unwrap();
        let place = Place {
            host: Host::Telephony,
            day: case.in_day_folder.then(|| case.day.clone()),
            format: if case.format == "gsm" { Format::Gsm } else { Format::Mp3 },
        };
        printed.push(format!("{denied} {denied:?} {:?} {client:?}", denied.params()));
        simulator.expire_tokens();
        let filter = RecordFilter::default();
        printed.push(format!("{:?}", client.queue_summary().await));
        printed.push(format!("{:?}", client.campaigns().await));
        printed.push(format!("{:?}", client.call_records(0, 10, &filter).await));
        printed.push(format!("{:?}", client.recording(&place, &case.guid, None, None).await));
        let tag = Tag { phone: case.phone.clone(), guid: case.guid.clone(), data: "venta".to_owned() };
        printed.push(format!("{:?}", client.perform(&Operation::Tag(tag)).await));
        printed.push(format!("{:?}", client.convert(&case.guid, &case.day).await));
        let faults = [
            Fault::Status { code: 400, retry_after: None, text: format!("bad user {}", simulator.user()) },
            Fault::Html,
            Fault::Garbage,
            Fault::Reset { after: 2 },
            Fault::Redirect { to: simulator.backup_url() },
            Fault::ExpiredToken,
        ];
        for fault in faults {
            simulator.faults().set(Endpoint::Any, fault, Some(1));
            match client.campaigns().await {
                Ok(reply) => printed.push(format!("{reply:?}")),
                Err(error) => printed.push(format!("{error} {error:?} {:?}", error.params())),
            }
            simulator.faults().clear();
        }
        client.end_session().await;
    }
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains("signed in") && logged.contains("TRACE"), "the log was really on");
    let printed = printed.join("\n");
    for secret in [PASSWORD, PASSWORD_ENCODED, TOKEN, SIP] {
        for (place, text) in [("a log line", &logged), ("a print", &printed)] {
            let found = text.lines().find(|line| line.contains(secret));
            assert_eq!(found, None, "{secret} in {place}");
        }
    }
}

//! A tipificación against a server on a socket: taken, refused with the server's text, never sent twice.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_ucontact::operations::Disposition;
use atalaya_ucontact::{Answer, Client, Error, Operation, Options, Secret, Server};

async fn signed_in(simulator: &Simulator) -> Client {
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 1_000.0, max_in_flight: 4, ..Options::default() };
    Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("it signs in")
}

async fn send(client: &Client, disposition: &Disposition) -> Result<Answer, Error> {
    client.perform(&Operation::Disposition(disposition.clone())).await
}

fn levels(one: &str, two: &str, three: &str) -> [String; 3] {
    [one, two, three].map(str::to_owned)
}

#[tokio::test]
async fn a_known_combination_is_taken_and_others_are_refused_in_the_servers_words() {
    let config = Config { campaigns: 3, agents: 12, calls_per_day: 40, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.unwrap();
    let client = signed_in(&simulator).await;
    let campaign = client.campaigns().await.unwrap().value[0].campaign.clone();
    let good = Disposition {
        campaign,
        agent: "agent".to_owned(),
        callerid: "091000001".to_owned(),
        guid: simulator.recordings()[0].guid.clone(),
        levels: levels("Venta", "Contado", ""),
        ..Disposition::default()
    };
    send(&client, &good).await.unwrap();
    let again = levels("Volver a llamar", "", "");
    let dated =
        Disposition { schedule: "2030-01-31 10:00:00".to_owned(), levels: again.clone(), ..good.clone() };
    send(&client, &dated).await.unwrap();
    assert_eq!(simulator.stats().dispositions, 2);

    for (wrong, said) in [
        (
            Disposition { levels: levels("Venta", "Fiado", ""), ..good.clone() },
            "Disposition not found for level1: Venta",
        ),
        (Disposition { levels: again.clone(), ..good.clone() }, "Wrong parameters: Empty schedule date"),
    ] {
        let error = send(&client, &wrong).await.unwrap_err();
        assert_eq!((error.code(), error.status), ("refused", Some(400)));
        assert!(error.detail.as_deref().unwrap_or_default().contains(said), "{error}");
    }
    // What cannot be right is not asked.
    let before = simulator.stats().requests["disposition"];
    for odd in [
        Disposition { guid: "../x".to_owned(), ..good.clone() },
        Disposition { levels: levels("", "", ""), ..good.clone() },
        Disposition { campaign: String::new(), ..good.clone() },
        Disposition { levels: again, schedule: "tomorrow".to_owned(), ..good.clone() },
    ] {
        assert_eq!(send(&client, &odd).await.unwrap_err().code(), "invalidInput");
    }
    assert_eq!(simulator.stats().requests["disposition"], before);

    // Not even a broken server is asked twice.
    let before = simulator.stats().requests["disposition"];
    let broken = Fault::Status { code: 503, retry_after: None, text: String::new() };
    simulator.faults().set(Endpoint::Disposition, broken, None);
    assert_eq!(send(&client, &good).await.unwrap_err().code(), "busy");
    assert_eq!(simulator.stats().requests["disposition"], before + 1);
}

//! Every command that changes something, against a contact centre that does what it is told: its effect is seen there, and
//! it is carried out once.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use atalaya_clock::Clock;
use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_store::Store;
use serde_json::Value;

mod common;

use common::{Script, still};

/// Runs a command that says what became of it; gives its status and that.
async fn told(script: &Script, words: &[&str]) -> (Option<i32>, Value) {
    let output = script.run(&[words, &["--yes", "--json"]].concat()).await;
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    assert!(!said.is_null(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said)
}

async fn done(script: &Script, words: &[&str]) -> Value {
    let (status, said) = told(script, words).await;
    assert_eq!((status, said["outcome"].as_str()), (Some(0), Some("done")), "{words:?}: {said}");
    said
}

/// `1001` of `SIP/1001` and of `Local/1001@agents/n`: the number a person is called by.
fn extension(location: &str) -> &str {
    let number = location.split_once('/').map_or(location, |(_, rest)| rest);
    number.split_once('@').map_or(number, |(number, _)| number)
}

/// Somebody of a campaign with this status.
fn somebody(centre: &Simulator, status: i64) -> (String, String) {
    let inside = centre.inside();
    let one = inside.agents.iter().find(|one| one.status == status && !one.paused()).expect("there is one");
    (one.name.clone(), one.location.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_people_are_seen_at_the_contact_centre() {
    let script = Script::of(still()).await;
    let centre = &script.simulator;
    let dialer =
        centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).expect("one").name.clone();

    let (agent, location) = somebody(centre, 1);
    let phone = extension(&location);
    let base = ["call", "start", "--campaign", &dialer, "--agent", &agent, "--phone", phone];
    let said = done(&script, &[&base[..], &["--destination", "099111222"]].concat()).await;
    let made = centre.made_calls();
    assert_eq!((made.len(), said["guid"].as_str()), (1, Some(made[0].guid.as_str())));
    assert_eq!((made[0].phone.as_str(), made[0].destination.as_str()), (phone, "099111222"));

    done(&script, &["call", "hangup", "--phone", phone]).await;
    assert_eq!(centre.hang_ups().len(), 1);
    let (status, said) = told(&script, &["call", "hangup", "--phone", "9999"]).await;
    assert_eq!((status, said["outcome"].as_str()), (Some(1), Some("refused")), "nobody is on it");

    let (agent, location) = somebody(centre, 1);
    let with_data =
        ["call", "start", "--campaign", &dialer, "--agent", &agent, "--phone", extension(&location)];
    let data = ["--destination", "099333444", "--data", "{\"idcustomer\":7}", "--form", "ficha"];
    done(&script, &[&with_data[..], &data].concat()).await;
    assert_eq!(centre.executed(Endpoint::AgentCallWithData), 1);

    let (name, location) = somebody(centre, 1);
    let inside = centre.inside();
    let seats = &inside.agents.iter().find(|one| one.location == location).expect("there").seats;
    let other = inside.campaigns.iter().find(|one| seats.iter().all(|seat| seat.campaign != one.name));
    let other = other.expect("another campaign").name.clone();
    let before = centre.members(&other).len();
    let member = format!("{name}={location}");
    done(&script, &["queue", "add", "--campaign", &other, "--member", &member, "--penalty", "2"]).await;
    assert_eq!(centre.members(&other).len(), before + 1);
    let (status, _) = told(&script, &["queue", "add", "--campaign", &other, "--member", &member]).await;
    assert_eq!(status, Some(1), "already there");
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_seen_at_the_contact_centre() {
    let script = Script::of(still()).await;
    let centre = &script.simulator;
    let dialer =
        centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).expect("one").name.clone();
    let (number, at) = ("099555666", "2031-03-05 10:15:00");
    let to = ["--campaign", &dialer, "--destination", number];

    done(&script, &[&["dialer", "task"], &to[..], &["--mode", "dialer", "--data", "nombre=Ana"]].concat())
        .await;
    assert_eq!(centre.dialer(&dialer).waiting.iter().filter(|task| task.destination == number).count(), 1);
    done(&script, &["dialer", "remove", "--campaign", &dialer, "--phone", number]).await;
    assert!(centre.dialer(&dialer).waiting.is_empty());
    done(&script, &[&["dialer", "schedule"], &to[..], &["--at", at]].concat()).await;
    assert_eq!(centre.dialer(&dialer).scheduled.len(), 1);
    let span = ["--from", "2031-03-05 00:00:00", "--to", "2031-03-05 23:59:59"];
    done(&script, &[&["dialer", "unschedule"], &to[..], &span].concat()).await;
    assert!(centre.dialer(&dialer).scheduled.is_empty());
    done(&script, &[&["dialer", "respool"], &to[..], &["--base", "basetest", "--contact", "222"]].concat())
        .await;
    assert_eq!(centre.executed(Endpoint::Respool), 1);

    // A base and its zone, and a base of messages, row by row as they were in the file.
    let base = script.home.path().join("base.csv");
    std::fs::write(&base, format!("{dialer};098344484;nombre=Ana;099124484;9999;\n{dialer};099000111\n"))
        .unwrap();
    let base = base.to_str().expect("a plain name");
    done(&script, &["dialer", "upload", base, "--campaign", &dialer]).await;
    done(&script, &["dialer", "upload", base, "--campaign", &dialer, "--timezone", "America/Montevideo"])
        .await;
    let messages = script.home.path().join("sms.csv");
    std::fs::write(&messages, format!("{dialer};098344484;Su turno es el martes;\n")).unwrap();
    done(&script, &["sms", "upload", messages.to_str().expect("a plain name"), "--campaign", &dialer]).await;
    let uploads = centre.uploads();
    assert_eq!(
        uploads.iter().map(|one| (one.rows.len(), one.of_sms)).collect::<Vec<_>>(),
        [(2, false), (2, false), (1, true)]
    );
    assert_eq!((uploads[0].cant, uploads[1].timezone.as_deref()), (Some(2), Some("America/Montevideo")));

    let message = [&["sms", "send"], &to[..], &["--message", "Su turno es el martes"]].concat();
    done(&script, &message).await;
    assert_eq!(centre.sms().len(), 1, "what is in a base is sent when its time comes");
    // Lost on the way back: perhaps sent, and not sent again.
    centre.faults().set(Endpoint::SendSmsV2, Fault::AnswerLost, None);
    let (status, said) = told(&script, &message).await;
    assert_eq!((status, said["outcome"].as_str()), (Some(3), Some("unknown")));
    assert_eq!(centre.executed(Endpoint::SendSmsV2), 2);

    done(&script, &["blacklist", "add", "--phone", number]).await;
    let file = script.home.path().join("black.csv");
    std::fs::write(&file, "phone,campaign,name,company,job_title\n098000001,,Ana,,\n098000002,,,,\n")
        .unwrap();
    let file = file.to_str().expect("a plain name");
    done(&script, &["blacklist", "add", "--file", file]).await;
    assert_eq!(centre.blacklist().len(), 3);
    done(&script, &["blacklist", "remove", "--file", file]).await;
    done(&script, &["blacklist", "remove", "--phone", number]).await;
    assert!(centre.blacklist().is_empty());
    // As a spreadsheet's file has it: the sign before a plus is none of the number.
    let file = script.home.path().join("exported.csv");
    std::fs::write(&file, "phone,campaign,name,company,job_title\n'+598980003,,'=Ana,,\n").unwrap();
    done(&script, &["blacklist", "add", "--file", file.to_str().expect("a plain name")]).await;
    assert_eq!(centre.blacklist()[0].phone, "+598980003");

    let store =
        Store::open(&script.home.path().join("atalaya.sqlite"), &[], Clock::system()).expect("it opens");
    let sent: Vec<(String, String)> = store
        .with(|connection| {
            connection
                .prepare("SELECT name, outcome FROM outreach_sent ORDER BY id")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .expect("kept");
    assert_eq!(sent.len(), 15, "all of it is among what was sent from this computer: {sent:?}");
    assert_eq!(sent.iter().filter(|(_, outcome)| outcome == "unknown").count(), 1);
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_is_sent_its_own_kind_of_message() {
    let script = Script::of(Config { sms_v2: false, ..still() }).await;
    let campaign = script.simulator.inside().campaigns[0].name.clone();
    let to = ["sms", "send", "--campaign", &campaign, "--destination", "099555666", "--message", "Hola"];
    done(&script, &to).await;
    let centre = &script.simulator;
    assert_eq!((centre.executed(Endpoint::SendSms), centre.executed(Endpoint::SendSmsV2)), (1, 0));
}

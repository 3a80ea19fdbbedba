//! The report for support of a desk that is signed in, with everything in its log that must not leave this computer.

use std::fs;

use atalaya_desk::Paths;

mod common;

use common::{PASSWORD, centre, session, signed_in, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_says_what_happened_and_nothing_of_anybody() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let desk = signed_in(home.path(), &simulator).await;
    let floor = || session(&desk).floor.snapshot();
    until("there are agents", || floor().agents.len() > 3).await;
    let (campaign, agent) = (floor().campaigns[0].clone(), floor().agents[0].name.clone());
    let logs = Paths::below(home.path()).logs();
    fs::create_dir_all(&logs).expect("a folder");
    let line = format!(
        "2026-11-28T10:11:12Z  WARN {} of {agent} called 099123456, password={PASSWORD} in {}/x took_ms=1234567",
        campaign.name,
        home.path().display()
    );
    fs::write(logs.join("atalaya.log"), format!("{line}\n")).expect("written");
    fs::write(logs.join("broke-1764300000000.txt"), format!("thread main: at {line}")).expect("written");
    assert_eq!(desk.broke_last().map(|broke| broke.at_ms), Some(1_764_300_000_000));

    let happened = format!("{agent} had no sound, 099 123 456 either");
    let without = desk.support_report(happened.clone(), false).await;
    let with = desk.support_report(happened, true).await;
    for report in [&without, &with] {
        let private =
            ["099123456", "099 123 456", PASSWORD, &home.path().display().to_string(), simulator.user()];
        for word in private {
            assert!(!report.contains(word), "{word}: {report}");
        }
        for word in ["had no sound", "took_ms=1234567", "WARN", "\"requestsPerMinute\"", "== what broke =="] {
            assert!(report.contains(word), "{word}: {report}");
        }
    }
    for name in [&campaign.name, &agent] {
        assert!(!without.contains(name.as_str()) && with.contains(name.as_str()), "{name}: {without}");
    }

    desk.broke_seen();
    assert_eq!(desk.broke_last(), None);
    let again = desk.support_report(String::new(), false).await;
    assert!(
        again.contains("== what happened ==\nnothing") && again.contains("thread main"),
        "it is still in there"
    );
    desk.sign_out().await.expect("signs out");
    simulator.stop().await;
}

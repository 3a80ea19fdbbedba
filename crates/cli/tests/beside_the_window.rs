//! The command line and the window keep one file of this person, whichever of the two made it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use atalaya_clock::Clock;
use atalaya_desk::wire::SignInRequest;
use atalaya_desk::{Desk, Options, Paths};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, Kind, RecordingCase, Simulator};
use atalaya_store::Store;
use atalaya_store::secrets::open_secret_store;
use atalaya_ucontact::Secret;
use serde_json::Value;

async fn window(home: &Path) -> Desk {
    Desk::open(Options {
        paths: Paths::below(home),
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    })
    .await
    .expect("the desk opens")
}

fn request(centre: &Simulator) -> SignInRequest {
    SignInRequest {
        profile_id: None,
        name: String::new(),
        server_url: centre.server_url(),
        user: centre.user().to_owned(),
        password: Some(Secret::new(centre.password())),
        telephony_url: None,
        backup_url: None,
        extra_ca_path: None,
        keep: false,
    }
}

async fn run(home: &Path, centre: &Simulator, arguments: &[&str], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
    command
        .args(arguments)
        .args(more)
        .env("ATALAYA_HOME", home)
        .env("ATALAYA_PASSWORD", centre.password())
        .stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("it is waited for")
        .expect("the binary runs")
}

/// Campaigns in the report of `floor`.
async fn campaigns(home: &Path, centre: &Simulator, arguments: &[&str]) -> usize {
    let output = run(home, centre, &["floor", "--json"], arguments).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    report["campaigns"].as_array().expect("a list").len()
}

/// A call with sound: which is the first, and whether anything of it was recorded, differs from day to day.
fn heard(centre: &Simulator) -> RecordingCase {
    let mut cases = centre.recordings().into_iter();
    cases.find(|case| case.kind == Kind::Gsm).expect("in two weeks there is one")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_window_signed_in_to_last_needs_no_option() {
    let centre = atalaya_simulator::start(Config { campaigns: 3, agents: 9, ..Config::default() })
        .await
        .expect("loopback has a free port");
    let home = tempfile::tempdir().unwrap();
    let desk = window(home.path()).await;
    desk.sign_in(request(&centre)).await.unwrap();
    desk.sign_out().await.unwrap();
    // The window is still open.
    assert_eq!(campaigns(home.path(), &centre, &[]).await, 3);
    drop(desk);
    let known = window(home.path()).await.session_state().profiles;
    assert_eq!(known.iter().map(|profile| &profile.user).collect::<Vec<_>>(), [centre.user()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_the_command_line_made_is_the_windows_too() {
    let centre = atalaya_simulator::start(Config { campaigns: 3, agents: 9, ..Config::default() })
        .await
        .expect("loopback has a free port");
    let home = tempfile::tempdir().unwrap();
    let case = heard(&centre);
    let server = centre.server_url();
    let output = run(
        home.path(),
        &centre,
        &["recording", &case.guid, "--day", &case.calldate[..10], "--convert", "-o", "-"],
        &["--server", &server, "--user", centre.user()],
    )
    .await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(Paths::below(home.path()).database().exists(), "the trail of what may be written");
    assert_eq!(window(home.path()).await.session_state().profiles.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_leaves_alone_what_the_window_is_still_waiting_for() {
    let centre = atalaya_simulator::start(Config { campaigns: 3, agents: 9, ..Config::default() })
        .await
        .expect("loopback has a free port");
    let home = tempfile::tempdir().unwrap();
    let desk = window(home.path()).await;
    desk.sign_in(request(&centre)).await.unwrap();
    let database = Paths::below(home.path()).database();
    let kept = Store::open(&database, &[], Clock::system()).unwrap();
    let account = desk.session().unwrap().account().to_owned();
    // As the window leaves it between the server's answer and finding the tag.
    kept.with(|connection| {
        let tag = "INSERT INTO tag (account, guid, text, state, at_ms) VALUES (?1, 'g', 't', 'pending', 1)";
        connection.execute(tag, [&account])
    })
    .unwrap();
    let case = heard(&centre);
    let day = &case.calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    for command in [
        &["calls", "--from", &from, "--to", &to][..],
        &["recording", &case.guid, "--day", day, "-o", "-"],
        &["recording", &case.guid, "--day", day, "--convert", "-o", "-"],
    ] {
        let output = run(home.path(), &centre, command, &[]).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let state: String = kept
            .with(|connection| {
                connection.query_row("SELECT state FROM tag WHERE account = ?1", [&account], |row| row.get(0))
            })
            .unwrap();
        assert_eq!(state, "pending", "{command:?}");
    }
    desk.sign_out().await.unwrap();
}

//! However a command is told to end, the session at the server ends with it, and one that outlives its terminal goes on.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use atalaya_simulator::{Config, Endpoint, Fault};

mod common;

use common::{Script, sentence, still};

const WATCH: [&str; 3] = ["floor", "--watch", "--json"];

fn tell(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill").success());
}

/// With every signal as usual, whatever this test itself was started to outlive.
fn begun(typed: &Command) -> Child {
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP").arg(typed.get_program()).args(typed.get_args());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env_remove("ATALAYA_LOG").stdin(Stdio::null());
    begun_as_it_is(command)
}

fn begun_as_it_is(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

async fn next(mut lines: Lines<BufReader<ChildStdout>>) -> Lines<BufReader<ChildStdout>> {
    tokio::task::spawn_blocking(move || {
        let line = lines.next().expect("it goes on").expect("text");
        assert!(line.contains("campaigns"), "{line}");
        lines
    })
    .await
    .expect("a line comes")
}

async fn over(child: Child) -> Output {
    tokio::task::spawn_blocking(move || child.wait_with_output().expect("it ends")).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_being_told_ends_the_session() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let script = Script::of(Config { moving: true, ..still() }).await;
        let mut child = begun(&script.command(&WATCH));
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let _open = next(lines).await;
        tell(&child, signal);
        let output = over(child).await;
        assert_eq!((output.status.code(), sentence(&output).as_str()), (Some(1), "interrupted"), "{signal}");
        script.assert_signed_out();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_started_to_outlive_its_terminal_does() {
    let script = Script::of(Config { moving: true, ..still() }).await;
    let typed = script.command(&WATCH);
    let mut command = Command::new("nohup");
    command.arg(typed.get_program()).args(typed.get_args()).stdin(Stdio::null());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut child = begun_as_it_is(command);
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    lines = next(lines).await;
    tell(&child, "-HUP");
    // One may have been under way; another is written after it was told.
    lines = next(lines).await;
    let _open = next(lines).await;
    assert_eq!(script.simulator.stats().end_sessions, 0);
    tell(&child, "-TERM");
    assert_eq!(over(child).await.status.code(), Some(1));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_under_way_is_not_left_open() {
    let script = Script::still().await;
    script.simulator.faults().set(Endpoint::Login, Fault::Slow { millis: 700 }, None);
    let child = begun(&script.command(&WATCH));
    // The server has the question, and takes its time.
    let until = Instant::now() + Duration::from_secs(20);
    while script.simulator.stats().requests.values().sum::<u64>() == 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tell(&child, "-TERM");
    let output = over(child).await;
    assert_eq!((output.status.code(), sentence(&output).as_str()), (Some(1), "interrupted"));
    let stats = script.simulator.stats();
    assert_eq!((stats.sessions_open, stats.end_sessions), (0, stats.logins));
}

//! A script's machine: the real binary, and a contact centre on a socket.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use atalaya_simulator::{Config, Kind, RecordingCase, Simulator};
use serde_json::Value;
use tempfile::TempDir;

/// A script's machine.
pub struct Script {
    pub simulator: Simulator,
    pub home: TempDir,
}

impl Script {
    pub async fn of(config: Config) -> Self {
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        Self { simulator, home: tempfile::tempdir().expect("a folder") }
    }

    pub async fn still() -> Self {
        Self::of(still()).await
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
        command
            .args(["--server", &self.simulator.server_url(), "--user", self.simulator.user()])
            .args(["--telephony-url", &self.simulator.telephony_url()])
            .args(["--backup-url", &self.simulator.backup_url()])
            .args(arguments)
            .env("ATALAYA_HOME", self.home.path())
            .env("ATALAYA_PASSWORD", self.simulator.password())
            .env_remove("ATALAYA_LOG")
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end; the server goes on meanwhile.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        finished(self.command(arguments)).await
    }

    pub async fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stderr, b"");
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }

    pub fn case(&self, kind: Kind) -> RecordingCase {
        self.simulator.recordings().into_iter().find(|case| case.kind == kind).expect("one of each kind")
    }

    pub async fn recording(&self, case: &RecordingCase, more: &[&str], file: &Path) -> Output {
        let day = &case.calldate[..10];
        let file = file.to_str().expect("a plain name");
        self.run(&[&["recording", &case.guid, "--day", day, "-o", file], more].concat()).await
    }

    pub fn assert_signed_out(&self) {
        let stats = self.simulator.stats();
        assert_eq!((stats.end_sessions, stats.sessions_open), (stats.logins, 0), "one EndSession a login");
        assert!(stats.logins > 0);
    }
}

pub async fn finished(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().expect("the binary runs"))
        .await
        .expect("the waiting does not panic")
}

pub fn still() -> Config {
    Config {
        campaigns: 12,
        agents: 120,
        calls_per_day: 600,
        moving: false,
        convert_delay: Duration::from_millis(400),
        ..Config::default()
    }
}

/// One sentence on one line.
pub fn sentence(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("text");
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim().to_owned()
}

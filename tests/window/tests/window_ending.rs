//! The program told to end from outside, and what it says where there is no window to say it.
#![cfg(target_os = "linux")]

use std::process::{Command, Output};

use atalaya_simulator::{Config, start};
use atalaya_window::{Opening, Window, wait_until};

mod common;

use common::{SOON, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_goes_away_ends_the_session() {
    let centre =
        start(Config { campaigns: 4, agents: 12, calls_per_day: 200, ..Config::default() }).await.unwrap();
    tokio::task::block_in_place(|| {
        let window = Window::open("hung-up", &Opening::default()).unwrap();
        sign_in(&window, &centre);
        assert_eq!(centre.stats().end_sessions, 0);
        window.hang_up().unwrap();
        wait_until("the server is told", SOON, || {
            let stats = centre.stats();
            Ok((stats.end_sessions == stats.logins && stats.sessions_open == 0).then_some(()))
        })
        .unwrap();
    });
}

fn typed(wrong: &str, language: &str) -> Output {
    Command::new(Opening::default().application)
        .arg(wrong)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("LANGUAGE")
        .env("LANG", language)
        .env("LC_ALL", language)
        .output()
        .unwrap()
}

#[test]
fn wrong_usage_is_said_in_the_language_of_the_computer() {
    for (language, word) in
        [("es_UY.UTF-8", "Uso"), ("pt_BR.UTF-8", "digitado"), ("en_US.UTF-8", "Usage"), ("C", "Usage")]
    {
        let said = typed("--no-such-thing", language);
        let sentence = String::from_utf8(said.stderr).unwrap();
        assert_eq!((said.status.code(), sentence.lines().count()), (Some(2), 1), "{sentence}");
        assert!(sentence.contains(word) && sentence.contains("atalaya [--demo]"), "{language}: {sentence}");
    }
}

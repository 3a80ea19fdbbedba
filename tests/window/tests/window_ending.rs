//! The program told to end from outside, begun anew to be drawn the safer way, and what it says where there is no window
//! to say it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

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

#[test]
fn drawn_the_safer_way_it_is_the_same_program_and_stays_so_until_that_is_taken_back() {
    let home = tempfile::tempdir().unwrap();
    for (word, safe) in [(Some("--safe-drawing"), true), (None, true), (Some("--usual-drawing"), false)] {
        let args = word.map(str::to_owned).into_iter().collect();
        let opening = Opening { args, home: Some(home.path().to_owned()), ..Opening::default() };
        let window = Window::open("drawn", &opening).unwrap();
        window.get("sign-in-submit").unwrap();
        assert_eq!(
            (
                window.data_folder().join("safe-drawing").exists(),
                window.begun_with("ATALAYA_DRAWING=safe").unwrap()
            ),
            (safe, safe),
            "{word:?}"
        );
        window.quit().unwrap();
    }
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
        assert!(
            sentence.contains(word) && sentence.contains("atalaya [--demo] [--safe-drawing]"),
            "{language}: {sentence}"
        );
    }
}

#[test]
fn what_broke_before_is_offered_once_and_read_before_anybody_else_does() {
    let home = tempfile::tempdir().unwrap();
    let logs = home.path().join("atalaya/logs");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(logs.join("broke-1764300000000.txt"), "thread a poll: broke at 099123456").unwrap();
    let opening = || Opening { home: Some(home.path().to_owned()), ..Opening::default() };
    let window = Window::open("broke", &opening()).unwrap();
    window.get("broke-before").unwrap();
    window.click("broke-look").unwrap();
    let shown = |wanted: &str| {
        window
            .wait_until(wanted, SOON, |page| {
                let script = "return document.querySelector('[data-testid=support-text]').value";
                let shown = page.execute(script, &[])?.as_str().unwrap_or_default().to_owned();
                Ok(shown.contains(wanted).then_some(shown))
            })
            .unwrap()
    };
    let report = shown("thread a poll: broke at [number 1]");
    assert!(report.contains("== what happened ==\nnothing"), "{report}");
    window.fill("support-happened", "no sound since ten").unwrap();
    shown("== what happened ==\nno sound since ten");
    assert_eq!(window.layout_faults().unwrap(), Vec::<String>::new());
    window.click("support-close").unwrap();
    window
        .wait_until("it is not offered again", SOON, |_| Ok((!window.has("broke-before")?).then_some(())))
        .unwrap();
    window.quit().unwrap();
    let window = Window::open("broke", &opening()).unwrap();
    window.get("sign-in-submit").unwrap();
    assert!(!window.has("broke-before").unwrap());
    window.quit().unwrap();
}

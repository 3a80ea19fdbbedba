//! The floor over time in the real window: rewound by keys, unmistakably past, with live alerts meanwhile; a shift reported;
//! and what was watched before a restart is there after it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys};

mod common;
use common::{SOON, attribute, sign_in, until};

fn number(text: &str) -> i64 {
    text.parse().unwrap_or(i64::MIN)
}

/// Rewinds once there is something to rewind to; gives the moment shown.
fn rewind(window: &Window) -> i64 {
    window
        .wait_until("some of it is recorded", SOON, |page| {
            if !window.has("rewind-bar")? {
                window.press("r")?;
            }
            page.find("[data-testid=\"rewind-bar\"]")
        })
        .unwrap();
    number(&until(window, "a moment", "rewind-bar", "data-at", |at| !at.is_empty()))
}

fn centre() -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).unwrap();
    (runtime, centre)
}

#[test]
fn the_floor_is_rewound_reported_and_remembered() {
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let opening = Opening { home: Some(home.path().to_owned()), ..Opening::default() };
    let first_seen = {
        let window = Window::open("past", &opening).unwrap();
        sign_in(&window, &centre);
        window.get("agent-row").unwrap();
        let first = rewind(&window);
        assert_eq!(attribute(&window, "floor", "data-past"), "true");
        let then = window.texts("campaign-row").unwrap();
        assert_eq!(then.len(), 12, "every campaign, as it was: {then:?}");
        // Back to the first moment and from there: keys go through time, not through campaigns.
        let last = window
            .wait_until("a later moment", SOON, |_| {
                window.press(keys::END)?;
                let at = number(&attribute(&window, "rewind-bar", "data-at"));
                Ok((at > first).then_some(at))
            })
            .unwrap();
        window.press(&format!("{}{}", keys::SHIFT, keys::LEFT)).unwrap();
        until(&window, "a little before it", "rewind-bar", "data-at", |at| number(at) < last);
        assert!(!window.has("campaign-page").unwrap());
        let shown = window.text("rewind-time").unwrap();
        window.picture("past-rewound").unwrap();

        // The server goes away: live alerts show while the past stands still.
        centre.down();
        window
            .wait_until("the live alert", SOON * 2, |page| page.find("[data-rule=\"serverAway\"]"))
            .unwrap();
        assert_eq!(window.text("rewind-time").unwrap(), shown);
        assert_eq!(attribute(&window, "floor", "data-past"), "true");
        window.picture("past-and-live").unwrap();
        centre.up();
        window.press(keys::ESCAPE).unwrap();
        until(&window, "live again", "floor", "data-past", |past| past == "false");
        assert!(!window.has("rewind-bar").unwrap());
        until(&window, "fresh figures", "health", "data-freshness", |fresh| fresh == "fresh");

        window.click("campaign-row").unwrap();
        window.click("campaign-trend").unwrap();
        until(&window, "its day", "trend-charts", "data-points", |points| number(points) >= 60);
        window.click("agent-row").unwrap();
        until(&window, "a person's day", "person-timeline", "data-spans", |spans| number(spans) > 0);
        window.picture("past-trend").unwrap();

        window.click("report-open").unwrap();
        until(&window, "the report", "report", "data-made", |made| made == "true");
        assert_eq!(number(&attribute(&window, "report-campaigns", "data-rows")), 12);
        assert!(number(&attribute(&window, "report-people", "data-rows")) > 20);
        assert!(
            number(&attribute(&window, "report-alerts", "data-rows")) >= 1,
            "the silent server is told of"
        );
        window.picture("past-report").unwrap();
        window.press(keys::ESCAPE).unwrap();
        assert!(!window.has("report").unwrap());
        window.quit().unwrap();
        first
    };

    // Another start: what was watched is there, and the time between is a gap.
    let window = Window::open("past-again", &opening).unwrap();
    sign_in(&window, &centre);
    window.get("agent-row").unwrap();
    rewind(&window);
    window.press(keys::HOME).unwrap();
    until(&window, "the first moment", "rewind-bar", "data-at", |at| number(at) <= first_seen);
    assert_eq!(attribute(&window, "rewind-bar", "data-gap"), "false");
    // Rows out of sight are not on the page.
    let table = window.page().execute(
        "return document.querySelector('[data-testid=campaign-row]').closest('[aria-rowcount]').ariaRowCount",
        &[],
    );
    assert_eq!(table.unwrap(), "12");

    // It can be forgotten, when somebody says so twice.
    window.press(keys::ESCAPE).unwrap();
    window.click("nav-settings").unwrap();
    window.click("history-clear").unwrap();
    window.click("history-clear-sure").unwrap();
    window
        .wait_until("it is forgotten", SOON, |_| {
            Ok(window.text("history-room")?.contains("was cleared").then_some(()))
        })
        .unwrap();
}

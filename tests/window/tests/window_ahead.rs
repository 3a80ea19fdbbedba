//! The next quarter of an hour in the real window, over the demonstration and its past: in the campaigns' table, on a
//! campaign's page with what more people would change and who could help, and while people are chosen; gone while rewound.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_window::{Opening, Window, keys};
use serde_json::Value;

#[path = "common/axe.rs"]
mod axe;
use axe::Looker;

/// The demonstration lives through its past first, and a look is taken once a minute.
const FORECAST: Duration = Duration::from_secs(300);
const SOON: Duration = Duration::from_secs(20);
/// A question is lived through anew, by a program that is not optimised.
const ANSWER: Duration = Duration::from_secs(120);

/// Clicks the first that is there.
fn click_first(window: &Window, selector: &str) {
    let script = "document.querySelector(arguments[0]).click()";
    window.page().execute(script, &[Value::from(selector)]).expect("it is there");
}

fn wait(window: &Window, what: &str, long: Duration, selector: &str) {
    window.wait_until(what, long, |page| page.find(selector)).unwrap();
}

fn choose(window: &Window, language: &str, theme: &str) {
    window.click("nav-settings").unwrap();
    for (list, value) in [("settings-language", language), ("settings-theme", theme)] {
        window.get(list).unwrap();
        let script = "const list = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        window.page().execute(script, &[Value::from(list), Value::from(value)]).unwrap();
    }
    window.click("nav-floor").unwrap();
}

#[test]
fn what_is_ahead_is_seen_asked_about_and_no_part_of_the_past() {
    let opening = Opening { args: vec!["--demo".into()], size: (1920, 1080), ..Opening::default() };
    let window = Window::open("ahead", &opening).unwrap();
    window.page().resize(1920, 1080).unwrap();
    let mut looker = Looker::new(window);
    let window = &looker.window;
    wait(window, "the floor", FORECAST, "[data-testid=floor-ready][data-live=true]");
    if window.has("first-close").unwrap() {
        window.click("first-close").unwrap();
    }
    wait(window, "a forecast", FORECAST, "[data-testid=ahead-cell][data-known=true]");
    window.picture("ahead-table").unwrap();

    click_first(window, "[data-testid=campaign-row]:has([data-testid=ahead-cell][data-known=true])");
    wait(window, "its page", SOON, "[data-testid=ahead-card][data-known=true]");
    assert_eq!(window.texts("ahead-row").unwrap().len(), 4);
    window.click("ahead-more").unwrap();
    window.click("ahead-more").unwrap();
    wait(window, "what two more would change", ANSWER, "[data-testid=ahead-if][data-busy=false] :is(li, p)");
    window.click("ahead-advise").unwrap();
    wait(window, "who could help", ANSWER, "[data-testid=ahead-advise]:not([aria-disabled])");
    assert!(!window.text("ahead-advice").unwrap().is_empty());
    window.picture("ahead-page").unwrap();

    window.page().resize(1280, 800).unwrap();
    looker.look("the next quarter of an hour");
    for (language, theme) in [("es", "light"), ("pt-BR", "dark")] {
        choose(&looker.window, language, theme);
        wait(&looker.window, "a forecast again", SOON, "[data-testid=ahead-card][data-known=true]");
        looker.window.settle().unwrap();
        looker.window.picture(&format!("ahead-{language}")).unwrap();
    }

    let window = &looker.window;
    window.click("campaign-add").unwrap();
    window.get("add-row").unwrap();
    window.click("add-row").unwrap();
    wait(window, "what the choice would change", ANSWER, "[data-testid=add-effect][data-busy=false]");
    window.picture("ahead-adding").unwrap();
    looker.look("adding people with a forecast");

    let window = &looker.window;
    window.press(keys::ESCAPE).unwrap();
    window.click("rewind").unwrap();
    wait(window, "the past", SOON, "[data-testid=floor][data-past=true]");
    assert!(!window.has("ahead-card").unwrap());
    looker.nothing_found();
}

//! The next quarter of an hour in the real window, over the demonstration and its past: in the campaigns' table, on a
//! campaign's page with its charts, with what more people would change and who could help, and while people are chosen; on a
//! wallboard; gone while rewound.
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

/// A wallboard that has it among its figures looks by itself.
fn on_a_wall(window: &Window) {
    let ask = "const [wall, done] = arguments;
        const invoke = window.__TAURI_INTERNALS__.invoke;
        invoke('settings_change', { parts: { walls: [wall] } })
            .then(() => invoke('wall_show', { id: wall.id, title: wall.name }))
            .then(() => done('done'), (why) => done(JSON.stringify(why)))";
    let wall = serde_json::json!({
        "id": "ahead", "name": "Ahead", "pages": ["campaigns"], "campaigns": [],
        "figures": ["waiting", "serviceLevel", "ahead"], "everySecs": 20, "masked": false, "look": "dark",
    });
    assert_eq!(window.page().execute_async(ask, &[wall]).unwrap(), "done");
    let two = |_: &atalaya_window::Session| Ok((window.page().windows()?.len() == 2).then_some(()));
    window.wait_until("its window", SOON, two).unwrap();
    window.go_to(|address| address.starts_with("?wall=")).unwrap();
    let figure = "const known = [...document.querySelectorAll('[data-figure=ahead]')]
        .filter(cell => /[0-9]/.test(cell.innerText));
        return known.length || null";
    let there = |page: &atalaya_window::Session| Ok(page.execute(figure, &[])?.as_u64());
    window.wait_until("what is ahead on the wall", FORECAST, there).unwrap();
    window.picture("ahead-wall").unwrap();
    window.go_to(str::is_empty).unwrap();
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
    window.click("campaign-trend").unwrap();
    wait(window, "the band at the end of its charts", SOON, "[data-testid=chart-ahead]");
    let said = "return [...document.querySelectorAll('[data-testid=trend-charts] [role=slider]')]
        .filter(chart => /Expected in 15 min/.test(chart.ariaLabel)).length";
    assert_eq!(window.page().execute(said, &[]).unwrap(), 2, "who waits, and for how long");
    window.picture("ahead-charts").unwrap();
    window.click("campaign-trend").unwrap();
    wait(window, "its figures again", SOON, "[data-testid=ahead-card][data-known=true]");
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
    on_a_wall(window);
    window.click("rewind").unwrap();
    wait(window, "the past", SOON, "[data-testid=floor][data-past=true]");
    // No card, no band, and no figure of it in the table.
    assert!(!window.has("ahead-card").unwrap() && !window.has("chart-ahead").unwrap());
    let known = "return document.querySelectorAll('[data-testid=ahead-cell][data-known=true]').length";
    assert_eq!(window.page().execute(known, &[]).unwrap(), 0);
    let window = &looker.window;
    window.picture("ahead-past").unwrap();
    looker.nothing_found();
}

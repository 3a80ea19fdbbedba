//! A calibration of a team in two windows: nobody sees the other's answers before all are in, not on the page and not of the
//! program behind it; then both see the comparison without doing anything for it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::Config;
use atalaya_team::Role;
use atalaya_window::{Window, keys};

#[path = "common/axe.rs"]
mod axe;
mod common;
#[path = "common/judging.rs"]
mod judging;
#[path = "common/team.rs"]
mod team;
use common::{SOON, attribute, until};
use judging::{at_rest, draw_a_sample, of_page, write_a_card};
use team::{World, host, pictures};

/// What Ana writes under her answers: nobody else's page or program has it before all are in.
const ANAS: &str = "quarzite";

fn go_to_calibration(window: &Window) {
    window.press(&format!("{}5", keys::CONTROL)).unwrap();
    until(window, "the tab", "review", "data-tab", |now| now == "calibration");
}

/// Judges the calibration at hand: the card's three questions.
fn judge(window: &Window, answers: [&str; 3], comment: &str) {
    window.click("calibration-judge").unwrap();
    until(window, "nothing answered", "scorecard", "data-answered", |answered| answered == "0");
    at_rest(window);
    for (key, answered) in answers.into_iter().zip(["1", "2", "3"]) {
        window.press(key).unwrap();
        until(window, "an answer", "scorecard", "data-answered", |now| now == answered);
    }
    window.fill("review-comment", comment).unwrap();
    at_rest(window);
    window.press("e").unwrap();
    until(window, "finished", "scorecard", "data-finished", |finished| finished == "true");
    go_to_calibration(window);
}

/// All the page holds, fields included.
fn page(window: &Window) -> String {
    let script = "return document.documentElement.outerHTML
        + [...document.querySelectorAll('input, textarea')].map(one => one.value).join()";
    of_page(window, script, &[])
}

/// Everything the program tells of calibrations when it is asked.
fn program(window: &Window) -> String {
    let id = host(window, "calibrations", "{}");
    let id = id.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let of = format!("{{\"id\": \"{id}\"}}");
    let compared = host(window, "calibration_compared", &of);
    [host(window, "calibrations", "{}"), host(window, "calibration_file", &of), compared].join("\n")
}

#[test]
fn neither_sees_the_others_answers_before_all_are_in_and_then_both_do() {
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, moving: false, ..Config::default() };
    let world = World::new(config);
    let [mut ana, mut eva] = world.two("blind", "ana", ("eva", Role::Analyst));
    for looker in [&ana, &eva] {
        looker.window.click("nav-review").unwrap();
        until(&looker.window, "the room", "review", "data-ready", |ready| ready == "true");
    }
    write_a_card(&ana.window);
    draw_a_sample(&ana.window);
    go_to_calibration(&eva.window);
    go_to_calibration(&ana.window);
    ana.window.fill("calibration-name", "Marzo").unwrap();
    ana.window.press(keys::ENTER).unwrap();
    until(&ana.window, "it is begun", "calibration", "data-in", |count| count == "0");

    // It comes to Eva's page by itself.
    until(&eva.window, "it is here", "calibration", "data-in", |count| count == "0");
    eva.look("a calibration to be judged");
    judge(&ana.window, ["1", "4", "2"], ANAS);
    until(&ana.window, "hers is in", "calibration", "data-in", |count| count == "1");
    until(&eva.window, "Ana's is in", "calibration", "data-in", |count| count == "1");
    for looker in [&mut ana, &mut eva] {
        assert!(!looker.window.has("compared-item").unwrap());
        looker.look("a calibration that waits for somebody");
        let mine = !attribute(&looker.window, "calibration-judge", "class").contains("primary");
        let name = if mine { "team-blind-waits" } else { "team-blind-mine-missing" };
        pictures(&looker.window, name, || looker.window.click("nav-review").unwrap());
    }
    let told = eva.window.text("calibration").unwrap();
    assert!(told.contains("ana"), "{told}");
    assert!(!page(&eva.window).contains(ANAS));
    let answers = program(&eva.window);
    assert!(answers.ends_with("null"), "no comparison: {answers}");
    assert!(!answers.contains(ANAS) && !answers.contains("58.3"), "{answers}");
    // Her own she may look at.
    assert!(program(&ana.window).contains(ANAS));

    judge(&eva.window, ["1", "2", "1"], "the other");
    for looker in [&mut ana, &mut eva] {
        until(&looker.window, "all are in", "calibration", "data-open", |open| open == "true");
        let spreads = "return [...document.querySelectorAll('[data-testid=compared-item]')].map(one => one.dataset.spread).join()";
        looker
            .window
            .wait_until("the comparison", SOON, |_| {
                Ok((of_page(&looker.window, spreads, &[]) == "0,50,100").then_some(()))
            })
            .unwrap();
        let said = looker.window.text("calibration").unwrap();
        for there in ["16.7 points", "58.3", "75.0", "ana", "eva"] {
            assert!(said.contains(there), "{there} in {said}");
        }
        looker.look("a calibration of the team, opened");
    }
    assert!(program(&eva.window).contains("58.3"));
    pictures(&eva.window, "team-blind-open", || eva.window.click("nav-review").unwrap());
    ana.nothing_found();
    eva.nothing_found();
}

//! Two people at one worklist, each with a window of their own: who judges which call, taking over, giving back. By the keyboard
//! alone, and nobody is kept out of any of it.
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
use team::{World, focus, pictures, until_focus};

/// Who holds each call of the worklist, in its order; nobody's is empty.
fn holders(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=work-item]')]
        .map(one => one.querySelector('[data-testid=work-held]')?.innerText.trim() ?? '').join()";
    of_page(window, script, &[]).split(',').map(str::to_owned).collect()
}

fn until_held(window: &Window, what: &str, place: usize, by: &str) {
    window
        .wait_until(what, SOON, |_| {
            Ok((holders(window).get(place).is_some_and(|now| now == by)).then_some(()))
        })
        .unwrap();
}

/// The calls of the worklist.
fn calls(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=work-item]')].map(one => one.dataset.guid).join()";
    of_page(window, script, &[]).split(',').map(str::to_owned).collect()
}

fn until_at(window: &Window, guid: &str) {
    until(window, "the call at hand", "review-call", "data-guid", |now| now == guid);
}

/// Goes on with Tab until that has the focus.
fn tab_to(window: &Window, testid: &str) {
    for _ in 0..60 {
        if focus(window) == testid {
            return;
        }
        window.press(keys::TAB).unwrap();
    }
    panic!("Tab does not lead to {testid}");
}

#[test]
fn what_one_judges_the_other_sees_and_a_lead_takes_over() {
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, moving: false, ..Config::default() };
    let world = World::new(config);
    let [mut ana, mut eva] = world.two("claim", "ana", ("eva", Role::Analyst));

    // A worklist of Ana's; its first call is hers.
    ana.window.click("nav-review").unwrap();
    until(&ana.window, "the room", "review", "data-ready", |ready| ready == "true");
    write_a_card(&ana.window);
    draw_a_sample(&ana.window);
    let all = calls(&ana.window);
    until_at(&ana.window, &all[0]);

    // Eva comes to the same, and is given the first call nobody has.
    eva.window.click("nav-review").unwrap();
    eva.window
        .wait_until("the worklist is here", SOON, |_| {
            let script = "return document.querySelectorAll('[data-testid=worklist-choose] option:not([value=\"\"])').length";
            Ok((of_page(&eva.window, script, &[]) == "1").then_some(()))
        })
        .unwrap();
    if !eva.window.has("work-item").unwrap() {
        at_rest(&eva.window);
        tab_to(&eva.window, "worklist-choose");
        eva.window.press(keys::DOWN).unwrap();
    }
    until_held(&eva.window, "whose the first is", 0, "ana");
    until_at(&eva.window, &all[1]);
    until_held(&ana.window, "whose the second is", 1, "eva");

    // She looks at Ana's: who has it is said, nothing of it can be judged, and only a lead takes it over.
    at_rest(&eva.window);
    eva.window.press("p").unwrap();
    until_at(&eva.window, &all[0]);
    let said = eva.window.text("review-held").unwrap();
    assert!(said.contains("ana"), "{said}");
    assert!(!eva.window.has("scorecard").unwrap(), "there is nothing to answer");
    let said = eva.window.text("scorecard-held").unwrap();
    assert!(said.contains("ana"), "{said}");
    eva.window.press("1e").unwrap();
    assert_eq!(attribute(&eva.window, "worklist-progress", "data-done"), "0");
    eva.window.press("y").unwrap();
    until_focus(&eva.window, "review-take-over");
    assert_eq!(attribute(&eva.window, "review-take-over", "aria-disabled"), "true");
    // There by Tab it says why, as everything does that cannot be pressed.
    eva.window.press(&format!("{}{}", keys::SHIFT, keys::TAB)).unwrap();
    eva.window.press(keys::TAB).unwrap();
    until_focus(&eva.window, "review-take-over");
    let told = "return document.querySelector('[data-testid=tip]:not([hidden])')?.innerText ?? ''";
    eva.window
        .wait_until("why not", SOON, |_| Ok(of_page(&eva.window, told, &[]).contains("lead").then_some(())))
        .unwrap();
    eva.window.press(keys::ENTER).unwrap();
    assert!(!eva.window.has("review-take-over-yes").unwrap());
    eva.look("held by somebody else");
    pictures(&eva.window, "team-held", || eva.window.click("nav-review").unwrap());

    // What she left is given back; she goes to it again.
    until_held(&ana.window, "nobody's any more", 1, "");
    at_rest(&eva.window);
    eva.window.press("o").unwrap();
    until_at(&eva.window, &all[1]);
    until(&eva.window, "hers to judge", "scorecard", "data-answered", |answered| answered == "0");
    eva.window.press("1").unwrap();
    until(&eva.window, "an answer", "scorecard", "data-answered", |answered| answered == "1");
    until_held(&ana.window, "whose the second is", 1, "eva");

    // Ana, a lead, takes it over: asked first, with the way back at hand.
    at_rest(&ana.window);
    ana.window.press("o").unwrap();
    until_at(&ana.window, &all[1]);
    ana.window.get("review-held").unwrap();
    ana.window.press("y").unwrap();
    until_focus(&ana.window, "review-take-over-no");
    ana.look("about to take over");
    let window = &ana.window;
    pictures(window, "team-take-over", || {
        window.click("nav-review").unwrap();
        window.click("review-take-over").unwrap();
        until_focus(window, "review-take-over-no");
    });
    window.press(keys::ENTER).unwrap();
    until_focus(window, "review-take-over");
    assert!(window.has("review-held").unwrap());
    window.press(keys::ENTER).unwrap();
    until_focus(window, "review-take-over-no");
    window.press(&format!("{}{}", keys::SHIFT, keys::TAB)).unwrap();
    until_focus(window, "review-take-over-yes");
    window.press(keys::ENTER).unwrap();
    until(window, "hers to judge", "scorecard", "data-answered", |answered| answered == "0");
    assert!(!window.has("review-held").unwrap());

    // Eva sees who took it, and judges no further; what she answered is there.
    let said = eva.window.text("review-held").unwrap();
    assert!(said.contains("ana"), "{said}");
    until_held(&eva.window, "whose it is now", 1, "ana");
    at_rest(&eva.window);
    eva.window.press("2").unwrap();
    eva.window.press("e").unwrap();
    assert_eq!(attribute(&eva.window, "scorecard", "data-answered"), "1");
    assert_eq!(attribute(&eva.window, "answer-yes", "aria-disabled"), "true");
    eva.look("taken over by a lead");
    pictures(&eva.window, "team-taken-over", || eva.window.click("nav-review").unwrap());

    // Ana goes away: it is Eva's again, and Ana sees so.
    ana.window.click("nav-floor").unwrap();
    ana.window.click("nav-review").unwrap();
    at_rest(&ana.window);
    ana.window.press("p").unwrap();
    until_at(&ana.window, &all[0]);
    until_held(&ana.window, "given back and taken", 1, "eva");
    eva.window
        .wait_until("nothing is in the way", SOON, |_| Ok((!eva.window.has("review-held")?).then_some(())))
        .unwrap();
    until(&eva.window, "what she answered", "scorecard", "data-answered", |answered| answered == "1");

    ana.nothing_found();
    eva.nothing_found();
}

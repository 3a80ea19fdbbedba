//! What two people did while the team's database was away: when it is back, what does not hold is told to whoever did it, with
//! everything that was in it, until they have read it.
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
use axe::Looker;
use common::{SOON, attribute, until};
use judging::{at_rest, draw_a_sample, of_page, set, write_a_card};
use team::{LATER, World, focus, pictures};

fn room(window: &Window) {
    window.click("nav-review").unwrap();
    until(window, "the room", "review", "data-ready", |ready| ready == "true");
}

/// The card at hand as another version.
fn save_again(window: &Window, name: &str) {
    window.click("review-tab-cards").unwrap();
    window.click("card-pick").unwrap();
    until(window, "the card", "card-status", "data-version", |version| version == "1");
    set(window, "card-name", 0, name);
    window.click("card-save").unwrap();
    until(window, "the card is saved", "card-status", "data-version", |version| version == "2");
    window.click("review-tab-work").unwrap();
}

/// The calls of the worklist.
fn calls(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=work-item]')].map(one => one.dataset.guid).join()";
    of_page(window, script, &[]).split(',').map(str::to_owned).collect()
}

/// Why each of what is told is told.
fn told(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=team-news] [data-why]')].map(one => one.dataset.why).join()";
    let all = of_page(window, script, &[]);
    all.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

#[test]
fn what_does_not_hold_is_told_until_it_was_read() {
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, moving: false, ..Config::default() };
    let mut world = World::new(config);
    let [ana, eva] = world.two("news", "ana", ("eva", Role::Analyst));
    for looker in [&ana, &eva] {
        room(&looker.window);
    }
    write_a_card(&ana.window);
    draw_a_sample(&ana.window);
    eva.window
        .wait_until("the worklist is here", SOON, |_| {
            let script = "return document.querySelectorAll('[data-testid=worklist-choose] option:not([value=\"\"])').length";
            Ok((of_page(&eva.window, script, &[]) == "1").then_some(()))
        })
        .unwrap();
    room(&eva.window);
    if !eva.window.has("work-item").unwrap() {
        eva.window
            .page()
            .execute("document.querySelector('[data-testid=worklist-choose]').focus()", &[])
            .unwrap();
        eva.window.press(keys::DOWN).unwrap();
    }
    eva.window.get("work-item").unwrap();

    // The database is away. Both go to the same call, and save the same card.
    world.postgres.kill();
    let guid = attribute(&eva.window, "review-call", "data-guid");
    at_rest(&ana.window);
    let all = calls(&ana.window);
    let begun = attribute(&ana.window, "review-call", "data-guid");
    let from = all.iter().position(|one| *one == begun).expect("it is of the worklist");
    for further in &all[from + 1..=from + 2] {
        ana.window.press("o").unwrap();
        until(&ana.window, "a call further on", "review-call", "data-guid", |now| now == further);
    }
    let at = all[from + 2].clone();
    assert_ne!(at, guid, "not Eva's");
    save_again(&ana.window, "Ana's calls");
    at_rest(&eva.window);
    for _ in 0..3 {
        if attribute(&eva.window, "review-call", "data-guid") == at {
            break;
        }
        let before = attribute(&eva.window, "review-call", "data-guid");
        eva.window.press("o").unwrap();
        until(&eva.window, "the next call", "review-call", "data-guid", |now| now != before);
    }
    assert_eq!(attribute(&eva.window, "review-call", "data-guid"), at);
    save_again(&eva.window, "Eva's calls");

    // It is back: one of the two had the call first, and both know that there are two versions.
    world.postgres.start();
    eva.window
        .wait_until("what became of it", LATER, |_| {
            let all = [told(&ana.window), told(&eva.window)].concat();
            let of = |why: &str| all.iter().any(|one| one == why);
            Ok((of("held") && of("meanwhile")).then_some(()))
        })
        .unwrap();
    let mut both = [ana, eva];
    let said = both.iter().map(|one| one.window.text("team-news").unwrap_or_default()).collect::<String>();
    assert!(said.contains("yours is version 3, compare it with 2"), "{said}");
    for looker in &mut both {
        if !told(&looker.window).is_empty() {
            looker.look("news of the team");
            pictures(&looker.window, &format!("team-news-{}", told(&looker.window).len()), || {
                looker.window.click("nav-review").unwrap();
            });
        }
    }
    // Read, it is gone, by the keyboard too; and stays so.
    for Looker { window, .. } in &both {
        while let Some(before) = Some(told(window).len()).filter(|count| *count > 0) {
            window
                .page()
                .execute("document.querySelector('[data-testid=team-news-read]').focus()", &[])
                .unwrap();
            assert_eq!(focus(window), "team-news-read");
            window.press(keys::ENTER).unwrap();
            window
                .wait_until("it is read", SOON, |_| Ok((told(window).len() < before).then_some(())))
                .unwrap();
        }
        window.click("nav-floor").unwrap();
        room(window);
        assert!(!window.has("team-news").unwrap());
    }
    for looker in &both {
        looker.nothing_found();
    }
}

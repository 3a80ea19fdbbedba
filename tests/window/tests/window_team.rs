//! Two desks of one team, each with its own window: joining, who asks, the database away and back, leaving; and nobody is
//! kept out of any of it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::Config;
use atalaya_team::Role;
use atalaya_window::{Window, keys};

#[path = "common/axe.rs"]
mod axe;
mod common;
#[path = "common/team.rs"]
mod team;
use common::{SOON, attribute, until};
use team::{LATER, World, pictures, seat, until_focus, until_part};

#[test]
fn two_desks_join_a_team_lose_its_database_have_it_back_and_one_leaves() {
    let mut world = World::new(Config::default());
    let [ana, rui] = world.members([("ana", Role::Lead), ("rui", Role::Supervisor)]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rui.json"), rui.to_json()).unwrap();

    // By the address, with the keyboard alone.
    let mut first = seat("team-1", &world, folder.path());
    first.look("in no team");
    let window = &first.window;
    window.press("/").unwrap();
    window.press("address of the team").unwrap();
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-address");
    window.press(&ana.team).unwrap();
    window.press(keys::TAB).unwrap();
    window.press("wrong").unwrap();
    window.press(keys::ENTER).unwrap();
    until(window, "why it is not let in", "team-problem", "role", |role| role == "alert");
    first.look("not let in");
    let window = &first.window;
    window.fill("team-password", ana.password.expose()).unwrap();
    window.press(keys::ENTER).unwrap();
    until_part(window, &["asks"]);
    until_focus(window, "team-leave");
    assert!(!window.has("team-problem").unwrap());
    window.click("settings-go-server").unwrap();
    first.look("asks");

    // By an invitation.
    let mut second = seat("team-2", &world, folder.path());
    second.window.click("team-file").unwrap();
    until_part(&second.window, &["follows"]);
    let asker = second.window.text("team-asker").unwrap();
    assert!(asker.starts_with("ana "), "{asker}");
    assert!(attribute(&second.window, "team-short", "aria-label").contains("ana"));
    second
        .window
        .wait_until("both are here", SOON, |_| {
            let members = second.window.text("team-members")?;
            Ok((members.contains("ana") && members.contains("rui")).then_some(()))
        })
        .unwrap();
    second.look("follows");
    second.window.picture("team-follows").unwrap();

    // What the lead publishes is gone by at the other desk.
    assert!(!second.window.has("house-publish").unwrap());
    first.window.click("house-publish").unwrap();
    until_focus(&first.window, "house-no");
    first.look("about to publish");
    first.window.click("house-yes").unwrap();
    until(&second.window, "the team's", "house-part", "data-used", |used| used == "true");
    second.look("the team's rules");
    second.window.picture("team-house").unwrap();
    its_own_after_a_change(&mut second);
    second.window.click("house-use").unwrap();
    until(&second.window, "its own", "house-part", "data-used", |used| used == "false");

    // The database is gone: what came last stays, then each goes on by itself.
    world.postgres.kill();
    until_part(&second.window, &["waits"]);
    second.look("waits");
    until_part(&second.window, &["apart"]);
    until_part(&first.window, &["apart"]);
    second.look("apart");
    second.window.picture("team-apart").unwrap();
    second.window.click("nav-floor").unwrap();
    until(&second.window, "figures all the same", "health", "data-freshness", |now| now == "fresh");
    second.look("the floor, apart");
    second.window.click("team-short").unwrap();
    second.window.get("team-stands").unwrap();

    // And back: one asks for both.
    world.postgres.start();
    until_part(&first.window, &["asks", "follows"]);
    until_part(&second.window, &["asks", "follows"]);
    let parts = || [&first, &second].map(|of| attribute(&of.window, "team-stands", "data-part"));
    first
        .window
        .wait_until("one asks", LATER, |_| {
            let mut now = parts();
            now.sort();
            Ok((now == ["asks", "follows"]).then_some(()))
        })
        .unwrap();
    // Shared work has a way of its own, and comes back when it does.
    for of in [&first, &second] {
        let well = |_: &atalaya_window::Session| Ok((!of.window.has("team-problem")?).then_some(()));
        of.window.wait_until("nothing is wrong", LATER, well).unwrap();
    }

    // Leaving, asked about first, with the keyboard.
    let window = &second.window;
    let focused = "document.querySelector('[data-testid=team-leave]').focus()";
    window.page().execute(focused, &[]).unwrap();
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave-no");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave-no");
    second.look("leaving");
    let window = &second.window;
    window.press(&format!("{}{}", keys::SHIFT, keys::TAB)).unwrap();
    until_focus(window, "team-leave-yes");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-file");
    assert!(!window.has("team-short").unwrap());
    until_part(&first.window, &["asks"]);
    first.nothing_found();
    second.nothing_found();
}

/// Where a setting is changed it says that it is the team's, then that it is one's own; how it differs and the way back are at hand.
fn its_own_after_a_change(looker: &mut axe::Looker) {
    let used = |window: &Window, wanted: &str| {
        until(window, "whose it is", "house-here", "data-used", |used| used == wanted);
    };
    let again = |window: &Window| {
        window.click("nav-settings").unwrap();
        window.click("settings-go-alerts").unwrap();
    };
    again(&looker.window);
    used(&looker.window, "true");
    looker.look("the team's, where it is changed");
    let change = "const field = document.querySelector('[data-testid=alert-rule] input[data-side=bad]');
        field.value = '77';
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    let window = &looker.window;
    window.page().execute(change, &[]).unwrap();
    used(window, "false");
    window.page().execute("document.querySelector('[data-testid=house-here-undo]').focus()", &[]).unwrap();
    window.press(keys::ENTER).unwrap();
    used(window, "true");
    until_focus(window, "house-here");
    window.page().execute(change, &[]).unwrap();
    used(window, "false");
    window.page().execute("document.querySelector('[data-testid=house-here-show]').focus()", &[]).unwrap();
    window.press(keys::ENTER).unwrap();
    window.get("house-here-differs").unwrap();
    looker.look("one's own since it was changed");
    let window = &looker.window;
    pictures(window, "team-own-now", || {
        again(window);
        if !window.has("house-here-differs").unwrap() {
            window.click("house-here-show").unwrap();
        }
    });
    window.page().execute("document.querySelector('[data-testid=house-here-use]').focus()", &[]).unwrap();
    window.press(keys::ENTER).unwrap();
    used(window, "true");
    until_focus(window, "house-here-undo");
    looker.look("the team's again");
    let window = &looker.window;
    window.press(keys::ENTER).unwrap();
    used(window, "false");
    until_focus(window, "house-here-show");
    window.click("house-here-use").unwrap();
    used(window, "true");
    window.click("settings-go-server").unwrap();
}

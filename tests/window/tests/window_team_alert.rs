//! An alert at two desks of a team: one sees to it, the other sees who within seconds, until they let it go.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_simulator::Config;
use atalaya_team::Role;
use atalaya_window::Window;

#[path = "common/alerts.rs"]
mod alerts;
#[path = "common/axe.rs"]
mod axe;
mod common;
#[path = "common/team.rs"]
mod team;
use alerts::{of_nobody_available, raise_only};
use common::SOON;
use team::{World, pictures};

/// What one says the other knows within.
const WITHIN: Duration = Duration::from_secs(8);

/// What the place of alerts says of a campaign's alert, as long as it is in that state.
fn said(window: &Window, state: &str, campaign: &str) -> Option<String> {
    let script = "return document.querySelector(arguments[0])?.innerText ?? null";
    let said = window.page().execute(script, &[of_nobody_available(state, campaign).into()]).unwrap();
    said.as_str().map(str::to_owned)
}

fn press(window: &Window, alert: &str, button: &str) {
    let script = format!(
        "const button = document.querySelector('{alert} [data-testid={button}]');
        button.focus(); button.click()"
    );
    window.page().execute(&script, &[]).unwrap();
}

#[test]
fn who_sees_to_an_alert_is_seen_at_the_other_desk_within_seconds() {
    let world = World::new(Config::default());
    let [mut ana, mut rui] = world.two("alert", "ana", ("rui", Role::Supervisor));
    let campaign =
        world.centre.inside().campaigns.iter().find(|one| !one.name.ends_with("->")).unwrap().name.clone();
    for looker in [&ana, &rui] {
        raise_only(&looker.window, &["nobodyAvailable"]);
        looker.window.click("nav-floor").unwrap();
    }
    assert!(world.centre.run_dry(&campaign, 9), "the campaign takes calls");
    for looker in [&ana, &rui] {
        let raised = |_: &atalaya_window::Session| Ok(said(&looker.window, "alert", &campaign));
        looker.window.wait_until("an alert of nobody available", SOON * 3, raised).unwrap();
    }

    press(&ana.window, &of_nobody_available("alert", &campaign), "alert-seen");
    let by = |_: &atalaya_window::Session| {
        Ok(said(&rui.window, "alert-seen-to", &campaign).filter(|said| said.contains("ana")))
    };
    rui.window.wait_until("the other sees who", WITHIN, by).unwrap();
    assert_eq!(said(&rui.window, "alert", &campaign), None, "nobody else is asked for");
    for looker in [&mut ana, &mut rui] {
        looker.look("somebody sees to an alert");
    }
    pictures(&rui.window, "team-alert-seen-to", || rui.window.click("nav-floor").unwrap());
    rui.window.click("alerts-open").unwrap();
    rui.window.get("alerts-panel").unwrap();
    let lines = rui.window.texts("alert-line").unwrap();
    assert!(lines.iter().any(|line| line.contains("ana")), "{lines:?}");
    rui.look("who sees to what");
    pictures(&rui.window, "team-alert-panel", || {
        rui.window.click("nav-floor").unwrap();
        if !rui.window.has("alerts-panel").unwrap() {
            rui.window.click("alerts-open").unwrap();
        }
        rui.window.get("alerts-panel").unwrap();
    });

    // She lets it go: it is everybody's again.
    press(&ana.window, &of_nobody_available("alert-seen-to", &campaign), "alert-undo");
    let again = |_: &atalaya_window::Session| Ok(said(&rui.window, "alert", &campaign));
    rui.window.wait_until("it is asked for again", SOON, again).unwrap();
    ana.nothing_found();
    rui.nothing_found();
}

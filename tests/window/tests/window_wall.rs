//! The floor on a screen on the wall: a window of its own with the contact centre's own figures, turned and masked by
//! keys, there again at the next start unless somebody closed it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys};
use serde_json::{Value, json};

mod common;
use common::{SOON, sign_in, until};

const ROWS: &str = "return document.querySelectorAll('[data-testid=wall-campaign]').length";
const WAITING: &str = "return [...document.querySelectorAll('[data-testid=wall-campaign]')]
    .map(row => [row.dataset.name, row.querySelector('[data-figure=waiting]').innerText.trim()])";

/// Asks the program as a page's own script would, past everything the pages leave out.
const ASK: &str = "const [name, args, done] = arguments;
    window.__TAURI_INTERNALS__.invoke(name, args).then(() => done('done'), (why) => done(String(why)))";

fn is_wall(address: &str) -> bool {
    address.starts_with("?wall=")
}

fn until_windows(window: &Window, wanted: usize) {
    let there = |_: &atalaya_window::Session| Ok((window.page().windows()?.len() == wanted).then_some(()));
    window.wait_until(&format!("{wanted} windows"), SOON, there).unwrap();
}

fn until_rows(window: &Window, centre: &Simulator) {
    let inbound = centre.inside().campaigns.iter().filter(|one| one.name.ends_with("<-")).count();
    let there = |_: &atalaya_window::Session| {
        let rows = window.page().execute(ROWS, &[])?.as_u64();
        Ok((rows == Some(inbound as u64)).then_some(()))
    };
    window.wait_until("its campaigns", SOON, there).unwrap();
}

#[test]
fn a_wallboard_shows_the_floor_turns_its_pages_and_comes_back() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let still = Config { moving: false, campaigns: 9, agents: 60, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(still)).expect("a contact centre");
    let home = tempfile::tempdir().unwrap();
    let opening = || Opening { home: Some(home.path().to_owned()), ..Opening::default() };
    {
        let window = Window::open("wall", &opening()).unwrap();
        sign_in(&window, &centre);
        window.click("wall-menu").unwrap();
        window.click("wall-first").unwrap();
        until_windows(&window, 2);
        window.go_to(is_wall).unwrap();
        until(&window, "its page", "wall", "data-page", |page| page == "campaigns");
        until_rows(&window, &centre);
        // Every figure is the contact centre's own.
        let shown = window.page().execute(WAITING, &[]).unwrap();
        let inside = centre.inside();
        for row in shown.as_array().expect("rows") {
            let (name, waiting) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let truth =
                inside.campaigns.iter().find(|one| one.name == name).expect("a campaign of the centre");
            assert_eq!(waiting, truth.waiting.to_string(), "{name}");
        }
        until(&window, "fresh figures", "wall-age", "data-freshness", |age| age == "fresh");

        // It reads, and is refused everything that is not in its own list; the window of the desk is not.
        for (command, args) in [
            ("settings_get", json!({})),
            ("settings_change", json!({ "parts": {} })),
            ("sign_out", json!({})),
            ("tag_send", json!({ "request": {} })),
            ("tags_for", json!({ "guids": [] })),
            ("calls_view", json!({})),
        ] {
            let said = window.page().execute_async(ASK, &[Value::from(command), args]).unwrap();
            let refused = said.as_str().is_some_and(|said| said.contains("not allowed"));
            assert_eq!(refused, command != "settings_get", "{command}: {said}");
        }
        window.go_to(str::is_empty).unwrap();
        let asked = [Value::from("tags_for"), json!({ "guids": [] })];
        assert_eq!(window.page().execute_async(ASK, &asked).unwrap(), "done");
        window.go_to(is_wall).unwrap();

        // By keys: pages, hold, initials.
        window.press(" ").unwrap();
        until(&window, "held", "wall-hold", "aria-pressed", |held| held == "true");
        window.press(keys::RIGHT).unwrap();
        until(&window, "the next page", "wall", "data-page", |page| page == "totals");
        window.press("n").unwrap();
        until(&window, "initials", "wall-mask", "aria-pressed", |masked| masked == "true");

        // What is chosen in the main window is on the wall at once.
        window.go_to(str::is_empty).unwrap();
        window.click("nav-settings").unwrap();
        window.click("wall-edit").unwrap();
        window.click("wall-page-states").unwrap();
        window.click("wall-page-totals").unwrap();
        window.go_to(is_wall).unwrap();
        until(&window, "another page", "wall", "data-page", |page| page == "states");
        let people = "return [...document.querySelectorAll('[data-testid=wall-state] b')]
            .reduce((sum, cell) => sum + Number(cell.innerText), 0)";
        let everybody = inside.agents.len() as f64;
        let counted = |_: &atalaya_window::Session| {
            let now = window.page().execute(people, &[])?.as_f64();
            Ok((now == Some(everybody)).then_some(()))
        };
        window.wait_until("everybody, each once", SOON, counted).unwrap();
        window.go_to(str::is_empty).unwrap();
        window.quit().unwrap();
    }
    {
        let window = Window::open("wall-again", &opening()).unwrap();
        until_windows(&window, 2);
        window.go_to(is_wall).unwrap();
        window.get("wall-empty").unwrap();
        window.go_to(str::is_empty).unwrap();
        sign_in(&window, &centre);
        window.go_to(is_wall).unwrap();
        until_rows(&window, &centre);
        // Its buttons are there for whoever moves the pointer, for three seconds.
        let quiet = "return document.querySelector('[data-testid=wall]').classList.contains('quiet')";
        let at_rest = |page: &atalaya_window::Session| Ok((page.execute(quiet, &[])? == true).then_some(()));
        // The page is told of a pointer at rest as well, whenever what lies under it changes.
        let told = "window.dispatchEvent(new PointerEvent('pointermove', { clientX: 100, clientY: 100 }))";
        window.page().execute(told, &[]).unwrap();
        window.wait_until("nothing to click", SOON, at_rest).unwrap();
        window.page().execute(told, &[]).unwrap();
        assert_eq!(window.page().execute(quiet, &[]).unwrap(), true, "nobody moved it");
        window.close_wall().unwrap();
        until_windows(&window, 1);
        window.go_to(str::is_empty).unwrap();
        window.quit().unwrap();
    }
    let window = Window::open("wall-closed", &opening()).unwrap();
    window.get("sign-in-server").unwrap();
    assert_eq!(window.page().windows().unwrap().len(), 1, "closed by a person, it stays closed");
}

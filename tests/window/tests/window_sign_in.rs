//! The door: what a person meets first, and the way in.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_simulator::Config;
use atalaya_window::{Opening, Window};

fn live(window: &Window) {
    let figures = "[data-testid=floor-ready][data-live=true]";
    window.wait_until("live figures", Duration::from_secs(20), |page| page.find(figures)).unwrap();
}

#[test]
fn the_window_opens_and_shows_the_sign_in_screen() {
    let window = Window::open("sign-in", &Opening::default()).unwrap();
    let said = window.text("sign-in").unwrap();
    assert!(!said.trim().is_empty(), "the sign-in screen is empty");
    assert!(!window.has("floor").unwrap(), "the floor shows before anybody signed in");
    window.picture("sign-in").unwrap();
}

#[test]
fn a_person_signs_in_and_sees_figures_change() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).unwrap();
    let window = Window::open("figures", &Opening::default()).unwrap();
    window.fill("sign-in-server", &centre.server_url()).unwrap();
    window.fill("sign-in-user", centre.user()).unwrap();
    window.fill("sign-in-password", "not the password").unwrap();
    window.click("sign-in-submit").unwrap();
    assert!(!window.text("sign-in-error").unwrap().trim().is_empty(), "a wrong password is told in words");

    window.fill("sign-in-password", centre.password()).unwrap();
    window.click("sign-in-submit").unwrap();
    live(&window);
    let before = window.texts("campaign-row").unwrap();
    assert_eq!(before.len(), 12, "each campaign once: {before:?}");
    window
        .wait_until("other figures", Duration::from_secs(30), |_| {
            let now = window.texts("campaign-row")?;
            Ok((now != before).then_some(()))
        })
        .unwrap();
    window.picture("figures").unwrap();
}

#[test]
fn a_data_file_that_cannot_be_read_is_told_in_the_window() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("atalaya");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("atalaya.sqlite"), "this is no database, whatever its name says".repeat(100))
        .unwrap();
    let window =
        Window::open("broken", &Opening { home: Some(home.path().to_owned()), ..Opening::default() })
            .unwrap();
    let said = window.text("broken").unwrap();
    assert!(said.contains("could not start") && said.contains("not a database"), "{said}");
    assert!(!window.has("sign-in").unwrap());
    window.picture("broken").unwrap();
    window.quit().unwrap();
}

#[test]
fn what_was_decided_for_the_computer_is_offered_and_holds() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).unwrap();
    let here = tempfile::tempdir().unwrap();
    let file = here.path().join("atalaya.toml");
    let decided = format!(
        "look_only = true\npoll_every_secs = 2\nonly_these_servers = true\n[[server]]\nname = \"Centro\"\nurl = \"{}\"\n\
         recordings = \"{}\"\nbackup = \"{}\"\n",
        centre.server_url(),
        centre.telephony_url(),
        centre.backup_url()
    );
    std::fs::write(&file, decided).unwrap();
    let env = vec![("ATALAYA_ADMIN_FILE".to_owned(), file.display().to_string())];
    let window = Window::open("decided", &Opening { env, ..Opening::default() }).unwrap();
    // It is filled in already, and nothing else can be typed there.
    let server = window.get("sign-in-server").unwrap();
    let readonly = window.page().attribute(&server, "readonly").unwrap();
    assert!(readonly.is_some(), "only that server may be");
    window.fill("sign-in-user", centre.user()).unwrap();
    window.fill("sign-in-password", centre.password()).unwrap();
    window.click("sign-in-submit").unwrap();
    live(&window);
    window.click("nav-settings").unwrap();
    let look = window.get("acting-look-only").unwrap();
    let checked = window.page().execute(
        "const box = document.querySelector('[data-testid=acting-look-only]');
        return [box.checked, box.getAttribute('aria-disabled')]",
        &[],
    );
    assert_eq!(checked.unwrap(), serde_json::json!([true, "true"]), "{look:?}");
    window.picture("decided").unwrap();
}

//! The settings' room: its index and search, a key that is changed, and everything into a file and back.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys};
use serde_json::Value;

mod common;
use common::{SOON, sign_in, until};

fn open(name: &str, folder: &std::path::Path) -> (tokio::runtime::Runtime, Simulator, Window) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).expect("a contact centre");
    let env = vec![("ATALAYA_SAVE_FOLDER".to_owned(), folder.display().to_string())];
    let window = Window::open(name, &Opening { env, ..Opening::default() }).unwrap();
    sign_in(&window, &centre);
    window.click("nav-settings").unwrap();
    (runtime, centre, window)
}

/// A word of the page, once it is the one wanted.
fn said(window: &Window, what: &str, script: &str, wanted: &str) {
    window
        .wait_until(what, SOON, |page| {
            let value = page.execute(script, &[])?;
            Ok((value.as_str() == Some(wanted)).then_some(()))
        })
        .unwrap();
}

fn theme(window: &Window, name: &str) {
    let script = "const list = document.querySelector('[data-testid=settings-theme]');
        list.value = arguments[0];
        list.dispatchEvent(new Event('change', { bubbles: true }))";
    window.page().execute(script, &[Value::from(name)]).unwrap();
    said(window, "the theme", "return document.documentElement.dataset.theme", name);
}

#[test]
fn the_index_says_where_one_is_and_the_search_finds_or_says_that_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_runtime, _centre, window) = open("settings-index", folder.path());
    let current = "return document.querySelector('[aria-current=location]').dataset.testid";
    said(&window, "the first", current, "settings-go-window");
    window.click("settings-go-keys").unwrap();
    said(&window, "the keys", current, "settings-go-keys");
    let top =
        "return String(Math.abs(document.querySelector('[data-section=keys]').getBoundingClientRect().top
        - document.querySelector('[data-testid=settings-content]').getBoundingClientRect().top) < 40)";
    said(&window, "the keys are in sight", top, "true");
    window
        .page()
        .execute("document.querySelector('[data-testid=settings-content]').scrollTop = 0", &[])
        .unwrap();
    said(&window, "scrolled back", current, "settings-go-window");

    let sections = "return [...document.querySelectorAll('[data-section]')]
        .filter((one) => one.offsetHeight > 0).map((one) => one.dataset.section).join(' ')";
    window.press("/").unwrap();
    window.press("backup everything").unwrap();
    said(&window, "where the words are", sections, "kept");
    window.fill("settings-search", "xyzzy").unwrap();
    window.get("settings-none").unwrap();
    window.press(keys::ESCAPE).unwrap();
    window
        .wait_until("all of them", SOON, |page| {
            let value = page.execute(sections, &[])?;
            Ok(value.as_str().is_some_and(|all| all.starts_with("window server alerts")).then_some(()))
        })
        .unwrap();
}

#[test]
fn what_is_in_sight_stays_where_it_is_when_something_further_up_grows() {
    let folder = tempfile::tempdir().unwrap();
    let (_runtime, _centre, window) = open("settings-place", folder.path());
    window.get("backup-save").unwrap();
    // As a card does that has asked for what it shows.
    let grow = "const line = document.querySelector('[data-testid=webhook]').appendChild(document.createElement('p'));
        line.style.height = '90px';";
    let place = "return document.querySelector('[data-testid=backup-save]').getBoundingClientRect().top";
    let scrolled = "return document.querySelector('[data-testid=settings-content]').scrollTop";
    let page = window.page();
    let pixels = |script: &str| page.execute(script, &[]).unwrap().as_f64().unwrap();
    let into_sight =
        "document.querySelector('[data-testid=backup-save]').scrollIntoView({ block: 'center' })";
    page.execute(into_sight, &[]).unwrap();
    let (before, was) = (pixels(place), pixels(scrolled));
    page.execute(grow, &[]).unwrap();
    let follows = |_: &_| Ok((pixels(scrolled) > was + 80.0).then_some(()));
    window.wait_until("the page follows", SOON, follows).unwrap();
    assert!((pixels(place) - before).abs() < 2.0, "from {before} to {}", pixels(place));
}

#[test]
fn a_key_that_was_changed_is_heard_and_the_settings_go_into_a_file_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let (_runtime, _centre, window) = open("settings-keys", folder.path());
    theme(&window, "light");
    let change = "document.querySelector('[data-action=\"floor.rewind\"] [data-testid=key-change]').focus()";
    let shown = "return document.querySelector('[data-action=\"floor.rewind\"] [data-testid=key-shown]').textContent.trim()";
    window.page().execute(change, &[]).unwrap();
    // What is taken is said, and not kept.
    window.press(&format!("{}g", keys::ENTER)).unwrap();
    assert!(window.text("key-refused").unwrap().contains('G'));
    said(&window, "the key of before", shown, "R");
    window.press(&format!("{}h", keys::ENTER)).unwrap();
    said(&window, "the new key", shown, "H");
    window.click("settings-export").unwrap();
    window.get("settings-written").unwrap();

    window.click("nav-floor").unwrap();
    until(&window, "live", "floor-ready", "data-live", |live| live == "true");
    window.press("r").unwrap();
    assert!(!window.has("rewind-bar").unwrap());
    window.press("h").unwrap();
    window.get("rewind-bar").unwrap();
    window.press(keys::ESCAPE).unwrap();

    window.click("nav-settings").unwrap();
    theme(&window, "dark");
    window.click("keys-reset-all").unwrap();
    said(&window, "the usual key", shown, "R");
    window.click("settings-import").unwrap();
    window.get("settings-change").unwrap();
    let names = "return [...document.querySelectorAll('[data-testid=settings-change]')]
        .map((line) => line.dataset.name).join(' ')";
    said(&window, "what would change", names, "keys.floor.rewind theme");
    said(&window, "nothing has", "return document.documentElement.dataset.theme", "dark");
    window.picture("settings-import").unwrap();
    window.click("settings-take").unwrap();
    said(&window, "the light is back", "return document.documentElement.dataset.theme", "light");
    said(&window, "and the key", shown, "H");
    window.click("settings-take-back").unwrap();
    said(&window, "taken back", "return document.documentElement.dataset.theme", "dark");
    said(&window, "the usual key again", shown, "R");

    std::fs::write(folder.path().join("z.json"), "{ \"kind\": \"atalaya-settings\",").unwrap();
    window.click("settings-import").unwrap();
    until(&window, "what is wrong", "settings-file-problem", "role", |role| role == "alert");
    assert!(window.text("settings-file-problem").unwrap().contains("line 1"));
}

/// A chat that takes what it is told; what it was told comes out of it.
fn chat() -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/flow/marked-token-0123", listener.local_addr().unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let (mut request, mut piece) = (Vec::new(), [0; 4096]);
            // The body is JSON, and one piece of it ends with the last brace.
            while !request.ends_with(b"}") {
                match socket.read(&mut piece) {
                    Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            let _ = tell.send(String::from_utf8_lossy(&request).into_owned());
            let _ =
                socket.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (address, told)
}

#[test]
fn the_address_of_a_chat_is_typed_once_and_a_trial_says_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_runtime, _centre, window) = open("settings-chat", folder.path());
    let (address, told) = chat();
    let choose = |part: &str, value: &str| {
        let script = "const list = document.querySelector(`[data-testid=${arguments[0]}]`);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        window.page().execute(script, &[Value::from(part), Value::from(value)]).unwrap();
    };
    choose("settings-language", "es");
    window.click("settings-go-alerts").unwrap();
    let shows = |what: &str, part: &str, wanted: &str| {
        let text_of = "return document.querySelector(`[data-testid=${arguments[0]}]`)?.textContent ?? ''";
        window
            .wait_until(what, SOON, |page| {
                let text = page.execute(text_of, &[Value::from(part)])?;
                Ok(text.as_str().is_some_and(|text| text.contains(wanted)).then_some(()))
            })
            .unwrap();
    };
    shows("a card as it is read, in Spanish", "webhook-example", "Rojo: Soporte");
    assert!(!window.has("webhook-preview").unwrap(), "its content only when asked");
    choose("webhook-form", "slack");
    window.click("webhook-exact").unwrap();
    shows("Slack's", "webhook-preview", "\"mrkdwn\"");
    window.click("webhook-on").unwrap();
    window.fill("webhook-address", &address).unwrap();
    window.press(keys::ENTER).unwrap();
    let host = window.text("webhook-host").unwrap();
    assert!(address.contains(&host) && !host.contains("marked"), "{host}");
    window.click("webhook-test").unwrap();
    let request = told.recv_timeout(SOON).expect("the chat is told");
    assert!(request.starts_with("POST /flow/marked-token-0123 HTTP/1.1"), "{request}");
    assert!(request.contains("*Mensaje de prueba*"), "{request}");
    window
        .wait_until("what became of it", SOON, |_| {
            Ok(window.text("webhook-last")?.contains("recibido").then_some(()))
        })
        .unwrap();
    let page = window.page().execute("return document.documentElement.outerHTML", &[]).unwrap();
    assert!(!page.as_str().unwrap().contains("marked-token"), "the window keeps no address");
    choose("settings-theme", "light");
    let into_sight = "document.querySelector('[data-testid=webhook]').scrollIntoView({ block: 'start' })";
    window.page().execute(into_sight, &[]).unwrap();
    window.picture("settings-chat-light").unwrap();
    choose("settings-theme", "dark");
    window.picture("settings-chat-dark").unwrap();
}

#[test]
fn the_days_report_is_made_by_hand_into_the_folder_that_was_chosen_and_names_follow_a_pattern() {
    let folder = tempfile::tempdir().unwrap();
    let (_runtime, _centre, window) = open("settings-daily", folder.path());
    window.fill("recording-names", "{campaign} {what}").unwrap();
    window.press(keys::TAB).unwrap();
    assert!(window.text("recording-names-bad").unwrap().contains("{what}"));
    window.fill("recording-names", "{campaign}_{number}").unwrap();
    window.press(keys::TAB).unwrap();
    let example = "return document.querySelector('[data-testid=recording-names-example]').textContent.trim()";
    said(&window, "the example", example, "For example: Soporte_099123456.wav");
    let into_sight = |part: &str| {
        let script =
            "document.querySelector(`[data-testid=${arguments[0]}]`).scrollIntoView({ block: 'center' })";
        window.page().execute(script, &[Value::from(part)]).unwrap();
    };
    into_sight("recording-names");
    window.picture("settings-names").unwrap();

    window.click("daily-table").unwrap();
    window.click("daily-choose").unwrap();
    let shown = "return document.querySelector('[data-testid=daily-folder]').textContent.trim()";
    said(&window, "the folder", shown, &folder.path().display().to_string());
    window.click("daily-make").unwrap();
    until(&window, "the report is made", "daily-made", "data-ok", |ok| ok == "true");
    let mut endings: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path().extension().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    endings.sort();
    assert_eq!(endings, ["csv", "html"]);
    into_sight("daily");
    window.picture("settings-daily").unwrap();
}

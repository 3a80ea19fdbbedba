//! Finding calls in the window: a supervisor's search is narrowed, kept under a name, handed on as text, written out,
//! and there after the program ended.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys, wait_until};
use serde_json::Value;

#[path = "common/calls.rs"]
mod calls;
mod common;
use calls::search;
use common::{SOON, attribute, sign_in, until};

fn centre() -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { calls_per_day: 300, moving: false, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    (runtime, centre)
}

fn opening(home: &Path, saved: &Path) -> Opening {
    Opening {
        home: Some(home.to_owned()),
        env: vec![("ATALAYA_SAVE_FOLDER".to_owned(), saved.display().to_string())],
        ..Opening::default()
    }
}

/// Chooses in a list, or fills a field, and says that it changed, as a person does.
fn set(window: &Window, testid: &str, value: &str) {
    window.get(testid).expect("the field is there");
    let script = "const field = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        field.value = arguments[1];
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }))";
    window.page().execute(script, &[Value::from(testid), Value::from(value)]).expect("it can be set");
}

fn count_of(window: &Window, what: &str) -> u32 {
    attribute(window, "calls-count", what).parse().expect("a count")
}

fn shown_is(window: &Window, what: &str, wanted: impl Fn(u32) -> bool) -> u32 {
    until(window, what, "calls-count", "data-calls", |calls| calls.parse().is_ok_and(&wanted));
    count_of(window, "data-calls")
}

fn cells(window: &Window, cell: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[data-testid=call-row] [data-cell=${arguments[0]}]`)]
        .map(one => one.innerText.trim())";
    let found = window.page().execute(script, &[Value::from(cell)]).expect("the page answers");
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn value_of(window: &Window, testid: &str) -> String {
    let script = "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`)?.value ?? ''";
    let value = window.page().execute(script, &[Value::from(testid)]).expect("the page answers");
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_search_is_narrowed_kept_handed_on_written_out_and_there_after_a_restart() {
    let (_runtime, centre) = centre();
    let (home, saved) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (line, flagged, shown) = {
        let window = Window::open("find", &opening(home.path(), saved.path())).unwrap();
        sign_in(&window, &centre);
        window.click("nav-calls").unwrap();
        window.click("calls-period-week").unwrap();
        search(&window, "done");
        let total = shown_is(&window, "all calls are shown", |calls| calls > 500);

        // Narrowed here: fewer rows, no request.
        let asked = centre.stats().requests["records"];
        set(&window, "narrow-answered", "yes");
        let answered = shown_is(&window, "answered calls only", |calls| calls < total);
        let name = cells(&window, "agent").first().cloned().expect("a row");
        let part: String = name.to_uppercase().chars().take(4).collect();
        set(&window, "narrow-text", &part);
        let shown = shown_is(&window, "those with the name", |calls| calls < answered);
        assert!(shown > 0 && count_of(&window, "data-total") == total);
        assert_eq!(centre.stats().requests["records"], asked, "the server is not asked again");

        // A flag, by key, and taken back and put again.
        window.click("call-row").unwrap();
        let guid = attribute(&window, "call-row", "data-guid");
        window.press("m").unwrap();
        until(&window, "the flag", "call-row", "data-flagged", |flag| flag == "true");
        window.press("u").unwrap();
        until(&window, "no flag", "call-row", "data-flagged", |flag| flag == "false");
        window.press("m").unwrap();
        until(&window, "the flag again", "call-row", "data-flagged", |flag| flag == "true");

        // Kept under a name; as text.
        window.click("searches").unwrap();
        window.fill("search-name", "Mis contestadas").unwrap();
        window.click("search-save").unwrap();
        window.get("search").unwrap();
        window.click("search-first").unwrap();
        window.click("search-copy").unwrap();
        let line = window
            .wait_until("the line", SOON, |_| {
                Ok(Some(value_of(&window, "search-line")).filter(|line| !line.is_empty()))
            })
            .unwrap();
        assert!(line.starts_with("period:week answered:yes text:"), "{line}");
        window.press(keys::ESCAPE).unwrap();

        // Written out: all rows shown, with the columns shown.
        window.click("calls-export").unwrap();
        let file = wait_until("the file", SOON, || {
            let mut files = fs::read_dir(saved.path()).map_err(|error| error.to_string())?;
            Ok(files.find_map(|file| {
                file.ok()
                    .map(|file| file.path())
                    .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
            }))
        })
        .unwrap();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.starts_with("\u{feff}Time,Campaign,Agent,Number,Length,Heard,Tags\r\n"), "{text:.80}");
        assert_eq!(text.lines().count() as u32, 1 + shown);
        assert!(window.text("calls-said").unwrap().contains(".csv"));
        window.quit().unwrap();
        (line, guid, shown)
    };

    let window = Window::open("find-again", &opening(home.path(), saved.path())).unwrap();
    window.fill("sign-in-password", centre.password()).unwrap();
    window.click("sign-in-submit").unwrap();
    until(&window, "live figures", "floor-ready", "data-live", |live| live == "true");
    window.click("nav-calls").unwrap();
    until(&window, "the period", "calls-period-week", "aria-pressed", |on| on == "true");
    assert_eq!(value_of(&window, "narrow-answered"), "yes");
    search(&window, "done");
    assert_eq!(shown_is(&window, "as it was narrowed", |calls| calls == shown), shown);
    window.click("narrow-flagged").unwrap();
    shown_is(&window, "the flagged one", |calls| calls == 1);
    assert_eq!(attribute(&window, "call-row", "data-guid"), flagged);

    // A line handed on is a search: with a word of another language, and one that means nothing.
    window.click("searches").unwrap();
    window.fill("search-line", &format!("{} contestada:no blue", line.replace("answered:yes ", ""))).unwrap();
    window.click("search-apply").unwrap();
    until(&window, "it is searched", "calls-count", "data-phase", |phase| phase == "done");
    assert!(window.text("search-said").unwrap().contains("blue"));
    assert_eq!(value_of(&window, "narrow-answered"), "no");
    window.press(keys::ESCAPE).unwrap();

    // Nothing that fits: said, with a way out.
    window.wait_until("nothing fits", SOON, |_| Ok(window.has("calls-empty")?.then_some(()))).unwrap();
    window.click("narrow-empty-clear").unwrap();
    shown_is(&window, "all again", |calls| calls > shown);
    // Numbers that called again, and one click back to their calls.
    window.click("calls-show-callers").unwrap();
    window.click("caller").unwrap();
    shown_is(&window, "their calls", |calls| (2..100).contains(&calls));
    let numbers = cells(&window, "number");
    assert!(numbers.len() > 1 && numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
    window.click("narrow-clear").unwrap();
    // Abandoned calls, with how long they waited.
    window.click("calls-show-abandoned").unwrap();
    window
        .wait_until("waits", SOON, |_| {
            let waits = cells(&window, "wait");
            Ok((!waits.is_empty() && waits.iter().all(|wait| wait.contains(':'))).then_some(()))
        })
        .unwrap();
}

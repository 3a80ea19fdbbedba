//! What the window's tests of judging share: a card, a sample, and the room's keys.
#![allow(dead_code, reason = "each test uses a part of it")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_window::Window;
use serde_json::Value;

use super::common::{SOON, until};

/// What a script of the page gives, as text.
pub fn of_page(window: &Window, script: &str, args: &[&str]) -> String {
    let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
    let value = window.page().execute(script, &args).expect("the page answers");
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sets the `nth` field with this `data-testid`, as typing or choosing does.
pub fn set(window: &Window, testid: &str, nth: usize, value: &str) {
    let script = "const field = document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`)[arguments[1]];
        field.value = arguments[2];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    window.get(testid).expect("the field is there");
    of_page(window, script, &[testid, &nth.to_string(), value]);
}

/// Nothing has the focus but the room: its keys work.
pub fn at_rest(window: &Window) {
    of_page(window, "document.activeElement.blur(); document.querySelector('main').focus(); return ''", &[]);
}

/// Three questions: two of yes or no, one of 1 to 5.
pub fn write_a_card(window: &Window) {
    window.click("review-make-card").unwrap();
    window.click("card-new").unwrap();
    set(window, "card-name", 0, "Calls");
    for (nth, text) in ["Greets", "Listens", "Solves"].iter().enumerate() {
        if nth > 0 {
            window.click("question-add").unwrap();
        }
        window
            .wait_until("a question", SOON, |_| {
                Ok((window.texts("card-question")?.len() == nth + 1).then_some(()))
            })
            .unwrap();
        set(window, "question-text", nth, text);
    }
    set(window, "question-kind", 1, "scale");
    window.click("card-save").unwrap();
    until(window, "the card is saved", "card-status", "data-version", |version| version == "1");
}

/// A sample of two days ago, two calls of each agent.
pub fn draw_a_sample(window: &Window) {
    window.click("review-tab-work").unwrap();
    window.click("sample-new").unwrap();
    window.get("sample-form").unwrap();
    let day = of_page(window, "return new Date(Date.now() - 2 * 86400000).toISOString().slice(0, 10)", &[]);
    set(window, "sample-from", 0, &day);
    set(window, "sample-to", 0, &day);
    set(window, "sample-per-agent", 0, "2");
    window.click("sample-draw").unwrap();
    let drawn = window.wait_until("the sample is drawn", SOON, |_| {
        Ok(if window.has("sample-go")? { Some(true) } else { (!window.has("sample-form")?).then_some(false) })
    });
    // Somebody had fewer calls than wanted: that is told first.
    if drawn.unwrap() {
        window.click("sample-go").unwrap();
    }
    window.get("work-item").unwrap();
}

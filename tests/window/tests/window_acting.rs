//! Acting from the window: what is done is seen at the contact centre, goes once, and ends in one of three outcomes.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_window::{Opening, Window, keys, wait_until};
use serde_json::Value;

mod common;
use common::{SOON, attribute, sign_in, until};

/// An alert waits for its limit to have been passed long enough.
const RAISED: Duration = Duration::from_secs(60);

fn centre() -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { calls_per_day: 300, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    (runtime, centre)
}

fn execute(window: &Window, script: &str, args: &[Value]) -> Value {
    window.page().execute(script, args).expect("the page answers")
}

/// Fills a field or chooses in a list, and says that it changed, as a person does.
fn set(window: &Window, testid: &str, value: &str) {
    window.get(testid).expect("the field is there");
    let script = "const field = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        field.value = arguments[1];
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }))";
    execute(window, script, &[Value::from(testid), Value::from(value)]);
}

fn outcome(window: &Window, wanted: &str) {
    until(window, "the outcome", "send-outcome", "data-outcome", |outcome| outcome == wanted);
}

/// The first inbound campaign that has somebody logged in.
fn busy_campaign(centre: &Simulator) -> String {
    let inside = centre.inside();
    let names = inside.campaigns.iter().filter(|one| one.name.ends_with("<-"));
    names.max_by_key(|one| one.members).expect("there are some").name.clone()
}

#[test]
fn an_alert_two_people_added_the_queue_clears_and_the_alert_is_over() {
    let (_runtime, centre) = centre();
    let window = Window::open("acting", &Opening::default()).unwrap();
    sign_in(&window, &centre);
    let campaign = busy_campaign(&centre);
    let before = centre.members(&campaign).len();
    assert!(centre.run_dry(&campaign, 8));

    // The alert offers it, for its own campaign.
    let offered = "return [...document.querySelectorAll('[data-testid=alert]')]
        .find(one => one.innerText.includes(arguments[0]))?.querySelector('[data-testid=alert-add]') ? true : false";
    let label = campaign.trim_end_matches("<-");
    window
        .wait_until("the alert", RAISED, |_| {
            Ok((execute(&window, offered, &[Value::from(label)]) == true).then_some(()))
        })
        .unwrap();
    window.picture("acting-alert").unwrap();
    let press = "[...document.querySelectorAll('[data-testid=alert]')]
        .find(one => one.innerText.includes(arguments[0])).querySelector('[data-testid=alert-add]').click()";
    execute(&window, press, &[Value::from(label)]);
    until(&window, "whom to add", "add-people", "data-name", |name| name == campaign);

    // Two by keys; what goes out is shown before.
    window.get("add-row").unwrap();
    window.press(keys::DOWN).unwrap();
    window.press(" ").unwrap();
    window.press(keys::DOWN).unwrap();
    window.press(" ").unwrap();
    window.wait_until("two are chosen", SOON, |_| Ok(window.has("add-after")?.then_some(()))).unwrap();
    let shown = window.text("send-fields").unwrap();
    assert!(shown.contains("queues/addqueuemember") && shown.contains("membername"), "{shown}");
    assert_eq!(shown.matches("interface1").count(), 2, "{shown}");
    window.picture("acting-add").unwrap();
    assert_eq!(centre.executed(Endpoint::AddQueueMember), 0, "nothing went yet");

    // A double click sends it once.
    let twice = "const send = document.querySelector('[data-testid=send]'); send.click(); send.click()";
    execute(&window, twice, &[]);
    outcome(&window, "done");
    assert_eq!((centre.executed(Endpoint::AddQueueMember), centre.members(&campaign).len()), (1, before + 2));
    let seen = "return [...document.querySelectorAll('[data-testid=add-seen] [data-seen=true]')].length";
    window
        .wait_until("both are seen in the queue", RAISED, |_| {
            Ok((execute(&window, seen, &[]) == 2).then_some(()))
        })
        .unwrap();
    window.picture("acting-added").unwrap();
    window.click("send-close").unwrap();

    // They take the calls, and nothing is left to be alarmed about.
    let waiting = || centre.inside().campaigns.iter().find(|one| one.name == campaign).map(|one| one.waiting);
    wait_until("the queue clears", Duration::from_secs(120), || {
        centre.advance(Duration::from_secs(20));
        Ok((waiting() == Some(0)).then_some(()))
    })
    .unwrap();
    let gone = "return [...document.querySelectorAll('[data-testid=alert]')]
        .every(one => !one.innerText.includes(arguments[0]))";
    window
        .wait_until("the alert is over", RAISED, |_| {
            centre.advance(Duration::from_secs(5));
            Ok((execute(&window, gone, &[Value::from(label)]) == true).then_some(()))
        })
        .unwrap();
}

//! Acting from the window: what is done is seen at the contact centre, goes once, and ends in one of three outcomes.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_window::{Opening, Window, keys, wait_until};
use serde_json::Value;

#[path = "common/calls.rs"]
mod calls;
mod common;
use calls::search;
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
    window.get("campaign-row").unwrap();
    let place = "return document.querySelector('[data-testid=campaign-row]').getBoundingClientRect().top";
    let table = execute(&window, place, &[]);
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
    assert_eq!(execute(&window, place, &[]), table, "an alert moves nothing under it");
    let once = "return [...document.querySelectorAll('[data-testid=alert]')]
        .filter(one => one.querySelector('b').innerText === arguments[0]).length";
    assert_eq!(execute(&window, once, &[Value::from(label)]), 1, "all that is wrong there is one alert");
    let press = "[...document.querySelectorAll('[data-testid=alert]')]
        .find(one => one.innerText.includes(arguments[0])).querySelector('[data-testid=alert-add]').click()";
    execute(&window, press, &[Value::from(label)]);
    until(&window, "whom to add", "add-people", "data-name", |name| name == campaign);

    // Put away and opened again by its key, for the campaign that is chosen.
    window.press(keys::ESCAPE).unwrap();
    window.wait_until("it is put away", SOON, |_| Ok((!window.has("add-people")?).then_some(()))).unwrap();
    let choose = "const row = [...document.querySelectorAll('[data-testid=campaign-row]')]
        .find(one => one.dataset.name === arguments[0]);
        if (row.getAttribute('aria-selected') !== 'true') row.click()";
    execute(&window, choose, &[Value::from(campaign.as_str())]);
    window.press("a").unwrap();
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

/// Somebody in a state, whose row is in sight.
fn somebody(window: &Window, state: &str) -> String {
    window.click("nav-floor").unwrap();
    // Pressed where it is, wherever the panel below pushes it.
    let chip = "document.querySelector(`[data-testid=state-${arguments[0]}]`).click()";
    if attribute(window, &format!("state-{state}"), "aria-pressed") != "true" {
        execute(window, chip, &[Value::from(state)]);
    }
    // Whoever stands first when the list has come to rest: it may still go to its beginning.
    let open = "const row = document.querySelector(`[data-testid=agent-row][data-state='${arguments[0]}']`);
        const page = document.querySelector('[data-testid=person-page]');
        if (!row || page?.dataset.location === row.dataset.location) return row?.dataset.location ?? '';
        row.click();
        return ''";
    let found = window.wait_until("the page of somebody in that state", SOON, |_| {
        let location = execute(window, open, &[Value::from(state)]);
        Ok(location.as_str().filter(|location| !location.is_empty()).map(str::to_owned))
    });
    let location = found.unwrap();
    execute(window, chip, &[Value::from(state)]);
    location
}

/// `1001` of `SIP/1001` and of `Local/1001@agents/n`: the number a person is called and listened to by.
fn extension_of(location: &str) -> &str {
    let number = location.split_once('/').map_or(location, |(_, rest)| rest);
    number.split_once('@').map_or(number, |(number, _)| number)
}

/// Presses a button of the person's page, wherever it moves to as the page fills.
fn begin_for(window: &Window, button: &str) {
    window.get(button).expect("it is offered");
    let press = "document.querySelector(`[data-testid=${arguments[0]}]`).click()";
    execute(window, press, &[Value::from(button)]);
    window.get("act").expect("its sheet");
}

#[test]
fn what_is_done_for_a_person_is_seen_at_the_contact_centre_and_goes_once() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { moving: false, calls_per_day: 300, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let window = Window::open("person", &Opening::default()).unwrap();
    sign_in(&window, &centre);

    // A call for somebody who is free: their telephone, then the number.
    let free = somebody(&window, "available");
    begin_for(&window, "person-call");
    window.get("act-destination").unwrap();
    window.picture("acting-call").unwrap();
    assert!(
        window.page().attribute(&window.get("send").unwrap(), "aria-disabled").unwrap().is_some(),
        "no number yet"
    );
    set(&window, "act-destination", "099 (111) x");
    window
        .wait_until("what is wrong with it is said", SOON, |_| {
            Ok(window
                .has("send-flaws")?
                .then(|| window.text("send-flaws"))
                .transpose()?
                .filter(|text| text.contains("telephone number")))
        })
        .unwrap();
    set(&window, "act-destination", "099 111 222");
    window
        .wait_until("it can be sent", SOON, |_| {
            Ok(window.page().attribute(&window.get("send")?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
    let shown = window.text("send-fields").unwrap();
    assert!(shown.contains("Agents/AgentCall") && shown.contains("destination = 099111222"), "{shown}");
    // The answer is lost: it may have arrived, and nothing sends it again by itself.
    centre.faults().set(Endpoint::AgentCall, Fault::AnswerLost, None);
    window.click("send").unwrap();
    outcome(&window, "unknown");
    assert_eq!(centre.executed(Endpoint::AgentCall), 1);
    window.picture("acting-unknown").unwrap();
    centre.faults().clear();
    assert!(window.has("send-look").unwrap() && window.has("send-again").unwrap());
    window.click("send-close").unwrap();
    let made = centre.made_calls();
    assert_eq!((made.len(), made[0].destination.as_str()), (1, "099111222"), "{made:?}");
    assert_eq!(made[0].phone, extension_of(&free));

    // A hang-up needs a second press, and is refused in the server's words when it fails.
    let busy = somebody(&window, "busy");
    begin_for(&window, "person-hang-up");
    window.get("send").unwrap();
    window.picture("acting-hang-up").unwrap();
    window
        .wait_until("it can be sent", SOON, |_| {
            Ok(window.page().attribute(&window.get("send")?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
    window.click("send").unwrap();
    assert_eq!(centre.executed(Endpoint::HangupPhone), 0, "the first press sends nothing");
    window.click("send").unwrap();
    outcome(&window, "done");
    assert_eq!((centre.executed(Endpoint::HangupPhone), centre.hang_ups().len()), (1, 1));
    assert_eq!(centre.hang_ups()[0].phone, extension_of(&busy));
    window.click("send-close").unwrap();
}

/// Opens the sheet of something to be done about the call that is selected.
fn begin(window: &Window, kind: &str) {
    window.click("call-act").unwrap();
    window.click(&format!("call-act-{kind}")).unwrap();
    window.get(&format!("act-{kind}")).unwrap();
}

/// Sends what is in the sheet, with a second press where it takes one, waits for how it ended, and closes it.
fn send(window: &Window, wanted: &str) {
    window
        .wait_until("it can be sent", SOON, |_| {
            Ok(window.page().attribute(&window.get("send")?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
    window.click("send").unwrap();
    let again = "document.querySelector('[data-testid=send][data-armed=true]')?.click()";
    execute(window, again, &[]);
    outcome(window, wanted);
}

fn close(window: &Window) {
    window.click("send-close").unwrap();
    window.wait_until("it is closed", SOON, |_| Ok((!window.has("act")?).then_some(()))).unwrap();
}

#[test]
fn what_is_done_about_a_call_is_seen_at_the_contact_centre() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { moving: false, calls_per_day: 300, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let window = Window::open("about-call", &Opening::default()).unwrap();
    sign_in(&window, &centre);
    window.click("nav-calls").unwrap();
    window.click("calls-period-week").unwrap();
    search(&window, "done");
    window.click("call-row").unwrap();
    let number =
        "return document.querySelector('[data-testid=call-row] [data-cell=number]').innerText.trim()";
    let number = execute(&window, number, &[]).as_str().unwrap_or_default().to_owned();
    let dialer = centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).unwrap().name.clone();

    // A message: how long it is, and what is sent of it.
    begin(&window, "sms");
    set(&window, "act-message", "Hasta mañana, Inês");
    window
        .wait_until("a letter telephones do not have", SOON, |_| {
            Ok(window.text("send-fields-sms")?.contains("18 characters, 1 part (UCS-2)").then_some(()))
        })
        .unwrap();
    set(&window, "act-message", "Su turno es el martes a las 10");
    window
        .wait_until("its length", SOON, |_| {
            Ok(window.text("send-fields-sms")?.contains("30 characters, 1 part (GSM-7)").then_some(()))
        })
        .unwrap();
    send(&window, "done");
    close(&window);
    let messages = centre.sms();
    assert_eq!((messages.len(), messages[0].destination.as_str()), (1, number.as_str()), "{messages:?}");

    // To a dialer, in its turn, and out again.
    begin(&window, "task");
    set(&window, "act-campaign", &dialer);
    window.picture("acting-task").unwrap();
    send(&window, "done");
    close(&window);
    let waits = || centre.dialer(&dialer).waiting.iter().filter(|task| task.destination == number).count();
    assert_eq!(waits(), 1);
    begin(&window, "removeContact");
    let chosen = "return document.querySelector('[data-testid=act-campaign]').value";
    set(&window, "act-campaign", &dialer);
    assert_eq!(execute(&window, chosen, &[]), dialer.as_str());
    send(&window, "done");
    close(&window);
    assert_eq!(waits(), 0);

    // At a moment of the server's.
    begin(&window, "schedule");
    set(&window, "act-campaign", &dialer);
    set(&window, "act-calldate", "2031-03-05T10:15");
    send(&window, "done");
    close(&window);
    let scheduled = centre.dialer(&dialer).scheduled;
    assert_eq!((scheduled.len(), scheduled[0].destination.as_str()), (1, number.as_str()));
    window.picture("acting-calls").unwrap();

    // Put back: what the records do not tell is typed.
    begin(&window, "respool");
    set(&window, "act-campaign", &dialer);
    set(&window, "act-dialerbase", "basetest");
    set(&window, "act-contact", "222");
    send(&window, "done");
    close(&window);
    assert_eq!(centre.executed(Endpoint::Respool), 1);

    // Onto the blacklist and off it; refused in words where the server says no.
    begin(&window, "blacklist");
    send(&window, "done");
    close(&window);
    assert!(centre.blacklist().iter().any(|one| one.phone == number));
    begin(&window, "unblacklist");
    centre.faults().set(Endpoint::DeleteBlack, Fault::Zero, None);
    send(&window, "refused");
    assert!(window.text("send-outcome").unwrap().contains("refused"));
    centre.faults().clear();
    send(&window, "done");
    close(&window);
    assert!(!centre.blacklist().iter().any(|one| one.phone == number));

    // Called back by one's own telephone; an extension that was asked for is there the next time.
    begin(&window, "callBack");
    set(&window, "act-extension", "4001");
    centre.faults().set(Endpoint::AgentCall, Fault::NeverArrives, None);
    send(&window, "unknown");
    assert_eq!(centre.executed(Endpoint::AgentCall), 0);
    centre.faults().clear();
    window.click("send-again").unwrap();
    send(&window, "done");
    close(&window);
    assert_eq!((centre.executed(Endpoint::AgentCall), centre.made_calls().len()), (1, 1));
    begin(&window, "callBack");
    let extension = "return document.querySelector('[data-testid=act-extension]').value";
    window
        .wait_until("the extension is remembered", SOON, |_| {
            Ok((execute(&window, extension, &[]) == "4001").then_some(()))
        })
        .unwrap();
    close(&window);

    // A desk that only looks offers nothing of it.
    window.click("nav-settings").unwrap();
    window.click("acting-look-only").unwrap();
    window.click("nav-calls").unwrap();
    window.click("call-row").unwrap();
    window.wait_until("nothing is offered", SOON, |_| Ok((!window.has("call-act")?).then_some(()))).unwrap();
}

#[test]
fn abandoned_calls_are_all_called_back_and_reached() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { calls_per_day: 200, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let window = Window::open("call-back", &Opening::default()).unwrap();
    sign_in(&window, &centre);
    window.click("nav-calls").unwrap();
    window.click("calls-period-yesterday").unwrap();
    search(&window, "done");
    window.click("calls-show-abandoned").unwrap();
    window.click("call-all-back").unwrap();
    let numbers: u64 = until(&window, "who is called", "many-count", "data-numbers", |all| all != "0")
        .parse()
        .expect("a number");
    let dialer = centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).unwrap().name.clone();
    set(&window, "many-campaign", &dialer);
    // Somebody is left out by hand.
    let drop_one =
        "const row = [...document.querySelectorAll('[data-testid=many-row] input')].find(one => one.checked);
        row.click(); return row.getAttribute('aria-label')";
    let dropped = execute(&window, drop_one, &[]).as_str().unwrap_or_default().to_owned();
    let chosen: u64 = attribute(&window, "many-count", "data-chosen").parse().expect("a number");
    assert!(chosen > 2 && chosen < numbers, "{chosen} of {numbers}");
    let number = "return [...document.querySelectorAll('[data-testid=many-row]')]
        .find(row => row.querySelector('input').checked).dataset.number";
    let number = execute(&window, number, &[]).as_str().unwrap_or_default().to_owned();
    centre.let_answer(&number, true);
    window.picture("acting-many").unwrap();
    window
        .wait_until("it can be sent", SOON, |_| {
            Ok(window.page().attribute(&window.get("many-send")?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
    window.click("many-send").unwrap();
    assert_eq!(centre.executed(Endpoint::DialerTask), 0, "the first press sends nothing");
    window.click("many-send").unwrap();
    window
        .wait_until("all are sent", Duration::from_secs(180), |_| {
            Ok((window.has("batch-progress")? && attribute(&window, "batch-progress", "data-over") == "true")
                .then_some(()))
        })
        .unwrap();
    window.picture("acting-many-sent").unwrap();
    let of = |what: &str| attribute(&window, "batch-progress", what).parse::<u64>().expect("a number");
    assert_eq!(of("data-done") + of("data-left-out"), chosen);
    assert_eq!((centre.executed(Endpoint::DialerTask), of("data-refused")), (of("data-done"), 0));
    assert!(!centre.made_calls().iter().any(|made| made.destination == dropped), "left out by hand");
    window.click("many-close").unwrap();

    // Whoever called again and again is called back alone, from their own list.
    window.click("calls-show-callers").unwrap();
    set(&window, "callers-least", "2");
    window.get("caller").unwrap();
    let caller = "return document.querySelector('[data-testid=caller-back]').getAttribute('aria-label')";
    let caller = execute(&window, caller, &[]).as_str().unwrap_or_default().to_owned();
    window.page().execute("document.querySelector('[data-testid=caller-back]').click()", &[]).unwrap();
    window.get("act-destination").unwrap();
    let proposed = "return document.querySelector('[data-testid=act-destination]').value";
    let proposed = execute(&window, proposed, &[]).as_str().unwrap_or_default().to_owned();
    assert!(!proposed.is_empty() && caller.contains(&proposed), "{proposed} of {caller}");
    window.press(keys::ESCAPE).unwrap();
    window
        .wait_until("it is put away", SOON, |_| Ok((!window.has("act-destination")?).then_some(())))
        .unwrap();

    // The dialer calls them, and whoever answers has been reached.
    wait_until("it was called and answered", Duration::from_secs(120), || {
        centre.advance(Duration::from_secs(30));
        let called = centre.made_calls().iter().any(|made| made.destination == number);
        let waits = centre.dialer(&dialer).waiting.iter().any(|task| task.destination == number);
        Ok((called && !waits).then_some(()))
    })
    .unwrap();
}

#[test]
fn what_is_rarely_done_is_seen_at_the_contact_centre_too() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { moving: false, calls_per_day: 300, sms_v2: false, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let files = tempfile::tempdir().unwrap();
    let env = vec![("ATALAYA_SAVE_FOLDER".to_owned(), files.path().display().to_string())];
    let window = Window::open("rarely", &Opening { env, ..Opening::default() }).unwrap();
    sign_in(&window, &centre);

    // Listening in: nothing of it before a code is set.
    window.click("nav-settings").unwrap();
    set(&window, "acting-ownExtension", "4001");
    somebody(&window, "busy");
    assert!(!window.has("person-listen").unwrap(), "no code, nobody listens");
    window.click("nav-settings").unwrap();
    set(&window, "acting-listenCode", "*55");
    let busy = somebody(&window, "busy");
    begin_for(&window, "person-listen");
    window.get("act-listenIn").unwrap();
    window.picture("acting-listen").unwrap();
    send(&window, "done");
    close(&window);
    let made = centre.made_calls();
    let code = format!("*55{}", extension_of(&busy));
    assert_eq!((made[0].phone.as_str(), made[0].destination.as_str()), ("4001", code.as_str()));

    // A call with data for the flow.
    let free = somebody(&window, "available");
    begin_for(&window, "person-call");
    set(&window, "act-destination", "099111222");
    window.click("act-more").unwrap();
    set(&window, "act-data", "{\"idcustomer\":7}");
    send(&window, "done");
    close(&window);
    assert_eq!(centre.executed(Endpoint::AgentCallWithData), 1);
    let made = centre.made_calls().pop().unwrap();
    assert!(made.data.contains("idcustomer"), "{made:?}");
    assert_eq!(made.phone, extension_of(&free));

    // A message to a server of the older kind; many numbers onto the blacklist, and all of them off it again.
    window.click("nav-calls").unwrap();
    window.click("calls-period-week").unwrap();
    search(&window, "done");
    window.click("call-row").unwrap();
    begin(&window, "sms");
    set(&window, "act-message", "Su turno es el martes");
    send(&window, "done");
    close(&window);
    assert_eq!((centre.executed(Endpoint::SendSms), centre.executed(Endpoint::SendSmsV2)), (1, 0));
    let pick = "const rows = document.querySelectorAll('[data-testid=call-row]');
        const click = (row, held) => row.dispatchEvent(new MouseEvent('click', { bubbles: true, ...held }));
        click(rows[0], {}); click(rows[5], { shiftKey: true })";
    execute(&window, pick, &[]);
    window.get("picked").unwrap();
    window.click("picked-act").unwrap();
    window.click("picked-act-blacklist").unwrap();
    let chosen: usize =
        until(&window, "the numbers", "many-count", "data-chosen", |all| all != "0").parse().unwrap();
    window
        .wait_until("it can be sent", SOON, |_| {
            Ok(window.page().attribute(&window.get("many-send")?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
    window.click("many-send").unwrap();
    window.click("many-send").unwrap();
    window
        .wait_until("it is sent", SOON, |_| {
            Ok((window.has("batch-progress")? && attribute(&window, "batch-progress", "data-over") == "true")
                .then_some(()))
        })
        .unwrap();
    window.click("many-close").unwrap();
    assert_eq!((centre.executed(Endpoint::AddBlackBulk), centre.blacklist().len()), (1, chosen));
    window.click("nav-outreach").unwrap();
    window.click("out-sent-blacklistings").unwrap();
    window.click("out-undo").unwrap();
    send(&window, "done");
    window.click("send-close").unwrap();
    assert_eq!((centre.executed(Endpoint::DeleteBlackBulk), centre.blacklist().len()), (1, 0));

    // A base with a zone of its own.
    let dialer = centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).unwrap().name.clone();
    std::fs::write(files.path().join("base.csv"), "telefono;nombre\n099000111;Ana\n").unwrap();
    window.click("out-calls").unwrap();
    window.click("out-pick").unwrap();
    until(&window, "the file", "out-upload", "data-file", |name| name == "base.csv");
    set(&window, "out-campaign", &dialer);
    until(&window, "it is checked", "out-upload", "data-good", |good| good == "1");
    set(&window, "out-timezone", "America/Montevideo");
    until(&window, "it is checked again", "out-upload", "data-good", |good| good == "1");
    window.click("out-send").unwrap();
    until(&window, "it asks for a second press", "out-send", "data-armed", |armed| armed == "true");
    window.click("out-send").unwrap();
    wait_until("it arrives", SOON, || {
        Ok((centre.executed(Endpoint::UploadBaseWithTimezone) == 1).then_some(()))
    })
    .unwrap();
    assert_eq!(centre.uploads()[0].timezone.as_deref(), Some("America/Montevideo"));
}

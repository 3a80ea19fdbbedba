//! Nobody is kept out: axe-core looks at every room and state of the window, light and dark, and finds nothing serious.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys};
use serde_json::Value;

#[path = "common/axe.rs"]
mod axe;
#[path = "common/calls.rs"]
mod calls;
mod common;
use axe::Looker;
use calls::search;
use common::{sign_in, until};

fn click_first(window: &Window, selector: &str) {
    let script = "document.querySelector(arguments[0]).click()";
    window.page().execute(script, &[Value::from(selector)]).expect("it is there");
}

fn centre() -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).expect("a contact centre");
    (runtime, centre)
}

#[test]
fn no_room_and_no_state_keeps_anybody_out() {
    let (_runtime, centre) = centre();
    let window = Window::open("axe", &Opening::default()).unwrap();
    let mut looker = Looker::new(window);

    looker.window.get("sign-in-server").unwrap();
    looker.look("sign in");
    sign_in(&looker.window, &centre);

    looker.window.get("agent-row").unwrap();
    looker.look("floor");
    for menu in ["columns", "views"] {
        looker.window.click(menu).unwrap();
        looker.window.get(&format!("{menu}-list")).unwrap();
        looker.look(menu);
        looker.window.press(keys::ESCAPE).unwrap();
    }
    click_first(&looker.window, "[data-testid=campaign-row]");
    looker.window.get("campaign-page").unwrap();
    click_first(&looker.window, "[data-testid=agent-row]");
    looker.window.get("person-page").unwrap();
    looker.look("a campaign and a person");
    looker.window.click("campaign-add").unwrap();
    looker.window.get("add-row").unwrap();
    looker.window.click("add-row").unwrap();
    looker.window.get("add-after").unwrap();
    looker.look("adding people");
    looker.window.press(keys::ESCAPE).unwrap();
    looker.window.get("person-page").unwrap();
    looker.window.click("campaign-trend").unwrap();
    until(&looker.window, "a trend", "trend-charts", "data-points", |points| points != "0");
    looker.look("a campaign's trend and a person's day");
    looker.window.click("campaign-trend").unwrap();
    looker.window.click("rewind").unwrap();
    until(&looker.window, "the past", "rewind-bar", "data-at", |at| !at.is_empty());
    looker.look("the past");
    looker.window.click("rewind-live").unwrap();
    looker.window.click("report-open").unwrap();
    until(&looker.window, "a report", "report", "data-made", |made| made == "true");
    looker.look("a shift report");
    looker.window.press(keys::ESCAPE).unwrap();
    looker.window.click("alerts-open").unwrap();
    looker.window.get("alerts-panel").unwrap();
    looker.look("alerts");
    looker.window.press(keys::ESCAPE).unwrap();
    looker.window.press("?").unwrap();
    looker.window.get("help").unwrap();
    looker.look("keys");
    looker.window.press(keys::ESCAPE).unwrap();

    looker.window.click("nav-calls").unwrap();
    looker.look("calls, empty");
    search(&looker.window, "done");
    for menu in ["searches", "narrow-more", "columns"] {
        looker.window.click(menu).unwrap();
        looker.window.get(&format!("{menu}-list")).unwrap();
        looker.look(&format!("calls, {menu}"));
        looker.window.press(keys::ESCAPE).unwrap();
    }
    looker.window.click("calls-show-abandoned").unwrap();
    looker.window.get("call-row").unwrap();
    looker.look("abandoned calls");
    looker.window.click("narrow-flagged").unwrap();
    looker.window.get("calls-empty").unwrap();
    looker.look("calls, narrowed to none");
    looker.window.click("narrow-empty-clear").unwrap();
    looker.window.click("calls-show-callers").unwrap();
    looker.window.get("callers-count").unwrap();
    looker.look("repeat callers");
    looker.window.click("calls-show-calls").unwrap();
    let row = looker.window.get("call-row").unwrap();
    looker.window.page().double_click(&row).unwrap();
    until(&looker.window, "the player has a call", "player", "data-phase", |phase| phase != "empty");
    looker.look("calls and the player");
    looker.window.click("call-act").unwrap();
    looker.window.get("call-act-task").unwrap();
    looker.look("what can be done about a call");
    looker.window.click("call-act-task").unwrap();
    looker.window.get("send-fields").unwrap();
    looker.window.click("act-more").unwrap();
    looker.look("giving a number to a dialer");
    looker.window.press(keys::ESCAPE).unwrap();
    // A call that has a recording, looked at closely; several calls chosen; and the question before they are saved.
    let rows = "const rows = document.querySelectorAll('[data-testid=call-row]');
        const click = (row, held) => row.dispatchEvent(new MouseEvent('click', { bubbles: true, ...held }));
        click(rows[1], {}); click(rows[4], { shiftKey: true })";
    looker.window.page().execute(rows, &[]).expect("there are rows");
    looker.window.get("picked").unwrap();
    let sounds = "return Boolean(document.querySelector('[data-testid=player-duration]').dataset.secs)";
    for _ in 0..8 {
        if looker.window.page().execute(sounds, &[]).expect("the page answers") == Value::Bool(true) {
            break;
        }
        looker.window.click("player-next").unwrap();
        let settled = |phase: &str| !matches!(phase, "looking" | "converting" | "again" | "buffering");
        until(&looker.window, "the next call", "player", "data-phase", settled);
    }
    looker.window.click("zoom-in").unwrap();
    looker.window.get("waveform-overview").unwrap();
    looker.look("a waveform looked at closely, calls chosen");
    looker.window.click("picked-save").unwrap();
    looker.window.get("save-start").unwrap();
    looker.look("saving several recordings");
    looker.window.press(keys::ESCAPE).unwrap();
    looker.window.click("picked-tag").unwrap();
    looker.window.get("batch-text").unwrap();
    looker.look("tagging several calls");
    looker.window.fill("batch-text", "lote").unwrap();
    looker.window.click("batch-send").unwrap();
    until(&looker.window, "all four are tagged", "batch-report", "data-sent", |sent| sent == "4");
    looker.window.press(keys::ESCAPE).unwrap();

    looker.window.click("nav-review").unwrap();
    until(&looker.window, "the room", "review", "data-ready", |ready| ready == "true");
    looker.look("review, empty");
    looker.window.click("review-make-card").unwrap();
    looker.window.click("card-new").unwrap();
    looker.window.fill("question-text", "Greets").unwrap();
    looker.window.click("card-save").unwrap();
    until(&looker.window, "the card is saved", "card-status", "data-version", |version| version == "1");
    looker.look("a scorecard being written");
    looker.window.click("review-tab-work").unwrap();
    looker.window.click("sample-new").unwrap();
    looker.window.get("sample-form").unwrap();
    looker.look("a sample to draw");
    // Of the contact centre's own day: the computer's may have become another one meanwhile.
    let today = "for (const name of ['sample-from', 'sample-to']) {
            const field = document.querySelector(`[data-testid=${name}]`);
            field.value = arguments[0];
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }";
    let day = Value::from(centre.now().date().to_string());
    looker.window.page().execute(today, &[day]).expect("the fields are there");
    looker.window.click("sample-draw").unwrap();
    looker.window.get("sample-go").expect("somebody has fewer than five calls in a day");
    looker.window.click("sample-go").unwrap();
    looker.window.get("work-item").unwrap();
    looker.look("a worklist");
    looker.window.click("nav-calls").unwrap();
    looker.window.click("call-judge").unwrap();
    looker.window.get("scorecard").unwrap();
    looker.window.click("note-new").unwrap();
    looker.window.get("note-draft").unwrap();
    looker.window.fill("note-text", "hears it").unwrap();
    looker.window.click("note-keep").unwrap();
    looker.window.get("note").unwrap();
    click_first(&looker.window, "[data-testid=answer-yes]");
    until(&looker.window, "an answer", "scorecard", "data-answered", |answered| answered == "1");
    looker.look("a call being judged");
    looker.window.click("review-finish").unwrap();
    until(&looker.window, "finished", "scorecard", "data-finished", |finished| finished == "true");
    for tab in ["list", "reports", "calibration", "notes", "audit"] {
        looker.window.click(&format!("review-tab-{tab}")).unwrap();
        looker.look(&format!("review, {tab}"));
    }

    looker.window.click("nav-settings").unwrap();
    looker.window.fill("team-name", "Norte").unwrap();
    looker.window.click("team-add").unwrap();
    looker.window.fill("limit-reason", "Baño").unwrap();
    looker.window.press(keys::ENTER).unwrap();
    looker.window.get("team-search").unwrap();
    looker.window.fill("wall-name", "Sala").unwrap();
    looker.window.click("wall-add").unwrap();
    looker.window.get("wall-page-states").unwrap();
    looker.look("settings");
    // Everybody on a call for a second: more alerts than there is room for.
    let rule = "const row = document.querySelector('[data-rule=inCall]');
        const choose = (field, value) => {
            field.value = value;
            field.dispatchEvent(new Event('change', { bubbles: true }));
        };
        choose(row.querySelector('[data-side=bad]'), '0.02');
        choose(row.querySelector('select'), 'sound_bad')";
    looker.window.page().execute(rule, &[]).expect("the rule is there");

    looker.window.click("nav-floor").unwrap();
    looker.window.get("alert").unwrap();
    looker.window.click("alerts-open").unwrap();
    looker.window.get("alert-line").unwrap();
    looker.look("alerts under way");
    looker.window.press(keys::ESCAPE).unwrap();
    centre.down();
    until(&looker.window, "stale figures", "health", "data-freshness", |fresh| fresh != "fresh");
    looker.look("the server is away");
    centre.up();
    until(&looker.window, "live figures", "health", "data-freshness", |fresh| fresh == "fresh");

    looker.window.click("wall-menu").unwrap();
    looker.window.get("wall-menu-list").unwrap();
    looker.look("wallboards");
    looker.window.click("wall-open").unwrap();
    looker.window.go_to(|address| address.starts_with("?wall=")).unwrap();
    looker.window.get("wall-campaign").unwrap();
    looker.look("a wallboard");
    looker.window.press(keys::LEFT).unwrap();
    until(&looker.window, "its totals", "wall", "data-page", |page| page == "totals");
    looker.look("a wallboard's totals");

    looker.nothing_found();
}

//! The live floor in the real window: every figure as the contact centre has it though its server lies, the floor looked
//! at in one's own way, and two hundred campaigns at once.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys};
use serde_json::Value;

mod common;
use common::{SOON, attribute, sign_in, until};

fn centre(config: Config) -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    (runtime, centre)
}

fn number(window: &Window, script: &str) -> f64 {
    window.page().execute(script, &[]).expect("the page answers").as_f64().unwrap_or(f64::NAN)
}

fn text(window: &Window, script: &str) -> String {
    let value = window.page().execute(script, &[]).expect("the page answers");
    value.as_str().unwrap_or_default().to_owned()
}

fn until_number(window: &Window, what: &str, script: &str, wanted: f64) {
    let mut last = f64::NAN;
    let reached = window.wait_until(what, SOON, |_| {
        last = number(window, script);
        Ok((last == wanted).then_some(()))
    });
    assert!(reached.is_ok(), "{what}: {last} instead of {wanted}");
}

const ROWS: &str = "return document.querySelectorAll('[data-testid=campaign-row]').length";
const AGENTS: &str = "return document.querySelectorAll('[data-testid=agent-row]').length";
const ALL: &str = "return Number(document.querySelector('[data-testid=agents-signed-in]')?.dataset.all ?? 0)";
/// Whole numbers as the window writes them, in English.
const ANSWERED: &str = "return [...document.querySelectorAll('[data-cell=answered]')]
    .reduce((sum, cell) => sum + Number(cell.innerText.replace(/,/g, '')), 0)";

fn answered(centre: &Simulator) -> f64 {
    f64::from(centre.inside().campaigns.iter().map(|campaign| campaign.answered).sum::<u32>())
}

/// Requests in which everybody has been read once more.
const READINGS: u64 = 24;

#[test]
fn every_figure_is_right_though_the_server_lies() {
    let lying = Config { moving: false, numbers_as_text: true, ..Config::default() };
    let (_runtime, centre) = centre(lying);
    let window = Window::open("lies", &Opening::default()).unwrap();
    sign_in(&window, &centre);
    until_number(&window, "all campaigns", ROWS, 12.0);
    until_number(&window, "all agents", ALL, 300.0);
    until_number(&window, "answered", ANSWERED, answered(&centre));

    // A campaign that vanishes takes its row along, and is there again when it comes back.
    let name = centre.inside().campaigns[2].name.clone();
    centre.hide_campaign(&name, true);
    until_number(&window, "one campaign less", ROWS, 11.0);
    centre.hide_campaign(&name, false);
    until_number(&window, "it is back", ROWS, 12.0);

    // The session ends in the middle: it is made anew, and nobody sees it.
    centre.expire_tokens();
    centre.advance(Duration::from_secs(600));
    until_number(&window, "the newest figures", ANSWERED, answered(&centre));
    assert_eq!(number(&window, ROWS), 12.0);
    assert!(window.has("floor").unwrap() && !window.has("sign-in-server").unwrap());

    // Counters that start again show no calls, not zero percent.
    centre.reset_counters();
    until_number(&window, "nothing answered", ANSWERED, 0.0);
    let levels = "return [...document.querySelectorAll('[data-testid=campaign-row] .pct')].length";
    until_number(&window, "no service level without calls", levels, 0.0);
}

#[test]
fn the_floor_is_looked_at_in_one_s_own_way_and_stays_so() {
    let (_runtime, centre) = centre(Config { moving: false, ..Config::default() });
    let home = tempfile::tempdir().unwrap();
    let opening = || Opening { home: Some(home.path().to_owned()), ..Opening::default() };
    {
        let window = Window::open("own-way", &opening()).unwrap();
        sign_in(&window, &centre);
        until_number(&window, "all agents", ALL, 300.0);

        // The list of agents is read further down while readings go on.
        let scrolled = "return document.querySelector('[data-testid=agents-table] .scroll').scrollTop";
        let down = "document.querySelector('[data-testid=agents-table] .scroll').scrollTop = 900";
        window.page().execute(down, &[]).unwrap();
        let asked = || centre.stats().requests.values().sum::<u64>();
        let before = asked();
        window.wait_until("readings", SOON, |_| Ok((asked() > before + READINGS).then_some(()))).unwrap();
        assert_eq!(number(&window, scrolled), 900.0);

        // Denser rows, waiting later, and a name for it.
        let before =
            number(&window, "return document.querySelector('[data-testid=campaign-row]').offsetHeight");
        window.click("columns").unwrap();
        window.click("density-dense").unwrap();
        window.click("later-waiting").unwrap();
        window.press(keys::ESCAPE).unwrap();
        let height =
            number(&window, "return document.querySelector('[data-testid=campaign-row]').offsetHeight");
        assert!(height < before, "{height} is not less than {before}");
        window.click("views").unwrap();
        window.fill("view-name", "Mornings").unwrap();
        window.click("view-save").unwrap();
        window.wait_until("the view", SOON, |_| Ok(window.has("view")?.then_some(()))).unwrap();
        window.press(keys::ESCAPE).unwrap();

        // A campaign's row goes into the clipboard and comes out of it.
        window.click("floor-level").unwrap();
        window.press(keys::ESCAPE).unwrap();
        let away = "document.activeElement?.blur()";
        window.page().execute(away, &[]).unwrap();
        window.press(keys::DOWN).unwrap();
        window.press(&format!("{}c", keys::CONTROL)).unwrap();
        let label = text(
            &window,
            "return document.querySelector('[data-testid=campaign-row] .name .name').textContent.trim()",
        );
        let said = "return document.querySelector('.said')?.innerText ?? ''";
        window
            .wait_until("it says so", SOON, |_| Ok(text(&window, said).contains(&label).then_some(())))
            .unwrap();
        window.press("/").unwrap();
        window.press(&format!("{}v", keys::CONTROL)).unwrap();
        let pasted = "return document.activeElement.value";
        window
            .wait_until("the row", SOON, |_| Ok(text(&window, pasted).contains(&label).then_some(())))
            .unwrap();
        window.press(keys::ESCAPE).unwrap();

        // A team of the people of one campaign narrows the wall to them.
        window.click("nav-settings").unwrap();
        window.fill("team-name", "Norte").unwrap();
        window.click("team-add").unwrap();
        let campaign = centre.inside().campaigns[4].clone();
        let choose = "const list = document.querySelector(arguments[0]);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        window.get("team-all").unwrap();
        let of_campaign = [Value::from("[data-testid=teams] select"), Value::from(campaign.name.as_str())];
        window.page().execute(choose, &of_campaign).unwrap();
        window.click("team-all").unwrap();
        window.click("nav-floor").unwrap();
        let team = "return document.querySelector('[data-testid=agents-team]').options[1].value";
        window.get("agents-team").unwrap();
        let team = text(&window, team);
        let chosen = [Value::from("[data-testid=agents-team]"), Value::from(team)];
        window.page().execute(choose, &chosen).unwrap();
        // People of the same name are in it together.
        let inside = centre.inside();
        let members: std::collections::BTreeSet<&String> = inside
            .agents
            .iter()
            .filter(|agent| agent.seats.iter().any(|seat| seat.campaign == campaign.name))
            .map(|agent| &agent.name)
            .collect();
        let people = inside.agents.iter().filter(|agent| members.contains(&agent.name)).count();
        until_number(&window, "the team", ALL, people as f64);

        // A person's page by the keyboard alone.
        window.press("g").unwrap();
        window.press(&format!("{}{}", keys::DOWN, keys::ENTER)).unwrap();
        assert!(!attribute(&window, "person-page", "data-location").is_empty());
        window.press(keys::ESCAPE).unwrap();
        window.wait_until("it closes", SOON, |_| Ok((!window.has("person-page")?).then_some(()))).unwrap();

        // Peace for a while.
        window.click("alerts-open").unwrap();
        window.click("alerts-mute-15").unwrap();
        window.get("alerts-unmute").unwrap();
        window.picture("floor-own-way").unwrap();
        window.quit().unwrap();
    }

    let window = Window::open("own-way-again", &opening()).unwrap();
    // The address and the user are remembered, the password is not: there is no secret store here.
    sign_in(&window, &centre);
    let heads = "return document.querySelector('.thead.cols').innerText";
    let order = text(&window, heads);
    let at = |title: &str| order.find(title).unwrap_or_else(|| panic!("{title} is in {order}"));
    assert!(at("Longest") < at("Waiting"), "{order}");
    window.get("agents-team").unwrap();
    assert!(!text(&window, "return document.querySelector('[data-testid=agents-team]').value").is_empty());
    window.click("views").unwrap();
    assert_eq!(attribute(&window, "view", "data-name"), "Mornings");
}

#[test]
fn two_hundred_campaigns_and_five_thousand_agents() {
    let (_runtime, centre) = centre(Config { campaigns: 200, agents: 5_000, ..Config::default() });
    let window = Window::open("many", &Opening::default()).unwrap();
    sign_in(&window, &centre);
    // Those on the screen are read first; the others follow in the budget.
    window
        .wait_until("a thousand agents", Duration::from_secs(60), |_| {
            Ok((number(&window, ALL) >= 1_000.0).then_some(()))
        })
        .unwrap();
    for (what, script) in [("campaigns", ROWS), ("agents", AGENTS)] {
        let rows = number(&window, script);
        assert!((10.0..100.0).contains(&rows), "{rows} rows of {what} are drawn");
    }
    // The last row is there when somebody goes to it.
    let scroll = "const row = document.querySelector('[data-testid=campaign-row]');
        const list = row.closest('[role=rowgroup]');
        list.scrollTop = list.scrollHeight;
        return list.scrollHeight";
    assert!(number(&window, scroll) >= 200.0 * 26.0);
    let last = "return Math.max(...[...document.querySelectorAll('[data-testid=campaign-row]')]
        .map(row => row.getBoundingClientRect().bottom))
        <= document.querySelector('[data-testid=campaign-row]').closest('[role=rowgroup]')
        .getBoundingClientRect().bottom + 1 ? 1 : 0";
    until_number(&window, "the end of the list", last, 1.0);
    let fresh = until(&window, "fresh figures", "health", "data-freshness", |fresh| fresh == "fresh");
    assert_eq!(fresh, "fresh");
    window.picture("floor-many").unwrap();
}

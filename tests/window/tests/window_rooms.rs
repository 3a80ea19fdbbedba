//! Going about in the window: languages, themes, keys, from an agent to their calls; and what is there after a restart.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

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
    let centre = runtime.block_on(atalaya_simulator::start(Config::default())).expect("a contact centre");
    (runtime, centre)
}

/// Chooses in a list of the settings, as a person does.
fn choose(window: &Window, testid: &str, value: &str) {
    window.get(testid).expect("the list is there");
    let script = "const list = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        list.value = arguments[1];
        list.dispatchEvent(new Event('change', { bubbles: true }))";
    window.page().execute(script, &[Value::from(testid), Value::from(value)]).expect("it can be chosen");
}

fn of_page(window: &Window, script: &str) -> String {
    let value = window.page().execute(script, &[]).expect("the page answers");
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn languages_themes_keys_and_the_way_from_an_agent_to_their_calls() {
    let (_runtime, centre) = centre();
    let window = Window::open("rooms", &Opening::default()).unwrap();
    sign_in(&window, &centre);

    window.click("nav-settings").unwrap();
    for (language, said) in [("es", "Umbrales"), ("pt-BR", "Limites"), ("en", "Thresholds")] {
        choose(&window, "settings-language", language);
        window
            .wait_until(language, SOON, |_| Ok(window.text("settings")?.contains(said).then_some(())))
            .unwrap();
        assert_eq!(of_page(&window, "return document.documentElement.lang"), language);
    }
    let background = "return getComputedStyle(document.body).backgroundColor";
    choose(&window, "settings-theme", "light");
    let light = of_page(&window, background);
    choose(&window, "settings-theme", "dark");
    window
        .wait_until("the dark", SOON, |_| Ok((of_page(&window, background) != light).then_some(())))
        .unwrap();

    // Keys: help, rooms, rows.
    window.press("?").unwrap();
    assert!(window.text("help").unwrap().contains("Alt"));
    window.press(keys::ESCAPE).unwrap();
    window.wait_until("the help is gone", SOON, |_| Ok((!window.has("help")?).then_some(()))).unwrap();
    window.click("nav-floor").unwrap();
    window.get("campaign-row").unwrap();
    window.press(&format!("{}{}", keys::DOWN, keys::ENTER)).unwrap();
    let opened = attribute(&window, "campaign-page", "data-name");
    assert!(!opened.is_empty());
    window.press(keys::ESCAPE).unwrap();
    window.wait_until("it closes", SOON, |_| Ok((!window.has("campaign-page")?).then_some(()))).unwrap();

    // Columns and the service level are chosen, and shown at once.
    let heads = "return document.querySelector('.thead.cols').innerText";
    assert!(!of_page(&window, heads).contains("Recent talk"));
    window.click("columns").unwrap();
    window.click("column-recentTalk").unwrap();
    window
        .wait_until("the column", SOON, |_| Ok(of_page(&window, heads).contains("Recent talk").then_some(())))
        .unwrap();
    window.picture("rooms-columns").unwrap();
    window.press(keys::ESCAPE).unwrap();
    choose(&window, "floor-level", "offered");
    let shown = "return document.querySelector('[data-testid=campaign-row] .pct').innerText";
    window
        .wait_until("another level", SOON, |_| Ok((!of_page(&window, shown).is_empty()).then_some(())))
        .unwrap();

    // From a person's row to their calls today.
    window.get("agent-row").unwrap();
    // In one step: whose row is the first changes while one looks.
    let script = "const row = document.querySelector('[data-testid=agent-row]');
        const name = row.querySelector('.cut').innerText;
        row.querySelector('[data-testid=agent-calls]').click();
        return name";
    let name = of_page(&window, script);
    until(&window, "their calls", "calls-count", "data-phase", |phase| phase == "done");
    assert_eq!(of_page(&window, "return document.querySelector('[data-testid=calls-agent]').value"), name);
}

/// The titles of tables that are cut: what has no room in the two lines it is given, or a word that is wider than its line.
const CUT: &str = "const cut = [];
    for (const title of document.querySelectorAll('.thead button')) {
        const { width } = title.getBoundingClientRect();
        if (width === 0) continue;
        const { paddingLeft, paddingRight } = getComputedStyle(title);
        const room = width - parseFloat(paddingLeft) - parseFloat(paddingRight) + 0.1;
        const ruler = title.cloneNode(true);
        ruler.style.cssText =
            'display: inline-block; position: absolute; visibility: hidden; white-space: nowrap; padding: 0; width: auto';
        title.parentElement.append(ruler);
        const fits = text => { ruler.textContent = text; return ruler.getBoundingClientRect().width <= room };
        const lines = title.innerText.trim().split(' ').reduce((lines, word) => {
            const longer = [...lines.slice(-1), word].join(' ');
            return fits(longer) ? [...lines.slice(0, -1), longer] : [...lines, word];
        }, []);
        if (lines.length > 2 || !lines.every(fits)) cut.push(title.innerText);
        ruler.remove();
    }
    return cut.join(', ')";

#[test]
fn no_title_of_a_table_is_cut_in_any_language_or_size_of_text() {
    let (_runtime, centre) = centre();
    let window = Window::open("titles", &Opening { size: (1280, 800), ..Opening::default() }).unwrap();
    window.page().resize(1280, 800).unwrap();
    sign_in(&window, &centre);
    // The driver does not find its way on a page that is enlarged.
    let press = |testid: &str| {
        window.get(testid).unwrap();
        let script = "document.querySelector(`[data-testid=\"${arguments[0]}\"]`).click()";
        window.page().execute(script, &[Value::from(testid)]).unwrap();
    };
    for size in ["100", "90", "120", "150"] {
        for language in ["es", "pt-BR", "en"] {
            press("nav-settings");
            choose(&window, "settings-text-size", size);
            choose(&window, "settings-language", language);
            let spoken = "return document.documentElement.lang";
            window
                .wait_until(language, SOON, |_| Ok((of_page(&window, spoken) == language).then_some(())))
                .unwrap();
            press("nav-floor");
            window.get("campaign-row").unwrap();
            // Also the one that the table is in the order of, whose arrow takes room.
            for column in ["longest", "serviceLevel"] {
                press(&format!("sort-{column}"));
                window.settle().unwrap();
                assert_eq!(of_page(&window, CUT), "", "{language}, {size} %, by {column}");
            }
        }
    }
}

#[test]
fn what_was_typed_and_chosen_is_there_after_the_program_ended() {
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let opening = || Opening { home: Some(home.path().to_owned()), ..Opening::default() };
    let guid = {
        let window = Window::open("before", &opening()).unwrap();
        sign_in(&window, &centre);
        window.click("nav-settings").unwrap();
        choose(&window, "settings-language", "es");
        window.click("nav-calls").unwrap();
        search(&window, "done");
        window.click("call-row").unwrap();
        let field = window.get("tag-input").unwrap();
        window.page().type_into(&field, "media pal").unwrap();
        let guid = attribute(&window, "call-row", "data-guid");
        window.quit().unwrap();
        guid
    };
    // Ending the program is signing out.
    wait_until("the server is told", SOON, || {
        let stats = centre.stats();
        Ok((stats.end_sessions == stats.logins && stats.sessions_open == 0).then_some(()))
    })
    .unwrap();

    let window = Window::open("after", &opening()).unwrap();
    window.get("sign-in-password").unwrap();
    assert_eq!(
        of_page(&window, "return document.querySelector('[data-testid=sign-in-user]').value"),
        centre.user()
    );
    window.fill("sign-in-password", centre.password()).unwrap();
    window.click("sign-in-submit").unwrap();
    until(&window, "live figures", "floor-ready", "data-live", |live| live == "true");
    assert_eq!(of_page(&window, "return document.documentElement.lang"), "es");
    window.click("nav-calls").unwrap();
    search(&window, "done");
    let row = format!("[data-testid=\"call-row\"][data-guid=\"{guid}\"]");
    let row = window.wait_until("the same call", SOON, |page| page.find(&row)).unwrap();
    window.page().click(&row).unwrap();
    let typed = "return document.querySelector('[data-testid=tag-input]').value";
    window
        .wait_until("what was typed", SOON, |_| Ok((of_page(&window, typed) == "media pal").then_some(())))
        .unwrap();
}

//! Reaching out to many from the window: a base from a file, its rows checked and sent as they were shown, what nobody knows
//! asked about and not sent again, the blacklist taken in, what was sent taken back.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_window::{Opening, Window};
use serde_json::Value;

#[path = "common/axe.rs"]
mod axe;
mod common;
use axe::Looker;
use common::{SOON, attribute, sign_in, until};

/// A base as somebody's spreadsheet wrote it: Windows-1252, three rows good and four bad.
const BASE: &str = "TELEFONO;nombre;saldo;TEL2\r
098344484;Zo\u{eb} N\u{fa}\u{f1}ez;1200;099124484\r
099000111;O'Brien;80;\r
09 900 x12;Ana;1;\r
098344484;Zo\u{eb} N\u{fa}\u{f1}ez;1200;\r
091777333;\"Luis;vip\";5;\r
094555111;In\u{e9}s;90;095222111:096333111\r
092111000;Caio;3;\r
";
const GOOD: [&str; 3] = ["098344484", "099000111", "094555111"];

fn centre() -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { moving: false, calls_per_day: 300, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    (runtime, centre)
}

fn opening(files: &Path, size: (u32, u32)) -> Opening {
    let chosen = ("ATALAYA_SAVE_FOLDER".to_owned(), files.display().to_string());
    Opening { env: vec![chosen], size, ..Opening::default() }
}

fn execute(window: &Window, script: &str, args: &[&str]) -> Value {
    let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
    window.page().execute(script, &args).expect("the page answers")
}

/// Fills a field or chooses in a list, and says that it changed, as a person does.
fn set(window: &Window, testid: &str, value: &str) {
    window.get(testid).expect("the field is there");
    let script = "const field = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        field.value = arguments[1];
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }))";
    execute(window, script, &[testid, value]);
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("a letter of Windows-1252")).collect()
}

fn dialer(centre: &Simulator) -> String {
    centre.inside().campaigns.iter().find(|one| one.name.ends_with("->")).unwrap().name.clone()
}

fn can_be_pressed(window: &Window, testid: &str) {
    window
        .wait_until("it can be pressed", SOON, |_| {
            Ok(window.page().attribute(&window.get(testid)?, "aria-disabled")?.is_none().then_some(()))
        })
        .unwrap();
}

/// The second press of what takes two.
fn press_again(window: &Window, testid: &str) {
    until(window, "it asks for a second press", testid, "data-armed", |armed| armed == "true");
    window.click(testid).unwrap();
}

fn to_page(window: &Window, page: &str) {
    window.click(&format!("out-{page}")).unwrap();
    until(window, "the page", "outreach", "data-page", |now| now == page);
}

/// A picture in either theme.
fn pictures(window: &Window, name: &str) {
    for theme in ["dark", "light"] {
        execute(window, "document.documentElement.dataset.theme = arguments[0]", &[theme]);
        window.picture(&format!("outreach-{name}-{theme}")).unwrap();
    }
}

/// What each base came to.
fn became(window: &Window, wanted: &str) {
    until(window, "what became of it", "batch-item", "data-state", |state| state == wanted);
}

/// Picks the file that was put there last, and chooses where it goes.
fn take_base(window: &Window, campaign: &str) {
    window.click("out-pick").unwrap();
    until(window, "the file", "out-upload", "data-file", |name| name == "morosos-noviembre.csv");
    set(window, "out-campaign", campaign);
    until(window, "it is checked", "out-upload", "data-good", |good| good == "3");
}

#[test]
fn a_base_goes_out_as_it_was_shown_and_once_though_its_answer_is_lost() {
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let files = home.path();
    let mut looker = Looker::new(Window::open("outreach", &opening(files, (1280, 800))).unwrap());
    let window = &looker.window;
    window.page().resize(1280, 800).unwrap();
    sign_in(window, &centre);
    let campaign = dialer(&centre);
    let fourth = "window.dispatchEvent(new KeyboardEvent('keydown', { altKey: true, code: 'Digit4' }))";
    execute(window, fourth, &[]);
    window.get("out-empty").unwrap();
    pictures(window, "empty");

    // Numbers from a file: looked into first, then put on the list at the server.
    to_page(window, "blacklist");
    window.get("out-black-empty").unwrap();
    std::fs::write(files.join("negros.csv"), "phone,name\n092111000,Caio\n091222333,Eva\nnadie,Ana\n")
        .unwrap();
    window.click("out-black-import").unwrap();
    until(window, "what it holds", "out-black-looked", "data-taken", |taken| taken == "2");
    assert_eq!(attribute(window, "out-black-looked", "data-bad"), "1");
    pictures(window, "import");
    window.click("out-black-send").unwrap();
    assert!(centre.blacklist().is_empty(), "the first press sends nothing");
    press_again(window, "out-black-send");
    until(window, "it is over", "batch-progress", "data-over", |over| over == "true");
    assert_eq!(attribute(window, "batch-progress", "data-done"), "1");
    let listed: Vec<String> = centre.blacklist().into_iter().map(|one| one.phone).collect();
    assert_eq!(listed, ["091222333", "092111000"]);
    window.click("out-black-close").unwrap();
    until(window, "they are known", "out-black", "data-total", |total| total == "2");
    // Somebody else put these there: only known, nothing sent.
    let sent = centre.executed(Endpoint::AddBlackBulk);
    std::fs::write(files.join("otros.csv"), "phone\n093000111\n").unwrap();
    window.click("out-black-import").unwrap();
    window.click("out-black-take-in").unwrap();
    window.get("out-black-taken-in").unwrap();
    until(window, "it is known", "out-black", "data-total", |total| total == "3");
    assert_eq!((centre.executed(Endpoint::AddBlackBulk), centre.blacklist().len()), (sent, 2));
    window.click("out-black-close").unwrap();
    pictures(window, "blacklist");
    looker.look("the blacklist");

    // The file: what is wrong with it is said with its reason.
    let window = &looker.window;
    to_page(window, "calls");
    std::fs::write(files.join("morosos-noviembre.csv"), latin(BASE)).unwrap();
    take_base(window, &campaign);
    assert_eq!(attribute(window, "out-upload", "data-bad"), "4");
    let said = window.text("out-file").unwrap();
    assert!(said.contains("Windows-1252") && said.contains('7'), "{said}");
    let reasons = "return [...document.querySelectorAll('[data-testid=out-rows-row] [data-reason]')]
        .map(one => `${one.dataset.reason} ${one.innerText.trim()}`).join('\\n')";
    let reasons = window
        .wait_until("the reasons", SOON, |_| {
            let said = execute(window, reasons, &[]).as_str().unwrap_or_default().to_owned();
            Ok((said.lines().count() == 4).then_some(said))
        })
        .unwrap();
    for there in
        ["notANumber not a number", "repeated repeated (row 2)", "reserved", "blacklisted blacklisted since"]
    {
        assert!(reasons.contains(there), "{there} in {reasons}");
    }
    pictures(window, "checked");
    looker.look("a base that was checked");
    let window = &looker.window;
    window.click("out-rows-bad").unwrap();
    until(window, "those left out", "out-rows", "data-total", |total| total == "4");
    window.click("out-save-bad").unwrap();
    window.get("out-saved").unwrap();
    let mut bad = std::fs::read_dir(files).unwrap().flatten().map(|one| one.path());
    let bad = bad.find(|path| path.display().to_string().contains("problem")).unwrap();
    let bad = std::fs::read_to_string(bad).unwrap();
    assert!(bad.contains("09 900 x12") && bad.contains("not a number"), "{bad}");

    // Sent as it was shown, once, though the answer is lost.
    let preview = window.text("out-preview").unwrap();
    let shown: Vec<&str> = preview.lines().collect();
    assert!(
        shown.len() == 3 && shown.iter().zip(GOOD).all(|(row, number)| row.contains(number)),
        "{preview}"
    );
    centre.faults().set(Endpoint::UploadBase, Fault::AnswerLost, None);
    window.click("out-send").unwrap();
    assert_eq!(centre.executed(Endpoint::UploadBase), 0, "the first press sends nothing");
    press_again(window, "out-send");
    became(window, "unknown");
    centre.faults().clear();
    let uploads = centre.uploads();
    assert_eq!((centre.executed(Endpoint::UploadBase), uploads.len()), (1, 1));
    assert_eq!(
        (uploads[0].rows.clone(), uploads[0].cant),
        (shown.iter().map(|row| (*row).to_owned()).collect(), Some(3))
    );
    assert_eq!(uploads[0].campaign, campaign);
    assert!(window.text("out-sending").unwrap().contains("It may have arrived"));
    until(window, "nobody is sure of it", "out-unconfirmed", "data-count", |count| count == "1");
    pictures(window, "unknown");
    looker.look("a base nobody is sure of");

    // Among the unfinished ones too; somebody looked, and it is there.
    let window = &looker.window;
    to_page(window, "unfinished");
    window.get("batch-unknown").unwrap();
    pictures(window, "unfinished");
    window.click("batch-count-as-done").unwrap();
    window.wait_until("it is settled", SOON, |_| Ok((!window.has("out-batch")?).then_some(()))).unwrap();
    assert_eq!(centre.executed(Endpoint::UploadBase), 1, "nothing was sent again");

    // Another one arrives.
    to_page(window, "calls");
    became(window, "done");
    window.click("out-another").unwrap();
    std::fs::write(files.join("morosos-noviembre.csv"), latin(BASE)).unwrap();
    take_base(window, &campaign);
    window.click("out-send").unwrap();
    press_again(window, "out-send");
    became(window, "done");
    assert_eq!((centre.executed(Endpoint::UploadBase), centre.uploads().len()), (2, 2));
    pictures(window, "sent");

    // What was sent from here, and taking back what can be.
    window.click("out-schedule").unwrap();
    set(window, "act-destination", "099777888");
    set(window, "act-campaign", &campaign);
    set(window, "act-calldate", "2031-03-05T10:15");
    can_be_pressed(window, "send");
    window.click("send").unwrap();
    until(window, "it is done", "send-outcome", "data-outcome", |outcome| outcome == "done");
    window.click("send-close").unwrap();
    assert_eq!(centre.dialer(&campaign).scheduled.len(), 1);
    until(window, "it is counted", "out-sent-schedules", "data-count", |count| count == "1");
    to_page(window, "sent");
    until(window, "all of it", "out-sent-lines", "data-total", |total| total == "4");
    pictures(window, "list");
    looker.look("what was sent from here");
    let window = &looker.window;
    window.click("out-undo").unwrap();
    can_be_pressed(window, "send");
    pictures(window, "undo");
    window.click("send").unwrap();
    press_again(window, "send");
    until(window, "it is taken back", "send-outcome", "data-outcome", |outcome| outcome == "done");
    window.click("send-close").unwrap();
    assert!(centre.dialer(&campaign).scheduled.is_empty());
    looker.nothing_found();
}

#[test]
fn a_base_of_messages_has_a_text_of_each_row() {
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let window = Window::open("outreach-sms", &opening(home.path(), (1920, 1080))).unwrap();
    window.page().resize(1920, 1080).unwrap();
    sign_in(&window, &centre);
    let campaign = dialer(&centre);
    window.click("nav-outreach").unwrap();
    to_page(&window, "messages");
    std::fs::write(home.path().join("avisos.csv"), "telefono,nombre\n098344484,Ana\n099000111,Luis\nx,Eva\n")
        .unwrap();
    window.click("out-pick").unwrap();
    until(&window, "the file", "out-upload", "data-file", |name| name == "avisos.csv");
    set(&window, "out-campaign", &campaign);
    window.get("out-due").unwrap();
    set(&window, "out-text", "Hola {nombre}, su turno es el martes");
    until(&window, "it is checked", "out-upload", "data-good", |good| good == "2");
    pictures(&window, "messages");
    let preview = window.text("out-preview").unwrap();
    assert!(preview.contains("Hola Ana, su turno es el martes"), "{preview}");
    window.click("out-send").unwrap();
    press_again(&window, "out-send");
    became(&window, "done");
    let uploads = centre.uploads();
    assert_eq!(uploads.iter().map(|one| one.of_sms).collect::<Vec<_>>(), [true]);
    assert_eq!(uploads[0].rows, preview.lines().collect::<Vec<_>>());
}

/// Loads the pages anew, as after a fault of theirs; the program goes on.
fn load_anew(window: &Window) {
    execute(window, "window.atalayaTestBefore = true; location.reload()", &[]);
    window
        .wait_until("the pages are there again", SOON, |_| {
            let new = window.page().execute("return !window.atalayaTestBefore", &[]);
            Ok((new == Ok(Value::Bool(true)) && window.has("nav-outreach")?).then_some(()))
        })
        .unwrap();
}

#[test]
fn a_large_base_is_stopped_goes_on_after_a_reload_and_what_is_left_is_dropped() {
    const ROWS: usize = 200_000;
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let window = Window::open("outreach-large", &opening(home.path(), (1920, 1080))).unwrap();
    window.page().resize(1920, 1080).unwrap();
    sign_in(&window, &centre);
    let campaign = dialer(&centre);
    window.click("nav-outreach").unwrap();
    let row = |at: usize| {
        // One in a thousand has no number.
        let number = if at % 1_000 == 999 { "s/n".to_owned() } else { format!("09{at:07}") };
        format!("{number},Cliente {at},{}", at % 5_000)
    };
    let rows: Vec<String> =
        std::iter::once("telefono,nombre,saldo".to_owned()).chain((0..ROWS).map(row)).collect();
    std::fs::write(home.path().join("todos.csv"), rows.join("\n")).unwrap();
    window.click("out-pick").unwrap();
    let wait = |what: &str, testid: &str, name: &str, wanted: &str| {
        window
            .wait_until(what, Duration::from_secs(120), |_| {
                Ok((attribute(&window, testid, name) == wanted).then_some(()))
            })
            .unwrap();
    };
    wait("the file is read", "out-upload", "data-file", "todos.csv");
    set(&window, "out-campaign", &campaign);
    wait("it is checked", "out-upload", "data-good", "199800");
    assert_eq!(attribute(&window, "out-upload", "data-bad"), "200");
    pictures(&window, "large");
    // Between two rows there is one line: what lies behind them is nowhere a slab.
    let between = "const all = document.querySelector('[data-testid=out-rows] [role=rowgroup] > div');
        const { backgroundImage, backgroundSize } = getComputedStyle(all);
        return [all.scrollHeight > 1e6, backgroundImage.startsWith('linear'), backgroundSize].join(' ')";
    assert_eq!(execute(&window, between, &[]), "true true 100% 31px");

    let slow = |millis| {
        centre.faults().clear();
        centre.faults().set(Endpoint::UploadBase, Fault::Slow { millis }, None);
    };
    slow(1_500);
    window.click("out-send").unwrap();
    press_again(&window, "out-send");
    // Bases of so many rows are made first.
    window
        .wait_until("it begins", Duration::from_secs(180), |_| {
            Ok(window.has("batch-progress")?.then_some(()))
        })
        .unwrap();
    let of = |name: &str| attribute(&window, "batch-progress", name).parse::<u64>().unwrap_or_default();
    let done = |least: u64| {
        window
            .wait_until("bases are done", Duration::from_secs(60), |_| {
                Ok((of("data-done") >= least).then_some(()))
            })
            .unwrap();
    };
    let over = || {
        window
            .wait_until("it stops", Duration::from_secs(60), |_| {
                Ok((attribute(&window, "batch-progress", "data-over") == "true").then_some(()))
            })
            .unwrap();
    };
    done(1);
    // However long looking at it takes, it is under way until it is stopped.
    slow(8_000);
    pictures(&window, "under-way");
    window.click("batch-stop").unwrap();
    slow(1_500);
    over();
    let (sent, left) = (of("data-done"), of("data-waiting"));
    assert!(sent >= 1 && left > 2, "{sent} done, {left} wait");
    assert_eq!(centre.uploads().len() as u64, sent, "the one under way was finished, nothing after it");

    // It goes on, and a page that is loaded anew follows it and stops it.
    window.click("batch-go-on").unwrap();
    done(sent + 1);
    slow(8_000);
    load_anew(&window);
    window.click("nav-outreach").unwrap();
    to_page(&window, "unfinished");
    window.wait_until("it is followed", SOON, |_| Ok(window.has("batch-stop")?.then_some(()))).unwrap();
    window.click("batch-stop").unwrap();
    window.wait_until("it stops", SOON, |_| Ok(window.has("out-drop")?.then_some(()))).unwrap();
    let sent = centre.uploads().len();
    pictures(&window, "stopped");

    // What is left is never sent.
    window.click("out-drop").unwrap();
    press_again(&window, "out-drop");
    window.wait_until("nothing is left", SOON, |_| Ok((!window.has("out-batch")?).then_some(()))).unwrap();
    assert_eq!(centre.uploads().len(), sent);
    let rows: usize = centre.uploads().iter().map(|one| one.rows.len()).sum();
    let mut numbers: Vec<String> = centre
        .uploads()
        .iter()
        .flat_map(|one| one.rows.iter().filter_map(|row| row.split(';').nth(1)).map(str::to_owned))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((numbers.len(), rows < ROWS), (rows, true), "no row twice");
}

#[test]
fn what_nobody_knew_is_settled_by_who_looked() {
    let (_runtime, centre) = centre();
    let home = tempfile::tempdir().unwrap();
    let mut looker =
        Looker::new(Window::open("outreach-settle", &opening(home.path(), (1280, 800))).unwrap());
    let window = &looker.window;
    window.page().resize(1280, 800).unwrap();
    sign_in(window, &centre);
    let campaign = dialer(&centre);
    window.click("nav-outreach").unwrap();
    for (number, fault) in [("099777001", Fault::AnswerLost), ("099777002", Fault::NeverArrives)] {
        centre.faults().set(Endpoint::ScheduleDialerCall, fault, Some(1));
        window.click("out-schedule").unwrap();
        set(window, "act-destination", number);
        set(window, "act-campaign", &campaign);
        set(window, "act-calldate", "2031-03-05T10:15");
        can_be_pressed(window, "send");
        window.click("send").unwrap();
        until(window, "nobody knows", "send-outcome", "data-outcome", |outcome| outcome == "unknown");
        window.click("send-close").unwrap();
    }
    assert_eq!(centre.dialer(&campaign).scheduled.len(), 1, "one arrived");
    until(window, "both are asked about", "out-unconfirmed", "data-count", |count| count == "2");
    to_page(window, "unconfirmed");
    for (press, left) in [("out-settle-not", "1"), ("out-settle-done", "0")] {
        looker.window.click("out-settle").unwrap();
        looker.window.get(press).unwrap();
        pictures(&looker.window, press);
        looker.look("what became of it");
        looker.window.click(press).unwrap();
        until(&looker.window, "it is settled", "out-unconfirmed", "data-count", |count| count == left);
    }
    let window = &looker.window;
    to_page(window, "sent");
    let outcomes = "return [...document.querySelectorAll('[data-testid=out-sent-lines-row] [data-outcome]')]
        .map(one => one.dataset.outcome).join(' ')";
    window
        .wait_until("what became of them", SOON, |_| {
            Ok((execute(window, outcomes, &[]) == "refused done").then_some(()))
        })
        .unwrap();
    assert_eq!(centre.executed(Endpoint::ScheduleDialerCall), 1, "nothing was sent again");
    looker.nothing_found();
}

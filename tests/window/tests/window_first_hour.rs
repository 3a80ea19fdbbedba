//! The first hour: nobody has been here before, and few presses lead a supervisor to the first alert that is seen to, and an
//! analyst from an empty room to the first finished review. Each press of a key or a button and each field filled counts.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::cell::Cell;

use atalaya_simulator::{Config, Simulator};
use atalaya_window::{Opening, Window, keys, sound_card};

#[path = "common/alerts.rs"]
mod alerts;
mod common;
use alerts::{of_nobody_available, raise_only};
use common::{SOON, attribute, sign_in, until};

/// From the sign-in to the first alert that is seen to.
const SUPERVISOR: u32 = 12;
/// From the empty review room to the first finished review.
const ANALYST: u32 = 20;

/// A window, and how often a hand did something in it.
struct Hand {
    window: Window,
    presses: Cell<u32>,
}

impl Hand {
    fn one(&self) -> &Window {
        self.presses.set(self.presses.get() + 1);
        &self.window
    }

    fn click(&self, testid: &str) {
        self.one().click(testid).expect("it can be pressed");
    }

    fn fill(&self, testid: &str, text: &str) {
        self.one().fill(testid, text).expect("it can be filled");
    }

    fn press(&self, key: &str) {
        self.one().press(key).expect("the key is heard");
    }
}

fn centre(config: Config) -> (tokio::runtime::Runtime, Simulator) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    (runtime, centre)
}

#[test]
fn a_supervisor_sees_to_the_first_alert() {
    let (_runtime, centre) = centre(Config::default());
    let campaign =
        centre.inside().campaigns.iter().find(|one| !one.name.ends_with("->")).unwrap().name.clone();
    let window = Window::open("first-alert", &Opening::default()).unwrap();
    let hand = Hand { window, presses: Cell::new(0) };
    hand.fill("sign-in-server", &centre.server_url());
    hand.fill("sign-in-user", centre.user());
    hand.fill("sign-in-password", centre.password());
    hand.press(keys::ENTER);
    until(&hand.window, "live figures", "floor-ready", "data-live", |live| live == "true");

    raise_only(&hand.window, &["nobodyAvailable"]);

    // Asked once who sits here; then one of three things to do.
    hand.fill("first-name", "Supervisión");
    hand.click("first-floor");
    let gone =
        |page: &atalaya_window::Session| Ok(page.find("[data-testid=first-steps]")?.is_none().then_some(()));
    hand.window.wait_until("the first steps go", SOON, gone).unwrap();
    assert!(centre.run_dry(&campaign, 9), "the campaign takes calls");
    let mine = of_nobody_available("alert", &campaign);
    hand.window.wait_until("an alert of nobody available", SOON * 3, |page| page.find(&mine)).unwrap();

    // It opens what it is about, and says afterwards who sees to it.
    let said = format!("document.querySelector('{mine} [data-testid=alert-open]').click()");
    hand.one().page().execute(&said, &[]).unwrap();
    assert_eq!(attribute(&hand.window, "campaign-page", "data-name"), campaign);
    let seen = format!("document.querySelector('{mine} [data-testid=alert-seen]').click()");
    hand.one().page().execute(&seen, &[]).unwrap();
    let by = hand.window.text("alert-seen-to").unwrap();
    assert!(by.contains("Supervisión"), "{by}");
    hand.window.picture("first-alert").unwrap();
    println!("presses of a supervisor: {}", hand.presses.get());
    assert!(hand.presses.get() <= SUPERVISOR, "{} presses", hand.presses.get());
}

#[test]
fn an_analyst_finishes_the_first_review() {
    let (_runtime, centre) =
        centre(Config { campaigns: 4, agents: 10, calls_per_day: 150, ..Config::default() });
    let folder = tempfile::tempdir().unwrap();
    let card = sound_card(folder.path()).unwrap();
    let window =
        Window::open("first-review", &Opening { env: vec![card.env], ..Opening::default() }).unwrap();
    sign_in(&window, &centre);
    let hand = Hand { window, presses: Cell::new(0) };
    hand.fill("first-name", "Calidad");
    hand.click("first-review");
    until(&hand.window, "the room", "review", "data-ready", |ready| ready == "true");

    // A card to begin with, kept as it is; the next step is offered where one stands.
    hand.presses.set(0);
    hand.click("starting-card");
    hand.click("card-save");
    hand.click("card-draw");
    hand.click("sample-draw");
    let short = hand.window.wait_until("a sample", SOON, |page| {
        let short = page.find("[data-testid=sample-go]")?.is_some();
        Ok((short || page.find("[data-testid=sample-form]")?.is_none()).then_some(short))
    });
    if short.unwrap() {
        hand.click("sample-go");
    }
    hand.window.get("work-item").unwrap();

    // Heard, and every question answered with a key: the best mark there is.
    hand.press("k");
    until(&hand.window, "sound, or why there is none", "player", "data-phase", |phase| {
        matches!(phase, "playing" | "paused" | "ended" | "failed")
    });
    // Yes, the first choice, the top of a scale.
    let best =
        "return String(document.querySelectorAll('[data-here=true] [data-testid=answer-scale]').length || 1)";
    let questions = hand.window.texts("question").unwrap().len();
    assert!(questions >= 5, "{questions} questions");
    for answered in 1..=questions {
        let key = hand.window.page().execute(best, &[]).unwrap();
        hand.press(key.as_str().unwrap());
        let wanted = answered.to_string();
        until(&hand.window, "it is answered", "scorecard", "data-answered", |now| now == wanted);
    }
    hand.click("review-finish");
    // The next call comes to hand at once: the list keeps what was done.
    until(&hand.window, "finished", "worklist-progress", "data-done", |done| done == "1");
    hand.window.picture("first-review").unwrap();
    println!("presses of an analyst: {}", hand.presses.get());
    assert!(hand.presses.get() <= ANALYST, "{} presses", hand.presses.get());
}

//! Ten kills of the window at random moments of a day's typing: notes, answers' comments, a tag, a filter. What the program
//! said it keeps is there at the next start, and what was typed after that is there whole or not at all.
//!
//! The moments are drawn from a seed that is printed: `ATALAYA_KILLS_SEED` gives it again.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::mpsc::Sender;
use std::time::Duration;

use atalaya_simulator::Config;
use atalaya_window::{Opening, Window, wait_until};
use serde_json::{Value, json};

mod common;
#[path = "common/judging.rs"]
mod judging;
use common::{SOON, attribute, sign_in, until};
use judging::{at_rest, draw_a_sample, write_a_card};

const KILLS: usize = 10;
/// Things that are told before the moment of the kill is waited for, at the most: how many there are in a stretch of time
/// depends on how busy the computer is.
const TOLD_FIRST: usize = 3;
/// From then on until the kill, at the most.
const LONGEST: Duration = Duration::from_millis(2_500);

/// One thing that is typed: all it was since the program last said what it keeps.
struct Typed {
    what: &'static str,
    since: Vec<String>,
}

impl Typed {
    fn new(what: &'static str) -> Self {
        Self { what, since: vec![String::new()] }
    }

    /// About to be typed.
    fn goes(&mut self, text: &str) {
        self.since.push(text.to_owned());
    }

    /// The program said that it keeps the newest.
    fn kept(&mut self) {
        self.since.drain(..self.since.len() - 1);
    }

    /// Found at the next start.
    fn found(&mut self, text: String) {
        assert!(self.since.contains(&text), "{}: {text:?} is none of {:?}", self.what, self.since);
        self.since = vec![text];
    }
}

/// What the day has to keep.
struct Day {
    guid: String,
    life: usize,
    note: Typed,
    tag: Typed,
    source: Typed,
    comment: Typed,
    /// Those that were said to be kept.
    notes: BTreeSet<String>,
    told: usize,
    /// How much is to be told before the killer is let go, by dropping it.
    held: Option<(usize, Sender<()>)>,
}

/// Asks the program, as the page does. An error: the window is gone.
fn ask(window: &Window, command: &str, args: &Value) -> Result<Value, String> {
    let script = "const [command, args, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, JSON.parse(args)).then(
            (answer) => done(JSON.stringify({ answer })), (error) => done(JSON.stringify({ error })))";
    let said = window.page().execute_async(script, &[command.into(), args.to_string().into()])?;
    let said: Value = serde_json::from_str(said.as_str().ok_or("no answer")?).map_err(|e| e.to_string())?;
    said.get("answer").cloned().ok_or_else(|| format!("{command}: {said}"))
}

/// A script of the page that says `true` once it is done. An error: the window is gone.
fn once(window: &Window, script: &str, args: &[&str]) -> Result<(), String> {
    let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
    eventually(script, || Ok(window.page().execute(script, &args)? == Value::Bool(true)))
}

fn eventually(what: &str, mut look: impl FnMut() -> Result<bool, String>) -> Result<(), String> {
    wait_until(what, SOON, || Ok(look()?.then_some(())))
}

fn sign_in_again(window: &Window, password: &str) -> Result<(), String> {
    put(window, "[data-testid=sign-in-password]", password)?;
    click(window, "sign-in-submit")?;
    click(window, "nav-review")?;
    let ready = "return document.querySelector('[data-testid=review]')?.dataset.ready === 'true'";
    once(window, ready, &[])
}

fn click(window: &Window, testid: &str) -> Result<(), String> {
    let script = "const one = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        one?.click(); return !!one";
    once(window, script, &[testid])
}

fn put(window: &Window, selector: &str, text: &str) -> Result<(), String> {
    let script = "const field = document.querySelector(arguments[0]);
        if (!field) return false;
        field.value = arguments[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
        return true";
    once(window, script, &[selector, text])
}

fn draft(window: &Window, key: &str) -> Result<Option<String>, String> {
    Ok(ask(window, "draft_get", &json!({ "key": key }))?.as_str().map(str::to_owned))
}

fn note_begun(window: &Window, guid: &str) -> Result<String, String> {
    let kept = draft(window, &format!("note/{guid}"))?;
    let kept = kept.map(|text| serde_json::from_str::<Value>(&text).expect("whole"));
    Ok(kept.map_or_else(String::new, |note| note["text"].as_str().unwrap_or_default().to_owned()))
}

/// What is typed into the filter, or was when the room last searched by it.
fn filter_begun(window: &Window) -> Result<String, String> {
    let profile = ask(window, "session_state", &json!({}))?["profile"].take();
    let whose = [&profile["user"], &profile["serverUrl"]].map(|part| part.as_str().unwrap_or_default());
    let query = match draft(window, &format!("calls/search/{}", whose.join("@")))? {
        Some(text) => serde_json::from_str::<Value>(&text).expect("whole")["query"].take(),
        None => ask(window, "calls_last_query", &json!({}))?,
    };
    Ok(query["search"]["source"].as_str().unwrap_or_default().to_owned())
}

fn notes(window: &Window, guid: &str) -> Result<BTreeSet<String>, String> {
    let notes = ask(window, "notes_of", &json!({ "guid": guid }))?;
    Ok(notes.as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect())
}

/// The comment on the whole call.
fn comment(window: &Window, guid: &str) -> Result<String, String> {
    let filter = json!({ "filter": { "guid": guid } });
    let reviews = ask(window, "review_list", &filter)?;
    let Some(id) = reviews.as_array().unwrap().first().map(|line| line["id"].clone()) else {
        return Ok(String::new());
    };
    let review = ask(window, "review_get", &json!({ "id": id }))?;
    Ok(review["comment"].as_str().unwrap().to_owned())
}

impl Day {
    /// Everything that was said to be kept is there, and on the page.
    fn look(&mut self, window: &Window) -> Result<(), String> {
        let (begun, there) = (note_begun(window, &self.guid)?, notes(window, &self.guid)?);
        let tag = draft(window, &format!("tag/{}", self.guid))?.unwrap_or_default();
        let (source, said) = (filter_begun(window)?, comment(window, &self.guid)?);
        assert!(there.is_superset(&self.notes), "{:?} are gone", self.notes.difference(&there));
        self.note.found(begun.clone());
        self.tag.found(tag);
        self.source.found(source);
        self.comment.found(said.clone());
        self.notes.clone_from(&there);
        let shown =
            "return document.querySelector('[data-testid=review-call]')?.dataset.guid === arguments[0]
            && document.querySelector('[data-testid=notes]')?.dataset.count === arguments[1]
            && (document.querySelector('[data-testid=note-text]')?.value ?? '') === arguments[2]
            && document.querySelector('[data-testid=review-comment]')?.value === arguments[3]";
        once(window, shown, &[&self.guid, &there.len().to_string(), &begun, &said])
    }

    /// The next start: in again, and everything as it was.
    fn go_on(&mut self, window: &Window, password: &str) -> Result<(), String> {
        sign_in_again(window, password)?;
        self.look(window)
    }

    /// So many things more were told.
    fn tells(&mut self, things: usize) {
        self.told += things;
        if self.held.as_ref().is_some_and(|(enough, _)| self.told >= *enough) {
            self.held = None;
        }
    }

    /// Types until the window is gone.
    fn type_on(&mut self, window: &Window) -> Result<(), String> {
        let guid = self.guid.clone();
        for turn in 1.. {
            let word = format!("{}.{turn}", self.life);
            let focus = "document.activeElement.blur(); document.querySelector('main').focus(); return true";
            once(window, focus, &[])?;
            window.press("n")?;
            let mut text = String::new();
            for part in ["a note ", "of life ", &word] {
                text.push_str(part);
                self.note.goes(&text);
                put(window, "[data-testid=note-text]", &text)?;
                eventually("the note is begun", || Ok(note_begun(window, &guid)? == text))?;
                self.note.kept();
                self.tells(1);
            }
            self.note.goes("");
            let enter = "document.querySelector('[data-testid=note-text]').dispatchEvent(
                new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); return true";
            once(window, enter, &[])?;
            eventually("the note is kept", || Ok(notes(window, &guid)?.contains(&text)))?;
            self.notes.insert(text);
            eventually("it is begun no more", || Ok(note_begun(window, &guid)?.is_empty()))?;
            self.note.kept();
            let said = format!("said in {word}");
            self.comment.goes(&said);
            put(window, "[data-testid=review-comment]", &said)?;
            eventually("the comment is kept", || Ok(comment(window, &guid)? == said))?;
            self.comment.kept();
            let tag = format!("tag {word}");
            self.tag.goes(&tag);
            put(window, "[data-testid=tag-input]", &tag)?;
            let key = format!("tag/{guid}");
            eventually("the tag is begun", || Ok(draft(window, &key)?.as_deref() == Some(&tag)))?;
            self.tag.kept();
            click(window, "nav-calls")?;
            // The room asks for what it opens with, and puts back what it knows.
            let rest = "const phase = document.querySelector('[data-testid=calls-count]')?.dataset.phase;
                return phase === 'done' || phase === 'failed'";
            once(window, rest, &[])?;
            let source = format!("099{:03}{turn:03}", self.life);
            self.source.goes(&source);
            put(window, "[data-testid=calls-source]", &source)?;
            eventually("the filter is begun", || Ok(filter_begun(window)? == source))?;
            self.source.kept();
            self.tells(3);
            click(window, "nav-review")?;
        }
        Ok(())
    }
}

/// The day as it begins: a card, a sample, a call at hand that is being judged.
fn begin(window: &Window, centre: &atalaya_simulator::Simulator) -> Day {
    sign_in(window, centre);
    window.click("nav-review").unwrap();
    until(window, "the room", "review", "data-ready", |ready| ready == "true");
    write_a_card(window);
    draw_a_sample(window);
    at_rest(window);
    window.press("k").unwrap();
    let guid = until(window, "a call", "review-call", "data-guid", |guid| !guid.is_empty());
    window.get("review-comment").unwrap();
    let (note, tag) = (Typed::new("the note"), Typed::new("the tag"));
    let (source, comment) = (Typed::new("the filter"), Typed::new("the comment"));
    assert_eq!(attribute(window, "notes", "data-count"), "0");
    Day { guid, life: 1, note, tag, source, comment, notes: BTreeSet::new(), told: 0, held: None }
}

#[test]
fn ten_kills_at_random_moments_lose_nothing_that_was_typed() {
    let name = "ATALAYA_KILLS_SEED";
    let seed =
        std::env::var(name).ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("the same moments again: {name}={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let home = tempfile::tempdir().unwrap();
    let open = |life: usize| {
        let opening = Opening { home: Some(home.path().to_owned()), ..Opening::default() };
        Window::open(&format!("killed-{life}"), &opening).unwrap()
    };

    let mut window = open(1);
    let mut day = begin(&window, &centre);
    for life in 1..=KILLS {
        day.life = life;
        let program = window.program().unwrap().to_string();
        let after = Duration::from_millis(random.u64(0..LONGEST.as_millis() as u64));
        // One life in three ends while it begins; the others once everything is as it was, and something was told.
        let begins = life > 1 && life < KILLS && random.u8(0..3) == 0;
        let first = random.usize(0..=TOLD_FIRST);
        let missing = if life == KILLS { (KILLS + 1).saturating_sub(day.told) } else { 0 };
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let killer = std::thread::spawn(move || {
            let _told_or_dropped = gone.recv();
            // Whatever the program is at just then.
            std::thread::park_timeout(after);
            // SIGKILL: no destructor runs.
            Command::new("kill").args(["-KILL", &program]).status().expect("kill is there")
        });
        if begins {
            go.send(()).unwrap();
        }
        let told = day.told;
        let there = if life > 1 { day.go_on(&window, centre.password()) } else { Ok(()) };
        let enough = day.told + first.max(missing);
        day.held = Some((enough, go));
        day.tells(0);
        let ended = there.and_then(|()| day.type_on(&window));
        let killed = killer.is_finished();
        assert!(killed, "life {life} ended by itself: {ended:?}");
        assert!(killer.join().unwrap().success(), "the program was there to be killed");
        println!(
            "life {life}: killed {} ms into {}, {} told",
            after.as_millis(),
            if begins { "its beginning" } else { "its typing" },
            day.told - told
        );
        drop(window);
        window = open(life + 1);
    }
    day.go_on(&window, centre.password()).unwrap();
    assert!(day.told > KILLS, "{} things were told", day.told);
}

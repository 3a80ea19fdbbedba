//! A whole review in the window: a card, a sample, hearing fast, a note, a tag, answers by key, the next call; the program
//! killed in the middle, and everything found again; then what is done more rarely: tags for many, a disposition, a
//! calibration, a backup.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_clock::Clock;
use atalaya_review::Reviews;
use atalaya_review::wire::{Answer, Value as Given};
use atalaya_simulator::{Config, Endpoint, Fault, Kind, RecordingCase, Simulator};
use atalaya_store::Store;
use atalaya_window::{Opening, Window, keys, sound_card};

#[path = "common/axe.rs"]
mod axe;
#[path = "common/calls.rs"]
mod calls;
mod common;
#[path = "common/dates.rs"]
mod dates;
#[path = "common/judging.rs"]
mod judging;
use axe::Looker;
use calls::search;
use common::{SOON, attribute, sign_in, until};
use dates::type_dates;
use judging::{at_rest, draw_a_sample, of_page, set, write_a_card};

fn value_of(window: &Window, selector: &str) -> String {
    of_page(window, "return document.querySelector(arguments[0])?.value ?? ''", &[selector])
}

fn wait_for_value(window: &Window, what: &str, selector: &str, wanted: &str) {
    window
        .wait_until(what, SOON, |_| Ok((value_of(window, selector) == wanted).then_some(())))
        .expect("it comes back");
}

#[test]
fn a_review_goes_from_the_sample_to_the_next_call_and_survives_a_kill() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let home = tempfile::tempdir().unwrap();
    let card = sound_card(home.path()).unwrap();
    let files = home.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let chosen = ("ATALAYA_SAVE_FOLDER".to_owned(), files.display().to_string());
    let opening = || Opening {
        home: Some(home.path().to_owned()),
        env: vec![card.env.clone(), chosen.clone()],
        ..Opening::default()
    };

    let guid = {
        let window = Window::open("review", &opening()).unwrap();
        sign_in(&window, &centre);
        window.click("nav-review").unwrap();
        until(&window, "the room", "review", "data-ready", |ready| ready == "true");
        write_a_card(&window);
        draw_a_sample(&window);

        // A call that has sound; those before it are skipped with a reason, by key.
        at_rest(&window);
        window.press("k").unwrap();
        let mut skipped = 0;
        loop {
            let phase = until(&window, "sound or none", "player", "data-phase", |phase| {
                phase == "playing" || phase == "failed"
            });
            if phase == "playing" {
                break;
            }
            let gone = attribute(&window, "review-call", "data-guid");
            window.press("q").unwrap();
            window.get("skip").unwrap();
            window.press("1").unwrap();
            skipped += 1;
            until(&window, "it is skipped", "worklist-progress", "data-skipped", |n| {
                n == skipped.to_string()
            });
            until(&window, "the next one", "player", "data-guid", |guid| guid != gone && !guid.is_empty());
            at_rest(&window);
        }
        let guid = attribute(&window, "review-call", "data-guid");

        // Heard at twice the speed without its silences.
        window.press("]]]]s").unwrap();
        let heard = "return document.querySelector('[data-testid=hearing-speed]').innerText
            + document.querySelector('[data-testid=hearing-skip]').getAttribute('aria-pressed')";
        window
            .wait_until("2x, silence skipped", SOON, |_| {
                let heard = of_page(&window, heard, &[]);
                Ok((heard.starts_with('2') && heard.ends_with("true")).then_some(()))
            })
            .unwrap();
        let position =
            "return document.querySelector('[data-testid=waveform]').getAttribute('aria-valuenow')";
        window
            .wait_until("it goes on", SOON, |_| {
                Ok(of_page(&window, position, &[]).parse::<f64>().is_ok_and(|secs| secs > 1.0).then_some(()))
            })
            .unwrap();

        // A note at the second being heard, a tag, an answer; then words begun and not finished.
        window.press("n").unwrap();
        window.get("note-draft").unwrap();
        window.press("promises a discount").unwrap();
        window.press(keys::ENTER).unwrap();
        until(&window, "the note is kept", "notes", "data-count", |count| count == "1");
        let secs: f64 = attribute(&window, "note", "data-secs").parse().unwrap();
        assert!(secs >= 1.0, "the note is at {secs} s");
        at_rest(&window);
        window.press("t").unwrap();
        window.press(&format!("reclamo{}", keys::ENTER)).unwrap();
        until(&window, "the tag is sent", "tag-chip", "data-state", |state| {
            state == "pending" || state == "confirmed"
        });
        at_rest(&window);
        window.press("1").unwrap();
        until(&window, "one answer", "scorecard", "data-answered", |answered| answered == "1");
        window.press("4").unwrap();
        until(&window, "two answers", "scorecard", "data-answered", |answered| answered == "2");
        window.press("c").unwrap();
        window.press("half a comm").unwrap();
        at_rest(&window);
        window.press("n").unwrap();
        window.get("note-draft").unwrap();
        window.press("and half a no").unwrap();
        // Kept with every keystroke: once the program has taken the last one, nothing is needed to keep it.
        window
            .wait_until("the last letter is kept", SOON, |page| {
                let script = "const done = arguments[0];
                    requestAnimationFrame(() => setTimeout(() => done(document.querySelector('[data-testid=note-text]').value), 300))";
                Ok((page.execute_async(script, &[])?.as_str() == Some("and half a no")).then_some(()))
            })
            .unwrap();
        window.picture("review").unwrap();
        window.kill().unwrap();
        guid
    };

    let window = Window::open("review-again", &opening()).unwrap();
    sign_in(&window, &centre);
    window.click("nav-review").unwrap();
    until(&window, "the room", "review", "data-ready", |ready| ready == "true");
    // Where it was left: the call, its answers, note, tag, and what was being typed.
    until(&window, "the same call", "review-call", "data-guid", |now| now == guid);
    until(&window, "its answers", "scorecard", "data-answered", |answered| answered == "2");
    assert_eq!(attribute(&window, "notes", "data-count"), "1");
    wait_for_value(&window, "the note begun", "[data-testid=note-text]", "and half a no");
    wait_for_value(&window, "the comment begun", "[data-here=true] textarea", "half a comm");
    until(&window, "the tag", "tag-chip", "data-text", |text| text == "reclamo");

    // Finished without its last answer it stays; with it the next call comes, heard at once.
    window.press(keys::ESCAPE).unwrap();
    at_rest(&window);
    window.press("e").unwrap();
    window.get("review-finish").unwrap();
    window
        .wait_until("it says what is missing", SOON, |page| {
            Ok(page.find("[data-testid=scorecard] footer .bad")?.is_some().then_some(()))
        })
        .unwrap();
    assert_eq!(attribute(&window, "worklist-progress", "data-done"), "0");
    // No comment is required of the missing one: a digit, and it is whole.
    at_rest(&window);
    until_question(&window, 2);
    window.press("2").unwrap();
    until(&window, "all answers", "scorecard", "data-answered", |answered| answered == "3");
    // 10 for the greeting, 7.5 of 10 for listening, none of 10 for solving.
    until(&window, "the score", "scorecard", "data-percent", |percent| percent == "58.33");
    window.press("e").unwrap();
    until(&window, "it counts", "worklist-progress", "data-done", |done| done == "1");
    until(&window, "the next call", "review-call", "data-guid", |now| now != guid);
    // What follows by itself is the worklist's call, not one of the list in the other room.
    let at_hand = attribute(&window, "review-call", "data-guid");
    until(&window, "it is heard", "player", "data-guid", |now| now == at_hand);

    window.click("review-tab-reports").unwrap();
    until(&window, "the report", "report-row", "data-average", |average| average == "58.33");
    window.picture("review-report").unwrap();
    window.click("review-tab-audit").unwrap();
    let script = "return [...document.querySelectorAll('[data-testid=audit-line]')].map(one => one.dataset.operation).join()";
    window
        .wait_until("the trail", SOON, |_| {
            let did = of_page(&window, script, &[]);
            Ok(["score", "TagRecord", "heard", "note"].iter().all(|one| did.contains(one)).then_some(()))
        })
        .unwrap();

    let mut looker = Looker::new(window);
    many_are_tagged(&mut looker, &centre);
    a_disposition_is_shown_and_sent_once(&mut looker, &centre);
    two_reviewers_are_compared(&mut looker, &files);
    a_backup_is_put_back(&mut looker, &centre);
    looker.nothing_found();
}

/// To a tab of the room, by key.
fn go_to_tab(window: &Window, number: u32, tab: &str) {
    window.press(&format!("{}{number}", keys::CONTROL)).unwrap();
    until(window, "the tab", "review", "data-tab", |now| now == tab);
}

/// Two calls of the worklist, chosen and tagged without the mouse.
fn many_are_tagged(looker: &mut Looker, centre: &Simulator) {
    let before = centre.stats().tags;
    let window = &looker.window;
    go_to_tab(window, 1, "work");
    let here = attribute(window, "review-call", "data-guid");
    window.press(&format!("{}x", keys::SHIFT)).unwrap();
    window.press("p").unwrap();
    until(window, "the call before", "review-call", "data-guid", |guid| guid != here);
    window.press(&format!("{}x", keys::SHIFT)).unwrap();
    window.press(&format!("{}t", keys::SHIFT)).unwrap();
    window.get("batch-text").unwrap();
    // The answer of one of them is lost.
    centre.faults().set(Endpoint::Tag, Fault::Silent, Some(1));
    window.press(&format!("lote{}", keys::ENTER)).unwrap();
    until(window, "one is without an answer", "batch-report", "data-failed", |failed| failed == "1");
    assert_eq!(attribute(window, "batch-report", "data-sent"), "1");
    assert_eq!(centre.stats().tags, before + 2, "nothing is sent again");
    looker.look("a report of tags sent");
    // The report has the focus on its way out.
    looker.window.press(keys::ENTER).unwrap();
    assert!(!looker.window.has("batch").unwrap(), "it is closed");
}

/// Refused in the server's words, put right, taken; forgotten and brought back. All by key.
fn a_disposition_is_shown_and_sent_once(looker: &mut Looker, centre: &Simulator) {
    let window = &looker.window;
    let guid = attribute(window, "review-call", "data-guid");
    let sent = || centre.stats().requests.get("disposition").copied().unwrap_or_default();
    window.press("i").unwrap();
    window.fill("disposition-level1", "Venta").unwrap();
    window.fill("disposition-level2", "Fiado").unwrap();
    window.press(keys::ENTER).unwrap();
    let shown = window.text("disposition-shown").unwrap();
    for there in [guid.as_str(), "l1\nVenta", "l2\nFiado", "l3\n(empty)"] {
        assert!(shown.contains(there), "{there} in {shown}");
    }
    looker.look("a disposition as it will be sent");
    let window = &looker.window;
    assert_eq!(sent(), 0, "shown, not sent");
    window.press(&format!("{}{}", keys::TAB, keys::ENTER)).unwrap();
    let said = window.text("disposition-problem").unwrap();
    assert!(said.contains("Disposition not found for level1: Venta, level2: Fiado, level3:"), "{said}");
    looker.look("a disposition that was refused");
    let window = &looker.window;
    window.click("disposition-back").unwrap();
    window.fill("disposition-level2", "Contado").unwrap();
    window.press(keys::ENTER).unwrap();
    window.get("disposition-send").unwrap();
    window.press(&format!("{}{}", keys::TAB, keys::ENTER)).unwrap();
    window.get("disposition-sent").unwrap();
    assert_eq!((sent(), centre.stats().dispositions), (2, 1), "each sent once, one taken");
    window.press(keys::ENTER).unwrap();

    // Cut off on its way back: it may have been done, and nothing sends it again.
    centre.faults().set(Endpoint::Disposition, Fault::Reset { after: 0 }, Some(1));
    window.press("i").unwrap();
    window.click("disposition-known").unwrap();
    window.click("disposition-show").unwrap();
    window.get("disposition-send").unwrap();
    window.press(&format!("{}{}", keys::TAB, keys::ENTER)).unwrap();
    let said = window.text("disposition-problem").unwrap();
    assert!(said.contains("may have been done"), "{said}");
    assert_eq!(sent(), 3);
    looker.look("a disposition without an answer");
    let window = &looker.window;
    window.press(keys::ESCAPE).unwrap();
    window
        .wait_until("it is closed", SOON, |_| Ok((!window.has("disposition-problem")?).then_some(())))
        .unwrap();

    window.press("i").unwrap();
    assert_eq!(window.text("disposition-known").unwrap(), "Venta › Contado");
    window.press(&format!("{}{}", keys::SHIFT, keys::TAB)).unwrap();
    window.press(keys::BACKSPACE).unwrap();
    window.get("undo").unwrap();
    assert!(!window.has("disposition-known").unwrap(), "it is forgotten");
    looker.look("a combination forgotten");
    let window = &looker.window;
    window.press(keys::ENTER).unwrap();
    assert_eq!(window.text("disposition-known").unwrap(), "Venta › Contado");
    window.press(keys::ESCAPE).unwrap();
}

/// What another reviewer, at another computer, makes of the file ours was handed on in.
fn theirs(file: &str) -> String {
    let reviews =
        Reviews::new(Store::in_memory(&[atalaya_review::MIGRATIONS], Clock::system()).unwrap(), "theirs");
    let calibration =
        reviews.take_calibration(&atalaya_review::read_calibration_file(file).unwrap()).unwrap();
    assert!(!calibration.open);
    let review = reviews.open_calibrated(&calibration.id, "Pedro").unwrap();
    let given = [Given::Yes, Given::Scale { value: 2 }, Given::Yes];
    let questions = review.card.sections.iter().flat_map(|section| &section.questions);
    let answers: BTreeMap<String, Answer> = questions
        .zip(given)
        .map(|(one, value)| (one.id.clone(), Answer { value: Some(value), ..Answer::default() }))
        .collect();
    reviews.change(review.id, answers, "").unwrap();
    reviews.finish(review.id).unwrap();
    serde_json::to_string(&reviews.calibration_file(&calibration.id, "Pedro").unwrap()).unwrap()
}

/// Ours: yes, 4 of 1 to 5, no: 100, 75 and 0, together 58.3. Theirs: yes, 2, yes: 100, 25 and 100, together 75.
fn two_reviewers_are_compared(looker: &mut Looker, files: &Path) {
    let window = &looker.window;
    go_to_tab(window, 5, "calibration");
    window.fill("calibration-name", "Marzo").unwrap();
    window.press(keys::ENTER).unwrap();
    until(window, "it is begun", "calibration", "data-in", |count| count == "0");
    window.click("calibration-judge").unwrap();
    until(window, "nothing answered", "scorecard", "data-answered", |answered| answered == "0");
    at_rest(window);
    for (key, answered) in [("1", "1"), ("4", "2"), ("2", "3")] {
        window.press(key).unwrap();
        until(window, "an answer", "scorecard", "data-answered", |now| now == answered);
    }
    window.press("e").unwrap();
    until(window, "finished", "scorecard", "data-finished", |finished| finished == "true");
    go_to_tab(window, 5, "calibration");
    until(window, "ours is in", "calibration", "data-in", |count| count == "1");
    assert!(!window.has("compared-item").unwrap(), "nobody sees anything before all are in");
    looker.look("a calibration that waits");
    let window = &looker.window;
    window.click("calibration-export").unwrap();
    let ours = window
        .wait_until("our file", SOON, |_| {
            let mut there = std::fs::read_dir(files).map_err(|error| error.to_string())?.flatten();
            Ok(there.find(|one| one.path().extension().is_some_and(|ending| ending == "json")))
        })
        .unwrap();
    let handed_on = std::fs::read_to_string(ours.path()).unwrap();
    std::fs::remove_file(ours.path()).unwrap();
    std::fs::write(files.join("Pedro.json"), theirs(&handed_on)).unwrap();
    window.click("calibration-import").unwrap();
    until(window, "all are in", "calibration", "data-open", |open| open == "true");
    let spreads = "return [...document.querySelectorAll('[data-testid=compared-item]')].map(one => one.dataset.spread).join()";
    assert_eq!(of_page(window, spreads, &[]), "0,50,100");
    let said = window.text("calibration").unwrap();
    for there in ["16.7 points", "58.3", "75.0", "Pedro"] {
        assert!(said.contains(there), "{there} in {said}");
    }
    looker.window.picture("review-calibration").unwrap();
    looker.look("a calibration, opened");
}

/// What was written after the backup is gone with it; what was before is there.
fn a_backup_is_put_back(looker: &mut Looker, centre: &Simulator) {
    let window = &looker.window;
    window.click("nav-settings").unwrap();
    window.click("backup-save").unwrap();
    window.get("backup-made").unwrap();
    window.click("nav-review").unwrap();
    go_to_tab(window, 1, "work");
    window.press("n").unwrap();
    window.get("note-draft").unwrap();
    window.press(&format!("too late for the backup{}", keys::ENTER)).unwrap();
    until(window, "a note", "notes", "data-count", |count| count != "0");
    window.click("nav-settings").unwrap();
    window.click("backup-pick").unwrap();
    window.get("backup-restore").unwrap();
    looker.look("a backup to be put back");
    let window = &looker.window;
    window.click("backup-restore").unwrap();
    sign_in(window, centre);
    window.click("nav-review").unwrap();
    until(window, "the room", "review", "data-ready", |ready| ready == "true");
    go_to_tab(window, 6, "notes");
    for (words, wanted) in [("discount", 1), ("backup", 0)] {
        window.fill("notes-find", words).unwrap();
        window
            .wait_until(
                "the notes",
                SOON,
                |_| Ok((window.texts("note-found")?.len() == wanted).then_some(())),
            )
            .unwrap();
    }
}

/// One more card of one question, named as in the other.
fn another_card(window: &Window, name: &str) {
    window.click("review-tab-cards").unwrap();
    window.click("card-new").unwrap();
    set(window, "card-name", 0, name);
    set(window, "question-text", 0, "Greets");
    window.click("card-save").unwrap();
    until(window, "the card is saved", "card-status", "data-version", |version| version == "1");
}

#[test]
fn what_an_analyst_clicks_takes_them_there_and_keys_press_what_has_the_focus() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { campaigns: 4, agents: 10, calls_per_day: 150, moving: false, ..Config::default() };
    let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
    let home = tempfile::tempdir().unwrap();
    let card = sound_card(home.path()).unwrap();
    let window = Window::open("analyst", &Opening { env: vec![card.env], ..Opening::default() }).unwrap();
    sign_in(&window, &centre);
    window.click("nav-review").unwrap();
    until(&window, "the room", "review", "data-ready", |ready| ready == "true");
    write_a_card(&window);
    another_card(&window, "Sales");

    // A call that sounds, judged with both cards: each has a question of the same words.
    // Long enough to be gone on in: some last twelve seconds.
    let sounds = |case: &RecordingCase| matches!(case.kind, Kind::Mp3Wide | Kind::Mp3Narrow | Kind::Gsm);
    let case = centre.recordings().into_iter().filter(sounds).max_by_key(|case| case.seconds).unwrap();
    window.click("nav-calls").unwrap();
    let minute = &case.calldate[..16];
    type_dates(&window, &format!("{minute}:00"), &format!("{minute}:59"));
    search(&window, "done");

    // Space presses the box that has the focus, and nothing plays for it.
    window.click("columns").unwrap();
    window.get("columns-list").unwrap();
    let first = "const box = document.querySelector('[data-testid^=column-]'); box.focus();
        return box.dataset.testid";
    let column = of_page(&window, first, &[]);
    let checked = "return document.querySelector(`[data-testid=${arguments[0]}]`).checked";
    let before = of_page(&window, checked, &[&column]);
    window.press(" ").unwrap();
    window
        .wait_until("the box is pressed", SOON, |_| {
            Ok((of_page(&window, checked, &[&column]) != before).then_some(()))
        })
        .unwrap();
    assert_eq!(attribute(&window, "player", "data-phase"), "empty", "nothing plays");
    window.press(keys::ESCAPE).unwrap();

    for nth in 0..2 {
        window.click("nav-calls").unwrap();
        let row = "document.querySelector(`[data-guid='${arguments[0]}'][data-testid=call-row]`).click(); return ''";
        of_page(&window, row, &[&case.guid]);
        // A menu once both cards are known.
        let menu = "const button = document.querySelector('[data-testid=call-judge][aria-expanded]');
            button?.click(); return Boolean(button)";
        window
            .wait_until("the cards to judge with", SOON, |_| {
                Ok((of_page(&window, menu, &[]) == "true").then_some(()))
            })
            .unwrap();
        window.get("judge-card").unwrap();
        let choose = "document.querySelectorAll('[data-testid=judge-card]')[arguments[0]].click(); return ''";
        of_page(&window, choose, &[&nth.to_string()]);
        until(&window, "the call to be judged", "review-call", "data-guid", |guid| guid == case.guid);
        let questions = "return document.querySelectorAll('[data-testid=question]').length";
        let all = window
            .wait_until("its questions", SOON, |_| {
                Ok(of_page(&window, questions, &[]).parse::<usize>().ok().filter(|count| *count > 0))
            })
            .unwrap();
        at_rest(&window);
        for answered in 1..=all {
            window.press("1").unwrap();
            until(&window, "an answer", "scorecard", "data-answered", |now| now == answered.to_string());
        }
        if nth == 0 {
            // A note further on in the call.
            window.press("k").unwrap();
            until(&window, "it plays", "player", "data-phase", |phase| phase == "playing");
            for _ in 0..3 {
                window.press("l").unwrap();
            }
            window.press("n").unwrap();
            window.get("note-draft").unwrap();
            window.press(&format!("reads the contract{}", keys::ENTER)).unwrap();
            until(&window, "the note is kept", "notes", "data-count", |count| count == "1");
            at_rest(&window);
        }
        window.press("e").unwrap();
        until(&window, "it is finished", "scorecard", "data-finished", |finished| finished == "true");
    }
    let noted: f64 = attribute(&window, "note", "data-secs").parse().unwrap();
    assert!(noted > 20.0, "{noted}");

    window.click("review-tab-reports").unwrap();
    window.click("report-question").unwrap();
    let greeting = "return [...document.querySelectorAll('[data-testid=report-row]')]
        .filter(row => row.innerText.includes('Greets')).length";
    window
        .wait_until("the question of each card", SOON, |_| {
            Ok((of_page(&window, greeting, &[]) == "2").then_some(()))
        })
        .unwrap();

    // From another second of the call, the note found leads to its own.
    window.click("nav-calls").unwrap();
    window.press("0").unwrap();
    window.click("nav-review").unwrap();
    window.click("review-tab-notes").unwrap();
    window.fill("notes-find", "contract").unwrap();
    window.get("note-found").unwrap();
    of_page(&window, "document.querySelector('[data-testid=note-found] button').click(); return ''", &[]);
    until(&window, "its own second", "player-position", "data-secs", |secs| {
        secs.parse::<f64>().is_ok_and(|secs| (secs - noted).abs() < 6.0)
    });
    until(&window, "of its own call", "player", "data-guid", |guid| guid == case.guid);
}

/// Waits until the question at hand is this one.
fn until_question(window: &Window, wanted: usize) {
    let script = "return [...document.querySelectorAll('[data-testid=question]')].findIndex(one => one.dataset.here === 'true')";
    window
        .wait_until("the question at hand", SOON, |_| {
            Ok((of_page(window, script, &[]) == wanted.to_string()).then_some(()))
        })
        .expect("it is reached");
}

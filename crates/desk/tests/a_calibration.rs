//! A calibration by files between two desks, without a window: handed over, judged blind, handed back, opened; and files that
//! are none of it refused with words of their own, without taking anything.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::Call;
use atalaya_desk::{Desk, Problem};
use atalaya_review::Reviews;
use atalaya_review::wire::{Answer, Calibration, Card, CommentRule, Kind, Question, Section, Value};
use atalaya_simulator::Simulator;
use serde_json::json;

mod common;
use common::{PASSWORD, centre, desk, request, session};

async fn desk_of(home: &Path, simulator: &Simulator, who: &str) -> Desk {
    let desk = desk(home).await;
    desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
    let mut settings = desk.settings();
    who.clone_into(&mut settings.reviewer);
    desk.set_settings(settings).expect("a name is kept");
    desk
}

fn card() -> Card {
    let question = |id: &str, weight| Question {
        id: id.to_owned(),
        text: id.to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let questions = vec![question("greeting", 1.0), question("solution", 3.0)];
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions }];
    Card { id: "card".to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn call() -> Call {
    serde_json::from_value(json!({
        "guid": "00000001-0000-4000-8000-000000000000", "startedAt": "2026-03-01 10:00:00", "lengthSecs": 130,
        "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound", "agent": "Bruno",
        "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "", "rating": null,
        "days": [], "legs": []
    }))
    .expect("a call")
}

fn judge(desk: &Desk, id: &str, greeting: Value) {
    let judging = &session(desk).judging;
    let review = judging.open_calibrated(id).expect("it begins");
    let answer = |value| Answer { value: Some(value), comment: String::new() };
    let answers = BTreeMap::from(
        [("greeting", greeting), ("solution", Value::Yes)].map(|(id, value)| (id.to_owned(), answer(value))),
    );
    judging.ask(|reviews| reviews.change(review.id, answers, "")).expect("it is kept");
    judging.finish_review(review.id).expect("whole");
}

/// What the window asks with the text of a file somebody chose.
fn import(desk: &Desk, text: &str) -> Result<Calibration, Problem> {
    session(desk)
        .judging
        .ask(|reviews| reviews.take_calibration(&atalaya_review::read_calibration_file(text)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_hand_files_over_and_what_is_none_of_it_is_refused() {
    let simulator = centre().await;
    let homes = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let marta = desk_of(homes[0].path(), &simulator, "Marta").await;
    let pedro = desk_of(homes[1].path(), &simulator, "Pedro").await;
    session(&marta).judging.save_card(&card()).expect("the card makes sense");
    let id = session(&marta).judging.begin_calibration(&call(), "card", "March", 2).expect("it begins").id;
    let exported = |desk: &Desk| session(desk).judging.calibration_file(&id).expect("a file");
    let compared = |desk: &Desk| {
        session(desk).judging.ask(|reviews| reviews.compared(&id)).expect("readable").map(|one| one.spread)
    };

    // Who has no such card judges with the one the invitation brings.
    let taken = import(&pedro, &exported(&marta)).expect("an invitation");
    assert_eq!((taken.name.as_str(), taken.reviewers.len(), taken.open), ("March", 0, false));
    judge(&marta, &id, Value::Yes);
    judge(&pedro, &id, Value::No);
    assert_eq!((compared(&marta), compared(&pedro)), (None, None), "blind on both sides");
    let (hers, his) = (exported(&marta), exported(&pedro));

    let changed = |what: &str, to: serde_json::Value| {
        let mut file: serde_json::Value = serde_json::from_str(&his).expect("JSON");
        *file.pointer_mut(what).expect("it is in the file") = to;
        file.to_string()
    };
    let half = &his[..his.len() / 2];
    for (bad, code) in [
        ("Esto no es nada".to_owned(), "reviewFileForeign"),
        ("{}".to_owned(), "reviewFileForeign"),
        (half.to_owned(), "reviewFileForeign"),
        (changed("/format", json!("atalaya-worklist")), "reviewFileForeign"),
        (changed("/layout", json!(7)), "reviewFileNewer"),
        (changed("/card/sections/0/questions/0/weight", json!(9.0)), "reviewCalibrationDiffers"),
        (changed("/call/guid", json!("another")), "reviewCalibrationDiffers"),
    ] {
        assert_eq!(import(&marta, &bad).expect_err("refused").code, code, "{bad}");
        let list = session(&marta).judging.ask(Reviews::calibrations).expect("readable");
        assert_eq!((list.len(), list[0].reviewers.len()), (1, 1), "nothing of it is taken");
    }

    let taken = import(&marta, &his).expect("his review");
    assert_eq!(
        (taken.reviewers.as_slice(), taken.open),
        (&["Marta".to_owned(), "Pedro".to_owned()][..], true)
    );
    assert!(import(&pedro, &hers).expect("hers").open);
    assert_eq!((compared(&marta), compared(&pedro)), (Some(Some(25.0)), Some(Some(25.0))));
    // His second thoughts, made knowing hers, change nothing.
    import(&marta, &changed("/answers/greeting/value", json!({ "kind": "yes" }))).expect("a file of his");
    assert_eq!(compared(&marta), Some(Some(25.0)));
}

//! A lead and two reviewers without a window: a worklist goes from one desk to another and back, and a bad review is heard of.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::Call;
use atalaya_desk::wire::AlertsTold;
use atalaya_desk::{Desk, ReviewRule};
use atalaya_floor::wire::Hears;
use atalaya_review::Reviews;
use atalaya_review::wire::{
    Answer, Card, CardHere, CommentRule, Kind, Question, ReportBy, ReportFilter, SampleRequest, Section,
    Value,
};
use atalaya_simulator::Simulator;
use atalaya_store::AuditFilter;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;
use common::{PASSWORD, centre, desk, first, request, session};

async fn desk_of(home: &Path, simulator: &Simulator, who: &str) -> Desk {
    let desk = desk(home).await;
    desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
    let mut settings = desk.settings();
    who.clone_into(&mut settings.reviewer);
    desk.set_settings(settings).expect("a name is kept");
    desk
}

fn card() -> Card {
    let question = |id: &str, fatal| Question {
        id: id.to_owned(),
        text: id.to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight: 1.0,
        fatal,
        optional: false,
        comment: CommentRule::Never,
    };
    let questions = vec![question("greeting", false), question("law", true)];
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions }];
    Card { id: "card".to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn call(number: u32) -> Call {
    serde_json::from_value(serde_json::json!({
        "guid": format!("{number:08}-0000-4000-8000-000000000000"), "startedAt": format!("2026-03-0{number} 10:00:00"),
        "lengthSecs": 130, "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound",
        "agent": "Bruno", "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "",
        "rating": null, "days": [], "legs": []
    }))
    .expect("a call")
}

fn worklist() -> SampleRequest {
    serde_json::from_value(serde_json::json!({
        "name": "March", "from": "2026-03-01 00:00:00", "to": "2026-03-31 23:59:59", "campaign": "", "agents": [],
        "perAgent": 3, "minSecs": 60, "maxSecs": null, "skipReviewed": true, "card": "card", "seed": 1,
        "silenceSecs": null, "silencePercent": null, "holdSecs": null, "overlapPercent": null, "quieterDb": null,
        "clipped": false
    }))
    .expect("as an earlier program wrote it, before a sample was for each agent")
}

fn judge(desk: &Desk, number: u32, greeting: Value, law: Value) -> i64 {
    let review = session(desk).judging.open_review(&call(number), "card").expect("it begins");
    let answer = |value| Answer { value: Some(value), comment: String::new() };
    let answers: BTreeMap<String, Answer> =
        [("greeting".to_owned(), answer(greeting)), ("law".to_owned(), answer(law))].into();
    session(desk).judging.ask(|reviews| reviews.change(review.id, answers, "")).expect("it is kept");
    session(desk).finish_review(review.id).expect("it is whole").id
}

fn trail(desk: &Desk) -> Vec<String> {
    let lines = desk.audit_lines(&AuditFilter::default(), false).expect("readable");
    lines.into_iter().map(|line| line.operation).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worklist_goes_to_another_desk_and_comes_back() {
    let simulator = centre().await;
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let marta = desk_of(one.path(), &simulator, "Marta").await;
    let ana = desk_of(other.path(), &simulator, "Ana").await;
    session(&marta).judging.save_card(&card()).expect("the card makes sense");
    let calls: Vec<Call> = (1..=3).map(call).collect();
    let list =
        session(&marta).judging.ask(|reviews| reviews.keep_sample(&worklist(), &calls)).expect("it is kept");
    judge(&marta, 1, Value::Yes, Value::Yes);
    let text = session(&marta).judging.worklist_file(list.id, "Ana", true, true).expect("it is written");
    let away = session(&marta).judging.hand_on(list.id, "Ana").expect("it is given away");
    assert_eq!(away.handed.map(|handed| (handed.by, handed.to)), Some(("Marta".into(), "Ana".into())));

    let found = session(&ana).judging.look_at_worklist(&text).expect("it can be read");
    assert_eq!((found.card_here, found.open, found.done), (CardHere::New, 2, 1));
    let here = session(&ana).judging.take_worklist(&text).expect("it is taken in").sample;
    judge(&ana, 2, Value::No, Value::Yes);
    assert_eq!(session(&ana).judging.samples().expect("readable")[0].done, 2);
    let back = session(&ana).judging.worklist_file(here.id, "Marta", false, false).expect("it is written");

    for _ in 0..2 {
        let taken = session(&marta).judging.take_worklist(&back).expect("it comes back").sample;
        assert_eq!((taken.id, taken.done), (list.id, 2));
    }
    let rows = session(&marta)
        .judging
        .ask(|reviews| reviews.report(&ReportFilter::default(), ReportBy::Reviewer))
        .expect("readable");
    let rows: Vec<_> = rows.into_iter().map(|row| (row.key, row.reviews)).collect();
    assert_eq!(rows, [("Ana".to_owned(), 1), ("Marta".to_owned(), 1)]);
    assert_eq!(session(&marta).judging.ask(Reviews::reviewers).expect("readable"), ["Ana", "Marta"]);
    let refused = session(&marta).judging.take_worklist(&back[..back.len() / 2]).expect_err("it was cut");
    assert_eq!(refused.code, "reviewFile");
    assert!(
        trail(&marta).starts_with(&["takeIn".into(), "takeIn".into(), "handOn".into()]),
        "{:?}",
        trail(&marta)
    );
    assert!(trail(&ana).contains(&"takeIn".to_owned()));
    for desk in [marta, ana] {
        desk.sign_out().await.expect("it ends");
    }
}

fn told_by(desk: &Desk) -> UnboundedReceiver<AlertsTold> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.alert_updates(|alerts| tell.send(alerts).is_ok()).await });
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_review_is_heard_of_once_until_somebody_sees_to_it() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let fatal = {
        let desk = desk_of(home.path(), &simulator, "Marta").await;
        session(&desk).judging.save_card(&card()).expect("the card makes sense");
        let mut told = told_by(&desk);
        judge(&desk, 1, Value::No, Value::No);
        let mut settings = desk.settings();
        assert!(settings.review_rules.is_empty(), "off until somebody wants it");
        let rule = |card: &str, under, fatal| ReviewRule {
            card: card.to_owned(),
            under,
            fatal,
            hears: Hears::Sound,
        };
        settings.review_rules = vec![rule("", Some(100.0), true), rule("card", Some(60.0), true)];
        desk.set_settings(settings).expect("kept");
        judge(&desk, 2, Value::Yes, Value::Yes);
        let low = judge(&desk, 3, Value::No, Value::Yes);
        let fatal = judge(&desk, 4, Value::Yes, Value::No);
        let alerts = first(&mut told, |told| Some(told.reviews).filter(|reviews| reviews.len() == 2)).await;
        let seen: Vec<_> = alerts
            .iter()
            .map(|one| (one.review, one.score, one.under, one.fatal, one.agent.as_str()))
            .collect();
        assert_eq!(
            seen,
            [(fatal, Some(0.0), Some(60.0), true, "Bruno"), (low, Some(50.0), Some(60.0), false, "Bruno")]
        );

        // Taken up and finished anew it raises nothing, and somebody sees to the other one.
        session(&desk).judging.reopen_review(low).expect("it is Marta's");
        session(&desk).review_alerts.acknowledge(low).expect("kept");
        session(&desk).finish_review(low).expect("it is whole");
        let by = |told: AlertsTold| {
            let low = told.reviews.into_iter().find(|one| one.review == low)?;
            low.acknowledged_by
        };
        assert_eq!(first(&mut told, by).await, "Marta");
        session(&desk).review_alerts.snooze(fatal, 5).expect("kept");
        let put_off = |told: AlertsTold| told.reviews.into_iter().find_map(|one| one.snoozed_until_ms);
        first(&mut told, put_off).await;
        session(&desk).review_alerts.snooze(fatal, 0).expect("kept");
        desk.sign_out().await.expect("it ends");
        fatal
    };
    // The program ends, and begins again: what somebody has seen to is over, the other one is still there.
    let desk = desk_of(home.path(), &simulator, "Ana").await;
    let mut told = told_by(&desk);
    let there = first(&mut told, |told| Some(told.reviews).filter(|reviews| !reviews.is_empty())).await;
    assert_eq!(
        there.iter().map(|one| (one.review, one.snoozed_until_ms)).collect::<Vec<_>>(),
        [(fatal, None)]
    );
    session(&desk).review_alerts.acknowledge(fatal).expect("kept");
    first(&mut told, |told| told.reviews.into_iter().find_map(|one| one.acknowledged_ms)).await;
    session(&desk).review_alerts.let_go(fatal).expect("kept");
    first(&mut told, |told| told.reviews.iter().all(|one| one.acknowledged_ms.is_none()).then_some(())).await;
    desk.sign_out().await.expect("it ends");
}

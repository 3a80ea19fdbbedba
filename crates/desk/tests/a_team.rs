//! Two desks of a team without a window: what is judged at one is at the other, over a sign-out too.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::Call;
use atalaya_desk::Desk;
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Question, ReportBy, ReportFilter, SampleRequest, Section, Value,
};
use atalaya_simulator::Simulator;
use atalaya_store::Uuid;
use atalaya_teamwork::{Member, Numbered, Teamwork};

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

fn team(desk: &Desk) -> Teamwork {
    session(desk).membership.team().expect("in the team")
}

/// Everybody's changes go into the log, and the log to everybody.
fn carry(log: &mut Vec<Numbered>, desks: &[&Desk]) {
    for desk in desks {
        let (team, outbox) = (team(desk), team(desk).outbox());
        for change in outbox.pending(100).expect("readable") {
            let (seq, text) = (log.len() as i64 + 1, serde_json::to_string(&change).expect("JSON"));
            let Member { who, lead, .. } = team.member();
            log.push(Numbered::read(seq, who, *lead, change.at_ms, &text).expect("as it was written"));
            outbox.numbered(change.id, seq).expect("kept");
        }
    }
    for desk in desks {
        team(desk).apply(log).expect("applied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_judged_at_one_desk_is_at_the_other() {
    let simulator = centre().await;
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let marta = desk_of(one.path(), &simulator, "Marta").await;
    let ana = desk_of(other.path(), &simulator, "Ana").await;
    session(&marta).judging.save_card(&card()).expect("the card makes sense");
    for (number, (desk, who, lead)) in (1..).zip([(&marta, "Marta", true), (&ana, "Ana", false)]) {
        assert!(session(desk).membership.team().is_none(), "nobody is in a team unasked");
        let member = Member { desk: Uuid::from_u128(number), who: who.to_owned(), lead };
        session(desk).membership.join(member).expect("joined");
    }
    assert_eq!(team(&marta).offer().expect("kept"), 1, "the card there was");
    let calls: Vec<Call> = (1..=3).map(call).collect();
    session(&marta).judging.ask(|reviews| reviews.keep_sample(&worklist(), &calls)).expect("it is kept");
    let mut log = Vec::new();
    carry(&mut log, &[&marta, &ana]);

    // Ana ends her program, begins it again, and judges a call of Marta's worklist.
    ana.sign_out().await.expect("it ends");
    ana.sign_in(request(&simulator, PASSWORD)).await.expect("it signs in");
    let list = session(&ana).judging.samples().expect("readable").remove(0);
    assert_eq!((list.request.name.as_str(), list.calls), ("March", 3));
    let review = session(&ana).judging.open_review(&call(2), "card").expect("it begins");
    let answer = |value| Answer { value: Some(value), comment: String::new() };
    let answers: BTreeMap<String, Answer> =
        [("greeting".to_owned(), answer(Value::No)), ("law".to_owned(), answer(Value::Yes))].into();
    session(&ana).judging.ask(|reviews| reviews.change(review.id, answers, "")).expect("it is kept");
    session(&ana).finish_review(review.id).expect("it is whole");
    carry(&mut log, &[&ana, &marta]);

    let list = session(&marta).judging.samples().expect("readable").remove(0);
    assert_eq!((list.done, list.calls), (1, 3));
    let rows = session(&marta)
        .judging
        .ask(|reviews| reviews.report(&ReportFilter::default(), ReportBy::Reviewer))
        .expect("readable");
    let rows: Vec<_> = rows.into_iter().map(|row| (row.key, row.reviews, row.average)).collect();
    assert_eq!(rows, [("Ana".to_owned(), 1, Some(50.0))]);
    let figures = [&marta, &ana].map(|desk| team(desk).fingerprint().expect("readable"));
    assert_eq!(figures[0], figures[1]);
    session(&ana).membership.leave().expect("left");
    assert_eq!(session(&ana).judging.samples().expect("readable").len(), 1, "and keeps a copy");
    for desk in [marta, ana] {
        desk.sign_out().await.expect("it ends");
    }
}

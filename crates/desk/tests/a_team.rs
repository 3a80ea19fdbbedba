//! Two desks of a team without a window: what is judged at one is at the other, over a sign-out too.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::{Call, TagState};
use atalaya_desk::Desk;
use atalaya_desk::wire::TagRequest;
use atalaya_outreach::wire::{BatchKind, BatchRequest, RequestedItem, SendingUpdate};
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind as Answered, Question, ReportBy, ReportFilter, SampleRequest, Section,
    Value,
};
use atalaya_simulator::Simulator;
use atalaya_store::Uuid;
use atalaya_teamwork::rules::State;
use atalaya_teamwork::{Kind, Member, Numbered, Teamwork, What};
use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    Alternatives, Blacklist, BlacklistChange, BlacklistNumber, BlacklistNumbers, Parameters, Task, TaskMode,
};
use tokio::sync::mpsc::unbounded_channel;

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
        kind: Answered::YesNo,
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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_at_the_server_from_one_desk_is_known_at_the_other() {
    let simulator = centre().await;
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let marta = desk_of(one.path(), &simulator, "Marta").await;
    let ana = desk_of(other.path(), &simulator, "Ana").await;
    let black = |phone: &str, change| {
        let number = BlacklistNumber { phone: phone.to_owned(), ..Default::default() };
        Operation::Blacklist(Blacklist { change, numbers: BlacklistNumbers::One(number) })
    };
    let alone = session(&marta).acting.send(black("099000111", BlacklistChange::Add)).await;
    alone.expect("it goes out, and there is no team yet");
    for (number, (desk, who)) in (1..).zip([(&marta, "Marta"), (&ana, "Ana")]) {
        let member = Member { desk: Uuid::from_u128(number), who: who.to_owned(), lead: false };
        session(desk).membership.join(member).expect("joined");
    }
    let here = session(&marta);
    here.acting.send(black("099000222", BlacklistChange::Add)).await.expect("it goes out");
    let case = simulator.recordings().swap_remove(0);
    let tagged = common::call(&case, "Ana");
    let request = TagRequest {
        guid: tagged.guid.clone(),
        phone: tagged.source.clone(),
        started_at: tagged.started_at.clone(),
        text: "revisar".to_owned(),
    };
    here.tags.send(request).await.expect("it is sent");
    let state = |desk: &Desk| {
        let tags = session(desk).tags.of(std::slice::from_ref(&tagged.guid)).expect("readable");
        tags.first().map(|tag| tag.state)
    };
    common::until("the server shows it", || state(&marta) == Some(TagState::Confirmed)).await;
    let call_back = Operation::Task(Task {
        mode: TaskMode::Dialer,
        campaign: "Ventas->".to_owned(),
        destination: "099000333".to_owned(),
        alternatives: Alternatives::default(),
        agent: String::new(),
        data: Parameters::default(),
        source: String::new(),
    });
    let items =
        vec![RequestedItem { label: "1".to_owned(), operation: call_back, unless_reached_since: None }];
    let (key, title, kind) = ("k".to_owned(), "Back".to_owned(), BatchKind::CallBack);
    let (tell, mut told) = unbounded_channel();
    let batch = BatchRequest { key, title, kind, items };
    here.outreach.begin(batch, move |update| drop(tell.send(update))).await.expect("begun");
    common::first(&mut told, |update| matches!(update, SendingUpdate::Over { .. }).then_some(())).await;

    let mut log = Vec::new();
    carry(&mut log, &[&marta, &ana]);
    let there = session(&ana);
    let numbers = there.outreach.blacklist("", 0, 9).expect("kept").numbers;
    let numbers: Vec<_> = numbers.iter().map(|one| (one.phone.as_str(), one.person.as_str())).collect();
    assert_eq!(numbers, [("099000222", "Marta")], "what came before the team is nobody's but hers");
    assert_eq!(state(&ana), Some(TagState::Confirmed));
    let called = team(&ana).all(Kind::CalledBack).expect("readable");
    assert!(matches!(&called[0].state, State::Said(said)
        if matches!(&**said, What::CalledBack { number, called: true, .. } if number == "099000333")));
    // Each line of the trail is in the log with its end, and no copy keeps it a second time.
    let lines = |ended: bool| {
        let one = |next: &&Numbered| matches!(&next.change.what, What::Audit { outcome, .. } if outcome.is_some() == ended);
        log.iter().filter(one).count()
    };
    assert_eq!((lines(false), lines(true)), (3, 3));
    // What leaves the program's care is in it too.
    marta.exported("calls", "ventas", "/tmp/calls.csv");
    carry(&mut log, &[&marta, &ana]);
    let told =
        |next: &Numbered| matches!(&next.change.what, What::Audit { operation, .. } if operation == "export");
    assert_eq!(log.iter().filter(|next| told(next)).count(), 1);
    let figures = [&marta, &ana].map(|desk| team(desk).fingerprint().expect("readable"));
    assert_eq!(figures[0], figures[1]);
    here.acting.send(black("099000222", BlacklistChange::Remove)).await.expect("it goes out");
    carry(&mut log, &[&marta, &ana]);
    assert_eq!(there.outreach.blacklist("", 0, 9).expect("kept").total, 0);
    drop((here, there));
    for desk in [marta, ana] {
        desk.sign_out().await.expect("it ends");
    }
}

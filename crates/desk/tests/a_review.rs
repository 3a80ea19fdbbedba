//! A reviewer's day at the desk without a window: draw, hear, note, tag, disposition, score, calibrate, report, back up.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::{Call, SoundFilter, TagState};
use atalaya_desk::Desk;
use atalaya_desk::wire::{BatchOutcome, BatchUpdate, DispositionRequest, TagRequest, WriteOutcome};
use atalaya_review::Reviews;
use atalaya_review::wire::{
    Answer, Card, CommentRule, ItemState, Kind, Question, ReportBy, ReportFilter, SampleRequest,
    SampleUpdate, Section, Value,
};
use atalaya_simulator::{Endpoint, Fault, Simulator};
use atalaya_store::AuditFilter;
use tokio::sync::mpsc::unbounded_channel;

mod common;
use common::{PASSWORD, centre, desk, first, request, session};

async fn sign_in(desk: &Desk, simulator: &Simulator) {
    desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
    let mut settings = desk.settings();
    "Marta".clone_into(&mut settings.reviewer);
    settings.requests_per_second = 20;
    desk.set_settings(settings).expect("a name is kept");
}

fn card() -> Card {
    let question = |id: &str, weight, fatal| Question {
        id: id.to_owned(),
        text: id.to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight,
        fatal,
        optional: true,
        comment: CommentRule::Never,
    };
    let questions =
        vec![question("greeting", 1.0, false), question("solution", 3.0, false), question("law", 1.0, true)];
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions }];
    Card { id: "card".to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn answers(greeting: Value) -> BTreeMap<String, Answer> {
    let answer = |value| Answer { value: Some(value), comment: String::new() };
    [("greeting", greeting), ("solution", Value::Yes), ("law", Value::Yes)]
        .map(|(id, value)| (id.to_owned(), answer(value)))
        .into()
}

/// Of two days ago where the contact centre is: that stays the same day for as long as the test takes.
fn wanted(simulator: &Simulator) -> SampleRequest {
    let day = (simulator.now() - chrono::Duration::days(2)).format("%Y-%m-%d").to_string();
    SampleRequest {
        name: "Two days ago".to_owned(),
        from: format!("{day} 00:00:00"),
        to: format!("{day} 23:59:59"),
        campaign: String::new(),
        agents: Vec::new(),
        per_agent: 2,
        each: BTreeMap::new(),
        direction: None,
        disposition: String::new(),
        min_secs: 60,
        max_secs: None,
        skip_reviewed: true,
        card: "card".to_owned(),
        seed: None,
        sound: SoundFilter::default(),
    }
}

async fn drawn(desk: &Desk, request: SampleRequest) -> SampleUpdate {
    let (send, mut told) = unbounded_channel();
    session(desk).sampling.draw(request, move |update| drop(send.send(update))).expect("it begins");
    first(&mut told, |update| {
        (!matches!(update, SampleUpdate::Reading { .. } | SampleUpdate::Measuring { .. })).then_some(update)
    })
    .await
}

fn tag(call: &Call, text: &str) -> TagRequest {
    TagRequest {
        guid: call.guid.clone(),
        phone: call.source.clone(),
        started_at: call.started_at.clone(),
        text: text.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_judging_is_kept_told_and_put_back() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk(home.path()).await;
    sign_in(&desk, &simulator).await;
    session(&desk).judging.save_card(&card()).expect("the card makes sense");

    // A sample, twice the same with the same seed, then without what is in it already.
    let SampleUpdate::Done { sample, .. } = drawn(&desk, wanted(&simulator)).await else {
        panic!("not drawn")
    };
    let seed = sample.request.seed;
    assert!(seed.is_some() && sample.calls >= 12, "{sample:?}");
    let items = session(&desk).judging.ask(|reviews| reviews.sample_items(sample.id)).expect("readable");
    assert!(items.iter().all(|item| item.call.talk_secs >= Some(60) && item.state == ItemState::Open));
    let again = SampleRequest { seed, skip_reviewed: false, ..wanted(&simulator) };
    let SampleUpdate::Done { sample: twin, .. } = drawn(&desk, again).await else { panic!("not drawn") };
    let guids = |id| {
        session(&desk)
            .judging
            .ask(|reviews| reviews.sample_items(id))
            .expect("readable")
            .into_iter()
            .map(|item| item.call.guid)
            .collect::<Vec<_>>()
    };
    assert_eq!(guids(twin.id), guids(sample.id));
    session(&desk).judging.remove_sample(twin.id).expect("it goes");
    let SampleUpdate::Done { sample: other, .. } =
        drawn(&desk, SampleRequest { seed, ..wanted(&simulator) }).await
    else {
        panic!("not drawn")
    };
    assert!(
        guids(other.id).iter().all(|guid| !guids(sample.id).contains(guid)),
        "what waits is not drawn again"
    );

    // One call judged, one left out.
    let call = &items[0].call;
    let review = session(&desk).judging.open_review(call, "card").expect("it begins");
    assert_eq!(review.reviewer, "Marta");
    session(&desk).judging.add_note(call, 12.0, "promised too much", true).expect("it is kept");
    session(&desk)
        .judging
        .ask(|reviews| reviews.change(review.id, answers(Value::No), "nearly"))
        .expect("it is kept");
    assert_eq!(session(&desk).judging.finish_review(review.id).expect("whole").scored.percent, Some(80.0));
    let sample = session(&desk)
        .judging
        .skip_item(sample.id, &items[1].call.guid, Some("no sound"))
        .expect("it is kept");
    assert_eq!((sample.done, sample.skipped), (1, 1));
    let rows = session(&desk)
        .judging
        .ask(|reviews| reviews.report(&ReportFilter::default(), ReportBy::Reviewer))
        .expect("readable");
    assert_eq!((rows.len(), rows[0].average), (1, Some(80.0)));

    // One tag to three calls, one of which refuses to be reached.
    let calls: Vec<&Call> = items.iter().take(3).map(|item| &item.call).collect();
    session(&desk).tags.send(tag(calls[0], "revisar")).await.expect("it is sent");
    simulator.faults().set(
        Endpoint::Tag,
        Fault::Status { code: 500, retry_after: None, text: String::new() },
        Some(1),
    );
    let (send, mut told) = unbounded_channel();
    let requests = calls.iter().map(|call| tag(call, "revisar")).collect();
    session(&desk).tag_batch.begin(requests, move |update| drop(send.send(update)));
    let done = |update| match update {
        BatchUpdate::Done { lines, cancelled: false, .. } => Some(lines),
        _ => None,
    };
    let lines = first(&mut told, done).await;
    let outcomes: Vec<BatchOutcome> = lines.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [BatchOutcome::Already, BatchOutcome::Unknown, BatchOutcome::Done]);
    let failed = session(&desk).tags.of(&[calls[1].guid.clone()]).expect("readable");
    assert_eq!(failed[0].state, TagState::Unknown, "it may have arrived, and is not sent again by itself");
    assert_eq!(simulator.stats().tags, 2);

    // A tipificación: refused in the server's words, then taken and remembered.
    let disposition = |level2: &str| DispositionRequest {
        campaign: call.campaign.clone(),
        agent: call.agent.clone().unwrap_or_default(),
        phone: call.source.clone(),
        guid: call.guid.clone(),
        level1: "Venta".to_owned(),
        level2: level2.to_owned(),
        level3: String::new(),
        d1: String::new(),
        d2: String::new(),
        campaign_to_reschedule: String::new(),
        comment: String::new(),
        schedule: String::new(),
        tag: String::new(),
    };
    let send = async |level2: &str| {
        let sent = session(&desk).judging.send_disposition(disposition(level2)).await.expect("it was sent");
        (sent.outcome, sent.problem)
    };
    let (outcome, why) = send("Fiado").await;
    let why = why.expect("there is none");
    assert_eq!((outcome, why.code.as_str()), (WriteOutcome::Refused, "refused"));
    assert!(why.params["detail"].contains("level2: Fiado"), "{why:?}");
    assert_eq!(send("Contado").await, (WriteOutcome::Done, None));
    // What was told the server from here is known of the call, and drawn by; of the others nothing is known.
    let sold =
        SampleRequest { disposition: "CONTADO".to_owned(), skip_reviewed: false, ..wanted(&simulator) };
    let SampleUpdate::Done { sample: sold, undisposed, .. } = drawn(&desk, sold).await else {
        panic!("not drawn")
    };
    assert_eq!(guids(sold.id), std::slice::from_ref(&call.guid));
    assert!(undisposed >= sample.calls - 1, "{undisposed}");
    session(&desk).judging.remove_sample(sold.id).expect("it goes");
    let known = session(&desk).judging.ask(|reviews| reviews.dispositions(&call.campaign)).expect("readable");
    assert_eq!((known.len(), known[0].level2.as_str(), known[0].times), (1, "Contado", 1));
    // Cut off: the trail was written before it left, and says that nobody knows.
    simulator.faults().set(Endpoint::Disposition, Fault::Reset { after: 0 }, Some(1));
    let (outcome, why) = send("Contado").await;
    assert_eq!((outcome, why.is_some()), (WriteOutcome::Unknown, true), "it was cut off");

    let lines = |operation: &str| {
        let filter = AuditFilter { operation: operation.to_owned(), ..AuditFilter::default() };
        let lines = desk.audit_lines(&filter, true).expect("readable");
        lines.into_iter().map(|line| line.outcome).collect::<Vec<_>>()
    };
    assert_eq!(lines("DispositionCall"), [WriteOutcome::Unknown, WriteOutcome::Done, WriteOutcome::Refused]);
    assert_eq!(
        (lines("score").len(), lines("note").len(), lines("skip").len(), lines("sample").len()),
        (1, 1, 1, 4)
    );

    // Everything into one file, and back after more was done.
    let backup = home.path().join("copy.sqlite");
    let content = desk.back_up(&backup).await.expect("it is written");
    assert!(content.rows.contains(&("review".to_owned(), 1)), "{content:?}");
    session(&desk).judging.reopen_review(review.id).expect("it opens");
    let before = desk.restore(&backup).await.expect("it is put back");
    assert!(Path::new(&before).exists());
    let told = desk.session_state().signed_out_reason.expect("it is told where the person is now");
    assert_eq!((told.code.as_str(), &told.params["path"]), ("restored", &before));
    assert_eq!(desk.session().err().expect("signed out").code, "signedOut");
    assert_eq!(desk.settings().reviewer, "Marta");
    sign_in(&desk, &simulator).await;
    assert_eq!(
        session(&desk).judging.ask(|reviews| reviews.review(review.id)).expect("it is there").scored.percent,
        Some(80.0)
    );
    assert!(
        session(&desk)
            .judging
            .ask(|reviews| reviews.review(review.id))
            .expect("it is there")
            .finished_ms
            .is_some()
    );
    std::fs::write(&backup, "no database").expect("a file");
    assert_eq!(desk.restore(&backup).await.expect_err("it is none").code, "storeUnreadable");
    assert!(desk.session().is_ok(), "a file that is none does not even sign out");
    desk.sign_out().await.expect("it ends");
}

#[tokio::test]
async fn drawing_can_be_stopped_and_says_what_fails() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk(home.path()).await;
    sign_in(&desk, &simulator).await;
    session(&desk).judging.save_card(&card()).expect("the card makes sense");
    simulator.faults().set(Endpoint::Records, Fault::Hang, None);
    let (send, mut told) = unbounded_channel();
    session(&desk)
        .sampling
        .draw(wanted(&simulator), move |update| drop(send.send(update)))
        .expect("it begins");
    session(&desk).sampling.cancel();
    assert_eq!(first(&mut told, Some).await, SampleUpdate::Cancelled);
    simulator.faults().clear();
    simulator.faults().set(Endpoint::Records, Fault::Zero, None);
    let SampleUpdate::Failed { problem } = drawn(&desk, wanted(&simulator)).await else {
        panic!("not failed")
    };
    assert_eq!(problem.code, "refused");
    assert!(session(&desk).judging.ask(Reviews::samples).expect("readable").is_empty(), "nothing was kept");
    let odd = SampleRequest { per_agent: 0, ..wanted(&simulator) };
    assert_eq!(
        session(&desk).sampling.draw(odd, |_| ()).expect_err("it makes no sense").code,
        "reviewInvalid"
    );
    desk.sign_out().await.expect("it ends");
}

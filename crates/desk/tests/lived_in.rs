//! A demonstration's rooms are lived in: everything a supervisor and an analyst look for is there, by people of the
//! simulated contact centre, and the same every time it stands at the same moment.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::Path;

use atalaya_clock::Clock;
use atalaya_desk::wire::AlertsTold;
use atalaya_desk::{DemoWorld, Desk, Options, Paths};
use atalaya_player::OutputChoice;
use atalaya_review::Reviews;
use atalaya_review::wire::{ItemState, ReportBy, ReportFilter, ReviewFilter};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::unbounded_channel;

mod common;

use common::{first, session};

/// Tuesday, 10 March 2026, 14:10.
const AT_MS: i64 = 1_773_151_800_000;

async fn demonstration(home: &Path) -> Desk {
    let desk = Desk::open(Options {
        paths: Paths::below(home),
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: Clock::held(AT_MS).clock(),
        demo: Some(DemoWorld::Still),
    })
    .await
    .expect("the desk opens");
    assert!(desk.sign_in_to_demo().await.expect("signed in").signed_in);
    desk
}

/// What can be seen of it, without the keys of this run.
fn seen(desk: &Desk) -> Vec<String> {
    let judging = &session(desk).judging;
    let lines = judging.ask(|reviews| reviews.list(&ReviewFilter::default(), 500)).expect("readable");
    let reviews = lines.into_iter().map(|line| {
        let finished = line.finished_ms.expect("nobody stopped in the middle");
        format!("{} {} {} {:?} {finished}", line.guid, line.reviewer, line.card, line.percent)
    });
    let notes = judging.ask(|reviews| reviews.find_notes("", 200)).expect("readable");
    let notes = notes.into_iter().map(|one| format!("{} {}", one.note.at_secs, one.note.text));
    let samples = judging.samples().expect("readable").into_iter();
    let samples = samples.map(|one| format!("{} {}/{}", one.request.name, one.done, one.calls));
    reviews.chain(notes).chain(samples).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn its_rooms_are_lived_in_and_alike_every_time() {
    let homes = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let desk = demonstration(homes[0].path()).await;
    let here = session(&desk);
    let judging = &here.judging;

    let cards = judging.ask(Reviews::cards).expect("readable");
    assert_eq!(cards.len(), 3);
    let samples = judging.samples().expect("readable");
    let [half, through] = samples.as_slice() else { panic!("two worklists: {samples:?}") };
    assert!(half.done >= 4 && half.skipped == 1 && half.done + half.skipped < half.calls, "{half:?}");
    assert!(through.calls > 4 && through.done + through.skipped == through.calls, "{through:?}");
    let items = judging.sample_items(half.id).expect("readable");
    assert!(items.iter().any(|item| item.state == ItemState::Open && !item.call.legs.is_empty()));

    let filter = ReportFilter::default();
    let days = judging.ask(|reviews| reviews.report(&filter, ReportBy::Day)).expect("readable");
    assert!(days.len() >= 6, "of three weeks: {days:?}");
    let agents = judging.ask(|reviews| reviews.report(&filter, ReportBy::Agent)).expect("readable");
    assert!(agents.len() >= 6 && agents.iter().all(|agent| agent.reviews >= 3), "{agents:?}");
    assert!(agents.iter().any(|agent| agent.average > Some(80.0)));
    let lines = judging.ask(|reviews| reviews.list(&ReviewFilter::default(), 500)).expect("readable");
    assert!(lines.iter().any(|line| line.feedback.acknowledged.is_some()));

    let calibrations = judging.ask(Reviews::calibrations).expect("readable");
    assert_eq!((calibrations[0].reviewers.len(), calibrations[0].people), (2, 3));
    assert!(!judging.ask(|reviews| reviews.find_notes("", 200)).expect("readable").is_empty());
    assert!(!here.tags.recent().expect("readable").is_empty());
    let settings = desk.settings();
    assert!(!settings.views.is_null() && !settings.searches.is_null() && !settings.tag_presets.is_empty());
    assert!(!settings.welcomed, "what to do first is offered here too");

    // Nobody judges who is not of the simulated contact centre.
    let moment = here.past.moment(AT_MS - 600_000).await.expect("readable");
    let floor = moment.snapshot.expect("watched");
    let people: BTreeSet<String> = floor.agents.iter().map(|agent| agent.name.clone()).collect();
    let reviewers: BTreeSet<String> = lines.iter().map(|line| line.reviewer.clone()).collect();
    assert!(reviewers.len() == 3 && reviewers.is_subset(&people), "{reviewers:?}");
    assert!(reviewers.contains(&settings.reviewer));

    // One of them sees to what is wrong at a campaign, and it is not whoever sits here.
    let (tell, mut told) = unbounded_channel();
    let looking = desk.clone();
    tokio::spawn(async move { looking.alert_updates(|told| tell.send(told).is_ok()).await });
    let seen_to = first(&mut told, |told: AlertsTold| {
        told.board
            .active
            .into_iter()
            .find(|alert| alert.campaign.is_some() && alert.acknowledged_by.is_some())
    });
    let by = seen_to.await.acknowledged_by.unwrap_or_default();
    assert!(reviewers.contains(&by) && by != settings.reviewer, "{by}");

    let again = demonstration(homes[1].path()).await;
    assert_eq!(seen(&again), seen(&desk));
}

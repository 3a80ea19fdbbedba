//! Several windows on one floor: each at its own pace, all of one poller.

use atalaya_desk::Desk;
use atalaya_floor::wire::FloorUpdate;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;
use common::{PASSWORD, centre, desk, first, request};

fn floor_of(desk: &Desk, window: &'static str) -> UnboundedReceiver<FloorUpdate> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.floor_updates(window, |update| tell.send(update).is_ok()).await });
    told
}

fn revision(update: &FloorUpdate) -> u64 {
    match update {
        FloorUpdate::Snapshot { snapshot } => snapshot.revision,
        FloorUpdate::Delta { delta } => delta.revision,
    }
}

/// The window takes what it is sent until it has seen so many updates.
async fn takes(
    desk: &Desk,
    window: &'static str,
    told: &mut UnboundedReceiver<FloorUpdate>,
    updates: u32,
) -> u64 {
    let seen = std::cell::Cell::new(0);
    first(told, |update| {
        desk.floor_taken(window);
        seen.set(seen.get() + 1);
        (seen.get() >= updates).then(|| revision(&update))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_window_holds_up_nobody_and_catches_up_with_one_difference() {
    let (simulator, home) = (centre().await, tempfile::tempdir().expect("a folder"));
    let desk = desk(home.path()).await;
    let mut settings = desk.settings();
    settings.poll_every_secs = 1;
    desk.set_settings(settings).expect("kept");
    desk.sign_in(request(&simulator, PASSWORD)).await.expect("signed in");
    let (mut quick, mut slow) = (floor_of(&desk, "main"), floor_of(&desk, "wall-slow"));
    let held = first(&mut slow, |update| Some(revision(&update))).await;
    let newest = takes(&desk, "main", &mut quick, 5).await;
    assert!(newest > held + 1, "{newest} after {held}");
    assert!(slow.try_recv().is_err(), "it has not taken the last one, so nothing is queued for it");
    desk.floor_taken("wall-slow");
    let (from, to) = first(&mut slow, |update| match update {
        FloorUpdate::Delta { delta } => Some((delta.from, delta.revision)),
        FloorUpdate::Snapshot { .. } => None,
    })
    .await;
    assert!(from == held && to >= newest, "one difference from {held} to {to}, at least {newest}");

    // A snapshot for one is none of the other's business.
    desk.floor_taken("wall-slow");
    desk.floor_resync("wall-slow");
    first(&mut slow, |update| matches!(update, FloorUpdate::Snapshot { .. }).then_some(())).await;
    desk.floor_taken("main");
    first(&mut quick, |update| {
        assert!(matches!(update, FloorUpdate::Delta { .. }));
        Some(())
    })
    .await;
    desk.sign_out().await.expect("signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_nobody_sees_is_sent_nothing_and_is_right_once_it_is_seen() {
    let (simulator, home) = (centre().await, tempfile::tempdir().expect("a folder"));
    let desk = desk(home.path()).await;
    let mut settings = desk.settings();
    settings.poll_every_secs = 1;
    desk.set_settings(settings).expect("kept");
    desk.sign_in(request(&simulator, PASSWORD)).await.expect("signed in");
    let (mut seen, mut hidden) = (floor_of(&desk, "main"), floor_of(&desk, "wall-hidden"));
    let held = takes(&desk, "wall-hidden", &mut hidden, 1).await;
    desk.floor_hidden("wall-hidden", true);
    let newest = takes(&desk, "main", &mut seen, 5).await;
    assert!(newest > held + 1, "{newest} after {held}");
    let told = std::iter::from_fn(|| hidden.try_recv().ok()).last();
    // One may have been on its way.
    let held = told.as_ref().map_or(held, revision);
    desk.floor_taken("wall-hidden");
    let later = takes(&desk, "main", &mut seen, 3).await;
    assert!(hidden.try_recv().is_err(), "nobody sees it");
    desk.floor_hidden("wall-hidden", false);
    let (from, to) = first(&mut hidden, |update| match update {
        FloorUpdate::Delta { delta } => Some((delta.from, delta.revision)),
        FloorUpdate::Snapshot { .. } => None,
    })
    .await;
    assert!(from == held && to >= later, "one difference from {held} to {to}, at least {later}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wallboards_and_settings_are_remembered_and_told_to_every_window() {
    let home = tempfile::tempdir().expect("a folder");
    {
        let desk = desk(home.path()).await;
        let (tell, mut told) = unbounded_channel();
        let watching = desk.clone();
        tokio::spawn(
            async move { watching.settings_updates(|now| tell.send(now.poll_every_secs).is_ok()).await },
        );
        first(&mut told, |secs| (secs == 3).then_some(())).await;
        let mut settings = desk.settings();
        settings.poll_every_secs = 7;
        desk.set_settings(settings).expect("kept");
        first(&mut told, |secs| (secs == 7).then_some(())).await;
        for id in ["one", "two", "one"] {
            desk.set_wall_open(id, true).expect("kept");
        }
        desk.set_wall_open("two", false).expect("kept");
    }
    assert_eq!(desk(home.path()).await.walls_open().expect("read"), ["one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_made_at_the_same_time_undo_none_of_each_other() {
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk(home.path()).await;
    let parts = |value| serde_json::from_value(value).expect("parts");
    std::thread::scope(|scope| {
        for turn in 1..=40 {
            let desk = &desk;
            scope.spawn(move || desk.set_volume(turn as f32 / 100.0).expect("kept"));
            scope.spawn(move || {
                desk.choose(parts(serde_json::json!({ "reviewer": format!("QA {turn}") }))).expect("kept")
            });
            scope
                .spawn(move || desk.choose(parts(serde_json::json!({ "historyDays": turn }))).expect("kept"));
        }
    });
    // Whichever came last of each: none is what it was.
    let now = desk.settings();
    assert!(now.volume <= 0.4 && now.reviewer.starts_with("QA ") && now.history_days <= 40, "{now:?}");
    for odd in
        [serde_json::json!({ "colour": "red" }), serde_json::json!({ "volume": "loud", "reviewer": "x" })]
    {
        assert_eq!(desk.choose(parts(odd)).unwrap_err().code, "settingsInvalid");
    }
    assert_eq!(desk.settings(), now, "nothing of a wrong change holds");
}

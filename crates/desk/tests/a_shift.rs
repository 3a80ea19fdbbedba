//! A shift at the desk without a window: sign in, watch, search, hear, tag, sign out; and what goes wrong meanwhile.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::wire::{Call, LocalFilter, LocateUpdate, Query, Search, SearchUpdate, TagState};
use atalaya_desk::wire::{PlayerUpdate, SessionState, SignInRequest, TagRequest};
use atalaya_desk::{Desk, QuietHours, Settings};
use atalaya_floor::wire::{FloorUpdate, Hears, Severity};
use atalaya_player::wire::Phase;
use atalaya_store::secrets::SecretStoreKind;
use chrono::Timelike;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;
use common::{PASSWORD, PATIENCE, centre, desk, first, listen, open_guid, request, session};

const WINDOW: &str = "main";

fn session_of(desk: &Desk) -> UnboundedReceiver<SessionState> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.session_updates(|state| tell.send(state).is_ok()).await });
    told
}

fn floor_of(desk: &Desk) -> UnboundedReceiver<FloorUpdate> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    tokio::spawn(async move { desk.floor_updates(WINDOW, |update| tell.send(update).is_ok()).await });
    told
}

fn player_of(desk: &Desk) -> UnboundedReceiver<PlayerUpdate> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    std::thread::spawn(move || desk.player_updates(|update| tell.send(update).is_ok()));
    told
}

/// Searches a day to the end; gives what is shown of it.
async fn calls_of(desk: &Desk, day: &str) -> Vec<Call> {
    let (tell, mut told) = unbounded_channel();
    let search =
        Search { from: format!("{day} 00:00:00"), to: format!("{day} 23:59:59"), ..Search::default() };
    let query = Query { search, local: LocalFilter::default() };
    desk.session().expect("signed in").search.begin(query, move |update| drop(tell.send(update)));
    while let Some(update) = told.recv().await {
        match update {
            SearchUpdate::Page { .. } => {}
            SearchUpdate::Done { calls, .. } => {
                let rows = session(desk).search.rows(0, 1_000);
                assert_eq!((rows.total, rows.shown), (calls, calls));
                return rows.rows.into_iter().map(|row| row.call).collect();
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("the search ended without a word")
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_watch_search_hear_tag_and_sign_out() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    let (mut floor, mut player) = (floor_of(&desk), player_of(&desk));

    let wrong = desk.sign_in(request(&simulator, "something else")).await.unwrap_err();
    assert_eq!(wrong.code, "wrongPassword");
    assert!(!desk.session_state().signed_in && desk.session_state().profiles.is_empty());

    let state = desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    assert!(state.signed_in);
    assert_eq!((state.profiles.len(), state.secret_store), (1, SecretStoreKind::Session));
    assert!(state.profiles[0].has_stored_password);

    // The window acknowledges each update; the campaigns come with one of the first.
    let campaigns = first(&mut floor, |update| {
        desk.floor_taken(WINDOW);
        match update {
            FloorUpdate::Snapshot { snapshot } => Some(snapshot.campaigns),
            FloorUpdate::Delta { delta } => Some(delta.campaigns),
        }
        .filter(|campaigns| !campaigns.is_empty())
    })
    .await;
    assert_eq!(campaigns.len(), 4);

    let cases = simulator.recordings();
    let case = cases.iter().find(|case| case.kind == atalaya_simulator::Kind::Tone1kMp3).unwrap();
    let calls = calls_of(&desk, &case.calldate[..10]).await;
    let call = calls.iter().find(|call| call.guid == case.guid).expect("the call is found");

    let mut told = listen(&desk, call, true);
    let place = first(&mut told, |update| match update {
        LocateUpdate::Found { place, .. } => Some(place),
        LocateUpdate::Failed { problem } => panic!("{problem:?}"),
        _ => None,
    })
    .await;
    assert_eq!(place.host.name(), case.host);
    let playing = first(&mut player, |update| match update {
        PlayerUpdate::Transport { transport, .. }
            if transport.phase == Phase::Playing && transport.duration_exact =>
        {
            Some(transport)
        }
        _ => None,
    })
    .await;
    let duration = playing.duration_secs.unwrap();
    // The encoder pads the last frames of the five seconds.
    assert!((duration - f64::from(case.seconds)).abs() < 0.2, "{duration} s");
    assert_eq!(open_guid(&desk).as_deref(), Some(case.guid.as_str()));

    // A part of it is taken along as a file, and the trail says so.
    let file = home.path().join("part.wav");
    session(&desk).saving().unwrap().save(&file, Some(1.0), Some(2.5)).await.unwrap();
    let written = std::fs::metadata(&file).unwrap().len();
    assert_eq!(written, 44 + 2 * 8_000 * 3 / 2, "a second and a half");
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 44 + 2 * 12_000);
    let nowhere = session(&desk)
        .saving()
        .unwrap()
        .save(&home.path().join("missing/part.wav"), None, None)
        .await
        .unwrap_err();
    assert_eq!(nowhere.code, "writeFailed");
    let nothing = session(&desk).saving().unwrap().save(&file, Some(90.0), None).await.unwrap_err();
    assert_eq!(nothing.code, "tooShort");
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 24_044, "what was there stays");
    let halves = std::fs::read_dir(home.path()).unwrap();
    let halves = halves.filter(|file| file.as_ref().unwrap().path().extension() == Some("part".as_ref()));
    assert_eq!(halves.count(), 0, "and no half file beside it");

    // Where nobody answered there is nothing to convert.
    let unanswered = calls.iter().find(|call| !call.answered).expect("some are not");
    let mut told = listen(&desk, unanswered, true);
    let problem = first(&mut told, |update| match update {
        LocateUpdate::Failed { problem } => Some(problem),
        _ => None,
    })
    .await;
    assert_eq!((problem.code.as_str(), simulator.stats().converts), ("neverAnswered", 0));
    assert_eq!(
        session(&desk).saving().unwrap().save(&file, None, None).await.unwrap_err().code,
        "nothingOpen"
    );

    let (tell, mut tags) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.tag_updates(|tag| tell.send(tag).is_ok()).await });
    let tag = TagRequest {
        guid: case.guid.clone(),
        phone: case.phone.clone(),
        started_at: case.calldate.clone(),
        text: "una venta".to_owned(),
    };
    desk.set_draft("tag", Some("una ve")).unwrap();
    session(&desk).tags.send(tag).await.unwrap();
    first(&mut tags, |tag| (tag.state == TagState::Confirmed).then_some(())).await;
    assert_eq!(desk.draft("tag").unwrap().as_deref(), Some("una ve"), "a draft goes only when it is told to");

    let state = desk.sign_out().await.unwrap();
    assert!(!state.signed_in && state.signed_out_reason.is_none());
    assert_eq!(open_guid(&desk), None);
    let stats = simulator.stats();
    assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (1, 1, 0));
    assert_eq!(desk.session().err().unwrap().code, "signedOut");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_and_typed_is_there_at_the_next_start() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let day = simulator.recordings()[0].calldate[..10].to_owned();
    {
        let desk = desk(home.path()).await;
        desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
        let mut settings = desk.settings();
        settings.volume = 0.25;
        settings.reviewer = "QA one".to_owned();
        desk.set_settings(settings).unwrap();
        desk.set_draft("note", Some("half a sentence")).unwrap();
        calls_of(&desk, &day).await;
        desk.sign_out().await.unwrap();
    }
    let desk = desk(home.path()).await;
    assert_eq!((desk.settings().volume, desk.settings().reviewer.as_str()), (0.25, "QA one"));
    assert_eq!(desk.draft("note").unwrap().as_deref(), Some("half a sentence"));
    let profile = desk.session_state().profile.expect("the profile of last time is offered");
    assert_eq!(profile.server_url, simulator.server_url());
    // Memory of a session does not outlive the program: the password is asked for again.
    assert!(!profile.has_stored_password);
    let again = SignInRequest { profile_id: Some(profile.id), password: None, ..request(&simulator, "") };
    assert_eq!(desk.sign_in(again).await.unwrap_err().code, "passwordNeeded");
    desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    let query = session(&desk).search.last_query().unwrap().expect("the last search is remembered");
    assert!(query.search.from.starts_with(&day));
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_heard_where_recordings_sound() {
    let home = tempfile::tempdir().unwrap();
    let desk = desk(home.path()).await;
    desk.chime(Severity::Bad);
    let began = std::time::Instant::now();
    loop {
        let heard = desk.player().pull(480).expect("without a device it is pulled");
        if heard.iter().any(|sample| sample.abs() > 0.05) {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "nothing is heard");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_raises_an_alert_that_is_seen_to_and_ends_by_itself() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    let mut settings = desk.settings();
    settings.poll_every_secs = 1;
    for rule in &mut settings.rules {
        rule.hears = Hears::Nobody;
        if rule.id == "serverAway" {
            rule.hears = Hears::Notice;
            (rule.warn, rule.bad) = (Some(3.0), Some(60.0));
        }
    }
    desk.set_settings(settings).unwrap();
    let (tell, mut boards) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.alert_updates(|told| tell.send(told.board).is_ok()).await });
    desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    let mut floor = floor_of(&desk);
    first(&mut floor, |update| {
        desk.floor_taken(WINDOW);
        let health = match update {
            FloorUpdate::Snapshot { snapshot } => snapshot.health,
            FloorUpdate::Delta { delta } => delta.health,
        };
        health.last_ok_ms
    })
    .await;
    simulator.down();
    let alert = first(&mut boards, |board| board.active.into_iter().next()).await;
    assert_eq!((alert.parts[0].rule.as_str(), alert.parts[0].limit), ("serverAway", 3.0));
    session(&desk).acknowledge(alert.id);
    first(&mut boards, |board| board.active.first().and_then(|alert| alert.acknowledged_ms)).await;
    session(&desk).let_go(alert.id);
    session(&desk).alerts.snooze(alert.id, 5);
    first(&mut boards, |board| {
        let alert = board.active.into_iter().next()?;
        alert.snoozed_until_ms.filter(|_| alert.acknowledged_by.is_none())
    })
    .await;
    session(&desk).alerts.snooze(alert.id, 0);
    // The rules are looked at on and on, whether anything comes of it or not; what is derived of the server has stopped.
    let before =
        first(&mut boards, |board| board.stepped_ms.filter(|_| board.known_until_ms.is_some())).await;
    first(&mut boards, |board| board.stepped_ms.filter(|now| *now > before + 2_000)).await;

    // Quiet or muted it is heard less, and there as before.
    let now = chrono::Utc::now().with_timezone(&chrono::Local);
    let from_min = now.hour() * 60 + now.minute();
    let quiet_hours = Some(QuietHours { from_min, until_min: (from_min + 60) % 1_440 });
    desk.mute_alerts(5);
    let mut settings = desk.settings();
    settings.quiet_hours = quiet_hours;
    desk.set_settings(settings.clone()).unwrap();
    let board =
        first(&mut boards, |board| (board.quiet && board.muted_until_ms.is_some()).then_some(board)).await;
    assert_eq!(board.active[0].id, alert.id);
    settings.quiet_hours = None;
    desk.set_settings(settings).unwrap();
    desk.mute_alerts(0);
    first(&mut boards, |board| (!board.quiet && board.muted_until_ms.is_none()).then_some(())).await;
    simulator.up();
    let over =
        first(&mut boards, |board| board.history.into_iter().next().filter(|_| board.active.is_empty()))
            .await;
    assert_eq!(over.id, alert.id);
    assert!(over.resolved_ms.is_some());
    desk.sign_out().await.unwrap();
    first(&mut boards, |board| (board.active.is_empty() && board.history.is_empty()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_somebody_on_the_floor_is_told() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    assert_eq!(desk.session().err().unwrap().code, "signedOut");
    desk.mute_alerts(5);
    desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    let mut floor = floor_of(&desk);
    let agent = first(&mut floor, |update| {
        desk.floor_taken(WINDOW);
        match update {
            FloorUpdate::Snapshot { snapshot } => snapshot.agents,
            FloorUpdate::Delta { delta } => delta.agents,
        }
        .into_iter()
        .next()
    })
    .await;
    let day = session(&desk).floor.agent_day(&agent.location).expect("seen");
    assert_eq!((&day.name, day.states.len()), (&agent.name, 9));
    let campaigns: Vec<_> = day.campaigns.iter().map(|seat| &seat.campaign).collect();
    assert!(agent.campaigns.iter().all(|name| campaigns.contains(&name)), "{campaigns:?}");
    assert_eq!(session(&desk).floor.agent_day("SIP/nobody"), None);
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_states_of_the_session_the_newer_has_the_higher_number() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    let mut turns = vec![desk.session_state().turn];
    turns.push(desk.sign_in(request(&simulator, PASSWORD)).await.unwrap().turn);
    desk.set_settings(Settings { reviewer: "Q 7".to_owned(), ..desk.settings() }).unwrap();
    turns.push(desk.session_state().turn);
    // Ends the session at hand first, and that is a state too.
    turns.push(desk.sign_in(request(&simulator, PASSWORD)).await.unwrap().turn - 1);
    turns.push(desk.session_state().turn);
    let out = desk.sign_out().await.unwrap();
    turns.push(out.turn);
    let id = out.profile.expect("it is kept").id;
    turns.push(desk.remove_profile(&id).await.unwrap().turn);
    assert!(turns.is_sorted_by(|earlier, later| earlier < later), "{turns:?}");
    // What is no other is told to nobody.
    desk.set_settings(desk.settings()).unwrap();
    assert_eq!(Some(&desk.remove_profile(&id).await.unwrap().turn), turns.last());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_used_elsewhere_is_signed_out_with_the_reason() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    let mut session = session_of(&desk);
    desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    first(&mut session, |state| state.signed_in.then_some(())).await;
    // Another program of this account signs in again and again.
    let elsewhere = tokio::spawn({
        let simulator = Arc::new(simulator);
        async move {
            loop {
                simulator.expire_tokens();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let reason = first(&mut session, |state| state.signed_out_reason).await;
    elsewhere.abort();
    assert!(["signedInElsewhere", "signedOut"].contains(&reason.code.as_str()), "{reason:?}");
    assert!(!desk.session_state().signed_in);
    let diagnostics = desk.diagnostics();
    assert!(diagnostics.last_errors.iter().any(|line| line.problem.code == reason.code));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_left_in_any_file() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let log = atalaya_desk::logging::start(&home.path().join("logs"));
    let desk = desk(home.path()).await;
    desk.sign_in(request(&simulator, "something else")).await.unwrap_err();
    desk.sign_in(request(&simulator, PASSWORD)).await.unwrap();
    simulator.expire_tokens();
    let case = simulator.recordings().swap_remove(0);
    calls_of(&desk, &case.calldate[..10]).await;
    desk.sign_out().await.unwrap();
    drop((desk, log));
    let mut files = 0;
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            // Every token is base64 of "supervisor:…".
            for secret in [PASSWORD, "marked%2Bpassword", "something else", "c3VwZXJ2aXNvcj"] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{} is its owner's alone", path.display());
            }
        }
    }
    assert!(files >= 2, "the store and the log are there");
}

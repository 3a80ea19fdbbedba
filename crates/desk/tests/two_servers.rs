//! One session after another, at two servers: nothing of the one reaches the other, whatever was under way.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::time::Duration;

use atalaya_calls::wire::{Call, LocateUpdate, Query, Search, SearchUpdate, TagState};
use atalaya_desk::wire::{BatchUpdate, ListenRequest, PlayerUpdate, SignInRequest, TagRequest, WriteOutcome};
use atalaya_desk::{Desk, Settings};
use atalaya_player::wire::Phase;
use atalaya_simulator::{Config, Endpoint, Fault, Kind, Simulator};
use atalaya_store::AuditFilter;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod common;
use common::{PATIENCE, desk, first, listen, open_guid, request, session, signed_in, until};

async fn centre(seed: u64) -> Simulator {
    let config = Config {
        campaigns: 4,
        agents: 20,
        calls_per_day: 120,
        moving: false,
        seed,
        password: format!("password {seed}"),
        ..Config::default()
    };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

fn signing_in(simulator: &Simulator) -> SignInRequest {
    SignInRequest { keep: false, ..request(simulator, simulator.password()) }
}

/// The calls of a day with recordings.
async fn calls(desk: &Desk, simulator: &Simulator) -> Vec<Call> {
    let day = simulator.recordings()[0].calldate[..10].to_owned();
    let (tell, mut told) = unbounded_channel();
    session(desk).search.begin(of_day(&day), move |update| drop(tell.send(update)));
    first(&mut told, |update| matches!(update, SearchUpdate::Done { .. }).then_some(())).await;
    session(desk).search.rows(0, 1_000).rows.into_iter().map(|row| row.call).collect()
}

fn of_day(day: &str) -> Query {
    let search =
        Search { from: format!("{day} 00:00:00"), to: format!("{day} 23:59:59"), ..Search::default() };
    Query { search, ..Query::default() }
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
async fn what_is_left_of_a_batch_never_goes_to_the_next_server() {
    let (one, other, home) = (centre(1).await, centre(2).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    let requests: Vec<TagRequest> =
        calls(&desk, &one).await.iter().take(30).map(|call| tag(call, "x")).collect();
    let (tell, mut told) = unbounded_channel();
    session(&desk).tag_batch.begin(requests, move |update| drop(tell.send(update)));
    first(&mut told, |update| matches!(update, BatchUpdate::Going { done: 2, .. }).then_some(())).await;
    desk.sign_in(signing_in(&other)).await.expect("signs in elsewhere");
    let (cancelled, reached) = first(&mut told, |update| match update {
        BatchUpdate::Done { cancelled, lines, .. } => Some((cancelled, lines.len())),
        BatchUpdate::Going { .. } => None,
    })
    .await;
    assert!(cancelled && (2..30).contains(&reached), "{reached}");
    // Whatever would still come needs the server: two answers of it pass meanwhile.
    calls(&desk, &other).await;
    calls(&desk, &other).await;
    assert_eq!((one.stats().tags, other.stats().requests.get("tag")), (reached as u64, None));
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_under_way_when_the_session_ends_is_given_two_seconds_and_is_then_unknown() {
    let (one, home) = (centre(1).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    let call = calls(&desk, &one).await.swap_remove(0);
    one.faults().set(Endpoint::Tag, Fault::Silent, None);
    let sending = tokio::spawn({
        let (desk, request) = (desk.clone(), tag(&call, "sin respuesta"));
        async move { session(&desk).tags.send(request).await }
    });
    until("the tag is at the server", || one.stats().tags == 1).await;
    let began = std::time::Instant::now();
    desk.sign_out().await.unwrap();
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(4), "{took:?}");
    let lines = desk.audit_lines(&AuditFilter::default(), false).unwrap();
    assert_eq!((lines[0].operation.as_str(), lines[0].outcome), ("TagRecord", WriteOutcome::Unknown));
    assert_eq!(sending.await.unwrap().unwrap().state, TagState::Unknown);
    // Nobody is given the session any more, and a handle kept of it sends nothing.
    assert_eq!(desk.session().err().unwrap().code, "signedOut");
    assert_eq!(one.stats().tags, 1);
    one.faults().clear();
    desk.sign_in(signing_in(&one)).await.unwrap();
    let tags = session(&desk).tags.of(&[call.guid]).unwrap();
    assert_eq!(tags[0].state, TagState::Unknown, "it is not offered as if it had not been sent");
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_kept_of_a_session_that_ended_sends_nothing() {
    let (one, home) = (centre(1).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    let call = calls(&desk, &one).await.swap_remove(0);
    let kept = session(&desk);
    desk.sign_out().await.unwrap();
    let refused = kept.tags.send(tag(&call, "tarde")).await.expect_err("it has ended");
    assert_eq!(refused.code, "signedOut");
    let requests: u64 = one.stats().requests.values().sum();
    let (tell, mut told) = unbounded_channel();
    kept.search.begin(of_day(&call.started_at[..10]), move |update| drop(tell.send(update)));
    let last = first(&mut told, Some).await;
    assert!(matches!(last, SearchUpdate::Cancelled | SearchUpdate::Failed { .. }), "{last:?}");
    let after: u64 = one.stats().requests.values().sum();
    assert_eq!((after, one.stats().tags), (requests, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_kept_is_ended_at_the_server() {
    let (one, home) = (centre(1).await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    // Another program has the file for itself, longer than anybody waits for it.
    let blocking = rusqlite::Connection::open(home.path().join("atalaya.sqlite")).unwrap();
    blocking.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = desk.sign_in(signing_in(&one)).await.expect_err("the profile cannot be kept");
    assert!(refused.code.starts_with("store"), "{refused:?}");
    assert!(!desk.session_state().signed_in);
    let stats = one.stats();
    assert_eq!((stats.logins, stats.end_sessions, stats.sessions_open), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_one_session_is_not_the_end_of_the_next() {
    let (one, other, home) = (centre(1).await, centre(2).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    let call = calls(&desk, &one).await.swap_remove(0);
    // A write of the first session is under way while somebody signs in elsewhere, and is answered by the end of that
    // session: its token is refused, and the new one too.
    one.faults().set(Endpoint::Tag, Fault::Slow { millis: 700 }, Some(1));
    one.faults().set(Endpoint::Tag, Fault::ExpiredToken, Some(1));
    let sending = tokio::spawn({
        let (desk, request) = (desk.clone(), tag(&call, "tarde"));
        async move { session(&desk).tags.send(request).await }
    });
    until("the tag is on its way", || one.stats().requests.contains_key("tag")).await;
    one.expire_tokens();
    desk.sign_in(signing_in(&other)).await.expect("signs in elsewhere");
    let tag = sending.await.unwrap().unwrap();
    assert_eq!(
        tag.problem.map(|problem| problem.code).as_deref(),
        Some("signedOut"),
        "the first one was ended"
    );
    // Whoever waited for that has had the time of two searches.
    calls(&desk, &other).await;
    calls(&desk, &other).await;
    assert!(desk.session_state().signed_in);
    desk.sign_out().await.unwrap();
    assert_eq!((one.stats().sessions_open, other.stats().sessions_open), (0, 0));
}

/// Which numbers the player told of, one after the other.
fn tickets_of(desk: &Desk) -> UnboundedReceiver<u64> {
    let (tell, told) = unbounded_channel();
    let desk = desk.clone();
    std::thread::spawn(move || {
        desk.player_updates(|update| {
            let (PlayerUpdate::Transport { ticket, .. }
            | PlayerUpdate::Peaks { ticket, .. }
            | PlayerUpdate::Sound { ticket, .. }
            | PlayerUpdate::Reset { ticket, .. }) = update;
            tell.send(ticket).is_ok()
        });
    });
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_call_clicked_on_is_the_one_that_is_heard_and_marked() {
    let (one, home) = (centre(1).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    let cases = one.recordings();
    let [before, last] = [Kind::Tone1kGsm, Kind::Tone1kMp3].map(|kind| {
        let case = cases.iter().find(|case| case.kind == kind).expect("one of each kind");
        common::call(case, "Ana")
    });
    let (tell, mut marks) = unbounded_channel();
    tokio::spawn({
        let desk = desk.clone();
        async move { desk.mark_updates(|mark| tell.send(mark).is_ok()).await }
    });
    let mut tickets = tickets_of(&desk);
    let listening = session(&desk).listening().unwrap().clone();
    let asked =
        |call: &Call, ticket| ListenRequest { call: call.clone(), at_secs: Some(0.0), asked: false, ticket };
    let opened = async |call: &Call, ticket| {
        let (tell, mut told) = unbounded_channel();
        listening.open(asked(call, ticket), move |update| drop(tell.send(update)));
        first(&mut told, |update| matches!(update, LocateUpdate::Found { .. }).then_some(())).await;
    };
    // Both are on this computer: each is found in no time, and handed over at about the moment of the next click.
    opened(&before, 1).await;
    opened(&last, 2).await;
    for round in 1..=400_u64 {
        listening.open(asked(&before, 10 * round), |_| ());
        let clicked = std::time::Instant::now();
        while clicked.elapsed() < Duration::from_micros(5 * round) {
            std::hint::spin_loop();
        }
        opened(&last, 10 * round + 5).await;
        // A click that was overtaken on its way here.
        listening.open(asked(&before, 10 * round + 4), |_| ());
    }
    until("the last one is loaded", || desk.player().settled() && desk.player().ticket() == 4_005).await;
    assert_eq!(open_guid(&desk), Some(last.guid.clone()));
    let told: Vec<u64> = std::iter::from_fn(|| tickets.try_recv().ok()).collect();
    assert!(told.is_sorted(), "nothing of a call is told after the next one was clicked on");
    // What is heard now is the last call's.
    let began = std::time::Instant::now();
    let mut pace = tokio::time::interval(Duration::from_millis(5));
    while desk.player().transport().position_secs < 1.0 {
        desk.player().pull(480);
        assert!(began.elapsed() < PATIENCE, "{:?}", desk.player().transport());
        pace.tick().await;
    }
    desk.player().pause();
    let mark = first(&mut marks, |mark| mark.heard.is_some().then_some(mark)).await;
    assert_eq!(mark.guid, last.guid);
    // A cancel that was overtaken by a click empties nothing; one of the open call does, also when it comes before it.
    listening.close(4_004);
    assert_eq!(open_guid(&desk), Some(last.guid.clone()));
    listening.close(4_005);
    assert_eq!(open_guid(&desk), None);
    listening.open(asked(&before, 4_005), |_| ());
    assert_eq!(open_guid(&desk), None);
    opened(&before, 4_006).await;
    desk.sign_out().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_last_account_is_left_when_it_signs_out() {
    let (one, home) = (centre(1).await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &one).await;
    desk.set_settings(Settings { wipe_cache_on_sign_out: true, ..desk.settings() }).unwrap();
    let cases = one.recordings();
    let kinds = [Kind::Tone1kMp3, Kind::Tone1kGsm];
    let [open, next] = kinds.map(|kind| {
        let case = cases.iter().find(|case| case.kind == kind).expect("one of each kind");
        common::call(case, "Ana")
    });
    let mut told = listen(&desk, &open, true);
    first(&mut told, |update| matches!(update, LocateUpdate::Found { .. }).then_some(())).await;
    session(&desk).listening().unwrap().prefetch(&next);
    let kept = || std::fs::read_dir(home.path().join("recordings")).unwrap().count();
    until("both recordings are here", || kept() == 2).await;
    desk.sign_out().await.unwrap();
    // The player's thread lets go of them a moment after it was told to.
    until("no recording is left on the disk", || kept() == 0).await;
    assert_eq!(open_guid(&desk), None);
    desk.sign_in(signing_in(&one)).await.unwrap();
    assert_eq!((open_guid(&desk), session(&desk).search.rows(0, 10).total), (None, 0));
    let late = session(&desk).listening().unwrap().open_call();
    assert_eq!(late, None);
    desk.sign_out().await.unwrap();
}

/// What somebody does, one thing after the other.
#[derive(Debug, Clone, Copy)]
enum Act {
    SignIn(usize),
    SignOut,
    Batch,
    Search,
    Save,
    Play,
    /// So many milliseconds pass.
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        2 => (0..2_usize).prop_map(Act::SignIn),
        1 => Just(Act::SignOut),
        2 => Just(Act::Batch),
        2 => Just(Act::Search),
        1 => Just(Act::Save),
        2 => Just(Act::Play),
        2 => (0..120_u64).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 4..14)
}

/// Two contact centres, and the calls of each.
struct World {
    servers: [Simulator; 2],
    calls: [Vec<Call>; 2],
}

impl World {
    async fn new() -> Self {
        let servers = [centre(1).await, centre(2).await];
        let mut all = Vec::new();
        for server in &servers {
            let home = tempfile::tempdir().expect("a folder");
            let desk = signed_in(home.path(), server).await;
            all.push(calls(&desk, server).await);
            desk.sign_out().await.expect("signs out");
        }
        let [one, other] = <[Vec<Call>; 2]>::try_from(all).expect("two");
        Self { servers, calls: [one, other] }
    }

    fn guids(&self, at: usize) -> BTreeSet<&str> {
        self.calls[at].iter().map(|call| call.guid.as_str()).collect()
    }

    async fn lived_through(&self, acts: &[Act]) {
        let (home, out) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let desk = desk(home.path()).await;
        for server in &self.servers {
            server.forget_requests();
        }
        let mut at: Option<usize> = None;
        let mut ticket = 1;
        for act in acts {
            match (*act, at) {
                (Act::SignIn(to), _) => {
                    desk.sign_in(signing_in(&self.servers[to])).await.expect("signs in");
                    at = Some(to);
                    let rows = session(&desk).search.rows(0, 10).total;
                    assert_eq!((rows, open_guid(&desk)), (0, None), "nothing of the session before");
                }
                (Act::SignOut, _) => {
                    desk.sign_out().await.expect("signs out");
                    at = None;
                }
                (Act::Wait(millis), _) => tokio::time::sleep(Duration::from_millis(millis)).await,
                (_, None) => {}
                (Act::Batch, Some(here)) => {
                    let requests = self.calls[here].iter().take(12).map(|call| tag(call, "lote")).collect();
                    session(&desk).tag_batch.begin(requests, |_| ());
                }
                (Act::Search, Some(here)) => {
                    let day = self.servers[here].recordings()[0].calldate[..10].to_owned();
                    session(&desk).search.begin(of_day(&day), |_| ());
                }
                (Act::Save, Some(here)) => {
                    let saving = &session(&desk).saving_many;
                    saving.set_folder(out.path().to_owned());
                    // One at a time: another under way is no failure of this test.
                    drop(saving.begin(self.calls[here].iter().take(5).cloned().collect(), false, |_| ()));
                }
                (Act::Play, Some(here)) => {
                    ticket += 1;
                    let call = self.calls[here][ticket as usize % self.calls[here].len()].clone();
                    let request = ListenRequest { call, at_secs: None, asked: false, ticket };
                    session(&desk).listening().expect("a player").open(request, |_| ());
                }
            }
            if let Some(here) = at {
                let (session, guids) = (session(&desk), self.guids(here));
                let rows = session.search.rows(0, 1_000).rows;
                assert!(rows.iter().all(|row| guids.contains(row.call.guid.as_str())), "a row crossed over");
                assert!(
                    open_guid(&desk).is_none_or(|guid| guids.contains(guid.as_str())),
                    "a sound crossed over"
                );
            }
        }
        desk.sign_out().await.expect("signs out");
        // The player's thread lets go of it a moment after it was told to.
        until("the player has heard of it", || desk.player().settled()).await;
        assert_eq!(desk.player().transport().phase, Phase::Empty);
        for (here, server) in self.servers.iter().enumerate() {
            let (own, other) = (self.guids(here), self.guids(1 - here));
            for guid in server.guids_asked_for() {
                assert!(own.contains(guid.as_str()) || !other.contains(guid.as_str()), "{guid} crossed over");
            }
            let stats = server.stats();
            assert_eq!((stats.sessions_open, stats.strangers), (0, 0), "{acts:?}");
        }
    }
}

#[test]
fn nothing_crosses_over_whenever_somebody_signs_in_out_or_elsewhere() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let config = ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() };
    let lived = TestRunner::new(config).run(&acts(), |acts| {
        runtime.block_on(world.lived_through(&acts));
        Ok(())
    });
    lived.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_password_goes_to_the_server_and_user_it_was_kept_for() {
    let (one, other, home) = (centre(1).await, centre(2).await, tempfile::tempdir().unwrap());
    let desk = desk(home.path()).await;
    let state = desk.sign_in(SignInRequest { keep: true, ..signing_in(&one) }).await.unwrap();
    desk.sign_out().await.unwrap();
    let id = state.profile.map(|profile| profile.id);
    let kept = |request| SignInRequest { profile_id: id.clone(), password: None, keep: true, ..request };
    // Another address, or another name, over the profile it is kept with.
    let elsewhere = desk.sign_in(kept(signing_in(&other))).await.unwrap_err();
    let somebody = SignInRequest { user: "eva".to_owned(), ..signing_in(&one) };
    let somebody = desk.sign_in(kept(somebody)).await.unwrap_err();
    assert_eq!([elsewhere.code.as_str(), somebody.code.as_str()], ["passwordNeeded"; 2]);
    assert_eq!((other.stats().logins, one.stats().logins), (0, 1));
    assert!(other.stats().requests.is_empty(), "{:?}", other.stats().requests);
    desk.sign_in(kept(signing_in(&one))).await.unwrap();
    desk.sign_out().await.unwrap();
}

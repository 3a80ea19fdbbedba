//! Searching and tagging calls of a contact centre on a socket.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::{
    Answered, Call, Direction, HeardPart, ListView, LocalFilter, Query, Search, SearchUpdate, Tag, TagState,
};
use atalaya_calls::{Cache, CallList, Calls, HeardSpan, Pages, TagTarget, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_simulator::{Config, Endpoint, Fault, Filters, RecordingCase, Simulator};
use atalaya_store::{Outcome, Store};
use atalaya_ucontact::{Client, Options, Secret, Server};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

struct Analyst {
    simulator: Simulator,
    store: Store,
    calls: Calls,
    _folder: TempDir,
}

impl Analyst {
    async fn of(config: Config) -> Self {
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
        let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
        let password = Secret::new(simulator.password());
        let client = Client::sign_in(server, simulator.user(), password, options).await.expect("signs in");
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(folder.path(), 1_000_000).expect("a cache");
        let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system()).expect("a store");
        let writes = Writes::new(client.user(), store.clone(), "a reviewer".to_owned(), Tasks::default());
        let calls = Calls::new(client, store.clone(), cache, writes);
        Self { simulator, store, calls, _folder: folder }
    }

    fn case(&self) -> RecordingCase {
        self.simulator.recordings().swap_remove(0)
    }

    async fn search(&self, search: &Search, page_rows: u32) -> (Vec<Call>, Vec<SearchUpdate>) {
        let mut heard = Vec::new();
        let never = CancellationToken::new();
        let found = self.calls.search(search, page_rows, |update| heard.push(update), &never).await;
        (found.expect("the search is answered"), heard)
    }
}

fn still() -> Config {
    Config { campaigns: 4, agents: 20, calls_per_day: 300, moving: false, ..Config::default() }
}

fn day(case: &RecordingCase) -> Search {
    let day = &case.calldate[..10];
    Search { from: format!("{day} 00:00:00"), to: format!("{day} 23:59:59"), ..Search::default() }
}

fn week(case: &RecordingCase) -> Search {
    let last = day(case);
    let first = chrono::NaiveDate::parse_from_str(&last.from[..10], "%Y-%m-%d").expect("a day");
    Search { from: format!("{} 00:00:00", first - chrono::Days::new(6)), ..last }
}

fn by_guid(calls: &[Call]) -> BTreeMap<&str, &Call> {
    let map: BTreeMap<_, _> = calls.iter().map(|call| (call.guid.as_str(), call)).collect();
    assert_eq!(map.len(), calls.len(), "every call once");
    map
}

#[tokio::test]
async fn every_call_once_whatever_the_page_size_and_even_when_rows_shift() {
    let analyst = Analyst::of(still()).await;
    let search = day(&analyst.case());
    let (whole, _) = analyst.search(&search, 1_000).await;
    assert!(whole.len() > 50);
    for call in &whole {
        let answered: Vec<_> = call.legs.iter().filter(|leg| leg.disposition == "ANSWERED").collect();
        assert_eq!(call.answered, !answered.is_empty());
        assert_eq!(call.agent.as_deref(), answered.first().and_then(|leg| leg.agent.as_deref()), "{call:?}");
        assert!(call.legs.windows(2).all(|pair| pair[0].calldate <= pair[1].calldate), "legs in order");
        assert_eq!(call.talk_secs.is_some(), call.answered);
    }
    assert!(whole.iter().any(|call| call.legs.len() > 1));
    for page_rows in [1, 10, 11, 37, 50] {
        let (paged, heard) = analyst.search(&search, page_rows).await;
        assert_eq!(by_guid(&paged), by_guid(&whole), "{page_rows} rows a page");
        let pages = heard.iter().filter(|update| matches!(update, SearchUpdate::Page { .. })).count();
        assert!(pages > 1, "more than one page of {page_rows}");
        let Some(SearchUpdate::Done { calls, rows }) = heard.last() else { panic!("{heard:?}") };
        let legs: usize = whole.iter().map(|call| call.legs.len()).sum();
        assert_eq!((*calls as usize, *rows as usize), (whole.len(), legs));
    }
    let shifting = Analyst::of(Config { shifting_rows: true, ..still() }).await;
    for page_rows in [10, 37] {
        let (found, _) = shifting.search(&search, page_rows).await;
        let found = by_guid(&found);
        for (guid, call) in by_guid(&whole) {
            assert_eq!(found.get(guid), Some(&call), "{page_rows} rows a page while rows shift");
        }
    }
}

#[tokio::test]
async fn numbers_as_text_change_nothing() {
    let plain = Analyst::of(still()).await;
    let odd = Analyst::of(Config { numbers_as_text: true, ..still() }).await;
    let search = day(&plain.case());
    assert_eq!(plain.search(&search, 100).await.0, odd.search(&search, 100).await.0);
}

#[tokio::test]
async fn numbers_that_called_again_and_again() {
    let analyst = Analyst::of(still()).await;
    let search = week(&analyst.case());
    let (whole, _) = analyst.search(&search, 200).await;
    let mut times = BTreeMap::new();
    for call in &whole {
        *times.entry(other_party(call)).or_insert(0u32) += 1;
    }
    let often = Search { times_seen: Some(3), ..search };
    let (found, _) = analyst.search(&often, 50).await;
    let wanted: Vec<_> = whole.iter().filter(|call| times[other_party(call)] >= 3).cloned().collect();
    assert!(!wanted.is_empty() && wanted.len() < whole.len());
    assert_eq!(by_guid(&found), by_guid(&wanted));
}

fn other_party(call: &Call) -> &str {
    if call.direction == Direction::Outbound { &call.destination } else { &call.source }
}

#[tokio::test]
async fn each_field_narrows_the_search() {
    let analyst = Analyst::of(still()).await;
    let search = week(&analyst.case());
    let (whole, _) = analyst.search(&search, 200).await;
    let call = whole.iter().find(|call| call.answered && call.direction == Direction::Inbound).unwrap();
    let agent = call.agent.clone().unwrap();
    let narrower = [
        Search { agent: agent.clone(), ..search.clone() },
        Search { campaign: call.campaign.clone(), ..search.clone() },
        Search { source: call.source.clone(), ..search.clone() },
        Search { destination: call.destination.clone(), ..search.clone() },
        Search { min_duration_secs: Some(120), ..search.clone() },
        Search { exclude: call.source.clone(), ..search.clone() },
        Search { hours: "09:00-11:30".to_owned(), ..search.clone() },
        Search { rating: "4".to_owned(), ..search.clone() },
    ];
    type Expected<'a> = Box<dyn Fn(&Call) -> bool + 'a>;
    let expected: [Expected<'_>; 8] = [
        Box::new(|other| other.legs.iter().any(|leg| leg.agent.as_ref() == Some(&agent))),
        Box::new(|other| other.campaign == call.campaign),
        Box::new(|other| other.source == call.source),
        Box::new(|other| other.destination == call.destination),
        Box::new(|other| other.talk_secs.is_some_and(|secs| secs >= 120)),
        Box::new(|other| other.source != call.source && other.destination != call.source),
        Box::new(|other| ("09:00:00"..="11:30:00").contains(&&other.started_at[11..])),
        Box::new(|other| other.rating == Some(4)),
    ];
    for (search, expected) in narrower.iter().zip(expected) {
        let wanted: Vec<_> = whole.iter().filter(|call| expected(call)).cloned().collect();
        assert!(!wanted.is_empty() && wanted.len() < whole.len(), "{search:?}");
        assert_eq!(by_guid(&analyst.search(search, 50).await.0), by_guid(&wanted), "{search:?}");
    }
}

#[tokio::test]
async fn a_search_can_be_stopped_and_keeps_what_it_has() {
    let analyst = Analyst::of(still()).await;
    let search = day(&analyst.case());
    let cancel = CancellationToken::new();
    let mut heard = Vec::new();
    let on = |update: SearchUpdate| {
        if matches!(update, SearchUpdate::Page { pages: 3, .. }) {
            cancel.cancel();
        }
        heard.push(update);
    };
    let found = analyst.calls.search(&search, 10, on, &cancel).await.unwrap();
    assert!(!found.is_empty());
    assert!(matches!(heard.last(), Some(SearchUpdate::Cancelled)));
    assert_eq!(heard.len(), 4);
}

#[tokio::test]
async fn a_search_that_fails_keeps_what_arrived_and_says_why() {
    let analyst = Analyst::of(still()).await;
    let search = day(&analyst.case());
    let never = CancellationToken::new();
    let mut heard = Vec::new();
    let faults = analyst.simulator.faults();
    let on = |update: SearchUpdate| {
        if matches!(update, SearchUpdate::Page { pages: 2, .. }) {
            faults.set(Endpoint::Records, Fault::Html, None);
        }
        heard.push(update);
    };
    let error = analyst.calls.search(&search, 10, on, &never).await.unwrap_err();
    assert_eq!(error.code(), "notClassic");
    assert_eq!(heard.len(), 3, "two pages and the failure: {heard:?}");
    assert!(matches!(heard.last(), Some(SearchUpdate::Failed { .. })));
}

#[tokio::test]
async fn the_last_search_is_remembered() {
    let analyst = Analyst::of(still()).await;
    assert_eq!(analyst.calls.last_query().unwrap(), None);
    let search = Search { agent: "somebody".to_owned(), ..day(&analyst.case()) };
    let local = LocalFilter { text: "venta".to_owned(), ..LocalFilter::default() };
    let query = Query { search: search.clone(), local };
    analyst.calls.remember_query(&query).unwrap();
    assert_eq!(analyst.calls.last_query().unwrap(), Some(query));
    // As it was kept before it could be narrowed.
    let key: String = analyst
        .store
        .with(|c| c.query_row("SELECT key FROM setting WHERE key LIKE 'search/%'", [], |row| row.get(0)))
        .unwrap();
    let mut old = serde_json::to_value(&search).unwrap();
    old.as_object_mut().unwrap().remove("period");
    analyst.store.set_setting(&key, &old).unwrap();
    assert_eq!(analyst.calls.last_query().unwrap(), Some(Query { search, ..Query::default() }));
}

#[tokio::test]
async fn a_list_is_filled_with_what_is_known_here_of_its_calls() {
    let analyst = Analyst::of(still()).await;
    let case = analyst.case();
    analyst.calls.flag(std::slice::from_ref(&case.guid), true).unwrap();
    let heard = HeardSpan { from_ms: 0, to_ms: 5_000 };
    analyst.calls.heard(&case.guid, &[heard], Some(10_000)).unwrap();
    let list = Mutex::new(CallList::default());
    let pages = Pages { first: 50, most: 500 };
    let never = CancellationToken::new();
    analyst.calls.fill(&list, &day(&case), pages, drop, &never).await.unwrap();
    let mut list = list.into_inner().unwrap();
    let all = list.slice(0, 10).shown;
    let filter = LocalFilter { flagged: true, heard: HeardPart::Part, ..LocalFilter::default() };
    list.set_view(ListView { filter, ..ListView::default() });
    let slice = list.slice(0, 10);
    assert_eq!((slice.shown, slice.total), (1, all));
    assert_eq!((slice.rows[0].call.guid.as_str(), slice.rows[0].mark.heard), (case.guid.as_str(), Some(0.5)));
}

fn target(case: &RecordingCase) -> TagTarget {
    TagTarget { guid: case.guid.clone(), phone: case.phone.clone(), started_at: case.calldate.clone() }
}

/// Sends a tag and gives the states it goes through until none follows.
async fn states(analyst: &Analyst, text: &str) -> Vec<TagState> {
    let heard: Arc<Mutex<Vec<Tag>>> = Arc::default();
    let (ear, (done, mut settled)) = (Arc::clone(&heard), tokio::sync::mpsc::channel(1));
    let on = move |tag: Tag| {
        let last = !matches!(tag.state, TagState::Sending | TagState::Pending | TagState::Unknown);
        ear.lock().expect("no listener panics").push(tag);
        if last {
            let _ = done.try_send(());
        }
    };
    analyst.calls.send_tag(&target(&analyst.case()), text, on).await.expect("the tag is kept");
    tokio::time::timeout(Duration::from_secs(60), settled.recv()).await.expect("the tag settles");
    let heard = heard.lock().expect("no listener panics");
    heard.iter().map(|tag| tag.state).collect()
}

#[tokio::test]
async fn a_tag_is_sent_once_written_down_and_confirmed_by_finding_it() {
    let analyst = Analyst::of(Config { tag_delay: Duration::from_millis(1_500), ..still() }).await;
    let said = states(&analyst, " una venta ").await;
    assert_eq!(said, [TagState::Sending, TagState::Pending, TagState::Confirmed]);
    assert_eq!(analyst.simulator.stats().tags, 1);
    let guid = analyst.case().guid;
    let tags = analyst.calls.tags_for(std::slice::from_ref(&guid)).unwrap();
    assert_eq!((tags.len(), tags[0].text.as_str(), tags[0].state), (1, "una venta", TagState::Confirmed));
    assert_eq!(analyst.calls.recent_tags().unwrap(), ["una venta"]);
    let trail = analyst.store.audit().recent(10).unwrap();
    assert_eq!(trail.len(), 1);
    assert_eq!(
        (trail[0].operation.as_str(), &trail[0].target, &trail[0].outcome),
        ("TagRecord", &guid, &Outcome::Done)
    );
    assert_eq!(
        (trail[0].reviewer.as_str(), trail[0].detail["data"].as_str()),
        ("a reviewer", Some("una venta"))
    );
    let search = Search { tag: "una venta".to_owned(), ..day(&analyst.case()) };
    let (found, _) = analyst.search(&search, 50).await;
    assert_eq!(found.iter().map(|call| &call.guid).collect::<Vec<_>>(), [&guid]);
}

#[tokio::test]
async fn a_tag_that_fails_is_kept_and_not_sent_again_by_itself() {
    let analyst = Analyst::of(still()).await;
    analyst.simulator.faults().set(Endpoint::Tag, Fault::Zero, None);
    let said = states(&analyst, "reclamo").await;
    assert_eq!(said, [TagState::Sending, TagState::Failed]);
    assert_eq!(analyst.simulator.stats().requests["tag"], 1);
    let tags = analyst.calls.tags_for(&[analyst.case().guid]).unwrap();
    assert_eq!(tags[0].problem.as_ref().map(|problem| problem.code.as_str()), Some("refused"));
    let trail = analyst.store.audit().recent(10).unwrap();
    assert_eq!(trail[0].outcome, Outcome::Refused("refused".to_owned()));
}

#[tokio::test]
async fn a_tag_without_an_answer_may_have_arrived_and_is_looked_for_before_anybody_sends_it_again() {
    let analyst = Analyst::of(still()).await;
    for (fault, found) in [
        (Fault::Silent, TagState::Confirmed),
        (Fault::Status { code: 502, retry_after: None, text: String::new() }, TagState::NotConfirmed),
    ] {
        let before = analyst.simulator.stats().requests.get("tag").copied().unwrap_or_default();
        analyst.simulator.faults().set(Endpoint::Tag, fault.clone(), Some(1));
        let text = format!("sin respuesta {before}");
        assert_eq!(states(&analyst, &text).await, [TagState::Sending, TagState::Unknown, found], "{fault:?}");
        assert_eq!(analyst.simulator.stats().requests["tag"], before + 1, "{fault:?}: sent once");
        let trail = analyst.store.audit().recent(1).unwrap();
        assert!(matches!(trail[0].outcome, Outcome::Unknown(_)), "{fault:?}: {:?}", trail[0]);
    }
}

#[tokio::test]
async fn a_tag_the_server_never_shows_is_not_called_confirmed() {
    let analyst = Analyst::of(Config { tag_delay: Duration::from_secs(3_600), ..still() }).await;
    tokio::time::timeout(Duration::from_secs(40), async {
        assert_eq!(
            states(&analyst, "seguro").await,
            [TagState::Sending, TagState::Pending, TagState::NotConfirmed]
        );
    })
    .await
    .expect("it gives up looking");
    let looked = analyst.calls.check_tag(&target(&analyst.case()), "seguro").await.unwrap();
    assert_eq!(looked.state, TagState::NotConfirmed);
    assert_eq!(analyst.simulator.stats().tags, 1, "looking is not sending");
}

/// What a search for what this agent had, or for calls of so many seconds, brings of a whole list.
fn narrowed(case: &RecordingCase, agent: &str, least: Option<u32>) -> Search {
    Search { agent: agent.to_owned(), min_duration_secs: least, ..week(case) }
}

#[tokio::test]
async fn a_call_that_somebody_else_answered_is_never_called_unanswered() {
    // The same world twice: one server filters calls, the other rows.
    let by_rows = Analyst::of(Config { filters: Filters::Rows, ..still() }).await;
    let by_calls = Analyst::of(still()).await;
    let (all, _) = by_calls.search(&week(&by_calls.case()), 1_000).await;
    let whole = by_guid(&all);
    let missed_and_answered_by_another = |call: &&Call| {
        call.answered
            && call.legs.len() > 1
            && call.legs[0].agent.is_some()
            && call.legs[0].agent != call.agent
    };
    let one = all.iter().find(missed_and_answered_by_another).expect("there is one");
    let agent = one.legs[0].agent.clone().expect("somebody was rung");
    let that_day = format!("{} 00:00:00", &one.started_at[..10]);
    let of_a_day = Search { from: that_day, ..narrowed(&by_rows.case(), &agent, None) };
    for search in [of_a_day, narrowed(&by_rows.case(), "", Some(10))] {
        let (found, _) = by_rows.search(&search, 100).await;
        assert!(!found.is_empty());
        let (mut read, mut unread) = (0, 0);
        for call in &found {
            let truth = whole[call.guid.as_str()];
            match (call.answered, call.others_unread) {
                (answered, false) => assert_eq!(answered, truth.answered, "{call:?}"),
                (true, true) => panic!("answered is answered: {call:?}"),
                (false, true) => {
                    unread += 1;
                    assert_eq!(
                        (call.wait_secs, call.outcome.as_str(), call.cause.as_deref()),
                        (None, "", None)
                    );
                }
            }
            read += u32::from(!call.answered && !call.others_unread);
        }
        if search.agent.is_empty() {
            assert!(read > 0 && unread > 0, "too many to ask for each: {read} known, {unread} not");
        } else {
            let asked = found.iter().find(|call| call.guid == one.guid).expect("it rang there");
            assert_eq!((asked.legs.len(), &asked.agent), (one.legs.len(), &one.agent), "read whole");
            assert_eq!(unread, 0, "all were asked for");
        }
        // Where whole calls come, nobody is asked again and nothing is in doubt.
        let (found, heard) = by_calls.search(&search, 1_000).await;
        assert!(found.iter().all(|call| !call.others_unread));
        let pages = heard.iter().filter(|update| matches!(update, SearchUpdate::Page { .. })).count();
        by_calls.simulator.forget_requests();
        let (_, _) = by_calls.search(&search, 1_000).await;
        assert_eq!(by_calls.simulator.stats().requests["records"], pages as u64);
    }
}

#[tokio::test]
async fn what_is_not_known_to_be_unanswered_is_in_no_list_of_those_that_are() {
    let analyst = Analyst::of(Config { filters: Filters::Rows, ..still() }).await;
    let search = narrowed(&analyst.case(), "", Some(10));
    let list = Mutex::new(CallList::new(ListView {
        words: BTreeMap::from([("othersUnread".to_owned(), "?".to_owned())]),
        ..ListView::default()
    }));
    let never = CancellationToken::new();
    analyst.calls.fill(&list, &search, Pages::of(200), |_| {}, &never).await.expect("it is answered");
    let mut list = list.into_inner().expect("no reader panics");
    let mut shown = |answered| {
        let view = list.view().clone();
        list.set_view(ListView { filter: LocalFilter { answered, ..LocalFilter::default() }, ..view });
        let all = list.slice(0, 0).shown;
        // A list gives no more than a window's rows at a time.
        let rows = (0..all).step_by(100).flat_map(|from| list.slice(from, 100).rows);
        (all, rows.filter(|row| row.call.others_unread).count() as u32)
    };
    let (any, unread) = shown(Answered::Any);
    assert!(unread > 0);
    let ((yes, yes_unread), (no, no_unread)) = (shown(Answered::Yes), shown(Answered::No));
    assert_eq!((yes_unread, no_unread), (0, 0), "in neither list");
    assert_eq!(any, yes + no + unread);
}

/// Somebody else holds the store, as a slow disk would, until let go or for as long as a test may wait. Says whether it was
/// let go.
fn held(store: &Store) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<bool>) {
    let (let_go, held) = std::sync::mpsc::channel();
    let (holds, holding) = std::sync::mpsc::channel();
    let store = store.clone();
    let thread = std::thread::spawn(move || {
        let waited = store.with(|_| {
            holds.send(()).expect("the test waits");
            Ok(held.recv_timeout(Duration::from_secs(5)).is_ok())
        });
        waited.expect("nothing fails")
    });
    holding.recv().expect("it is held");
    (let_go, thread)
}

#[tokio::test]
async fn a_page_of_learned_tags_is_one_write_and_nobody_waits_for_the_disk() {
    let analyst = Analyst::of(still()).await;
    let search = Search { tag: "venta".to_owned(), ..week(&analyst.case()) };
    let (let_go, holder) = held(&analyst.store);
    // One thread for all of this: were it to wait for the store, nobody would let go.
    let letting_go = async {
        let asked = || analyst.simulator.stats().requests.values().sum::<u64>();
        let before = asked();
        while asked() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        // A holder that gave up is not there any more.
        let_go.send(()).ok();
    };
    let ((found, _), ()) = tokio::join!(analyst.search(&search, 1_000), letting_go);
    assert!(
        holder.join().expect("the holder does not panic"),
        "the search waited for the disk, and all with it"
    );
    assert!(found.len() > 1);
    // All of a page or nothing of it: one commit.
    let other = Analyst::of(still()).await;
    let last = &found[found.len() - 1].guid;
    let stop = format!(
        "CREATE TRIGGER stop BEFORE INSERT ON tag WHEN NEW.guid = '{last}' BEGIN SELECT RAISE(ABORT, 'no'); END"
    );
    other.store.with(|connection| connection.execute_batch(&stop)).expect("a trigger");
    let (again, _) = other.search(&search, 1_000).await;
    assert_eq!(again.len(), found.len());
    let guids: Vec<_> = again.iter().map(|call| call.guid.clone()).collect();
    assert!(other.calls.tags_for(&guids).expect("they are read").is_empty());
}

#[tokio::test]
async fn tags_the_server_shows_are_learned() {
    let analyst = Analyst::of(still()).await;
    // Of a week: on some days nobody sets it.
    let search = Search { tag: "venta".to_owned(), ..week(&analyst.case()) };
    let (found, _) = analyst.search(&search, 100).await;
    assert!(!found.is_empty());
    let guids: Vec<_> = found.iter().map(|call| call.guid.clone()).collect();
    let tags = analyst.calls.tags_for(&guids).unwrap();
    assert_eq!(tags.len(), guids.len());
    assert!(tags.iter().all(|tag| tag.state == TagState::Confirmed && tag.text == "venta"));
}

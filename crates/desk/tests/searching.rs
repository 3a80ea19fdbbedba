//! Finding calls at the desk without a window: narrowed, written out, heard, flagged, and there at the next start.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_calls::wire::{
    Answered, Column, Direction, HeardPart, ListView, LocalFilter, LocateUpdate, Mark, Query, Search,
    SearchUpdate,
};
use atalaya_desk::Desk;
use atalaya_desk::wire::ExportUpdate;
use atalaya_export::csv::Separator;
use atalaya_simulator::{Config, Endpoint, Fault, Kind, Simulator};
use tokio::sync::mpsc::unbounded_channel;

mod common;
use common::{PATIENCE, first, listen, session, signed_in};

async fn centre() -> Simulator {
    let config = Config { campaigns: 4, agents: 20, calls_per_day: 400, moving: false, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

fn of_day(day: &str) -> Query {
    let search =
        Search { from: format!("{day} 00:00:00"), to: format!("{day} 23:59:59"), ..Search::default() };
    Query { search, ..Query::default() }
}

async fn search(desk: &Desk, query: Query) {
    let (tell, mut told) = unbounded_channel();
    desk.session().expect("signed in").search.begin(query, move |update| drop(tell.send(update)));
    first(&mut told, |update| matches!(update, SearchUpdate::Done { .. }).then_some(())).await;
}

fn looked_at(filter: LocalFilter) -> ListView {
    let columns = vec![Column::Time, Column::Campaign, Column::Agent, Column::Number, Column::Outcome];
    ListView { filter, columns, ..ListView::default() }
}

async fn exported(desk: &Desk, path: &Path, columns: &[Column]) -> ExportUpdate {
    let (tell, mut told) = unbounded_channel();
    let titles = columns.iter().map(|column| format!("{column:?}")).collect();
    session(desk).search.export(path.to_owned(), columns.to_vec(), titles, Separator::Comma, move |update| {
        drop(tell.send(update));
    });
    first(&mut told, |update| (!matches!(update, ExportUpdate::Progress { .. })).then_some(update)).await
}

#[tokio::test]
async fn a_search_is_remembered_before_it_is_answered() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &centre).await;
    let query = of_day(&day_over(&centre));
    // Nothing else gets a turn on this thread between the two.
    session(&desk).search.begin(query.clone(), |_| ());
    assert_eq!(session(&desk).search.last_query(), Ok(Some(query)));
}

/// A day that is over: of today there may be few calls yet.
fn day_over(centre: &Simulator) -> String {
    let last = &centre.recordings()[0].calldate[..10];
    let last = chrono::NaiveDate::parse_from_str(last, "%Y-%m-%d").expect("a day");
    (last - chrono::Days::new(1)).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_a_spreadsheet_gets() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &centre).await;
    let day = &day_over(&centre);
    search(&desk, of_day(day)).await;
    let filter =
        LocalFilter { answered: Answered::No, direction: Some(Direction::Inbound), ..LocalFilter::default() };
    let slice = session(&desk).search.look_at(looked_at(filter), 1_000);
    assert!(slice.shown > 0 && slice.shown < slice.total, "{} of {}", slice.shown, slice.total);
    assert!(slice.rows.iter().all(|row| !row.call.answered && row.call.direction == Direction::Inbound));
    let one = &slice.rows[0].call;
    assert_eq!(session(&desk).search.place_of(&one.guid), Some(0));

    let file = home.path().join("calls.csv");
    let columns = [Column::Time, Column::Number, Column::Campaign, Column::Outcome];
    let done = exported(&desk, &file, &columns).await;
    assert_eq!(done, ExportUpdate::Done { path: file.display().to_string(), rows: slice.shown });
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').expect("a mark").split_terminator("\r\n").collect();
    assert_eq!(lines[0], "Time,Number,Campaign,Outcome");
    assert_eq!(lines.len() as u32, 1 + slice.shown);
    // How it ended differs from day to day: as its last leg did.
    let ended = &one.legs.last().expect("somebody was rung").disposition;
    assert_eq!(lines[1], format!("{},{},{},{ended}", one.started_at, one.source, one.campaign));

    // The clipboard gets the same, in columns of a table.
    let copied = session(&desk).search.as_text(&columns[..2], &["T".to_owned(), "N".to_owned()], &[]);
    assert_eq!(copied.lines().nth(1), Some(format!("{}\t{}", one.started_at, one.source).as_str()));
    assert_eq!(copied.lines().count() as u32, 1 + slice.shown);
    // Of some only, in the order they stand in; one that is not shown is not among them.
    let all = session(&desk).search.rows(0, slice.shown).rows;
    let guid = |place: usize| all[place].call.guid.clone();
    let some = [guid(2), "elsewhere".to_owned(), guid(0)];
    let copied = session(&desk).search.as_text(&columns[..1], &["T".to_owned()], &some);
    let moments = [0, 2].map(|place: usize| all[place].call.started_at.as_str());
    assert_eq!(copied.lines().skip(1).collect::<Vec<_>>(), moments);

    // Nowhere to write: what was there stays, and no half file.
    let nowhere = exported(&desk, &home.path().join("missing/calls.csv"), &columns).await;
    assert!(matches!(nowhere, ExportUpdate::Failed { problem } if problem.code == "exportFailed"));
    // Cancelled before a row was written: no file, and none beside it.
    let stopped = home.path().join("stopped.csv");
    let (tell, mut told) = unbounded_channel();
    let canceller = desk.clone();
    let (give, id) = std::sync::mpsc::channel::<u32>();
    let sent = session(&desk).search.export(
        stopped.clone(),
        columns.to_vec(),
        Vec::new(),
        Separator::Comma,
        move |update| {
            if matches!(update, ExportUpdate::Progress { .. }) {
                session(&canceller).search.cancel(id.recv().expect("the number of the export"));
            }
            drop(tell.send(update));
        },
    );
    give.send(sent).unwrap();
    first(&mut told, |update| (update == ExportUpdate::Cancelled).then_some(())).await;
    let halves = std::fs::read_dir(home.path()).unwrap();
    let halves = halves.filter(|file| file.as_ref().unwrap().path().extension() == Some("part".as_ref()));
    assert!(!stopped.exists() && halves.count() == 0);

    // The next search begins a new list, narrowed by what came with it.
    let query =
        Query { local: LocalFilter { answered: Answered::Yes, ..LocalFilter::default() }, ..of_day(day) };
    search(&desk, query.clone()).await;
    assert!(session(&desk).search.rows(0, 1_000).rows.iter().all(|row| row.call.answered));
    assert_eq!(session(&desk).search.last_query().unwrap(), Some(query));
    desk.sign_out().await.unwrap();
    assert_eq!(desk.session().err().unwrap().code, "signedOut", "what was found is not another account's");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_agent_s_day_is_read_beside_the_list_at_hand() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = signed_in(home.path(), &centre).await;
    let day = day_over(&centre);
    search(&desk, of_day(&day)).await;
    let all = session(&desk).search.rows(0, 1_000);
    let agent = all.rows.iter().find_map(|row| row.call.agent.clone()).expect("somebody answered");
    let theirs =
        |legs: &[atalaya_calls::wire::Leg]| legs.iter().any(|leg| leg.agent.as_ref() == Some(&agent));
    let expected = all.rows.iter().filter(|row| theirs(&row.call.legs)).count() as u32;
    let ask = |most| {
        let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
        let (session, agent) = (session(&desk), agent.clone());
        async move { session.search.of_agent(agent, from, to, most).await }
    };
    let found = ask(2).await.unwrap();
    assert!(expected > 2 && found.count == expected, "{} of {expected}", found.count);
    let whole = ask(1_000).await.unwrap();
    assert!(whole.calls.iter().all(|call| theirs(&call.legs)));
    assert!(whole.calls.is_sorted_by(|one, next| one.started_at >= next.started_at), "the newest first");
    assert_eq!(found.calls, whole.calls[..2]);
    // Nobody's list is another one for it, and what cannot be read is not a day without calls.
    assert_eq!(session(&desk).search.rows(0, 1_000), all);
    centre.faults().set(
        Endpoint::Records,
        Fault::Status { code: 404, retry_after: None, text: String::new() },
        None,
    );
    assert!(ask(2).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_and_flagged_is_there_at_the_next_start() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let cases = centre.recordings();
    let case = cases.iter().find(|case| case.kind == Kind::Tone1kMp3).unwrap();
    let day = case.calldate[..10].to_owned();
    let marked = |desk: &Desk| {
        let filter = LocalFilter { flagged: true, ..LocalFilter::default() };
        session(desk)
            .search
            .look_at(looked_at(filter), 10)
            .rows
            .into_iter()
            .map(|row| row.mark)
            .collect::<Vec<Mark>>()
    };
    let heard = {
        let desk = signed_in(home.path(), &centre).await;
        search(&desk, of_day(&day)).await;
        let (tell, mut marks) = unbounded_channel();
        let watching = desk.clone();
        tokio::spawn(async move { watching.mark_updates(|mark| tell.send(mark).is_ok()).await });
        assert!(session(&desk).heard.flag(std::slice::from_ref(&case.guid), true).unwrap()[0].flagged);
        let call = marked(&desk);
        assert_eq!((call.len(), call[0].heard), (1, None));
        let call = session(&desk).search.rows(0, 1).rows.remove(0).call;
        let mut told = listen(&desk, &call, true);
        first(&mut told, |update| matches!(update, LocateUpdate::Found { .. }).then_some(())).await;
        // Two seconds leave the loudspeaker, at the pace of a device.
        let begun = std::time::Instant::now();
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while desk.player().transport().position_secs < 2.0 {
            desk.player().pull(480).expect("without a device it is pulled");
            assert!(begun.elapsed() < PATIENCE, "{:?}", desk.player().transport());
            pace.tick().await;
        }
        desk.player().pause();
        let mark = first(&mut marks, |mark| mark.heard.is_some().then_some(mark)).await;
        assert_eq!((&mark.guid, mark.flagged), (&case.guid, true));
        let part = mark.heard.unwrap();
        let wanted = 2.0 / f64::from(case.seconds);
        assert!((part - wanted).abs() < 0.1, "{part} of it, not {wanted}");
        let unheard = LocalFilter { heard: HeardPart::Part, ..LocalFilter::default() };
        assert_eq!(session(&desk).search.look_at(looked_at(unheard), 10).shown, 1);
        desk.sign_out().await.unwrap();
        part
    };
    let desk = signed_in(home.path(), &centre).await;
    search(&desk, of_day(&day)).await;
    let mark = marked(&desk).remove(0);
    assert!((mark.heard.unwrap() - heard).abs() < 0.001);
    assert!(!session(&desk).heard.flag(&[mark.guid], false).unwrap()[0].flagged);
    assert!(marked(&desk).is_empty());
}

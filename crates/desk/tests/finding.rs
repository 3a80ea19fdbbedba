//! Finding calls at the desk without a window: narrowed, written out, heard, flagged, and there at the next start.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_calls::wire::{
    Answered, Column, FindUpdate, HeardPart, ListView, LocalFilter, Mark, Query, Search, SearchUpdate,
};
use atalaya_clock::Clock;
use atalaya_desk::wire::{ExportUpdate, Password, SignInRequest};
use atalaya_desk::{Desk, Options, Paths};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, Kind, Simulator};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const PATIENCE: Duration = Duration::from_secs(30);

async fn centre() -> Simulator {
    let config = Config { campaigns: 4, agents: 20, calls_per_day: 400, moving: false, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

async fn desk(home: &Path, centre: &Simulator) -> Desk {
    let options = Options {
        paths: Paths { home: home.to_owned() },
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    };
    let desk = Desk::open(options).await.expect("the desk opens");
    let request = SignInRequest {
        profile_id: None,
        name: String::new(),
        server_url: centre.server_url(),
        user: centre.user().to_owned(),
        password: Some(Password::new(centre.password())),
        telephony_url: Some(centre.telephony_url()),
        backup_url: Some(centre.backup_url()),
        extra_ca_path: None,
        keep: false,
    };
    desk.sign_in(request).await.expect("signs in");
    desk
}

async fn first<T, U>(told: &mut UnboundedReceiver<T>, wanted: impl Fn(T) -> Option<U>) -> U {
    let looking = async {
        loop {
            if let Some(found) = wanted(told.recv().await.expect("it is still told")) {
                return found;
            }
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("it comes")
}

fn of_day(day: &str) -> Query {
    let search =
        Search { from: format!("{day} 00:00:00"), to: format!("{day} 23:59:59"), ..Search::default() };
    Query { search, ..Query::default() }
}

async fn search(desk: &Desk, query: Query) {
    let (tell, mut told) = unbounded_channel();
    desk.search(query, move |update| drop(tell.send(update))).expect("signed in");
    first(&mut told, |update| matches!(update, SearchUpdate::Done { .. }).then_some(())).await;
}

fn looked_at(filter: LocalFilter) -> ListView {
    let columns = vec![Column::Time, Column::Campaign, Column::Agent, Column::Number, Column::Outcome];
    ListView { filter, columns, ..ListView::default() }
}

async fn exported(desk: &Desk, path: &Path, columns: &[Column]) -> ExportUpdate {
    let (tell, mut told) = unbounded_channel();
    let titles = columns.iter().map(|column| format!("{column:?}")).collect();
    desk.export_calls(path.to_owned(), columns.to_vec(), titles, move |update| drop(tell.send(update)));
    first(&mut told, |update| (!matches!(update, ExportUpdate::Progress { .. })).then_some(update)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_a_spreadsheet_gets() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let desk = desk(home.path(), &centre).await;
    let day = &centre.recordings()[0].calldate[..10].to_owned();
    search(&desk, of_day(day)).await;
    let filter =
        LocalFilter { answered: Answered::No, direction: "inbound".into(), ..LocalFilter::default() };
    let slice = desk.look_at_calls(looked_at(filter), 1_000);
    assert!(slice.shown > 0 && slice.shown < slice.total, "{} of {}", slice.shown, slice.total);
    assert!(slice.rows.iter().all(|row| !row.call.answered && row.call.direction == "inbound"));
    let one = &slice.rows[0].call;
    assert_eq!(desk.place_of_call(&one.guid), Some(0));

    let file = home.path().join("calls.csv");
    let columns = [Column::Time, Column::Number, Column::Campaign, Column::Outcome];
    let done = exported(&desk, &file, &columns).await;
    assert_eq!(done, ExportUpdate::Done { path: file.display().to_string(), rows: slice.shown });
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').expect("a mark").split_terminator("\r\n").collect();
    assert_eq!(lines[0], "Time,Number,Campaign,Outcome");
    assert_eq!(lines.len() as u32, 1 + slice.shown);
    assert_eq!(lines[1], format!("{},{},{},NO ANSWER", one.started_at, one.source, one.campaign));

    // The clipboard gets the same, in columns of a table.
    let copied = desk.calls_as_text(&columns[..2], &["T".to_owned(), "N".to_owned()], &[]);
    assert_eq!(copied.lines().nth(1), Some(format!("{}\t{}", one.started_at, one.source).as_str()));
    assert_eq!(copied.lines().count() as u32, 1 + slice.shown);
    // Of some only, in the order they stand in; one that is not shown is not among them.
    let all = desk.calls_from(0, slice.shown).rows;
    let guid = |place: usize| all[place].call.guid.clone();
    let some = [guid(2), "elsewhere".to_owned(), guid(0)];
    let copied = desk.calls_as_text(&columns[..1], &["T".to_owned()], &some);
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
    let sent = desk.export_calls(stopped.clone(), columns.to_vec(), Vec::new(), move |update| {
        if matches!(update, ExportUpdate::Progress { .. }) {
            canceller.cancel_search(id.recv().expect("the number of the export"));
        }
        drop(tell.send(update));
    });
    give.send(sent).unwrap();
    first(&mut told, |update| (update == ExportUpdate::Cancelled).then_some(())).await;
    assert!(!stopped.exists() && !home.path().join("stopped.csv.part").exists());

    // The next search begins a new list, narrowed by what came with it.
    let query =
        Query { local: LocalFilter { answered: Answered::Yes, ..LocalFilter::default() }, ..of_day(day) };
    search(&desk, query.clone()).await;
    assert!(desk.calls_from(0, 1_000).rows.iter().all(|row| row.call.answered));
    assert_eq!(desk.last_query().unwrap(), Some(query));
    desk.sign_out().await.unwrap();
    assert_eq!(desk.calls_from(0, 10).total, 0, "what was found is not another account's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_and_flagged_is_there_at_the_next_start() {
    let (centre, home) = (centre().await, tempfile::tempdir().unwrap());
    let cases = centre.recordings();
    let case = cases.iter().find(|case| case.kind == Kind::Tone1kMp3).unwrap();
    let day = case.calldate[..10].to_owned();
    let marked = |desk: &Desk| {
        let filter = LocalFilter { flagged: true, ..LocalFilter::default() };
        desk.look_at_calls(looked_at(filter), 10).rows.into_iter().map(|row| row.mark).collect::<Vec<Mark>>()
    };
    let heard = {
        let desk = desk(home.path(), &centre).await;
        search(&desk, of_day(&day)).await;
        let (tell, mut marks) = unbounded_channel();
        let watching = desk.clone();
        tokio::spawn(async move { watching.mark_updates(|mark| tell.send(mark).is_ok()).await });
        assert!(desk.flag_calls(std::slice::from_ref(&case.guid), true).unwrap()[0].flagged);
        let (tell, mut told) = unbounded_channel();
        let call = marked(&desk);
        assert_eq!((call.len(), call[0].heard), (1, None));
        let call = desk.calls_from(0, 1).rows.remove(0).call;
        desk.open_recording(&call, true, true, move |update| drop(tell.send(update))).unwrap();
        first(&mut told, |update| matches!(update, FindUpdate::Found { .. }).then_some(())).await;
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
        assert_eq!(desk.look_at_calls(looked_at(unheard), 10).shown, 1);
        desk.sign_out().await.unwrap();
        part
    };
    let desk = desk(home.path(), &centre).await;
    search(&desk, of_day(&day)).await;
    let mark = marked(&desk).remove(0);
    assert!((mark.heard.unwrap() - heard).abs() < 0.001);
    assert!(!desk.flag_calls(&[mark.guid], false).unwrap()[0].flagged);
    assert!(marked(&desk).is_empty());
}

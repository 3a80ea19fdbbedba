//! From a file dropped on the window to what the contact centre took, across a sign-out in the middle.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use atalaya_desk::wire::{Operation, WriteOutcome, operations};
use atalaya_export::csv::Separator;
use atalaya_outreach::wire::{
    BaseKind, BaseRequest, BatchKind, BatchRequest, CheckUpdate, CheckedBase, FileTaken, RequestedItem,
    RowsWanted, SendingUpdate, SentKind, TakeUpdate,
};
use atalaya_simulator::{Endpoint, Fault};
use tokio::sync::mpsc::unbounded_channel;

mod common;
use common::{centre, first, session, signed_in};

const SALES: &str = "Ventas->";

async fn taken(session: &atalaya_desk::Session, path: &std::path::Path) -> FileTaken {
    let (tell, mut told) = unbounded_channel();
    session.outreach.take_file(path.to_owned(), BaseKind::Calls, move |update| drop(tell.send(update)));
    first(&mut told, |update| match update {
        TakeUpdate::Taken { file } => Some(file),
        TakeUpdate::Failed { problem } => panic!("{problem:?}"),
        _ => None,
    })
    .await
}

async fn checked(session: &atalaya_desk::Session, file: &FileTaken) -> CheckedBase {
    let (kind, campaign, mapping) = (BaseKind::Calls, SALES.to_owned(), file.mapping.clone());
    let request = BaseRequest { file: file.id, kind, campaign, mapping, timezone: None };
    let (tell, mut told) = unbounded_channel();
    session.outreach.check(request, move |update| drop(tell.send(update))).expect("it is at hand");
    first(&mut told, |update| match update {
        CheckUpdate::Checked { base } => Some(base),
        CheckUpdate::Failed { problem } => panic!("{problem:?}"),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_checked_and_sent_and_a_sign_out_in_the_middle_sends_nothing_twice() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let desk = signed_in(home.path(), &simulator).await;
    let here = session(&desk);
    let path = home.path().join("gente.csv");
    let mut text = "Teléfono;Nombre\n".to_owned();
    for at in 0..2_000 {
        let _ = writeln!(text, "09{:07};Zoë {at}", 1_000_000 + at);
    }
    text.push_str("s/n;Nadie\n");
    std::fs::write(&path, text).expect("written");
    let mut settings = desk.settings();
    settings.base_max_bytes = 25_000;
    desk.set_settings(settings).expect("kept");

    let file = taken(&here, &path).await;
    assert_eq!((file.rows, file.columns.len(), file.remembered), (2_001, 2, false));
    let base = checked(&here, &file).await;
    assert_eq!((base.good, base.bad), (2_000, 1));
    assert!(base.bases >= 3, "{base:?}");
    let rows = here.outreach.rows(base.id, &RowsWanted::Bad, 0, 9).expect("at hand");
    assert_eq!((rows.total, rows.rows[0].row), (1, 2_002));
    let bad = home.path().join("malas.csv");
    assert_eq!(here.outreach.save_bad(base.id, bad.clone(), Separator::Comma, BTreeMap::new()).await, Ok(1));
    assert!(std::fs::read_to_string(&bad).expect("written").contains("notANumber"));

    // The second base is carried out and its answer does not come: the person signs out.
    let (tell, mut told) = unbounded_channel();
    let faulty = std::sync::Arc::new(simulator);
    let silent = std::sync::Arc::clone(&faulty);
    let sending = here.outreach.send_base(base.id, "k".to_owned(), "gente".to_owned(), move |update| {
        if matches!(&update, SendingUpdate::Ended { item, .. } if item.place == 0) {
            silent.faults().set(Endpoint::UploadBase, Fault::Silent, Some(1));
        }
        let _ = tell.send(update);
    });
    let batch = sending.await.expect("it begins");
    let twice =
        here.outreach.send_base(base.id, "k".to_owned(), "gente".to_owned(), |_| {}).await.expect("the same");
    assert_eq!(twice.id, batch.id);
    first(&mut told, |update| match update {
        SendingUpdate::Turn { item } if item.place == 1 => Some(()),
        _ => None,
    })
    .await;
    let arrived = async {
        while faulty.executed(Endpoint::UploadBase) < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(common::PATIENCE, arrived).await.expect("it is carried out");
    desk.sign_out().await.expect("signs out");
    drop(here);

    desk.sign_in(common::request(&faulty, faulty.password())).await.expect("signs in");
    let here = session(&desk);
    let offered = here.outreach.batches(true).expect("kept");
    assert_eq!((offered.len(), offered[0].done, offered[0].unknown), (1, 1, 1), "{offered:?}");
    assert_eq!(here.outreach.file_at_hand(BaseKind::Calls), Ok(None), "the file was the last session's");
    let (tell, mut told) = unbounded_channel();
    here.outreach.go_on(batch.id, move |update| drop(tell.send(update))).expect("it goes on");
    let over = first(&mut told, |update| match update {
        SendingUpdate::Over { batch, .. } => Some(batch),
        _ => None,
    })
    .await;
    assert_eq!((over.done, over.unknown, over.waiting), (base.bases - 1, 1, 0));
    let rows: Vec<String> = faulty.uploads().into_iter().flat_map(|upload| upload.rows).collect();
    let numbers: std::collections::BTreeSet<&String> = rows.iter().collect();
    assert_eq!((rows.len(), numbers.len()), (2_000, 2_000), "everybody once");
    let sent = here.outreach.sent(Some(SentKind::Bases), false, 0, 100).expect("kept");
    assert_eq!((sent.total, sent.counts[0].unknown), (base.bases, 1));
    assert!(taken(&here, &path).await.remembered, "what its columns mean is known by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_operation_is_kept_among_what_was_sent_and_nothing_where_nothing_may_be() {
    let simulator = centre().await;
    let home = tempfile::tempdir().expect("a folder");
    let desk = signed_in(home.path(), &simulator).await;
    let here = session(&desk);
    let number = operations::BlacklistNumber { phone: "099000111".to_owned(), ..Default::default() };
    let numbers = operations::BlacklistNumbers::One(number);
    let black =
        Operation::Blacklist(operations::Blacklist { change: operations::BlacklistChange::Add, numbers });
    let done = here.acting.send(black.clone()).await.expect("it goes out");
    assert_eq!(done.written.outcome, WriteOutcome::Done);
    assert_eq!(here.outreach.blacklist("", 0, 9).expect("kept").total, 1);
    assert_eq!(here.outreach.sent(Some(SentKind::Blacklistings), false, 0, 9).expect("kept").total, 1);

    let mut settings = desk.settings();
    let profile = desk.session_state().profile.expect("signed in").id;
    settings.look_only = vec![profile];
    desk.set_settings(settings).expect("kept");
    let item = RequestedItem { label: "099".to_owned(), operation: black, unless_reached_since: None };
    let (key, title) = ("k".to_owned(), "t".to_owned());
    let request = BatchRequest { key, title, kind: BatchKind::Blacklist, items: vec![item] };
    let refused = here.outreach.begin(request, |_| {}).await;
    assert_eq!(refused.err().map(|problem| problem.code).as_deref(), Some("lookOnly"));
    assert!(here.outreach.batches(false).expect("kept").is_empty(), "nothing waits to be sent");
    assert_eq!(simulator.executed(Endpoint::AddBlack), 1);
}

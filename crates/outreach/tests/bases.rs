//! A person's file on its way to the simulated contact centre: checked, cut, sent, and what the server took.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use atalaya_outreach::checked::{Checked, check};
use atalaya_outreach::file::{self, Taken};
use atalaya_outreach::wire::{BaseKind, BaseRequest, BatchItemState, Mapping, SentKind, Undo};
use atalaya_simulator::{Endpoint, Fault};
use atalaya_ucontact::operations::BlacklistChange;
use common::{SALES, Supervisor, black, number};
use tokio_util::sync::CancellationToken;

fn taken(text: &str) -> Arc<Taken> {
    let read =
        file::read_bytes("gente.csv", text.as_bytes().to_vec(), &mut |_| {}, &CancellationToken::new());
    Arc::new(read.expect("it reads"))
}

fn people(count: usize) -> String {
    let mut text = "Teléfono;Nombre\n".to_owned();
    for at in 0..count {
        let _ = writeln!(text, "{};Zoë Núñez {at}", number(at));
    }
    text
}

fn checked(here: &Supervisor, text: &str, kind: BaseKind, mapping: impl FnOnce(&mut Mapping)) -> Checked {
    let taken = taken(text);
    let (mut meant, _) = here.outreach.mapping_for(&taken.sheet, kind).expect("guessed");
    mapping(&mut meant);
    let timezone = Some("America/Montevideo".to_owned()).filter(|_| kind == BaseKind::Calls);
    let request = BaseRequest { file: 1, kind, campaign: SALES.to_owned(), mapping: meant, timezone };
    let blacklisted = here.outreach.blacklisted(SALES).expect("kept");
    check(1, taken, request, 20_000, &blacklisted, &mut |_, _| {}, &CancellationToken::new())
        .expect("checked")
}

async fn send(here: &Supervisor, id: i64) -> Vec<BatchItemState> {
    let turn = here.outreach.turn(id, None, CancellationToken::new()).expect("nothing else is sent");
    turn.send(Duration::ZERO, |_| {}).await;
    let items = here.outreach.batch_items(id, None, 0, 100).expect("kept").items;
    items.into_iter().map(|item| item.state).collect()
}

/// Files that are still kept to be sent.
fn files(here: &Supervisor) -> u32 {
    here.store
        .with(|c| c.query_row("SELECT count(*) FROM batch_file", [], |row| row.get(0)))
        .expect("readable")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_arrives_in_bases_each_with_its_own_outcome_and_none_twice() {
    let here = Supervisor::new().await;
    here.outreach.perform(black(&number(7), BlacklistChange::Add), None, |_| {}).await.expect("it goes out");
    let checked = checked(&here, &people(1_000), BaseKind::Calls, |_| {});
    let summary = checked.summary().clone();
    assert_eq!((summary.good, summary.bad), (999, 1), "one is blacklisted here");
    assert!(summary.bases >= 3, "{summary:?}");
    let (batch, new) = here.outreach.keep_base("k", "gente", &checked, "gente.csv").expect("kept");
    assert_eq!((new, batch.total), (true, summary.bases));
    here.simulator.faults().set(Endpoint::UploadBaseWithTimezone, Fault::AnswerLost, Some(1));
    let states = send(&here, batch.id).await;
    assert_eq!(states[0], BatchItemState::Unknown);
    assert!(states[1..].iter().all(|state| *state == BatchItemState::Done), "{states:?}");
    assert_eq!(files(&here), 1, "only what may be sent again is kept");
    let (same, new) = here.outreach.keep_base("k", "gente", &checked, "gente.csv").expect("kept");
    assert!(!new && same.id == batch.id);
    send(&here, batch.id).await;

    let uploads = here.simulator.uploads();
    assert_eq!(uploads.len(), summary.bases as usize, "the unknown one arrived, and nothing twice");
    let rows: Vec<String> = uploads.iter().flat_map(|upload| upload.rows.clone()).collect();
    let right: Vec<String> = (0..1_000)
        .filter(|at| *at != 7)
        .map(|at| format!("{SALES};{};Nombre=Zoë Núñez {at};", number(at)))
        .collect();
    assert_eq!(rows, right);
    for (at, upload) in uploads.iter().enumerate() {
        assert_eq!(upload.filename, format!("gente-{}.csv", at + 1));
        assert_eq!(upload.cant, Some(upload.rows.len()));
        assert_eq!(upload.timezone.as_deref(), Some("America/Montevideo"));
    }
    let sent = here.outreach.sent(Some(SentKind::Bases), false, 0, 9).expect("kept");
    assert_eq!(sent.total, summary.bases);
    assert_eq!(sent.lines[0].undo, Undo::NumberByNumber { campaign: SALES.to_owned() });
    here.outreach.count_as_done(batch.id, 0).expect("a person looked");
    assert_eq!(files(&here), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_that_is_sent_again_is_the_same_to_the_byte() {
    let here = Supervisor::new().await;
    let checked = checked(&here, &people(5), BaseKind::Messages, |mapping| {
        mapping.text = "Hola {nombre}: 10 €".to_owned();
    });
    let (batch, _) = here.outreach.keep_base("k", "gente", &checked, "gente").expect("kept");
    here.simulator.faults().set(Endpoint::UploadSmsBase, Fault::NeverArrives, Some(1));
    assert_eq!(send(&here, batch.id).await, [BatchItemState::Unknown]);
    // The next start of the program, which has nothing of the file but what is kept.
    let next = here.again().await;
    next.outreach.settle().expect("settled");
    let again = next.outreach.send_again(batch.id, 0, CancellationToken::new()).expect("a person said so");
    again.send(Duration::ZERO, |_| {}).await;
    let uploads = next.simulator.uploads();
    assert_eq!((uploads.len(), uploads[0].of_sms), (1, true));
    assert_eq!(uploads[0].rows.join("\n") + "\n", checked.summary().preview);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_columns_mean_is_remembered_for_the_same_header_and_nobody_elses() {
    let here = Supervisor::new().await;
    let taken = taken(&people(3));
    let (guessed, remembered) = here.outreach.mapping_for(&taken.sheet, BaseKind::Calls).expect("guessed");
    assert!(!remembered && guessed.parameters.len() == 1);
    let chosen = Mapping { parameters: Vec::new(), same_priority: Some(7), ..guessed.clone() };
    here.outreach.remember_mapping(&taken.sheet, BaseKind::Calls, &chosen).expect("kept");
    assert_eq!(here.outreach.mapping_for(&taken.sheet, BaseKind::Calls).expect("kept"), (chosen, true));
    assert!(!here.outreach.mapping_for(&taken.sheet, BaseKind::Messages).expect("kept").1, "of another kind");
    let other = self::taken("Teléfono;Apellido\n099000111;Pérez\n");
    assert!(!here.outreach.mapping_for(&other.sheet, BaseKind::Calls).expect("kept").1, "another header");
    let elsewhere = Supervisor::elsewhere(here.store.clone()).await;
    assert!(
        !elsewhere.outreach.mapping_for(&taken.sheet, BaseKind::Calls).expect("kept").1,
        "another account"
    );
    let (batch, _) = here
        .outreach
        .keep_base("k", "gente", &checked(&here, &people(3), BaseKind::Calls, |_| {}), "g")
        .expect("kept");
    here.outreach.perform(black(&number(1), BlacklistChange::Add), None, |_| {}).await.expect("it goes out");
    assert!(
        elsewhere.outreach.batch(batch.id).is_err()
            && elsewhere.outreach.batches(false, 9).expect("kept").is_empty()
    );
    assert_eq!(elsewhere.outreach.sent(None, false, 0, 9).expect("kept").total, 0);
    assert_eq!(elsewhere.outreach.blacklist("", 0, 9).expect("kept").total, 0);
    assert!(elsewhere.outreach.turn(batch.id, None, CancellationToken::new()).is_err());
    assert!(
        elsewhere.outreach.leave_unknown(batch.id, 0).is_err()
            && elsewhere.outreach.drop_rest(batch.id).is_err()
    );
}

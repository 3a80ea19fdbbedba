//! Batches against the simulated contact centre on a socket: sent once whatever becomes of the answers, of whoever asked and
//! of the program; and what is known of them afterwards.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;

use std::time::Duration;

use atalaya_outreach::wire::{
    BatchItemState, BatchKind, BatchRequest, Listed, ReachedSince, RequestedItem, SendingUpdate, SentOutcome,
    Undo,
};
use atalaya_outreach::{MIGRATIONS, Outreach};
use atalaya_simulator::{Endpoint, Fault};
use atalaya_store::Store;
use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    BlacklistChange, BlacklistNumber, RemoveContact, ScheduleCall, SendSms, Unschedule,
};
use common::{SALES, Supervisor, black, number, task};
use tokio_util::sync::CancellationToken;

fn request(key: &str, count: usize) -> BatchRequest {
    let item = |at: usize| RequestedItem {
        label: number(at),
        operation: task(&number(at)),
        unless_reached_since: None,
    };
    BatchRequest {
        key: key.to_owned(),
        title: "Devolver llamadas".to_owned(),
        kind: BatchKind::CallBack,
        items: (0..count).map(item).collect(),
    }
}

/// Sends what waits to its end; the last thing told.
async fn sent(outreach: &Outreach, id: i64) -> SendingUpdate {
    sent_until(outreach, id, |_, _| {}).await
}

async fn sent_until(
    outreach: &Outreach,
    id: i64,
    mut told: impl FnMut(&SendingUpdate, &CancellationToken) + Send,
) -> SendingUpdate {
    let cancel = CancellationToken::new();
    let turn = outreach.turn(id, None, cancel.clone()).expect("nothing else is sent");
    let mut last = None;
    turn.send(Duration::ZERO, |update| {
        told(&update, &cancel);
        last = Some(update);
    })
    .await;
    last.expect("something is told")
}

fn states(outreach: &Outreach, id: i64) -> Vec<BatchItemState> {
    outreach.batch_items(id, None, 0, 100).expect("kept").items.into_iter().map(|item| item.state).collect()
}

fn stopped_by(update: &SendingUpdate) -> Option<&str> {
    match update {
        SendingUpdate::Over { problem: Some(problem), stopped: true, .. } => Some(&problem.code),
        _ => None,
    }
}

/// From the second item on, the next one is carried out and not answered.
fn silent_from_the_second(
    here: &Supervisor,
    operation: Endpoint,
) -> impl FnMut(&SendingUpdate, &CancellationToken) + Send + '_ {
    move |update, _| {
        if matches!(update, SendingUpdate::Ended { item, .. } if item.place == 0) {
            here.simulator.faults().set(operation, Fault::Silent, Some(1));
        }
    }
}

use BatchItemState::{Done, Dropped, LeftOut, Refused, Unknown, Waiting};

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_sent_once_in_order_also_when_it_is_asked_for_twice() {
    let here = Supervisor::new().await;
    let (batch, new) = here.outreach.keep_batch(&request("k", 5)).expect("kept");
    assert!(new && batch.waiting == 5 && !batch.under_way);
    // The same click again, while it is sent and afterwards.
    let over = sent_until(&here.outreach, batch.id, |update, _| {
        if let SendingUpdate::Turn { .. } = update {
            let (same, new) = here.outreach.keep_batch(&request("k", 5)).expect("kept");
            assert!(!new && same.id == batch.id && same.under_way);
            let second = here.outreach.turn(batch.id, None, CancellationToken::new());
            assert_eq!(second.err().map(|error| error.code()), Some("batchUnderWay"));
        }
    })
    .await;
    let SendingUpdate::Over { batch: over, stopped: false, problem: None } = over else { panic!("{over:?}") };
    assert_eq!((over.done, over.waiting, over.under_way), (5, 0, false));
    assert!(
        matches!(sent(&here.outreach, batch.id).await, SendingUpdate::Over { .. }),
        "nothing is left to send"
    );
    assert_eq!(here.simulator.executed(Endpoint::DialerTask), 5);
    let numbers: Vec<String> =
        here.simulator.dialer(SALES).waiting.into_iter().map(|task| task.destination).collect();
    assert_eq!(numbers, (0..5).map(number).collect::<Vec<_>>(), "in order");
    assert_eq!(here.trail(), 5, "each has its line");
    assert!(here.outreach.batches(true, 9).expect("kept").is_empty(), "it is finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unknown_and_only_a_person_sends_it_again() {
    let here = Supervisor::new().await;
    let (batch, _) = here.outreach.keep_batch(&request("k", 3)).expect("kept");
    here.simulator.faults().set(Endpoint::DialerTask, Fault::AnswerLost, Some(1));
    sent(&here.outreach, batch.id).await;
    assert_eq!(states(&here.outreach, batch.id), [Unknown, Done, Done]);
    sent(&here.outreach, batch.id).await;
    assert_eq!(
        here.simulator.executed(Endpoint::DialerTask),
        3,
        "the unknown one is not sent again by itself"
    );
    assert_eq!(here.outreach.batches(true, 9).expect("kept").len(), 1, "it is asked about");
    here.simulator.faults().set(Endpoint::DialerTask, Fault::AnswerLost, Some(1));
    let again = here.outreach.send_again(batch.id, 0, CancellationToken::new()).expect("a person said so");
    again.send(Duration::ZERO, |_| {}).await;
    assert_eq!(here.simulator.executed(Endpoint::DialerTask), 4);
    assert_eq!(states(&here.outreach, batch.id)[0], Unknown);
    assert!(here.outreach.send_again(batch.id, 1, CancellationToken::new()).is_err(), "done is done");
    let batch = here.outreach.count_as_done(batch.id, 0).expect("it was unknown");
    assert_eq!((batch.done, batch.unknown), (3, 0));
    assert!(here.outreach.leave_unknown(batch.id, 0).is_err(), "it is not unknown any more");
    let lines = here.outreach.sent(None, false, 0, 9).expect("kept").lines;
    let why = |at: usize| (lines[at].outcome, lines[at].why.as_deref());
    assert_eq!(why(0), (SentOutcome::Done, Some("countedAsDone")), "the same is said where it is listed");
    assert_eq!(why(3).0, SentOutcome::Unknown, "of the first time nobody has said anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knew_is_settled_by_who_looked_and_everything_of_it_follows() {
    let here = Supervisor::new().await;
    let unknown = |endpoint| here.simulator.faults().set(endpoint, Fault::AnswerLost, Some(1));
    let (batch, _) = here.outreach.keep_batch(&request("k", 2)).expect("kept");
    unknown(Endpoint::DialerTask);
    sent(&here.outreach, batch.id).await;
    for at in [1, 2] {
        unknown(Endpoint::AddBlack);
        here.outreach.perform(black(&number(at), BlacklistChange::Add), None, |_| {}).await.expect("sent");
    }
    unknown(Endpoint::DeleteBlack);
    here.outreach.perform(black(&number(1), BlacklistChange::Remove), None, |_| {}).await.expect("sent");
    let lines = here.outreach.sent(None, true, 0, 9).expect("kept").lines;
    let [off, second, first, item] = &lines[..] else { panic!("{lines:?}") };
    let listed = || -> Vec<Listed> {
        let known = here.outreach.blacklist("", 0, 9).expect("kept").numbers;
        known.iter().map(|one| one.listed).collect()
    };
    assert_eq!(listed(), [Listed::PerhapsOff, Listed::PerhapsOn]);

    here.outreach.settle_line(off.id, false).expect("it was unknown");
    here.outreach.settle_line(second.id, false).expect("it was unknown");
    assert_eq!(listed(), [Listed::On], "one is on it still, the other never was");
    here.outreach.settle_line(first.id, true).expect("it was unknown");
    here.outreach.settle_line(item.id, false).expect("it was unknown");
    assert_eq!(states(&here.outreach, batch.id), [BatchItemState::Refused, Done], "its item ends with it");
    assert!(here.outreach.settle_line(item.id, true).is_err(), "it is known by now");
    assert!(here.outreach.batches(true, 9).expect("kept").is_empty(), "nothing is asked about any more");
    let settled = here.outreach.sent(None, false, 0, 9).expect("kept").lines;
    let whys: Vec<_> = settled.iter().map(|line| (line.outcome, line.why.as_deref())).collect();
    let (done, not) =
        ((SentOutcome::Done, Some("countedAsDone")), (SentOutcome::Refused, Some("countedAsNotDone")));
    assert_eq!(whys, [not, not, done, (SentOutcome::Done, None), not]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_begin_a_batch_follows_it_to_its_end() {
    let here = Supervisor::new().await;
    let (batch, _) = here.outreach.keep_batch(&request("k", 3)).expect("kept");
    let (first, second) = (here.outreach.clone(), here.outreach.clone());
    let turn = here.outreach.turn(batch.id, None, CancellationToken::new()).expect("nothing else is sent");
    let mut heard = Vec::new();
    // Nothing is sent before somebody follows: both are polled in this order.
    let follow = first.follow(batch.id, |update| heard.push(update));
    tokio::join!(async { follow.await.expect("kept") }, turn.send(Duration::ZERO, |_| {}));
    let done = |update: &SendingUpdate| match update {
        SendingUpdate::Ended { batch, .. } => Some(batch.done),
        _ => None,
    };
    assert_eq!(heard.iter().filter_map(done).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(matches!(heard.last(), Some(SendingUpdate::Over { stopped: false, .. })), "{heard:?}");

    let mut late = Vec::new();
    second.follow(batch.id, |update| late.push(update)).await.expect("kept");
    let [SendingUpdate::Over { batch, stopped: false, .. }] = &late[..] else { panic!("{late:?}") };
    assert_eq!((batch.done, batch.under_way), (3, false), "one that is over says so at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_mid_bulk_leaves_one_unknown_and_the_rest_waiting() {
    let here = Supervisor::new().await;
    let (batch, _) = here.outreach.keep_batch(&request("k", 5)).expect("kept");
    // The second is carried out, and its answer does not come before the session ends.
    let sending = sent_until(&here.outreach, batch.id, silent_from_the_second(&here, Endpoint::DialerTask));
    let ending = async {
        here.executed(Endpoint::DialerTask, 2).await;
        here.tasks.end().await;
    };
    let (over, ()) = tokio::join!(sending, ending);
    assert_eq!(stopped_by(&over), Some("signedOut"), "{over:?}");
    assert_eq!(states(&here.outreach, batch.id), [Done, Unknown, Waiting, Waiting, Waiting]);

    let next = here.again().await;
    next.outreach.settle().expect("settled");
    let offered = next.outreach.batches(true, 9).expect("kept");
    assert_eq!((offered.len(), offered[0].waiting, offered[0].unknown), (1, 3, 1));
    sent(&next.outreach, batch.id).await;
    assert_eq!(states(&next.outreach, batch.id), [Done, Unknown, Done, Done, Done]);
    assert_eq!(next.simulator.executed(Endpoint::DialerTask), 5, "each once, the unknown one too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_mid_bulk_sends_nothing_twice() {
    let here = Supervisor::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let killed = folder.path().join("killed.sqlite");
    let numbers: Vec<BlacklistNumber> =
        (0..2_500).map(|at| BlacklistNumber { phone: number(at), ..BlacklistNumber::default() }).collect();
    let keep = here.outreach.keep_blacklist_batch("k", "lista", BlacklistChange::Add, &numbers);
    let (batch, _) = keep.expect("kept");
    // What a program leaves that is killed while its second request is under way.
    let sending = sent_until(&here.outreach, batch.id, silent_from_the_second(&here, Endpoint::AddBlackBulk));
    let killing = async {
        here.executed(Endpoint::AddBlackBulk, 2).await;
        let sql = format!("VACUUM INTO '{}'", killed.display());
        here.store.with(|connection| connection.execute_batch(&sql)).expect("copied");
        here.tasks.end().await;
    };
    tokio::join!(sending, killing);
    assert_eq!(here.simulator.executed(Endpoint::AddBlackBulk), 2);
    let migrations = [atalaya_calls::MIGRATIONS, MIGRATIONS];
    let store = Store::open(&killed, &migrations, atalaya_clock::Clock::system()).expect("it opens");
    let next = here.with(store).await;
    assert_eq!(states(&next.outreach, batch.id)[1], BatchItemState::Sending);
    next.outreach.settle().expect("settled");
    assert_eq!(states(&next.outreach, batch.id), [Done, Unknown, Waiting]);
    let known = next.outreach.blacklist("", 0, 1).expect("kept");
    assert_eq!((known.total, known.unsure), (2_000, 1_000), "of what was under way nobody is sure");
    sent(&next.outreach, batch.id).await;
    assert_eq!(states(&next.outreach, batch.id), [Done, Unknown, Done]);
    assert_eq!(next.simulator.executed(Endpoint::AddBlackBulk), 3, "the one under way is not sent again");
    assert_eq!(next.simulator.blacklist().len(), 2_500);
    let unknown = next.outreach.sent(None, true, 0, 9).expect("kept");
    assert_eq!((unknown.total, unknown.lines[0].why.as_deref()), (1, Some("interrupted")));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_after_the_one_under_way_and_the_rest_is_sent_later_or_dropped() {
    let here = Supervisor::new().await;
    let (batch, _) = here.outreach.keep_batch(&request("k", 4)).expect("kept");
    let stop_at = |place: u32| {
        let outreach = here.outreach.clone();
        move |update: &SendingUpdate, _: &CancellationToken| {
            if let SendingUpdate::Turn { item } = update
                && item.place == place
            {
                assert_eq!(
                    outreach.drop_rest(batch.id).err().map(|error| error.code()),
                    Some("batchUnderWay")
                );
                outreach.stop();
            }
        }
    };
    sent_until(&here.outreach, batch.id, stop_at(0)).await;
    assert_eq!(states(&here.outreach, batch.id), [Done, Waiting, Waiting, Waiting]);
    sent_until(&here.outreach, batch.id, stop_at(1)).await;
    let dropped = here.outreach.drop_rest(batch.id).expect("nothing is sent");
    assert_eq!((dropped.done, dropped.dropped, dropped.waiting), (2, 2, 0));
    sent(&here.outreach, batch.id).await;
    assert_eq!(states(&here.outreach, batch.id), [Done, Done, Dropped, Dropped]);
    assert_eq!(here.simulator.executed(Endpoint::DialerTask), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_so_and_a_server_that_does_not_answer_stops_it() {
    let here = Supervisor::new().await;
    let mut asked = request("k", 7);
    asked.items[1].operation = Operation::SendSms(SendSms {
        message: "a".to_owned(),
        destination: "099".to_owned(),
        campaign: "Nadie".to_owned(),
        ..SendSms::default()
    });
    let (batch, _) = here.outreach.keep_batch(&asked).expect("kept");
    here.simulator.faults().set(Endpoint::DialerTask, Fault::Zero, Some(1));
    sent_until(&here.outreach, batch.id, |update, _| {
        if let SendingUpdate::Ended { item, .. } = update
            && item.place == 2
        {
            here.simulator.faults().set(Endpoint::DialerTask, Fault::NeverArrives, None);
        }
    })
    .await;
    let states_now = states(&here.outreach, batch.id);
    assert_eq!((states_now[0], states_now[2]), (Refused, Done));
    assert_eq!(
        states_now[3..],
        [Unknown, Unknown, Unknown, Waiting],
        "three in a row, and a person should look"
    );
    here.simulator.faults().clear();
    here.calls.writes().set_look_only(true);
    let over = sent(&here.outreach, batch.id).await;
    assert_eq!(stopped_by(&over), Some("lookOnly"));
    assert_eq!(states(&here.outreach, batch.id)[6], Waiting, "nothing was sent of it");
    here.calls.writes().set_look_only(false);
    sent(&here.outreach, batch.id).await;
    assert_eq!(states(&here.outreach, batch.id)[6], Done);
    let mut wrong = request("other", 1);
    wrong.items[0].operation = task("s/n");
    assert_eq!(here.outreach.keep_batch(&wrong).err().map(|error| error.code()), Some("invalidInput"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_reached_since_is_left_out_and_a_look_that_fails_sends_nothing() {
    let here = Supervisor::new().await;
    let reached = here.an_answered_call().await;
    let (caller, moment) = (reached.source.clone(), reached.started_at.clone());
    let item = |number: &str, moment: &str| RequestedItem {
        label: number.to_owned(),
        operation: task(number),
        unless_reached_since: Some(ReachedSince { number: number.to_owned(), moment: moment.to_owned() }),
    };
    let mut asked = request("k", 1);
    asked.items =
        vec![item(&caller, &moment), item(&caller, "2099-01-01 00:00:00"), item("0987654321", &moment)];
    let (batch, _) = here.outreach.keep_batch(&asked).expect("kept");
    sent_until(&here.outreach, batch.id, |update, _| {
        if let SendingUpdate::Ended { item, .. } = update
            && item.place == 1
        {
            here.simulator.faults().set(
                Endpoint::Records,
                Fault::Status { code: 500, retry_after: None, text: String::new() },
                None,
            );
        }
    })
    .await;
    assert_eq!(states(&here.outreach, batch.id), [LeftOut, Done, Refused]);
    let items = here.outreach.batch_items(batch.id, None, 0, 9).expect("kept").items;
    let why = |at: usize| items[at].problem.as_ref().map(|problem| problem.code.as_str());
    assert_eq!((why(0), why(1), why(2)), (Some("reachedSince"), None, Some("serverError")));
    assert_eq!(here.simulator.executed(Endpoint::DialerTask), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_listed_with_what_takes_it_back_and_nobody_elses() {
    let here = Supervisor::new().await;
    let at = "2099-01-31 10:00:00".to_owned();
    let schedule = ScheduleCall {
        calldate: at.clone(),
        campaign: SALES.to_owned(),
        destination: number(1),
        ..ScheduleCall::default()
    };
    for operation in
        [Operation::ScheduleCall(schedule), task(&number(2)), black(&number(3), BlacklistChange::Add)]
    {
        here.outreach.perform(operation, None, |_| {}).await.expect("it goes out");
    }
    here.simulator.faults().set(Endpoint::DialerTask, Fault::Zero, Some(1));
    here.outreach.perform(task(&number(4)), None, |_| {}).await.expect("it goes out");
    assert!(here.outreach.perform(task("s/n"), None, |_| {}).await.is_err(), "nothing was sent");
    let page = here.outreach.sent(None, false, 0, 9).expect("kept");
    assert_eq!((page.total, page.counts.len()), (4, 3));
    let [refused, listed, given, scheduled] = &page.lines[..] else { panic!("{:?}", page.lines) };
    assert_eq!((refused.outcome, &refused.undo), (SentOutcome::Refused, &Undo::Nothing));
    let campaign = SALES.to_owned();
    let unschedule =
        Unschedule { campaign: campaign.clone(), destination: number(1), from: at.clone(), to: at };
    assert_eq!(scheduled.undo, Undo::By { operation: Box::new(Operation::Unschedule(unschedule)) });
    let remove = RemoveContact { campaign, number: number(2) };
    assert_eq!(given.undo, Undo::By { operation: Box::new(Operation::RemoveContact(remove)) });
    let Undo::By { operation } = here.outreach.undo(listed.id).expect("kept") else { panic!("{listed:?}") };
    assert_eq!(*operation, black(&number(3), BlacklistChange::Remove));
    for line in [scheduled, given, listed] {
        let Undo::By { operation } = line.undo.clone() else { panic!("{line:?}") };
        here.outreach.perform(*operation, None, |_| {}).await.expect("it goes out");
    }
    assert_eq!(here.simulator.dialer(SALES), atalaya_simulator::DialerList::default(), "taken back");
    assert!(here.simulator.blacklist().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_blacklist_is_known_as_far_as_it_goes_and_comes_back_from_a_file() {
    let here = Supervisor::new().await;
    let add = |at: usize| black(&number(at), BlacklistChange::Add);
    here.outreach.perform(add(1), None, |_| {}).await.expect("it goes out");
    here.simulator.faults().set(Endpoint::AddBlack, Fault::AnswerLost, Some(1));
    here.outreach.perform(add(2), None, |_| {}).await.expect("it goes out");
    here.simulator.faults().set(Endpoint::AddBlack, Fault::Zero, Some(1));
    here.outreach.perform(add(3), None, |_| {}).await.expect("it goes out");
    let known = here.outreach.blacklist("", 0, 9).expect("kept");
    let listed: Vec<Listed> = known.numbers.iter().map(|one| one.listed).collect();
    assert_eq!(listed, [Listed::On, Listed::PerhapsOn], "the refused one is not on it");
    assert_eq!(here.outreach.blacklisted("Otra->").expect("kept").len(), 2, "of every campaign");
    assert_eq!(here.outreach.blacklist(&number(2), 0, 9).expect("kept").total, 1);

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lista.csv");
    assert_eq!(
        here.outreach.export_blacklist(&file, atalaya_export::csv::Separator::Semicolon).expect("written"),
        2
    );
    let never = CancellationToken::new();
    let (numbers, import) = here.outreach.read_blacklist(&file, &never).expect("it reads");
    assert_eq!((import.taken, import.known, import.bad), (2, 1, 0));
    let odd = folder.path().join("otra.csv");
    std::fs::write(
        &odd,
        "phone,campaign,name,company,job_title\n'+598 99 000 111,,\"Ana, María\",,\ns/n,,,,\n",
    )
    .expect("written");
    let (more, import) = here.outreach.read_blacklist(&odd, &never).expect("it reads");
    assert_eq!((import.taken, import.bad_lines), (1, vec![3]));
    assert_eq!((more[0].phone.as_str(), more[0].name.as_str()), ("+59899000111", "Ana, María"));
    here.outreach.know_blacklisted(&more).expect("kept");
    assert!(here.outreach.blacklist("+598", 0, 9).expect("kept").numbers[0].from_file);
    assert_eq!(here.simulator.blacklist().len(), 2, "nothing was sent of it");

    let off = here.outreach.keep_blacklist_batch("off", "fuera", BlacklistChange::Remove, &numbers);
    let (batch, _) = off.expect("kept");
    sent(&here.outreach, batch.id).await;
    assert!(here.simulator.blacklist().is_empty());
    assert_eq!(here.outreach.blacklist("", 0, 9).expect("kept").total, 1, "those are off it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_put_back_sends_nothing_that_may_have_been_sent_since() {
    let here = Supervisor::new().await;
    let (batch, _) = here.outreach.keep_batch(&request("k", 2)).expect("kept");
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.sqlite");
    let migrations = [atalaya_calls::MIGRATIONS, MIGRATIONS];
    here.store.back_up(&backup, &migrations).expect("kept");
    sent(&here.outreach, batch.id).await;
    let store = Store::open(&backup, &migrations, atalaya_clock::Clock::system()).expect("it opens");
    assert_eq!(states(&here.with(store.clone()).await.outreach, batch.id), [Waiting, Waiting]);
    atalaya_outreach::batches::doubt_what_waits(&store).expect("doubted");
    let next = here.with(store).await;
    next.outreach.settle().expect("settled");
    sent(&next.outreach, batch.id).await;
    assert_eq!(states(&next.outreach, batch.id), [Unknown, Unknown], "a person is asked about each");
    assert_eq!(next.simulator.executed(Endpoint::DialerTask), 2);
}

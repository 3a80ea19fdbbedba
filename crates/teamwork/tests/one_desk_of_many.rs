//! What a person at a desk of a team may count on: nothing is lost on its way, nothing is there twice, and what does not hold is
//! told with everything that was in it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_review::Reviews;
use atalaya_store::{Store, Uuid};
use atalaya_teamwork::rules::Why;
use atalaya_teamwork::{ClaimStep, Error, Kind, Member, Numbered, Teamwork, Told, What};

mod common;
use common::{ACCOUNT, Desk, Floor, LIST_CARD, call, card, request};

/// A floor on which everybody has a card and a worklist of three calls; its key.
fn floor() -> (Floor, String) {
    let mut floor = Floor::new();
    let ana = &floor.desks[0];
    ana.reviews.save_card(&card(1.0)).expect("kept");
    let calls: Vec<_> = (0..3).map(call).collect();
    ana.reviews.keep_sample(&request(), &calls).expect("kept");
    let list = ana.lists().remove(0);
    floor.settle();
    (floor, list)
}

fn told(desk: &Desk) -> Vec<Told> {
    desk.team.told().expect("readable").into_iter().map(|line| line.told).collect()
}

fn waiting(desk: &Desk) -> Vec<Kind> {
    desk.team.outbox().pending(99).expect("readable").iter().map(|change| change.place().kind).collect()
}

fn member(who: &str, number: u128) -> Member {
    Member { desk: Uuid::from_u128(number), who: who.to_owned(), lead: false }
}

#[test]
fn what_waits_outlives_the_program_and_goes_only_when_it_has_come_back() {
    let home = tempfile::tempdir().expect("a folder");
    let open = || {
        let migrations = [atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS];
        Store::open(&home.path().join("a.sqlite"), &migrations, Clock::system()).expect("opens")
    };
    let desk = Desk::at(open(), Teamwork::join(open(), ACCOUNT, member("Bruno", 2)).expect("joined"));
    desk.reviews.save_card(&card(1.0)).expect("kept");
    desk.judge(0, 1).expect("begun");
    let outbox = desk.team.outbox();
    let offered = outbox.pending(9).expect("readable");
    assert_eq!(offered.len(), 2);
    desk.finish(0).expect("finished");
    drop(desk);

    let team = Teamwork::of(open(), ACCOUNT).expect("readable").expect("it is in the team");
    assert_eq!(team.member(), &member("Bruno", 2));
    let pending = team.outbox().pending(9).expect("readable");
    assert_eq!(pending[..2], offered[..], "word for word as it was offered");
    assert_eq!(
        pending[2..].iter().map(|one| one.place().kind).collect::<Vec<_>>(),
        [Kind::Review, Kind::Alert]
    );

    let mut floor = Floor::new();
    let seqs: Vec<i64> = pending.iter().map(|change| floor.append(change, team.member())).collect();
    team.outbox().numbered(pending[0].id, seqs[0]).expect("kept");
    assert_eq!(
        team.outbox().pending(9).expect("readable"),
        pending[1..],
        "what has a number is not sent again"
    );
    let rows =
        |sql: &str| -> i64 { open().with(|c| c.query_row(sql, [], |row| row.get(0))).expect("readable") };
    assert_eq!(rows("SELECT count(*) FROM outbox"), 4, "and stays until it is back");
    // The log took the others too, and this desk never heard so.
    let applied = team.apply(&floor.log).expect("applied");
    assert_eq!((applied.up_to, applied.new, applied.held), (seqs[3], 4, 4));
    assert_eq!(rows("SELECT count(*) FROM outbox"), 0);
    let again = team.apply(&floor.log).expect("applied");
    assert_eq!((again.up_to, again.new), (seqs[3], 0), "read twice is read once");
}

#[test]
fn a_change_and_its_row_are_one() {
    let (floor, _) = floor();
    let desk = &floor.desks[1];
    desk.judge(0, 1).expect("begun");
    let review = desk.review_of(0).expect("there");
    let full = "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'full'); END";
    desk.store.with(|c| c.execute_batch(full)).expect("made");
    desk.reviews.change(review, common::answers(2), "other").expect_err("it cannot be sent");
    assert_eq!(desk.reviews.review(review).expect("there").comment, "so", "so it was not changed");
    desk.store.with(|c| c.execute_batch("DROP TRIGGER full")).expect("gone");
    desk.reviews.change(review, common::answers(2), "other").expect("kept");
    assert_eq!(waiting(desk), [Kind::Review], "typed twice, not offered yet: it goes once");
    desk.reviews.change(review, common::answers(2), "more").expect("kept");
    assert_eq!(waiting(desk), [Kind::Review, Kind::Review], "what was offered is not touched");
}

#[test]
fn a_batch_is_taken_whole_or_not_at_all() {
    let (mut floor, _) = floor();
    for desk in [1, 2] {
        floor.desks[desk].judge(0, 1).expect("begun");
        floor.desks[desk].finish(0).expect("finished");
        floor.send(desk, 9, false);
    }
    let ana = &floor.desks[0];
    let before = (ana.team.applied().expect("readable"), ana.describe());
    let full = "CREATE TRIGGER full BEFORE INSERT ON review WHEN new.reviewer = 'Carla'
                BEGIN SELECT raise(ABORT, 'full'); END";
    ana.store.with(|c| c.execute_batch(full)).expect("made");
    ana.team.apply(&floor.log).expect_err("the disk is full in the middle of it");
    assert_eq!((ana.team.applied().expect("readable"), ana.describe()), before);
    ana.store.with(|c| c.execute_batch("DROP TRIGGER full")).expect("gone");
    floor.settle();
    let figures: Vec<_> = floor.desks.iter().map(|desk| desk.team.fingerprint().expect("readable")).collect();
    assert!(figures.iter().all(|figure| *figure == figures[0]), "{figures:?}");
}

#[test]
fn without_a_team_nothing_is_written_down() {
    let store =
        Store::in_memory(&[atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS], Clock::system())
            .expect("a store");
    assert!(Teamwork::of(store.clone(), ACCOUNT).expect("readable").is_none());
    let reviews = Reviews::new(store.clone(), ACCOUNT);
    reviews.save_card(&card(1.0)).expect("kept");
    let review = reviews.open(&call(0), LIST_CARD, "Ana").expect("begun");
    reviews.change(review.id, common::answers(2), "").expect("kept");
    reviews.finish(review.id).expect("finished");
    for table in ["team", "outbox", "settled", "told"] {
        let rows: i64 = store
            .with(|c| c.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)))
            .expect("readable");
        assert_eq!(rows, 0, "{table}");
    }
    // Another account's work is not the team's.
    let team = Teamwork::join(store.clone(), ACCOUNT, member("Ana", 1)).expect("joined");
    let other = Reviews::new(store, "b").recorded_by(Some(team.recorder()));
    other.add_note(&call(1), 1.0, "elsewhere", true, "Ana").expect("kept");
    assert_eq!(team.outbox().waiting().expect("readable"), 0);
}

#[test]
fn two_who_take_the_same_call_while_cut_off_are_told_who_has_it() {
    let (mut floor, list) = floor();
    let guid = call(1).guid;
    for desk in [1, 2] {
        floor.desks[desk].team.claim(&list, &guid, ClaimStep::Taken).expect("as far as is known here");
        let claim = floor.desks[desk].team.claim_of(&list, &guid).expect("readable").expect("held");
        assert_eq!((claim.by, claim.certain), (floor.desks[desk].who.clone(), false));
        floor.desks[desk].judge(1, 1).expect("typed");
    }
    floor.send(2, 9, false);
    floor.send(1, 9, false);
    for desk in [0, 1, 2, 1] {
        floor.read(desk, 99, 2);
    }
    for desk in &floor.desks[..3] {
        let claims = desk.team.claims(&list).expect("readable");
        assert_eq!(
            claims.iter().map(|one| (one.by.as_str(), one.certain)).collect::<Vec<_>>(),
            [("Carla", true)]
        );
    }
    let lost = told(&floor.desks[1]);
    assert!(matches!(&lost[..], [Told::Refused { why: Why::Held { by }, .. }] if by == "Carla"), "{lost:?}");
    assert_eq!(told(&floor.desks[2]), []);
    assert!(floor.desks[1].review_of(1).is_some(), "what Bruno typed is there");
    let refused = floor.desks[1].team.claim(&list, &guid, ClaimStep::Taken).expect_err("it is known now");
    assert!(matches!(refused, Error::Refused(Why::Held { .. })), "{refused:?}");
    floor.desks[0].team.claim(&list, &guid, ClaimStep::TakenOver).expect("a lead may");
    floor.settle();
    assert_eq!(
        floor.desks[2].team.claim_of(&list, &guid).expect("readable").map(|one| one.by).as_deref(),
        Some("Ana")
    );
    floor.clock.advance(Duration::from_secs(31 * 60));
    assert_eq!(floor.desks[2].team.claim_of(&list, &guid).expect("readable"), None, "nobody heard of Ana");
    let id = floor.desks[1].team.told().expect("readable")[0].id;
    floor.desks[1].team.told_and_read(id).expect("kept");
    assert_eq!(told(&floor.desks[1]), []);
}

#[test]
fn who_saves_a_card_while_others_do_is_told_and_reviews_stay_with_their_version() {
    let (mut floor, _) = floor();
    for (desk, weight) in [(1, 3.0), (2, 4.0)] {
        assert_eq!(floor.desks[desk].reviews.save_card(&card(weight)).expect("kept").version, 2);
        floor.desks[desk].judge(0, 1).expect("begun");
    }
    floor.send(2, 9, false);
    floor.read(1, 9, 0);
    let weight = |desk: &Desk| {
        let review = desk.reviews.review(desk.review_of(0).expect("there")).expect("there");
        (review.card.version, review.card.sections[0].questions[0].weight)
    };
    assert_eq!(weight(&floor.desks[1]), (3, 3.0), "Bruno's waits, and is the third by then");
    assert_eq!(told(&floor.desks[1]), [], "nothing is certain yet");
    floor.settle();
    assert_eq!(weight(&floor.desks[1]), (3, 3.0));
    assert_eq!(weight(&floor.desks[2]), (2, 4.0));
    let others = vec![2];
    let (card, name) = (LIST_CARD.to_owned(), "Calls".to_owned());
    assert_eq!(told(&floor.desks[1]), [Told::Meanwhile { card, name, number: 3, others }]);
    assert_eq!(told(&floor.desks[2]), []);
    let both = [2, 3].map(|version| {
        let card = floor.desks[0].reviews.card(LIST_CARD, Some(version)).expect("it is kept");
        card.sections[0].questions[0].weight
    });
    assert_eq!(both, [4.0, 3.0], "both are there to be compared");
}

#[test]
fn what_a_desk_had_before_is_offered_and_what_both_had_is_there_once() {
    // Ana handed a worklist on by file, long before there was a team.
    let clock = Clock::held(1_790_000_000_000);
    let migrations = [atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS];
    let store = || Store::in_memory(&migrations, clock.clock()).expect("a store");
    let (ana, bruno) = (store(), store());
    let judge = |reviews: &Reviews, number: u32, who: &str| {
        let review = reviews.open(&call(number), LIST_CARD, who).expect("begun");
        reviews.change(review.id, common::answers(2), who).expect("kept");
        reviews.finish(review.id).expect("finished");
    };
    let (hers, his) = (Reviews::new(ana.clone(), ACCOUNT), Reviews::new(bruno.clone(), ACCOUNT));
    hers.save_card(&card(1.0)).expect("kept");
    hers.save_card(&card(2.0)).expect("kept");
    let calls: Vec<_> = (0..3).map(call).collect();
    let list = hers.keep_sample(&request(), &calls).expect("kept");
    judge(&hers, 0, "Ana");
    hers.skip(list.id, &call(2).guid, Some("no sound")).expect("kept");
    hers.add_note(&call(0), 1.0, "shared", true, "Ana").expect("kept");
    hers.add_note(&call(0), 2.0, "her own", false, "Ana").expect("kept");
    let file = hers.worklist_file(list.id, ("Ana", "Bruno"), true, true).expect("written");
    his.take_worklist(&atalaya_review::read_worklist_file(&file).expect("sound"), "Bruno").expect("taken");
    judge(&his, 1, "Bruno");

    let mut floor = Floor::new();
    let lead = Member { lead: true, ..member("Ana", 1) };
    floor.desks = vec![
        Desk::at(ana.clone(), Teamwork::join(ana, ACCOUNT, lead).expect("joined")),
        Desk::at(bruno.clone(), Teamwork::join(bruno, ACCOUNT, member("Bruno", 2)).expect("joined")),
    ];
    assert_eq!(
        floor.desks[0].team.offer().expect("kept"),
        6,
        "two versions, a list, one left out, a review, a note"
    );
    assert_eq!(floor.desks[0].team.offer().expect("kept"), 0, "once");
    floor.desks[1].team.offer().expect("kept");
    floor.settle();
    let kinds = |kind: Kind| floor.log.iter().filter(|one| one.change.place().kind == kind).count();
    assert!(kinds(Kind::Review) >= 2);
    let fresh = floor.fresh();
    for desk in floor.desks.iter().chain([&fresh]) {
        let count = |table: &str| -> i64 {
            let sql = format!("SELECT count(*) FROM {table}");
            desk.store.with(|c| c.query_row(&sql, [], |row| row.get(0))).expect("readable")
        };
        assert_eq!(["card", "sample", "sample_item", "review"].map(count), [2, 1, 3, 2], "{}", desk.who);
        let sample = &desk.samples()[0];
        assert_eq!((sample.done, sample.skipped), (2, 1), "{}", desk.who);
        assert_eq!(desk.team.fingerprint().expect("readable"), fresh.team.fingerprint().expect("readable"));
        assert_eq!(told(desk), []);
    }
    let texts = |desk: &Desk| desk.notes().into_iter().map(|note| note.text).collect::<Vec<_>>();
    assert_eq!(texts(&fresh), ["shared"], "what is not shared is nobody else's");
    assert_eq!(texts(&floor.desks[0]), ["shared", "her own"]);
}

#[test]
fn a_change_of_a_later_program_is_the_end_of_what_is_read() {
    let (mut floor, _) = floor();
    floor.desks[1].judge(0, 1).expect("begun");
    let change = floor.desks[1].team.outbox().pending(1).expect("readable").remove(0);
    let later = serde_json::to_string(&change).expect("JSON").replace("\"layout\":1", "\"layout\":2");
    let refused = Numbered::read(90, "Bruno", false, 0, &later).expect_err("not for this program");
    assert!(matches!(refused, Error::Newer { seq: 90, layout: 2 }), "{refused}");
    let odd = Numbered::read(91, "Bruno", false, 0, "{\"layout\":1}").expect_err("that is none");
    assert_eq!(odd.code(), "teamUnreadable");
    let seq = floor.append(&change, &member("Bruno", 2));
    let mut tail = floor.log.clone();
    tail.last_mut().expect("one").change.layout = 2;
    let stand = floor.desks[2].team.applied().expect("readable");
    assert!(matches!(floor.desks[2].team.apply(&tail), Err(Error::Newer { .. })));
    assert_eq!(floor.desks[2].team.applied().expect("readable"), stand);
    floor.read(2, 9, 0);
    assert_eq!(floor.desks[2].team.applied().expect("readable"), seq);
}

#[test]
fn what_the_log_will_never_take_makes_way_and_is_told() {
    let (mut floor, list) = floor();
    let sample = floor.desks[1].samples().remove(0);
    floor.desks[1].reviews.rename_sample(sample.id, "Mine").expect("kept");
    let change = floor.desks[1].team.outbox().pending(9).expect("readable").remove(0);
    floor.desks[1].team.outbox().refused(change.id, "permission denied").expect("kept");
    assert_eq!(floor.desks[1].samples()[0].request.name, "March", "as the others have it");
    assert!(
        matches!(&told(&floor.desks[1])[..], [Told::Refused { why: Why::NotTaken { said }, change: all }]
        if said == "permission denied" && **all == change)
    );
    assert_eq!(floor.desks[1].lists(), [list]);
    let rule = |value: u32| What::House { name: "rules".to_owned(), value: value.into() };
    assert!(matches!(floor.desks[1].team.say(rule(1)), Err(Error::Refused(Why::LeadOnly))));
    floor.desks[0].team.say(rule(2)).expect("a lead may");
    floor.settle();
    let rules = floor.desks[1].team.all(Kind::House).expect("readable");
    assert_eq!((rules.len(), rules[0].who.as_str()), (1, "Ana"));
    let team = floor.desks.remove(1).team;
    team.clone().leave().expect("gone");
    assert_eq!(team.applied().expect("readable"), 0);
}

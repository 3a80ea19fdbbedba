//! The rules, case by case: what holds so far, what is said next, what becomes of it.

use atalaya_review::copies::{Finished, JudgedCopy, NoteCopy, ReviewCopy, SeenCopy};
use atalaya_review::identity::ReviewKey;
use atalaya_review::wire::{Card, CommentRule, FeedbackStep, Kind, Question, Section};
use atalaya_store::Uuid;

use super::*;
use crate::change::{LAYOUT, Place};

/// Who says something, and whether they are a lead.
type Who = (&'static str, bool);
const ANA: Who = ("Ana", true);
const BRUNO: Who = ("Bruno", false);
const CARLA: Who = ("Carla", false);

fn said(seq: i64, (who, lead): Who, what: What) -> Numbered {
    let (id, desk) = (Uuid::from_u128(seq as u128), Uuid::from_u128(7));
    let change = Change { layout: LAYOUT, id, desk, who: who.to_owned(), at_ms: 0, what };
    Numbered { seq, who: who.to_owned(), lead, logged_ms: seq * 60_000, change }
}

/// What holds after all of these, and what became of each.
fn after(all: &[Numbered]) -> (Option<Settled>, Vec<Option<Why>>) {
    let mut so = None;
    let mut verdicts = Vec::new();
    let mut place: Option<Place> = None;
    for next in all {
        assert_eq!(*place.get_or_insert_with(|| next.change.place()), next.change.place(), "they contend");
        verdicts.push(match settle(so.as_ref(), next) {
            Verdict::Holds(settled) => {
                so = Some(settled);
                None
            }
            Verdict::Known => None,
            Verdict::Refused(why) => Some(why),
        });
    }
    (so, verdicts)
}

fn call() -> atalaya_calls::wire::Call {
    serde_json::from_value(serde_json::json!({
        "guid": "g", "startedAt": "2026-03-02 10:00:00", "lengthSecs": 130, "talkSecs": 120, "waitSecs": null,
        "campaign": "Soporte<-", "direction": "inbound", "agent": "Bruno", "answered": true, "outcome": "", "cause": null,
        "source": "091000001", "destination": "", "rating": null, "days": [], "legs": []
    }))
    .unwrap()
}

fn key(reviewer: &str) -> ReviewKey {
    let (guid, card) = ("g".to_owned(), "c".to_owned());
    ReviewKey { guid, reviewer: reviewer.to_owned(), card, calibration: String::new() }
}

fn review(reviewer: &str, turn: u32, finished: bool, comment: &str) -> What {
    let (percent, tone) = (Some(80.0), None);
    let parts = String::new();
    What::Review(ReviewCopy {
        key: key(reviewer),
        call: call(),
        version: Uuid::from_u128(1),
        answers: std::collections::BTreeMap::new(),
        comment: comment.to_owned(),
        turn,
        made_ms: 0,
        first_ms: None,
        finished: finished.then_some(Finished { at_ms: 1, percent, fatal: false, tone, parts }),
    })
}

fn comment(so: Option<&Settled>) -> String {
    match so.map(|so| &so.state) {
        Some(State::Said(said)) => match said.as_ref() {
            What::Review(review) => review.comment.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_review_is_its_reviewers() {
    let theirs = |of: &str| Some(Why::NotTheirs { of: of.to_owned() });
    type Case<'a> = (&'static str, &'a [(Who, What)], &'a [Option<Why>], &'static str);
    let cases: [Case<'_>; 6] = [
        (
            "nobody overwrites a score, a lead no more than others",
            &[
                (BRUNO, review("Bruno", 0, true, "mine")),
                (CARLA, review("Bruno", 0, true, "hers")),
                (ANA, review("Bruno", 1, true, "the lead's")),
            ],
            &[None, theirs("Bruno"), theirs("Bruno")],
            "mine",
        ),
        (
            "a lead brings in what nobody knows yet, and its reviewer has the last word",
            &[
                (CARLA, review("Bruno", 0, true, "hers")),
                (ANA, review("Bruno", 0, true, "from a file")),
                (BRUNO, review("Bruno", 0, true, "mine")),
            ],
            &[theirs("Bruno"), None, None],
            "mine",
        ),
        (
            "what was typed before it was finished at another desk comes too late",
            &[
                (BRUNO, review("Bruno", 0, false, "begun")),
                (BRUNO, review("Bruno", 0, true, "done")),
                (BRUNO, review("Bruno", 0, false, "late")),
            ],
            &[None, None, Some(Why::Over)],
            "done",
        ),
        (
            "taken up again it is open",
            &[
                (BRUNO, review("Bruno", 0, true, "done")),
                (BRUNO, review("Bruno", 1, false, "again")),
                (BRUNO, review("Bruno", 0, true, "late")),
            ],
            &[None, None, Some(Why::Over)],
            "again",
        ),
        (
            "of two of the same person the newest holds",
            &[(BRUNO, review("Bruno", 0, true, "one")), (BRUNO, review("Bruno", 0, true, "other"))],
            &[None, None],
            "other",
        ),
        (
            "said twice is said once",
            &[(BRUNO, review("Bruno", 0, true, "one")), (BRUNO, review("Bruno", 0, true, "one"))],
            &[None, None],
            "one",
        ),
    ];
    for (name, says, verdicts, holds) in cases {
        let all: Vec<_> =
            says.iter().zip(1..).map(|((who, what), seq)| said(seq, *who, what.clone())).collect();
        let (so, became) = after(&all);
        assert_eq!((became.as_slice(), comment(so.as_ref()).as_str()), (verdicts, holds), "{name}");
    }
}

#[test]
fn nobody_speaks_for_another() {
    let mut next = said(1, BRUNO, review("Bruno", 0, true, "not he"));
    next.who = "Carla".to_owned();
    assert_eq!(settle(None, &next), Verdict::Refused(Why::NotThem));
    next.who = "Bruno".to_owned();
    assert!(matches!(settle(None, &next), Verdict::Holds(_)));
}

#[test]
fn the_first_claim_holds_until_it_ends() {
    use ClaimStep::{GivenBack, Lapsed, Taken, TakenOver};
    let held = |by: &str| Some(Why::Held { by: by.to_owned() });
    // Minutes of the log's clock; a claim lapses after thirty.
    type Case = (&'static str, &'static [(i64, Who, ClaimStep)], Vec<Option<Why>>, Option<&'static str>);
    let cases: Vec<Case> = vec![
        ("the first", &[(1, BRUNO, Taken), (2, CARLA, Taken)], vec![None, held("Bruno")], Some("Bruno")),
        (
            "given back",
            &[(1, BRUNO, Taken), (2, BRUNO, GivenBack), (3, CARLA, Taken)],
            vec![None; 3],
            Some("Carla"),
        ),
        (
            "not by others",
            &[(1, BRUNO, Taken), (2, CARLA, GivenBack)],
            vec![None, held("Bruno")],
            Some("Bruno"),
        ),
        ("lapsed", &[(1, BRUNO, Taken), (31, CARLA, Taken)], vec![None; 2], Some("Carla")),
        (
            "a minute early",
            &[(1, BRUNO, Taken), (30, CARLA, Taken)],
            vec![None, held("Bruno")],
            Some("Bruno"),
        ),
        (
            "said again",
            &[(1, BRUNO, Taken), (20, BRUNO, Taken), (40, CARLA, Taken)],
            vec![None, None, held("Bruno")],
            Some("Bruno"),
        ),
        ("let lapse", &[(1, BRUNO, Taken), (40, CARLA, Lapsed)], vec![None; 2], None),
        (
            "let lapse early",
            &[(1, BRUNO, Taken), (9, CARLA, Lapsed)],
            vec![None, Some(Why::Early)],
            Some("Bruno"),
        ),
        (
            "a lead takes it",
            &[(1, BRUNO, Taken), (2, ANA, TakenOver), (3, BRUNO, Taken)],
            vec![None, None, held("Ana")],
            Some("Ana"),
        ),
        (
            "nobody else does",
            &[(1, BRUNO, Taken), (2, CARLA, TakenOver)],
            vec![None, Some(Why::LeadOnly)],
            Some("Bruno"),
        ),
        ("nothing to give", &[(1, BRUNO, GivenBack), (2, BRUNO, Lapsed)], vec![Some(Why::Nothing); 2], None),
    ];
    for (name, says, verdicts, holds) in cases {
        let all: Vec<_> = says
            .iter()
            .map(|(minute, who, step)| {
                said(*minute, *who, What::Claim { list: "l".to_owned(), guid: "g".to_owned(), step: *step })
            })
            .collect();
        let (so, became) = after(&all);
        let now = says.last().unwrap().0 * 60_000;
        assert_eq!((became, so.as_ref().and_then(|so| holder(so, now))), (verdicts, holds), "{name}");
    }
}

fn card(weight: f64) -> Card {
    let question = Question {
        id: "q".to_owned(),
        text: "q".to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let sections = vec![Section { id: "s".to_owned(), title: "s".to_owned(), questions: vec![question] }];
    Card { id: "c".to_owned(), version: 9, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

#[test]
fn versions_of_a_card_are_numbered_by_the_log_and_both_are_kept() {
    let version = |uuid: u128, after: Option<u128>| What::CardVersion {
        version: CardCopy { uuid: Uuid::from_u128(uuid), card: card(uuid as f64), made_ms: 0 },
        after: after.map(Uuid::from_u128),
    };
    let retired = |retired| What::CardRetired { card: "c".to_owned(), retired };
    let all = [
        said(1, CARLA, retired(true)),
        said(2, BRUNO, version(10, None)),
        said(3, CARLA, version(20, Some(10))),
        said(4, BRUNO, version(30, Some(10))),
        said(5, BRUNO, version(20, None)),
        said(6, CARLA, retired(true)),
        said(7, CARLA, version(40, Some(30))),
    ];
    let (so, became) = after(&all);
    assert_eq!(became, [Some(Why::Nothing), None, None, None, None, None, None]);
    let so = so.unwrap();
    let State::Card { versions, retired, .. } = &so.state else { panic!("{so:?}") };
    let order: Vec<u128> = versions.iter().map(|one| one.uuid.as_u128()).collect();
    assert_eq!((order.as_slice(), *retired), ([10, 20, 30, 40].as_slice(), false));
    let told =
        |mine: u128, known: Option<u128>| meanwhile(&so, Uuid::from_u128(mine), known.map(Uuid::from_u128));
    assert_eq!(told(30, Some(10)), (3, vec![2]), "the third, and the second was saved meanwhile");
    assert_eq!(told(40, Some(30)), (4, vec![]));
    assert_eq!(told(10, None), (1, vec![]));
}

#[test]
fn what_is_removed_stays_so_and_the_newest_holds_of_the_rest() {
    let note = |text: &str| {
        What::Note(NoteCopy {
            uuid: Uuid::from_u128(5),
            call: call(),
            at_secs: 1.0,
            text: text.to_owned(),
            shared: true,
            reviewer: "Bruno".to_owned(),
            made_ms: 0,
        })
    };
    let gone = What::NoteRemoved { note: Uuid::from_u128(5) };
    let (so, became) = after(&[
        said(1, BRUNO, note("one")),
        said(2, CARLA, note("other")),
        said(3, BRUNO, gone.clone()),
        said(4, CARLA, note("back")),
        said(5, CARLA, gone.clone()),
    ]);
    assert_eq!(became, [None, None, None, Some(Why::Removed), None]);
    assert_eq!(so.unwrap().state, State::Said(Box::new(gone)));

    let house = |value: u32| What::House { name: "rules".to_owned(), value: value.into() };
    let (so, became) = after(&[said(1, ANA, house(1)), said(2, BRUNO, house(2)), said(3, ANA, house(3))]);
    assert_eq!(became, [None, Some(Why::LeadOnly), None]);
    assert_eq!(so.unwrap().state, State::Said(Box::new(house(3))));

    let seen = |by: Option<&str>| What::AlertSeen {
        key: key("Bruno"),
        seen: by.map(|by| SeenCopy { by: by.to_owned(), at_ms: 0 }),
    };
    let (so, became) = after(&[
        said(1, BRUNO, seen(Some("Bruno"))),
        said(2, CARLA, seen(Some("Carla"))),
        said(3, CARLA, seen(None)),
        said(4, CARLA, seen(Some("Carla"))),
    ]);
    assert_eq!(became, [None, Some(Why::Held { by: "Bruno".to_owned() }), None, None]);
    assert_eq!(so.unwrap().state, State::Said(Box::new(seen(Some("Carla")))));

    let step = |day: Option<&str>| What::Feedback {
        key: key("Bruno"),
        turn: 0,
        step: FeedbackStep::Given,
        day: day.map(str::to_owned),
    };
    let (so, became) = after(&[said(1, BRUNO, step(Some("2026-03-05"))), said(2, ANA, step(None))]);
    assert_eq!((became, so.unwrap().who.as_str()), (vec![None, None], "Ana"), "each step with who");

    let blind = |comment: &str| {
        What::Judged(JudgedCopy {
            calibration: "k".to_owned(),
            reviewer: "Bruno".to_owned(),
            answers: std::collections::BTreeMap::new(),
            comment: comment.to_owned(),
            at_ms: 0,
        })
    };
    let (so, became) = after(&[
        said(1, CARLA, blind("hers")),
        said(2, BRUNO, blind("first")),
        said(3, BRUNO, blind("second")),
    ]);
    assert_eq!(became, [Some(Why::NotTheirs { of: "Bruno".to_owned() }), None, Some(Why::First)]);
    assert_eq!(so.unwrap().state, State::Said(Box::new(blind("first"))));
}

#[test]
fn who_sees_to_an_alert_of_the_floor_sees_to_that_one_and_to_no_worse() {
    let word = |since_ms: i64, bad: bool, by: Option<&str>| What::FloorAlertSeen {
        about: "campaign:Soporte".to_owned(),
        since_ms,
        bad,
        seen: by.map(|by| SeenCopy { by: by.to_owned(), at_ms: 0 }),
    };
    let held = |by: &str| Some(Why::Held { by: by.to_owned() });
    let (so, verdicts) = after(&[
        said(1, BRUNO, word(1_000_000, false, Some("Bruno"))),
        // The same one, as another desk sees it.
        said(2, CARLA, word(1_060_000, false, Some("Carla"))),
        said(3, CARLA, word(1_060_000, true, Some("Carla"))),
        said(4, BRUNO, word(1_000_000, false, Some("Bruno"))),
        said(5, BRUNO, word(1_060_000, true, None)),
        said(6, BRUNO, word(1_060_000, true, Some("Bruno"))),
        // A later one is nobody's, and of those before nothing more is said.
        said(7, CARLA, word(1_200_000, false, Some("Carla"))),
        said(8, BRUNO, word(1_060_000, true, None)),
        said(9, BRUNO, word(1_400_000, true, Some("Carla"))),
    ]);
    let not_theirs = Some(Why::NotTheirs { of: "Carla".to_owned() });
    let expected = [None, held("Bruno"), None, held("Carla"), None, None, None, Some(Why::Over), not_theirs];
    assert_eq!(verdicts, expected);
    let expected = State::Said(Box::new(word(1_200_000, false, Some("Carla"))));
    assert_eq!(so.map(|so| so.state), Some(expected));
}

//! A calibration between two desks of a team, on a real database: nobody can get at the other's answers before all are in, not by
//! their own copy, not by the database; then both have them.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use atalaya_calls::wire::Call;
use atalaya_desk::{Desk, TeamJoin};
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_review::Reviews;
use atalaya_review::wire::{Answer, Calibration, Card, CommentRule, Kind, Question, Section, Value};
use atalaya_simulator::Simulator;
use atalaya_team::{Address, Connection, Error, Invitation, Role, Seat, add, append, init, sit};
use atalaya_ucontact::{Secret, Server};
use serde_json::json;
use tempfile::TempDir;

mod common;
use common::{PASSWORD, centre, desk, request, session, until};

const ANAS: &str = "anas-words-nobody-reads-yet";

struct Person {
    desk: Desk,
    home: TempDir,
}

impl Person {
    async fn new(simulator: &Simulator, invitation: &Invitation) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let desk = desk(home.path()).await;
        desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
        let join = TeamJoin { address: invitation.team.clone(), password: invitation.password.clone() };
        desk.join_team(join).await.expect("let in");
        Self { desk, home }
    }

    fn calibration(&self) -> Option<Calibration> {
        let all = session(&self.desk).judging.ask(Reviews::calibrations).expect("readable");
        all.into_iter().next()
    }

    fn judge(&self, id: &str, greeting: Value, comment: &str) {
        let session = session(&self.desk);
        let review = session.judging.open_calibrated(id).expect("it begins");
        let answer = Answer { value: Some(greeting), comment: String::new() };
        let answers = BTreeMap::from([("greeting".to_owned(), answer)]);
        session.judging.ask(|reviews| reviews.change(review.id, answers, comment)).expect("kept");
        session.finish_review(review.id).expect("finished");
    }

    /// How far the reviewers are apart.
    fn spread(&self, id: &str) -> Option<f64> {
        session(&self.desk).judging.ask(|reviews| reviews.compared(id)).expect("readable")?.spread
    }
}

/// Whether a file below the folder has these words in it.
fn somewhere(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).expect("readable").any(|entry| {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            return somewhere(&path, words);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(words.len()).any(|some| some == words.as_bytes())
    })
}

fn card() -> Card {
    let question = Question {
        id: "greeting".to_owned(),
        text: "greeting".to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight: 1.0,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions: vec![question] }];
    Card { id: "card".to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn call() -> Call {
    serde_json::from_value(json!({
        "guid": "00000001-0000-4000-8000-000000000000", "startedAt": "2026-03-01 10:00:00", "lengthSecs": 130,
        "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound", "agent": "Bruno",
        "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "", "rating": null,
        "days": [], "legs": []
    }))
    .expect("a call")
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_at_the_others_answers_before_all_are_in() {
    let simulator = centre().await;
    let postgres = Postgres::begin();
    postgres.sql("postgres", "create database equipo");
    let address = Address::parse(&postgres.url(OWNER, "equipo")).expect("an address");
    let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
    let server =
        Server::parse(&simulator.server_url(), None, None, None).expect("an address").base.to_string();
    init(&mut owner, &server).await.expect("made");
    let lead = add(&mut owner, &address, &server, "ana", Role::Lead).await.expect("a member");
    let analyst = add(&mut owner, &address, &server, "eva", Role::Analyst).await.expect("a member");
    let ana = Person::new(&simulator, &lead).await;
    let eva = Person::new(&simulator, &analyst).await;
    let count = |what: &str| postgres.sql("equipo", &format!("select count(*) from atalaya.{what}"));

    let id = session(&ana.desk)
        .judging
        .ask(|reviews| {
            reviews.save_card(&card())?;
            reviews.begin_calibration(&call(), "card", "March", 2)
        })
        .expect("begun")
        .id;
    until("the other has it", || eva.calibration().is_some()).await;
    ana.judge(&id, Value::Yes, ANAS);
    until("whose is in is known at both", || {
        [&ana, &eva].iter().all(|one| one.calibration().is_some_and(|of| of.reviewers == ["ana"] && !of.open))
    })
    .await;
    // It is handed over, and nothing waits for it.
    let held = session(&ana.desk).membership.team().expect("a team");
    until("nothing waits", || held.outbox().waiting().expect("readable") == 0).await;
    until("the trail is there", || {
        count("log where kind = 'audit' and body like '%\"operation\":\"score\"%'") != "0"
    })
    .await;

    // Not by her copy, nor in Ana's name.
    assert_eq!((eva.spread(&id), ana.spread(&id)), (None, None));
    assert!(somewhere(ana.home.path(), ANAS) && !somewhere(eva.home.path(), ANAS));
    let pretending = session(&eva.desk).judging.ask(|reviews| reviews.calibration_file(&id, "ana"));
    assert_eq!(pretending.expect("readable").answers, None);
    // Nor by the database, whatever she asks it.
    let secret = analyst.password.expose();
    let as_eva = |sql: &str| postgres.try_sql("eva", secret, "equipo", sql);
    let read = as_eva("select string_agg(body, ' ') from atalaya.log");
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(read.contains("judgedIn") && !read.contains(ANAS), "{read}");
    assert!(!read.contains("\"percent\":100"), "{read}");
    for sql in ["select body from atalaya.sealed".to_owned(), format!("select atalaya.all_in(1, '{id}')")] {
        assert!(!as_eva(&sql).status.success(), "{sql}");
    }
    assert_eq!((count("log where kind = 'judged'"), count("sealed")), ("0".to_owned(), "1".to_owned()));
    // She can neither judge in another's name nor say that somebody's is in.
    let me = Address::parse(&analyst.team).expect("an address");
    let connection = Connection::open(&me, &analyst.password).await.expect("let in");
    let seat = Seat { server, desk: atalaya_team::new_desk(), machine: "forged".to_owned() };
    sit(&connection, &seat).await.expect("a desk of hers");
    let said = |line: u32, kind: &str, reviewer: &str| {
        json!({ "layout": 1, "id": format!("{line:08}-0000-4000-8000-000000000000"), "desk": seat.desk, "who": "eva", "atMs": 0,
            "what": { "kind": kind, "body": { "calibration": id, "reviewer": reviewer, "answers": {}, "comment": "", "atMs": 0 } } })
        .to_string()
    };
    for (line, kind, reviewer) in [(1, "judged", "somebody"), (2, "judgedIn", "eva")] {
        let refused = append(&connection, &seat, &[said(line, kind, reviewer)]).await;
        assert!(matches!(refused, Err(Error::NotTaken { .. })), "{kind}");
    }
    // Of a calibration that nobody began nobody knows how many there are to be. Said twice it is one.
    let other = said(3, "judged", "eva").replace(&id, "of-none");
    for _ in 0..2 {
        let taken = append(&connection, &seat, std::slice::from_ref(&other)).await.expect("taken");
        assert_eq!(taken.places.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [0]);
    }
    assert_eq!(count("sealed"), "2");

    eva.judge(&id, Value::No, "evas words");
    until("both have both", || [&ana, &eva].iter().all(|one| one.spread(&id) == Some(100.0))).await;
    assert_eq!((count("log where kind = 'judged'"), count("sealed")), ("2".to_owned(), "1".to_owned()));
    assert!(somewhere(eva.home.path(), ANAS));
    until("both copies are one", || {
        let prints = [&ana, &eva].map(|one| session(&one.desk).membership.team()?.fingerprint().ok());
        prints[0].is_some() && prints[0] == prints[1]
    })
    .await;
}

//! Two people of a team at two desks, on a real database: what one judges the other has, what one holds the other leaves alone, and
//! what was here before is offered.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use atalaya_desk::{Desk, TeamJoin};
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Question, ReviewFilter, SampleRequest, Section, Value,
};
use atalaya_simulator::Simulator;
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use tempfile::TempDir;

mod common;
use common::{PASSWORD, centre, desk, request, session, until};

struct Person {
    desk: Desk,
    _home: TempDir,
}

impl Person {
    async fn new(simulator: &Simulator, name: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let desk = desk(home.path()).await;
        desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
        let mut settings = desk.settings();
        name.clone_into(&mut settings.reviewer);
        desk.set_settings(settings).expect("a name is kept");
        Self { desk, _home: home }
    }

    async fn join(&self, invitation: &Invitation) {
        let join = TeamJoin { address: invitation.team.clone(), password: invitation.password.clone() };
        self.desk.join_team(join).await.expect("let in");
    }

    /// Judges a call with the card.
    fn judge(&self, call: &Call) {
        let session = session(&self.desk);
        let review = session.judging.open_review(call, "card").expect("opened");
        let yes = Answer { value: Some(Value::Yes), comment: String::new() };
        let answers: BTreeMap<_, _> = [("greeting".to_owned(), yes)].into();
        session.judging.ask(|reviews| reviews.change(review.id, answers, "so")).expect("kept");
        session.finish_review(review.id).expect("finished");
    }

    fn finished(&self) -> Vec<(String, String)> {
        let finished = ReviewFilter { finished: true, ..ReviewFilter::default() };
        let found = session(&self.desk).judging.ask(|reviews| reviews.list(&finished, 100));
        found.expect("readable").into_iter().map(|line| (line.guid, line.reviewer)).collect()
    }

    /// The worklist, once it is here.
    fn worklist(&self) -> Option<i64> {
        let samples = session(&self.desk).judging.samples().expect("readable");
        samples.first().map(|sample| sample.id)
    }
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

fn call(number: u32) -> Call {
    serde_json::from_value(serde_json::json!({
        "guid": format!("{number:08}-0000-4000-8000-000000000000"), "startedAt": format!("2026-03-0{number} 10:00:00"),
        "lengthSecs": 130, "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound",
        "agent": "Bruno", "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "",
        "rating": null, "days": [], "legs": []
    }))
    .expect("a call")
}

fn sample() -> SampleRequest {
    serde_json::from_value(serde_json::json!({
        "name": "March", "from": "2026-03-01 00:00:00", "to": "2026-03-31 23:59:59", "campaign": "", "agents": [],
        "perAgent": 3, "minSecs": 60, "maxSecs": null, "skipReviewed": true, "card": "card", "seed": 1,
        "silenceSecs": null, "silencePercent": null, "holdSecs": null, "overlapPercent": null, "quieterDb": null,
        "clipped": false
    }))
    .expect("as an earlier program wrote it")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_judges_the_other_has_and_what_one_holds_the_other_leaves_alone() {
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

    // Ana had a card and a review before there was a team.
    let ana = Person::new(&simulator, "Ana Paz").await;
    session(&ana.desk).judging.ask(|reviews| reviews.save_card(&card())).expect("kept");
    ana.judge(&call(1));
    ana.join(&lead).await;
    assert_eq!(ana.desk.settings().reviewer, "Ana Paz", "she is called in the team as here");
    let eva = Person::new(&simulator, "").await;
    eva.join(&analyst).await;
    assert_eq!(eva.desk.settings().reviewer, "eva", "nobody without a name judges in a team");
    assert!(ana.desk.offer_to_team().await.expect("offered") >= 2);
    until("what was here before is the other's too", || eva.finished().len() == 1).await;
    assert_eq!(eva.finished(), [(call(1).guid, "Ana Paz".to_owned())]);

    // A worklist is everybody's; each judges a call of it.
    let calls = [call(2), call(3)];
    session(&ana.desk).judging.ask(|reviews| reviews.keep_sample(&sample(), &calls)).expect("kept");
    until("the worklist is the other's too", || eva.worklist().is_some()).await;
    let (hers, evas) = (ana.worklist().expect("hers"), eva.worklist().expect("evas"));
    assert_eq!(session(&ana.desk).go_to(hers, &calls[0].guid).expect("asked"), None);
    until("the other one sees who holds it", || {
        let held = session(&eva.desk).claims.of(evas).expect("readable");
        held.iter().any(|held| held.guid == calls[0].guid && held.by == "Ana Paz" && !held.mine)
    })
    .await;
    let held = session(&eva.desk).go_to(evas, &calls[0].guid).expect("asked");
    assert_eq!(held.map(|held| held.by).as_deref(), Some("Ana Paz"));
    // Eva is no lead: she takes nothing over, and judges the other call.
    let refused = session(&eva.desk).take_over(evas, &calls[0].guid);
    assert_eq!(refused.expect_err("leads alone").code, "teamLeadOnly");
    assert_eq!(session(&eva.desk).go_to(evas, &calls[1].guid).expect("asked"), None);
    until("her claim is known", || {
        session(&ana.desk).claims.of(hers).expect("readable").iter().any(|held| held.by == "eva")
    })
    .await;
    eva.judge(&calls[1]);
    until("both have it, and nobody holds it", || {
        let held = session(&ana.desk).claims.of(hers).expect("readable");
        ana.finished().len() == 2 && held.iter().all(|held| held.mine)
    })
    .await;
    // Who signs out holds nothing.
    ana.desk.sign_out().await.expect("signed out");
    until("what she held is free", || session(&eva.desk).claims.of(evas).expect("readable").is_empty()).await;
    assert_eq!(session(&eva.desk).go_to(evas, &calls[0].guid).expect("asked"), None);

    // Eva leaves: what she judged stays with her, and what she judges now is hers alone.
    let lines = || postgres.sql("equipo", "select count(*) from atalaya.log");
    eva.desk.leave_team().await.expect("left");
    let before = lines();
    eva.judge(&call(4));
    assert_eq!(eva.finished().len(), 3);
    eva.desk.sign_out().await.expect("signed out");
    assert_eq!(lines(), before);
}

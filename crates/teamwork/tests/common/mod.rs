//! Desks with a store each, and the log between them.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use atalaya_clock::{Clock, Held};
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Note, Question, Sample, SampleRequest, Section, Value,
};
use atalaya_review::{Alarm, Reviews};
use atalaya_store::{Store, Uuid};
use atalaya_teamwork::{Change, Member, Numbered, Teamwork};

pub const ACCOUNT: &str = "a";
pub const LIST_CARD: &str = "card";
/// Bruno sits at two desks. The first is a lead.
pub const PEOPLE: [&str; 4] = ["Ana", "Bruno", "Carla", "Bruno"];
const BEGUN_MS: i64 = 1_800_000_000_000;

pub fn call(number: u32) -> Call {
    serde_json::from_value(serde_json::json!({
        "guid": format!("{number:08}-0000-4000-8000-000000000000"), "startedAt": "2026-03-02 10:00:00",
        "lengthSecs": 130, "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound",
        "agent": "Bruno", "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "",
        "rating": null, "days": [], "legs": []
    }))
    .expect("a call")
}

pub fn card(weight: f64) -> Card {
    let question = |id: &str, weight| Question {
        id: id.to_owned(),
        text: id.to_owned(),
        help: String::new(),
        kind: Kind::YesNo,
        weight,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let questions = vec![question("greeting", weight), question("law", 2.0)];
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions }];
    Card { id: LIST_CARD.to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

pub fn answers(value: u8) -> BTreeMap<String, Answer> {
    let said =
        |yes: bool| Answer { value: Some(if yes { Value::Yes } else { Value::No }), comment: String::new() };
    [("greeting".to_owned(), said(value > 0)), ("law".to_owned(), said(value > 1))].into()
}

pub fn request() -> SampleRequest {
    serde_json::from_value(serde_json::json!({
        "name": "March", "from": "2026-03-01 00:00:00", "to": "2026-03-31 23:59:59", "campaign": "", "agents": [],
        "perAgent": 3, "minSecs": 60, "maxSecs": null, "skipReviewed": true, "card": LIST_CARD, "seed": 1,
        "silenceSecs": null, "silencePercent": null, "holdSecs": null, "overlapPercent": null, "quieterDb": null,
        "clipped": false
    }))
    .expect("as an earlier program wrote it")
}

/// A desk of a team.
pub struct Desk {
    pub who: String,
    pub store: Store,
    pub team: Teamwork,
    pub reviews: Reviews,
}

impl Desk {
    pub fn new(who: &str, lead: bool, number: u128, clock: Clock) -> Self {
        let store = Store::in_memory(&[atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS], clock)
            .expect("a store");
        let member = Member { desk: Uuid::from_u128(number), who: who.to_owned(), lead };
        Self::at(store.clone(), Teamwork::join(store, ACCOUNT, member).expect("joined"))
    }

    pub fn at(store: Store, team: Teamwork) -> Self {
        let reviews = Reviews::new(store.clone(), ACCOUNT).recorded_by(Some(team.recorder()));
        Self { who: team.member().who.clone(), store, team, reviews }
    }

    pub fn judge(&self, number: u32, value: u8) -> Option<i64> {
        let review = self.reviews.open(&call(number), LIST_CARD, &self.who).ok()?;
        self.reviews.change(review.id, answers(value), "so").ok()?;
        Some(review.id)
    }

    pub fn finish(&self, number: u32) -> Option<i64> {
        let review = self.review_of(number)?;
        let low = |scored: &atalaya_review::wire::Scored| {
            scored
                .percent
                .filter(|percent| *percent < 60.0)
                .map(|_| Alarm { under: Some(60.0), fatal: false })
        };
        self.reviews.finish_raising(review, low).ok().map(|review| review.id)
    }

    pub fn review_of(&self, number: u32) -> Option<i64> {
        self.numbers(
            "SELECT id FROM review WHERE calibration = '' AND guid = ?1 AND reviewer = ?2",
            &[&call(number).guid, &self.who],
        )
        .first()
        .copied()
    }

    pub fn reviews_of(&self, number: u32) -> Vec<i64> {
        self.numbers(
            "SELECT id FROM review WHERE calibration = '' AND guid = ?1 ORDER BY id",
            &[&call(number).guid],
        )
    }

    fn numbers(&self, sql: &str, of: &[&str]) -> Vec<i64> {
        let of = rusqlite::params_from_iter(of.iter());
        self.store.with(|c| c.prepare(sql)?.query_map(of, |row| row.get(0))?.collect()).expect("readable")
    }

    pub fn notes(&self) -> Vec<Note> {
        (0..4).flat_map(|number| self.reviews.notes(&call(number).guid).expect("readable")).collect()
    }

    pub fn samples(&self) -> Vec<Sample> {
        self.reviews.samples().expect("readable")
    }

    /// The keys of its worklists.
    pub fn lists(&self) -> Vec<String> {
        let sql = "SELECT list FROM sample ORDER BY list";
        self.store.with(|c| c.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).expect("readable")
    }

    /// Everything that is shared, to be compared line by line.
    pub fn describe(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.store
            .with(|c| {
                let sql = "SELECT kind || ' ' || thing || ' ' || body FROM settled ORDER BY kind, thing";
                for line in c.prepare(sql)?.query_map([], |row| row.get(0))? {
                    lines.push(line?);
                }
                atalaya_review::copies::rows(c, ACCOUNT, |kind, identity, text| {
                    lines.push(format!("{kind} {identity} {text}"));
                })
            })
            .expect("readable");
        lines
    }
}

/// Desks, and the log between them.
pub struct Floor {
    pub clock: Held,
    pub desks: Vec<Desk>,
    pub log: Vec<Numbered>,
}

impl Floor {
    pub fn new() -> Self {
        let clock = Clock::held(BEGUN_MS);
        let desks = PEOPLE
            .iter()
            .zip(1..)
            .map(|(who, number)| Desk::new(who, number == 1, number, clock.clock()))
            .collect();
        Self { clock, desks, log: Vec::new() }
    }

    /// The log takes a change, once: its place. Places have gaps.
    pub fn append(&mut self, change: &Change, from: &Member) -> i64 {
        if let Some(known) = self.log.iter().find(|one| one.change.id == change.id) {
            assert_eq!(known.change, *change, "what was offered once is never changed");
            return known.seq;
        }
        let seq = self.log.last().map_or(1, |last| last.seq + 1 + last.seq % 2);
        let text = serde_json::to_string(change).expect("JSON");
        // The log's clock is an hour ahead of the desks'.
        let logged_ms = self.clock.clock().now_ms() + 3_600_000;
        let taken = Numbered::read(seq, &from.who, from.lead, logged_ms, &text).expect("it can be read");
        self.log.push(taken);
        seq
    }

    /// A desk sends what waits. Cut: the log took it, and the desk never heard so.
    pub fn send(&mut self, desk: usize, most: u32, cut: bool) {
        let team = self.desks[desk].team.clone();
        team.set_log_clock(self.clock.clock().now_ms() + 3_600_000).expect("kept");
        for change in team.outbox().pending(most).expect("readable") {
            let seq = self.append(&change, team.member());
            if cut {
                break;
            }
            team.outbox().numbered(change.id, seq).expect("kept");
        }
    }

    /// A desk reads on, beginning a few places before where it stands.
    pub fn read(&self, desk: usize, most: usize, again: usize) {
        let team = &self.desks[desk].team;
        let stand = team.applied().expect("readable");
        let from = self.log.iter().take_while(|one| one.seq <= stand).count().saturating_sub(again);
        let to = self.log.len().min(from + again + most);
        let applied = team.apply(&self.log[from..to]).expect("applied");
        assert_eq!(applied.up_to, self.log[..to].last().map_or(0, |last| last.seq).max(stand));
    }

    pub fn restart(&mut self, desk: usize) {
        let store = self.desks[desk].store.clone();
        let team = Teamwork::of(store.clone(), ACCOUNT).expect("readable").expect("it is in the team");
        self.desks[desk] = Desk::at(store, team);
    }

    /// Everybody sends and reads until there is nothing left.
    pub fn settle(&mut self) {
        while self.desks.iter().any(|desk| desk.team.outbox().waiting().expect("readable") > 0) {
            for desk in 0..self.desks.len() {
                self.send(desk, u32::MAX, false);
            }
        }
        for desk in 0..self.desks.len() {
            self.read(desk, usize::MAX / 2, 0);
        }
    }

    /// A desk that only ever read the log, once, whole.
    pub fn fresh(&self) -> Desk {
        let desk = Desk::new("Dora", false, 99, self.clock.clock());
        desk.team.apply(&self.log).expect("applied");
        desk
    }
}

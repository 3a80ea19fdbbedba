//! An hour that one desk saw, handed on to another that did not: it rewinds and reports it as the first does. What it saw itself
//! stays, nothing is there twice, and an hour that is not whole is refused as a whole.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_floor::wire::{Alert, Measure, Severity};
use atalaya_history::wire::{Period, ReportRequest};
use atalaya_history::{Bounds, Filled, History, Site};

#[path = "day/world.rs"]
#[expect(dead_code, reason = "the day asks for more")]
mod world;

use world::{BEGIN, EVERY_MS, HOUR, MINUTE, World};

const FIRST: i64 = BEGIN / HOUR;

struct Desk {
    history: History,
    site: Site,
    revision: u64,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// Each account's floor is called otherwise: what is handed on has no name of it.
    fn open(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history =
            History::open(&folder.path().join("history.sqlite"), Bounds::default()).expect("it opens");
        // Names are numbered otherwise at every desk.
        let elsewhere = history.site("elsewhere").unwrap();
        history.take(elsewhere, &World::new(99).snapshot(BEGIN - HOUR, 1, true));
        let site = history.site(&format!("{name}@centre")).unwrap();
        history.set_offset(site, 0);
        Self { history, site, revision: 0, _folder: folder }
    }

    fn watch(&mut self, world: &World, from_ms: i64, until_ms: i64) {
        let mut at_ms = from_ms;
        while at_ms <= until_ms {
            self.revision += 1;
            self.history.take(self.site, &world.snapshot(at_ms, self.revision, true));
            if self.revision.is_multiple_of(10) {
                self.history.flush();
            }
            at_ms += EVERY_MS;
        }
        self.history.flush();
    }

    fn fill(&self, bytes: Vec<u8>, shift_ms: i64) -> Filled {
        self.history.fill(self.site, bytes, shift_ms, "Ana, puesto 1").expect("it can be written")
    }

    fn hour(&self, hour: i64) -> Vec<u8> {
        self.history.hour(self.site, hour).expect("it can be read").expect("somebody watched")
    }

    /// Everything that can be asked of a stretch of time, as it is shown.
    fn everything(&self, world: &World, period: Period) -> serde_json::Value {
        let mut moments = Vec::new();
        let mut at_ms = period.from_ms + 500;
        while at_ms < period.until_ms {
            let mut moment = self.history.moment(self.site, at_ms).unwrap();
            for alert in &mut moment.alerts {
                alert.id = 0;
            }
            moments.push(moment);
            at_ms += 97_000;
        }
        let request = ReportRequest { period, team: None };
        let mut report = self.history.report(self.site, &request, &[], &[]).unwrap();
        for alert in &mut report.alerts {
            alert.id = 0;
        }
        // A desk that goes on watching has a longer one.
        report.runs.retain(|run| run.from_ms < period.until_ms);
        for run in &mut report.runs {
            run.until_ms = run.until_ms.min(period.until_ms - 1);
        }
        let people: Vec<_> = world
            .people
            .iter()
            .map(|person| self.history.person(self.site, &person.location, period).unwrap())
            .collect();
        let trends: Vec<_> =
            world.campaigns.iter().map(|name| self.history.trend(self.site, name, period).unwrap()).collect();
        serde_json::json!({ "moments": moments, "report": report, "people": people, "trends": trends })
    }
}

fn alert(id: u32, raised_ms: i64) -> Alert {
    serde_json::from_value(serde_json::json!({
        "id": id, "severity": Severity::Bad, "campaign": null, "agent": "Ana", "location": "SIP/1",
        "parts": [{
            "rule": "inPause", "measure": Measure::InPause, "severity": Severity::Bad, "reason": null, "value": 1201.0,
            "worst": 1201.0, "limit": 1200.0, "sinceMs": raised_ms - 1000, "overMs": raised_ms + 60_000,
        }],
        "sinceMs": raised_ms - 1000, "raisedMs": raised_ms, "acknowledgedMs": null, "acknowledgedBy": null,
        "snoozedUntilMs": null, "resolvedMs": raised_ms + 60_000,
    }))
    .expect("an alert")
}

fn hour(number: i64) -> Period {
    Period { from_ms: BEGIN + number * HOUR, until_ms: BEGIN + (number + 1) * HOUR }
}

#[test]
fn who_came_late_rewinds_and_reports_what_another_saw() {
    let world = World::new(11);
    let (mut early, mut late) = (Desk::open("ana"), Desk::open("rui"));
    early.watch(&world, BEGIN, BEGIN + 2 * HOUR + MINUTE);
    early.history.keep_alerts(early.site, vec![alert(7, BEGIN + 20 * MINUTE), alert(8, BEGIN + 70 * MINUTE)]);
    early.history.flush();
    late.watch(&world, BEGIN + 2 * HOUR, BEGIN + 2 * HOUR + MINUTE);
    late.history.keep_alerts(late.site, vec![alert(7, BEGIN + 2 * HOUR + 1)]);
    assert!(
        late.history.moment(late.site, BEGIN + 5 * MINUTE).unwrap().snapshot.is_none(),
        "nobody was here"
    );

    // In whichever order they come.
    for number in [1, 0] {
        assert_eq!(late.fill(early.hour(FIRST + number), 300), Filled::Gap(HOUR), "{number}");
    }
    assert_eq!(late.fill(early.hour(FIRST), 300), Filled::Nothing, "twice is once");
    for number in [0, 1] {
        let (theirs, ours) = (late.everything(&world, hour(number)), early.everything(&world, hour(number)));
        for part in ["moments", "report", "people", "trends"] {
            for (name, value) in ours[part].as_object().into_iter().flatten() {
                assert_eq!(&theirs[part][name], value, "{name} in the {part} of hour {number}");
            }
            assert_eq!(theirs[part], ours[part], "{part} of hour {number}");
        }
        assert!(!ours["report"]["alerts"].as_array().unwrap().is_empty(), "an alert is in it");
    }
    let extent = late.history.extent(late.site).unwrap();
    let seen: Vec<_> = extent.seen.iter().map(|of| (of.from_ms, of.until_ms, of.by.as_str())).collect();
    assert_eq!(seen, [(BEGIN, BEGIN + 2 * HOUR, "Ana, puesto 1")]);
    assert_eq!(extent.runs.len(), 2);
    // The numbers of its own alerts go on where they were.
    assert_eq!(late.history.earlier_alerts(late.site).unwrap().1, 8);
    let known = late.history.watched(late.site, FIRST, FIRST + 2).unwrap();
    assert_eq!((known[&FIRST], known[&(FIRST + 1)]), (HOUR, HOUR));
    // Handed on once more it is the same, and says who saw it.
    let third = Desk::open("eva");
    for number in [0, 1] {
        let again = late.hour(FIRST + number);
        let filled = third.history.fill(third.site, again, 0, "Rui, puesto 2").expect("it can be written");
        assert_eq!(filled, Filled::Gap(HOUR));
    }
    assert_eq!(third.history.extent(third.site).unwrap().seen[0].by, "Ana, puesto 1");
    assert_eq!(third.everything(&world, hour(0))["report"], early.everything(&world, hour(0))["report"]);
}

#[test]
fn what_was_seen_here_stays_and_only_gaps_are_filled() {
    let world = World::new(12);
    let (mut whole, mut partly) = (Desk::open("ana"), Desk::open("rui"));
    whole.watch(&world, BEGIN, BEGIN + HOUR + MINUTE);
    // On readings of its own, half a second after the other's.
    let here = (BEGIN + 20 * MINUTE + 500, BEGIN + 40 * MINUTE + 500);
    partly.watch(&world, here.0, here.1);
    partly.watch(&world, BEGIN + HOUR, BEGIN + HOUR + MINUTE);
    let before = partly.history.moment(partly.site, BEGIN + 30 * MINUTE).unwrap();
    let Filled::Gap(filled) = partly.fill(whole.hour(FIRST), 0) else { panic!("there was a gap") };
    assert!((HOUR - 20 * MINUTE - filled).abs() < 2 * EVERY_MS, "{filled}");
    assert_eq!(
        partly.history.moment(partly.site, BEGIN + 30 * MINUTE).unwrap().snapshot.map(|of| of.agents),
        before.snapshot.map(|of| of.agents)
    );
    for at_ms in [BEGIN + 10 * MINUTE + 500, BEGIN + 50 * MINUTE + 500] {
        let (ours, theirs) = (
            partly.history.moment(partly.site, at_ms).unwrap(),
            whole.history.moment(whole.site, at_ms).unwrap(),
        );
        assert_eq!(ours.snapshot.map(|of| of.agents), theirs.snapshot.map(|of| of.agents), "{at_ms}");
    }
    let runs = partly.history.extent(partly.site).unwrap().runs;
    assert!(runs.windows(2).all(|pair| pair[0].until_ms <= pair[1].from_ms), "{runs:?}");
    // An hour under way here is written here.
    let mut under_way = Desk::open("eva");
    under_way.watch(&world, BEGIN + 30 * MINUTE, BEGIN + 31 * MINUTE);
    assert_eq!(under_way.fill(whole.hour(FIRST), 0), Filled::Nothing);
}

#[test]
fn a_clock_that_goes_wrong_is_put_right() {
    let world = World::new(13);
    let (mut early, late) = (Desk::open("ana"), Desk::open("rui"));
    early.watch(&world, BEGIN, BEGIN + HOUR + MINUTE);
    let shift = 40_000;
    assert_eq!(late.fill(early.hour(FIRST), shift), Filled::Gap(HOUR - shift));
    let at_ms = BEGIN + 20 * MINUTE;
    let theirs = early.history.moment(early.site, at_ms).unwrap().snapshot.expect("seen");
    let ours = late.history.moment(late.site, at_ms + shift).unwrap().snapshot.expect("filled");
    let since = |agents: &[atalaya_floor::wire::Agent]| -> Vec<_> {
        agents.iter().map(|agent| (agent.location.clone(), agent.state, agent.state_since_ms)).collect()
    };
    let mut moved = since(&theirs.agents);
    for (.., at) in &mut moved {
        *at = at.map(|at| at + shift);
    }
    assert_eq!(since(&ours.agents), moved);
    assert!(
        late.history.moment(late.site, BEGIN + 10_000).unwrap().snapshot.is_none(),
        "what is not known is none"
    );
}

#[test]
fn an_hour_that_is_not_whole_is_refused_and_costs_no_other() {
    let world = World::new(14);
    let (mut early, late) = (Desk::open("ana"), Desk::open("rui"));
    early.watch(&world, BEGIN, BEGIN + 2 * HOUR + MINUTE);
    let good = early.hour(FIRST);
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..40 {
        let cut = random.usize(0..good.len());
        assert!(matches!(late.fill(good[..cut].to_vec(), 0), Filled::Refused(_)), "{cut}");
    }
    assert_eq!(late.fill(b"something else".to_vec(), 0), Filled::Refused("form"));
    assert!(late.history.extent(late.site).unwrap().runs.is_empty(), "nothing of it was taken");
    assert_eq!(late.fill(early.hour(FIRST + 1), 0), Filled::Gap(HOUR));
    assert_eq!(late.fill(good, 0), Filled::Gap(HOUR));
    assert!(early.history.hour(early.site, FIRST + 5).unwrap().is_none(), "nobody watched");
}

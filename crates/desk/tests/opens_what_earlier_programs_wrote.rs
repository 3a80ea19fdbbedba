//! What earlier programs kept is there in this one: every folder below `fixtures` is opened and read.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use atalaya_calls::wire::TagState;
use atalaya_desk::wire::WriteOutcome;
use atalaya_desk::{Session, Settings};
use atalaya_floor::wire::Hears;
use atalaya_outreach::wire::BatchKind;
use atalaya_review::Reviews;
use atalaya_review::wire::{ReviewFilter, ReviewLine, ShareRequest};
use atalaya_store::AuditFilter;
use rusqlite::Connection;

mod common;
use common::{PASSWORD, centre, desk, request, session};

/// What the recording of the fixture is of, and the call two of the reviews are of.
const HEARD: &str = "00000000-292b-4614-84b8-68d2000b4a6c";
const JUDGED: &str = "000000a3-7060-4d88-817f-22bf000b4a6a";

fn folders() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = std::fs::read_dir(fixtures).expect("the fixtures");
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the fixture") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("it is copied");
        }
    }
}

/// What every program kept, counted: lines of the trail by their end, worklists and their calls.
fn counts_of(folder: &Path) -> ([usize; 3], usize, usize) {
    match folder.file_name().and_then(|name| name.to_str()) {
        Some("data-1") => ([14, 1, 3], 2, 116),
        Some("data-2") => ([29, 1, 3], 4, 121),
        other => panic!("{other:?}: say what is in it"),
    }
}

/// What there is since worklists go from one computer to another, a bad review is heard of, and people are reached out to.
fn judged_together(here: &Session, settings: &Settings) {
    let ask = &here.judging;
    let alerts = ask.ask(|reviews| reviews.alerts(0)).expect("readable");
    let seen: Vec<_> = alerts.iter().map(|one| (one.score, one.acknowledged_by.as_deref())).collect();
    assert_eq!(seen, [(Some(20.0), Some("Marta")), (Some(20.0), None)]);
    let handed: Vec<_> = ask
        .ask(Reviews::samples)
        .expect("readable")
        .into_iter()
        .filter_map(|sample| Some((sample.request.name, sample.handed?, sample.done)))
        .map(|(name, handed, done)| (name, handed.by, handed.to, handed.taken, done))
        .collect();
    let line = |name: &str, by: &str, to: &str, taken, done| (name.into(), by.into(), to.into(), taken, done);
    let expected = [line("From Ana", "Ana", "Marta", true, 1), line("Handed on", "Marta", "Ana", false, 0)];
    assert_eq!(handed, expected);
    let reviews = ask.ask(|reviews| reviews.list(&ReviewFilter::default(), 50)).expect("readable");
    let of = |alert: usize| reviews.iter().find(|line| line.id == alerts[alert].review).expect("a review");
    let days = |line: &ReviewLine| {
        let course = line.feedback.clone();
        (course.given, course.acknowledged, course.disputed)
    };
    let day = |day: &str| Some(format!("2026-11-{day}"));
    assert_eq!(days(of(0)), (day("27"), day("28"), None));
    assert_eq!(days(of(1)), (day("27"), None, day("28")));
    assert_eq!(ask.ask(|reviews| reviews.card("card", None)).expect("readable").version, 2);
    let both = ask.ask(|reviews| {
        let both = reviews.calibrations()?.into_iter().find(|one| one.name == "Both").expect("it is kept");
        reviews.compared(&both.id)
    });
    assert_eq!(both.expect("readable").expect("all are in").reviewers.len(), 2);
    let people = vec![reviews[0].agent.clone()];
    let (from, to) = ("2026-11-01".to_owned(), "2026-11-30".to_owned());
    let shares = settings.review_shares.clone();
    let request = ShareRequest { from, to, people, quota: 4, shares };
    assert_eq!(ask.ask(|reviews| reviews.shares(&request)).expect("readable").len(), 1);
    assert!(ask.ask(Reviews::disposition_names).expect("readable").contains(&"Contado".to_owned()));
    assert_eq!(here.outreach.blacklist("", 0, 9).expect("readable").numbers[0].phone, "099000123");
    assert_eq!(here.outreach.sent(None, false, 0, 9).expect("readable").total, 4);
    let batch = &here.outreach.batches(false).expect("readable")[0];
    assert_eq!((batch.kind, batch.done), (BatchKind::CallBack, 2));
}

/// Rows are kept by account, and an account by the address of its server: the simulated one has another at every start.
fn moved(home: &Path, account: &str) {
    let file = Connection::open(home.join("atalaya.sqlite")).expect("the store");
    let sql = "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE c.name = 'account' AND m.type = 'table'";
    let mut statement = file.prepare(sql).expect("readable");
    let tables: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .expect("readable")
        .map(|name| name.expect("a name"))
        .collect();
    assert!(tables.len() >= 9, "{tables:?}");
    for table in tables {
        file.execute(&format!("UPDATE \"{table}\" SET account = ?1"), [account]).expect("it moves");
    }
    let key = format!("search/{account}");
    file.execute("UPDATE setting SET key = ?1 WHERE key LIKE 'search/%'", [key]).expect("it moves");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_an_earlier_program_kept_is_there() {
    let simulator = centre().await;
    let folders = folders();
    assert!(!folders.is_empty());
    for folder in folders {
        let home = tempfile::tempdir().expect("a folder");
        copied(&folder, home.path());
        let (ended_as, worklists, in_worklists) = counts_of(&folder);
        let account = {
            let elsewhere = tempfile::tempdir().expect("a folder");
            let desk = desk(elsewhere.path()).await;
            desk.sign_in(request(&simulator, PASSWORD)).await.expect("signs in");
            let account = session(&desk).account().to_owned();
            desk.sign_out().await.expect("signs out");
            account
        };
        moved(home.path(), &account);
        let desk = desk(home.path()).await;

        // Before anybody signs in.
        let settings = desk.settings();
        assert_eq!((settings.reviewer.as_str(), settings.volume), ("Marta", 0.5));
        assert_eq!((settings.teams[0].name.as_str(), settings.tag_presets[0].as_str()), ("Morning", "vip"));
        let rule =
            |id: &str| settings.rules.iter().find(|rule| rule.id == id).expect("every measure has one");
        // An earlier program kept colours and alerts apart: this one sounded from a second on a call.
        assert_eq!((rule("inCall").bad, rule("inCall").hears), (Some(1.0), Hears::Sound));
        assert_eq!((rule("waiting").warn, rule("waiting").hears), (Some(3.0), Hears::Nobody));
        assert_eq!(settings.views["list"][0]["name"], "Mine");
        assert_eq!(desk.walls_open().unwrap(), ["first"]);
        assert_eq!(desk.draft("tag/1").unwrap().as_deref(), Some("half a word"));
        assert_eq!(desk.session_state().profiles.len(), 1);
        assert!(desk.history_room().await.unwrap().bytes > 0);
        let lines = desk.audit_lines(&AuditFilter::default(), true).unwrap();
        let ended = |wanted| lines.iter().filter(|line| line.outcome == wanted).count();
        let counts = [WriteOutcome::Done, WriteOutcome::Refused, WriteOutcome::Unknown].map(ended);
        // What an earlier program called failed may have arrived: nobody knows.
        assert_eq!(counts, ended_as, "{}", folder.display());

        desk.sign_in(request(&simulator, PASSWORD)).await.expect("signs in");
        let here = session(&desk);
        let tags = here.tags.of(&[JUDGED.to_owned()]).unwrap();
        let state = |text: &str| tags.iter().find(|tag| tag.text == text).expect("it is known").state;
        let states = ["revisar", "sin respuesta", "pendiente"].map(state);
        assert_eq!(states, [TagState::Confirmed, TagState::Unknown, TagState::NotConfirmed]);
        assert!(here.tags.recent().unwrap().contains(&"revisar".to_owned()));
        assert!(here.search.last_query().unwrap().is_some());
        assert_eq!(here.heard.flag(&[JUDGED.to_owned()], true).unwrap().len(), 1);
        let ask = &here.judging;
        assert_eq!(ask.ask(Reviews::cards).unwrap()[0].name, "Calls");
        let reviews = ask.ask(|reviews| reviews.list(&ReviewFilter::default(), 50)).unwrap();
        assert!(reviews.iter().any(|line| line.percent == Some(80.0)), "{reviews:?}");
        assert_eq!(ask.ask(|reviews| reviews.find_notes("promised", 10)).unwrap().len(), 1);
        let samples = ask.ask(Reviews::samples).unwrap();
        assert_eq!(samples.len(), worklists);
        let items: usize = samples
            .iter()
            .map(|sample| ask.ask(|reviews| reviews.sample_items(sample.id)).unwrap().len())
            .sum();
        assert_eq!(items, in_worklists);
        let calibrations = ask.ask(Reviews::calibrations).unwrap();
        assert!(calibrations.iter().any(|one| one.name == "Together"), "{calibrations:?}");
        if worklists > 2 {
            judged_together(&here, &settings);
        }

        // The recording is heard from this computer, and goes on where it was left.
        let recording = home.path().join("recordings");
        let kept = std::fs::read_dir(&recording).unwrap().next().expect("a recording").unwrap().path();
        let name = kept.file_name().unwrap().to_str().unwrap();
        let of_this = format!("{account}~{}", name.split_once('~').expect("its account").1);
        std::fs::rename(&kept, recording.join(of_this)).unwrap();
        let case = simulator.recordings().swap_remove(0);
        let mut call = common::call(&case, "Ana");
        HEARD.clone_into(&mut call.guid);
        let mut told = common::listen(&desk, &call, false);
        let cached = common::first(&mut told, |update| match update {
            atalaya_calls::wire::LocateUpdate::Found { cached, .. } => Some(cached),
            _ => None,
        })
        .await;
        assert!(cached);
        common::until("it is loaded", || {
            desk.player().settled() && desk.player().transport().resumed_at_secs.is_some()
        })
        .await;
        assert!(desk.player().transport().resumed_at_secs.is_some_and(|secs| secs > 3.0));
        drop(here);
        desk.sign_out().await.expect("signs out");
    }
}

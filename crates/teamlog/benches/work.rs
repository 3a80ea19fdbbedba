//! Ten analysts, a process each, who finish ten thousand reviews between them while they are killed at random and the database is
//! killed once: afterwards all eleven copies are equal, and reading one is as fast as reading the same reviews of no team. Prints a
//! table; it fails where the copies differ.
//!
//! `ATALAYA_REVIEWS` says how many each finishes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use atalaya_calls::wire::{Call, Direction};
use atalaya_clock::Clock;
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_review::Reviews;
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind as Answered, Question, ReportBy, ReportFilter, ReviewFilter, Section,
    Value,
};
use atalaya_secret::Secret;
use atalaya_store::Store;
use atalaya_team::{Address, Connection, Invitation, Role, Seat, add, call_me, init, new_desk};
use atalaya_teamlog::{Courier, Errand};
use atalaya_teamwork::{Kind, Member, Teamwork};

type Failure = Box<dyn std::error::Error>;

const SERVER: &str = "https://centro.example/Integra/resources/";
const ACCOUNT: &str = "a";
const CARD: &str = "card";
const ANALYSTS: usize = 10;
/// Reviews of each.
const EACH: usize = 1_000;
const QUESTIONS: usize = 12;
/// Between two kills.
const CUT_EVERY: Duration = Duration::from_millis(1_500);
const RUNS: usize = 9;
/// What a process of its own is told by.
const PART: &str = "ATALAYA_ANALYST";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = match (std::env::var(PART), runtime) {
        (_, Err(error)) => Err(error.into()),
        (Ok(part), Ok(runtime)) => runtime.block_on(analyst(&part)),
        (Err(_), Ok(runtime)) => runtime.block_on(measure()),
    };
    if let Err(error) = done {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn each() -> usize {
    std::env::var("ATALAYA_REVIEWS").ok().and_then(|count| count.parse().ok()).unwrap_or(EACH)
}

fn card() -> Card {
    let question = |number: usize| Question {
        id: format!("q{number}"),
        text: format!("Question {number}"),
        help: String::new(),
        kind: Answered::YesNo,
        weight: 1.0,
        fatal: false,
        optional: true,
        comment: CommentRule::Never,
    };
    let questions = (0..QUESTIONS).map(question).collect();
    let sections = vec![Section { id: "s".to_owned(), title: "s".to_owned(), questions }];
    Card { id: CARD.to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn call(number: usize) -> Call {
    Call {
        guid: format!("{number:08x}-0000-4000-8000-000000000000"),
        started_at: format!("2026-03-{:02} 10:00:00", 1 + number % 28),
        length_secs: Some(200),
        talk_secs: Some(180),
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: format!("Campaign {}<-", number % 12),
        direction: Direction::Inbound,
        agent: Some(format!("Agent {}", number % 300)),
        answered: true,
        others_unread: false,
        source: "091000001".to_owned(),
        destination: String::new(),
        rating: None,
        days: Vec::new(),
        legs: Vec::new(),
    }
}

fn store(home: &Path) -> Result<Store, Failure> {
    let migrations = [atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS];
    Ok(Store::open(&home.join("atalaya.sqlite"), &migrations, Clock::system())?)
}

/// A desk with its copy, which is carried.
fn desk(
    home: &Path,
    invitation: &Invitation,
    who: &str,
    lead: bool,
) -> Result<(Teamwork, Reviews, Courier), Failure> {
    let store = store(home)?;
    let kept: Option<uuid::Uuid> = store.setting("desk")?;
    let desk = kept.unwrap_or_else(new_desk);
    store.set_setting("desk", &desk)?;
    let seat = Seat { server: SERVER.to_owned(), desk, machine: who.to_owned() };
    let team = Teamwork::join(store.clone(), ACCOUNT, Member { desk, who: who.to_owned(), lead })?;
    let reviews = Reviews::new(store, ACCOUNT).recorded_by(Some(team.recorder()));
    let address = invitation.address()?;
    let errand = Errand { address, password: invitation.password.clone(), seat, team: team.clone() };
    Ok((team, reviews, Courier::begin(errand, Clock::system())))
}

/// One analyst: `number|home|invitation`. Goes on from where it was killed; says when it is through.
async fn analyst(part: &str) -> Result<(), Failure> {
    let mut parts = part.split('|');
    let (Some(number), Some(home), Some(invitation)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("number|home|invitation".into());
    };
    let number: usize = number.parse()?;
    let home = Path::new(home);
    let invitation = Invitation::from_json(&std::fs::read_to_string(invitation)?)?;
    let who = format!("Analyst {number}");
    let (team, reviews, courier) = desk(home, &invitation, &who, false)?;
    until(&courier, || Ok(!reviews.cards()?.is_empty())).await?;
    let finished = ReviewFilter { finished: true, ..ReviewFilter::default() };
    let mine = reviews.list(&finished, u32::MAX)?.into_iter().filter(|line| line.reviewer == who).count();
    for at in mine..each() {
        let review = reviews.open(&call(number * 100_000 + at), CARD, &who)?;
        let yes = |n: usize| Answer {
            value: Some(if (n + at).is_multiple_of(5) { Value::No } else { Value::Yes }),
            comment: String::new(),
        };
        let answers: BTreeMap<String, Answer> = (0..QUESTIONS).map(|n| (format!("q{n}"), yes(n))).collect();
        reviews.change(review.id, answers, "so")?;
        reviews.finish(review.id)?;
    }
    courier.wake();
    until(&courier, || Ok(team.outbox().waiting()? == 0)).await
}

async fn until(courier: &Courier, so: impl Fn() -> Result<bool, Failure>) -> Result<(), Failure> {
    let mut state = courier.state();
    while !so()? {
        state.changed().await?;
    }
    Ok(())
}

struct Running {
    number: usize,
    home: tempfile::TempDir,
    invitation: std::path::PathBuf,
    child: Option<Child>,
}

impl Running {
    fn start(&mut self) -> Result<(), Failure> {
        let part = format!("{}|{}|{}", self.number, self.home.path().display(), self.invitation.display());
        let mut command = Command::new(std::env::current_exe()?);
        self.child = Some(command.env(PART, part).stdin(Stdio::null()).spawn()?);
        Ok(())
    }
}

/// Reading a list and a report of each, in turn: the quickest of some runs, milliseconds.
fn reads(all: [&Reviews; 2]) -> Result<[(f64, f64); 2], Failure> {
    let mut best = [(f64::INFINITY, f64::INFINITY); 2];
    for _ in 0..RUNS {
        for (reviews, best) in all.iter().zip(&mut best) {
            let begun = Instant::now();
            reviews.list(&ReviewFilter { text: "Agent 7".to_owned(), ..ReviewFilter::default() }, 500)?;
            best.0 = best.0.min(begun.elapsed().as_secs_f64() * 1e3);
            let begun = Instant::now();
            reviews.report(&ReportFilter::default(), ReportBy::Agent)?;
            best.1 = best.1.min(begun.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(best)
}

async fn measure() -> Result<(), Failure> {
    let each = each();
    let mut postgres = Postgres::with(&["max_connections=60"]);
    postgres.sql("postgres", "create database equipo");
    let address = Address::parse(&postgres.url(OWNER, "equipo"))?;
    let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await?;
    init(&mut owner, SERVER).await?;
    let folder = tempfile::tempdir()?;
    let mut analysts = Vec::new();
    for number in 0..ANALYSTS {
        let invitation =
            add(&mut owner, &address, SERVER, &format!("analyst{number}"), Role::Analyst).await?;
        let connection = Connection::open(&invitation.address()?, &invitation.password).await?;
        call_me(&connection, SERVER, &format!("Analyst {number}")).await?;
        let file = folder.path().join(format!("{number}.json"));
        std::fs::write(&file, invitation.to_json())?;
        analysts.push(Running { number, home: tempfile::tempdir()?, invitation: file, child: None });
    }
    let lead = add(&mut owner, &address, SERVER, "lead", Role::Lead).await?;
    let connection = Connection::open(&lead.address()?, &lead.password).await?;
    call_me(&connection, SERVER, "Lead").await?;
    drop((connection, owner));
    let lead_home = tempfile::tempdir()?;
    let (lead_team, lead_reviews, lead_courier) = desk(lead_home.path(), &lead, "Lead", true)?;
    lead_reviews.save_card(&card())?;
    lead_courier.wake();

    let begun = Instant::now();
    for analyst in &mut analysts {
        analyst.start()?;
    }
    let (mut cut, mut cut_at, mut database_cut) = (0, Instant::now(), false);
    while analysts.iter().any(|analyst| analyst.child.is_some()) {
        for analyst in &mut analysts {
            match analyst.child.as_mut().map(Child::try_wait).transpose()?.flatten() {
                Some(status) if status.success() => analyst.child = None,
                Some(status) => return Err(format!("analyst {}: {status}", analyst.number).into()),
                None => {}
            }
        }
        if cut_at.elapsed() >= CUT_EVERY {
            cut_at = Instant::now();
            let running: Vec<usize> =
                (0..ANALYSTS).filter(|number| analysts[*number].child.is_some()).collect();
            if let Some(number) = running.get(fastrand::usize(..running.len().max(1))) {
                let analyst = &mut analysts[*number];
                if let Some(mut child) = analyst.child.take() {
                    // Without a word, wherever it is.
                    child.kill()?;
                    child.wait()?;
                    cut += 1;
                    analyst.start()?;
                }
            }
            if cut >= 3 && !database_cut {
                database_cut = true;
                postgres.kill();
                postgres.start();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let worked = begun.elapsed();
    let newest: i64 = postgres.sql("equipo", "select seq from atalaya.log_head").parse()?;
    let size = postgres.sql("equipo", "select pg_size_pretty(pg_total_relation_size('atalaya.log'))");

    // Everybody reads on to the end.
    let caught = Instant::now();
    let mut prints = Vec::new();
    until(&lead_courier, || Ok(lead_team.applied()? >= newest)).await?;
    prints.push(lead_team.fingerprint()?);
    let alone = caught.elapsed();
    for analyst in &analysts {
        let invitation = Invitation::from_json(&std::fs::read_to_string(&analyst.invitation)?)?;
        let who = format!("Analyst {}", analyst.number);
        let (team, _, courier) = desk(analyst.home.path(), &invitation, &who, false)?;
        until(&courier, || Ok(team.applied()? >= newest && team.outbox().waiting()? == 0)).await?;
        prints.push(team.fingerprint()?);
    }
    let equal = prints.iter().all(|print| *print == prints[0]);
    let reviews = lead_team.all(Kind::Review)?.len();

    // The same reviews of a desk that is in no team.
    let plain_home = tempfile::tempdir()?;
    let plain = Reviews::new(store(plain_home.path())?, ACCOUNT);
    plain.save_card(&card())?;
    for number in 0..ANALYSTS {
        for at in 0..each {
            let review = plain.open(&call(number * 100_000 + at), CARD, &format!("Analyst {number}"))?;
            let yes = Answer { value: Some(Value::Yes), comment: String::new() };
            let answers = (0..QUESTIONS).map(|n| (format!("q{n}"), yes.clone())).collect();
            plain.change(review.id, answers, "so")?;
            plain.finish(review.id)?;
        }
    }
    let [team_reads, plain_reads] = reads([&lead_reviews, &plain])?;

    let database = if database_cut { "once" } else { "never" };
    println!(
        "{ANALYSTS} analysts × {each} reviews; killed meanwhile: {cut} analysts, the database {database}"
    );
    println!("  worked and handed over        {:>10.1} s", worked.as_secs_f64());
    println!("  lines in the log              {newest:>10}");
    println!("  the log's size                {size:>10}");
    println!("  a copy at hand read to the end{:>10.1} s", alone.as_secs_f64());
    println!("  reviews in the lead's copy    {reviews:>10}");
    println!("  copies                        {:>10}", prints.len());
    println!("  equal                         {:>10}", if equal { "yes" } else { "NO" });
    println!("  read                    team        no team     ratio");
    for (what, team, plain) in
        [("a list", team_reads.0, plain_reads.0), ("a report", team_reads.1, plain_reads.1)]
    {
        println!("  {what:<14}{team:>10.1} ms {plain:>10.1} ms {:>8.2}", team / plain);
    }
    if !equal {
        return Err("the copies differ".into());
    }
    if reviews != ANALYSTS * each {
        return Err(format!("{reviews} reviews, {} were finished", ANALYSTS * each).into());
    }
    Ok(())
}

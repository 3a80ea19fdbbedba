//! Reports and searches over 50,000 reviews of 20 questions; against reading every review and adding up by hand. Prints a
//! table; asserts nothing.

use std::collections::BTreeMap;
use std::time::Instant;

use atalaya_calls::wire::Call;
use atalaya_clock::Clock;
use atalaya_review::wire::{
    Answer, Card, CommentRule, Kind, Question, ReportBy, ReportFilter, ReviewFilter, Section, Value,
};
use atalaya_review::{MIGRATIONS, Reviews, score};
use atalaya_store::Store;
use rusqlite::params;

const REVIEWS: u32 = 50_000;
const QUESTIONS: u32 = 20;
const AGENTS: u32 = 300;
const RUNS: usize = 7;

type Failure = Box<dyn std::error::Error>;

fn main() {
    if let Err(error) = measure() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn card() -> Card {
    let question = |number: u32| Question {
        id: format!("q{number}"),
        text: format!("Question {number}"),
        help: String::new(),
        kind: Kind::YesNo,
        weight: f64::from(1 + number % 4),
        fatal: number == 0,
        optional: true,
        comment: CommentRule::Never,
    };
    let questions = (0..QUESTIONS).map(question).collect();
    let sections = vec![Section { id: "s".to_owned(), title: "s".to_owned(), questions }];
    Card { id: "card".to_owned(), version: 1, name: "card".to_owned(), sections, bands: Vec::new() }
}

fn call(number: u32) -> Call {
    Call {
        guid: format!("{number:08x}-0000-4000-8000-000000000000"),
        started_at: format!("2026-{:02}-{:02} 10:00:00", 1 + number % 12, 1 + number / 12 % 28),
        length_secs: Some(200),
        talk_secs: Some(180),
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: format!("Campaign {}<-", number % 12),
        direction: atalaya_calls::wire::Direction::Inbound,
        agent: Some(format!("Agent {}", number % AGENTS)),
        answered: true,
        others_unread: false,
        source: "091000001".to_owned(),
        destination: "20000001".to_owned(),
        rating: None,
        days: Vec::new(),
        legs: Vec::new(),
    }
}

fn answers(number: u32) -> BTreeMap<String, Answer> {
    let answer = |question: u32| {
        let no = (number ^ question).wrapping_mul(2_654_435_761) >> 28 == 0;
        let value = Some(if no { Value::No } else { Value::Yes });
        (format!("q{question}"), Answer { value, comment: String::new() })
    };
    (0..QUESTIONS).map(answer).collect()
}

fn note(number: u32) -> String {
    const WORDS: [&str; 8] =
        ["saludo", "descuento", "transferencia", "reclamo", "silencio", "factura", "promesa", "guión"];
    let word = |salt: u32| WORDS[(number.wrapping_add(salt).wrapping_mul(2_654_435_761) >> 20) as usize % 8];
    format!("{} {} {} {}", word(1), word(2), word(3), number)
}

fn fill(store: &Store) -> Result<(), Failure> {
    let card = card();
    let mut rows = Vec::new();
    for number in 0..REVIEWS {
        let (call, answers) = (call(number), answers(number));
        let scored = score(&card, &answers);
        rows.push((number, serde_json::to_string(&call)?, call, serde_json::to_string(&answers)?, scored));
    }
    store.with(|connection| {
        let transaction = connection.transaction()?;
        for (number, body, call, answers, scored) in &rows {
            let id = i64::from(*number) + 1;
            transaction.execute(
                "INSERT INTO review (id, account, guid, reviewer, card, version, call, call_at, agent, campaign, answers,
                 comment, percent, fatal, made_ms, finished_ms) VALUES (?1, 'a', ?2, ?3, 'card', 1, ?4, ?5, ?6, ?7, ?8, '',
                 ?9, ?10, 0, 1)",
                params![
                    id,
                    call.guid,
                    format!("Reviewer {}", number % 9),
                    body,
                    call.started_at,
                    call.agent,
                    call.campaign,
                    answers,
                    scored.percent,
                    !scored.fatal.is_empty()
                ],
            )?;
            let parts: Vec<String> = scored
                .items
                .iter()
                .map(|item| item.percent.map_or_else(String::new, |percent| format!("{:.0}", percent * 100.0)))
                .collect();
            transaction.execute("INSERT INTO review_part VALUES (?1, ?2)", params![id, parts.join(",")])?;
            transaction.execute(
                "INSERT INTO note (account, guid, at_secs, text, shared, reviewer, made_ms, call)
                 VALUES ('a', ?1, 3.0, ?2, 1, 'Reviewer', 0, ?3)",
                params![call.guid, note(*number), body],
            )?;
        }
        transaction.commit()
    })?;
    Ok(())
}

fn median(mut work: impl FnMut() -> Result<usize, Failure>) -> Result<(f64, usize), Failure> {
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let begun = Instant::now();
        found = work()?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[RUNS / 2], found))
}

/// Every review out of the file, its answers read and scored anew.
fn by_hand(store: &Store, card: &Card, question: bool) -> Result<usize, Failure> {
    let rows: Vec<(String, String)> = store.with(|connection| {
        let mut statement = connection.prepare("SELECT agent, answers FROM review WHERE account = 'a'")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    })?;
    let mut sums: BTreeMap<String, (f64, u32)> = BTreeMap::new();
    for (agent, answers) in rows {
        let scored = score(card, &serde_json::from_str(&answers)?);
        let mut add = |key: String, percent: Option<f64>| {
            let sum = sums.entry(key).or_default();
            sum.0 += percent.unwrap_or(0.0);
            sum.1 += 1;
        };
        if question {
            for item in scored.items {
                add(item.id, item.percent);
            }
        } else {
            add(agent, scored.percent);
        }
    }
    Ok(sums.len())
}

fn notes_by_hand(store: &Store, words: &[&str]) -> Result<usize, Failure> {
    let texts: Vec<String> = store.with(|connection| {
        let mut statement =
            connection.prepare("SELECT text FROM note WHERE account = 'a' ORDER BY id DESC")?;
        statement.query_map([], |row| row.get(0))?.collect()
    })?;
    let holds = |text: &&String| words.iter().all(|word| text.to_lowercase().contains(word));
    Ok(texts.iter().filter(holds).take(50).count())
}

fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("bench.sqlite"), &[MIGRATIONS], Clock::system())?;
    let reviews = Reviews::new(store.clone(), "a");
    let card = reviews.save_card(&card())?;
    let begun = Instant::now();
    fill(&store)?;
    println!(
        "{REVIEWS} reviews of {QUESTIONS} questions, {AGENTS} agents, {REVIEWS} notes (filled in {:.1} s); median of {RUNS}, ms",
        begun.elapsed().as_secs_f64()
    );
    println!("{:<34}{:>8}{:>10}{:>10}{:>8}", "what", "rows", "here", "naive", "ratio");
    let any = ReportFilter::default();
    let month = ReportFilter { from: "2026-03-01".into(), to: "2026-03-31".into(), ..any.clone() };
    let one = ReportFilter { agent: "Agent 7".into(), ..any.clone() };
    let all = |question| median(|| by_hand(&store, &card, question));
    let (naive, naive_items) = (all(false)?.0, all(true)?.0);
    let searched = median(|| notes_by_hand(&store, &["descuento", "reclamo"]))?.0;
    let report = |filter: &ReportFilter, by| median(|| Ok(reviews.report(filter, by)?.len()));
    let listed = ReviewFilter { text: "agent 7".into(), ..ReviewFilter::default() };
    for (what, (took, rows), naive) in [
        ("report by agent", report(&any, ReportBy::Agent)?, naive),
        ("report by agent, one month", report(&month, ReportBy::Agent)?, naive),
        ("report by campaign", report(&any, ReportBy::Campaign)?, naive),
        ("trend by day, one agent", report(&one, ReportBy::Day)?, naive),
        ("report by question", report(&any, ReportBy::Question)?, naive_items),
        ("report by question, one month", report(&month, ReportBy::Question)?, naive_items),
        (
            "notes with two words",
            median(|| Ok(reviews.find_notes("descuento reclamo", 50)?.len()))?,
            searched,
        ),
        (
            "notes, beginning of a word",
            median(|| Ok(reviews.find_notes("descu recla", 50)?.len()))?,
            searched,
        ),
        ("the newest 200 reviews", median(|| Ok(reviews.list(&ReviewFilter::default(), 200)?.len()))?, naive),
        ("reviews of an agent by name", median(|| Ok(reviews.list(&listed, 200)?.len()))?, naive),
    ] {
        println!("{what:<34}{rows:>8}{took:>10.1}{naive:>10.1}{:>8.0}", naive / took);
    }
    Ok(())
}

//! The centre does what it is told: each operation's effect as the vendor's own endpoints show it, its refusals, and that it is
//! carried out once whatever becomes of the answer.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod calls;
#[path = "../common/mod.rs"]
mod common;
mod dialers;
mod faults;
mod members;
mod messages;
mod refusals;

use std::time::Duration;

use atalaya_simulator::{Config, Simulator};
use chrono::NaiveDate;
use common::Visitor;
use serde_json::{Value, json};

const SUPPORT: &str = "Soporte<-";
const SALES: &str = "Ventas->";
const SURVEY: &str = "Encuesta->";

fn centre() -> Simulator {
    let begins = NaiveDate::from_ymd_opt(2026, 3, 12).and_then(|day| day.and_hms_opt(10, 0, 0));
    let config =
        Config { campaigns: 8, agents: 40, calls_per_day: 60, begins, moving: false, ..Config::default() };
    atalaya_simulator::without_ports(config)
}

fn pass(centre: &Simulator, secs: u64) {
    centre.advance(Duration::from_secs(secs));
}

/// Lets seconds pass until something is so; it has to be within so many.
fn until(centre: &Simulator, secs: u64, what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..secs {
        if is_so() {
            return;
        }
        pass(centre, 1);
    }
    assert!(is_so(), "not within {secs} s: {what}");
}

/// Rows of the day for a number that was dialled.
async fn rows_to(visitor: &Visitor<'_>, number: &str) -> Vec<Value> {
    let filter = json!({
        "calldatei": "2026-03-12 00:00:00", "calldatef": "2026-03-12 23:59:59", "destination": number,
    });
    visitor.rows(&filter).await
}

/// Somebody free whose interface begins so: extension, name.
fn free(centre: &Simulator, technology: &str) -> (String, String) {
    let inside = centre.inside();
    let agent = inside.agents.iter().find(|agent| {
        agent.status == 1
            && !agent.seats.iter().any(|seat| seat.paused)
            && agent.location.starts_with(technology)
    });
    let agent = agent.expect("somebody is free");
    (agent.location.trim_start_matches(technology).to_owned(), agent.name.clone())
}

fn status(centre: &Simulator, extension: &str) -> i64 {
    let inside = centre.inside();
    let agent = inside.agents.iter().find(|agent| agent.location == format!("SIP/{extension}"));
    agent.expect("they are there").status
}

/// Status of an agent as a campaign shows it.
async fn shown(visitor: &Visitor<'_>, campaign: &str, location: &str) -> Value {
    visitor.value("Supervisor/campaignstatus", &[("queue", campaign)]).await[location].clone()
}

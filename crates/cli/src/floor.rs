//! `floor`: campaigns, and agents when asked, once or again and again.

use std::io::Write;
use std::time::Duration;

use atalaya_floor::wire::{Agent, Campaign, Direction, Snapshot};
use serde::Serialize;

use crate::args::team::TeamAddress;
use crate::args::{Common, Floor};
use crate::connect::{Keeping, signed_in};
use crate::failure::Failure;

const WATCH_EVERY: Duration = Duration::from_secs(3);
/// However long the server has been away.
const WATCH_AT_LEAST_EVERY: Duration = Duration::from_secs(60);

/// One report, as documented for scripts.
#[derive(Serialize)]
struct Report<'a> {
    at: String,
    /// When the campaigns' figures were read, by this computer's clock.
    #[serde(rename = "readAt", skip_serializing_if = "Option::is_none")]
    read_at: Option<String>,
    campaigns: Vec<CampaignLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agents: Option<Vec<AgentLine<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CampaignLine<'a> {
    name: &'a str,
    direction: Direction,
    waiting: Option<u32>,
    longest_wait_secs: Option<u32>,
    available: Option<u32>,
    logged_in: Option<u32>,
    busy: Option<u32>,
    paused: Option<u32>,
    wrap_up: Option<u32>,
    answered: Option<u32>,
    abandoned: Option<u32>,
    abandon_rate: Option<f64>,
    service_level: Option<f64>,
    service_level2: Option<f64>,
    service_level_threshold_secs: Option<u32>,
    total_agents: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentLine<'a> {
    name: &'a str,
    location: &'a str,
    state: atalaya_floor::wire::AgentState,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<i32>,
    state_secs: Option<i64>,
    pause_reason: Option<&'a str>,
    in_call_here: Option<bool>,
    calls_taken: Option<u32>,
    last_call_at: Option<String>,
    campaigns: &'a [String],
}

/// A moment for scripts, in UTC.
pub fn utc(ms: i64) -> Option<String> {
    chrono::DateTime::from_timestamp_millis(ms)
        .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

fn campaign_line(campaign: &Campaign) -> CampaignLine<'_> {
    CampaignLine {
        name: &campaign.name,
        direction: campaign.direction,
        waiting: campaign.waiting,
        longest_wait_secs: campaign.longest_wait_secs,
        available: campaign.available,
        logged_in: campaign.logged_in,
        busy: campaign.busy,
        paused: campaign.paused,
        wrap_up: campaign.wrap_up,
        answered: campaign.answered,
        abandoned: campaign.abandoned,
        abandon_rate: campaign.abandon_rate,
        service_level: campaign.service_level,
        service_level2: campaign.service_level2,
        service_level_threshold_secs: campaign.service_level_threshold_secs,
        total_agents: campaign.total_agents,
    }
}

fn agent_line(agent: &Agent, at_ms: i64) -> AgentLine<'_> {
    AgentLine {
        name: &agent.name,
        location: &agent.location,
        state: agent.state,
        status_code: agent.status_code,
        state_secs: agent.state_since_ms.map(|since| ((at_ms - since).max(0) + 500) / 1_000),
        pause_reason: agent.pause_reason.as_deref(),
        in_call_here: agent.in_call_here,
        calls_taken: agent.calls_taken,
        last_call_at: agent.last_call_at_ms.and_then(utc),
        campaigns: &agent.campaigns,
    }
}

fn report(snapshot: &Snapshot, with_agents: bool) -> Report<'_> {
    Report {
        at: utc(snapshot.at_ms).unwrap_or_default(),
        read_at: snapshot.health.last_ok_ms.and_then(utc),
        campaigns: snapshot.campaigns.iter().map(campaign_line).collect(),
        agents: with_agents
            .then(|| snapshot.agents.iter().map(|agent| agent_line(agent, snapshot.at_ms)).collect()),
    }
}

fn shown<T: std::fmt::Display>(figure: Option<T>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| figure.to_string())
}

fn percent(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.1} %"))
}

pub fn clock(secs: Option<i64>) -> String {
    let Some(secs) = secs else { return "–".to_owned() };
    if secs >= 3_600 {
        format!("{}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
    } else {
        format!("{}:{:02}", secs / 60, secs % 60)
    }
}

fn print_table(out: &mut impl Write, report: &Report<'_>) -> std::io::Result<()> {
    writeln!(
        out,
        "{:<28}{:>8}{:>9}{:>8}{:>6}{:>8}{:>9}{:>10}{:>9}{:>9}",
        "Campaign", "Waiting", "Longest", "Avail.", "Busy", "Paused", "Wrap-up", "Answered", "Aband.", "SL"
    )?;
    for line in &report.campaigns {
        writeln!(
            out,
            "{:<28}{:>8}{:>9}{:>8}{:>6}{:>8}{:>9}{:>10}{:>9}{:>9}",
            line.name,
            shown(line.waiting),
            clock(line.longest_wait_secs.map(i64::from)),
            shown(line.available),
            shown(line.busy),
            shown(line.paused),
            shown(line.wrap_up),
            shown(line.answered),
            percent(line.abandon_rate),
            percent(line.service_level),
        )?;
    }
    if let Some(agents) = &report.agents {
        writeln!(
            out,
            "\n{:<28}{:<14}{:<14}{:>9}{:>7}  Campaigns",
            "Agent", "Location", "State", "For", "Calls"
        )?;
        for line in agents {
            let state = serde_json::to_value(line.state).ok();
            writeln!(
                out,
                "{:<28}{:<14}{:<14}{:>9}{:>7}  {}",
                line.name,
                line.location,
                state.as_ref().and_then(|state| state.as_str()).unwrap_or_default(),
                clock(line.state_secs),
                shown(line.calls_taken),
                line.campaigns.join(", "),
            )?;
        }
    }
    Ok(())
}

/// A picture with the campaigns asked for alone, and their agents.
pub fn print_named(snapshot: &Snapshot, args: &Floor) -> Result<(), Failure> {
    if args.campaigns.is_empty() {
        return print(snapshot, args);
    }
    let mut named = snapshot.clone();
    named.campaigns.retain(|campaign| args.campaigns.contains(&campaign.name));
    named.agents.retain(|agent| agent.campaigns.iter().any(|name| args.campaigns.contains(name)));
    print(&named, args)
}

fn print(snapshot: &Snapshot, args: &Floor) -> Result<(), Failure> {
    let report = report(snapshot, args.agents);
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
    } else {
        print_table(&mut out, &report)?;
    }
    out.flush()?;
    Ok(())
}

/// A campaign asked for by name that is not there is a mistake to tell, not an empty report.
pub fn all_there(snapshot: &Snapshot, asked: &[String]) -> Result<(), Failure> {
    match asked.iter().find(|name| snapshot.campaigns.iter().all(|campaign| campaign.name != **name)) {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!(
            "no campaign is named {name}: names are as the server writes them, with -> or <- where they have it; run \
             without --campaign to see them"
        ))),
    }
}

/// Whether no waiting puts it right: the account is no longer let in.
pub fn ends_watching(error: &atalaya_ucontact::Error) -> bool {
    use atalaya_ucontact::ErrorKind::{SignedInElsewhere, SignedOut, WrongPassword};
    matches!(error.kind, SignedInElsewhere | SignedOut | WrongPassword)
}

/// How long until the next report, after so many failures one after the other.
pub fn pause(failures: u32) -> Duration {
    (WATCH_EVERY * 2_u32.saturating_pow(failures.min(8))).min(WATCH_AT_LEAST_EVERY)
}

/// Runs it.
pub async fn run(common: &Common, args: &Floor) -> Result<(), Failure> {
    if let Some(url) = &args.team {
        return crate::team::follow(common, args, &TeamAddress { url: url.clone() }).await;
    }
    signed_in(common, Keeping::Nothing, |client, _store| async move {
        let (mut failures, mut reports) = (0, 0_u64);
        loop {
            match atalaya_floor::read_once(&client, &args.campaigns, args.agents).await {
                Ok(snapshot) => {
                    let there = all_there(&snapshot, &args.campaigns);
                    match there {
                        // It was there before: its row is missing, which says as much.
                        Err(missing) if reports > 0 => eprintln!("{missing}"),
                        there => there?,
                    }
                    print(&snapshot, args)?;
                    (failures, reports) = (0, reports + 1);
                }
                // Watching goes on through trouble, as the window does.
                Err(error) if args.watch && !ends_watching(&error) => {
                    failures += 1;
                    eprintln!("{error}; asked again in {} s", pause(failures).as_secs());
                }
                Err(error) => return Err(error.into()),
            }
            if !args.watch {
                return Ok(());
            }
            tokio::time::sleep(pause(failures)).await;
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_in_trouble_is_asked_less_and_less_often() {
        let pauses: Vec<_> =
            [0, 1, 2, 5, u32::MAX].iter().map(|failures| pause(*failures).as_secs()).collect();
        assert_eq!(pauses, [3, 6, 12, 60, 60]);
    }
}

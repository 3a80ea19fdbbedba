//! `calls`: a search, as a table, JSON or CSV.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use atalaya_calls::wire::{Call, Direction, Search, SearchUpdate};
use atalaya_calls::{Cache, Calls, Tasks};
use atalaya_export::csv;
use atalaya_language::Language;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::args::{Calls as Args, Common};
use crate::connect::{Keeping, signed_in};
use crate::decided;
use crate::failure::Failure;
use crate::output::Output;

const DATE: &str = "%Y-%m-%d %H:%M:%S";

#[derive(Serialize)]
struct Report<'a> {
    calls: Vec<CallLine<'a>>,
}

/// A call, as documented for scripts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallLine<'a> {
    guid: &'a str,
    started_at: &'a str,
    length_secs: Option<u32>,
    talk_secs: Option<u32>,
    campaign: &'a str,
    direction: Direction,
    agent: Option<&'a str>,
    /// `null`: legs of others were not read.
    answered: Option<bool>,
    source: &'a str,
    destination: &'a str,
    rating: Option<i32>,
    legs: Vec<LegLine<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LegLine<'a> {
    id: i64,
    calldate: &'a str,
    agent: Option<&'a str>,
    disposition: &'a str,
    duration_secs: Option<u32>,
}

fn line(call: &Call) -> CallLine<'_> {
    CallLine {
        guid: &call.guid,
        started_at: &call.started_at,
        length_secs: call.length_secs,
        talk_secs: call.talk_secs,
        campaign: &call.campaign,
        direction: call.direction,
        agent: call.agent.as_deref(),
        answered: (!call.others_unread).then_some(call.answered),
        source: &call.source,
        destination: &call.destination,
        rating: call.rating,
        legs: call
            .legs
            .iter()
            .map(|leg| LegLine {
                id: leg.id,
                calldate: &leg.calldate,
                agent: leg.agent.as_deref(),
                disposition: &leg.disposition,
                duration_secs: leg.duration_secs,
            })
            .collect(),
    }
}

fn moment(text: &str, option: &str) -> Result<String, Failure> {
    chrono::NaiveDateTime::parse_from_str(text, DATE)
        .map(|at| at.format(DATE).to_string())
        .map_err(|_| Failure::usage(format!("{option} is not a date like 2026-01-31 09:00:00: {text}")))
}

fn search_of(args: &Args) -> Result<Search, Failure> {
    let (from, to) = (moment(&args.from, "--from")?, moment(&args.to, "--to")?);
    if from > to {
        return Err(Failure::usage("--from is after --to"));
    }
    Ok(Search {
        from,
        to,
        agent: args.agent.clone(),
        campaign: args.campaign.clone(),
        source: args.source.clone(),
        destination: args.destination.clone(),
        tag: args.tag.clone(),
        rating: args.rating.clone(),
        min_duration_secs: args.min_duration,
        exclude: args.exclude.clone(),
        ..Search::default()
    })
}

fn text(figure: Option<impl ToString>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}

/// A spreadsheet of this computer's language, or any program.
fn form(excel: bool) -> csv::Form {
    if !excel {
        return csv::Form::Plain;
    }
    let comma = Language::of_this_computer().has_decimal_comma();
    csv::Form::Sheet(csv::Separator::where_decimals_have_a_comma(comma))
}

/// A full disk never leaves half a file under the name asked for.
fn write_csv(file: &Path, form: csv::Form, calls: &[Call]) -> Result<(), Failure> {
    let mut out = Output::to(file)?;
    if form != csv::Form::Plain {
        out.write_all(csv::MARK)?;
    }
    csv::row(
        &mut out,
        form,
        [
            "guid",
            "startedAt",
            "lengthSecs",
            "talkSecs",
            "campaign",
            "direction",
            "agent",
            "answered",
            "source",
            "destination",
            "rating",
            "legs",
        ],
    )?;
    for call in calls {
        csv::row(
            &mut out,
            form,
            [
                call.guid.as_str(),
                &call.started_at,
                &text(call.length_secs),
                &text(call.talk_secs),
                &call.campaign,
                call.direction.name(),
                call.agent.as_deref().unwrap_or_default(),
                match (call.answered, call.others_unread) {
                    (true, _) => "yes",
                    (false, false) => "no",
                    (false, true) => "unknown",
                },
                &call.source,
                &call.destination,
                &text(call.rating),
                &call.legs.len().to_string(),
            ],
        )?;
    }
    out.finish()
}

fn print_table(calls: &[Call]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<20} {:<24} {:<20} {:<16} {:>7}  Guid",
        "Started", "Campaign", "Agent", "Number", "Length"
    )?;
    for call in calls {
        let number = if call.direction == Direction::Outbound { &call.destination } else { &call.source };
        writeln!(
            out,
            "{:<20} {:<24} {:<20} {:<16} {:>7}  {}",
            call.started_at,
            call.campaign,
            call.agent.as_deref().unwrap_or(if call.others_unread { "not known" } else { "–" }),
            number,
            text(call.length_secs),
            call.guid
        )?;
    }
    writeln!(out, "{} calls", calls.len())?;
    Ok(())
}

/// Runs it.
pub async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let search = search_of(args)?;
    signed_in(common, Keeping::Nothing, |client, store| async move {
        let scratch = tempfile::tempdir()?;
        let cache: Arc<Cache> = Cache::open(scratch.path(), 1_000_000)?;
        let writes = decided::writes(&client, &store, &Tasks::default());
        let calls = Calls::new(client, store, cache, writes);
        let show_progress = std::io::IsTerminal::is_terminal(&std::io::stderr());
        let progress = move |update: SearchUpdate| {
            if let SearchUpdate::Page { pages, rows, .. } = update
                && show_progress
            {
                eprint!("\rpage {pages}, {rows} legs ");
            }
        };
        let mut found = calls.search(&search, args.page_size, progress, &CancellationToken::new()).await?;
        if show_progress {
            eprintln!();
        }
        found.sort_by(|a, b| (&a.started_at, &a.guid).cmp(&(&b.started_at, &b.guid)));
        match &args.csv {
            Some(file) => write_csv(file, form(args.excel), &found),
            None if args.json => {
                let mut out = std::io::stdout().lock();
                serde_json::to_writer(&mut out, &Report { calls: found.iter().map(line).collect() })?;
                writeln!(out)?;
                Ok(())
            }
            None => print_table(&found),
        }
    })
    .await
}

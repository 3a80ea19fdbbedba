//! `floor --forecast`: the next quarter of an hour, after a while of watching.
//!
//! Nothing is kept here: what is usual at this time of earlier days, and how good forecasts were, only the window knows.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use atalaya_ahead::wire::{AheadColour, AheadFigure, AheadLimited, AheadOutlook, AheadReason, CampaignAhead};
use atalaya_ahead::{Ahead, Asked, Readings};
use atalaya_floor::wire::Snapshot;
use atalaya_floor::{Picture, default_rules, read_into};
use atalaya_ucontact::Client;
use serde::Serialize;
use tokio::time::Instant;

use crate::args::{Common, Floor};
use crate::connect::{Keeping, signed_in};
use crate::failure::Failure;
use crate::floor::{all_there, clock, ends_watching, pause, utc};

/// Between two readings.
const READ_EVERY: Duration = Duration::from_secs(10);
/// Between two forecasts.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// One forecast, as documented for scripts.
#[derive(Serialize)]
struct Report {
    at: String,
    campaigns: Vec<CampaignAhead>,
}

/// Runs it.
pub async fn run(common: &Common, args: &Floor) -> Result<(), Failure> {
    signed_in(common, Keeping::Nothing, |client, _store| async move {
        let mut watch = Watch::default();
        let mut due = Instant::now() + Duration::from_secs(args.after);
        if args.after > 0 && !args.watch {
            eprintln!("watching for {} s first", args.after);
        }
        let mut failures = 0;
        loop {
            match watch.read(&client).await {
                Ok(snapshot) => {
                    all_there(&snapshot, &args.campaigns)?;
                    failures = 0;
                    if Instant::now() >= due {
                        print(&watch.look(&client, snapshot).await?, args)?;
                        if !args.watch {
                            return Ok(());
                        }
                        due = Instant::now() + LOOK_EVERY;
                    }
                }
                // A poll that failed is a gap, and a gap is told for what it is.
                Err(error) if !ends_watching(&error) && (args.watch || failures < 3) => {
                    failures += 1;
                    eprintln!("{error}; asked again in {} s", pause(failures).as_secs());
                }
                Err(error) => return Err(error.into()),
            }
            let next = if failures > 0 { pause(failures) } else { READ_EVERY };
            let until_due = due.saturating_duration_since(Instant::now());
            tokio::time::sleep(if failures == 0 && !until_due.is_zero() {
                next.min(until_due)
            } else {
                next
            })
            .await;
        }
    })
    .await
}

#[derive(Default)]
struct Watch {
    picture: Picture,
    readings: Readings,
    ahead: Ahead,
}

impl Watch {
    async fn read(&mut self, client: &Client) -> Result<Snapshot, atalaya_ucontact::Error> {
        // Everybody: who serves several campaigns is of all of them.
        let snapshot = read_into(&mut self.picture, client, &[], true).await?;
        self.readings.note(&snapshot);
        Ok(snapshot)
    }

    async fn look(&mut self, client: &Client, snapshot: Snapshot) -> Result<Report, Failure> {
        let now_ms = client.clock().now_ms();
        let asked = Asked {
            snapshot: Arc::new(snapshot),
            seats: self.picture.seats(),
            readings: self.readings.clone(),
            rules: default_rules(),
            teams: Vec::new(),
            offset_secs: self.picture.server_offset_secs(),
            now_ms,
        };
        let mut ahead = std::mem::take(&mut self.ahead);
        let looked = tokio::task::spawn_blocking(move || {
            let looked = ahead.look(None, &asked);
            (ahead, looked)
        });
        let (ahead, looked) = looked.await.map_err(|error| Failure::new(error.to_string()))?;
        self.ahead = ahead;
        Ok(Report { at: utc(now_ms).unwrap_or_default(), campaigns: looked.told.campaigns })
    }
}

fn print(report: &Report, args: &Floor) -> Result<(), Failure> {
    let wanted = |one: &CampaignAhead| args.campaigns.is_empty() || args.campaigns.contains(&one.name);
    let campaigns = report.campaigns.iter().filter(|one| wanted(one)).cloned().collect();
    let report = Report { at: report.at.clone(), campaigns };
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

fn print_table(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    writeln!(
        out,
        "{:<28}{:>10}{:>10}{:>10}{:>15}{:>11}  Red",
        "Campaign", "Wait 5'", "Wait 10'", "Wait 15'", "Longest 15'", "SL 15'"
    )?;
    for one in &report.campaigns {
        let Some(outlook) = &one.outlook else {
            writeln!(out, "{:<28}  {}", one.name, one.reason.map_or("no forecast", why))?;
            continue;
        };
        write!(out, "{:<28}", one.name)?;
        for ahead in &outlook.ahead {
            write!(out, "{:>10}", range(&ahead.waiting, |value| format!("{value:.0}")))?;
        }
        let last = outlook.ahead.last();
        let longest = last.map(|ahead| range(&ahead.longest_secs, |secs| clock(Some(secs.round() as i64))));
        let level = last
            .and_then(|ahead| ahead.level.as_ref())
            .map(|level| format!("{} %", range(level, |value| format!("{value:.0}"))));
        writeln!(
            out,
            "{:>15}{:>11}  {}",
            longest.unwrap_or_default(),
            level.unwrap_or_else(|| "–".to_owned()),
            red(outlook)
        )?;
    }
    Ok(())
}

fn range(figure: &AheadFigure, shown: impl Fn(f64) -> String) -> String {
    let (low, high) = (shown(figure.low), shown(figure.high));
    if low == high { low } else { format!("{low}–{high}") }
}

fn red(outlook: &AheadOutlook) -> String {
    let passing = outlook
        .passing
        .iter()
        .find(|one| one.limited == AheadLimited::Either && one.colour == AheadColour::Red);
    match passing {
        Some(passing) => match passing.in_secs.filter(|_| passing.likely >= 0.05) {
            Some(when) => format!("{:.0} %, in about {:.0} min", 100.0 * passing.likely, when.middle / 60.0),
            None => format!("{:.0} %", 100.0 * passing.likely),
        },
        None => "–".to_owned(),
    }
}

fn why(reason: AheadReason) -> &'static str {
    match reason {
        AheadReason::NothingRead => "no forecast: nothing was read",
        AheadReason::TooOld => "no forecast: figures are too old",
        AheadReason::Outbound => "nobody waits where calls are dialled",
        AheadReason::WaitingUnknown => "no forecast: the server does not say how many wait",
        AheadReason::WatchedTooShort => "no forecast: watched for less than three minutes",
        AheadReason::JustReset => "no forecast: counters were reset, or not read, within the last minutes",
        AheadReason::HandlingUnknown => "no forecast: nobody knows how long calls take",
        AheadReason::PeopleUnknown => "no forecast: who takes the calls is unknown",
        AheadReason::Implausible => "no forecast: a figure is beyond what can be",
    }
}

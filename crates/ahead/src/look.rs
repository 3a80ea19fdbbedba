//! A look at a time: what comes, in bands that are as wide as the past says, and red that may be ahead for the alerts.
//!
//! What it knows of the past is read again now and then, not at every look. Each look is kept once in five minutes, and what
//! came true is filled in when it is known. Blocks for as long as a simulation takes, a second at most: give it a thread of
//! its own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use atalaya_floor::RedAhead;
use atalaya_floor::wire::{AgentSeat, Rule, Snapshot, Team};
use atalaya_forecast::Scene;
use atalaya_forecast::calibrate::{Calibration, DAYS, Kept};
use atalaya_forecast::input::{Given, Target};
use atalaya_forecast::outcome::{Colour, Limited, Outlook};
use atalaya_history::{FloorTimes, ForecastKept, History, Site};

use crate::convert;
use crate::readings::Readings;
use crate::truth::settle;
use crate::view::{Shown, View};
use crate::wire::{AheadTold, CampaignAhead};

/// What is known of times like this is read again after so long, and at every half hour.
const TIMES_FOR_MS: i64 = 600_000;
/// What bands were worth is worked out again after so long.
const CALIBRATED_FOR_MS: i64 = 1_800_000;
/// A look is kept so often: those a minute apart say nearly the same.
const KEPT_EVERY_MS: i64 = 290_000;
/// Forecasts of single campaigns that bands are measured by, the latest.
const MOST_KEPT: u32 = 20_000;
/// Without a history: what came true is kept here, the latest figures.
const MOST_WITHOUT: usize = 20_000;
/// Forecasts that wait for what comes; more are let go.
const MOST_WAITING: usize = 4_000;
const DAY_MS: i64 = 86_400_000;
const HALF_HOUR_MS: i64 = 1_800_000;
/// The same callers come in every look, so that what differs between two of them is the floor's.
const SEED: u64 = 19;

/// What a look is told.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The floor.
    pub snapshot: Arc<Snapshot>,
    /// What each of their campaigns last said of everybody, by location.
    pub seats: BTreeMap<String, Vec<AgentSeat>>,
    /// What counters said over the last hour.
    pub readings: Readings,
    /// The rules of colours and alerts.
    pub rules: Vec<Rule>,
    /// The teams that rules name.
    pub teams: Vec<Team>,
    /// The server's clock before coordinated universal time, seconds, as told in this session.
    pub offset_secs: Option<i32>,
    /// Epoch milliseconds.
    pub now_ms: i64,
}

/// What came of a look.
#[derive(Debug, Clone)]
pub struct Looked {
    /// For the window.
    pub told: AheadTold,
    /// For the alerts: of every campaign that has an outlook.
    pub red: HashMap<String, RedAhead>,
    /// For questions about it.
    pub view: View,
}

/// What is known from look to look.
#[derive(Debug, Default)]
pub struct Ahead {
    times: FloorTimes,
    times_ms: Option<i64>,
    calibration: Arc<Calibration>,
    calibrated_ms: Option<i64>,
    /// Waiting for what comes.
    open: Vec<ForecastKept>,
    recalled: bool,
    kept_ms: Option<i64>,
    /// Settled, where no history keeps it.
    settled: Vec<Kept>,
}

impl Ahead {
    /// Looks. What cannot be read of the past is not known; what is not known makes no forecast, and says so.
    pub fn look(&mut self, past: Option<(&History, Site)>, asked: &Asked) -> Looked {
        let now_ms = asked.now_ms;
        self.recall(past, now_ms);
        self.settle(past, &asked.readings, now_ms);
        self.calibrate(past, now_ms);
        let snapshot = &asked.snapshot;
        let Given { floor, known, targets, seed } = self.given(past, asked);
        let now: Vec<(Target, Option<f64>, Option<f64>)> = floor
            .campaigns
            .iter()
            .enumerate()
            .map(|(at, campaign)| {
                let waiting = campaign.waiting.as_ref();
                let callers = waiting.map(|waiting| f64::from(waiting.callers));
                (targets.of(at), callers, waiting.and_then(|waiting| waiting.longest_secs))
            })
            .collect();
        let scene = Scene::new(floor, &known, targets, seed);
        let forecast = scene.forecast();
        let (_, hour) = convert::of_day(now_ms, self.times.offset_secs);
        let shown = Shown { calibration: Arc::clone(&self.calibration), hour, at_ms: now_ms };
        let mut kept = Vec::new();
        let mut red = HashMap::new();
        let mut campaigns = Vec::with_capacity(forecast.campaigns.len());
        for ((campaign, outlook), now) in snapshot.campaigns.iter().zip(&forecast.campaigns).zip(now) {
            let (told, figures) = shown.outlook(&campaign.name, outlook.as_ref().ok(), None);
            if let Ok(outlook) = outlook {
                red.insert(campaign.name.clone(), red_ahead(outlook, now));
                kept.push(ForecastKept {
                    campaign: campaign.name.clone(),
                    at_ms: now_ms,
                    settled: false,
                    figures,
                });
            }
            let reason = outlook.as_ref().err().copied();
            campaigns.push(CampaignAhead { name: campaign.name.clone(), reason, outlook: told });
        }
        self.keep(past, kept, now_ms);
        let told = AheadTold { at_ms: Some(now_ms), campaigns };
        Looked { told, red, view: View::new(scene, forecast, shown, snapshot) }
    }

    /// What a look is made of: the floor, and what is known of times like this, which is read again where that is due.
    pub fn given(&mut self, past: Option<(&History, Site)>, asked: &Asked) -> Given {
        let now_ms = asked.now_ms;
        self.learn(past, now_ms);
        self.times.offset_secs = asked.offset_secs.or(self.times.offset_secs);
        let snapshot = &asked.snapshot;
        Given {
            floor: convert::floor(snapshot, &asked.seats, &asked.readings, now_ms),
            known: convert::known(snapshot, &self.times, now_ms),
            targets: convert::targets(snapshot, &asked.rules, &asked.teams),
            seed: SEED,
        }
    }

    /// Forecasts of an earlier session may still come true.
    fn recall(&mut self, past: Option<(&History, Site)>, now_ms: i64) {
        if std::mem::replace(&mut self.recalled, true) {
            return;
        }
        let Some((history, site)) = past else { return };
        match history.forecasts(site, now_ms - 2 * HALF_HOUR_MS, MOST_WAITING as u32) {
            Ok(kept) => {
                self.kept_ms = kept.iter().map(|one| one.at_ms).max();
                self.open.extend(kept.into_iter().filter(|one| !one.settled));
            }
            Err(error) => tracing::warn!(%error, "earlier forecasts could not be read"),
        }
    }

    fn settle(&mut self, past: Option<(&History, Site)>, readings: &Readings, now_ms: i64) {
        let mut news = Vec::new();
        for forecast in &mut self.open {
            if settle(forecast, readings, now_ms) {
                news.push(forecast.clone());
            }
        }
        self.open.retain(|forecast| !forecast.settled);
        match past {
            Some((history, site)) if !news.is_empty() => history.keep_forecasts(site, news),
            Some(_) => {}
            None => {
                self.settled.extend(news.into_iter().filter(|one| one.settled).flat_map(|one| one.figures));
                let more = self.settled.len().saturating_sub(MOST_WITHOUT);
                self.settled.drain(..more);
            }
        }
    }

    fn learn(&mut self, past: Option<(&History, Site)>, now_ms: i64) {
        let half = |at_ms: i64| at_ms.div_euclid(HALF_HOUR_MS);
        let another_half = self.times_ms.is_some_and(|at_ms| half(at_ms) != half(now_ms));
        if let Some((history, site)) = past
            && (another_half || due(self.times_ms, TIMES_FOR_MS, now_ms))
        {
            match history.times(site, now_ms) {
                Ok(times) => self.times = times,
                Err(error) => tracing::warn!(%error, "what is usual could not be read"),
            }
            self.times_ms = Some(now_ms);
        }
    }

    fn calibrate(&mut self, past: Option<(&History, Site)>, now_ms: i64) {
        if due(self.calibrated_ms, CALIBRATED_FOR_MS, now_ms) {
            let calibration = match past {
                Some((history, site)) => history
                    .forecasts(site, now_ms - DAYS * DAY_MS, MOST_KEPT)
                    .map(|kept| Calibration::of(kept.iter().flat_map(|one| &one.figures), now_ms)),
                None => Ok(Calibration::of(&self.settled, now_ms)),
            };
            match calibration {
                Ok(calibration) => self.calibration = Arc::new(calibration),
                Err(error) => tracing::warn!(%error, "what forecasts were worth could not be read"),
            }
            self.calibrated_ms = Some(now_ms);
        }
    }

    fn keep(&mut self, past: Option<(&History, Site)>, kept: Vec<ForecastKept>, now_ms: i64) {
        // A clock that was put back begins anew.
        let just = |at_ms: i64| (at_ms..at_ms + KEPT_EVERY_MS).contains(&now_ms);
        if kept.is_empty() || self.kept_ms.is_some_and(just) || self.open.len() >= MOST_WAITING {
            return;
        }
        self.kept_ms = Some(now_ms);
        if let Some((history, site)) = past {
            history.keep_forecasts(site, kept.clone());
        }
        self.open.extend(kept);
    }
}

fn due(at_ms: Option<i64>, for_ms: i64, now_ms: i64) -> bool {
    at_ms.is_none_or(|at_ms| !(at_ms..at_ms + for_ms).contains(&now_ms))
}

/// How likely red is; what is red now is no matter of what is ahead.
fn red_ahead(outlook: &Outlook, now: (Target, Option<f64>, Option<f64>)) -> RedAhead {
    let (target, waiting, longest_secs) = now;
    let beyond = |value: Option<f64>, limit: Option<f64>| {
        value.zip(limit).is_some_and(|(value, limit)| value >= limit)
    };
    if beyond(waiting, target.waiting.red) || beyond(longest_secs, target.longest_secs.red) {
        return RedAhead { likely_percent: 0.0, in_secs: None };
    }
    let red = |one: &&atalaya_forecast::outcome::Passing| {
        one.limited == Limited::Either && one.colour == Colour::Red
    };
    match outlook.passing.iter().find(red) {
        Some(passing) => RedAhead {
            likely_percent: 100.0 * passing.likely,
            in_secs: passing.in_secs.map(|band| band.middle.round() as u32),
        },
        None => RedAhead { likely_percent: 0.0, in_secs: None },
    }
}

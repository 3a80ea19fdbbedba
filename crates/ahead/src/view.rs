//! Questions about the last look: what if people were elsewhere, and who could help. Each is lived through again on the same
//! callers, and blocks for as long.

use std::sync::Arc;

use atalaya_floor::wire::Snapshot;
use atalaya_forecast::calibrate::{Calibration, Kept};
use atalaya_forecast::outcome::{Band, Outlook};
use atalaya_forecast::whatif::{Change, WhatIf};
use atalaya_forecast::{Forecast, Scene};

use crate::wire::{
    AdvisedPerson, AheadAdvice, AheadAt, AheadChange, AheadFigure, AheadOutlook, AheadWhatIf, CampaignWhatIf,
    NoAdvice,
};

/// Changes asked for at once; more are left out.
const MOST_CHANGES: usize = 100;

/// How outlooks are shown: by what bands were worth.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) calibration: Arc<Calibration>,
    pub(crate) hour: u8,
    pub(crate) at_ms: i64,
}

impl Shown {
    /// As it is shown, and what is to be kept of it. `as_it_is`: of the floor as it is, where the outlook is of another.
    pub(crate) fn outlook(
        &self,
        campaign: &str,
        outlook: Option<&Outlook>,
        as_it_is: Option<&Outlook>,
    ) -> (Option<AheadOutlook>, Vec<Kept>) {
        let Some(outlook) = outlook else { return (None, Vec::new()) };
        let mut all = Vec::new();
        let as_it_is = as_it_is.unwrap_or(outlook);
        let ahead = outlook.ahead.iter().zip(&as_it_is.ahead).map(|(ahead, as_it_is)| {
            let (bands, kept) = self.calibration.bands(campaign, self.hour, self.at_ms, ahead, as_it_is);
            all.extend(kept);
            let promise = self.calibration.promise(campaign, ahead);
            let promised = |band: Band| Band { mean: promise.map_or(band.mean, |(level, _)| level), ..band };
            AheadAt {
                minutes: ahead.minutes,
                waiting: AheadFigure::of(bands.waiting),
                longest_secs: AheadFigure::of(bands.longest),
                level: bands.level.map(AheadFigure::of),
                calls: ahead.calls,
                gives_up: ahead.gives_up,
                coming_level: ahead.coming_level.map(promised),
                below_target: promise.map(|(_, missed)| missed).or(ahead.below_target),
            }
        });
        let ahead = ahead.collect();
        let told = AheadOutlook {
            ahead,
            passing: outlook.passing.clone(),
            calls_per_hour: outlook.calls_per_hour,
            grounds: outlook.grounds,
        };
        (Some(told), all)
    }
}

/// The last look, to be asked.
#[derive(Debug, Clone)]
pub struct View(Arc<Looked>);

#[derive(Debug)]
struct Looked {
    scene: Scene,
    forecast: Forecast,
    shown: Shown,
    campaigns: Vec<String>,
    people: Vec<AdvisedPerson>,
}

impl View {
    pub(crate) fn new(scene: Scene, forecast: Forecast, shown: Shown, snapshot: &Snapshot) -> Self {
        let person = |agent: &atalaya_floor::wire::Held<atalaya_floor::wire::Agent>| AdvisedPerson {
            location: agent.location.clone(),
            name: agent.name.clone(),
            campaigns: agent.campaigns.clone(),
        };
        Self(Arc::new(Looked {
            scene,
            forecast,
            shown,
            campaigns: snapshot.campaigns.iter().map(|campaign| campaign.name.clone()).collect(),
            people: snapshot.agents.iter().map(person).collect(),
        }))
    }

    fn campaign(&self, name: &str) -> Option<usize> {
        self.0.campaigns.iter().position(|one| one == name)
    }

    fn person(&self, location: &str) -> Option<usize> {
        self.0.people.iter().position(|one| one.location == location)
    }

    fn change(&self, change: &AheadChange) -> Option<Change> {
        Some(match change {
            AheadChange::More { campaign, people } => {
                Change::More { campaign: self.campaign(campaign)?, people: *people }
            }
            AheadChange::Fewer { campaign, people } => {
                Change::Fewer { campaign: self.campaign(campaign)?, people: *people }
            }
            AheadChange::Join { location, campaign, penalty } => Change::Join {
                person: self.person(location)?,
                campaign: self.campaign(campaign)?,
                penalty: *penalty,
            },
            AheadChange::Leave { location, campaign } => {
                Change::Leave { person: self.person(location)?, campaign: self.campaign(campaign)? }
            }
        })
    }

    /// What would come of changes.
    pub fn what_if(&self, changes: &[AheadChange]) -> AheadWhatIf {
        let asked: Vec<Change> =
            changes.iter().take(MOST_CHANGES).filter_map(|change| self.change(change)).collect();
        let effect = self.0.scene.what_if(&self.0.forecast, &asked);
        let mut told = self.told(&effect);
        told.left_out = told.left_out.saturating_add((changes.len() - asked.len()) as u32);
        told
    }

    /// Who could help a campaign; one that is not there has no target.
    pub fn advise(&self, campaign: &str) -> AheadAdvice {
        let at = self.campaign(campaign).ok_or(NoAdvice::NoTarget);
        let found = at.and_then(|at| self.0.scene.advise(&self.0.forecast, at, &self.0.shown.calibration));
        let campaign = campaign.to_owned();
        let at_ms = self.0.shown.at_ms;
        match found {
            Ok(advice) => AheadAdvice {
                at_ms,
                campaign,
                none: None,
                people: advice.people.iter().filter_map(|at| self.0.people.get(*at)).cloned().collect(),
                level_without: Some(advice.level_without),
                level_with: Some(advice.level_with),
                effect: Some(self.told(&advice.effect)),
            },
            Err(none) => AheadAdvice {
                at_ms,
                campaign,
                none: Some(none),
                people: Vec::new(),
                level_without: None,
                level_with: None,
                effect: None,
            },
        }
    }

    fn told(&self, effect: &WhatIf) -> AheadWhatIf {
        let campaigns = self.0.campaigns.iter().zip(&self.0.forecast.campaigns);
        let campaigns = campaigns.zip(effect.campaigns.iter().zip(&effect.differs));
        let told = campaigns.map(|((name, as_it_is), (outlook, differs))| CampaignWhatIf {
            name: name.clone(),
            reason: outlook.as_ref().err().copied(),
            outlook: self.0.shown.outlook(name, outlook.as_ref().ok(), as_it_is.as_ref().ok()).0,
            differs: differs.map(|differs| differs.to_vec()),
        });
        AheadWhatIf { at_ms: self.0.shown.at_ms, campaigns: told.collect(), left_out: effect.left_out }
    }
}

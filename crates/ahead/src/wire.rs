//! What the window sees of the next quarter of an hour. Unknown is `None`, never zero; where there is no forecast there is a
//! reason. Seconds and minutes are from the moment it was worked out.

use atalaya_forecast::calibrate::{Calibrated, Group, Record};
use atalaya_forecast::outcome::{Band, Passing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use atalaya_forecast::advise::NoAdvice;
pub use atalaya_forecast::calibrate::{Group as AheadGroup, Record as AheadRecord};
pub use atalaya_forecast::outcome::{
    Band as AheadBand, Colour as AheadColour, Limited as AheadLimited, Passing as AheadPassing,
};
pub use atalaya_forecast::whatif::Difference as AheadDifference;
pub use atalaya_forecast::{Basis as AheadBasis, Grounds as AheadGrounds, Reason as AheadReason};

/// The next quarter of an hour, as last worked out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadTold {
    /// When, epoch milliseconds; `None`: not yet, or nobody is signed in.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
    /// Every campaign, sorted by name.
    pub campaigns: Vec<CampaignAhead>,
}

/// One campaign's: an outlook, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignAhead {
    /// Name with suffix.
    pub name: String,
    /// Why there is none; `None` where there is one.
    pub reason: Option<AheadReason>,
    /// What comes.
    pub outlook: Option<AheadOutlook>,
}

/// What comes to one campaign.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadOutlook {
    /// In 5, 10 and 15 minutes.
    pub ahead: Vec<AheadAt>,
    /// For each limit of the rules: how likely and when it is passed, and whether it clears by itself. `either` is the
    /// campaign's colour.
    pub passing: Vec<Passing>,
    /// Calls expected an hour.
    pub calls_per_hour: f64,
    /// What it stands on.
    pub grounds: AheadGrounds,
}

/// At one moment to come.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadAt {
    /// Minutes from then.
    pub minutes: u32,
    /// Callers waiting.
    pub waiting: AheadFigure,
    /// How long the first of them will have waited, seconds; 0 where nobody waits.
    pub longest_secs: AheadFigure,
    /// Percent of the calls answered until then that are answered in time, as the server counts; `None`: too few calls.
    pub level: Option<AheadFigure>,
    /// Calls that come until then; not calibrated, as the next one.
    pub calls: Band,
    /// Callers who give up until then.
    pub gives_up: Band,
    /// Percent of the calls that come, and are decided by then, that are answered in time; `None`: too few calls.
    /// Its average is no more than came where about as much was told.
    pub coming_level: Option<Band>,
    /// How likely that is below the target, 0 to 1, by what came of such; `None` without either.
    pub below_target: Option<f64>,
}

/// A figure to come: eight of ten lie from low to high, as far as the past says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadFigure {
    /// From here.
    pub low: f64,
    /// As many are expected below as above.
    pub middle: f64,
    /// To here.
    pub high: f64,
    /// By whose past errors the band was set.
    pub group: Group,
    /// How often this campaign's bands of this figure, so many minutes ahead, held in the last 14 days; `None`: none of them
    /// has come true yet.
    pub record: Option<Record>,
}

impl AheadFigure {
    pub(crate) fn of(shown: Calibrated) -> Self {
        let Calibrated { range, middle, group, record } = shown;
        Self { low: range.low, middle, high: range.high, group, record }
    }
}

/// What could be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AheadChange {
    /// So many people more, free, who serve this campaign alone.
    More {
        /// Name with suffix.
        campaign: String,
        /// How many.
        people: u32,
    },
    /// So many fewer of those who are there, those free longest first.
    Fewer {
        /// Name with suffix.
        campaign: String,
        /// How many.
        people: u32,
    },
    /// Somebody takes this campaign's calls too.
    Join {
        /// Their telephone interface.
        location: String,
        /// Name with suffix.
        campaign: String,
        /// After everybody with a smaller one.
        penalty: u32,
    },
    /// Somebody takes this campaign's calls no more.
    Leave {
        /// Their telephone interface.
        location: String,
        /// Name with suffix.
        campaign: String,
    },
}

/// What would come of changes, everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadWhatIf {
    /// When what it is compared with was worked out, epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Every campaign, sorted by name.
    pub campaigns: Vec<CampaignWhatIf>,
    /// People or campaigns that are not there: the change is that much smaller.
    pub left_out: u32,
}

/// One campaign's.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignWhatIf {
    /// Name with suffix.
    pub name: String,
    /// Why there is none; `None` where there is one.
    pub reason: Option<AheadReason>,
    /// What would come.
    pub outlook: Option<AheadOutlook>,
    /// With the change less without it, in 5, 10 and 15 minutes, on the same callers; `None` where there is no outlook. A band
    /// that reaches zero is no sure difference.
    pub differs: Option<Vec<AheadDifference>>,
}

/// Who could help.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AheadAdvice {
    /// When what it goes by was worked out, epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whom it helps, name with suffix.
    pub campaign: String,
    /// Why nobody is suggested; `None` where somebody is.
    pub none: Option<NoAdvice>,
    /// Who joins, in the order in which they were found; they stay where they are.
    pub people: Vec<AdvisedPerson>,
    /// Expected service level of the coming calls as it is, percent.
    pub level_without: Option<f64>,
    /// And with their help.
    pub level_with: Option<f64>,
    /// What comes of it everywhere.
    pub effect: Option<AheadWhatIf>,
}

/// Somebody who could help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdvisedPerson {
    /// The telephone interface.
    pub location: String,
    /// User name.
    pub name: String,
    /// The campaigns they serve now.
    pub campaigns: Vec<String>,
}

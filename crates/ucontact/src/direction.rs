//! Which way calls go, as the name of their campaign says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which way a call goes, and the calls of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Customers call in.
    Inbound,
    /// The centre calls out.
    Outbound,
}

impl Direction {
    /// `inbound` or `outbound`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// What a campaign's name says, and the name without its suffix: `->` outbound, `<-` or none inbound.
pub fn direction(campaign: &str) -> (Direction, &str) {
    if let Some(label) = campaign.strip_suffix("->") {
        (Direction::Outbound, label)
    } else {
        (Direction::Inbound, campaign.strip_suffix("<-").unwrap_or(campaign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_say_the_direction() {
        assert_eq!(direction("Ventas->"), (Direction::Outbound, "Ventas"));
        assert_eq!(direction("Ventas<-"), (Direction::Inbound, "Ventas"));
        assert_eq!(direction("Ventas"), (Direction::Inbound, "Ventas"));
    }
}

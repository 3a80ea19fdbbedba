//! Text messages.
//!
//! Left out on purpose: scheduling them, and e-mail, which the vendor names without an address or parameters.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::answers::Yes;
use super::flaw::Flaws;
use super::sms_length::SmsLength;
use super::{Fields, Form};
use crate::endpoint::{Endpoint, SEND_SMS_V2};

/// Most parts a message may go out as.
pub(crate) const MOST_PARTS: usize = 10;

/// `SMS/SendSMSv2`, and `SMS/SendSMS` where a server has no version two.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendSms {
    /// To whom.
    pub destination: String,
    /// The text.
    pub message: String,
    /// The campaign.
    pub campaign: String,
    /// Who sends it; may be empty.
    pub agent: String,
    /// The number or port it goes out from; may be empty.
    pub source: String,
}

impl Form for SendSms {
    fn endpoint(&self) -> Endpoint {
        SEND_SMS_V2
    }

    fn yes(&self) -> Yes {
        Yes::Id
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        vec![
            ("destination", self.destination.clone()),
            ("message", self.message.clone()),
            ("campaign", self.campaign.clone()),
            ("agent", self.agent.clone()),
            ("source", self.source.clone()),
        ]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.number("destination", &self.destination);
        flaws.text("message", &self.message, usize::MAX);
        if SmsLength::of(&self.message).parts > MOST_PARTS {
            flaws.add("message", "tooLong");
        }
        flaws.name("campaign", &self.campaign);
        flaws.name_or_none("agent", &self.agent);
        flaws.name_or_none("source", &self.source);
    }
}

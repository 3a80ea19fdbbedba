//! People added to a campaign. The API has no way to take them out again, and none to pause or sign out anybody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::answers::Yes;
use super::flaw::Flaws;
use super::{Fields, Form, json};
use crate::endpoint::{ADD_QUEUE_MEMBER, Endpoint};

/// Most members in one request.
const MOST: usize = 500;
/// What is above it is a slip of the finger.
const HIGHEST_PENALTY: u32 = 1_000;

/// `queues/addqueuemember`: several people, one request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddMembers {
    /// The campaign.
    pub campaign: String,
    /// Who.
    pub members: Vec<Member>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// User name.
    pub name: String,
    /// Extension: `1001` is `SIP/1001`; one with a slash is taken as it is.
    pub interface: String,
    /// The higher, the later their telephone rings; 0 is the first.
    pub penalty: u32,
    /// Whether they begin paused.
    pub paused: bool,
}

impl Member {
    fn whole_interface(&self) -> String {
        let typed = &self.interface;
        if typed.contains('/') || typed.is_empty() { typed.clone() } else { format!("SIP/{typed}") }
    }
}

/// As the vendor names its parts.
#[derive(Serialize)]
struct QueueMember<'a> {
    membername: &'a str,
    #[serde(rename = "queueName")]
    queue_name: &'a str,
    interface1: String,
    penalty: u32,
    paused: u8,
}

impl Form for AddMembers {
    fn endpoint(&self) -> Endpoint {
        ADD_QUEUE_MEMBER
    }

    fn yes(&self) -> Yes {
        Yes::Text
    }

    fn target(&self) -> String {
        self.campaign.clone()
    }

    fn fields(&self) -> Fields {
        let members: Vec<QueueMember<'_>> = self
            .members
            .iter()
            .map(|member| QueueMember {
                membername: &member.name,
                queue_name: &self.campaign,
                interface1: member.whole_interface(),
                penalty: member.penalty,
                paused: u8::from(member.paused),
            })
            .collect();
        vec![("queuemember", json(&members))]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("queueName", &self.campaign);
        if self.members.is_empty() {
            flaws.add("queuemember", "empty");
        }
        if self.members.len() > MOST {
            flaws.add("queuemember", "tooMany");
        }
        let mut seen = BTreeSet::new();
        for (at, member) in self.members.iter().enumerate() {
            flaws.about(at);
            flaws.name("membername", &member.name);
            let interface = member.whole_interface();
            if member.interface.contains('/') {
                flaws.interface("interface1", &interface);
            } else {
                flaws.extension("interface1", &member.interface);
            }
            if !seen.insert(interface) {
                flaws.add("interface1", "twice");
            }
            if member.penalty > HIGHEST_PENALTY {
                flaws.add("penalty", "outOfRange");
            }
        }
        flaws.about_all();
    }
}

//! What a dialer is given to call, and what is taken from it again.
//!
//! Left out on purpose: whole bases (`base`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::flaw::{Flaws, date};
use super::parameters::{Alternatives, Parameters};
use super::{Fields, Form, json};
use crate::endpoint::{
    DIALER_TASK, Endpoint, REMOVE_CONTACT, REMOVE_SCHEDULE_DIALER_CALL, RESPOOL, SCHEDULE_DIALER_CALL,
};

/// More is a slip of the finger.
const MOST_RETRIES: u32 = 1_000;
const HIGHEST_PRIORITY: u32 = 1_000_000;

/// `Dialers/Respool`: puts a contact of a base back, with other numbers, data or priority. Campaign, base and contact are
/// those it has; the status is always 1, which is "may be dialled".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Respool {
    /// The contact's campaign.
    pub campaign: String,
    /// The number to call first.
    pub destination: String,
    /// The contact's base.
    pub dialerbase: String,
    /// For the flow and the form.
    pub data: Parameters,
    /// Numbers to call after it.
    pub alternatives: Alternatives,
    /// The contact's number in the base.
    #[ts(type = "number")]
    pub contact: u64,
    /// How often this number was tried already.
    pub retries: u32,
    /// The lower, the sooner; above 1, which is kept for what is scheduled.
    pub priority: u32,
    /// The extension of whom it is for, where the dialer is progressive; may be empty.
    pub agentphone: String,
}

/// `Dialers/ScheduleDialerCall`: a call at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleCall {
    /// When, `yyyy-MM-dd HH:mm:ss`, the server's time.
    pub calldate: String,
    /// The campaign of the dialer.
    pub campaign: String,
    /// Whom.
    pub destination: String,
    /// Other numbers.
    pub alternatives: Alternatives,
    /// The extension of whom it is for, where the dialer is progressive; may be empty.
    pub agentphone: String,
    /// For the flow and the form.
    pub data: Parameters,
}

/// `Dialers/DialerTask`: a call for a dialer, now or when it comes to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// How.
    pub mode: TaskMode,
    /// The campaign.
    pub campaign: String,
    /// Whom.
    pub destination: String,
    /// Other numbers.
    pub alternatives: Alternatives,
    /// User name or extension, where the dialer is progressive; may be empty.
    pub agent: String,
    /// For the flow and the form.
    pub data: Parameters,
    /// Where it comes from; may be empty.
    pub source: String,
}

/// How a task is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind", content = "at")]
pub enum TaskMode {
    /// By the dialer, with priority 1: before everything else.
    Priority,
    /// At once, as a call placed by hand.
    Manual,
    /// By the dialer, when nothing scheduled is due and it is free.
    Dialer,
    /// By the dialer, at this moment: `yyyy-MM-dd HH:mm:ss`, the server's time.
    Scheduled(String),
}

/// `Dialers/RemoveContact`: takes a number out of a campaign's dialer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveContact {
    /// The campaign.
    pub campaign: String,
    /// The number.
    pub number: String,
}

/// `Dialers/RemoveScheduleDialerCall`: takes back what is scheduled for a number between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unschedule {
    /// The campaign.
    pub campaign: String,
    /// The number.
    pub destination: String,
    /// From, `yyyy-MM-dd HH:mm:ss`, the server's time.
    pub from: String,
    /// To, likewise.
    pub to: String,
}

/// As the vendor names its parts.
#[derive(Serialize)]
struct CallSpool<'a> {
    campaign: &'a str,
    destination: &'a str,
    dialerbase: &'a str,
    status: u8,
    data: String,
    alternatives: String,
    contact: u64,
    retries: u32,
    priority: u32,
    agentphone: &'a str,
}

/// As the vendor names its parts.
#[derive(Serialize)]
struct CallSchedule<'a> {
    calldate: &'a str,
    campaign: &'a str,
    destination: &'a str,
    alternatives: String,
    agentphone: &'a str,
    data: String,
}

/// As the vendor names its parts.
#[derive(Serialize)]
struct TaskCall<'a> {
    calldate: Option<&'a str>,
    campaign: &'a str,
    destination: &'a str,
    alternatives: String,
    agent: &'a str,
    data: String,
    source: &'a str,
    bulk: bool,
    automatic: bool,
}

impl Form for Respool {
    fn endpoint(&self) -> Endpoint {
        RESPOOL
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        let spool = CallSpool {
            campaign: &self.campaign,
            destination: &self.destination,
            dialerbase: &self.dialerbase,
            status: 1,
            data: self.data.text(),
            alternatives: self.alternatives.text(),
            contact: self.contact,
            retries: self.retries,
            priority: self.priority,
            agentphone: &self.agentphone,
        };
        vec![("callspool", json(&spool))]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("campaign", &self.campaign);
        flaws.number("destination", &self.destination);
        flaws.name("dialerbase", &self.dialerbase);
        self.data.check("data", flaws);
        self.alternatives.check(flaws);
        if self.retries > MOST_RETRIES {
            flaws.add("retries", "outOfRange");
        }
        flaws.priority("priority", self.priority);
        if self.priority > HIGHEST_PRIORITY {
            flaws.add("priority", "outOfRange");
        }
        flaws.extension_or_none("agentphone", &self.agentphone);
    }
}

impl Form for ScheduleCall {
    fn endpoint(&self) -> Endpoint {
        SCHEDULE_DIALER_CALL
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        let schedule = CallSchedule {
            calldate: &self.calldate,
            campaign: &self.campaign,
            destination: &self.destination,
            alternatives: self.alternatives.text(),
            agentphone: &self.agentphone,
            data: self.data.text(),
        };
        vec![("callschedule", json(&schedule))]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.date("calldate", &self.calldate);
        flaws.name("campaign", &self.campaign);
        flaws.number("destination", &self.destination);
        self.alternatives.check(flaws);
        flaws.extension_or_none("agentphone", &self.agentphone);
        self.data.check("data", flaws);
    }
}

impl Form for Task {
    fn endpoint(&self) -> Endpoint {
        DIALER_TASK
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        let (calldate, bulk, automatic) = match &self.mode {
            TaskMode::Priority => (None, false, true),
            TaskMode::Manual => (None, false, false),
            TaskMode::Dialer => (None, true, false),
            TaskMode::Scheduled(at) => (Some(at.as_str()), true, false),
        };
        let call = TaskCall {
            calldate,
            campaign: &self.campaign,
            destination: &self.destination,
            alternatives: self.alternatives.text(),
            agent: &self.agent,
            data: self.data.text(),
            source: &self.source,
            bulk,
            automatic,
        };
        vec![("call", json(&call))]
    }

    fn check(&self, flaws: &mut Flaws) {
        if let TaskMode::Scheduled(at) = &self.mode {
            flaws.date("calldate", at);
        }
        flaws.name("campaign", &self.campaign);
        flaws.number("destination", &self.destination);
        self.alternatives.check(flaws);
        flaws.name_or_none("agent", &self.agent);
        self.data.check("data", flaws);
        flaws.name_or_none("source", &self.source);
    }
}

impl Form for RemoveContact {
    fn endpoint(&self) -> Endpoint {
        REMOVE_CONTACT
    }

    fn target(&self) -> String {
        self.number.clone()
    }

    fn fields(&self) -> Fields {
        vec![("campaign", self.campaign.clone()), ("number", self.number.clone())]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("campaign", &self.campaign);
        flaws.number("number", &self.number);
    }
}

impl Form for Unschedule {
    fn endpoint(&self) -> Endpoint {
        REMOVE_SCHEDULE_DIALER_CALL
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        vec![
            ("campaign", self.campaign.clone()),
            ("destination", self.destination.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("campaign", &self.campaign);
        flaws.number("destination", &self.destination);
        flaws.date("from", &self.from);
        flaws.date("to", &self.to);
        if let (Some(from), Some(to)) = (date(&self.from), date(&self.to))
            && to < from
        {
            flaws.add("to", "order");
        }
    }
}

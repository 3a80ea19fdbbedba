//! The live floor's replies: `Supervisor/queuesummary` and `Supervisor/campaignstatus`, read leniently. What was read can be
//! handed to another desk as it is (serde), which knows nothing of how the server wrote it.

mod unchanged;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::endpoint::{CAMPAIGN_STATUS, QUEUE_SUMMARY};
use crate::error::Error;
use crate::lenient::{
    At, Element, Notes, Num, Reply, Taker, Text, clock_secs, elements, nothing_of_the_kind,
};
use crate::moment::moment;
use crate::reason::Reason;
use crate::shared_text::SharedText;

pub use unchanged::AgentsReader;

/// One element of `queuesummary`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueSummary {
    /// Campaign name with its suffix.
    pub queue: String,
    /// Members logged in.
    pub logged_in: Option<u32>,
    /// Free members; wrap-up is not subtracted.
    pub available: Option<u32>,
    /// Callers waiting now.
    pub callers: Option<u32>,
    /// Exponential average of the wait, seconds.
    pub hold_time_secs: Option<u32>,
    /// Exponential average of talk, seconds.
    pub talk_time_secs: Option<u32>,
    /// Seconds the oldest waiting caller has waited; 0 nobody waits.
    pub longest_hold_time_secs: Option<u32>,
    /// The server's text.
    pub date_received: Option<String>,
}

/// One campaign of `campaignstatus`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignStatus {
    /// Campaign name with its suffix.
    pub campaign: String,
    /// Free agents.
    pub availables: Option<u32>,
    /// Not logged in.
    pub not_availables: Option<u32>,
    /// Paused.
    pub paused: Option<u32>,
    /// On a call.
    pub busy: Option<u32>,
    /// On a call and paused.
    pub busy_paused: Option<u32>,
    /// All members.
    pub total_agents: Option<u32>,
    /// Logged in.
    pub logged: Option<u32>,
    /// In wrap-up now.
    pub on_wrapup: Option<u32>,
    /// Answered since the last reset.
    pub completed: Option<u32>,
    /// Abandoned since the last reset.
    pub abandoned: Option<u32>,
    /// Calls since the last reset.
    pub total_calls: Option<u32>,
    /// Callers waiting now (`acd`).
    pub waiting: Option<u32>,
    /// Average talk, seconds (`talked`, `HH:MM:SS-N`).
    pub average_talk_secs: Option<u32>,
    /// Average wait, seconds (`hold`, `HH:MM:SS-N`).
    pub average_hold_secs: Option<u32>,
    /// Abandon rate as sent, percent.
    pub abandoned_level: Option<f64>,
    /// `servicelevel` as sent, percent; 0.0 when there were no calls.
    pub service_level: Option<f64>,
    /// `servicelevel2` as sent, percent.
    pub service_level2: Option<f64>,
    /// Ring strategy.
    pub strategy: Option<String>,
    /// Threshold, seconds.
    pub service_level_threshold_secs: Option<u32>,
    /// Configured wrap-up, seconds.
    pub wrapup_secs: Option<u32>,
}

/// One agent of `campaignstatus` with a queue.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentStatus {
    /// Interface: the key across campaigns.
    pub location: SharedText,
    /// User name.
    pub name: Option<SharedText>,
    /// Penalty.
    pub penalty: Option<i32>,
    /// Calls taken in this campaign.
    pub calls_taken: Option<u32>,
    /// Epoch seconds of the last call; `None` when none.
    pub last_call_epoch_secs: Option<i64>,
    /// The server's number, as sent.
    pub status: Option<i32>,
    /// Paused in this campaign.
    pub paused: Option<bool>,
    /// Pause reason, a text for people; `None` when none.
    pub paused_reason: Option<SharedText>,
    /// In a call of this campaign.
    pub in_call: Option<bool>,
    /// When the state began: the server's text.
    pub date_received: Option<SharedText>,
    /// Elapsed seconds in the state (`server`).
    pub state_secs: Option<u64>,
}

impl AgentStatus {
    /// When the state began, server-local: `date_received` in any of the forms servers write it in.
    pub fn state_began(&self) -> Option<NaiveDateTime> {
        self.date_received.as_deref().and_then(moment)
    }
}

/// `campaignstatus` of one campaign.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignAgents {
    /// The campaign; `None` when the server does not know it.
    pub campaign: Option<CampaignStatus>,
    /// Its agents.
    pub agents: Vec<AgentStatus>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawQueue<'a> {
    #[serde(borrow)]
    queue: Text<'a>,
    logged_in: Num,
    available: Num,
    callers: Num,
    hold_time: Num,
    talk_time: Num,
    longest_hold_time: Num,
    #[serde(borrow)]
    date_received: Text<'a>,
    #[serde(borrow)]
    error: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
}

/// Campaigns and agents come side by side: one shape for both, told apart by what they hold.
#[derive(Deserialize, Default)]
#[serde(default)]
struct RawStatus<'a> {
    #[serde(borrow)]
    campaign: Text<'a>,
    availables: Num,
    notavailables: Num,
    paused: Num,
    busy: Num,
    busypaused: Num,
    totalagents: Num,
    logged: Num,
    onwrapup: Num,
    completed: Num,
    abandoned: Num,
    totalcalls: Num,
    acd: Num,
    #[serde(borrow)]
    talked: Text<'a>,
    #[serde(borrow)]
    hold: Text<'a>,
    abandonedlevel: Num,
    servicelevel: Num,
    servicelevel2: Num,
    #[serde(borrow)]
    strategy: Text<'a>,
    slevelthreshold: Num,
    wrapup: Num,
    #[serde(borrow)]
    queue: Text<'a>,
    #[serde(borrow)]
    location: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    penalty: Num,
    #[serde(rename = "callsTaken")]
    calls_taken: Num,
    #[serde(rename = "lastCall")]
    last_call: Num,
    status: Num,
    pausedreason: Reason,
    incall: Num,
    #[serde(rename = "dateReceived")]
    #[serde(borrow)]
    date_received: Text<'a>,
    #[serde(borrow)]
    server: Text<'a>,
}

/// Reads `queuesummary`. The element without `queue` is the vendor's own and no loss.
///
/// # Errors
/// `refused` for a bare `0`, `malformed` with the JSON path, `notClassic` for a page of HTML; `serverError` in its words,
/// or `malformed`, for an answer in which nothing is of the kind asked for.
pub fn parse_queue_summary(body: &[u8]) -> Result<Reply<Vec<QueueSummary>>, Error> {
    let Queues { read: queues, strange, notes } = elements(body, QUEUE_SUMMARY.path, Queues::default)?;
    if queues.is_empty() && strange {
        return Err(nothing_of_the_kind(body, QUEUE_SUMMARY.path));
    }
    Ok(Reply::new(queues, notes))
}

/// Reads `campaignstatus` of all campaigns.
///
/// # Errors
/// As [`parse_queue_summary`].
pub fn parse_campaigns(body: &[u8]) -> Result<Reply<Vec<CampaignStatus>>, Error> {
    let Campaigns { read: campaigns, strange, notes } =
        elements(body, CAMPAIGN_STATUS.path, Campaigns::default)?;
    if campaigns.is_empty() && strange {
        return Err(nothing_of_the_kind(body, CAMPAIGN_STATUS.path));
    }
    Ok(Reply::new(campaigns, notes))
}

/// Reads `campaignstatus` of one campaign.
///
/// # Errors
/// As [`parse_queue_summary`]; and where neither the campaign nor an agent is in it: a server that does not know the
/// campaign says no more than one that failed.
pub fn parse_campaign_agents(body: &[u8]) -> Result<Reply<CampaignAgents>, Error> {
    let Agents { found, notes, .. } = elements(body, CAMPAIGN_STATUS.path, Agents::default)?;
    // A campaign that is there is in its own answer: one with nothing in it is a failure, not a team that went home.
    if found == CampaignAgents::default() {
        return Err(nothing_of_the_kind(body, CAMPAIGN_STATUS.path));
    }
    Ok(Reply::new(found, notes))
}

/// `queuesummary` as it is read.
#[derive(Default)]
struct Queues {
    read: Vec<QueueSummary>,
    strange: bool,
    notes: Notes,
}

impl Taker for Queues {
    type Raw<'a> = RawQueue<'a>;

    fn take(&mut self, at: At<'_>, element: Element<RawQueue<'_>>) {
        let notes = &mut self.notes;
        let raw = match element {
            Element::Is(raw) => raw,
            Element::Odd(kind) => {
                notes.note(&at, kind);
                self.strange = true;
                return;
            }
        };
        self.strange |= raw.error.0.is_some() || raw.message.0.is_some();
        let Some(queue) = raw.queue.filled() else { return };
        let field = |field: &'static str| move || format!("{at}.{field}");
        self.read.push(QueueSummary {
            logged_in: raw.logged_in.count(&field("loggedIn"), notes),
            available: raw.available.count(&field("available"), notes),
            callers: raw.callers.count(&field("callers"), notes),
            hold_time_secs: raw.hold_time.count(&field("holdTime"), notes),
            talk_time_secs: raw.talk_time.count(&field("talkTime"), notes),
            longest_hold_time_secs: raw.longest_hold_time.count(&field("longestHoldTime"), notes),
            date_received: raw.date_received.filled(),
            queue,
        });
    }
}

/// `campaignstatus` of all as it is read.
#[derive(Default)]
struct Campaigns {
    read: Vec<CampaignStatus>,
    strange: bool,
    notes: Notes,
}

impl Taker for Campaigns {
    type Raw<'a> = RawStatus<'a>;

    fn take(&mut self, at: At<'_>, element: Element<RawStatus<'_>>) {
        match told_apart(element) {
            Status::Campaign(raw) => self.read.push(campaign(raw, at, &mut self.notes)),
            // Not asked for, and no harm.
            Status::Agent(_) => {}
            Status::Odd(why) => {
                self.strange = true;
                self.notes.note(&at, why);
            }
        }
    }
}

/// `campaignstatus` of one as it is read.
#[derive(Default)]
struct Agents<'b> {
    found: CampaignAgents,
    notes: Notes,
    /// Who stood at this place before: nearly all of their texts are what they were.
    before: Option<&'b AgentStatus>,
}

impl Taker for Agents<'_> {
    type Raw<'a> = RawStatus<'a>;

    fn take(&mut self, at: At<'_>, element: Element<RawStatus<'_>>) {
        match told_apart(element) {
            Status::Campaign(raw) => self.found.campaign = Some(campaign(raw, at, &mut self.notes)),
            Status::Agent(raw) => self.found.agents.push(agent(raw, at, &mut self.notes, self.before)),
            Status::Odd(why) => self.notes.note(&at, why),
        }
    }
}

enum Status<'a> {
    Campaign(RawStatus<'a>),
    Agent(RawStatus<'a>),
    Odd(&'static str),
}

/// By content, never by key: a campaign may be called like an interface.
fn told_apart(element: Element<RawStatus<'_>>) -> Status<'_> {
    match element {
        Element::Is(raw) if raw.location.holds() => Status::Agent(raw),
        Element::Is(raw) if raw.campaign.holds() => Status::Campaign(raw),
        Element::Is(_) => Status::Odd("neither a campaign nor an agent"),
        Element::Odd(kind) => Status::Odd(kind),
    }
}

fn campaign(raw: RawStatus<'_>, path: At<'_>, notes: &mut Notes) -> CampaignStatus {
    let at = |field: &'static str| move || format!("{path}.{field}");
    CampaignStatus {
        availables: raw.availables.count(&at("availables"), notes),
        not_availables: raw.notavailables.count(&at("notavailables"), notes),
        paused: raw.paused.count(&at("paused"), notes),
        busy: raw.busy.count(&at("busy"), notes),
        busy_paused: raw.busypaused.count(&at("busypaused"), notes),
        total_agents: raw.totalagents.count(&at("totalagents"), notes),
        logged: raw.logged.count(&at("logged"), notes),
        on_wrapup: raw.onwrapup.count(&at("onwrapup"), notes),
        completed: raw.completed.count(&at("completed"), notes),
        abandoned: raw.abandoned.count(&at("abandoned"), notes),
        total_calls: raw.totalcalls.count(&at("totalcalls"), notes),
        waiting: raw.acd.count(&at("acd"), notes),
        average_talk_secs: average(&raw.talked),
        average_hold_secs: average(&raw.hold),
        abandoned_level: raw.abandonedlevel.percent(&at("abandonedlevel"), notes),
        service_level: raw.servicelevel.percent(&at("servicelevel"), notes),
        service_level2: raw.servicelevel2.percent(&at("servicelevel2"), notes),
        strategy: raw.strategy.filled(),
        service_level_threshold_secs: raw.slevelthreshold.count(&at("slevelthreshold"), notes),
        wrapup_secs: raw.wrapup.count(&at("wrapup"), notes),
        campaign: raw.campaign.filled().unwrap_or_default(),
    }
}

fn agent(raw: RawStatus<'_>, path: At<'_>, notes: &mut Notes, before: Option<&AgentStatus>) -> AgentStatus {
    let at = |field: &'static str| move || format!("{path}.{field}");
    let state_secs = raw.server.filled().and_then(|text| {
        let secs = clock_secs(&text);
        if secs.is_none() {
            notes.note(&at("server")(), "not a clock");
        }
        secs
    });
    AgentStatus {
        name: raw.name.shared(before.and_then(|before| before.name.as_ref())),
        penalty: raw.penalty.int(&at("penalty"), notes),
        calls_taken: raw.calls_taken.count(&at("callsTaken"), notes),
        last_call_epoch_secs: raw.last_call.long(&at("lastCall"), notes).filter(|at| *at > 0),
        status: raw.status.int(&at("status"), notes),
        paused: raw.paused.flag(&at("paused"), notes),
        paused_reason: raw.pausedreason.0.map(Into::into),
        in_call: raw.incall.flag(&at("incall"), notes),
        date_received: raw.date_received.shared(before.and_then(|before| before.date_received.as_ref())),
        state_secs,
        location: raw.location.shared(before.map(|before| &before.location)).unwrap_or_default(),
    }
}

/// `HH:MM:SS-N`: the clock is sure, N most likely repeats it.
fn average(text: &Text<'_>) -> Option<u32> {
    let text = text.0.as_deref()?.trim();
    let clock = text.split_once('-').map_or(text, |(clock, _)| clock);
    clock_secs(clock).and_then(|secs| u32::try_from(secs).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn queues_are_read_and_the_vendor_s_own_element_is_left() {
        let body = br#"[
          {"queue":"Soporte\u003c-","loggedIn":4,"available":"2","callers":3,"holdTime":12,"talkTime":"180","longestHoldTime":45,"dateReceived":"Nov 2, 2018 11:31:42 AM","new":{}},
          {"queue":"Ventas-\u003e","loggedIn":null,"available":-1},
          7,
          {"eventList":[],"listItems":[]}
        ]"#;
        let reply = parse_queue_summary(body).unwrap();
        assert_eq!(reply.value.len(), 2);
        let first = &reply.value[0];
        assert_eq!(first.queue, "Soporte<-");
        assert_eq!((first.available, first.talk_time_secs), (Some(2), Some(180)));
        let second = &reply.value[1];
        assert_eq!((second.queue.as_str(), second.logged_in, second.available), ("Ventas->", None, None));
        assert_eq!(reply.dropped, ["[1].available: out of range", "[2]: a number"]);
    }

    #[test]
    fn campaigns_and_agents_are_told_apart_by_what_they_hold() {
        let body = br#"{
          "SIP/1010":{"campaign":"SIP/1010","strategy":"rrmemory","availables":1,"servicelevel":"61,5","slevelthreshold":"20","hold":"00:00:41-41","talked":"01:02:03-3723"},
          "Ventas-\u003e":{"queue":"SIP/1010","location":"SIP/1011","name":"lucia","status":"2","paused":"1","pausedreason":"[\"Ba\u00f1o\", \"\"]","incall":0,"callsTaken":"9","lastCall":0,"dateReceived":"Nov 2, 2018, 11:31:42\u202fAM","server":"31:10:12"},
          "PJSIP/7":{"location":"PJSIP/7","status":[1],"server":"soon","pausedreason":"[]","paused":0},
          "odd":"text", "empty":{}
        }"#;
        let reply = parse_campaign_agents(body).unwrap();
        let campaign = reply.value.campaign.unwrap();
        assert_eq!(campaign.service_level, Some(61.5));
        assert_eq!((campaign.average_hold_secs, campaign.average_talk_secs), (Some(41), Some(3723)));
        let lucia = &reply.value.agents[0];
        assert_eq!((lucia.status, lucia.paused, lucia.in_call), (Some(2), Some(true), Some(false)));
        assert_eq!(lucia.paused_reason.as_deref(), Some("Ba\u{f1}o"));
        assert_eq!((lucia.state_secs, lucia.last_call_epoch_secs), (Some(112_212), None));
        assert_eq!(lucia.state_began().unwrap().to_string(), "2018-11-02 11:31:42");
        let other = &reply.value.agents[1];
        assert_eq!((other.status, other.state_secs, other.paused_reason.as_deref()), (None, None, None));
        assert_eq!(reply.dropped_count, 4, "{:?}", reply.dropped);
    }

    #[test]
    fn nothing_about_a_campaign_is_a_failure_and_not_an_empty_room() {
        for body in ["{}", "0", "\"0\"", "[]", "null", "", r#"{"error":"NullPointerException"}"#] {
            assert!(parse_campaign_agents(body.as_bytes()).is_err(), "{body}");
        }
        let nobody = parse_campaign_agents(br#"{"x":{"campaign":"x","logged":0}}"#).unwrap();
        assert_eq!((nobody.value.agents.len(), nobody.value.campaign.is_some()), (0, true));
        assert_eq!(parse_campaigns(b"0").unwrap_err().kind, ErrorKind::Refused);
        assert_eq!(parse_campaigns(b"{\"a\":").unwrap_err().kind, ErrorKind::Malformed);
        assert_eq!(parse_campaigns(b"<html>").unwrap_err().kind, ErrorKind::NotClassic);
    }

    proptest::proptest! {
        #[test]
        fn nothing_a_server_sends_panics(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = parse_queue_summary(&body);
            let _ = parse_campaigns(&body);
            let _ = parse_campaign_agents(&body);
        }

        #[test]
        fn any_value_in_any_field_costs_only_itself(value in "[-+0-9a-z\"\\[\\]{}:,. ]{0,12}") {
            let text = serde_json::to_string(&value).unwrap();
            let body = format!(
                r#"{{"A":{{"campaign":"A","strategy":"x","availables":{text},"servicelevel":{text},"hold":{text},"completed":5}}}}"#
            );
            let reply = parse_campaigns(body.as_bytes()).unwrap();
            proptest::prop_assert_eq!(reply.value[0].completed, Some(5));
        }
    }
}

//! Calls placed for somebody and cut for somebody.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::answers::Yes;
use super::flaw::Flaws;
use super::{Fields, Form};
use crate::endpoint::{AGENT_CALL, AGENT_CALL_WITH_DATA, Endpoint, HANGUP_PHONE};

/// Longest JSON for a flow, characters.
const LONGEST_DATA: usize = 20_000;
const LONGEST_FORM: usize = 2_000;

/// `Agents/AgentCall`: rings the agent first, and the destination once the agent has answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentCall {
    /// The number it goes out under; may be empty.
    pub callerid: String,
    /// The agent's user name.
    pub agent: String,
    /// The agent's extension, without what kind of telephone it is.
    pub phone: String,
    /// Which kind: `SIP`, mostly.
    pub tech: String,
    /// The agent's context in the telephony; may be empty.
    pub context: String,
    /// The outbound campaign that counts the call.
    pub outqueue: String,
    /// Who is called: a number, or a code with `*` and `#`.
    pub destination: String,
}

/// `Agents/AgentCallwithData`: the same, with data for the flow and a form to open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentCallWithData {
    /// The call.
    pub call: AgentCall,
    /// JSON; may be empty.
    pub data: String,
    /// Name of a form, or an address to open; may be empty.
    pub form: String,
}

/// `Agents/HangupPhone`: cuts the call an extension is in, whoever it is with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HangUp {
    /// The extension, without what kind of telephone it is.
    pub phone: String,
}

impl Form for AgentCall {
    fn endpoint(&self) -> Endpoint {
        AGENT_CALL
    }

    fn yes(&self) -> Yes {
        Yes::Guid
    }

    fn target(&self) -> String {
        self.destination.clone()
    }

    fn fields(&self) -> Fields {
        vec![
            ("callerid", self.callerid.clone()),
            ("agent", self.agent.clone()),
            ("phone", self.phone.clone()),
            ("tech", self.tech.clone()),
            ("context", self.context.clone()),
            ("outqueue", self.outqueue.clone()),
            ("destination", self.destination.clone()),
        ]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.number_or_none("callerid", &self.callerid);
        flaws.name("agent", &self.agent);
        flaws.extension("phone", &self.phone);
        flaws.tech("tech", &self.tech);
        flaws.name_or_none("context", &self.context);
        flaws.name("outqueue", &self.outqueue);
        flaws.dialled("destination", &self.destination);
    }
}

impl Form for AgentCallWithData {
    fn endpoint(&self) -> Endpoint {
        AGENT_CALL_WITH_DATA
    }

    fn yes(&self) -> Yes {
        Yes::Guid
    }

    fn target(&self) -> String {
        self.call.target()
    }

    fn fields(&self) -> Fields {
        let mut fields = self.call.fields();
        fields.extend([("data", self.data.clone()), ("form", self.form.clone())]);
        fields
    }

    fn check(&self, flaws: &mut Flaws) {
        self.call.check(flaws);
        flaws.json_or_none("data", &self.data, LONGEST_DATA);
        flaws.line("form", &self.form, LONGEST_FORM);
    }
}

impl Form for HangUp {
    fn endpoint(&self) -> Endpoint {
        HANGUP_PHONE
    }

    fn target(&self) -> String {
        self.phone.clone()
    }

    fn fields(&self) -> Fields {
        vec![("phone", self.phone.clone())]
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.extension("phone", &self.phone);
    }
}

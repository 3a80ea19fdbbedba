//! Every operation the vendor documents, typed: what is sent, what cannot be right about it, and what its answer means.
//!
//! The vendor names e-mail and the scheduling of messages without an address or parameters: there are none here. Left out
//! on purpose: sending (`client`), asking a person first, the trail of what was sent, and words for people.

mod answers;
mod base;
mod blacklist;
mod calling;
mod dialer;
mod flaw;
mod marking;
mod messages;
mod parameters;
mod people;
mod sms_length;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::endpoint::{Endpoint, SEND_SMS};
use crate::error::Error;

pub use answers::Answer;
pub use base::{BaseRow, BaseRows, SmsRow, SmsRows, UploadBase, UploadSmsBase};
pub use blacklist::{Blacklist, BlacklistChange, BlacklistNumber, BlacklistNumbers};
pub use calling::{AgentCall, AgentCallWithData, HangUp};
pub use dialer::{RemoveContact, Respool, ScheduleCall, Task, TaskMode, Unschedule};
pub use flaw::Flaw;
pub use marking::{Disposition, Tag};
pub use messages::SendSms;
pub use parameters::{Alternatives, Parameters};
pub use people::{AddMembers, Member};
pub use sms_length::{SmsAlphabet, SmsLength};

use answers::Yes;
use flaw::Flaws;

/// Names and values of a form, in the vendor's order.
pub type Fields = Vec<(&'static str, String)>;

/// Something that changes the contact centre. The window asks for most of them as they are, and they are kept as they came;
/// bases are made of a person's file, tags and tipificaciones of the call at hand: those are no JSON, in neither direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "operation", rename_all = "camelCase")]
pub enum Operation {
    /// Places a call for an agent.
    AgentCall(AgentCall),
    /// The same, with data and a form.
    AgentCallWithData(AgentCallWithData),
    /// Cuts an extension's call.
    HangUp(HangUp),
    /// Adds people to a campaign.
    AddMembers(AddMembers),
    /// Puts numbers on the blacklist, or takes them off it.
    Blacklist(Blacklist),
    /// Puts a contact of a base back.
    Respool(Respool),
    /// Schedules a call.
    ScheduleCall(ScheduleCall),
    /// Gives a call to a dialer.
    Task(Task),
    /// Takes a number out of a dialer.
    RemoveContact(RemoveContact),
    /// Takes back what is scheduled for a number.
    Unschedule(Unschedule),
    /// Uploads a base of calls.
    #[serde(skip)]
    #[ts(skip)]
    UploadBase(UploadBase),
    /// Uploads a base of messages.
    #[serde(skip)]
    #[ts(skip)]
    UploadSmsBase(UploadSmsBase),
    /// Sends a message.
    SendSms(SendSms),
    /// Tags a call.
    #[serde(skip)]
    #[ts(skip)]
    Tag(Tag),
    /// Writes a call's tipificación.
    #[serde(skip)]
    #[ts(skip)]
    Disposition(Disposition),
}

/// What each operation says of itself.
trait Form {
    fn endpoint(&self) -> Endpoint;

    /// Which answer says yes.
    fn yes(&self) -> Yes {
        Yes::One
    }

    fn name(&self) -> &'static str {
        let path = self.endpoint().path;
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    fn target(&self) -> String;

    fn fields(&self) -> Fields;

    /// What the trail keeps: what is sent, unless that is megabytes.
    fn summary(&self) -> Fields {
        self.fields()
    }

    fn check(&self, flaws: &mut Flaws);
}

impl Operation {
    fn form(&self) -> &dyn Form {
        match self {
            Self::AgentCall(form) => form,
            Self::AgentCallWithData(form) => form,
            Self::HangUp(form) => form,
            Self::AddMembers(form) => form,
            Self::Blacklist(form) => form,
            Self::Respool(form) => form,
            Self::ScheduleCall(form) => form,
            Self::Task(form) => form,
            Self::RemoveContact(form) => form,
            Self::Unschedule(form) => form,
            Self::UploadBase(form) => form,
            Self::UploadSmsBase(form) => form,
            Self::SendSms(form) => form,
            Self::Tag(form) => form,
            Self::Disposition(form) => form,
        }
    }

    /// The vendor's name of it, the last part of its path, like `AgentCall`; the base of messages is `SMS/uploadbase`.
    pub fn name(&self) -> &'static str {
        self.form().name()
    }

    /// Where it goes.
    pub fn endpoint(&self) -> Endpoint {
        self.form().endpoint()
    }

    /// Where it goes instead when the server has no such place (404), which did nothing.
    pub(crate) fn older_endpoint(&self) -> Option<Endpoint> {
        matches!(self, Self::SendSms(_)).then_some(SEND_SMS)
    }

    /// What it is about, in one word for the trail: a call, a number, an extension, a campaign; of many how many.
    pub fn target(&self) -> String {
        self.form().target()
    }

    /// What is sent, and what is shown before it is: the same.
    pub fn fields(&self) -> Fields {
        self.form().fields()
    }

    /// What the trail keeps of it: the fields that say something, and of an upload its name, rows and SHA-256 in place of
    /// the file.
    pub fn summary(&self) -> serde_json::Value {
        let fields = self.form().summary().into_iter();
        let said = fields.filter(|(name, value)| *name != "guid" && !value.is_empty());
        serde_json::Value::Object(said.map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// How long its text is, of a message.
    pub fn sms_length(&self) -> Option<SmsLength> {
        match self {
            Self::SendSms(form) => Some(SmsLength::of(&form.message)),
            _ => None,
        }
    }

    /// What cannot be right about it; nothing that cannot leaves this computer.
    pub fn check(&self) -> Vec<Flaw> {
        let mut flaws = Flaws::default();
        self.form().check(&mut flaws);
        flaws.found()
    }

    /// Reads the answer of a 200 from `endpoint`.
    ///
    /// # Errors
    /// `refused` with the server's words; where it says neither yes nor no, what [`Error::may_have_arrived`] calls unknown.
    pub(crate) fn read(&self, body: &[u8], endpoint: Endpoint) -> Result<Answer, Error> {
        answers::read(self.form().yes(), body, endpoint.path)
    }
}

/// Whether a text can be a telephone number: digits, a `+` before them perhaps, and single hyphens between them.
pub fn is_number(text: &str) -> bool {
    flaw::is_number(text)
}

/// Text and figures always become JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;

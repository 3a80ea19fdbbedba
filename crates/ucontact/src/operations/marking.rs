//! What is written to a call: a tag, and its tipificación, which is no innocent edit: the dialer's action of it is run.

use super::answers::Yes;
use super::flaw::Flaws;
use super::{Fields, Form};
use crate::endpoint::{DISPOSITION_CALL, Endpoint, TAG_RECORD};
use crate::recording::checked_guid;

/// Longest tag, characters.
const LONGEST_TAG: usize = 200;
const LONGEST_COMMENT: usize = 2_000;

/// `Agents/TagRecord`. The reply says nothing, so whether it took is found out by searching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tag {
    /// The other party's number.
    pub phone: String,
    /// The call.
    pub guid: String,
    /// The text.
    pub data: String,
}

/// `api/DispositionCall`: a tipificación as it is sent; empty text is sent as such.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disposition {
    /// Campaign with its suffix.
    pub campaign: String,
    /// The agent's user name.
    pub agent: String,
    /// The other party's number.
    pub callerid: String,
    /// The call.
    pub guid: String,
    /// Levels 1 to 3; the first is required.
    pub levels: [String; 3],
    /// Further data, twice.
    pub data: [String; 2],
    /// Comment.
    pub comment: String,
    /// When to call again, `yyyy-MM-dd HH:mm:ss`; the server minds it when the combination's action is to reschedule.
    pub schedule: String,
    /// Another dialer to call again with.
    pub reschedule_campaign: String,
    /// Tag; empty is the server's own, of the levels.
    pub tag: String,
}

fn guid(flaws: &mut Flaws, guid: &str) {
    if guid.is_empty() {
        flaws.add("guid", "empty");
    } else if checked_guid(guid).is_err() {
        flaws.add("guid", "notAGuid");
    }
}

impl Form for Tag {
    fn endpoint(&self) -> Endpoint {
        TAG_RECORD
    }

    fn yes(&self) -> Yes {
        Yes::Nothing
    }

    fn target(&self) -> String {
        self.guid.clone()
    }

    fn fields(&self) -> Fields {
        vec![("phone", self.phone.clone()), ("guid", self.guid.clone()), ("data", self.data.clone())]
    }

    fn check(&self, flaws: &mut Flaws) {
        // As the record has it, whatever that is: `anonymous`, a name.
        flaws.name_or_none("phone", &self.phone);
        guid(flaws, &self.guid);
        flaws.text("data", &self.data, LONGEST_TAG);
    }
}

impl Form for Disposition {
    fn endpoint(&self) -> Endpoint {
        DISPOSITION_CALL
    }

    fn yes(&self) -> Yes {
        Yes::OneOrWords
    }

    fn target(&self) -> String {
        self.guid.clone()
    }

    fn fields(&self) -> Fields {
        [
            ("campaign", &self.campaign),
            ("agent", &self.agent),
            ("callerid", &self.callerid),
            ("guid", &self.guid),
            ("l1", &self.levels[0]),
            ("l2", &self.levels[1]),
            ("l3", &self.levels[2]),
            ("d1", &self.data[0]),
            ("d2", &self.data[1]),
            ("comment", &self.comment),
            ("schedule", &self.schedule),
            ("camptoreschedule", &self.reschedule_campaign),
            ("tag", &self.tag),
        ]
        .map(|(name, value)| (name, value.clone()))
        .to_vec()
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("campaign", &self.campaign);
        flaws.name("agent", &self.agent);
        // As the record has it.
        flaws.name("callerid", &self.callerid);
        guid(flaws, &self.guid);
        flaws.name("l1", &self.levels[0]);
        for (field, text) in [
            ("l2", &self.levels[1]),
            ("l3", &self.levels[2]),
            ("d1", &self.data[0]),
            ("d2", &self.data[1]),
            ("camptoreschedule", &self.reschedule_campaign),
        ] {
            flaws.name_or_none(field, text);
        }
        flaws.text_or_none("comment", &self.comment, LONGEST_COMMENT);
        flaws.date_or_none("schedule", &self.schedule);
        flaws.text_or_none("tag", &self.tag, LONGEST_TAG);
    }
}

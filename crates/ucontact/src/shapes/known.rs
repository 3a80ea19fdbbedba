//! What servers were seen to answer so far: the fields of each kind of element, and the forms their values stand in.
//!
//! Left out: how they are read (`live`, `cdr`, `login`). What is not here is told first in a record of shapes.

use serde_json::Value;

use super::form::{DATE, form_of};

/// What a field is, and so in which forms it is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Is {
    Number,
    /// Also below zero.
    Signed,
    Percent,
    Text,
    Clock,
    Average,
    Date,
    Guid,
    Interface,
    List,
    /// In every sample nothing.
    Nothing,
    /// A word, or a number, out of few.
    OneOf(&'static [&'static str]),
}

/// A value that is one of a field's few.
const AMONG: &str = "one of the known";
/// A value that is not.
const ANOTHER: &str = "one never seen";

impl Is {
    /// The name of the form a value stands in.
    pub(super) fn form(self, value: &Value) -> &'static str {
        let Self::OneOf(known) = self else { return form_of(value) };
        let among = match value {
            Value::String(text) => known.contains(&text.as_str()),
            Value::Number(number) => known.contains(&number.to_string().as_str()),
            _ => return form_of(value),
        };
        if among { AMONG } else { ANOTHER }
    }

    /// Whether that form was seen before.
    pub(super) fn knows(self, form: &str) -> bool {
        let nothing = matches!(form, "null" | "empty text");
        match self {
            Self::Number => nothing || matches!(form, "whole number" | "number as text"),
            Self::Signed => {
                nothing
                    || matches!(
                        form,
                        "whole number" | "number as text" | "negative number" | "negative number as text"
                    )
            }
            Self::Percent => {
                nothing || matches!(form, "whole number" | "number as text" | "fraction" | "fraction as text")
            }
            // A person may be named like anything; a list or an object is none.
            Self::Text => !matches!(
                form,
                "true or false"
                    | "whole number"
                    | "negative number"
                    | "fraction"
                    | "list"
                    | "empty list"
                    | "object"
            ),
            Self::Clock => nothing || form == "clock",
            Self::Average => nothing || form == "clock with seconds",
            Self::Date => nothing || (form.starts_with(DATE) && !form.contains("n/n")),
            Self::Guid => nothing || form == "guid",
            Self::Interface => form.starts_with("interface "),
            Self::List => nothing || matches!(form, "list" | "empty list"),
            Self::Nothing => nothing,
            Self::OneOf(_) => nothing || form == AMONG,
        }
    }
}

/// A kind of element, and its fields.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) fields: &'static [(&'static str, Is)],
}

impl Kind {
    pub(super) fn field(&self, name: &str) -> Option<Is> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, is)| *is)
    }
}

pub(super) const QUEUE: Kind = Kind {
    name: "queue",
    fields: &[
        ("queue", Is::Text),
        ("loggedIn", Is::Number),
        ("available", Is::Number),
        ("callers", Is::Number),
        ("holdTime", Is::Number),
        ("talkTime", Is::Number),
        ("longestHoldTime", Is::Number),
        ("dateReceived", Is::Date),
        ("eventList", Is::List),
        ("listItems", Is::List),
    ],
};

const STRATEGIES: Is = Is::OneOf(&[
    "ringall",
    "leastrecent",
    "fewestcalls",
    "random",
    "rrmemory",
    "rrordered",
    "linear",
    "wrandom",
]);

pub(super) const CAMPAIGN: Kind = Kind {
    name: "campaign",
    fields: &[
        ("campaign", Is::Text),
        ("availables", Is::Number),
        ("notavailables", Is::Number),
        ("paused", Is::Number),
        ("busy", Is::Number),
        ("busypaused", Is::Number),
        ("totalagents", Is::Number),
        ("logged", Is::Number),
        ("onwrapup", Is::Number),
        ("completed", Is::Number),
        ("abandoned", Is::Number),
        ("totalcalls", Is::Number),
        ("acd", Is::Number),
        ("talked", Is::Average),
        ("hold", Is::Average),
        ("abandonedlevel", Is::Percent),
        ("servicelevel", Is::Percent),
        ("servicelevel2", Is::Percent),
        ("strategy", STRATEGIES),
        ("slevelthreshold", Is::Number),
        ("wrapup", Is::Number),
    ],
};

const STATUSES: Is = Is::OneOf(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);

pub(super) const AGENT: Kind = Kind {
    name: "agent",
    fields: &[
        ("queue", Is::Text),
        ("location", Is::Interface),
        ("stateinterface", Is::Interface),
        ("name", Is::Text),
        ("penalty", Is::Number),
        ("callsTaken", Is::Number),
        ("lastCall", Is::Number),
        ("status", STATUSES),
        ("paused", Is::Number),
        ("pausedreason", Is::Text),
        ("incall", Is::Number),
        ("dateReceived", Is::Date),
        ("server", Is::Clock),
    ],
};

const DISPOSITIONS: Is = Is::OneOf(&["ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"]);
const DIRECTIONS: Is = Is::OneOf(&["inbound", "outbound"]);

pub(super) const CALL: Kind = Kind {
    name: "leg",
    fields: &[
        ("id", Is::Number),
        ("calldate", Is::Date),
        ("finishtime", Is::Date),
        ("guid", Is::Guid),
        ("src", Is::Text),
        ("dst", Is::Text),
        ("peeraccount", Is::Text),
        ("duration", Is::Number),
        ("billsec", Is::Number),
        ("disposition", DISPOSITIONS),
        ("causecode", Is::Number),
        ("campaign", Is::Text),
        ("direction", DIRECTIONS),
        ("rating", Is::Number),
        ("clid", Is::Text),
        ("type", Is::OneOf(&["record"])),
        ("uniqueid", Is::Text),
        ("linkedid", Is::Text),
        ("channel", Is::Text),
        ("dstchannel", Is::Text),
        ("carrier", Is::Text),
        ("accountcode", Is::Text),
        ("dcontext", Is::Text),
        ("lastapp", Is::Text),
        ("lastdata", Is::Text),
        ("amaflags", Is::Number),
        ("sequence", Is::Number),
        ("quality", Is::Signed),
        ("note", Is::Nothing),
        ("contact", Is::Nothing),
        ("userfield", Is::Nothing),
        ("charged_balance", Is::Nothing),
        ("real_balance", Is::Nothing),
        ("dialerbase", Is::Nothing),
        ("parandvalues", Is::Nothing),
        ("alternatives", Is::Nothing),
    ],
};

/// The supervisor's own phone in the older login.
pub(super) const PHONE: Kind = Kind {
    name: "phone",
    fields: &[
        ("md5secret", Is::Text),
        ("secret", Is::Text),
        ("host", Is::Text),
        ("callerid", Is::Text),
        ("context", Is::Text),
        ("accountcode", Is::Text),
        ("name", Is::Text),
    ],
};

/// Types of contents that answers were seen under.
pub(super) const CONTENT_TYPES: [&str; 9] = [
    "text/plain",
    "text/html",
    "application/json",
    "text/json",
    "application/octet-stream",
    "audio/mpeg",
    "audio/x-gsm",
    "audio/gsm",
    "audio/wav",
];

//! Numbers that are not to be called, and those that may be again. The API cannot list them.
//!
//! The vendor does not name the form's field: `params: the object`. What it is called here stands in one place.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::flaw::Flaws;
use super::{Fields, Form, json};
use crate::endpoint::{ADD_BLACK, ADD_BLACK_BULK, DELETE_BLACK, DELETE_BLACK_BULK, Endpoint};

/// The field that holds the object, or the list of them.
const FIELD: &str = "blacklist";
/// Most numbers in one request.
const MOST: usize = 10_000;

/// `admin/addblack`, `admin/deleteblack`, and of many `…bulk`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Blacklist {
    /// Which way.
    pub change: BlacklistChange,
    /// Which numbers.
    pub numbers: BlacklistNumbers,
}

/// Onto the list or off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BlacklistChange {
    /// Onto it.
    Add,
    /// Off it.
    Remove,
}

/// One number, or a list of them: they go to different places of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BlacklistNumbers {
    /// One.
    One(BlacklistNumber),
    /// Many, in one request.
    Many(Vec<BlacklistNumber>),
}

/// A number and what is known of whose it is; all but the number may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct BlacklistNumber {
    /// The number.
    pub phone: String,
    /// The campaign it is not to be called by.
    pub campaign: String,
    /// Who asks.
    pub username: String,
    /// Their company.
    pub company: String,
    /// What they do there.
    pub job_title: String,
    /// Their name.
    pub name: String,
}

impl Blacklist {
    fn numbers(&self) -> &[BlacklistNumber] {
        match &self.numbers {
            BlacklistNumbers::One(one) => std::slice::from_ref(one),
            BlacklistNumbers::Many(many) => many,
        }
    }
}

impl Form for Blacklist {
    fn endpoint(&self) -> Endpoint {
        match (self.change, &self.numbers) {
            (BlacklistChange::Add, BlacklistNumbers::One(_)) => ADD_BLACK,
            (BlacklistChange::Add, BlacklistNumbers::Many(_)) => ADD_BLACK_BULK,
            (BlacklistChange::Remove, BlacklistNumbers::One(_)) => DELETE_BLACK,
            (BlacklistChange::Remove, BlacklistNumbers::Many(_)) => DELETE_BLACK_BULK,
        }
    }

    fn target(&self) -> String {
        match self.numbers() {
            [one] => one.phone.clone(),
            many => many.len().to_string(),
        }
    }

    fn fields(&self) -> Fields {
        let text = match &self.numbers {
            BlacklistNumbers::One(one) => json(one),
            BlacklistNumbers::Many(many) => json(many),
        };
        vec![(FIELD, text)]
    }

    fn check(&self, flaws: &mut Flaws) {
        let numbers = self.numbers();
        if numbers.is_empty() {
            flaws.add("phone", "empty");
        }
        if numbers.len() > MOST {
            flaws.add("phone", "tooMany");
        }
        for (at, number) in numbers.iter().enumerate() {
            if matches!(self.numbers, BlacklistNumbers::Many(_)) {
                flaws.about(at);
            }
            flaws.number("phone", &number.phone);
            for (field, text) in [
                ("campaign", &number.campaign),
                ("username", &number.username),
                ("company", &number.company),
                ("job_title", &number.job_title),
                ("name", &number.name),
            ] {
                flaws.name_or_none(field, text);
            }
        }
        flaws.about_all();
    }
}

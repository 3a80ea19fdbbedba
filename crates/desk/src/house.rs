//! The rules of the house: parts of the settings that a lead of the team publishes, and that every desk goes by unless somebody
//! there wants their own.
//!
//! The settings are what is gone by, whoever's they are. Beside them is kept what is one's own of the parts that are the team's
//! now, so that it comes back. Left out on purpose: how they get about (`teamwork`), and who may publish (its rules).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::settings::{Settings, SettingsParts};
use crate::settings_file::{SettingChange, difference};

/// The settings that can be the team's, each a part by itself.
pub(crate) const PARTS: [&str; 6] = ["rules", "pauseLimits", "teams", "walls", "views", "tagPresets"];

/// What a lead published, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HousePublished {
    /// Who.
    pub by: String,
    /// When, epoch milliseconds by this computer's clock; `None`: the team has not taken it yet.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
}

/// A part of the rules of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HousePart {
    /// The setting.
    pub name: String,
    /// What the team has of it; `None`: nothing.
    pub published: Option<HousePublished>,
    /// This desk goes by the team's.
    pub used: bool,
    /// A change by hand made it one's own in this run of the program: it can be undone.
    pub undoable: bool,
    /// What the team's has otherwise than one's own; empty: nothing, or the team has none.
    pub changes: Vec<SettingChange>,
}

/// The rules of the house at this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HouseTold {
    /// Whoever sits here may publish.
    pub lead: bool,
    /// All parts.
    pub parts: Vec<HousePart>,
}

/// What the team has of a part.
pub(crate) struct Published {
    pub(crate) value: Value,
    pub(crate) told: HousePublished,
}

/// By part.
pub(crate) type AllPublished = BTreeMap<String, Published>;

/// Whose the parts are at this desk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct House {
    /// Parts in which this desk goes by its own, also where the team has some.
    mine: BTreeSet<String>,
    /// One's own of the parts that are the team's now.
    own: BTreeMap<String, Value>,
    /// One's own as it was before a change by hand took its place, in this run of the program.
    #[serde(skip)]
    replaced: BTreeMap<String, Value>,
}

/// A part as it is in the settings.
pub(crate) fn value_of(settings: &Settings, part: &str) -> Value {
    let value = match part {
        "rules" => serde_json::to_value(&settings.rules),
        "pauseLimits" => serde_json::to_value(&settings.pause_limits),
        "teams" => serde_json::to_value(&settings.teams),
        "walls" => Ok(settings.walls.clone()),
        "views" => Ok(settings.views.clone()),
        "tagPresets" => serde_json::to_value(&settings.tag_presets),
        _ => Ok(Value::Null),
    };
    value.unwrap_or_default()
}

/// Whether any part is another.
pub(crate) fn differ(before: &Settings, now: &Settings) -> bool {
    PARTS.iter().any(|part| value_of(before, part) != value_of(now, part))
}

/// The settings with that part in place of theirs, inside its limits; what is wrong with it otherwise.
fn with(settings: &Settings, part: &str, value: &Value) -> Result<Settings, String> {
    let parts = Value::Object([(part.to_owned(), value.clone())].into_iter().collect());
    let parts: SettingsParts = serde_json::from_value(parts).map_err(|error| error.to_string())?;
    Ok(parts.over(settings)?.within_limits())
}

impl House {
    /// Goes by what the team has now, in all parts but those where this desk wants its own. A part that cannot be read here (a
    /// later program wrote it) stays as it is.
    pub(crate) fn follow(&mut self, settings: &mut Settings, published: &AllPublished) {
        let gone: Vec<String> =
            self.own.keys().filter(|part| !published.contains_key(*part)).cloned().collect();
        for part in gone {
            self.give_back(settings, &part);
        }
        for (part, published) in published {
            if !PARTS.contains(&part.as_str()) || self.mine.contains(part) {
                continue;
            }
            match with(settings, part, &published.value) {
                Ok(so) => {
                    self.own.entry(part.clone()).or_insert_with(|| value_of(settings, part));
                    *settings = so;
                }
                Err(error) => tracing::warn!(part, error, "a rule of the house could not be read"),
            }
        }
    }

    /// This desk wants the team's of a part from now on, or its own.
    pub(crate) fn choose(&mut self, settings: &mut Settings, part: &str, team: bool) {
        self.replaced.remove(part);
        if team {
            self.mine.remove(part);
        } else {
            self.mine.insert(part.to_owned());
            self.give_back(settings, part);
        }
    }

    /// Somebody changed settings by hand: what was the team's of them is their own from now on.
    pub(crate) fn changed(&mut self, before: &Settings, now: &Settings) {
        for part in PARTS.iter().filter(|part| value_of(before, part) != value_of(now, part)) {
            if let Some(own) = self.own.remove(*part) {
                self.mine.insert((*part).to_owned());
                self.replaced.insert((*part).to_owned(), own);
            }
        }
    }

    /// All is as before a change by hand: this desk goes by the team's again, and one's own is what it was.
    pub(crate) fn undo(&mut self, settings: &mut Settings, part: &str, published: &AllPublished) {
        let Some(own) = self.replaced.remove(part) else { return };
        self.mine.remove(part);
        self.own.insert(part.to_owned(), own);
        match published.get(part) {
            Some(_) => self.follow(settings, published),
            // The team has none any more.
            None => self.give_back(settings, part),
        }
    }

    /// There is no team any more: all is as it was before it.
    pub(crate) fn leave(&mut self, settings: &mut Settings) {
        for part in PARTS {
            self.give_back(settings, part);
        }
        *self = Self::default();
    }

    fn give_back(&mut self, settings: &mut Settings, part: &str) {
        if let Some(own) = self.own.remove(part)
            && let Ok(so) = with(settings, part, &own)
        {
            *settings = so;
        }
    }

    /// What is one's own of a part, gone by or not.
    pub(crate) fn own(&self, settings: &Settings, part: &str) -> Value {
        self.own.get(part).cloned().unwrap_or_else(|| value_of(settings, part))
    }

    /// As it is told.
    pub(crate) fn told(&self, settings: &Settings, published: &AllPublished, lead: bool) -> HouseTold {
        let parts = PARTS.map(|part| {
            let published = published.get(part);
            let theirs = published.and_then(|published| with(settings, part, &published.value).ok());
            let mut changes = Vec::new();
            if let Some(theirs) = &theirs {
                difference(part, &self.own(settings, part), &value_of(theirs, part), &mut changes);
            }
            HousePart {
                name: part.to_owned(),
                published: published.map(|published| published.told.clone()),
                used: self.own.contains_key(part),
                undoable: self.replaced.contains_key(part),
                changes,
            }
        });
        HouseTold { lead, parts: parts.into() }
    }
}

//! The settings as one file to hand on or to take along, and what such a file would change.
//!
//! Left out on purpose: applying it (`Desk::choose`, with the parts that were shown), passwords and other secrets (they are in
//! no setting), and what belongs to one person or one computer.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::problem::{Problem, problem};
use crate::settings::Settings;

const KIND: &str = "atalaya-settings";
/// Of the file's form; a setting more or less needs no other.
const VERSION: u64 = 1;
/// What belongs to who sits here, to this computer or to one server.
const OWN: [&str; 6] = ["reviewer", "audioDevice", "lookOnly", "ownExtension", "ownContext", "updateChannel"];
/// What only the window knows the meaning of: whether it changes is all there is to say.
const OPAQUE: [&str; 2] = ["floorView", "callsView"];

/// What a file of settings holds, compared with the settings of now; nothing is changed by it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsFound {
    /// Where the file is.
    pub path: String,
    /// When it was made, milliseconds since 1970; `None`: it does not say.
    #[ts(type = "number | null")]
    pub made_ms: Option<i64>,
    /// What would be different.
    pub changes: Vec<SettingChange>,
    /// The settings that would be different, as they would be.
    #[ts(type = "Partial<Settings>")]
    pub parts: Map<String, Value>,
    /// The same as they are now: what takes it back.
    #[ts(type = "Partial<Settings>")]
    pub before: Map<String, Value>,
    /// Settings of another program that this one does not know: they are passed over.
    pub unknown: Vec<String>,
}

/// One thing that would be different. Its name is the setting's, with a part's behind a dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SettingChange {
    /// Another value.
    Value {
        /// Which.
        name: String,
        /// Now.
        #[ts(type = "unknown")]
        before: Value,
        /// Then.
        #[ts(type = "unknown")]
        after: Value,
    },
    /// A list with other things in it, by what they are called.
    List {
        /// Which.
        name: String,
        /// In the file alone.
        added: Vec<String>,
        /// Here alone.
        removed: Vec<String>,
        /// In both, and not the same.
        changed: Vec<String>,
    },
    /// Something that is arranged otherwise, without more to say.
    Whole {
        /// Which.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    kind: String,
    version: u64,
    #[serde(default)]
    made_ms: Option<i64>,
    settings: Map<String, Value>,
}

/// The settings as the text of such a file.
pub(crate) fn written(settings: &Settings, now_ms: i64) -> String {
    let mut all = fields(settings);
    for name in OWN {
        all.remove(name);
    }
    let whole = serde_json::json!({
        "kind": KIND,
        "version": VERSION,
        "program": env!("CARGO_PKG_VERSION"),
        "madeMs": now_ms,
        "settings": all,
    });
    format!("{whole:#}\n")
}

/// What the text of such a file would change.
///
/// # Errors
/// `settingsFileOther`: it is none; `settingsFileBroken`: it cannot be read, and where; `settingsFileNewer`: of a newer program;
/// `settingsFileValue`: which setting has a value that is none.
pub(crate) fn compared(text: &str, path: &str, now: &Settings) -> Result<SettingsFound, Problem> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line().to_string(), error.column().to_string());
        problem("settingsFileBroken", [("line", line), ("column", column)], false)
    })?;
    let other = || problem("settingsFileOther", [], false);
    if value["kind"] != KIND {
        return Err(other());
    }
    if value["version"].as_u64().is_none_or(|version| version > VERSION) {
        return Err(problem("settingsFileNewer", [], false));
    }
    let kept: Kept = serde_json::from_value(value).map_err(|_| other())?;
    debug_assert!(kept.kind == KIND && kept.version <= VERSION);
    let here = fields(now);
    let (mut wanted, mut unknown) = (here.clone(), Vec::new());
    for (name, value) in kept.settings {
        if OWN.contains(&name.as_str()) {
            continue;
        }
        if !here.contains_key(&name) {
            unknown.push(name);
            continue;
        }
        wanted.insert(name.clone(), value);
        // One after the other, so that it can be said which.
        if let Err(error) = serde_json::from_value::<Settings>(Value::Object(wanted.clone())) {
            let params = [("name", name), ("detail", error.to_string())];
            return Err(problem("settingsFileValue", params, false));
        }
    }
    let wanted: Settings = serde_json::from_value(Value::Object(wanted)).map_err(|_| other())?;
    let there = fields(&wanted.within_limits());
    let (mut changes, mut parts, mut before) = (Vec::new(), Map::new(), Map::new());
    for (name, after) in there {
        let now = here.get(&name).cloned().unwrap_or_default();
        if now == after {
            continue;
        }
        difference(&name, &now, &after, &mut changes);
        before.insert(name.clone(), now);
        parts.insert(name, after);
    }
    Ok(SettingsFound { path: path.to_owned(), made_ms: kept.made_ms, changes, parts, before, unknown })
}

fn fields(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A list, also one that is kept together with what is chosen of it; nothing at all is an empty one.
fn list(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(list) => Some(list),
        Value::Object(object) => object.get("list").and_then(Value::as_array).map(Vec::as_slice),
        _ => None,
    }
}

/// What of a setting would be another.
pub(crate) fn difference(name: &str, before: &Value, after: &Value, into: &mut Vec<SettingChange>) {
    if before == after {
        return;
    }
    let name = name.to_owned();
    if OPAQUE.contains(&name.as_str()) {
        return into.push(SettingChange::Whole { name });
    }
    match (list(before), list(after)) {
        (Some(before), Some(after)) => into.push(lists(name, before, after)),
        (None, Some(after)) if before.is_null() => into.push(lists(name, &[], after)),
        (Some(before), None) if after.is_null() => into.push(lists(name, before, &[])),
        _ => match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
                for part in names {
                    let of = |all: &Map<String, Value>| all.get(part).cloned().unwrap_or_default();
                    difference(&format!("{name}.{part}"), &of(before), &of(after), into);
                }
            }
            _ => into.push(SettingChange::Value { name, before: before.clone(), after: after.clone() }),
        },
    }
}

fn lists(name: String, before: &[Value], after: &[Value]) -> SettingChange {
    let find = |all: &[Value], one: &Value| all.iter().find(|other| same(other, one)).cloned();
    let only = |these: &[Value], those: &[Value]| -> Vec<Value> {
        these.iter().filter(|one| find(those, one).is_none()).cloned().collect()
    };
    let differs = |one: &&Value| find(after, one).is_some_and(|then| then != **one);
    let changed: Vec<_> = before.iter().filter(differs).map(called).collect();
    let added: Vec<_> = only(after, before).iter().map(called).collect();
    let removed: Vec<_> = only(before, after).iter().map(called).collect();
    // The same things in another order.
    if changed.is_empty() && added.is_empty() && removed.is_empty() {
        return SettingChange::Whole { name };
    }
    SettingChange::List { name, added, removed, changed }
}

/// What makes a thing of a list the same thing.
fn same(one: &Value, other: &Value) -> bool {
    match ["id", "reason", "code", "card"].iter().find(|key| one.get(**key).is_some_and(Value::is_string)) {
        Some(key) => one.get(*key) == other.get(*key),
        None => one == other,
    }
}

/// What a thing of a list is called.
fn called(one: &Value) -> String {
    let by_name = ["name", "measure", "reason", "shown"].iter().find_map(|key| one.get(*key)?.as_str());
    // A share of the reviews is called after its calls.
    let by_calls = || one.pointer("/of/name").or_else(|| one.pointer("/of/kind"))?.as_str();
    // A rule for reviews is called after its card; the one for all has none.
    let by_card = || one.get("card")?.as_str().map(|card| if card.is_empty() { "*" } else { card });
    by_name.or_else(by_calls).or_else(by_card).or(one.as_str()).map_or_else(|| one.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use atalaya_floor::wire::{Measure, Team};
    use serde_json::json;

    use super::*;
    use crate::keys::ChosenKey;
    use crate::settings::{Language, Theme};

    fn team(id: &str, name: &str, members: &[&str]) -> Team {
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        Team { id: id.into(), name: name.into(), members }
    }

    fn chosen() -> Settings {
        let mut settings = Settings {
            language: Some(Language::PtBr),
            theme: Theme::Dark,
            reviewer: "Marta".into(),
            audio_device: Some("Headset".into()),
            look_only: vec!["https://centre.example marta".into()],
            teams: vec![team("a", "Norte", &["ana"]), team("b", "Sur", &[])],
            views: json!({ "list": [{ "id": "v", "name": "Mañana" }], "first": "v" }),
            keys: [("floor.rewind".to_owned(), vec![ChosenKey { code: "KeyH".into(), shown: "H".into() }])]
                .into(),
            ..Settings::default()
        };
        if let Some(rule) = settings.rules.iter_mut().find(|rule| rule.measure == Measure::Waiting) {
            rule.bad = Some(9.0);
        }
        settings.within_limits()
    }

    fn problem_of(text: &str) -> Problem {
        compared(text, "f", &Settings::default()).unwrap_err()
    }

    #[test]
    fn what_is_written_is_read_as_it_was_and_takes_nothing_of_a_person_along() {
        let text = written(&chosen(), 7);
        for own in ["Marta", "Headset", "centre.example"] {
            assert!(!text.contains(own), "{own}");
        }
        let here = Settings { reviewer: "Bruno".into(), ..Settings::default() }.within_limits();
        let found = compared(&text, "f.json", &here).unwrap();
        assert_eq!((found.path.as_str(), found.made_ms), ("f.json", Some(7)));
        assert!(found.unknown.is_empty());
        let parts = serde_json::from_value(Value::Object(found.parts.clone())).unwrap();
        let then = crate::settings::SettingsParts::over(parts, &here).unwrap().within_limits();
        let expected =
            Settings { reviewer: "Bruno".into(), audio_device: None, look_only: vec![], ..chosen() };
        assert_eq!(then, expected);
        // Taken back, it is as it was.
        let before = serde_json::from_value(Value::Object(found.before)).unwrap();
        assert_eq!(crate::settings::SettingsParts::over(before, &then).unwrap(), here);
        // And there is nothing more to take from it.
        let again = compared(&text, "f.json", &then).unwrap();
        assert_eq!((again.changes.len(), again.parts.len()), (0, 0));
    }

    #[test]
    fn every_change_is_told_by_what_it_is_called() {
        let here = Settings {
            teams: vec![team("a", "Norte", &[]), team("c", "Este", &[])],
            floor_view: json!({ "sort": "waiting" }),
            ..Settings::default()
        };
        let found = compared(&written(&chosen(), 7), "f", &here.within_limits()).unwrap();
        let list = |name: &str, added: &[&str], removed: &[&str], changed: &[&str]| {
            let words = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
            SettingChange::List {
                name: name.into(),
                added: words(added),
                removed: words(removed),
                changed: words(changed),
            }
        };
        let value = |name: &str, before: Value, after: Value| SettingChange::Value {
            name: name.into(),
            before,
            after,
        };
        for expected in [
            list("teams", &["Sur"], &["Este"], &["Norte"]),
            list("keys.floor.rewind", &["H"], &[], &[]),
            list("views", &["Mañana"], &[], &[]),
            value("language", Value::Null, json!("pt-BR")),
            value("theme", json!("system"), json!("dark")),
            list("rules", &[], &[], &["waiting"]),
            SettingChange::Whole { name: "floorView".into() },
        ] {
            assert!(found.changes.contains(&expected), "{expected:?} in {:#?}", found.changes);
        }
        assert_eq!(found.changes.len(), 7);
    }

    #[test]
    fn a_bad_file_says_what_is_wrong_with_it() {
        let with = |settings: Value| json!({ "kind": KIND, "version": 1, "settings": settings }).to_string();
        assert_eq!(problem_of("{\n\"kind\": }").code, "settingsFileBroken");
        assert_eq!(problem_of("{\n\"kind\": }").params["line"], "2");
        for other in ["[]", "{}", "{\"kind\":\"atalaya-views\",\"version\":1}", "3"] {
            assert_eq!(problem_of(other).code, "settingsFileOther", "{other}");
        }
        let newer = json!({ "kind": KIND, "version": 2, "settings": {} }).to_string();
        assert_eq!(problem_of(&newer).code, "settingsFileNewer");
        assert_eq!(problem_of(&json!({ "kind": KIND, "version": 1 }).to_string()).code, "settingsFileOther");
        let wrong = problem_of(&with(json!({ "theme": "dark", "pollEverySecs": "often" })));
        assert_eq!(
            (wrong.code.as_str(), wrong.params["name"].as_str()),
            ("settingsFileValue", "pollEverySecs")
        );
        assert!(wrong.params["detail"].contains("often"), "{wrong:?}");
    }

    #[test]
    fn what_another_program_knows_is_passed_over_and_said_and_figures_stay_inside_their_limits() {
        let text = json!({ "kind": KIND, "version": 1, "settings": {
            "fromTheFuture": 1, "pollEverySecs": 900, "reviewer": "Somebody else",
        } });
        let found = compared(&text.to_string(), "f", &Settings::default()).unwrap();
        assert_eq!(found.unknown, ["fromTheFuture"]);
        assert_eq!(found.parts.get("pollEverySecs"), Some(&json!(30)));
        assert_eq!(found.parts.len(), 1, "{:?}", found.parts);
    }
}

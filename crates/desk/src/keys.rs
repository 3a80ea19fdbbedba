//! Keys a person chose in place of the usual ones.
//!
//! Left out on purpose: what there is to be done with a key, its usual keys, and which of them would be in each other's way
//! (the window's one table): here what was chosen is kept within bounds.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

const MOST_ACTIONS: usize = 400;
const MOST_KEYS: usize = 6;
/// Letters of an action's name, and of a key's.
const LONGEST_CODE: usize = 60;
/// Letters of how a key is written for people.
const LONGEST_SHOWN: usize = 20;

/// A key, alone or with others held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChosenKey {
    /// Its place on the keyboard (`KeyboardEvent.code`), `Ctrl+`, `Alt+` and `Shift+` before it when they are held.
    pub code: String,
    /// How it is written for people, on the keyboard it was chosen with.
    pub shown: String,
}

/// The keys of every action that has others than the usual ones, by the action's name; none at all: it has no key.
pub type ChosenKeys = BTreeMap<String, Vec<ChosenKey>>;

/// The same without what is no key, and no key twice for one action.
pub(crate) fn within_limits(chosen: ChosenKeys) -> ChosenKeys {
    let tidy = |keys: Vec<ChosenKey>| {
        let mut known = HashSet::new();
        let written = keys.into_iter().map(|key| ChosenKey {
            code: key.code.trim().to_owned(),
            shown: key.shown.trim().chars().take(LONGEST_SHOWN).collect(),
        });
        let some = |key: &ChosenKey| (1..=LONGEST_CODE).contains(&key.code.len());
        written.filter(some).filter(|key| known.insert(key.code.clone())).take(MOST_KEYS).collect()
    };
    let named = |action: &String| (1..=LONGEST_CODE).contains(&action.len());
    chosen
        .into_iter()
        .filter(|(action, _)| named(action))
        .take(MOST_ACTIONS)
        .map(|(action, keys)| (action, tidy(keys)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: &str, shown: &str) -> ChosenKey {
        ChosenKey { code: code.into(), shown: shown.into() }
    }

    #[test]
    fn what_is_no_key_is_left_out_and_an_action_without_keys_stays_so() {
        let chosen = BTreeMap::from([
            ("floor.rewind".into(), vec![key(" KeyH ", " H "), key("KeyH", "h"), key("", "?")]),
            ("floor.report".into(), vec![]),
            (String::new(), vec![key("KeyA", "A")]),
            ("player.on".into(), vec![key(&"x".repeat(61), "x"), key("KeyB", &"b".repeat(30))]),
        ]);
        let tidy = within_limits(chosen);
        assert_eq!(tidy.len(), 3);
        assert_eq!(tidy["floor.rewind"], [key("KeyH", "H")]);
        assert!(tidy["floor.report"].is_empty());
        assert_eq!(tidy["player.on"], [key("KeyB", &"b".repeat(20))]);
        assert_eq!(within_limits(tidy.clone()), tidy);
    }
}

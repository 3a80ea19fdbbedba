//! What goes wrong, in the one form that crosses to the window: it words it in the person's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why something failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable code; the catalogue has a text for each.
    pub code: String,
    /// Values for the text.
    pub params: BTreeMap<String, String>,
    /// Whether trying again may help without changing anything.
    pub retryable: bool,
}

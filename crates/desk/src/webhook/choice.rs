//! What a person chooses of the messages to a chat. The address is none of it: that is a secret.

use atalaya_webhook::Form;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::Language;

/// Which alerts a chat is told of, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookChoice {
    /// Whether it is told at all.
    pub on: bool,
    /// Who takes the messages.
    pub form: Form,
    /// Amber alerts too, not only red ones.
    pub amber: bool,
    /// Also when somebody sees to an alert.
    pub seen: bool,
    /// Also when an alert is over.
    pub over: bool,
    /// Also in quiet hours.
    pub in_quiet_hours: bool,
    /// Language of the messages; `None`: the window's.
    pub language: Option<Language>,
    /// Whether the contact centre's name is in them.
    pub centre: bool,
}

impl Default for WebhookChoice {
    fn default() -> Self {
        Self {
            on: false,
            form: Form::default(),
            amber: false,
            seen: false,
            over: true,
            in_quiet_hours: false,
            language: None,
            centre: true,
        }
    }
}

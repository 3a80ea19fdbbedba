//! Telling a chat of alerts: what the window asks of it.

use super::Desk;
use crate::problem::Problem;
use crate::webhook::{WebhookAddress, WebhookState, WebhookWords};

impl Desk {
    /// Where messages go, and what became of them.
    pub fn webhook_state(&self) -> WebhookState {
        self.inner.telling.state()
    }

    /// Takes the texts of messages.
    pub fn take_webhook_words(&self, words: WebhookWords) {
        self.inner.telling.take_words(words);
    }

    /// The body of a message of an example, exactly as it would go now.
    ///
    /// # Errors
    /// `webhookNoWords`: no window has given any yet.
    pub fn webhook_preview(&self) -> Result<String, Problem> {
        self.inner.telling.preview(&self.settings(), &self.profile_name())
    }

    /// Takes another address.
    ///
    /// # Errors
    /// `webhookAddress`, `webhookUnencrypted`: nothing is changed.
    pub async fn set_webhook_address(&self, typed: WebhookAddress) -> Result<WebhookState, Problem> {
        self.inner.telling.set_address(&typed.address).await?;
        Ok(self.webhook_state())
    }

    /// Forgets the address.
    pub async fn remove_webhook_address(&self) -> WebhookState {
        self.inner.telling.remove_address().await;
        self.webhook_state()
    }

    /// Sends a trial; what became of it is in the state.
    ///
    /// # Errors
    /// `webhookNowhere`, `webhookNoWords`, the secret store's: nothing was sent.
    pub async fn test_webhook(&self) -> Result<WebhookState, Problem> {
        self.inner.telling.test(&self.settings(), &self.profile_name()).await?;
        Ok(self.webhook_state())
    }

    /// Sends again after it stopped by itself.
    pub fn resume_webhook(&self) -> WebhookState {
        self.inner.telling.resume();
        self.webhook_state()
    }

    fn profile_name(&self) -> String {
        self.session_state().profile.map(|profile| profile.name).unwrap_or_default()
    }
}

//! Asking the store of passwords where nobody waits along: it may wait for the system, and for a person it asks in turn.

use std::sync::Arc;

use atalaya_store::secrets::SecretStore;

use crate::problem::{Problem, from_store, problem};

/// Asks it on a thread of its own.
///
/// # Errors
/// The store's; `secretsRefused` when the asking itself broke, or the program ends.
pub(crate) async fn of_secrets<T: Send + 'static>(
    secrets: &Arc<dyn SecretStore>,
    ask: impl FnOnce(&dyn SecretStore) -> Result<T, atalaya_store::Error> + Send + 'static,
) -> Result<T, Problem> {
    let secrets = Arc::clone(secrets);
    match tokio::task::spawn_blocking(move || ask(secrets.as_ref())).await {
        Ok(answer) => answer.map_err(|error| from_store(&error)),
        Err(error) => Err(problem("secretsRefused", [("detail", error.to_string())], true)),
    }
}

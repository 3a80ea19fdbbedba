//! One file with everything kept on this computer, made and put back.

use std::path::Path;

use atalaya_store::backup::{self, BackupContent};
use atalaya_ucontact::Problem;

use super::{Desk, MIGRATIONS};
use crate::problem::{from_store, problem};

impl Desk {
    /// Writes everything kept on this computer, recordings and passwords aside, into one file.
    ///
    /// # Errors
    /// `storeFolder`, `storeFailed`: the folder or the disk.
    pub fn back_up(&self, to: &Path) -> Result<BackupContent, Problem> {
        let content =
            self.inner.store.back_up(to, &MIGRATIONS).map_err(|error| self.noted(from_store(&error)))?;
        self.trail("backup", &content.path, serde_json::json!({ "bytes": content.bytes }));
        Ok(content)
    }

    /// What a backup holds; changes nothing.
    ///
    /// # Errors
    /// `storeUnreadable`, `storeNewer`: it cannot be put back.
    pub fn look_into_backup(&self, path: &Path) -> Result<BackupContent, Problem> {
        backup::check(path, &MIGRATIONS).map_err(|error| from_store(&error))
    }

    /// Signs out and puts a backup in place of everything kept; gives where what was there before is. The window loads
    /// itself anew after it.
    ///
    /// # Errors
    /// `storeUnreadable`, `storeNewer`, `storeFolder`: then nothing has changed, but the session has ended.
    pub async fn restore(&self, from: &Path) -> Result<String, Problem> {
        self.look_into_backup(from)?;
        self.sign_out().await?;
        let now = chrono::DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default();
        let stamp = now.format("%Y-%m-%d %H-%M-%S").to_string();
        let before = self
            .inner
            .store
            .restore(from, &MIGRATIONS, &stamp)
            .map_err(|error| self.noted(from_store(&error)))?;
        self.read_settings_anew()?;
        let before = before.display().to_string();
        // The window shows it where the person is now: at the sign-in.
        self.publish_session(Some(problem("restored", [("path", before.clone())], false)))?;
        Ok(before)
    }
}

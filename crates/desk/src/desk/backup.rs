//! One file with everything kept on this computer, made and put back.

use std::path::Path;

use atalaya_store::backup::{self, BackupContent};
use atalaya_ucontact::Problem;

use super::{Desk, MIGRATIONS};
use crate::problem::{from_store, problem};

/// Does what takes as long as the disk takes, where nobody else waits for it.
async fn on_the_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, atalaya_store::Error> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| from_store(&error)),
        Err(error) => Err(problem("unexpected", [("detail", error.to_string())], true)),
    }
}

impl Desk {
    /// Writes everything kept on this computer, recordings and passwords aside, into one file.
    ///
    /// # Errors
    /// `storeFolder`, `storeFailed`: the folder or the disk.
    pub async fn back_up(&self, to: &Path) -> Result<BackupContent, Problem> {
        let (store, to) = (self.inner.store.clone(), to.to_owned());
        let content = on_the_disk(move || store.back_up(&to, &MIGRATIONS)).await;
        let content = content.map_err(|problem| self.noted(problem))?;
        self.trail("backup", &content.path, serde_json::json!({ "bytes": content.bytes }));
        Ok(content)
    }

    /// What a backup holds; changes nothing.
    ///
    /// # Errors
    /// `storeUnreadable`, `storeNewer`: it cannot be put back.
    pub async fn look_into_backup(&self, path: &Path) -> Result<BackupContent, Problem> {
        let path = path.to_owned();
        on_the_disk(move || backup::check(&path, &MIGRATIONS)).await
    }

    /// Signs out and puts a backup in place of everything kept; gives where what was there before is. The window loads
    /// itself anew after it.
    ///
    /// # Errors
    /// `storeUnreadable`, `storeNewer`, `storeFolder`: then nothing has changed, but the session has ended.
    pub async fn restore(&self, from: &Path) -> Result<String, Problem> {
        self.look_into_backup(from).await?;
        self.sign_out().await?;
        let now = chrono::DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default();
        let stamp = now.format("%Y-%m-%d %H-%M-%S").to_string();
        let (store, from) = (self.inner.store.clone(), from.to_owned());
        let before = on_the_disk(move || store.restore(&from, &MIGRATIONS, &stamp)).await;
        let before = before.map_err(|problem| self.noted(problem))?;
        // What waited when the backup was made may have been sent since: it is never sent by going on.
        let doubted = atalaya_outreach::batches::doubt_what_waits(&self.inner.store);
        doubted.map_err(|error| self.noted(error.problem()))?;
        self.read_settings_anew()?;
        self.inner.kept_team.tell_kept();
        let before = before.display().to_string();
        // The window shows it where the person is now: at the sign-in.
        self.publish_session(Some(problem("restored", [("path", before.clone())], false)))?;
        Ok(before)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use atalaya_clock::Clock;
    use atalaya_player::OutputChoice;
    use atalaya_store::Paths;
    use atalaya_store::secrets::open_secret_store;

    use super::*;
    use crate::desk::Options;

    #[tokio::test]
    async fn nobody_waits_for_the_disk_of_a_backup() {
        let home = tempfile::tempdir().unwrap();
        let options = Options {
            paths: Paths::below(home.path()),
            secrets: open_secret_store(true),
            output: OutputChoice::None,
            clock: Clock::system(),
            demo: None,
        };
        let desk = Desk::open(options).await.unwrap();
        // Somebody else holds the store, as a slow disk would. One thread for the rest: were the backup to wait on it,
        // nobody would let go.
        let (let_go, held) = mpsc::channel();
        let (holds, holding) = mpsc::channel();
        let store = desk.inner.store.clone();
        let holder = std::thread::spawn(move || {
            let waited = store.with(|_| {
                holds.send(()).unwrap();
                Ok(held.recv_timeout(Duration::from_secs(5)).is_ok())
            });
            waited.unwrap()
        });
        holding.recv().unwrap();
        let letting_go = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let_go.send(()).ok();
        };
        let backup = home.path().join("backup.sqlite");
        let (made, ()) = tokio::join!(desk.back_up(&backup), letting_go);
        made.unwrap();
        assert!(holder.join().unwrap(), "all waited for the disk");
    }
}

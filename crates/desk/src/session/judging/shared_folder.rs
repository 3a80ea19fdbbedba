//! Work on a folder of another computer: off the async workers, one at a time, waited for so long and no longer.
//!
//! A share whose computer is off can hold a read for minutes. It then holds one thread, whoever asks and however often. Left
//! out on purpose: what is read and written.

use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::Tasks;
use atalaya_ucontact::Problem;
use tokio::sync::{Semaphore, oneshot};

use crate::problem::problem;

/// The one turn at a folder; clones are handles to the same.
#[derive(Clone)]
pub(super) struct SharedFolder {
    turn: Arc<Semaphore>,
}

impl Default for SharedFolder {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)) }
    }
}

impl SharedFolder {
    /// Does `work` on a thread where it may block, after what is under way.
    ///
    /// # Errors
    /// The work's; `reviewFile`, worth trying again, when `patience` is over: what was begun goes on by itself.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        tasks: &Tasks,
        patience: Duration,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let worked = async {
            // The work keeps the turn, not whoever waits for it.
            let turn = Arc::clone(&self.turn).acquire_owned().await.ok()?;
            let (tell, told) = oneshot::channel();
            tasks.spawn_blocking(move || {
                // Nobody may be waiting any more.
                let _ = tell.send(work());
                drop(turn);
            });
            told.await.ok()
        };
        match tokio::time::timeout(patience, worked).await {
            Ok(Some(done)) => done,
            Ok(None) => Err(problem("unexpected", [("detail", "shared folder".to_owned())], true)),
            Err(_) => {
                let detail = format!("> {} s", patience.as_secs());
                Err(problem("reviewFile", [("detail", detail)], true))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(30);

    /// One worker: were the work done there, nothing else would go on.
    #[tokio::test(flavor = "current_thread")]
    async fn a_folder_that_hangs_is_given_up_and_holds_one_thread() {
        let (folder, tasks, begun) =
            (SharedFolder::default(), Tasks::default(), Arc::new(AtomicUsize::new(0)));
        let (release, held) = mpsc::channel::<()>();
        let counted = Arc::clone(&begun);
        let hangs = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            held.recv().expect("it is released");
            Ok(1)
        };
        let error = folder.work(&tasks, SHORT, hangs).await.expect_err("it hangs");
        assert_eq!((error.code.as_str(), error.retryable), ("reviewFile", true));
        for _ in 0..3 {
            let counted = Arc::clone(&begun);
            let another = move || Ok(counted.fetch_add(1, Ordering::SeqCst));
            assert!(folder.work(&tasks, SHORT, another).await.is_err(), "it still hangs");
        }
        assert_eq!(begun.load(Ordering::SeqCst), 1, "one thread waits, not four");
        release.send(()).expect("it waits");
        assert_eq!(folder.work(&tasks, LONG, || Ok(3)).await, Ok(3));
    }
}

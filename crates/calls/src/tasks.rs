//! What goes on in the background of one session, all of it ended with the session.
//!
//! Reading ends at once. A write under way is given two seconds: its answer is worth waiting for, and after them nobody
//! knows what became of it. Left out on purpose: what is read and written.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a write under way is given once the session ends.
pub const LAST_WORDS: Duration = Duration::from_secs(2);
/// Longer than that no end of a session waits for what is left of it.
const PATIENCE: Duration = Duration::from_secs(3);

/// The tasks of one session; clones are handles to the same ones. Dropping a handle ends nothing: whoever owns the session
/// says so ([`Tasks::cancel`], [`Tasks::end`]).
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    ending: CancellationToken,
    tracker: TaskTracker,
}

impl Tasks {
    /// Whether the session ends or has ended.
    pub fn ending(&self) -> bool {
        self.ending.is_cancelled()
    }

    /// A token for one work of the session, cancelled with it.
    pub fn token(&self) -> CancellationToken {
        self.ending.child_token()
    }

    /// Runs a task that ends at once with the session.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let ending = self.ending.clone();
        self.tracker.spawn(async move {
            tokio::select! {
                biased;
                () = ending.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Runs a task that ends by itself soon after the token it was given is cancelled, and has something to say then.
    pub fn spawn_until_told(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work);
    }

    /// Runs work on a thread where it may block; it has to look at its token by itself.
    pub fn spawn_blocking(&self, work: impl FnOnce() + Send + 'static) {
        self.tracker.spawn_blocking(work);
    }

    /// Runs a write to its end, whatever becomes of whoever asked for it; `None` when the session ended and the time it was
    /// given is over.
    pub async fn finish<T: Send + 'static>(
        &self,
        write: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let ending = self.ending.clone();
        let under_way = self.tracker.spawn(async move {
            let given_up = async {
                ending.cancelled().await;
                tokio::time::sleep(LAST_WORDS).await;
            };
            tokio::select! {
                biased;
                done = write => Some(done),
                () = given_up => None,
            }
        });
        under_way.await.ok().flatten()
    }

    /// Ends everything, without waiting for it.
    pub fn cancel(&self) {
        self.ending.cancel();
    }

    /// Ends everything and waits for it, some seconds at most.
    pub async fn end(&self) {
        self.cancel();
        self.tracker.close();
        if tokio::time::timeout(PATIENCE, self.tracker.wait()).await.is_err() {
            tracing::warn!(tasks = self.tracker.len(), "work of a session that ended goes on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reading_ends_at_once_and_a_write_is_given_its_time() {
        let tasks = Tasks::default();
        let began = std::time::Instant::now();
        tasks.spawn(std::future::pending());
        let answered = tokio::spawn({
            let tasks = tasks.clone();
            async move { tasks.finish(tokio::time::sleep(Duration::from_millis(100))).await }
        });
        let silent = tokio::spawn({
            let tasks = tasks.clone();
            async move { tasks.finish(std::future::pending::<()>()).await }
        });
        tokio::task::yield_now().await;
        tasks.end().await;
        assert!(began.elapsed() >= LAST_WORDS, "as long as the write is given");
        assert_eq!((answered.await.unwrap(), silent.await.unwrap()), (Some(()), None));
    }

    #[tokio::test]
    async fn who_asked_may_go_and_the_write_is_finished() {
        let tasks = Tasks::default();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let write = async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            tell.send(()).unwrap();
        };
        let asked = tokio::time::timeout(Duration::from_millis(10), tasks.finish(write)).await;
        assert!(asked.is_err());
        assert_eq!(told.recv().await, Some(()));
    }
}

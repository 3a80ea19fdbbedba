//! Long work of which there is one at a time.

use std::sync::Mutex;

use atalaya_calls::Tasks;
use tokio_util::sync::CancellationToken;

use crate::locked::locked;

/// One long work at a time: a new one stops the one before, and the end of the session stops it as well.
pub(crate) struct OneAtATime {
    tasks: Tasks,
    current: Mutex<CancellationToken>,
}

impl OneAtATime {
    pub(crate) fn new(tasks: &Tasks) -> Self {
        Self { tasks: tasks.clone(), current: Mutex::default() }
    }

    /// Begins a new one; its token.
    pub(crate) fn begin(&self) -> CancellationToken {
        let cancel = self.tasks.token();
        std::mem::replace(&mut *locked(&self.current), cancel.clone()).cancel();
        cancel
    }

    /// Stops the one under way.
    pub(crate) fn cancel(&self) {
        locked(&self.current).cancel();
    }
}

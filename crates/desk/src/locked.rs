//! Locks that are held for plain assignments only.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A poisoned lock still holds good data: every critical section here is a plain assignment.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Where the player's bytes come from: a recording that may still be arriving.
//!
//! The implementation over HTTP and the cache lives in `atalaya-calls`; tests use one in memory.

use std::time::Duration;

/// A recording's bytes, perhaps incomplete. All methods may be called from several threads.
pub trait ByteSource: Send + Sync + 'static {
    /// Total bytes; `None` until the server said.
    fn len(&self) -> Option<u64>;

    /// True when the total is known to be zero.
    fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Bytes ready from `offset` on, without a gap.
    fn available_from(&self, offset: u64) -> u64;

    /// Copies what is ready at `offset` into `buf` and returns how many bytes, without waiting.
    /// `Ok(0)` means nothing is ready there *yet*, or `offset` is at the end (`len()` tells which).
    ///
    /// # Errors
    /// The bytes can never be had: the network gave up, or the file changed under way.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize>;

    /// Says that `offset` is where bytes are wanted next, so that the fetcher goes there first.
    fn want(&self, offset: u64);

    /// Blocks until something changed (bytes arrived, the end became known, the fetcher gave up) or `timeout` passed.
    /// Returns false on the timeout.
    fn wait_changed(&self, timeout: Duration) -> bool;

    /// True when every byte that will ever come is here.
    fn is_complete(&self) -> bool;

    /// Code of what is wrong with the way to the bytes, for the window: a connection that is being tried again, a host
    /// that was lost. `None` when nothing is.
    fn trouble(&self) -> Option<&'static str> {
        None
    }
}

/// A whole recording in memory.
pub struct Memory(Vec<u8>);

impl Memory {
    /// All its bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl ByteSource for Memory {
    fn len(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    fn available_from(&self, offset: u64) -> u64 {
        (self.0.len() as u64).saturating_sub(offset)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.0.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn want(&self, _offset: u64) {}

    fn wait_changed(&self, _timeout: Duration) -> bool {
        false
    }

    fn is_complete(&self) -> bool {
        true
    }
}

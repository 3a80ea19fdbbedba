//! A few kilobytes of a recording at a time, out of bytes that may still be arriving.

use std::io;

use crate::source::ByteSource;

/// What can be read without waiting: a recording under way, or bytes in memory.
pub(crate) trait Input {
    /// Total bytes, once known.
    fn total(&self) -> Option<u64>;
    /// As [`ByteSource::read_at`].
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// As [`ByteSource::available_from`].
    fn available_from(&self, offset: u64) -> u64;
    /// As [`ByteSource::is_complete`].
    fn complete(&self) -> bool;
}

impl Input for dyn ByteSource {
    fn total(&self) -> Option<u64> {
        self.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        ByteSource::read_at(self, offset, buf)
    }

    fn available_from(&self, offset: u64) -> u64 {
        ByteSource::available_from(self, offset)
    }

    fn complete(&self) -> bool {
        self.is_complete()
    }
}

impl Input for &[u8] {
    fn total(&self) -> Option<u64> {
        Some(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn available_from(&self, offset: u64) -> u64 {
        (self.len() as u64).saturating_sub(offset)
    }

    fn complete(&self) -> bool {
        true
    }
}

/// The same, as if it ended where the sound does.
pub(crate) struct Until<'a, I: ?Sized> {
    pub(crate) input: &'a I,
    /// The byte after the last one; `None`: all of it.
    pub(crate) end: Option<u64>,
}

impl<I: Input + ?Sized> Until<'_, I> {
    fn left(&self, offset: u64) -> u64 {
        self.end.map_or(u64::MAX, |end| end.saturating_sub(offset))
    }
}

impl<I: Input + ?Sized> Input for Until<'_, I> {
    fn total(&self) -> Option<u64> {
        // A recording may be cut before the end that was meant; one of unknown length is believed to get there.
        self.input.total().map_or(self.end, |total| Some(total.min(self.end.unwrap_or(total))))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let most = self.left(offset).min(buf.len() as u64) as usize;
        if most == 0 { Ok(0) } else { self.input.read_at(offset, &mut buf[..most]) }
    }

    fn available_from(&self, offset: u64) -> u64 {
        self.input.available_from(offset).min(self.left(offset))
    }

    fn complete(&self) -> bool {
        self.input.complete()
    }
}

/// What became of a wish for bytes.
#[derive(Debug)]
pub(crate) enum Got<'a> {
    /// As many as asked for.
    Bytes(&'a [u8]),
    /// Not here yet.
    Wait,
    /// The recording ends before; what there is.
    End(&'a [u8]),
}

const CAPACITY: usize = 32 * 1024;

/// A stretch of the recording kept in memory.
pub(crate) struct Window {
    start: u64,
    bytes: Vec<u8>,
    /// Why there are no more bytes behind these.
    failure: Option<io::Error>,
}

impl Window {
    pub(crate) fn new() -> Self {
        Self { start: 0, bytes: Vec::new(), failure: None }
    }

    /// `len` bytes (at most [`CAPACITY`]) from `offset` on.
    pub(crate) fn get(
        &mut self,
        input: &(impl Input + ?Sized),
        offset: u64,
        len: usize,
    ) -> io::Result<Got<'_>> {
        let len = len.min(CAPACITY);
        if self.held(offset).is_none_or(|at| self.bytes.len() - at < len) {
            self.fill(input, offset);
        }
        let at = self.held(offset).unwrap_or(self.bytes.len());
        if self.bytes.len() - at < len
            && let Some(error) = self.failure.take()
        {
            return Err(error);
        }
        let have = &self.bytes[at..];
        if have.len() >= len {
            return Ok(Got::Bytes(&have[..len]));
        }
        let end = offset + have.len() as u64;
        let ended = input.complete() || input.total().is_some_and(|total| end >= total);
        Ok(if ended { Got::End(have) } else { Got::Wait })
    }

    fn held(&self, offset: u64) -> Option<usize> {
        let at = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        (at <= self.bytes.len()).then_some(at)
    }

    fn fill(&mut self, input: &(impl Input + ?Sized), offset: u64) {
        self.start = offset;
        self.failure = None;
        self.bytes.resize(CAPACITY, 0);
        let mut filled = 0;
        while filled < CAPACITY {
            match input.read_at(offset + filled as u64, &mut self.bytes[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count.min(CAPACITY - filled),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What came before the failure is still good: it is told to who asks for more.
                Err(error) => {
                    self.failure = Some(error);
                    break;
                }
            }
        }
        self.bytes.truncate(filled);
    }
}

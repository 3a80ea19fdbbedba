//! The way a request takes: "send this request", as one trait. The program sends through the network (`http`); a simulated
//! shift sends to a server in its own process.
//!
//! Left out on purpose: limits of time and size, the session, repeating and reading. Those are above, so that they are the
//! same whichever way a request takes.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;

use crate::error::{Error, ErrorKind};

/// The body of an answer as it comes, in pieces; after a failure nothing comes.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Cut>> + Send>>;

/// An answer whose head has come.
pub type Answering = http::Response<Pieces>;

/// A request under way.
pub type Sending = Pin<Box<dyn Future<Output = Result<Answering, Cut>> + Send>>;

/// A way for requests.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, with its whole body, to the absolute address in it. Every status is an answer; redirects to
    /// another host are not followed.
    fn send(&self, request: http::Request<Bytes>) -> Sending;
}

/// The way was cut: no answer, or not all of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// `unreachable`, `unknownHost`, `certificate`, `timeout`, `misdirected`.
    pub kind: ErrorKind,
    /// Whether the request may have left this computer: there was a connection to send it through.
    pub left: bool,
    /// More than the kind says.
    pub detail: Option<String>,
}

impl Cut {
    /// One of a request that may have arrived.
    pub fn of(kind: ErrorKind) -> Self {
        Self { kind, left: true, detail: None }
    }

    pub(crate) fn about(self, what: &str) -> Error {
        let failed = Error::new(self.kind, what).with_detail(&self.detail.unwrap_or_default());
        if self.left { failed } else { failed.before_it_left() }
    }
}

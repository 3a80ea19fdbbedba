//! Sending one message, once: three outcomes, and nothing that repeats it.
//!
//! The time of all of it and the size of the answer are bounded, nothing follows to another address, and what is told of
//! a failure never repeats the address.

use std::time::Duration;

use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::address::Address;
use crate::message::line;

/// All that one message is given.
pub const TIME: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
/// Bytes of an answer that are looked at.
const LONGEST_ANSWER: usize = 4 * 1024;
/// Letters of what is told of it.
const LONGEST_SAID: usize = 120;

/// What kept a message from arriving, or its answer from being heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "WebhookHindrance")]
pub enum Hindrance {
    /// Nobody of that name.
    UnknownHost,
    /// Nobody there, or no way to them.
    Unreachable,
    /// Somebody who is not believed to be who they should be.
    Certificate,
    /// No answer in time.
    Timeout,
    /// The connection ended before the answer.
    Cut,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[ts(rename = "WebhookOutcome")]
pub enum Outcome {
    /// Taken.
    Done {
        /// HTTP status, 200 to 299.
        status: u16,
    },
    /// Not taken, for sure.
    Refused {
        /// HTTP status; `None`: it never left this computer, and `why` says what kept it.
        status: Option<u16>,
        /// The first line of what the server said, bounded, without the address.
        said: Option<String>,
        /// What kept it here.
        why: Option<Hindrance>,
    },
    /// Nobody knows: it left, and no answer came.
    Unknown {
        /// What became of the answer.
        why: Hindrance,
    },
}

/// Sends; costs some milliseconds to make, so one is kept.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Over the system's proxy, if it has one.
    away: reqwest::Client,
    /// What is on this computer is reached without leaving it.
    here: reqwest::Client,
}

impl Sender {
    /// Trusts whom the rest of the program trusts: the system's list.
    ///
    /// # Errors
    /// The cause in words: TLS or the client could not be set up on this computer.
    pub fn new() -> Result<Self, String> {
        let tls = atalaya_ucontact::tls().map_err(|error| error.to_string())?;
        let base = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT)
                .timeout(TIME)
                // Messages are far apart: a connection kept for the next one may be lost by then without a word, and nobody
                // would know what became of that one.
                .pool_max_idle_per_host(0)
                .redirect(Policy::none())
                .tcp_nodelay(true)
                .user_agent(concat!("Atalaya/", env!("CARGO_PKG_VERSION")))
                .tls_backend_preconfigured(tls.clone())
        };
        let built = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| error.without_url().to_string())
        };
        Ok(Self { away: built(base())?, here: built(base().no_proxy())? })
    }

    /// Sends a body as JSON, once.
    pub async fn send(&self, address: &Address, body: &serde_json::Value) -> Outcome {
        let Some(url) = address.url() else { return kept_here(Hindrance::UnknownHost) };
        let client = if address.is_here() { &self.here } else { &self.away };
        match client.post(url).json(body).send().await {
            Ok(answer) => judge(address, answer).await,
            Err(error) => failed(&error),
        }
    }
}

async fn judge(address: &Address, mut answer: reqwest::Response) -> Outcome {
    let status = answer.status();
    // What is taken is taken, whatever is said besides; nobody reads on.
    if status.is_success() {
        return Outcome::Done { status: status.as_u16() };
    }
    let mut body = Vec::new();
    while body.len() < LONGEST_ANSWER {
        match answer.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece[..piece.len().min(LONGEST_ANSWER - body.len())]),
            // The status says enough.
            Ok(None) | Err(_) => break,
        }
    }
    let said = said(address, &String::from_utf8_lossy(&body));
    Outcome::Refused { status: Some(status.as_u16()), said, why: None }
}

/// The first line of an answer that says something. A page says nothing in its first line, and one that quotes the address
/// too much.
fn said(address: &Address, body: &str) -> Option<String> {
    let first = body.lines().map(str::trim).find(|line| !line.is_empty())?;
    if first.starts_with('<') || address.is_quoted_in(first) {
        return None;
    }
    Some(line(first, LONGEST_SAID)).filter(|said| !said.is_empty())
}

fn kept_here(why: Hindrance) -> Outcome {
    Outcome::Refused { status: None, said: None, why: Some(why) }
}

/// The address is in the error: only its kind leaves here.
fn failed(error: &reqwest::Error) -> Outcome {
    let mut causes = String::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push_str(&cause.to_string().to_ascii_lowercase());
        causes.push('\n');
        next = cause.source();
    }
    let mentions = |words: &[&str]| words.iter().any(|word| causes.contains(word));
    if error.is_connect() || error.is_builder() {
        return kept_here(if mentions(&["certificate", "invalid peer"]) {
            Hindrance::Certificate
        } else if mentions(&["dns error", "failed to lookup", "name or service not known", "no such host"]) {
            Hindrance::UnknownHost
        } else if error.is_timeout() {
            Hindrance::Timeout
        } else {
            Hindrance::Unreachable
        });
    }
    Outcome::Unknown { why: if error.is_timeout() { Hindrance::Timeout } else { Hindrance::Cut } }
}

#[cfg(test)]
mod tests {
    use atalaya_secret::Secret;

    use super::*;

    #[test]
    fn what_is_said_is_one_line_that_says_something() {
        let address = Address::parse(&Secret::new("https://a.example/triggers/deadbeef0123")).unwrap();
        let of = |body: &str| said(&address, body);
        assert_eq!(of("\r\n  invalid_payload \r\nmore").as_deref(), Some("invalid_payload"));
        assert_eq!(of("<!DOCTYPE html>\n<p>404"), None);
        assert_eq!(of(" \n\t"), None);
        assert_eq!(of("Cannot POST /triggers/deadbeef0123"), None);
        assert_eq!(of(&format!("{} deadbeef0123", "x".repeat(110))), None, "also where it would be cut");
        assert_eq!(of("a\u{1b}[31mb").as_deref(), Some("a [31mb"));
        assert_eq!(of(&"x".repeat(500)).map(|said| said.chars().count()), Some(LONGEST_SAID));
    }
}

//! Everything that can go wrong with a request, and what a person can do about it.

use std::fmt;
use std::time::Duration;

use crate::distrust::Distrust;
use crate::problem::Problem;

/// What went wrong, by what a person can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The address is not one this program may use (`invalidAddress`).
    InvalidAddress,
    /// A value does not fit the API: a guid or day with odd characters (`invalidInput`).
    InvalidInput,
    /// No such host name (`unknownHost`).
    UnknownHost,
    /// Nothing listens there, or the connection broke (`unreachable`).
    Unreachable,
    /// The server's certificate is not trusted, or the file that should make it so does not do; each cause has a code of
    /// its own ([`Distrust::code`]).
    Certificate(Distrust),
    /// No answer in time (`timeout`).
    Timeout,
    /// Wrong user or password (`wrongPassword`); never repeated by itself.
    WrongPassword,
    /// The token was refused and a new one too, or the session was ended (`signedOut`).
    SignedOut,
    /// Two forced re-logins within a minute: another program uses this account (`signedInElsewhere`).
    SignedInElsewhere,
    /// 401 or 403 on something that is not the API's session (`forbidden`).
    Forbidden,
    /// Not there (`notFound`).
    NotFound,
    /// Another product, or no uContact at all (`notClassic`).
    NotClassic,
    /// The server said no, perhaps with a text (`refused`).
    Refused,
    /// The server is overloaded: 429 or 503 (`busy`).
    Busy,
    /// Another 5xx (`serverError`).
    ServerError,
    /// An answer that cannot be read; the JSON path says where (`malformed`).
    Malformed,
    /// An answer over the limit (`tooLarge`).
    TooLarge,
    /// A redirect to another host, or a range answer that is not what was asked for (`misdirected`).
    Misdirected,
}

/// A failed request. Holds no secret and no full URL.
#[derive(Debug, Clone)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The endpoint or place asked, without host, query or secrets.
    pub what: String,
    /// The server's text or the JSON path, shortened and without control characters.
    pub detail: Option<String>,
    /// HTTP status, when an answer came.
    pub status: Option<u16>,
    /// How often it was tried.
    pub attempts: u32,
    /// How long it took in all.
    pub elapsed: Duration,
    /// Whether the request may have left this computer: no connection was made, so it did not.
    pub left: bool,
}

/// Longest text of a server that is kept.
const DETAIL_CHARS: usize = 200;

/// A server's text for people: one line, no control characters, not endless.
pub(crate) fn tidy(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > DETAIL_CHARS {
        let mut short: String = words.chars().take(DETAIL_CHARS).collect();
        short.push('…');
        short
    } else {
        words
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: &str) -> Self {
        let left = matches!(
            kind,
            ErrorKind::Unreachable
                | ErrorKind::Timeout
                | ErrorKind::Busy
                | ErrorKind::ServerError
                | ErrorKind::Malformed
                | ErrorKind::TooLarge
                | ErrorKind::Misdirected
        );
        Self {
            kind,
            what: what.to_owned(),
            detail: None,
            status: None,
            attempts: 1,
            elapsed: Duration::ZERO,
            left,
        }
    }

    /// The same of a request that cannot have left: there was no connection to send it through.
    pub(crate) fn before_it_left(mut self) -> Self {
        self.left = false;
        self
    }

    /// The same of a request that did leave, and whose answer says nothing of it.
    pub(crate) fn after_it_left(mut self) -> Self {
        self.left = true;
        self
    }

    /// Whether what was asked for may have been done all the same. Where the server said no, or never got to hear of it, it
    /// was not; 429 is a no, any other failure of the server is none.
    pub fn may_have_arrived(&self) -> bool {
        self.left && !matches!(self.status, Some(400..=499))
    }

    pub(crate) fn with_detail(mut self, detail: &str) -> Self {
        let detail = tidy(detail);
        self.detail = (!detail.is_empty()).then_some(detail);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Stable name of the kind, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::InvalidAddress => "invalidAddress",
            ErrorKind::InvalidInput => "invalidInput",
            ErrorKind::UnknownHost => "unknownHost",
            ErrorKind::Unreachable => "unreachable",
            ErrorKind::Certificate(why) => why.code(),
            ErrorKind::Timeout => "timeout",
            ErrorKind::WrongPassword => "wrongPassword",
            ErrorKind::SignedOut => "signedOut",
            ErrorKind::SignedInElsewhere => "signedInElsewhere",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::NotFound => "notFound",
            ErrorKind::NotClassic => "notClassic",
            ErrorKind::Refused => "refused",
            ErrorKind::Busy => "busy",
            ErrorKind::ServerError => "serverError",
            ErrorKind::Malformed => "malformed",
            ErrorKind::TooLarge => "tooLarge",
            ErrorKind::Misdirected => "misdirected",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let mut params = vec![("what", self.what.clone())];
        if let Some(detail) = &self.detail {
            params.push(("detail", detail.clone()));
        }
        if let Some(status) = self.status {
            params.push(("status", status.to_string()));
        }
        if self.attempts > 1 {
            params.push(("attempts", self.attempts.to_string()));
            params.push(("seconds", format!("{:.1}", self.elapsed.as_secs_f64())));
        }
        params
    }

    /// Whether asking again later may help without changing anything.
    pub fn retryable(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Unreachable
                | ErrorKind::UnknownHost
                | ErrorKind::Timeout
                | ErrorKind::Busy
                | ErrorKind::ServerError
                | ErrorKind::Malformed
        )
    }

    /// The window's view of it.
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code().to_owned(),
            params: self.params().into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            retryable: self.retryable(),
        }
    }
}

impl fmt::Display for Error {
    /// What happened, what it means, what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match self.kind {
            ErrorKind::InvalidAddress => f.write_str(match self.detail.as_deref() {
                Some("plainHttp") => "the address uses plain http, which is only allowed for this computer: use https",
                Some("credentials") => "the address holds a user or password: leave them out",
                Some("empty") => "there is no address: give the server's, like https://name.ucontactcloud.com",
                _ => "this is not an address: it should look like https://name.ucontactcloud.com",
            }),
            ErrorKind::InvalidInput => write!(f, "{what} does not look right: check it"),
            ErrorKind::UnknownHost => write!(f, "no such host for {what}: check the address and the network"),
            ErrorKind::Unreachable => write!(f, "no connection for {what}: check the address, the network and the server"),
            ErrorKind::Certificate(why) => write!(f, "{why}"),
            ErrorKind::Timeout => write!(f, "no answer in time from {what}: the server or the network is slow, try again"),
            ErrorKind::WrongPassword => f.write_str("the server does not accept this user and password: type them again"),
            ErrorKind::SignedOut => f.write_str("the session has ended: sign in again"),
            ErrorKind::SignedInElsewhere => f.write_str(
                "the session was ended twice within a minute: another program uses this account; give this one its own",
            ),
            ErrorKind::Forbidden => write!(f, "no right to {what}: ask for it where users are managed"),
            ErrorKind::NotFound => write!(f, "{what} is not there"),
            ErrorKind::NotClassic => write!(
                f,
                "this does not answer like uContact Classic ({what}): check the address; uContact X is another product"
            ),
            ErrorKind::Refused => write!(f, "the server refused {what}: check what was sent"),
            ErrorKind::Busy => write!(f, "the server is overloaded ({what}): wait a little"),
            ErrorKind::ServerError => write!(f, "the server failed at {what}: try again, or ask who runs it"),
            ErrorKind::Malformed => write!(f, "the answer of {what} cannot be read: report it with its details"),
            ErrorKind::TooLarge => write!(f, "the answer of {what} is larger than allowed: ask for less"),
            ErrorKind::Misdirected => write!(f, "{what} answered with something that was not asked for: check the address"),
        }?;
        if let (Some(detail), false) = (&self.detail, self.kind == ErrorKind::InvalidAddress) {
            write!(f, " ({detail})")?;
        }
        if self.attempts > 1 {
            write!(f, " [{} attempts in {:.1} s]", self.attempts, self.elapsed.as_secs_f64())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

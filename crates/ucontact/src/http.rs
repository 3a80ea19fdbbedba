//! Sending: one place where bytes leave and arrive, with its time-outs, limits and the reading of failures.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use http::{HeaderMap, header};
use reqwest::redirect::Policy;
use tokio::time::{Instant, timeout_at};
use url::{Url, form_urlencoded};

use crate::address::{Server, is_loopback};
use crate::distrust::Distrust;
use crate::error::{Error, ErrorKind};
use crate::text::{charset_of, text_of};
use crate::transport::{Answering, Cut, Pieces, Sending, Transport};
use crate::trust::{Untrusted, untrusted};

/// Largest JSON body, bytes.
pub(crate) const JSON_LIMIT: usize = 16 * 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(3);
const STALL: Duration = Duration::from_secs(8);
/// Below what servers commonly keep a connection, so that a dead one is never reused.
const IDLE: Duration = Duration::from_secs(25);
const REDIRECTS: usize = 3;

/// How long an answer is waited for, from the beginning of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patience {
    /// A server that has not begun to answer by then will not.
    first_byte: Duration,
    /// All of it.
    total: Duration,
}

impl Patience {
    /// What is sent in passing, bytes: it is there before the server has begun to think.
    const IN_PASSING: u64 = 64 * 1024;
    /// The slowest line and server a base is sent through, bytes a second.
    const SLOWEST: u64 = 32 * 1024;
    const LONGEST: Duration = Duration::from_secs(15 * 60);

    /// For a request of so many bytes: a large one has to get there over a line that may be slow, and be taken in.
    fn of(sent: usize) -> Self {
        let more = (sent as u64).saturating_sub(Self::IN_PASSING).div_ceil(Self::SLOWEST);
        let more = Duration::from_secs(more).min(Self::LONGEST);
        Self { first_byte: Duration::from_secs(5) + more, total: Duration::from_secs(10) + more }
    }
}

/// The two ways to talk: short questions, and long streams.
#[derive(Clone)]
pub(crate) struct Http {
    json: Arc<dyn Transport>,
    audio: Arc<dyn Transport>,
}

/// Marks an answer of another place of the same host than was asked: what was asked may have done what it was asked for.
#[derive(Debug, Clone, Copy)]
struct Redirected;

/// The network.
struct Network(reqwest::Client);

impl Transport for Network {
    fn send(&self, request: http::Request<Bytes>) -> Sending {
        let client = self.0.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(|error| classify(&error))?;
            let asked = request.url().clone();
            let response = client.execute(request).await.map_err(|error| classify(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let redirected = *response.url() != asked;
            let pieces: Pieces = Box::pin(response.bytes_stream().map_err(|error| classify(&error)));
            let mut answering = http::Response::new(pieces);
            (*answering.status_mut(), *answering.headers_mut()) = (status, headers);
            if redirected {
                answering.extensions_mut().insert(Redirected);
            }
            Ok(answering)
        })
    }
}

impl Http {
    /// Both over one way.
    pub(crate) fn over(transport: Arc<dyn Transport>) -> Self {
        Self { json: Arc::clone(&transport), audio: transport }
    }

    pub(crate) fn new(server: &Server) -> Result<Self, Error> {
        let tls = crate::trust::configuration(server.extra_ca.as_deref())?;
        let base = |hosts: &[Option<&Url>]| {
            let builder = reqwest::Client::builder()
                .connect_timeout(CONNECT)
                .pool_idle_timeout(IDLE)
                .tcp_nodelay(true)
                .redirect(same_host_only())
                .user_agent(concat!("Atalaya/", env!("CARGO_PKG_VERSION")));
            // What is on this computer is reached without leaving it: a proxy would be handed the password in clear.
            let here = hosts.iter().flatten().any(|host| is_loopback(host));
            let builder = if here { builder.no_proxy() } else { builder };
            builder.tls_backend_preconfigured(tls.clone())
        };
        let (api, voice) = ([Some(&server.base)], [Some(&server.telephony), server.backup.as_ref()]);
        let built = |builder: reqwest::ClientBuilder| -> Result<Arc<dyn Transport>, Error> {
            let client = builder.build().map_err(|error| classify(&error).about("connection"))?;
            Ok(Arc::new(Network(client)))
        };
        Ok(Self { json: built(base(&api))?, audio: built(base(&voice).no_gzip())? })
    }

    /// Posts a form and reads the whole reply within the limits, as text. `Err` is for failures to talk; every status is
    /// `Ok`.
    pub(crate) async fn post(
        &self,
        url: Url,
        what: &str,
        token: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        let Raw { status, headers, body, redirected } = self.post_raw(&url, what, token, form).await?;
        let charset = header_text(&headers, header::CONTENT_TYPE);
        let body = match text_of(&body, charset.as_deref().and_then(charset_of)) {
            Cow::Borrowed(text) if text.len() == body.len() => body,
            text => text.into_owned().into_bytes(),
        };
        let (retry_after, date) = (retry_after(&headers), header_text(&headers, header::DATE));
        Ok(Answer { status, retry_after, date, body, redirected })
    }

    /// The same with the bytes as they came.
    pub(crate) async fn post_raw(
        &self,
        url: &Url,
        what: &str,
        token: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<Raw, Error> {
        let begun = Instant::now();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let patience = Patience::of(body.len());
        let mut request = http::Request::new(Bytes::from(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = uri(url, what)?;
        request.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if let Some(token) = token {
            request.headers_mut().insert(header::AUTHORIZATION, basic(token, what)?);
        }
        let late = |_| Error::new(ErrorKind::Timeout, what);
        let answering = timeout_at(begun + patience.first_byte, self.json.send(request))
            .await
            .map_err(late)?
            .map_err(|cut| cut.about(what))?;
        let (head, pieces) = answering.into_parts();
        let whole = read_body(&head.headers, pieces, what);
        let body = timeout_at(begun + patience.total, whole).await.map_err(late)??;
        let redirected = head.extensions.get::<Redirected>().is_some();
        Ok(Raw { status: head.status.as_u16(), headers: head.headers, body, redirected })
    }

    /// Asks for something long; its pieces are waited for with [`next_piece`].
    pub(crate) async fn get(&self, url: &Url, what: &str, headers: HeaderMap) -> Result<Answering, Error> {
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = uri(url, what)?;
        *request.headers_mut() = headers;
        in_time(self.audio.send(request), what).await?.map_err(|cut| cut.about(what))
    }
}

fn uri(url: &Url, what: &str) -> Result<http::Uri, Error> {
    url.as_str().parse().map_err(|_| Error::new(ErrorKind::InvalidAddress, what))
}

/// Nothing long comes in silence.
async fn in_time<T>(coming: impl Future<Output = T>, what: &str) -> Result<T, Error> {
    tokio::time::timeout(STALL, coming).await.map_err(|_| Error::new(ErrorKind::Timeout, what))
}

/// The next piece of a long answer; `None` at its end.
///
/// # Errors
/// `timeout` when nothing came for long, `unreachable` when the connection broke.
pub(crate) async fn next_piece(pieces: &mut Pieces, what: &str) -> Result<Option<Bytes>, Error> {
    in_time(pieces.next(), what).await?.transpose().map_err(|cut| cut.about(what))
}

/// A reply, read whole, as it came.
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    redirected: bool,
}

/// A reply, read whole, as UTF-8 whatever it came in.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) date: Option<String>,
    pub(crate) body: Vec<u8>,
    /// Another place of the host answered than was asked.
    pub(crate) redirected: bool,
}

/// The token as it came, in a header that proxies and logs are told to hide.
pub(crate) fn basic(token: &str, what: &str) -> Result<header::HeaderValue, Error> {
    let mut value = header::HeaderValue::from_str(&format!("Basic {token}"))
        .map_err(|_| Error::new(ErrorKind::InvalidInput, what))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(crate) fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// What the answer says its body is long, bytes.
pub(crate) fn declared(headers: &HeaderMap) -> Option<u64> {
    header_text(headers, header::CONTENT_LENGTH)?.trim().parse().ok()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header_text(headers, header::RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

async fn read_body(headers: &HeaderMap, mut pieces: Pieces, what: &str) -> Result<Vec<u8>, Error> {
    let declared = declared(headers);
    if declared.is_some_and(|length| length > JSON_LIMIT as u64) {
        return Err(Error::new(ErrorKind::TooLarge, what));
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0) as usize);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|cut| cut.about(what))?;
        if body.len() + piece.len() > JSON_LIMIT {
            return Err(Error::new(ErrorKind::TooLarge, what));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn same_host_only() -> Policy {
    Policy::custom(|attempt| {
        let same = attempt.previous().last().is_some_and(|from| {
            from.host() == attempt.url().host()
                && from.port_or_known_default() == attempt.url().port_or_known_default()
                && from.scheme() == attempt.url().scheme()
        });
        if !same {
            attempt.error("redirected to another host")
        } else if attempt.previous().len() > REDIRECTS {
            attempt.error("redirected too often")
        } else {
            attempt.follow()
        }
    })
}

/// Reads a transport failure. The URL in it may hold a guid or more: only the kind leaves here.
fn classify(error: &reqwest::Error) -> Cut {
    if let Some(Untrusted { why, detail }) = untrusted(error) {
        let detail = Some(detail.clone());
        return Cut { kind: ErrorKind::Certificate(*why), left: false, detail };
    }
    let chain = causes(error);
    let mentions = |words: &[&str]| words.iter().any(|word| chain.contains(word));
    let kind = if error.is_redirect() {
        ErrorKind::Misdirected
    } else if mentions(&["certificate", "invalid peer"]) {
        ErrorKind::Certificate(Distrust::Other)
    } else if error.is_timeout() {
        ErrorKind::Timeout
    } else if mentions(&["dns error", "failed to lookup", "name or service not known", "no such host"]) {
        ErrorKind::UnknownHost
    } else {
        ErrorKind::Unreachable
    };
    Cut { kind, left: !(error.is_connect() || error.is_builder()), detail: None }
}

fn causes(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(&cause.to_string().to_ascii_lowercase());
        text.push('\n');
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_request_is_given_the_time_it_takes() {
        let seconds = |sent| (Patience::of(sent).first_byte.as_secs(), Patience::of(sent).total.as_secs());
        assert_eq!(seconds(0), (5, 10));
        assert_eq!(seconds(64 * 1024), (5, 10));
        assert_eq!(seconds(64 * 1024 + 1), (6, 11));
        assert_eq!(seconds(4 * 1024 * 1024), (131, 136));
        assert_eq!(seconds(usize::MAX), (905, 910));
    }

    #[tokio::test]
    async fn what_no_connection_was_made_for_has_not_left() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let http = Http::new(&Server::parse(&address, None, None, None).unwrap()).unwrap();
        let url = Url::parse(&address).unwrap();
        // Somebody listens, and hangs up when the request is there.
        let answering = std::thread::spawn(move || drop(listener.accept().unwrap()));
        let cut = http.post(url.clone(), "x", None, &[]).await.err().unwrap();
        answering.join().unwrap();
        let nobody = http.post(url, "x", None, &[]).await.err().unwrap();
        assert_eq!((cut.kind, nobody.kind), (ErrorKind::Unreachable, ErrorKind::Unreachable));
        assert_eq!((cut.may_have_arrived(), nobody.may_have_arrived()), (true, false));
    }
}

//! Sending: one place where bytes leave and arrive, with its time-outs, limits and the reading of failures.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Response, header};
use url::Url;

use crate::address::{Server, is_loopback};
use crate::distrust::Distrust;
use crate::error::{Error, ErrorKind};
use crate::text::{charset_of, text_of};
use crate::trust::{Untrusted, untrusted};

/// Largest JSON body, bytes.
pub(crate) const JSON_LIMIT: usize = 16 * 1024 * 1024;
/// A server that has not begun to answer by then will not.
const FIRST_BYTE: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(10);
const STALL: Duration = Duration::from_secs(8);
/// Below what servers commonly keep a connection, so that a dead one is never reused.
const IDLE: Duration = Duration::from_secs(25);
const REDIRECTS: usize = 3;

/// The two ways to talk: short questions, and long streams.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    pub(crate) json: reqwest::Client,
    pub(crate) audio: reqwest::Client,
}

impl Http {
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
        let built =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|error| classify(&error, "connection"));
        Ok(Self {
            json: built(base(&api).timeout(TOTAL))?,
            audio: built(base(&voice).no_gzip().read_timeout(STALL))?,
        })
    }

    /// Posts a form and reads the whole reply within the limit. `Err` is for failures to talk; every status is `Ok`.
    pub(crate) async fn post(
        &self,
        url: Url,
        what: &str,
        token: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        let mut request = self.json.post(url).form(form);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, basic(token, what)?);
        }
        let response = tokio::time::timeout(FIRST_BYTE, request.send())
            .await
            .map_err(|_| Error::new(ErrorKind::Timeout, what))?
            .map_err(|error| classify(&error, what))?;
        let status = response.status().as_u16();
        let retry_after = retry_after(&response);
        let date = header_text(&response, header::DATE);
        let content_type = header_text(&response, header::CONTENT_TYPE);
        let body = read_body(response, what).await?;
        let charset = content_type.as_deref().and_then(charset_of);
        let body = match text_of(&body, charset) {
            Cow::Borrowed(text) if text.len() == body.len() => body,
            text => text.into_owned().into_bytes(),
        };
        Ok(Answer { status, retry_after, date, body })
    }
}

/// A reply, read whole, as UTF-8 whatever it came in.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) date: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// The token as it came, in a header that proxies and logs are told to hide.
pub(crate) fn basic(token: &str, what: &str) -> Result<header::HeaderValue, Error> {
    let mut value = header::HeaderValue::from_str(&format!("Basic {token}"))
        .map_err(|_| Error::new(ErrorKind::InvalidInput, what))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(crate) fn header_text(response: &Response, name: header::HeaderName) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn retry_after(response: &Response) -> Option<Duration> {
    header_text(response, header::RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

pub(crate) async fn read_body(mut response: Response, what: &str) -> Result<Vec<u8>, Error> {
    let declared = response.content_length();
    if declared.is_some_and(|length| length > JSON_LIMIT as u64) {
        return Err(Error::new(ErrorKind::TooLarge, what));
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0) as usize);
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error, what))? {
        if body.len() + chunk.len() > JSON_LIMIT {
            return Err(Error::new(ErrorKind::TooLarge, what));
        }
        body.extend_from_slice(&chunk);
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
pub(crate) fn classify(error: &reqwest::Error, what: &str) -> Error {
    if let Some(Untrusted { why, detail }) = untrusted(error) {
        return Error::new(ErrorKind::Certificate(*why), what).with_detail(detail).before_it_left();
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
    let failed = Error::new(kind, what);
    if error.is_connect() || error.is_builder() { failed.before_it_left() } else { failed }
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

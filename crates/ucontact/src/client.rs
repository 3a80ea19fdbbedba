//! The signed-in client: every call goes through one place that keeps the budget, renews the session once, and repeats
//! only what may be repeated.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::address::Server;
use crate::budget::Budget;
use crate::cdr::{RecordFilter, RecordPage, parse_records};
use crate::disposition::{self, Disposition};
use crate::endpoint::{
    CAMPAIGN_STATUS, CONVERT, DISPOSITION_CALL, END_SESSION, Endpoint, GET_RECORDS, GET_USER_TOKEN,
    QUEUE_SUMMARY, TAG_RECORD, USER_LOGIN,
};
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Http};
use crate::lenient::{Reply, scalar};
use crate::live::{
    CampaignAgents, CampaignStatus, QueueSummary, parse_campaign_agents, parse_campaigns, parse_queue_summary,
};
use crate::login::{self, Login};
use crate::recording::{checked_day, checked_guid};
use crate::secret::Secret;
use crate::session::{Ended, Session};

const ATTEMPTS: u32 = 3;
const BACKOFF_FAST: Duration = Duration::from_millis(50);
const BACKOFF_BUSY: Duration = Duration::from_secs(1);
const BACKOFF_CAP: Duration = Duration::from_secs(20);
const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);
const GOODBYE: Duration = Duration::from_secs(2);
/// Streams of recordings at once: a find uses four, and what is heard goes on beside it.
const AUDIO_IN_FLIGHT: usize = 8;

/// How much a client may ask.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests a second, recordings aside.
    pub requests_per_second: f64,
    /// Requests at once, recordings aside.
    pub max_in_flight: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { requests_per_second: 4.0, max_in_flight: 4 }
    }
}

/// A signed-in client; cheap to clone, all clones share one session.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: Http,
    pub(crate) server: Server,
    user: String,
    password: Secret,
    pub(crate) session: Session,
    budget: Budget,
    in_flight: Semaphore,
    pub(crate) audio_in_flight: Arc<Semaphore>,
    meters: Mutex<Meters>,
}

#[derive(Default)]
struct Meters {
    round_trip: Option<Duration>,
    clock_difference_secs: Option<i64>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("host", &self.inner.server.host_label()).finish_non_exhaustive()
    }
}

impl Client {
    /// Signs in: `getUserToken`, and `UserLogin` only where that is missing or answers something unusable.
    ///
    /// # Errors
    /// `wrongPassword` (tried once, never again by itself), `notClassic`, and those of the connection.
    pub async fn sign_in(
        server: Server,
        user: &str,
        password: Secret,
        options: Options,
    ) -> Result<Self, Error> {
        let http = Http::new(&server)?;
        let login = log_in(&http, &server, user, &password).await?;
        tracing::info!(host = server.host_label(), shape = login.shape, "signed in");
        Ok(Self {
            inner: Arc::new(Inner {
                http,
                server,
                user: user.to_owned(),
                password,
                session: Session::new(login),
                budget: Budget::new(options.requests_per_second),
                in_flight: Semaphore::new(options.max_in_flight.max(1)),
                audio_in_flight: Arc::new(Semaphore::new(AUDIO_IN_FLIGHT)),
                meters: Mutex::new(Meters::default()),
            }),
        })
    }

    /// `Supervisor/queuesummary`.
    ///
    /// # Errors
    /// Any but those of addresses and recordings.
    pub async fn queue_summary(&self) -> Result<Reply<Vec<QueueSummary>>, Error> {
        let (body, took) = self.call(QUEUE_SUMMARY, &[]).await?;
        Ok(parse_queue_summary(&body)?.after(took))
    }

    /// `Supervisor/campaignstatus` of all campaigns.
    ///
    /// # Errors
    /// As [`Client::queue_summary`].
    pub async fn campaigns(&self) -> Result<Reply<Vec<CampaignStatus>>, Error> {
        let (body, took) = self.call(CAMPAIGN_STATUS, &[("queue", "")]).await?;
        Ok(parse_campaigns(&body)?.after(took))
    }

    /// `Supervisor/campaignstatus` of one campaign, with its agents.
    ///
    /// # Errors
    /// As [`Client::queue_summary`].
    pub async fn campaign_agents(&self, campaign: &str) -> Result<Reply<CampaignAgents>, Error> {
        let (body, took) = self.call(CAMPAIGN_STATUS, &[("queue", campaign)]).await?;
        Ok(parse_campaign_agents(&body, campaign)?.after(took))
    }

    /// One page of `Cdr/getrecords`.
    ///
    /// # Errors
    /// As [`Client::queue_summary`].
    pub async fn call_records(
        &self,
        offset: u32,
        limit: u32,
        filter: &RecordFilter,
    ) -> Result<Reply<RecordPage>, Error> {
        let (offset, limit, filter) = (offset.to_string(), limit.to_string(), filter.to_json());
        let form =
            [("lastrow", offset.as_str()), ("searchLimit", &limit), ("filter", &filter), ("random", "1")];
        let (body, took) = self.call(GET_RECORDS, &form).await?;
        Ok(parse_records(&body)?.after(took))
    }

    /// `Supervisor/convert`: asks the server to make an MP3 of a GSM recording. Sent once; "done" may mean "queued".
    ///
    /// # Errors
    /// `refused` when the server says no.
    pub async fn convert(&self, guid: &str, day: &str) -> Result<(), Error> {
        checked_guid(guid)?;
        checked_day(day)?;
        let (body, _) = self.call(CONVERT, &[("guid", guid), ("folder", day)]).await?;
        match scalar(&body).as_str() {
            "1" | "OK" | "true" => Ok(()),
            text => Err(Error::new(ErrorKind::Refused, CONVERT.path).with_detail(text)),
        }
    }

    /// `Agents/TagRecord`. Sent once; the reply says nothing, so whether it took is found out by searching.
    ///
    /// # Errors
    /// `refused` when the server says no.
    pub async fn tag_record(&self, phone: &str, guid: &str, text: &str) -> Result<(), Error> {
        checked_guid(guid)?;
        let (body, _) = self.call(TAG_RECORD, &[("phone", phone), ("guid", guid), ("data", text)]).await?;
        match scalar(&body).as_str() {
            "0" => Err(Error::new(ErrorKind::Refused, TAG_RECORD.path)),
            _ => Ok(()),
        }
    }

    /// `api/DispositionCall`: writes the tipificación of a call, and runs the dialer's action of it. Sent once.
    ///
    /// # Errors
    /// `refused` when the server says no, with its text: a combination it does not know, a missing value, a date.
    pub async fn disposition_call(&self, disposition: &Disposition) -> Result<(), Error> {
        checked_guid(&disposition.guid)?;
        let (body, _) = self.call(DISPOSITION_CALL, &disposition.form()).await?;
        disposition::read(&body)
    }

    /// Ends the session on the server, once and quickly; whatever it answers, this client is signed out.
    pub async fn end_session(&self) {
        // The login lock: a renewal under way finishes first, and its token is the one ended.
        let _renewal = self.inner.session.login.lock().await;
        let by_server = self.inner.session.ended().is_some();
        if !self.inner.session.end(Ended::ByUs) && !by_server {
            return;
        }
        if by_server {
            return;
        }
        let token = self.inner.session.last_token();
        self.inner.goodbye(&token, &token).await;
        tracing::info!(host = self.inner.server.host_label(), "signed out");
    }

    /// Resolves when the session has ended: with the reason when it ended by itself, `None` after our own sign-out.
    pub async fn until_signed_out(&self) -> Option<Error> {
        match self.inner.session.until_ended().await {
            Ended::ByUs => None,
            Ended::ByServer(reason) => Some(reason),
        }
    }

    /// Where this client is signed in.
    pub fn server(&self) -> &Server {
        &self.inner.server
    }

    /// Who is signed in.
    pub fn user(&self) -> &str {
        &self.inner.user
    }

    /// Extension and context of the supervisor's own phone, when the login told.
    pub fn own_phone(&self) -> Option<(String, Option<String>)> {
        self.inner.session.phone()
    }

    /// Which login shape the server speaks.
    pub fn login_shape(&self) -> &'static str {
        self.inner.session.shape()
    }

    /// Whether the session is open.
    pub fn signed_in(&self) -> bool {
        self.inner.session.ended().is_none()
    }

    /// Why the session ended by itself.
    pub fn signed_out_reason(&self) -> Option<Error> {
        match self.inner.session.ended() {
            Some(Ended::ByServer(reason)) => Some(reason),
            _ => None,
        }
    }

    /// Requests sent in the last minute, recordings aside.
    pub fn requests_last_minute(&self) -> u32 {
        self.inner.budget.sent_last_minute()
    }

    /// Changes the budget.
    pub fn set_requests_per_second(&self, per_second: f64) {
        self.inner.budget.set_per_second(per_second);
    }

    /// How long the last answer took.
    pub fn round_trip(&self) -> Option<Duration> {
        self.inner.meters().round_trip
    }

    /// The server's clock minus ours, seconds, from its `Date` header.
    pub fn clock_difference_secs(&self) -> Option<i64> {
        self.inner.meters().clock_difference_secs
    }

    /// Sends one request: budget, session, retries. Gives the body of a 200 and how long it all took.
    async fn call(&self, endpoint: Endpoint, form: &[(&str, &str)]) -> Result<(Vec<u8>, Duration), Error> {
        let begun = Instant::now();
        let mut attempt = 1;
        loop {
            let failure = match self.try_once(endpoint, form).await {
                Ok(body) => {
                    self.inner.budget.succeeded();
                    return Ok((body, begun.elapsed()));
                }
                Err(failure) => failure,
            };
            let again = endpoint.repeatable
                && attempt < ATTEMPTS
                && failure.transient
                && self.inner.budget.may_retry();
            if !again {
                let mut error = failure.error;
                error.attempts = attempt;
                error.elapsed = begun.elapsed();
                tracing::debug!(
                    path = endpoint.path,
                    code = error.code(),
                    attempts = attempt,
                    "a request failed"
                );
                return Err(error);
            }
            tokio::time::sleep(backoff(attempt, &failure)).await;
            attempt += 1;
        }
    }

    async fn try_once(&self, endpoint: Endpoint, form: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let (token, generation) = self.inner.session.token()?;
        let answer = self.inner.post(endpoint, Some(&token), form).await?;
        if answer.status != 401 {
            return judged(endpoint, answer);
        }
        self.renew(generation).await?;
        let (token, _) = self.inner.session.token()?;
        let answer = self.inner.post(endpoint, Some(&token), form).await?;
        if answer.status == 401 {
            let reason = Error::new(ErrorKind::SignedOut, endpoint.path).with_status(401);
            if self.inner.session.end(Ended::ByServer(reason.clone())) {
                let last = self.inner.session.last_token();
                self.inner.goodbye(&last, &last).await;
            }
            return Err(reason.into());
        }
        judged(endpoint, answer)
    }

    /// A new token in place of the refused one: one login, however many wait for it.
    async fn renew(&self, refused: u64) -> Result<(), Error> {
        let session = &self.inner.session;
        let _single_flight = session.login.lock().await;
        if session.generation() != refused {
            return Ok(());
        }
        session.token()?;
        let login = match session.forced() {
            Ok(()) => {
                log_in(&self.inner.http, &self.inner.server, &self.inner.user, &self.inner.password).await
            }
            Err(error) => Err(error),
        };
        match login {
            Ok(login) => {
                tracing::info!(host = self.inner.server.host_label(), "the session was renewed");
                let before = session.renewed(login);
                // The server has forgotten that token or will be told to: every login is ended once. Only the new one
                // still opens the door.
                self.inner.goodbye(&before, &session.last_token()).await;
                Ok(())
            }
            Err(error) => {
                if matches!(
                    error.kind,
                    ErrorKind::WrongPassword | ErrorKind::SignedInElsewhere | ErrorKind::NotClassic
                ) {
                    tracing::warn!(code = error.code(), "the session could not be renewed");
                    session.end(Ended::ByServer(error.clone()));
                    let last = session.last_token();
                    self.inner.goodbye(&last, &last).await;
                }
                Err(error)
            }
        }
    }
}

impl Inner {
    fn meters(&self) -> std::sync::MutexGuard<'_, Meters> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn post(
        &self,
        endpoint: Endpoint,
        token: Option<&Secret>,
        form: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let url = self
            .server
            .base
            .join(endpoint.path)
            .map_err(|_| Error::new(ErrorKind::InvalidAddress, endpoint.path))?;
        let _slot =
            self.in_flight.acquire().await.map_err(|_| Error::new(ErrorKind::SignedOut, endpoint.path))?;
        self.budget.take().await;
        let begun = Instant::now();
        let answer = self.http.post(url, endpoint.path, token.map(Secret::expose), form).await?;
        let mut meters = self.meters();
        meters.round_trip = Some(begun.elapsed());
        if let Some(difference) = answer.date.as_deref().and_then(clock_difference) {
            meters.clock_difference_secs = Some(difference);
        }
        Ok(answer)
    }

    /// Ends the session of `token`, in the name of the session of `by`.
    async fn goodbye(&self, token: &Secret, by: &Secret) {
        let Ok(url) = self.server.base.join(END_SESSION.path) else { return };
        let form = [("user", self.user.as_str()), ("token", token.expose())];
        let said = self.http.post(url, END_SESSION.path, Some(by.expose()), &form);
        if tokio::time::timeout(GOODBYE, said).await.is_err() {
            tracing::debug!("the server did not answer the end of the session in time");
        }
    }
}

fn clock_difference(date: &str) -> Option<i64> {
    let theirs = chrono::DateTime::parse_from_rfc2822(date).ok()?;
    Some(theirs.timestamp() - chrono::Utc::now().timestamp())
}

/// A failed attempt: whether another may help, and how long the server wants us to wait.
struct Failure {
    error: Error,
    transient: bool,
    retry_after: Option<Duration>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let transient = matches!(error.kind, ErrorKind::Unreachable);
        Self { error, transient, retry_after: None }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

fn judged(endpoint: Endpoint, answer: Answer) -> Result<Vec<u8>, Failure> {
    let what = endpoint.path;
    let failed = |kind: ErrorKind, transient: bool| {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        // A page of HTML is no text for people.
        let text = if text.trim_start().starts_with('<') { String::new() } else { text };
        Err(Failure {
            error: Error::new(kind, what).with_status(answer.status).with_detail(&text),
            transient,
            retry_after: answer.retry_after,
        })
    };
    match answer.status {
        200..=299 => Ok(answer.body),
        400 => failed(ErrorKind::Refused, false),
        401 | 403 => failed(ErrorKind::Forbidden, false),
        404 => failed(ErrorKind::NotClassic, false),
        413 => failed(ErrorKind::TooLarge, false),
        429 | 503 => failed(ErrorKind::Busy, true),
        500..=599 => failed(ErrorKind::ServerError, true),
        300..=399 => failed(ErrorKind::Misdirected, false),
        _ => failed(ErrorKind::Refused, false),
    }
}

/// Full jitter: anywhere up to the doubled wait, so that many clients do not come back together. A server that names a
/// time is given it, up to a minute.
fn backoff(attempt: u32, failure: &Failure) -> Duration {
    if let Some(after) = failure.retry_after {
        return after.min(RETRY_AFTER_CAP);
    }
    let base = if failure.error.kind == ErrorKind::Busy { BACKOFF_BUSY } else { BACKOFF_FAST };
    let most = base.saturating_mul(2u32.saturating_pow(attempt - 1)).min(BACKOFF_CAP);
    most.mul_f64(fastrand::f64())
}

async fn log_in(http: &Http, server: &Server, user: &str, password: &Secret) -> Result<Login, Error> {
    let form = [("user", user), ("password", password.expose())];
    let mut missing = false;
    for (endpoint, read) in [
        (GET_USER_TOKEN, login::read_user_token as fn(&[u8]) -> login::Answer),
        (USER_LOGIN, login::read_user_login),
    ] {
        let url = server
            .base
            .join(endpoint.path)
            .map_err(|_| Error::new(ErrorKind::InvalidAddress, endpoint.path))?;
        let answer = http.post(url, endpoint.path, None, &form).await?;
        match answer.status {
            200..=299 => match read(&answer.body) {
                login::Answer::Accepted(login) => return Ok(login),
                login::Answer::Denied => return Err(Error::new(ErrorKind::WrongPassword, endpoint.path)),
                login::Answer::Unusable => {}
            },
            401 | 403 => {
                return Err(Error::new(ErrorKind::WrongPassword, endpoint.path).with_status(answer.status));
            }
            404 => missing = true,
            429 | 503 => return Err(Error::new(ErrorKind::Busy, endpoint.path).with_status(answer.status)),
            500..=599 => {
                return Err(Error::new(ErrorKind::ServerError, endpoint.path).with_status(answer.status));
            }
            status => return Err(Error::new(ErrorKind::NotClassic, endpoint.path).with_status(status)),
        }
    }
    let error = Error::new(ErrorKind::NotClassic, "login");
    Err(if missing { error.with_status(404) } else { error })
}

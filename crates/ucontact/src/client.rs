//! The signed-in client: what may be asked, and how it goes with the server.

mod sending;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use atalaya_clock::Clock;
use tokio::sync::Semaphore;

use crate::Secret;
use crate::address::Server;
use crate::again::Retries;
use crate::budget::Budget;
use crate::cdr::{RecordFilter, RecordPage, parse_records};
use crate::endpoint::{CAMPAIGN_STATUS, CONVERT, Endpoint, GET_RECORDS, QUEUE_SUMMARY};
use crate::error::{Error, ErrorKind};
use crate::http::Http;
use crate::lenient::{Reply, scalar};
use crate::live::{
    AgentsReader, CampaignAgents, CampaignStatus, QueueSummary, parse_campaigns, parse_queue_summary,
};
use crate::operations::{Answer, Operation};
use crate::recording::{checked_day, checked_guid};
use crate::session::{Ended, Session};
use crate::transport::Transport;
use sending::log_in;

/// Streams of recordings at once: a find uses four, and what is heard goes on beside it.
const AUDIO_IN_FLIGHT: usize = 8;

/// How much a client may ask, and what time it is for it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests a second, recordings aside.
    pub requests_per_second: f64,
    /// Requests at once, recordings aside.
    pub max_in_flight: usize,
    /// What the server's clock is compared with, and what tells everything read through this client when it was read.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { requests_per_second: 4.0, max_in_flight: 4, clock: Clock::system() }
    }
}

/// A signed-in client; cheap to clone, all clones share one session.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// Campaigns of which the last answer is kept: more than any server has, should one call them anew each time.
const MOST_CAMPAIGNS: usize = 2_000;

pub(crate) struct Inner {
    pub(crate) http: Http,
    pub(crate) server: Server,
    user: String,
    password: Secret,
    pub(crate) session: Session,
    budget: Budget,
    retries: Retries,
    /// Of recordings: a host of theirs that is dead takes none from the floor.
    pub(crate) audio_retries: Retries,
    in_flight: Semaphore,
    pub(crate) audio_in_flight: Arc<Semaphore>,
    meters: Mutex<Meters>,
    /// What each campaign last said of its agents.
    agents: Mutex<HashMap<String, AgentsReader>>,
    pub(crate) clock: Clock,
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
        Self::sign_in_through(Http::new(&server)?, server, user, password, options).await
    }

    /// Signs in over another way than the network.
    ///
    /// # Errors
    /// As [`Client::sign_in`].
    pub async fn sign_in_over(
        transport: Arc<dyn Transport>,
        server: Server,
        user: &str,
        password: Secret,
        options: Options,
    ) -> Result<Self, Error> {
        Self::sign_in_through(Http::over(transport), server, user, password, options).await
    }

    async fn sign_in_through(
        http: Http,
        server: Server,
        user: &str,
        password: Secret,
        options: Options,
    ) -> Result<Self, Error> {
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
                retries: Retries::default(),
                audio_retries: Retries::default(),
                in_flight: Semaphore::new(options.max_in_flight.max(1)),
                audio_in_flight: Arc::new(Semaphore::new(AUDIO_IN_FLIGHT)),
                meters: Mutex::new(Meters::default()),
                agents: Mutex::default(),
                clock: options.clock,
            }),
        })
    }

    /// `Supervisor/queuesummary`.
    ///
    /// # Errors
    /// Any but those of addresses and recordings.
    pub async fn queue_summary(&self) -> Result<Reply<Vec<QueueSummary>>, Error> {
        self.read(QUEUE_SUMMARY, &[], parse_queue_summary).await
    }

    /// `Supervisor/campaignstatus` of all campaigns.
    ///
    /// # Errors
    /// As [`Client::queue_summary`].
    pub async fn campaigns(&self) -> Result<Reply<Vec<CampaignStatus>>, Error> {
        self.read(CAMPAIGN_STATUS, &[("queue", "")], parse_campaigns).await
    }

    /// `Supervisor/campaignstatus` of one campaign, with its agents.
    ///
    /// # Errors
    /// As [`Client::queue_summary`].
    pub async fn campaign_agents(&self, campaign: &str) -> Result<Reply<CampaignAgents>, Error> {
        self.read(CAMPAIGN_STATUS, &[("queue", campaign)], |body| self.inner.agents_of(campaign, body)).await
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
        self.read(GET_RECORDS, &form, parse_records).await
    }

    /// `Supervisor/convert`: asks the server to make an MP3 of a GSM recording. Sent once; "done" may mean "queued".
    ///
    /// # Errors
    /// `refused` when the server says no.
    pub async fn convert(&self, guid: &str, day: &str) -> Result<(), Error> {
        checked_guid(guid)?;
        checked_day(day)?;
        let body = self.call(CONVERT, &[("guid", guid), ("folder", day)]).await?;
        match scalar(&body).as_str() {
            "1" | "OK" | "true" => Ok(()),
            text => Err(Error::new(ErrorKind::Refused, CONVERT.path).with_detail(text)),
        }
    }

    /// Does what an operation says. Sent once, never again by itself: only a request that was refused for its token (401),
    /// before anything was done, is sent once more with a new one; and a message goes to the older place when a server says
    /// it has no newer one (404). The answer says which it was.
    ///
    /// # Errors
    /// `invalidInput` for what cannot be right: then nothing was sent. `refused` when the server says no, with its words.
    /// Of every other, [`Error::may_have_arrived`] tells whether it may have been done all the same.
    pub async fn perform(&self, operation: &Operation) -> Result<Answer, Error> {
        if let Some(flaw) = operation.check().first() {
            let detail = format!("{}: {}", flaw.field, flaw.code);
            return Err(Error::new(ErrorKind::InvalidInput, operation.name()).with_detail(&detail));
        }
        let answered = self.perform_at(operation, operation.endpoint()).await;
        match (answered, operation.older_endpoint()) {
            (Err(error), Some(older))
                if error.status == Some(404) && error.what == operation.endpoint().path =>
            {
                self.perform_at(operation, older).await
            }
            (answered, _) => answered,
        }
    }

    async fn perform_at(&self, operation: &Operation, endpoint: Endpoint) -> Result<Answer, Error> {
        let fields = operation.fields();
        let form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.call(endpoint, &form).await?;
        operation.read(&body, endpoint)
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

    /// The clock of this session.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
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
}

impl Inner {
    /// Reads what a campaign says of its agents, beside what it said before.
    fn agents_of(&self, campaign: &str, body: &[u8]) -> Result<Reply<CampaignAgents>, Error> {
        let readers = || self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else waits while it is read.
        let mut reader = readers().remove(campaign).unwrap_or_default();
        let reply = reader.read(body);
        let mut readers = readers();
        if readers.len() < MOST_CAMPAIGNS {
            readers.insert(campaign.to_owned(), reader);
        }
        reply
    }

    fn meters(&self) -> std::sync::MutexGuard<'_, Meters> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

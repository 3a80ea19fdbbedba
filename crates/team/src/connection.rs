//! One connection to a team's database: how long anything may take, whom it is believed to be, and what it says unasked.
//!
//! Everything has a limit of time on both sides: a database that stands still is away, not waited for. Left out on purpose:
//! what is asked (`lease`, `readings`, `members`) and when to connect again (`link`).

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_secret::Secret;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket, Statement};
use tokio_util::task::AbortOnDropHandle;

use crate::address::{Address, At};
use crate::error::Error;
use crate::tls::Bound;

/// To be connected and signed in.
const CONNECTS_WITHIN: Duration = Duration::from_secs(8);
/// One question and its answer.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Notices kept while nobody listens; a lost one is made good by the next look.
const NOTICES_KEPT: usize = 256;

/// An open connection; it ends when dropped.
pub struct Connection {
    pub(crate) client: Client,
    /// What the database said unasked: the payload of each notice. Closed when the connection is.
    pub notices: mpsc::Receiver<String>,
    prepared: Mutex<HashMap<&'static str, Statement>>,
    _driving: AbortOnDropHandle<()>,
}

impl Connection {
    /// Connects as the member of the address.
    ///
    /// # Errors
    /// [`Error::Away`], [`Error::Certificate`], [`Error::Refused`].
    pub async fn open(address: &Address, password: &Secret) -> Result<Self, Error> {
        let mut config = Config::new();
        config
            .user(&address.user)
            .password(password.expose())
            .dbname(&address.database)
            .port(address.port)
            .application_name("atalaya")
            .connect_timeout(CONNECTS_WITHIN)
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(3))
            .keepalives_retries(3)
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            // A desk that hangs holds no row for others.
            .options(
                "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000 \
                 -c client_min_messages=warning -c search_path=pg_catalog -c timezone=UTC",
            );
        let opened = async {
            match &address.host {
                #[cfg(unix)]
                At::Socket(folder) => plain(config.host_path(folder)).await,
                #[cfg(not(unix))]
                At::Socket(_) => Err(Error::Address { reason: "noHost" }),
                At::Loopback(host) => plain(config.host(host).ssl_mode(SslMode::Disable)).await,
                At::Network(host) => {
                    let tls = tls(address.extra_ca())?;
                    config.host(host).ssl_mode(SslMode::Require);
                    with(&config, Bound::new(tls)).await
                }
            }
        };
        match timeout(CONNECTS_WITHIN, opened).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::Away { detail: "no answer in time".to_owned() }),
        }
    }

    /// Runs SQL without answers, as the database's owner.
    ///
    /// # Errors
    /// The database's.
    pub async fn simple(&self, sql: &str) -> Result<(), Error> {
        Self::within(self.client.batch_execute(sql)).await
    }

    /// What is asked again and again is read and planned once for each connection: of a hundred desks that look at each
    /// reading, that is most of what the database does.
    pub(crate) async fn statement(&self, sql: &'static str) -> Result<Statement, Error> {
        let known = locked(&self.prepared).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Self::within(self.client.prepare(sql)).await?;
        locked(&self.prepared).insert(sql, made.clone());
        Ok(made)
    }

    /// Asks something; an answer that does not come in time is the database being away.
    pub(crate) async fn within<T>(
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Error> {
        match timeout(ANSWERS_WITHIN, asked).await {
            Ok(answer) => answer.map_err(Error::from),
            Err(_) => Err(Error::Away { detail: "no answer in time".to_owned() }),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // An entry is put in whole: good after a panic too.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom to believe: as with the contact centre's own server, and certificates of one's own for the team's alone.
fn tls(extra: Option<&Path>) -> Result<rustls::ClientConfig, Error> {
    let mut tls = atalaya_ucontact::tls_with(extra)
        .map_err(|error| Error::Certificate { detail: error.to_string() })?;
    tls.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(tls)
}

async fn plain(config: &Config) -> Result<Connection, Error> {
    with(config, NoTls).await
}

async fn with<T>(config: &Config, tls: T) -> Result<Connection, Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, mut connection) = config.connect(tls).await?;
    let (said, notices) = mpsc::channel(NOTICES_KEPT);
    let driving = tokio::spawn(async move {
        let mut messages = stream::poll_fn(|context| connection.poll_message(context));
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(notice)) => {
                    // Full: whoever listens has a look to come that sees all of it.
                    let _ = said.try_send(notice.payload().to_owned());
                }
                Ok(AsyncMessage::Notice(notice)) => {
                    tracing::debug!(code = notice.code().code(), "the team's database");
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "the connection to the team ended");
                    return;
                }
            }
        }
    });
    Ok(Connection { client, notices, prepared: Mutex::default(), _driving: AbortOnDropHandle::new(driving) })
}

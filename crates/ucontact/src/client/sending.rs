//! How one request goes out: every call goes through here, inside the budget, with the session renewed once, and repeated
//! only where it may be.

use std::time::Duration;

use super::{Client, Inner};
use crate::Secret;
use crate::address::Server;
use crate::again::{ATTEMPTS, Failure};
use crate::endpoint::{END_SESSION, Endpoint, GET_USER_TOKEN, USER_LOGIN};
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Http};
use crate::lenient::Reply;
use crate::login::{self, Login};
use crate::session::Ended;

const GOODBYE: Duration = Duration::from_secs(2);

impl Client {
    /// Sends a write, or what is like one. Gives the body of a 200.
    pub(super) async fn call(&self, endpoint: Endpoint, form: &[(&str, &str)]) -> Result<Vec<u8>, Error> {
        self.repeated(endpoint, form, |body| Ok(body.to_vec())).await.map(|(body, _)| body)
    }

    /// Asks for something and reads the answer; the time it took is told with it. A gateway's page or half an answer is a
    /// failing read like any other: asked once more.
    pub(super) async fn read<T>(
        &self,
        endpoint: Endpoint,
        form: &[(&str, &str)],
        parse: impl Fn(&[u8]) -> Result<Reply<T>, Error>,
    ) -> Result<Reply<T>, Error> {
        let answered = self.repeated(endpoint, form, parse).await;
        answered.map(|(reply, took)| reply.after(&self.inner.clock, took))
    }

    /// Sends one request: budget, session, retries.
    async fn repeated<T>(
        &self,
        endpoint: Endpoint,
        form: &[(&str, &str)],
        parse: impl Fn(&[u8]) -> Result<T, Error>,
    ) -> Result<(T, Duration), Error> {
        let most = if endpoint.repeatable { ATTEMPTS } else { 1 };
        let parse = &parse;
        let once = |attempt| async move {
            let body = self.try_once(endpoint, form).await?;
            parse(&body).map_err(|error| unread(error, attempt))
        };
        self.inner.retries.asked(&self.inner.clock, most, once).await
    }

    async fn try_once(&self, endpoint: Endpoint, form: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let (token, generation) = self.inner.session.token()?;
        let answer = self.inner.post(endpoint, Some(&token), form).await?;
        // A write that was answered by sending us elsewhere may be done: what is said there, a 401 or a 404 for instance, is
        // not said of it.
        if answer.redirected && !endpoint.repeatable && !(200..=299).contains(&answer.status) {
            return Err(Error::new(ErrorKind::Misdirected, endpoint.path).into());
        }
        if answer.status != 401 {
            return judged(endpoint, answer);
        }
        // Whatever becomes of the renewal, this request was refused before anything was done.
        self.renew(generation).await.map_err(Error::before_it_left)?;
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

    /// A new token in place of the refused one: one login, however many wait for it. Whoever waits may be gone before it is
    /// through: the login goes on, so that no session is open at the server that nobody knows of.
    async fn renew(&self, refused: u64) -> Result<(), Error> {
        let client = self.clone();
        let renewal = tokio::spawn(async move { client.renew_now(refused).await });
        renewal.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::SignedOut, "session")))
    }

    async fn renew_now(&self, refused: u64) -> Result<(), Error> {
        let session = &self.inner.session;
        let _single_flight = session.login.lock().await;
        if session.generation() != refused {
            return Ok(());
        }
        session.token()?;
        let login = match session.may_renew() {
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
        let begun = self.clock.steady();
        let answer = self.http.post(url, endpoint.path, token.map(Secret::expose), form).await?;
        let mut meters = self.meters();
        meters.round_trip = Some(self.clock.since(begun));
        if let Some(difference) = answer.date.as_deref().and_then(|date| self.clock_difference_secs(date)) {
            meters.clock_difference_secs = Some(difference);
        }
        Ok(answer)
    }

    fn clock_difference_secs(&self, date: &str) -> Option<i64> {
        let theirs = chrono::DateTime::parse_from_rfc2822(date).ok()?;
        Some(theirs.timestamp() - self.clock.now_ms().div_euclid(1_000))
    }

    /// Ends the session of `token`, in the name of the session of `by`.
    pub(super) async fn goodbye(&self, token: &Secret, by: &Secret) {
        let Ok(url) = self.server.base.join(END_SESSION.path) else { return };
        let form = [("user", self.user.as_str()), ("token", token.expose())];
        let said = self.http.post(url, END_SESSION.path, Some(by.expose()), &form);
        if tokio::time::timeout(GOODBYE, said).await.is_err() {
            tracing::debug!("the server did not answer the end of the session in time");
        }
    }
}

/// An answer that came, and cannot be used: the first time it may have been somebody between here and the server.
fn unread(error: Error, attempt: u32) -> Failure {
    let transient = attempt == 1
        && matches!(
            error.kind,
            ErrorKind::Malformed | ErrorKind::NotClassic | ErrorKind::ServerError | ErrorKind::Refused
        );
    Failure { error, transient, retry_after: None }
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

pub(super) async fn log_in(
    http: &Http,
    server: &Server,
    user: &str,
    password: &Secret,
) -> Result<Login, Error> {
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

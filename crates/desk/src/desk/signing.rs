//! Signing in and out.
//!
//! A password is tried once for each time a person asks. What a person typed is kept as a profile as soon as the server
//! accepted it. Left out on purpose: forms and texts.

use std::path::PathBuf;
use std::sync::Arc;

use atalaya_store::profiles::{Profile, Profiles};
use atalaya_store::secrets::SecretStoreKind;
use atalaya_ucontact::{Client, Problem, Secret, Server};

use super::Desk;
use crate::decided::Decided;
use crate::locked::locked;
use crate::problem::{from_store, from_ucontact, problem};
use crate::secrets::of_secrets;
use crate::session::{Around, Session};
use crate::wire::{ServerHint, SessionState, SignInRequest};

impl SessionState {
    pub(crate) fn nobody(secret_store: SecretStoreKind, decided: Decided) -> Self {
        Self {
            turn: 0,
            signed_in: false,
            profile: None,
            profiles: Vec::new(),
            secret_store,
            reviewer: String::new(),
            demo: false,
            demo_ahead_mins: 0,
            preparing: None,
            signed_out_reason: None,
            decided,
        }
    }
}

/// Empty text typed in an optional field is no text.
fn typed(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn server_of(
    base: &str,
    telephony: Option<&str>,
    backup: Option<&str>,
    ca: Option<&str>,
) -> Result<Server, Problem> {
    Server::parse(base, telephony, backup, ca.map(PathBuf::from)).map_err(|error| from_ucontact(&error))
}

impl Desk {
    /// Who is signed in, and who could be.
    pub fn session_state(&self) -> SessionState {
        self.inner.state.borrow().clone()
    }

    /// Changes what the windows are told of the session.
    pub(crate) fn tell_session(&self, change: impl FnOnce(&mut SessionState)) {
        self.inner.state.send_if_modified(|state| {
            let before = state.clone();
            change(state);
            state.turn = before.turn;
            let is_new = *state != before;
            state.turn += u32::from(is_new);
            is_new
        });
    }

    pub(crate) fn publish_session(&self, reason: Option<Problem>) -> Result<SessionState, Problem> {
        // What was looked at later is told later.
        let _one_at_a_time = locked(&self.inner.publishing);
        let store = &self.inner.store;
        let mut profiles = Profiles::list(store).map_err(|error| from_store(&error))?;
        for profile in &mut profiles {
            profile.has_stored_password = self.inner.secrets.keeps(profile);
        }
        let last = Profiles::last_used(store).map_err(|error| from_store(&error))?;
        profiles.sort_by_key(|profile| Some(&profile.id) != last.as_ref());
        let signed_in = self.inner.session.borrow().is_some();
        let at_hand = locked(&self.inner.profile).clone().filter(|_| signed_in);
        let preparing =
            self.inner.demo.as_ref().filter(|_| !signed_in).and_then(crate::demo::Demo::preparing);
        let state = SessionState {
            turn: 0,
            signed_in,
            profile: at_hand.or_else(|| profiles.first().cloned()),
            profiles,
            secret_store: self.inner.secrets.kind(),
            reviewer: String::new(),
            demo: self.inner.demo.is_some(),
            demo_ahead_mins: self.inner.demo.as_ref().map_or(0, |demo| demo.hours.moved_mins()),
            preparing,
            signed_out_reason: reason,
            decided: (*self.inner.decided).clone(),
        };
        self.tell_session(|now| *now = SessionState { reviewer: self.settings().reviewer, ..state });
        Ok(self.session_state())
    }

    /// Signs in; the profile is kept when the server accepted it. A session that was open is ended first.
    ///
    /// # Errors
    /// Those of the address, the connection and the login, in the window's words; `passwordNeeded` when none was typed
    /// and none is kept, `secretsLocked` when that is not known.
    pub async fn sign_in(&self, request: SignInRequest) -> Result<SessionState, Problem> {
        let _one_at_a_time = self.inner.signing.lock().await;
        let decided = Arc::clone(&self.inner.decided);
        // Where it is decided, what was typed does not count.
        let (telephony, backup, extra_ca) = match decided.server(&request.server_url)? {
            Some(given) => {
                (given.telephony_url.clone(), given.backup_url.clone(), given.extra_ca_path.clone())
            }
            None => (
                typed(request.telephony_url.as_deref()),
                typed(request.backup_url.as_deref()),
                typed(request.extra_ca_path.as_deref()),
            ),
        };
        // A server that was given is no profile yet.
        let profile_id = request.profile_id.clone().filter(|id| !decided.gave(id));
        let server =
            server_of(&request.server_url, telephony.as_deref(), backup.as_deref(), extra_ca.as_deref())?;
        let user = request.user.trim().to_owned();
        if user.is_empty() {
            return Err(problem("userNeeded", [], false));
        }
        let typed_anew = request.password.as_ref().is_some_and(|password| !password.expose().is_empty());
        let password = match (&request.password, &profile_id) {
            (Some(password), _) if typed_anew => password.clone(),
            (_, Some(id)) if self.was_kept_for(id, &server, &user)? => {
                let id = id.clone();
                let kept = of_secrets(&self.inner.secrets, move |secrets| secrets.get(&id)).await;
                kept.map_err(|problem| self.noted(problem))?
                    .ok_or_else(|| problem("passwordNeeded", [], false))?
            }
            _ => return Err(problem("passwordNeeded", [], false)),
        };
        self.end_session(None).await?;

        let settings = self.settings();
        let options = atalaya_ucontact::Options {
            requests_per_second: f64::from(decided.requests_per_second(&settings)),
            clock: self.inner.store.clock().clone(),
            ..atalaya_ucontact::Options::default()
        };
        let host = server.host_label();
        let client = Client::sign_in(server, &user, password.clone(), options)
            .await
            .map_err(|error| self.noted(from_ucontact(&error)))?;

        let name = match request.name.trim() {
            "" => host,
            name => name.to_owned(),
        };
        let profile = Profile {
            id: profile_id.unwrap_or_else(|| Profiles::new_id(&self.inner.store)),
            name,
            server_url: request.server_url.trim().to_owned(),
            user,
            telephony_url: telephony,
            backup_url: backup,
            extra_ca_path: extra_ca,
            keep: request.keep,
            has_stored_password: false,
        };
        // The server has a session from here on: whatever fails now, it is told that it is over.
        if let Err(problem) = self.keep_profile(&profile, typed_anew.then_some(&password)).await {
            client.end_session().await;
            return Err(problem);
        }
        self.begin_session(profile, client);
        match self.publish_session(None) {
            Ok(state) => Ok(state),
            Err(problem) => {
                self.end_at_hand().await;
                Err(problem)
            }
        }
    }

    /// Whether the password of a profile was kept for this server and this user: with another address, or another name
    /// typed over it, it goes nowhere.
    fn was_kept_for(&self, id: &str, server: &Server, user: &str) -> Result<bool, Problem> {
        let profiles = Profiles::list(&self.inner.store).map_err(|error| self.noted(from_store(&error)))?;
        let kept = profiles.iter().find(|profile| profile.id == id && profile.user == user);
        Ok(kept.is_some_and(|kept| {
            server_of(&kept.server_url, None, None, None).is_ok_and(|of| of.base == server.base)
        }))
    }

    /// With a password that was typed; without: the one that is kept.
    async fn keep_profile(&self, profile: &Profile, password: Option<&Secret>) -> Result<(), Problem> {
        let store = &self.inner.store;
        Profiles::save(store, profile).map_err(|error| self.noted(from_store(&error)))?;
        Profiles::set_last_used(store, &profile.id).map_err(|error| self.noted(from_store(&error)))?;
        let (id, keep, password) = (profile.id.clone(), profile.keep, password.cloned());
        let kept = of_secrets(&self.inner.secrets, move |secrets| match password {
            Some(password) if keep => secrets.set(&id, &password),
            // What is kept already is not written again: the system's store is asked once less before the floor shows.
            None if keep => Ok(()),
            _ => secrets.remove(&id),
        })
        .await;
        if let Err(problem) = kept {
            // The session is good; only the next sign-in will ask again, and says so.
            self.noted(problem);
            let asked_anew = Profile { keep: false, ..profile.clone() };
            Profiles::save(store, &asked_anew).map_err(|error| self.noted(from_store(&error)))?;
        }
        Ok(())
    }

    fn begin_session(&self, profile: Profile, client: Client) {
        let inner = &self.inner;
        let record = self.record_of(&profile.user, client.server());
        let session = Session::begin(
            client,
            inner.store.clone(),
            Around {
                settings: Some(inner.settings.subscribe()),
                cache: Some(Arc::clone(&inner.cache)),
                player: Some(inner.player.clone()),
                record: Some(record),
                quiet: Arc::clone(&inner.quiet),
                profile: profile.id.clone(),
                decided: Arc::clone(&inner.decided),
                failures: inner.failures.clone(),
                chat: Some((inner.telling.clone(), profile.name.clone())),
                view: locked(&inner.calls_view).clone(),
            },
        );
        session.floor.set_watched(self.watched(&self.settings()));
        session.ahead.set_seen(self.inner.windows.seen());
        self.begin_in_team(&session);
        self.watch_for_the_end(&session);
        *locked(&inner.profile) = Some(profile);
        inner.session.send_replace(Some(session));
    }

    /// The server may end the session by itself: then everybody hears of it, with the reason.
    fn watch_for_the_end(&self, session: &Arc<Session>) {
        let (client, watched) = (session.client().clone(), Arc::downgrade(session));
        let desk = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            let Some(reason) = client.until_signed_out().await else { return };
            let Some(inner) = desk.upgrade() else { return };
            let desk = Desk { inner };
            let _one_at_a_time = desk.inner.signing.lock().await;
            // Somebody may have signed in again while this waited: another session's end is none of its business.
            let at_hand = desk.inner.session.borrow().as_ref().map(Arc::downgrade);
            if !at_hand.is_some_and(|at_hand| at_hand.ptr_eq(&watched)) {
                return;
            }
            let reason = desk.noted(from_ucontact(&reason));
            if desk.end_session(Some(reason)).await.is_err() {
                tracing::error!("the end of the session could not be published");
            }
        });
    }

    /// Signs out: the server is told, searches and the player stop, passwords kept stay kept.
    ///
    /// # Errors
    /// The store's.
    pub async fn sign_out(&self) -> Result<SessionState, Problem> {
        let _one_at_a_time = self.inner.signing.lock().await;
        self.end_session(None).await
    }

    async fn end_session(&self, reason: Option<Problem>) -> Result<SessionState, Problem> {
        self.end_at_hand().await;
        self.publish_session(reason)
    }

    /// Ends the session at hand, if there is one. From here on nobody is given it any more.
    async fn end_at_hand(&self) {
        let session = self.inner.session.send_replace(None);
        locked(&self.inner.profile).take();
        let Some(session) = session else { return };
        *locked(&self.inner.calls_view) = session.search.view();
        session.end().await;
        self.inner.kept_team.tell_problem(None);
        if self.settings().wipe_cache_on_sign_out {
            self.inner.cache.clear();
        }
    }

    /// Forgets a profile and its password.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove_profile(&self, id: &str) -> Result<SessionState, Problem> {
        Profiles::remove(&self.inner.store, id).map_err(|error| self.noted(from_store(&error)))?;
        let id = id.to_owned();
        if let Err(problem) = of_secrets(&self.inner.secrets, move |secrets| secrets.remove(&id)).await {
            self.noted(problem);
        }
        self.publish_session(None)
    }

    /// What an address amounts to, without asking the network.
    pub fn server_hint(&self, url: &str) -> ServerHint {
        match server_of(url, None, None, None) {
            Ok(server) => ServerHint {
                normalized: Some(server.base.to_string()),
                telephony_url: Some(server.telephony.to_string()),
                backup_url: server.backup.map(|url| url.to_string()),
                problem: None,
            },
            Err(problem) => {
                ServerHint { normalized: None, telephony_url: None, backup_url: None, problem: Some(problem) }
            }
        }
    }
}

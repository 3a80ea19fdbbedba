//! What whoever looks after this computer decided, as the desk and the window heed it.
//!
//! The choices a person made stay as they are: where something is decided, the decision holds in their place, and when the
//! file is gone, their own again. Left out on purpose: the file itself (`policy`), updates (they read it when they are asked).

use atalaya_policy::{GivenServer, Policy};
use atalaya_store::profiles::Profile;
use atalaya_ucontact::{Problem, Server};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::problem;
use crate::settings::Settings;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Nothing is changed at a server from this computer.
    pub look_only: bool,
    /// Seconds between polls; `None`: a person chooses.
    pub poll_every_secs: Option<u32>,
    /// The request budget; `None`: a person chooses.
    pub requests_per_second: Option<u32>,
    /// Nobody signs in to a server that is not in `servers`.
    pub only_these_servers: bool,
    /// Servers to sign in to, as profiles nobody has used yet; their ids are no profile's.
    pub servers: Vec<Profile>,
    /// Why the file cannot be followed; until it is mended nothing is changed at a server.
    pub problem: Option<Problem>,
}

impl Decided {
    /// By this computer's file.
    pub(crate) fn here() -> Self {
        match Policy::of_this_computer() {
            Ok(policy) => Self::by(&policy, None),
            Err(refused) => {
                tracing::error!(%refused, "what was decided for this computer cannot be read");
                let params = [("path", refused.path), ("detail", refused.detail)];
                Self::by(&Policy::when_unreadable(), Some(problem("adminFile", params, false)))
            }
        }
    }

    fn by(policy: &Policy, problem: Option<Problem>) -> Self {
        let servers = policy.servers.iter().enumerate();
        Self {
            look_only: policy.look_only,
            poll_every_secs: policy.poll_every_secs,
            requests_per_second: policy.requests_per_second,
            only_these_servers: policy.only_these_servers,
            servers: servers.map(|(number, server)| offered(number, server)).collect(),
            problem,
        }
    }

    /// Seconds between polls.
    pub(crate) fn poll_every_secs(&self, chosen: &Settings) -> u32 {
        self.poll_every_secs.unwrap_or(chosen.poll_every_secs)
    }

    /// Requests a second at most.
    pub(crate) fn requests_per_second(&self, chosen: &Settings) -> u32 {
        self.requests_per_second.unwrap_or(chosen.requests_per_second)
    }

    /// Nothing is changed at the server with this profile.
    pub(crate) fn look_only(&self, chosen: &Settings, profile: &str) -> bool {
        self.look_only || chosen.look_only.iter().any(|one| one == profile)
    }

    /// What was decided of the server at this address; `None`: nothing.
    ///
    /// # Errors
    /// `serverNotGiven`: only those that were given may be signed in to.
    pub(crate) fn server(&self, typed: &str) -> Result<Option<&Profile>, Problem> {
        let same = |given: &&Profile| canonical(&given.server_url) == canonical(typed);
        match self.servers.iter().find(same) {
            None if self.only_these_servers => Err(problem("serverNotGiven", [], false)),
            found => Ok(found),
        }
    }

    /// Whether a profile's id is that of a server that was given.
    pub(crate) fn gave(&self, id: &str) -> bool {
        self.servers.iter().any(|given| given.id == id)
    }
}

/// An address as it is compared: what it amounts to, or as it was typed.
fn canonical(url: &str) -> String {
    Server::parse(url, None, None, None)
        .map_or_else(|_| url.trim().to_owned(), |server| server.base.to_string())
}

fn offered(number: usize, server: &GivenServer) -> Profile {
    Profile {
        id: format!("given-{number}"),
        name: server.name.clone(),
        server_url: server.url.clone(),
        user: String::new(),
        telephony_url: server.recordings.clone(),
        backup_url: server.backup.clone(),
        extra_ca_path: server.authority.as_ref().map(|path| path.display().to_string()),
        keep: false,
        has_stored_password: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Decided {
        let server = |name: &str, url: &str| GivenServer {
            name: name.to_owned(),
            url: url.to_owned(),
            recordings: Some("https://audio.example".to_owned()),
            backup: None,
            authority: None,
        };
        let servers = vec![server("Norte", "https://norte.example"), server("Sur", "sur.example")];
        Decided::by(&Policy { servers, ..Policy::default() }, None)
    }

    #[test]
    fn a_server_is_the_one_that_was_given_however_it_was_typed() {
        let decided = given();
        let named = |typed: &str| decided.server(typed).expect("any may be").map(|given| given.name.clone());
        assert_eq!(named("norte.example").as_deref(), Some("Norte"));
        assert_eq!(named(" https://norte.example/ ").as_deref(), Some("Norte"));
        assert_eq!(named("https://sur.example").as_deref(), Some("Sur"));
        assert_eq!(named("https://otro.example"), None);
        let only = Decided { only_these_servers: true, ..decided };
        assert_eq!(only.server("https://otro.example").expect_err("another").code, "serverNotGiven");
        assert!(only.gave("given-1") && !only.gave("given-2"));
    }

    #[test]
    fn what_is_decided_holds_in_place_of_what_was_chosen() {
        let chosen = Settings { look_only: vec!["p1".to_owned()], ..Settings::default() };
        let none = Decided::default();
        assert_eq!(none.poll_every_secs(&chosen), chosen.poll_every_secs);
        assert!(none.look_only(&chosen, "p1") && !none.look_only(&chosen, "p2"));
        let decided = Decided {
            look_only: true,
            poll_every_secs: Some(9),
            requests_per_second: Some(1),
            ..Decided::default()
        };
        assert_eq!((decided.poll_every_secs(&chosen), decided.requests_per_second(&chosen)), (9, 1));
        assert!(decided.look_only(&chosen, "p2"));
    }
}

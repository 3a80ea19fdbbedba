//! The simulated contact centre behind `--demo`: started with the program, on loopback, gone with it.

use atalaya_simulator::{Config, Simulator};
use atalaya_store::Store;
use atalaya_store::profiles::{Profile, Profiles};
use atalaya_store::secrets::SecretStore;
use atalaya_ucontact::Problem;

use crate::desk::Desk;
use crate::problem::{from_store, problem};
use crate::wire::{Password, SessionState, SignInRequest};

const PROFILE_ID: &str = "demo";

pub(crate) struct Demo {
    simulator: Simulator,
}

impl Demo {
    pub(crate) async fn start() -> Result<Self, Problem> {
        let simulator = atalaya_simulator::start(Config::default())
            .await
            .map_err(|error| problem("demoFailed", [("why", error.to_string())], true))?;
        Ok(Self { simulator })
    }

    fn profile(&self) -> Profile {
        Profile {
            id: PROFILE_ID.to_owned(),
            name: "Demo".to_owned(),
            server_url: self.simulator.server_url(),
            user: self.simulator.user().to_owned(),
            telephony_url: Some(self.simulator.telephony_url()),
            backup_url: Some(self.simulator.backup_url()),
            extra_ca_path: None,
            keep: false,
            has_stored_password: false,
        }
    }

    /// The ports change with every start: the profile is written anew.
    pub(crate) fn write_profile(&self, store: &Store, secrets: &dyn SecretStore) -> Result<(), Problem> {
        let profile = self.profile();
        Profiles::save(store, &profile).map_err(|error| from_store(&error))?;
        Profiles::set_last_used(store, &profile.id).map_err(|error| from_store(&error))?;
        secrets.remove(&profile.id).map_err(|error| from_store(&error))
    }
}

impl Desk {
    /// Signs in to the simulated contact centre; does nothing when there is none.
    ///
    /// # Errors
    /// Those of `sign_in`.
    pub async fn sign_in_to_demo(&self) -> Result<SessionState, Problem> {
        let Some(demo) = &self.inner.demo else { return Ok(self.session_state()) };
        let profile = demo.profile();
        self.sign_in(SignInRequest {
            profile_id: Some(profile.id),
            name: profile.name,
            server_url: profile.server_url,
            user: profile.user,
            password: Some(Password::new(demo.simulator.password())),
            telephony_url: profile.telephony_url,
            backup_url: profile.backup_url,
            extra_ca_path: None,
            keep: false,
        })
        .await
    }
}

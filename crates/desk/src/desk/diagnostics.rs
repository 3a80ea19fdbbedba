//! What support asks for, gathered at one moment.

use super::Desk;
use crate::wire::{Diagnostics, PlaceLine};

impl Desk {
    /// The state of everything that can go wrong. No secrets, no numbers of callers.
    pub fn diagnostics(&self) -> Diagnostics {
        let session = self.session().ok();
        let client = session.as_ref().map(|session| session.client());
        let settings = self.settings();
        let decided = &self.inner.decided;
        Diagnostics {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            server: client.map(|client| client.server().host_label()),
            signed_in_since_ms: session.as_ref().map(|session| session.since_ms()),
            login_shape: client.map(|client| client.login_shape().to_owned()),
            round_trip_ms: client
                .and_then(atalaya_ucontact::Client::round_trip)
                .map(|trip| u32::try_from(trip.as_millis()).unwrap_or(u32::MAX)),
            clock_difference_secs: client.and_then(atalaya_ucontact::Client::clock_difference_secs),
            requests_per_minute: client.map_or(0, atalaya_ucontact::Client::requests_last_minute),
            requests_of_everything: session.as_ref().and_then(|session| {
                let polls = 60 / decided.poll_every_secs(&settings).max(1);
                let campaigns = u32::try_from(session.floor.snapshot().campaigns.len()).ok()?;
                (campaigns > 0).then(|| (campaigns + 2).saturating_mul(polls))
            }),
            request_budget_per_second: decided.requests_per_second(&settings),
            last_errors: self.inner.failures.lines(),
            places: session
                .as_ref()
                .map(|session| session.places_seen())
                .unwrap_or_default()
                .into_iter()
                .map(|seen| PlaceLine { place: seen.place, last_status: seen.last_status, wins: seen.wins })
                .collect(),
            audio_device: self.inner.player.device_name(),
            secret_store: self.session_state().secret_store,
            webhook: self.webhook_state(),
            cache_bytes: self.inner.cache.size(),
            cache_max_bytes: settings.cache_max_bytes(),
            log_folder: self.inner.paths.logs().display().to_string(),
            data_folder: self.inner.paths.home.display().to_string(),
        }
    }

    /// Empties the cache of recordings; the one being heard goes when it is closed.
    pub fn clear_cache(&self) -> Diagnostics {
        self.inner.cache.clear();
        self.diagnostics()
    }
}

//! The report for support: gathered here, shown to whoever sits here, and written where they want it. Nothing is sent.

use std::path::{Path, PathBuf};

use atalaya_store::profiles::Profiles;
use atalaya_support::{Breakdown, Known, Part, Redaction, breakdown, last_lines, written};

use super::Desk;

/// As much of the log as says what led to something.
const LOG_BYTES: u64 = 100 * 1024;
/// Of each thing that broke so many characters, and of so many things.
const BROKE_CHARS: usize = 40 * 1024;
const MOST_BROKE: usize = 3;

impl Desk {
    /// The report as it would be handed on. `happened`: what the person says of it. `names`: those of campaigns, people and
    /// servers may be in it; numbers, passwords and folders never are. Whatever could not be gathered is said in it.
    pub async fn support_report(&self, happened: String, names: bool) -> String {
        let mut parts = vec![
            part("what happened", happened),
            part(
                "program",
                format!(
                    "Atalaya {} on {} {}",
                    env!("CARGO_PKG_VERSION"),
                    std::env::consts::OS,
                    std::env::consts::ARCH
                ),
            ),
            part("state", serde_json::to_string_pretty(&self.diagnostics()).unwrap_or_default()),
        ];
        let (logs, known) = (self.inner.paths.logs(), self.known(names));
        let made = tokio::task::spawn_blocking(move || {
            for broke in breakdown::kept(&logs).into_iter().take(MOST_BROKE) {
                parts.push(part("what broke", beginning(&broke)));
            }
            parts.push(part("log", last_lines(&logs.join("atalaya.log"), LOG_BYTES)));
            written(&parts, &mut Redaction::new(known))
        });
        made.await.unwrap_or_else(|error| format!("the report could not be gathered: {error}"))
    }

    /// The newest thing that broke and was not shown yet; `None`: there is none.
    pub fn broke_last(&self) -> Option<Breakdown> {
        breakdown::kept(&self.inner.paths.logs()).into_iter().find(|broke| !broke.seen)
    }

    /// None of it is offered again. Where that cannot be kept, it is offered at the next start.
    pub fn broke_seen(&self) {
        if let Err(error) = breakdown::seen(&self.inner.paths.logs()) {
            tracing::warn!(%error, "what broke will be offered again");
        }
    }

    /// What of the report is somebody's.
    fn known(&self, names: bool) -> Known {
        let profiles = Profiles::list(&self.inner.store).unwrap_or_default();
        let mut known = Known { home: home(&self.inner.paths.home), hosts: !names, ..Known::default() };
        known.people.extend(profiles.iter().map(|profile| profile.user.clone()));
        if names {
            return known;
        }
        for profile in profiles {
            let servers = [Some(profile.server_url), profile.telephony_url, profile.backup_url];
            known.names.extend(servers.into_iter().flatten().filter_map(|url| host(&url)));
            known.names.push(profile.name);
        }
        if let Ok(session) = self.session() {
            let now = session.floor.snapshot();
            known.names.push(session.client().server().host_label());
            for campaign in &now.campaigns {
                known.names.extend([campaign.name.clone(), campaign.label.clone()]);
            }
            known.names.extend(now.agents.iter().map(|agent| agent.name.clone()));
        }
        known
    }
}

fn part(title: &str, text: String) -> Part {
    Part { title: title.to_owned(), text }
}

/// What broke begins with where: of a long one the beginning counts.
fn beginning(broke: &Breakdown) -> String {
    let text = last_lines(&broke.path, u64::MAX);
    text.chars().take(BROKE_CHARS).collect()
}

/// The person's own folder: the one of this system, or where everything of this program lies.
fn home(data: &Path) -> Option<PathBuf> {
    dirs::home_dir().filter(|home| data.starts_with(home)).or_else(|| Some(data.to_owned()))
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

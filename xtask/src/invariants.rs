//! Rules about the repository itself that no compiler checks. Each returns what breaks it, one line each.

mod circles;
mod configuration;
mod crates;
mod figures;
mod messages;
mod packaging;
mod promises;
mod sources;

use crate::tool;

/// All that is broken.
///
/// # Errors
/// Something needed to judge could not be read.
pub fn all() -> Result<Vec<String>, String> {
    let sources = sources::own_files()?;
    let mut broken = crates::check()?;
    broken.extend(configuration::check()?);
    broken.extend(sources::check(&sources));
    broken.extend(circles::check(&sources)?);
    broken.extend(messages::check(&sources)?);
    broken.extend(packaging::check()?);
    broken.extend(promises::check(&sources));
    broken.extend(figures::check()?);
    Ok(broken)
}

/// A text file of ours: path from the root with `/`, and content.
pub struct Source {
    /// Path.
    pub path: String,
    /// Content.
    pub text: String,
}

impl Source {
    /// Whether its name ends in one of these, without the dot.
    fn is(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }
}

fn json(path: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(&tool::read(path)?).map_err(|error| format!("{path}: {error}"))
}

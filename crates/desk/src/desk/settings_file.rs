//! The settings written into a file, and such a file looked into.

use std::path::Path;

use atalaya_ucontact::Problem;

use super::Desk;
use crate::settings_file::{SettingsFound, compared, written};

impl Desk {
    /// Writes the settings into one file, without what belongs to one person or one computer.
    ///
    /// # Errors
    /// `exportFailed`: the folder or the disk.
    pub fn export_settings(&self, to: &Path) -> Result<String, Problem> {
        let text = written(&self.settings(), self.now_ms());
        crate::files::write_text(to, &text).map_err(|problem| self.noted(problem))?;
        let path = to.display().to_string();
        self.exported("settings", "settings", &path);
        Ok(path)
    }

    /// What a file of settings would change; changes nothing. The window hands the parts it showed to [`Desk::choose`].
    ///
    /// # Errors
    /// `importFailed`: it cannot be opened. `settingsFileBroken`, `settingsFileOther`, `settingsFileNewer`, `settingsFileValue`:
    /// what is wrong with it.
    pub fn look_into_settings(&self, path: &Path) -> Result<SettingsFound, Problem> {
        let text = crate::files::read_text(path)?;
        compared(&text, &path.display().to_string(), &self.settings())
    }
}

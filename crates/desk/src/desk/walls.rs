//! Which wallboards are open, also at the next start.
//!
//! Left out on purpose: their windows (the shell's), and what they show (the settings).

use atalaya_ucontact::Problem;

use super::Desk;
use crate::problem::from_store;

/// Wallboards that were open when the program ended.
const WALLS_KEY: &str = "wallsOpen";

impl Desk {
    /// Wallboards open now, or when the program last ended: their ids.
    ///
    /// # Errors
    /// The store's.
    pub fn walls_open(&self) -> Result<Vec<String>, Problem> {
        let open = self.inner.store.setting(WALLS_KEY).map_err(|error| self.noted(from_store(&error)))?;
        Ok(open.unwrap_or_default())
    }

    /// Remembers that a wallboard was opened, or closed by a person.
    ///
    /// # Errors
    /// The store's.
    pub fn set_wall_open(&self, id: &str, open: bool) -> Result<(), Problem> {
        let mut walls = self.walls_open()?;
        walls.retain(|wall| wall != id);
        if open {
            walls.push(id.to_owned());
        }
        self.inner.store.set_setting(WALLS_KEY, &walls).map_err(|error| self.noted(from_store(&error)))
    }
}

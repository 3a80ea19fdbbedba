//! Whether all of a page can be read: nothing cut off, nothing outside of the window, nothing over anything else.
//!
//! Left out: whether it is well placed, which only a person sees.

use crate::window::Window;

/// Looks at the page in the window; its own head says what is looked for.
const LOOK: &str = include_str!("laid_out.js");

impl Window {
    /// What is cut, outside of the window, over something else, or scrolls sideways, in the page as it is now: a sentence
    /// each, with where it is and by how much.
    ///
    /// # Errors
    /// What the driver said.
    pub fn layout_faults(&self) -> Result<Vec<String>, String> {
        let found = self.page().execute(LOOK, &[])?;
        let found = found.as_array().ok_or("the page says nothing about its layout")?;
        Ok(found.iter().map(|one| one.as_str().unwrap_or("?").to_owned()).collect())
    }
}

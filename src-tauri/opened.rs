//! The desk as every command finds it.

use atalaya_desk::{Desk, Problem};

/// The desk, or why there is none: then every command says so, and the window shows it.
pub struct Opened(pub Result<Desk, Problem>);

impl Opened {
    /// The desk.
    ///
    /// # Errors
    /// Why there is none.
    pub fn desk(&self) -> Result<&Desk, Problem> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

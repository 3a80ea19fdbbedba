//! Where things are kept on this computer, one SQLite file for most of them, and the door to the system's secret store.
//!
//! Other crates own their tables and hand in their migrations. Left out on purpose: what those tables mean.

mod audit;
pub mod backup;
mod error;
pub mod identity;
mod listening;
mod owner;
mod paths;
pub mod profiles;
pub mod secrets;
mod store;
pub mod untouched;

pub use audit::{Audit, AuditEntry, AuditFilter, Entry, Outcome, Write};
pub use error::Error;
pub use listening::Listener;
pub use owner::owner_only;
pub use paths::Paths;
pub use store::{Migrations, Store};
pub use uuid::Uuid;

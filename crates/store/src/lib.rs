//! One SQLite file for everything kept on this computer, and the door to the system's secret store.
//!
//! Other crates own their tables and hand in their migrations. Left out on purpose: what the tables mean.

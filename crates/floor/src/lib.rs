//! The live floor: what is asked of the server and when, the picture it adds up to, and what changed.

pub mod wire;

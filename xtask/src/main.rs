//! What a newcomer or CI runs.
mod fixtures;
fn main() { if let Err(e) = fixtures::run() { eprintln!("{e}"); std::process::exit(1) } }

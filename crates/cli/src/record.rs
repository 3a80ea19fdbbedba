//! `doctor --record`: the shapes of a server's answers, shown to a person first, then kept. Left out on purpose: sending it.

use std::io::{BufRead, Write};
use std::path::Path;

use atalaya_clock::Clock;
use atalaya_ucontact::Secret;
use atalaya_ucontact::shapes::record_shapes;
use chrono::DateTime;

use crate::connect::{Account, interrupted};
use crate::failure::Failure;
use crate::output::Output;

/// Records, shows, asks, keeps.
pub async fn run(account: &Account, password: &Secret, file: &Path, sure: bool) -> Result<(), Failure> {
    let now = DateTime::from_timestamp_millis(Clock::system().now_ms()).unwrap_or_default().naive_utc();
    let record = record_shapes(&account.server, &account.user, password, now, interrupted())
        .await?
        .ok_or_else(|| Failure::new("interrupted"))?;
    let mut text = serde_json::to_vec_pretty(&record)?;
    text.push(b'\n');
    // Standard output is the report's, or the record's own.
    std::io::stderr().lock().write_all(&text)?;
    let name = file.display().to_string();
    if !sure && !tokio::task::spawn_blocking(move || agreed(&name)).await.unwrap_or(false) {
        eprintln!("not kept");
        return Ok(());
    }
    let mut out = Output::to(file)?;
    out.write_all(&text)?;
    out.finish()?;
    eprintln!("kept in {}; sent nowhere", file.display());
    Ok(())
}

/// Anything but a yes, the end of the input included, is a no.
fn agreed(name: &str) -> bool {
    eprint!("This is all of it. Keep it in {name}? [y/N] ");
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

//! `bench --quick`: what says most, in three minutes once it is built, and of everything else the last figure there is, with
//! its day, so that anyone runs it before and after a change.
//!
//! The last figures are those of the table in `docs/PERFORMANCE.md`: there is no other place for them. A row is measured here
//! when the command beside it is among `HERE`.

use std::time::{Duration, Instant};

use crate::cost::released;
use crate::{paint, painted, scrolling, setup, tool};

/// The document with the table.
pub const TABLE: &str = "docs/PERFORMANCE.md";

/// Benchmarks that take seconds: package and name.
const SHORT: [(&str, &str); 3] =
    [("atalaya-floor", "floor"), ("atalaya-player", "waveform"), ("atalaya-calls", "locate")];
/// Parts of the commands of rows that are measured here.
const HERE: [&str; 5] =
    ["--bench floor", "--bench waveform", "--bench locate", "bench painted", "bench window"];

/// The largest floor the design speaks of, looked at once so many of its agents are read: the rest takes a minute.
const LARGE: (u32, u32) = (200, 5_000);
const READ: u32 = 1_000;
const WATCHED: Duration = Duration::from_secs(6);
const AT_REST_SECS: u32 = 20;

/// Measures what is short, and prints what is known of the rest.
///
/// # Errors
/// Something could not be built, or did not come up.
pub fn run() -> Result<(), String> {
    setup::system(&["mpg123", "ffmpeg"])?;
    for (package, bench) in SHORT {
        tool::show(&mut built(package, bench, &["--no-run"]))?;
    }
    let program = if cfg!(target_os = "linux") { Some(released()?) } else { None };
    let begun = Instant::now();
    for (package, bench) in SHORT {
        println!("\n== {package}: {bench}");
        tool::show(&mut built(package, bench, &[]))?;
    }
    if let Some(program) = program {
        painted::measure(&program, AT_REST_SECS, false)?;
        paint::measure(&program, LARGE, READ, WATCHED, scrolling::BRIEFLY)?;
    }
    println!("\nThe rest takes longer; the last figures, from {TABLE}:");
    for row in rows(&tool::read(TABLE)?).iter().filter(|row| !row.is_measured_here()) {
        println!("\n{} ({})\n    {}\n    {}", row.what, row.day, row.figure, row.how);
    }
    println!("\n{:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn built(package: &str, bench: &str, more: &[&str]) -> std::process::Command {
    let mut command = tool::command("cargo");
    command.args(["bench", "--quiet", "--package", package, "--bench", bench]).args(more);
    command
}

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figure, in words.
    pub figure: String,
    /// The day it is of, `2026-11-30`.
    pub day: String,
    /// How it is measured.
    pub how: String,
}

impl Row {
    fn is_measured_here(&self) -> bool {
        HERE.iter().any(|part| self.how.contains(part))
    }
}

/// The rows of the table: what, figure, day, peer, how, why.
pub fn rows(document: &str) -> Vec<Row> {
    document
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
            let [what, figure, day, _, how, ..] = cells.as_slice() else { return None };
            let own = |cell: &str| cell.to_owned();
            (!matches!(*what, "What" | "---")).then(|| Row {
                what: own(what),
                figure: own(figure),
                day: own(day),
                how: how.trim_matches('`').to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_their_day_and_only_the_long_ones_are_told() {
        let document = "# Performance\n\n| What | Figure | Measured | Peer in the same run | How to measure | Why |\n\
            |---|---|---|---|---|---|\n\
            | One poll | 7 ms | 2026-11-30 | 16 ms | `cargo bench -p atalaya-floor --bench floor` | One pass |\n\
            | Memory | 60 MB | 2026-11-29 | – | `cargo xtask bench memory` | Bounded lists |\n";
        let found = rows(document);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[1],
            Row {
                what: "Memory".into(),
                figure: "60 MB".into(),
                day: "2026-11-29".into(),
                how: "cargo xtask bench memory".into()
            }
        );
        assert_eq!(found.iter().map(Row::is_measured_here).collect::<Vec<_>>(), [true, false]);
    }
}

//! The table of `docs/PERFORMANCE.md`: every figure has a day and says how it is measured, with a command that there is.
//!
//! Left out on purpose: the figures themselves, which are of a machine and a day.

use crate::quick::{TABLE, rows};
use crate::tool;

/// Judges the table.
///
/// # Errors
/// It is not there.
pub fn check() -> Result<Vec<String>, String> {
    let document = tool::read(TABLE)?;
    let found = rows(&document);
    let mut broken = Vec::new();
    if found.is_empty() {
        broken.push(format!("{TABLE} tells no figure"));
    }
    for row in found {
        if !is_day(&row.day) {
            broken.push(format!("{TABLE}: “{}” is of no day", row.what));
        }
        if row.how.is_empty() {
            broken.push(format!("{TABLE}: “{}” does not say how it is measured", row.what));
        }
        let unknown = row.how.split("cargo xtask ").skip(1).find(|words| !is_known(words));
        if let Some(words) = unknown {
            broken.push(format!("{TABLE}: “{}”: there is no cargo xtask {words}", row.what));
        }
    }
    Ok(broken)
}

/// As `2026-11-30`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().map(|part| part.len()).eq([4, 2, 2]) && parts.iter().all(digits)
}

/// Whether the first two words are told by the program's own help.
fn is_known(words: &str) -> bool {
    let name =
        |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '-').to_owned();
    let mut words = words.split_whitespace().map(name);
    let first = words.next().unwrap_or_default();
    let lines: Vec<&str> =
        crate::USAGE.lines().filter_map(|line| line.strip_prefix("cargo xtask ")).collect();
    let told =
        |words: &str| lines.iter().any(|line| *line == words || line.starts_with(&format!("{words} ")));
    let second = words.next().filter(|_| first == "bench");
    second.map_or_else(|| told(&first), |second| told(&format!("{first} {second}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_commands_are_known_from_what_is_none() {
        assert!(is_day("2026-11-30"));
        assert!(!is_day("yesterday") && !is_day("2026-11-3") && !is_day(""));
        assert!(is_known("bench painted`") && is_known("soak`") && is_known("bench --quick"));
        assert!(!is_known("bench nothing") && !is_known("races"));
    }
}

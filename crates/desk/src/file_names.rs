//! Names for files a person takes along: good on every system, telling, and no two alike.

use std::collections::HashSet;
use std::path::Path;

use atalaya_calls::wire::Call;

/// Letters before the ending: with the folder before it, well inside what Windows allows.
const LONGEST: usize = 100;
/// Bytes before the ending: systems that count bytes allow 255 with it.
const LONGEST_BYTES: usize = 200;
/// Names Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$"];

/// A name that sorts by day and says whose call it is, without an ending: `2026-01-31 10.22.05 Ana Lía`, with the part
/// (`1.01-1.15`) when it is one.
pub(crate) fn recording_name(call: &Call, part: Option<(f64, f64)>) -> String {
    let clock = |secs: f64| format!("{}.{:02}", (secs / 60.0) as u64, (secs % 60.0) as u64);
    let started: String = call.started_at.chars().take(19).collect();
    let who = call.agent.as_deref().unwrap_or(&call.guid);
    let part = part.map_or_else(String::new, |(from, to)| format!(" {}-{}", clock(from), clock(to)));
    safe(&format!("{started} {who}{part}"))
}

/// The same with nothing in it that a file system would stumble over.
fn safe(text: &str) -> String {
    let fits = |letter: char| match letter {
        ':' => '.',
        '\\' | '/' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        letter if letter.is_control() || is_format(letter) => '-',
        letter => letter,
    };
    let mut name: String = text.chars().map(fits).take(LONGEST).collect();
    while name.len() > LONGEST_BYTES {
        name.pop();
    }
    // Windows drops dots and blanks at the end; elsewhere a dot at the start hides the file.
    let name = name.trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ', '~', '-']);
    let first = name.split('.').next().unwrap_or_default().trim().to_uppercase();
    let numbered = |kind: &str| first.strip_prefix(kind).is_some_and(|rest| rest.chars().count() == 1);
    if DEVICES.contains(&first.as_str()) || numbered("COM") || numbered("LPT") {
        return format!("_{name}");
    }
    if name.is_empty() { "recording".to_owned() } else { name.to_owned() }
}

/// Marks that turn or hide the text around them.
fn is_format(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A name with its ending that is neither taken in this folder nor given out before; capitals do not count.
pub(crate) fn unique(folder: &Path, name: &str, ending: &str, given: &mut HashSet<String>) -> String {
    let mut number = 1_u32;
    loop {
        let whole =
            if number == 1 { format!("{name}.{ending}") } else { format!("{name} ({number}).{ending}") };
        if !folder.join(&whole).exists() && given.insert(whole.to_lowercase()) {
            return whole;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(agent: &str) -> Call {
        Call {
            guid: "guid-0001".into(),
            started_at: "2026-01-31 10:22:05".into(),
            length_secs: None,
            talk_secs: None,
            wait_secs: None,
            outcome: String::new(),
            cause: None,
            campaign: String::new(),
            direction: String::new(),
            agent: Some(agent.into()),
            answered: true,
            source: String::new(),
            destination: String::new(),
            rating: None,
            days: Vec::new(),
            legs: Vec::new(),
        }
    }

    #[test]
    fn a_name_says_when_and_whose_on_every_system() {
        assert_eq!(recording_name(&call("Ana/Lía: 2"), None), "2026-01-31 10.22.05 Ana-Lía. 2");
        assert_eq!(recording_name(&call("Ana"), Some((61.0, 75.5))), "2026-01-31 10.22.05 Ana 1.01-1.15");
        for (text, expected) in [
            ("..\\..\\etc/passwd", "etc-passwd"),
            ("nul", "_nul"),
            ("COM1.txt", "_COM1.txt"),
            ("lpt9", "_lpt9"),
            ("common", "common"),
            ("ends with dots... ", "ends with dots"),
            ("\u{202E}3pm.exe", "3pm.exe"),
            ("a\u{0}b\nc", "a-b-c"),
            ("...", "recording"),
            ("", "recording"),
        ] {
            let name = safe(text);
            assert_eq!(name.trim_start_matches('-'), expected.trim_start_matches('-'), "{text:?}");
            assert!(!name.contains(['/', '\\']), "{name:?}");
        }
        let long = safe(&"ñ".repeat(400));
        assert!(long.chars().count() <= LONGEST && long.len() <= LONGEST_BYTES);
    }

    #[test]
    fn no_two_files_have_one_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.mp3"), b"").unwrap();
        let mut given = HashSet::new();
        let names: Vec<String> =
            ["a", "b", "B", "b"].iter().map(|name| unique(folder.path(), name, "mp3", &mut given)).collect();
        assert_eq!(names, ["a (2).mp3", "b.mp3", "B (2).mp3", "b (3).mp3"]);
    }
}

//! Names for files a person takes along: good on every system, and no two alike.

use std::collections::BTreeSet;
use std::path::Path;

/// Letters before the ending: with the folder before it, well inside what Windows allows.
const LONGEST: usize = 100;
/// Bytes before the ending: systems that count bytes allow 255 with it.
const LONGEST_BYTES: usize = 200;
/// Names Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$"];

/// The text with nothing in it that a file system would stumble over; `otherwise` when nothing of it is left.
pub fn safe(text: &str, otherwise: &str) -> String {
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
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

/// Marks that turn or hide the text around them.
fn is_format(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A name with its ending that is neither taken in this folder nor given out before; capitals do not count.
pub fn unique(folder: &Path, name: &str, ending: &str, given: &mut BTreeSet<String>) -> String {
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

    #[test]
    fn a_name_is_good_on_every_system() {
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
            let name = safe(text, "recording");
            assert_eq!(name.trim_start_matches('-'), expected.trim_start_matches('-'), "{text:?}");
            assert!(!name.contains(['/', '\\']), "{name:?}");
        }
        let long = safe(&"ñ".repeat(400), "recording");
        assert!(long.chars().count() <= LONGEST && long.len() <= LONGEST_BYTES);
    }

    #[test]
    fn no_two_files_have_one_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.mp3"), b"").unwrap();
        let mut given = BTreeSet::new();
        let names: Vec<String> =
            ["a", "b", "B", "b"].iter().map(|name| unique(folder.path(), name, "mp3", &mut given)).collect();
        assert_eq!(names, ["a (2).mp3", "b.mp3", "B (2).mp3", "b (3).mp3"]);
    }
}

//! Names and words in our own files.

use super::Source;
use crate::tool;

/// Names that say nothing about what a thing is for.
const VAGUE: [&str; 4] = ["Manager", "Service", "Helper", "Util"];

/// Words that a name of ours follows.
const KINDS: [&str; 8] = ["struct", "enum", "trait", "union", "type", "mod", "class", "interface"];

/// Ways to ask the computer what time it is.
const NOW: [&str; 3] = ["Utc::now", "Local::now", "SystemTime::now"];

/// Who may: the one clock, the simulated server, which is another computer, and the cache, which puts its files in order by
/// the file system's own times.
const TOLD_THE_TIME: [&str; 3] = ["crates/clock/src/", "crates/simulator/src/", "crates/calls/src/cache.rs"];

/// Every text file Git knows of or would take, generated ones aside.
///
/// # Errors
/// Git failed.
pub fn own_files() -> Result<Vec<Source>, String> {
    let listed =
        tool::output(tool::command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut files: Vec<&str> = listed.lines().filter(|path| !path.ends_with("-lock.json")).collect();
    files.sort_unstable();
    files.dedup();
    // A file that is no text, or listed but already removed, has no words to judge.
    Ok(files
        .into_iter()
        .filter_map(|path| Some(Source { path: path.to_owned(), text: tool::read(path).ok()? }))
        .collect())
}

/// Judges them.
pub fn check(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .flat_map(|source| {
            [vague_names(source), wall(source), places(source), clocks(source), magic(source)].concat()
        })
        .collect()
}

fn vague_names(source: &Source) -> Vec<String> {
    let mut broken = Vec::new();
    let file = source.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    for word in file.split(|letter: char| !letter.is_alphanumeric()) {
        if VAGUE
            .iter()
            .any(|vague| word == vague.to_lowercase() || word == format!("{}s", vague.to_lowercase()))
        {
            broken.push(format!("{}: a file named {word}", source.path));
        }
    }
    if !source.is(&["rs", "ts", "svelte"]) {
        return broken;
    }
    for (number, line) in source.text.lines().enumerate() {
        let words: Vec<&str> = line
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty())
            .collect();
        if line.trim_start().starts_with("//") || line.trim_start().starts_with('*') {
            continue;
        }
        for pair in words.windows(2).filter(|pair| KINDS.contains(&pair[0])) {
            let name = pair[1].to_lowercase();
            if VAGUE.iter().any(|vague| pair[1].contains(vague) || name == vague.to_lowercase()) {
                broken.push(format!(
                    "{}:{}: {} is a name that says nothing",
                    source.path,
                    number + 1,
                    pair[1]
                ));
            }
        }
    }
    broken
}

/// Only `ui/src/lib/host` speaks to the shell.
fn wall(source: &Source) -> Vec<String> {
    let inside = source.path.starts_with("ui/src/lib/host/");
    if !source.path.starts_with("ui/src/") || inside || !source.is(&["ts", "svelte", "js"]) {
        return Vec::new();
    }
    let lines = source.text.lines().enumerate();
    lines
        .filter(|(_, line)| {
            line.contains("@tauri-apps/") && (line.contains("import") || line.contains("from"))
        })
        .map(|(number, _)| {
            format!("{}:{}: only ui/src/lib/host speaks to the shell", source.path, number + 1)
        })
        .collect()
}

/// Paths of somebody's machine: they mean nothing on another one.
fn places(source: &Source) -> Vec<String> {
    let folders = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let mut broken = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for folder in &folders {
            let starts_a_path = |at: usize| {
                let before = line[..at].chars().next_back();
                let after = line[at + folder.len()..].chars().next();
                before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-/*}>$]".contains(letter))
                    && after.is_some_and(char::is_alphanumeric)
            };
            if line.match_indices(folder.as_str()).any(|(at, _)| starts_a_path(at)) {
                broken.push(format!("{}:{}: a path of one machine", source.path, number + 1));
            }
        }
    }
    broken
}

/// What time it is comes from `atalaya-clock`, which can be held.
fn clocks(source: &Source) -> Vec<String> {
    let of_the_program = source.path.starts_with("src-tauri/")
        || source.path.strip_prefix("crates/").is_some_and(|path| path.contains("/src/"));
    let may = TOLD_THE_TIME.iter().any(|path| source.path.starts_with(path));
    if !of_the_program || may || !source.is(&["rs"]) {
        return Vec::new();
    }
    let lines = source.text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim_start().starts_with("//") && NOW.iter().any(|now| line.contains(now)))
        .map(|(number, _)| format!("{}:{}: the time comes from a clock", source.path, number + 1))
        .collect()
}

/// What files of sound begin with, and the test for the half byte that GSM's frames do, without blanks.
const MAGIC: [&str; 7] = ["\"RIFF", "\"ID3", ">>4==0xd", ">>4!=0xd", "&0xf0==0xd0", "&0xf0!=0xd0", "u8=0xd;"];

/// What bytes are is told in one place. What writes such a file has to write how it begins; so do tests.
fn magic(source: &Source) -> Vec<String> {
    let path = &source.path;
    let ours = path.starts_with("crates/") || path.starts_with("src-tauri/");
    let tells = path.starts_with("crates/player/src/container");
    let writes = path == "crates/player/src/wav.rs" || path.starts_with("crates/simulator/src/");
    let tests = ["/tests/", "/tests.rs", "/testing.rs", "/benches/", "/examples/"];
    if !ours || tells || writes || !source.is(&["rs"]) || tests.iter().any(|part| path.contains(part)) {
        return Vec::new();
    }
    // Tests come last in a file.
    let own = source.text.split("mod tests {").next().unwrap_or_default();
    let code = own.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter(|(_, line)| {
        let tight: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
        MAGIC.iter().any(|magic| tight.contains(magic) || tight.to_lowercase().contains(magic))
    })
    .map(|(number, _)| format!("{path}:{}: what bytes are is told in player/container", number + 1))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_finds_what_breaks_it_and_nothing_else() {
        let machine = format!("see {}", ["", "root", "notes"].join("/"));
        // The wave keeps these lines from breaking the rules themselves.
        let cases = [
            ("src/a.rs", "str~uct Poll~Manager;", 1),
            ("src/a.rs", "use tauri::Manager; // the trait of another\n/// struct Poll~Manager", 0),
            ("src/a.rs", "mo~d util;", 1),
            ("src/a.rs", "mod utility_rates;\nstr~uct Util~ity;", 1),
            ("src/call_utils.rs", "", 1),
            ("ui/src/lib/state/floor.svelte.ts", "import { invoke } from '@tauri-apps/api/core';", 1),
            ("ui/src/lib/host/tauri.ts", "import { invoke } from '@tauri-apps/api/core';", 0),
            ("crates/desk/src/session.rs", "let at = chrono::Utc::now();\n// not Utc::now()", 1),
            ("src-tauri/walls.rs", "SystemTime::now()", 1),
            ("crates/clock/src/lib.rs", "SystemTime::now()", 0),
            ("crates/desk/tests/a_shift.rs", "chrono::Utc::now()", 0),
            ("crates/desk/src/a.rs", "if first == *b\"RIFF\" {", 1),
            ("crates/calls/src/a.rs", "bytes.starts_with(b\"ID3\")\nframe[0] >> 4 == 0xD", 2),
            ("crates/calls/src/a.rs", "// b\"RIFF\"\n#[cfg(test)]\nmod tests { b\"RIFF\" }", 0),
            ("crates/player/src/container/riff.rs", "bytes.starts_with(b\"RIFF\")", 0),
            ("crates/player/src/wav.rs", "header.extend_from_slice(b\"RIFF\");", 0),
            ("crates/cli/tests/commands.rs", "assert_eq!(&bytes[..4], b\"RIFF\");", 0),
            ("docs/A.md", "a class Man~ager in words", 0),
            ("docs/A.md", &machine, 1),
            ("docs/A.md", "https://example.org/home/page and ui/src/views/home/A.svelte", 0),
        ];
        for (path, text, count) in cases {
            let found = check(&[Source { path: path.into(), text: text.replace('~', "") }]);
            assert_eq!(found.len(), count, "{path}: {text}: {found:?}");
        }
    }
}

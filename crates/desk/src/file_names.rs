//! How the file of a recording is called.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use atalaya_calls::wire::Call;
use atalaya_export::{safe, unique};

/// A name that sorts by day and says whose call it is, without an ending: `2026-01-31 10.22.05 Ana Lía`, with the part
/// (`1.01-1.15`) when it is one.
pub(crate) fn recording_name(call: &Call, part: Option<(f64, f64)>) -> String {
    let clock = |secs: f64| format!("{}.{:02}", (secs / 60.0) as u64, (secs % 60.0) as u64);
    let started: String = call.started_at.chars().take(19).collect();
    let who = call.agent.as_deref().unwrap_or(&call.guid);
    let part = part.map_or_else(String::new, |(from, to)| format!(" {}-{}", clock(from), clock(to)));
    safe(&format!("{started} {who}{part}"), "recording")
}

/// What the name of a file ends in, before the dot, that holds a recording only in part: how many hundredths of it, where
/// that is known. The same in every language.
pub(crate) fn incomplete(percent: Option<u8>) -> String {
    percent.map_or_else(|| " [...]".to_owned(), |percent| format!(" [{percent}%]"))
}

/// The path of a file that holds a recording only in part, from the one it was to have; one that is free, unless the name
/// says already that something is missing.
pub(crate) fn incomplete_path(path: &Path, percent: Option<u8>) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    let says = incomplete(percent);
    if stem.contains(&says) {
        return path.to_owned();
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    folder.join(unique(folder, &format!("{stem}{says}"), &ending, &mut BTreeSet::new()))
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
            direction: atalaya_calls::wire::Direction::Inbound,
            agent: Some(agent.into()),
            answered: true,
            others_unread: false,
            source: String::new(),
            destination: String::new(),
            rating: None,
            days: Vec::new(),
            legs: Vec::new(),
        }
    }

    #[test]
    fn a_name_says_when_and_whose() {
        assert_eq!(recording_name(&call("Ana/Lía: 2"), None), "2026-01-31 10.22.05 Ana-Lía. 2");
        assert_eq!(recording_name(&call("Ana"), Some((61.0, 75.5))), "2026-01-31 10.22.05 Ana 1.01-1.15");
    }
    #[test]
    fn a_file_of_a_part_says_so_and_replaces_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Ana.mp3");
        let part = incomplete_path(&path, Some(40));
        assert_eq!(part, folder.path().join("Ana [40%].mp3"));
        std::fs::write(&part, b"").unwrap();
        assert_eq!(incomplete_path(&path, Some(40)), folder.path().join("Ana [40%] (2).mp3"));
        assert_eq!(incomplete_path(&part, Some(40)), part, "it says so already");
        assert_eq!(incomplete_path(&path, None), folder.path().join("Ana [...].mp3"));
    }
}

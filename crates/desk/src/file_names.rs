//! How the file of a recording is called: by a pattern, which a person may choose.
//!
//! Whatever comes of a pattern is a good name on every system. Left out on purpose: that no two files have one name (who
//! writes many), and words.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use atalaya_calls::wire::{Call, Direction};
use atalaya_export::{safe, unique};
use serde::Serialize;
use ts_rs::TS;

/// The pattern where none was chosen: it sorts by day and says whose call it is.
pub(crate) const USUAL: &str = "{date} {time} {agent}";
/// Letters of the longest pattern.
pub(crate) const LONGEST: usize = 200;
/// What can stand in braces.
const PLACEHOLDERS: [&str; 7] = ["date", "time", "campaign", "agent", "number", "guid", "direction"];

/// What a pattern comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecordingNames {
    /// The name of an example, with its ending.
    pub example: String,
    /// What stands in braces and is nothing, each once, without the braces.
    pub unknown: Vec<String>,
    /// A brace stands alone.
    pub unclosed: bool,
    /// What can stand in braces.
    pub known: Vec<String>,
}

/// A piece of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
    /// A brace without its other one.
    Brace,
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let inner = from.strip_prefix('{').and_then(|inner| inner.split_once(['{', '}']));
        match inner {
            Some((name, _)) if from[1 + name.len()..].starts_with('}') => {
                pieces.push(Piece::Placeholder(name));
                rest = &from[name.len() + 2..];
            }
            _ => {
                pieces.push(Piece::Brace);
                rest = &from[1..];
            }
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// A pattern inside its limits; one that would say nothing is the usual one.
pub(crate) fn pattern_within_limits(typed: &str) -> String {
    let pattern: String = typed.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    let says_something = pieces(&pattern).iter().any(|piece| match piece {
        Piece::Placeholder(name) => PLACEHOLDERS.contains(name),
        Piece::Text(text) => text.chars().any(char::is_alphanumeric),
        Piece::Brace => false,
    });
    if says_something { pattern } else { USUAL.to_owned() }
}

/// What a pattern comes to for a call that nobody made.
pub fn recording_names(pattern: &str) -> RecordingNames {
    let example = Call {
        guid: "3f2a9c1e-0042".into(),
        started_at: "2026-03-10 14:08:31".into(),
        length_secs: None,
        talk_secs: None,
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: "Soporte<-".into(),
        direction: Direction::Inbound,
        agent: Some("Lucía Pereira".into()),
        answered: true,
        others_unread: false,
        source: "099123456".into(),
        destination: String::new(),
        rating: None,
        days: Vec::new(),
        legs: Vec::new(),
    };
    let (mut unknown, mut unclosed) = (Vec::new(), false);
    for piece in pieces(pattern) {
        match piece {
            Piece::Placeholder(name) if !PLACEHOLDERS.contains(&name) => {
                if !unknown.iter().any(|known| known == name) {
                    unknown.push(name.to_owned());
                }
            }
            Piece::Brace => unclosed = true,
            Piece::Placeholder(_) | Piece::Text(_) => {}
        }
    }
    let pattern = pattern_within_limits(pattern);
    RecordingNames {
        example: format!("{}.wav", recording_name(&pattern, &example, None)),
        unknown,
        unclosed,
        known: PLACEHOLDERS.map(str::to_owned).into(),
    }
}

/// The name of a call's recording, without an ending, with the part (`1.01-1.15`) when it is one: by the usual pattern
/// `2026-01-31 10.22.05 Ana Lía 1.01-1.15`.
pub(crate) fn recording_name(pattern: &str, call: &Call, part: Option<(f64, f64)>) -> String {
    let clock = |secs: f64| format!("{}.{:02}", (secs / 60.0) as u64, (secs % 60.0) as u64);
    let part = part.map_or_else(String::new, |(from, to)| format!(" {}-{}", clock(from), clock(to)));
    let pieces = pieces(pattern);
    let says_guid = pieces.contains(&Piece::Placeholder("guid"));
    let mut name = String::new();
    for piece in &pieces {
        match piece {
            Piece::Text(text) => name.push_str(text),
            Piece::Placeholder(what) => name.push_str(&value(what, call, says_guid)),
            Piece::Brace => {}
        }
    }
    // What is empty leaves no hole.
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(|letter: char| matches!(letter, '-' | '_' | ' '));
    // The part is what tells two files of one call apart: it is never cut.
    format!("{}{part}", safe(name, "recording"))
}

fn value(what: &str, call: &Call, says_guid: bool) -> String {
    let (date, time) = call.started_at.split_once(' ').unwrap_or((&call.started_at, ""));
    let first = |text: &str, letters: usize| text.chars().take(letters).collect::<String>();
    match what {
        "date" => first(date, 10),
        "time" => first(time, 8),
        "campaign" => {
            let name = &call.campaign;
            name.strip_suffix("<-").or_else(|| name.strip_suffix("->")).unwrap_or(name).to_owned()
        }
        // Of a call that nobody took something tells it from the others.
        "agent" => match &call.agent {
            Some(agent) => agent.clone(),
            None if says_guid => String::new(),
            None => call.guid.clone(),
        },
        "number" => match call.direction {
            Direction::Inbound => call.source.clone(),
            Direction::Outbound => call.destination.clone(),
        },
        "guid" => call.guid.clone(),
        "direction" => call.direction.name().to_owned(),
        unknown => unknown.to_owned(),
    }
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
        let usual = |call: &Call, part| recording_name(USUAL, call, part);
        assert_eq!(usual(&call("Ana/Lía: 2"), None), "2026-01-31 10.22.05 Ana-Lía. 2");
        assert_eq!(usual(&call("Ana"), Some((61.0, 75.5))), "2026-01-31 10.22.05 Ana 1.01-1.15");
        let nobodys = Call { agent: None, ..call("") };
        assert_eq!(usual(&nobodys, None), "2026-01-31 10.22.05 guid-0001");
    }

    #[test]
    fn a_name_follows_the_pattern_and_what_is_empty_leaves_no_hole() {
        let of = |pattern: &str| {
            let call = Call { campaign: "Ventas->".into(), direction: Direction::Outbound, ..call("Ana") };
            recording_name(pattern, &Call { destination: "099 1".into(), ..call }, None)
        };
        for (pattern, name) in [
            ("{campaign}_{agent}_{date}", "Ventas_Ana_2026-01-31"),
            ("{direction} {number}", "outbound 099 1"),
            ("{guid}/{time}", "guid-0001-10.22.05"),
            ("a {who} b", "a who b"),
            ("{date} {", "2026-01-31"),
            ("nul", "_nul"),
            ("../../{guid}", "guid-0001"),
            ("  {date}   {agent}  ", "2026-01-31 Ana"),
        ] {
            assert_eq!(of(pattern), name, "{pattern}");
        }
        let nobodys = Call { agent: None, source: String::new(), ..call("") };
        assert_eq!(recording_name("{number} - {agent} {guid}", &nobodys, None), "guid-0001");
        let long = recording_name(&"x".repeat(LONGEST), &call("Ana"), Some((1.0, 2.0)));
        assert!(long.ends_with(" 0.01-0.02") && long.chars().count() < 120, "{long}");
    }

    #[test]
    fn a_pattern_says_what_it_comes_to_and_what_in_it_is_nothing() {
        let of = recording_names("{date}_{campaña} {campaña} {number}");
        assert_eq!(of.example, "2026-03-10_campaña campaña 099123456.wav");
        assert_eq!((of.unknown, of.unclosed), (vec!["campaña".to_owned()], false));
        assert_eq!(of.known, PLACEHOLDERS);
        for bad in ["{date", "date}", "{da{te}", "}{"] {
            assert!(recording_names(bad).unclosed, "{bad}");
        }
        assert_eq!(recording_names("").example, recording_names(USUAL).example);
        assert_eq!(pattern_within_limits(" {} - {!} "), USUAL, "nothing that tells anything");
        assert_eq!(pattern_within_limits(" {guid}\n"), "{guid}");
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

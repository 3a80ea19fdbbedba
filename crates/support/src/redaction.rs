//! What leaves this computer with a report says nothing of anybody: one step after the other takes away what is private,
//! and puts a mark in its place that is the same wherever the same thing stood, so that lines can still be put together.
//!
//! Too much rather than too little: a version with four parts is taken for an address, and that is no harm. Left out on purpose:
//! passwords and tokens as such, which never get into a log or an error; the steps find those of others.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};

/// Shorter names would be found in words.
const SHORTEST_NAME: usize = 3;
/// Of a longer one so much is enough.
const LONGEST_NAME: usize = 200;
/// So many are looked for at once.
const NAMES_AT_ONCE: usize = 500;

/// What is known to be somebody's.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The person's own folder on this computer.
    pub home: Option<PathBuf>,
    /// What they are called on this computer, and at the server.
    pub people: Vec<String>,
    /// Names of campaigns, agents and hosts, where they are to be left out.
    pub names: Vec<String>,
    /// Names of hosts are left out too.
    pub hosts: bool,
}

/// Takes away what is private, a text after the other: what was marked in one has the same mark in the next.
pub struct Redaction {
    home: Option<String>,
    names: Vec<Regex>,
    hosts: bool,
    marks: HashMap<(&'static str, String), usize>,
    counts: HashMap<&'static str, usize>,
}

/// Compiled once.
macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a pattern"));
    };
}

pattern!(
    URL,
    r#"(?P<scheme>\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://)(?:[^\s/?#"'@]*@)?(?P<host>[^\s/?#"'<>]*)(?P<path>[^\s?#"'<>]*)(?P<query>[?#][^\s"'<>]*)?"#
);
pattern!(
    SECRET,
    r#"(?i)(?P<what>pass(?:word|wd|phrase)?|secret|token|authorization|cookie|jsessionid|api[_-]?key|contrase(?:ñ|n)a|senha)(?P<is>["']?\s*[:=]\s*["']?)(?P<value>(?:(?:bearer|basic)\s+)?[^\s"',;&}\])]+)"#
);
pattern!(BEARER, r"(?i)\b(?P<what>bearer|basic)\s+(?P<value>[a-z0-9+/_.~=-]{8,})");
pattern!(MAIL, r"\b[\p{L}0-9._%+-]+@[\p{L}0-9.-]+\.\p{L}{2,}\b");
pattern!(
    FOLDER,
    r#"(?P<before>/home/|/Users/|/root\b|[A-Za-z]:\\Users\\|[A-Za-z]:\\\\Users\\\\)(?P<person>[^/\\\s"':]*)"#
);
pattern!(CALL, r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b");
pattern!(ADDRESS, r"(?i)\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b");
pattern!(WORD, r"[A-Za-z0-9+/_=-]{20,}");
// What is kept comes first: a moment, a figure with its unit.
pattern!(
    NUMBER,
    r"(?P<kept>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\w*_(?:ms|secs|bytes)=\d+|\b\w*(?:Ms|Secs|Bytes|PerMinute|PerSecond)\W{1,3}\d+|\b0x[0-9a-f]+)|(?P<number>\+?\(?\d(?:[ ().-]{0,2}\d){6,})"
);

impl Redaction {
    /// One that knows this.
    pub fn new(known: Known) -> Self {
        let mut names: Vec<String> = known.people.into_iter().chain(known.names).collect();
        names.retain(|name| name.trim().chars().count() >= SHORTEST_NAME);
        // The longest first: one that is part of another is not found in it.
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        let names = names.chunks(NAMES_AT_ONCE).filter_map(|some| {
            let some = some.iter().map(|name| name.trim().chars().take(LONGEST_NAME).collect::<String>());
            let any = some.map(|name| regex::escape(&name)).collect::<Vec<_>>().join("|");
            RegexBuilder::new(&any).case_insensitive(true).size_limit(usize::MAX).build().ok()
        });
        let names = names.collect();
        Self {
            home: known.home.map(|home| home.display().to_string()).filter(|home| home.len() > 1),
            names,
            hosts: known.hosts,
            marks: HashMap::new(),
            counts: HashMap::new(),
        }
    }

    /// The text without what is private; as many lines as before.
    pub fn text(&mut self, text: &str) -> String {
        let text = match &self.home {
            Some(home) => text.replace(home.as_str(), "~"),
            None => text.to_owned(),
        };
        let text = SECRET.replace_all(&text, "$what$is[secret]");
        let text = BEARER.replace_all(&text, "$what [secret]");
        let text = self.urls(&text);
        let text = self.each(&MAIL, &text, |marks, found| Some(marks.mark("mail", &found[0])));
        let text = FOLDER.replace_all(&text, "$before[person]");
        let mut text = text.into_owned();
        for names in self.names.clone() {
            text = self.each(&names, &text, |marks, found| Some(marks.mark("name", &found[0])));
        }
        let text = self.each(&CALL, &text, |marks, found| Some(marks.mark("call", &found[0])));
        let text = self.each(&ADDRESS, &text, |marks, found| {
            (!found[0].starts_with("127.")).then(|| marks.mark("address", &found[0]))
        });
        let text = self.each(&WORD, &text, |_, found| looks_drawn(&found[0]).then(|| "[secret]".to_owned()));
        self.each(&NUMBER, &text, |marks, found| {
            let number = found.name("number")?.as_str();
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            Some(marks.mark("number", &digits))
        })
    }

    /// What an address leads to stays, and where it is as far as it may; what is asked there does not.
    fn urls(&mut self, text: &str) -> String {
        let hosts = self.hosts;
        self.each(&URL, text, |marks, found| {
            let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
            let (bare, port) =
                part("host").rsplit_once(':').map_or((part("host"), None), |(h, p)| (h, Some(p)));
            let host = if hosts && !is_here(bare) && !bare.is_empty() {
                marks.mark("host", bare)
            } else {
                bare.to_owned()
            };
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            let query = if found.name("query").is_some() { "?[query]" } else { "" };
            Some(format!("{}{host}{port}{}{query}", part("scheme"), part("path")))
        })
    }

    /// Every find replaced; `None`: it stays.
    fn each(
        &mut self,
        pattern: &Regex,
        text: &str,
        with: impl Fn(&mut Self, &Captures) -> Option<String>,
    ) -> String {
        pattern
            .replace_all(text, |found: &Captures| with(self, found).unwrap_or_else(|| found[0].to_owned()))
            .into_owned()
    }

    fn mark(&mut self, kind: &'static str, found: &str) -> String {
        // Marked already, by a step before.
        if found.starts_with('[') {
            return found.to_owned();
        }
        let counts = &mut self.counts;
        let number = self.marks.entry((kind, found.to_lowercase())).or_insert_with(|| {
            let count = counts.entry(kind).or_insert(0);
            *count += 1;
            *count
        });
        format!("[{kind} {number}]")
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

/// A word nobody typed: letters and digits mixed, as in a token or a hash. Paths and names of functions are words.
fn looks_drawn(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    digits >= 4
        && letters >= 4
        && !word
            .split(['/', '_', '-'])
            .any(|part| part.len() >= 4 && part.chars().all(|c| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known() -> Known {
        Known {
            home: Some("/srv/people/rosalia".into()),
            people: vec!["rosalia".to_owned(), "rlopez".to_owned()],
            names: vec!["Ventas Norte<-".to_owned(), "Ventas".to_owned(), "agente07".to_owned()],
            hosts: true,
        }
    }

    fn all(text: &str) -> String {
        Redaction::new(known()).text(text)
    }

    #[test]
    fn what_is_private_is_not_there_and_what_helps_is() {
        for (before, after) in [
            ("called 099 123 456 back", "called [number 1] back"),
            ("+598 (2) 901-2345 and 59829012345", "[number 1] and [number 1]"),
            (
                "2026-11-28T10:11:12.123456Z  INFO took_ms=1234567 size_bytes=12345678",
                "2026-11-28T10:11:12.123456Z  INFO took_ms=1234567 size_bytes=12345678",
            ),
            (
                "\"sinceMs\": 1764300000000, \"cacheMaxBytes\": 1073741824",
                "\"sinceMs\": 1764300000000, \"cacheMaxBytes\": 1073741824",
            ),
            (
                "https://ana:secreto@centro.example:8443/Integra/resources/x?token=abc&user=ana",
                "https://[host 1]:8443/Integra/resources/x?[query]",
            ),
            ("GET http://127.0.0.1:4000/a", "GET http://127.0.0.1:4000/a"),
            ("password=hunter2 token: \"abc\"", "password=[secret] token: \"[secret]\""),
            ("Authorization: Bearer abcdefgh", "Authorization: [secret]"),
            ("sent with Bearer abcdefgh12", "sent with Bearer [secret]"),
            ("mail ana.perez@centro.example now", "mail [mail 1] now"),
            (
                "/srv/people/rosalia/.local/share/atalaya and /Users/otro/x",
                "~/.local/share/atalaya and /Users/[person]/x",
            ),
            (r"C:\Users\Ana\AppData", r"C:\Users\[person]\AppData"),
            ("VENTAS NORTE<- waits, ventas too, rlopez", "[name 1] waits, [name 2] too, [name 3]"),
            ("call 0F8FAD5B-D9CB-469F-A165-70867728950E of 10.0.12.7", "call [call 1] of [address 1]"),
            ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 went", "[secret] went"),
            (
                "atalaya_calls::locate::whole_recording_of_a_day_2026",
                "atalaya_calls::locate::whole_recording_of_a_day_2026",
            ),
            ("in 3 of 12 campaigns, 300 agents", "in 3 of 12 campaigns, 300 agents"),
        ] {
            assert_eq!(all(before), after);
        }
    }

    #[test]
    fn names_and_hosts_stay_where_they_may_and_numbers_never() {
        let mut redaction = Redaction::new(Known::default());
        assert_eq!(
            redaction.text("Ventas at https://centro.example/x called 099123456"),
            "Ventas at https://centro.example/x called [number 1]"
        );
    }

    #[test]
    fn thousands_of_names_are_all_found() {
        let names = (0..6_000).map(|number| format!("persona {number} con nombre largo")).collect();
        let mut redaction = Redaction::new(Known { names, ..Known::default() });
        let text = redaction.text(
            "Persona 17 con nombre largo, persona 5999 con nombre largo, persona 6000 con nombre largo",
        );
        assert!(!text.contains("persona 5999") && !text.contains("Persona 17"), "{text}");
        assert!(text.ends_with(", persona 6000 con nombre largo"), "{text}");
    }

    #[test]
    fn the_same_has_the_same_mark_in_every_part() {
        let mut redaction = Redaction::new(known());
        assert_eq!(redaction.text("Ventas 099123456"), "[name 1] [number 1]");
        assert_eq!(redaction.text("091000000 ventas 099 123 456"), "[number 2] [name 1] [number 1]");
    }

    proptest! {
        #[test]
        fn no_number_survives_and_no_line_is_lost(text in "(?s)[ -~\\n]{0,120}", number in "0[0-9]{8}") {
            let whole = format!("{text}\ncall from {number} now\n");
            let redacted = all(&whole);
            prop_assert!(!redacted.contains(&number), "{redacted}");
            prop_assert_eq!(redacted.lines().count(), whole.lines().count());
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let once = all(&text);
            prop_assert!(!once.to_lowercase().contains("ventas"), "{once}");
        }
    }
}

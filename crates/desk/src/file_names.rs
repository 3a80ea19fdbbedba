//! How the file of a recording is called.

use atalaya_calls::wire::Call;
use atalaya_export::safe;

/// A name that sorts by day and says whose call it is, without an ending: `2026-01-31 10.22.05 Ana Lía`, with the part
/// (`1.01-1.15`) when it is one.
pub(crate) fn recording_name(call: &Call, part: Option<(f64, f64)>) -> String {
    let clock = |secs: f64| format!("{}.{:02}", (secs / 60.0) as u64, (secs % 60.0) as u64);
    let started: String = call.started_at.chars().take(19).collect();
    let who = call.agent.as_deref().unwrap_or(&call.guid);
    let part = part.map_or_else(String::new, |(from, to)| format!(" {}-{}", clock(from), clock(to)));
    safe(&format!("{started} {who}{part}"), "recording")
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
}

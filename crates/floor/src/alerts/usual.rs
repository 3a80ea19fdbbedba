//! The rules that hold until somebody chooses otherwise.

use crate::wire::{Hears, Measure, Rule, Severity};

/// What holds until somebody chooses otherwise: colours for what is looked at, and alerts of what needs a hand within
/// minutes, nothing that would be raised all day. One rule for each measure.
pub fn default_rules() -> Vec<Rule> {
    let rule = |id: &str, measure, warn, bad, hold_secs| Rule {
        id: id.to_owned(),
        measure,
        campaign: None,
        team: None,
        reason: None,
        warn,
        bad,
        relative: false,
        at_most: None,
        clear: None,
        hold_secs,
        cooldown_secs: 60,
        hears: Hears::Sound,
        from: Severity::Warn,
    };
    let unheard = |rule| Rule { hears: Hears::Nobody, ..rule };
    let from_red = |rule| Rule { from: Severity::Bad, ..rule };
    vec![
        from_red(rule("waiting", Measure::Waiting, Some(3.0), Some(6.0), 20)),
        from_red(Rule {
            relative: true,
            at_most: Some(120.0),
            ..rule("longestWait", Measure::LongestWait, Some(1.0), Some(3.0), 0)
        }),
        rule("nobodyAvailable", Measure::NobodyAvailable, Some(2.0), Some(4.0), 20),
        Rule {
            cooldown_secs: 900,
            ..rule("serviceLevelRecent", Measure::ServiceLevelRecent, Some(80.0), Some(70.0), 60)
        },
        unheard(rule("serviceLevel", Measure::ServiceLevel, Some(80.0), Some(70.0), 60)),
        unheard(rule("abandonRate", Measure::AbandonRate, Some(5.0), Some(8.0), 60)),
        unheard(Rule {
            clear: Some(40.0),
            cooldown_secs: 600,
            ..rule("redAhead", Measure::RedAhead, Some(50.0), Some(70.0), 90)
        }),
        from_red(rule("inPause", Measure::InPause, Some(600.0), Some(1_200.0), 0)),
        unheard(from_red(rule("pauseTotal", Measure::PauseTotal, None, None, 0))),
        unheard(rule("inCall", Measure::InCall, Some(480.0), Some(900.0), 0)),
        unheard(Rule { relative: true, ..rule("inWrapUp", Measure::InWrapUp, Some(1.0), Some(2.0), 0) }),
        unheard(rule("inRinging", Measure::InRinging, None, Some(30.0), 0)),
        unheard(rule("onHold", Measure::OnHold, Some(120.0), Some(300.0), 0)),
        unheard(rule("offline", Measure::Offline, Some(300.0), Some(900.0), 0)),
        rule("serverAway", Measure::ServerAway, Some(15.0), Some(30.0), 0),
    ]
}

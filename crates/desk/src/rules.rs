//! The rules a person keeps: one of all for each measure, exceptions after them, figures inside their limits; and what
//! colours and alerts were chosen by, apart, in earlier programs.
//!
//! Left out on purpose: judging by them (the floor's, and the window's for colours).

use std::collections::HashSet;

use atalaya_floor::default_rules;
use atalaya_floor::wire::{Hears, Measure, Rule, Severity};
use serde::Deserialize;
use serde_json::Value;

/// Rules kept.
const MOST_RULES: usize = 200;

/// Whether a rule is the one of all, not an exception.
fn of_all(rule: &Rule) -> bool {
    rule.campaign.is_none() && rule.team.is_none() && rule.reason.is_none()
}

/// One rule of all for each measure, in the usual order, whatever an older program kept; then each exception once.
pub(crate) fn tidied(mut rules: Vec<Rule>) -> Vec<Rule> {
    for rule in &mut rules {
        rule.hold_secs = rule.hold_secs.min(3_600);
        rule.cooldown_secs = rule.cooldown_secs.min(86_400);
        for text in [&mut rule.campaign, &mut rule.team, &mut rule.reason] {
            *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        for limit in [&mut rule.warn, &mut rule.bad, &mut rule.at_most, &mut rule.clear] {
            *limit = limit.filter(|limit| limit.is_finite() && *limit >= 0.0);
        }
    }
    let (all, exceptions): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(of_all);
    let usual = default_rules().into_iter().map(|usual| {
        let kept = all.iter().find(|rule| rule.measure == usual.measure);
        kept.map_or(usual.clone(), |kept| Rule { id: usual.id.clone(), ..kept.clone() })
    });
    let mut tidy: Vec<Rule> = usual.collect();
    let mut scopes = HashSet::new();
    let mut ids: HashSet<String> = tidy.iter().map(|rule| rule.id.clone()).collect();
    tidy.extend(exceptions.into_iter().filter(|rule| {
        let reason = rule.reason.as_deref().map(str::to_lowercase);
        scopes.insert((rule.measure, rule.campaign.clone(), rule.team.clone(), reason))
            && ids.insert(rule.id.clone())
    }));
    tidy.truncate(MOST_RULES);
    tidy
}

/// Colours as earlier programs kept them: percent, callers, seconds and minutes as named.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EarlierColours {
    service_level_target: f64,
    service_level_red: f64,
    abandoned_amber: f64,
    abandoned_red: f64,
    waiting_amber: f64,
    waiting_red: f64,
    longest_wait_red_max_secs: f64,
    pause_amber_mins: f64,
    pause_red_mins: f64,
    call_amber_mins: f64,
    call_red_mins: f64,
}

impl Default for EarlierColours {
    fn default() -> Self {
        Self {
            service_level_target: 80.0,
            service_level_red: 70.0,
            abandoned_amber: 5.0,
            abandoned_red: 8.0,
            waiting_amber: 3.0,
            waiting_red: 6.0,
            longest_wait_red_max_secs: 120.0,
            pause_amber_mins: 10.0,
            pause_red_mins: 20.0,
            call_amber_mins: 8.0,
            call_red_mins: 15.0,
        }
    }
}

/// Whether a figure of it has a colour; of the others alerts alone are raised.
fn coloured(measure: Measure) -> bool {
    !matches!(measure, Measure::RedAhead | Measure::Offline | Measure::PauseTotal | Measure::ServerAway)
}

/// Amber, red and the bound of relative limits.
type Limits = (Option<f64>, Option<f64>, Option<f64>);

impl EarlierColours {
    /// The limits of a measure; `None` where it had no colours.
    fn of(&self, measure: Measure) -> Option<Limits> {
        let both = |amber: f64, red: f64| Some((Some(amber), Some(red), None));
        match measure {
            Measure::Waiting => both(self.waiting_amber, self.waiting_red),
            Measure::LongestWait => Some((Some(1.0), Some(3.0), Some(self.longest_wait_red_max_secs))),
            Measure::ServiceLevel | Measure::ServiceLevelRecent => {
                both(self.service_level_target, self.service_level_red)
            }
            Measure::AbandonRate => both(self.abandoned_amber, self.abandoned_red),
            Measure::InPause => both(60.0 * self.pause_amber_mins, 60.0 * self.pause_red_mins),
            Measure::InCall => both(60.0 * self.call_amber_mins, 60.0 * self.call_red_mins),
            _ => None,
        }
    }
}

/// A rule of an alert as earlier programs kept it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EarlierRule {
    id: String,
    enabled: bool,
    measure: Measure,
    campaign: Option<String>,
    #[serde(default)]
    team: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    warn: Option<f64>,
    bad: Option<f64>,
    relative: bool,
    at_most: Option<f64>,
    clear: Option<f64>,
    hold_secs: u32,
    cooldown_secs: u32,
}

impl EarlierRule {
    fn of_all(&self) -> bool {
        self.campaign.is_none() && self.team.is_none() && self.reason.is_none()
    }

    /// Whether somebody chose the limits it is raised at: other ones than the program came with, or switched on.
    fn chosen(&self) -> bool {
        let (enabled, warn, bad, relative, at_most) = match self.measure {
            Measure::LongestWait => (true, None, Some(3.0), true, Some(120.0)),
            Measure::Waiting => (true, Some(4.0), Some(8.0), false, None),
            Measure::NobodyAvailable => (true, None, Some(2.0), false, None),
            Measure::ServiceLevelRecent => (true, Some(80.0), Some(70.0), false, None),
            Measure::ServiceLevel => (false, Some(80.0), Some(70.0), false, None),
            Measure::AbandonRate => (false, Some(5.0), Some(8.0), false, None),
            // Those programs had none.
            Measure::RedAhead => (false, Some(50.0), Some(70.0), false, None),
            Measure::InPause => (true, None, Some(1_200.0), false, None),
            Measure::InCall => (false, Some(480.0), Some(900.0), false, None),
            Measure::InWrapUp => (false, Some(2.0), Some(4.0), true, None),
            Measure::InRinging => (false, None, Some(30.0), false, None),
            Measure::OnHold => (false, Some(120.0), Some(300.0), false, None),
            Measure::Offline => (false, Some(300.0), Some(900.0), false, None),
            Measure::PauseTotal => (false, None, None, false, None),
            Measure::ServerAway => (true, Some(15.0), Some(30.0), false, None),
        };
        let limits = (self.warn, self.bad, self.relative, self.at_most);
        limits != (warn, bad, relative, at_most)
            || self.clear.is_some()
            || self.enabled && !enabled
            || !self.of_all()
    }

    /// The rule in place of `usual`. Where it was raised from red only, what is amber stays as it was.
    fn over(self, usual: &Rule) -> Rule {
        let mut rule = Rule {
            hears: if self.enabled { Hears::Sound } else { Hears::Nobody },
            hold_secs: self.hold_secs,
            cooldown_secs: self.cooldown_secs,
            ..usual.clone()
        };
        // The limits of a rule that was off coloured nothing.
        let falls = matches!(self.measure, Measure::ServiceLevel | Measure::ServiceLevelRecent);
        if self.chosen() && (self.enabled || !coloured(self.measure)) {
            let amber = usual.warn.filter(|amber| {
                usual.relative == self.relative && self.bad.is_some_and(|red| falls != (*amber < red))
            });
            (rule.from, rule.warn) =
                if self.warn.is_some() { (Severity::Warn, self.warn) } else { (Severity::Bad, amber) };
            (rule.bad, rule.relative, rule.at_most, rule.clear) =
                (self.bad, self.relative, self.at_most, self.clear);
        }
        if !self.of_all() {
            (rule.id, rule.campaign, rule.team, rule.reason) =
                (self.id, self.campaign, self.team, self.reason);
        }
        rule
    }
}

/// The rules that say what colours and alerts said apart. Where somebody chose both and they disagree, what they were
/// woken by counts. An exception that was switched off changed nothing, and is none any more.
pub(crate) fn earlier_rules(colours: Option<Value>, alerts: Option<Value>) -> Vec<Rule> {
    let colours: EarlierColours =
        colours.and_then(|colours| serde_json::from_value(colours).ok()).unwrap_or_default();
    let alerts: Vec<EarlierRule> = match alerts {
        Some(Value::Array(rules)) => {
            rules.into_iter().filter_map(|rule| serde_json::from_value(rule).ok()).collect()
        }
        _ => Vec::new(),
    };
    let as_coloured = |usual: Rule| match colours.of(usual.measure) {
        Some((warn, bad, at_most)) => Rule { warn, bad, at_most, ..usual },
        None => usual,
    };
    let usual: Vec<Rule> = default_rules().into_iter().map(as_coloured).collect();
    let of_all = usual.iter().map(|usual| {
        let kept = alerts.iter().find(|rule| rule.of_all() && rule.measure == usual.measure);
        kept.map_or(usual.clone(), |kept| kept.clone().over(usual))
    });
    let mut rules: Vec<Rule> = of_all.collect();
    for exception in alerts.iter().filter(|rule| !rule.of_all() && rule.enabled) {
        if let Some(usual) = usual.iter().find(|usual| usual.measure == exception.measure) {
            rules.push(exception.clone().over(usual));
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(rules: &[Rule], measure: Measure) -> &Rule {
        rules.iter().find(|rule| of_all(rule) && rule.measure == measure).unwrap()
    }

    /// As the program before kept it, untouched.
    fn kept(id: &str, enabled: bool, warn: Option<f64>, bad: Option<f64>) -> Value {
        json!({ "id": id, "enabled": enabled, "measure": id, "campaign": null, "warn": warn, "bad": bad,
                "relative": false, "atMost": null, "clear": null, "holdSecs": 20, "cooldownSecs": 60 })
    }

    #[test]
    fn nothing_chosen_is_nothing_changed() {
        let untouched = json!([
            kept("waiting", true, Some(4.0), Some(8.0)),
            kept("nobodyAvailable", true, None, Some(2.0))
        ]);
        assert_eq!(earlier_rules(None, Some(untouched)), default_rules());
        assert_eq!(earlier_rules(Some(json!({})), None), default_rules());
        assert_eq!(earlier_rules(Some(json!("?")), Some(json!(7))), default_rules());
    }

    #[test]
    fn what_was_chosen_of_either_holds_for_both() {
        let colours = json!({ "serviceLevelTarget": 90, "waitingAmber": 5, "waitingRed": 10, "pauseAmberMins": 5,
                              "longestWaitRedMaxSecs": 90, "callRedMins": 30 });
        let alerts = json!([
            kept("waiting", true, Some(4.0), Some(8.0)),
            kept("inPause", true, None, Some(900.0)),
            kept("inCall", true, Some(480.0), Some(900.0)),
            kept("abandonRate", false, Some(5.0), Some(1.0)),
            kept("offline", false, None, Some(20.0)),
            kept("onHold", true, Some(100.0), Some(200.0)),
            { "id": "broken" },
        ]);
        let rules = earlier_rules(Some(colours), Some(alerts));
        let waiting = of(&rules, Measure::Waiting);
        assert_eq!(
            (waiting.warn, waiting.bad, waiting.hold_secs),
            (Some(5.0), Some(10.0), 20),
            "coloured so"
        );
        let level = of(&rules, Measure::ServiceLevel);
        assert_eq!((level.warn, level.bad, level.hears), (Some(90.0), Some(70.0), Hears::Nobody));
        assert_eq!(of(&rules, Measure::ServiceLevelRecent).warn, Some(90.0));
        let pause = of(&rules, Measure::InPause);
        assert_eq!((pause.warn, pause.bad, pause.from), (Some(300.0), Some(900.0), Severity::Bad));
        assert_eq!(of(&rules, Measure::LongestWait).at_most, Some(90.0));
        let call = of(&rules, Measure::InCall);
        assert_eq!(
            (call.warn, call.bad, call.hears),
            (Some(480.0), Some(900.0), Hears::Sound),
            "woken by it"
        );
        let abandoned = of(&rules, Measure::AbandonRate);
        assert_eq!((abandoned.bad, abandoned.hears), (Some(8.0), Hears::Nobody), "nobody was woken by it");
        assert_eq!(of(&rules, Measure::Offline).bad, Some(20.0), "it colours nothing, and is there as typed");
        let hold = of(&rules, Measure::OnHold);
        assert_eq!((hold.warn, hold.bad, hold.from), (Some(100.0), Some(200.0), Severity::Warn));
    }

    #[test]
    fn exceptions_stay_with_their_limits() {
        let mut own = kept("waiting", true, None, Some(20.0));
        own["id"] = "own".into();
        own["campaign"] = "Ventas<-".into();
        own["holdSecs"] = 45.into();
        let mut off = own.clone();
        (off["id"], off["enabled"]) = ("off".into(), false.into());
        let rules = tidied(earlier_rules(None, Some(json!([own, off]))));
        let exceptions: Vec<&Rule> = rules.iter().filter(|rule| !of_all(rule)).collect();
        assert_eq!(exceptions.len(), 1);
        let own = exceptions[0];
        assert_eq!((own.id.as_str(), own.campaign.as_deref()), ("own", Some("Ventas<-")));
        assert_eq!((own.warn, own.bad, own.from), (Some(3.0), Some(20.0), Severity::Bad));
        assert_eq!((own.hold_secs, own.hears), (45, Hears::Sound));
    }

    #[test]
    fn each_measure_has_one_rule_and_each_exception_is_there_once() {
        let usual = default_rules();
        let exception = Rule {
            id: "x".into(),
            reason: Some(" Baño ".into()),
            team: Some(" ".into()),
            bad: Some(f64::NAN),
            hold_secs: 9_999,
            ..of(&usual, Measure::InPause).clone()
        };
        let twin = Rule { id: "y".into(), reason: Some("BAÑO".into()), ..exception.clone() };
        let another = Rule { id: "mine".into(), warn: Some(1.0), ..of(&usual, Measure::InCall).clone() };
        let rules = tidied(vec![exception, twin, another]);
        assert_eq!(rules.len(), usual.len() + 1);
        let call = of(&rules, Measure::InCall);
        assert_eq!((call.id.as_str(), call.warn), ("inCall", Some(1.0)));
        let last = rules.last().unwrap();
        assert_eq!(
            (last.reason.as_deref(), &last.team, last.bad, last.hold_secs),
            (Some("Baño"), &None, None, 3_600)
        );
        assert_eq!(tidied(rules.clone()), rules);
    }
}

//! Alerts of a stretch, and whether they are those of its twin in which nothing went wrong: for all that last.

use std::collections::BTreeMap;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::wire::{Alert, Hears, Measure, Rule, Snapshot};
use atalaya_floor::{Alerts, ClockWatch, default_rules};

/// One alert from its beginning to its end, since the beginning of the stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    pub raised: Duration,
    pub over: Option<Duration>,
    pub value: f64,
}

/// What it is about: the rule, and the person or else the campaign.
pub type About = (String, String);

/// The alerts of one stretch.
pub struct Watch {
    pub alerts: Alerts,
    clock: ClockWatch,
    pub episodes: BTreeMap<About, Vec<Episode>>,
}

/// What is watched in a stretch: more than anybody would want to hear of.
pub fn rules() -> Vec<Rule> {
    let mut rules = default_rules();
    for rule in &mut rules {
        rule.hears = if rule.measure == Measure::PauseTotal { Hears::Nobody } else { Hears::Sound };
        rule.cooldown_secs = 5;
        if rule.measure == Measure::InPause {
            (rule.warn, rule.bad) = (None, Some(240.0));
        }
    }
    rules
}

/// What is beyond its limits now.
fn beyond(alerts: &Alerts) -> BTreeMap<About, f64> {
    let parts = |alert: Alert| {
        let subject = alert.agent.or(alert.campaign).unwrap_or_default();
        let parts = alert.parts.into_iter().filter(|part| part.over_ms.is_none());
        parts.map(move |part| ((part.rule, subject.clone()), part.value)).collect::<Vec<_>>()
    };
    alerts.active().into_iter().flat_map(parts).collect()
}

impl Watch {
    pub fn new(clock: Clock) -> Self {
        Self { alerts: Alerts::new(rules()), clock: ClockWatch::new(clock), episodes: BTreeMap::new() }
    }

    /// Looks at the floor, as the desk does once a second.
    pub fn step(&mut self, snapshot: &Snapshot, now_ms: i64, now: Duration) {
        self.alerts.clock_moved(self.clock.look(), now_ms);
        let before = beyond(&self.alerts);
        self.alerts.step(snapshot, now_ms);
        let after = beyond(&self.alerts);
        for (about, value) in &after {
            if !before.contains_key(about) {
                let begun = Episode { raised: now, over: None, value: *value };
                self.episodes.entry(about.clone()).or_default().push(begun);
            }
        }
        for about in before.keys().filter(|about| !after.contains_key(*about)) {
            if let Some(last) = self.episodes.get_mut(about).and_then(|of| of.last_mut()) {
                last.over = Some(now);
            }
        }
    }
}

/// A time in which figures may have been missing, since the beginning.
pub type Span = (Duration, Duration);

/// How long one may take to be raised: its own duration and two periods are added.
pub struct Patience {
    pub two_periods: Duration,
    pub end: Duration,
}

/// What of `twin` is not in `own`: alerts that lasted, at a time when nothing was in the way.
pub fn missing(
    twin: &BTreeMap<About, Vec<Episode>>,
    own: &BTreeMap<About, Vec<Episode>>,
    in_the_way: &[Span],
    patience: &Patience,
) -> Vec<String> {
    let rules: BTreeMap<String, Rule> = rules().into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let mut wrong = Vec::new();
    for (about, episodes) in twin {
        let Some(rule) = rules.get(&about.0) else { continue };
        let needs =
            Duration::from_secs(u64::from(rule.hold_secs + rule.cooldown_secs)) + patience.two_periods;
        for episode in episodes {
            let over = episode.over.unwrap_or(patience.end);
            let clear = longest_clear((episode.raised, over), in_the_way);
            if clear.1.saturating_sub(clear.0) <= needs {
                continue;
            }
            let there = own
                .get(about)
                .into_iter()
                .flatten()
                .any(|own| own.raised <= clear.1 && own.over.unwrap_or(patience.end) >= clear.0);
            if !there {
                wrong.push(format!("{about:?} of {episode:?} was not raised"));
            }
        }
    }
    wrong
}

/// What of `own` is not in `twin`, though nothing was in the way when it was raised.
pub fn invented(
    twin: &BTreeMap<About, Vec<Episode>>,
    own: &BTreeMap<About, Vec<Episode>>,
    in_the_way: &[Span],
    patience: &Patience,
) -> Vec<String> {
    let rules: BTreeMap<String, Rule> = rules().into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let mut wrong = Vec::new();
    for (about, episodes) in own {
        let Some(rule) = rules.get(&about.0) else { continue };
        let hold = Duration::from_secs(u64::from(rule.hold_secs + rule.cooldown_secs)) + patience.two_periods;
        for episode in episodes {
            let over = episode.over.unwrap_or(patience.end);
            let clear = longest_clear((episode.raised, over), in_the_way);
            if clear.1.saturating_sub(clear.0) <= hold {
                // Too short, or kept by figures that grew no younger: the other one may have looked just before and after.
                continue;
            }
            let before = episode.raised.saturating_sub(hold);
            let excused = in_the_way.iter().any(|(from, until)| *from <= episode.raised && *until >= before);
            let there = twin.get(about).into_iter().flatten().any(|twin| {
                twin.raised <= over + hold && twin.over.unwrap_or(patience.end) + hold >= episode.raised
            });
            if !there && !excused {
                wrong.push(format!("{about:?} of {episode:?} is nothing the twin knows of"));
            }
        }
    }
    wrong
}

/// The longest part of a span that nothing is in the way of.
fn longest_clear(span: Span, in_the_way: &[Span]) -> Span {
    let mut longest = (span.0, span.0);
    let mut from = span.0;
    let mut blocks: Vec<Span> = in_the_way.to_vec();
    blocks.sort();
    for (begins, ends) in blocks.into_iter().chain([(span.1, span.1)]) {
        let until = begins.min(span.1);
        if until.saturating_sub(from) > longest.1.saturating_sub(longest.0) {
            longest = (from, until);
        }
        from = from.max(ends);
    }
    longest
}

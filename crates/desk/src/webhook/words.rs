//! An alert as a message, in the words the window gave: its catalogue has the texts, and a chat is told also while no
//! window is there to ask.
//!
//! The sentences are the window's (`alert-text.ts`); filling in their figures is done here the same way.

use std::collections::BTreeMap;

use atalaya_floor::wire::{Alert, AlertPart, Measure, Severity};
use atalaya_webhook::{Event, Figure, Level, Message};
use chrono::{DateTime, Local};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::Language;

/// The texts of messages, each with names in braces where something is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookWords {
    /// Whose words they are.
    pub language: Language,
    /// A figure that is wrong: `{value}`.
    pub figures: BTreeMap<Measure, String>,
    /// What a figure is called.
    pub measures: BTreeMap<Measure, String>,
    /// Of figures that should be small: `{limit}`.
    pub above: String,
    /// Of figures that should be large: `{limit}`.
    pub below: String,
    /// What an alert is about that is about no campaign and nobody.
    pub server: String,
    /// `{at}`, hours and minutes.
    pub since: String,
    /// How long it took: `{time}`.
    pub lasted: String,
    /// Title of a new amber alert: `{subject}`, as in all titles.
    pub amber: String,
    /// Of a new red one.
    pub red: String,
    /// Of one that was amber.
    pub worse: String,
    /// Of one that `{who}` sees to.
    pub seen: String,
    /// Of one that is over.
    pub over: String,
    /// Title of a trial.
    pub test: String,
    /// What a trial says.
    pub test_text: String,
}

/// Puts what belongs there in place of each name in braces; what is put in is not looked at again.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = values.iter().find_map(|(name, value)| {
            Some((value, from.strip_prefix('{')?.strip_prefix(name)?.strip_prefix('}')?))
        });
        match found {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A name without its direction suffix.
fn label(name: &str) -> &str {
    name.strip_suffix("<-").or_else(|| name.strip_suffix("->")).unwrap_or(name)
}

/// Seconds as `m:ss` or `h:mm:ss`.
fn clock(secs: f64) -> String {
    let whole = secs.max(0.0).floor() as u64;
    let (h, m, s) = (whole / 3_600, whole / 60 % 60, whole % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

/// A moment as this computer's time of day.
fn time_of_day(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|at| at.with_timezone(&Local).format("%H:%M").to_string())
        .unwrap_or_default()
}

fn falls(measure: Measure) -> bool {
    matches!(measure, Measure::ServiceLevel | Measure::ServiceLevelRecent)
}

/// The measure's name in the settings' file.
fn wire_name(measure: Measure) -> String {
    serde_json::to_value(measure).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Language {
    /// A number with so many digits behind the point, as the language writes it.
    fn number(self, value: f64, digits: usize) -> String {
        let plain = format!("{value:.digits$}");
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (point, apart, from) = match self {
            Self::En => (".", ",", 4),
            Self::PtBr => (",", ".", 4),
            // Spanish leaves four digits together.
            Self::Es => (",", ".", 5),
        };
        let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && whole.len() >= from && (whole.len() - at).is_multiple_of(3) {
                grouped.push_str(apart);
            }
            grouped.push(digit);
        }
        if fraction.is_empty() {
            format!("{sign}{grouped}")
        } else {
            format!("{sign}{grouped}{point}{fraction}")
        }
    }

    /// A figure of a measure in its unit.
    fn figure(self, measure: Measure, value: f64) -> String {
        match measure {
            Measure::Waiting | Measure::NobodyAvailable => self.number(value, 0),
            Measure::RedAhead | Measure::ServiceLevel | Measure::ServiceLevelRecent => {
                format!("{} %", self.number(value, 0))
            }
            Measure::AbandonRate => format!("{} %", self.number(value, 1)),
            _ => clock(value),
        }
    }
}

/// What is wrong now; of one that is over all that was. Callers with nobody for them are told of once, and first.
fn shown(alert: &Alert) -> Vec<&AlertPart> {
    let parts = || alert.parts.iter().filter(|part| part.over_ms.is_none() || alert.resolved_ms.is_some());
    let nobody = |part: &&AlertPart| part.measure == Measure::NobodyAvailable;
    if !parts().any(|part| nobody(&part)) {
        return parts().collect();
    }
    let rest = parts().filter(|part| !nobody(part) && part.measure != Measure::Waiting);
    parts().filter(nobody).chain(rest).collect()
}

impl WebhookWords {
    fn words(&self, part: &AlertPart, back: bool) -> String {
        let value = self.language.figure(part.measure, if back { part.worst } else { part.value });
        let what = self.figures.get(&part.measure).map_or("{value}", String::as_str);
        let what = filled(what, &[("value", &value)]);
        match &part.reason {
            Some(reason) => format!("{what} · {reason}"),
            None => what,
        }
    }

    fn against(&self, part: &AlertPart, alone: bool) -> String {
        let limit = self.language.figure(part.measure, part.limit);
        let sentence = if falls(part.measure) { &self.below } else { &self.above };
        let sentence = filled(sentence, &[("limit", &limit)]);
        match self.measures.get(&part.measure) {
            Some(name) if !alone => format!("{name}: {sentence}"),
            _ => sentence,
        }
    }

    /// What is told of an alert at this moment, epoch milliseconds.
    pub(crate) fn message(
        &self,
        event: Event,
        alert: &Alert,
        centre: Option<String>,
        now_ms: i64,
    ) -> Message {
        let red = alert.severity == Severity::Bad;
        let campaign = alert.campaign.as_deref().map(label);
        let subject = alert.agent.as_deref().or(campaign).unwrap_or(&self.server);
        let who = alert.acknowledged_by.as_deref().unwrap_or_default();
        let title = match event {
            Event::Raised if red => &self.red,
            Event::Raised => &self.amber,
            Event::Worse => &self.worse,
            Event::Seen => &self.seen,
            Event::Over => &self.over,
            Event::Test => &self.test,
        };
        let parts = shown(alert);
        let back = alert.resolved_ms.is_some();
        let text: Vec<String> = parts.iter().map(|part| self.words(part, back)).collect();
        let alone = parts.len() == 1;
        let mut details: Vec<String> = parts.iter().map(|part| self.against(part, alone)).collect();
        details.push(filled(&self.since, &[("at", &time_of_day(alert.since_ms))]));
        if let Some(over_ms) = alert.resolved_ms {
            let time = clock((over_ms - alert.since_ms) as f64 / 1_000.0);
            details.push(filled(&self.lasted, &[("time", &time)]));
        }
        // Whose call queue it is, where the title names the person.
        details.extend(campaign.filter(|_| alert.agent.is_some()).map(str::to_owned));
        details.extend(centre.clone());
        Message {
            event,
            level: Some(if red { Level::Red } else { Level::Amber }),
            incident: Some(alert.id),
            centre,
            campaign: alert.campaign.clone(),
            agent: alert.agent.clone(),
            by: alert.acknowledged_by.clone(),
            figures: parts
                .iter()
                .map(|part| Figure {
                    measure: wire_name(part.measure),
                    value: if back { part.worst } else { part.value },
                    limit: part.limit,
                    reason: part.reason.clone(),
                })
                .collect(),
            since_ms: Some(alert.since_ms),
            at_ms: now_ms,
            title: filled(title, &[("subject", subject), ("who", who)]),
            text: text.join(", "),
            details: details.join(" · "),
        }
    }

    /// What a trial says.
    pub(crate) fn trial(&self, centre: Option<String>, now_ms: i64) -> Message {
        Message {
            event: Event::Test,
            level: None,
            incident: None,
            details: centre.clone().unwrap_or_default(),
            centre,
            campaign: None,
            agent: None,
            by: None,
            figures: Vec::new(),
            since_ms: None,
            at_ms: now_ms,
            title: self.test.clone(),
            text: self.test_text.clone(),
        }
    }
}

/// An alert that nobody raised, to show what a message of it looks like: callers wait, and too long.
pub(crate) fn example(now_ms: i64) -> Alert {
    let part = |measure: Measure, value: f64, limit: f64| AlertPart {
        in_secs: None,
        rule: wire_name(measure),
        measure,
        severity: Severity::Bad,
        reason: None,
        value,
        worst: value,
        limit,
        since_ms: now_ms - 200_000,
        over_ms: None,
    };
    Alert {
        id: 1,
        severity: Severity::Bad,
        campaign: Some("Soporte<-".to_owned()),
        agent: None,
        location: None,
        parts: vec![part(Measure::Waiting, 9.0, 6.0), part(Measure::LongestWait, 200.0, 60.0)],
        since_ms: now_ms - 200_000,
        raised_ms: now_ms,
        acknowledged_ms: None,
        acknowledged_by: None,
        snoozed_until_ms: None,
        resolved_ms: None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Words whose meaning the tests can see.
    pub(crate) fn words() -> WebhookWords {
        let each = |text: &str| {
            [Measure::Waiting, Measure::LongestWait, Measure::NobodyAvailable, Measure::ServiceLevel]
                .map(|measure| (measure, format!("{} {text}", wire_name(measure)).trim().to_owned()))
                .into()
        };
        WebhookWords {
            language: Language::Es,
            figures: each("{value}"),
            measures: each(""),
            above: "más de {limit}".into(),
            below: "menos de {limit}".into(),
            server: "Servidor".into(),
            since: "desde {at}".into(),
            lasted: "{time}".into(),
            amber: "Ámbar: {subject}".into(),
            red: "Rojo: {subject}".into(),
            worse: "Peor: {subject}".into(),
            seen: "{who}: {subject}".into(),
            over: "Terminó: {subject}".into(),
            test: "Prueba".into(),
            test_text: "Llega".into(),
        }
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(filled("{a} y {b} {c} {", &[("a", "{b}"), ("b", "2")]), "{b} y 2 {c} {");
        assert_eq!(filled("", &[]), "");
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let of = |language: Language| [1_234.0, 12_345.5, 7.0, 999.0].map(|value| language.number(value, 1));
        assert_eq!(of(Language::Es), ["1234,0", "12.345,5", "7,0", "999,0"]);
        assert_eq!(of(Language::PtBr), ["1.234,0", "12.345,5", "7,0", "999,0"]);
        assert_eq!(of(Language::En), ["1,234.0", "12,345.5", "7.0", "999.0"]);
        assert_eq!(Language::Es.figure(Measure::LongestWait, 3_725.9), "1:02:05");
        assert_eq!(Language::Es.figure(Measure::AbandonRate, 8.25), "8,2 %");
        assert_eq!(Language::En.number(-1_234_567.0, 0), "-1,234,567");
    }

    #[test]
    fn an_alert_is_told_by_its_figures_and_one_that_is_over_by_its_worst() {
        let mut alert = example(1_000_000);
        alert.parts[1].over_ms = Some(1);
        let now = words().message(Event::Raised, &alert, Some("Río".into()), 1_000_000);
        assert_eq!((now.title.as_str(), now.text.as_str()), ("Rojo: Soporte", "waiting 9"));
        let since = time_of_day(800_000);
        assert_eq!(now.details, format!("más de 6 · desde {since} · Río"));
        alert.resolved_ms = Some(1_005_000);
        alert.parts[0].worst = 14.0;
        let over = words().message(Event::Over, &alert, None, 1_005_000);
        assert_eq!(
            (over.title.as_str(), over.text.as_str()),
            ("Terminó: Soporte", "waiting 14, longestWait 3:20")
        );
        assert_eq!(
            over.details,
            format!("waiting: más de 6 · longestWait: más de 1:00 · desde {since} · 3:25")
        );
    }

    #[test]
    fn callers_with_nobody_for_them_are_told_of_once_and_a_person_with_the_campaign() {
        let mut alert = example(1_000_000);
        alert.agent = Some("Ana".into());
        alert.acknowledged_by = Some("Marta".into());
        let mut nobody = alert.parts[0].clone();
        (nobody.measure, nobody.value) = (Measure::NobodyAvailable, 3.0);
        alert.parts.push(nobody);
        let seen = words().message(Event::Seen, &alert, None, 1_000_000);
        assert_eq!(seen.title, "Marta: Ana");
        assert_eq!(seen.text, "nobodyAvailable 3, longestWait 3:20");
        assert!(seen.details.ends_with(" · Soporte"), "{}", seen.details);
        assert_eq!(seen.figures.len(), 2);
    }
}

//! Which messages are due: one for each incident, and another only when it is worse, seen to or over.
//!
//! An alert that falls back to amber and rises again, or comes back after it was put off, is the same incident and was told.
//! Left out on purpose: words, and sending.

use std::collections::{BTreeMap, BTreeSet};

use atalaya_floor::News;
use atalaya_floor::wire::{Alert, AlertBoard, Severity};
use atalaya_webhook::Event;

use super::choice::WebhookChoice;

/// What was told of an incident.
#[derive(Debug, Clone, Copy)]
struct Told {
    worst: Severity,
    seen: bool,
}

/// The incidents of one session that a chat knows of, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Incidents {
    told: BTreeMap<u32, Told>,
    /// Kept back by quiet hours.
    kept_back: BTreeSet<u32>,
}

impl Incidents {
    /// What is to be told after a step of the alerts, in its order; `board` is as it is after it.
    pub(crate) fn look(
        &mut self,
        news: &[News],
        board: &AlertBoard,
        choice: WebhookChoice,
    ) -> Vec<(Event, Alert)> {
        if !choice.on {
            *self = Self::default();
            return Vec::new();
        }
        let quiet = board.quiet && !choice.in_quiet_hours;
        let mut due = Vec::new();
        for one in news {
            match one {
                News::Raised(alert) | News::Worse(alert) => due.extend(self.begun(alert, choice, quiet)),
                News::Resolved(alert) => {
                    self.kept_back.remove(&alert.id);
                    let told = self.told.remove(&alert.id).is_some();
                    if told && choice.over && !quiet {
                        due.push((Event::Over, alert.clone()));
                    }
                }
            }
        }
        if !quiet && !self.kept_back.is_empty() {
            let kept_back = std::mem::take(&mut self.kept_back);
            let waiting = board.active.iter().filter(|alert| {
                // What somebody sees to needs nobody else.
                kept_back.contains(&alert.id)
                    && alert.acknowledged_ms.is_none()
                    && alert.snoozed_until_ms.is_none()
            });
            due.extend(waiting.filter_map(|alert| self.begun(alert, choice, false)));
        }
        due
    }

    /// Somebody sees to an alert who did not before.
    pub(crate) fn seen(
        &mut self,
        alert: &Alert,
        board: &AlertBoard,
        choice: WebhookChoice,
    ) -> Option<(Event, Alert)> {
        let told = self.told.get_mut(&alert.id)?;
        let quiet = board.quiet && !choice.in_quiet_hours;
        if !choice.on || !choice.seen || quiet || std::mem::replace(&mut told.seen, true) {
            return None;
        }
        Some((Event::Seen, alert.clone()))
    }

    fn begun(&mut self, alert: &Alert, choice: WebhookChoice, quiet: bool) -> Option<(Event, Alert)> {
        let wanted = choice.amber || alert.severity == Severity::Bad;
        let before = self.told.get(&alert.id).map(|told| told.worst);
        if !wanted || before.is_some_and(|worst| worst >= alert.severity) {
            return None;
        }
        if quiet {
            self.kept_back.insert(alert.id);
            return None;
        }
        self.told.insert(alert.id, Told { worst: alert.severity, seen: false });
        let event = if before.is_some() { Event::Worse } else { Event::Raised };
        Some((event, alert.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(id: u32, severity: Severity) -> Alert {
        Alert {
            id,
            severity,
            campaign: Some("Ventas<-".into()),
            agent: None,
            location: None,
            parts: Vec::new(),
            since_ms: 0,
            raised_ms: 0,
            acknowledged_ms: None,
            acknowledged_by: None,
            snoozed_until_ms: None,
            resolved_ms: None,
        }
    }

    const ALL: WebhookChoice = WebhookChoice {
        on: true,
        form: atalaya_webhook::Form::Plain,
        amber: true,
        seen: true,
        over: true,
        in_quiet_hours: false,
        language: None,
        centre: true,
    };
    use Severity::{Bad, Warn};

    fn told(due: Vec<(Event, Alert)>) -> Vec<(Event, u32)> {
        due.into_iter().map(|(event, alert)| (event, alert.id)).collect()
    }

    fn loud() -> AlertBoard {
        AlertBoard::default()
    }

    #[test]
    fn one_incident_is_told_once_and_again_only_when_it_is_worse_seen_to_or_over() {
        let mut incidents = Incidents::default();
        let mut look = |news: News| told(incidents.look(&[news], &loud(), ALL));
        assert_eq!(look(News::Raised(alert(1, Warn))), [(Event::Raised, 1)]);
        assert_eq!(look(News::Raised(alert(1, Warn))), [], "back after it was put off");
        assert_eq!(look(News::Worse(alert(1, Bad))), [(Event::Worse, 1)]);
        assert_eq!(look(News::Worse(alert(1, Bad))), [], "amber in between");
        let seen = incidents.seen(&alert(1, Bad), &loud(), ALL).map(|(event, _)| event);
        assert_eq!(seen, Some(Event::Seen));
        assert!(incidents.seen(&alert(1, Bad), &loud(), ALL).is_none(), "let go, and taken again");
        assert!(incidents.seen(&alert(2, Bad), &loud(), ALL).is_none(), "nobody was told of it");
        let mut look = |news: News| told(incidents.look(&[news], &loud(), ALL));
        assert_eq!(look(News::Resolved(alert(1, Bad))), [(Event::Over, 1)]);
        assert_eq!(look(News::Resolved(alert(1, Bad))), []);
    }

    #[test]
    fn what_was_not_chosen_is_not_told() {
        let red = WebhookChoice { amber: false, seen: false, over: false, ..ALL };
        let mut incidents = Incidents::default();
        let mut look = |news: News, choice: WebhookChoice| told(incidents.look(&[news], &loud(), choice));
        assert_eq!(look(News::Raised(alert(1, Warn)), red), []);
        assert_eq!(
            look(News::Worse(alert(1, Bad)), red),
            [(Event::Raised, 1)],
            "the first that is heard of it"
        );
        assert_eq!(look(News::Resolved(alert(1, Bad)), red), []);
        assert_eq!(look(News::Resolved(alert(2, Warn)), ALL), [], "it never began for the chat");
        let off = WebhookChoice { on: false, ..ALL };
        assert_eq!(look(News::Raised(alert(3, Bad)), off), []);
        assert_eq!(look(News::Resolved(alert(3, Bad)), ALL), []);
        incidents.look(&[News::Raised(alert(4, Bad))], &loud(), red);
        assert!(incidents.seen(&alert(4, Bad), &loud(), red).is_none());
    }

    #[test]
    fn quiet_hours_keep_back_what_is_still_there_after_them() {
        let quiet = AlertBoard { quiet: true, ..loud() };
        let mut incidents = Incidents::default();
        let news = [1, 2, 3].map(|id| News::Raised(alert(id, Bad)));
        assert_eq!(told(incidents.look(&news, &quiet, ALL)), []);
        assert_eq!(told(incidents.look(&[News::Resolved(alert(2, Bad))], &quiet, ALL)), []);
        let taken = Alert { acknowledged_ms: Some(1), ..alert(3, Bad) };
        let after = AlertBoard { active: vec![alert(1, Bad), taken], ..loud() };
        assert_eq!(told(incidents.look(&[], &after, ALL)), [(Event::Raised, 1)]);
        assert_eq!(told(incidents.look(&[], &after, ALL)), []);
        assert_eq!(told(incidents.look(&[News::Resolved(alert(1, Bad))], &quiet, ALL)), [], "quiet is quiet");
        let always = WebhookChoice { in_quiet_hours: true, ..ALL };
        assert_eq!(
            told(incidents.look(&[News::Raised(alert(4, Bad))], &quiet, always)),
            [(Event::Raised, 4)]
        );
    }
}

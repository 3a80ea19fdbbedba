//! When a finished review raises an alert, for which card, and who hears of it: beside the rules of the floor's figures.
//!
//! Left out on purpose: alerts raised (the reviews keep them), and everything that is a figure of the floor.

use std::collections::HashSet;

use atalaya_floor::wire::Hears;
use atalaya_review::Alarm;
use atalaya_review::wire::Scored;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Rules kept.
const MOST_RULES: usize = 100;

/// When a finished review raises an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewRule {
    /// Only reviews with the card of this key, in place of the rule for all; empty: all.
    pub card: String,
    /// Under this score, percent; `None`: whatever the score.
    pub under: Option<f64>,
    /// Whenever a fatal question failed.
    pub fatal: bool,
    /// Who hears of it.
    pub hears: Hears,
}

/// What a finished review with this card raises; nothing where nobody asked. A card's own rule is the only one that counts
/// for it.
pub(crate) fn alarm(rules: &[ReviewRule], card: &str, scored: &Scored) -> Option<Alarm> {
    let own = rules.iter().find(|rule| rule.card == card);
    let rule = own.or_else(|| rules.iter().find(|rule| rule.card.is_empty()))?;
    if rule.hears == Hears::Nobody {
        return None;
    }
    // A score is judged as it is shown: 80 % is not under 80.
    let shown = scored.percent.map(f64::round);
    let under = rule.under.filter(|limit| shown.is_some_and(|percent| percent < *limit));
    let fatal = rule.fatal && !scored.fatal.is_empty();
    (under.is_some() || fatal).then_some(Alarm { under, fatal })
}

/// Each card once, scores inside their limits.
pub(crate) fn tidied(rules: Vec<ReviewRule>) -> Vec<ReviewRule> {
    let mut cards = HashSet::new();
    let rules = rules.into_iter().map(|rule| ReviewRule {
        under: rule.under.filter(|limit| limit.is_finite()).map(|limit| limit.clamp(0.0, 100.0)),
        ..rule
    });
    rules.filter(|rule| cards.insert(rule.card.clone())).take(MOST_RULES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(card: &str, under: Option<f64>, fatal: bool) -> ReviewRule {
        ReviewRule { card: card.into(), under, fatal, hears: Hears::Sound }
    }

    fn scored(percent: Option<f64>, fatal: bool) -> Scored {
        Scored {
            percent,
            before_fatal: percent,
            fatal: if fatal { vec!["law".into()] } else { Vec::new() },
            answered: 1,
            questions: 1,
            missing: Vec::new(),
            comments_missing: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            band: None,
            tone: None,
        }
    }

    #[test]
    fn the_most_particular_rule_says_whether_a_review_raises_an_alert() {
        let of_all = rule("", Some(80.0), true);
        let unheard = ReviewRule { hears: Hears::Nobody, ..of_all.clone() };
        let raised = |under, fatal| Some(Alarm { under, fatal });
        for (what, rules, score, expected) in [
            ("no rule", vec![], scored(Some(0.0), true), None),
            ("under", vec![of_all.clone()], scored(Some(79.4), false), raised(Some(80.0), false)),
            ("shown as 80", vec![of_all.clone()], scored(Some(79.5), false), None),
            ("at the limit", vec![of_all.clone()], scored(Some(80.0), false), None),
            ("fatal", vec![of_all.clone()], scored(Some(0.0), true), raised(Some(80.0), true)),
            ("fatal alone", vec![rule("", None, true)], scored(Some(0.0), true), raised(None, true)),
            ("fatal unasked", vec![rule("", None, false)], scored(Some(0.0), true), None),
            ("no score", vec![of_all.clone()], scored(None, false), None),
            ("heard by nobody", vec![unheard.clone()], scored(Some(0.0), true), None),
            (
                "its card's own",
                vec![of_all.clone(), rule("c", Some(50.0), false)],
                scored(Some(60.0), true),
                None,
            ),
            ("another card's", vec![rule("d", Some(90.0), true)], scored(Some(0.0), true), None),
            (
                "a card's own although nobody hears of all",
                vec![unheard, rule("c", Some(50.0), false)],
                scored(Some(40.0), false),
                raised(Some(50.0), false),
            ),
        ] {
            assert_eq!(alarm(&rules, "c", &score), expected, "{what}");
        }
    }

    #[test]
    fn each_card_has_one_rule_inside_its_limits() {
        let rules =
            tidied(vec![rule("", Some(f64::NAN), true), rule("", None, false), rule("c", Some(300.0), true)]);
        assert_eq!(rules, [rule("", None, true), rule("c", Some(100.0), true)]);
    }
}

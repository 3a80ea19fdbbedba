//! What is told of an alert: its figures for a program that reads them, and the words for people.
//!
//! Names come from a server: what they hold is text, on one line, and no longer than a name.

use serde::{Deserialize, Serialize};

/// Letters of a name that are told.
const LONGEST_NAME: usize = 120;
/// Letters of a line of words.
const LONGEST_LINE: usize = 600;

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// It is new.
    Raised,
    /// It was amber, and is red now.
    Worse,
    /// Somebody sees to it.
    Seen,
    /// It is over.
    Over,
    /// None at all: somebody tries whether messages arrive.
    Test,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Needs an eye.
    Amber,
    /// Needs a hand.
    Red,
}

/// One figure beyond its limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// What is measured, by the name it has in the settings' file.
    pub measure: String,
    /// The figure: callers, percent or seconds, as the measure is.
    pub value: f64,
    /// The limit it passed, in the same unit.
    pub limit: f64,
    /// The reason of the pause it is about.
    pub reason: Option<String>,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// What became of the alert.
    pub event: Event,
    /// How bad it is; of one that is over, how bad it was. `None`: it is no alert.
    pub level: Option<Level>,
    /// The alert's number: messages of one incident have the same one. `None`: it is no alert.
    pub incident: Option<u32>,
    /// The contact centre, where its name is told.
    pub centre: Option<String>,
    /// The campaign's name, its direction suffix included.
    pub campaign: Option<String>,
    /// The person's name.
    pub agent: Option<String>,
    /// Who sees to it.
    pub by: Option<String>,
    /// What is wrong, or was.
    pub figures: Vec<Figure>,
    /// Since when the first limit has been passed, epoch milliseconds.
    pub since_ms: Option<i64>,
    /// When the message was made, epoch milliseconds.
    pub at_ms: i64,
    /// In words: what it is about, one line.
    pub title: String,
    /// In words: what is the matter.
    pub text: String,
    /// In words: the limits, since when, where.
    pub details: String,
}

impl Message {
    /// The same with every text on one line and bounded.
    #[must_use]
    pub(crate) fn tidy(mut self) -> Self {
        for name in [&mut self.centre, &mut self.campaign, &mut self.agent, &mut self.by] {
            *name = name.take().map(|name| line(&name, LONGEST_NAME));
        }
        for figure in &mut self.figures {
            figure.reason = figure.reason.take().map(|reason| line(&reason, LONGEST_NAME));
        }
        for text in [&mut self.title, &mut self.text, &mut self.details] {
            *text = line(text, LONGEST_LINE);
        }
        self
    }
}

/// A text on one line, without what cannot be seen, no longer than so many letters.
pub(crate) fn line(text: &str, longest: usize) -> String {
    // Marks that turn the direction of writing could make a line say something else.
    let unseen = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let plain: String = text
        .chars()
        .filter(|letter| !unseen(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= longest {
        return words;
    }
    let cut: String = words.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_line() {
        assert_eq!(line("  a\r\n\tb\u{202e}c\u{7}  ", 20), "a bc");
        assert_eq!(line("áéíóú áéíóú", 6), "áéíóú…");
        assert_eq!(line("", 6), "");
    }
}

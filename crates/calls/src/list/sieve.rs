//! Which calls pass: a filter made ready for one list, so that a call costs comparisons of numbers and no text is built.

use std::collections::HashSet;

use super::words::{Word, fold, has, words};
use super::{CallList, cells};
use crate::table::{Row, UNKNOWN};
use crate::texts::{TextId, Texts};
use crate::wire::{Answered, Column, Direction, HeardPart, ListMode, LocalFilter};

/// Nearly all of it: the last words of a call are often a farewell.
pub(crate) const MOST: f32 = 0.9;

/// A wanted text as its number; one the list does not have lets nothing pass.
#[derive(Debug, Clone, Copy)]
enum Exactly {
    Any,
    Only(TextId),
    Nowhere,
}

impl Exactly {
    fn of(texts: &Texts, wanted: &str) -> Self {
        match wanted {
            "" => Self::Any,
            wanted => texts.find(wanted).map_or(Self::Nowhere, Self::Only),
        }
    }

    fn is(self, id: TextId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(wanted) => wanted == id,
            Self::Nowhere => false,
        }
    }
}

/// A word, and which of the kept texts and of the window's words have it.
struct Hit {
    word: Word,
    texts: Vec<bool>,
    outcomes: HashSet<TextId>,
    causes: HashSet<TextId>,
    inbound: bool,
    outbound: bool,
    /// Only figures and moments are made of such letters; the others need not be written out.
    figure: bool,
}

pub(crate) struct Sieve<'a> {
    filter: &'a LocalFilter,
    columns: &'a [Column],
    abandoned: bool,
    direction: Option<Direction>,
    outcome: Exactly,
    leg_outcome: Exactly,
    cause: Exactly,
    number: Exactly,
    agents: Option<Vec<bool>>,
    hits: Vec<Hit>,
}

impl<'a> Sieve<'a> {
    pub(crate) fn new(list: &'a CallList) -> Self {
        let texts = &list.table.texts;
        let view = &list.view;
        let filter = &view.filter;
        let agent = fold(filter.leg_agent.trim());
        let said = |key: &str| view.words.get(key).map(String::as_str);
        let hits = words(&filter.text).into_iter().map(|word| {
            let spoken = |prefix: &str| {
                let known =
                    view.words.iter().filter_map(|(key, text)| Some((key.strip_prefix(prefix)?, text)));
                let hit = known.filter(|(_, text)| has(text, &word.text));
                hit.filter_map(|(value, _)| texts.find(value)).collect()
            };
            Hit {
                texts: texts.iter().map(|text| has(text, &word.text)).collect(),
                outcomes: spoken("outcome."),
                causes: spoken("cause."),
                inbound: has(said("direction.inbound").unwrap_or("inbound"), &word.text),
                outbound: has(said("direction.outbound").unwrap_or("outbound"), &word.text),
                figure: word.text.chars().all(|c| c.is_ascii_digit() || ":-/ .%".contains(c)),
                word,
            }
        });
        Self {
            filter,
            columns: &view.columns,
            abandoned: view.mode == ListMode::Abandoned,
            direction: filter.direction,
            outcome: Exactly::of(texts, &filter.outcome),
            leg_outcome: Exactly::of(texts, &filter.leg_outcome),
            cause: Exactly::of(texts, &filter.cause),
            number: Exactly::of(texts, filter.number.trim()),
            agents: (!agent.is_empty()).then(|| texts.iter().map(|text| has(text, &agent)).collect()),
            hits: hits.collect(),
        }
    }

    pub(crate) fn passes(&self, list: &CallList, place: u32) -> bool {
        let row = &list.table.rows[place as usize];
        let filter = self.filter;
        let mark = list.mark_of(place);
        let heard = mark.heard.unwrap_or(0.0);
        (!self.abandoned || (row.unanswered() && row.direction == Direction::Inbound))
            && self.direction.is_none_or(|wanted| wanted == row.direction)
            && match filter.answered {
                Answered::Any => true,
                Answered::Yes => row.answered,
                Answered::No => row.unanswered(),
            }
            // A length nobody knows is not known to be short enough.
            && filter.max_length_secs.is_none_or(|most| row.length != UNKNOWN && row.length <= most)
            && self.in_hours(row)
            && self.outcome.is(row.outcome)
            && self.cause.is(row.cause)
            && self.number.is(row.number())
            && (matches!(self.leg_outcome, Exactly::Any)
                || row.legs.iter().any(|leg| self.leg_outcome.is(leg.disposition)))
            && self
                .agents
                .as_ref()
                .is_none_or(|agents| row.legs.iter().any(|leg| agents[leg.agent as usize]))
            && match filter.heard {
                HeardPart::Any => true,
                HeardPart::Nothing => heard <= 0.0,
                HeardPart::Part => heard > 0.0 && heard < MOST,
                HeardPart::Most => heard >= MOST,
            }
            && (!filter.flagged || mark.flagged)
            && self.hits.iter().all(|hit| self.somewhere(hit, list, place, row) != hit.word.unwanted)
    }

    fn in_hours(&self, row: &Row) -> bool {
        let (from, until) = (self.filter.from_minute, self.filter.until_minute);
        if from.is_none() && until.is_none() {
            return true;
        }
        let (from, until) = (from.unwrap_or(0), until.unwrap_or(1_439));
        row.at.minute_of_day().is_some_and(|minute| {
            if from <= until { (from..=until).contains(&minute) } else { minute >= from || minute <= until }
        })
    }

    fn somewhere(&self, hit: &Hit, list: &CallList, place: u32, row: &Row) -> bool {
        let text = |id: TextId| hit.texts[id as usize];
        let said = |words: &HashSet<TextId>, prefix: &str, id: TextId| {
            words.contains(&id)
                || (text(id)
                    && !list.view.words.contains_key(&format!("{prefix}{}", list.table.texts.get(id))))
        };
        self.columns.iter().any(|column| match column {
            Column::Campaign => text(row.campaign),
            Column::Agent => text(row.agent),
            Column::Rung => row.legs.iter().any(|leg| text(leg.agent)),
            Column::Number => text(row.number()),
            Column::Source => text(row.source),
            Column::Destination => text(row.destination),
            Column::Outcome => said(&hit.outcomes, "outcome.", row.outcome),
            Column::Cause => said(&hit.causes, "cause.", row.cause),
            Column::Direction => match row.direction {
                Direction::Inbound => hit.inbound,
                Direction::Outbound => hit.outbound,
            },
            Column::Tags => has(list.tags_of(place), &hit.word.text),
            Column::Guid => has(&row.guid, &hit.word.text),
            Column::Flag => false,
            Column::Time
            | Column::Later
            | Column::Length
            | Column::Talk
            | Column::Wait
            | Column::Heard
            | Column::Silence
            | Column::LongestSilence
            | Column::Hold
            | Column::Level
            | Column::Clipping
            | Column::TalkOver
            | Column::Sides
            | Column::Rating
            | Column::Legs => hit.figure && cells::text(list, place, *column).contains(&hit.word.text),
        })
    }
}

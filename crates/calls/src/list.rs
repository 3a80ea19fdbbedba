//! The list of calls a search brought, as somebody looks at it: narrowed, in order, a slice at a time.
//!
//! It lives here and not in the window: a hundred thousand calls are packed, put in order and narrowed off the window's
//! thread, and the window holds only the rows in sight. Left out on purpose: asking the server, and where marks and tags
//! are kept.

mod callers;
mod cells;
mod doubts;
mod facets;
mod heard;
mod order;
mod sieve;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use atalaya_player::wire::SoundFigures;
use atalaya_ucontact::CallRecord;

use crate::list::callers::names_somebody;
use crate::list::order::Ranks;
use crate::list::sieve::Sieve;
use crate::table::CallTable;
use crate::texts::TextId;
use crate::wire::{
    Callers, Column, Facets, ListMode, ListRow, ListSlice, ListView, LocalFilter, Mark, TagState,
};

pub(crate) use doubts::Narrowed;
pub use words::fold;

/// Rows given at once, at most.
const MOST_ROWS: u32 = 1_000;

impl Default for ListView {
    fn default() -> Self {
        Self {
            mode: ListMode::default(),
            filter: LocalFilter::default(),
            sort: Column::Time,
            down: true,
            columns: Vec::new(),
            words: BTreeMap::new(),
        }
    }
}

/// What is kept here about a call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PackedMark {
    /// 0 to 1.
    pub(crate) heard: Option<f32>,
    pub(crate) flagged: bool,
}

/// The calls of one search, and the view of them.
#[derive(Debug, Default)]
pub struct CallList {
    pub(crate) table: CallTable,
    marks: Vec<PackedMark>,
    /// What can be heard of the few that were measured.
    sounds: HashMap<u32, SoundFigures>,
    /// Tags of a call, joined.
    tags: HashMap<u32, String>,
    view: ListView,
    shown: Vec<u32>,
    /// Left out only because nobody can say whether they belong.
    unjudged: u32,
    /// For each number, when it was answered, in order.
    answered: HashMap<TextId, Vec<i64>>,
    ranks: Ranks,
    stale: bool,
    revision: u32,
}

impl CallList {
    /// An empty list, looked at like this.
    pub fn new(view: ListView) -> Self {
        Self { view, ..Self::default() }
    }

    /// The calls.
    pub fn table(&self) -> &CallTable {
        &self.table
    }

    /// How it is looked at.
    pub fn view(&self) -> &ListView {
        &self.view
    }

    /// Takes records; gives the keys of the calls that are new.
    pub fn take(&mut self, records: Vec<CallRecord>) -> Vec<String> {
        let before = self.table.len();
        let touched = self.table.take(records);
        self.stale |= !touched.is_empty();
        self.marks.resize(self.table.len(), PackedMark::default());
        let new = touched.into_iter().filter(|place| *place as usize >= before);
        new.map(|place| self.table.rows[place as usize].guid.to_string()).collect()
    }

    /// Takes what is kept here about a call. The rows shown stay until they are asked for anew: a call does not vanish
    /// while it is being heard.
    pub fn mark(&mut self, mark: &Mark) {
        if let Some(place) = self.table.find(&mark.guid) {
            self.marks[place as usize] =
                PackedMark { heard: mark.heard.map(|part| part as f32), flagged: mark.flagged };
            match &mark.sound {
                Some(figures) => self.sounds.insert(place, figures.clone()),
                None => self.sounds.remove(&place),
            };
        }
    }

    /// Takes the tags known of a call; those that failed are none.
    pub fn tag(&mut self, guid: &str, tags: &[crate::wire::Tag]) {
        let Some(place) = self.table.find(guid) else { return };
        let texts: Vec<&str> =
            tags.iter().filter(|tag| tag.state != TagState::Failed).map(|tag| tag.text.as_str()).collect();
        if texts.is_empty() {
            self.tags.remove(&place);
        } else {
            self.tags.insert(place, texts.join(", "));
        }
    }

    /// Looks at it like this from now on.
    pub fn set_view(&mut self, view: ListView) {
        self.view = view;
        self.stale = true;
    }

    fn refresh(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        self.revision = self.revision.wrapping_add(1);
        self.learn_answered();
        let sieve = Sieve::new(self);
        let asked = self.view.filter.sound;
        let mut unjudged = 0;
        let mut shown: Vec<u32> = (0..self.table.len() as u32)
            .filter(|place| sieve.passes(self, *place))
            .filter(|place| {
                let judged = asked.judge(self.sound_of(*place));
                unjudged += u32::from(judged.is_none());
                judged == Some(true)
            })
            .collect();
        self.unjudged = unjudged;
        self.ranks.learn(&self.table.texts, self.view.sort);
        order::sort(self, &mut shown);
        self.shown = shown;
    }

    /// When each number was answered, for the calls of it that were not.
    fn learn_answered(&mut self) {
        let wanted = self.view.mode == ListMode::Abandoned
            || self.view.columns.contains(&Column::Later)
            || self.view.sort == Column::Later;
        self.answered.clear();
        if !wanted {
            return;
        }
        // Two who withhold their number are not the same.
        let told = |row: &&crate::table::Row| names_somebody(self.table.texts.get(row.number()));
        for row in self.table.rows.iter().filter(|row| row.answered).filter(told) {
            self.answered.entry(row.number()).or_default().push(row.at.order());
        }
        for moments in self.answered.values_mut() {
            moments.sort_unstable();
        }
    }

    /// When the number of a call nobody answered was next answered, in seconds of the server's clock.
    fn answered_later(&self, place: u32) -> Option<i64> {
        let row = &self.table.rows[place as usize];
        if !row.unanswered() {
            return None;
        }
        let moments = self.answered.get(&row.number())?;
        let after = moments.partition_point(|at| *at <= row.at.order());
        moments.get(after).copied().filter(|at| *at >= 0)
    }

    fn mark_of(&self, place: u32) -> PackedMark {
        self.marks.get(place as usize).copied().unwrap_or_default()
    }

    fn sound_of(&self, place: u32) -> Option<&SoundFigures> {
        self.sounds.get(&place)
    }

    fn tags_of(&self, place: u32) -> &str {
        self.tags.get(&place).map_or("", String::as_str)
    }

    /// Rows from a place on, at most a thousand.
    pub fn slice(&mut self, from: u32, count: u32) -> ListSlice {
        self.refresh();
        let rows = self.shown.iter().skip(from as usize).take(count.min(MOST_ROWS) as usize);
        ListSlice {
            revision: self.revision,
            total: self.table.len() as u32,
            shown: self.shown.len() as u32,
            unjudged: self.unjudged,
            from,
            rows: rows.filter_map(|place| self.row(*place)).collect(),
        }
    }

    fn row(&self, place: u32) -> Option<ListRow> {
        let call = self.table.call(place)?;
        let mark = self.mark_of(place);
        Some(ListRow {
            mark: Mark {
                guid: call.guid.clone(),
                heard: mark.heard.map(f64::from),
                flagged: mark.flagged,
                sound: self.sound_of(place).cloned(),
            },
            answered_later: self.answered_later(place).map(cells::moment_text),
            call,
        })
    }

    /// Where a call is among those shown.
    pub fn place_of(&mut self, guid: &str) -> Option<u32> {
        self.refresh();
        let wanted = self.table.find(guid)?;
        self.shown.iter().position(|place| *place == wanted).map(|place| place as u32)
    }

    /// The places of the calls shown, for writing them out while the list goes on.
    pub fn shown(&mut self) -> Vec<u32> {
        self.refresh();
        self.shown.clone()
    }

    /// The same of some calls only, those of them that are shown.
    pub fn shown_of(&mut self, guids: &[String]) -> Vec<u32> {
        self.refresh();
        let wanted: HashSet<u32> = guids.iter().filter_map(|guid| self.table.find(guid)).collect();
        self.shown.iter().copied().filter(|place| wanted.contains(place)).collect()
    }

    /// The texts of a call's cells, as the view's columns want them.
    pub fn cells(&self, place: u32, columns: &[Column]) -> Vec<String> {
        columns.iter().map(|column| cells::text(self, place, *column)).collect()
    }

    /// What there is to choose from.
    pub fn facets(&self) -> Facets {
        facets::of(&self.table)
    }

    /// Numbers that called at least `least` times, and at most `most` of them.
    pub fn callers(&self, least: u32, most: usize) -> Callers {
        callers::of(&self.table, least, most)
    }
}

#[cfg(test)]
mod tests;

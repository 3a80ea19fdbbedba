//! What a campaign's dialer has before it: tasks in order of priority, schedules by their time, bases on their way in.
//!
//! Rows of a base stay text until they are dialled: two hundred thousand of them cost one map. Left out on purpose: who dials
//! and what comes of it (`dialling`).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;

/// What tasks without a priority get.
pub(super) const LAST: u32 = 9_999;
/// What schedules and tasks for now get.
pub(super) const FIRST: u32 = 1;

/// A number to dial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Task {
    /// What is dialled.
    pub destination: String,
    /// What is dialled where nobody answers, one after the other.
    pub alternatives: Vec<String>,
    /// `P=V:P=V`, as it came.
    pub data: String,
    /// The base it is of; empty for a task of its own.
    pub base: String,
    /// Its contact.
    pub contact: String,
    /// Extension or name of the agent it is for; empty for anybody.
    pub agent: String,
    /// Where it is from, as it came.
    pub source: String,
    /// Lower ones are dialled first.
    pub priority: u32,
    /// How often it was tried before, as it came.
    pub retries: u32,
    /// When it is to be dialled, where it is scheduled.
    pub at: Option<NaiveDateTime>,
    /// The agent's telephone rings first, then the number's.
    pub manual: bool,
}

/// Place in a list: priority, then order of arrival.
pub(super) type Place = (u32, u64);

/// A file of numbers, as it was decoded.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) name: String,
    pub(super) text: String,
}

#[derive(Clone)]
enum Waiting {
    Task(Box<Task>),
    /// Bytes of the base's text.
    Row(Arc<Base>, u32, u32),
}

#[derive(Clone, Default)]
pub(super) struct List {
    waiting: BTreeMap<Place, Waiting>,
    scheduled: BTreeMap<(NaiveDateTime, u64), Task>,
    /// With the step at which each is read.
    coming: Vec<(u64, Arc<Base>)>,
    arrived: u64,
    rows: usize,
}

/// Columns of a row: campaign, number, data, alternatives, priority, agent's telephone; the last two may be missing.
fn columns(row: &str) -> Option<[&str; 6]> {
    let mut columns = [""; 6];
    let mut count = 0;
    for column in row.split(';') {
        *columns.get_mut(count)? = column.trim();
        count += 1;
    }
    (count >= 4 && !columns[1].is_empty()).then_some(columns)
}

/// The rows of a decoded file.
pub(super) fn rows_of(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').lines().filter(|row| !row.trim().is_empty())
}

pub(crate) fn alternatives(text: &str) -> Vec<String> {
    text.split(':').map(str::trim).filter(|number| !number.is_empty()).map(str::to_owned).collect()
}

impl Waiting {
    fn destination(&self) -> &str {
        match self {
            Self::Task(task) => &task.destination,
            Self::Row(base, from, to) => {
                base.text.get(*from as usize..*to as usize).and_then(columns).map_or("", |columns| columns[1])
            }
        }
    }

    fn task(&self, place: Place) -> Task {
        match self {
            Self::Task(task) => (**task).clone(),
            Self::Row(base, from, to) => {
                let row = base.text.get(*from as usize..*to as usize).and_then(columns).unwrap_or_default();
                Task {
                    destination: row[1].to_owned(),
                    alternatives: alternatives(row[3]),
                    data: row[2].to_owned(),
                    base: base.name.clone(),
                    contact: place.1.to_string(),
                    agent: row[5].to_owned(),
                    priority: place.0,
                    ..Task::default()
                }
            }
        }
    }
}

impl List {
    pub(super) fn add(&mut self, mut task: Task) {
        self.arrived += 1;
        if task.contact.is_empty() {
            task.contact = self.arrived.to_string();
        }
        self.put(task.priority, self.arrived, task);
    }

    /// Where it was, or as near as its priority lets it.
    pub(super) fn put_back(&mut self, place: Place, task: Task) {
        self.put(place.0, place.1, task);
    }

    fn put(&mut self, priority: u32, order: u64, task: Task) {
        self.waiting.insert((priority, order), Waiting::Task(Box::new(task)));
    }

    /// In the place of the same contact of the same base, where it waits.
    pub(super) fn respool(&mut self, task: Task) {
        let same = |waiting: &Waiting, place: &Place| match waiting {
            Waiting::Task(old) => old.base == task.base && old.contact == task.contact,
            Waiting::Row(base, ..) => base.name == task.base && place.1.to_string() == task.contact,
        };
        self.drop_where(|place, waiting| same(waiting, place));
        self.add(task);
    }

    pub(super) fn schedule(&mut self, at: NaiveDateTime, task: Task) {
        self.arrived += 1;
        self.scheduled.insert((at, self.arrived), Task { at: Some(at), ..task });
    }

    pub(super) fn upload(&mut self, due: u64, base: Arc<Base>) {
        self.coming.push((due, base));
    }

    fn drop_where(&mut self, gone: impl Fn(&Place, &Waiting) -> bool) {
        let rows = &mut self.rows;
        self.waiting.retain(|place, waiting| {
            let gone = gone(place, waiting);
            *rows -= usize::from(gone && matches!(waiting, Waiting::Row(..)));
            !gone
        });
    }

    /// Whatever waits under this number, in bases too; schedules stay.
    pub(super) fn remove(&mut self, number: &str) {
        self.drop_where(|_, waiting| waiting.destination() == number);
    }

    pub(super) fn unschedule(&mut self, number: &str, from: NaiveDateTime, to: NaiveDateTime) {
        self.scheduled.retain(|(at, _), task| task.destination != number || *at < from || *at > to);
    }

    /// Takes in what is due: schedules of this moment go first, bases are read.
    pub(super) fn take_in(&mut self, campaign: &str, step: u64, now: NaiveDateTime) {
        while self.scheduled.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
            if let Some((_, task)) = self.scheduled.pop_first() {
                self.add(Task { priority: FIRST, ..task });
            }
        }
        while let Some(at) = self.coming.iter().position(|(due, _)| *due <= step) {
            let (_, base) = self.coming.remove(at);
            self.read(campaign, &base);
        }
    }

    /// Rows of another campaign, without a number or with too many columns are passed over.
    fn read(&mut self, campaign: &str, base: &Arc<Base>) {
        let start = base.text.as_ptr() as usize;
        for row in rows_of(&base.text) {
            let Some(columns) = columns(row).filter(|columns| columns[0] == campaign) else { continue };
            let priority = columns[4].parse().unwrap_or(LAST);
            let from = row.as_ptr() as usize - start;
            self.arrived += 1;
            self.rows += 1;
            let row = Waiting::Row(Arc::clone(base), from as u32, (from + row.len()) as u32);
            self.waiting.insert((priority, self.arrived), row);
        }
    }

    /// The next to be dialled after a place.
    pub(super) fn next(&self, after: Option<Place>) -> Option<(Place, Task)> {
        let from = after.map_or((0, 0), |(priority, order)| (priority, order + 1));
        let (place, waiting) = self.waiting.range(from..).next()?;
        Some((*place, waiting.task(*place)))
    }

    pub(super) fn take(&mut self, place: Place) {
        if let Some(Waiting::Row(..)) = self.waiting.remove(&place) {
            self.rows -= 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.scheduled.is_empty() && self.coming.is_empty()
    }

    /// Tasks of their own that wait, in the order in which they are dialled.
    pub(super) fn tasks(&self) -> Vec<Task> {
        let own = |(place, waiting): (&Place, &Waiting)| match waiting {
            Waiting::Task(_) => Some(waiting.task(*place)),
            Waiting::Row(..) => None,
        };
        self.waiting.iter().filter_map(own).collect()
    }

    pub(super) fn schedules(&self) -> Vec<Task> {
        self.scheduled.values().cloned().collect()
    }

    /// Rows of bases that wait to be dialled.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Bases that were taken and are not read yet.
    pub(super) fn coming(&self) -> usize {
        self.coming.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Arc<Base> {
        Arc::new(Base { name: "base".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn rows_wait_by_priority_and_what_is_none_is_passed_over() {
        let mut list = List::default();
        let text = "\u{feff}V->;1;a=1:b=2;7:8;20;1001\r\nV->;2;;\n\nW->;3;;;;\nV->;;;\nV->;4;;;x;\nV->;5;;;10\n;;;;;;;;\n€";
        list.upload(7, base(text));
        let now = chrono::NaiveDateTime::default();
        list.take_in("V->", 6, now);
        assert_eq!((list.rows(), list.coming()), (0, 1), "not read yet");
        list.take_in("V->", 7, now);
        let mut found = Vec::new();
        while let Some((place, task)) = list.next(None) {
            list.take(place);
            found.push((task.destination, task.priority));
        }
        let of = |number: &str, priority| (number.to_owned(), priority);
        assert_eq!(found, [of("5", 10), of("1", 20), of("2", LAST), of("4", LAST)]);
        assert!(list.is_empty() && list.rows() == 0);
    }

    #[test]
    fn a_respool_takes_the_place_of_its_row_and_a_removal_takes_all_of_a_number() {
        let mut list = List::default();
        list.upload(0, base("V->;1;;;20\nV->;2;;;30\nV->;1;;;40"));
        list.take_in("V->", 0, chrono::NaiveDateTime::default());
        let (_, row) = list.next(Some((20, 1))).unwrap();
        assert_eq!((row.destination.as_str(), row.contact.as_str()), ("2", "2"));
        list.respool(Task { destination: "9".to_owned(), priority: 5, ..row });
        assert_eq!((list.rows(), list.tasks().len()), (2, 1));
        assert_eq!(list.next(None).unwrap().1.destination, "9");
        list.remove("1");
        assert_eq!((list.rows(), list.tasks().len()), (0, 1));
    }
}

//! What one person heard of a call, and what they flagged: kept on this computer, never sent.
//!
//! Kept for the person at the desk: an account may be shared. What was heard before anybody said who sits there counts
//! for everybody.

use atalaya_player::wire::SoundFigures;
use atalaya_store::Store;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;
use crate::ranges::Ranges;
use crate::sounds;
use crate::wire::Mark;
use crate::writes::Writes;

/// A span of a recording that was heard, milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeardSpan {
    /// Where it begins.
    pub from_ms: u64,
    /// Where it ends.
    pub to_ms: u64,
}

/// Something was heard, however little of it.
const LEAST: f64 = 0.01;

#[derive(Clone)]
pub(crate) struct Marks {
    pub(crate) store: Store,
    pub(crate) account: String,
    /// They know who sits at the desk.
    pub(crate) writes: Writes,
}

fn written(ranges: &Ranges) -> String {
    ranges.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(",")
}

/// What cannot be read of it is left out.
fn read(text: &str, ranges: &mut Ranges) {
    for part in text.split(',') {
        let Some((from, to)) = part.split_once('-') else { continue };
        if let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>())
            && to > from
        {
            ranges.add(from, to - from);
        }
    }
}

/// The part of a recording that was heard; a length nobody knows yet makes it "something".
fn part(heard: &Ranges, length_ms: Option<u32>) -> Option<f64> {
    let total = heard.total();
    if total == 0 {
        return None;
    }
    let part =
        length_ms.filter(|length| *length > 0).map_or(LEAST, |length| total as f64 / f64::from(length));
    Some(part.clamp(LEAST, 1.0))
}

impl Marks {
    pub(crate) fn person(&self) -> String {
        self.writes.reviewer()
    }

    /// The marks of these calls, one for each, in their order.
    pub(crate) fn of(&self, guids: &[String]) -> Result<Vec<Mark>, Error> {
        let person = self.person();
        Ok(self.store.with(|connection| {
            guids.iter().map(|guid| self.mark(connection, &person, guid)).collect::<Result<Vec<_>, _>>()
        })?)
    }

    fn mark(&self, connection: &Connection, person: &str, guid: &str) -> rusqlite::Result<Mark> {
        let mut heard = Ranges::default();
        let mut length = None;
        let mut statement = connection.prepare_cached(
            "SELECT stretches, length_ms FROM heard WHERE account = ?1 AND person IN (?2, '') AND guid = ?3",
        )?;
        let rows = statement.query_map(params![self.account, person, guid], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<u32>>(1)?))
        })?;
        for row in rows {
            let (stretches, length_ms) = row?;
            read(&stretches, &mut heard);
            length = length.max(length_ms);
        }
        let flagged = connection
            .prepare_cached("SELECT 1 FROM flag WHERE account = ?1 AND person IN (?2, '') AND guid = ?3")?
            .exists(params![self.account, person, guid])?;
        let sound = sounds::of(connection, &self.account, guid)?;
        Ok(Mark { guid: guid.to_owned(), heard: part(&heard, length), flagged, sound })
    }

    /// Adds what was heard to what was heard before.
    pub(crate) fn heard(&self, guid: &str, new: &[HeardSpan], length_ms: Option<u32>) -> Result<Mark, Error> {
        let person = self.person();
        Ok(self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let before = transaction
                .prepare_cached(
                    "SELECT stretches, length_ms FROM heard WHERE account = ?1 AND person = ?2 AND guid = ?3",
                )?
                .query_row(params![self.account, person, guid], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, Option<u32>>(1)?))
                })
                .optional()?;
            let (stretches, known) = before.unwrap_or_default();
            let mut ranges = Ranges::default();
            read(&stretches, &mut ranges);
            for HeardSpan { from_ms, to_ms } in new.iter().filter(|one| one.to_ms > one.from_ms) {
                ranges.add(*from_ms, to_ms - from_ms);
            }
            transaction.execute(
                "INSERT OR REPLACE INTO heard (account, person, guid, stretches, length_ms, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    self.account,
                    person,
                    guid,
                    written(&ranges),
                    length_ms.or(known),
                    self.store.clock().now_ms()
                ],
            )?;
            transaction.commit()?;
            self.mark(connection, &person, guid)
        })?)
    }

    /// Keeps what can be heard of a recording; gives the call's mark.
    pub(crate) fn measured(&self, guid: &str, figures: &SoundFigures) -> Result<Mark, Error> {
        let (person, now) = (self.person(), self.store.clock().now_ms());
        Ok(self.store.with(|connection| {
            sounds::keep(connection, &self.account, guid, figures, now)?;
            self.mark(connection, &person, guid)
        })?)
    }

    /// Flags calls or takes their flags away; gives their marks.
    pub(crate) fn flag(&self, guids: &[String], flagged: bool) -> Result<Vec<Mark>, Error> {
        let person = self.person();
        Ok(self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for guid in guids {
                if flagged {
                    transaction.execute(
                        "INSERT OR IGNORE INTO flag (account, person, guid, at_ms) VALUES (?1, ?2, ?3, ?4)",
                        params![self.account, person, guid, self.store.clock().now_ms()],
                    )?;
                } else {
                    transaction.execute(
                        "DELETE FROM flag WHERE account = ?1 AND person IN (?2, '') AND guid = ?3",
                        params![self.account, person, guid],
                    )?;
                }
            }
            transaction.commit()?;
            guids.iter().map(|guid| self.mark(connection, &person, guid)).collect::<Result<Vec<_>, _>>()
        })?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use atalaya_clock::Clock;

    use super::*;
    use crate::tasks::Tasks;

    fn marks(store: &Store, person: &str) -> Marks {
        Marks {
            store: store.clone(),
            account: "an account".to_owned(),
            writes: Writes::new("api", store.clone(), person.to_owned(), Tasks::default()),
        }
    }

    fn store() -> Store {
        Store::in_memory(&[crate::MIGRATIONS], Clock::system()).unwrap()
    }

    #[test]
    fn what_was_heard_adds_up_and_is_each_persons_own() {
        let store = store();
        let (ana, bea, nobody) = (marks(&store, "ana"), marks(&store, "bea"), marks(&store, ""));
        let span = |from_ms, to_ms| HeardSpan { from_ms, to_ms };
        let guid = "g-1".to_owned();
        let of = |marks: &Marks| marks.of(std::slice::from_ref(&guid)).unwrap().remove(0);
        assert_eq!(of(&ana), Mark { guid: guid.clone(), heard: None, flagged: false, sound: None });
        assert_eq!(ana.heard(&guid, &[span(0, 1_000)], None).unwrap().heard, Some(LEAST));
        assert_eq!(
            ana.heard(&guid, &[span(500, 2_000), span(9_000, 8_000)], Some(10_000)).unwrap().heard,
            Some(0.2)
        );
        // The length stays known; hearing the end is not hearing the middle.
        assert_eq!(ana.heard(&guid, &[span(9_000, 10_000)], None).unwrap().heard, Some(0.3));
        assert_eq!(of(&bea).heard, None);
        // Before anybody said who sits here.
        nobody.heard(&guid, &[span(2_000, 4_000)], Some(10_000)).unwrap();
        assert_eq!((of(&ana).heard, of(&bea).heard), (Some(0.5), Some(0.2)));
    }

    #[test]
    fn a_flag_is_put_and_taken_away() {
        let store = store();
        let ana = marks(&store, "ana");
        let guids = ["g-1".to_owned(), "g-2".to_owned()];
        assert!(ana.flag(&guids, true).unwrap().iter().all(|mark| mark.flagged));
        ana.flag(&guids, true).unwrap();
        assert!(!marks(&store, "bea").of(&guids).unwrap()[0].flagged);
        assert!(!ana.flag(&guids[..1], false).unwrap()[0].flagged);
        assert_eq!(
            ana.of(&guids).unwrap().iter().map(|mark| mark.flagged).collect::<Vec<_>>(),
            [false, true]
        );
    }

    proptest! {
        #[test]
        fn stretches_are_the_union_whatever_order_they_are_heard_in(
            heard in prop::collection::vec(prop::collection::vec((0u64..100, 0u64..40), 0..4), 1..5)
        ) {
            let store = store();
            let ana = marks(&store, "ana");
            let mut naive = [false; 200];
            let mut last = None;
            for session in heard {
                let spans: Vec<HeardSpan> = session
                    .iter()
                    .map(|(from, length)| HeardSpan { from_ms: *from, to_ms: from + length })
                    .collect();
                for HeardSpan { from_ms, to_ms } in &spans {
                    naive[*from_ms as usize..*to_ms as usize].fill(true);
                }
                last = ana.heard("g", &spans, Some(200)).unwrap().heard;
            }
            let total = naive.iter().filter(|heard| **heard).count();
            prop_assert_eq!(last, (total > 0).then_some((total as f64 / 200.0).max(LEAST)));
        }

        #[test]
        fn an_odd_text_in_the_store_is_read_as_far_as_it_goes(odd in "[0-9,x-]{0,20}") {
            let mut ranges = Ranges::default();
            read(&odd, &mut ranges);
            let mut again = Ranges::default();
            read(&written(&ranges), &mut again);
            prop_assert_eq!(written(&ranges), written(&again));
        }
    }
}

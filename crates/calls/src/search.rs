//! Reading all pages of a search although rows move while we read: pages overlap, and a page that does not touch the
//! one before is read again further up.
//!
//! Left out on purpose: grouping.

use std::future::Future;

use atalaya_ucontact::{Error, RecordFilter, RecordPage, Reply};

use crate::group::Groups;
use crate::wire::{Call, Search};

/// Fewer rows than this leave no room for an overlap.
const LEAST_ROWS: u32 = 10;
/// A search of more pages is not a question any more.
const MOST_PAGES: u32 = 20_000;
/// How often a page is looked for further up before the gap is accepted.
const STEPS_BACK: u32 = 8;

/// The vendor's filter for a search.
pub(crate) fn filter_of(search: &Search) -> RecordFilter {
    RecordFilter {
        calldatei: search.from.clone(),
        calldatef: search.to.clone(),
        agent: search.agent.trim().to_owned(),
        campaign: search.campaign.clone(),
        source: search.source.trim().to_owned(),
        destination: search.destination.trim().to_owned(),
        data: search.tag.trim().to_owned(),
        rating: search.rating.trim().to_owned(),
        mindur: search.min_duration_secs.map(|secs| secs.to_string()).unwrap_or_default(),
        exclude: search.exclude.trim().to_owned(),
        ..RecordFilter::default()
    }
}

/// Reads page after page through `ask(offset, limit)` until one is shorter than its limit. `told` hears of each page:
/// the calls it changed, pages so far, records that could not be read so far; it answers false to stop.
///
/// # Errors
/// The first failure of `ask`; `groups` keeps what arrived.
pub async fn read_pages<A, F>(
    groups: &mut Groups,
    page_rows: u32,
    mut ask: A,
    mut told: impl FnMut(&Groups, Vec<Call>, u32, u32) -> bool,
) -> Result<(), Error>
where
    A: FnMut(u32, u32) -> F,
    F: Future<Output = Result<Reply<RecordPage>, Error>>,
{
    let limit = page_rows.max(LEAST_ROWS);
    let overlap = (limit / 10).max(2);
    let (mut offset, mut pages, mut dropped, mut steps_back) = (0u32, 0u32, 0u32, 0u32);
    while pages < MOST_PAGES {
        let reply = ask(offset, limit).await?;
        pages += 1;
        let RecordPage { records, rows } = reply.value;
        let known = records.iter().filter(|record| groups.knows(record.id)).count() as u32;
        let all_read = records.len() as u32 == rows;
        // Rows above were taken away: this page begins beyond what we have. The rows between are further up.
        let torn = offset > 0 && known == 0 && all_read && steps_back < STEPS_BACK;
        if torn {
            steps_back += 1;
            offset = offset.saturating_sub(limit - overlap);
            continue;
        }
        steps_back = 0;
        dropped += reply.dropped_count;
        let changed = groups.take(records);
        if !told(groups, changed, pages, dropped) || rows < limit {
            return Ok(());
        }
        // New rows above pushed known ones down into this page: the next one begins that much further down.
        let pushed = known.saturating_sub(if offset == 0 { 0 } else { overlap });
        let next = offset + rows + pushed.min(rows) - overlap;
        offset = next.max(offset + 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::time::Duration;

    use atalaya_ucontact::CallRecord;
    use proptest::prelude::*;

    use super::*;

    fn record(id: i64) -> CallRecord {
        CallRecord {
            id,
            guid: format!("guid-{}", id / 3),
            calldate: format!("2026-01-31 10:{:02}:{:02}", id / 60 % 60, id % 60),
            ..CallRecord::default()
        }
    }

    fn page(records: Vec<CallRecord>) -> Reply<RecordPage> {
        let rows = records.len() as u32;
        Reply {
            value: RecordPage { records, rows },
            dropped: Vec::new(),
            dropped_count: 0,
            round_trip: Duration::ZERO,
        }
    }

    /// A server whose rows change before each page: some new ones on top, some gone from the top.
    fn run(rows: u32, page_rows: u32, changes: &[(u8, u8)]) -> (BTreeSet<i64>, BTreeSet<i64>) {
        let table = RefCell::new((0..i64::from(rows)).rev().collect::<Vec<_>>());
        let turn = RefCell::new(0usize);
        let next_id = RefCell::new(1_000_000i64);
        let ask = |offset: u32, limit: u32| {
            let mut table = table.borrow_mut();
            if let Some((added, removed)) = changes.get(*turn.borrow()) {
                let gone = usize::from(*removed).min(table.len());
                table.drain(..gone);
                for _ in 0..*added {
                    *next_id.borrow_mut() += 10;
                    table.insert(0, *next_id.borrow());
                }
            }
            *turn.borrow_mut() += 1;
            let rows: Vec<_> =
                table.iter().skip(offset as usize).take(limit as usize).map(|id| record(*id)).collect();
            async move { Ok(page(rows)) }
        };
        let mut groups = Groups::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(read_pages(&mut groups, page_rows, ask, |_, _, _, _| true)).unwrap();
        let legs: Vec<i64> = groups.all().into_iter().flat_map(|call| call.legs).map(|leg| leg.id).collect();
        let got: BTreeSet<i64> = legs.iter().copied().collect();
        assert_eq!(got.len(), legs.len(), "each row once");
        let last = table.borrow().iter().copied().collect();
        (got, last)
    }

    proptest! {
        #[test]
        fn every_row_that_stays_is_read_once_whatever_moves(
            rows in 0u32..260, page_rows in 1u32..120, changes in prop::collection::vec((0u8..4, 0u8..3), 0..40)
        ) {
            let (got, last) = run(rows, page_rows, &changes);
            // Rows that were there from the start to the end must be there; newer ones may.
            for id in last.iter().filter(|id| **id < 1_000_000) {
                prop_assert!(got.contains(id), "lost row {}", id);
            }
        }
    }

    #[test]
    fn a_new_row_before_every_page_does_not_stop_it() {
        let changes = vec![(1, 0); 500];
        let (got, _) = run(230, 1, &changes);
        assert!((0..230).all(|id| got.contains(&id)));
    }
}

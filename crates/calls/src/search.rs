//! Reading all pages of a search although rows move while we read: pages overlap, and a page that does not touch the
//! one before is read again further up.
//!
//! Left out on purpose: grouping.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use atalaya_ucontact::{Error, RecordFilter, RecordPage, Reply};

use crate::list::CallList;
use crate::wire::Search;

/// Fewer rows than this leave no room for an overlap.
const LEAST_ROWS: u32 = 10;
/// A search of more pages is not a question any more.
const MOST_PAGES: u32 = 20_000;
/// So many pages one after the other without anything new are the end, however long they are.
const MOST_BARREN: u32 = 8;
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
        range: search.hours.trim().to_owned(),
        cont: search.times_seen.map(|times| times.to_string()).unwrap_or_default(),
    }
}

/// How many rows are asked for at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// In the first page.
    pub first: u32,
    /// In the largest: a long answer is read in ever larger pages, until the server gives less than it is asked for.
    pub most: u32,
}

impl Pages {
    /// Always the same.
    pub fn of(rows: u32) -> Self {
        Self { first: rows, most: rows }
    }
}

/// Reads page after page through `ask(offset, limit)` until the end is proved: by an empty page, or by one that is shorter
/// than others were and has nothing new. A short page alone is no end: a server may give less than it is asked for.
/// `kept` is waited for with the calls new with each page, then `told` hears of it: those calls, pages so far, records that
/// could not be read so far; it answers false to stop.
///
/// # Errors
/// The first failure of `ask` for a page of the first size; `list` keeps what arrived.
pub async fn read_pages<A, F, K>(
    list: &Mutex<CallList>,
    pages: Pages,
    mut ask: A,
    kept: impl Fn(Vec<String>) -> K,
    mut told: impl FnMut(Vec<String>, u32, u32) -> bool,
) -> Result<(), Error>
where
    A: FnMut(u32, u32) -> F,
    F: Future<Output = Result<Reply<RecordPage>, Error>>,
    K: Future<Output = ()>,
{
    let first = pages.first.max(LEAST_ROWS);
    let mut most = pages.most.max(first);
    let mut limit = first;
    // The most rows that came at once: what this server gives.
    let mut widest = 0;
    // Rows this page has in common with the one before.
    let mut overlap = 0;
    let (mut offset, mut pages, mut dropped, mut steps_back, mut barren) = (0u32, 0u32, 0u32, 0u32, 0u32);
    while pages < MOST_PAGES {
        let reply = match ask(offset, limit).await {
            // A page too large for this server, or for the way to it.
            Err(error) if limit > first && error.retryable() => {
                (limit, most) = (first, first);
                continue;
            }
            reply => reply?,
        };
        pages += 1;
        let RecordPage { records, rows } = reply.value;
        let known = {
            let list = locked(list);
            records.iter().filter(|record| list.table().knows(record)).count() as u32
        };
        let all_read = records.len() as u32 == rows;
        // Rows above were taken away: this page begins beyond what we have. The rows between are further up.
        let torn = overlap > 0 && known == 0 && all_read && steps_back < STEPS_BACK;
        if torn {
            steps_back += 1;
            offset = offset.saturating_sub(limit.saturating_sub(overlap_of(limit)).max(1));
            continue;
        }
        let went_back = std::mem::take(&mut steps_back) > 0;
        dropped += reply.dropped_count;
        let nothing_new = all_read && known == rows;
        let new = locked(list).take(records);
        kept(new.clone()).await;
        barren = if nothing_new { barren + 1 } else { 0 };
        let the_end = rows == 0 || (nothing_new && (rows < widest || barren >= MOST_BARREN));
        if !told(new, pages, dropped) || the_end {
            return Ok(());
        }
        widest = widest.max(rows);
        // New rows above pushed known ones down into this page: the next one begins that much further down.
        let pushed = if offset == 0 || went_back { 0 } else { known.saturating_sub(overlap) };
        if rows < limit {
            (limit, most) = (widest, widest);
        } else {
            limit = limit.saturating_mul(2).min(most);
        }
        overlap = overlap_of(rows.min(limit)).min(rows - 1);
        offset += rows + pushed.min(rows) - overlap;
    }
    Ok(())
}

fn overlap_of(limit: u32) -> u32 {
    (limit / 10).max(2)
}

fn locked(list: &Mutex<CallList>) -> MutexGuard<'_, CallList> {
    // A page is taken whole or not at all.
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::future::ready;
    use std::time::Duration;

    use atalaya_ucontact::{CallRecord, ErrorKind};
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
            arrived: Duration::ZERO,
            arrived_ms: 0,
        }
    }

    /// A server whose rows change before each page: some new ones on top, some gone from the top.
    fn run(rows: u32, pages: Pages, cap: u32, changes: &[(u8, u8)]) -> (BTreeSet<i64>, BTreeSet<i64>) {
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
            let limit = limit.min(cap) as usize;
            let rows: Vec<_> = table.iter().skip(offset as usize).take(limit).map(|id| record(*id)).collect();
            async move { Ok(page(rows)) }
        };
        let list = Mutex::new(CallList::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(read_pages(&list, pages, ask, |_| ready(()), |_, _, _| true)).unwrap();
        let calls = list.into_inner().unwrap().table().all();
        let legs: Vec<i64> = calls.into_iter().flat_map(|call| call.legs).map(|leg| leg.id).collect();
        let got: BTreeSet<i64> = legs.iter().copied().collect();
        assert_eq!(got.len(), legs.len(), "each row once");
        let last = table.borrow().iter().copied().collect();
        (got, last)
    }

    proptest! {
        #[test]
        fn every_row_that_stays_is_read_once_whatever_moves(
            rows in 0u32..260, page_rows in 1u32..120, growth in 1u32..9, cap in 20u32..200,
            changes in prop::collection::vec((0u8..4, 0u8..3), 0..40)
        ) {
            // A server gives what it wants to give at once, whatever it is asked for.
            let pages = Pages { first: page_rows, most: page_rows * growth };
            let (got, last) = run(rows, pages, cap, &changes);
            // Rows that were there from the start to the end must be there; newer ones may.
            for id in last.iter().filter(|id| **id < 1_000_000) {
                prop_assert!(got.contains(id), "lost row {}", id);
            }
        }
    }

    #[test]
    fn a_long_answer_is_read_in_large_pages_and_a_server_that_gives_less_costs_no_row() {
        let asked = |cap: u32, fails: bool| {
            let seen = RefCell::new(Vec::new());
            let list = Mutex::new(CallList::default());
            let ask = |offset: u32, limit: u32| {
                seen.borrow_mut().push(limit);
                let answer = if fails && limit > 100 {
                    let what = "Cdr/getrecords".to_owned();
                    let (kind, elapsed) = (ErrorKind::Timeout, Duration::ZERO);
                    Err(Error { kind, what, detail: None, status: None, attempts: 1, elapsed, left: true })
                } else {
                    let end = (offset + limit.min(cap)).min(2_000);
                    Ok(page((offset..end).map(|id| record(i64::from(id))).collect()))
                };
                async move { answer }
            };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime
                .block_on(read_pages(
                    &list,
                    Pages { first: 50, most: 500 },
                    ask,
                    |_| ready(()),
                    |_, _, _| true,
                ))
                .unwrap();
            assert_eq!(list.into_inner().unwrap().table().legs(), 2_000);
            seen.into_inner()
        };
        assert_eq!(asked(1_000, false)[..5], [50, 100, 200, 400, 500]);
        assert!(asked(1_000, false).len() < 9);
        assert_eq!(asked(120, false)[..4], [50, 100, 200, 120]);
        for cap in [1, 2, 3, 20, 49] {
            assert!(
                asked(cap, false).len() as u32 <= 2_000 / cap.saturating_sub(overlap_of(cap)).max(1) + 3,
                "{cap}"
            );
        }
        assert_eq!(asked(1_000, true)[..4], [50, 100, 200, 50]);
    }

    #[test]
    fn a_server_that_gives_the_same_page_for_ever_is_left() {
        let asked = RefCell::new(0);
        let list = Mutex::new(CallList::default());
        let ask = |_: u32, _: u32| {
            *asked.borrow_mut() += 1;
            async { Ok(page((0..50).map(record).collect())) }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(read_pages(&list, Pages::of(50), ask, |_| ready(()), |_, _, _| true)).unwrap();
        assert_eq!((list.into_inner().unwrap().table().legs(), asked.into_inner()), (50, MOST_BARREN + 1));
    }

    #[test]
    fn a_new_row_before_every_page_does_not_stop_it() {
        let changes = vec![(1, 0); 500];
        let (got, _) = run(230, Pages::of(1), 1_000, &changes);
        assert!((0..230).all(|id| got.contains(&id)));
    }
}

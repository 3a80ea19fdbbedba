//! Worklists: samples kept, worked through, gone on with where they were left.

use atalaya_calls::wire::Call;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::Error;
use crate::reviews::{Reviews, parsed};
use crate::touched::Touched;
use crate::wire::{Handed, ItemState, Sample, SampleItem, SampleRequest};

const MOST_PER_AGENT: u32 = 100;

type Kept = (i64, String, i64, u32, u32, u32, Option<String>, Option<String>);

const COLUMNS: &str = "SELECT id, request, made_ms, count(item.place), coalesce(sum(state = 'done'), 0),
    coalesce(sum(state = 'skipped'), 0), at,
    (SELECT json_array(given_by, given_to, at_ms, taken) FROM handed WHERE handed.sample = sample.id ORDER BY handed.place DESC LIMIT 1)
    FROM sample LEFT JOIN sample_item AS item ON item.sample = id";

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn sample((id, request, made_ms, calls, done, skipped, at, handed): Kept) -> Result<Sample, Error> {
    let handed: Option<(String, String, i64, u8)> = handed.map(|handed| parsed(&handed)).transpose()?;
    let handed = handed.map(|(by, to, at_ms, taken)| Handed { by, to, at_ms, taken: taken == 1 });
    Ok(Sample { id, request: parsed(&request)?, made_ms, calls, done, skipped, at, handed })
}

/// A request with its figures inside their limits.
pub(crate) fn checked(request: &SampleRequest) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::Invalid("sample", what.to_owned()));
    let moment = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    match (moment(&request.from), moment(&request.to)) {
        (Some(from), Some(to)) if from <= to => {}
        _ => return wrong("period"),
    }
    if request.name.trim().is_empty() {
        return wrong("name");
    }
    if !(1..=MOST_PER_AGENT).contains(&request.per_agent)
        || request.each.values().any(|calls| *calls > MOST_PER_AGENT)
        || request.max_secs.is_some_and(|most| most < request.min_secs)
    {
        return wrong("figures");
    }
    Ok(())
}

impl Reviews {
    /// Whether a sample can be drawn like this.
    ///
    /// # Errors
    /// `reviewInvalid`: `period`, `name`, `figures`; `reviewGone` without its card.
    pub fn check_sample(&self, request: &SampleRequest) -> Result<(), Error> {
        checked(request)?;
        self.card(&request.card, None).map(drop)
    }

    /// Keeps drawn calls as a worklist, whole or not at all.
    ///
    /// # Errors
    /// `reviewInvalid`, or the store's.
    pub fn keep_sample(&self, request: &SampleRequest, calls: &[Call]) -> Result<Sample, Error> {
        checked(request)?;
        let body = serde_json::to_string(request)?;
        let mut rows = Vec::new();
        for call in calls {
            rows.push((call.guid.as_str(), serde_json::to_string(call)?));
        }
        let id = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO sample (account, request, made_ms, list) VALUES (?1, ?2, ?3, ?4)",
                params![self.account, body, self.now_ms(), self.fresh()],
            )?;
            let id = transaction.last_insert_rowid();
            {
                let mut statement = transaction
                    .prepare("INSERT INTO sample_item (sample, place, guid, call) VALUES (?1, ?2, ?3, ?4)")?;
                for (place, (guid, call)) in (0_i64..).zip(&rows) {
                    statement.execute(params![id, place, guid, call])?;
                }
            }
            self.touched(&transaction, Touched::Worklist(id))?;
            transaction.commit()?;
            Ok(id)
        })?;
        self.sample(id)
    }

    /// One worklist.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn sample(&self, id: i64) -> Result<Sample, Error> {
        let row = self.store.with(|connection| {
            connection
                .query_row(
                    &format!("{COLUMNS} WHERE account = ?1 AND id = ?2 GROUP BY id"),
                    params![self.account, id],
                    kept,
                )
                .optional()
        })?;
        sample(row.ok_or(Error::Gone("sample"))?)
    }

    /// All worklists, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn samples(&self) -> Result<Vec<Sample>, Error> {
        let rows: Vec<Kept> = self.store.with(|connection| {
            let mut statement = connection
                .prepare_cached(&format!("{COLUMNS} WHERE account = ?1 GROUP BY id ORDER BY id DESC"))?;
            statement.query_map([&self.account], kept)?.collect()
        })?;
        rows.into_iter().map(sample).collect()
    }

    /// The calls of a worklist, in their order.
    ///
    /// # Errors
    /// The store's.
    pub fn sample_items(&self, id: i64) -> Result<Vec<SampleItem>, Error> {
        type Item = (String, String, String, Option<f64>);
        let rows: Vec<Item> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT call, state, reason, percent FROM sample_item JOIN sample ON sample.id = sample
                 WHERE sample = ?1 AND account = ?2 ORDER BY place",
            )?;
            let rows = statement.query_map(params![id, self.account], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            rows.collect()
        })?;
        let item = |(call, state, reason, percent): Item| {
            let state = match state.as_str() {
                "done" => ItemState::Done,
                "skipped" => ItemState::Skipped,
                _ => ItemState::Open,
            };
            Ok(SampleItem { call: parsed(&call)?, state, reason, percent })
        };
        rows.into_iter().map(item).collect()
    }

    /// Leaves a call out with a reason, or takes it in again without one. One that is judged stays judged.
    ///
    /// # Errors
    /// The store's.
    pub fn skip(&self, id: i64, guid: &str, reason: Option<&str>) -> Result<Sample, Error> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let state = if reason.is_some() { "skipped" } else { "open" };
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE sample_item SET state = ?3, reason = ?4 WHERE sample = ?1 AND guid = ?2 AND state != 'done'",
                params![id, guid, state, reason.unwrap_or_default()],
            )?;
            self.touched(&transaction, Touched::Entry { worklist: id, guid })?;
            transaction.commit()
        })?;
        self.sample(id)
    }

    /// Gives a worklist another name.
    ///
    /// # Errors
    /// `reviewInvalid` for an empty one, `reviewGone`, or the store's.
    pub fn rename_sample(&self, id: i64, name: &str) -> Result<Sample, Error> {
        let request = SampleRequest { name: name.trim().to_owned(), ..self.sample(id)?.request };
        checked(&request)?;
        let body = serde_json::to_string(&request)?;
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE sample SET request = ?3 WHERE id = ?1 AND account = ?2",
                params![id, self.account, body],
            )?;
            self.touched(&transaction, Touched::Worklist(id))?;
            transaction.commit()
        })?;
        self.sample(id)
    }

    /// Remembers the call being worked on.
    ///
    /// # Errors
    /// The store's.
    pub fn at(&self, id: i64, guid: &str) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute(
                "UPDATE sample SET at = ?3 WHERE id = ?1 AND account = ?2",
                params![id, self.account, guid],
            )
        })?;
        Ok(())
    }

    /// Removes a worklist; what was judged with it stays.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_sample(&self, id: i64) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let gone: Option<String> = transaction
                .query_row(
                    "DELETE FROM sample WHERE id = ?1 AND account = ?2 RETURNING list",
                    params![id, self.account],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(list) = gone {
                self.touched(&transaction, Touched::WorklistRemoved(&list))?;
            }
            transaction.commit()
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::draw::tests::{call, request};
    use crate::reviews::tests::{all, reviews};
    use crate::wire::{ItemState, SampleRequest, Value};

    #[test]
    fn a_worklist_goes_on_where_it_was_left() {
        let reviews = reviews();
        let calls = [call("Ana", 1, 1), call("Ana", 2, 1), call("Bruno", 1, 1)];
        let sample = reviews.keep_sample(&request(2), &calls).unwrap();
        assert_eq!((sample.calls, sample.done, sample.skipped), (3, 0, 0));
        assert_eq!(reviews.taken().unwrap().len(), 3);

        let review = reviews.open(&calls[0], "c", "Marta").unwrap();
        reviews.change(review.id, all(Value::No), "").unwrap();
        reviews.finish(review.id).unwrap();
        reviews.skip(sample.id, &calls[1].guid, Some(" no sound ")).unwrap();
        reviews.at(sample.id, &calls[2].guid).unwrap();
        let sample = reviews.sample(sample.id).unwrap();
        assert_eq!((sample.done, sample.skipped, sample.at.as_deref()), (1, 1, Some(calls[2].guid.as_str())));
        let items = reviews.sample_items(sample.id).unwrap();
        assert_eq!((items[0].state, items[0].percent), (ItemState::Done, Some(80.0)));
        assert_eq!((items[1].state, items[1].reason.as_str()), (ItemState::Skipped, "no sound"));

        assert_eq!(
            reviews.skip(sample.id, &calls[0].guid, Some("late")).unwrap().skipped,
            1,
            "judged stays judged"
        );
        assert_eq!(reviews.skip(sample.id, &calls[1].guid, None).unwrap().skipped, 0);
        reviews.reopen(review.id, "Marta").unwrap();
        assert_eq!(reviews.sample(sample.id).unwrap().done, 0);
        reviews.remove_sample(sample.id).unwrap();
        assert!(reviews.samples().unwrap().is_empty());
        assert!(reviews.review(review.id).is_ok(), "what was judged stays");
    }

    #[test]
    fn a_request_that_makes_no_sense_is_refused() {
        let reviews = reviews();
        assert!(reviews.check_sample(&request(5)).is_ok());
        for wrong in [
            SampleRequest { from: "2026-04-31 00:00:00".into(), ..request(5) },
            SampleRequest { to: "2026-02-01 00:00:00".into(), ..request(5) },
            SampleRequest { name: " ".into(), ..request(5) },
            SampleRequest { max_secs: Some(10), ..request(5) },
            request(0),
            request(101),
        ] {
            assert_eq!(reviews.check_sample(&wrong).unwrap_err().code(), "reviewInvalid", "{wrong:?}");
        }
        let gone = SampleRequest { card: "none".into(), ..request(5) };
        assert_eq!(reviews.check_sample(&gone).unwrap_err().code(), "reviewGone");
    }
}

//! Whether a number was reached since a moment: an answered call, either way.

use chrono::{DateTime, TimeDelta};
use tokio_util::sync::CancellationToken;

use super::Calls;
use crate::error::Error;
use crate::wire::{Call, Search};

/// Rows in a page: of one number there are few.
const PAGE_ROWS: u32 = 50;
/// Digits that have to be the same at the end: what stands before them depends on who dialled.
const SAME_DIGITS: usize = 7;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two texts are one number, with or without what is dialled before it.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    // The 0 of a long-distance call gives way to the country's number.
    let tail = short.trim_start_matches('0');
    one == other && !one.is_empty() || tail.len() >= SAME_DIGITS && long.ends_with(tail)
}

impl Calls {
    /// The first answered call from or to a number that began at this moment of the server or later; `None` when nobody was
    /// reached. The number is asked for as the caller and as the called one.
    ///
    /// # Errors
    /// The server's; `invalidInput` for what is no moment; `cancelled`: then nobody knows.
    pub async fn reached_since(
        &self,
        number: &str,
        moment: &str,
        cancel: &CancellationToken,
    ) -> Result<Option<Call>, Error> {
        // A server that cannot read a date may answer with nothing, which is not "nobody was reached".
        if atalaya_ucontact::moment(moment).is_none() {
            return Err(Error::InvalidInput("moment"));
        }
        // Whatever the server's zone and clock are, its now is before this.
        let now = DateTime::from_timestamp_millis(self.store().clock().now_ms()).unwrap_or_default();
        let to = (now + TimeDelta::days(2)).format("%Y-%m-%d %H:%M:%S").to_string();
        let from = moment.to_owned();
        let of = |source: &str, destination: &str| Search {
            from: from.clone(),
            to: to.clone(),
            source: source.to_owned(),
            destination: destination.to_owned(),
            ..Search::default()
        };
        for search in [of(number, ""), of("", number)] {
            let calls = self.search(&search, PAGE_ROWS, |_| {}, cancel).await?;
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            // A server that minds no such filter gives everybody's calls.
            let theirs = |call: &Call| same(&call.source, number) || same(&call.destination, number);
            let later = |call: &Call| call.started_at.as_str() >= moment;
            let mut reached = calls.into_iter().filter(|call| call.answered && theirs(call) && later(call));
            if let Some(first) = reached.next() {
                return Ok(Some(first));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_number_is_the_same_whoever_dials_it() {
        for (one, other) in [
            ("098344484", "098344484"),
            ("098344484", "+59898344484"),
            ("98344484", "0 98344484"),
            ("101", "101"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [("098344484", "098344485"), ("101", "2101"), ("", ""), ("anonymous", "unknown")]
        {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}

//! Reviews found again: lists, and which calls are taken.
//!
//! Opening a call to look at it begins a review; looking is not judging. A review in which nothing was said ([`SAID`]) is in no
//! list, keeps no call out of a sample, and is forgotten when next somebody signs in.

use std::collections::BTreeSet;

use atalaya_calls::fold;
use rusqlite::{Row, params};

use crate::error::Error;
use crate::report::{Versions, part_of};
use crate::reviews::Reviews;
use crate::wire::{AgentReview, Feedback, ReviewFilter, ReviewLine, Tone};

/// As literals, so that one can be of the other.
macro_rules! said_in_it {
    () => {
        "(review.finished_ms IS NOT NULL OR trim(review.comment, char(32, 9, 10, 13)) != ''
    OR EXISTS (SELECT 1 FROM json_each(review.answers) AS one WHERE one.value ->> 'value' IS NOT NULL
               OR trim(one.value ->> 'comment', char(32, 9, 10, 13)) != ''))"
    };
}

/// Something is said in the review itself: an answer, a comment, an end.
pub(crate) const SAID_IN_IT: &str = said_in_it!();

/// What makes a row of `review` more than a look at a call: it was finished, or has an answer, a comment, or a note by the same
/// person. An answer that was taken back is none.
pub(crate) const SAID: &str = concat!(
    "(",
    said_in_it!(),
    " OR EXISTS (SELECT 1 FROM note WHERE note.account = review.account AND note.guid = review.guid
               AND trim(note.reviewer) = review.reviewer))"
);

/// How far back the reviews of one agent go, days.
const LATELY_DAYS: i64 = 30;

const LINE: &str = "SELECT review.id, guid, call_at, agent, campaign, reviewer, card.name, percent, fatal, tone, finished_ms,
    given, acknowledged, disputed, settled,
    (SELECT min(at_secs) FROM note WHERE note.account = review.account AND note.guid = review.guid),
    review.card, review.version, (SELECT parts FROM review_part WHERE review_part.review = review.id)
    FROM review JOIN card ON card.id = review.card AND card.version = review.version";

fn line(row: &Row<'_>) -> rusqlite::Result<ReviewLine> {
    Ok(ReviewLine {
        id: row.get(0)?,
        guid: row.get(1)?,
        call_at: row.get(2)?,
        agent: row.get(3)?,
        campaign: row.get(4)?,
        reviewer: row.get(5)?,
        card: row.get(6)?,
        percent: row.get(7)?,
        fatal: row.get(8)?,
        tone: tone_of(row.get::<_, Option<String>>(9)?.as_deref()),
        finished_ms: row.get(10)?,
        feedback: Feedback {
            given: row.get(11)?,
            acknowledged: row.get(12)?,
            disputed: row.get(13)?,
            settled: row.get(14)?,
        },
        noted_secs: row.get(15)?,
    })
}

pub(crate) fn tone_of(name: Option<&str>) -> Option<Tone> {
    match name {
        Some("ok") => Some(Tone::Ok),
        Some("warn") => Some(Tone::Warn),
        Some("bad") => Some(Tone::Bad),
        _ => None,
    }
}

/// Whether every word is in one of the texts; case and accents do not matter, and every letter stands for itself.
fn has_words(words: &[String], texts: [&str; 3]) -> bool {
    let texts = texts.map(fold);
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// Whether a row has the figures asked for, its own or a question's.
fn figures_fit(row: &Row<'_>, filter: &ReviewFilter, versions: &Versions) -> rusqlite::Result<bool> {
    let (score, fatal) = if filter.question.is_empty() {
        (row.get::<_, Option<f64>>(7)?, row.get(8)?)
    } else {
        let (card, version) = (row.get_ref(16)?.as_str()?, row.get::<_, u32>(17)?);
        let parts = row.get_ref(18)?.as_str_or_null()?.unwrap_or_default();
        match part_of(versions, (card, version), parts, &filter.question) {
            Some((figure, fatal)) => (figure.map(|hundredths| f64::from(hundredths) / 100.0), fatal),
            None => return Ok(false),
        }
    };
    // As far as a score is kept.
    let same = |wanted: f64| score.is_some_and(|score| (score - wanted).abs() < 0.005);
    Ok((!filter.fatal || fatal) && filter.score.is_none_or(same))
}

impl Reviews {
    /// Reviews, the newest call first, at most `most`; those of calibrations and those without a word aside. The filter's text
    /// is words: each must be in the agent's, the campaign's or the reviewer's name.
    ///
    /// # Errors
    /// The store's.
    pub fn list(&self, filter: &ReviewFilter, most: u32) -> Result<Vec<ReviewLine>, Error> {
        let words: Vec<String> = fold(&filter.text).split_whitespace().map(str::to_owned).collect();
        let versions = if filter.question.is_empty() { Versions::new() } else { self.questions()?.0 };
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{LINE} WHERE account = ?1 AND calibration = '' AND (?2 = '' OR guid = ?2)
                 AND (NOT ?3 OR finished_ms IS NULL) AND call_at >= ?4 AND (?5 = '' OR call_at < ?5 || '~')
                 AND (?6 = '' OR agent = ?6) AND (?7 = '' OR campaign = ?7) AND (?8 = '' OR reviewer = ?8)
                 AND (?9 = '' OR review.card = ?9) AND (NOT ?10 OR finished_ms IS NOT NULL) AND {SAID}
                 ORDER BY call_at DESC, review.id DESC"
            ))?;
            let within = &filter.within;
            let mut rows = statement.query(params![
                self.account,
                filter.guid,
                filter.open,
                within.from,
                within.to,
                within.agent,
                within.campaign,
                within.reviewer,
                within.card,
                filter.finished
            ])?;
            let mut found = Vec::new();
            // Read no further than needed: the database knows neither our case nor our accents.
            while found.len() < most as usize {
                let Some(row) = rows.next()? else { break };
                let [agent, campaign, reviewer] = [3, 4, 5].map(|place| row.get_ref(place));
                if !figures_fit(row, filter, &versions)? {
                    continue;
                }
                if words.is_empty()
                    || has_words(&words, [agent?.as_str()?, campaign?.as_str()?, reviewer?.as_str()?])
                {
                    found.push(line(row)?);
                }
            }
            Ok(found)
        })?)
    }

    /// What one agent's finished reviews of the last thirty days say, the last finished first, at most `most`; those of
    /// calibrations aside, and those taken up again until they are finished once more. The name is as call records spell it.
    ///
    /// # Errors
    /// The store's.
    pub fn of_agent(&self, agent: &str, most: u32) -> Result<Vec<AgentReview>, Error> {
        let since = self.now_ms() - LATELY_DAYS * 86_400_000;
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT review.id, guid, card.name, percent, fatal, tone, finished_ms, nullif(trim(call_at), '')
                 FROM review JOIN card ON card.id = review.card AND card.version = review.version
                 WHERE account = ?1 AND calibration = '' AND agent = ?2 AND finished_ms >= ?3
                 ORDER BY finished_ms DESC, review.id DESC LIMIT ?4",
            )?;
            let one = |row: &Row<'_>| {
                Ok(AgentReview {
                    id: row.get(0)?,
                    guid: row.get(1)?,
                    card: row.get(2)?,
                    score: row.get(3)?,
                    fatal: row.get(4)?,
                    tone: tone_of(row.get::<_, Option<String>>(5)?.as_deref()),
                    finished_at: row.get(6)?,
                    call_at: row.get(7)?,
                })
            };
            statement.query_map(params![self.account, agent, since, most], one)?.collect()
        })?)
    }

    /// Calls judged here, or begun to be, or waiting in a worklist.
    ///
    /// # Errors
    /// The store's.
    pub fn taken(&self) -> Result<BTreeSet<String>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare(&format!(
                "SELECT guid FROM review WHERE account = ?1 AND calibration = '' AND {SAID} UNION
                 SELECT guid FROM sample_item JOIN sample ON sample.id = sample WHERE account = ?1 AND state != 'skipped'",
            ))?;
            statement.query_map([&self.account], |row| row.get(0))?.collect()
        })?)
    }

    /// Forgets reviews in which nothing was said, and gives how many. Not while one may be on the screen: its first answer
    /// would have nowhere to go.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_looks(&self) -> Result<usize, Error> {
        Ok(self.store.with(|connection| {
            connection
                .execute(&format!("DELETE FROM review WHERE account = ?1 AND NOT {SAID}"), [&self.account])
        })?)
    }
}

#[cfg(test)]
mod tests;

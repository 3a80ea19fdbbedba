//! Figures over finished reviews: by agent, question, reviewer, campaign, day, month. Worked out by the database; by question
//! from each review's parts.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Error;
use crate::reviews::{Reviews, parsed};
use crate::score::rounded;
use crate::wire::{Card, ReportBy, ReportFilter, ReportRow};

/// By card and version.
pub(crate) type Versions = HashMap<String, HashMap<u32, Vec<String>>>;

fn row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let figure = |place: usize| row.get::<_, Option<f64>>(place).map(|figure| figure.map(rounded));
    Ok(ReportRow {
        key: row.get(0)?,
        question: String::new(),
        reviews: row.get(1)?,
        scored: row.get(2)?,
        average: figure(3)?,
        lowest: figure(4)?,
        highest: figure(5)?,
        fatal: row.get(6)?,
    })
}

/// Every report reads the index of these columns and nothing else.
const WHERE: &str = "WHERE account = ?1 AND calibration = '' AND finished_ms IS NOT NULL
    AND call_at >= ?2 AND (?3 = '' OR call_at < ?3 || '~')
    AND (?4 = '' OR agent = ?4) AND (?5 = '' OR campaign = ?5) AND (?6 = '' OR reviewer = ?6) AND (?7 = '' OR card = ?7)";

/// What a question earned in a review, by the place of its part, in hundredths of a percent (nothing where it did not count),
/// and whether it failed fatally; `None` where the card did not ask it.
pub(crate) fn part_of(
    versions: &Versions,
    (card, version): (&str, u32),
    parts: &str,
    question: &str,
) -> Option<(Option<u32>, bool)> {
    let place = versions.get(card)?.get(&version)?.iter().position(|one| one == question)?;
    let part = parts.split(',').nth(place)?;
    let figure = part.strip_suffix('!');
    Some((figure.unwrap_or(part).parse().ok(), figure.is_some()))
}

/// Figures of one question, in hundredths of a percent.
#[derive(Default)]
struct Sum {
    reviews: u32,
    scored: u32,
    hundredths: u64,
    lowest: Option<u32>,
    highest: Option<u32>,
    fatal: u32,
}

impl Sum {
    fn add(&mut self, part: &str) {
        self.reviews += 1;
        let figure = part.strip_suffix('!');
        self.fatal += u32::from(figure.is_some());
        if let Ok(figure) = figure.unwrap_or(part).parse::<u32>() {
            self.scored += 1;
            self.hundredths += u64::from(figure);
            self.lowest = Some(self.lowest.map_or(figure, |lowest| lowest.min(figure)));
            self.highest = Some(self.highest.map_or(figure, |highest| highest.max(figure)));
        }
    }

    fn row(self, question: String, key: String) -> ReportRow {
        let percent = |figure: u32| f64::from(figure) / 100.0;
        ReportRow {
            key,
            question,
            reviews: self.reviews,
            scored: self.scored,
            average: (self.scored > 0)
                .then(|| rounded(self.hundredths as f64 / 100.0 / f64::from(self.scored))),
            lowest: self.lowest.map(percent),
            highest: self.highest.map(percent),
            fatal: self.fatal,
        }
    }
}

impl Reviews {
    /// A report over finished reviews, calibrations aside; days and months in order, everything else by name.
    ///
    /// # Errors
    /// The store's.
    pub fn report(&self, filter: &ReportFilter, by: ReportBy) -> Result<Vec<ReportRow>, Error> {
        let key = match by {
            ReportBy::Agent => "agent",
            ReportBy::Reviewer => "reviewer",
            ReportBy::Campaign => "campaign",
            ReportBy::Day => "substr(call_at, 1, 10)",
            ReportBy::Month => "substr(call_at, 1, 7)",
            ReportBy::Question => return self.by_question(filter),
        };
        let sql = format!(
            "SELECT {key} AS key, count(*), count(percent), avg(percent), min(percent), max(percent), sum(fatal)
             FROM review INDEXED BY review_report {WHERE} GROUP BY 1 ORDER BY 1 COLLATE NOCASE"
        );
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let of = params![
                self.account,
                filter.from,
                filter.to,
                filter.agent,
                filter.campaign,
                filter.reviewer,
                filter.card
            ];
            statement.query_map(of, row)?.collect()
        })?)
    }

    /// The parts of each review, added up under the questions of the version it was made with.
    fn by_question(&self, filter: &ReportFilter) -> Result<Vec<ReportRow>, Error> {
        let (versions, texts) = self.questions()?;
        let sql = format!(
            "SELECT card, version, parts FROM review INDEXED BY review_report
             JOIN review_part ON review_part.review = review.id {WHERE}"
        );
        let sums = self.store.with(|connection| {
            let mut sums: HashMap<&str, Sum> = HashMap::new();
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![
                self.account,
                filter.from,
                filter.to,
                filter.agent,
                filter.campaign,
                filter.reviewer,
                filter.card
            ])?;
            while let Some(row) = rows.next()? {
                let (card, version) = (row.get_ref(0)?.as_str()?, row.get::<_, u32>(1)?);
                let Some(questions) = versions.get(card).and_then(|of| of.get(&version)) else { continue };
                for (question, part) in questions.iter().zip(row.get_ref(2)?.as_str()?.split(',')) {
                    sums.entry(question.as_str()).or_default().add(part);
                }
            }
            Ok(sums)
        })?;
        let text = |id: &str| texts.get(id).cloned().unwrap_or_else(|| id.to_owned());
        let mut rows: Vec<ReportRow> =
            sums.into_iter().map(|(id, sum)| sum.row(id.to_owned(), text(id))).collect();
        rows.sort_by_cached_key(|row| row.key.to_lowercase());
        Ok(rows)
    }

    /// The questions of each card's versions in their order, and each question's text as last worded.
    pub(crate) fn questions(&self) -> Result<(Versions, HashMap<String, String>), Error> {
        let bodies: Vec<String> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT body FROM card ORDER BY id, version")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })?;
        let (mut versions, mut texts) = (Versions::new(), HashMap::new());
        for body in &bodies {
            let card: Card = parsed(body)?;
            let questions: Vec<_> = card.sections.into_iter().flat_map(|section| section.questions).collect();
            let ids = questions.iter().map(|question| question.id.clone()).collect();
            versions.entry(card.id).or_default().insert(card.version, ids);
            texts.extend(questions.into_iter().map(|question| (question.id, question.text)));
        }
        Ok((versions, texts))
    }

    #[cfg(test)]
    pub(crate) fn report_is_empty(&self) -> bool {
        self.report(&ReportFilter::default(), ReportBy::Agent).is_ok_and(|rows| rows.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::tests::call;
    use crate::reviews::tests::{all, reviews};
    use crate::wire::{Answer, Value};
    use std::collections::BTreeMap;

    #[test]
    fn figures_worked_out_by_hand() {
        let reviews = reviews();
        let judge = |agent: &str, day: u32, who: &str, change: fn(&mut BTreeMap<String, Answer>)| {
            let review = reviews.open(&call(agent, day, 1), "c", who).unwrap();
            let mut answers = all(Value::Yes);
            change(&mut answers);
            reviews.change(review.id, answers, "").unwrap();
            reviews.finish(review.id).unwrap();
        };
        judge("Ana", 1, "Marta", |_| {});
        judge("Ana", 2, "Pedro", |answers| answers.get_mut("greeting").unwrap().value = Some(Value::No));
        judge("Bruno", 2, "Marta", |answers| answers.get_mut("law").unwrap().value = Some(Value::No));
        judge("Carla", 3, "Marta", |answers| {
            for answer in answers.values_mut() {
                answer.value = Some(Value::NotApplicable);
            }
        });
        reviews.open(&call("Ana", 9, 1), "c", "Marta").unwrap();

        let any = ReportFilter::default();
        let figures = |filter: &ReportFilter, by| {
            let rows = reviews.report(filter, by).unwrap();
            rows.into_iter().map(|row| (row.key, row.reviews, row.average, row.fatal)).collect::<Vec<_>>()
        };
        let line = |key: &str, reviews, average, fatal| (key.to_owned(), reviews, average, fatal);
        assert_eq!(
            figures(&any, ReportBy::Agent),
            [line("Ana", 2, Some(90.0), 0), line("Bruno", 1, Some(0.0), 1), line("Carla", 1, None, 0)]
        );
        assert_eq!(
            figures(&any, ReportBy::Reviewer),
            [line("Marta", 3, Some(50.0), 1), line("Pedro", 1, Some(80.0), 0)]
        );
        assert_eq!(
            figures(&any, ReportBy::Question),
            [
                line("Question greeting", 4, Some(66.67), 0),
                line("Question law", 4, Some(66.67), 1),
                line("Question listening", 4, Some(100.0), 0),
                line("Question solution", 4, Some(100.0), 0),
            ]
        );
        assert_eq!(figures(&any, ReportBy::Month), [line("2026-03", 4, Some(60.0), 1)]);
        let second = ReportFilter { from: "2026-03-02".into(), to: "2026-03-02".into(), ..any.clone() };
        assert_eq!(figures(&second, ReportBy::Day), [line("2026-03-02", 2, Some(40.0), 1)]);
        let marta = ReportFilter {
            reviewer: "Marta".into(),
            campaign: "Soporte<-".into(),
            card: "c".into(),
            ..any.clone()
        };
        assert_eq!(figures(&marta, ReportBy::Agent)[0], line("Ana", 1, Some(100.0), 0));
        assert!(figures(&ReportFilter { campaign: "Ventas->".into(), ..any }, ReportBy::Campaign).is_empty());
    }
}

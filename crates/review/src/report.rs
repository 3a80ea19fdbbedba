//! Figures over finished reviews: by agent, question, reviewer, campaign, day, month. Worked out by the database.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Error;
use crate::reviews::{Reviews, parsed};
use crate::score::rounded;
use crate::wire::{Card, ReportBy, ReportFilter, ReportRow};

fn row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let figure = |place: usize| row.get::<_, Option<f64>>(place).map(|figure| figure.map(rounded));
    Ok(ReportRow {
        key: row.get(0)?,
        reviews: row.get(1)?,
        scored: row.get(2)?,
        average: figure(3)?,
        lowest: figure(4)?,
        highest: figure(5)?,
        fatal: row.get(6)?,
    })
}

impl Reviews {
    /// A report over finished reviews, calibrations aside; days and months in order, everything else by name.
    ///
    /// # Errors
    /// The store's.
    pub fn report(&self, filter: &ReportFilter, by: ReportBy) -> Result<Vec<ReportRow>, Error> {
        let (key, figures, from) = match by {
            ReportBy::Agent => ("agent", "review", "review"),
            ReportBy::Reviewer => ("reviewer", "review", "review"),
            ReportBy::Campaign => ("campaign", "review", "review"),
            ReportBy::Day => ("substr(call_at, 1, 10)", "review", "review"),
            ReportBy::Month => ("substr(call_at, 1, 7)", "review", "review"),
            ReportBy::Question => {
                ("item.question", "item", "review JOIN review_item AS item ON item.review = review.id")
            }
        };
        let sql = format!(
            "SELECT {key} AS key, count(*), count({figures}.percent), avg({figures}.percent), min({figures}.percent),
             max({figures}.percent), sum({figures}.fatal) FROM {from}
             WHERE account = ?1 AND finished_ms IS NOT NULL AND calibration = ''
             AND call_at >= ?2 AND (?3 = '' OR call_at < ?3 || '~')
             AND (?4 = '' OR agent = ?4) AND (?5 = '' OR campaign = ?5) AND (?6 = '' OR reviewer = ?6)
             AND (?7 = '' OR card = ?7) GROUP BY 1 ORDER BY 1 COLLATE NOCASE"
        );
        let mut rows: Vec<ReportRow> = self.store.with(|connection| {
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
        })?;
        if by == ReportBy::Question {
            let texts = self.question_texts()?;
            for row in &mut rows {
                if let Some(text) = texts.get(&row.key) {
                    row.key.clone_from(text);
                }
            }
        }
        Ok(rows)
    }

    /// Each question's text as last worded.
    fn question_texts(&self) -> Result<HashMap<String, String>, Error> {
        let bodies: Vec<String> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT body FROM card ORDER BY id, version")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })?;
        let mut texts = HashMap::new();
        for body in &bodies {
            let card: Card = parsed(body)?;
            let questions = card.sections.into_iter().flat_map(|section| section.questions);
            texts.extend(questions.map(|question| (question.id, question.text)));
        }
        Ok(texts)
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
            let review = reviews.open(&call(agent, day, 1), "c", None, who, "").unwrap();
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
        reviews.open(&call("Ana", 9, 1), "c", None, "Marta", "").unwrap();

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

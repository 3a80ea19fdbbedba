//! The tables of this crate, as the steps that lead to them.

/// A step is never changed once released: new ones follow.
pub const MIGRATIONS: atalaya_store::Migrations = atalaya_store::Migrations {
    owner: "review",
    steps: &["CREATE TABLE card (
             id TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
             made_ms INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (id, version)
         ) STRICT;
         CREATE TABLE review (
             id INTEGER PRIMARY KEY, account TEXT NOT NULL, guid TEXT NOT NULL, reviewer TEXT NOT NULL,
             card TEXT NOT NULL, version INTEGER NOT NULL, calibration TEXT NOT NULL DEFAULT '',
             call TEXT NOT NULL, call_at TEXT NOT NULL, agent TEXT NOT NULL, campaign TEXT NOT NULL,
             answers TEXT NOT NULL, comment TEXT NOT NULL, percent REAL, fatal INTEGER NOT NULL DEFAULT 0, tone TEXT,
             made_ms INTEGER NOT NULL, finished_ms INTEGER, acknowledged TEXT,
             UNIQUE (account, guid, reviewer, card, calibration)
         ) STRICT;
         CREATE INDEX review_at ON review (account, call_at, percent);
         CREATE INDEX review_agent ON review (account, agent, call_at);
         CREATE TABLE review_item (
             review INTEGER NOT NULL REFERENCES review ON DELETE CASCADE, question TEXT NOT NULL, place INTEGER NOT NULL,
             percent REAL, fatal INTEGER NOT NULL, PRIMARY KEY (review, place)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE note (
             id INTEGER PRIMARY KEY, account TEXT NOT NULL, guid TEXT NOT NULL, at_secs REAL NOT NULL,
             text TEXT NOT NULL, shared INTEGER NOT NULL, reviewer TEXT NOT NULL, made_ms INTEGER NOT NULL,
             call TEXT NOT NULL
         ) STRICT;
         CREATE INDEX note_of ON note (account, guid, at_secs);
         CREATE VIRTUAL TABLE note_words USING fts5 (
             text, content = 'note', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
         );
         CREATE TRIGGER note_in AFTER INSERT ON note BEGIN
             INSERT INTO note_words (rowid, text) VALUES (new.id, new.text);
         END;
         CREATE TRIGGER note_out AFTER DELETE ON note BEGIN
             INSERT INTO note_words (note_words, rowid, text) VALUES ('delete', old.id, old.text);
         END;
         CREATE TRIGGER note_on AFTER UPDATE OF text ON note BEGIN
             INSERT INTO note_words (note_words, rowid, text) VALUES ('delete', old.id, old.text);
             INSERT INTO note_words (rowid, text) VALUES (new.id, new.text);
         END;
         CREATE TABLE sample (
             id INTEGER PRIMARY KEY, account TEXT NOT NULL, request TEXT NOT NULL, made_ms INTEGER NOT NULL, at TEXT
         ) STRICT;
         CREATE TABLE sample_item (
             sample INTEGER NOT NULL REFERENCES sample ON DELETE CASCADE, place INTEGER NOT NULL, guid TEXT NOT NULL,
             call TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', reason TEXT NOT NULL DEFAULT '', percent REAL,
             PRIMARY KEY (sample, place)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX sample_guid ON sample_item (guid, state);
         CREATE TABLE calibration (
             id TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, call TEXT NOT NULL, card TEXT NOT NULL,
             people INTEGER NOT NULL, folder TEXT, made_ms INTEGER NOT NULL, PRIMARY KEY (account, id)
         ) STRICT;
         CREATE TABLE calibration_review (
             account TEXT NOT NULL, calibration TEXT NOT NULL, reviewer TEXT NOT NULL, answers TEXT NOT NULL,
             comment TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (account, calibration, reviewer)
         ) STRICT;
         CREATE TABLE disposition (
             account TEXT NOT NULL, campaign TEXT NOT NULL, level1 TEXT NOT NULL, level2 TEXT NOT NULL,
             level3 TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 0, used_ms INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (account, campaign, level1, level2, level3)
         ) STRICT;",
        // A million rows of a text each were too many to group: a review's parts are one text, in the card's order, in
        // hundredths of a percent, nothing where a question did not count and `!` where it failed fatally. Reports read
        // an index that holds all they ask for, without the answers.
        "CREATE TABLE review_part (review INTEGER PRIMARY KEY REFERENCES review ON DELETE CASCADE, parts TEXT NOT NULL) STRICT;
         INSERT INTO review_part SELECT review, group_concat(
             coalesce(CAST(round(percent * 100) AS INTEGER), '') || CASE fatal WHEN 0 THEN '' ELSE '!' END, ',' ORDER BY place
         ) FROM review_item GROUP BY review;
         DROP TABLE review_item;
         DROP INDEX review_at;
         DROP INDEX review_agent;
         CREATE INDEX review_report ON review (
             account, calibration, call_at, agent, campaign, reviewer, card, version, finished_ms, percent, fatal
         );",
        // A call is done in a worklist by one review: reopened, it takes back what it did and nothing of what others did.
        "ALTER TABLE sample_item ADD COLUMN review INTEGER;
         UPDATE sample_item SET review = (
             SELECT review.id FROM review JOIN sample ON sample.account = review.account
             WHERE sample.id = sample_item.sample AND review.guid = sample_item.guid AND calibration = ''
             AND card = request ->> 'card' AND finished_ms IS NOT NULL
             ORDER BY review.percent IS sample_item.percent DESC, finished_ms LIMIT 1
         ) WHERE state = 'done';",
        // What became of a review with its agent is more than one day. What was acknowledged was given.
        "ALTER TABLE review ADD COLUMN given TEXT;
         ALTER TABLE review ADD COLUMN disputed TEXT;
         ALTER TABLE review ADD COLUMN settled TEXT;
         UPDATE review SET given = acknowledged;",
        // Records do not say what came of a call: what was told the server from here is all that is known. The page about an
        // agent asks for their last reviews with every look.
        "CREATE TABLE call_disposition (
             account TEXT NOT NULL, guid TEXT NOT NULL, level1 TEXT NOT NULL, level2 TEXT NOT NULL, level3 TEXT NOT NULL,
             at_ms INTEGER NOT NULL, PRIMARY KEY (account, guid)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX review_of_agent ON review (account, agent, finished_ms);",
        // A worklist that goes from one computer to another has a key there too; each time it was given on is a line.
        "ALTER TABLE sample ADD COLUMN list TEXT NOT NULL DEFAULT '';
         CREATE TABLE handed (
             sample INTEGER NOT NULL REFERENCES sample ON DELETE CASCADE, place INTEGER NOT NULL, given_by TEXT NOT NULL,
             given_to TEXT NOT NULL, at_ms INTEGER NOT NULL, taken INTEGER NOT NULL, PRIMARY KEY (sample, place)
         ) STRICT, WITHOUT ROWID;",
        // A review raises an alert when it is first finished; taken up again it forgets when that was.
        "ALTER TABLE review ADD COLUMN first_ms INTEGER;
         UPDATE review SET first_ms = finished_ms;
         CREATE TABLE review_alert (
             review INTEGER PRIMARY KEY REFERENCES review ON DELETE CASCADE, score REAL, under REAL, fatal INTEGER NOT NULL,
             raised_ms INTEGER NOT NULL, seen_ms INTEGER, seen_by TEXT, snoozed_ms INTEGER
         ) STRICT;",
        // What leaves this computer is known elsewhere by more than a row's number (`identity`). What there is gets an identity
        // worked out from what it holds: the same file, or a backup of it, comes to the same ones wherever it is opened. Two
        // notes may say the same at the same moment. A review taken up again begins another turn.
        "ALTER TABLE card ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
         UPDATE card SET uuid = derived('cardVersion', id, version, body);
         CREATE UNIQUE INDEX card_uuid ON card (uuid);
         ALTER TABLE note ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
         UPDATE note SET uuid = derived('note', guid, trim(reviewer), CAST(round(at_secs * 1000) AS INTEGER), text, made_ms, nth)
         FROM (SELECT id AS of, row_number() OVER (
             PARTITION BY account, guid, trim(reviewer), round(at_secs * 1000), text, made_ms ORDER BY id
         ) AS nth FROM note) WHERE of = note.id;
         CREATE UNIQUE INDEX note_uuid ON note (account, uuid);
         UPDATE sample SET list = derived('worklist', account, made_ms, id, request) WHERE list = '';
         CREATE INDEX sample_list ON sample (account, list);
         ALTER TABLE review ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;",
        // In a team it is known whose review of a calibration is in before anybody has it.
        "CREATE TABLE calibration_in (
             account TEXT NOT NULL, calibration TEXT NOT NULL, reviewer TEXT NOT NULL,
             PRIMARY KEY (account, calibration, reviewer)
         ) STRICT, WITHOUT ROWID;",
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use atalaya_clock::Clock;
    use atalaya_store::Store;

    use crate::draw::tests::call;
    use crate::reviews::Reviews;
    use crate::reviews::tests::all;
    use crate::score::tests::card;
    use crate::wire::{ReportBy, ReportFilter, Value};

    /// What is in a file, by the names other computers know it by.
    fn identities(file: &Path) -> Vec<String> {
        let store = Store::open(file, &[crate::MIGRATIONS], Clock::system()).unwrap();
        let sql = "SELECT uuid FROM card UNION ALL SELECT uuid FROM note UNION ALL SELECT list FROM sample";
        let all: Vec<String> =
            store.with(|c| c.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).unwrap();
        assert!(all.iter().all(|one| atalaya_store::Uuid::try_parse(one).is_ok()), "{all:?}");
        all
    }

    #[test]
    fn a_file_of_every_earlier_version_comes_up_to_date() {
        // From here on things have a name that is the same on every computer.
        let named = 1 + crate::MIGRATIONS.steps.iter().position(|step| step.contains("note_uuid")).unwrap();
        for version in 0..=crate::MIGRATIONS.steps.len() {
            let home = tempfile::tempdir().unwrap();
            let file = home.path().join("a.sqlite");
            let earlier = atalaya_store::Migrations {
                owner: crate::MIGRATIONS.owner,
                steps: &crate::MIGRATIONS.steps[..version],
            };
            let store = Store::open(&file, &[earlier], Clock::system()).unwrap();
            let judged = version > 0;
            if judged {
                let call = serde_json::to_string(&call("Bruno", 3, 1)).unwrap();
                let body = serde_json::to_string(&card()).unwrap();
                store
                    .with(|c| c.execute("INSERT INTO card (id, version, name, body, made_ms) VALUES ('c', 1, 'Calls', ?1, 0)", [body]))
                    .unwrap();
                store
                    .with(|c| {
                        c.execute(
                            "INSERT INTO review (id, account, guid, reviewer, card, version, call, call_at, agent, campaign,
                             answers, comment, percent, fatal, made_ms, finished_ms)
                             VALUES (9, 'a', 'g', 'Marta', 'c', 1, ?1, '2026-03-03 10:00:00', 'Bruno', 'x<-', '{}', '', 0, 1, 0, 1)",
                            [call],
                        )
                    })
                    .unwrap();
            }
            if version == 1 {
                let items =
                    "INSERT INTO review_item VALUES (9, 'greeting', 0, 100, 0), (9, 'listening', 1, NULL, 0),
                     (9, 'solution', 2, 33.33, 0), (9, 'law', 3, 0, 1)";
                store.with(|c| c.execute(items, [])).unwrap();
            } else if judged {
                store
                    .with(|c| c.execute("INSERT INTO review_part VALUES (9, '10000,,3333,0!')", []))
                    .unwrap();
            }
            if judged && version < 3 {
                store
                    .with(|c| {
                        c.execute_batch(
                            "INSERT INTO sample VALUES (1, 'a', '{\"card\": \"c\"}', 0, NULL);
                             INSERT INTO sample_item (sample, place, guid, call, state, percent)
                             VALUES (1, 0, 'g', '{}', 'done', 0), (1, 1, 'h', '{}', 'open', NULL)",
                        )
                    })
                    .unwrap();
            }
            if judged {
                store
                    .with(|c| {
                        c.execute_batch(
                            "INSERT INTO note (account, guid, at_secs, text, shared, reviewer, made_ms, call) VALUES
                             ('a', 'g', 2.5, 'x', 1, 'Marta', 5, '{}'), ('a', 'g', 2.5, 'x', 1, 'Marta', 5, '{}')",
                        )
                    })
                    .unwrap_or_else(|_| assert!(version >= named, "only now has a note a name"));
                store
                    .with(|c| {
                        c.execute("INSERT INTO sample (account, request, made_ms) VALUES ('a', '{}', 0)", [])
                    })
                    .unwrap();
            }
            drop(store);
            if judged && version < named {
                let again = home.path().join("b.sqlite");
                std::fs::copy(&file, &again).unwrap();
                let [one, other] = [&file, &again].map(|file| identities(file));
                assert_eq!(one, other, "from version {version}: a backup comes to the same");
                let distinct: BTreeSet<&String> = one.iter().collect();
                assert_eq!((one.len() > 3, distinct.len()), (true, one.len()), "{one:?}");
                assert_eq!(identities(&file), one, "once and for all");
            }
            let reviews =
                Reviews::new(Store::open(&file, &[crate::MIGRATIONS], Clock::system()).unwrap(), "a");
            reviews.save_card(&card()).unwrap();
            if judged && version < 3 {
                let by = "SELECT review FROM sample_item ORDER BY place";
                let by: Vec<Option<i64>> = reviews
                    .store
                    .with(|c| c.prepare(by)?.query_map([], |row| row.get(0))?.collect())
                    .unwrap();
                assert_eq!(by, [Some(9), None], "the call is done by the review there is");
            }
            if judged {
                let rows = reviews.report(&ReportFilter::default(), ReportBy::Question).unwrap();
                let rows: Vec<_> =
                    rows.into_iter().map(|row| (row.reviews, row.average, row.fatal)).collect();
                assert_eq!(rows, [(1, Some(100.0), 0), (1, Some(0.0), 1), (1, None, 0), (1, Some(33.33), 0)]);
            }
            let review = reviews.open(&call("Ana", 2, 1), "c", "Marta").unwrap();
            reviews.change(review.id, all(Value::Yes), "").unwrap();
            assert_eq!(reviews.finish(review.id).unwrap().scored.percent, Some(100.0));
        }
    }
}

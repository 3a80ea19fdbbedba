//! Tipificaciones: combinations known to work here, learned from what the server took and from a file.

use rusqlite::{Row, params};

use crate::error::Error;
use crate::reviews::Reviews;
use crate::touched::Touched;
use crate::wire::Disposition;

const LONGEST: usize = 200;
const MOST_ROWS: usize = 20_000;

fn disposition(row: &Row<'_>) -> rusqlite::Result<Disposition> {
    Ok(Disposition {
        campaign: row.get(0)?,
        level1: row.get(1)?,
        level2: row.get(2)?,
        level3: row.get(3)?,
        times: row.get(4)?,
    })
}

/// Fields of one line of CSV, quoted or not; `,` or `;` between them.
fn fields(line: &str) -> Vec<String> {
    let between = if line.contains(';') { ';' } else { ',' };
    let (mut found, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            letter if letter == between && !quoted => found.push(std::mem::take(&mut field)),
            letter => field.push(letter),
        }
    }
    found.push(field);
    // A mark that kept a spreadsheet from running it.
    found.iter().map(|field| field.trim().trim_start_matches('\'').to_owned()).collect()
}

/// Combinations from CSV: campaign, level 1, level 2, level 3. A heading and lines that make no sense are left out; the
/// second figure counts those.
fn read_csv(text: &str) -> (Vec<Disposition>, u32) {
    let (mut found, mut left_out) = (Vec::new(), 0);
    for line in
        text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty()).take(MOST_ROWS)
    {
        let mut fields = fields(line).into_iter();
        let mut next = || fields.next().unwrap_or_default();
        let one = Disposition { campaign: next(), level1: next(), level2: next(), level3: next(), times: 0 };
        let long = [&one.campaign, &one.level1, &one.level2, &one.level3]
            .iter()
            .any(|text| text.chars().count() > LONGEST);
        let campaign = one.campaign.ends_with("->") || one.campaign.ends_with("<-");
        if !campaign || one.level1.is_empty() || long || (one.level2.is_empty() && !one.level3.is_empty()) {
            left_out += 1;
        } else {
            found.push(one);
        }
    }
    (found, left_out)
}

impl Reviews {
    /// Combinations known of a campaign, the most used first.
    ///
    /// # Errors
    /// The store's.
    pub fn dispositions(&self, campaign: &str) -> Result<Vec<Disposition>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT campaign, level1, level2, level3, times FROM disposition WHERE account = ?1 AND campaign = ?2
                 ORDER BY times DESC, used_ms DESC, level1, level2, level3",
            )?;
            statement.query_map(params![self.account, campaign], disposition)?.collect()
        })?)
    }

    /// The server took this combination.
    ///
    /// # Errors
    /// The store's.
    pub fn learn_disposition(&self, campaign: &str, levels: [&str; 3]) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO disposition (account, campaign, level1, level2, level3, times, used_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)
                 ON CONFLICT DO UPDATE SET times = times + 1, used_ms = ?6",
                params![self.account, campaign, levels[0], levels[1], levels[2], self.now_ms()],
            )?;
            self.touched(&transaction, Touched::Disposition { campaign, levels })?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Forgets a combination that does not exist (any more).
    ///
    /// # Errors
    /// The store's.
    pub fn forget_disposition(&self, campaign: &str, levels: [&str; 3]) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "DELETE FROM disposition WHERE account = ?1 AND campaign = ?2 AND level1 = ?3 AND level2 = ?4 AND level3 = ?5",
                params![self.account, campaign, levels[0], levels[1], levels[2]],
            )?;
            self.touched(&transaction, Touched::Disposition { campaign, levels })?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Brings a forgotten combination back, as often used as it was.
    ///
    /// # Errors
    /// The store's.
    pub fn put_back_disposition(&self, one: &Disposition) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO disposition (account, campaign, level1, level2, level3, times, used_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                params![
                    self.account,
                    one.campaign,
                    one.level1,
                    one.level2,
                    one.level3,
                    one.times,
                    self.now_ms()
                ],
            )?;
            let (campaign, levels) = (one.campaign.as_str(), [&*one.level1, &*one.level2, &*one.level3]);
            self.touched(&transaction, Touched::Disposition { campaign, levels })?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Takes combinations in from CSV (campaign, level 1, level 2, level 3), all or none; gives how many were taken and how many lines
    /// made no sense, a heading among them.
    ///
    /// # Errors
    /// `reviewFile` when no line makes sense, or the store's.
    pub fn import_dispositions(&self, text: &str) -> Result<(u32, u32), Error> {
        let (found, left_out) = read_csv(text);
        if found.is_empty() {
            return Err(Error::File("campaign,level1,level2,level3".to_owned()));
        }
        // One commit, and so one wait for the disk, for all of them.
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            {
                let mut statement = transaction.prepare(
                    "INSERT INTO disposition (account, campaign, level1, level2, level3) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO NOTHING",
                )?;
                for one in &found {
                    statement.execute(params![
                        self.account,
                        one.campaign,
                        one.level1,
                        one.level2,
                        one.level3
                    ])?;
                    let (campaign, levels) = (one.campaign.as_str(), [&*one.level1, &*one.level2, &*one.level3]);
                    self.touched(&transaction, Touched::Disposition { campaign, levels })?;
                }
            }
            transaction.commit()
        })?;
        Ok((found.len() as u32, left_out))
    }
}

#[cfg(test)]
mod tests {
    use atalaya_clock::Clock;
    use atalaya_store::Store;

    use crate::reviews::Reviews;
    use crate::reviews::tests::reviews;

    #[test]
    fn combinations_come_from_a_file_and_from_what_was_taken() {
        let reviews = reviews();
        let csv = "\u{feff}campaign,level1,level2,level3\r\nVentas->,Venta,Contado,\r\nVentas->,\"No, gracias\",,\r\n\
                   Soporte<-;Resuelto;;\r\nVentas->,,x,\r\nVentas->,Venta,,x\r\nnada\r\n\r\n";
        assert_eq!(reviews.import_dispositions(csv).unwrap(), (3, 4));
        reviews.learn_disposition("Ventas->", ["No, gracias", "", ""]).unwrap();
        reviews.import_dispositions(csv).unwrap();
        let known = reviews.dispositions("Ventas->").unwrap();
        let known: Vec<_> =
            known.iter().map(|one| (one.level1.as_str(), one.level2.as_str(), one.times)).collect();
        assert_eq!(known, [("No, gracias", "", 1), ("Venta", "Contado", 0)]);
        reviews.learn_disposition("Ventas->", ["Venta", "Contado", ""]).unwrap();
        reviews.learn_disposition("Ventas->", ["Venta", "Contado", ""]).unwrap();
        let whole = reviews.dispositions("Ventas->").unwrap();
        reviews.forget_disposition("Ventas->", ["Venta", "Contado", ""]).unwrap();
        assert_eq!(reviews.dispositions("Ventas->").unwrap(), whole[1..]);
        reviews.put_back_disposition(&whole[0]).unwrap();
        assert_eq!(reviews.dispositions("Ventas->").unwrap(), whole, "as often used as before");
        assert_eq!(reviews.import_dispositions("nothing\nhere").unwrap_err().code(), "reviewFile");
    }

    /// Commits in the log beside the file: frames that say how large the file is after them.
    fn commits(file: &std::path::Path) -> usize {
        let log = std::fs::read(file.with_extension("sqlite-wal")).unwrap();
        let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
        let frame = 24 + number(8) as usize;
        (32..log.len()).step_by(frame).filter(|at| number(at + 4) != 0).count()
    }

    #[test]
    fn a_thousand_combinations_are_one_commit_and_all_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sqlite");
        let store = Store::open(&file, &[crate::MIGRATIONS], Clock::system()).unwrap();
        let reviews = Reviews::new(store, "a");
        let csv = (0..1_000).map(|number| format!("Ventas->,Venta,{number},")).collect::<Vec<_>>().join("\n");
        let failing = "CREATE TRIGGER full BEFORE INSERT ON disposition WHEN new.level2 = '700'
                       BEGIN SELECT raise(ABORT, 'full'); END";
        reviews.store.with(|connection| connection.execute_batch(failing)).unwrap();
        reviews.import_dispositions(&csv).unwrap_err();
        assert!(reviews.dispositions("Ventas->").unwrap().is_empty(), "none of them");
        reviews.store.with(|connection| connection.execute_batch("DROP TRIGGER full")).unwrap();
        let before = commits(&file);
        assert_eq!(reviews.import_dispositions(&csv).unwrap(), (1_000, 0));
        assert_eq!(commits(&file) - before, 1);
        assert_eq!(reviews.dispositions("Ventas->").unwrap().len(), 1_000);
    }
}

//! The blacklist as far as it is known here: numbers put on it and taken off it from here, and those a person took in from a
//! file. The API cannot list it: what others did is not known.

use std::path::Path;

use atalaya_export::Unfinished;
use atalaya_export::csv::{self, Form, Separator};
use atalaya_store::{Outcome, Store};
use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    Blacklist, BlacklistChange, BlacklistNumber, BlacklistNumbers, is_number,
};
use rusqlite::{Connection, Row, params};
use std::io::Write as _;
use tokio_util::sync::CancellationToken;

use crate::Outreach;
use crate::checked::Blacklisted;
use crate::error::Error;
use crate::sent::{name_of, named};
use crate::wire::{BatchKind, BlacklistImport, BlacklistKnown, BlacklistPage, Listed};
use crate::{columns, file, numbers};

/// Columns of a file of numbers, as the command line knows them.
pub const COLUMNS: [&str; 5] = ["phone", "campaign", "name", "company", "job_title"];
/// Numbers of one request of a batch.
pub const AT_ONCE: usize = 1_000;
/// Bad lines said one by one.
const MOST_BAD: usize = 100;
/// Most rows given at once.
pub const MOST_AT_ONCE: u32 = 500;

/// What an operation will have changed, once it is known what became of it.
pub(crate) struct Noted {
    store: Store,
    account: String,
    person: String,
    list: Blacklist,
}

impl Noted {
    pub(crate) fn of(outreach: &Outreach, operation: &Operation) -> Option<Self> {
        let Operation::Blacklist(list) = operation else { return None };
        let (store, account) = (outreach.store.clone(), outreach.account().to_owned());
        let person = outreach.person();
        Some(Self { store, account, person, list: list.clone() })
    }

    pub(crate) fn settle(self, outcome: &Outcome) {
        let state = match (outcome, self.list.change) {
            (Outcome::Refused(_), _) => return,
            (Outcome::Done, BlacklistChange::Add) => Some(Listed::On),
            (Outcome::Done, BlacklistChange::Remove) => None,
            (Outcome::Unknown(_), BlacklistChange::Add) => Some(Listed::PerhapsOn),
            (Outcome::Unknown(_), BlacklistChange::Remove) => Some(Listed::PerhapsOff),
        };
        let now = self.store.clock().now_ms();
        let kept = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for number in self.numbers() {
                match state {
                    Some(state) => {
                        note(&transaction, &self.account, number, state, false, (now, &self.person))?;
                    }
                    None => forget(&transaction, &self.account, number)?,
                }
                // What nobody knows is nobody else's.
                if matches!(state, None | Some(Listed::On)) {
                    let said = || {
                        serde_json::json!({
                            "phone": number.phone, "campaign": number.campaign, "name": number.name,
                            "company": number.company, "jobTitle": number.job_title, "on": state.is_some()
                        })
                    };
                    self.store.say(&transaction, "blacklisted", said)?;
                }
            }
            transaction.commit()
        });
        if let Err(error) = kept {
            tracing::error!(%error, "what is known of the blacklist is not kept");
        }
    }

    /// Nobody knew, and a person found out that it was not done: what was in doubt is as it was before.
    pub(crate) fn was_not_done(self) {
        let undone = match self.list.change {
            BlacklistChange::Add => {
                "DELETE FROM blacklist_known
                 WHERE account = ?1 AND phone = ?2 AND campaign = ?3 AND state = 'perhapsOn'"
            }
            BlacklistChange::Remove => {
                "UPDATE blacklist_known SET state = 'on'
                 WHERE account = ?1 AND phone = ?2 AND campaign = ?3 AND state = 'perhapsOff'"
            }
        };
        let kept = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for number in self.numbers() {
                transaction.prepare_cached(undone)?.execute(params![
                    self.account,
                    number.phone,
                    number.campaign
                ])?;
            }
            transaction.commit()
        });
        if let Err(error) = kept {
            tracing::error!(%error, "what is known of the blacklist is not kept");
        }
    }

    fn numbers(&self) -> &[BlacklistNumber] {
        match &self.list.numbers {
            BlacklistNumbers::One(one) => std::slice::from_ref(one),
            BlacklistNumbers::Many(many) => many,
        }
    }
}

/// Keeps of a number what somebody who shares their work with this desk did: it is on the list, or off it.
///
/// # Errors
/// The database's.
pub fn write_known(
    connection: &Connection,
    account: &str,
    number: &BlacklistNumber,
    on: bool,
    (since_ms, person): (i64, &str),
) -> rusqlite::Result<()> {
    if on {
        note(connection, account, number, Listed::On, false, (since_ms, person))
    } else {
        forget(connection, account, number)
    }
}

fn note(
    connection: &Connection,
    account: &str,
    number: &BlacklistNumber,
    state: Listed,
    from_file: bool,
    (now, person): (i64, &str),
) -> rusqlite::Result<()> {
    // Whoever is on it surely stays so when somebody puts them on it again.
    connection
        .prepare_cached(
            "INSERT INTO blacklist_known
                 (account, phone, campaign, name, company, job_title, state, from_file, since_ms, person)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (account, phone, campaign) DO UPDATE SET
                 name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
                 company = CASE excluded.company WHEN '' THEN company ELSE excluded.company END,
                 job_title = CASE excluded.job_title WHEN '' THEN job_title ELSE excluded.job_title END,
                 since_ms = CASE state WHEN 'on' THEN since_ms ELSE excluded.since_ms END,
                 from_file = CASE state WHEN 'on' THEN from_file AND excluded.from_file ELSE excluded.from_file END,
                 state = CASE WHEN state = 'on' AND excluded.state = 'perhapsOn' THEN 'on' ELSE excluded.state END,
                 person = excluded.person",
        )?
        .execute(params![
            account,
            number.phone,
            number.campaign,
            number.name,
            number.company,
            number.job_title,
            name_of(state),
            from_file,
            now,
            person
        ])?;
    Ok(())
}

fn forget(connection: &Connection, account: &str, number: &BlacklistNumber) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM blacklist_known WHERE account = ?1 AND phone = ?2 AND campaign = ?3")?
        .execute(params![account, number.phone, number.campaign])?;
    Ok(())
}

fn known(row: &Row<'_>) -> rusqlite::Result<BlacklistKnown> {
    Ok(BlacklistKnown {
        phone: row.get(0)?,
        campaign: row.get(1)?,
        name: row.get(2)?,
        company: row.get(3)?,
        job_title: row.get(4)?,
        listed: named(row.get(5)?).unwrap_or(Listed::PerhapsOn),
        from_file: row.get(6)?,
        since_ms: row.get(7)?,
        person: row.get(8)?,
    })
}

impl Outreach {
    /// Numbers known as on the blacklist that have this text in them or in what is known of whose they are, by number.
    ///
    /// # Errors
    /// The store's.
    pub fn blacklist(&self, text: &str, from: u32, count: u32) -> Result<BlacklistPage, Error> {
        let account = self.account();
        let text = format!("%{}%", text.trim().replace(['%', '_'], ""));
        let of = "account = ?1 AND (?2 = '%%' OR phone LIKE ?2 OR campaign LIKE ?2 OR name LIKE ?2 OR company LIKE ?2)";
        Ok(self.store.with(|connection| {
            let total = connection.query_row(
                &format!("SELECT count(*) FROM blacklist_known WHERE {of}"),
                params![account, text],
                |row| row.get(0),
            )?;
            let unsure = connection.query_row(
                "SELECT count(*) FROM blacklist_known WHERE account = ?1 AND state <> 'on'",
                [account],
                |row| row.get(0),
            )?;
            let numbers = connection
                .prepare_cached(&format!(
                    "SELECT phone, campaign, name, company, job_title, state, from_file, since_ms, person
                     FROM blacklist_known WHERE {of} ORDER BY phone, campaign LIMIT ?3 OFFSET ?4"
                ))?
                .query_map(params![account, text, count.min(MOST_AT_ONCE), from], known)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(BlacklistPage { total, unsure, numbers })
        })?)
    }

    /// Numbers a campaign is not to call, since when. What nobody is sure of counts.
    ///
    /// # Errors
    /// The store's.
    pub fn blacklisted(&self, campaign: &str) -> Result<Blacklisted, Error> {
        Ok(self.store.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT phone, since_ms FROM blacklist_known WHERE account = ?1 AND campaign IN ('', ?2)",
                )?
                .query_map(params![self.account(), campaign], |row| {
                    let phone: String = row.get(0)?;
                    Ok((numbers::key(&numbers::number(&phone).text), row.get(1)?))
                })?
                .collect()
        })?)
    }

    /// Reads a file of numbers: with a header of the names the export writes, in any order, or without one in that order.
    /// Nothing is kept or sent.
    ///
    /// # Errors
    /// Those of [`file::read`]; `nothingToSend` when no line is a number.
    pub fn read_blacklist(
        &self,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<(Vec<BlacklistNumber>, BlacklistImport), Error> {
        let taken = file::read(path, &mut |_| {}, cancel)?;
        let sheet = &taken.sheet;
        let names: Vec<String> =
            sheet.row(0).map(|row| row.cells().map(columns::folded).collect()).unwrap_or_default();
        let place = |name: &str| names.iter().position(|there| there == name).map(|at| at as u32);
        // Another header than ours is one all the same.
        let ours = place(COLUMNS[0]).is_some();
        let header = ours || columns::has_header(sheet);
        let guessed = columns::guess(sheet, crate::wire::BaseKind::Messages).phone;
        let places: [Option<u32>; 5] = std::array::from_fn(|at| match (ours, header) {
            (true, _) => place(COLUMNS[at]),
            (false, true) => place(COLUMNS[at]).or_else(|| guessed.filter(|_| at == 0)),
            (false, false) => Some(at as u32),
        });
        let user = self.client.user();
        let (mut read, mut bad_lines, mut bad) = (Vec::new(), Vec::new(), 0);
        for row in sheet.rows(usize::from(header)..sheet.len()) {
            let cell = |at: usize| places[at].map_or("", |column| csv::written(row.cell(column)));
            let phone = numbers::number(cell(0)).text;
            let one_line = (1..5).all(|at| !cell(at).chars().any(char::is_control));
            if !is_number(&phone) || !one_line {
                bad += 1;
                if bad_lines.len() < MOST_BAD {
                    bad_lines.push(row.line);
                }
                continue;
            }
            read.push(BlacklistNumber {
                phone,
                campaign: cell(1).to_owned(),
                name: cell(2).to_owned(),
                company: cell(3).to_owned(),
                job_title: cell(4).to_owned(),
                username: user.to_owned(),
            });
        }
        if read.is_empty() {
            return Err(Error::NothingToSend);
        }
        let mut said = std::collections::BTreeSet::new();
        read.retain(|number| said.insert((number.phone.clone(), number.campaign.clone())));
        let on = self.on_already(&read)?;
        let import = BlacklistImport { taken: read.len() as u32, known: on, bad_lines, bad };
        Ok((read, import))
    }

    fn on_already(&self, numbers: &[BlacklistNumber]) -> Result<u32, Error> {
        let account = self.account();
        Ok(self.store.with(|connection| {
            let mut there = connection.prepare_cached(
                "SELECT count(*) FROM blacklist_known WHERE account = ?1 AND phone = ?2 AND campaign = ?3 AND state = 'on'",
            )?;
            let mut on = 0;
            for number in numbers {
                on += there.query_row(params![account, number.phone, number.campaign], |row| row.get::<_, u32>(0))?;
            }
            Ok(on)
        })?)
    }

    /// Takes numbers as known to be on the list, without sending anything: somebody else put them there.
    ///
    /// # Errors
    /// The store's.
    pub fn know_blacklisted(&self, numbers: &[BlacklistNumber]) -> Result<(), Error> {
        let (account, now) = (self.account(), self.now_ms());
        let person = self.person();
        Ok(self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for number in numbers {
                note(&transaction, account, number, Listed::On, true, (now, &person))?;
            }
            transaction.commit()
        })?)
    }

    /// Puts many numbers on the list, or takes them off it, as a batch of requests of a thousand each.
    ///
    /// # Errors
    /// Those of [`Outreach::keep_batch`].
    pub fn keep_blacklist_batch(
        &self,
        key: &str,
        title: &str,
        change: BlacklistChange,
        numbers: &[BlacklistNumber],
    ) -> Result<(crate::wire::Batch, bool), Error> {
        let items = numbers.chunks(AT_ONCE).map(|chunk| crate::wire::RequestedItem {
            label: match chunk {
                [one] => one.phone.clone(),
                many => many.len().to_string(),
            },
            operation: Operation::Blacklist(Blacklist {
                change,
                numbers: BlacklistNumbers::Many(chunk.to_vec()),
            }),
            unless_reached_since: None,
        });
        let (key, title, kind) = (key.to_owned(), title.to_owned(), BatchKind::Blacklist);
        self.keep_batch(&crate::wire::BatchRequest { key, title, kind, items: items.collect() })
    }

    /// Writes every number known to be on the list, or perhaps on it, to a file; how many.
    ///
    /// # Errors
    /// `exportFailed`; the store's.
    pub fn export_blacklist(&self, path: &Path, separator: Separator) -> Result<u32, Error> {
        let all: Vec<BlacklistKnown> = self.store.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT phone, campaign, name, company, job_title, state, from_file, since_ms, person
                     FROM blacklist_known WHERE account = ?1 ORDER BY phone, campaign",
                )?
                .query_map([self.account()], known)?
                .collect()
        })?;
        let written = || -> std::io::Result<()> {
            let mut out = Unfinished::begin(path)?;
            out.write_all(csv::MARK)?;
            csv::row(&mut out, Form::Sheet(separator), COLUMNS)?;
            for one in &all {
                let cells = [&one.phone, &one.campaign, &one.name, &one.company, &one.job_title];
                csv::row(&mut out, Form::Sheet(separator), cells.map(String::as_str))?;
            }
            out.finish()
        }();
        written.map_err(|error| atalaya_export::Error::write(path, error))?;
        Ok(all.len() as u32)
    }
}

//! Files of rows: in the vendor's own format, or with a header that names the columns. One row that cannot be right stops all
//! of them: nothing is sent in part.
//!
//! Left out on purpose: other encodings than UTF-8, and mapping columns of other names; the window does that.

use std::path::Path;

use atalaya_export::{csv, rows};
use atalaya_ucontact::operations::{BaseRow, BaseRows, BlacklistNumber, Flaw, SmsRow, SmsRows, is_number};

use super::words::wrong;
use crate::failure::Failure;

/// Largest file, bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Most bad rows said one by one.
const MOST: usize = 3;

/// A file's name, without where it is.
pub fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A base of calls.
pub fn rows_of(file: &Path, campaign: &str) -> Result<BaseRows, Failure> {
    let text = text_of(file)?;
    let mut base = BaseRows::of(campaign);
    let mut bad = Bad::default();
    let columns = [
        &["phone", "destination"][..],
        &["parameters", "data"],
        &["alternatives"],
        &["priority"],
        &["agentphone"],
    ];
    if let Some(table) = Table::read(&text, &columns)? {
        table.belongs_to(campaign, &mut bad);
        for (line, [phone, data, alternatives, priority, agent]) in table.rows::<5>() {
            let row = BaseRow::of_texts(phone, data, alternatives, priority, agent);
            bad.unless(line, row.and_then(|row| base.push(&row)));
        }
    } else {
        for (line, text) in lines(&text) {
            bad.unless(line, BaseRow::parse(text, campaign).and_then(|row| base.push(&row)));
        }
    }
    bad.none_of(file)?;
    Ok(base)
}

/// A base of messages.
pub fn texts_of(file: &Path, campaign: &str) -> Result<SmsRows, Failure> {
    let text = text_of(file)?;
    let mut base = SmsRows::of(campaign);
    let mut bad = Bad::default();
    let columns = [&["phone", "destination"][..], &["text", "message"], &["priority"]];
    if let Some(table) = Table::read(&text, &columns)? {
        table.belongs_to(campaign, &mut bad);
        for (line, [phone, text, priority]) in table.rows::<3>() {
            let row = SmsRow::of_texts(phone, text, priority);
            bad.unless(line, row.and_then(|row| base.push(&row)));
        }
    } else {
        for (line, text) in lines(&text) {
            bad.unless(line, SmsRow::parse(text, campaign).and_then(|row| base.push(&row)));
        }
    }
    bad.none_of(file)?;
    Ok(base)
}

/// Numbers for the blacklist.
pub fn blacklist_of(file: &Path) -> Result<Vec<BlacklistNumber>, Failure> {
    let text = text_of(file)?;
    let columns = [&["phone"][..], &["campaign"], &["name"], &["company"], &["job_title"]];
    let table = Table::read(&text, &columns)?.ok_or_else(|| {
        Failure::usage(format!("{} has no header phone,campaign,name,company,job_title", file.display()))
    })?;
    let (mut numbers, mut bad) = (Vec::new(), Bad::default());
    for (line, [phone, campaign, name, company, job_title]) in table.rows::<5>() {
        let flaw = |code| vec![Flaw { field: "phone", code, at: None }];
        bad.unless(
            line,
            match phone {
                "" => Err(flaw("empty")),
                phone if is_number(phone) => Ok(()),
                _ => Err(flaw("notANumber")),
            },
        );
        numbers.push(BlacklistNumber {
            phone: phone.to_owned(),
            campaign: campaign.to_owned(),
            username: String::new(),
            company: company.to_owned(),
            job_title: job_title.to_owned(),
            name: name.to_owned(),
        });
    }
    bad.none_of(file)?;
    Ok(numbers)
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let unreadable = |why: &str| Failure::usage(format!("{} cannot be read: {why}", file.display()));
    let there = std::fs::metadata(file).map_err(|error| unreadable(&error.to_string()))?;
    if there.len() > LARGEST {
        return Err(unreadable("it is larger than 64 MB"));
    }
    let bytes = std::fs::read(file).map_err(|error| unreadable(&error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8: save it as UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.split('\n').enumerate();
    let lines = numbered.map(|(index, line)| (index + 1, line.strip_suffix('\r').unwrap_or(line)));
    lines.filter(|(_, line)| !line.trim().is_empty())
}

/// Rows below a header.
struct Table {
    rows: Vec<(usize, Vec<String>)>,
    /// Where each wanted column is.
    places: Vec<Option<usize>>,
    campaign: Option<usize>,
}

impl Table {
    /// `None` where the first line names no column of the first kind wanted: it is a row.
    ///
    /// # Errors
    /// Wrong usage: a column of no known name, or two of one kind.
    fn read(text: &str, wanted: &[&[&str]]) -> Result<Option<Self>, Failure> {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let names = |line: &str| {
            let cells = rows(line).pop().map(|(_, cells)| cells).unwrap_or_default();
            cells.iter().map(|cell| cell.to_lowercase()).collect::<Vec<_>>()
        };
        if !names(first).iter().any(|name| wanted[0].contains(&name.as_str())) {
            return Ok(None);
        }
        let mut rows = rows(text).into_iter();
        let Some((_, header)) = rows.next() else { return Ok(None) };
        let mut table = Self { rows: Vec::new(), places: vec![None; wanted.len()], campaign: None };
        for (at, name) in header.iter().map(|name| name.to_lowercase()).enumerate() {
            let kind = wanted.iter().position(|names| names.contains(&name.as_str()));
            let place = match (kind, name.as_str()) {
                (Some(kind), _) => &mut table.places[kind],
                (None, "campaign") => &mut table.campaign,
                _ => return Err(Failure::usage(format!("the header names an unknown column: {name}"))),
            };
            if place.replace(at).is_some() {
                return Err(Failure::usage(format!("the header names a column twice: {name}")));
            }
        }
        table.rows = rows.collect();
        Ok(Some(table))
    }

    /// The wanted columns of each row, those that are missing empty.
    fn rows<const N: usize>(&self) -> impl Iterator<Item = (usize, [&str; N])> {
        let cell = |row: &'_ [String], at: usize| self.places[at].filter(|at| *at < row.len());
        self.rows.iter().map(move |(line, row)| {
            let cells = std::array::from_fn(|at| cell(row, at).map_or("", |at| csv::written(&row[at])));
            (*line, cells)
        })
    }

    /// Where there is a column of campaigns, it has to be this one.
    fn belongs_to(&self, campaign: &str, bad: &mut Bad) {
        let Some(at) = self.campaign else { return };
        for (line, row) in &self.rows {
            if row.get(at).map(String::as_str) != Some(campaign) {
                bad.unless(*line, Err(vec![Flaw { field: "campaign", code: "otherCampaign", at: None }]));
            }
        }
    }
}

/// Rows that cannot be right.
#[derive(Default)]
struct Bad {
    said: Vec<String>,
    count: usize,
}

impl Bad {
    fn unless(&mut self, line: usize, right: Result<(), Vec<Flaw>>) {
        let Err(flaws) = right else { return };
        self.count += 1;
        if self.said.len() < MOST
            && let Some(flaw) = flaws.first()
        {
            self.said.push(format!("line {line}: {} {}", flaw.field, wrong(flaw.code)));
        }
    }

    fn none_of(self, file: &Path) -> Result<(), Failure> {
        if self.count == 0 {
            return Ok(());
        }
        let more = self.count - self.said.len();
        let more = if more > 0 { format!("; and {more} more lines") } else { String::new() };
        Err(Failure::usage(format!("{} cannot be sent: {}{more}", file.display(), self.said.join("; "))))
    }
}

//! One row of a file as it would go out.

use atalaya_ucontact::operations::{Alternatives, BaseRow, Flaw, Parameters, SmsLength, SmsRow};

use super::short;
use crate::base::Line;
use crate::columns::folded;
use crate::error::Error;
use crate::file::Sheet;
use crate::numbers::{self, Tidied};
use crate::wire::{BaseKind, BaseRequest, Mapping};

/// Reads rows as a request means them.
pub(super) struct Reading<'a> {
    sheet: &'a Sheet,
    request: &'a BaseRequest,
    phone: u32,
    text: Vec<Piece>,
}

/// Of a message's text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Column(u32),
}

/// A row as it would go out.
pub(super) struct ReadRow<'a> {
    /// The line of the file it begins in, from 1.
    pub number: u32,
    /// The number as it is in the file.
    pub written: &'a str,
    pub line: Line,
    /// What is wrong with it, were it alone.
    pub wrong: Option<&'static str>,
    /// Messages it is.
    pub parts: u32,
    /// Parameters that are shown as they are in the file.
    pub ready_text: Option<&'a str>,
    pub priority: Shown<'a>,
    pub agentphone: &'a str,
    tidied: bool,
}

/// A priority of the row, or of all.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Own(&'a str),
    Same(u32),
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(text) => f.write_str(text),
            Self::Same(priority) => priority.fmt(f),
        }
    }
}

/// What is said of a row for what cannot be right about it.
pub(super) fn reason_of(flaw: &Flaw) -> &'static str {
    match (flaw.field, flaw.code) {
        ("phone", "empty") => "numberEmpty",
        ("phone", _) => "notANumber",
        ("data" | "text", "reserved") => "reserved",
        ("data" | "text", "control") => "lineBreak",
        ("text", "empty") => "textEmpty",
        ("text", _) => "textTooLong",
        ("alternatives", _) => "alternatives",
        ("priority", _) => "priority",
        ("agentphone", _) => "agentphone",
        _ => "parameters",
    }
}

impl<'a> Reading<'a> {
    /// # Errors
    /// `invalidInput`: `campaign`, `phone`, `text`, `column`, `priority`.
    pub(super) fn new(sheet: &'a Sheet, request: &'a BaseRequest) -> Result<Self, Error> {
        let mapping = &request.mapping;
        let campaign = &request.campaign;
        if campaign.trim().is_empty() || campaign.contains(';') || campaign.chars().any(char::is_control) {
            return Err(Error::Invalid("campaign"));
        }
        if mapping.same_priority.is_some_and(|priority| priority < 2) {
            return Err(Error::Invalid("priority"));
        }
        let phone = mapping.phone.ok_or(Error::Invalid("phone"))?;
        let parameters = mapping.parameters.iter().map(|parameter| parameter.column);
        let single = [mapping.campaign, mapping.ready_parameters, mapping.priority, mapping.agentphone];
        let mut all =
            parameters.chain(mapping.alternatives.iter().copied()).chain(single.into_iter().flatten());
        let columns = sheet.columns() as u32;
        if phone >= columns || all.any(|column| column >= columns) {
            return Err(Error::Invalid("column"));
        }
        let text = match request.kind {
            BaseKind::Calls => Vec::new(),
            BaseKind::Messages => pieces(sheet, mapping)?,
        };
        Ok(Self { sheet, request, phone, text })
    }

    /// Rows below the header.
    pub(super) fn rows(&self) -> usize {
        self.sheet.len().saturating_sub(usize::from(self.request.mapping.header))
    }

    /// A row by its place below the header.
    pub(super) fn row(&self, at: usize) -> ReadRow<'a> {
        let mapping = &self.request.mapping;
        let row = self.sheet.row(at + usize::from(mapping.header));
        let cell = |column: u32| row.map_or("", |row| row.cell(column));
        let maybe = |column: Option<u32>| column.map_or("", cell);
        let written = cell(self.phone);
        let Tidied { text: phone, changed, rounded } = numbers::number(written);
        let mut wrong = rounded.then_some("rounded");
        let mut found = |code| wrong = wrong.or(Some(code));
        if mapping.campaign.is_some_and(|column| cell(column) != self.request.campaign) {
            found("otherCampaign");
        }
        let priority = match (maybe(mapping.priority), mapping.same_priority) {
            ("", Some(same)) => Shown::Same(same),
            (own, _) => Shown::Own(own),
        };
        let number = match priority {
            Shown::Own("") => None,
            Shown::Own(own) => {
                let number = own.parse().ok().filter(|_| own.bytes().all(|byte| byte.is_ascii_digit()));
                // Zero is refused as what is below two.
                Some(number.unwrap_or(0))
            }
            Shown::Same(same) => Some(same),
        };
        // As it goes out, where it is a number: `02` is 2.
        let priority = number.filter(|number| *number > 0).map_or(priority, Shown::Same);
        let mut ready_text = None;
        let (mut parts, mut agentphone) = (0, "");
        let line = match self.request.kind {
            BaseKind::Calls => {
                agentphone = maybe(mapping.agentphone);
                let ready = maybe(mapping.ready_parameters);
                let mut data = Parameters::parse(ready).unwrap_or_else(|| {
                    found(if ready.contains(';') { "reserved" } else { "parameters" });
                    ready_text = Some(ready);
                    Parameters::default()
                });
                let own =
                    mapping.parameters.iter().map(|one| (one.name.clone(), cell(one.column).to_owned()));
                data.0.extend(own.filter(|(_, value)| !value.is_empty()));
                let others = mapping.alternatives.iter().flat_map(|column| numbers::several(cell(*column)));
                let alternatives = Alternatives(others.map(|other| numbers::number(&other).text).collect());
                let agentphone = agentphone.to_owned();
                Line::Call(BaseRow { phone, data, alternatives, priority: number, agentphone })
            }
            BaseKind::Messages => {
                let piece = |piece: &Piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Column(column) => cell(*column).to_owned(),
                };
                let text: String = self.text.iter().map(piece).collect();
                parts = SmsLength::of(&text).parts as u32;
                Line::Message(SmsRow { phone, text, priority: number })
            }
        };
        let flaws = match &line {
            Line::Call(row) => row.flaws(),
            Line::Message(row) => row.flaws(),
        };
        if let Some(flaw) = flaws.first() {
            found(reason_of(flaw));
        }
        let number = row.map_or(0, |row| row.line);
        ReadRow { number, written, line, wrong, parts, ready_text, priority, agentphone, tidied: changed }
    }
}

impl ReadRow<'_> {
    pub(super) fn phone(&self) -> &str {
        match &self.line {
            Line::Call(row) => &row.phone,
            Line::Message(row) => &row.phone,
        }
    }

    /// What to know of it, should it go out.
    pub(super) fn hints(&self) -> Vec<&'static str> {
        let all = [(self.tidied, "tidied"), (short(self.phone()), "short"), (self.parts > 1, "severalParts")];
        all.into_iter().filter_map(|(is, hint)| is.then_some(hint)).collect()
    }
}

/// A message's text in pieces: `{name}` is the column of that name, `{2}` the second one.
fn pieces(sheet: &Sheet, mapping: &Mapping) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut rest = mapping.text.as_str();
    let header = sheet.row(0).filter(|_| mapping.header);
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').ok_or(Error::Invalid("text"))?;
        let named = header.and_then(|row| row.cells().position(|cell| folded(cell) == folded(name)));
        let counted = name.trim().parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        let column =
            named.or(counted).filter(|column| *column < sheet.columns()).ok_or(Error::Invalid("text"))?;
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Column(column as u32));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if pieces.is_empty() { Err(Error::Invalid("text")) } else { Ok(pieces) }
}

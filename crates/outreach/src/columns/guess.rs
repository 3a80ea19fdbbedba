//! What columns mean before anybody said so.

use super::folded;
use crate::file::{Row, Sheet};
use crate::numbers;
use crate::wire::{BaseKind, Mapping, ParameterColumn};

/// Rows looked at.
const ROWS: usize = 50;
/// Fewer digits are rather an amount or an age.
const LEAST_DIGITS: usize = 6;

const PHONE: &[&str] = &[
    "telefono",
    "tel",
    "phone",
    "numero",
    "celular",
    "movil",
    "fone",
    "telefone",
    "number",
    "destination",
    "destino",
    "mobile",
    "fijo",
    "fixo",
    "whatsapp",
    "contacto",
    "contato",
    "ani",
];
const ALTERNATIVE: &[&str] = &[
    "alternativo",
    "alternativos",
    "alternatives",
    "alternative",
    "alternativa",
    "alterno",
    "otro",
    "outro",
];
const PRIORITY: &[&str] = &["prioridad", "prioridade", "priority"];
const AGENT: &[&str] = &["agentphone", "interno", "anexo", "ramal", "extension", "extensao"];
const CAMPAIGN: &[&str] = &["campaign", "campana", "campanha"];
const READY: &[&str] = &["parameters", "parametros", "data", "datos", "dados"];
const TEXT: &[&str] = &["text", "texto", "message", "mensaje", "mensagem", "sms"];

/// Words of a name, the numbers behind them left out: `TEL2`, `Teléfono 3`, `celular_alt`.
fn words(name: &str) -> Vec<String> {
    let folded = folded(name);
    let words = folded.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn named(name: &str, among: &[&str]) -> bool {
    words(name).iter().any(|word| among.contains(&word.as_str()))
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn like_a_number(text: &str) -> bool {
    let tidied = numbers::number(text).text;
    atalaya_ucontact::operations::is_number(&tidied) && digits(&tidied) >= LEAST_DIGITS
}

/// Whether the first row names the columns: it has names, no number, and what is below has one.
pub fn has_header(sheet: &Sheet) -> bool {
    let Some(first) = sheet.row(0) else { return false };
    if first.cells().any(like_a_number) {
        return false;
    }
    let known = [PHONE, ALTERNATIVE, PRIORITY, CAMPAIGN, READY, TEXT].concat();
    let names = first.cells().any(|cell| named(cell, &known));
    names || sheet.rows(1..ROWS).any(|row| row.cells().any(like_a_number))
}

/// Guesses.
pub fn guess(sheet: &Sheet, kind: BaseKind) -> Mapping {
    let header = has_header(sheet);
    let begin = usize::from(header);
    let sample: Vec<Row<'_>> = sheet.rows(begin..begin + ROWS).collect();
    let name = |column: u32| sheet.row(0).filter(|_| header).map_or("", |row| row.cell(column));
    let columns = sheet.columns() as u32;
    // Cells that say something, and those of them that say it like this.
    let counted = |column: u32, like: &dyn Fn(&str) -> bool| {
        let said = || sample.iter().map(|row| row.cell(column)).filter(|cell| !cell.is_empty());
        (said().count(), said().filter(|cell| like(cell)).count())
    };
    // Of ten nine.
    let mostly = |column: u32, like: &dyn Fn(&str) -> bool| {
        let (said, alike) = counted(column, like);
        said > 0 && alike * 10 >= said * 9
    };
    let mut mapping = Mapping { header, ..Mapping::default() };
    if !header && let Some(ready) = vendors(sheet, &sample, kind) {
        return ready;
    }
    let find = |among: &[&str]| (0..columns).find(|column| named(name(*column), among));
    mapping.campaign = find(CAMPAIGN);
    mapping.priority = find(PRIORITY);
    mapping.agentphone = find(AGENT).filter(|_| kind == BaseKind::Calls);
    let free = |mapping: &Mapping, column: u32| {
        ![mapping.campaign, mapping.priority, mapping.agentphone].contains(&Some(column))
    };
    let alternative = |column: u32| named(name(column), ALTERNATIVE);
    mapping.phone = (0..columns)
        .find(|column| named(name(*column), PHONE) && !alternative(*column) && free(&mapping, *column))
        .or_else(|| (0..columns).find(|column| free(&mapping, *column) && mostly(*column, &like_a_number)));
    let is_phone = |mapping: &Mapping, column: u32| mapping.phone == Some(column);
    if kind == BaseKind::Messages {
        mapping.text = find(TEXT).map(|column| format!("{{{}}}", name(column))).unwrap_or_default();
        return mapping;
    }
    for column in (0..columns)
        .filter(|column| free(&mapping, *column) && !is_phone(&mapping, *column))
        .collect::<Vec<_>>()
    {
        let numbers = |cell: &str| numbers::several(cell).iter().all(|number| like_a_number(number));
        let (said, alike) = counted(column, &numbers);
        // By its name, unless something else is in it.
        if alternative(column) || named(name(column), PHONE) && alike * 2 >= said {
            mapping.alternatives.push(column);
        } else if named(name(column), READY) && mostly(column, &|cell| cell.contains('=')) {
            mapping.ready_parameters = Some(column);
        } else if !name(column).is_empty() {
            mapping.parameters.push(ParameterColumn { name: parameter_name(name(column)), column });
        }
    }
    mapping
}

/// A parameter's name of a column's: what parts parameters left out.
fn parameter_name(name: &str) -> String {
    name.trim().replace([':', '=', ';'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The vendor's own rows: a campaign that is the same in all, a number, and what follows.
fn vendors(sheet: &Sheet, sample: &[Row<'_>], kind: BaseKind) -> Option<Mapping> {
    let first = sample.first()?;
    let most = if kind == BaseKind::Calls { 6 } else { 4 };
    let fits = (2..=most).contains(&sheet.columns())
        && !first.cell(0).is_empty()
        && !like_a_number(first.cell(0))
        && sample.iter().all(|row| row.cell(0) == first.cell(0))
        && sample.iter().filter(|row| like_a_number(row.cell(1))).count() * 2 > sample.len();
    if !fits {
        return None;
    }
    let there = |column: u32| (sheet.columns() as u32 > column).then_some(column);
    let common = Mapping { phone: Some(1), campaign: Some(0), ..Mapping::default() };
    Some(match kind {
        BaseKind::Calls => Mapping {
            ready_parameters: there(2),
            alternatives: there(3).into_iter().collect(),
            priority: there(4),
            agentphone: there(5),
            ..common
        },
        BaseKind::Messages => Mapping { text: "{3}".to_owned(), priority: there(3), ..common },
    })
}

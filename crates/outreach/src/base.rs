//! Bases of a size the server takes: good rows, cut where the body of the form that carries them would grow too large.
//!
//! Left out on purpose: which rows are good (`checked`), and sending (`batches`).

use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{BaseRow, BaseRows, Flaw, SmsRow, SmsRows, UploadBase, UploadSmsBase};

use crate::wire::BaseKind;

/// The body of a form of one base, bytes, to begin with.
pub const MAX_BYTES: u32 = 2_000_000;
/// Least and most a person may choose.
pub const BYTES_CHOSEN: std::ops::RangeInclusive<u32> = 20_000..=50_000_000;
/// Room for the other fields of the form, whose values are names of 200 letters at most.
const OTHER_FIELDS: usize = 4_000;

/// A row of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Of calls.
    Call(BaseRow),
    /// Of messages.
    Message(SmsRow),
}

/// Rows of either kind, each told to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// Of calls.
    Calls(BaseRows),
    /// Of messages.
    Messages(SmsRows),
}

impl Rows {
    /// None yet, of this campaign.
    pub fn of(kind: BaseKind, campaign: &str) -> Self {
        match kind {
            BaseKind::Calls => Self::Calls(BaseRows::of(campaign)),
            BaseKind::Messages => Self::Messages(SmsRows::of(campaign)),
        }
    }

    /// Takes the file of one in again.
    ///
    /// # Errors
    /// What cannot be right about it.
    pub fn read(kind: BaseKind, campaign: &str, text: &str) -> Result<Self, Vec<Flaw>> {
        Ok(match kind {
            BaseKind::Calls => Self::Calls(BaseRows::read(campaign, text)?),
            BaseKind::Messages => Self::Messages(SmsRows::read(campaign, text)?),
        })
    }

    /// Takes a row; one of the other kind is none.
    ///
    /// # Errors
    /// What cannot be right about it: then it is not taken.
    pub fn push(&mut self, line: &Line) -> Result<(), Vec<Flaw>> {
        match (self, line) {
            (Self::Calls(rows), Line::Call(row)) => rows.push(row),
            (Self::Messages(rows), Line::Message(row)) => rows.push(row),
            _ => Ok(()),
        }
    }

    /// The file as it goes out.
    pub fn text(&self) -> &str {
        match self {
            Self::Calls(rows) => rows.text(),
            Self::Messages(rows) => rows.text(),
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Calls(rows) => rows.count(),
            Self::Messages(rows) => rows.count(),
        }
    }

    /// What they are of.
    pub fn kind(&self) -> BaseKind {
        match self {
            Self::Calls(_) => BaseKind::Calls,
            Self::Messages(_) => BaseKind::Messages,
        }
    }

    /// The upload of them.
    pub fn upload(self, filename: String, username: String, timezone: Option<String>) -> Operation {
        match self {
            Self::Calls(rows) => Operation::UploadBase(UploadBase { filename, username, timezone, rows }),
            Self::Messages(rows) => Operation::UploadSmsBase(UploadSmsBase { filename, rows }),
        }
    }
}

/// Fills one base after the other.
pub struct Cutter {
    kind: BaseKind,
    campaign: String,
    most: usize,
    rows: Rows,
    size: FormSize,
}

impl Cutter {
    /// Bases of this campaign whose form's body has at most so many bytes.
    pub fn new(kind: BaseKind, campaign: &str, max_bytes: u32) -> Self {
        let max_bytes = max_bytes.clamp(*BYTES_CHOSEN.start(), *BYTES_CHOSEN.end());
        Self {
            kind,
            campaign: campaign.to_owned(),
            most: max_bytes as usize - OTHER_FIELDS,
            rows: Rows::of(kind, campaign),
            size: FormSize::default(),
        }
    }

    /// Takes a row; gives the base before it when that one is full. A row that is too large alone is a base alone.
    ///
    /// # Errors
    /// What cannot be right about it: then it is not taken.
    pub fn push(&mut self, line: &Line) -> Result<Option<Rows>, Vec<Flaw>> {
        let mut alone = Rows::of(self.kind, &self.campaign);
        alone.push(line)?;
        let with = self.size.with(alone.text().as_bytes());
        if with.total() <= self.most || self.rows.count() == 0 {
            self.rows.push(line)?;
            self.size = with;
            return Ok(None);
        }
        self.size = FormSize::default().with(alone.text().as_bytes());
        Ok(Some(std::mem::replace(&mut self.rows, alone)))
    }

    /// The rows since the last full one.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The last base, if there is anything in it.
    pub fn finish(self) -> Option<Rows> {
        (self.rows.count() > 0).then_some(self.rows)
    }
}

/// How many bytes a file takes in a form: base64, whose `+`, `/` and `=` take three each.
#[derive(Debug, Clone, Copy, Default)]
struct FormSize {
    whole: usize,
    /// Bytes that wait for the rest of their three.
    rest: [u8; 2],
    waiting: usize,
}

impl FormSize {
    fn with(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            if self.waiting < 2 {
                self.rest[self.waiting] = *byte;
                self.waiting += 1;
                continue;
            }
            let three = u32::from(self.rest[0]) << 16 | u32::from(self.rest[1]) << 8 | u32::from(*byte);
            self.whole += (0..4).map(|at| if three >> (6 * at) & 0x3f >= 62 { 3 } else { 1 }).sum::<usize>();
            self.waiting = 0;
        }
        self
    }

    /// With what fills up the last three: at most four signs of three bytes.
    fn total(&self) -> usize {
        self.whole + if self.waiting > 0 { 12 } else { 0 }
    }
}

/// The name of one of several bases: `name-1.csv`; of the only one `name.csv`.
pub fn file_name(name: &str, at: usize, of: usize) -> String {
    const LONGEST: usize = 120;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let kept = |letter: &char| !letter.is_control() && !matches!(letter, '/' | '\\');
    let stem: String = stem.trim().chars().filter(kept).take(LONGEST).collect();
    let stem = if stem.is_empty() { "base" } else { &stem };
    if of > 1 { format!("{stem}-{}.csv", at + 1) } else { format!("{stem}.csv") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(phone: &str, name: &str) -> Line {
        let data = atalaya_ucontact::operations::Parameters(vec![("n".to_owned(), name.to_owned())]);
        Line::Call(BaseRow { phone: phone.to_owned(), data, ..BaseRow::default() })
    }

    #[test]
    fn names_are_numbered_where_there_are_several() {
        assert_eq!(file_name("morosos.xlsx", 0, 1), "morosos.csv");
        assert_eq!(file_name("morosos.xlsx", 1, 3), "morosos-2.csv");
        assert_eq!(file_name("a/b\\c.d.csv", 0, 2), "abc.d-1.csv");
        assert_eq!(file_name("", 0, 1), "base.csv");
    }

    #[test]
    fn no_base_is_larger_than_it_may_be_and_none_is_lost() {
        let mut cutter = Cutter::new(BaseKind::Calls, "c", 20_000);
        let (mut bases, mut given) = (Vec::new(), String::new());
        for at in 0..3_000 {
            let line = line(&format!("09{at:07}"), "ÿÿþ?>~");
            let mut alone = Rows::of(BaseKind::Calls, "c");
            alone.push(&line).unwrap();
            given.push_str(alone.text());
            bases.extend(cutter.push(&line).unwrap());
        }
        bases.extend(cutter.finish());
        assert!(bases.len() > 5, "{}", bases.len());
        let all: String = bases.iter().map(Rows::text).collect();
        assert_eq!(all, given);
        assert_eq!(bases.iter().map(Rows::count).sum::<usize>(), 3_000);
        for base in bases {
            let fields = base.upload("a.csv".to_owned(), "u".to_owned(), None).fields();
            let signs = |value: &str| {
                value.bytes().map(|b| if b.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>()
            };
            let body: usize = fields.iter().map(|(name, value)| name.len() + 2 + signs(value)).sum();
            assert!(body <= 20_000, "{body}");
        }
    }

    proptest! {
        #[test]
        fn the_size_is_that_of_the_form(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..6)) {
            use base64::Engine as _;
            let whole: Vec<u8> = pieces.concat();
            let size = pieces.iter().fold(FormSize::default(), |size, piece| size.with(piece)).total();
            let encoded = base64::engine::general_purpose::STANDARD.encode(whole);
            let real: usize = encoded.bytes().map(|b| if b.is_ascii_alphanumeric() { 1 } else { 3 }).sum();
            prop_assert!(size >= real && size <= real + 12, "{} {}", size, real);
        }
    }
}

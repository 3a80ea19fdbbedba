//! Bases: files of people to call or to write to, in the vendor's row format.
//!
//! `campaign;phone;name=value:name=value;n:n;priority;agentphone`, the last two optional; of messages
//! `campaign;phone;text;priority`. A base only takes rows that are right, so that what is sent of one is. Left out on
//! purpose: reading a person's spreadsheet, and how large a base a server takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::flaw::{Flaw, Flaws};
use super::messages::MOST_PARTS;
use super::parameters::{Alternatives, Parameters};
use super::sms_length::SmsLength;
use super::{Fields, Form};
use crate::endpoint::{Endpoint, UPLOAD_BASE, UPLOAD_BASE_WITH_TIMEZONE, UPLOAD_SMS_BASE};

const LONGEST_FILENAME: usize = 200;
const LONGEST_TIMEZONE: usize = 100;

/// A line of a base of calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BaseRow {
    /// The number to call first.
    pub phone: String,
    /// For the flow and the form.
    pub data: Parameters,
    /// Numbers to call after it.
    pub alternatives: Alternatives,
    /// The lower, the sooner; above 1.
    pub priority: Option<u32>,
    /// The extension of whom it is for, where the dialer is progressive; may be empty.
    pub agentphone: String,
}

/// A line of a base of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmsRow {
    /// The number.
    pub phone: String,
    /// The text.
    pub text: String,
    /// The lower, the sooner; above 1.
    pub priority: Option<u32>,
}

/// Columns of a row before they are told to be right.
type Read<T> = Result<T, Vec<Flaw>>;

impl BaseRow {
    /// What cannot be right about it.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Flaws::default();
        self.check(&mut flaws);
        flaws.found()
    }

    /// Reads a line of the vendor's format, whose campaign has to be this one.
    ///
    /// # Errors
    /// What cannot be right about it.
    pub fn parse(line: &str, campaign: &str) -> Read<Self> {
        let mut flaws = Flaws::default();
        let columns = columns(line, campaign, 6, &mut flaws);
        let row = Self::of(columns[1], columns[2], columns[3], columns[4], columns[5], &mut flaws);
        row.checked(flaws)
    }

    /// A row of texts: parameters, alternatives and priority as in the vendor's format.
    ///
    /// # Errors
    /// What cannot be right about it.
    pub fn of_texts(
        phone: &str,
        data: &str,
        alternatives: &str,
        priority: &str,
        agentphone: &str,
    ) -> Read<Self> {
        let mut flaws = Flaws::default();
        let row = Self::of(phone, data, alternatives, priority, agentphone, &mut flaws);
        row.checked(flaws)
    }

    fn of(
        phone: &str,
        data: &str,
        alternatives: &str,
        priority: &str,
        agentphone: &str,
        flaws: &mut Flaws,
    ) -> Self {
        let data = Parameters::parse(data).unwrap_or_else(|| {
            flaws.add("data", if data.contains(';') { "reserved" } else { "notParameters" });
            Parameters::default()
        });
        let alternatives = Alternatives::parse(alternatives).unwrap_or_else(|| {
            flaws.add("alternatives", "notANumber");
            Alternatives::default()
        });
        let priority = read_priority(priority, flaws);
        Self { phone: phone.to_owned(), data, alternatives, priority, agentphone: agentphone.to_owned() }
    }

    fn checked(self, mut flaws: Flaws) -> Read<Self> {
        self.check(&mut flaws);
        let flaws = flaws.found();
        if flaws.is_empty() { Ok(self) } else { Err(flaws) }
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.number("phone", &self.phone);
        self.data.check("data", flaws);
        self.alternatives.check(flaws);
        if let Some(priority) = self.priority {
            flaws.priority("priority", priority);
        }
        flaws.extension_or_none("agentphone", &self.agentphone);
    }

    fn columns(&self) -> [String; 5] {
        let priority = self.priority.map(|priority| priority.to_string()).unwrap_or_default();
        let Self { phone, data, alternatives, agentphone, .. } = self;
        [phone.clone(), data.text(), alternatives.text(), priority, agentphone.clone()]
    }
}

impl SmsRow {
    /// What cannot be right about it.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Flaws::default();
        self.check(&mut flaws);
        flaws.found()
    }

    /// Reads a line of the vendor's format, whose campaign has to be this one.
    ///
    /// # Errors
    /// What cannot be right about it.
    pub fn parse(line: &str, campaign: &str) -> Read<Self> {
        let mut flaws = Flaws::default();
        let columns = columns(line, campaign, 4, &mut flaws);
        Self::read(columns[1], columns[2], columns[3], flaws)
    }

    /// A row of texts.
    ///
    /// # Errors
    /// What cannot be right about it.
    pub fn of_texts(phone: &str, text: &str, priority: &str) -> Read<Self> {
        Self::read(phone, text, priority, Flaws::default())
    }

    fn read(phone: &str, text: &str, priority: &str, mut flaws: Flaws) -> Read<Self> {
        let priority = read_priority(priority, &mut flaws);
        let row = Self { phone: phone.to_owned(), text: text.to_owned(), priority };
        row.check(&mut flaws);
        let flaws = flaws.found();
        if flaws.is_empty() { Ok(row) } else { Err(flaws) }
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.number("phone", &self.phone);
        if self.text.trim().is_empty() {
            flaws.add("text", "empty");
        }
        if self.text.contains(';') {
            flaws.add("text", "reserved");
        }
        flaws.line("text", &self.text, usize::MAX);
        if SmsLength::of(&self.text).parts > MOST_PARTS {
            flaws.add("text", "tooLong");
        }
        if let Some(priority) = self.priority {
            flaws.priority("priority", priority);
        }
    }
}

fn read_priority(text: &str, flaws: &mut Flaws) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let read = text.parse().ok().filter(|_| digits);
    if read.is_none() && !text.is_empty() {
        flaws.add("priority", "notAPriority");
    }
    read
}

/// The columns of a line, those that are missing empty.
fn columns<'a>(line: &'a str, campaign: &str, most: usize, flaws: &mut Flaws) -> Vec<&'a str> {
    let mut columns: Vec<&str> = line.split(';').collect();
    if columns.len() < 2 || columns.len() > most {
        flaws.add("row", "columns");
    }
    if columns.first() != Some(&campaign) {
        flaws.add("campaign", "otherCampaign");
    }
    columns.resize(most.max(columns.len()), "");
    columns
}

/// Lines of one campaign, as they go out.
#[derive(Clone, PartialEq, Eq, Default)]
struct Lines {
    campaign: String,
    text: String,
    count: usize,
}

impl Lines {
    /// `required` columns stand there also when they are empty.
    fn push(&mut self, columns: &[String], required: usize) {
        let last = columns.iter().rposition(|column| !column.is_empty()).map_or(0, |at| at + 1);
        self.text.push_str(&self.campaign);
        for column in &columns[..last.max(required)] {
            self.text.push(';');
            self.text.push_str(column);
        }
        self.text.push('\n');
        self.count += 1;
    }

    fn check(&self, flaws: &mut Flaws) {
        flaws.name("campaign", &self.campaign);
        if self.campaign.contains(';') {
            flaws.add("campaign", "reserved");
        }
        if self.count == 0 {
            flaws.add("fileb64", "empty");
        }
    }

    /// For the trail, instead of the file.
    fn digest(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().fold(String::new(), |mut text, byte| {
            let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
            text
        })
    }
}

macro_rules! base {
    ($(#[$doc:meta])* $name:ident, $row:ident, $required:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct $name(Lines);

        impl $name {
            /// An empty one of this campaign.
            pub fn of(campaign: &str) -> Self {
                Self(Lines { campaign: campaign.to_owned(), ..Lines::default() })
            }

            /// Takes a row.
            ///
            /// # Errors
            /// What cannot be right about it: then it is not taken.
            pub fn push(&mut self, row: &$row) -> Result<(), Vec<Flaw>> {
                let mut flaws = Flaws::default();
                row.check(&mut flaws);
                let flaws = flaws.found();
                if flaws.is_empty() {
                    self.0.push(&row.columns(), $required);
                    return Ok(());
                }
                Err(flaws)
            }

            /// Takes the file of one in again, as [`Self::text`] wrote it.
            ///
            /// # Errors
            /// What cannot be right about the first row that cannot.
            pub fn read(campaign: &str, text: &str) -> Result<Self, Vec<Flaw>> {
                let mut base = Self::of(campaign);
                for line in text.lines() {
                    base.push(&$row::parse(line, campaign)?)?;
                }
                Ok(base)
            }

            /// Its campaign.
            pub fn campaign(&self) -> &str {
                &self.0.campaign
            }

            /// How many rows.
            pub fn count(&self) -> usize {
                self.0.count
            }

            /// The file as it goes out: UTF-8, each row ended.
            pub fn text(&self) -> &str {
                &self.0.text
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let Lines { campaign, count, .. } = &self.0;
                f.debug_struct(stringify!($name)).field("campaign", campaign).field("rows", count).finish()
            }
        }
    };
}

base!(
    /// Rows of calls, each told to be right.
    BaseRows, BaseRow, 3
);
base!(
    /// Rows of messages, each told to be right.
    SmsRows, SmsRow, 2
);

impl SmsRow {
    fn columns(&self) -> [String; 3] {
        let priority = self.priority.map(|priority| priority.to_string()).unwrap_or_default();
        [self.phone.clone(), self.text.clone(), priority]
    }
}

/// `Dialers/uploadbase`, and with a time zone `Dialers/uploadbasewithtimezone`. The server takes it in later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UploadBase {
    /// The file's name.
    pub filename: String,
    /// Who uploads it.
    pub username: String,
    /// The zone its numbers are called in, as the server names it.
    pub timezone: Option<String>,
    /// The rows.
    pub rows: BaseRows,
}

/// `SMS/uploadbase`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UploadSmsBase {
    /// The file's name.
    pub filename: String,
    /// The rows.
    pub rows: SmsRows,
}

fn filename(flaws: &mut Flaws, name: &str) {
    flaws.name("filename", name);
    flaws.line("filename", name, LONGEST_FILENAME);
    if name.contains(['/', '\\']) {
        flaws.add("filename", "reserved");
    }
}

impl Form for UploadBase {
    fn endpoint(&self) -> Endpoint {
        if self.timezone.is_some() { UPLOAD_BASE_WITH_TIMEZONE } else { UPLOAD_BASE }
    }

    fn target(&self) -> String {
        self.rows.campaign().to_owned()
    }

    fn fields(&self) -> Fields {
        let mut fields = vec![
            ("filename", self.filename.clone()),
            ("fileb64", STANDARD.encode(self.rows.text())),
            ("campaign", self.rows.campaign().to_owned()),
            ("cant", self.rows.count().to_string()),
            ("username", self.username.clone()),
        ];
        fields.extend(self.timezone.clone().map(|zone| ("timezone", zone)));
        fields
    }

    fn summary(&self) -> Fields {
        let mut fields = vec![
            ("filename", self.filename.clone()),
            ("campaign", self.rows.campaign().to_owned()),
            ("cant", self.rows.count().to_string()),
            ("username", self.username.clone()),
        ];
        fields.extend(self.timezone.clone().map(|zone| ("timezone", zone)));
        fields.push(("sha256", self.rows.0.digest()));
        fields
    }

    fn check(&self, flaws: &mut Flaws) {
        filename(flaws, &self.filename);
        self.rows.0.check(flaws);
        flaws.name_or_none("username", &self.username);
        if let Some(zone) = &self.timezone {
            flaws.name("timezone", zone);
            flaws.line("timezone", zone, LONGEST_TIMEZONE);
        }
    }
}

impl Form for UploadSmsBase {
    fn endpoint(&self) -> Endpoint {
        UPLOAD_SMS_BASE
    }

    /// Its path ends like that of a base of calls.
    fn name(&self) -> &'static str {
        UPLOAD_SMS_BASE.path
    }

    fn target(&self) -> String {
        self.rows.campaign().to_owned()
    }

    fn fields(&self) -> Fields {
        vec![
            ("filename", self.filename.clone()),
            ("fileb64", STANDARD.encode(self.rows.text())),
            ("campaign", self.rows.campaign().to_owned()),
        ]
    }

    fn summary(&self) -> Fields {
        vec![
            ("filename", self.filename.clone()),
            ("campaign", self.rows.campaign().to_owned()),
            ("rows", self.rows.count().to_string()),
            ("sha256", self.rows.0.digest()),
        ]
    }

    fn check(&self, flaws: &mut Flaws) {
        filename(flaws, &self.filename);
        self.rows.0.check(flaws);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(read: &Read<BaseRow>) -> Vec<(&'static str, &'static str)> {
        read.as_ref().err().into_iter().flatten().map(|flaw| (flaw.field, flaw.code)).collect()
    }

    #[test]
    fn the_vendors_own_row_comes_back_as_it_is() {
        let line = "prueba1;098344484;var1=val1:var2=val2;099124484:099111111;9999;1001";
        let mut base = BaseRows::of("prueba1");
        base.push(&BaseRow::parse(line, "prueba1").unwrap()).unwrap();
        for short in ["prueba1;099", "prueba1;099;;;;", "prueba1;099;;;;1001"] {
            base.push(&BaseRow::parse(short, "prueba1").unwrap()).unwrap();
        }
        assert_eq!(base.text(), format!("{line}\nprueba1;099;;\nprueba1;099;;\nprueba1;099;;;;1001\n"));
        assert_eq!(base.count(), 4);
        let mut texts = SmsRows::of("Avisos->");
        texts.push(&SmsRow::parse("Avisos->;099;Hola, mañana;5", "Avisos->").unwrap()).unwrap();
        texts.push(&SmsRow::of_texts("099", "Hola", "").unwrap()).unwrap();
        assert_eq!(texts.text(), "Avisos->;099;Hola, mañana;5\nAvisos->;099;Hola\n");
    }

    #[test]
    fn rows_that_cannot_be_right_are_told_why() {
        for (line, wanted) in [
            ("other;099;;", vec![("campaign", "otherCampaign")]),
            ("c;;;", vec![("phone", "empty")]),
            ("c;09 9;;", vec![("phone", "notANumber")]),
            ("c;099;novalue;", vec![("data", "notParameters")]),
            ("c;099;;a", vec![("alternatives", "notANumber")]),
            ("c;099;;;1", vec![("priority", "keptForSchedules")]),
            ("c;099;;;+7", vec![("priority", "notAPriority")]),
            ("c;099;;;99999999999", vec![("priority", "notAPriority")]),
            ("c;099;;;5;SIP/1", vec![("agentphone", "notAnExtension")]),
            ("c;099;;;5;1001;x", vec![("row", "columns")]),
            ("c", vec![("row", "columns"), ("phone", "empty")]),
            ("", vec![("row", "columns"), ("campaign", "otherCampaign"), ("phone", "empty")]),
        ] {
            assert_eq!(codes(&BaseRow::parse(line, "c")), wanted, "{line}");
        }
        assert_eq!(
            codes(&BaseRow::of_texts("099", "a=1;2", "", "", "")),
            [("data", "reserved")],
            "a column of its own"
        );
        let texts: Vec<_> = ["", "a;b", "a\nb", "a"]
            .map(|text| SmsRow::of_texts("099", text, "").map_err(|flaws| flaws[0].code).err())
            .to_vec();
        assert_eq!(texts, [Some("empty"), Some("reserved"), Some("control"), None]);
        let mut base = BaseRows::of("c");
        assert!(base.push(&BaseRow::default()).is_err() && base.count() == 0, "what is wrong is not taken");
    }

    proptest! {
        #[test]
        fn whatever_is_taken_reads_back_the_same_and_stays_one_line(
            cells in prop::collection::vec("[0-9a-z=:;+\\n ]{0,7}", 5),
        ) {
            let mut base = BaseRows::of("c");
            if let Ok(row) = BaseRow::of_texts(&cells[0], &cells[1], &cells[2], &cells[3], &cells[4]) {
                base.push(&row).unwrap();
                prop_assert_eq!(base.text().matches('\n').count(), 1);
                prop_assert_eq!(BaseRow::parse(base.text().trim_end(), "c"), Ok(row));
                prop_assert_eq!(BaseRows::read("c", base.text()), Ok(base));
            }
        }
    }

    #[test]
    fn of_an_upload_the_trail_keeps_its_name_rows_and_hash() {
        let mut rows = BaseRows::of("c");
        rows.push(&BaseRow { phone: "099".to_owned(), ..BaseRow::default() }).unwrap();
        let upload = UploadBase { filename: "a.csv".to_owned(), rows, ..UploadBase::default() };
        let kept = upload.summary();
        assert!(kept.iter().all(|(name, _)| *name != "fileb64"));
        assert_eq!(kept.iter().find(|(name, _)| *name == "cant").unwrap().1, "1");
        let (_, hash) = kept.iter().find(|(name, _)| *name == "sha256").unwrap();
        assert_eq!(hash, "1a26e48fb086d8077aa41be1ca6204817e7d0afc2a0ca2e38f004452041da184", "of `c;099;;`");
        assert_eq!(upload.fields()[1].1, "YzswOTk7Owo=");
        assert_eq!(upload.endpoint().path, "Dialers/uploadbase");
        let zoned = UploadBase { timezone: Some("America/Montevideo".to_owned()), ..upload };
        assert_eq!(zoned.endpoint().path, "Dialers/uploadbasewithtimezone");
        assert_eq!(zoned.fields().last().unwrap().1, "America/Montevideo");
    }
}

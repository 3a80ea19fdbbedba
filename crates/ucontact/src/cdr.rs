//! Call records: `Cdr/getrecords`.
//!
//! Rows are legs; grouping them into calls is not done here.

use serde::{Deserialize, Serialize};

use crate::endpoint::GET_RECORDS;
use crate::error::Error;
use crate::lenient::{At, Element, Notes, Num, Reply, Taker, Text, elements, nothing_of_the_kind};
use crate::moment::plainly;

/// What to look for; empty text is "any".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordFilter {
    /// `yyyy-MM-dd HH:mm:ss`, server-local.
    pub calldatei: String,
    /// `yyyy-MM-dd HH:mm:ss`, server-local.
    pub calldatef: String,
    /// Agent.
    pub agent: String,
    /// Campaign with its suffix.
    pub campaign: String,
    /// Calling number.
    pub source: String,
    /// Called number.
    pub destination: String,
    /// Tag text.
    pub data: String,
    /// Hours, `HH:MM-HH:MM`.
    pub range: String,
    /// Rating.
    pub rating: String,
    /// Minimum duration, seconds.
    pub mindur: String,
    /// A number to leave out.
    pub exclude: String,
    /// The number occurs at least so often.
    pub cont: String,
}

/// One row: a leg.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallRecord {
    /// The record's number; below zero one made of the record's own words, where the server gave none.
    pub id: i64,
    /// When the leg began: `yyyy-MM-dd HH:mm:ss`, server-local text; what the server sent where that is no moment, empty
    /// where it sent nothing.
    pub calldate: String,
    /// The call it belongs to; where the server named none its own `linkedid` or `uniqueid`, which no recording has.
    pub guid: String,
    /// Calling number.
    pub src: Option<String>,
    /// Called number.
    pub dst: Option<String>,
    /// Agent rung (`peeraccount`).
    pub agent: Option<String>,
    /// Seconds.
    pub duration_secs: Option<u32>,
    /// Seconds.
    pub billsec: Option<u32>,
    /// `ANSWERED`, `NO ANSWER` …
    pub disposition: Option<String>,
    /// Q.850 as text.
    pub causecode: Option<String>,
    /// Campaign with its suffix.
    pub campaign: Option<String>,
    /// `inbound` / `outbound`.
    pub direction: Option<String>,
    /// The call's end, as `calldate`.
    pub finishtime: Option<String>,
    /// Rating; 0 is "not rated".
    pub rating: Option<i32>,
    /// Caller id with quotes and brackets, as sent.
    pub clid: Option<String>,
}

/// One page of records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordPage {
    /// What could be read, in the server's order.
    pub records: Vec<CallRecord>,
    /// Rows the server sent, those that could not be read included: paging goes by this.
    pub rows: u32,
}

/// The filter as the server wants it: every key present, every value a text.
#[derive(Serialize)]
struct RawFilter<'a> {
    calldatei: &'a str,
    calldatef: &'a str,
    agent: &'a str,
    campaign: &'a str,
    source: &'a str,
    destination: &'a str,
    data: &'a str,
    range: &'a str,
    rating: &'a str,
    mindur: &'a str,
    exclude: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    cont: &'a str,
}

impl RecordFilter {
    pub(crate) fn to_json(&self) -> String {
        let raw = RawFilter {
            calldatei: &self.calldatei,
            calldatef: &self.calldatef,
            agent: &self.agent,
            campaign: &self.campaign,
            source: &self.source,
            destination: &self.destination,
            data: &self.data,
            range: &self.range,
            rating: &self.rating,
            mindur: &self.mindur,
            exclude: &self.exclude,
            kind: "record",
            cont: &self.cont,
        };
        // A struct of texts always serialises.
        serde_json::to_string(&raw).unwrap_or_default()
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawRecord<'a> {
    id: Num,
    #[serde(borrow)]
    calldate: Text<'a>,
    #[serde(borrow)]
    guid: Text<'a>,
    #[serde(borrow)]
    uniqueid: Text<'a>,
    #[serde(borrow)]
    linkedid: Text<'a>,
    #[serde(borrow)]
    src: Text<'a>,
    #[serde(borrow)]
    dst: Text<'a>,
    #[serde(borrow)]
    peeraccount: Text<'a>,
    duration: Num,
    billsec: Num,
    #[serde(borrow)]
    disposition: Text<'a>,
    #[serde(borrow)]
    causecode: Text<'a>,
    #[serde(borrow)]
    campaign: Text<'a>,
    #[serde(borrow)]
    direction: Text<'a>,
    #[serde(borrow)]
    finishtime: Text<'a>,
    rating: Num,
    #[serde(borrow)]
    clid: Text<'a>,
}

/// Reads a page of records. What a record lacks is noted; one without any name of its call cannot be placed and is dropped.
///
/// # Errors
/// `refused` for a bare `0`, `malformed` with the JSON path, `notClassic` for a page of HTML; `serverError` in its words,
/// or `malformed`, for an answer in which nothing is a record.
pub fn parse_records(body: &[u8]) -> Result<Reply<RecordPage>, Error> {
    let Records { page, notes } = elements(body, GET_RECORDS.path, Records::default)?;
    if page.records.is_empty() && page.rows > 0 {
        return Err(nothing_of_the_kind(body, GET_RECORDS.path));
    }
    Ok(Reply::new(page, notes))
}

/// A page as it is read.
#[derive(Default)]
struct Records {
    page: RecordPage,
    notes: Notes,
}

impl Taker for Records {
    type Raw<'a> = RawRecord<'a>;

    fn take(&mut self, _: At<'_>, element: Element<RawRecord<'_>>) {
        let (index, notes) = (self.page.rows as usize, &mut self.notes);
        self.page.rows += 1;
        let raw = match element {
            Element::Is(raw) => raw,
            Element::Odd(kind) => {
                notes.note(&At::Index(index), kind);
                return;
            }
        };
        let at = |field: &'static str| move || format!("[{index}].{field}");
        let mut lacks = |field: &'static str| notes.note(&at(field)(), "missing");
        let guid = raw.guid.filled().or_else(|| {
            let other = raw.linkedid.filled().or_else(|| raw.uniqueid.filled())?;
            lacks("guid");
            Some(other)
        });
        let Some(guid) = guid else {
            notes.note(&At::Index(index), "no name of its call");
            return;
        };
        let calldate = raw.calldate.filled().map_or_else(
            || {
                lacks("calldate");
                String::new()
            },
            plainly,
        );
        let finishtime = raw.finishtime.filled().map(plainly);
        let id = raw.id.long(&at("id"), notes).unwrap_or_else(|| {
            notes.note(&at("id")(), "missing");
            made_up(&[
                &guid,
                &calldate,
                finishtime.as_deref().unwrap_or_default(),
                &format!("{:?}", raw.peeraccount),
            ])
        });
        self.page.records.push(CallRecord {
            id,
            calldate,
            guid,
            src: raw.src.filled(),
            dst: raw.dst.filled(),
            agent: raw.peeraccount.filled(),
            duration_secs: raw.duration.count(&at("duration"), notes),
            billsec: raw.billsec.count(&at("billsec"), notes),
            disposition: raw.disposition.filled(),
            causecode: raw.causecode.filled(),
            campaign: raw.campaign.filled(),
            direction: raw.direction.filled(),
            finishtime,
            rating: raw.rating.int(&at("rating"), notes),
            clid: raw.clid.filled(),
        });
    }
}

/// A number for a record that has none: the same for the same words, below zero.
fn made_up(words: &[&str]) -> i64 {
    // FNV-1a: nothing but the same in every run is asked of it.
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    -1 - (hash >> 11) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_has_every_key_as_text() {
        let filter = RecordFilter {
            calldatei: "2026-01-31 00:00:00".into(),
            mindur: "60".into(),
            ..Default::default()
        };
        insta::assert_snapshot!(filter.to_json(), @r#"{"calldatei":"2026-01-31 00:00:00","calldatef":"","agent":"","campaign":"","source":"","destination":"","data":"","range":"","rating":"","mindur":"60","exclude":"","type":"record","cont":""}"#);
    }

    #[test]
    fn one_unreadable_record_costs_no_other_but_counts_as_a_row() {
        let body = br#"[
          {"id":"1","calldate":"2022-06-20 17:56:59","guid":"g-1","src":9901,"duration":"16","billsec":null,"disposition":"NO ANSWER","causecode":16,"rating":"0","clid":"\"Out\u003c-\" \u003c9901\u003e"},
          {"id":2,"calldate":"2022-06-20 17:57:00"},
          null,
          {"calldate":"2022-06-20 17:57:00.0","guid":"","linkedid":"1655747820.7"},
          {"id":4,"calldate":"later","guid":"g-4","finishtime":"Jun 20, 2022 5:58:00 PM"},
          {"id":3,"calldate":"2022-06-20 17:57:00","guid":"g-2","duration":{"x":1}}
        ]"#;
        let reply = parse_records(body).unwrap();
        assert_eq!(reply.value.rows, 6);
        let records = &reply.value.records;
        assert_eq!(
            records.iter().map(|r| r.guid.as_str()).collect::<Vec<_>>(),
            ["g-1", "1655747820.7", "g-4", "g-2"]
        );
        assert!(records[1].id < 0, "{}", records[1].id);
        assert_eq!(
            (records[1].calldate.as_str(), records[2].calldate.as_str()),
            ("2022-06-20 17:57:00", "later")
        );
        assert_eq!(records[2].finishtime.as_deref(), Some("2022-06-20 17:58:00"));
        assert_eq!(records[0].src.as_deref(), Some("9901"));
        assert_eq!(records[0].clid.as_deref(), Some("\"Out<-\" <9901>"));
        assert_eq!(
            (records[0].duration_secs, records[0].billsec, records[0].rating),
            (Some(16), None, Some(0))
        );
        assert_eq!(reply.dropped_count, 5, "{:?}", reply.dropped);
    }
}

//! Call records: `Cdr/getrecords`.
//!
//! Rows are legs; grouping them into calls is not done here.

use serde::{Deserialize, Serialize};

use crate::endpoint::GET_RECORDS;
use crate::error::{Error, ErrorKind};
use crate::lenient::{Element, Elements, Notes, Num, Reply, Text, decode};

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
    /// The record's number.
    pub id: i64,
    /// `yyyy-MM-dd HH:mm:ss`, server-local text.
    pub calldate: String,
    /// The call it belongs to.
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
    /// The call's end, server-local text.
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
struct RawRecord {
    id: Num,
    calldate: Text,
    guid: Text,
    src: Text,
    dst: Text,
    peeraccount: Text,
    duration: Num,
    billsec: Num,
    disposition: Text,
    causecode: Text,
    campaign: Text,
    direction: Text,
    finishtime: Text,
    rating: Num,
    clid: Text,
}

/// Reads a page of records. A record without a readable number, date or guid cannot be placed and is dropped.
///
/// # Errors
/// `refused` for a bare `0`, `malformed` with the JSON path, `notClassic` for a page of HTML.
pub fn parse_records(body: &[u8]) -> Result<Reply<RecordPage>, Error> {
    let elements: Vec<Element<RawRecord>> = match decode(body, GET_RECORDS.path)? {
        Elements::Listed(list) => list,
        Elements::Keyed(entries) => entries.into_iter().map(|(_, element)| element).collect(),
        Elements::Scalar(text) => {
            return Err(Error::new(ErrorKind::Refused, GET_RECORDS.path).with_detail(&text));
        }
    };
    let mut notes = Notes::default();
    let mut page = RecordPage { records: Vec::with_capacity(elements.len()), rows: elements.len() as u32 };
    for (index, element) in elements.into_iter().enumerate() {
        let raw = match element {
            Element::Is(raw) => *raw,
            Element::Odd(kind) => {
                notes.note(&format!("[{index}]"), kind);
                continue;
            }
        };
        let at = |field: &'static str| move || format!("[{index}].{field}");
        let id = raw.id.long(&at("id"), &mut notes);
        let (Some(id), Some(calldate), Some(guid)) = (id, raw.calldate.filled(), raw.guid.filled()) else {
            notes.note(&format!("[{index}]"), "no id, calldate or guid");
            continue;
        };
        let notes = &mut notes;
        page.records.push(CallRecord {
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
            finishtime: raw.finishtime.filled(),
            rating: raw.rating.int(&at("rating"), notes),
            clid: raw.clid.filled(),
        });
    }
    Ok(Reply::new(page, notes))
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
          {"id":3,"calldate":"2022-06-20 17:57:00","guid":"g-2","duration":{"x":1}}
        ]"#;
        let reply = parse_records(body).unwrap();
        assert_eq!(reply.value.rows, 4);
        let records = &reply.value.records;
        assert_eq!(records.iter().map(|r| r.id).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(records[0].src.as_deref(), Some("9901"));
        assert_eq!(records[0].clid.as_deref(), Some("\"Out<-\" <9901>"));
        assert_eq!(
            (records[0].duration_secs, records[0].billsec, records[0].rating),
            (Some(16), None, Some(0))
        );
        assert_eq!(reply.dropped_count, 3, "{:?}", reply.dropped);
    }
}

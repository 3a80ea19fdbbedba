//! Which shapes a server's answers have, for whoever has to find out why one is read wrongly and has never seen it: fields,
//! types, forms of dates, quirks of headers. What was never seen before is named first.
//!
//! A record holds no value of an answer: no name, no number of anybody, no token, no guid, no address. Everything in it is
//! a name out of `known` and `form`, but for the names of new fields, which stand among fields that are known. Left out on
//! purpose: reading answers (`live`, `cdr`), and keeping or sending a record: a person looks at it first.

mod asking;
mod body;
mod form;
mod headers;
mod known;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use asking::record_shapes;

/// The shapes of one server's answers, fit to be shown to others.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShapeRecord {
    /// What it is, for whoever finds the file.
    pub about: &'static str,
    /// What is not among the shapes known, in words.
    pub never_seen: Vec<String>,
    /// The login that worked: `quotedToken`, `lastOfList`, `thirdOfList`, `phoneObject`.
    pub login: &'static str,
    /// The answers, in the order they were asked for.
    pub answers: Vec<AnswerShape>,
    /// The places of recordings.
    pub places: Vec<PlaceShape>,
}

/// The shape of one answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerShape {
    /// What was asked.
    pub operation: &'static str,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// Why none came, or why it was not read: the code of an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<&'static str>,
    /// Its headers.
    pub headers: HeaderShape,
    /// Its body.
    pub body: BodyShape,
}

/// What the headers of an answer are like.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderShape {
    /// Media type, when it is a known one.
    pub content_type: &'static str,
    /// Charset declared, by its standard name.
    pub charset: &'static str,
    /// Form of `Date`.
    pub date: &'static str,
    /// Kind of `ETag`.
    pub etag: &'static str,
    /// How the length is told.
    pub length: &'static str,
    /// What `Accept-Ranges` says.
    pub ranges: &'static str,
    /// Whether cookies are set.
    pub cookies: bool,
}

/// What a body is like.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyShape {
    /// What its bytes are as text.
    pub bytes: &'static str,
    /// Whether it is JSON as it stands.
    pub json: &'static str,
    /// Whether letters of HTML are escaped in it.
    pub html_safe: bool,
    /// What it is as a whole.
    pub whole: &'static str,
    /// How many elements, roughly.
    pub elements: &'static str,
    /// Of a list of few different things: the form of each, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<&'static str>,
    /// Its elements, by kind.
    pub kinds: Vec<KindShape>,
    /// Elements of no known kind, roughly.
    pub of_no_kind: &'static str,
}

/// Elements of one kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindShape {
    /// The kind.
    pub kind: &'static str,
    /// How many, roughly.
    pub elements: &'static str,
    /// Its fields.
    pub fields: BTreeMap<String, FieldShape>,
    /// Fields that are known and are in none of them.
    pub absent: Vec<&'static str>,
    /// Keys that are not named here, as they may be data: whether there are any.
    pub other_keys: bool,
}

/// One field.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldShape {
    /// Whether every element has it.
    pub always: bool,
    /// Forms of its values.
    pub forms: BTreeSet<&'static str>,
}

/// What a host of recordings is like.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceShape {
    /// Which: `telephony mp3 in the folder of its day` …
    pub place: String,
    /// For a call that is in the records, or for one that does not exist.
    pub asked_for: &'static str,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// What came of asking for the first two bytes.
    pub range: &'static str,
    /// Its headers.
    pub headers: HeaderShape,
}

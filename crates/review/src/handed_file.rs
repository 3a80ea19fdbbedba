//! The file a worklist is handed on with: what is in it, and whether it can be used.
//!
//! Left out on purpose: what becomes of it here (`taking`), and where the file lies.

use std::collections::{BTreeMap, HashSet};

use atalaya_calls::wire::Call;
use atalaya_store::Uuid;
use serde::{Deserialize, Serialize};

use crate::card::checked;
use crate::error::Error;
use crate::finished::counted;
use crate::wire::{Answer, Card, ItemState, SampleRequest};

const FORMAT: &str = "atalaya-worklist";
/// Of this program. A file of a later one is refused: what it adds would be lost without a word.
const LAYOUT: u32 = 1;
const MOST_CALLS: usize = 10_000;
const MOST_NOTES: usize = 50_000;
const LONGEST_NAME: usize = 200;

/// A worklist on its way to another reviewer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorklistFile {
    format: String,
    layout: u32,
    /// Key of the worklist, the same on every computer.
    pub list: String,
    /// Who hands it on.
    pub by: String,
    /// Who is to go on with it.
    pub to: String,
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// What was drawn.
    pub request: SampleRequest,
    /// The card in every version that is judged with here, the newest first.
    pub cards: Vec<Card>,
    /// The identities of the card's versions, by their numbers. Earlier programs write none.
    #[serde(default)]
    pub identities: BTreeMap<u32, Uuid>,
    /// So many calls: a file that was cut holds fewer.
    pub calls: usize,
    /// In their order.
    pub items: Vec<HandedItem>,
    /// Reviews of these calls with this card, finished or begun.
    pub reviews: Vec<HandedReview>,
    /// Notes on these calls.
    pub notes: Vec<HandedNote>,
}

/// A call of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedItem {
    /// The call.
    pub call: Call,
    /// Where it stands.
    pub state: ItemState,
    /// Why it was left out.
    pub reason: String,
    /// Its score once judged, 0 to 100.
    pub percent: Option<f64>,
}

/// A review of one of its calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedReview {
    /// The call.
    pub guid: String,
    /// Who judged.
    pub reviewer: String,
    /// The card's version.
    pub version: u32,
    /// By question.
    pub answers: BTreeMap<String, Answer>,
    /// About the whole call.
    pub comment: String,
    /// A fatal question failed, as it was counted.
    pub fatal: bool,
    /// Epoch milliseconds.
    pub made_ms: i64,
    /// Epoch milliseconds; `None`: begun only.
    pub finished_ms: Option<i64>,
}

/// A note on one of its calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedNote {
    /// The call.
    pub guid: String,
    /// Seconds of the recording.
    pub at_secs: f64,
    /// What it says.
    pub text: String,
    /// Goes into what the agent is given.
    pub shared: bool,
    /// Who wrote it.
    pub reviewer: String,
    /// Epoch milliseconds.
    pub made_ms: i64,
    /// Its identity. Earlier programs write none.
    #[serde(default)]
    pub uuid: Option<Uuid>,
}

#[derive(Deserialize)]
struct Header {
    format: String,
    layout: u32,
}

impl WorklistFile {
    /// A file of this program's layout; what is in it is the caller's.
    pub(crate) fn begun(list: String, by: &str, to: &str, at_ms: i64, request: SampleRequest) -> Self {
        Self {
            format: FORMAT.to_owned(),
            layout: LAYOUT,
            list,
            by: by.trim().to_owned(),
            to: to.trim().to_owned(),
            at_ms,
            request,
            cards: Vec::new(),
            identities: BTreeMap::new(),
            calls: 0,
            items: Vec::new(),
            reviews: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The card the worklist is judged with.
    pub(crate) fn card(&self) -> Result<&Card, Error> {
        self.cards.first().ok_or_else(|| Error::File("card".to_owned()))
    }

    /// The card a review was made with.
    pub(crate) fn card_of(&self, review: &HandedReview) -> Result<&Card, Error> {
        let card = self.cards.iter().find(|card| card.version == review.version);
        card.ok_or_else(|| Error::File("version".to_owned()))
    }

    /// As text: JSON.
    pub(crate) fn written(&self) -> Result<String, Error> {
        Ok(serde_json::to_string(self)?)
    }
}

/// A worklist from a file, checked; nothing of it is kept yet.
///
/// # Errors
/// `reviewFileNewer` for a file of a later program, `reviewFile` for one that is damaged or something else, `reviewInvalid` for
/// a card or a sample that makes no sense.
pub fn read_file(text: &str) -> Result<WorklistFile, Error> {
    let Header { format, layout } = serde_json::from_str(text)?;
    if format != FORMAT || layout == 0 {
        return Err(Error::File(format!("{format} {layout}")));
    }
    if layout > LAYOUT {
        return Err(Error::Newer(layout));
    }
    let file: WorklistFile = serde_json::from_str(text)?;
    sound(&file)?;
    Ok(file)
}

/// Whether all of it belongs together: a file that was cut or changed by hand is not taken in part.
fn sound(file: &WorklistFile) -> Result<(), Error> {
    let damaged = |what: &str| Err(Error::File(what.to_owned()));
    let named = |name: &str| !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if file.list.is_empty() || file.list.len() > LONGEST_NAME || !file.list.chars().all(plain) {
        return damaged("list");
    }
    if !named(&file.by) || !named(&file.to) {
        return damaged("by, to");
    }
    crate::samples::checked(&file.request)?;
    let versions: HashSet<u32> = file.cards.iter().map(|card| card.version).collect();
    if file.cards.is_empty() || versions.len() < file.cards.len() || versions.contains(&0) {
        return damaged("cards");
    }
    for card in &file.cards {
        checked(card)?;
        if card.id != file.request.card {
            return damaged("cards");
        }
    }
    let guids: HashSet<&str> = file.items.iter().map(|item| item.call.guid.as_str()).collect();
    if file.items.len() != file.calls || file.calls > MOST_CALLS || guids.len() < file.calls {
        return damaged("calls");
    }
    if guids.contains("")
        || !file.items.iter().all(|item| item.percent.is_none_or(|score| (0.0..=100.0).contains(&score)))
    {
        return damaged("calls");
    }
    let mut once = HashSet::new();
    for review in &file.reviews {
        let score = counted(file.card_of(review)?, &review.answers, review.fatal);
        let whole = score.missing.is_empty() && score.comments_missing.is_empty();
        let known = guids.contains(review.guid.as_str()) && named(&review.reviewer);
        let first = once.insert((&review.guid, review.reviewer.trim()));
        if !known || !first || (review.finished_ms.is_some() && !whole) {
            return damaged("reviews");
        }
    }
    if file.notes.len() > MOST_NOTES {
        return damaged("notes");
    }
    for note in &file.notes {
        crate::notes::checked(note.at_secs, &note.text)?;
        if !guids.contains(note.guid.as_str()) || !named(&note.reviewer) {
            return damaged("notes");
        }
    }
    Ok(())
}

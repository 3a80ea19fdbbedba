//! What the window sees of outreach: a file at hand, its rows as they were checked, batches, what was sent from here, the
//! blacklist as far as it is known here.
//!
//! Moments are epoch milliseconds, dates the server's local text. Codes are stable names; the window has the words.

mod batch;
mod file;
mod sent;

pub use batch::{
    Batch, BatchItem, BatchItemState, BatchItems, BatchKind, BatchRequest, ReachedSince, RequestedItem,
    SendingUpdate,
};
pub use file::{
    BaseKind, BaseRequest, CheckUpdate, CheckedBase, CheckedRow, CheckedRows, ColumnSeen, Encoding, FileHint,
    FileKind, FileTaken, Mapping, ParameterColumn, Parted, ReasonCount, RowReason, RowsWanted, TakeUpdate,
};
pub use sent::{
    BlacklistImport, BlacklistKnown, BlacklistPage, Listed, SentCount, SentKind, SentLine, SentOutcome,
    SentPage, Undo,
};

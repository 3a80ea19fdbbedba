//! What the window sees of judging: cards, reviews, notes, samples, calibration, reports.
//!
//! Percentages are 0 to 100; `None` is "nothing to judge", never zero. Dates of calls are the server's local text.

mod alert;
mod calibration;
mod card;
mod handed;
mod report;
mod review;
mod sample;
mod share;

pub use alert::ReviewAlert;
pub use calibration::{Calibration, CalibrationFile, Compared, ComparedItem, ComparedReviewer};
pub use card::{Band, Card, ChoiceOption, CommentRule, Kind, Question, Section, StartingCard, Tone};
pub use handed::{CardHere, Handed, HandedFound, TakenIn};
pub use report::{Disposition, ReportBy, ReportFilter, ReportRow, ReviewFilter};
pub use review::{
    AgentReview, Answer, Feedback, FeedbackStep, Note, NoteFound, Review, ReviewLine, Scored, ScoredItem,
    ScoredSection, Value,
};
pub use sample::{ItemState, Sample, SampleItem, SampleRequest, SampleUpdate, Shortfall};
pub use share::{ReviewShare, ShareOf, SharePerson, ShareRequest, ShareState};

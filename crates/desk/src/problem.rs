//! One shape for everything that goes wrong on the way to the window: a stable code, values for its text, and whether
//! trying again may help.

use std::collections::BTreeMap;

pub use atalaya_ucontact::Problem;

/// A problem from its parts.
pub fn problem<'a>(
    code: &str,
    params: impl IntoIterator<Item = (&'a str, String)>,
    retryable: bool,
) -> Problem {
    Problem {
        code: code.to_owned(),
        params: params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>(),
        retryable,
    }
}

/// What every crate's error says of itself.
macro_rules! to_problem {
    ($name:ident, $error:ty) => {
        /// The window's view of this error.
        pub(crate) fn $name(error: &$error) -> Problem {
            problem(error.code(), error.params(), error.retryable())
        }
    };
}

to_problem!(from_ucontact, atalaya_ucontact::Error);
to_problem!(from_calls, atalaya_calls::Error);
to_problem!(from_review, atalaya_review::Error);
to_problem!(from_store, atalaya_store::Error);
to_problem!(from_export, atalaya_export::Error);
to_problem!(from_player, atalaya_player::Error);

/// The window's view of an update that goes no further: what stands against it is named.
pub(crate) fn from_update(error: &atalaya_update::Error) -> Problem {
    match error {
        // Each has a sentence of its own; the first is enough to say not now.
        atalaya_update::Error::Busy(reasons) => {
            let code = match reasons.first() {
                Some(atalaya_update::allowed::Reason::Reviewing) => "updateReviewing",
                Some(atalaya_update::allowed::Reason::Writing) => "updateWriting",
                Some(atalaya_update::allowed::Reason::Saving) => "updateSaving",
                Some(atalaya_update::allowed::Reason::Playing) | None => "updatePlaying",
            };
            problem(code, [], true)
        }
        atalaya_update::Error::Store(error) => from_store(error),
        other => problem(other.code(), other.params(), other.retryable()),
    }
}

/// The window's view of an error of shared work.
pub(crate) fn from_teamwork(error: &atalaya_teamwork::Error) -> Problem {
    match error {
        atalaya_teamwork::Error::Store(error) => from_store(error),
        other => problem(other.code(), [("detail", other.to_string())], false),
    }
}

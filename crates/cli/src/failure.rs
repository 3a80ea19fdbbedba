//! One line that says what happened, what it means and what to do, and the exit status with it.

use std::fmt;

/// A command that did not do what was asked.
#[derive(Debug)]
pub struct Failure {
    sentence: String,
    /// Stable name, for scripts.
    pub code: &'static str,
    /// 1 failed, 2 wrong usage, 3 nobody knows whether it was done.
    pub status: u8,
}

impl Failure {
    /// Failed, for a reason that has a name.
    pub fn of(code: &'static str, sentence: impl fmt::Display) -> Self {
        Self { sentence: one_line(&sentence.to_string()), code, status: 1 }
    }

    /// The same under a name of its own.
    #[must_use]
    pub fn named(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// Failed.
    pub fn new(sentence: impl fmt::Display) -> Self {
        Self::of("failed", sentence)
    }

    /// Nobody knows whether it was done, for a reason that has a name.
    pub fn unknown(code: &'static str, sentence: impl fmt::Display) -> Self {
        Self { status: 3, ..Self::of(code, sentence) }
    }

    /// Wrong usage.
    pub fn usage(sentence: impl fmt::Display) -> Self {
        Self { status: 2, ..Self::of("usage", sentence) }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl From<atalaya_ucontact::Error> for Failure {
    fn from(error: atalaya_ucontact::Error) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<atalaya_calls::Error> for Failure {
    fn from(error: atalaya_calls::Error) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<atalaya_outreach::Error> for Failure {
    fn from(error: atalaya_outreach::Error) -> Self {
        match error {
            atalaya_outreach::Error::Calls(error) => error.into(),
            error => Self::of(error.code(), error),
        }
    }
}

impl From<atalaya_export::Error> for Failure {
    fn from(error: atalaya_export::Error) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<atalaya_store::Error> for Failure {
    fn from(error: atalaya_store::Error) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<atalaya_player::Error> for Failure {
    fn from(error: atalaya_player::Error) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::new(format!("the result could not be written as JSON: {error}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!("the output could not be written: {error}"))
    }
}

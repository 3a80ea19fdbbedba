//! What whoever looks after this computer decided of updates, and which channel is asked then.
//!
//! Left out on purpose: the file (`atalaya-policy`).

use std::path::PathBuf;

use crate::error::Error;

/// What the file says of updates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The channel; an empty one turns updates off. `None`: a person chooses.
    pub channel: Option<String>,
    /// Certificates that are believed besides the computer's list.
    pub authority: Option<PathBuf>,
}

impl Policy {
    /// What this computer's file says; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::Policy`]: it is there and cannot be followed. Nobody is asked then: who wrote it may have meant to forbid it.
    pub fn of_this_computer() -> Result<Self, Error> {
        match atalaya_policy::Policy::of_this_computer() {
            Ok(atalaya_policy::Policy { update, .. }) => {
                Ok(Self { channel: update.channel, authority: update.authority })
            }
            Err(refused) => Err(Error::Policy { path: refused.path, detail: refused.detail }),
        }
    }

    /// The channel that is asked: the one decided on, or the one chosen.
    ///
    /// # Errors
    /// [`Error::Off`]: there is none.
    pub fn channel<'a>(&'a self, chosen: Option<&'a str>) -> Result<&'a str, Error> {
        let channel = self.channel.as_deref().or(chosen).map(str::trim);
        channel.filter(|channel| !channel.is_empty()).ok_or(Error::Off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_after_a_computer_has_the_last_word() {
        let by = |channel: Option<&str>| Policy { channel: channel.map(str::to_owned), authority: None };
        let mine = Some("https://mine.example/x");
        for (decided, chosen, asked) in [
            (None, mine, Some("https://mine.example/x")),
            (None, None, None),
            (None, Some("  "), None),
            (Some(" https://ours.example/x "), mine, Some("https://ours.example/x")),
            (Some(""), mine, None),
        ] {
            assert_eq!(by(decided).channel(chosen).ok(), asked, "{decided:?} {chosen:?}");
        }
        assert_eq!(by(None).channel(None).expect_err("off").code(), "updateOff");
    }
}

//! Whether a new version may be installed at this moment. Pure.

use crate::error::Error;
pub use crate::reasons::Reason;

/// What a window would lose or cut short if the program ended now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Busy {
    /// A recording plays, or is held ready at a place within.
    pub playing: bool,
    /// A review was begun and not finished.
    pub reviewing: bool,
    /// Something was sent to the server and its outcome is not known yet, or a batch is under way.
    pub writing: bool,
    /// Files are being written for a person.
    pub saving: bool,
}

/// Everything that stands against it now.
pub fn hindrances(busy: Busy) -> Vec<Reason> {
    let all = [
        (busy.playing, Reason::Playing),
        (busy.reviewing, Reason::Reviewing),
        (busy.writing, Reason::Writing),
        (busy.saving, Reason::Saving),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, reason)| reason).collect()
}

/// Nothing stands against it.
///
/// # Errors
/// [`Error::Busy`] with every reason.
pub fn now(busy: Busy) -> Result<(), Error> {
    let against = hindrances(busy);
    if against.is_empty() { Ok(()) } else { Err(Error::Busy(against)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_under_way_is_a_reason_of_its_own() {
        assert!(now(Busy::default()).is_ok());
        for mask in 1..16_u8 {
            let is = |bit: u8| mask & (1 << bit) != 0;
            let busy = Busy { playing: is(0), reviewing: is(1), writing: is(2), saving: is(3) };
            let Err(Error::Busy(reasons)) = now(busy) else { panic!("{busy:?}") };
            assert_eq!(reasons.len(), mask.count_ones() as usize, "{busy:?}");
        }
    }
}

//! Whether an answer is of the file whose bytes are here already.
//!
//! A strong tag that stays says so by itself, and a weak one with the length. Where the tag is another, or the file is
//! longer, bytes decide: several machines may give one file a tag each, and a call that goes on lengthens its recording.
//! Left out on purpose: reading.

/// Bytes that are compared where tags say nothing: more than a second of silence, which is alike in every recording.
pub(crate) const OVERLAP: u64 = 16 * 1024;

/// What is known of the file so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct SameFile {
    etag: Option<String>,
    /// The same bytes came under different tags.
    tags_differ: bool,
    grew: bool,
}

/// What length and tag say of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Same,
    /// If its bytes are those that are here, as far as both go.
    IfBytesAgree,
    Other,
}

/// The same file to whoever reads it, though perhaps not to the byte.
fn bare(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

impl SameFile {
    pub(crate) fn of(etag: Option<String>) -> Self {
        Self { etag, ..Self::default() }
    }

    /// What may be sent as `If-Range`: there, a weak tag is forbidden and never matches.
    pub(crate) fn if_range(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| !self.tags_differ && !etag.starts_with("W/"))
    }

    /// Bytes before those wanted that an answer should begin with, to be compared.
    pub(crate) fn overlap(&self) -> u64 {
        if self.if_range().is_some() { 0 } else { OVERLAP }
    }

    /// Whether the file was longer with a later answer: it may still grow.
    pub(crate) fn grew(&self) -> bool {
        self.grew
    }

    /// What an answer of this length and tag is to a file of so many bytes.
    pub(crate) fn told(&self, total: Option<u64>, answered: Option<u64>, etag: Option<&str>) -> Told {
        let tags_agree = match (self.etag.as_deref(), etag) {
            (Some(ours), Some(theirs)) => self.tags_differ || bare(ours) == bare(theirs),
            _ => true,
        };
        match total.zip(answered) {
            Some((ours, theirs)) if theirs < ours => Told::Other,
            Some((ours, theirs)) if theirs > ours => Told::IfBytesAgree,
            _ if tags_agree => Told::Same,
            _ => Told::IfBytesAgree,
        }
    }

    /// Its bytes agreed.
    pub(crate) fn proven(&mut self, total: Option<u64>, answered: Option<u64>, etag: Option<String>) {
        if total.zip(answered).is_some_and(|(ours, theirs)| theirs > ours) {
            self.grew = true;
        } else {
            self.tags_differ = true;
        }
        self.etag = etag;
    }

    /// Whether a file elsewhere goes by the same strong tag.
    pub(crate) fn is_strongly(&self, other: &Self) -> bool {
        self.if_range().is_some() && self.if_range() == other.if_range()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_tag_never_asks_for_a_range_and_an_answer_is_judged_by_all_it_says() {
        let (strong, weak) = (SameFile::of(Some("\"1\"".into())), SameFile::of(Some("W/\"1\"".into())));
        assert_eq!((strong.if_range(), weak.if_range()), (Some("\"1\""), None));
        for (file, total, etag, told) in [
            (&strong, Some(9), Some("\"1\""), Told::Same),
            (&strong, None, Some("\"1\""), Told::Same),
            (&weak, Some(9), Some("W/\"1\""), Told::Same),
            (&weak, Some(9), None, Told::Same),
            (&strong, Some(9), Some("\"2\""), Told::IfBytesAgree),
            (&weak, Some(9), Some("W/\"2\""), Told::IfBytesAgree),
            (&strong, Some(10), Some("\"2\""), Told::IfBytesAgree),
            (&strong, Some(10), Some("\"1\""), Told::IfBytesAgree),
            (&strong, Some(8), Some("\"1\""), Told::Other),
        ] {
            assert_eq!(file.told(Some(9), total, etag), told, "{total:?} {etag:?}");
        }
        let mut several = strong.clone();
        several.proven(Some(9), Some(9), Some("\"2\"".into()));
        assert_eq!((several.if_range(), several.grew()), (None, false));
        assert_eq!(several.told(Some(9), Some(9), Some("\"3\"")), Told::Same);
        let mut longer = strong;
        longer.proven(Some(9), Some(12), Some("\"2\"".into()));
        assert_eq!((longer.if_range(), longer.grew()), (Some("\"2\""), true));
    }
}

//! The vendor's two small formats: parameters for flows and forms, `name=value:name=value`, and alternative numbers,
//! `n:n`. Neither has a way to escape what parts it, so nothing that does may stand inside.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::flaw::{Flaws, is_number};

/// Most of either, so that no line is endless.
const MOST: usize = 100;
const LONGEST: usize = 1_000;
/// What parts names, values, pairs, and the columns of a row.
const PARTS: [char; 3] = [':', '=', ';'];

/// Values that go with a call into its flow and form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Parameters(pub Vec<(String, String)>);

/// Other numbers of the same person, in the order they are tried.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Alternatives(pub Vec<String>);

impl Parameters {
    /// Reads `name=value:name=value`; empty text is none. `None` for what is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let pair = |part: &str| part.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let parameters = Self(text.split(':').map(pair).collect::<Option<_>>()?);
        let mut flaws = Flaws::default();
        parameters.check("data", &mut flaws);
        flaws.found().is_empty().then_some(parameters)
    }

    /// As the vendor writes them.
    pub fn text(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(":")
    }

    pub(crate) fn check(&self, field: &'static str, flaws: &mut Flaws) {
        if self.0.len() > MOST {
            flaws.add(field, "tooMany");
        }
        for (name, value) in &self.0 {
            if name.trim().is_empty() {
                flaws.add(field, "empty");
            }
            if name.contains(PARTS) || value.contains(PARTS) {
                flaws.add(field, "reserved");
            }
            flaws.line(field, name, LONGEST);
            flaws.line(field, value, LONGEST);
        }
    }
}

impl Alternatives {
    /// Reads `n:n`; empty text is none. `None` for what is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let numbers = Self(text.split(':').map(str::to_owned).collect());
        (numbers.0.len() <= MOST && numbers.0.iter().all(|number| is_number(number))).then_some(numbers)
    }

    /// As the vendor writes them.
    pub fn text(&self) -> String {
        self.0.join(":")
    }

    pub(crate) fn check(&self, flaws: &mut Flaws) {
        if self.0.len() > MOST {
            flaws.add("alternatives", "tooMany");
        }
        for number in &self.0 {
            flaws.number("alternatives", number);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flaws(parameters: &Parameters) -> Vec<&'static str> {
        let mut flaws = Flaws::default();
        parameters.check("data", &mut flaws);
        flaws.found().into_iter().map(|flaw| flaw.code).collect()
    }

    proptest! {
        #[test]
        fn parameters_come_back_as_they_went(pairs in prop::collection::vec((".{0,8}", ".{0,8}"), 0..5)) {
            let parameters = Parameters(pairs);
            // Either something is wrong with them, or the text says them and nothing else.
            if flaws(&parameters).is_empty() {
                prop_assert_eq!(Parameters::parse(&parameters.text()), Some(parameters));
            } else {
                prop_assert_ne!(Parameters::parse(&parameters.text()), Some(parameters));
            }
        }

        #[test]
        fn nothing_that_parts_columns_gets_through(text in "[a-z0-9=:;\\n]{0,12}") {
            for through in [
                Parameters::parse(&text).map(|read| read.text()),
                Alternatives::parse(&text).map(|read| read.text()),
            ].into_iter().flatten() {
                prop_assert!(!through.contains([';', '\n']), "{:?}", through);
                prop_assert_eq!(&through, &text);
            }
        }

        #[test]
        fn alternatives_come_back_as_they_went(numbers in prop::collection::vec("\\+?[0-9]{1,9}(-[0-9]{1,4})?", 0..5)) {
            let numbers = Alternatives(numbers);
            prop_assert_eq!(Alternatives::parse(&numbers.text()), Some(numbers));
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        let one = |name: &str, value: &str| flaws(&Parameters(vec![(name.to_owned(), value.to_owned())]));
        assert_eq!(one("idcustomer", "7"), [""; 0]);
        assert_eq!(one("note", ""), [""; 0]);
        assert_eq!(one("", "7"), ["empty"]);
        for (name, value) in [("a:b", "1"), ("a", "1:2"), ("a", "b=c"), ("a=b", "c"), ("a", "1;2")] {
            assert_eq!(one(name, value), ["reserved"], "{name} {value}");
        }
        assert_eq!(one("a", "line\nline"), ["control"]);
        for text in ["a", "=1", "a=1:", ":a=1", "a=1:b"] {
            assert_eq!(Parameters::parse(text), None, "{text}");
        }
        for text in ["1:", ":1", "1::2", "1:b", " 1"] {
            assert_eq!(Alternatives::parse(text), None, "{text}");
        }
    }
}

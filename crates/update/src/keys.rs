//! Whose word counts: a list of public keys, any of which will do, so that one can be given up without leaving those
//! behind who know only it.
//!
//! What is signed is bound to what it is for (the signature's own comment says it, and is signed too): a signed package
//! of another version or system, or a package in the place of a manifest, is as good as unsigned.

use std::fmt;
use std::io::Read;
use std::path::Path;

use minisign_verify::{PublicKey, Signature};

use crate::error::Error;

/// Signatures are four lines of some three hundred letters.
const LONGEST_SIGNATURE: usize = 2_048;
/// As many as one that is used and one that waits.
const MOST: usize = 2;
/// Those this program was built with: one to a line, in the form of minisign's `.pub` files.
const BUILT_IN: &str = include_str!("../../../packaging/update-keys.txt");

/// What something signed is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// What a channel says.
    Manifest,
    /// A package, by the name of its file, which holds version and system.
    Package(String),
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest => f.write_str("atalaya-channel"),
            Self::Package(name) => write!(f, "atalaya-package {name}"),
        }
    }
}

/// Public keys.
#[derive(Debug, Clone)]
pub struct Keys(Vec<PublicKey>);

impl Keys {
    /// Those of this build. A debug build takes those of `ATALAYA_UPDATE_KEYS` instead, for tests: a released one takes
    /// no other than its own.
    ///
    /// # Errors
    /// [`Error::NoKeys`]: there is none.
    pub fn of_this_program() -> Result<Self, Error> {
        let given = std::env::var("ATALAYA_UPDATE_KEYS").ok().filter(|_| cfg!(debug_assertions));
        Self::read(given.as_deref().unwrap_or(BUILT_IN))
    }

    /// Keys in the form of base64, one to a line; lines of comment are passed over.
    ///
    /// # Errors
    /// [`Error::NoKeys`]: there is none, one that cannot be read, or more than two.
    pub fn read(text: &str) -> Result<Self, Error> {
        let comment =
            |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("untrusted comment:");
        let keys: Result<Vec<_>, _> = text
            .lines()
            .map(str::trim)
            .filter(|line| !comment(line))
            .map(|line| PublicKey::from_base64(line).map_err(|_| Error::NoKeys))
            .collect();
        let keys = keys?;
        if keys.is_empty() || keys.len() > MOST {
            return Err(Error::NoKeys);
        }
        Ok(Self(keys))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether one of the keys signed this text for this purpose.
    ///
    /// # Errors
    /// [`Error::Signature`].
    pub fn check_text(&self, text: &[u8], signature: &str, purpose: &Purpose) -> Result<(), Error> {
        self.check(text, signature, purpose).map_err(|refused| match refused {
            Refused::Signature => Error::Signature(purpose.to_string()),
            // Nothing is read from a disk here.
            Refused::Disk(_) => Error::Signature(purpose.to_string()),
        })
    }

    /// Whether one of the keys signed this file for this purpose. It is read piece by piece.
    ///
    /// # Errors
    /// [`Error::Signature`], [`Error::Folder`].
    pub fn check_file(&self, path: &Path, signature: &str, purpose: &Purpose) -> Result<(), Error> {
        let file = std::fs::File::open(path).map_err(|error| Error::disk(path, error))?;
        self.check(file, signature, purpose).map_err(|refused| match refused {
            Refused::Signature => Error::Signature(purpose.to_string()),
            Refused::Disk(error) => Error::disk(path, error),
        })
    }

    fn check(&self, mut from: impl Read, signature: &str, purpose: &Purpose) -> Result<(), Refused> {
        if signature.len() > LONGEST_SIGNATURE {
            return Err(Refused::Signature);
        }
        let signature = Signature::decode(signature).map_err(|_| Refused::Signature)?;
        if signature.trusted_comment() != purpose.to_string() {
            return Err(Refused::Signature);
        }
        // A signature names its key. Those that are not prehashed are refused: they cannot be checked piece by piece.
        let mut checking =
            self.0.iter().find_map(|key| key.verify_stream(&signature).ok()).ok_or(Refused::Signature)?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut piece).map_err(Refused::Disk)?;
            if read == 0 {
                break;
            }
            checking.update(&piece[..read]);
        }
        checking.finalize().map_err(|_| Refused::Signature)
    }
}

enum Refused {
    Signature,
    Disk(std::io::Error),
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;
    use proptest::prelude::*;

    use super::*;

    fn signed(pair: &KeyPair, text: &[u8], purpose: &Purpose) -> String {
        let purpose = purpose.to_string();
        minisign::sign(None, &pair.sk, text, Some(&purpose), None).unwrap().into_string()
    }

    fn of(pairs: &[&KeyPair]) -> Keys {
        let lines: Vec<String> = pairs.iter().map(|pair| pair.pk.to_base64()).collect();
        Keys::read(&lines.join("\n")).unwrap()
    }

    fn pair() -> KeyPair {
        KeyPair::generate_unencrypted_keypair().unwrap()
    }

    #[test]
    fn either_of_two_keys_will_do_and_no_third() {
        let (one, other, third) = (pair(), pair(), pair());
        let keys = of(&[&one, &other]);
        for (by, good) in [(&one, true), (&other, true), (&third, false)] {
            let signature = signed(by, b"text", &Purpose::Manifest);
            assert_eq!(keys.check_text(b"text", &signature, &Purpose::Manifest).is_ok(), good);
        }
        assert_eq!(Keys::read("# none yet\n\n").err().map(|error| error.code()), Some("updateNoKeys"));
        let three: Vec<String> = [&one, &other, &third].iter().map(|pair| pair.pk.to_base64()).collect();
        assert!(Keys::read(&three.join("\n")).is_err(), "more than two are a mistake");
        assert!(
            Keys::read(&format!("{}\nnot a key", three[0])).is_err(),
            "a key that is lost is not passed over"
        );
        let boxed = one.pk.to_box().unwrap().into_string();
        assert_eq!(Keys::read(&boxed).unwrap().count(), 1, "a .pub file as minisign writes it");
    }

    #[test]
    fn no_signature_is_no_signature() {
        let keys = of(&[&pair()]);
        let long = "x".repeat(LONGEST_SIGNATURE + 1);
        for none in ["", "\n\n\n\n", "untrusted comment: x", "a\nb\nc\nd\n", &long] {
            let refused = keys.check_text(b"text", none, &Purpose::Manifest).unwrap_err();
            assert_eq!(refused.code(), "updateSignature");
        }
    }

    #[test]
    fn what_is_signed_for_one_thing_is_not_for_another() {
        let pair = pair();
        let keys = of(&[&pair]);
        let old = Purpose::Package("atalaya-0.1.0-linux-x86_64-deb.deb".into());
        let new = Purpose::Package("atalaya-0.2.0-linux-x86_64-deb.deb".into());
        let signature = signed(&pair, b"package", &old);
        assert!(keys.check_text(b"package", &signature, &old).is_ok());
        assert!(keys.check_text(b"package", &signature, &new).is_err());
        assert!(keys.check_text(b"package", &signature, &Purpose::Manifest).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_bit_changed_anywhere_is_seen(text in prop::collection::vec(any::<u8>(), 1..400), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let pair = pair();
            let keys = of(&[&pair]);
            let signature = signed(&pair, &text, &Purpose::Manifest);
            prop_assert!(keys.check_text(&text, &signature, &Purpose::Manifest).is_ok());
            let mut changed = text.clone();
            changed[at.index(text.len())] ^= 1 << bit;
            prop_assert!(keys.check_text(&changed, &signature, &Purpose::Manifest).is_err());
            let cut = &text[..at.index(text.len())];
            prop_assert!(keys.check_text(cut, &signature, &Purpose::Manifest).is_err());
        }

        #[test]
        fn whatever_is_given_as_a_signature_is_judged(text in "\\PC{0,300}", lines in prop::collection::vec("[ -~]{0,120}", 0..6)) {
            let keys = of(&[&pair()]);
            prop_assert!(keys.check_text(b"x", &text, &Purpose::Manifest).is_err());
            prop_assert!(keys.check_text(b"x", &lines.join("\n"), &Purpose::Manifest).is_err());
        }
    }
}

//! What a channel says: which versions there are, whose turn it is, where their packages lie.
//!
//! It comes in one file with its signature, so that the two can never be of different moments. The signed text is kept as
//! it is: what is checked is what is read.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use semver::Version;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;
use crate::keys::{Keys, Purpose};

/// Bytes of the file of a channel.
pub const LARGEST_MANIFEST: u64 = 256 * 1024;
/// Bytes of a package.
pub const LARGEST_PACKAGE: u64 = 500 * 1024 * 1024;
/// The form this program reads.
const FORM: u32 = 1;
const MOST_RELEASES: usize = 64;
/// Letters of what changed, in one language.
const LONGEST_NOTES: usize = 4_000;
/// Letters of a version: it is part of a file's name.
const LONGEST_VERSION: usize = 40;

/// The file of a channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// The [`Manifest`] as JSON, byte for byte as it was signed.
    pub signed: String,
    /// minisign's four lines over it.
    pub signature: String,
}

/// What a channel says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// 1.
    pub form: u32,
    /// When it was made. What is older than what was seen before is refused: somebody kept it to hold others back.
    pub issued: DateTime<Utc>,
    /// In any order.
    pub releases: Vec<Release>,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Which.
    pub version: Version,
    /// How many of a hundred computers it is for by now.
    #[serde(default = "everybody")]
    pub percent: u8,
    /// Not before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// What changed.
    #[serde(default)]
    pub notes: Notes,
    /// By the name of a [`Bundle`]; names that are unknown here are a later program's.
    pub bundles: BTreeMap<String, Package>,
}

fn everybody() -> u8 {
    100
}

/// What changed, in three languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(rename = "UpdateNotes")]
pub struct Notes {
    /// Spanish.
    #[serde(default)]
    pub es: String,
    /// English.
    #[serde(default)]
    pub en: String,
    /// Portuguese of Brazil.
    #[serde(default, rename = "pt-BR")]
    pub pt_br: String,
}

/// A package that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Where, seen from the channel: a name beside it, or an address at the same host.
    pub url: String,
    /// minisign's four lines.
    pub signature: String,
    /// Bytes.
    pub size: u64,
}

/// How this program comes to a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bundle {
    /// Debian, Ubuntu.
    #[serde(rename = "linux-x86_64-deb")]
    Deb,
    /// Fedora and the like.
    #[serde(rename = "linux-x86_64-rpm")]
    Rpm,
    /// Windows.
    #[serde(rename = "windows-x86_64-nsis")]
    Nsis,
}

impl Bundle {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Deb, Self::Rpm, Self::Nsis];

    /// Its name in a manifest.
    pub fn key(self) -> &'static str {
        match self {
            Self::Deb => "linux-x86_64-deb",
            Self::Rpm => "linux-x86_64-rpm",
            Self::Nsis => "windows-x86_64-nsis",
        }
    }

    /// The one of this name.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// What its package is called here: what is signed for another version or system has another name.
    pub fn file_name(self, version: &Version) -> String {
        let ending = match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Nsis => "exe",
        };
        format!("atalaya-{version}-{}.{ending}", self.key())
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl Manifest {
    /// Reads what came from a channel: the signature first, then what was signed.
    ///
    /// # Errors
    /// [`Error::Signature`], [`Error::Unreadable`].
    pub fn read(bytes: &[u8], keys: &Keys) -> Result<Self, Error> {
        let unsigned = || Error::Signature(Purpose::Manifest.to_string());
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| unsigned())?;
        keys.check_text(envelope.signed.as_bytes(), &envelope.signature, &Purpose::Manifest)?;
        let manifest: Self =
            serde_json::from_str(&envelope.signed).map_err(|error| Error::Unreadable(error.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether this program can go by it; a release is made through this too.
    ///
    /// # Errors
    /// [`Error::Unreadable`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |what: String| Err(Error::Unreadable(what));
        if self.form != FORM {
            return wrong(format!("form {}", self.form));
        }
        if self.releases.len() > MOST_RELEASES {
            return wrong(format!("{} releases", self.releases.len()));
        }
        for release in &self.releases {
            let version = &release.version;
            if self.releases.iter().filter(|other| other.version == *version).count() > 1 {
                return wrong(format!("{version} twice"));
            }
            if version.to_string().len() > LONGEST_VERSION {
                return wrong("a version of that length".into());
            }
            if release.percent > 100 {
                return wrong(format!("{version}: {} %", release.percent));
            }
            let Notes { es, en, pt_br } = &release.notes;
            if [es, en, pt_br].into_iter().any(|text| text.chars().count() > LONGEST_NOTES) {
                return wrong(format!("{version}: notes of that length"));
            }
            for (key, package) in &release.bundles {
                if package.signature.trim().is_empty() {
                    return wrong(format!("{version}: {key} has no signature"));
                }
                if package.size == 0 || package.size > LARGEST_PACKAGE {
                    return wrong(format!("{version}: {key} of {} bytes", package.size));
                }
            }
        }
        Ok(())
    }

    /// The release of this version.
    pub fn of(&self, version: &Version) -> Option<&Release> {
        self.releases.iter().find(|release| release.version == *version)
    }
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;
    use serde_json::{Value, json};

    use super::*;

    fn good() -> Value {
        json!({
            "form": 1,
            "issued": "2026-11-30T12:00:00Z",
            "releases": [{
                "version": "0.2.0", "percent": 25, "notBefore": "2026-12-01T00:00:00Z",
                "notes": { "es": "Más rápido", "en": "Faster", "pt-BR": "Mais rápido" },
                "bundles": { "linux-x86_64-deb": { "url": "a.deb", "signature": "x", "size": 10 }, "other": { "url": "b", "signature": "y", "size": 1 } },
                "unknown": [1, 2],
            }],
        })
    }

    fn read(value: &Value) -> Result<Manifest, Error> {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let keys = Keys::read(&pair.pk.to_base64()).unwrap();
        let signed = value.to_string();
        let purpose = Purpose::Manifest.to_string();
        let signature =
            minisign::sign(None, &pair.sk, signed.as_bytes(), Some(&purpose), None).unwrap().into_string();
        Manifest::read(&serde_json::to_vec(&Envelope { signed, signature }).unwrap(), &keys)
    }

    #[test]
    fn a_manifest_is_read_with_what_later_programs_add() {
        let manifest = read(&good()).unwrap();
        let release = &manifest.releases[0];
        assert_eq!((release.version.to_string().as_str(), release.percent), ("0.2.0", 25));
        assert_eq!(release.notes.pt_br, "Mais rápido");
        assert_eq!(release.bundles.len(), 2);
        let again = serde_json::to_value(&manifest).unwrap();
        assert_eq!(again["releases"][0]["notBefore"], "2026-12-01T00:00:00Z");
        assert_eq!(again["releases"][0]["notes"]["pt-BR"], "Mais rápido");
    }

    #[test]
    fn what_cannot_be_gone_by_is_refused_whole() {
        for (pointer, bad) in [
            ("/form", json!(2)),
            ("/releases/0/percent", json!(101)),
            ("/releases/0/percent", json!(-1)),
            ("/releases/0/version", json!("../../etc")),
            ("/releases/0/version", json!(format!("1.0.0-{}", "x".repeat(60)))),
            ("/releases/0/notes/en", json!("x".repeat(LONGEST_NOTES + 1))),
            ("/releases/0/bundles/linux-x86_64-deb/signature", json!(" \n")),
            ("/releases/0/bundles/linux-x86_64-deb/size", json!(0)),
            ("/releases/0/bundles/linux-x86_64-deb/size", json!(LARGEST_PACKAGE + 1)),
            ("/issued", json!("yesterday")),
        ] {
            let mut value = good();
            *value.pointer_mut(pointer).unwrap() = bad;
            assert_eq!(read(&value).unwrap_err().code(), "updateUnreadable", "{pointer}");
        }
        let mut twice = good();
        let one = twice["releases"][0].clone();
        twice["releases"].as_array_mut().unwrap().push(one);
        assert_eq!(read(&twice).unwrap_err().code(), "updateUnreadable");
        let keys = Keys::read(&KeyPair::generate_unencrypted_keypair().unwrap().pk.to_base64()).unwrap();
        for bytes in [&b""[..], b"{}", b"<html>", b"{\"signed\":\"{}\",\"signature\":\"\"}"] {
            assert_eq!(Manifest::read(bytes, &keys).unwrap_err().code(), "updateSignature");
        }
    }

    #[test]
    fn each_bundle_has_names_that_are_its_own() {
        let version = Version::new(1, 2, 3);
        assert_eq!(Bundle::Deb.file_name(&version), "atalaya-1.2.3-linux-x86_64-deb.deb");
        for bundle in Bundle::ALL {
            assert_eq!(Bundle::named(bundle.key()), Some(bundle));
            assert_eq!(serde_json::to_value(bundle).unwrap(), bundle.key());
        }
        assert_eq!(Bundle::named("linux-aarch64-deb"), None);
    }
}

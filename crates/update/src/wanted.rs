//! A package that is wanted: of which version, for which systems, and how to know it.

use std::path::Path;

use semver::Version;

use crate::error::Error;
use crate::keys::{Keys, Purpose};
use crate::manifest::{Bundle, Package, Release};

/// A package to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of which version.
    pub version: Version,
    /// For which systems.
    pub bundle: Bundle,
    /// Where it is and how to know it.
    pub package: Package,
}

impl Wanted {
    /// A release's package of this kind, if it has one.
    pub fn of(release: &Release, bundle: Bundle) -> Option<Self> {
        let package = release.bundles.get(bundle.key())?.clone();
        Some(Self { version: release.version.clone(), bundle, package })
    }

    /// What its file is called.
    pub fn file_name(&self) -> String {
        self.bundle.file_name(&self.version)
    }

    /// Whether a file is it: as long as it should be, and signed for this name.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::TooLarge`], [`Error::Signature`], [`Error::Folder`].
    pub fn check(&self, path: &Path, keys: &Keys) -> Result<(), Error> {
        let said = self.package.size;
        let came = std::fs::metadata(path).map_err(|error| Error::disk(path, error))?.len();
        match came.cmp(&said) {
            std::cmp::Ordering::Less => Err(Error::Truncated { came, said }),
            std::cmp::Ordering::Greater => Err(Error::TooLarge { said }),
            std::cmp::Ordering::Equal => {
                keys.check_file(path, &self.package.signature, &Purpose::Package(self.file_name()))
            }
        }
    }
}

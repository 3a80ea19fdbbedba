//! A new version of this program: whether there is one ([`decide`]), whether it may come now ([`allowed`]), whose it is
//! ([`Keys`]), how it gets here whole or not at all ([`Channel`]), who installs it ([`install`]), and the way back ([`back`]).
//!
//! Every decision is a function of what it is given; window and command line ask the same ones. Nothing happens by itself:
//! without a channel nobody is asked, and nothing is installed that a person did not say so of. Left out on purpose: texts,
//! when it is looked for, what plays and what is half done (the desk's), the installers themselves.

pub mod allowed;
pub mod back;
pub mod channel;
pub mod decide;
mod error;
mod fetching;
pub mod folder;
pub mod install;
mod keys;
mod manifest;
mod policy;
mod reasons;
mod steps;
mod wanted;

pub use channel::Channel;
pub use error::Error;
pub use fetching::Progress;
pub use folder::{Folder, Running};
pub use keys::{Keys, Purpose};
pub use manifest::{Bundle, Envelope, LARGEST_MANIFEST, LARGEST_PACKAGE, Manifest, Notes, Package, Release};
pub use policy::Policy;
pub use semver::Version;
pub use steps::{Fetched, Finding, Looked, Steps};
pub use wanted::Wanted;

/// The version that runs.
///
/// # Panics
/// Never: the version of this workspace is one, which a test holds.
#[expect(clippy::expect_used, reason = "a constant of the build")]
pub fn running() -> Version {
    let version = std::env::var("ATALAYA_PRETEND_VERSION").ok().filter(|_| cfg!(debug_assertions));
    let version = version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
    version.parse().expect("this program has a version")
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_program_has_a_version() {
        assert_eq!(super::running().to_string(), env!("CARGO_PKG_VERSION"));
    }
}

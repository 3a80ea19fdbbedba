//! Which version is for this computer now. Pure.

use chrono::{DateTime, Utc};
use semver::Version;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::manifest::{Bundle, Manifest, Package, Release};

/// What is known on this side.
#[derive(Debug, Clone)]
pub struct Here<'a> {
    /// What runs.
    pub running: &'a Version,
    /// How it came.
    pub bundle: Bundle,
    /// Which of all computers this is: any text that stays.
    pub installation: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// When the newest manifest was made that was seen here.
    pub seen: Option<DateTime<Utc>>,
}

/// A version that can be had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer<'a> {
    /// Which.
    pub release: &'a Release,
    /// Its package for this computer.
    pub package: &'a Package,
}

/// Why a newer version is not for this computer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waits {
    /// It is handed out in steps, to so many of a hundred by now.
    Staged(u8),
    /// Not before then.
    NotBefore(DateTime<Utc>),
    /// It has no package of this kind.
    NoPackage,
}

/// What a channel has for this computer.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'a> {
    /// A newer version.
    Newer(Offer<'a>),
    /// The newest there is runs here.
    Newest,
    /// There is a newer one, which is not for this computer yet: the newest of those.
    Later(&'a Version, Waits),
}

/// What the channel has for this computer: the newest version whose turn it is. Never an older or the same one.
///
/// # Errors
/// [`Error::WentBack`]: the channel says less than it said before.
pub fn look<'a>(manifest: &'a Manifest, here: &Here<'_>) -> Result<Found<'a>, Error> {
    if let Some(seen) = here.seen
        && manifest.issued < seen
    {
        return Err(Error::WentBack { seen: seen.to_rfc3339(), issued: manifest.issued.to_rfc3339() });
    }
    let mut newer: Vec<&Release> =
        manifest.releases.iter().filter(|release| is_newer(&release.version, here.running)).collect();
    newer.sort_by(|one, other| other.version.cmp_precedence(&one.version));
    let mut waits = None;
    for release in newer {
        match turn(release, here) {
            Ok(package) => return Ok(Found::Newer(Offer { release, package })),
            Err(why) => _ = waits.get_or_insert((&release.version, why)),
        }
    }
    Ok(waits.map_or(Found::Newest, |(version, why)| Found::Later(version, why)))
}

/// Whether one version comes after another. What was built otherwise (`+…`) is no newer, and a version to try (`-…`) comes
/// before the one it is to be.
pub fn is_newer(offered: &Version, running: &Version) -> bool {
    offered.cmp_precedence(running).is_gt()
}

/// Refuses what is not newer, at the last moment before it is installed.
///
/// # Errors
/// [`Error::Downgrade`].
pub fn only_newer(offered: &Version, running: &Version) -> Result<(), Error> {
    if is_newer(offered, running) {
        return Ok(());
    }
    Err(Error::Downgrade { running: running.to_string(), offered: offered.to_string() })
}

fn turn<'a>(release: &'a Release, here: &Here<'_>) -> Result<&'a Package, Waits> {
    let package = release.bundles.get(here.bundle.key()).ok_or(Waits::NoPackage)?;
    if let Some(not_before) = release.not_before.filter(|not_before| here.now < *not_before) {
        return Err(Waits::NotBefore(not_before));
    }
    if !is_within(here.installation, &release.version, release.percent) {
        return Err(Waits::Staged(release.percent));
    }
    Ok(package)
}

/// Whether this computer is among the first so many of a hundred for a version. Who is among them stays so when there are
/// more; other versions begin with other computers.
pub fn is_within(installation: &str, version: &Version, percent: u8) -> bool {
    let hash = Sha256::digest(format!("{version}\n{installation}"));
    let place = hash.iter().take(8).fold(0_u64, |place, byte| place << 8 | u64::from(*byte)) % 10_000;
    place < u64::from(percent) * 100
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::manifest::Notes;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-11-30T{hour:02}:00:00Z").parse().unwrap()
    }

    fn release(version: &str) -> Release {
        let package = Package { url: "x".into(), signature: "s".into(), size: 1 };
        Release {
            version: version.parse().unwrap(),
            percent: 100,
            not_before: None,
            notes: Notes::default(),
            bundles: BTreeMap::from([(Bundle::Deb.key().to_owned(), package)]),
        }
    }

    fn manifest(releases: Vec<Release>) -> Manifest {
        Manifest { form: 1, issued: at(10), releases }
    }

    fn found(manifest: &Manifest, running: &str) -> String {
        let running: Version = running.parse().unwrap();
        let here =
            Here { running: &running, bundle: Bundle::Deb, installation: "a", now: at(12), seen: None };
        match look(manifest, &here).unwrap() {
            Found::Newer(offer) => offer.release.version.to_string(),
            Found::Newest => "newest".into(),
            Found::Later(version, why) => format!("{version} {why:?}"),
        }
    }

    #[test]
    fn the_newest_whose_turn_it_is() {
        let all = manifest(vec![release("0.1.0"), release("0.3.0"), release("0.2.0")]);
        assert_eq!(found(&all, "0.1.0"), "0.3.0");
        assert_eq!(found(&all, "0.3.0"), "newest");
        assert_eq!(found(&all, "0.4.0"), "newest", "never an older one");
        assert_eq!(found(&all, "0.3.0-rc.1"), "0.3.0", "who tried it is given it");
        assert_eq!(found(&manifest(vec![release("0.3.0+other")]), "0.3.0"), "newest");
        assert_eq!(found(&manifest(vec![release("0.10.0")]), "0.9.9"), "0.10.0", "numbers, not letters");
        assert_eq!(found(&manifest(Vec::new()), "0.1.0"), "newest");

        let mut held = all.clone();
        held.releases[1].percent = 0;
        assert_eq!(found(&held, "0.1.0"), "0.2.0", "the one before, while the newest is handed out in steps");
        assert_eq!(found(&held, "0.2.0"), "0.3.0 Staged(0)");
        held.releases[1].percent = 100;
        held.releases[1].not_before = Some(at(13));
        assert!(found(&held, "0.2.0").starts_with("0.3.0 NotBefore"));
        held.releases[1].not_before = Some(at(12));
        assert_eq!(found(&held, "0.2.0"), "0.3.0");
        held.releases[1].bundles.clear();
        assert_eq!(found(&held, "0.2.0"), "0.3.0 NoPackage");
    }

    #[test]
    fn a_channel_that_says_something_older_than_before_is_not_gone_by() {
        let running = Version::new(0, 1, 0);
        let all = manifest(vec![release("0.2.0")]);
        for (seen, good) in [(None, true), (Some(at(9)), true), (Some(at(10)), true), (Some(at(11)), false)] {
            let here = Here { running: &running, bundle: Bundle::Deb, installation: "a", now: at(12), seen };
            let found = look(&all, &here);
            assert_eq!(
                found.as_ref().map_err(Error::code).err(),
                (!good).then_some("updateWentBack"),
                "{seen:?}"
            );
        }
    }

    fn version() -> impl Strategy<Value = Version> {
        (0..3_u64, 0..4_u64, 0..4_u64, prop::option::of(0..3_u64)).prop_map(|(a, b, c, pre)| {
            let pre = pre.map_or(String::new(), |pre| format!("-rc.{pre}"));
            format!("{a}.{b}.{c}{pre}").parse().unwrap()
        })
    }

    proptest! {
        #[test]
        fn never_anything_but_newer(running in version(), versions in prop::collection::btree_set(version(), 0..8), percent in 0..=100_u8) {
            let releases = versions.iter().map(|one| Release { percent, ..release(&one.to_string()) }).collect();
            let manifest = manifest(releases);
            let here = Here { running: &running, bundle: Bundle::Deb, installation: "a", now: at(12), seen: None };
            match look(&manifest, &here).unwrap() {
                Found::Newer(offer) => {
                    prop_assert!(offer.release.version > running);
                    prop_assert!(only_newer(&offer.release.version, &running).is_ok());
                    prop_assert!(only_newer(&running, &offer.release.version).is_err());
                }
                Found::Newest => prop_assert!(versions.iter().all(|one| *one <= running)),
                Found::Later(version, _) => prop_assert!(*version > running && percent < 100),
            }
        }

        #[test]
        fn who_is_among_the_first_stays_among_them(id in "[a-z0-9-]{1,40}", version in version(), less in 0..=100_u8, more in 0..=100_u8) {
            let (less, more) = (less.min(more), less.max(more));
            prop_assert!(!is_within(&id, &version, less) || is_within(&id, &version, more));
            prop_assert!(is_within(&id, &version, 100) && !is_within(&id, &version, 0));
        }
    }

    #[test]
    fn a_share_is_that_share_and_not_the_same_computers_each_time() {
        let computers: Vec<String> = (0..4_000).map(|one| format!("computer {one}")).collect();
        let first = |version: &Version| -> Vec<bool> {
            computers.iter().map(|one| is_within(one, version, 20)).collect()
        };
        let (one, other) = (first(&Version::new(0, 2, 0)), first(&Version::new(0, 3, 0)));
        let share = |of: &[bool]| of.iter().filter(|is| **is).count();
        for of in [&one, &other] {
            assert!((720..880).contains(&share(of)), "{}", share(of));
        }
        let both = one.iter().zip(&other).filter(|(one, other)| **one && **other).count();
        assert!((100..220).contains(&both), "{both}: a fifth of a fifth");
    }
}

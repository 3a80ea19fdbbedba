//! What the program is made of besides itself: crates that are linked, packages that are built into its pages. From what
//! `cargo metadata` and the pages' lock file say.
//!
//! Left out on purpose: what only builds or tests it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::tool;

/// The programs of a package.
const PROGRAMS: [&str; 2] = ["atalaya", "atalaya-cli"];
/// Built into the pages though they are there for building only: with what they need themselves, or alone.
const BUILT_IN: [(&str, bool); 3] =
    [("svelte", true), ("@lucide/svelte", false), ("@inlang/paraglide-js", false)];

/// Where a part comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// crates.io.
    Cargo,
    /// npm.
    Npm,
}

/// A part of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Where it comes from.
    pub from: From,
    /// Its name there.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression; empty: it does not say.
    pub licence: String,
    /// Where it is made; empty: it does not say.
    pub home: String,
    /// Algorithm and hexadecimal digits of what was fetched.
    pub hash: Option<(&'static str, String)>,
    /// The folder it lies in.
    pub folder: PathBuf,
    /// What it needs itself, as [`Part::purl`] has it.
    pub needs: BTreeSet<String>,
}

impl Part {
    /// Its address among all packages there are.
    pub fn purl(&self) -> String {
        purl(self.from, &self.name, &self.version)
    }
}

fn purl(from: From, name: &str, version: &str) -> String {
    match from {
        From::Cargo => format!("pkg:cargo/{name}@{version}"),
        From::Npm => format!("pkg:npm/{}@{version}", name.replace('@', "%40")),
    }
}

/// Everything a system's package carries, in order.
///
/// # Errors
/// Cargo or the lock files cannot be read.
pub fn all(target: &str) -> Result<Vec<Part>, String> {
    let mut metadata = tool::command("cargo");
    metadata.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", target]);
    let metadata: Value = serde_json::from_str(&tool::output(&mut metadata)?)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let lock: Value = serde_json::from_str(&tool::read("ui/package-lock.json")?)
        .map_err(|error| format!("ui/package-lock.json: {error}"))?;
    let mut parts = crates(&metadata, &checksums(&tool::read("Cargo.lock")?));
    parts.extend(packages(&lock, &tool::root().join("ui")));
    parts.sort();
    Ok(parts)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

/// Of each crate and version in the lock file.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |block: &str, name: &str| {
        let start = format!("{name} = \"");
        block.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"').map(str::to_owned))
    };
    let blocks = lock.split("[[package]]");
    blocks
        .filter_map(|block| {
            Some(((field(block, "name")?, field(block, "version")?), field(block, "checksum")?))
        })
        .collect()
}

fn crates(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Vec<Part> {
    let packages: BTreeMap<&str, &Value> =
        list(metadata, "packages").filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let needs: BTreeMap<&str, Vec<&str>> = list(&metadata["resolve"], "nodes")
        .filter_map(|node| {
            let linked =
                |dependency: &&Value| list(dependency, "dep_kinds").any(|kind| kind["kind"].is_null());
            let needs = list(node, "deps").filter(linked).filter_map(|dependency| dependency["pkg"].as_str());
            Some((node["id"].as_str()?, needs.collect()))
        })
        .collect();
    let ours = |id: &&str| packages.get(id).is_some_and(|package| package["source"].is_null());
    let mut open: Vec<&str> = packages
        .iter()
        .filter(|(id, package)| ours(id) && PROGRAMS.contains(&package["name"].as_str().unwrap_or_default()))
        .map(|(id, _)| *id)
        .collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        for &needed in needs.get(id).into_iter().flatten() {
            if seen.insert(needed) {
                open.push(needed);
            }
        }
    }
    let named = |id: &str| {
        packages.get(id).map(|package| purl(From::Cargo, &text(package, "name"), &text(package, "version")))
    };
    let others = seen.into_iter().filter(|id| !ours(id));
    others
        .filter_map(|id| {
            let package = packages.get(id)?;
            let (name, version) = (text(package, "name"), text(package, "version"));
            Some(Part {
                from: From::Cargo,
                licence: text(package, "license").replace('/', " OR "),
                home: text(package, "repository"),
                hash: checksums.get(&(name.clone(), version.clone())).map(|sum| ("SHA-256", sum.clone())),
                folder: Path::new(package["manifest_path"].as_str()?).parent()?.to_owned(),
                needs: needs.get(id).into_iter().flatten().filter_map(|needed| named(needed)).collect(),
                name,
                version,
            })
        })
        .collect()
}

fn packages(lock: &Value, pages: &Path) -> Vec<Part> {
    let at = |name: &str| lock["packages"].get(format!("node_modules/{name}"));
    let needs = |package: &Value| -> Vec<String> {
        package["dependencies"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let mut open = needs(&lock["packages"][""]);
    open.extend(BUILT_IN.iter().filter(|(_, whole)| *whole).map(|(name, _)| (*name).to_owned()));
    let mut seen: BTreeSet<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
    seen.extend(open.iter().cloned());
    while let Some(name) = open.pop() {
        for needed in at(&name).map(needs).unwrap_or_default() {
            if seen.insert(needed.clone()) {
                open.push(needed);
            }
        }
    }
    let part = |name: &String| {
        let package = at(name)?;
        let named = |needed: &String| Some(purl(From::Npm, needed, at(needed)?["version"].as_str()?));
        Some(Part {
            from: From::Npm,
            name: name.clone(),
            version: text(package, "version"),
            licence: text(package, "license"),
            home: format!("https://www.npmjs.com/package/{name}"),
            hash: package["integrity"]
                .as_str()
                .and_then(|sum| sum.strip_prefix("sha512-"))
                .map(|sum| ("SHA-512", hex_of_base64(sum))),
            folder: pages.join("node_modules").join(name),
            needs: needs(package).iter().filter(|needed| seen.contains(*needed)).filter_map(named).collect(),
        })
    };
    seen.iter().filter_map(part).collect()
}

fn hex_of_base64(text: &str) -> String {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let letters: Vec<u32> = text.bytes().filter_map(value).map(u32::from).collect();
    let mut bytes = Vec::new();
    for four in letters.chunks(4) {
        let whole = four.iter().enumerate().fold(0, |whole, (place, six)| whole | six << (18 - 6 * place));
        bytes.extend_from_slice(&whole.to_be_bytes()[1..four.len().max(1)]);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_linked_is_found_and_what_only_builds_or_tests_is_not() {
        let package = |name: &str, source: Value| json!({ "id": name, "name": name, "version": "1.0.0", "source": source, "license": "MIT/Apache-2.0", "repository": null, "manifest_path": format!("/x/{name}/Cargo.toml") });
        let there = json!("registry");
        let needs = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [package("atalaya", Value::Null), package("atalaya-store", Value::Null), package("linked", there.clone()), package("deeper", there.clone()), package("builds", there.clone()), package("tests", there)],
            "resolve": { "nodes": [
                { "id": "atalaya", "deps": [needs("atalaya-store", Value::Null), needs("tests", json!("dev")), needs("builds", json!("build"))] },
                { "id": "atalaya-store", "deps": [needs("linked", Value::Null)] },
                { "id": "linked", "deps": [needs("deeper", Value::Null)] },
                { "id": "deeper", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"linked\"\nversion = \"1.0.0\"\nchecksum = \"ab\"\n";
        let parts = crates(&metadata, &checksums(lock));
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["deeper", "linked"]);
        assert_eq!(
            (parts[1].purl().as_str(), parts[1].licence.as_str()),
            ("pkg:cargo/linked@1.0.0", "MIT OR Apache-2.0")
        );
        assert_eq!(parts[1].hash, Some(("SHA-256", "ab".to_owned())));
        assert!(parts[1].needs.contains("pkg:cargo/deeper@1.0.0") && parts[0].hash.is_none());
    }

    #[test]
    fn what_is_built_into_the_pages_is_found() {
        let of = |needs: &[&str]| {
            let needs: serde_json::Map<String, Value> =
                needs.iter().map(|name| ((*name).to_owned(), json!("1"))).collect();
            json!({ "version": "2.0.0", "license": "MIT", "integrity": "sha512-AAEC", "dependencies": needs })
        };
        let lock = json!({ "packages": {
            "": { "dependencies": { "plot": "2" }, "devDependencies": { "svelte": "2", "lint": "2" } },
            "node_modules/plot": of(&[]), "node_modules/svelte": of(&["@a/b"]), "node_modules/@a/b": of(&[]), "node_modules/lint": of(&[]),
            "node_modules/@lucide/svelte": of(&["lint"]),
        } });
        let parts = packages(&lock, Path::new("/ui"));
        let names: Vec<String> = parts.iter().map(Part::purl).collect();
        assert_eq!(
            names,
            [
                "pkg:npm/%40a/b@2.0.0",
                "pkg:npm/%40lucide/svelte@2.0.0",
                "pkg:npm/plot@2.0.0",
                "pkg:npm/svelte@2.0.0"
            ]
        );
        assert_eq!(parts[0].hash, Some(("SHA-512", "000102".to_owned())));
        for (text, hex) in [("", ""), ("/w==", "ff"), ("//8=", "ffff"), ("TWFu", "4d616e")] {
            assert_eq!(hex_of_base64(text), hex);
        }
    }
}

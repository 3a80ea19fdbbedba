//! Who may depend on whom.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::tool;

/// A crate that only one of ours may use, and that one.
const ONLY: [(&str, &str); 8] = [
    ("reqwest", "atalaya-ucontact, atalaya-update, atalaya-webhook"),
    ("symphonia", "atalaya-player"),
    ("rodio", "atalaya-player"),
    ("rubato", "atalaya-player"),
    ("calamine", "atalaya-outreach"),
    ("tokio-postgres", "atalaya-team"),
    ("postgres-protocol", "atalaya-team"),
    (
        "rusqlite",
        "atalaya-store, atalaya-calls, atalaya-history, atalaya-outreach, atalaya-review, atalaya-teamwork",
    ),
];

/// What a person runs, and which of our crates it does without.
const PROGRAMS: [(&str, &[&str]); 2] = [
    ("atalaya", &[]),
    ("atalaya-cli", &["atalaya-desk", "atalaya-review", "atalaya-teamwork", "atalaya-teamlog"]),
];

/// A package and a feature of it that is for tests.
const FOR_TESTS: (&str, &str) = ("tokio", "test-util");

/// Judges `cargo metadata`, and `cargo tree` of what a person runs.
///
/// # Errors
/// Cargo failed.
pub fn check() -> Result<Vec<String>, String> {
    let metadata =
        tool::output(tool::command("cargo").args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let mut broken = only(&metadata);
    broken.extend(reaches_shell(&metadata));
    for (program, without) in PROGRAMS {
        let tree = tool::output(tool::command("cargo").args([
            "tree",
            "--locked",
            "--package",
            program,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}|{f}",
        ]))?;
        broken.extend(carries(program, without, &tree));
    }
    Ok(broken)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Our packages under `crates/`: number, name, dependencies.
fn ours(metadata: &Value) -> impl Iterator<Item = &Value> {
    list(&metadata["packages"]).iter().filter(|package| {
        package["source"].is_null() && text(&package["manifest_path"]).replace('\\', "/").contains("/crates/")
    })
}

/// Dependencies written by hand, those for tests aside.
fn only(metadata: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for package in ours(metadata) {
        for dependency in
            list(&package["dependencies"]).iter().filter(|dependency| dependency["kind"] != "dev")
        {
            let (name, used) = (text(&package["name"]), text(&dependency["name"]));
            for (banned, owners) in ONLY {
                let below =
                    used.strip_prefix(banned).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
                if below && !owners.split(", ").any(|owner| owner == name) {
                    broken.push(format!("{name} depends on {used}: only {owners} may"));
                }
            }
        }
    }
    broken
}

/// None of them reaches Tauri, over however many crates, except in its tests.
fn reaches_shell(metadata: &Value) -> Vec<String> {
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let built =
            |dependency: &&Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
        let targets = list(&node["deps"]).iter().filter(built).map(|dependency| text(&dependency["pkg"]));
        edges.insert(text(&node["id"]), targets.collect());
    }
    let shell: HashSet<&str> = list(&metadata["packages"])
        .iter()
        .filter(|package| text(&package["name"]) == "tauri")
        .map(|package| text(&package["id"]))
        .collect();
    let mut broken = Vec::new();
    for package in ours(metadata) {
        let (mut seen, mut open) = (HashSet::new(), vec![text(&package["id"])]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(edges.get(id).into_iter().flatten());
            }
        }
        if seen.iter().any(|id| shell.contains(id)) {
            let name = text(&package["name"]);
            broken.push(format!("{name} depends on tauri: see `cargo tree -p {name} -i tauri`"));
        }
    }
    broken
}

/// What a program has in it that it should not; lines of its tree are `name version (where)|feature,feature`.
fn carries(program: &str, without: &[&str], tree: &str) -> Vec<String> {
    let mut broken = Vec::new();
    for line in tree.lines() {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        if without.contains(&name) {
            broken.push(format!(
                "{program} depends on {name}: see `cargo tree -p {program} -e normal -i {name}`"
            ));
        }
        // A mark that the package was shown before may follow the features.
        if name == FOR_TESTS.0 && features.split([',', ' ']).any(|feature| feature == FOR_TESTS.1) {
            let see = format!("cargo tree -p {program} -e normal,features -i {name}");
            broken.push(format!(
                "{program} has {name}'s {} in it, which is for tests: see `{see}`",
                FOR_TESTS.1
            ));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forbidden_dependencies_are_found_near_and_far() {
        let package = |name: &str, dependencies: Value| {
            json!({ "name": name, "id": name, "source": null, "dependencies": dependencies,
                    "manifest_path": format!("/x/crates/{name}/Cargo.toml") })
        };
        let used = |name: &str, kind: Option<&str>| json!({ "name": name, "kind": kind });
        let edge = |to: &str, kind: Option<&str>| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("atalaya-floor", json!([used("symphonia-core", None), used("reqwest", Some("dev"))])),
                package("atalaya-ucontact", json!([used("reqwest", None), used("reqwestless", None)])),
                { "name": "between", "id": "between", "source": "registry" },
                { "name": "tauri", "id": "tauri", "source": "registry" },
            ],
            "resolve": { "nodes": [
                { "id": "atalaya-floor", "deps": [edge("between", None)] },
                { "id": "atalaya-ucontact", "deps": [edge("tauri", Some("dev"))] },
                { "id": "between", "deps": [edge("tauri", None)] },
            ] },
        });
        assert_eq!(only(&metadata), ["atalaya-floor depends on symphonia-core: only atalaya-player may"]);
        let shell = reaches_shell(&metadata);
        assert_eq!(shell, ["atalaya-floor depends on tauri: see `cargo tree -p atalaya-floor -i tauri`"]);
    }

    #[test]
    fn what_a_program_should_do_without_is_named_once() {
        let tree = "atalaya-cli v0.1.0 (/x/crates/cli)|\n\
                    atalaya-desk v0.1.0 (/x/crates/desk)|\n\
                    tokio v1.54.0|default,full,test-util\n\
                    tokio-util v0.7.0|test-util\n\
                    atalaya-desk v0.1.0 (/x/crates/desk)| (*)\n\
                    tokio v1.54.0|default,full,test-util (*)\n";
        let broken = carries("atalaya-cli", &["atalaya-desk", "atalaya-review"], tree);
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].starts_with("atalaya-cli depends on atalaya-desk: see"), "{broken:?}");
        assert!(broken[1].starts_with("atalaya-cli has tokio's test-util in it"), "{broken:?}");
        assert_eq!(carries("atalaya", &[], &tree.replace(",test-util", "")), [""; 0]);
    }
}

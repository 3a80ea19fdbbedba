//! `bench`: every benchmark of the workspace, one after the other, so that none disturbs another.

use serde_json::Value;

use crate::{setup, tool};

/// Runs them; each prints its own table with a baseline measured in the same run.
///
/// # Errors
/// One could not be built or failed.
pub fn run() -> Result<(), String> {
    // The baselines of decoding.
    setup::system(&["mpg123", "ffmpeg"])?;
    let metadata =
        tool::output(tool::command("cargo").args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    for (package, bench) in benches(&metadata) {
        println!("\n== {package}: {bench}");
        tool::show(tool::command("cargo").args([
            "bench",
            "--quiet",
            "--package",
            &package,
            "--bench",
            &bench,
        ]))?;
    }
    Ok(())
}

/// Package and name of each benchmark.
fn benches(metadata: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        for target in list(&package["targets"]) {
            if list(&target["kind"]).iter().any(|kind| kind == "bench") {
                found.push((text(&package["name"]), text(&target["name"])));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_benchmarks_are_found() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "a", "targets": [{ "kind": ["lib"], "name": "a" }, { "kind": ["bench"], "name": "fast" }] },
            { "name": "b", "targets": [{ "kind": ["bin"], "name": "b" }] },
        ] });
        assert_eq!(benches(&metadata), [("a".to_owned(), "fast".to_owned())]);
    }
}

//! `bench`: every benchmark of the workspace, one after the other, so that none disturbs another.

use serde_json::Value;

use crate::{setup, tool};

/// Those that need a program or a database beside them.
const TEAM: &str = "team";
const WORK: &str = "work";

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
    for (package, bench) in benches(&metadata).into_iter().filter(|(_, bench)| bench != TEAM && bench != WORK)
    {
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
    team()
}

/// Only a team's: what it costs and saves, and how long a floor is without news when whoever asks is killed; and
/// what ten analysts share.
///
/// # Errors
/// Not on Linux; PostgreSQL is not there; it could not be built; or a figure is beyond what a team promises.
pub fn team() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the team's benchmark reads /proc, so it runs on Linux".into());
    }
    setup::postgresql()?;
    println!("\n== atalaya-{TEAM}: {TEAM}");
    tool::show(tool::command("cargo").args(["build", "--quiet", "--release", "--package", "atalaya-cli"]))?;
    let cli = atalaya_window::target_folder().join("release/atalaya-cli");
    let mut bench = tool::command("cargo");
    bench.args(["bench", "--quiet", "--package", "atalaya-team", "--bench", TEAM]);
    tool::show(bench.env("ATALAYA_CLI", cli))?;
    println!("\n== atalaya-teamlog: {WORK}");
    tool::show(tool::command("cargo").args([
        "bench",
        "--quiet",
        "--package",
        "atalaya-teamlog",
        "--bench",
        WORK,
    ]))
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

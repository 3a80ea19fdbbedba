//! What the window is allowed: policy of its content, capabilities, reach of scripts. And that a part that breaks ends alone.

use serde_json::Value;

use super::json;
use crate::tool;

/// Judges `tauri.conf.json`, the capabilities and how programs are built.
///
/// # Errors
/// One of them could not be read.
pub fn check() -> Result<Vec<String>, String> {
    let mut broken = configuration(&json("tauri.conf.json")?);
    let folder = "src-tauri/capabilities";
    let mut files = Vec::new();
    for entry in std::fs::read_dir(tool::root().join(folder)).map_err(|error| format!("{folder}: {error}"))? {
        let entry = entry.map_err(|error| format!("{folder}: {error}"))?;
        files.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
    }
    if files.len() != 2 {
        broken.push(format!(
            "{folder} holds {} files: one for the main window, one for wallboards",
            files.len()
        ));
    }
    for file in files {
        broken.extend(capability(&json(&file)?).into_iter().map(|line| format!("{file}: {line}")));
    }
    let manifest = std::fs::read_to_string(tool::root().join("Cargo.toml"))
        .map_err(|error| format!("Cargo.toml: {error}"))?;
    broken.extend(ends_whole(&manifest).then(|| {
        "Cargo.toml: with panic = \"abort\" one watch that breaks ends the program, and is not begun again".to_owned()
    }));
    Ok(broken)
}

/// A profile in which whatever breaks takes the whole program with it.
fn ends_whole(manifest: &str) -> bool {
    manifest.lines().any(|line| line.split_once('=').is_some_and(|(name, _)| name.trim() == "panic"))
}

fn configuration(config: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            broken.push(format!("tauri.conf.json: {what}"));
        }
    };
    must(config["app"]["withGlobalTauri"] == false, "withGlobalTauri must be false");
    let security = &config["app"]["security"];
    must(security["freezePrototype"] == true, "freezePrototype must be true");
    let policy = security["csp"].as_str().unwrap_or_default();
    let directive = |name: &str| {
        let mut parts = policy.split(';').map(str::trim);
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix(' ')).map(str::trim)
    };
    must(directive("default-src").is_some(), "the policy has no default-src");
    must(
        directive("connect-src") == Some("ipc: http://ipc.localhost"),
        "connect-src must be the shell alone",
    );
    must(
        directive("script-src").is_none_or(|sources| sources == "'self'"),
        "script-src must be 'self' alone",
    );
    must(directive("style-src").is_none_or(|sources| sources == "'self'"), "style-src must be 'self' alone");
    for word in ["unsafe-inline", "unsafe-eval", "https:", "*"] {
        must(!policy.contains(word), &format!("the policy has {word}"));
    }
    must(
        security["dangerousDisableAssetCspModification"].is_null(),
        "the policy is not hardened at build time",
    );
    broken
}

/// Whole groups that hold far more than this window asks for.
const GROUPS: [&str; 7] =
    ["core:default", "core:window:default", "core:webview:default", "fs:", "shell:", "http:", "opener:"];

/// Wallboards: as many windows as somebody wants.
const WALLS: &str = "wall-*";
/// What a wallboard reads, and what moves its own window. Whatever else is asked for changes something.
const OF_A_WALL: [&str; 16] = [
    "allow-ahead-watch",
    "allow-floor-hidden",
    "allow-floor-resync",
    "allow-floor-taken",
    "allow-floor-visible",
    "allow-floor-watch",
    "allow-session-state",
    "allow-session-watch",
    "allow-settings-get",
    "allow-settings-watch",
    "allow-told",
    "allow-wall-close",
    "allow-wall-full-screen",
    "allow-wall-next-screen",
    "allow-window-broke",
    "allow-window-ready",
];

fn capability(capability: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let names = |key: &str| -> Vec<String> {
        let list = capability[key].as_array().into_iter().flatten();
        list.map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
    };
    let windows = names("windows");
    if windows.is_empty() || windows.iter().any(|name| name.contains('*') && name != WALLS) {
        broken.push("it does not name its windows".to_owned());
    }
    let of_walls = windows.iter().any(|name| name == WALLS);
    if !capability["remote"].is_null() {
        broken.push("it lets pages from elsewhere in".to_owned());
    }
    for name in names("permissions") {
        if GROUPS.iter().any(|group| name == *group || (group.ends_with(':') && name.starts_with(group))) {
            broken.push(format!("the permission {name} is too wide"));
        }
        if of_walls && name != "core:event:default" && !OF_A_WALL.contains(&name.as_str()) {
            broken.push(format!("a wallboard may {name}"));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wider_policy_is_refused() {
        let config = |policy: &str| json!({ "app": { "withGlobalTauri": false, "security": { "freezePrototype": true, "csp": policy } } });
        let strict =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src ipc: http://ipc.localhost";
        assert_eq!(configuration(&config(strict)), [""; 0]);
        for (from, to) in [
            ("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
            ("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
            ("ipc.localhost", "ipc.localhost https://example.org"),
            ("default-src 'none'; ", ""),
            ("default-src 'none'", "default-src *"),
        ] {
            assert!(!configuration(&config(&strict.replace(from, to))).is_empty(), "{to}");
        }
        assert_eq!(configuration(&json!({})).len(), 4);
    }

    #[test]
    fn a_release_in_which_one_part_takes_all_with_it_is_refused() {
        assert!(!ends_whole("[profile.release]\nlto = true\n# panic = \"abort\" is refused"));
        assert!(ends_whole("[profile.release]\n  panic = \"abort\""));
    }

    #[test]
    fn a_capability_names_its_windows_and_little_else() {
        let named = json!({ "windows": ["main"], "permissions": ["core:event:default"] });
        assert_eq!(capability(&named), [""; 0]);
        let wide =
            json!({ "windows": ["*"], "remote": {}, "permissions": ["core:default", "fs:allow-read"] });
        assert_eq!(capability(&wide).len(), 4);
        let wall = |permission: &str| json!({ "windows": ["wall-*"], "permissions": [permission] });
        assert_eq!(capability(&wall("allow-floor-watch")), [""; 0]);
        assert_eq!(capability(&wall("allow-settings-set")), ["a wallboard may allow-settings-set"]);
    }
}

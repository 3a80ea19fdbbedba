//! What was packed, asked of each system's own tool: everything that was to be in it, what it needs and what it recommends.
//!
//! Left out on purpose: whether it works once it is installed. For Debian `installed` tries that; for Fedora nobody here does.

use std::path::Path;

use serde_json::Value;

use crate::tool;

/// What only recommends itself: a package that needs it could not be had without a tray.
const TRAY: &str = "appindicator";

/// A package as its tool tells of it.
struct Told {
    files: String,
    needs: String,
    recommends: String,
}

/// Judges what was made of `kind`, `deb` or `rpm`; a line about it.
///
/// # Errors
/// The tool is not there, or something is missing.
pub fn judge(kind: &str, made: &Path, config: &Value) -> Result<String, String> {
    let told = if kind == "deb" { deb(made)? } else { rpm(made)? };
    let broken = missing(&told, &config["bundle"]["linux"][kind]);
    if !broken.is_empty() {
        return Err(format!("{}: {}", made.display(), broken.join("; ")));
    }
    let size = std::fs::metadata(made).map_or(0, |file| file.len());
    let needs: Vec<&str> =
        told.needs.lines().map(str::trim).filter(|line| !line.starts_with("rpmlib(")).collect();
    Ok(format!("{} ({:.1} MB) needs {}", made.display(), size as f64 / 1e6, needs.join(", ")))
}

fn deb(made: &Path) -> Result<Told, String> {
    let field = |name: &str| tool::output(tool::command("dpkg-deb").arg("--field").arg(made).arg(name));
    Ok(Told {
        files: tool::output(tool::command("dpkg-deb").arg("--contents").arg(made))?,
        needs: field("Depends")?,
        recommends: field("Recommends")?,
    })
}

fn rpm(made: &Path) -> Result<Told, String> {
    let ask = |what: &str| tool::output(tool::command("rpm").args(["-qp", what]).arg(made));
    Ok(Told { files: ask("-l")?, needs: ask("--requires")?, recommends: ask("--recommends")? })
}

fn missing(told: &Told, of: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let places = of["files"].as_object().into_iter().flatten().map(|(place, _)| place.as_str());
    for place in places.chain(["/usr/bin/atalaya", "/usr/share/applications/Atalaya.desktop"]) {
        if !told.files.contains(place) {
            broken.push(format!("no {place} in it"));
        }
    }
    let words = |key: &str| of[key].as_array().cloned().unwrap_or_default();
    let all =
        [("needs", &told.needs, words("depends")), ("recommends", &told.recommends, words("recommends"))];
    for (what, said, wanted) in all {
        let absent = wanted.iter().filter_map(Value::as_str).filter(|name| !said.contains(name));
        broken.extend(absent.map(|name| format!("it {what} no {name}")));
    }
    // The page's own drawing is what the window is made of.
    if !told.needs.contains("webkit2gtk") {
        broken.push("it needs no WebKitGTK".into());
    }
    if told.needs.contains(TRAY) {
        broken.push("it does not do without a tray".into());
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_to_be_packed_and_is_not_is_told() {
        let of =
            json!({ "files": { "/usr/bin/atalaya-cli": "x" }, "depends": ["alsa-lib"], "recommends": ["a"] });
        let told = |files: &str, needs: &str| Told {
            files: files.to_owned(),
            needs: needs.to_owned(),
            recommends: "a\n".to_owned(),
        };
        let files = "/usr/bin/atalaya\n/usr/bin/atalaya-cli\n/usr/share/applications/Atalaya.desktop\n";
        assert_eq!(missing(&told(files, "alsa-lib\nwebkit2gtk4.1\n"), &of), [""; 0]);
        assert_eq!(missing(&told(files, "alsa-lib\nwebkit2gtk4.1\nlibappindicator-gtk3\n"), &of).len(), 1);
        assert_eq!(missing(&told("", ""), &of).len(), 5);
    }
}

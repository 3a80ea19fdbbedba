//! What a system is told of the program once it is installed: its entry among the programs, its page in the software
//! centre, what it needs. Judged here, and by the systems' own tools where they are.

use serde_json::Value;

use super::json;
use crate::{package, tool};

const ENTRY: &str = "packaging/atalaya.desktop";
const PAGE: &str = "packaging/org.atalaya.desk.metainfo.xml";
const INSTALLER: &str = "packaging/windows/atalaya.nsi";
/// The window's languages besides English, as each file writes them.
const LANGUAGES: [(&str, &str); 2] = [("es", "es"), ("pt_BR", "pt-BR")];

/// Judges `packaging/` and what `tauri.conf.json` says of it.
///
/// # Errors
/// Something of it could not be read.
pub fn check() -> Result<Vec<String>, String> {
    let config = json("tauri.conf.json")?;
    let (template, described) = (tool::read(ENTRY)?, tool::read(PAGE)?);
    let mut broken = package_of(&config);
    broken.extend(entry(&template));
    broken.extend(page(&described, &config));
    broken.extend(installer(&tool::read(INSTALLER)?, &config));
    for source in package::sources()? {
        if !source.starts_with(tool::root().join("target")) && !source.exists() {
            broken.push(format!("tauri.conf.json: {} is not there", source.display()));
        }
    }
    broken.extend(validated(&template)?);
    Ok(broken)
}

fn words<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn package_of(config: &Value) -> Vec<String> {
    let deb = &config["bundle"]["linux"]["deb"];
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            broken.push(format!("tauri.conf.json: the Debian package {what}"));
        }
    };
    // The library has one name since the 64-bit clocks, and another before.
    must(words(deb, "depends").contains(&"libasound2t64 | libasound2"), "must name both names of ALSA");
    let tray = |names: Vec<&str>| names.iter().any(|name| name.contains("appindicator"));
    must(tray(words(deb, "recommends")), "must recommend what shows the tray's icon");
    must(!tray(words(deb, "depends")), "must do without a tray");
    for place in [
        "/usr/bin/atalaya-cli",
        "/usr/share/man/man1",
        "/usr/share/doc/atalaya/copyright",
        "/usr/share/doc/atalaya/third-party.txt",
    ] {
        must(deb["files"][place].is_string(), &format!("has no {place}"));
    }
    if !config["bundle"]["linux"]["rpm"]["files"]["/usr/share/licenses/atalaya/third-party.txt"].is_string() {
        broken.push("tauri.conf.json: the package for Fedora must say what others made of it".to_owned());
    }
    broken
}

fn entry(template: &str) -> Vec<String> {
    let has = |start: &str| {
        template.lines().any(|line| line.strip_prefix(start).is_some_and(|rest| !rest.is_empty()))
    };
    let mut wanted: Vec<String> =
        ["Name={{name}}", "Exec={{exec}}", "Icon={{icon}}"].map(str::to_owned).into();
    wanted.retain(|line| !template.lines().any(|one| one == line));
    for key in ["GenericName", "Comment", "Keywords"] {
        let each = LANGUAGES.iter().map(|(language, _)| format!("{key}[{language}]="));
        wanted.extend(each.chain([format!("{key}=")]).filter(|start| !has(start)));
    }
    wanted.into_iter().map(|line| format!("{ENTRY}: no {line}")).collect()
}

fn page(text: &str, config: &Value) -> Vec<String> {
    let said = |key: &str| config[key].as_str().unwrap_or_default();
    let mut wanted = vec![
        format!("<id>{}</id>", said("identifier")),
        // What the bundler calls the entry.
        format!("<launchable type=\"desktop-id\">{}.desktop</launchable>", said("productName")),
        "<binary>atalaya</binary>".to_owned(),
    ];
    let language = |(_, language): &(&str, &str)| format!("<summary xml:lang=\"{language}\">");
    wanted.extend(LANGUAGES.iter().map(language));
    wanted.retain(|part| !text.contains(part.as_str()));
    wanted.into_iter().map(|part| format!("{PAGE}: no {part}")).collect()
}

/// The installer looks for the window's mutex and names notices by the program's identifier: it has to be the same one.
fn installer(script: &str, config: &Value) -> Vec<String> {
    let named = |define: &str, key: &str| {
        format!("!define {define} \"{}\"", config[key].as_str().unwrap_or_default())
    };
    let mut wanted = vec![named("NAME", "productName"), named("ID", "identifier")];
    wanted.retain(|line| !script.lines().any(|one| one == line));
    wanted.into_iter().map(|line| format!("{INSTALLER}: no {line}")).collect()
}

/// What the systems' own tools say, where they are.
fn validated(template: &str) -> Result<Vec<String>, String> {
    let entry = atalaya_window::target_folder().join("atalaya-checked.desktop");
    let filled = [("{{name}}", "Atalaya"), ("{{exec}}", "atalaya"), ("{{icon}}", "atalaya")]
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
    std::fs::write(&entry, filled).map_err(|error| format!("{}: {error}", entry.display()))?;
    let mut broken = Vec::new();
    let mut desktop = tool::command("desktop-file-validate");
    desktop.arg(&entry);
    let mut store = tool::command("appstreamcli");
    store.args(["validate", "--no-net", "--no-color", PAGE]);
    for mut validator in [desktop, store] {
        match validator.output() {
            Ok(said) if said.status.success() => {}
            Ok(said) => {
                let words = [said.stdout, said.stderr].concat();
                broken.push(format!(
                    "{}: {}",
                    tool::line(&validator),
                    String::from_utf8_lossy(&words).trim()
                ));
            }
            // Where it is not, another machine has it.
            Err(_) => {}
        }
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_there_holds_and_what_is_missing_is_told() {
        assert_eq!(check().unwrap(), [""; 0]);
        let bare = json!({ "identifier": "x", "productName": "X", "bundle": { "linux": { "deb": {
            "depends": ["libasound2", "libayatana-appindicator3-1"]
        } } } });
        assert_eq!(package_of(&bare).len(), 8);
        let template = tool::read(ENTRY).unwrap();
        assert_eq!(entry(&template.replace("Keywords[es]=", "X=")), [format!("{ENTRY}: no Keywords[es]=")]);
        assert_eq!(entry("").len(), 12);
        let described = tool::read(PAGE).unwrap();
        assert_eq!(page(&described, &bare).len(), 2);
        assert_eq!(installer(&tool::read(INSTALLER).unwrap(), &bare).len(), 2);
        // A word no entry may have, where its tool is.
        let odd = validated(&template.replace("Type=Application", "Type=Nothing")).unwrap();
        assert_eq!(
            odd.len(),
            usize::from(tool::succeeds(tool::command("desktop-file-validate").arg("--help")))
        );
    }
}

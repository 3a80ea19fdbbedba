//! The licences of everything others made that a package carries, in one text for it; and the same parts as a bill of
//! materials (`CycloneDX` 1.5), for those who watch over what is installed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::parts::{From, Part};

/// What a licence's file is called.
const BEGINS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"];
/// Longer ones are no licence.
const LARGEST: u64 = 200_000;

/// One text: the parts, then each licence's text once with whose it is.
///
/// # Errors
/// A part that does not say under which licence it is, and has no text of one either.
pub fn text(parts: &[Part]) -> Result<String, String> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut bare = Vec::new();
    for part in parts {
        let found = texts_of(&part.folder);
        let name = format!("{} {}", part.name, part.version);
        if found.is_empty() {
            if part.licence.is_empty() {
                return Err(format!("{name} says nothing of its licence: {}", part.folder.display()));
            }
            bare.push(format!("{name} ({}) {}", part.licence, part.home));
        }
        for text in found {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    let mut out = String::from(
        "Atalaya is made with the work of others. These are their parts, and what they say of them.\n\n",
    );
    for part in parts {
        let from = if part.from == From::Cargo { "crate" } else { "npm" };
        let _ = writeln!(out, "{} {} ({from}): {}", part.name, part.version, part.licence);
    }
    if !bare.is_empty() {
        out.push_str("\nWithout a text of their own; the licence is the one they name:\n\n");
        out.push_str(&(bare.join("\n") + "\n"));
    }
    let mut texts: Vec<_> = texts.into_iter().map(|(text, of)| (of, text)).collect();
    texts.sort();
    for (of, text) in texts {
        let _ = writeln!(out, "\n{}\n{}\n\n{text}", "-".repeat(78), of.join(", "));
    }
    Ok(out)
}

fn texts_of(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().to_uppercase();
            let small = entry.metadata().is_ok_and(|of| of.is_file() && of.len() < LARGEST);
            small
                && BEGINS.iter().any(|begin| name.starts_with(begin))
                && Path::new(&name).extension().is_none_or(|end| end != "RS")
        })
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| std::fs::read(path).ok();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace('\r', "").trim().to_owned();
    paths.iter().filter_map(read).map(text).filter(|text| !text.is_empty()).collect()
}

/// The bill of materials of one package. It holds no moment and no random number: the same parts make the same bill.
pub fn bill(parts: &[Part], version: &str) -> Value {
    let own = format!("pkg:generic/atalaya@{version}");
    let component = |part: &Part| {
        let mut component = json!({
            "type": "library", "bom-ref": part.purl(), "name": part.name, "version": part.version, "purl": part.purl(),
        });
        if !part.licence.is_empty() {
            component["licenses"] = json!([{ "expression": part.licence }]);
        }
        if let Some((algorithm, sum)) = &part.hash {
            component["hashes"] = json!([{ "alg": algorithm, "content": sum }]);
        }
        if !part.home.is_empty() {
            component["externalReferences"] = json!([{ "type": "vcs", "url": part.home }]);
        }
        component
    };
    let known: Vec<String> = parts.iter().map(Part::purl).collect();
    let mut needs: Vec<Value> = vec![json!({ "ref": own, "dependsOn": known })];
    needs.extend(parts.iter().map(|part| {
        let needs: Vec<&String> = part.needs.iter().filter(|one| known.contains(one)).collect();
        json!({ "ref": part.purl(), "dependsOn": needs })
    }));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": own, "name": "atalaya", "version": version,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": parts.iter().map(component).collect::<Vec<_>>(),
        "dependencies": needs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, folder: &Path) -> Part {
        Part {
            from: From::Cargo,
            name: name.into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            home: String::new(),
            hash: Some(("SHA-256", "ab".into())),
            folder: folder.join(name),
            needs: std::collections::BTreeSet::from([
                "pkg:cargo/b@1.0.0".to_owned(),
                "pkg:cargo/ours@1.0.0".to_owned(),
            ]),
        }
    }

    #[test]
    fn every_part_has_its_licence_and_a_text_is_there_once() {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in [("a", "Be kind.\r\n"), ("b", "Be kind.\n")] {
            std::fs::create_dir(home.path().join(name)).unwrap();
            std::fs::write(home.path().join(name).join("LICENSE-MIT"), text).unwrap();
        }
        let mut parts = vec![part("a", home.path()), part("b", home.path()), part("c", home.path())];
        let written = text(&parts).unwrap();
        assert_eq!(written.matches("Be kind.").count(), 1);
        assert!(written.contains("a 1.0.0, b 1.0.0") && written.contains("c 1.0.0 (MIT)"), "{written}");
        parts[2].licence.clear();
        assert!(text(&parts).is_err(), "nothing is carried that nobody may hand on");
    }

    #[test]
    fn the_bill_names_parts_and_what_they_need() {
        let parts = [part("a", Path::new("/")), part("b", Path::new("/"))];
        let bill = bill(&parts, "0.1.0");
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "ab");
        assert_eq!(bill["dependencies"][1]["dependsOn"], json!(["pkg:cargo/b@1.0.0"]));
        assert_eq!(bill["dependencies"][0]["dependsOn"].as_array().map(Vec::len), Some(2));
    }
}

//! The three catalogues say the same things, and nothing that nobody shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Source, json};

const LOCALES: [&str; 3] = ["en", "es", "pt-BR"];

/// One language: key, and the names in its braces.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

/// Judges the catalogues.
///
/// # Errors
/// One could not be read.
pub fn check(sources: &[Source]) -> Result<Vec<String>, String> {
    let mut catalogues = Vec::new();
    for locale in LOCALES {
        catalogues.push((locale, catalogue(&json(&format!("ui/messages/{locale}.json"))?)));
    }
    let mut broken = differences(&catalogues);
    broken.extend(unused(catalogues.iter().flat_map(|(_, catalogue)| catalogue.keys()), sources));
    Ok(broken)
}

fn catalogue(file: &Value) -> Catalogue {
    let entries = file.as_object().into_iter().flatten().filter(|(key, _)| !key.starts_with('$'));
    // A message with plural forms is a list of objects: all its text counts.
    entries.map(|(key, text)| (key.clone(), placeholders(&text.to_string().replace("\\\"", "\"")))).collect()
}

/// The names in braces. The braces of JSON hold quotation marks; a name does not.
fn placeholders(text: &str) -> BTreeSet<String> {
    let pieces = text.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
    pieces
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        })
        .collect()
}

fn differences(catalogues: &[(&str, Catalogue)]) -> Vec<String> {
    let mut broken = Vec::new();
    let Some(((base, first), others)) = catalogues.split_first() else { return broken };
    if first.is_empty() {
        broken.push(format!("{base}.json has no messages"));
    }
    for (locale, catalogue) in others {
        for (key, names) in first {
            match catalogue.get(key) {
                None => broken.push(format!("{locale}.json lacks {key}")),
                Some(found) if found != names => {
                    broken.push(format!("{locale}.json: {key} has {found:?}, {base}.json has {names:?}"));
                }
                Some(_) => {}
            }
        }
        for key in catalogue.keys().filter(|key| !first.contains_key(*key)) {
            broken.push(format!("{base}.json lacks {key}, which {locale}.json has"));
        }
    }
    broken
}

/// Keys that no page names: whole in quotation marks or after a dot, or by their beginning in a template.
fn unused<'a>(keys: impl Iterator<Item = &'a String>, sources: &[Source]) -> Vec<String> {
    let (mut named, mut beginnings) = (BTreeSet::new(), BTreeSet::new());
    for source in
        sources.iter().filter(|source| source.path.starts_with("ui/src/") && source.is(&["ts", "svelte"]))
    {
        let names = source.text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        named.extend(names);
        for piece in source.text.split('`').filter_map(|piece| piece.split_once("${")) {
            let beginning = piece.0;
            let plain = beginning.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
            if plain && beginning.ends_with('_') {
                beginnings.insert(beginning);
            }
        }
    }
    let used =
        |key: &str| named.contains(key) || beginnings.iter().any(|beginning| key.starts_with(beginning));
    let unused: BTreeSet<&String> = keys.filter(|key| !used(key)).collect();
    unused.into_iter().map(|key| format!("the message {key} is shown nowhere")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn catalogues_that_differ_are_told_apart() {
        let plural =
            json!([{ "match": { "countPlural=one": "{count} call", "countPlural=other": "{count} calls" } }]);
        let english =
            catalogue(&json!({ "$schema": "x", "hello": "Hello {name}", "calls": plural, "bye": "Bye" }));
        assert_eq!(english.keys().collect::<Vec<_>>(), ["bye", "calls", "hello"]);
        assert_eq!(english["calls"], BTreeSet::from(["count".to_owned()]));
        let same = catalogue(&json!({ "hello": "Hola {name}", "calls": "{count} llamadas", "bye": "Chau" }));
        assert_eq!(differences(&[("en", english.clone()), ("es", same)]), [""; 0]);
        let other = catalogue(&json!({ "hello": "Hola {nombre}", "calls": "{count}", "more": "más" }));
        assert_eq!(differences(&[("en", english), ("es", other)]).len(), 3);
    }

    #[test]
    fn a_message_is_used_by_its_name_or_by_a_template() {
        let keys = ["hello", "problem_timeout", "state_busy", "gone"].map(str::to_owned);
        let page = "t('hello'); messages[`problem_${code}`]; t.state_busy(); `gone ${x}`.length; ungone";
        let source =
            Source { path: "ui/src/a.svelte".into(), text: page.replace("`gone ${x}`", "`go ${x}`") };
        assert_eq!(unused(keys.iter(), &[source]), ["the message gone is shown nowhere"]);
    }
}

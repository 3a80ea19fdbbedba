//! Which of the program's three languages this computer speaks: for words said before there is a window, and for files
//! made where there is none.
//!
//! Left out on purpose: the window's own texts and the language somebody chose there.

/// A language the program has words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `es`
    Spanish,
    /// `en`; where this computer speaks none of the three.
    English,
    /// `pt`
    Portuguese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Spanish, Self::English, Self::Portuguese];

    /// What the person asked this computer to speak.
    pub fn of_this_computer() -> Self {
        let wanted = wanted();
        Self::first_of(wanted.iter().map(String::as_str))
    }

    /// The first of these that the program has: `es-UY`, `pt_BR.UTF-8` and `en/US` alike.
    pub fn first_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |tag: &str| {
            let end = tag.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tag.len());
            match tag[..end].to_ascii_lowercase().as_str() {
                "es" => Some(Self::Spanish),
                "en" => Some(Self::English),
                "pt" => Some(Self::Portuguese),
                _ => None,
            }
        };
        tags.into_iter().find_map(known).unwrap_or(Self::English)
    }

    /// Whether decimals have a comma, so that a spreadsheet parts cells at a semicolon; as the window has it.
    pub fn has_decimal_comma(self) -> bool {
        self != Self::English
    }
}

#[cfg(not(target_os = "linux"))]
fn wanted() -> Vec<String> {
    let wanted = whoami::lang_prefs();
    wanted.map_or_else(|_| Vec::new(), |wanted| wanted.message_langs().map(|tag| tag.to_string()).collect())
}

#[cfg(target_os = "linux")]
fn wanted() -> Vec<String> {
    tags(|name| std::env::var(name).ok())
}

/// As `gettext` has it: the locale of messages, and before it the list of `LANGUAGE`, unless there is no locale at all.
#[cfg(target_os = "linux")]
fn tags(environment: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let named = |name: &&str| environment(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(named);
    let Some(locale) =
        locale.filter(|locale| !locale.starts_with("C.") && locale != "C" && locale != "POSIX")
    else {
        return Vec::new();
    };
    let list = named(&"LANGUAGE").unwrap_or_default();
    list.split(':').map(str::to_owned).chain([locale]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_locale_of_messages_counts_before_the_rest() {
        for (environment, language) in [
            (&[("LANG", "es_UY.UTF-8")][..], Language::Spanish),
            (&[("LC_ALL", "pt_BR.UTF-8"), ("LANG", "es_UY.UTF-8")], Language::Portuguese),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "pt_BR"), ("LANG", "C.UTF-8")], Language::Portuguese),
            (&[("LANG", "en_US.UTF-8"), ("LANGUAGE", "gl:es")], Language::Spanish),
            (&[("LC_ALL", "C.UTF-8"), ("LANG", "es_UY.UTF-8"), ("LANGUAGE", "es")], Language::English),
            (&[], Language::English),
        ] {
            let of = |name: &str| {
                environment.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned())
            };
            let tags = tags(of);
            assert_eq!(Language::first_of(tags.iter().map(String::as_str)), language, "{environment:?}");
        }
    }

    #[test]
    fn the_first_language_that_is_known_is_spoken() {
        for (tags, language) in [
            (&["es-UY"][..], Language::Spanish),
            (&["ES"], Language::Spanish),
            (&["pt_BR.UTF-8", "en/US"], Language::Portuguese),
            (&["de-DE", "es/AR", "en"], Language::Spanish),
            (&["est", "en-GB", "es"], Language::English),
            (&["C", "POSIX", "", "ñ"], Language::English),
            (&[], Language::English),
        ] {
            assert_eq!(Language::first_of(tags.iter().copied()), language, "{tags:?}");
        }
    }

    #[test]
    fn a_spreadsheet_parts_cells_as_the_window_has_it() {
        assert_eq!(Language::ALL.map(Language::has_decimal_comma), [true, false, true]);
    }
}

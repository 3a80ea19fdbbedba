//! Marked secrets, and looking for them: in every byte of every file below a folder, in what programs said, in what processes
//! were begun with. In each form a secret takes on its way: as it is, in a form and an address, in base 64 wherever it begins
//! there, in hexadecimal, and in two bytes a letter.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test looks in some of these places")]

use std::fmt::Write;
use std::path::Path;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Secrets by name, each in its forms; the first is the secret as it is.
pub struct Canaries(Vec<(String, Vec<String>)>);

/// Those letters of the base 64 of a text that are the same whatever comes before and after it.
fn base64(secret: &[u8], before: usize) -> String {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(secret);
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let letters = bits.chunks_exact(6).map(|six| six.iter().fold(0, |sum, bit| sum << 1 | usize::from(*bit)));
    // A letter that has a bit of what comes before is another one each time.
    letters.skip((before * 8).div_ceil(6)).map(|letter| char::from(ALPHABET[letter])).collect()
}

fn forms(secret: &str) -> Vec<String> {
    let escaped = |space: &str, upper: bool| {
        secret.bytes().fold(String::new(), |mut text, byte| {
            match byte {
                b' ' => text.push_str(space),
                byte if byte.is_ascii_alphanumeric() || b"-._*~".contains(&byte) => {
                    text.push(char::from(byte));
                }
                byte if upper => drop(write!(text, "%{byte:02X}")),
                byte => drop(write!(text, "%{byte:02x}")),
            }
            text
        })
    };
    let mut forms = vec![secret.to_owned(), escaped("+", true), escaped("%20", true), escaped("%20", false)];
    for before in 0..3 {
        let text = base64(secret.as_bytes(), before);
        forms.extend([text.replace('+', "-").replace('/', "_"), text]);
    }
    let hexadecimal = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    forms.extend([hexadecimal.to_uppercase(), hexadecimal]);
    let mut seen = std::collections::BTreeSet::new();
    forms.retain(|form| seen.insert(form.clone()));
    forms
}

impl Canaries {
    /// Secrets with their names.
    pub fn new(secrets: &[(&str, &str)]) -> Self {
        Self(secrets.iter().map(|(name, secret)| ((*name).to_owned(), forms(secret))).collect())
    }

    /// Which secret is in these bytes, and how.
    pub fn found_in(&self, bytes: &[u8]) -> Option<String> {
        let found = self.found_as_it_is(bytes);
        // Without zeros two bytes a letter are one, whichever comes first.
        if found.is_some() || !bytes.contains(&0) {
            return found;
        }
        let without: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        self.found_as_it_is(&without)
    }

    fn found_as_it_is(&self, bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(bytes);
        let mut all = self.0.iter().flat_map(|(name, forms)| forms.iter().map(move |form| (name, form)));
        all.find(|(_, form)| text.contains(form.as_str())).map(|(name, form)| format!("{name}, as {form}"))
    }

    /// None of them is in these bytes, which are those of a place.
    pub fn not_in(&self, place: &str, bytes: &[u8]) {
        let found = self.found_in(bytes);
        assert!(found.is_none(), "{place}: {}", found.unwrap_or_default());
    }

    /// None of them, as it is, is in a program. It is large, and built of texts.
    pub fn not_in_program(&self, program: &Path) {
        let bytes = std::fs::read(program).expect("readable");
        let text = String::from_utf8_lossy(&bytes);
        for (name, forms) in &self.0 {
            assert!(!text.contains(&forms[0]), "{name} in {}", program.display());
        }
    }

    /// Looks into every file below a folder; how many there are. Names of files count as well.
    pub fn not_below(&self, folder: &Path) -> usize {
        let mut files = 0;
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("the folder is there") {
                let path = entry.expect("readable").path();
                let place = path.display().to_string();
                self.not_in(&format!("the name {place}"), place.as_bytes());
                let what = path.symlink_metadata().expect("it is there").file_type();
                if what.is_dir() {
                    folders.push(path);
                } else if what.is_file() {
                    files += 1;
                    self.not_in(&place, &std::fs::read(&path).expect("readable"));
                }
            }
        }
        files
    }

    /// Looks at what processes were begun with: those whose environment has this in it. How many there are.
    #[cfg(target_os = "linux")]
    pub fn not_in_processes(&self, with: &str) -> usize {
        let mut processes = 0;
        for entry in std::fs::read_dir("/proc").expect("the system tells of its processes").flatten() {
            if !entry.file_name().as_encoded_bytes().iter().all(u8::is_ascii_digit) {
                continue;
            }
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            if !environment.split(|byte| *byte == 0).any(|variable| variable == with.as_bytes()) {
                continue;
            }
            processes += 1;
            let begun = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let place = String::from_utf8_lossy(&begun).into_owned();
            self.not_in(&format!("the command line of {place}"), &begun);
            self.not_in(&format!("the environment of {place}"), &environment);
        }
        processes
    }

    /// Whoever looks has to be able to find: each form of each secret, in bytes that are none of it otherwise.
    pub fn are_found(&self) {
        for (name, forms) in &self.0 {
            for form in forms {
                let wide: Vec<u8> = form.bytes().flat_map(|byte| [byte, 0]).collect();
                for bytes in [format!("\u{e9}x{form}y").into_bytes(), wide] {
                    assert!(self.found_in(&bytes).is_some(), "{name}, as {form}");
                }
            }
        }
        assert!(self.found_in(b"nothing of it").is_none());
    }
}

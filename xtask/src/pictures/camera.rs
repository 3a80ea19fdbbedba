//! One window that is photographed: what is taken off it first, how it is to look, and what its layout says of itself.
//!
//! Left out: which screens there are, and how one gets to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use atalaya_window::Window;
use serde_json::Value;

/// Nothing turns, slides, blinks or fades away; and what belongs to this computer and this run is not shown: where the
/// contact centre listens, how long each place of a recording took to answer, how
/// much of a recording was heard by then, and what diagnostics counted.
const STILL: &str = "if (document.adoptedStyleSheets.length === 0) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`*, ::before, ::after {
                animation: none !important; transition: none !important; caret-color: transparent !important }
            ::-webkit-scrollbar { display: none }
            [data-testid=find-attempt] { display: none !important }
            [data-cell=heard] > * { visibility: hidden }
            [data-testid=diagnostics] dd { visibility: hidden }`);
        document.adoptedStyleSheets = [sheet];
    }
    const placeless = text => text.replace(/127\\.0\\.0\\.1:\\d+/g, 'centre.example');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data } = texts.currentNode;
        if (placeless(data) !== data) texts.currentNode.data = placeless(data);
    }
    for (const field of document.querySelectorAll('input')) {
        if (placeless(field.value) !== field.value) field.value = placeless(field.value);
    }";
/// What is wrong with the layout, and the pictures on which it is.
pub type Faults = BTreeMap<String, BTreeSet<String>>;

/// Takes the pictures of one window.
pub struct Camera<'a> {
    /// What is photographed.
    pub window: &'a Window,
    folder: &'a Path,
    size: String,
    look: (String, String),
    faults: Faults,
    /// What was taken since this look was chosen.
    taken: BTreeSet<String>,
}

impl<'a> Camera<'a> {
    /// For a window of this size, as it looks when it is new: in English, and light.
    pub fn new(window: &'a Window, folder: &'a Path, size: String) -> Self {
        let look = ("en".to_owned(), "light".to_owned());
        Self { window, folder, size, look, faults: Faults::new(), taken: BTreeSet::new() }
    }

    /// What was found of the layout of everything that was taken.
    pub fn into_faults(self) -> Faults {
        self.faults
    }

    /// Writes `<size>-<language>-<theme>-<what>.png`, and looks at how it is laid out.
    pub fn take(&mut self, what: &str) -> Result<(), String> {
        self.window.page().execute(STILL, &[])?;
        self.window.settle()?;
        let name = format!("{}-{}-{}-{what}", self.size, self.look.0, self.look.1);
        let path = self.folder.join(format!("{name}.png"));
        fs::write(&path, self.window.page().screenshot()?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        self.taken.insert(what.to_owned());
        for fault in self.window.layout_faults()? {
            self.faults.entry(fault).or_default().insert(name.clone());
        }
        Ok(())
    }

    /// What was taken since this look was chosen, with the look's name.
    pub fn taken(&self) -> (String, BTreeSet<String>) {
        (format!("{} {} {}", self.size, self.look.0, self.look.1), self.taken.clone())
    }

    /// Takes what scrolls in this element, a window's height at a time: `<what>`, `<what>-2` and so on.
    pub fn take_scrolled(&mut self, what: &str, testid: &str) -> Result<(), String> {
        let script = "const box = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
            box.scrollTop = arguments[1] * (box.clientHeight - 40);
            return box.scrollTop + box.clientHeight >= box.scrollHeight - 1";
        for part in 0_u32.. {
            let end = self.window.page().execute(script, &[Value::from(testid), Value::from(part)])?;
            self.take(&if part == 0 { what.to_owned() } else { format!("{what}-{}", part + 1) })?;
            if end == Value::Bool(true) {
                break;
            }
        }
        let back = "document.querySelector(`[data-testid=\"${arguments[0]}\"]`).scrollTop = 0";
        self.window.page().execute(back, &[Value::from(testid)]).map(drop)
    }

    /// Chooses language and theme in the settings, as a person does.
    pub fn choose_look(&mut self, language: &str, theme: &str) -> Result<(), String> {
        self.choose("settings-language", language)?;
        self.choose("settings-theme", theme)?;
        self.look = (language.to_owned(), theme.to_owned());
        self.taken.clear();
        Ok(())
    }

    /// Chooses in a list of the settings, as a person does.
    fn choose(&self, testid: &str, value: &str) -> Result<(), String> {
        self.window.click("nav-settings")?;
        self.window.get(testid)?;
        let script = "const list = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        self.window.page().execute(script, &[Value::from(testid), Value::from(value)]).map(drop)
    }
}

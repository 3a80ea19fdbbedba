//! axe-core in the window: who is kept out by what is shown; and what of it cannot be read.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use atalaya_window::{Window, repository};
use serde_json::Value;

/// Violations that keep somebody out, in both themes: rule, how grave, and the first element.
const LOOK: &str = "const done = arguments[arguments.length - 1];
    (async () => {
        const found = [];
        for (const theme of ['light', 'dark']) {
            document.documentElement.dataset.theme = theme;
            const { violations } = await axe.run(document, { resultTypes: ['violations'] });
            for (const { id, impact, nodes } of violations) {
                if (impact !== 'serious' && impact !== 'critical') continue;
                const why = nodes[0].any.concat(nodes[0].all, nodes[0].none).map(one => one.message)[0];
                found.push(`${theme} ${id} (${impact}) ${nodes.length}: ${nodes[0].html.slice(0, 200)} ${why}`);
            }
        }
        return found;
    })().then(done, error => done([String(error)]))";

/// A window, and what keeps somebody out of it.
pub struct Looker {
    /// The window.
    pub window: Window,
    axe: String,
    found: Vec<String>,
}

impl Looker {
    /// For this window.
    pub fn new(window: Window) -> Self {
        Self { window, axe: axe(), found: Vec::new() }
    }

    /// Looks at the state the window is in, light and dark.
    pub fn look(&mut self, state: &str) {
        self.window.settle().unwrap();
        let there = self.window.page().execute("return typeof axe !== 'undefined'", &[]).unwrap();
        if there != Value::Bool(true) {
            self.window.page().execute(&self.axe, &[]).expect("axe-core loads");
        }
        let found = self.window.page().execute_async(LOOK, &[]).expect("axe-core answers");
        let found = found.as_array().expect("a list of violations");
        self.found.extend(found.iter().map(|one| format!("{state}: {}", one.as_str().unwrap_or("?"))));
        let laid_out = self.window.layout_faults().expect("the page tells of its layout");
        self.found.extend(laid_out.iter().map(|one| format!("{state}: {one}")));
    }

    /// Nothing was found in any state looked at.
    pub fn nothing_found(&self) {
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

fn axe() -> String {
    let path = repository().join("ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&path).expect("`npm ci` brings axe-core");
    // As a global of the page, whatever the script runs in.
    format!("{source};window.axe = axe;")
}

//! A demonstration that stands still: contact centre, program and pages all at one moment, named in the environment, so
//! that pictures of the window can be compared pixel by pixel.
//!
//! Left out on purpose: what is photographed, and whatever moves by itself on a page (`cargo xtask pictures` sees to it).

use tauri::Wry;
use tauri::plugin::{Builder, TauriPlugin};

/// Epoch milliseconds; read with `--demo` alone.
const AT: &str = "ATALAYA_DEMO_AT";

/// When it stands, epoch milliseconds; `None`: it lives.
///
/// # Errors
/// A sentence: what is named is no moment.
pub fn moment(demo: bool) -> Result<Option<i64>, String> {
    let Some(text) = std::env::var_os(AT).filter(|_| demo) else { return Ok(None) };
    let at_ms = text.to_str().and_then(|text| text.parse().ok());
    at_ms.map(Some).ok_or_else(|| format!("{AT} is not a number of milliseconds since 1970"))
}

/// Gives every page, before its own scripts, a clock that stands.
pub fn page(at_ms: i64) -> TauriPlugin<Wry> {
    let script = format!(
        "globalThis.Date = class extends Date {{
            constructor(...given) {{ given.length > 0 ? super(...given) : super({at_ms}) }}
            static now() {{ return {at_ms} }}
        }}"
    );
    Builder::new("still").js_init_script(script).build()
}

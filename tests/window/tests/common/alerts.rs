//! Which alerts are raised, for the window's tests that look at one of them.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use atalaya_window::Window;
use serde_json::{Value, json};

/// From now on these rules alone raise alerts. A floor that lives has others the longer a test takes, and the place of alerts
/// has room for two or three.
pub fn raise_only(window: &Window, rules: &[&str]) {
    let script = "const [only, done] = arguments;
        const { invoke } = window.__TAURI_INTERNALS__;
        invoke('settings_get', {})
            .then(({ rules }) => invoke('settings_change', { parts: {
                rules: rules.map(rule => only.includes(rule.id) ? rule : { ...rule, hears: 'nobody' }),
            } }))
            .then(({ rules }) => done(rules.filter(rule => rule.hears !== 'nobody').map(rule => rule.id)))
            .catch(why => done(JSON.stringify(why)))";
    let kept: Value = window.page().execute_async(script, &[json!(rules)]).expect("the page answers");
    assert_eq!(kept, json!(rules));
}

/// The red alert that nobody is available in a campaign, in a state of the place of alerts. Others of its kind come and go
/// wherever two callers wait; its own may have been amber before the campaign ran dry, and whoever sees to that one does
/// not see to the red one.
#[allow(dead_code, reason = "a shift looks at another kind")]
pub fn of_nobody_available(state: &str, campaign: &str) -> String {
    format!(
        "[data-testid={state}][data-rule~=nobodyAvailable][data-severity=bad][data-campaign=\"{campaign}\"]"
    )
}

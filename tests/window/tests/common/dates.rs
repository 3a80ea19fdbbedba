//! The dates of a search for calls, for the window's tests that type them.

use atalaya_window::Window;

use super::common::until;

/// Types the two dates, once the room has asked for what it opens with: a driver empties a field without telling the page,
/// which puts back what it knows when its own search begins.
pub fn type_dates(window: &Window, from: &str, to: &str) {
    until(window, "the room is at rest", "calls-count", "data-phase", |phase| {
        matches!(phase, "done" | "failed")
    });
    window.fill("calls-from", from).unwrap();
    window.fill("calls-to", to).unwrap();
}

//! Searching for calls, for the window's tests that do.

use atalaya_window::Window;

use super::common::{attribute, until};

/// Searches with what is typed, until that very search is over: the one before it was over as well.
pub fn search(window: &Window, phase: &str) {
    let before = attribute(window, "calls-count", "data-turn");
    window.click("calls-search").unwrap();
    until(window, "the search begins", "calls-count", "data-turn", |turn| turn != before);
    until(window, "the search ends", "calls-count", "data-phase", |now| now == phase);
}

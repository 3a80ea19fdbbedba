//! The door: what a person meets first.
#![cfg(target_os = "linux")]

use atalaya_window::{Opening, Window};

#[test]
fn the_window_opens_and_shows_the_sign_in_screen() {
    let window = Window::open("sign-in", &Opening::default()).unwrap();
    let said = window.text("sign-in").unwrap();
    assert!(!said.trim().is_empty(), "the sign-in screen is empty");
    let picture = window.picture("sign-in").unwrap();
    let png = std::fs::read(picture).unwrap();
    assert_eq!(&png[1..4], b"PNG");
}

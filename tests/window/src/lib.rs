//! The real window, driven from outside: a display, a message bus and a driver of its own for each window, all gone
//! when it is dropped.
//!
//! Shared by the window tests and by `cargo xtask demo` on a machine without a display, so it depends on nothing but
//! JSON. Left out on purpose: the contact centre (the tests bring the simulated one) and anything a test asserts.

mod http;
mod laid_out;
mod process;
mod sound;
mod wait;
mod webdriver;
mod window;

pub use process::{Running, bound_command};
pub use sound::{SoundCard, sound_card};
pub use wait::wait_until;
pub use webdriver::{Element, Session, keys};
pub use window::{Opening, Window, repository, start_display, target_folder};

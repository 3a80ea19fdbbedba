//! What the window's tests share: signing in, and waiting for what the page says.

use std::time::Duration;

use atalaya_simulator::Simulator;
use atalaya_window::Window;

/// How long the window may take for anything.
pub const SOON: Duration = Duration::from_secs(20);

/// An attribute of what has this `data-testid`.
pub fn attribute(window: &Window, testid: &str, name: &str) -> String {
    let element = window.get(testid).expect("it is on the page");
    window.page().attribute(&element, name).expect("the page answers").unwrap_or_default()
}

/// Waits until an attribute is as wanted, and gives it.
pub fn until(window: &Window, what: &str, testid: &str, name: &str, wanted: impl Fn(&str) -> bool) -> String {
    window
        .wait_until(what, SOON, |_| {
            let now = attribute(window, testid, name);
            Ok(wanted(&now).then_some(now))
        })
        .expect("it comes")
}

/// Signs in to a contact centre, recordings' hosts included.
#[allow(dead_code, reason = "the demonstration signs in by itself")]
pub fn sign_in(window: &Window, centre: &Simulator) {
    window.fill("sign-in-server", &centre.server_url()).unwrap();
    window.fill("sign-in-user", centre.user()).unwrap();
    window.fill("sign-in-password", centre.password()).unwrap();
    if !window.has("sign-in-backup").unwrap() {
        window.click("sign-in-more").unwrap();
    }
    window.fill("sign-in-telephony", &centre.telephony_url()).unwrap();
    window.fill("sign-in-backup", &centre.backup_url()).unwrap();
    window.click("sign-in-submit").unwrap();
    until(window, "live figures", "floor-ready", "data-live", |live| live == "true");
}

//! A part of a program that breaks, in a program of its own: what it writes down replaces nothing, and what it says on
//! stderr is said as before.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atalaya_clock::Clock;
use atalaya_secret::Secret;
use atalaya_support::breakdown;

#[test]
fn what_breaks_is_written_down_with_where_a_few_times_a_run() {
    let home = tempfile::tempdir().expect("a folder");
    let said = Arc::new(AtomicUsize::new(0));
    let heard = Arc::clone(&said);
    panic::set_hook(Box::new(move |_| {
        heard.fetch_add(1, Ordering::SeqCst);
    }));
    breakdown::keep(home.path().join("logs"), "1.2.3", Clock::system());
    for _ in 0..6 {
        let thread = std::thread::Builder::new().name("a poll".to_owned());
        // As whoever writes a message does, with everything there is at hand.
        let at_hand = (Secret::new("canary of a password"), Some(Secret::new("canary of a token")));
        let ended =
            thread.spawn(move || panic!("no campaign at all for {at_hand:?}")).expect("a thread").join();
        assert!(ended.is_err());
    }
    assert_eq!(said.load(Ordering::SeqCst), 6, "whoever listened before still does");
    let kept = breakdown::kept(&home.path().join("logs"));
    assert_eq!(kept.len(), 3);
    let text = std::fs::read_to_string(&kept[0].path).expect("it is there");
    for part in ["Atalaya 1.2.3", "thread a poll", "what_broke.rs", "no campaign at all"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("canary"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&kept[0].path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "its owner's alone");
    }
    assert!(home.path().read_dir().expect("a folder").count() == 1);
}

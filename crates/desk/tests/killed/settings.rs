//! What is chosen and typed at a desk.

use std::path::Path;

use atalaya_clock::Clock;
use atalaya_store::{Outcome, Paths, Store, Write};

use super::common::desk;
use super::{Part, last, say};

/// What is told is at least this, whatever the lives since said.
#[derive(Default)]
pub struct Settings {
    chosen: u64,
    typed: u64,
    in_the_trail: u64,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// The trail of writes, which whoever sends one writes into.
fn trail(home: &Path) -> Store {
    Store::open(&Paths::below(home).database(), &[], Clock::system()).expect("it opens")
}

pub fn write_for_ever(home: &Path) {
    runtime().block_on(async {
        let desk = desk(home).await;
        let store = trail(home);
        let begun = desk.settings().reviewer.parse::<u64>().unwrap_or(0) + 1;
        for number in begun.. {
            let mut settings = desk.settings();
            settings.reviewer = number.to_string();
            settings.tag_presets = vec![format!("tag {number}")];
            desk.set_settings(settings).expect("it is kept");
            say(format_args!("chosen {number}"));
            desk.set_draft("tag/1", Some(&format!("{number}"))).expect("it is kept");
            say(format_args!("typed {number}"));
            let write = Write {
                operation: "TagRecord",
                target: &number.to_string(),
                detail: serde_json::json!({ "data": number }),
                user: "user",
                reviewer: "",
            };
            let _cut_off = store.audit().begin(&write).expect("the trail is written");
            say(format_args!("written {number}"));
        }
    });
}

impl Part for Settings {
    fn look(&mut self, home: &Path, said: &[String]) {
        self.chosen = last(said, "chosen").unwrap_or(self.chosen);
        self.typed = last(said, "typed").unwrap_or(self.typed);
        self.in_the_trail += said.iter().filter(|line| line.starts_with("written ")).count() as u64;
        runtime().block_on(async {
            let desk = desk(home).await;
            let settings = desk.settings();
            let chosen = settings.reviewer.parse().unwrap_or(0);
            assert!(chosen >= self.chosen, "{chosen} after {} was told", self.chosen);
            if chosen > 0 {
                assert_eq!(settings.tag_presets, [format!("tag {chosen}")], "of one moment");
            }
            let typed =
                desk.draft("tag/1").expect("readable").map_or(0, |text| text.parse().expect("a number"));
            assert!((self.typed..=chosen).contains(&typed), "{typed} after {} was told", self.typed);
            let trail = trail(home).audit().recent(u32::MAX).expect("readable");
            let cut_off = |outcome: &Outcome| *outcome == Outcome::Unknown(String::new());
            assert!(trail.iter().all(|line| cut_off(&line.outcome)), "cut off is told from done");
            let trail = trail.len() as u64;
            assert!(trail >= self.in_the_trail, "{trail} lines after {} were told", self.in_the_trail);
        });
    }
}

//! Bytes from a server are hostile: whatever they are, nothing panics and nothing goes on for ever.
#![expect(clippy::unwrap_used, reason = "test code: a fixture that cannot be read fails the test")]

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use atalaya_player::source::Memory;
use atalaya_player::wire::Phase;
use atalaya_player::{Event, News, OutputChoice, Player, container, decode_to_wav, waveform};
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Runs everything that reads bytes. Errors are fine, and have a code.
fn read_all(bytes: &[u8]) {
    let look = container::look(bytes, true);
    let mut out = Cursor::new(Vec::new());
    match decode_to_wav(bytes, &mut out) {
        Ok(summary) => assert!(summary.seconds > 0.0 && summary.rate > 0),
        Err(error) => {
            assert!(["notAudio", "empty", "tooShort"].contains(&error.code()), "{error} for {look:?}");
        }
    }
    if let Ok(bars) = waveform(bytes, 20) {
        assert!(bars.len() as f64 <= out.get_ref().len() as f64, "no more bars than samples");
    }
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    let random = prop::collection::vec(any::<u8>(), 0..6000);
    let with_start = (
        prop::sample::select(vec![
            &b"\xFF\xE3\x28\xC4"[..],
            b"\xFF\xFB\x90\x64",
            b"\xD1",
            b"ID3\x04\0\x10",
            b"RIFF\xFF\xFF\xFF\xFFWAVEfmt ",
            b"<",
        ]),
        prop::collection::vec(any::<u8>(), 0..3000),
    )
        .prop_map(|(start, rest)| [start, &rest].concat());
    let names = vec!["speech8k.mp3", "vbr.mp3", "stereo44k.mp3", "speech.gsm", "speech49.wav"];
    let mutated = (
        prop::sample::select(names),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..60),
        prop::option::of(any::<prop::sample::Index>()),
        prop::option::of((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..300))),
    )
        .prop_map(|(name, changes, cut, insert)| {
            let mut bytes = fixture(name);
            bytes.truncate(12_000);
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some((at, junk)) = insert {
                let at = at.index(bytes.len());
                bytes.splice(at..at, junk);
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        });
    prop_oneof![random, with_start, mutated.clone(), mutated]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_decoders_panic(bytes in anything()) {
        read_all(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The player with any bytes and any seeks ends in words or in sound, and the thread lives on.
    #[test]
    fn no_bytes_stop_the_player(bytes in anything(), seeks in prop::collection::vec(-5.0..20.0_f64, 0..6)) {
        let player = Player::start(OutputChoice::None);
        let events = player.events();
        player.load(Arc::new(Memory::new(bytes)), true);
        for secs in &seeks {
            player.seek(*secs);
            player.pull(480);
        }
        player.seek_by(3600.0);
        loop {
            player.pull(48_000);
            match events.recv_timeout(Duration::from_secs(20)) {
                Ok(Event { news: News::Transport(transport), .. }) if matches!(transport.phase, Phase::Ended | Phase::Failed) => break,
                Ok(_) => {}
                Err(error) => prop_assert!(false, "{error}: {:?}", player.transport()),
            }
        }
        player.unload(0);
        let emptied = events.iter().any(|event| matches!(&event.news, News::Transport(t) if t.phase == Phase::Empty));
        prop_assert!(emptied);
    }
}

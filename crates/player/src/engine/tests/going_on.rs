//! Going on where it was left, and with another copy of the same recording.

use super::*;

/// The first difference between two runs of sound that is more than rounding.
fn differs(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| (a - b).abs() > 0.02)
}

fn at(name: &str, from: f64, secs: f64) -> Vec<f32> {
    let mut desk = Desk::new();
    desk.engine.load(Arc::new(Arriving::whole(fixture(name))), true, from);
    desk.work();
    desk.pull(secs)
}

#[test]
fn it_begins_at_the_second_it_was_left_at() {
    for (name, frame) in [("vbr.mp3", 0.036), ("speech.gsm", 0.02), ("speech8k.mp3", 0.072)] {
        let mut desk = Desk::new();
        desk.engine.load(Arc::new(Arriving::whole(fixture(name))), true, 1.25);
        desk.work();
        let transport = desk.engine.transport();
        assert_eq!(transport.resumed_at_secs, Some(1.25), "{name}");
        assert!((transport.position_secs - 1.25).abs() <= frame, "{name}: {}", transport.position_secs);
        let there = desk.pull(1.0);
        let whole = at(name, 0.0, 2.5);
        // The same sound as in the whole, once what is smoothed at the start is over.
        let from = (1.25 * 48_000.0) as usize;
        assert_eq!(differs(&there[480..], &whole[from + 480..from + 48_000]), None, "{name}");
        desk.engine.seek(0.0);
        assert_eq!(desk.engine.transport().resumed_at_secs, None, "{name}");
    }
    let mut desk = Desk::new();
    desk.engine.load(Arc::new(Arriving::whole(fixture("tone.gsm"))), true, f64::NAN);
    desk.work();
    assert_eq!((desk.position(), desk.engine.transport().resumed_at_secs), (0.0, None));
}

#[test]
fn another_copy_goes_on_at_the_same_second() {
    let bytes = fixture("speech8k.mp3");
    let cut = Arc::new(Arriving::new(bytes.clone()));
    cut.arrive(0, 8_000);
    let mut desk = Desk::loaded(Arc::clone(&cut));
    let before = desk.pull(2.0);
    // The rest never comes; the other copy is of another length: a tag before the same sound.
    let tagged = [&b"ID3\x04\0\0\0\0\0\x0a0123456789"[..], &bytes].concat();
    let position = desk.position();
    desk.engine.set_loop(Some(0.5), None);
    desk.engine.swap(Arc::new(Arriving::whole(tagged)));
    desk.work();
    assert!((desk.position() - position).abs() < 0.08, "{} after {position}", desk.position());
    assert_eq!((desk.phase(), desk.engine.transport().loop_from_secs), (Phase::Playing, Some(0.5)));
    let after = desk.pull(1.0);
    let whole = at("speech8k.mp3", 0.0, 4.0);
    assert_eq!(differs(&before, &whole), None);
    let from = (position * 48_000.0).round() as usize;
    assert_eq!(differs(&after[480..], &whole[from + 480..from + 48_000]), None);
    desk.engine.unload();
    desk.engine.swap(Arc::new(Arriving::whole(fixture("tone.gsm"))));
    assert_eq!(desk.phase(), Phase::Empty, "there is nothing to go on with");
}

#[test]
fn a_cut_recording_says_where_its_sound_ends() {
    for (name, bytes) in [("speech8k.mp3", 144.0 / 0.072), ("speech.gsm", 33.0 / 0.02)] {
        let whole = fixture(name);
        let half = whole.len() as u64 / 2;
        let source = Arc::new(Arriving::new(whole));
        source.arrive(0, half);
        let mut desk = Desk::loaded(Arc::clone(&source));
        desk.pull(0.5);
        assert_eq!(desk.engine.transport().ends_at_secs, None, "{name}: it may still come");
        source.cut_off();
        desk.pull(0.5);
        let ends = desk.engine.transport().ends_at_secs.unwrap();
        assert!((ends - half as f64 / bytes).abs() <= 0.1, "{name}: {ends}");
        let meant = desk.engine.transport().meant_to_last_secs.unwrap();
        assert!((meant - 2.0 * ends).abs() <= 0.1, "{name}: {meant}");
        assert_eq!(desk.engine.transport().problem.as_deref(), Some("truncated"));
    }
}

#[test]
fn a_device_that_goes_and_comes_does_not_end_a_recording_twice() {
    let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture("tone.gsm"))));
    desk.pull(5.0);
    let (end, Phase::Ended) = (desk.position(), desk.phase()) else { panic!("{:?}", desk.phase()) };
    // A device nobody listens to is closed, and an alert that sounds opens it.
    desk.engine.disconnect();
    assert_eq!((desk.phase(), desk.position()), (Phase::Ended, end));
    desk.out = Desk::plug(&mut desk.engine, NonZeroU32::MIN.saturating_add(44_099));
    assert_eq!((desk.phase(), desk.position()), (Phase::Ended, end));
    assert!(desk.pull(0.5).iter().all(|sample| *sample == 0.0), "nothing is heard of it");
    assert_eq!((desk.phase(), desk.position()), (Phase::Ended, end));
    desk.engine.disconnect();
    desk.engine.play();
    assert_eq!(desk.position(), 0.0, "played again it begins anew");
    desk.out = Desk::plug(&mut desk.engine, RATE);
    desk.work();
    let again = desk.pull(1.0);
    assert!((db(amplitude_at(&again, 48_000.0, 1000.0) / 0.488)).abs() < 1.0);
}

#[test]
fn held_while_its_device_is_closed_it_goes_on_with_the_very_next_sample() {
    for name in ["speech8k.mp3", "speech.gsm"] {
        let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture(name))));
        desk.engine.set_hearing(Hearing { step_back_secs: 0.0, ..Hearing::default() });
        desk.pull(1.3);
        desk.engine.pause();
        desk.pull(0.1);
        let held = desk.position();
        desk.engine.disconnect();
        desk.work();
        assert_eq!(desk.phase(), Phase::Paused);
        assert!((desk.position() - held).abs() < 1.0 / 8_000.0, "{name}: {} after {held}", desk.position());
        desk.engine.play();
        desk.out = Desk::plug(&mut desk.engine, RATE);
        desk.work();
        let from = (desk.position() * 48_000.0).round() as usize;
        let after = desk.pull(1.0);
        let whole = at(name, 0.0, 4.0);
        assert_eq!(differs(&after[480..], &whole[from + 480..from + 48_000]), None, "{name}");
    }
}

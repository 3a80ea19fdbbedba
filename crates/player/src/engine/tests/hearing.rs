//! How it is heard: speed and going on after a pause. Positions are the recording's own throughout.

use super::*;

fn hearing(speed: f32) -> Hearing {
    Hearing { speed, step_back_secs: 0.0, ..Hearing::default() }
}

fn at_speed(name: &str, speed: f32) -> Desk {
    let mut desk = Desk::new();
    desk.engine.set_hearing(hearing(speed));
    desk.engine.load(Arc::new(Arriving::whole(fixture(name))), true, 0.0);
    desk.work();
    desk
}

#[test]
fn at_any_speed_the_pitch_stays_and_the_position_is_the_recordings() {
    for speed in [0.5, 0.75, 1.5, 2.0, 3.0] {
        let mut desk = at_speed("tone.gsm", speed);
        let heard = desk.pull(1.0);
        assert!((desk.position() - f64::from(speed)).abs() < 1e-3, "{speed}x: {}", desk.position());
        let (own, lower) = (
            amplitude_at(&heard[4800..], 48_000.0, 1000.0),
            amplitude_at(&heard[4800..], 48_000.0, 1000.0 * f64::from(speed)),
        );
        assert!(own > 0.4 && lower < 0.1 * own, "{speed}x: {own} at its pitch, {lower} at the shifted one");
        desk.engine.seek(2.0);
        desk.work();
        desk.pull(0.25);
        let due = 2.0 + 0.25 * f64::from(speed);
        assert!((desk.position() - due).abs() < 0.03 * f64::from(speed), "{speed}x: {}", desk.position());
        assert_eq!(desk.engine.transport().underruns, 0);
    }
}

#[test]
fn a_recording_lasts_as_long_as_its_speed_says() {
    let secs = |speed| {
        let mut desk = at_speed("tone.gsm", speed);
        let mut pulled = 0.0;
        while desk.phase() != Phase::Ended {
            desk.pull(0.01);
            pulled += 0.01;
            assert!(pulled < 20.0, "{speed}x never ends");
        }
        let transport = desk.engine.transport();
        assert_eq!(transport.duration_secs, Some(transport.position_secs), "{speed}x");
        pulled
    };
    let own = secs(1.0);
    for speed in [0.5_f32, 0.75, 2.0] {
        let took = secs(speed);
        assert!((took - own / f64::from(speed)).abs() < 0.03, "{speed}x: {took} s of {own} s");
    }
}

#[test]
fn another_speed_goes_on_from_where_it_is_without_a_click() {
    // A cycle of the tone is 16 frames: cut at its top, on its way and at zero.
    for nudge in [0, 2, 4, 6] {
        let mut desk = at_speed("tone8k.mp3", 1.0);
        let mut heard = desk.pull(1.0);
        for speed in [1.5, 2.0, 0.75] {
            for _ in 0..nudge {
                heard.push(desk.out.next().unwrap());
                desk.out.next().unwrap();
            }
            let due = desk.position();
            desk.engine.set_hearing(hearing(speed));
            assert!((desk.position() - due).abs() < 1e-6, "nothing moves by itself: {}", desk.position());
            desk.work();
            heard.extend(desk.pull(0.5));
            let due = due + 0.5 * f64::from(speed);
            // The device finishes the buffer it is filling before it comes to the new speed.
            assert!(
                (desk.position() - due).abs() < 0.025 * f64::from(speed),
                "{speed}x: {}",
                desk.position()
            );
        }
        // The encoder's delay is silence. The tone's own steepest step is 0.19; a cut at its top is 0.47.
        let steepest = heard[9600..].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.22, "{steepest}");
        let last = amplitude_at(&heard[heard.len() - 9600..], 48_000.0, 3000.0);
        assert!((db(last / 0.5)).abs() < 1.0, "{last}");
        assert_eq!(desk.engine.transport().underruns, 0);
    }
}

#[test]
fn after_a_pause_it_goes_on_a_little_earlier_unless_the_person_went_elsewhere() {
    let mut desk = at_speed("tone.gsm", 1.0);
    desk.engine.set_hearing(Hearing::default());
    desk.pull(2.0);
    desk.engine.pause();
    desk.pull(0.1);
    let held = desk.position();
    // Even when the device was closed meanwhile.
    desk.engine.disconnect();
    desk.out = Desk::plug(&mut desk.engine, RATE);
    desk.engine.toggle();
    desk.work();
    assert!((desk.position() - (held - 1.5)).abs() < 1e-3, "{}", desk.position());
    desk.pull(0.2);
    desk.engine.pause();
    desk.engine.toggle();
    assert_eq!(desk.position(), 0.0, "never before the start: {held}");
    desk.work();
    desk.pull(0.2);
    desk.engine.pause();
    desk.engine.seek(3.0);
    desk.engine.toggle();
    assert_eq!(desk.position(), 3.0, "the person chose this place");
    desk.engine.play();
    assert_eq!(desk.position(), 3.0, "it was not paused");
}

#[test]
fn silence_is_skipped_and_what_that_saved_is_counted_once() {
    let mut desk = Desk::new();
    desk.engine.set_hearing(Hearing { skip_silence: true, ..hearing(1.0) });
    desk.engine.load(Arc::new(Arriving::whole(with_a_hole())), true, 0.0);
    desk.work();
    desk.pull(1.2);
    assert!((desk.position() - 1.2).abs() < 0.01 && desk.engine.transport().saved_secs == 0.0);
    desk.pull(0.3);
    // 2.6 s of the three are gone.
    let transport = desk.engine.transport();
    assert!((transport.saved_secs - 2.6).abs() < 0.05, "{transport:?}");
    assert!((transport.position_secs - 1.5 - transport.saved_secs).abs() < 0.01, "{transport:?}");
    // Another choice keeps the count; the next recording does not.
    desk.engine.set_hearing(hearing(1.0));
    desk.work();
    desk.pull(0.1);
    assert_eq!(desk.engine.transport().saved_secs, transport.saved_secs);
    while desk.phase() != Phase::Ended {
        desk.pull(0.1);
    }
    desk.engine.load(Arc::new(Arriving::whole(with_a_hole())), true, 0.0);
    assert_eq!(desk.engine.transport().saved_secs, 0.0);
}

#[test]
fn a_loop_is_heard_over_and_over_and_ends_when_cleared() {
    for (speed, skip_silence) in [(1.0, false), (2.0, false), (1.0, true)] {
        let mut desk = at_speed("tone8k.mp3", 1.0);
        desk.engine.set_hearing(Hearing { skip_silence, ..hearing(speed) });
        desk.pull(1.0 / f64::from(speed));
        desk.engine.set_loop(Some(0.7), None);
        assert!((desk.position() - 1.0).abs() < 0.05, "A alone changes nothing");
        desk.engine.set_loop(Some(0.7), Some(1.2));
        desk.work();
        let mut heard = Vec::new();
        let mut passes = 0;
        let mut before = desk.position();
        for _ in 0..300 {
            heard.extend(desk.pull(0.01));
            let now = desk.position();
            assert!((0.69..1.21).contains(&now), "{now}");
            passes += i32::from(now < before - 0.1);
            before = now;
        }
        let due = (3.0 * f64::from(speed) / 0.5) as i32;
        assert!((due - 1..=due + 1).contains(&passes), "{passes} instead of {due}");
        let level = amplitude_at(&heard[heard.len() - 48_000..], 48_000.0, 3000.0);
        assert!(db(level / 0.475).abs() < 1.5, "{speed}x: {level}");
        let transport = desk.engine.transport();
        assert_eq!((transport.loop_from_secs, transport.loop_to_secs), (Some(0.7), Some(1.2)));
        assert_eq!((transport.underruns, transport.saved_secs), (0, 0.0));
        desk.engine.set_loop(None, None);
        desk.work();
        desk.pull(1.5 / f64::from(speed));
        assert!(desk.position() > before + 1.3, "it goes on: {}", desk.position());
    }
}

#[test]
fn b_at_the_present_place_starts_again_from_a_and_going_elsewhere_leaves_the_loop() {
    let mut desk = at_speed("tone.gsm", 1.0);
    desk.pull(2.0);
    desk.engine.set_loop(Some(1.0), Some(desk.position()));
    assert_eq!(desk.position(), 1.0);
    desk.work();
    desk.engine.seek(3.0);
    desk.work();
    desk.pull(0.5);
    assert!(desk.position() > 3.4, "beyond B nothing is repeated: {}", desk.position());
    // Behind the end, the end is B; both behind the end repeat nothing.
    desk.engine.set_loop(Some(3.5), Some(90.0));
    desk.work();
    desk.pull(2.0);
    assert_eq!(desk.phase(), Phase::Playing);
    desk.engine.set_loop(Some(80.0), Some(90.0));
    desk.work();
    desk.pull(2.0);
    assert_eq!(desk.phase(), Phase::Ended);
    desk.engine.set_loop(Some(2.5), Some(3.5));
    desk.engine.play();
    assert_eq!(desk.position(), 2.5, "from A, not from the start");
    desk.work();
    // A pause inside steps back to A at most; another recording has no loop.
    desk.engine.set_loop(Some(1.0), Some(2.0));
    desk.engine.set_hearing(Hearing::default());
    desk.engine.seek(1.3);
    desk.engine.play();
    desk.work();
    desk.pull(0.2);
    desk.engine.pause();
    desk.engine.play();
    assert_eq!(desk.position(), 1.0);
    desk.engine.load(Arc::new(Arriving::whole(fixture("tone.gsm"))), true, 0.0);
    assert_eq!(desk.engine.transport().loop_from_secs, None);
}

#[test]
fn one_side_of_a_stereo_call_is_heard_alone_at_once() {
    let mut desk = at_speed("stereo44k.mp3", 1.0);
    assert_eq!(desk.engine.transport().channels, Some(2));
    let loud = |heard: &[f32]| heard.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
    assert!(loud(&desk.pull(0.3)) > 0.05);
    desk.engine.set_hearing(Hearing { balance: 1.0, ..hearing(1.0) });
    assert!((desk.position() - 0.3).abs() < 1e-3, "nothing starts anew");
    let heard = desk.pull(0.3);
    assert_eq!(loud(&heard[480..]), 0.0, "the left is gone after a fade");
    assert!(heard[0].abs() > 0.0 || heard[1].abs() > 0.0);
    desk.engine.set_hearing(Hearing { balance: -1.0, ..hearing(1.0) });
    assert!(loud(&desk.pull(0.3)) > 0.05);
    assert_eq!(desk.engine.transport().underruns, 0);
    assert_eq!(at_speed("tone.gsm", 1.0).engine.transport().channels, Some(1));
}

#[test]
fn levelling_brings_the_tone_to_the_wanted_loudness_and_remembers_it_after_a_seek() {
    let mut desk = at_speed("tone8k.mp3", 1.0);
    let loudness = |heard: &[f32]| {
        db((heard.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / heard.len() as f64).sqrt())
    };
    desk.pull(0.5);
    let own = loudness(&desk.pull(0.5));
    desk.engine.set_hearing(Hearing { levelled: true, ..hearing(1.0) });
    desk.work();
    desk.pull(0.5);
    let levelled = loudness(&desk.pull(0.5));
    assert!(own > -10.0 && (levelled + 16.0).abs() < 1.5, "{own} and {levelled} dB: 6 dB down is the most");
    desk.engine.seek(0.5);
    desk.work();
    desk.pull(0.05);
    let after = loudness(&desk.pull(0.1));
    assert!((after - levelled).abs() < 0.5, "at once after a seek: {after} dB");
}

#[test]
fn choices_stay_inside_their_limits() {
    let wild = Hearing { speed: 90.0, step_back_secs: f32::NAN, ..Hearing::default() };
    assert_eq!(wild.within_limits(), Hearing { speed: 3.0, ..Hearing::default() });
    let tame = Hearing { speed: 0.0, step_back_secs: -1.0, ..Hearing::default() };
    assert_eq!(tame.within_limits(), hearing(0.5));
}

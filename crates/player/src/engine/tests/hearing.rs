//! How it is heard: speed and going on after a pause. Positions are the recording's own throughout.

use super::*;

fn at_speed(name: &str, speed: f32) -> Desk {
    let mut desk = Desk::new();
    desk.engine.set_hearing(Hearing { speed, step_back_secs: 0.0 });
    desk.engine.load(Arc::new(Arriving::whole(fixture(name))), Format::Sniff, true);
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
    let mut desk = at_speed("tone.gsm", 1.0);
    let mut heard = desk.pull(1.0);
    let mut due = 1.0;
    for speed in [1.5, 2.0, 0.75] {
        desk.engine.set_hearing(Hearing { speed, step_back_secs: 0.0 });
        assert!((desk.position() - due).abs() < 1e-6, "nothing moves by itself: {}", desk.position());
        desk.work();
        heard.extend(desk.pull(0.5));
        due += 0.5 * f64::from(speed);
        // The device finishes the buffer it is filling before it comes to the new speed.
        assert!((desk.position() - due).abs() < 0.025 * f64::from(speed), "{speed}x: {}", desk.position());
        due = desk.position();
    }
    // The coder takes a moment to find the tone; what comes after is smooth.
    let steepest = heard[4800..].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    // The tone's own steepest step is 0.065; a cut can be 0.5.
    assert!(steepest < 0.09, "{steepest}");
    assert_eq!(desk.engine.transport().underruns, 0);
}

#[test]
fn after_a_pause_it_goes_on_a_little_earlier_unless_the_person_went_elsewhere() {
    let mut desk = at_speed("tone.gsm", 1.0);
    desk.engine.set_hearing(Hearing { speed: 1.0, step_back_secs: 1.5 });
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
fn choices_stay_inside_their_limits() {
    let wild = Hearing { speed: 90.0, step_back_secs: f32::NAN };
    assert_eq!(wild.within_limits(), Hearing { speed: 3.0, step_back_secs: 1.5 });
    let tame = Hearing { speed: 0.0, step_back_secs: -1.0 };
    assert_eq!(tame.within_limits(), Hearing { speed: 0.5, step_back_secs: 0.0 });
}

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::*;
use crate::testing::{Arriving, amplitude_at, fixture, steady_tone};
use crate::wire::Phase;

/// Far longer than anything here takes: what ends a test that would hang.
const LONG: Duration = Duration::from_secs(20);

/// Events up to the first one the test waits for.
fn until(events: &Receiver<Event>, mut done: impl FnMut(&Event) -> bool) -> Vec<Event> {
    let mut seen = Vec::new();
    loop {
        let event = events.recv_timeout(LONG).unwrap_or_else(|_| panic!("it never came after {seen:?}"));
        let last = done(&event);
        seen.push(event);
        if last {
            return seen;
        }
    }
}

fn in_phase(phase: Phase) -> impl FnMut(&Event) -> bool {
    move |event| matches!(&event.news, News::Transport(transport) if transport.phase == phase)
}

#[test]
fn a_recording_is_loaded_heard_and_replaced() {
    let player = Player::start(OutputChoice::None);
    let events = player.events();
    player.load(Arc::new(Arriving::whole(fixture("tone.gsm"))), true);
    let seen = until(&events, in_phase(Phase::Playing));
    assert!(seen.iter().any(|event| event.news == News::Reset), "{seen:?}");
    assert_eq!(player.first_sample_at(), None, "nothing was pulled yet");
    let before = Instant::now();
    let heard = player.pull(48_000).unwrap();
    assert!(heard.iter().any(|sample| sample.abs() > 0.3));
    assert!(player.first_sample_at().unwrap() >= before);
    until(&events, |event| matches!(&event.news, News::Transport(t) if (t.position_secs - 1.0).abs() < 1e-9));
    // The whole waveform comes, in order, whatever the sound does.
    let mut bars = 0;
    let late = player.events();
    until(&late, |event| {
        if let News::Peaks(peaks) = &event.news {
            assert_eq!(peaks.from, bars);
            bars += peaks.bars.len() as u32;
        }
        player.pull(4800);
        bars == 4 * BARS
    });
    player.load(Arc::new(Arriving::whole(b"<html>".to_vec())), true);
    let seen = until(&events, in_phase(Phase::Failed));
    assert!(seen.iter().any(|event| event.news == News::Reset));
    assert_eq!(player.transport().problem.as_deref(), Some("notAudio"));
    assert_eq!(player.first_sample_at(), None, "forgotten with the recording it belonged to");
    player.unload(0);
    until(&events, in_phase(Phase::Empty));
    // The last handle ends the thread: the events end with it.
    let other = player.clone();
    drop(player);
    other.set_volume(0.25);
    until(
        &events,
        |event| matches!(&event.news, News::Transport(t) if (t.volume - 0.25).abs() < f32::EPSILON),
    );
    drop(other);
    assert_eq!(events.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected));
}

#[test]
fn a_chime_is_heard_beside_the_recording_and_leaves_it_alone() {
    let alone = Player::start(OutputChoice::None);
    alone.chime(Chime::Bad);
    let began = Instant::now();
    // The chime comes with the next wish the thread takes.
    while !alone.pull(480).unwrap().iter().any(|sample| sample.abs() > 0.05) {
        assert!(began.elapsed() < LONG, "no chime without a recording");
    }
    let rest = alone.pull(48_000).unwrap();
    assert!(rest[48_000..].iter().all(|sample| *sample == 0.0), "it ends");
    assert_eq!(alone.transport().phase, Phase::Empty);

    let heard = |chimes: bool| {
        let player = Player::start(OutputChoice::None);
        let events = player.events();
        player.load(Arc::new(Arriving::whole(fixture("tone.gsm"))), true);
        until(&events, in_phase(Phase::Playing));
        if chimes {
            player.chime(Chime::Warn);
            // Taken in order: once this shows, the chime is in the mixer.
            player.set_volume(0.5);
            until(&events, |event| matches!(&event.news, News::Transport(t) if t.volume < 0.6));
            player.set_volume(1.0);
            until(&events, |event| matches!(&event.news, News::Transport(t) if t.volume > 0.6));
        }
        let sound: Vec<f32> = player.pull(24_000).unwrap().chunks_exact(2).map(|pair| pair[0]).collect();
        until(
            &events,
            |event| matches!(&event.news, News::Transport(t) if (t.position_secs - 0.5).abs() < 1e-9),
        );
        assert_eq!(player.transport().underruns, 0);
        [660.0, 1000.0].map(|hertz| amplitude_at(&sound, 48_000.0, hertz))
    };
    let ([without, tone], [with, beside]) = (heard(false), heard(true));
    assert!(with > 4.0 * without.max(0.002), "{with} against {without}");
    assert!((20.0 * (beside / tone).log10()).abs() < 0.2, "the recording: {beside} instead of {tone}");
}

#[test]
fn what_is_told_says_which_wishes_are_in_it() {
    let player = Player::start(OutputChoice::None);
    let events = player.events();
    player.load(Arc::new(Arriving::whole(fixture("tone.gsm"))), false);
    until(&events, in_phase(Phase::Paused));
    assert_eq!((player.wished(), player.transport().obeyed), (0, 0), "a recording is no wish");
    player.seek(2.0);
    player.seek_by(1.0);
    player.set_volume(0.5);
    player.set_loop(Some(2.5), Some(3.5));
    player.set_hearing(Hearing { levelled: true, ..Hearing::default() });
    player.seek_by(-1.5);
    assert_eq!(player.wished(), 6);
    let told = until(&events, |event| matches!(&event.news, News::Transport(t) if t.obeyed == 6));
    for event in told {
        let News::Transport(t) = event.news else { continue };
        let place = [0.0, 2.0, 3.0, 3.0, 3.0, 3.0, 1.5][t.obeyed as usize];
        assert!((t.position_secs - place).abs() < 1e-6, "after {} wishes: {}", t.obeyed, t.position_secs);
        assert_eq!((t.volume < 0.6, t.loop_to_secs.is_some()), (t.obeyed >= 3, t.obeyed >= 4), "{t:?}");
        assert_eq!(t.hearing.levelled, t.obeyed >= 5);
    }
    // What changes nothing is counted as well: whoever sent it waits for it.
    player.seek(f64::NAN);
    until(&events, |event| matches!(&event.news, News::Transport(t) if t.obeyed == player.wished()));
}

/// Further into it than a seek decodes on its way: what the waveform's thread has learned is needed.
#[test]
fn a_steady_tone_is_heard_after_a_seek_far_into_it() {
    let player = Player::start(OutputChoice::None);
    let events = player.events();
    let tone: Vec<u8> =
        steady_tone(250).iter().flat_map(oxideav_gsm::UnpackedFrame::to_gsm_byte_frame).collect();
    player.load(Arc::new(Arriving::whole(tone)), true);
    let last = 250 * BARS;
    until(&events, |event| matches!(&event.news, News::Peaks(p) if p.from + p.bars.len() as u32 == last));
    player.seek(243.7);
    until(&events, |event| matches!(&event.news, News::Transport(t) if t.position_secs > 243.0));
    until(&events, in_phase(Phase::Playing));
    let sound: Vec<f32> = player.pull(24_000).unwrap().chunks_exact(2).map(|pair| pair[0]).collect();
    let heard = amplitude_at(&sound[4800..], 48_000.0, 1000.0);
    assert!((20.0 * (heard / 0.488).log10()).abs() < 1.0, "{heard}");
}

const BARS: u32 = crate::peaks::BARS_PER_SECOND;

#[test]
fn positions_are_told_at_most_twenty_times_a_second() {
    let player = Player::start(OutputChoice::None);
    let events = player.events();
    player.load(Arc::new(Arriving::whole(fixture("speech8k.mp3"))), true);
    until(&events, in_phase(Phase::Playing));
    let began = Instant::now();
    let mut told = 0;
    while player.transport().phase == Phase::Playing {
        player.pull(480);
        told += events.try_iter().filter(|event| matches!(&event.news, News::Transport(_))).count();
        assert!(began.elapsed() < LONG);
    }
    let most = began.elapsed().as_secs_f64() * 20.0 + 4.0;
    assert!(told as f64 <= most, "{told} in {:?}", began.elapsed());
}

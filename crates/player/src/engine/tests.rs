use rodio::mixer::{MixerSource, mixer};

use super::*;
use crate::testing::{Arriving, amplitude_at, fixture, with_a_hole};

const RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(47_999);
const STEREO: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// An engine and a mixer the test pulls: the mixer is the clock.
struct Desk {
    engine: Engine,
    out: MixerSource,
}

impl Desk {
    fn new() -> Self {
        let mut engine = Engine::new(Arc::new(Shared::new()));
        engine.set_volume(1.0);
        let out = Self::plug(&mut engine, RATE);
        Self { engine, out }
    }

    fn plug(engine: &mut Engine, rate: NonZeroU32) -> MixerSource {
        let (input, out) = mixer(STEREO, rate);
        input.add(engine.connect(rate, STEREO));
        out
    }

    fn loaded(source: Arc<Arriving>) -> Self {
        let mut desk = Self::new();
        desk.engine.load(source, true, 0.0);
        desk.work();
        desk
    }

    /// Steps until there is nothing to do but wait.
    fn work(&mut self) -> Next {
        for _ in 0..1_000_000 {
            let next = self.engine.step();
            if next != Next::Again {
                return next;
            }
        }
        panic!("the engine never comes to rest");
    }

    /// Takes `secs` of sound, left channel, working all the while.
    fn pull(&mut self, secs: f64) -> Vec<f32> {
        let rate = f64::from(self.engine.rate);
        let mut left = Vec::new();
        for _ in 0..(secs * 100.0).round() as usize {
            for _ in 0..(rate / 100.0) as usize {
                left.push(self.out.next().unwrap());
                self.out.next().unwrap();
            }
            self.work();
        }
        left
    }

    fn phase(&self) -> Phase {
        self.engine.phase()
    }

    fn position(&self) -> f64 {
        self.engine.position()
    }
}

fn db(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

#[test]
fn a_tone_comes_out_with_its_length_pitch_and_level() {
    // Name, hertz, seconds, the coder's own rate, one frame.
    for (name, hertz, seconds, rate, frame) in
        [("tone8k.mp3", 3000.0, 6.0, 8000.0, 0.072), ("tone.gsm", 1000.0, 4.0, 8000.0, 0.020)]
    {
        let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture(name))));
        assert_eq!(desk.phase(), Phase::Playing, "{name}");
        let mut heard = Vec::new();
        while desk.phase() != Phase::Ended {
            heard.extend(desk.pull(0.01));
            assert!(heard.len() < 480_000, "{name} never ends");
        }
        // The encoder's delay and padding, two frames, are part of an MP3 without a tag.
        let secs = desk.position();
        assert!((secs - seconds).abs() <= 3.0 * frame, "{name}: {secs} s");
        assert_eq!(desk.engine.transport().duration_secs.map(|d| (d - secs).abs() < 1e-9), Some(true));
        let middle = &heard[heard.len() / 4..heard.len() * 3 / 4];
        let level = amplitude_at(middle, 48_000.0, hertz);
        let best = (-30..=30)
            .map(|step| hertz + f64::from(step) * 0.1)
            .max_by(|a, b| amplitude_at(middle, 48_000.0, *a).total_cmp(&amplitude_at(middle, 48_000.0, *b)))
            .unwrap();
        assert!((best - hertz).abs() <= 1.0, "{name}: {best} Hz");
        let rms = (middle.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / middle.len() as f64).sqrt();
        let expected = 0.5 / 2.0_f64.sqrt();
        let tolerance = if name.ends_with("gsm") { 1.0 } else { 0.5 };
        assert!(db(rms / expected).abs() <= tolerance, "{name}: {} dB off", db(rms / expected));
        let image = amplitude_at(middle, 48_000.0, rate - hertz);
        assert!(db(image / level) < -60.0, "{name}: image {} dB", db(image / level));
        assert_eq!(desk.engine.transport().underruns, 0, "{name}");
    }
}

#[test]
fn it_starts_with_one_second_of_sound_and_counts_what_it_lacks_later() {
    let source = Arc::new(Arriving::new(fixture("speech8k.mp3")));
    let mut desk = Desk::loaded(source.clone());
    assert_eq!((desk.phase(), desk.work()), (Phase::Buffering, Next::Bytes));
    source.arrive(0, 1800);
    desk.work();
    assert_eq!(desk.phase(), Phase::Buffering, "0.9 s are not enough");
    assert!(desk.pull(0.5).iter().all(|sample| *sample == 0.0), "nothing is heard before");
    source.arrive(1800, 6000);
    desk.work();
    assert_eq!(desk.phase(), Phase::Playing);
    let transport = desk.engine.transport();
    assert!((2.6..3.0).contains(&transport.buffered_secs), "{transport:?}");
    assert!(
        !transport.duration_exact && (transport.duration_secs.unwrap() - 10.1).abs() < 0.1,
        "{transport:?}"
    );
    desk.pull(2.0);
    assert_eq!(desk.engine.transport().underruns, 0);
    desk.pull(3.0);
    assert_eq!(
        (desk.phase(), desk.engine.transport().underruns),
        (Phase::Buffering, 1),
        "one lack, counted once"
    );
    let stopped = desk.position();
    assert!((2.6..3.0).contains(&stopped), "{stopped}");
    source.arrive(6000, u64::MAX);
    desk.work();
    desk.pull(1.0);
    assert_eq!(desk.phase(), Phase::Playing);
    assert!((desk.position() - stopped - 1.0).abs() < 0.02, "it goes on where it stopped");
    while desk.phase() != Phase::Ended {
        desk.pull(0.1);
    }
    let transport = desk.engine.transport();
    assert_eq!((transport.underruns, transport.problem), (1, None), "the end is no lack");
    assert!(transport.duration_exact);
}

#[test]
fn pause_seek_and_play_do_what_they_say() {
    let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture("vbr.mp3"))));
    desk.pull(1.0);
    assert!((desk.position() - 1.0).abs() < 1e-6, "{}", desk.position());
    desk.engine.pause();
    desk.pull(0.1);
    let held = desk.position();
    assert!((held - 1.005).abs() < 0.001, "a fade of 5 ms, then nothing: {held}");
    assert!(desk.pull(2.0).iter().all(|sample| *sample == 0.0));
    assert_eq!((desk.position(), desk.phase()), (held, Phase::Paused));
    desk.engine.seek(5.25);
    assert!((desk.position() - 5.25).abs() < 1e-9, "told at once");
    desk.pull(0.02);
    desk.engine.toggle();
    assert_eq!(desk.phase(), Phase::Playing, "ready already");
    desk.pull(0.5);
    assert!((desk.position() - 5.75).abs() < 1e-3, "{}", desk.position());
    desk.engine.seek_by(-5.0);
    desk.pull(0.01);
    desk.pull(0.25);
    assert!((desk.position() - 1.0).abs() < 1e-3, "{}", desk.position());
    desk.engine.seek(1e9);
    desk.work();
    desk.pull(0.01);
    let end = desk.engine.transport();
    assert_eq!((end.phase, Some(end.position_secs)), (Phase::Ended, end.duration_secs));
    desk.engine.play();
    desk.work();
    desk.pull(0.5);
    assert!((desk.position() - 0.5).abs() < 1e-3, "from the start again");
    assert_eq!(desk.engine.transport().underruns, 0);
    desk.engine.seek(f64::NAN);
    desk.engine.unload();
    assert_eq!((desk.phase(), desk.position()), (Phase::Empty, 0.0));
}

#[test]
fn a_seek_outside_asks_the_fetcher_and_sounds_from_there() {
    let source = Arc::new(Arriving::new(fixture("speech8k.mp3")));
    source.arrive(0, 4096);
    let mut desk = Desk::loaded(source.clone());
    desk.pull(0.5);
    desk.engine.seek(7.0);
    assert_eq!(desk.work(), Next::Bytes);
    assert_eq!(desk.phase(), Phase::Buffering);
    let asked = *source.wanted().last().unwrap();
    assert!((12_000..14_000).contains(&asked), "{asked}");
    source.arrive(asked, u64::MAX);
    assert!(
        desk.pull(0.01)[240..].iter().all(|sample| *sample == 0.0),
        "what was ready before the seek is not heard, 5 ms of ebbing away aside"
    );
    assert_eq!(desk.phase(), Phase::Playing);
    desk.pull(1.0);
    assert!((desk.position() - 8.0).abs() < 1e-3, "{}", desk.position());
}

#[test]
fn volume_is_as_the_ear_counts() {
    let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture("tone8k.mp3"))));
    desk.engine.set_volume(0.5);
    desk.pull(0.5);
    let half = amplitude_at(&desk.pull(1.0), 48_000.0, 3000.0);
    assert!((db(half / 0.5) + 18.06).abs() < 0.5, "{} dB", db(half / 0.5));
    assert!((desk.engine.transport().volume - 0.5).abs() < f32::EPSILON);
}

#[test]
fn a_recording_that_cannot_be_heard_says_why() {
    for (bytes, code) in [
        (b"".to_vec(), "empty"),
        (b"<!doctype html><title>Not found</title>".to_vec(), "notAudio"),
        (fixture("tone8k.mp3")[..50].to_vec(), "tooShort"),
    ] {
        let mut desk = Desk::loaded(Arc::new(Arriving::whole(bytes)));
        desk.pull(0.1);
        let transport = desk.engine.transport();
        assert_eq!((transport.phase, transport.problem.as_deref()), (Phase::Failed, Some(code)));
        desk.engine.play();
        assert_eq!(desk.phase(), Phase::Failed, "{code}: pressing play does not mend it");
    }
}

#[test]
fn a_cut_recording_plays_what_is_there_and_says_so() {
    let bytes = fixture("speech8k.mp3");
    let mut desk = Desk::loaded(Arc::new(Arriving::whole(bytes[..9000].to_vec())));
    assert_eq!(desk.engine.transport().problem.as_deref(), Some("truncated"));
    assert_eq!(desk.phase(), Phase::Playing);
    desk.pull(5.0);
    assert_eq!(desk.phase(), Phase::Ended);
    assert!((desk.position() - 4.464).abs() < 1e-6, "62 whole frames: {}", desk.position());
}

#[test]
fn when_the_network_gives_up_what_is_there_is_played_and_play_tries_again() {
    // The last frame that arrived is there in part: of GSM its mark alone, and its first half; of MP3 some of it.
    for (name, here) in [("speech8k.mp3", 5000), ("speech.gsm", 33 * 120 + 1), ("speech.gsm", 33 * 120 + 17)]
    {
        let source = Arc::new(Arriving::new(fixture(name)));
        source.arrive(0, here);
        let mut desk = Desk::loaded(source.clone());
        assert_eq!(desk.phase(), Phase::Playing, "{name}, {here} bytes");
        // It waits for more when the way to it ends.
        desk.pull(0.5);
        source.give_up();
        desk.pull(2.5);
        let failed = desk.engine.transport();
        let what = (failed.phase, failed.problem.as_deref());
        assert_eq!(what, (Phase::Failed, Some("readFailed")), "{name}, {here} bytes");
        // The last frames of GSM before a break wait for what comes after them.
        assert!((2.2..2.5).contains(&failed.position_secs), "{name}: {failed:?}");
        source.arrive(here, u64::MAX);
        desk.engine.play();
        desk.work();
        desk.pull(0.5);
        assert_eq!((desk.phase(), desk.engine.transport().problem), (Phase::Playing, None), "{name}");
        assert!((desk.position() - failed.position_secs - 0.5).abs() < 0.01, "{name}: {}", desk.position());
    }
}

#[test]
fn without_a_device_the_clock_stands_and_another_device_goes_on_from_there() {
    let mut desk = Desk::loaded(Arc::new(Arriving::whole(fixture("tone8k.mp3"))));
    desk.pull(1.5);
    desk.engine.disconnect();
    desk.work();
    let transport = desk.engine.transport();
    assert_eq!((transport.phase, transport.problem.as_deref()), (Phase::Paused, Some("noDevice")));
    assert!((transport.position_secs - 1.5).abs() < 1e-3);
    assert!(transport.duration_exact, "the rest of the transport works");
    // The next one has another rate.
    desk.out = Desk::plug(&mut desk.engine, NonZeroU32::new(44_100).unwrap());
    desk.work();
    let heard = desk.pull(1.0);
    assert!((desk.position() - 2.5).abs() < 1e-3, "{}", desk.position());
    assert_eq!(desk.engine.transport().problem, None);
    let level = amplitude_at(&heard[4410..], 44_100.0, 3000.0);
    assert!(db(level / 0.5).abs() < 0.5, "{level}");
}

mod going_on;
mod hearing;

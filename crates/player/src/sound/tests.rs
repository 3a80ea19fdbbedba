//! Signals whose answer is known: every figure is worked out by hand from how the signal was made.

use proptest::prelude::*;

use super::channel::{loudness, loudness_of};
use super::{Blocks, SOUND_VERSION};
use crate::wire::{SoundFigures, SoundKind, SoundReport};

mod coded;

pub(super) const RATE: u32 = 8000;

/// Chance that is the same in every run, -1 to 1.
fn noise(state: &mut u32) -> f32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (f64::from(*state) / f64::from(u32::MAX) * 2.0 - 1.0) as f32
}

fn frames(secs: f64) -> usize {
    (secs * f64::from(RATE)).round() as usize
}

fn silence(secs: f64) -> Vec<f32> {
    vec![0.0; frames(secs)]
}

fn hiss(secs: f64, amplitude: f32) -> Vec<f32> {
    let mut state = 7;
    (0..frames(secs)).map(|_| amplitude * noise(&mut state)).collect()
}

pub(super) fn tone(secs: f64, hertz: f64, amplitude: f64) -> Vec<f32> {
    let wave = |at| (std::f64::consts::TAU * hertz * f64::from(at) / f64::from(RATE)).sin();
    (0..frames(secs) as u32).map(|at| (amplitude * wave(at)) as f32).collect()
}

/// Something with the ups and downs of speech: syllables of 120 to 280 ms with short gaps, a breath every few; it begins
/// and ends with a syllable.
fn speech(secs: f64, amplitude: f32) -> Vec<f32> {
    let mut state = (secs * 1000.0) as u32 + 3;
    let mut pcm = Vec::new();
    let mut syllable = 0;
    while pcm.len() < frames(secs) {
        let long = frames(0.2 + 0.08 * f64::from(noise(&mut state)));
        let loud = amplitude * (0.65 + 0.35 * noise(&mut state));
        let pitch = 140.0 + 40.0 * f64::from(noise(&mut state));
        for at in 0..long {
            let shape = (std::f32::consts::PI * at as f32 / long as f32).sin();
            let turn = std::f64::consts::TAU * pitch * at as f64 / f64::from(RATE);
            let voice = (turn.sin() + 0.5 * (2.0 * turn).sin() + 0.3 * (5.0 * turn).sin()) / 1.8;
            pcm.push(loud * shape * voice as f32);
        }
        syllable += 1;
        let gap = if syllable % 7 == 0 { 0.35 } else { 0.05 + 0.03 * f64::from(noise(&mut state)) };
        pcm.extend(silence(gap));
    }
    pcm.truncate(frames(secs));
    // However it is cut, its ends sound.
    let end = pcm.len();
    for at in 0..frames(0.15).min(end) {
        let sound = amplitude * (std::f32::consts::TAU * 150.0 * at as f32 / RATE as f32).sin();
        pcm[at] = sound;
        pcm[end - 1 - at] = sound;
    }
    pcm
}

/// Chords of a few voices that swell a little: what a caller is put on hold with.
fn music(secs: f64, amplitude: f64) -> Vec<f32> {
    const CHORDS: [[f64; 3]; 4] =
        [[262.0, 330.0, 392.0], [220.0, 262.0, 330.0], [349.0, 440.0, 523.0], [392.0, 494.0, 587.0]];
    (0..frames(secs))
        .map(|at| {
            let secs = at as f64 / f64::from(RATE);
            let chord = CHORDS[(secs / 1.7) as usize % CHORDS.len()];
            let voices: f64 = chord.iter().map(|hertz| (std::f64::consts::TAU * hertz * secs).sin()).sum();
            let swell = 0.8 + 0.2 * (std::f64::consts::TAU * 0.31 * secs).sin();
            (amplitude * swell * voices / 3.0) as f32
        })
        .collect()
}

/// A drum twice a second that dies away: as uneven as speech, but on the beat.
fn drums(secs: f64, amplitude: f32) -> Vec<f32> {
    let mut state = 11;
    let beat = frames(0.5);
    (0..frames(secs))
        .map(|at| amplitude * (-((at % beat) as f32) / 700.0).exp() * noise(&mut state))
        .collect()
}

/// Ringing: 425 Hz, one second in five.
fn ringing(times: usize) -> Vec<f32> {
    [tone(1.0, 425.0, 0.2), silence(4.0)].concat().repeat(times)
}

pub(super) fn measured(pcm: &[f32], channels: u8) -> SoundReport {
    let mut blocks = Blocks::new(RATE, channels);
    blocks.push(pcm);
    blocks.report(true).unwrap()
}

fn figures(pcm: &[f32]) -> SoundFigures {
    measured(pcm, 1).figures
}

fn both(left: &[f32], right: &[f32]) -> Vec<f32> {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).flat_map(|(left, right)| [*left, *right]).collect()
}

/// Stretches of a kind, in tenths of seconds.
pub(super) fn tenths(report: &SoundReport, kind: SoundKind) -> Vec<(i64, i64)> {
    let round = |secs: f64| (secs * 10.0).round() as i64;
    let of = report.stretches.iter().filter(|one| one.kind == kind);
    of.map(|one| (round(one.from_secs), round(one.to_secs))).collect()
}

#[track_caller]
pub(super) fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found}, not {wanted}");
}

#[test]
fn silences_are_as_long_as_they_are() {
    for quiet in [silence as fn(f64) -> Vec<f32>, |secs| hiss(secs, 0.002)] {
        let pcm = [
            speech(10.0, 0.4),
            quiet(3.0),
            speech(5.0, 0.4),
            quiet(1.5),
            speech(5.0, 0.4),
            quiet(31.0),
            speech(4.0, 0.4),
        ];
        let report = measured(&pcm.concat(), 1);
        // The second and a half is a pause.
        assert_eq!(tenths(&report, SoundKind::Silence), [(100, 130), (245, 555)]);
        near(report.figures.silence_secs, 34.0, 0.1);
        near(report.figures.longest_silence_secs, 31.0, 0.05);
        near(report.figures.measured_secs, 59.5, 0.001);
        assert_eq!((report.figures.hold_secs, report.figures.clipped_secs), (0.0, 0.0));
        assert_eq!((report.figures.overlap_secs, report.figures.sides.len()), (None, 0));
    }
}

#[test]
fn a_click_does_not_end_a_silence() {
    let mut pcm = [speech(5.0, 0.4), silence(20.0), speech(5.0, 0.4)].concat();
    for at in 0..80 {
        pcm[frames(15.0) + at] = if at % 2 == 0 { 0.5 } else { -0.5 };
    }
    near(figures(&pcm).longest_silence_secs, 20.0, 0.05);
}

#[test]
fn a_quiet_caller_is_not_silent_and_a_noisy_line_is() {
    for amplitude in [0.8, 0.1, 0.02, 0.008] {
        let quiet = figures(&[speech(20.0, amplitude), silence(5.0)].concat());
        near(quiet.silence_secs, 5.0, 0.1);
    }
    // -36 dB of noise all along; speech 20 dB above it.
    let noisy: Vec<f32> = [speech(20.0, 0.6), silence(10.0), speech(20.0, 0.6)].concat();
    let noisy: Vec<f32> = noisy.iter().zip(hiss(50.0, 0.027)).map(|(voice, line)| voice + line).collect();
    near(figures(&noisy).longest_silence_secs, 10.0, 0.1);
}

#[test]
fn nothing_but_direct_current_is_silence() {
    for pcm in [silence(12.0), vec![0.4; frames(12.0)], hiss(12.0, 0.0005)] {
        let none = figures(&pcm);
        near(none.longest_silence_secs, 12.0, 0.001);
        assert_eq!((none.level_db, none.hold_secs, none.clipped_secs), (None, 0.0, 0.0));
    }
    let mut blocks = Blocks::new(RATE, 1);
    blocks.push(&[0.1; 100]);
    assert_eq!(blocks.report(true), None, "less than a block is not known, and not zero");
}

#[test]
fn the_level_is_that_of_what_sounds() {
    // A sine's RMS is 3 dB below its peak.
    for (amplitude, db) in [(1.0, -3.0), (0.5, -9.0), (0.05, -29.0), (0.005, -49.0)] {
        let level = |pcm: &[f32]| f64::from(figures(pcm).level_db.unwrap());
        near(level(&tone(5.0, 440.0, amplitude * 0.99)), db, 0.4);
        near(level(&[tone(5.0, 440.0, amplitude * 0.99), silence(60.0)].concat()), db, 0.4);
        let shifted: Vec<f32> = tone(5.0, 440.0, amplitude * 0.4).iter().map(|one| one + 0.5).collect();
        near(level(&shifted), db - 8.0, 0.4);
    }
    // Hold does not count towards how loud people are.
    let held = [speech(20.0, 0.1), music(30.0, 0.9)].concat();
    let alone = figures(&speech(20.0, 0.1)).level_db.unwrap();
    near(f64::from(figures(&held).level_db.unwrap()), f64::from(alone), 1.0);
}

#[test]
fn hold_is_found_and_speech_is_none() {
    let around = |hold: Vec<f32>| measured(&[speech(15.0, 0.4), hold, speech(15.0, 0.4)].concat(), 1);
    let engaged = [tone(0.5, 425.0, 0.2), silence(0.5)].concat().repeat(20);
    for hold in [music(20.0, 0.4), drums(20.0, 0.8), tone(20.0, 425.0, 0.2), hiss(20.0, 0.3), engaged] {
        let report = around(hold);
        let found = tenths(&report, SoundKind::Hold);
        let [(from, to)] = found[..] else { panic!("one stretch of hold: {found:?}") };
        assert!((from - 150).abs() <= 12 && (to - 350).abs() <= 12, "{from}..{to}");
        assert_eq!(report.figures.silence_secs, 0.0);
    }
    // Ringing: its pauses are no silence, what follows the last is.
    let rung = around([silence(1.0), ringing(4)].concat());
    assert_eq!(tenths(&rung, SoundKind::Hold), [(160, 320)]);
    assert_eq!(tenths(&rung, SoundKind::Silence), [(320, 360)]);
    for secs in [30.0, 61.0, 200.0, 600.0] {
        let spoken = figures(&speech(secs, 0.4));
        assert_eq!((spoken.hold_secs, spoken.silence_secs), (0.0, 0.0), "{secs} s of speech");
    }
    // A beep is not hold.
    assert_eq!(
        figures(&[speech(9.0, 0.4), tone(3.0, 1000.0, 0.3), speech(9.0, 0.4)].concat()).hold_secs,
        0.0
    );
}

#[test]
fn two_sides_are_told_apart_and_who_talks_over_whom() {
    // The left one speaks 0-10 and 14-24, the right one 8-15 and 30-40: together 8-10 and 14-15.
    let left = [speech(10.0, 0.4), silence(4.0), speech(10.0, 0.4), silence(16.0)].concat();
    let right = [silence(8.0), speech(7.0, 0.2), silence(15.0), speech(10.0, 0.2)].concat();
    let report = measured(&both(&left, &right), 2);
    assert_eq!(tenths(&report, SoundKind::Overlap), [(80, 100), (140, 150)]);
    assert_eq!(tenths(&report, SoundKind::Silence), [(240, 300)]);
    let SoundFigures { overlap_secs, sides, .. } = report.figures;
    near(overlap_secs.unwrap(), 3.0, 0.1);
    near(sides[0].talk_secs, 20.0, 0.3);
    near(sides[1].talk_secs, 17.0, 0.3);
    let apart = sides[0].level_db.unwrap() - sides[1].level_db.unwrap();
    near(f64::from(apart), 6.0, 1.0);
}

#[test]
fn a_voice_that_leaks_to_the_other_side_is_still_one_voice() {
    let (ana, caller) = (
        [speech(10.0, 0.5), silence(10.0), speech(10.0, 0.5)].concat(),
        [silence(10.0), speech(10.0, 0.5), silence(10.0)].concat(),
    );
    // 26 dB lower on the other side.
    let leak =
        |own: &[f32], other: &[f32]| own.iter().zip(other).map(|(own, other)| own + 0.05 * other).collect();
    let (left, right): (Vec<f32>, Vec<f32>) = (leak(&ana, &caller), leak(&caller, &ana));
    let SoundFigures { overlap_secs, sides, .. } = measured(&both(&left, &right), 2).figures;
    near(overlap_secs.unwrap(), 0.0, 0.05);
    near(sides[0].talk_secs, 20.0, 0.5);
    near(sides[1].talk_secs, 10.0, 0.5);
}

#[test]
fn the_same_on_both_sides_has_no_sides() {
    let voice = speech(12.0, 0.4);
    let SoundFigures { overlap_secs, sides, level_db, .. } = measured(&both(&voice, &voice), 2).figures;
    assert_eq!((overlap_secs, sides.len(), level_db), (None, 0, figures(&voice).level_db));
}

#[test]
fn what_is_cut_off_is_told_and_what_is_loud_is_not() {
    let loud = tone(10.0, 330.0, 0.98);
    assert_eq!(figures(&loud).clipped_secs, 0.0);
    let cut: Vec<f32> = tone(2.0, 330.0, 1.6).iter().map(|one| one.clamp(-1.0, 1.0)).collect();
    let pcm = [speech(4.0, 0.4), cut.clone(), speech(4.0, 0.4)].concat();
    let report = measured(&pcm, 1);
    near(report.figures.clipped_secs, 2.0, 0.05);
    assert_eq!(tenths(&report, SoundKind::Clipping), [(40, 60)]);
    // On one side it is that side's.
    let sides = measured(&both(&pcm, &speech(10.0, 0.4)), 2).figures.sides;
    near(sides[0].clipped_secs, 2.0, 0.05);
    assert_eq!(sides[1].clipped_secs, 0.0);
}

#[test]
fn a_block_knows_its_loudness() {
    assert_eq!((loudness(0), loudness(-40), loudness(-200)), (255, 175, 0));
    assert_eq!(loudness_of(&[1.0, -1.0].repeat(80)), 255);
    assert_eq!((loudness_of(&[0.0; 160]), loudness_of(&[f32::NAN; 160])), (0, 0));
    assert_eq!(SOUND_VERSION, 1, "when what is found in these signals changes, so does the version");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn how_it_is_cut_up_changes_nothing_and_every_figure_is_inside_its_limits(
        turns in proptest::collection::vec((0.0_f64..4.0, 0_u8..5), 1..8), cut in 1_usize..5000, channels in 1_u8..3,
    ) {
        let pcm: Vec<f32> = turns.iter().flat_map(|(secs, kind)| match kind {
            0 => silence(*secs),
            1 => speech(*secs, 0.4),
            2 => music(*secs, 0.3),
            3 => hiss(*secs, 1.0),
            _ => vec![f32::NAN; frames(*secs)],
        }).collect();
        let mut pieces = Blocks::new(RATE, channels);
        for piece in pcm.chunks(cut * usize::from(channels)) {
            pieces.push(piece);
        }
        let mut whole = Blocks::new(RATE, channels);
        whole.push(&pcm);
        prop_assert_eq!(pieces.report(true), whole.report(true));
        let Some(SoundReport { figures, stretches }) = whole.report(false) else { return Ok(()) };
        let SoundFigures { measured_secs, silence_secs, longest_silence_secs, hold_secs, .. } = figures;
        prop_assert!(!figures.whole && silence_secs + hold_secs <= measured_secs + 1e-6);
        prop_assert!(longest_silence_secs <= silence_secs + 1e-6);
        prop_assert!(figures.level_db.is_none_or(|db| db.is_finite() && db <= 0.0));
        prop_assert!(stretches.iter().all(|one| 0.0 <= one.from_secs && one.from_secs < one.to_secs && one.to_secs <= measured_secs + 1e-6));
        prop_assert!(stretches.is_sorted_by(|a, b| a.from_secs <= b.from_secs));
    }
}

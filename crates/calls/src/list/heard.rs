//! The columns of what can be heard: their texts and what they are in order of. What was never measured has neither.

use atalaya_player::wire::SoundFigures;

use crate::wire::Column;

/// What a column of what can be heard is in order of; `None` for what is not known, and for any other column.
pub(super) fn figure(sound: &SoundFigures, column: Column) -> Option<f64> {
    let percent = |secs: f64| secs * 100.0 / sound.measured_secs.max(0.001);
    match column {
        Column::Silence => Some(percent(sound.silence_secs)),
        Column::LongestSilence => Some(sound.longest_silence_secs),
        Column::Hold => Some(sound.hold_secs),
        Column::Level => sound.level_db.map(f64::from),
        Column::Clipping => Some(sound.clipped_secs),
        Column::TalkOver => sound.overlap_secs.map(percent),
        Column::Sides => match sound.sides.as_slice() {
            [left, right] => {
                let both = left.talk_secs + right.talk_secs;
                (both > 0.0).then(|| left.talk_secs * 100.0 / both)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The text of its cell, durations as `clock` writes them; nothing where there is no figure.
pub(super) fn text(sound: &SoundFigures, column: Column, clock: impl Fn(u32) -> String) -> String {
    let Some(figure) = figure(sound, column) else { return String::new() };
    match column {
        Column::LongestSilence | Column::Hold => clock(figure.round() as u32),
        Column::Level => format!("{figure:.0} dB"),
        Column::Clipping => format!("{figure:.1} s"),
        Column::Sides => format!("{:.0} / {:.0} %", figure.round(), 100.0 - figure.round()),
        _ => format!("{figure:.0} %"),
    }
}

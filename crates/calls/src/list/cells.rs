//! A call's cells as text: for a spreadsheet, the clipboard, and for finding a word in what is shown.

use super::{CallList, heard};
use crate::table::{Others, UNKNOWN};
use crate::texts::TextId;
use crate::wire::Column;

/// Seconds as `m:ss` or `h:mm:ss`; nothing for what nobody knows.
fn clock(secs: u32) -> String {
    match secs {
        UNKNOWN => String::new(),
        secs if secs < 3_600 => format!("{}:{:02}", secs / 60, secs % 60),
        secs => format!("{}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60),
    }
}

/// Seconds of the server's clock as the server writes them.
pub(super) fn moment_text(secs: i64) -> String {
    chrono::DateTime::from_timestamp(secs, 0)
        .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

pub(super) fn text(list: &CallList, place: u32, column: Column) -> String {
    let row = &list.table.rows[place as usize];
    let texts = &list.table.texts;
    let plain = |id: TextId| texts.get(id).to_owned();
    let said = |prefix: &str, id: TextId| {
        let value = texts.get(id);
        list.view.words.get(&format!("{prefix}{value}")).cloned().unwrap_or_else(|| value.to_owned())
    };
    match column {
        Column::Time => row.at.text(texts),
        Column::Campaign => plain(row.campaign),
        Column::Direction => {
            let name = row.direction.name();
            list.view.words.get(&format!("direction.{name}")).map_or(name, String::as_str).to_owned()
        }
        Column::Agent if !row.answered && row.others == Others::Unread => {
            list.view.words.get("othersUnread").map_or("not known", String::as_str).to_owned()
        }
        Column::Agent => plain(row.agent),
        Column::Rung => {
            let mut names: Vec<&str> = Vec::new();
            for name in row.legs.iter().map(|leg| texts.get(leg.agent)) {
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
            names.join(", ")
        }
        Column::Number => plain(row.number()),
        Column::Source => plain(row.source),
        Column::Destination => plain(row.destination),
        Column::Length => clock(row.length),
        Column::Talk => clock(row.talk),
        Column::Wait => clock(row.wait),
        Column::Outcome => said("outcome.", row.outcome),
        Column::Cause => said("cause.", row.cause),
        Column::Rating => {
            if row.rating > 0 {
                row.rating.to_string()
            } else {
                String::new()
            }
        }
        Column::Legs => row.legs.len().to_string(),
        Column::Tags => list.tags_of(place).to_owned(),
        Column::Heard => {
            list.mark_of(place).heard.map(|part| format!("{:.0} %", part * 100.0)).unwrap_or_default()
        }
        Column::Flag => {
            let word = list.view.words.get("flagged").map_or("*", String::as_str);
            if list.mark_of(place).flagged { word.to_owned() } else { String::new() }
        }
        Column::Later => list.answered_later(place).map(moment_text).unwrap_or_default(),
        Column::Guid => row.guid.to_string(),
        Column::Silence
        | Column::LongestSilence
        | Column::Hold
        | Column::Level
        | Column::Clipping
        | Column::TalkOver
        | Column::Sides => {
            list.sound_of(place).map(|sound| heard::text(sound, column, clock)).unwrap_or_default()
        }
    }
}

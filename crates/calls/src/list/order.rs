//! Putting calls in order: one number for each call, and the numbers are sorted.

use super::words::fold;
use super::{CallList, heard};
use crate::table::UNKNOWN;
use crate::texts::{NONE, TextId, Texts};
use crate::wire::{Column, Direction};

/// Comes last whichever way the order goes.
const LAST: u64 = u64::MAX;

/// The place of each text among all of them in order; learned when something is put in order of a text.
#[derive(Debug, Default)]
pub(crate) struct Ranks(Vec<u32>);

impl Ranks {
    pub(super) fn learn(&mut self, texts: &Texts, sort: Column) {
        let by_text = matches!(
            sort,
            Column::Campaign
                | Column::Agent
                | Column::Rung
                | Column::Number
                | Column::Source
                | Column::Destination
                | Column::Outcome
                | Column::Cause
        );
        if !by_text || self.0.len() == texts.len() {
            return;
        }
        let mut folded: Vec<(String, u32)> =
            texts.iter().enumerate().map(|(id, text)| (fold(text), id as u32)).collect();
        folded.sort_unstable();
        self.0 = vec![0; folded.len()];
        let mut rank = 0;
        for (place, (text, id)) in folded.iter().enumerate() {
            // Texts that differ only in case or accents are the same for people.
            if place > 0 && folded[place - 1].0 != *text {
                rank += 1;
            }
            self.0[*id as usize] = rank;
        }
    }

    fn of(&self, id: TextId) -> u64 {
        if id == NONE { LAST } else { self.0.get(id as usize).map_or(LAST, |rank| u64::from(*rank)) }
    }
}

/// Puts places in the order of the view; calls that are alike stand with the newest first.
pub(super) fn sort(list: &CallList, shown: &mut Vec<u32>) {
    let down = list.view.down;
    let mut keyed: Vec<(u64, i64, u32)> = shown
        .iter()
        .map(|place| {
            let key = key(list, *place);
            let turned = if key == LAST || !down { key } else { LAST - 1 - key };
            (turned, -list.table.rows[*place as usize].at.order(), *place)
        })
        .collect();
    keyed.sort_unstable();
    shown.clear();
    shown.extend(keyed.into_iter().map(|(_, _, place)| place));
}

fn key(list: &CallList, place: u32) -> u64 {
    let row = &list.table.rows[place as usize];
    let figure = |secs: u32| if secs == UNKNOWN { LAST } else { u64::from(secs) };
    // Texts that are no moments are below zero, and come before all.
    let moment = |at: i64| at.saturating_add(1 << 40) as u64;
    match list.view.sort {
        Column::Time => moment(row.at.order()),
        Column::Campaign => list.ranks.of(row.campaign),
        Column::Direction => u64::from(row.direction == Direction::Outbound),
        Column::Agent => list.ranks.of(row.agent),
        Column::Rung => row.legs.first().map_or(LAST, |leg| list.ranks.of(leg.agent)),
        Column::Number => list.ranks.of(row.number()),
        Column::Source => list.ranks.of(row.source),
        Column::Destination => list.ranks.of(row.destination),
        Column::Length => figure(row.length),
        Column::Talk => figure(row.talk),
        Column::Wait => figure(row.wait),
        Column::Outcome => list.ranks.of(row.outcome),
        Column::Cause => list.ranks.of(row.cause),
        Column::Rating => {
            if row.rating > 0 {
                row.rating as u64
            } else {
                LAST
            }
        }
        Column::Legs => row.legs.len() as u64,
        // Letters enough to tell tags apart; those with the same beginning stand by time.
        Column::Tags => match list.tags_of(place) {
            "" => LAST,
            tags => {
                let folded = fold(tags);
                let mut bytes = [0; 8];
                for (slot, byte) in bytes.iter_mut().zip(folded.bytes()) {
                    *slot = byte;
                }
                u64::from_be_bytes(bytes)
            }
        },
        Column::Heard => list.mark_of(place).heard.map_or(LAST, |part| (f64::from(part) * 10_000.0) as u64),
        Column::Flag => {
            if list.mark_of(place).flagged {
                1
            } else {
                LAST
            }
        }
        Column::Later => list.answered_later(place).map_or(LAST, moment),
        column @ (Column::Silence
        | Column::LongestSilence
        | Column::Hold
        | Column::Level
        | Column::Clipping
        | Column::TalkOver
        | Column::Sides) => {
            let figure = list.sound_of(place).and_then(|sound| heard::figure(sound, column));
            // To a thousandth; decibels of full scale lie below zero.
            figure.map_or(LAST, |figure| ((figure + 1_000.0).max(0.0) * 1_000.0) as u64)
        }
        // Keys have no order that means something: as they came.
        Column::Guid => u64::from(place),
    }
}

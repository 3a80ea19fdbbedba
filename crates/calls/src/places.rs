//! The places a recording may be in, in the order worth asking.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use atalaya_ucontact::{Format, Host, Place};

/// What was learned of the places of one server.
#[derive(Debug, Default)]
pub(crate) struct PlaceStats {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The shape that won last, by day.
    last: HashMap<String, Shape>,
    /// The shape that won last at all.
    latest: Option<Shape>,
    seen: Vec<(Shape, Option<u16>, u32)>,
}

/// A place without its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    host: Host,
    in_day_folder: bool,
    format: Format,
}

fn shape_of(place: &Place) -> Shape {
    Shape { host: place.host, in_day_folder: place.day.is_some(), format: place.format }
}

/// The places of one encoding for these days. The day's folder comes first: only today's recordings lie in the root.
pub(crate) fn all(days: &[String], format: Format, with_backup: bool) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |host: Host, day: Option<&String>| {
        let place = Place { host, day: day.cloned(), format };
        if !places.contains(&place) {
            places.push(place);
        }
    };
    if let Some(likely) = days.first() {
        add(Host::Telephony, Some(likely));
    }
    add(Host::Telephony, None);
    if with_backup {
        if let Some(likely) = days.first() {
            add(Host::Backup, Some(likely));
        }
        add(Host::Backup, None);
    }
    for day in days.iter().skip(1) {
        add(Host::Telephony, Some(day));
        if with_backup {
            add(Host::Backup, Some(day));
        }
    }
    places
}

impl PlaceStats {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place that won last for a call of this day.
    pub(crate) fn likely(&self, day: Option<&String>) -> Option<Place> {
        let state = self.state();
        let shape = day.and_then(|day| state.last.get(day).copied()).or(state.latest)?;
        let folder = if shape.in_day_folder { Some(day?.clone()) } else { None };
        Some(Place { host: shape.host, day: folder, format: shape.format })
    }

    /// Whether a call of this day was found before.
    pub(crate) fn knows(&self, day: Option<&String>) -> bool {
        let state = self.state();
        day.map_or(state.latest.is_some(), |day| state.last.contains_key(day))
    }

    pub(crate) fn answered(&self, place: &Place, status: Option<u16>, day: Option<&String>, won: bool) {
        let shape = shape_of(place);
        let mut state = self.state();
        match state.seen.iter_mut().find(|(seen, _, _)| *seen == shape) {
            Some((_, last_status, wins)) => {
                *last_status = status.or(*last_status);
                *wins += u32::from(won);
            }
            None => state.seen.push((shape, status, u32::from(won))),
        }
        if won {
            state.latest = Some(shape);
            if let Some(day) = day {
                state.last.insert(day.clone(), shape);
            }
        }
    }

    /// Every shape of place asked so far: its last status, and recordings found there.
    pub(crate) fn seen(&self) -> Vec<(Place, Option<u16>, u32)> {
        self.state()
            .seen
            .iter()
            .map(|(shape, status, wins)| {
                let day = shape.in_day_folder.then(|| "yyyymmdd".to_owned());
                (Place { host: shape.host, day, format: shape.format }, *status, *wins)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_places_for_a_day_and_two_more_for_its_neighbour() {
        let days = ["20260131".to_owned(), "20260201".to_owned()];
        assert_eq!(all(&days[..1], Format::Mp3, true).len(), 4);
        assert_eq!(all(&days[..1], Format::Mp3, false).len(), 2);
        assert_eq!(all(&days, Format::Gsm, true).len(), 6);
        assert_eq!(all(&[], Format::Gsm, true).len(), 2);
    }

    #[test]
    fn the_winner_is_remembered_for_its_day_and_guessed_for_others() {
        let stats = PlaceStats::default();
        let (one, two) = ("20260131".to_owned(), "20260201".to_owned());
        assert_eq!(stats.likely(Some(&one)), None);
        let place = Place { host: Host::Backup, day: Some(one.clone()), format: Format::Gsm };
        stats.answered(&place, Some(206), Some(&one), true);
        assert_eq!(stats.likely(Some(&one)), Some(place));
        let guessed = stats.likely(Some(&two)).unwrap();
        assert_eq!((guessed.host, guessed.day.as_ref()), (Host::Backup, Some(&two)));
        assert!(stats.knows(Some(&one)) && !stats.knows(Some(&two)), "a guess is no knowledge");
        assert_eq!(stats.seen().len(), 1);
    }
}

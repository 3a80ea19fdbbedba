//! What there is to choose from in the calls fetched.

use std::collections::HashMap;

use crate::table::CallTable;
use crate::texts::{NONE, TextId};
use crate::wire::{Facet, Facets};

pub(super) fn of(table: &CallTable) -> Facets {
    let mut counted: [HashMap<TextId, u32>; 5] = Default::default();
    for row in &table.rows {
        for (which, id) in [(0, row.campaign), (2, row.outcome), (4, row.cause)] {
            *counted[which].entry(id).or_default() += 1;
        }
        for (at, leg) in row.legs.iter().enumerate() {
            // A call counts once, however often it rang the same phone.
            let before = &row.legs[..at];
            if before.iter().all(|other| other.agent != leg.agent) {
                *counted[1].entry(leg.agent).or_default() += 1;
            }
            if before.iter().all(|other| other.disposition != leg.disposition) {
                *counted[3].entry(leg.disposition).or_default() += 1;
            }
        }
    }
    let [campaigns, agents, outcomes, leg_outcomes, causes] = counted.map(|values| {
        let filled = values.into_iter().filter(|(id, _)| *id != NONE);
        let mut facets: Vec<Facet> =
            filled.map(|(id, calls)| Facet { value: table.texts.get(id).to_owned(), calls }).collect();
        facets.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.value.cmp(&b.value)));
        facets
    });
    Facets { campaigns, agents, outcomes, leg_outcomes, causes }
}

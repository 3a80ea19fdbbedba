//! From the vendor's numbers to the one visible state. Total: every number has one.

use crate::wire::AgentState;

/// The visible state of a status number and a pause. No number at all is an unknown state.
pub fn agent_state(status: Option<i32>, paused: bool) -> AgentState {
    match (status, paused) {
        (Some(4 | 5), _) => AgentState::Offline,
        (Some(2 | 3 | 7 | 8), true) => AgentState::BusyPaused,
        (Some(0 | 1 | 6 | 9), true) => AgentState::Paused,
        (Some(9), false) => AgentState::WrapUp,
        (Some(6 | 7), false) => AgentState::Ringing,
        (Some(8), false) => AgentState::OnHold,
        (Some(2 | 3), false) => AgentState::Busy,
        (Some(0 | 1), false) => AgentState::Available,
        // Paused says more than a number nobody knows.
        (None | Some(_), true) => AgentState::Paused,
        (None | Some(_), false) => AgentState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_state_in_the_right_order() {
        use AgentState::{Available, Busy, BusyPaused, Offline, OnHold, Paused, Ringing, Unknown, WrapUp};
        for (status, free, paused) in [
            (0, Available, Paused),
            (1, Available, Paused),
            (2, Busy, BusyPaused),
            (3, Busy, BusyPaused),
            (4, Offline, Offline),
            (5, Offline, Offline),
            (6, Ringing, Paused),
            (7, Ringing, BusyPaused),
            (8, OnHold, BusyPaused),
            (9, WrapUp, Paused),
            (10, Unknown, Paused),
            (-1, Unknown, Paused),
        ] {
            assert_eq!(agent_state(Some(status), false), free, "{status}");
            assert_eq!(agent_state(Some(status), true), paused, "{status} paused");
        }
        assert_eq!(agent_state(None, false), Unknown);
    }
}

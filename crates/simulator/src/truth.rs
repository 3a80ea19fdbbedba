//! What came of what it was told, for comparing with what a client says it did; and switches for a story to be played.
//!
//! Beside `Simulator::written`, which knows of tags and dispositions.

use crate::Simulator;
use crate::faults::Endpoint;
use crate::world::{Blacklisted, DialerList, HangUp, MadeCall, Member, Sms, Upload};

impl Simulator {
    /// How often an operation was carried out, whatever became of the answers.
    pub fn executed(&self, operation: Endpoint) -> u64 {
        self.stats().executed.get(&operation.name()).copied().unwrap_or(0)
    }

    /// How often an operation arrived and was refused.
    pub fn refused(&self, operation: Endpoint) -> u64 {
        self.stats().refused.get(&operation.name()).copied().unwrap_or(0)
    }

    /// Who takes a campaign's calls, in the order in which they joined.
    pub fn members(&self, campaign: &str) -> Vec<Member> {
        self.state.world().members(campaign)
    }

    /// What a campaign's dialer has before it.
    pub fn dialer(&self, campaign: &str) -> DialerList {
        self.state.world().dialer(campaign)
    }

    /// The blacklist, by number and campaign.
    pub fn blacklist(&self) -> Vec<Blacklisted> {
        self.state.world().blacklisted()
    }

    /// Numbers that a dialer left out because they are on it, in order.
    pub fn numbers_left_out(&self) -> Vec<String> {
        self.state.world().refused_numbers()
    }

    /// The short messages that were sent, those of bases too, in order.
    pub fn sms(&self) -> Vec<Sms> {
        self.state.world().sms()
    }

    /// The files that were taken, as they were decoded, in order.
    pub fn uploads(&self) -> Vec<Upload> {
        self.state.world().uploads()
    }

    /// The telephones that were hung up, in order.
    pub fn hang_ups(&self) -> Vec<HangUp> {
        self.state.world().hang_ups()
    }

    /// The calls that were made because of an operation, those under way too, in the order in which they began.
    pub fn made_calls(&self) -> Vec<MadeCall> {
        self.state.world().made_calls().to_vec()
    }

    /// From now on somebody answers at a number when it is dialled, or nobody does. Without it an agent's call is answered,
    /// and of a dialer's some are.
    pub fn let_answer(&self, number: &str, answers: bool) {
        self.state.world().let_answer(number, answers);
    }

    /// An inbound campaign has nobody available: whoever takes its calls is paused there, so many more callers wait, and
    /// neither come others nor does anybody leave, until somebody joins or it runs again. False where there is none.
    pub fn run_dry(&self, campaign: &str, callers: usize) -> bool {
        self.state.world().run_dry(campaign, callers)
    }

    /// A campaign that ran dry is as any other again.
    pub fn run_again(&self, campaign: &str) -> bool {
        self.state.world().run_again(campaign)
    }
}

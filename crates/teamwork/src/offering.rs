//! What a desk had before it joined, offered to the team: everything the team does not know, as if it were changed now. What
//! both have goes by the same identity, and is there once.

use atalaya_review::{Recorder, Touched, copies};

use crate::error::Error;
use crate::team::Teamwork;

impl Teamwork {
    /// Puts everything that is judged here into the outbox, unless the team knows it; gives how many changes that is.
    ///
    /// # Errors
    /// The store's: then nothing of it.
    pub fn offer(&self) -> Result<u32, Error> {
        let account = self.account.as_str();
        Ok(self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let count = "SELECT count(*) FROM outbox WHERE account = ?1";
            let before: u32 = transaction.query_row(count, [account], |row| row.get(0))?;
            let tell = |what: Touched<'_>| self.touched(&transaction, account, what);
            for card in copies::all_cards(&transaction)? {
                tell(Touched::Card(&card))?;
            }
            for worklist in copies::all_worklists(&transaction, account)? {
                tell(Touched::Worklist(worklist))?;
                let Some(copy) = copies::worklist(&transaction, account, worklist)? else { continue };
                for call in &copy.calls {
                    tell(Touched::Entry { worklist, guid: &call.guid })?;
                }
            }
            for review in copies::all_reviews(&transaction, account)? {
                tell(Touched::Review(review))?;
                tell(Touched::Feedback(review))?;
                tell(Touched::Alert(review))?;
                tell(Touched::AlertSeen(review))?;
            }
            for note in copies::all_notes(&transaction, account)? {
                tell(Touched::Note(note))?;
            }
            for calibration in copies::all_calibrations(&transaction, account)? {
                tell(Touched::Calibration(&calibration))?;
                for reviewer in copies::judges_of(&transaction, account, &calibration)? {
                    tell(Touched::Judged { calibration: &calibration, reviewer: &reviewer })?;
                }
            }
            for (campaign, levels) in copies::all_dispositions(&transaction, account)? {
                let levels = levels.each_ref().map(String::as_str);
                tell(Touched::Disposition { campaign: &campaign, levels })?;
            }
            for guid in copies::all_disposed(&transaction, account)? {
                tell(Touched::Disposed(&guid))?;
            }
            let after: u32 = transaction.query_row(count, [account], |row| row.get(0))?;
            transaction.commit()?;
            Ok(after - before)
        })?)
    }
}

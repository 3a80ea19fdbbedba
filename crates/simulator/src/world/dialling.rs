//! Campaigns dial what they were given: what is due, in order of priority, never more at once than agents are free.
//!
//! A number on the blacklist is left out without a call record. Left out on purpose: zones (a base's zone is kept and nothing
//! else), how often a number is tried again, and everything a dialer decides by itself.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::blacklist::{Blacklist, Blacklisted};
use super::lists::{Base, FIRST, List, Task, rows_of};
use super::told::{HangUp, MadeCall, Sms, Upload};
use super::{Doing, World};

/// A base is read so many seconds after it was taken.
const READ_AFTER: u64 = 3;
/// Entries a dialer looks at in one second: some are of agents who are busy, some are refused.
const LOOKS_AT: usize = 64;
/// Messages of a base that are kept one by one.
const MESSAGES_KEPT: usize = 100_000;

/// What a campaign's dialer has before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialerList {
    /// Tasks that wait, rows of bases aside, in the order in which they are dialled.
    pub waiting: Vec<Task>,
    /// What waits for its time.
    pub scheduled: Vec<Task>,
    /// Rows of bases that wait.
    pub base_rows: usize,
    /// Bases that were taken and are not read yet.
    pub bases_coming: usize,
}

/// A file of numbers or messages.
#[derive(Debug, Clone, Default)]
pub(crate) struct BaseWanted {
    pub(crate) filename: String,
    pub(crate) text: String,
    pub(crate) campaign: String,
    pub(crate) cant: Option<usize>,
    pub(crate) username: String,
    pub(crate) timezone: Option<String>,
}

/// A message.
#[derive(Debug, Clone, Default)]
pub(crate) struct SmsWanted {
    pub(crate) destination: String,
    pub(crate) message: String,
    pub(crate) campaign: String,
    pub(crate) agent: String,
    pub(crate) source: String,
}

impl World {
    fn list(&mut self, campaign: &str) -> Option<&mut List> {
        let index = self.campaign_named(campaign)?;
        Some(self.told.lists.entry(index).or_default())
    }

    /// Puts a task before a campaign's dialer; whether there is such a campaign.
    pub(crate) fn add_task(&mut self, campaign: &str, task: Task) -> bool {
        self.list(campaign).map(|list| list.add(task)).is_some()
    }

    pub(crate) fn respool(&mut self, campaign: &str, task: Task) -> bool {
        self.list(campaign).map(|list| list.respool(task)).is_some()
    }

    pub(crate) fn schedule(&mut self, campaign: &str, at: NaiveDateTime, mut task: Task) -> bool {
        // As the vendor names the base of what was scheduled.
        task.base = format!("Schedule{}", at.format("%Y%m%d"));
        task.priority = FIRST;
        self.list(campaign).map(|list| list.schedule(at, task)).is_some()
    }

    pub(crate) fn remove_contact(&mut self, campaign: &str, number: &str) -> bool {
        self.list(campaign).map(|list| list.remove(number)).is_some()
    }

    pub(crate) fn unschedule(
        &mut self,
        campaign: &str,
        number: &str,
        from: NaiveDateTime,
        to: NaiveDateTime,
    ) -> bool {
        self.list(campaign).map(|list| list.unschedule(number, from, to)).is_some()
    }

    /// Takes a base that is read a moment later.
    pub(crate) fn upload(&mut self, wanted: BaseWanted, of_sms: bool) -> bool {
        let Some(campaign) = self.campaign_named(&wanted.campaign) else { return false };
        if wanted.cant.is_some_and(|cant| rows_of(&wanted.text).count() != cant) {
            return false;
        }
        let due = self.step + READ_AFTER;
        let base = Arc::new(Base { name: wanted.filename.clone(), text: wanted.text });
        if of_sms {
            self.told.sms_coming.push((due, self.told.uploads.len()));
        } else {
            self.told.lists.entry(campaign).or_default().upload(due, Arc::clone(&base));
        }
        let upload = Upload {
            of_sms,
            filename: wanted.filename,
            campaign: wanted.campaign,
            rows: Vec::new(),
            cant: wanted.cant,
            username: wanted.username,
            timezone: wanted.timezone,
        };
        self.told.uploads.push((upload, base));
        true
    }

    /// Keeps a message; its number.
    pub(crate) fn send_sms(&mut self, wanted: SmsWanted) -> Option<u64> {
        self.campaign_named(&wanted.campaign)?;
        let id = self.told.sms.len() as u64 + 1;
        self.told.sms.push(Sms {
            id,
            destination: wanted.destination,
            message: wanted.message,
            campaign: wanted.campaign,
            agent: wanted.agent,
            source: wanted.source,
            base: String::new(),
        });
        Some(id)
    }

    /// A second of every dialer.
    pub(super) fn step_lists(&mut self) {
        self.read_messages();
        let campaigns: Vec<usize> =
            self.told.lists.iter().filter(|(_, list)| !list.is_empty()).map(|(index, _)| *index).collect();
        for campaign in campaigns {
            let Some(mut list) = self.told.lists.remove(&campaign) else { continue };
            self.step_list(campaign, &mut list);
            self.told.lists.insert(campaign, list);
        }
    }

    fn step_list(&mut self, campaign: usize, list: &mut List) {
        let (step, now) = (self.step, self.now());
        let name = self.campaigns[campaign].name.clone();
        list.take_in(&name, step, now);
        let mut after = None;
        for _ in 0..LOOKS_AT {
            let Some((place, task)) = list.next(after) else { return };
            if self.told.blacklist.refused(&task.destination, &name, now) {
                list.take(place);
                self.told.refused.push(task.destination);
                continue;
            }
            let asked = (!task.agent.is_empty()).then(|| self.agent_called(&task.agent)).flatten();
            match asked {
                Some(agent) if self.is_free(agent, campaign) => {
                    list.take(place);
                    self.dial(campaign, agent, place, task);
                }
                // Theirs, and they are busy: it waits for them, others go on.
                Some(_) => after = Some(place),
                None => {
                    let Some(agent) = self.longest_free(campaign) else { return };
                    list.take(place);
                    self.dial(campaign, agent, place, task);
                }
            }
        }
    }

    /// By name, or by the number of their telephone.
    fn agent_called(&self, name: &str) -> Option<usize> {
        self.agents.iter().position(|agent| agent.name == name || agent.extension() == name)
    }

    fn is_free(&self, agent: usize, campaign: usize) -> bool {
        let agent = &self.agents[agent];
        agent.doing == Doing::Idle
            && !agent.paused_in(campaign)
            && !self.told.live.contains_key(agent.extension())
    }

    fn longest_free(&self, campaign: usize) -> Option<usize> {
        let members = self.campaigns[campaign].members.iter().copied();
        members.filter(|&agent| self.is_free(agent, campaign)).min_by_key(|&agent| self.agents[agent].since)
    }

    fn read_messages(&mut self) {
        while let Some(at) = self.told.sms_coming.iter().position(|(due, _)| *due <= self.step) {
            let (_, number) = self.told.sms_coming.remove(at);
            let Some((upload, base)) = self.told.uploads.get(number) else { continue };
            for row in rows_of(&base.text) {
                let columns: Vec<&str> = row.splitn(4, ';').collect();
                let [campaign, phone, message, ..] = columns.as_slice() else { continue };
                let kept = self.told.sms.len();
                if *campaign == upload.campaign && !phone.is_empty() && kept < MESSAGES_KEPT {
                    self.told.sms.push(Sms {
                        id: kept as u64 + 1,
                        destination: (*phone).to_owned(),
                        message: (*message).to_owned(),
                        campaign: upload.campaign.clone(),
                        base: upload.filename.clone(),
                        ..Sms::default()
                    });
                }
            }
        }
    }

    pub(crate) fn refuse(&mut self, entries: Vec<Blacklisted>) {
        let now = self.now();
        for entry in entries {
            self.told.blacklist.add(entry, now);
        }
    }

    pub(crate) fn refuse_no_more(&mut self, entries: &[Blacklisted]) {
        let now = self.now();
        for entry in entries {
            self.told.blacklist.delete(&entry.phone, &entry.campaign, now);
        }
    }

    /// From now on a number answers, or does not.
    pub(crate) fn let_answer(&mut self, number: &str, answers: bool) {
        self.told.answers.insert(number.to_owned(), answers);
    }

    pub(crate) fn dialer(&self, campaign: &str) -> DialerList {
        let list = self.campaign_named(campaign).and_then(|index| self.told.lists.get(&index));
        list.map_or_else(DialerList::default, |list| DialerList {
            waiting: list.tasks(),
            scheduled: list.schedules(),
            base_rows: list.rows(),
            bases_coming: list.coming(),
        })
    }

    pub(crate) fn uploads(&self) -> Vec<Upload> {
        let whole = |(upload, base): &(Upload, Arc<Base>)| Upload {
            rows: rows_of(&base.text).map(str::to_owned).collect(),
            ..upload.clone()
        };
        self.told.uploads.iter().map(whole).collect()
    }

    pub(crate) fn made_calls(&self) -> &[MadeCall] {
        &self.told.made
    }

    pub(crate) fn blacklist(&self) -> &Blacklist {
        &self.told.blacklist
    }

    pub(crate) fn blacklisted(&self) -> Vec<Blacklisted> {
        self.told.blacklist.entries()
    }

    pub(crate) fn refused_numbers(&self) -> Vec<String> {
        self.told.refused.clone()
    }

    pub(crate) fn sms(&self) -> Vec<Sms> {
        self.told.sms.clone()
    }

    pub(crate) fn hang_ups(&self) -> Vec<HangUp> {
        self.told.hang_ups.clone()
    }
}

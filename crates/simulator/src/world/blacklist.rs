//! Numbers that are refused, by campaign and in all of them, and since when: what began before stays as it was.
//!
//! Left out on purpose: what numbers look like. They are taken to the letter.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

/// A number that is refused, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Blacklisted {
    /// The number.
    pub phone: String,
    /// With suffix; empty for all campaigns.
    pub campaign: String,
    /// Who put it there.
    pub username: String,
    /// Of whom the number is.
    pub company: String,
    /// What they do there.
    pub job_title: String,
    /// Their name.
    pub name: String,
}

/// One number in one campaign: what it is now, and every stretch in which it was refused.
#[derive(Clone, Default)]
struct Line {
    now: Option<Blacklisted>,
    stretches: Vec<(NaiveDateTime, Option<NaiveDateTime>)>,
}

#[derive(Clone, Default)]
pub(crate) struct Blacklist {
    /// By number, then campaign.
    lines: BTreeMap<String, BTreeMap<String, Line>>,
}

impl Blacklist {
    pub(super) fn add(&mut self, entry: Blacklisted, now: NaiveDateTime) {
        let campaigns = self.lines.entry(entry.phone.clone()).or_default();
        let line = campaigns.entry(entry.campaign.clone()).or_default();
        if line.now.is_none() {
            line.stretches.push((now, None));
        }
        line.now = Some(entry);
    }

    /// What is not there is as gone as it can be.
    pub(super) fn delete(&mut self, phone: &str, campaign: &str, now: NaiveDateTime) {
        let line = self.lines.get_mut(phone).and_then(|campaigns| campaigns.get_mut(campaign));
        if let Some(line) = line.filter(|line| line.now.is_some()) {
            line.now = None;
            if let Some((_, until)) = line.stretches.last_mut() {
                *until = Some(now);
            }
        }
    }

    /// Whether a campaign refused a number at a moment.
    pub(crate) fn refused(&self, phone: &str, campaign: &str, at: NaiveDateTime) -> bool {
        let Some(campaigns) = self.lines.get(phone) else { return false };
        ["", campaign].iter().filter_map(|name| campaigns.get(*name)).any(|line| {
            let within = |(from, until): &(NaiveDateTime, Option<NaiveDateTime>)| {
                *from <= at && until.is_none_or(|until| at < until)
            };
            line.stretches.iter().any(within)
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn entries(&self) -> Vec<Blacklisted> {
        self.lines.values().flat_map(BTreeMap::values).filter_map(|line| line.now.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_refused_from_when_it_is_there_until_it_is_gone() {
        let at = |minute| chrono::NaiveDate::from_ymd_opt(2026, 3, 12)?.and_hms_opt(10, minute, 0);
        let at = |minute| at(minute).expect("a time of day");
        let of = |campaign: &str| Blacklisted {
            phone: "091000001".to_owned(),
            campaign: campaign.to_owned(),
            ..Blacklisted::default()
        };
        let mut list = Blacklist::default();
        list.add(of("Ventas->"), at(5));
        list.add(of("Ventas->"), at(6));
        list.delete("091000001", "", at(7));
        assert_eq!(list.entries(), [of("Ventas->")]);
        list.delete("091000001", "Ventas->", at(10));
        list.delete("091000001", "Ventas->", at(11));
        list.add(of(""), at(20));
        for (campaign, minute, refused) in [
            ("Ventas->", 4, false),
            ("Ventas->", 5, true),
            ("Soporte<-", 5, false),
            ("Ventas->", 9, true),
            ("Ventas->", 10, false),
            ("Soporte<-", 20, true),
            ("Ventas->", 59, true),
        ] {
            assert_eq!(list.refused("091000001", campaign, at(minute)), refused, "{campaign} at {minute}");
        }
        assert!(!list.refused("091000002", "Ventas->", at(30)));
    }
}

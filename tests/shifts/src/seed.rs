//! What a seed stands for: when the stretch begins, how the server is, what goes wrong and when, and what a person does
//! meanwhile. One random source; the same seed is the same plan.

use std::fmt;
use std::time::Duration;

use atalaya_simulator::{Config, LoginShape};
use chrono::{NaiveDate, NaiveDateTime};
use fastrand::Rng;

/// Where in a stretch something may go wrong: after the first pictures, and early enough to see what is left of it.
const FIRST_SECS: u64 = 30;
/// How long the floor is left alone at the end, seconds.
pub const CALM_SECS: u64 = 210;
/// Longest trouble, seconds.
const LONGEST_SECS: u64 = 110;
/// Two sessions lost within a minute are taken for somebody else's doing, and rightly so.
const APART_SECS: u64 = 75;

/// Something that goes wrong between client and server, or with one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The request never arrives.
    Dropped,
    /// It is carried out, and the answer never comes.
    AnswerLost,
    /// The answer takes long.
    Delayed,
    /// The answer ends in its middle, with a broken connection.
    Cut,
    /// The answer ends in its middle, and nothing says so.
    CutInSilence,
    /// A gateway's page instead.
    Page,
    /// Bytes that mean nothing instead.
    Garbled,
    /// The vendor's error as a good answer.
    ErrorObject,
    /// 503, with a time to wait or without.
    Busy,
    /// Latin-1, and said so.
    Latin1,
    /// The tokens are forgotten, and the login fails for a while.
    TokenExpired,
    /// The computer's clock is set: seconds forward, or back.
    ClockSet(i32),
    /// The telephony server is away, and comes back counting from zero.
    Restart,
}

/// Which requests are in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// All of them.
    All,
    /// `campaignstatus` of all campaigns.
    Status,
    /// `queuesummary`.
    Queues,
    /// `campaignstatus` of one campaign.
    Agents,
    /// `getrecords`.
    Records,
    /// `TagRecord`.
    Tags,
}

/// A trouble, and when.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    pub trouble: Trouble,
    pub of: Of,
    /// Seconds from the beginning.
    pub from: u64,
    /// Seconds from the beginning, not included.
    pub until: u64,
    /// Of ten requests, so many.
    pub in_ten: u32,
}

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Searches the last so many minutes.
    Search(u32),
    /// Tags a call found before.
    Tag,
}

/// The whole of it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    /// How long the stretch is.
    pub length: Duration,
    /// The server's clock at the beginning.
    pub begins: NaiveDateTime,
    /// The server's clock, as it reads, before coordinated universal time, seconds.
    pub offset_secs: i32,
    pub troubles: Vec<Planned>,
    /// By second.
    pub deeds: Vec<(u64, Deed)>,
    pub centre: Config,
    /// How often the campaigns are asked for, and how much may be asked for in all.
    pub every: Duration,
    pub per_second: f64,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let centre = &self.centre;
        writeln!(
            f,
            "seed {}: from {} (UTC{:+}s), every {:?}, {} a second, {:?}, at most {} rows{}{}{}",
            self.seed,
            self.begins,
            self.offset_secs,
            self.every,
            self.per_second,
            centre.login,
            centre.most_rows,
            if centre.hot_desks { ", hot desks" } else { "" },
            if centre.counts_by_day { ", counts by day" } else { "" },
            if centre.numbers_as_text { ", numbers as text" } else { "" },
        )?;
        for trouble in &self.troubles {
            let Planned { trouble, of, from, until, in_ten } = trouble;
            writeln!(f, "  {from}–{until} s: {trouble:?} of {of:?}, {in_ten} in 10")?;
        }
        for (at, deed) in &self.deeds {
            writeln!(f, "  {at} s: {deed:?}")?;
        }
        Ok(())
    }
}

fn one_of<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

impl Plan {
    /// The plan of a seed, for a stretch of so many minutes with so many campaigns and agents.
    pub fn of(seed: u64, minutes: u64, campaigns: usize, agents: usize) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5319_7ab1);
        let length = minutes * 60;
        let day =
            NaiveDate::from_ymd_opt(2026, 2, 27).unwrap_or_default() + chrono::Duration::days(rng.i64(0..3));
        // One in five goes over midnight.
        let secs = if rng.u32(0..5) == 0 {
            86_400 - rng.i64(60..i64::try_from(length).unwrap_or(1_200).max(61))
        } else {
            rng.i64(0..86_400)
        };
        let begins = day.and_time(chrono::NaiveTime::MIN) + chrono::Duration::seconds(secs);
        let centre = Config {
            campaigns,
            agents,
            calls_per_day: 700,
            seed: rng.u64(..),
            begins: Some(begins),
            login: one_of(
                &mut rng,
                &[
                    LoginShape::QuotedToken,
                    LoginShape::QuotedToken,
                    LoginShape::LegacyLast,
                    LoginShape::LegacyThird,
                    LoginShape::LegacyPhone,
                ],
            ),
            control: false,
            most_rows: one_of(&mut rng, &[1_000, 1_000, 50, 20, 37]),
            hot_desks: rng.bool(),
            counts_by_day: rng.bool(),
            numbers_as_text: rng.u32(0..4) == 0,
            ..Config::default()
        };
        let (every_secs, per_second) = one_of(&mut rng, &[(3, 4.0), (5, 2.0), (5, 2.0), (10, 1.5)]);
        let every = Duration::from_secs(every_secs);
        let quarter_hours = one_of(&mut rng, &[-12, -12, -16, -20, 0, 4, 22]);
        let deeds_end = length.saturating_sub(CALM_SECS).max(FIRST_SECS + 1);
        let mut deeds: Vec<(u64, Deed)> = (0..rng.usize(1..4))
            .map(|_| (rng.u64(5..deeds_end), Deed::Search(one_of(&mut rng, &[20, 60, 240]))))
            .collect();
        deeds.extend((0..rng.usize(1..6)).map(|_| (rng.u64(20..deeds_end), Deed::Tag)));
        deeds.sort_by_key(|(at, _)| *at);
        let mut plan = Self {
            seed,
            length: Duration::from_secs(length),
            begins,
            offset_secs: quarter_hours * 900,
            troubles: Vec::new(),
            deeds,
            centre,
            every,
            per_second,
        };
        for _ in 0..3 {
            let trouble = plan.trouble(&mut rng, deeds_end);
            plan.troubles.push(trouble);
        }
        plan.troubles.sort_by_key(|trouble| trouble.from);
        plan.keep_sessions_apart();
        plan
    }

    /// The same stretch with nothing going wrong.
    pub fn twin(&self) -> Self {
        Self { troubles: Vec::new(), deeds: Vec::new(), ..self.clone() }
    }

    fn trouble(&self, rng: &mut Rng, end: u64) -> Planned {
        let all = [
            Trouble::Dropped,
            Trouble::AnswerLost,
            Trouble::Delayed,
            Trouble::Cut,
            Trouble::CutInSilence,
            Trouble::Page,
            Trouble::Garbled,
            Trouble::ErrorObject,
            Trouble::Busy,
            Trouble::Latin1,
            Trouble::TokenExpired,
            Trouble::TokenExpired,
            Trouble::ClockSet(0),
            Trouble::Restart,
            Trouble::Restart,
            Trouble::AnswerLost,
        ];
        let trouble = match one_of(rng, &all) {
            Trouble::ClockSet(_) => Trouble::ClockSet(one_of(rng, &[-7_200, -90, -7, 7, 90, 7_200])),
            other => other,
        };
        let of = match rng.u32(0..10) {
            0..=2 => Of::All,
            3 | 4 => Of::Status,
            5 | 6 => Of::Queues,
            7 => Of::Agents,
            8 => Of::Records,
            _ => Of::Tags,
        };
        // A lost answer is about what was asked for when a person did something.
        let deeds: Vec<u64> =
            self.deeds.iter().filter(|(_, deed)| *deed == Deed::Tag).map(|(at, _)| *at).collect();
        let from = match of {
            Of::Tags if !deeds.is_empty() => one_of(rng, &deeds).saturating_sub(5).max(FIRST_SECS),
            _ => rng.u64(FIRST_SECS..end.max(FIRST_SECS + 1)),
        };
        let lasts = match trouble {
            Trouble::ClockSet(_) => 1,
            _ => rng.u64(5..LONGEST_SECS),
        };
        Planned { trouble, of, from, until: (from + lasts).min(end), in_ten: one_of(rng, &[3, 6, 10, 10]) }
    }

    /// Tokens are forgotten once at a time: also by a restart.
    fn keep_sessions_apart(&mut self) {
        let mut last_end: Option<u64> = None;
        self.troubles.retain(|planned| {
            if planned.trouble != Trouble::TokenExpired {
                return true;
            }
            let apart = last_end.is_none_or(|end| planned.from >= end + APART_SECS);
            if apart {
                last_end = Some(planned.until);
            }
            apart
        });
    }

    /// Whether a trouble of that kind is in it.
    pub fn has(&self, wanted: impl Fn(Trouble) -> bool) -> bool {
        self.troubles.iter().any(|planned| wanted(planned.trouble))
    }
}

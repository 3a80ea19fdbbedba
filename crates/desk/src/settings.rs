//! What a person chooses, with defaults and limits. Kept as one JSON value, so that an older or newer program reads
//! what it knows and keeps its defaults for the rest.

use std::collections::HashSet;

use atalaya_floor::default_rules;
use atalaya_floor::wire::{PauseLimit, Rule, Team};
use atalaya_history::Bounds;
use atalaya_player::wire::Hearing;
use atalaya_review::wire::{ReviewShare, ShareOf};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::daily::DailyReport;
use crate::file_names;
use crate::keys::{self, ChosenKeys};
use crate::quiet::QuietHours;
use crate::review_rules::{self, ReviewRule};
use crate::rules::{earlier_rules, tidied};
use crate::webhook::WebhookChoice;

const MOST_TEAMS: usize = 100;
const MOST_MEMBERS: usize = 2_000;
const MOST_PROFILES: usize = 1_000;
const MOST_PAUSE_LIMITS: usize = 200;
const MOST_SHARES: usize = 20;
/// Letters of a campaign or a disposition.
const LONGEST_SHARE: usize = 200;
/// Letters of an address.
const LONGEST_CHANNEL: usize = 500;
/// Letters of a name.
const LONGEST_NAME: usize = 80;
const DAY_MINS: u32 = 24 * 60;

/// Language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Everything a person chooses, servers aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `None`: the system's language.
    pub language: Option<Language>,
    /// Colours.
    pub theme: Theme,
    /// How large everything is drawn in the main window, percent, 90 to 150.
    pub text_size: u32,
    /// What the contact centre is called on wallboards; empty: as the server's profile is.
    pub centre_name: String,
    /// Seconds between polls, 1 to 30.
    pub poll_every_secs: u32,
    /// Request budget, 1 to 20 a second.
    pub requests_per_second: u32,
    /// Who sits here: the account may be shared, the audit trail needs a person.
    pub reviewer: String,
    /// What to do first was offered, and was taken up or put away.
    pub welcomed: bool,
    /// Output device by name; `None` the system's default.
    pub audio_device: Option<String>,
    /// 0 to 1.
    pub volume: f32,
    /// How recordings are heard.
    pub hearing: Hearing,
    /// The next call of the list follows by itself when one has been heard.
    pub auto_advance: bool,
    /// What their files are called: a pattern with names in braces, at most 200 letters.
    pub recording_names: String,
    /// Recordings are saved as WAV; else as they lie on the server.
    pub save_as_wav: bool,
    /// Bound of the recordings kept on this computer, megabytes, 50 to 20,000.
    pub cache_max_mb: u32,
    /// Empty that cache when signing out.
    pub wipe_cache_on_sign_out: bool,
    /// Days of the floor's history kept on this computer, 1 to 90.
    pub history_days: u32,
    /// Bound of that history, megabytes, 50 to 20,000; the oldest goes first.
    pub history_max_mb: u32,
    /// When figures turn amber or red, and who hears of it: one rule of all for each measure, then those of a campaign, a
    /// team or a reason that differ, at most 200.
    pub rules: Vec<Rule>,
    /// When a finished review raises an alert: one rule for all cards, which has no card's name, and those of cards that
    /// differ, at most 100. None: never.
    pub review_rules: Vec<ReviewRule>,
    /// Whether an alert is heard.
    pub alert_sound: bool,
    /// Whether the desktop shows a notice of it while the window is not in front.
    pub alert_notice: bool,
    /// Hours in which no alert is heard; `None`: no such hours.
    pub quiet_hours: Option<QuietHours>,
    /// The report that is made every day.
    pub daily_report: DailyReport,
    /// Which alerts a chat is told of.
    pub webhook: WebhookChoice,
    /// People looked at together, at most 100 teams of 2,000.
    pub teams: Vec<Team>,
    /// How much of a pause is too much, one for each reason, at most 200.
    pub pause_limits: Vec<PauseLimit>,
    /// Wallboards, what each shows: opaque here.
    #[ts(type = "unknown")]
    pub walls: serde_json::Value,
    /// Saved views of the floor: opaque here.
    #[ts(type = "unknown")]
    pub views: serde_json::Value,
    /// The floor view's own choices (sort, filters): opaque here.
    #[ts(type = "unknown")]
    pub floor_view: serde_json::Value,
    /// The calls view's own choices: opaque here.
    #[ts(type = "unknown")]
    pub calls_view: serde_json::Value,
    /// Saved searches of calls: opaque here.
    #[ts(type = "unknown")]
    pub searches: serde_json::Value,
    /// Tags on the number keys, at most nine.
    pub tag_presets: Vec<String>,
    /// Keys in place of the usual ones, by what they do, at most 400.
    pub keys: ChosenKeys,
    /// Reviews each agent is to have in a month, at most 100; 0: nothing is agreed.
    pub monthly_reviews: u32,
    /// What part of those is to be of which calls, at most 20 shares.
    pub review_shares: Vec<ReviewShare>,
    /// What this desk offers to do at the server.
    pub offered: Vec<Offered>,
    /// Profiles with which nothing is changed at the server, by their keys.
    pub look_only: Vec<String>,
    /// The code a telephone of this installation dials to listen to another one's call, the other extension behind it; empty:
    /// nobody listens in from here.
    pub listen_code: String,
    /// Where newer versions of this program are looked for; empty: nowhere.
    pub update_channel: String,
    /// Most bytes of a base on its way to the server, 20,000 to 50,000,000; more rows go in another one.
    pub base_max_bytes: u32,
    /// The supervisor's own extension, where the login does not tell.
    pub own_extension: String,
    /// The telephony's context of that extension, where the login does not tell.
    pub own_context: String,
}

/// A group of what can be done at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Offered {
    /// Adding people to a campaign.
    People,
    /// Placing calls, and cutting them.
    Calls,
    /// Giving numbers to dialers and taking them out, bases included.
    Dialer,
    /// Text messages.
    Messages,
    /// The blacklist.
    Blacklist,
}

impl Offered {
    const ALL: [Self; 5] = [Self::People, Self::Calls, Self::Dialer, Self::Messages, Self::Blacklist];
}

/// Some of the settings, by name.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(type = "Partial<Settings>")]
pub struct SettingsParts(serde_json::Map<String, serde_json::Value>);

impl SettingsParts {
    /// These in place of what was chosen before; a name that is none, or what is wrong with a value, in words otherwise.
    pub(crate) fn over(self, now: &Settings) -> Result<Settings, String> {
        let mut chosen = serde_json::to_value(now).map_err(|error| error.to_string())?;
        let all = chosen.as_object_mut().ok_or("settings")?;
        for (name, value) in self.0 {
            match all.get_mut(&name) {
                Some(there) => *there = value,
                None => return Err(name),
            }
        }
        serde_json::from_value(chosen).map_err(|error| error.to_string())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::default(),
            text_size: 100,
            centre_name: String::new(),
            poll_every_secs: 3,
            requests_per_second: 4,
            reviewer: String::new(),
            welcomed: false,
            audio_device: None,
            volume: 0.8,
            hearing: Hearing::default(),
            auto_advance: false,
            recording_names: file_names::USUAL.to_owned(),
            save_as_wav: true,
            cache_max_mb: 500,
            wipe_cache_on_sign_out: false,
            history_days: 30,
            history_max_mb: 1_000,
            rules: default_rules(),
            review_rules: Vec::new(),
            alert_sound: true,
            alert_notice: true,
            quiet_hours: None,
            daily_report: DailyReport::default(),
            webhook: WebhookChoice::default(),
            teams: Vec::new(),
            pause_limits: Vec::new(),
            floor_view: serde_json::Value::Null,
            views: serde_json::Value::Null,
            walls: serde_json::Value::Null,
            calls_view: serde_json::Value::Null,
            searches: serde_json::Value::Null,
            tag_presets: Vec::new(),
            keys: ChosenKeys::new(),
            monthly_reviews: 0,
            review_shares: Vec::new(),
            offered: Offered::ALL.to_vec(),
            look_only: Vec::new(),
            listen_code: String::new(),
            update_channel: String::new(),
            base_max_bytes: atalaya_outreach::base::MAX_BYTES,
            own_extension: String::new(),
            own_context: String::new(),
        }
    }
}

impl Settings {
    /// Reads field by field: a value that cannot be read falls back to its default and costs no other.
    pub(crate) fn read_leniently(value: serde_json::Value) -> Self {
        let Ok(mut merged) = serde_json::to_value(Self::default()) else { return Self::default() };
        let serde_json::Value::Object(mut fields) = value else { return Self::default() };
        // Whoever chose something with a program that did not offer anything yet has found their way.
        merged["welcomed"] = true.into();
        if !fields.contains_key("rules") {
            let (colours, alerts) = (fields.remove("thresholds"), fields.remove("alertRules"));
            if let Ok(rules) = serde_json::to_value(earlier_rules(colours, alerts)) {
                fields.insert("rules".to_owned(), rules);
            }
        }
        for (name, field) in fields {
            let Some(slot) = merged.get_mut(&name) else { continue };
            let before = std::mem::replace(slot, field);
            if serde_json::from_value::<Self>(merged.clone()).is_err() {
                tracing::warn!(setting = name, "a stored setting could not be read; its default is used");
                merged[&name] = before;
            }
        }
        serde_json::from_value(merged).unwrap_or_default()
    }

    /// The same with every figure inside its limits.
    #[must_use]
    pub(crate) fn within_limits(mut self) -> Self {
        self.poll_every_secs = self.poll_every_secs.clamp(1, 30);
        self.requests_per_second = self.requests_per_second.clamp(1, 20);
        self.text_size = self.text_size.clamp(90, 150);
        self.volume = if self.volume.is_finite() { self.volume.clamp(0.0, 1.0) } else { 0.8 };
        self.hearing = self.hearing.within_limits();
        self.cache_max_mb = self.cache_max_mb.clamp(50, 20_000);
        self.history_days = self.history_days.clamp(1, 90);
        self.history_max_mb = self.history_max_mb.clamp(50, 20_000);
        self.daily_report = self.daily_report.within_limits();
        self.recording_names = file_names::pattern_within_limits(&self.recording_names);
        self.reviewer = name(&self.reviewer);
        self.tag_presets.retain(|tag| !tag.trim().is_empty());
        self.tag_presets.truncate(9);
        self.keys = keys::within_limits(self.keys);
        self.monthly_reviews = self.monthly_reviews.min(100);
        self.review_shares = shares(self.review_shares);
        self.offered = Offered::ALL.into_iter().filter(|one| self.offered.contains(one)).collect();
        self.look_only.truncate(MOST_PROFILES);
        let bytes = atalaya_outreach::base::BYTES_CHOSEN;
        self.base_max_bytes = self.base_max_bytes.clamp(*bytes.start(), *bytes.end());
        for text in
            [&mut self.listen_code, &mut self.own_extension, &mut self.own_context, &mut self.centre_name]
        {
            *text = name(text);
        }
        self.update_channel = self.update_channel.trim().chars().take(LONGEST_CHANNEL).collect();
        self.rules = tidied(self.rules);
        self.review_rules = review_rules::tidied(self.review_rules);
        self.quiet_hours = self.quiet_hours.map(QuietHours::within_limits);
        self.teams = teams(self.teams);
        self.pause_limits = pause_limits(self.pause_limits);
        self
    }

    pub(crate) fn history_bounds(&self) -> Bounds {
        Bounds { days: self.history_days, max_bytes: u64::from(self.history_max_mb) * 1_000_000 }
    }

    pub(crate) fn cache_max_bytes(&self) -> u64 {
        u64::from(self.cache_max_mb) * 1_000_000
    }
}

fn name(typed: &str) -> String {
    typed.trim().chars().take(LONGEST_NAME).collect()
}

/// Each kind of call once, with a name where it has one.
fn shares(typed: Vec<ReviewShare>) -> Vec<ReviewShare> {
    let (mut ids, mut seen) = (HashSet::new(), Vec::new());
    let mut tidy = |mut share: ReviewShare| {
        share.percent = share.percent.clamp(1, 100);
        if let ShareOf::Disposition { name: of } | ShareOf::Campaign { name: of } = &mut share.of {
            *of = of.trim().chars().take(LONGEST_SHARE).collect();
            if of.is_empty() {
                return None;
            }
        }
        if seen.contains(&share.of) || !ids.insert(share.id.clone()) {
            return None;
        }
        seen.push(share.of.clone());
        Some(share)
    };
    typed.into_iter().filter_map(&mut tidy).take(MOST_SHARES).collect()
}

/// Each team once, each member once.
fn teams(typed: Vec<Team>) -> Vec<Team> {
    let mut ids = HashSet::new();
    let teams = typed.into_iter().map(|team| {
        let mut known = HashSet::new();
        let members = team.members.iter().map(|member| member.trim()).filter(|member| !member.is_empty());
        let members = members.filter(|member| known.insert(*member)).take(MOST_MEMBERS);
        Team {
            id: team.id.trim().to_owned(),
            name: name(&team.name),
            members: members.map(str::to_owned).collect(),
        }
    });
    teams.filter(|team| !team.id.is_empty() && ids.insert(team.id.clone())).take(MOST_TEAMS).collect()
}

/// Each reason once, capitals aside; no limit of nothing at all.
fn pause_limits(typed: Vec<PauseLimit>) -> Vec<PauseLimit> {
    let mut reasons = HashSet::new();
    let mins = |mins: Option<u32>| mins.filter(|mins| *mins > 0).map(|mins| mins.min(DAY_MINS));
    let limits = typed.into_iter().map(|limit| PauseLimit {
        reason: limit.reason.trim().to_owned(),
        once_mins: mins(limit.once_mins),
        total_mins: mins(limit.total_mins),
    });
    limits
        .filter(|limit| !limit.reason.is_empty() && reasons.insert(limit.reason.to_lowercase()))
        .take(MOST_PAUSE_LIMITS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_and_limits_of_pauses_are_tidied() {
        let team = |id: &str, members: &[&str]| Team {
            id: id.into(),
            name: format!(" {id} "),
            members: members.iter().map(|name| (*name).to_owned()).collect(),
        };
        let many: Vec<String> = (0..MOST_MEMBERS + 5).map(|n| format!("agent {n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut typed = vec![
            team(" a ", &["ana", " ana ", "", "bruno"]),
            team("a", &["x"]),
            team(" ", &[]),
            team("b", &many),
        ];
        typed.extend((0..MOST_TEAMS).map(|n| team(&format!("t{n}"), &[])));
        let limit =
            |reason: &str, once_mins, total_mins| PauseLimit { reason: reason.into(), once_mins, total_mins };
        let settings = Settings {
            teams: typed,
            pause_limits: vec![
                limit(" Baño ", Some(0), Some(90_000)),
                limit("BAÑO", Some(1), None),
                limit("", Some(1), None),
            ],
            quiet_hours: Some(QuietHours { from_min: 1_380, until_min: 1_440 }),
            ..Settings::default()
        }
        .within_limits();
        assert_eq!(settings.teams.len(), MOST_TEAMS);
        assert_eq!(settings.teams[0], Team { name: "a".into(), ..team("a", &["ana", "bruno"]) });
        assert_eq!((settings.teams[1].id.as_str(), settings.teams[1].members.len()), ("b", MOST_MEMBERS));
        assert_eq!(settings.pause_limits, [limit("Baño", None, Some(1_440))]);
        assert_eq!(settings.quiet_hours, Some(QuietHours { from_min: 1_380, until_min: 0 }));
        let again = settings.clone().within_limits();
        assert_eq!(again, settings);
    }

    #[test]
    fn shares_of_the_reviews_are_tidied() {
        let share = |id: &str, percent, of| ReviewShare { id: id.into(), percent, of };
        let complaint = || ShareOf::Disposition { name: " Reclamo ".into() };
        let long = |secs| ShareOf::AtLeast { secs };
        let mut typed = vec![
            share("a", 0, complaint()),
            share("b", 30, complaint()),
            share("a", 30, long(1)),
            share("c", 900, ShareOf::Campaign { name: "Ventas->".into() }),
            share("d", 10, ShareOf::Campaign { name: " ".into() }),
        ];
        typed.extend((10..60).map(|secs| share(&secs.to_string(), 1, long(secs))));
        let settings = Settings { review_shares: typed, ..Settings::default() }.within_limits();
        let kept: Vec<(&str, u32)> =
            settings.review_shares.iter().map(|share| (share.id.as_str(), share.percent)).take(3).collect();
        assert_eq!(kept, [("a", 1), ("c", 100), ("10", 1)]);
        assert_eq!(settings.review_shares[0].of, ShareOf::Disposition { name: "Reclamo".into() });
        assert_eq!(settings.review_shares.len(), MOST_SHARES);
        assert_eq!(settings.clone().within_limits(), settings);
    }

    #[test]
    fn one_unreadable_setting_costs_no_other() {
        let read = Settings::read_leniently(serde_json::json!({
            "pollEverySecs": 7, "theme": "purple", "reviewer": "Marta", "fromTheFuture": 1, "volume": null
        }));
        assert_eq!(read.poll_every_secs, 7);
        assert_eq!(read.reviewer, "Marta");
        assert_eq!(read.theme, Theme::System);
        assert!((read.volume - 0.8).abs() < f32::EPSILON);
    }

    #[test]
    fn an_older_programs_settings_hear_as_usual_and_a_part_of_them_is_enough() {
        let read = Settings::read_leniently(serde_json::json!({ "volume": 0.3 }));
        assert_eq!(read.hearing, Hearing::default());
        assert!(read.welcomed, "nobody is welcomed who is here already");
        let read = Settings::read_leniently(serde_json::json!({ "welcomed": false }));
        assert!(!read.welcomed);
        let read = Settings::read_leniently(serde_json::json!({ "hearing": { "speed": 1.5 } }));
        assert_eq!(read.hearing, Hearing { speed: 1.5, ..Hearing::default() });
    }

    #[test]
    fn figures_stay_inside_their_limits() {
        let settings = Settings {
            poll_every_secs: 0,
            requests_per_second: 900,
            volume: f32::NAN,
            hearing: Hearing { speed: 12.0, ..Hearing::default() },
            cache_max_mb: 1,
            text_size: 400,
            centre_name: "  Rioplata ".into(),
            tag_presets: vec![" ".into(), "vip".into()],
            ..Settings::default()
        }
        .within_limits();
        assert_eq!((settings.poll_every_secs, settings.requests_per_second), (1, 20));
        assert_eq!((settings.text_size, settings.centre_name.as_str()), (150, "Rioplata"));
        assert_eq!(settings.cache_max_mb, 50);
        assert!((settings.volume - 0.8).abs() < f32::EPSILON);
        assert_eq!(settings.hearing, Hearing { speed: 3.0, ..Hearing::default() });
        assert_eq!(settings.tag_presets, ["vip"]);
    }
}

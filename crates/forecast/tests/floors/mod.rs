//! Floors to forecast, told as a picture and a history would.

use atalaya_forecast::input::{
    Campaign, Doing, Floor, Known, Limits, Person, Reading, Seat, Target, Targets, Times, Waiting,
};

/// A campaign with so many calls a minute over the last half hour, and so many waiting.
pub fn campaign(name: &str, per_minute: f64, callers: u32, longest_secs: f64) -> Campaign {
    Campaign {
        name: name.to_owned(),
        inbound: true,
        waiting: Some(Waiting { callers, longest_secs: Some(longest_secs) }),
        readings: (0..=180u32)
            .map(|at| Reading {
                ago_secs: f64::from(180 - at) * 10.0,
                answered: Some(400 + (f64::from(at) * per_minute / 6.0) as u32),
                abandoned: Some(20),
                waiting: Some(callers),
            })
            .collect(),
        people_known: true,
    }
}

/// So many people of one campaign, so many of them free, the others on calls of it.
pub fn team(campaign: usize, people: usize, free: usize) -> Vec<Person> {
    (0..people)
        .map(|at| Person {
            location: format!("SIP/{campaign}{at:03}"),
            doing: if at < free { Doing::Available } else { Doing::OnCall },
            for_secs: Some(at as f64 * 17.0 % 170.0),
            call_of: (at >= free).then_some(campaign),
            seats: vec![Seat { campaign, penalty: 0, paused: false }],
        })
        .collect()
}

/// Exponential lengths, evenly over their distribution.
pub fn lengths(mean_secs: f64, count: usize) -> Vec<f64> {
    (0..count).map(|at| -mean_secs * (1.0 - (at as f64 + 0.5) / count as f64).ln()).collect()
}

/// Talk, wrap-up and patience alike everywhere.
pub fn known(campaigns: usize, talk_secs: f64, wrap_up_secs: f64, patience_secs: f64) -> Known {
    let times = Times {
        talk_secs: lengths(talk_secs, 120),
        wrap_up_secs: vec![wrap_up_secs; 60],
        abandoned_waits: lengths(patience_secs, 60),
        ..Times::default()
    };
    Known { campaigns: vec![times; campaigns], ..Known::default() }
}

/// Four of five within twenty seconds, red from ten waiting or two minutes.
pub fn targets(campaigns: usize) -> Targets {
    let target = Target {
        within_secs: 20.0,
        level_percent: Some(80.0),
        waiting: Limits { amber: Some(5.0), red: Some(10.0) },
        longest_secs: Limits { amber: Some(60.0), red: Some(120.0) },
    };
    Targets { campaigns: vec![target; campaigns] }
}

/// One campaign with too few people, one with more than enough.
pub fn uneven() -> Floor {
    let mut people = team(0, 12, 0);
    people.extend(team(1, 30, 12));
    Floor {
        age_secs: Some(2.0),
        campaigns: vec![campaign("Ventas<-", 4.2, 3, 40.0), campaign("Soporte<-", 4.0, 0, 0.0)],
        people,
    }
}

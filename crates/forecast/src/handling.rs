//! How long calls take: talk and wrap-up from recent ones with their spread, drawn towards the whole floor's as far as a
//! campaign has few of its own; where there are none an average, and then it is said that it is one.

use crate::input::Times;
use crate::lasted::lasted;
use crate::reason::{Basis, Reason};
use crate::spread::Spread;

/// With so many of its own a campaign goes by them alone.
const ENOUGH: usize = 40;
/// As many calls the whole floor's count where a campaign has fewer.
const WIDER_AS: f64 = 12.0;
/// A talk the server averages that is shorter than this is nobody's average yet.
const LEAST_AVERAGE_SECS: f64 = 1.0;
/// No telephone rings longer.
const MOST_RINGING_SECS: f64 = 120.0;

/// How long one campaign's calls take.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Handling {
    pub(crate) talk: Spread,
    pub(crate) talk_basis: Basis,
    pub(crate) wrap_up: Spread,
    pub(crate) wrap_up_basis: Basis,
    /// From the moment a call has found somebody until they pick up.
    pub(crate) ring_secs: f64,
}

/// The whole floor's, for campaigns with few of their own, and for calls of no campaign known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wider {
    pub(crate) talk: Option<Spread>,
    /// [`Basis::Wider`], or [`Basis::Average`] where no single talk is known.
    talk_basis: Basis,
    pub(crate) wrap_up: Option<Spread>,
}

impl Wider {
    pub(crate) fn of(all: &[Times]) -> Self {
        let pooled = |of: fn(&Times) -> [&Vec<f64>; 2]| {
            let together = |which: usize| all.iter().flat_map(|times| of(times)[which]).copied().collect();
            let [ended, so_far]: [Vec<f64>; 2] = [together(0), together(1)];
            Spread::of(&mut lasted(&ended, &so_far))
        };
        let averages = all.iter().filter_map(average_talk);
        let (sum, count) = averages.fold((0.0, 0.0), |(sum, count), secs| (sum + secs, count + 1.0));
        let talk = pooled(talks);
        Self {
            talk_basis: if talk.is_some() { Basis::Wider } else { Basis::Average },
            talk: talk.or_else(|| (count > 0.0).then(|| Spread::exponential(sum / count))),
            wrap_up: pooled(wrap_ups),
        }
    }
}

/// Those that ended, and how long those had lasted that nobody saw end.
fn talks(times: &Times) -> [&Vec<f64>; 2] {
    [&times.talk_secs, &times.talk_secs_so_far]
}

fn wrap_ups(times: &Times) -> [&Vec<f64>; 2] {
    [&times.wrap_up_secs, &times.wrap_up_secs_so_far]
}

fn average_talk(times: &Times) -> Option<f64> {
    times.average_talk_secs.filter(|secs| secs.is_finite() && *secs >= LEAST_AVERAGE_SECS)
}

/// Works it out.
pub(crate) fn handling(times: &Times, wider: &Wider) -> Result<Handling, Reason> {
    let average = average_talk(times);
    // What the floor's calls would be like if they were as long as this campaign's.
    let pooled = wider.talk.as_ref().map(|spread| match average {
        Some(average) if spread.mean() > 0.0 => spread.scaled(average / spread.mean()),
        _ => spread.clone(),
    });
    let (talk, talk_basis) = match (drawn(talks(times), pooled.as_ref()), pooled, average) {
        (Some(own), ..) => own,
        (None, Some(pooled), _) => (pooled, wider.talk_basis),
        (None, None, Some(average)) => (Spread::exponential(average), Basis::Average),
        (None, None, None) => return Err(Reason::HandlingUnknown),
    };
    let set = times.set_wrap_up_secs.filter(|secs| secs.is_finite() && *secs >= 0.0);
    let (wrap_up, wrap_up_basis) = match (drawn(wrap_ups(times), wider.wrap_up.as_ref()), set) {
        (Some(own), _) => own,
        (None, Some(secs)) => (Spread::fixed(secs), Basis::Average),
        (None, None) => match &wider.wrap_up {
            Some(pooled) => (pooled.clone(), Basis::Wider),
            None => (Spread::fixed(0.0), Basis::Assumed),
        },
    };
    let ring_secs = times.ring_secs.filter(|secs| secs.is_finite()).unwrap_or(0.0);
    Ok(Handling {
        talk,
        talk_basis,
        wrap_up,
        wrap_up_basis,
        ring_secs: ring_secs.clamp(0.0, MOST_RINGING_SECS),
    })
}

/// A campaign's own, with the floor's as so many calls more where they are few.
fn drawn([own, so_far]: [&Vec<f64>; 2], wider: Option<&Spread>) -> Option<(Spread, Basis)> {
    let enough = own.len() >= ENOUGH;
    let mut samples = lasted(own, so_far);
    if samples.is_empty() {
        return None;
    }
    if let Some(wider) = wider.filter(|_| !enough) {
        let parts = 4 * WIDER_AS as usize;
        let weight = WIDER_AS / parts as f64;
        samples.extend((0..parts).map(|at| (wider.at((at as f64 + 0.5) / parts as f64), weight)));
    }
    Some((Spread::of(&mut samples)?, if enough { Basis::Own } else { Basis::Drawn }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_length(secs: f64, count: usize) -> Vec<f64> {
        (0..count).map(|at| secs * (0.5 + (at as f64 + 0.5) / count as f64)).collect()
    }

    #[test]
    fn own_calls_where_there_are_enough_and_the_floors_where_not() {
        let busy = Times { talk_secs: of_length(100.0, 200), ..Times::default() };
        let few = Times { talk_secs: of_length(300.0, 12), ..Times::default() };
        let none = Times::default();
        let averaged = Times { average_talk_secs: Some(50.0), ..Times::default() };
        let all = [busy.clone(), few.clone(), none.clone(), averaged.clone()];
        let wider = Wider::of(&all);
        let told = |times: &Times| {
            let handling = handling(times, &wider).unwrap();
            (handling.talk.mean(), handling.talk_basis)
        };
        let (mean, basis) = told(&busy);
        assert!((mean - 100.0).abs() < 2.0 && basis == Basis::Own, "{mean} {basis:?}");
        // As many of its own as the floor's count: in the middle.
        let (mean, basis) = told(&few);
        assert!((170.0..240.0).contains(&mean) && basis == Basis::Drawn, "{mean} {basis:?}");
        let (mean, basis) = told(&none);
        assert!((100.0..120.0).contains(&mean) && basis == Basis::Wider, "{mean} {basis:?}");
        let (mean, basis) = told(&averaged);
        assert!((mean - 50.0).abs() < 1.0 && basis == Basis::Wider, "{mean} {basis:?}");
        // As many go on as have ended, all longer than those: their own, and the floor's.
        let going_on = Times { talk_secs_so_far: vec![300.0; 200], ..busy.clone() };
        let (mean, basis) = told(&going_on);
        assert!(mean > 200.0 && basis == Basis::Own, "{mean} {basis:?}");
        assert!(Wider::of(&[going_on]).talk.unwrap().mean() > 200.0);
    }

    #[test]
    fn an_average_is_said_to_be_one_and_nothing_is_not_zero() {
        let averaged =
            Times { average_talk_secs: Some(50.0), set_wrap_up_secs: Some(20.0), ..Times::default() };
        let wider = Wider::of(&[]);
        let found = handling(&averaged, &wider).unwrap();
        assert_eq!((found.talk_basis, found.wrap_up_basis), (Basis::Average, Basis::Average));
        assert!((found.talk.mean() - 50.0).abs() < 1.0 && found.wrap_up.mean() == 20.0);
        assert_eq!(handling(&Times::default(), &wider), Err(Reason::HandlingUnknown));
        // A server that has averaged nothing yet says zero.
        let zero = Times { average_talk_secs: Some(0.0), ..Times::default() };
        assert_eq!(handling(&zero, &Wider::of(std::slice::from_ref(&zero))), Err(Reason::HandlingUnknown));
        let odd = Times { talk_secs: vec![f64::NAN, -5.0, f64::INFINITY], ..averaged };
        assert_eq!(handling(&odd, &wider).unwrap().talk_basis, Basis::Average);
    }
}

//! How long things last of which some have not ended: by the product-limit estimate, each length that was seen end counts for
//! those as well that had lasted longer by then. Who has watched for ten minutes has seen no talk of twenty; by those that
//! ended alone all talks would be short. Left out on purpose: what is made of the lengths.

/// Beyond the longest that was seen end so many lengths stand for what is left.
const TAIL: usize = 4;

/// Lengths with what each counts, in all as much as have ended. `so_far` are those nobody saw end. Lengths that are no
/// lengths are left out; where none has ended nothing is known.
pub(crate) fn lasted(ended: &[f64], so_far: &[f64]) -> Vec<(f64, f64)> {
    let plausible = |secs: &&f64| secs.is_finite() && **secs >= 0.0;
    let ended: Vec<f64> = ended.iter().filter(plausible).copied().collect();
    let so_far: Vec<f64> = so_far.iter().filter(plausible).copied().collect();
    if so_far.is_empty() || ended.is_empty() {
        return ended.into_iter().map(|secs| (secs, 1.0)).collect();
    }
    let count = ended.len() as f64;
    let total: f64 = ended.iter().chain(&so_far).sum();
    let mut all: Vec<(f64, bool)> = ended.into_iter().map(|secs| (secs, true)).collect();
    all.extend(so_far.into_iter().map(|secs| (secs, false)));
    // Of lengths alike those that ended come first: the others had lasted as long.
    all.sort_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    let (mut left, mut longest) = (1.0, 0.0);
    let mut lengths = Vec::with_capacity(all.len() + TAIL);
    for (at, (secs, ends)) in all.iter().enumerate() {
        if *ends {
            let ending = left / (all.len() - at) as f64;
            lengths.push((*secs, count * ending));
            left -= ending;
            longest = *secs;
        }
    }
    if left > 1e-9 {
        // Whoever has lasted longer than anybody seen end goes on as anything does on average.
        let mean = total / count;
        let each = count * left / TAIL as f64;
        let beyond = |at: usize| longest - mean * (1.0 - (at as f64 + 0.5) / TAIL as f64).ln();
        lengths.extend((0..TAIL).map(|at| (beyond(at), each)));
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Stream;

    fn mean(lengths: &[(f64, f64)]) -> f64 {
        let (sum, count) = lengths
            .iter()
            .fold((0.0, 0.0), |(sum, count), (secs, weight)| (sum + secs * weight, count + weight));
        sum / count
    }

    #[test]
    fn what_has_not_ended_makes_lengths_longer() {
        assert_eq!(lasted(&[10.0, 20.0], &[]), [(10.0, 1.0), (20.0, 1.0)]);
        assert_eq!(lasted(&[f64::NAN, 10.0, -1.0], &[f64::INFINITY]), [(10.0, 1.0)]);
        assert_eq!(lasted(&[], &[500.0]), []);
        // Of four one had lasted as long as the first when it ended: of the three others one is left.
        assert_eq!(lasted(&[10.0, 20.0, 30.0], &[10.0]), [(10.0, 0.75), (20.0, 1.125), (30.0, 1.125)]);
        // What is left beyond the longest that ended is longer than it, and counts as much as is left.
        let lengths = lasted(&[10.0, 20.0], &[100.0, 200.0]);
        assert_eq!(lengths[..2], [(10.0, 0.5), (20.0, 0.5)]);
        assert!(lengths[2..].iter().all(|(secs, weight)| *secs > 20.0 && *weight == 0.25), "{lengths:?}");
        assert!((mean(&lengths) - 100.0).abs() < 25.0, "{lengths:?}");
    }

    #[test]
    fn who_has_watched_for_a_short_time_knows_how_long_calls_take() {
        // Exponential of 200 seconds, one each second, watched for five minutes.
        let random = Stream::new(5);
        let (mut ended, mut so_far) = (Vec::new(), Vec::new());
        for began in 0..300 {
            let (secs, watched) = (200.0 * random.exponential(began), 300.0 - began as f64);
            if secs <= watched { ended.push(secs) } else { so_far.push(watched) }
        }
        let by_those_that_ended = ended.iter().sum::<f64>() / ended.len() as f64;
        assert!(by_those_that_ended < 110.0, "{by_those_that_ended}");
        let told = mean(&lasted(&ended, &so_far));
        assert!((165.0..240.0).contains(&told), "{told}");
    }
}

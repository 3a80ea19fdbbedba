//! What a page measured of its frames: how they are spread.

use serde_json::Value;

/// Milliseconds.
pub struct Frames {
    /// Half took less.
    pub p50: f64,
    /// Of a hundred, five took longer.
    pub p95: f64,
    /// Of a hundred, one took longer.
    pub p99: f64,
    /// The longest.
    pub worst: f64,
}

/// How long what a page measured took.
///
/// # Errors
/// It measured nothing.
pub fn spread(measured: &Value) -> Result<Frames, String> {
    let mut times: Vec<f64> = measured.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len().saturating_sub(1)) as f64 * part) as usize).copied();
    let (Some(p50), Some(p95), Some(p99), Some(worst)) = (at(0.5), at(0.95), at(0.99), at(1.0)) else {
        return Err("the window drew nothing".into());
    };
    Ok(Frames { p50, p95, p99, worst })
}

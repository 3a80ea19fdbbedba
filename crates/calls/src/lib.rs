//! Calls: searching and grouping their records, finding and fetching their recordings, tags.

pub mod wire;

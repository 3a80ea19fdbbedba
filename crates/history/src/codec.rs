//! Rows of figures as bytes: only what differs from the row before, in as few bytes as the difference needs.
//!
//! Left out on purpose: which figure stands where (`rows`).

/// Figures of one subject; [`NONE`] where a figure is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) [i64; FIELDS]);

pub(crate) const FIELDS: usize = 32;
/// No figure.
pub(crate) const NONE: i64 = i64::MIN;

impl Row {
    pub(crate) const EMPTY: Self = Self([NONE; FIELDS]);

    pub(crate) fn get(&self, field: usize) -> Option<i64> {
        Some(self.0[field]).filter(|value| *value != NONE)
    }

    pub(crate) fn number(&self, field: usize) -> Option<u32> {
        self.get(field).and_then(|value| u32::try_from(value).ok())
    }
}

pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Writes what leads from one row to the next.
pub(crate) fn put_row(out: &mut Vec<u8>, before: &Row, now: &Row) {
    let differing = (0..FIELDS).filter(|field| before.0[*field] != now.0[*field]);
    put(out, differing.clone().fold(0, |mask, field| mask | 1 << field));
    for field in differing {
        match now.get(field) {
            None => out.push(0),
            Some(value) => {
                let step = zigzag(value.wrapping_sub(before.get(field).unwrap_or(0)));
                // Zero says that there is no figure; the one step this cannot say is a moment in no calendar.
                put(out, step.saturating_add(1));
            }
        }
    }
}

/// Bytes being read. What is cut off or damaged ends the reading: whatever came before it is good.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Bytes<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        // Most are small.
        if let Some((byte @ 0..0x80, rest)) = self.0.split_first() {
            self.0 = rest;
            return Some(u64::from(*byte));
        }
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// Makes the row before into the one written.
    pub(crate) fn row(&mut self, row: &mut Row) -> Option<()> {
        let mut mask = self.number()?;
        while mask != 0 {
            let field = row.0.get_mut(mask.trailing_zeros() as usize)?;
            *field = match self.number()? {
                0 => NONE,
                step => (if *field == NONE { 0 } else { *field }).wrapping_add(unzigzag(step - 1)),
            };
            mask &= mask - 1;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_back_one_after_the_other(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of(-1i64 << 40..1 << 45), FIELDS), 1..6)
        ) {
            let rows: Vec<Row> = rows.into_iter().map(|fields| {
                let mut row = Row::EMPTY;
                for (at, value) in fields.into_iter().enumerate() { row.0[at] = value.unwrap_or(NONE); }
                row
            }).collect();
            let (mut out, mut before) = (Vec::new(), Row::EMPTY);
            for row in &rows { put_row(&mut out, &before, row); before = *row; }
            let (mut bytes, mut read) = (Bytes(&out), Row::EMPTY);
            for row in &rows {
                prop_assert!(bytes.row(&mut read).is_some());
                prop_assert_eq!(&read, row);
            }
            prop_assert!(bytes.is_empty());
        }

        #[test]
        fn damaged_bytes_end_the_reading(damaged in prop::collection::vec(any::<u8>(), 0..80)) {
            let (mut bytes, mut row) = (Bytes(&damaged), Row::EMPTY);
            while bytes.row(&mut row).is_some() && !bytes.is_empty() {}
        }
    }
}

//! Samples kept one by one, as WAV files keep them: plain numbers, and the two laws of G.711.

use crate::container::{Coding, Sampled};

impl Coding {
    /// Bytes of one sample.
    fn bytes(self) -> usize {
        match self {
            Self::Linear8 | Self::ALaw | Self::MuLaw => 1,
            Self::Linear16 => 2,
        }
    }
}

impl Sampled {
    /// Bytes of one sample of every channel.
    pub(crate) fn bytes(self) -> usize {
        self.coding.bytes() * usize::from(self.channels)
    }

    /// Adds the samples in these bytes, -1 to 1, to `out`, as interleaved as they are.
    pub(crate) fn decode(self, bytes: &[u8], out: &mut Vec<f32>) {
        let steps = |sample: i16| f32::from(sample) / 32_768.0;
        match self.coding {
            Coding::Linear8 => out.extend(bytes.iter().map(|byte| (f32::from(*byte) - 128.0) / 128.0)),
            Coding::Linear16 => {
                let pairs = bytes.chunks_exact(2);
                out.extend(pairs.map(|pair| steps(i16::from_le_bytes([pair[0], pair[1]]))));
            }
            Coding::ALaw => out.extend(bytes.iter().map(|byte| steps(a_law(*byte)))),
            Coding::MuLaw => out.extend(bytes.iter().map(|byte| steps(mu_law(*byte)))),
        }
    }
}

/// A-law (G.711) as 16 bits: every other bit turned round, a sign, three bits of exponent, four of what follows.
fn a_law(byte: u8) -> i16 {
    let bits = byte ^ 0x55;
    let (exponent, rest) = ((bits >> 4) & 7, i16::from(bits & 15));
    let loud = if exponent == 0 { (rest << 4) + 8 } else { ((rest << 4) + 0x108) << (exponent - 1) };
    if bits & 0x80 == 0 { -loud } else { loud }
}

/// µ-law (G.711) as 16 bits: all bits turned round, else much the same.
fn mu_law(byte: u8) -> i16 {
    let bits = !byte;
    let (exponent, rest) = ((bits >> 4) & 7, i16::from(bits & 15));
    let loud = (((rest << 3) + 0x84) << exponent) - 0x84;
    if bits & 0x80 == 0 { loud } else { -loud }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tables of G.711, as 16 bits: the loudest, the quietest, and some between, of both signs.
    #[test]
    fn the_laws_are_those_of_the_tables() {
        for (byte, due) in [
            (0xD5, 8),
            (0x55, -8),
            (0xAA, 32_256),
            (0x2A, -32_256),
            (0x80, 5_504),
            (0x00, -5_504),
            (0xC5, 264),
        ] {
            assert_eq!(a_law(byte), due, "A-law {byte:#04x}");
        }
        for (byte, due) in
            [(0xFF, 0), (0x7F, 0), (0x80, 32_124), (0x00, -32_124), (0xF0, 120), (0x70, -120), (0xEF, 132)]
        {
            assert_eq!(mu_law(byte), due, "µ-law {byte:#04x}");
        }
    }

    #[test]
    fn numbers_come_out_as_they_are() {
        let mut out = Vec::new();
        let sampled = |coding| Sampled { coding, rate: 8_000, channels: 1 };
        sampled(Coding::Linear16).decode(&[0, 0x80, 0, 0x40, 0xFF, 0xFF], &mut out);
        sampled(Coding::Linear8).decode(&[0, 128, 192], &mut out);
        assert_eq!(out, [-1.0, 0.5, -1.0 / 32_768.0, -1.0, 0.0, 0.5]);
    }
}

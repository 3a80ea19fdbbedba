//! What a device would be given, all at once and without one: to measure what hearing costs.

use crate::chain::Chain;
use crate::error::Error;
use crate::reader::{Pcm, Reader, Step};
use crate::resample::Pair;
use crate::wire::Hearing;

/// The whole recording as a device of `rate` frames a second would get it, left and right, heard as `hearing` says.
///
/// # Errors
/// [`Error::NotAudio`], [`Error::Empty`], [`Error::TooShort`].
pub fn render(bytes: &[u8], hearing: &Hearing, rate: u32) -> Result<Vec<Pair>, Error> {
    let mut reader = Reader::new();
    let mut chain: Option<Chain> = None;
    let mut out = Vec::new();
    loop {
        match reader.step(&bytes)? {
            Step::Pcm(first) => {
                let Pcm { rate: from, channels, samples } = reader.pcm();
                if chain.is_none() {
                    chain = Chain::new(from, rate, channels, hearing, None);
                }
                let Some(chain) = &mut chain else { break };
                chain.push(first, samples, &mut out);
            }
            Step::Worked => {}
            Step::Wait(_) | Step::End => break,
        }
    }
    let Some(mut chain) = chain else { return Err(Error::TooShort { bytes: bytes.len() as u64 }) };
    chain.finish(&mut out);
    Ok(out)
}

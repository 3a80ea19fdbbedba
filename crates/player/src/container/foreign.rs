//! Formats that are not played, by the bytes they begin with: a name for them, so that a person knows what was kept and
//! what to open it with.

/// A format that is not played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// Its name, the same in every language: `Ogg`.
    pub name: &'static str,
    /// What the name of a file of it ends in, without the dot.
    pub ending: &'static str,
    /// In English: "an Ogg file".
    pub words: &'static str,
}

const fn named(name: &'static str, ending: &'static str, words: &'static str) -> Foreign {
    Foreign { name, ending, words }
}

const AAC: Foreign = named("AAC", "aac", "an AAC file");
const A_LAW: Foreign = named("A-law", "alaw", "A-law without a header");
const MU_LAW: Foreign = named("µ-law", "ulaw", "µ-law without a header");

impl Foreign {
    /// RIFF around something that nothing more is known of.
    pub const RIFF: Self = named("RIFF", "wav", "a RIFF file around something that is not played");

    /// WAV with this in it.
    pub(super) const fn wav(name: &'static str, words: &'static str) -> Self {
        named(name, "wav", words)
    }
}

/// A known beginning, and how many bytes on it lies.
const BEGINNINGS: [(usize, &[u8], Foreign); 16] = [
    (0, b"OggS", named("Ogg", "ogg", "an Ogg file")),
    (0, b"fLaC", named("FLAC", "flac", "a FLAC file")),
    (4, b"ftyp", named("MP4 (AAC)", "m4a", "an MP4 file (AAC)")),
    (0, b"#!AMR", named("AMR", "amr", "an AMR file")),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", named("Windows Media", "wma", "a Windows Media file")),
    (0, b"\x1A\x45\xDF\xA3", named("WebM", "webm", "a WebM file")),
    (0, b"FORM", named("AIFF", "aiff", "an AIFF file")),
    (0, b".snd", named("AU", "au", "an AU file")),
    (0, b"caff", named("CAF", "caf", "a CAF file")),
    (0, b"RF64", named("RF64", "wav", "an RF64 file")),
    (0, b"#!SILK", named("SILK", "silk", "a SILK file")),
    (0, b"ADIF", AAC),
    (0, b"%PDF", named("PDF", "pdf", "a PDF")),
    (0, b"PK\x03\x04", named("ZIP", "zip", "a ZIP archive")),
    (0, b"\x1F\x8B\x08", named("gzip", "gz", "compressed (gzip)")),
    (0, b"\x89PNG", named("PNG", "png", "a picture")),
];

/// What begins here for certain.
pub(super) fn begins(bytes: &[u8]) -> Option<Foreign> {
    let known = |at: usize, beginning: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(beginning));
    BEGINNINGS.iter().find(|(at, beginning, _)| known(*at, beginning)).map(|(_, _, foreign)| *foreign)
}

/// Bytes that a guess looks at.
const LOOKED_AT: usize = 4_096;
/// With fewer, there is nothing to guess from.
const FEWEST: usize = 160;
/// Of what is this quiet, as both laws of G.711 count it, a call mostly consists: a tenth of the range.
const QUIET: u8 = 0x40;

/// What these bytes probably are, of which nothing else is known.
pub(super) fn guess(bytes: &[u8]) -> Option<Foreign> {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    if is_adts(bytes) {
        return Some(AAC);
    }
    if bytes.len() < FEWEST {
        return None;
    }
    // A sample is its loudness under a sign; A-law has every other bit turned round, µ-law all of them. Sound has both
    // signs, and what is silent from end to end lies next to nothing.
    let law = |turned: u8| {
        let loudness = |byte: &u8| (byte ^ turned) & 0x7F;
        let count = |under: u8| bytes.iter().filter(|byte| loudness(byte) < under).count();
        let below = bytes.iter().filter(|byte| **byte & 0x80 == 0).count();
        let swings = below.min(bytes.len() - below) * 8 > bytes.len();
        let likely = count(QUIET) * 10 >= bytes.len() * 8 && (swings || count(2) * 2 > bytes.len());
        likely.then(|| bytes.iter().map(|byte| u64::from(loudness(byte))).sum::<u64>())
    };
    let (a_law, mu_law) = (law(0x55), law(0xFF));
    match (a_law, mu_law) {
        (Some(a_law), mu_law) if mu_law.is_none_or(|mu_law| a_law < mu_law) => Some(A_LAW),
        (_, Some(_)) => Some(MU_LAW),
        _ => None,
    }
}

/// AAC as a stream: frames of this kind say how long they are, as those of MPEG layer 3 do.
fn is_adts(bytes: &[u8]) -> bool {
    let frame = |bytes: &[u8]| match *bytes {
        [0xFF, second, _, fourth, fifth, sixth, ..] if second & 0xF6 == 0xF0 => {
            Some(usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth) >> 5)
        }
        _ => None,
    };
    let Some(length) = frame(bytes).filter(|length| *length > 7) else { return false };
    bytes.get(length..).is_some_and(|next| frame(next).is_some())
}

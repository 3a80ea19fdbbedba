//! Looking for a frame at one byte. In step, where the frame before it ended, its header is believed; anywhere else it takes
//! a run of several, and so it does for a frame of another rate.

use std::io;

use super::super::{Answer, Place, Trust};
use crate::mp3::{Header, RUN_GOES_ON, tag_begins};
use crate::window::{Got, Input, Window};

/// Looks for a frame at exactly `offset`; `stream`: what the frames before it have in common. `More`: there is none.
pub(crate) fn locate(
    offset: u64,
    in_step: bool,
    stream: Option<&Header>,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<Answer<Place>> {
    let header = match window.get(input, offset, 4)? {
        Got::Bytes(bytes) => Header::parse(bytes),
        Got::Wait => return Ok(Answer::Wait(offset)),
        Got::End(_) => return Ok(Answer::End),
    };
    let Some(header) = header else { return Ok(Answer::More) };
    let alike = stream.is_none_or(|stream| stream.same_stream(&header));
    let end = offset + u64::from(header.bytes);
    if input.total().is_some_and(|total| end > total) {
        // A cut last frame, unless junk only looks like one and sound follows it.
        return Ok(if in_step && alike { Answer::End } else { Answer::More });
    }
    let place = Place { offset, bytes: header.bytes, header: Some(header), trust: Trust::Whole };
    if in_step && alike {
        return Ok(Answer::Is(place));
    }
    // At the very beginning the container has looked already.
    let count = if stream.is_none() { 2 } else { RUN_GOES_ON };
    Ok(match run(offset, &header, count, alike, window, input)? {
        Answer::Is(()) => Answer::Is(place),
        Answer::Wait(offset) => Answer::Wait(offset),
        Answer::More | Answer::End => Answer::More,
    })
}

/// Whether a run of so many frames begins here. Where the recording ends, fewer do; `alike`: even one.
fn run(
    offset: u64,
    first: &Header,
    count: usize,
    alike: bool,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<Answer<()>> {
    let mut end = first.bytes as usize;
    for seen in 1..count {
        let next = match window.get(input, offset, end + 4)? {
            Got::Bytes(bytes) => &bytes[end..],
            Got::Wait => return Ok(Answer::Wait(offset)),
            Got::End(bytes) => {
                let enough = bytes.len() >= end && (alike || seen > 1);
                return Ok(if enough { Answer::Is(()) } else { Answer::More });
            }
        };
        match Header::parse(next) {
            Some(next) if next.same_stream(first) && next.channels == first.channels => {
                end += next.bytes as usize;
            }
            _ if alike && tag_begins(next) => return Ok(Answer::Is(())),
            _ => return Ok(Answer::More),
        }
    }
    Ok(Answer::Is(()))
}

/// Whether what lies at this byte, where no frame follows the last one, still leaves that one whole: the end, a tag, padding.
pub(super) fn ends_well(offset: u64, window: &mut Window, input: &(impl Input + ?Sized)) -> io::Result<bool> {
    Ok(match window.get(input, offset, 4)? {
        Got::Bytes(bytes) => tag_begins(bytes) || bytes == [0; 4],
        Got::Wait | Got::End(_) => true,
    })
}

/// Whether a run of frames of the same stream begins within the last frame, at `offset` of so many bytes: it was cut.
/// `Is`: at this byte. `More`: none does.
pub(super) fn within(
    offset: u64,
    bytes: u32,
    stream: &Header,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<Answer<u64>> {
    for at in offset + 1..offset + u64::from(bytes) {
        match locate(at, false, Some(stream), window, input)? {
            Answer::Is(_) => return Ok(Answer::Is(at)),
            Answer::Wait(offset) => return Ok(Answer::Wait(offset)),
            Answer::More | Answer::End => {}
        }
    }
    Ok(Answer::More)
}

/// True when the bytes left at the end begin like a frame.
pub(super) fn cut_frame(
    offset: u64,
    stream: Option<&Header>,
    window: &mut Window,
    input: &(impl Input + ?Sized),
) -> io::Result<bool> {
    Ok(match window.get(input, offset, 4)? {
        Got::Bytes(bytes) => {
            Header::parse(bytes).is_some_and(|header| stream.is_none_or(|f| f.same_stream(&header)))
        }
        Got::End([0xFF, ..]) => true,
        _ => false,
    })
}

//! Two folders of pictures, pixel by pixel: what differs, how much of it, and where.
//!
//! Left out on purpose: what may differ. Pictures are made so that nothing does.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use png::{ColorType, Decoder, Transformations};

/// One picture: rows of pixels of 24 bits.
struct Picture {
    width: usize,
    height: usize,
    /// Red, green, blue of each, row by row.
    pixels: Vec<u8>,
}

/// Where two pictures of a size differ.
#[derive(Debug, PartialEq)]
struct Difference {
    /// Pixels.
    count: usize,
    /// The greatest difference of one colour, of 255.
    most: u8,
    /// Left, top, right and bottom of the smallest box around them all, the last two included.
    around: [usize; 4],
}

/// Compares those just made with those made before; prints a line for each that is not the same.
///
/// # Errors
/// A sentence: how many are not, or that a picture cannot be read.
pub fn folders(made: &Path, before: &Path) -> Result<(), String> {
    let mut names: BTreeSet<String> = names(made)?;
    names.extend(self::names(before)?);
    let mut differ = 0;
    for name in &names {
        let (one, other) = (made.join(name), before.join(name));
        let said = match (one.is_file(), other.is_file()) {
            (true, false) => Some("is new".to_owned()),
            (false, _) => Some("was not made".to_owned()),
            (true, true) => words(&read(&one)?, &read(&other)?),
        };
        if let Some(said) = said {
            differ += 1;
            println!("{name}: {said}");
        }
    }
    println!("{differ} of {} pictures differ", names.len());
    if differ == 0 { Ok(()) } else { Err(format!("not the pictures of {}", before.display())) }
}

fn names(folder: &Path) -> Result<BTreeSet<String>, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "png")).collect())
}

fn read(path: &Path) -> Result<Picture, String> {
    let failed = |error: String| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let mut decoder = Decoder::new(BufReader::new(file));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| failed(error.to_string()))?;
    let size = reader.output_buffer_size().ok_or_else(|| failed("too large".to_owned()))?;
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes).map_err(|error| failed(error.to_string()))?;
    let each = match frame.color_type {
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        other => return Err(failed(format!("a picture of {other:?}"))),
    };
    // What is seen through is nothing of a window's.
    let pixels = bytes[..frame.buffer_size()].chunks_exact(each).flat_map(|pixel| &pixel[..3]).copied();
    Ok(Picture { width: frame.width as usize, height: frame.height as usize, pixels: pixels.collect() })
}

/// How they differ, in words; `None` when they do not.
fn words(one: &Picture, other: &Picture) -> Option<String> {
    if (one.width, one.height) != (other.width, other.height) {
        let sizes = [other.width, other.height, one.width, one.height];
        let [wide, high, now_wide, now_high] = sizes;
        return Some(format!("was {wide}x{high}, is {now_wide}x{now_high}"));
    }
    let Difference { count, most, around: [left, top, right, bottom] } = difference(one, other)?;
    let share = count as f64 * 100.0 / (one.width * one.height) as f64;
    let (wide, high) = (right - left + 1, bottom - top + 1);
    Some(format!("{share:.4} % ({count} pixels, by {most} at most) in {wide}x{high} at {left},{top}"))
}

fn difference(one: &Picture, other: &Picture) -> Option<Difference> {
    let pairs = one.pixels.chunks_exact(3).zip(other.pixels.chunks_exact(3)).enumerate();
    let by = |one: &[u8], other: &[u8]| one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).max();
    let places = pairs.filter_map(|(index, (one, other))| {
        let by = by(one, other).filter(|by| *by > 0)?;
        Some((index, by))
    });
    places.fold(None, |so_far, (index, by)| {
        let (x, y) = (index % one.width, index / one.width);
        let Difference { count, most, around: [left, top, right, bottom] } =
            so_far.unwrap_or(Difference { count: 0, most: 0, around: [x, y, x, y] });
        let around = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
        Some(Difference { count: count + 1, most: most.max(by), around })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize) -> Picture {
        Picture { width, height, pixels: vec![128; width * height * 3] }
    }

    #[test]
    fn a_pixel_is_found_where_it_is() {
        let one = grey(20, 10);
        assert_eq!(difference(&one, &grey(20, 10)), None);
        let mut other = grey(20, 10);
        for (x, y) in [(3, 2), (7, 9)] {
            other.pixels[(y * 20 + x) * 3 + 1] = 129;
        }
        assert_eq!(difference(&one, &other), Some(Difference { count: 2, most: 1, around: [3, 2, 7, 9] }));
        assert_eq!(words(&one, &other).as_deref(), Some("1.0000 % (2 pixels, by 1 at most) in 5x8 at 3,2"));
        assert_eq!(words(&one, &grey(20, 11)).as_deref(), Some("was 20x11, is 20x10"));
    }
}

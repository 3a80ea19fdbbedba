//! A file of 200,000 people read, mapped and checked, and what goes out made of it; beside a plain read of the same file.
//! Time and the most memory at once. Prints a table; asserts nothing.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use atalaya_outreach::base::MAX_BYTES;
use atalaya_outreach::checked::{Blacklisted, check};
use atalaya_outreach::wire::{BaseKind, BaseRequest, RowsWanted};
use atalaya_outreach::{columns, file};
use tokio_util::sync::CancellationToken;

const PEOPLE: u32 = 200_000;
const RUNS: usize = 5;

type Failure = Box<dyn std::error::Error>;

fn main() {
    if let Err(error) = measure() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

/// People as they are in such files: some numbers tidy, some not, some twice, some none.
fn people() -> String {
    let mut text = "TELEFONO;nombre;saldo;vence;TEL2;TEL3;prioridad\n".to_owned();
    for at in 0..PEOPLE {
        let number = 98_000_000 + at.wrapping_mul(2_654_435_761) % 1_900_000;
        let phone = match at % 40 {
            0 => format!("0{} {}", number / 1_000, number % 1_000),
            1 => "s/n".to_owned(),
            _ => format!("0{number}"),
        };
        let other = if at % 3 == 0 { format!("099{:06}", at % 1_000_000) } else { String::new() };
        let _ =
            writeln!(text, "{phone};Zoë Núñez {at};{};2026-12-{:02};{other};;9999", at % 90_000, 1 + at % 28);
    }
    text
}

/// One step in a process of its own, so that the most memory at once is its own.
fn apart(step: &str, path: &Path) -> Result<(f64, f64), Failure> {
    let out = Command::new(std::env::current_exe()?).arg(step).arg(path).output()?;
    let said = String::from_utf8(out.stdout)?;
    let mut figures = said.split_whitespace().map(str::parse);
    match (figures.next(), figures.next()) {
        (Some(ms), Some(megabytes)) => Ok((ms?, megabytes?)),
        _ => Err(format!("{step} said nothing: {}", String::from_utf8_lossy(&out.stderr)).into()),
    }
}

fn measure() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    if let (Some(step), Some(path)) = (arguments.next(), arguments.next()) {
        let began = Instant::now();
        run(&step, Path::new(&path))?;
        println!("{} {}", began.elapsed().as_secs_f64() * 1_000.0, most_memory());
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("people.csv");
    std::fs::write(&path, people())?;
    println!("{PEOPLE} rows, {:.1} MB, median of {RUNS}", std::fs::metadata(&path)?.len() as f64 / 1e6);
    for (step, what) in [
        ("nothing", "a program that does nothing"),
        ("plain", "a plain read of the file as lines"),
        ("read", "read, letters and cells"),
        ("checked", "read, mapped and checked"),
        ("made", "the same, and every base made"),
    ] {
        let mut figures = Vec::new();
        for _ in 0..RUNS {
            figures.push(apart(step, &path)?);
        }
        figures.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (ms, megabytes) = figures[RUNS / 2];
        println!("{what:<36} {ms:>8.1} ms {megabytes:>8.1} MB");
    }
    Ok(())
}

fn run(step: &str, path: &Path) -> Result<(), Failure> {
    let never = CancellationToken::new();
    match step {
        "nothing" => return Ok(()),
        "plain" => {
            let text = std::fs::read_to_string(path)?;
            std::hint::black_box(text.lines().map(|line| line.split(';').count()).sum::<usize>());
            return Ok(());
        }
        _ => {}
    }
    let taken = Arc::new(file::read(path, &mut |_| {}, &never)?);
    if step == "read" {
        std::hint::black_box(&taken);
        return Ok(());
    }
    let mapping = columns::guess(&taken.sheet, BaseKind::Calls);
    let campaign = "Recupero->".to_owned();
    let request = BaseRequest { file: 1, kind: BaseKind::Calls, campaign, mapping, timezone: None };
    let checked = check(1, taken, request, MAX_BYTES, &Blacklisted::new(), &mut |_, _| {}, &never)?;
    std::hint::black_box(checked.rows(&RowsWanted::Bad, 0, 100));
    if step == "made" {
        let mut bytes = 0;
        checked.bases(|rows| {
            bytes += rows.text().len();
            Ok::<_, Failure>(())
        })?;
        std::hint::black_box(bytes);
    }
    Ok(())
}

/// The most memory this process had at once, megabytes; 0 where the system does not say.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_000.0
}

//! What running programs cost: the released ones, which processes are a window's, their memory, descriptors and processor
//! time. Linux only: it reads /proc.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{setup, tool, user_interface};

/// Linux counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;

/// Builds the window and the command line as they are released, with what drives a window; gives their folder.
///
/// # Errors
/// Something cannot be installed or built.
pub fn released() -> Result<PathBuf, String> {
    setup::system(&setup::HEADLESS)?;
    setup::drivers()?;
    user_interface::built()?;
    tool::show(tool::command("cargo").args(["build", "--release", "-p", "atalaya", "-p", "atalaya-cli"]))?;
    Ok(atalaya_window::target_folder().join("release"))
}

/// The processes of a window, the program's and its pages': all that carry its home in their environment.
pub fn of_home(home: &Path) -> Vec<u32> {
    let home = format!("ATALAYA_HOME={}", home.display());
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let of = |id: u32| {
        let environment = fs::read(format!("/proc/{id}/environ")).ok()?;
        environment.split(|byte| *byte == 0).any(|entry| entry == home.as_bytes()).then_some(id)
    };
    processes.filter_map(|entry| of(entry.ok()?.file_name().to_str()?.parse().ok()?)).collect()
}

/// Processor time of processes so far, seconds; one that ended adds nothing.
pub fn processor_secs(processes: &[u32]) -> f64 {
    let of = |id: &u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // After the name in brackets: state, then twelve more up to the two times.
        let times: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2).collect();
        Some(times.iter().filter_map(|time| time.parse::<f64>().ok()).sum::<f64>() / TICKS)
    };
    processes.iter().filter_map(of).sum()
}

/// Proportional set size in kB: what a process costs, shared pages divided among those who share them.
///
/// # Errors
/// It has ended.
pub fn memory_kb(process: u32) -> Result<u64, String> {
    rolled_up(process, "Pss:")
}

/// Its own memory in kB, of no file: what a leak grows, whoever else begins and ends beside it.
///
/// # Errors
/// It has ended.
pub fn own_kb(process: u32) -> Result<u64, String> {
    rolled_up(process, "Pss_Anon:")
}

fn rolled_up(process: u32, what: &str) -> Result<u64, String> {
    let rollup =
        fs::read_to_string(format!("/proc/{process}/smaps_rollup")).map_err(|error| error.to_string())?;
    let line = rollup.lines().find_map(|line| line.strip_prefix(what));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).ok_or(format!("no {what}"))
}

/// How long a process has been running, seconds, to a hundredth.
///
/// # Errors
/// It has ended.
pub fn age_secs(process: u32) -> Result<f64, String> {
    let text = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let stat = text(&format!("/proc/{process}/stat"))?;
    let begun =
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19)?.parse::<f64>().ok());
    let up = text("/proc/uptime")?.split_whitespace().next().and_then(|secs| secs.parse::<f64>().ok());
    begun.zip(up).map(|(begun, up)| up - begun / TICKS).ok_or("no times".into())
}

/// Threads.
///
/// # Errors
/// It has ended.
pub fn tasks(process: u32) -> Result<usize, String> {
    Ok(fs::read_dir(format!("/proc/{process}/task")).map_err(|error| error.to_string())?.count())
}

/// Open descriptors.
///
/// # Errors
/// It has ended.
pub fn files(process: u32) -> Result<usize, String> {
    Ok(fs::read_dir(format!("/proc/{process}/fd")).map_err(|error| error.to_string())?.count())
}

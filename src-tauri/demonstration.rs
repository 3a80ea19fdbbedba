//! The demonstration, opened from the window one signs in with: this program once more, with a home and a window of its own, so
//! that nothing of it mixes with what is real.

use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};

use atalaya_desk::Problem;
use tauri::{AppHandle, Manager};

/// The one opened last.
#[derive(Default)]
pub struct Demonstration(Mutex<Option<Child>>);

/// Opens it, unless it is open.
///
/// # Errors
/// `demoFailed`: the system does not start it.
pub fn open(app: &AppHandle) -> Result<(), Problem> {
    let demonstration = app.state::<Demonstration>();
    let mut last = demonstration.0.lock().unwrap_or_else(PoisonError::into_inner);
    if last.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None))) {
        return Ok(());
    }
    let started = tauri::process::current_binary(&app.env())
        .and_then(|program| Command::new(program).arg("--demo").spawn());
    let failed = |error: std::io::Error| Problem {
        code: "demoFailed".to_owned(),
        params: [("detail".to_owned(), error.to_string())].into(),
        retryable: true,
    };
    *last = Some(started.map_err(failed)?);
    Ok(())
}

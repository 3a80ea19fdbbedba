//! A process that ends with the one who started it.
//!
//! On a regular end or a failure the guard stops the whole process group. When we are killed or interrupted nothing of
//! ours runs any more: there the kernel tells the process that its parent died (Linux), and every program on the
//! virtual display ends with that display.

use std::ffi::OsStr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::wait::wait_until;

/// How long a process is given to end by itself.
const GRACE: Duration = Duration::from_secs(4);

/// A command whose process is told to end when the thread that starts it is gone.
pub fn bound_command(program: impl AsRef<OsStr>) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = Command::new("setpriv");
        // With a terminal that goes away as usual, whatever the tests were started to outlive.
        command.args(["--pdeathsig", "TERM", "env", "--default-signal=HUP"]).arg(program);
        return command;
    }
    Command::new(program)
}

/// A running process with all its children; stopped when dropped.
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts it in a process group of its own, without standard input.
    ///
    /// # Errors
    /// A sentence: the program could not be started.
    pub fn start(name: &str, command: &mut Command) -> Result<Self, String> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("{name} could not be started: {error}"))?;
        Ok(Self { child, name: name.to_owned() })
    }

    /// The process itself, for its output and its number.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its exit status in words once it has ended by itself.
    ///
    /// # Errors
    /// The system could not say.
    pub fn ended(&mut self) -> Result<Option<String>, String> {
        let status = self.child.try_wait().map_err(|error| format!("{}: {error}", self.name))?;
        Ok(status.map(|status| format!("{} ended ({status})", self.name)))
    }

    /// Sends a signal to the whole group; by its number, never by a name.
    fn signal(&mut self, signal: &str) {
        if cfg!(unix) {
            // A group that is already gone is what we want.
            let _ = Command::new("kill")
                .args([signal, "--", &format!("-{}", self.child.id())])
                .stderr(Stdio::null())
                .status();
        } else {
            let _ = self.child.kill();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal("-TERM");
        let ended = wait_until(&self.name, GRACE, || Ok(self.child.try_wait().ok().flatten()));
        // Also when the leader ended: its children may not have.
        self.signal("-KILL");
        if ended.is_err() {
            let _ = self.child.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_process_goes_with_its_children_even_when_it_refuses() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' TERM; sleep 600 & echo ready; wait; wait"]).stdout(Stdio::piped());
        let mut running = Running::start("shell", &mut shell).unwrap();
        let mut out = running.child().stdout.take().unwrap();
        let mut ready = [0; 6];
        out.read_exact(&mut ready).unwrap();
        assert_eq!(running.ended(), Ok(None));
        drop(running);
        // Both held the pipe: its end is the proof that both are gone.
        assert_eq!(out.read(&mut ready).unwrap(), 0);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Running::start("the driver", &mut Command::new("/nowhere/at-all")).err().unwrap();
        assert!(error.starts_with("the driver could not be started"), "{error}");
    }
}

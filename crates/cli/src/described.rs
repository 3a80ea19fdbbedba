//! `describe`: the command line described for a system's package: manual pages, and what shells complete. All of it comes
//! from what may be typed (`args`), so that neither can say anything else.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::failure::Failure;

/// Of whom a package's manual is.
const MANUAL: &str = "Atalaya";

/// Writes `man1/*.1`, `bash/`, `zsh/` and `fish/` into the folder, which is made.
pub fn run(folder: &Path) -> Result<(), Failure> {
    write(folder).map_err(|error| {
        Failure::of("exportFailed", format!("{} cannot be written to: {error}", folder.display()))
    })
}

fn write(folder: &Path) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let pages = folder.join("man1");
    std::fs::create_dir_all(&pages)?;
    page(&command, &pages)?;
    for (shell, name) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        clap_complete::generate_to(shell, &mut command, "atalaya-cli", folder)?;
    }
    Ok(())
}

/// A page of its own for each command that is shown.
fn page(command: &Command, folder: &Path) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).manual(MANUAL).generate_to(folder)?;
    let commands = command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help");
    for one in commands {
        page(one, folder)?;
    }
    Ok(())
}

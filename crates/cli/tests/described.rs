//! Manual pages and shells' completions, as a package has them.

use std::process::{Command, Stdio};

#[test]
fn every_command_has_a_page_and_is_completed() {
    let home = tempfile::tempdir().expect("a folder");
    let made = home.path().join("made");
    let program = env!("CARGO_BIN_EXE_atalaya-cli");
    assert!(Command::new(program).arg("describe").arg(&made).status().expect("it runs").success());
    let mut pages: Vec<String> = std::fs::read_dir(made.join("man1"))
        .expect("pages")
        .map(|page| page.expect("a page").file_name().into_string().expect("a name"))
        .collect();
    pages.sort();
    for page in
        ["atalaya-cli.1", "atalaya-cli-floor.1", "atalaya-cli-dialer-task.1", "atalaya-cli-team-status.1"]
    {
        assert!(pages.iter().any(|one| one == page), "{page}: {pages:?}");
    }
    assert!(!pages.iter().any(|page| page.contains("describe") || page.contains("help")), "{pages:?}");
    let calls = std::fs::read_to_string(made.join("man1/atalaya-cli-calls.1")).expect("text");
    assert!(calls.contains("\\-\\-excel") && calls.contains("\\-\\-server"), "{calls}");
    for (shell, file) in
        [("bash", "bash/atalaya-cli.bash"), ("zsh", "zsh/_atalaya-cli"), ("fish", "fish/atalaya-cli.fish")]
    {
        let file = made.join(file);
        let text = std::fs::read_to_string(&file).expect("text");
        assert!(text.contains("blacklist") && text.contains("excel"), "{shell}");
        // Where the shell is, it reads it.
        let read = Command::new(shell).arg("-n").arg(&file).stdin(Stdio::null()).status();
        assert!(read.is_err() || read.is_ok_and(|status| status.success()), "{shell}");
    }
    // A file has the name: it is said, and nothing falls over.
    std::fs::write(home.path().join("taken"), "").expect("a file");
    let refused =
        Command::new(program).arg("describe").arg(home.path().join("taken")).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(1));
}

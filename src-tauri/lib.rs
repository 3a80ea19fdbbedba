//! The shell: the window, its commands and streams, and a clean end.
//!
//! Left out on purpose: anything that can be tested without a window; it lives in `crates/desk` and below.

#[cfg(debug_assertions)]
mod bindings;
#[cfg_attr(
    not(debug_assertions),
    allow(dead_code, reason = "the list of commands is for what writes the bindings")
)]
mod commands;
mod demonstration;
mod drawing;
mod first_words;
mod media;
mod opened;
mod places;
mod shell;
mod still;
mod told;
mod tray;
mod walls;
mod watch;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_desk::wire::FileDrag;
use atalaya_desk::{DemoWorld, Desk, Options, Paths};
use atalaya_player::OutputChoice;
use tauri::{AppHandle, DragDropEvent, Manager, RunEvent, WebviewWindow, WindowEvent};

use crate::drawing::safer::{self, Drawing};

/// How long the server is given to hear that we leave: Windows leaves five seconds when it shuts down.
const GOODBYE: Duration = Duration::from_secs(4);

/// What the command line asked for.
enum Wish {
    Window { demo: bool, drawing: Option<Drawing> },
    Usage,
}

/// Each word once at most, in any order.
fn wish(words: &[&str]) -> Wish {
    let (mut demo, mut drawing) = (false, None);
    for word in words {
        match *word {
            "--demo" if !demo => demo = true,
            "--safe-drawing" if drawing.is_none() => drawing = Some(Drawing::Safe),
            "--usual-drawing" if drawing.is_none() => drawing = Some(Drawing::Usual),
            _ => return Wish::Usage,
        }
    }
    Wish::Window { demo, drawing }
}

/// Runs the program; returns when its window is closed and the session ended.
pub fn run() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    #[cfg(debug_assertions)]
    if let Some(ended) = bindings::asked_for(&words) {
        return ended;
    }
    match wish(&words) {
        Wish::Window { demo, drawing } => window(demo, drawing),
        Wish::Usage => {
            first_words::say(&first_words::Hindrance::Usage);
            ExitCode::from(2)
        }
    }
}

fn hindered(hindrance: &first_words::Hindrance) -> ExitCode {
    tracing::error!(?hindrance, "there is no window");
    first_words::say(hindrance);
    ExitCode::FAILURE
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

fn window(demo: bool, by_hand: Option<Drawing>) -> ExitCode {
    let still = match still::moment(demo) {
        Ok(still) => still,
        Err(sentence) => return failed(&sentence),
    };
    if let Some(hindrance) = first_words::before_a_window() {
        return hindered(&hindrance);
    }
    let paths = Paths::of_this_person();
    let paths = if demo { paths.for_demo() } else { paths.settled() };
    safer::choose(by_hand, &paths);
    drawing::before_a_window();
    let log = atalaya_desk::logging::start(&paths.logs());
    let unlogged = log.problem.clone();
    atalaya_support::breakdown::keep(paths.logs(), env!("CARGO_PKG_VERSION"), Clock::system());
    let mut builder = tauri::Builder::default();
    if let Some(at_ms) = still {
        builder = builder.plugin(still::page(at_ms));
    }
    // One instance for each home: the tests and the demonstration have their own.
    if std::env::var_os("ATALAYA_HOME").is_none() && !demo {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _args, _folder| shell::show(app)));
    }
    let session_only = std::env::var("ATALAYA_SECRETS").is_ok_and(|value| value == "memory");
    // The system's store answers while GTK and the web view begin.
    let secrets = std::thread::spawn(move || atalaya_store::secrets::open_secret_store(session_only || demo));
    let app = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(
                    tauri_plugin_window_state::StateFlags::all()
                        - tauri_plugin_window_state::StateFlags::VISIBLE,
                )
                .with_filename(window_state_file(&paths))
                .build(),
        )
        .manage(watch::Watches::default())
        .manage(told::Told::default())
        .manage(tray::Tray::default())
        .manage(safer::Drawn::default())
        .manage(demonstration::Demonstration::default())
        .manage(shell::LastFolder::default())
        .manage(places::Places::default())
        .setup(move |app| {
            safer::watch(app.handle(), &paths);
            let options = Options {
                paths: paths.clone(),
                secrets: secrets
                    .join()
                    .unwrap_or_else(|_panicked| atalaya_store::secrets::open_secret_store(true)),
                output: OutputChoice::DefaultDevice,
                clock: still.map_or_else(Clock::system, |at_ms| Clock::held(at_ms).clock()),
                demo: demo.then_some(if still.is_some() { DemoWorld::Still } else { DemoWorld::Moving }),
            };
            let desk = tauri::async_runtime::block_on(Desk::open(options));
            if let (Ok(desk), Some(problem)) = (&desk, unlogged) {
                desk.note(problem);
            }
            match &desk {
                // The window is there meanwhile, and says what is being done.
                Ok(desk) if demo => {
                    let desk = desk.clone();
                    tauri::async_runtime::spawn(async move { desk.sign_in_to_demo().await });
                }
                Ok(_) => {}
                Err(problem) => tracing::error!(code = problem.code, "the desk could not be opened"),
            }
            app.manage(opened::Opened(desk));
            if let Some(window) = app.get_webview_window("main") {
                drawing::fit(&window);
                drawing::frugal::keep_little(&window);
                leave_with(&window);
            }
            walls::restore(app.handle());
            tray::follow(app.handle());
            media::follow(app.handle());
            leave_when_told(app.handle());
            Ok(())
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            let left = AtomicBool::new(false);
            app.run(move |app, event| match event {
                RunEvent::ExitRequested { api, code, .. } if !left.swap(true, Ordering::SeqCst) => {
                    api.prevent_exit();
                    say_goodbye(app, code.unwrap_or(0));
                }
                // Windows that logs somebody off or shuts down, and macOS that quits a program, ask nobody before.
                RunEvent::Exit if !left.swap(true, Ordering::SeqCst) => {
                    tauri::async_runtime::block_on(end_session(app));
                }
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => hindered(&first_words::Hindrance::NotStarted(error.to_string())),
    }
}

/// The window's size and place are kept with everything else of this home.
fn window_state_file(paths: &Paths) -> String {
    paths.home.join("window.json").display().to_string()
}

/// The main window is the program: closing it ends the wallboards too, which are there again at the next start.
fn leave_with(window: &WebviewWindow) {
    let app = window.app_handle().clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { .. } => app.exit(0),
        WindowEvent::DragDrop(event) => dragged(&app, event),
        _ => {}
    });
}

/// Files dragged onto the window: the pages hear of it, and decide.
fn dragged(app: &AppHandle, event: &DragDropEvent) {
    let drag = match event {
        DragDropEvent::Enter { .. } => FileDrag::Over,
        DragDropEvent::Leave => FileDrag::Left,
        DragDropEvent::Drop { paths, .. } => {
            FileDrag::Dropped { paths: paths.iter().map(|path| path.display().to_string()).collect() }
        }
        _ => return,
    };
    if let Some(Ok(desk)) = app.try_state::<opened::Opened>().as_ref().map(|opened| &opened.0) {
        desk.drag_files(drag);
    }
}

/// Ends the session on the server, then the program.
fn say_goodbye(app: &AppHandle, code: i32) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        end_session(&app).await;
        app.exit(code);
    });
}

async fn end_session(app: &AppHandle) {
    let opened = app.try_state::<opened::Opened>();
    if let Some(Ok(desk)) = opened.as_ref().map(|opened| &opened.0) {
        let farewell = tokio::time::timeout(GOODBYE, desk.sign_out()).await;
        if !matches!(farewell, Ok(Ok(_))) {
            tracing::warn!("the server could not be told that the session ended");
        }
    }
}

/// A signal, a closed console, somebody who logs off: a clean exit too.
fn leave_when_told(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        atalaya_ending::told_to_end().await;
        app.exit(0);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_the_documented_one() {
        let of = wish;
        assert!(matches!(of(&[]), Wish::Window { demo: false, drawing: None }));
        assert!(matches!(of(&["--demo"]), Wish::Window { demo: true, drawing: None }));
        let safe = Some(Drawing::Safe);
        for words in [["--demo", "--safe-drawing"], ["--safe-drawing", "--demo"]] {
            assert!(matches!(of(&words), Wish::Window { demo: true, drawing } if drawing == safe));
        }
        assert!(matches!(of(&["--usual-drawing"]), Wish::Window { drawing: Some(Drawing::Usual), .. }));
        assert!(matches!(of(&["--safe-drawing", "--usual-drawing"]), Wish::Usage));
        assert!(matches!(of(&["--demo", "--extra"]), Wish::Usage));
        assert!(matches!(of(&["--help"]), Wish::Usage));
        // What makers ask a program for is no word of those that are handed out.
        assert!(matches!(of(&["--write-bindings", "x"]), Wish::Usage));
    }
}

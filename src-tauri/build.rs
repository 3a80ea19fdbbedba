//! Prepares the Tauri context.

fn main() {
    // The context names the built user interface; an empty folder lets the crates be checked before it is built.
    let _ = std::fs::create_dir_all("ui/dist");
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}

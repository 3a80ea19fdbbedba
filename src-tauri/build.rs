//! Prepares the Tauri context, and says which commands there are: what is not in the list of a window's capability is
//! refused to it.

include!("generated/command_names.rs");

fn main() {
    // The context names the built user interface; an empty folder lets the crates be checked before it is built.
    let _ = std::fs::create_dir_all("ui/dist");
    println!("cargo:rerun-if-changed=src-tauri/generated/command_names.rs");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}

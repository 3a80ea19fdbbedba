//! What is said where there is no window to say it: in the language of this computer, on stderr, and in a box of the
//! system's own where nobody reads stderr.
//!
//! Left out on purpose: whatever the window says itself once it is there.

use std::io::IsTerminal;

use atalaya_language::Language;

const PLACE_OF_WEBVIEW: &str = "https://developer.microsoft.com/microsoft-edge/webview2";

/// Why there is no window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// What was typed is none of what may be.
    Usage,
    /// Windows' web view is not installed.
    NoWebView,
    /// There is no screen to show it on, or none that lets us.
    NoScreen,
    /// The system's words.
    NotStarted(String),
}

impl Hindrance {
    /// What happened and what to do.
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Usage, Language::Spanish) => {
                "Atalaya no conoce lo que se escribió al abrirlo. Uso: atalaya [--demo] [--safe-drawing]".to_owned()
            }
            (Self::Usage, Language::English) => {
                "Atalaya does not know what was typed to open it. Usage: atalaya [--demo] [--safe-drawing]".to_owned()
            }
            (Self::Usage, Language::Portuguese) => {
                "O Atalaya não conhece o que foi digitado para abri-lo. Uso: atalaya [--demo] [--safe-drawing]".to_owned()
            }
            (Self::NoWebView, Language::Spanish) => format!(
                "Falta Microsoft Edge WebView2, con el que Atalaya muestra su ventana. Instálelo desde {PLACE_OF_WEBVIEW} o \
                 pídaselo a quien administra este equipo, y abra Atalaya de nuevo."
            ),
            (Self::NoWebView, Language::English) => format!(
                "Microsoft Edge WebView2 is missing, with which Atalaya shows its window. Install it from {PLACE_OF_WEBVIEW} \
                 or ask whoever looks after this computer, then open Atalaya again."
            ),
            (Self::NoWebView, Language::Portuguese) => format!(
                "Falta o Microsoft Edge WebView2, com o qual o Atalaya mostra sua janela. Instale-o em {PLACE_OF_WEBVIEW} ou \
                 peça a quem administra este computador, e abra o Atalaya de novo."
            ),
            (Self::NoScreen, Language::Spanish) => "No hay una pantalla en la que mostrar la ventana de Atalaya. Ábralo desde \
                un escritorio; para una terminal está atalaya-cli."
                .to_owned(),
            (Self::NoScreen, Language::English) => "There is no screen to show Atalaya's window on. Open it from a desktop; for a \
                terminal there is atalaya-cli."
                .to_owned(),
            (Self::NoScreen, Language::Portuguese) => "Não há uma tela em que mostrar a janela do Atalaya. Abra-o em uma área de \
                trabalho; para um terminal há o atalaya-cli."
                .to_owned(),
            (Self::NotStarted(why), Language::Spanish) => format!(
                "La ventana de Atalaya no se pudo abrir ({why}). Reinicie el equipo; si sigue igual, avise a quien lo \
                 administra."
            ),
            (Self::NotStarted(why), Language::English) => format!(
                "Atalaya's window could not be opened ({why}). Restart the computer; if that does not help, tell whoever \
                 looks after it."
            ),
            (Self::NotStarted(why), Language::Portuguese) => format!(
                "A janela do Atalaya não pôde ser aberta ({why}). Reinicie o computador; se continuar assim, avise quem o \
                 administra."
            ),
        }
    }
}

/// What keeps the window from being made at all.
pub fn before_a_window() -> Option<Hindrance> {
    // Elsewhere the web view is part of the program or the system.
    if cfg!(windows) && tauri::webview_version().is_err() {
        return Some(Hindrance::NoWebView);
    }
    (!has_screen()).then_some(Hindrance::NoScreen)
}

/// Asked beforehand: the shell would end the program without a word.
#[cfg(target_os = "linux")]
fn has_screen() -> bool {
    gtk::init().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_screen() -> bool {
    true
}

/// Says it: on stderr, and in a box where that is no terminal somebody looks at.
pub fn say(hindrance: &Hindrance) {
    let sentence = hindrance.sentence(Language::of_this_computer());
    eprintln!("{sentence}");
    if !std::io::stderr().is_terminal() {
        show_box(&sentence);
    }
}

#[cfg(not(target_os = "linux"))]
fn show_box(sentence: &str) {
    let level = rfd::MessageLevel::Error;
    rfd::MessageDialog::new().set_level(level).set_title("Atalaya").set_description(sentence).show();
}

/// Without a display there is no box.
#[cfg(target_os = "linux")]
fn show_box(sentence: &str) {
    use gtk::prelude::{DialogExt, GtkWindowExt};
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_display = named("DISPLAY") || named("WAYLAND_DISPLAY");
    if !has_display || gtk::init().is_err() {
        return;
    }
    let (flags, kind) = (gtk::DialogFlags::MODAL, gtk::MessageType::Error);
    let shown = gtk::MessageDialog::new(gtk::Window::NONE, flags, kind, gtk::ButtonsType::Close, sentence);
    shown.set_title("Atalaya");
    shown.run();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_said_in_every_language_with_what_to_do() {
        let all = [
            (Hindrance::Usage, "atalaya [--demo] [--safe-drawing]"),
            (Hindrance::NoWebView, PLACE_OF_WEBVIEW),
            (Hindrance::NoScreen, "atalaya-cli"),
            (Hindrance::NotStarted("GDK: no screen".to_owned()), "GDK: no screen"),
        ];
        for (hindrance, part) in all {
            let said = Language::ALL.map(|language| hindrance.sentence(language));
            for sentence in &said {
                assert!(sentence.contains(part) && !sentence.contains("  "), "{sentence}");
            }
            assert!(said[0] != said[1] && said[1] != said[2] && said[0] != said[2], "{said:?}");
        }
    }

    #[test]
    fn elsewhere_than_on_windows_the_web_view_is_there() {
        assert!(cfg!(windows) || before_a_window() != Some(Hindrance::NoWebView));
    }
}

//! Everything the window can ask for: one list, from which the handlers, the capability and the TypeScript client are
//! made.
//!
//! Every command is a line that calls the desk. Left out on purpose: logic of any kind.

use atalaya_calls::wire::{
    Call, Callers, Column, Facets, FindUpdate, ListSlice, ListView, Mark, Query, ReadQuery, SearchUpdate, Tag,
};
use atalaya_desk::wire::{
    Diagnostics, ExportUpdate, PlayerUpdate, ServerHint, SessionState, SignInRequest, TagRequest,
};
use atalaya_desk::{Desk, Problem, Settings};
use atalaya_floor::wire::{AgentDay, AlertBoard, FloorUpdate, HalfHour, Severity};
use atalaya_player::wire::Hearing;
use tauri::ipc::Channel;

use crate::watch::Watches;

/// One command as the TypeScript client sees it.
pub struct Described {
    /// Name, also the name to invoke.
    pub name: &'static str,
    /// Argument names and types.
    pub args: Vec<(&'static str, String)>,
    /// Type of the messages streamed, when it streams.
    pub message: Option<String>,
    /// Type of the reply.
    pub reply: String,
}

/// The desk, or why there is none: then every command says so, and the window shows it.
pub struct Opened(pub Result<Desk, Problem>);

impl Opened {
    fn desk(&self) -> Result<&Desk, Problem> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

macro_rules! commands {
    (
        asks: { $( $name:ident ( $($arg:ident : $ty:ty),* ) -> $reply:ty = |$desk:ident| $body:expr; )* }
        streams: { $( $stream:ident ( $($sarg:ident : $sty:ty),* ) of $message:ty, -> $sreply:ty
            = |$sdesk:ident, $watches:ident, $channel:ident| $sbody:expr; )* }
    ) => {
        $(
            #[tauri::command]
            async fn $name($desk: tauri::State<'_, Opened>, $($arg: $ty),*) -> Result<$reply, Problem> {
                let $desk = $desk.desk()?;
                $body
            }
        )*
        $(
            #[tauri::command]
            async fn $stream(
                $sdesk: tauri::State<'_, Opened>,
                $watches: tauri::State<'_, Watches>,
                $channel: Channel<$message>,
                $($sarg: $sty),*
            ) -> Result<$sreply, Problem> {
                let $sdesk = $sdesk.desk()?;
                let $watches = $watches.inner();
                $sbody
            }
        )*

        /// The handlers of all commands.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)* $($stream,)* crate::shell::pick_file, crate::shell::window_ready, crate::shell::notice,
                crate::shell::save_table, crate::shell::save_json, crate::shell::open_json, crate::tray::tray_words,
                crate::shell::save_sound, crate::shell::export_calls]
        }

        /// All commands, for the TypeScript client.
        pub fn describe(config: &ts_rs::Config) -> Vec<Described> {
            use ts_rs::TS;
            vec![
                $( Described {
                    name: stringify!($name),
                    args: vec![$((stringify!($arg), <$ty as TS>::name(config))),*],
                    message: None,
                    reply: <$reply as TS>::name(config),
                }, )*
                Described {
                    name: "pick_file",
                    args: vec![("title", "string".to_owned())],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described { name: "window_ready", args: Vec::new(), message: None, reply: "null".to_owned() },
                Described {
                    name: "save_table",
                    args: vec![
                        ("title", "string".to_owned()),
                        ("name", "string".to_owned()),
                        ("rows", "Array<Array<string>>".to_owned()),
                    ],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "save_json",
                    args: ["title", "name", "text"].map(|name| (name, "string".to_owned())).to_vec(),
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "save_sound",
                    args: vec![
                        ("title", "string".to_owned()),
                        ("name", "string".to_owned()),
                        ("from", "number | null".to_owned()),
                        ("to", "number | null".to_owned()),
                    ],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "open_json",
                    args: vec![("title", "string".to_owned())],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "tray_words",
                    args: ["open", "mute", "quit", "tooltip"].map(|name| (name, "string".to_owned())).to_vec(),
                    message: None,
                    reply: "null".to_owned(),
                },
                Described {
                    name: "notice",
                    args: vec![("title", "string".to_owned()), ("body", "string".to_owned())],
                    message: None,
                    reply: "null".to_owned(),
                },
                Described {
                    name: "export_calls",
                    args: vec![
                        ("title", "string".to_owned()),
                        ("name", "string".to_owned()),
                        ("columns", <Vec<Column> as TS>::name(config)),
                        ("titles", "Array<string>".to_owned()),
                    ],
                    message: Some(<ExportUpdate as TS>::name(config)),
                    reply: "number | null".to_owned(),
                },
                $( Described {
                    name: stringify!($stream),
                    args: vec![$((stringify!($sarg), <$sty as TS>::name(config))),*],
                    message: Some(<$message as TS>::name(config)),
                    reply: <$sreply as TS>::name(config),
                }, )*
            ]
        }
    };
}

commands! {
    asks: {
        session_state() -> SessionState = |desk| Ok(desk.session_state());
        sign_in(request: SignInRequest) -> SessionState = |desk| desk.sign_in(request).await;
        sign_out() -> SessionState = |desk| desk.sign_out().await;
        profile_remove(id: String) -> SessionState = |desk| desk.remove_profile(&id);
        server_hint(url: String) -> ServerHint = |desk| Ok(desk.server_hint(&url));

        floor_half_hours(campaign: String) -> Vec<HalfHour> = |desk| desk.half_hours(&campaign);
        floor_agent_day(location: String) -> Option<AgentDay> = |desk| desk.agent_day(&location);
        floor_visible(campaigns: Vec<String>) -> () = |desk| { desk.floor_visible(campaigns); Ok(()) };
        floor_hidden(hidden: bool) -> () = |desk| { desk.floor_hidden(hidden); Ok(()) };
        floor_resync() -> () = |desk| { desk.floor_resync(); Ok(()) };
        floor_taken() -> () = |desk| { desk.floor_taken(); Ok(()) };

        alert_acknowledge(id: u32) -> () = |desk| desk.acknowledge_alert(id);
        alert_snooze(id: u32, minutes: u32) -> () = |desk| desk.snooze_alert(id, minutes);
        chime(severity: Severity) -> () = |desk| { desk.chime(severity); Ok(()) };
        alerts_mute(minutes: u32) -> () = |desk| { desk.mute_alerts(minutes); Ok(()) };

        calls_cancel(id: u32) -> () = |desk| { desk.cancel_search(id); Ok(()) };
        calls_last_query() -> Option<Query> = |desk| desk.last_query();
        calls_remember(query: Query) -> () = |desk| desk.remember_query(&query);
        calls_view(view: ListView, count: u32) -> ListSlice = |desk| Ok(desk.look_at_calls(view, count));
        calls_slice(from: u32, count: u32) -> ListSlice = |desk| Ok(desk.calls_from(from, count));
        calls_place(guid: String) -> Option<u32> = |desk| Ok(desk.place_of_call(&guid));
        calls_facets() -> Facets = |desk| Ok(desk.call_facets());
        calls_callers(least: u32) -> Callers = |desk| Ok(desk.repeat_callers(least));
        calls_text(columns: Vec<Column>, titles: Vec<String>) -> String = |desk| Ok(desk.calls_as_text(&columns, &titles));
        calls_flag(guids: Vec<String>, flagged: bool) -> Vec<Mark> = |desk| desk.flag_calls(&guids, flagged);
        query_text(query: Query) -> String = |desk| { let _ = desk; Ok(atalaya_calls::as_text(&query)) };
        query_read(text: String) -> ReadQuery = |desk| { let _ = desk; Ok(atalaya_calls::from_text(&text)) };

        recording_prefetch(call: Call) -> () = |desk| desk.prefetch_recording(&call);
        recording_cancel() -> () = |desk| { desk.close_recording(); Ok(()) };

        player_play() -> () = |desk| { desk.player().play(); Ok(()) };
        player_pause() -> () = |desk| { desk.player().pause(); Ok(()) };
        player_toggle() -> () = |desk| { desk.player().toggle(); Ok(()) };
        player_seek(secs: f64) -> () = |desk| { desk.player().seek(secs); Ok(()) };
        player_seek_by(secs: f64) -> () = |desk| { desk.player().seek_by(secs); Ok(()) };
        player_volume(volume: f32) -> () = |desk| desk.set_volume(volume);
        player_loop(from: Option<f64>, to: Option<f64>) -> () = |desk| { desk.player().set_loop(from, to); Ok(()) };
        player_hearing(hearing: Hearing) -> () = |desk| desk.set_hearing(hearing);

        tags_for(guids: Vec<String>) -> Vec<Tag> = |desk| desk.tags_for(&guids);
        tag_send(request: TagRequest) -> Tag = |desk| desk.send_tag(request).await;
        tag_check(request: TagRequest) -> Tag = |desk| desk.check_tag(request).await;
        tags_recent() -> Vec<String> = |desk| desk.recent_tags();

        draft_get(key: String) -> Option<String> = |desk| desk.draft(&key);
        draft_set(key: String, text: Option<String>) -> () = |desk| desk.set_draft(&key, text.as_deref());

        settings_get() -> Settings = |desk| Ok(desk.settings());
        settings_set(settings: Settings) -> Settings = |desk| desk.set_settings(settings);
        diagnostics() -> Diagnostics = |desk| Ok(desk.diagnostics());
        cache_clear() -> Diagnostics = |desk| Ok(desk.clear_cache());
        audio_devices() -> Vec<String> = |desk| { let _ = desk; Ok(atalaya_player::output_devices()) };
    }
    streams: {
        session_watch() of SessionState, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("session", async move {
                desk.session_updates(|state| channel.send(state).is_ok()).await;
            });
            Ok(())
        };
        floor_watch() of FloorUpdate, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("floor", async move {
                desk.floor_updates(|update| channel.send(update).is_ok()).await;
            });
            Ok(())
        };
        alerts_watch() of AlertBoard, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("alerts", async move { desk.alert_updates(|board| channel.send(board).is_ok()).await });
            Ok(())
        };
        tags_watch() of Tag, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("tags", async move { desk.tag_updates(|tag| channel.send(tag).is_ok()).await });
            Ok(())
        };
        marks_watch() of Mark, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("marks", async move { desk.mark_updates(|mark| channel.send(mark).is_ok()).await });
            Ok(())
        };
        player_watch() of PlayerUpdate, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.thread("player", move |wanted| {
                desk.player_updates(|update| wanted() && channel.send(update).is_ok());
            });
            Ok(())
        };
        calls_search(query: Query) of SearchUpdate, -> u32 = |desk, watches, channel| {
            let _ = watches;
            desk.search(query, move |update| crate::watch::deliver(&channel, update))
        };
        recording_open(call: Call, autoplay: bool) of FindUpdate, -> () = |desk, watches, channel| {
            let _ = watches;
            desk.open_recording(&call, autoplay, move |update| crate::watch::deliver(&channel, update))
        };
    }
}

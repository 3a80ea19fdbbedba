//! Everything the window can ask for: one list, from which the handlers, the capability and the TypeScript client are
//! made.
//!
//! Every command is a line that calls the desk. Left out on purpose: logic of any kind.

use std::collections::BTreeMap;

use atalaya_calls::wire::{
    Call, Callers, Column, Facets, ListSlice, ListView, LocateUpdate, Mark, Query, ReadQuery, SearchUpdate,
    Tag,
};
use atalaya_desk::wire::{
    AuditLine, BatchUpdate, Diagnostics, DispositionRequest, ExportUpdate, Imported, MediaKey, PlayerUpdate,
    SaveUpdate, ServerHint, SessionState, SignInRequest, TagRequest,
};
use atalaya_desk::{Desk, HistoryRoom, Problem, Settings};
use atalaya_floor::wire::{AgentDay, AlertBoard, FloorUpdate, HalfHour, Severity};
use atalaya_history::wire::{Extent, Moment, Period, PersonPast, Report, ReportRequest, Trend};
use atalaya_player::wire::{Detail, Hearing};
use atalaya_review::wire::{
    Answer, Calibration, Card, Compared, Disposition, Note, NoteFound, ReportBy, ReportFilter, ReportRow,
    Review, ReviewFilter, ReviewLine, Sample, SampleItem, SampleRequest, SampleUpdate, Scored,
};
use atalaya_store::AuditFilter;
use atalaya_store::backup::BackupContent;
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
        of_a_window: { $( $of:ident ( $($oarg:ident : $oty:ty),* ) -> $oreply:ty = |$odesk:ident, $label:ident| $obody:expr; )* }
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
            async fn $of(
                $odesk: tauri::State<'_, Opened>,
                webview: tauri::Webview,
                $($oarg: $oty),*
            ) -> Result<$oreply, Problem> {
                let $odesk = $odesk.desk()?;
                let $label = webview.label();
                $obody
            }
        )*
        $(
            #[tauri::command]
            async fn $stream(
                $sdesk: tauri::State<'_, Opened>,
                watches: tauri::State<'_, Watches>,
                webview: tauri::Webview,
                $channel: Channel<$message>,
                $($sarg: $sty),*
            ) -> Result<$sreply, Problem> {
                let $sdesk = $sdesk.desk()?;
                let $watches = watches.of(webview.label());
                $sbody
            }
        )*

        /// The handlers of all commands.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)* $($of,)* $($stream,)* crate::shell::pick_file, crate::shell::window_ready, crate::shell::notice,
                crate::shell::save_table, crate::shell::save_json, crate::shell::open_json, crate::tray::tray_words,
                crate::shell::save_sound, crate::walls::wall_show, crate::walls::wall_close,
                crate::walls::wall_full_screen, crate::walls::wall_next_screen,
                crate::shell::save_page, crate::shell::open_table, crate::shell::pick_folder,
                crate::shell::backup_save, crate::shell::backup_pick, crate::shell::save_folder, crate::shell::export_calls]
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
                $( Described {
                    name: stringify!($of),
                    args: vec![$((stringify!($oarg), <$oty as TS>::name(config))),*],
                    message: None,
                    reply: <$oreply as TS>::name(config),
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
                    name: "save_page",
                    args: vec![
                        ("title", "string".to_owned()),
                        ("name", "string".to_owned()),
                        ("page", <atalaya_desk::page::Page as TS>::name(config)),
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
                        ("from", "number | null".to_owned()),
                        ("to", "number | null".to_owned()),
                    ],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "save_folder",
                    args: vec![("title", "string".to_owned())],
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
                    name: "open_table",
                    args: vec![("title", "string".to_owned())],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "pick_folder",
                    args: vec![("title", "string".to_owned())],
                    message: None,
                    reply: "string | null".to_owned(),
                },
                Described {
                    name: "backup_save",
                    args: ["title", "name"].map(|name| (name, "string".to_owned())).to_vec(),
                    message: None,
                    reply: <Option<BackupContent> as TS>::name(config),
                },
                Described {
                    name: "backup_pick",
                    args: vec![("title", "string".to_owned())],
                    message: None,
                    reply: <Option<BackupContent> as TS>::name(config),
                },
                Described {
                    name: "tray_words",
                    args: ["open", "mute", "quit", "tooltip"].map(|name| (name, "string".to_owned())).to_vec(),
                    message: None,
                    reply: "null".to_owned(),
                },
                Described {
                    name: "wall_show",
                    args: ["id", "title"].map(|name| (name, "string".to_owned())).to_vec(),
                    message: None,
                    reply: "null".to_owned(),
                },
                Described {
                    name: "wall_full_screen",
                    args: vec![("full", "boolean | null".to_owned())],
                    message: None,
                    reply: "boolean".to_owned(),
                },
                Described { name: "wall_next_screen", args: Vec::new(), message: None, reply: "null".to_owned() },
                Described {
                    name: "wall_close",
                    args: vec![("id", "string".to_owned())],
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

        history_extent() -> Extent = |desk| desk.history_extent().await;
        history_moment(at: i64) -> Moment = |desk| desk.history_moment(at).await;
        history_trend(campaign: String, period: Period) -> Trend = |desk| desk.history_trend(campaign, period).await;
        history_person(location: String, period: Period) -> Option<PersonPast>
            = |desk| desk.history_person(location, period).await;
        history_report(request: ReportRequest) -> Report = |desk| desk.history_report(request).await;
        history_room() -> HistoryRoom = |desk| desk.history_room().await;
        history_clear() -> HistoryRoom = |desk| desk.clear_history().await;

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
        calls_text(columns: Vec<Column>, titles: Vec<String>, only: Vec<String>) -> String = |desk| Ok(desk.calls_as_text(&columns, &titles, &only));
        calls_flag(guids: Vec<String>, flagged: bool) -> Vec<Mark> = |desk| desk.flag_calls(&guids, flagged);
        query_text(query: Query) -> String = |desk| { let _ = desk; Ok(atalaya_calls::as_text(&query)) };
        query_read(text: String) -> ReadQuery = |desk| { let _ = desk; Ok(atalaya_calls::from_text(&text)) };

        recording_prefetch(call: Call) -> () = |desk| { desk.prefetch_recording(&call); Ok(()) };
        recordings_save_cancel() -> () = |desk| { desk.stop_saving(); Ok(()) };
        recording_cancel() -> () = |desk| { desk.close_recording(); Ok(()) };

        player_detail(from: f64, to: f64, columns: u32) -> Detail
            = |desk| Ok(desk.player().detail(from, to, columns));
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

        tag_batch_cancel() -> () = |desk| { desk.cancel_batch(); Ok(()) };

        review_cards() -> Vec<Card> = |desk| desk.cards();
        review_cards_for(call: Call) -> Vec<Card> = |desk| desk.cards_for(&call);
        review_card_save(card: Card) -> Card = |desk| desk.save_card(&card);
        review_card_retire(id: String, retired: bool) -> () = |desk| desk.retire_card(&id, retired);
        review_card_preview(card: Card, answers: BTreeMap<String, Answer>) -> Scored
            = |desk| Ok(desk.preview_card(&card, &answers));
        review_card_file(id: String) -> String = |desk| desk.card_file(&id);
        review_card_import(text: String) -> Card = |desk| desk.import_card(&text);
        review_open(call: Call, card: String) -> Review = |desk| desk.open_review(&call, &card);
        review_get(id: i64) -> Review = |desk| desk.review(id);
        review_change(id: i64, answers: BTreeMap<String, Answer>, comment: String) -> Review
            = |desk| desk.change_review(id, answers, &comment);
        review_finish(id: i64) -> Review = |desk| desk.finish_review(id);
        review_reopen(id: i64) -> Review = |desk| desk.reopen_review(id);
        review_acknowledge(id: i64, day: Option<String>) -> Review = |desk| desk.acknowledge_review(id, day.as_deref());
        review_list(filter: ReviewFilter) -> Vec<ReviewLine> = |desk| desk.list_reviews(&filter);
        review_report(filter: ReportFilter, by: ReportBy) -> Vec<ReportRow> = |desk| desk.review_report(&filter, by);

        notes_of(guid: String) -> Vec<Note> = |desk| desk.notes(&guid);
        note_add(call: Call, secs: f64, text: String, shared: bool) -> Note
            = |desk| desk.add_note(&call, secs, &text, shared);
        note_change(id: i64, secs: f64, text: String, shared: bool) -> Note
            = |desk| desk.change_note(id, secs, &text, shared);
        note_remove(note: Note) -> () = |desk| desk.remove_note(&note);
        notes_find(text: String) -> Vec<NoteFound> = |desk| desk.find_notes(&text);

        samples() -> Vec<Sample> = |desk| desk.samples();
        sample_items(id: i64) -> Vec<SampleItem> = |desk| desk.sample_items(id);
        sample_skip(id: i64, guid: String, reason: Option<String>) -> Sample
            = |desk| desk.skip_item(id, &guid, reason.as_deref());
        sample_at(id: i64, guid: String) -> () = |desk| desk.sample_at(id, &guid);
        sample_remove(id: i64) -> () = |desk| desk.remove_sample(id);
        sample_cancel() -> () = |desk| { desk.cancel_sample(); Ok(()) };

        calibrations() -> Vec<Calibration> = |desk| desk.calibrations();
        calibration_begin(call: Call, card: String, name: String, people: u32) -> Calibration
            = |desk| desk.begin_calibration(&call, &card, &name, people);
        calibration_open(id: String) -> Review = |desk| desk.open_calibrated(&id);
        calibration_file(id: String) -> String = |desk| desk.calibration_file(&id);
        calibration_import(text: String) -> Calibration = |desk| desk.import_calibration(&text);
        calibration_folder(id: String, folder: Option<String>) -> Calibration
            = |desk| desk.calibration_folder(&id, folder.as_deref());
        calibration_exchange(id: String) -> Calibration = |desk| desk.exchange_calibration(&id);
        calibration_compared(id: String) -> Option<Compared> = |desk| desk.compared(&id);

        dispositions(campaign: String) -> Vec<Disposition> = |desk| desk.dispositions(&campaign);
        dispositions_import(text: String) -> Imported = |desk| desk.import_dispositions(&text);
        disposition_forget(one: Disposition) -> () = |desk| desk.forget_disposition(&one);
        disposition_put_back(one: Disposition) -> () = |desk| desk.put_back_disposition(&one);
        disposition_send(request: DispositionRequest) -> () = |desk| desk.send_disposition(request).await;

        audit_lines(filter: AuditFilter, whole: bool) -> Vec<AuditLine> = |desk| desk.audit_lines(&filter, whole);
        exported(what: String, target: String, path: String) -> () = |desk| { desk.exported(&what, &target, &path); Ok(()) };
        backup_restore(path: String) -> String = |desk| desk.restore(path.as_ref()).await;

        draft_get(key: String) -> Option<String> = |desk| desk.draft(&key);
        draft_set(key: String, text: Option<String>) -> () = |desk| desk.set_draft(&key, text.as_deref());

        settings_get() -> Settings = |desk| Ok(desk.settings());
        settings_set(settings: Settings) -> Settings = |desk| desk.set_settings(settings);
        diagnostics() -> Diagnostics = |desk| Ok(desk.diagnostics());
        cache_clear() -> Diagnostics = |desk| Ok(desk.clear_cache());
        audio_devices() -> Vec<String> = |desk| { let _ = desk; Ok(atalaya_player::output_devices()) };
    }
    of_a_window: {
        floor_visible(campaigns: Vec<String>) -> () = |desk, window| { desk.floor_visible(window, campaigns); Ok(()) };
        floor_hidden(hidden: bool) -> () = |desk, window| { desk.floor_hidden(window, hidden); Ok(()) };
        floor_resync() -> () = |desk, window| { desk.floor_resync(window); Ok(()) };
        floor_taken() -> () = |desk, window| { desk.floor_taken(window); Ok(()) };
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
            let (desk, window) = (desk.clone(), watches.window().to_owned());
            watches.task("floor", async move {
                desk.floor_updates(&window, |update| channel.send(update).is_ok()).await;
            });
            Ok(())
        };
        settings_watch() of Settings, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("settings", async move {
                desk.settings_updates(|settings| channel.send(settings).is_ok()).await;
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
        media_watch() of MediaKey, -> () = |desk, watches, channel| {
            let desk = desk.clone();
            watches.task("media", async move { desk.media_keys(|key| channel.send(key).is_ok()).await });
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
        sample_draw(request: SampleRequest) of SampleUpdate, -> () = |desk, watches, channel| {
            let _ = watches;
            desk.draw_sample(request, move |update| crate::watch::deliver(&channel, update))
        };
        tag_batch(requests: Vec<TagRequest>) of BatchUpdate, -> () = |desk, watches, channel| {
            let _ = watches;
            desk.tag_batch(requests, move |update| crate::watch::deliver(&channel, update))
        };
        recordings_save(calls: Vec<Call>, convert: bool) of SaveUpdate, -> () = |desk, watches, channel| {
            let _ = watches;
            desk.save_recordings(calls, convert, move |update| crate::watch::deliver(&channel, update))
        };
        recording_open(call: Call, autoplay: bool, convert: bool) of LocateUpdate, -> () = |desk, watches, channel| {
            let _ = watches;
            desk.open_recording(&call, autoplay, convert, move |update| crate::watch::deliver(&channel, update))
        };
    }
}

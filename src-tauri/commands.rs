//! Everything the windows can ask for: one list, from which the handlers, the manifest, the capabilities of the windows and
//! the TypeScript client are made.
//!
//! Every command is a line that calls the desk, its session or the shell. Left out on purpose: logic of any kind.

use std::collections::BTreeMap;

use atalaya_ahead::wire::{AheadAdvice, AheadChange, AheadTold, AheadWhatIf};
use atalaya_calls::wire::{
    AgentCalls, Call, Callers, Column, Facets, ListSlice, ListView, LocateUpdate, Mark, Query, ReadQuery,
    SearchUpdate, Tag,
};
use atalaya_desk::session::judging::{MOST_LINES, MOST_NOTES};
use atalaya_desk::session::{DailyContent, DailyState, HeldCall, TeamNews};
use atalaya_desk::wire::operations::BlacklistChange;
use atalaya_desk::wire::{
    AlertsTold, AuditLine, BatchUpdate, Checked, Diagnostics, DispositionRequest, ExportUpdate, FileDrag,
    Imported, ListenRequest, MediaKey, Operation, OwnPhone, Performed, PlayerUpdate, SaveUpdate, SavedSound,
    ServerHint, SessionState, SignInRequest, TagRequest, Written,
};
use atalaya_desk::{
    HistoryRoom, Problem, RecordingNames, Settings, SettingsFound, SettingsParts, TeamJoin, TeamMember,
    TeamTold, UpdateState, UpdateWayBack, WebhookAddress, WebhookState, WebhookWords,
};
use atalaya_export::csv::Separator;
use atalaya_export::page::Page;
use atalaya_floor::wire::{AgentDay, Alert, FloorUpdate, HalfHour, Rule, Severity};
use atalaya_history::wire::{Extent, Moment, Period, PersonPast, Report, ReportRequest, Trend};
use atalaya_outreach::wire::{
    BaseKind, BaseRequest, Batch, BatchItemState, BatchItems, BatchRequest, BlacklistImport, BlacklistPage,
    CheckUpdate, CheckedRows, ColumnSeen, FileTaken, RowsWanted, SendingUpdate, SentKind, SentPage,
    TakeUpdate, Undo,
};
use atalaya_player::wire::{Detail, Hearing};
use atalaya_review::Reviews;
use atalaya_review::wire::{
    AgentReview, Answer, Calibration, Card, Compared, Disposition, FeedbackStep, HandedFound, Note,
    NoteFound, ReportBy, ReportFilter, ReportRow, Review, ReviewFilter, ReviewLine, Sample, SampleItem,
    SampleRequest, SampleUpdate, Scored, ShareRequest, ShareState, StartingCard, TakenIn,
};
use atalaya_store::AuditFilter;
use atalaya_store::backup::BackupContent;
use atalaya_support::Breakdown;
use tauri::ipc::Response;
use tauri::{Manager, WebviewWindow};

use crate::opened::Opened;
use crate::told::{StreamId, Told};
use crate::watch::Watches;
use crate::{demonstration, places, shell, tray, walls};

/// What a wallboard may ask for: it reads the floor and the settings, and looks after its own window. It sends nothing and
/// changes nothing.
pub const OF_A_WALL: [&str; 16] = [
    "ahead_watch",
    "floor_hidden",
    "floor_resync",
    "floor_taken",
    "floor_visible",
    "floor_watch",
    "session_state",
    "session_watch",
    "settings_get",
    "settings_watch",
    "told",
    "wall_close",
    "wall_full_screen",
    "wall_next_screen",
    "window_broke",
    "window_ready",
];
/// What only a wallboard asks for.
const OF_A_WALL_ALONE: [&str; 2] = ["wall_full_screen", "wall_next_screen"];

/// What the main window may ask for.
pub fn of_the_main_window() -> Vec<&'static str> {
    names().into_iter().filter(|name| !OF_A_WALL_ALONE.contains(name)).collect()
}

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

/// What waits for the page that asks; see [`Told::take`]. It has no place among the others: it is how they are heard.
#[tauri::command]
async fn told(told: tauri::State<'_, Told>, webview: tauri::Webview, page: u32) -> Result<Response, Problem> {
    Ok(Response::new(told.take(webview.label(), page).await))
}

macro_rules! commands {
    (
        of_the_desk: { $( $name:ident ( $($arg:ident : $ty:ty),* ) -> $reply:ty = |$desk:ident| $body:expr; )* }
        of_the_session: { $( $of:ident ( $($oarg:ident : $oty:ty),* ) -> $oreply:ty = |$session:ident| $obody:expr; )* }
        of_a_window: { $( $win:ident ( $($warg:ident : $wty:ty),* ) -> $wreply:ty = |$wdesk:ident, $label:ident| $wbody:expr; )* }
        of_the_shell: { $( $shell:ident ( $($harg:ident : $hty:ty),* ) -> $hreply:ty = |$window:ident| $hbody:expr; )* }
        of_shell_and_desk: { $( $both:ident ( $($barg:ident : $bty:ty),* ) -> $breply:ty = |$bwindow:ident, $bdesk:ident| $bbody:expr; )* }
        watches: { $( $stream:ident ( $($sarg:ident : $sty:ty),* ) of $message:ty = |$sdesk:ident, $watches:ident, $stream_of:ident| $sbody:expr; )* }
        works: { $( $work:ident ( $($karg:ident : $kty:ty),* ) of $kmessage:ty, -> $kreply:ty = |$ksession:ident, $kwindow:ident, $send:ident| $kbody:expr; )* }
    ) => {
        $(
            #[tauri::command]
            async fn $name(opened: tauri::State<'_, Opened>, $($arg: $ty),*) -> Result<$reply, Problem> {
                let $desk = opened.desk()?;
                $body
            }
        )*
        $(
            #[tauri::command]
            async fn $of(opened: tauri::State<'_, Opened>, $($oarg: $oty),*) -> Result<$oreply, Problem> {
                let $session = opened.desk()?.session()?;
                $obody
            }
        )*
        $(
            #[tauri::command]
            async fn $win(
                opened: tauri::State<'_, Opened>,
                webview: tauri::Webview,
                $($warg: $wty),*
            ) -> Result<$wreply, Problem> {
                let $wdesk = opened.desk()?;
                let $label = webview.label();
                $wbody
            }
        )*
        $(
            #[tauri::command]
            async fn $shell($window: WebviewWindow, $($harg: $hty),*) -> Result<$hreply, Problem> {
                $hbody
            }
        )*
        $(
            #[tauri::command]
            async fn $both(
                opened: tauri::State<'_, Opened>,
                $bwindow: WebviewWindow,
                $($barg: $bty),*
            ) -> Result<$breply, Problem> {
                let $bdesk = opened.desk()?;
                $bbody
            }
        )*
        $(
            #[tauri::command]
            async fn $stream(
                opened: tauri::State<'_, Opened>,
                watches: tauri::State<'_, Watches>,
                told: tauri::State<'_, Told>,
                webview: tauri::Webview,
                stream: StreamId,
                $($sarg: $sty),*
            ) -> Result<(), Problem> {
                let $stream_of = told.stream::<$message>(webview.label(), stream);
                let $sdesk = opened.desk()?.clone();
                let $watches = watches.of(webview.label());
                $sbody;
                Ok(())
            }
        )*
        $(
            #[tauri::command]
            #[allow(clippy::too_many_arguments, reason = "the window's own, with three of the shell's before them")]
            async fn $work(
                opened: tauri::State<'_, Opened>,
                told: tauri::State<'_, Told>,
                $kwindow: WebviewWindow,
                stream: StreamId,
                $($karg: $kty),*
            ) -> Result<$kreply, Problem> {
                let stream = told.stream::<$kmessage>($kwindow.label(), stream);
                let $ksession = opened.desk()?.session()?;
                let _ = &$kwindow;
                let $send = move |update| {
                    stream.tell(update);
                };
                $kbody
            }
        )*

        /// The handlers of all commands.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![told, $($name,)* $($of,)* $($win,)* $($shell,)* $($both,)* $($stream,)* $($work,)*]
        }

        /// The names of all commands, in alphabetical order.
        pub fn names() -> Vec<&'static str> {
            let mut names = vec![
                "told", $(stringify!($name),)* $(stringify!($of),)* $(stringify!($win),)* $(stringify!($shell),)*
                $(stringify!($both),)* $(stringify!($stream),)* $(stringify!($work),)*
            ];
            names.sort_unstable();
            names
        }

        /// All commands, for the TypeScript client.
        pub fn describe(config: &ts_rs::Config) -> Vec<Described> {
            use ts_rs::TS;
            vec![
                $( described!(config, $name, [$($arg: $ty),*], None, $reply), )*
                $( described!(config, $of, [$($oarg: $oty),*], None, $oreply), )*
                $( described!(config, $win, [$($warg: $wty),*], None, $wreply), )*
                $( described!(config, $shell, [$($harg: $hty),*], None, $hreply), )*
                $( described!(config, $both, [$($barg: $bty),*], None, $breply), )*
                $( described!(config, $stream, [$($sarg: $sty),*], Some(<$message as TS>::name(config)), ()), )*
                $( described!(config, $work, [$($karg: $kty),*], Some(<$kmessage as TS>::name(config)), $kreply), )*
            ]
        }
    };
}

macro_rules! described {
    ($config:ident, $name:ident, [$($arg:ident : $ty:ty),*], $message:expr, $reply:ty) => {
        Described {
            name: stringify!($name),
            args: vec![$((stringify!($arg), <$ty as TS>::name($config))),*],
            message: $message,
            reply: <$reply as TS>::name($config),
        }
    };
}

commands! {
    of_the_desk: {
        session_state() -> SessionState = |desk| Ok(desk.session_state());
        sign_in(request: SignInRequest) -> SessionState = |desk| desk.sign_in(request).await;
        sign_out() -> SessionState = |desk| desk.sign_out().await;
        profile_remove(id: String) -> SessionState = |desk| desk.remove_profile(&id).await;
        server_hint(url: String) -> ServerHint = |desk| Ok(desk.server_hint(&url));

        history_room() -> HistoryRoom = |desk| desk.history_room().await;
        history_clear() -> HistoryRoom = |desk| desk.clear_history().await;

        chime(severity: Severity) -> () = |desk| { desk.chime(severity); Ok(()) };
        rules_usual() -> Vec<Rule> = |desk| { let _ = desk; Ok(atalaya_floor::default_rules()) };
        alerts_mute(minutes: u32) -> () = |desk| { desk.mute_alerts(minutes); Ok(()) };

        webhook_state() -> WebhookState = |desk| Ok(desk.webhook_state());
        webhook_words(words: WebhookWords) -> () = |desk| { desk.take_webhook_words(words); Ok(()) };
        webhook_preview() -> String = |desk| desk.webhook_preview();
        webhook_address(typed: WebhookAddress) -> WebhookState = |desk| desk.set_webhook_address(typed).await;
        webhook_forget() -> WebhookState = |desk| Ok(desk.remove_webhook_address().await);
        webhook_test() -> WebhookState = |desk| desk.test_webhook().await;
        update_state() -> UpdateState = |desk| Ok(desk.update_state());
        update_way_back() -> UpdateWayBack = |desk| desk.update_way_back();
        update_look() -> UpdateState = |desk| desk.update_look().await;
        update_fetch() -> UpdateState = |desk| Ok(desk.update_fetch().await);
        update_install(reviewing: bool, writing: bool) -> UpdateState = |desk| desk.update_install(reviewing, writing).await;
        update_back(reviewing: bool, writing: bool) -> UpdateState = |desk| Ok(desk.update_back(reviewing, writing).await);
        webhook_resume() -> WebhookState = |desk| Ok(desk.resume_webhook());

        team_join(join: TeamJoin) -> () = |desk| desk.join_team(join).await;
        team_leave() -> () = |desk| desk.leave_team().await;
        team_house_use(part: String, team: bool) -> () = |desk| desk.use_house(&part, team);
        team_house_undo(part: String) -> () = |desk| desk.undo_house(&part);
        team_house_publish(part: String) -> () = |desk| desk.publish_house(&part);
        team_offer() -> u32 = |desk| desk.offer_to_team().await;
        team_members() -> Vec<TeamMember> = |desk| desk.team_members().await;

        recording_names(pattern: String) -> RecordingNames = |desk| { let _ = desk; Ok(atalaya_desk::recording_names(&pattern)) };

        query_text(query: Query) -> String = |desk| { let _ = desk; Ok(atalaya_calls::as_text(&query)) };
        query_read(text: String) -> ReadQuery = |desk| { let _ = desk; Ok(atalaya_calls::from_text(&text)) };

        player_detail(from: f64, to: f64, columns: u32) -> Detail = |desk| Ok(desk.player().detail(from, to, columns));
        player_play() -> () = |desk| { desk.player().play(); Ok(()) };
        player_pause() -> () = |desk| { desk.player().pause(); Ok(()) };
        player_toggle() -> () = |desk| { desk.player().toggle(); Ok(()) };
        player_seek(secs: f64) -> u32 = |desk| { desk.player().seek(secs); Ok(desk.player().wished()) };
        player_seek_by(secs: f64) -> u32 = |desk| { desk.player().seek_by(secs); Ok(desk.player().wished()) };
        player_volume(volume: f32) -> u32 = |desk| { desk.set_volume(volume)?; Ok(desk.player().wished()) };
        player_loop(from: Option<f64>, to: Option<f64>) -> u32 = |desk| { desk.player().set_loop(from, to); Ok(desk.player().wished()) };
        player_hearing(hearing: Hearing) -> u32 = |desk| { desk.set_hearing(hearing)?; Ok(desk.player().wished()) };

        review_card_preview(card: Card, answers: BTreeMap<String, Answer>) -> Scored = |desk| { let _ = desk; Ok(atalaya_review::score(&card, &answers)) };

        audit_lines(filter: AuditFilter, whole: bool) -> Vec<AuditLine> = |desk| desk.audit_lines(&filter, whole);
        exported(what: String, target: String, path: String) -> () = |desk| { desk.exported(&what, &target, &path); Ok(()) };
        backup_restore(path: String) -> String = |desk| desk.restore(path.as_ref()).await;

        draft_get(key: String) -> Option<String> = |desk| desk.draft(&key);
        draft_set(key: String, text: Option<String>) -> () = |desk| desk.set_draft(&key, text.as_deref());

        settings_get() -> Settings = |desk| Ok(desk.settings());
        settings_change(parts: SettingsParts) -> Settings = |desk| desk.choose(parts);
        diagnostics() -> Diagnostics = |desk| Ok(desk.diagnostics());
        cache_clear() -> Diagnostics = |desk| Ok(desk.clear_cache());
        support_report(happened: String, names: bool) -> String = |desk| Ok(desk.support_report(happened, names).await);
        broke_last() -> Option<Breakdown> = |desk| Ok(desk.broke_last());
        broke_seen() -> () = |desk| { desk.broke_seen(); Ok(()) };
        audio_devices() -> Vec<String> = |desk| { let _ = desk; Ok(atalaya_player::output_devices()) };
    }
    of_the_session: {
        floor_half_hours(campaign: String) -> Vec<HalfHour> = |session| Ok(session.floor.half_hours(&campaign));
        floor_agent_day(location: String) -> Option<AgentDay> = |session| Ok(session.floor.agent_day(&location));

        ahead_what_if(changes: Vec<AheadChange>) -> AheadWhatIf = |session| session.ahead.what_if(changes).await;
        ahead_advise(campaign: String) -> AheadAdvice = |session| session.ahead.advise(campaign).await;

        history_extent() -> Extent = |session| session.extent().await;
        history_moment(at: i64) -> Moment = |session| session.past.moment(at).await;
        history_alerts(period: Period) -> Vec<Alert> = |session| session.past.alerts(period).await;
        history_trend(campaign: String, period: Period) -> Trend = |session| session.past.trend(campaign, period).await;
        history_person(location: String, period: Period) -> Option<PersonPast> = |session| session.past.person(location, period).await;
        history_report(request: ReportRequest) -> Report = |session| session.past.report(request).await;

        daily_make() -> () = |session| session.daily.make_now();
        daily_write(content: DailyContent) -> () = |session| session.daily.write(content).await;

        alert_acknowledge(id: u32) -> () = |session| { session.acknowledge(id); Ok(()) };
        alert_let_go(id: u32) -> () = |session| { session.let_go(id); Ok(()) };
        review_alert_acknowledge(review: i64) -> () = |session| session.review_alerts.acknowledge(review);
        review_alert_let_go(review: i64) -> () = |session| session.review_alerts.let_go(review);
        review_alert_snooze(review: i64, minutes: u32) -> () = |session| session.review_alerts.snooze(review, minutes);
        alert_snooze(id: u32, minutes: u32) -> () = |session| { session.alerts.snooze(id, minutes); Ok(()) };

        calls_cancel(id: u32) -> () = |session| { session.search.cancel(id); Ok(()) };
        calls_last_query() -> Option<Query> = |session| session.search.last_query();
        calls_remember(query: Query) -> () = |session| session.search.remember(&query);
        calls_view(view: ListView, count: u32) -> ListSlice = |session| Ok(session.search.look_at(view, count));
        calls_slice(from: u32, count: u32) -> ListSlice = |session| Ok(session.search.rows(from, count));
        calls_place(guid: String) -> Option<u32> = |session| Ok(session.search.place_of(&guid));
        calls_facets() -> Facets = |session| Ok(session.search.facets());
        calls_callers(least: u32) -> Callers = |session| Ok(session.search.repeat_callers(least));
        calls_of_agent(agent: String, from: String, to: String, most: u32) -> AgentCalls = |session| session.search.of_agent(agent, from, to, most.min(MOST_LINES)).await;
        calls_text(columns: Vec<Column>, titles: Vec<String>, only: Vec<String>) -> String = |session| Ok(session.search.as_text(&columns, &titles, &only));
        calls_flag(guids: Vec<String>, flagged: bool) -> Vec<Mark> = |session| session.heard.flag(&guids, flagged);

        recording_prefetch(call: Call) -> () = |session| { session.listening()?.prefetch(&call); Ok(()) };
        recordings_save_cancel() -> () = |session| { session.saving_many.stop(); Ok(()) };
        recording_cancel(ticket: u64) -> () = |session| { session.listening()?.close(ticket); Ok(()) };

        tags_for(guids: Vec<String>) -> Vec<Tag> = |session| session.tags.of(&guids);
        tag_send(request: TagRequest) -> Tag = |session| session.tags.send(request).await;
        tag_check(request: TagRequest) -> Tag = |session| session.tags.check(request).await;
        tags_recent() -> Vec<String> = |session| session.tags.recent();

        tag_batch_cancel() -> () = |session| { session.tag_batch.cancel(); Ok(()) };

        operation_check(operation: Operation) -> Checked = |session| Ok(session.acting.check(&operation));
        operation_send(operation: Operation) -> Performed = |session| session.acting.send(operation).await;
        own_phone() -> OwnPhone = |session| Ok(session.acting.own_phone());

        outreach_file(kind: BaseKind) -> Option<FileTaken> = |session| session.outreach.file_at_hand(kind);
        outreach_columns(file: u32, header: bool) -> Vec<ColumnSeen> = |session| session.outreach.columns(file, header);
        outreach_rows(checked: u32, wanted: RowsWanted, from: u32, count: u32) -> CheckedRows = |session| session.outreach.rows(checked, &wanted, from, count);
        outreach_stop_reading() -> () = |session| { session.outreach.stop_reading(); Ok(()) };
        outreach_let_go() -> () = |session| { session.outreach.let_go(); Ok(()) };
        outreach_sent(kind: Option<SentKind>, unknown: bool, from: u32, count: u32) -> SentPage = |session| session.outreach.sent(kind, unknown, from, count);
        outreach_settle(id: i64, done: bool) -> () = |session| session.outreach.settle(id, done);
        outreach_undo(id: i64) -> Undo = |session| session.outreach.undo(id);
        outreach_blacklist(text: String, from: u32, count: u32) -> BlacklistPage = |session| session.outreach.blacklist(&text, from, count);
        outreach_blacklist_look(path: String) -> BlacklistImport = |session| session.outreach.blacklist_look(path.into()).await;
        outreach_blacklist_take_in(path: String) -> BlacklistImport = |session| session.outreach.blacklist_take_in(path.into()).await;

        batch_list(unfinished: bool) -> Vec<Batch> = |session| session.outreach.batches(unfinished);
        batch_items(id: i64, state: Option<BatchItemState>, from: u32, count: u32) -> BatchItems = |session| session.outreach.items(id, state, from, count);
        batch_stop() -> () = |session| { session.outreach.stop(); Ok(()) };
        batch_drop_rest(id: i64) -> Batch = |session| session.outreach.drop_rest(id);
        batch_count_as_done(id: i64, place: u32) -> Batch = |session| session.outreach.count_as_done(id, place);
        batch_leave_unknown(id: i64, place: u32) -> Batch = |session| session.outreach.leave_unknown(id, place);

        review_cards() -> Vec<Card> = |session| session.judging.ask(Reviews::cards);
        review_starting_cards(language: String) -> Vec<StartingCard> = |session| session.judging.ask(|_| atalaya_review::starting_cards(&language));
        review_cards_for(call: Call) -> Vec<Card> = |session| session.judging.cards_for(&call);
        review_card_save(card: Card) -> Card = |session| session.judging.save_card(&card);
        review_card_retire(id: String, retired: bool) -> () = |session| session.judging.retire_card(&id, retired);
        review_card_file(id: String) -> String = |session| session.judging.ask(|reviews| atalaya_review::write_card_file(&reviews.card(&id, None)?));
        review_card_import(text: String) -> Card = |session| session.judging.import_card(&text);
        review_open(call: Call, card: String) -> Review = |session| session.judging.open_review(&call, &card);
        review_get(id: i64) -> Review = |session| session.judging.ask(|reviews| reviews.review(id));
        review_change(id: i64, answers: BTreeMap<String, Answer>, comment: String) -> Review = |session| session.judging.ask(|reviews| reviews.change(id, answers, &comment));
        review_finish(id: i64) -> Review = |session| session.finish_review(id);
        review_reopen(id: i64) -> Review = |session| session.judging.reopen_review(id);
        review_feedback(id: i64, step: FeedbackStep, day: Option<String>) -> Review = |session| session.judging.feedback(id, step, day.as_deref());
        review_list(filter: ReviewFilter) -> Vec<ReviewLine> = |session| session.judging.ask(|reviews| reviews.list(&filter, MOST_LINES));
        review_shares(request: ShareRequest) -> Vec<ShareState> = |session| session.judging.ask(|reviews| reviews.shares(&request));
        agent_reviews(agent: String, limit: u32) -> Vec<AgentReview> = |session| session.judging.ask(|reviews| reviews.of_agent(&agent, limit.min(MOST_LINES)));
        review_report(filter: ReportFilter, by: ReportBy) -> Vec<ReportRow> = |session| session.judging.ask(|reviews| reviews.report(&filter, by));

        notes_of(guid: String) -> Vec<Note> = |session| session.judging.ask(|reviews| reviews.notes(&guid));
        note_add(call: Call, secs: f64, text: String, shared: bool) -> Note = |session| session.judging.add_note(&call, secs, &text, shared);
        note_change(id: i64, secs: f64, text: String, shared: bool) -> Note = |session| session.judging.ask(|reviews| reviews.change_note(id, secs, &text, shared));
        note_remove(note: Note) -> () = |session| session.judging.remove_note(&note);
        notes_find(text: String) -> Vec<NoteFound> = |session| session.judging.ask(|reviews| reviews.find_notes(&text, MOST_NOTES));

        samples() -> Vec<Sample> = |session| session.judging.samples();
        sample_items(id: i64) -> Vec<SampleItem> = |session| session.judging.sample_items(id);
        sample_skip(id: i64, guid: String, reason: Option<String>) -> Sample = |session| session.judging.skip_item(id, &guid, reason.as_deref());
        sample_rename(id: i64, name: String) -> Sample = |session| session.judging.ask(|reviews| reviews.rename_sample(id, &name));
        sample_at(id: i64, guid: String) -> Option<HeldCall> = |session| session.go_to(id, &guid);
        sample_take_over(id: i64, guid: String) -> Option<HeldCall> = |session| session.take_over(id, &guid);
        team_news() -> Vec<TeamNews> = |session| session.team_news.all();
        team_news_read(id: i64) -> () = |session| session.read_team_news(id);
        sample_claims(id: i64) -> Vec<HeldCall> = |session| session.claims.of(id);
        sample_remove(id: i64) -> () = |session| session.judging.remove_sample(id);
        sample_reviewers() -> Vec<String> = |session| session.judging.ask(Reviews::reviewers);
        sample_hand_on(id: i64, to: String) -> Sample = |session| session.judging.hand_on(id, &to);
        sample_take_back(id: i64) -> Sample = |session| session.judging.take_back(id);
        sample_file(id: i64, to: String, drafts: bool, notes: bool) -> String = |session| session.judging.worklist_file(id, &to, drafts, notes);
        sample_look_in(text: String) -> HandedFound = |session| session.judging.look_at_worklist(&text);
        sample_take_in(text: String) -> TakenIn = |session| session.judging.take_worklist(&text);
        sample_cancel() -> () = |session| { session.sampling.cancel(); Ok(()) };

        calibrations() -> Vec<Calibration> = |session| session.judging.ask(Reviews::calibrations);
        calibration_begin(call: Call, card: String, name: String, people: u32) -> Calibration = |session| session.judging.begin_calibration(&call, &card, &name, people);
        calibration_open(id: String) -> Review = |session| session.judging.open_calibrated(&id);
        calibration_file(id: String) -> String = |session| session.judging.calibration_file(&id);
        calibration_import(text: String) -> Calibration = |session| session.judging.ask(|reviews| reviews.take_calibration(&atalaya_review::read_calibration_file(&text)?));
        calibration_folder(id: String, folder: Option<String>) -> Calibration = |session| session.judging.ask(|reviews| reviews.set_calibration_folder(&id, folder.as_deref()));
        calibration_exchange(id: String) -> Calibration = |session| session.judging.exchange_calibration(id).await;
        calibration_compared(id: String) -> Option<Compared> = |session| session.judging.ask(|reviews| reviews.compared(&id));

        dispositions(campaign: String) -> Vec<Disposition> = |session| session.judging.ask(|reviews| reviews.dispositions(&campaign));
        disposition_names() -> Vec<String> = |session| session.judging.ask(Reviews::disposition_names);
        dispositions_import(text: String) -> Imported = |session| session.judging.import_dispositions(&text);
        disposition_forget(one: Disposition) -> () = |session| session.judging.ask(|reviews| {
                reviews.forget_disposition(&one.campaign, [&one.level1, &one.level2, &one.level3])
            });
        disposition_put_back(one: Disposition) -> () = |session| session.judging.ask(|reviews| reviews.put_back_disposition(&one));
        disposition_send(request: DispositionRequest) -> Written = |session| session.judging.send_disposition(request).await;
    }
    of_a_window: {
        floor_visible(campaigns: Vec<String>) -> () = |desk, window| { desk.floor_visible(window, campaigns); Ok(()) };
        floor_hidden(hidden: bool) -> () = |desk, window| { desk.floor_hidden(window, hidden); Ok(()) };
        floor_resync() -> () = |desk, window| { desk.floor_resync(window); Ok(()) };
        floor_taken() -> () = |desk, window| { desk.floor_taken(window); Ok(()) };

    }
    of_the_shell: {
        window_broke(details: String) -> () = |window| { shell::write_down(&window, &details); Ok(()) };
        window_ready() -> () = |window| { shell::ready(&window); Ok(()) };
        demonstration_open() -> () = |window| demonstration::open(window.app_handle());
        text_size(percent: u32) -> () = |window| { shell::text_size(&window, percent); Ok(()) };
        notice(title: String, body: String) -> () = |window| { shell::notice(window.app_handle(), &title, &body); Ok(()) };
        tray_words(open: String, mute: String, quit: String, tooltip: String) -> () = |window| {
            tray::words(window.app_handle(), open, mute, quit, tooltip);
            Ok(())
        };
        pick_file(title: String) -> Option<String> = |window| shell::pick_certificate(window.app_handle(), title).await;
        outreach_pick(title: String) -> Option<String> = |window| shell::pick_base(window.app_handle(), title).await;
        pick_folder(title: String) -> Option<String> = |window| shell::pick_folder(window.app_handle(), title).await;
        save_table(title: String, name: String, separator: Separator, rows: Vec<Vec<String>>) -> Option<String> = |window| {
            shell::save_table(window.app_handle(), title, name, separator, &rows).await
        };
        save_page(title: String, name: String, page: Page) -> Option<String> = |window| {
            shell::save_page(window.app_handle(), title, name, &page).await
        };
        support_save(title: String, name: String, text: String) -> Option<String> = |window| {
            shell::save_report(window.app_handle(), title, name, &text).await
        };
        save_json(title: String, name: String, text: String) -> Option<String> = |window| {
            shell::save_json(window.app_handle(), title, name, &text).await
        };
        open_json(title: String) -> Option<String> = |window| shell::open_text(window.app_handle(), title, shell::JSON).await;
        open_table(title: String) -> Option<String> = |window| shell::open_text(window.app_handle(), title, shell::CSV).await;
        wall_full_screen(full: Option<bool>) -> bool = |window| walls::full_screen(&window, full);
        wall_next_screen() -> () = |window| walls::next_screen(&window);
    }
    of_shell_and_desk: {
        show_file(path: String) -> () = |window, desk| places::show(window.app_handle(), desk, &path).await;
        wall_show(id: String, title: String) -> () = |window, desk| walls::open(window.app_handle(), desk, &id, &title);
        wall_close(id: String) -> () = |window, desk| walls::close(window.app_handle(), desk, &id);
        save_sound(title: String, from: Option<f64>, to: Option<f64>) -> Option<SavedSound> = |window, desk| {
            shell::save_sound(window.app_handle(), &*desk.session()?, title, from, to).await
        };
        daily_folder(title: String) -> Option<String> = |window, desk| {
            shell::choose_daily_folder(window.app_handle(), &*desk.session()?, title).await
        };
        save_folder(title: String) -> Option<String> = |window, desk| {
            shell::choose_save_folder(window.app_handle(), &*desk.session()?, title).await
        };
        outreach_save_bad(title: String, name: String, checked: u32, separator: Separator, words: BTreeMap<String, String>) -> Option<String> = |window, desk| {
            shell::save_bad_rows(window.app_handle(), &*desk.session()?, (title, name), checked, separator, words).await
        };
        outreach_blacklist_save(title: String, name: String, separator: Separator) -> Option<String> = |window, desk| {
            shell::save_blacklist(window.app_handle(), &*desk.session()?, title, name, separator).await
        };
        settings_save(title: String, name: String) -> Option<String> = |window, desk| {
            shell::save_settings(window.app_handle(), desk, title, name).await
        };
        settings_pick(title: String) -> Option<SettingsFound> = |window, desk| {
            shell::look_into_settings(window.app_handle(), desk, title).await
        };
        team_join_file(title: String) -> bool = |window, desk| shell::join_team(window.app_handle(), desk, title).await;
        backup_save(title: String, name: String) -> Option<BackupContent> = |window, desk| {
            shell::back_up(window.app_handle(), desk, title, name).await
        };
        backup_pick(title: String) -> Option<BackupContent> = |window, desk| {
            shell::look_into_backup(window.app_handle(), desk, title).await
        };
    }
    watches: {
        session_watch() of SessionState = |desk, watches, stream| watches.task("session", async move {
            desk.session_updates(|state| stream.tell(state)).await;
        });
        floor_watch() of FloorUpdate = |desk, watches, stream| {
            let window = watches.window().to_owned();
            watches.task("floor", async move {
                desk.floor_updates(&window, |update| stream.tell(update)).await;
            });
        };
        settings_watch() of Settings = |desk, watches, stream| watches.task("settings", async move {
            desk.settings_updates(|settings| stream.tell(settings)).await;
        });
        team_watch() of TeamTold = |desk, watches, stream| watches.task("team", async move {
            desk.team_updates(|settings| stream.tell(settings)).await;
        });
        daily_watch() of DailyState = |desk, watches, stream| watches.task("daily", async move {
            desk.daily_updates(|state| stream.tell(state)).await;
        });
        ahead_watch(looking: bool) of AheadTold = |desk, watches, stream| watches.task("ahead", async move {
            // Who looks no more takes the place of who looked: nothing is worked out for nobody.
            if looking {
                desk.ahead_updates(|told| stream.tell(told)).await;
            }
        });
        alerts_watch() of AlertsTold = |desk, watches, stream| watches.task("alerts", async move {
            desk.alert_updates(|board| stream.tell(board)).await;
        });
        tags_watch() of Tag = |desk, watches, stream| watches.task("tags", async move {
            desk.tag_updates(|tag| stream.tell(tag)).await;
        });
        marks_watch() of Mark = |desk, watches, stream| watches.task("marks", async move {
            desk.mark_updates(|mark| stream.tell(mark)).await;
        });
        media_watch() of MediaKey = |desk, watches, stream| watches.task("media", async move {
            desk.media_keys(|key| stream.tell(key)).await;
        });
        drags_watch() of FileDrag = |desk, watches, stream| watches.task("drags", async move {
            desk.file_drags(|drag| stream.tell(drag)).await;
        });
        player_watch() of PlayerUpdate = |desk, watches, stream| watches.thread("player", move |wanted| {
            desk.player_updates(|update| wanted() && stream.tell(update));
        });
    }
    works: {
        calls_search(query: Query) of SearchUpdate, -> u32 = |session, window, send| Ok(session.search.begin(query, send));
        export_calls(title: String, name: String, columns: Vec<Column>, titles: Vec<String>, separator: Separator) of ExportUpdate, -> Option<u32>
            = |session, window, send| {
                let path = shell::place_for_table(window.app_handle(), title, name).await;
                Ok(path.map(|path| session.search.export(path, columns, titles, separator, send)))
            };
        sample_draw(request: SampleRequest) of SampleUpdate, -> () = |session, window, send| session.sampling.draw(request, send);
        tag_batch(requests: Vec<TagRequest>) of BatchUpdate, -> () = |session, window, send| {
            session.tag_batch.begin(requests, send);
            Ok(())
        };
        outreach_take(path: String, kind: BaseKind) of TakeUpdate, -> () = |session, window, send| {
            session.outreach.take_file(path.into(), kind, send);
            Ok(())
        };
        outreach_check(request: BaseRequest) of CheckUpdate, -> () = |session, window, send| session.outreach.check(request, send);
        outreach_send_base(checked: u32, key: String, name: String) of SendingUpdate, -> Batch = |session, window, send| {
            session.outreach.send_base(checked, key, name, send).await
        };
        outreach_blacklist_send(path: String, change: BlacklistChange, key: String) of SendingUpdate, -> Batch = |session, window, send| {
            session.outreach.blacklist_send(path.into(), change, key, send).await
        };
        batch_begin(request: BatchRequest) of SendingUpdate, -> Batch = |session, window, send| session.outreach.begin(request, send).await;
        batch_go_on(id: i64) of SendingUpdate, -> Batch = |session, window, send| session.outreach.go_on(id, send);
        batch_follow(id: i64) of SendingUpdate, -> Batch = |session, window, send| session.outreach.follow(id, send);
        batch_send_again(id: i64, place: u32) of SendingUpdate, -> Batch = |session, window, send| session.outreach.send_again(id, place, send);
        recordings_save(calls: Vec<Call>, convert: bool) of SaveUpdate, -> () = |session, window, send| {
            session.saving_many.begin(calls, convert, send)
        };
        recording_open(request: ListenRequest) of LocateUpdate, -> () = |session, window, send| {
            session.listening()?.open(request, send);
            Ok(())
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_wallboard_may_ask_for_exists_and_writes_nothing() {
        let names = names();
        assert!(OF_A_WALL.iter().all(|name| names.contains(name)), "{OF_A_WALL:?}");
        assert!(OF_A_WALL_ALONE.iter().all(|name| OF_A_WALL.contains(name)));
        let asked: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(asked.len(), names.len(), "no name twice");
    }
}

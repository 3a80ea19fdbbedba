// Generated from Rust by `cargo xtask bindings`: do not edit.

import type * as t from './types';

/** Every command: its arguments and its reply. */
export interface Commands {
  session_state: { args: Record<string, never>; reply: t.SessionState };
  sign_in: { args: { request: t.SignInRequest }; reply: t.SessionState };
  sign_out: { args: Record<string, never>; reply: t.SessionState };
  profile_remove: { args: { id: string }; reply: t.SessionState };
  server_hint: { args: { url: string }; reply: t.ServerHint };
  floor_half_hours: { args: { campaign: string }; reply: Array<t.HalfHour> };
  floor_agent_day: { args: { location: string }; reply: t.AgentDay | null };
  floor_visible: { args: { campaigns: Array<string> }; reply: null };
  floor_hidden: { args: { hidden: boolean }; reply: null };
  floor_resync: { args: Record<string, never>; reply: null };
  floor_taken: { args: Record<string, never>; reply: null };
  alert_acknowledge: { args: { id: number }; reply: null };
  alert_snooze: { args: { id: number; minutes: number }; reply: null };
  chime: { args: { severity: t.Severity }; reply: null };
  alerts_mute: { args: { minutes: number }; reply: null };
  calls_cancel: { args: { id: number }; reply: null };
  calls_last_query: { args: Record<string, never>; reply: t.Query | null };
  calls_remember: { args: { query: t.Query }; reply: null };
  calls_view: { args: { view: t.ListView; count: number }; reply: t.ListSlice };
  calls_slice: { args: { from: number; count: number }; reply: t.ListSlice };
  calls_place: { args: { guid: string }; reply: number | null };
  calls_facets: { args: Record<string, never>; reply: t.Facets };
  calls_callers: { args: { least: number }; reply: t.Callers };
  calls_text: { args: { columns: Array<t.Column>; titles: Array<string> }; reply: string };
  calls_flag: { args: { guids: Array<string>; flagged: boolean }; reply: Array<t.Mark> };
  query_text: { args: { query: t.Query }; reply: string };
  query_read: { args: { text: string }; reply: t.ReadQuery };
  recording_prefetch: { args: { call: t.Call }; reply: null };
  recording_cancel: { args: Record<string, never>; reply: null };
  player_play: { args: Record<string, never>; reply: null };
  player_pause: { args: Record<string, never>; reply: null };
  player_toggle: { args: Record<string, never>; reply: null };
  player_seek: { args: { secs: number }; reply: null };
  player_seek_by: { args: { secs: number }; reply: null };
  player_volume: { args: { volume: number }; reply: null };
  player_loop: { args: { from: number | null; to: number | null }; reply: null };
  player_hearing: { args: { hearing: t.Hearing }; reply: null };
  tags_for: { args: { guids: Array<string> }; reply: Array<t.Tag> };
  tag_send: { args: { request: t.TagRequest }; reply: t.Tag };
  tag_check: { args: { request: t.TagRequest }; reply: t.Tag };
  tags_recent: { args: Record<string, never>; reply: Array<string> };
  draft_get: { args: { key: string }; reply: string | null };
  draft_set: { args: { key: string; text: string | null }; reply: null };
  settings_get: { args: Record<string, never>; reply: t.Settings };
  settings_set: { args: { settings: t.Settings }; reply: t.Settings };
  diagnostics: { args: Record<string, never>; reply: t.Diagnostics };
  cache_clear: { args: Record<string, never>; reply: t.Diagnostics };
  audio_devices: { args: Record<string, never>; reply: Array<string> };
  pick_file: { args: { title: string }; reply: string | null };
  window_ready: { args: Record<string, never>; reply: null };
  save_table: { args: { title: string; name: string; rows: Array<Array<string>> }; reply: string | null };
  save_json: { args: { title: string; name: string; text: string }; reply: string | null };
  save_sound: { args: { title: string; name: string; from: number | null; to: number | null }; reply: string | null };
  open_json: { args: { title: string }; reply: string | null };
  tray_words: { args: { open: string; mute: string; quit: string; tooltip: string }; reply: null };
  notice: { args: { title: string; body: string }; reply: null };
}

/** Every stream: its arguments, its messages and its reply. */
export interface Streams {
  export_calls: { args: { title: string; name: string; columns: Array<t.Column>; titles: Array<string> }; message: t.ExportUpdate; reply: number | null };
  session_watch: { args: Record<string, never>; message: t.SessionState; reply: null };
  floor_watch: { args: Record<string, never>; message: t.FloorUpdate; reply: null };
  alerts_watch: { args: Record<string, never>; message: t.AlertBoard; reply: null };
  tags_watch: { args: Record<string, never>; message: t.Tag; reply: null };
  marks_watch: { args: Record<string, never>; message: t.Mark; reply: null };
  player_watch: { args: Record<string, never>; message: t.PlayerUpdate; reply: null };
  calls_search: { args: { query: t.Query }; message: t.SearchUpdate; reply: number };
  recording_open: { args: { call: t.Call; autoplay: boolean }; message: t.FindUpdate; reply: null };
}

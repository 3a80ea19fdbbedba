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
  history_extent: { args: Record<string, never>; reply: t.Extent };
  history_moment: { args: { at: number }; reply: t.Moment };
  history_trend: { args: { campaign: string; period: t.Period }; reply: t.Trend };
  history_person: { args: { location: string; period: t.Period }; reply: t.PersonPast | null };
  history_report: { args: { request: t.ReportRequest }; reply: t.Report };
  history_room: { args: Record<string, never>; reply: t.HistoryRoom };
  history_clear: { args: Record<string, never>; reply: t.HistoryRoom };
  alert_acknowledge: { args: { id: number }; reply: null };
  alert_snooze: { args: { id: number; minutes: number }; reply: null };
  chime: { args: { severity: t.Severity }; reply: null };
  alerts_mute: { args: { minutes: number }; reply: null };
  calls_cancel: { args: { id: number }; reply: null };
  calls_last_search: { args: Record<string, never>; reply: t.Search | null };
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
  save_page: { args: { title: string; name: string; page: t.Page }; reply: string | null };
  save_json: { args: { title: string; name: string; text: string }; reply: string | null };
  save_sound: { args: { title: string; name: string; from: number | null; to: number | null }; reply: string | null };
  open_json: { args: { title: string }; reply: string | null };
  tray_words: { args: { open: string; mute: string; quit: string; tooltip: string }; reply: null };
  notice: { args: { title: string; body: string }; reply: null };
}

/** Every stream: its arguments, its messages and its reply. */
export interface Streams {
  session_watch: { args: Record<string, never>; message: t.SessionState; reply: null };
  floor_watch: { args: Record<string, never>; message: t.FloorUpdate; reply: null };
  alerts_watch: { args: Record<string, never>; message: t.AlertBoard; reply: null };
  tags_watch: { args: Record<string, never>; message: t.Tag; reply: null };
  player_watch: { args: Record<string, never>; message: t.PlayerUpdate; reply: null };
  calls_search: { args: { search: t.Search }; message: t.SearchUpdate; reply: number };
  recording_open: { args: { call: t.Call; autoplay: boolean }; message: t.FindUpdate; reply: null };
}

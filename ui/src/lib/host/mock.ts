// A program that is not there, for looking at the window in a browser (`npm run dev`). Nothing of it reaches a build.
// `?theme=dark&language=es&calls=400&signedOut` choose what is seen. Every command and stream has its line here: what is
// not answered is refused, and MOCK.md says why.
import type { Answers, Feeds } from './answers';
import type { CommandName, Host, Problem, StreamName } from './host';
import { board, updateState, usualRules } from '../testing';
import { MockCalls } from './mock-calls';
import { MockDesk } from './mock-desk';
import { MockFloor } from './mock-floor';
import { MockReview } from './mock-review';

const wanted = new URLSearchParams(location.search);
const desk = new MockDesk(wanted);
const floor = new MockFloor();
const calls = new MockCalls(Number(wanted.get('calls') ?? 400));
const review = new MockReview();

const NOT_HERE = Symbol('not in the mock');

/** Stands for whatever the mock cannot do. */
export const refused = (): never => {
  throw NOT_HERE;
};
/** Taken, and of no consequence: the mock has nothing it could change. */
const taken = () => null;

export const answers: Answers = {
  session_state: () => desk.session.value,
  sign_in: () => desk.signed(true),
  sign_out: () => desk.signed(false),
  profile_remove: ({ id }) => desk.forget(id),
  server_hint: desk.hint,
  settings_get: () => desk.settings.value,
  settings_change: ({ parts }) => desk.settings.set({ ...desk.settings.value, ...parts }),
  audio_devices: () => ['Speakers', 'Headset'],
  diagnostics: () => desk.diagnostics(),
  cache_clear: () => desk.clearCache(),
  support_report: ({ happened }) => `== what happened ==\n${happened || 'nothing'}\n`,
  broke_last: () => null,
  broke_seen: taken,

  floor_half_hours: refused,
  floor_agent_day: refused,
  floor_visible: taken,
  floor_hidden: taken,
  floor_resync: taken,
  floor_taken: taken,

  ahead_what_if: refused,
  ahead_advise: refused,

  history_extent: () => desk.extent(),
  history_moment: ({ at }) => floor.moment(at),
  history_alerts: () => [],
  history_trend: ({ period }) => floor.trend(period),
  history_person: refused,
  history_report: refused,
  history_room: desk.room,
  history_clear: () => desk.clearHistory(),

  daily_make: refused,
  daily_write: refused,
  daily_folder: refused,
  alert_acknowledge: refused,
  alert_let_go: refused,
  alert_snooze: refused,
  review_alert_acknowledge: refused,
  review_alert_let_go: refused,
  review_alert_snooze: refused,
  rules_usual: () => usualRules,
  alerts_mute: refused,
  chime: refused,
  update_state: () => updateState(),
  update_way_back: refused,
  update_look: refused,
  update_fetch: refused,
  update_install: refused,
  update_back: refused,
  webhook_state: () => desk.chat(),
  webhook_words: taken,
  webhook_preview: () => '{ }',
  webhook_address: () => desk.chat({ host: 'chat.example', kept: true }),
  webhook_forget: () => desk.chat({ host: null, kept: false }),
  webhook_test: refused,
  webhook_resume: refused,
  team_join: refused,
  team_join_file: refused,
  team_house_publish: refused,
  team_house_undo: refused,
  team_house_use: refused,
  team_leave: refused,
  team_members: () => [],
  team_offer: refused,
  team_news: () => [],
  team_news_read: refused,
  sample_claims: () => [],
  sample_take_over: refused,
  notice: refused,

  calls_cancel: ({ id }) => calls.cancel(id),
  calls_last_query: calls.lastQuery,
  calls_remember: ({ query }) => calls.remember(query),
  calls_view: ({ view, count }) => calls.list.look(view, count),
  calls_slice: ({ from, count }) => calls.list.slice(from, count),
  calls_place: ({ guid }) => calls.list.place(guid),
  calls_facets: () => calls.list.facets(),
  calls_callers: ({ least }) => calls.list.callers(least),
  calls_of_agent: (args) => calls.ofAgent(args),
  calls_text: refused,
  calls_flag: ({ guids, flagged }) => calls.list.flag(guids, flagged),
  query_text: () => 'period:today answered:no',
  query_read: refused,

  recording_prefetch: taken,
  recording_cancel: () => calls.close(),
  recordings_save_cancel: () => calls.stopSaving(),
  player_detail: (part) => calls.detail(part),
  player_play: () => calls.play(),
  player_pause: () => calls.pause(),
  player_toggle: () => calls.toggle(),
  player_seek: ({ secs }) => calls.seek(secs),
  player_seek_by: ({ secs }) => calls.seekBy(secs),
  player_volume: ({ volume }) => calls.volume(volume),
  player_loop: ({ from, to }) => calls.loop(from, to),
  player_hearing: ({ hearing }) => calls.hear(hearing),

  tags_for: ({ guids }) => calls.tagsFor(guids),
  tag_send: ({ request }) => calls.tag(request),
  tag_check: ({ request }) => calls.check(request),
  tags_recent: calls.recent,
  tag_batch_cancel: refused,

  ...review.answers,
  review_card_save: refused,
  review_card_retire: refused,
  review_card_file: refused,
  review_card_import: refused,
  review_report: refused,
  review_shares: refused,
  disposition_names: () => [],
  sample_remove: refused,
  sample_rename: refused,
  sample_cancel: refused,
  sample_reviewers: () => [],
  sample_hand_on: refused,
  sample_take_back: refused,
  sample_file: refused,
  sample_look_in: refused,
  sample_take_in: refused,
  calibration_begin: refused,
  calibration_open: refused,
  calibration_file: refused,
  calibration_import: refused,
  calibration_folder: refused,
  calibration_exchange: refused,
  calibration_compared: refused,
  dispositions_import: refused,
  disposition_forget: refused,
  disposition_put_back: refused,
  disposition_send: refused,
  operation_check: refused,
  operation_send: refused,
  own_phone: refused,
  outreach_file: refused,
  outreach_columns: refused,
  outreach_rows: refused,
  outreach_stop_reading: refused,
  outreach_let_go: refused,
  outreach_sent: refused,
  outreach_settle: refused,
  outreach_undo: refused,
  outreach_blacklist: refused,
  outreach_blacklist_look: refused,
  outreach_blacklist_take_in: refused,
  outreach_blacklist_save: refused,
  outreach_pick: refused,
  outreach_save_bad: refused,
  batch_list: refused,
  batch_items: refused,
  batch_stop: refused,
  batch_drop_rest: refused,
  batch_count_as_done: refused,
  batch_leave_unknown: refused,
  audit_lines: refused,
  exported: refused,

  draft_get: ({ key }) => calls.draft(key),
  draft_set: ({ key, text }) => calls.setDraft(key, text),

  save_sound: () => ({ path: '/music/call.wav', problem: null }),
  save_folder: () => '/music',
  show_file: refused,
  recording_names: () => ({
    example: '2026-03-10 14.08.31 Lucía Pereira.wav',
    unknown: [],
    unclosed: false,
    known: [],
  }),
  save_table: refused,
  save_page: refused,
  save_json: refused,
  support_save: refused,
  open_json: refused,
  open_table: refused,
  pick_file: refused,
  pick_folder: refused,
  settings_save: refused,
  settings_pick: () => desk.settingsFile(),
  backup_save: refused,
  backup_pick: refused,
  backup_restore: refused,

  demonstration_open: taken,
  window_broke: taken,
  window_ready: taken,
  text_size: taken,
  tray_words: taken,
  wall_show: refused,
  wall_full_screen: refused,
  wall_next_screen: refused,
  wall_close: refused,
};

export const feeds: Feeds = {
  session_watch: (_args, on) => desk.session.watch(on),
  settings_watch: (_args, on) => desk.settings.watch(on),
  floor_watch: (_args, on) => floor.watch(on),
  alerts_watch: (_args, on) => {
    const beat = () => on(board([], { steppedMs: Date.now() }));
    beat();
    setInterval(beat, 3000);
    return null;
  },
  team_watch: (_args, on) => {
    on({
      address: null,
      label: '',
      person: '',
      kept: false,
      state: null,
      shared: null,
      house: null,
      problem: null,
    });
    return null;
  },
  ahead_watch: ({ looking }, on) => {
    return looking ? floor.ahead(on) : null;
  },
  daily_watch: (_args, on) => {
    on({ folder: null, nextMs: null, offsetSecs: null, due: null, made: [] });
    return null;
  },
  tags_watch: (_args, on) => calls.watchTags(on),
  marks_watch: taken,
  drags_watch: taken,
  media_watch: taken,
  player_watch: (_args, on) => calls.watchPlayer(on),
  calls_search: ({ query }, on) => calls.search(query, on),
  recording_open: ({ request }, on) => calls.open(request, on),
  recordings_save: (args, on) => calls.save(args.calls, on),
  export_calls: refused,
  tag_batch: refused,
  outreach_take: refused,
  outreach_check: refused,
  outreach_send_base: refused,
  outreach_blacklist_send: refused,
  batch_begin: refused,
  batch_follow: refused,
  batch_go_on: refused,
  batch_send_again: refused,
  sample_draw: refused,
};

/** After a moment, as everything that crosses to the real program; what is refused says which command it was. */
async function after<T>(name: CommandName | StreamName, answer: () => T | Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  try {
    return await answer();
  } catch (error) {
    if (error !== NOT_HERE) throw error;
    const problem: Problem = { code: 'notInTheMock', params: { detail: name }, retryable: false };
    throw problem;
  }
}

export const mock: Host = {
  ask: (name, args) => after(name, () => answers[name](args)),
  stream: (name, args, on) => after(name, () => feeds[name](args, on)),
};

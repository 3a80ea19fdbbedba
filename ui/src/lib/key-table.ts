// Everything there is to be done with a key, and its usual keys: one table, which the window hears by, the help shows and the
// settings change. Physical positions, so that `[ ] < >` need no AltGr on Spanish and Portuguese keyboards. Left out: keys of
// what has the focus itself, a menu's arrows or a field's Enter, and Escape within it, which are the same in every program.
import type { TextKey } from './state/i18n.svelte';

/** Where a key is heard. */
export type Place =
  'everywhere' | 'alerts' | 'floor' | 'past' | 'calls' | 'player' | 'review' | 'work' | 'settings' | 'wall';

/** `KeyboardEvent.code`, with `Ctrl+`, `Alt+` and `Shift+` before it when they are held; `Digit1-9` is each of them; a single
 *  letter is what is written on a key, wherever it is. Of several that are written alike, how is first. */
type UsualKey = string | readonly [shown: string, ...codes: string[]];

export interface Action {
  place: Place;
  keys: readonly UsualKey[];
  label: TextKey;
  /** It has the key every program has for it. */
  fixed?: true;
}

export const PLACES: Record<Place, TextKey> = {
  everywhere: 'keys_everywhere',
  alerts: 'alerts',
  floor: 'keys_floor',
  past: 'past_keys',
  calls: 'keys_list',
  player: 'keys_player',
  review: 'review_room',
  work: 'review_keys_work',
  settings: 'nav_settings',
  wall: 'walls',
};

/** What else is heard in a place, everywhere aside. */
const BESIDE: Partial<Record<Place, Place[]>> = {
  floor: ['past'],
  past: ['floor'],
  calls: ['player'],
  player: ['calls', 'review', 'work'],
  review: ['player', 'work'],
  work: ['player', 'review'],
};
const EVERYWHERE: Place[] = ['everywhere', 'alerts'];

/** Whether two places are heard at the same time. A wallboard is a window of its own. */
export function together(one: Place, other: Place): boolean {
  if (one === other) return true;
  if (one === 'wall' || other === 'wall') return false;
  if (EVERYWHERE.includes(one) || EVERYWHERE.includes(other)) return true;
  return BESIDE[one]?.includes(other) ?? false;
}

const SEARCH: UsualKey = ['/', 'Slash', 'Shift+Digit7'];

export const ACTIONS = {
  'go.floor': { place: 'everywhere', keys: ['Alt+Digit1'], label: 'nav_floor' },
  'go.calls': { place: 'everywhere', keys: ['Alt+Digit2'], label: 'nav_calls' },
  'go.review': { place: 'everywhere', keys: ['Alt+Digit3'], label: 'review_room' },
  'go.outreach': { place: 'everywhere', keys: ['Alt+Digit4'], label: 'out_room' },
  'go.settings': { place: 'everywhere', keys: ['Alt+Digit5'], label: 'nav_settings' },
  textSize: {
    place: 'everywhere',
    keys: [['Ctrl + / − / 0', 'Ctrl+Equal', 'Ctrl+Minus', 'Ctrl+Digit0']],
    label: 'room_text_size',
    fixed: true,
  },
  help: { place: 'everywhere', keys: ['F1', '?'], label: 'help_title' },
  'media.toggle': {
    place: 'everywhere',
    keys: [['▶', 'MediaPlayPause', 'MediaPlay', 'MediaPause']],
    label: 'keys_media_play',
    fixed: true,
  },
  'media.stop': { place: 'everywhere', keys: [['■', 'MediaStop']], label: 'keys_media_stop', fixed: true },
  'media.next': {
    place: 'everywhere',
    keys: [['▶▶', 'MediaTrackNext']],
    label: 'keys_next_call',
    fixed: true,
  },
  'media.previous': {
    place: 'everywhere',
    keys: [['◀◀', 'MediaTrackPrevious']],
    label: 'keys_previous_call',
    fixed: true,
  },

  'alerts.close': { place: 'alerts', keys: ['Escape'], label: 'alerts_close', fixed: true },

  'floor.down': { place: 'floor', keys: ['ArrowDown'], label: 'keys_next_row' },
  'floor.up': { place: 'floor', keys: ['ArrowUp'], label: 'keys_previous_row' },
  'floor.open': { place: 'floor', keys: ['Enter', 'ArrowRight'], label: 'keys_open_campaign' },
  'floor.close': {
    place: 'floor',
    keys: ['Escape', 'ArrowLeft'],
    label: 'keys_close_campaign',
    fixed: true,
  },
  'floor.rewind': { place: 'floor', keys: ['KeyR'], label: 'past_rewind' },
  'floor.report': { place: 'floor', keys: ['Shift+KeyR'], label: 'past_report' },
  'floor.agents': { place: 'floor', keys: ['KeyG'], label: 'keys_agents' },
  'floor.add': { place: 'floor', keys: ['KeyA'], label: 'add_people' },
  'floor.pin': { place: 'floor', keys: ['KeyP'], label: 'keys_pin' },
  'floor.copy': { place: 'floor', keys: ['Ctrl+KeyC'], label: 'keys_copy_row', fixed: true },
  'floor.search': { place: 'floor', keys: [SEARCH], label: 'keys_search' },

  'past.back': { place: 'past', keys: ['ArrowLeft'], label: 'past_key_back' },
  'past.on': { place: 'past', keys: ['ArrowRight'], label: 'past_key_on' },
  'past.backLittle': { place: 'past', keys: ['Shift+ArrowLeft'], label: 'past_key_back_little' },
  'past.onLittle': { place: 'past', keys: ['Shift+ArrowRight'], label: 'past_key_on_little' },
  'past.backMuch': { place: 'past', keys: ['PageUp'], label: 'past_key_back_much' },
  'past.onMuch': { place: 'past', keys: ['PageDown'], label: 'past_key_on_much' },
  'past.alertBefore': { place: 'past', keys: ['Ctrl+ArrowLeft'], label: 'room_alert_before' },
  'past.alertAfter': { place: 'past', keys: ['Ctrl+ArrowRight'], label: 'room_alert_after' },
  'past.first': { place: 'past', keys: ['Home'], label: 'past_key_first' },
  'past.last': { place: 'past', keys: ['End'], label: 'past_key_last' },
  'past.live': { place: 'past', keys: ['Escape'], label: 'past_key_live', fixed: true },

  'calls.down': { place: 'calls', keys: ['ArrowDown'], label: 'keys_next_row' },
  'calls.up': { place: 'calls', keys: ['ArrowUp'], label: 'keys_previous_row' },
  'calls.extendDown': { place: 'calls', keys: ['Shift+ArrowDown'], label: 'keys_extend_down' },
  'calls.extendUp': { place: 'calls', keys: ['Shift+ArrowUp'], label: 'keys_extend_up' },
  'calls.pageDown': { place: 'calls', keys: ['PageDown'], label: 'keys_page_down' },
  'calls.pageUp': { place: 'calls', keys: ['PageUp'], label: 'keys_page_up' },
  'calls.first': { place: 'calls', keys: ['Home'], label: 'keys_first_row' },
  'calls.last': { place: 'calls', keys: ['End'], label: 'keys_last_row' },
  'calls.play': { place: 'calls', keys: [['Enter', 'Enter', 'NumpadEnter']], label: 'keys_play' },
  'calls.search': { place: 'calls', keys: [SEARCH], label: 'keys_search' },
  'calls.narrow': { place: 'calls', keys: ['KeyW'], label: 'keys_narrow' },
  'calls.flag': { place: 'calls', keys: ['KeyM', 'Shift+KeyF'], label: 'keys_flag' },
  'calls.unflag': { place: 'calls', keys: ['KeyU'], label: 'keys_unflag' },
  'calls.tag': { place: 'calls', keys: ['KeyT'], label: 'keys_tag' },
  'calls.note': { place: 'calls', keys: ['KeyN'], label: 'review_note_here' },
  'calls.judge': { place: 'calls', keys: ['KeyE'], label: 'review_judge' },
  'calls.copy': { place: 'calls', keys: ['Ctrl+KeyC'], label: 'calls_copy_picked', fixed: true },
  'calls.preset': { place: 'calls', keys: ['Digit1-9'], label: 'keys_presets' },

  'player.toggle': { place: 'player', keys: ['KeyK', 'Space'], label: 'keys_toggle' },
  'player.back10': { place: 'player', keys: ['KeyJ'], label: 'keys_back10' },
  'player.on10': { place: 'player', keys: ['KeyL'], label: 'keys_on10' },
  'player.back5': { place: 'player', keys: ['ArrowLeft'], label: 'keys_back5' },
  'player.on5': { place: 'player', keys: ['ArrowRight'], label: 'keys_on5' },
  'player.back1': { place: 'player', keys: ['Shift+ArrowLeft'], label: 'keys_back1' },
  'player.on1': { place: 'player', keys: ['Shift+ArrowRight'], label: 'keys_on1' },
  'player.previous': {
    place: 'player',
    keys: [['<', 'Comma', 'Shift+Comma', 'IntlBackslash'], 'KeyP'],
    label: 'keys_previous_call',
  },
  'player.next': {
    place: 'player',
    keys: [['>', 'Period', 'Shift+Period', 'Shift+IntlBackslash'], 'KeyX'],
    label: 'keys_next_call',
  },
  'player.slower': { place: 'player', keys: ['BracketLeft', 'KeyD'], label: 'keys_slower' },
  'player.faster': { place: 'player', keys: ['BracketRight', 'KeyF'], label: 'keys_faster' },
  'player.ownSpeed': { place: 'player', keys: ['Backspace', 'KeyG'], label: 'keys_own_speed' },
  'player.skipSilence': { place: 'player', keys: ['KeyS'], label: 'keys_skip_silence' },
  'player.level': { place: 'player', keys: ['KeyV'], label: 'keys_level' },
  'player.loopFrom': { place: 'player', keys: ['KeyA'], label: 'keys_loop_from' },
  'player.loopTo': { place: 'player', keys: ['KeyB'], label: 'keys_loop_to' },
  'player.zoomIn': {
    place: 'player',
    keys: [['+', 'Equal', 'Shift+Equal', 'NumpadAdd'], 'KeyI'],
    label: 'wave_zoom_in',
  },
  'player.zoomOut': {
    place: 'player',
    keys: [['−', 'Minus', 'NumpadSubtract'], 'KeyO'],
    label: 'wave_zoom_out',
  },
  'player.zoomLoop': { place: 'player', keys: ['KeyZ'], label: 'keys_zoom_loop' },
  'player.fromStart': { place: 'player', keys: [['0', 'Digit0', 'Numpad0']], label: 'player_from_start' },
  'player.save': { place: 'player', keys: ['Shift+KeyS'], label: 'hearing_save' },
  'player.escape': { place: 'player', keys: ['Escape'], label: 'keys_escape', fixed: true },

  'review.play': { place: 'review', keys: ['Enter'], label: 'keys_toggle' },
  'review.next': { place: 'review', keys: ['KeyO'], label: 'keys_next_call' },
  'review.search': { place: 'review', keys: [SEARCH], label: 'keys_search' },
  'review.work': { place: 'review', keys: ['Ctrl+Digit1'], label: 'review_tab_work' },
  'review.list': { place: 'review', keys: ['Ctrl+Digit2'], label: 'review_tab_list' },
  'review.reports': { place: 'review', keys: ['Ctrl+Digit3'], label: 'review_tab_reports' },
  'review.cards': { place: 'review', keys: ['Ctrl+Digit4'], label: 'review_tab_cards' },
  'review.calibration': { place: 'review', keys: ['Ctrl+Digit5'], label: 'review_tab_calibration' },
  'review.notes': { place: 'review', keys: ['Ctrl+Digit6'], label: 'review_tab_notes' },
  'review.audit': { place: 'review', keys: ['Ctrl+Digit7'], label: 'review_tab_audit' },

  'work.down': { place: 'work', keys: ['ArrowDown'], label: 'review_key_next' },
  'work.up': { place: 'work', keys: ['ArrowUp'], label: 'review_key_previous' },
  'work.answer': { place: 'work', keys: [['0–9', 'Digit0-9', 'Numpad0-9']], label: 'review_key_answer' },
  'work.better': {
    place: 'work',
    keys: [['+', 'Equal', 'Shift+Equal', 'NumpadAdd']],
    label: 'review_key_better',
  },
  'work.worse': {
    place: 'work',
    keys: [['−', 'Minus', 'NumpadSubtract', 'Slash']],
    label: 'review_key_worse',
  },
  'work.notApplicable': { place: 'work', keys: ['KeyX'], label: 'review_na' },
  'work.questionComment': { place: 'work', keys: ['KeyC'], label: 'review_key_comment' },
  'work.comment': { place: 'work', keys: ['KeyM'], label: 'review_comment' },
  'work.note': { place: 'work', keys: ['KeyN'], label: 'review_note_here' },
  'work.tag': { place: 'work', keys: ['KeyT'], label: 'keys_tag' },
  'work.preset': { place: 'work', keys: ['Shift+Digit1-9'], label: 'keys_presets' },
  'work.dispose': { place: 'work', keys: ['KeyI'], label: 'review_dispose' },
  'work.finish': { place: 'work', keys: ['KeyE'], label: 'review_key_finish' },
  'work.reopen': { place: 'work', keys: ['Shift+KeyE'], label: 'review_reopen' },
  'work.skip': { place: 'work', keys: ['KeyQ'], label: 'review_key_skip' },
  'work.takeOver': { place: 'work', keys: ['KeyY'], label: 'review_take_over' },
  'work.pick': { place: 'work', keys: ['Shift+KeyX'], label: 'review_key_pick' },
  'work.batch': { place: 'work', keys: ['Shift+KeyT'], label: 'review_key_batch' },
  'work.sample': { place: 'work', keys: ['KeyW'], label: 'review_new_sample' },

  'settings.search': { place: 'settings', keys: [SEARCH], label: 'prefs_search' },

  'wall.next': { place: 'wall', keys: ['ArrowRight'], label: 'wall_next' },
  'wall.previous': { place: 'wall', keys: ['ArrowLeft'], label: 'wall_previous' },
  'wall.hold': { place: 'wall', keys: ['Space'], label: 'wall_hold' },
  'wall.full': { place: 'wall', keys: ['KeyF'], label: 'wall_full' },
  'wall.window': { place: 'wall', keys: ['Escape'], label: 'keys_wall_window', fixed: true },
  'wall.screen': { place: 'wall', keys: ['KeyM'], label: 'wall_screen' },
  'wall.mask': { place: 'wall', keys: ['KeyN'], label: 'wall_mask' },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof ACTIONS;
export const ACTION_IDS = Object.keys(ACTIONS) as ActionId[];
export const actionOf = (id: ActionId): Action => ACTIONS[id];

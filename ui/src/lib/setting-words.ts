// What a file of settings would change, in words: which setting, and what it is and would be. A setting that has no words is
// shown by its name.
import type { HousePart, SettingChange } from './host/host';
import { count } from './format';
import { ACTION_IDS, actionOf, PLACES } from './key-table';
import { i18n, t, type TextKey } from './state/i18n.svelte';

const NAMES: Record<string, TextKey> = {
  language: 'settings_language',
  theme: 'settings_theme',
  pollEverySecs: 'settings_every',
  requestsPerSecond: 'settings_budget',
  volume: 'player_volume',
  'hearing.speed': 'hearing_speed',
  'hearing.skipSilence': 'hearing_skip',
  'hearing.levelled': 'hearing_level',
  'hearing.balance': 'hearing_balance',
  'hearing.stepBackSecs': 'settings_step_back',
  autoAdvance: 'next_advance',
  recordingNames: 'names_pattern',
  saveAsWav: 'save_form',
  cacheMaxMb: 'settings_cache',
  wipeCacheOnSignOut: 'settings_wipe',
  historyDays: 'past_kept_days',
  historyMaxMb: 'past_kept_room',
  rules: 'settings_thresholds',
  reviewRules: 'review_rules_title',
  alertSound: 'rules_sound',
  alertNotice: 'rules_notice',
  quietHours: 'rules_quiet',
  'quietHours.fromMin': 'rules_quiet_from',
  'quietHours.untilMin': 'rules_quiet_until',
  'dailyReport.on': 'daily_on',
  'dailyReport.atMin': 'daily_at',
  'dailyReport.days': 'daily_days',
  'dailyReport.period': 'daily_period',
  'dailyReport.page': 'daily_page',
  'dailyReport.table': 'daily_table',
  'webhook.on': 'webhook_on',
  'webhook.form': 'webhook_form',
  'webhook.amber': 'webhook_amber',
  'webhook.seen': 'webhook_seen',
  'webhook.over': 'webhook_over',
  'webhook.inQuietHours': 'webhook_quiet',
  'webhook.language': 'webhook_language',
  'webhook.centre': 'webhook_centre',
  teams: 'teams',
  pauseLimits: 'limits_title',
  walls: 'walls',
  views: 'views',
  searches: 'search_saved',
  floorView: 'prefs_floor_view',
  callsView: 'prefs_calls_view',
  tagPresets: 'settings_tags',
  reviewShares: 'share_title',
  offered: 'acting_title',
  listenCode: 'acting_listen_code',
  baseMaxBytes: 'acting_base_mb',
  updateChannel: 'update_channel',
};

/** What a setting, or a part of one, is called. */
export function settingName(name: string): string {
  const action = ACTION_IDS.find((id) => name === `keys.${id}`);
  if (action)
    return t('prefs_key_of', {
      place: t(PLACES[actionOf(action).place]),
      what: t(actionOf(action).label),
    });
  const known = NAMES[name];
  return known ? t(known) : name;
}

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A value as it is chosen in the window. */
export function settingValue(name: string, value: unknown): string {
  if (name === 'webhook.language' && value === null) return t('webhook_language_window');
  if (name === 'language' || name === 'webhook.language') {
    const all: Record<string, string> = { es: 'Español', 'pt-BR': 'Português (Brasil)', en: 'English' };
    return all[String(value)] ?? t('settings_system');
  }
  if (name === 'dailyReport.period' && i18n.has(`daily_period_${String(value)}`))
    return t(`daily_period_${String(value)}` as TextKey);
  if (name === 'webhook.form' && i18n.has(`webhook_form_${String(value)}`))
    return t(`webhook_form_${String(value)}` as TextKey);
  if (name === 'theme')
    return t(value === 'dark' ? 'theme_dark' : value === 'light' ? 'theme_light' : 'settings_system');
  if (name === 'saveAsWav') return t(value === true ? 'save_wav' : 'save_original');
  if (name === 'baseMaxBytes') return count(Number(value) / 1_000_000, i18n.locale);
  if (typeof value === 'number') return name.endsWith('Min') ? clockOf(value) : count(value, i18n.locale);
  if (typeof value === 'boolean') return t(value ? 'review_yes' : 'review_no');
  if (typeof value === 'string') return value || '–';
  if (typeof value === 'object' && value && 'fromMin' in value && 'untilMin' in value)
    return `${clockOf(Number(value.fromMin))}–${clockOf(Number(value.untilMin))}`;
  return '–';
}

/** A thing of a list by what the window calls it. */
function called(list: string, name: string): string {
  const key = list === 'rules' ? `measure_${name}` : list === 'offered' ? `acting_${name}` : name;
  return key !== name && i18n.has(key) ? t(key as TextKey) : name;
}

/** What would be different, behind the name of the setting. */
export function changeText(change: SettingChange): string {
  const { name } = change;
  if (change.kind === 'whole') return t('prefs_change_whole');
  if (change.kind === 'value')
    return `${settingValue(name, change.before)} → ${settingValue(name, change.after)}`;
  const names = (all: string[]) => [...new Set(all.map((one) => called(name, one)))].join(', ');
  return [
    change.added.length ? t('prefs_change_added', { names: names(change.added) }) : '',
    change.removed.length ? t('prefs_change_removed', { names: names(change.removed) }) : '',
    change.changed.length ? t('prefs_change_changed', { names: names(change.changed) }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What the team's has otherwise than one's own. */
export function houseDiffers(part: HousePart): string {
  return part.changes
    .map((change) => {
      const words = changeText(change);
      return change.name === part.name ? words : `${settingName(change.name)}: ${words}`;
    })
    .join(' · ');
}

// What the trail says of an act, in words: its names and values as they were written down, years ago or today. A name that
// has no words is shown as it is.
import type { AuditLine } from './host/host';
import { serverDay } from './dates';
import { bytes, clock, percent } from './format';
import { i18n, t, type TextKey } from './state/i18n.svelte';
import { whyUnknown } from './write-text';

/** What kinds of files the trail knows. */
const EXPORTS = ['audit', 'batch', 'calibration', 'card', 'report', 'settings', 'sheet', 'worklist'];

/** Steps of handing a review to its agent. */
const STEPS = ['given', 'acknowledged', 'disputed', 'settled'];

/** What says itself what it is. */
const PLAIN = ['agent', 'card', 'name', 'reason'];

const NAMES: Record<string, TextKey> = {
  callerid: 'audit_detail_number',
  calls: 'audit_detail_calls',
  campaign: 'review_campaign',
  comment: 'review_dispose_comment',
  data: 'audit_detail_tag',
  drafts: 'audit_detail_drafts',
  folder: 'audit_detail_folder',
  from: 'audit_detail_from',
  l1: 'review_level1',
  l2: 'review_level2',
  l3: 'review_level3',
  notes: 'audit_detail_notes',
  path: 'audit_detail_file',
  phone: 'audit_detail_number',
  reviews: 'audit_detail_reviews',
  schedule: 'audit_detail_schedule',
  tag: 'audit_detail_tag',
  to: 'audit_detail_to',
  worklist: 'review_worklist',
};

function part([name, value]: [string, string]): string {
  const figure = Number(value);
  if (name === 'percent') return percent(figure, 0, i18n.locale);
  if (name === 'at') return t('audit_detail_at', { at: clock(figure) });
  if (name === 'day') return serverDay(value, i18n.locale, { year: true });
  if (name === 'bytes') return bytes(figure, i18n.locale);
  if (name === 'version') return t('review_version', { version: value });
  if (name === 'seed') return t('review_seed', { seed: value });
  if (name === 'shared') return t(value === 'true' ? 'review_note_shared' : 'review_note_private');
  if (name === 'retired') return t(value === 'true' ? 'audit_detail_retired' : 'audit_detail_in_use');
  if (name === 'wav') return value === 'true' ? 'WAV' : t('audit_detail_original');
  if (name === 'what' && EXPORTS.includes(value)) return t(`audit_export_${value}` as TextKey);
  if (name === 'calibration') return t('review_tab_calibration');
  if (name === 'step' && STEPS.includes(value)) return t(`begin_step_${value}` as TextKey);
  if (PLAIN.includes(name)) return value;
  const words = NAMES[name];
  return `${words ? t(words) : name}: ${value}`;
}

/** A path is long, and comes last. */
export function detailText(line: AuditLine): string {
  const last = ([name]: [string, string]) => (name === 'path' ? 1 : 0);
  return line.detail
    .toSorted((a, b) => last(a) - last(b))
    .map(part)
    .join(' · ');
}

/** Why it was not done, or why nobody knows: ours for a code, else the server's own words. */
export function whyText({ why, outcome }: AuditLine): string {
  if (why === null || !i18n.knows(why)) return why ?? '';
  const problem = { code: why, params: {}, retryable: false };
  return outcome === 'unknown' ? whyUnknown(problem) : i18n.problem(problem);
}

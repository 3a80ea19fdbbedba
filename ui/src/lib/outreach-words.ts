// What a person's file, its rows and what was sent from here are called. A name without words is shown as it is.
import type { CheckedRow, Encoding, FileTaken, Parted, ReasonCount, RowReason, SentLine } from './host/host';
import { whyUnknown } from './write-text';
import { i18n, t, type TextKey } from './state/i18n.svelte';

/** Why rows are left out, in the order in which they are looked at. */
export const REASONS = [
  'numberEmpty',
  'notANumber',
  'rounded',
  'reserved',
  'parameters',
  'lineBreak',
  'alternatives',
  'priority',
  'agentphone',
  'otherCampaign',
  'repeated',
  'blacklisted',
  'textEmpty',
  'textTooLong',
];
const HINTS = ['tidied', 'short', 'asNumber', 'severalParts'];
const OPERATIONS = [
  'AgentCall',
  'AgentCallwithData',
  'HangupPhone',
  'DialerTask',
  'RemoveContact',
  'RemoveScheduleDialerCall',
  'Respool',
  'ScheduleDialerCall',
  'uploadbase',
  'uploadbasewithtimezone',
  'SendSMS',
  'SendSMSv2',
  'addblack',
  'addblackbulk',
  'deleteblack',
  'deleteblackbulk',
  'addqueuemember',
];

export const reasonWord = (code: string): string =>
  REASONS.includes(code) ? t(`out_reason_${code}` as TextKey) : code;

/** Every reason in words, for a file of rows that are left out. */
export const reasonWords = (): Record<string, string> => ({
  title: t('out_reason_title'),
  ...Object.fromEntries(REASONS.map((code) => [code, reasonWord(code)])),
});

/** Why this row is left out; `day` writes the day of a moment. */
export function reasonText({ code, row, parts, sinceMs }: RowReason, day: (ms: number) => string): string {
  if (code === 'repeated' && row !== null) return t('out_reason_repeated_row', { row });
  if (code === 'textTooLong' && parts !== null) return t('out_reason_textTooLong_parts', { parts });
  if (code === 'blacklisted' && sinceMs !== null)
    return t('out_reason_blacklisted_since', { day: day(sinceMs) });
  return reasonWord(code);
}

export const hintText = ({ code, rows }: ReasonCount): string =>
  HINTS.includes(code) ? t(`out_hint_${code}` as TextKey, { count: rows }) : code;

/** What to know of a row that goes out. */
export const rowHint = ({ hints, written, phone }: CheckedRow): string =>
  hints.includes('tidied') && written !== phone ? t('out_hint_tidied_row', { written }) : '';

const ENCODINGS: Record<Encoding, string> = {
  utf8: 'UTF-8',
  utf8Mark: 'UTF-8 (BOM)',
  utf16Le: 'UTF-16 LE',
  utf16Be: 'UTF-16 BE',
  windows1252: 'Windows-1252',
};
const SIGNS: Record<Parted, string> = { semicolon: ';', comma: ',', tab: '', bar: '|' };

/** What was found of a file: its letters, what parts its cells, its rows, and how long it took. */
export function fileText({ encoding, parted, rows, tookMs, remembered }: FileTaken): string {
  const form = encoding ? ENCODINGS[encoding] : t('out_spreadsheet');
  const sign = parted && t('out_parted', { sign: SIGNS[parted] || t('out_tab') });
  const secs = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const read = tookMs
    ? t('out_read_in', { rows, secs: secs.format(Math.max(0.1, tookMs / 1000)) })
    : t('out_rows', { rows });
  return [form, sign, read, remembered ? t('out_remembered') : null].filter((one) => one).join(', ');
}

export const operationWord = (name: string): string =>
  OPERATIONS.includes(name) ? t(`out_op_${name}` as TextKey) : name;

/** Why it was not done, or why nobody knows: ours for a code, else the server's own words. */
export function whyOf({ why, outcome }: SentLine): string {
  if (why === null || !i18n.knows(why)) return why ?? '';
  const problem = { code: why, params: {}, retryable: false };
  return outcome === 'unknown' ? whyUnknown(problem) : i18n.problem(problem);
}

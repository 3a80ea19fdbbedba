// A search as it is typed, and as it is sent. Dates are the server's: they are checked and completed here, never
// moved to another zone.
import type { Call, Search } from '../host/host';
import { parseClock } from '../format';

export const EMPTY_SEARCH: Search = {
  from: '',
  to: '',
  agent: '',
  campaign: '',
  source: '',
  destination: '',
  tag: '',
  rating: '',
  minDurationSecs: null,
  exclude: '',
};

const two = (n: number) => String(n).padStart(2, '0');

/** `yyyy-MM-dd` some days before a moment. */
export function dayText(now: Date, back = 0): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export const PERIODS = ['today', 'yesterday', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export function period(which: Period, now: Date): Pick<Search, 'from' | 'to'> {
  const from = { today: 0, yesterday: 1, week: 6, month: now.getDate() - 1 }[which];
  const to = which === 'yesterday' ? 1 : 0;
  return { from: `${dayText(now, from)} 00:00:00`, to: `${dayText(now, to)} 23:59:59` };
}

/**
 * A moment as people type it (`2026-01-31`, `2026-01-31 9:30`, `31/01/2026 09:30:15`), as the server wants it; null when
 * it is none. What is left out of the time is the first or the last second it can mean.
 */
export function serverTime(text: string, end: boolean): string | null {
  const clean = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(clean);
  const local = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: +(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(clean);
  const found = iso ?? local;
  if (!found) return null;
  const [year, month, day] = iso ? [found[1], found[2], found[3]] : [found[3], found[2], found[1]];
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  const h = found[4] === undefined ? (end ? 23 : 0) : Number(found[4]);
  const mi = found[5] === undefined ? (end ? 59 : 0) : Number(found[5]);
  const s = found[6] === undefined ? (end ? 59 : 0) : Number(found[6]);
  const date = new Date(y, mo - 1, d);
  const real = date.getFullYear() === y && date.getMonth() === mo - 1 && date.getDate() === d;
  if (!real || h > 23 || mi > 59 || s > 59) return null;
  return `${y}-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}`;
}

export type WrongField = 'from' | 'to' | 'minDuration' | 'rating';
export type WrongWord = 'calls_bad_date' | 'calls_bad_to' | 'calls_bad_length' | 'calls_bad_rating';
export type Wrong = Partial<Record<WrongField, WrongWord>>;

/** What is typed as it can be sent, and what cannot. */
export function checked(typed: Search, minText: string): { search: Search; wrong: Wrong } {
  const wrong: Wrong = {};
  const from = serverTime(typed.from, false);
  const to = serverTime(typed.to, true);
  if (from === null) wrong.from = 'calls_bad_date';
  if (to === null) wrong.to = 'calls_bad_date';
  else if (from !== null && to < from) wrong.to = 'calls_bad_to';
  const minDurationSecs = minText.trim() === '' ? null : parseClock(minText);
  if (minDurationSecs === null && minText.trim() !== '') wrong.minDuration = 'calls_bad_length';
  if (!/^\s*-?\d*\s*$/.test(typed.rating)) wrong.rating = 'calls_bad_rating';
  const search = { ...typed, from: from ?? typed.from, to: to ?? typed.to, minDurationSecs };
  for (const key of ['agent', 'campaign', 'source', 'destination', 'tag', 'rating', 'exclude'] as const) {
    search[key] = search[key].trim();
  }
  return { search, wrong };
}

export type CallSort = 'time' | 'campaign' | 'agent' | 'number' | 'length';

/** The other party. */
export function numberOf(call: Call): string {
  return call.direction === 'outbound' ? call.destination : call.source;
}

const KEYS: Record<CallSort, (call: Call) => string | number> = {
  time: (call) => call.startedAt,
  campaign: (call) => call.campaign,
  agent: (call) => call.agent ?? '',
  number: numberOf,
  length: (call) => call.lengthSecs ?? -1,
};

export function order(sort: CallSort, down: boolean): (a: Call, b: Call) => number {
  const key = KEYS[sort];
  const turned = down ? -1 : 1;
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x !== y) return (x < y ? -1 : 1) * turned;
    if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
    return a.guid < b.guid ? -1 : a.guid > b.guid ? 1 : 0;
  };
}

/** Two sorted lists as one, in one pass. */
export function merge(a: Call[], b: Call[], by: (a: Call, b: Call) => number): Call[] {
  const out = new Array<Call>(a.length + b.length);
  let [i, j, k] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as Call, b[j] as Call];
    if (by(x, y) <= 0) {
      out[k++] = x;
      i += 1;
    } else {
      out[k++] = y;
      j += 1;
    }
  }
  while (i < a.length) out[k++] = a[i++] as Call;
  while (j < b.length) out[k++] = b[j++] as Call;
  return out;
}

// A search as it is typed, and as it is sent. Dates are the server's: they are checked and completed here, never
// moved to another zone.
import type { Call, Search } from '../host/host';
import { parseClock } from '../format';
import { daysOn } from '../dates';

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
  hours: '',
  timesSeen: null,
  period: '',
};

const two = (n: number) => String(n).padStart(2, '0');

export const PERIODS = ['today', 'yesterday', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** `today`: the server's, `yyyy-MM-dd`. */
export function period(which: Period, today: string): Pick<Search, 'from' | 'to'> {
  const from = { today: 0, yesterday: 1, week: 6, month: Number(today.slice(8, 10)) - 1 }[which];
  const to = which === 'yesterday' ? 1 : 0;
  return { from: `${daysOn(today, -from)} 00:00:00`, to: `${daysOn(today, -to)} 23:59:59` };
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

/** The dates a search means on the day it is asked. */
export function dated(search: Search, today: string): Search {
  const which = PERIODS.find((one) => one === search.period);
  return which ? { ...search, ...period(which, today) } : search;
}

/**
 * Hours of the day as people type them (`9-17:30`, `09:00 – 11`), as minutes; an end left out is null. Null when it is
 * none of that.
 */
export function hoursOf(text: string): [number | null, number | null] | null {
  const ends = text.trim().split(/\s*[-–]\s*/);
  if (ends.length !== 2 || ends.every((end) => end === '')) return null;
  const minutes = ends.map((end) => {
    if (end === '') return null;
    const found = /^(\d{1,2})(?::(\d{2}))?$/.exec(end);
    const [h, m] = [Number(found?.[1] ?? NaN), Number(found?.[2] ?? 0)];
    return h < 24 && m < 60 ? h * 60 + m : NaN;
  });
  if (minutes.some((minute) => Number.isNaN(minute))) return null;
  return [minutes[0] ?? null, minutes[1] ?? null];
}

const hour = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** The same as the field shows them. */
export const hoursText = (from: number | null, until: number | null): string =>
  from === null && until === null
    ? ''
    : `${from === null ? '' : hour(from)}-${until === null ? '' : hour(until)}`;

export type WrongField = 'from' | 'to' | 'minDuration' | 'rating' | 'hours' | 'timesSeen';
export type WrongWord =
  | 'search_bad_date'
  | 'search_bad_to'
  | 'search_bad_length'
  | 'search_bad_rating'
  | 'search_bad_hours'
  | 'search_bad_times';
export type Wrong = Partial<Record<WrongField, WrongWord>>;

/** What is typed as it can be sent, and what cannot. */
export function checked(typed: Search, minText: string, timesText = ''): { search: Search; wrong: Wrong } {
  const wrong: Wrong = {};
  const from = serverTime(typed.from, false);
  const to = serverTime(typed.to, true);
  if (from === null) wrong.from = 'search_bad_date';
  if (to === null) wrong.to = 'search_bad_date';
  else if (from !== null && to < from) wrong.to = 'search_bad_to';
  const minDurationSecs = minText.trim() === '' ? null : parseClock(minText);
  if (minDurationSecs === null && minText.trim() !== '') wrong.minDuration = 'search_bad_length';
  if (!/^\s*-?\d*\s*$/.test(typed.rating)) wrong.rating = 'search_bad_rating';
  const hours = typed.hours.trim() === '' ? [null, null] : hoursOf(typed.hours);
  if (hours === null) wrong.hours = 'search_bad_hours';
  const timesSeen = timesText.trim() === '' ? null : Number(timesText);
  if (timesSeen !== null && !(Number.isInteger(timesSeen) && timesSeen > 0 && timesSeen < 10_000))
    wrong.timesSeen = 'search_bad_times';
  // The server knows no open end.
  const whole =
    hours === null || typed.hours.trim() === '' ? typed.hours : hoursText(hours[0] ?? 0, hours[1] ?? 1439);
  const search = {
    ...typed,
    from: from ?? typed.from,
    to: to ?? typed.to,
    minDurationSecs,
    hours: whole,
    timesSeen: wrong.timesSeen ? null : timesSeen,
  };
  for (const key of ['agent', 'campaign', 'source', 'destination', 'tag', 'rating', 'exclude'] as const) {
    search[key] = search[key].trim();
  }
  return { search, wrong };
}

/** The other party. */
export function numberOf(call: Call): string {
  return call.direction === 'outbound' ? call.destination : call.source;
}

// Times of the past as the server's clock reads them: its zone is only known as a difference, so the arithmetic is done in
// coordinated universal time.
import { dayOfUtc } from './dates';
import type { Period } from './host/host';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** The server's clock before coordinated universal time, milliseconds; this computer's while the server's is not known. */
export function offsetMs(secs: number | null | undefined, now: number): number {
  return secs === null || secs === undefined
    ? -new Date(now).getTimezoneOffset() * MINUTE
    : Math.round(secs * 1000);
}

/** The beginning of the server's day of a moment. */
export function dayStart(ms: number, offset: number): number {
  return Math.floor((ms + offset) / DAY) * DAY - offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale} ${key}`;
  let made = formats.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    formats.set(name, made);
  }
  return made;
}

/** The time of day. */
export function timeText(ms: number, offset: number, locale: string, seconds = true): string {
  return format(`time ${seconds}`, locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: seconds ? '2-digit' : undefined,
    hourCycle: 'h23',
  }).format(ms + offset);
}

/** The day, with its weekday. */
export function dayText(ms: number, offset: number, locale: string): string {
  return dayOfUtc(ms + offset, locale, { weekday: true });
}

/** As it is typed in a field: the day in the order of the language, in English as in every file. */
export function fieldText(ms: number, offset: number, locale = 'en'): string {
  const [day = '', time = ''] = new Date(ms + offset).toISOString().slice(0, 16).split('T');
  const [year, month, date] = day.split('-');
  return `${locale.startsWith('en') ? day : `${date}/${month}/${year}`} ${time}`;
}

/** What was typed, in either order; null when it is no moment. */
export function fromField(text: string, offset: number): number | null {
  const written = text.trim().replace(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=\D)/, (_, day, month, year) => {
    const two = (digits: string) => digits.padStart(2, '0');
    return `${String(year)}-${two(String(month))}-${two(String(day))}`;
  });
  const parts = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(written);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  // The thirty-first of February is no day, and becomes none in March.
  const same = new Date(ms).getUTCDate() === day && (hour ?? 0) < 24 && (minute ?? 0) < 60;
  return same ? ms - offset : null;
}

/** The days that anything is known of, the latest first, each by its beginning. */
export function daysOf(runs: readonly Period[], offset: number): number[] {
  const days = new Set<number>();
  for (const run of runs) {
    for (let day = dayStart(run.fromMs, offset); day <= run.untilMs; day += DAY) days.add(day);
  }
  return [...days].sort((a, b) => b - a);
}

/** What of a stretch of time nobody watched, in order. */
export function gapsOf(runs: readonly Period[], period: Period): Period[] {
  const gaps: Period[] = [];
  let at = period.fromMs;
  for (const run of runs) {
    if (run.untilMs <= at || run.fromMs >= period.untilMs) continue;
    if (run.fromMs > at) gaps.push({ fromMs: at, untilMs: run.fromMs });
    at = Math.max(at, run.untilMs);
  }
  if (at < period.untilMs) gaps.push({ fromMs: at, untilMs: period.untilMs });
  return gaps;
}

// Days and moments as a person reads them: one style in every room, in the language of the window. What is typed, and what
// files are named by, is written with figures and is not this.
import { timeOfDay } from './format';

const formats = new Map<string, Intl.DateTimeFormat>();

/** A part of a date as a word, in coordinated universal time and without the dot some languages put behind it. */
function word(ms: number, locale: string, part: 'month' | 'weekday'): string {
  const key = `${locale} ${part}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { [part]: 'short', timeZone: 'UTC' });
    formats.set(key, format);
  }
  return format.format(ms).replace('.', '');
}

export interface Also {
  weekday?: boolean;
  year?: boolean;
}

/** `28 nov`, with its weekday before it or its year behind it; milliseconds as if it were coordinated universal time. */
export function dayOfUtc(ms: number, locale: string, { weekday = false, year = false }: Also = {}): string {
  const date = new Date(ms);
  const day = `${String(date.getUTCDate()).padStart(2, '0')} ${word(ms, locale, 'month')}`;
  return `${weekday ? `${word(ms, locale, 'weekday')} ` : ''}${day}${year ? ` ${date.getUTCFullYear()}` : ''}`;
}

/** A day of the week, 0 Monday to 6 Sunday. */
export const weekdayName = (day: number, locale: string): string =>
  word(Date.UTC(2024, 0, 1 + day), locale, 'weekday');

/** The day of a server's moment (`yyyy-MM-dd …`): read as coordinated universal time, so that no zone moves it. */
export function serverDay(moment: string, locale: string, also: Also = {}): string {
  const ms = Date.parse(`${moment.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(ms) ? moment.slice(0, 10) : dayOfUtc(ms, locale, also);
}

/**
 * A server's moment as a field shows it: the day in the order of the language, in English as in every file; without its
 * seconds where they are what leaving them out means, the first of a minute at a beginning and the last at an `end`. What is
 * no whole moment is somebody's typing, and stays as it is.
 */
export function typedMoment(moment: string, locale: string, end: boolean): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}:\d{2}):(\d{2})$/.exec(moment);
  if (!parts) return moment;
  const [year = '', month = '', day = '', time = '', seconds = ''] = parts.slice(1);
  const date = locale.startsWith('en') ? `${year}-${month}-${day}` : `${day}/${month}/${year}`;
  return `${date} ${time}${seconds === (end ? '59' : '00') ? '' : `:${seconds}`}`;
}

/** A server's moment to the minute: `28 nov 10:15`. */
export const serverMoment = (moment: string, locale: string, also: Also = {}): string =>
  `${serverDay(moment, locale, also)} ${moment.slice(11, 16)}`.trim();

/** A day so many days on, or back: `yyyy-MM-dd`. Of a longer text, its first ten letters are the day. */
export const daysOn = (day: string, days: number): string =>
  new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The first day of the month of a day, so many months back. */
export const monthStart = (day: string, back = 0): string =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 - back, 1))
    .toISOString()
    .slice(0, 10);

/** A moment by this computer's clock: of what was saved here, and nothing else. */
export const ownMoment = (ms: number, locale: string, seconds = false, also: Also = {}): string =>
  `${dayOfUtc(ms - new Date(ms).getTimezoneOffset() * 60_000, locale, also)} ${timeOfDay(ms, locale, seconds)}`;

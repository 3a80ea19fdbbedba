// Figures as people read them. Unknown is a dash, never a zero.

export const DASH = '–';

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clock(secs: number | null | undefined): string {
  if (secs === null || secs === undefined || !Number.isFinite(secs)) return DASH;
  const whole = Math.max(0, Math.floor(secs));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Until here every second of something that lasts is told. */
const BY_THE_SECOND = 600;

/** How long something lasts by now, in seconds: by the second for ten minutes, and wherever the second `matters`; then by the
 *  minute. A figure that changes every second is drawn every second. */
export function lasting(secs: number | null | undefined, matters = false): string {
  if (matters || secs === null || secs === undefined || !(secs >= BY_THE_SECOND)) return clock(secs);
  const minutes = Math.floor(secs / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** Seconds since a moment, in milliseconds of this computer's clock. */
export function since(ms: number | null | undefined, now: number): number | null {
  return ms === null || ms === undefined ? null : Math.max(0, (now - ms) / 1000);
}

const numbers = new Map<string, Intl.NumberFormat>();

/** Making a format costs more than using it a hundred times, and a floor uses hundreds a second. */
function number(locale: string, digits?: number): Intl.NumberFormat {
  const key = `${locale} ${digits ?? ''}`;
  let format = numbers.get(key);
  if (!format) {
    const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    // What is nothing, or rounds to it, from below too, is "0" and never "-0".
    format = new Intl.NumberFormat(locale, {
      signDisplay: 'negative',
      ...(digits === undefined ? {} : exactly),
    });
    numbers.set(key, format);
  }
  return format;
}

const times = new Map<string, Intl.DateTimeFormat>();

/** A moment as this computer's time of day, with or without seconds. */
export function timeOfDay(ms: number, locale: string, seconds = true): string {
  const key = `${locale} ${seconds}`;
  let format = times.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      second: seconds ? '2-digit' : undefined,
      // Not `hour12`, which makes midnight 24:00.
      hourCycle: 'h23',
    });
    times.set(key, format);
  }
  return format.format(ms);
}

export function count(value: number | null | undefined, locale = 'en'): string {
  return value === null || value === undefined ? DASH : number(locale).format(value);
}

export function percent(value: number | null | undefined, digits = 0, locale = 'en'): string {
  if (value === null || value === undefined) return DASH;
  return `${number(locale, digits).format(value)} %`;
}

/** `m:ss`, `h:mm:ss` or plain seconds, as typed; null when it is neither. */
export function parseClock(text: string): number | null {
  const parts = text.trim().split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d+$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function bytes(value: number, locale = 'en'): string {
  return value < 1e6
    ? `${number(locale, 0).format(value / 1e3)} kB`
    : `${number(locale, value < 1e8 ? 1 : 0).format(value / 1e6)} MB`;
}

/** A figure as it is read when so many digits after the point are shown: what is judged is what one sees. */
export function asShown(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** A name without its direction suffix. */
export function label(name: string): string {
  return name.replace(/(->|<-)$/, '');
}

/** Case and accents do not matter when looking for something. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

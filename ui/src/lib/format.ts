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

/** Seconds since a moment, in milliseconds of this computer's clock. */
export function since(ms: number | null | undefined, now: number): number | null {
  return ms === null || ms === undefined ? null : Math.max(0, (now - ms) / 1000);
}

export function count(value: number | null | undefined, locale = 'en'): string {
  return value === null || value === undefined ? DASH : value.toLocaleString(locale);
}

export function percent(value: number | null | undefined, digits = 0, locale = 'en'): string {
  if (value === null || value === undefined) return DASH;
  const text = value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text} %`;
}

/** `m:ss`, `h:mm:ss` or plain seconds, as typed; null when it is neither. */
export function parseClock(text: string): number | null {
  const parts = text.trim().split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d+$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function bytes(value: number): string {
  return value < 1e6 ? `${Math.round(value / 1e3)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** A name without its direction suffix. */
export function label(name: string): string {
  return name.replace(/(->|<-)$/, '');
}

/** Case and accents do not matter when looking for something. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

// Moments and days by the server's clock, which is the one a shift is lived by, wherever this computer stands. That clock is
// known as a difference only: a day of another season is told by today's.
import { dayOfUtc, type Also } from '../dates';
import { DAY, dayStart, MINUTE, timeText } from '../past-time';
import { i18n } from './i18n.svelte';

const QUARTER = 15 * MINUTE;
const two = (n: number) => String(n).padStart(2, '0');

export class ServerTime {
  constructor(
    /** The server's clock before coordinated universal time, milliseconds. */
    readonly offset: () => number,
  ) {}

  /** `10:15:07`, or to the minute. */
  time = (ms: number, seconds = true): string => timeText(ms, this.offset(), i18n.locale, seconds);

  /** `28 nov` */
  day = (ms: number, also: Also = {}): string => dayOfUtc(ms + this.offset(), i18n.locale, also);

  /** `28 nov 10:15` */
  moment = (ms: number, seconds = false, also: Also = {}): string =>
    `${this.day(ms, also)} ${this.time(ms, seconds)}`;

  /** The time alone where it is of today, else with its day. */
  lately = (ms: number, now: number): string =>
    dayStart(ms, this.offset()) === dayStart(now, this.offset())
      ? this.time(ms)
      : `${this.day(ms, { weekday: true })} ${this.time(ms)}`;

  /** The day it is there: `yyyy-MM-dd`. */
  today = (): string => this.#iso(Date.now()).slice(0, 10);

  /** A whole day, `yyyy-MM-dd`, from its first millisecond up to the next one's; null when it is none. */
  wholeDay(day: string): { fromMs: number; untilMs: number } | null {
    const fromMs = Date.parse(`${day}T00:00:00Z`) - this.offset();
    return Number.isNaN(fromMs) ? null : { fromMs, untilMs: fromMs + DAY };
  }

  /** For whoever reads it elsewhere: `yyyy-MM-ddTHH:mm:ss±HH:mm`. What its clock is wrong by is no zone, and not in it. */
  stamp(ms: number): string {
    const minutes = (Math.round(this.offset() / QUARTER) * QUARTER) / MINUTE;
    const east = Math.abs(minutes);
    return `${this.#iso(ms).slice(0, 19)}${minutes < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`;
  }

  #iso = (ms: number): string => new Date(ms + this.offset()).toISOString();
}

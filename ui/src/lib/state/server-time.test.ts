// The window stands in Madrid, the server in Montevideo, and its clock is two seconds ahead.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HOUR } from '../past-time';
import { i18n } from './i18n.svelte';
import { ServerTime } from './server-time';

const server = new ServerTime(() => -3 * HOUR + 2000);
/** Three in the morning here, ten in the evening of the day before there. */
const NIGHT = Date.parse('2026-02-01T01:00:00Z');

beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Madrid');
  vi.useFakeTimers({ now: NIGHT });
  i18n.locale = 'es';
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  i18n.locale = 'en';
});

it('reads a moment, a day and a month where the server is', () => {
  expect(new Date(NIGHT).getDate()).toBe(1);
  expect([server.time(NIGHT), server.time(NIGHT, false)]).toEqual(['22:00:02', '22:00']);
  expect(server.moment(NIGHT, true, { year: true })).toBe('31 ene 2026 22:00:02');
  expect(server.today()).toBe('2026-01-31');
});

it('says the day of what is not of today there', () => {
  expect(server.lately(NIGHT - HOUR, NIGHT)).toBe('21:00:02');
  expect(server.lately(NIGHT - 23 * HOUR, NIGHT)).toBe('vie 30 ene 23:00:02');
});

it('finds the beginning and the end of a day there', () => {
  expect(server.wholeDay('2026-01-31')).toEqual({
    fromMs: Date.parse('2026-01-31T02:59:58Z'),
    untilMs: Date.parse('2026-02-01T02:59:58Z'),
  });
  expect(server.wholeDay('')).toBeNull();
});

it('writes the zone without what the clock is wrong by, also one of half an hour', () => {
  expect(server.stamp(NIGHT)).toBe('2026-01-31T22:00:02-03:00');
  expect(new ServerTime(() => 5.5 * HOUR - 1000).stamp(NIGHT)).toBe('2026-02-01T06:29:59+05:30');
});

import { expect, it } from 'vitest';
import { dayOfUtc, ownMoment, serverDay, serverMoment } from './dates';
import { dayText } from './past-time';

const NOON = Date.UTC(2026, 10, 28, 12);

it.each([
  ['es', '28 nov', 'sáb 28 nov'],
  ['pt-BR', '28 nov', 'sáb 28 nov'],
  ['en', '28 Nov', 'Sat 28 Nov'],
])('writes a day in one style in %s, wherever it comes from', (locale, day, withWeekday) => {
  expect(dayOfUtc(NOON, locale)).toBe(day);
  expect(serverDay('2026-11-28 09:00:00', locale)).toBe(day);
  expect(dayText(NOON, 0, locale)).toBe(withWeekday);
  expect(ownMoment(NOON, locale).startsWith(day)).toBe(true);
});

it('writes a moment with its hour, and a year where it may be another one', () => {
  expect(serverMoment('2026-11-28 09:05:59', 'es')).toBe('28 nov 09:05');
  expect(serverMoment('2025-01-03 09:05:59', 'es', { year: true })).toBe('03 ene 2025 09:05');
  expect(serverMoment('2025-01-03', 'es')).toBe('03 ene');
});

it('leaves what is no date as it is', () => {
  expect(serverDay('soon', 'es')).toBe('soon');
});

import { expect, it } from 'vitest';
import { dayOfUtc, ownMoment, serverDay, serverMoment, typedMoment } from './dates';
import { dayText } from './past-time';
import { serverTime } from './state/calls-search';

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

it('shows a moment in a field as the language writes it, and leaves what is being typed alone', () => {
  const both = (moment: string, end: boolean) =>
    ['es', 'pt-BR', 'en'].map((one) => typedMoment(moment, one, end));
  expect(both('2026-11-29 10:00:00', false)).toEqual([
    '29/11/2026 10:00',
    '29/11/2026 10:00',
    '2026-11-29 10:00',
  ]);
  expect(both('2026-11-29 23:59:59', true)[0]).toBe('29/11/2026 23:59');
  // A second that is not the one left out stays: what is shown means what was asked.
  expect(both('2026-11-29 10:00:00', true)[0]).toBe('29/11/2026 10:00:00');
  expect(typedMoment('2026-11-29 10:0', 'es', false)).toBe('2026-11-29 10:0');
  for (const end of [false, true]) {
    for (const moment of ['2026-11-29 10:00:00', '2026-11-29 23:59:59', '2026-02-01 09:30:15']) {
      for (const locale of ['es', 'en'])
        expect(serverTime(typedMoment(moment, locale, end), end)).toBe(moment);
    }
  }
});

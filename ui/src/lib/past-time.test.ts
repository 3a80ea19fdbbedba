import { describe, expect, it } from 'vitest';
import { dayStart, daysOf, fieldText, fromField, gapsOf, timeText } from './past-time';

const HOUR = 3_600_000;
const at = Date.UTC(2026, 0, 31, 1, 30);

describe('times as the server reads them', () => {
  it('has days of its own', () => {
    expect(timeText(at, -3 * HOUR, 'es')).toBe('22:30:00');
    expect(new Date(dayStart(at, -3 * HOUR)).toISOString()).toBe('2026-01-30T03:00:00.000Z');
    expect(timeText(Date.UTC(2026, 0, 31, 3), -3 * HOUR, 'en', false)).toBe('00:00');
  });

  it.each([
    ['2026-01-30 22:30', at],
    ['2026-01-30 22:30:05', at + 5000],
    ['2026-01-30', null],
    ['2026-02-31 10:00', null],
    ['2026-01-30 25:00', null],
    ['yesterday', null],
  ])('reads %s', (typed, moment) => {
    expect(fromField(typed, -3 * HOUR)).toBe(moment);
    if (moment !== null) expect(fieldText(moment, -3 * HOUR)).toBe(typed.slice(0, 16));
  });

  it('writes a day in the order of the language, and reads either', () => {
    const typed = fieldText(at, -3 * HOUR, 'es');
    expect([typed, fieldText(at, -3 * HOUR, 'pt-BR'), fieldText(at, -3 * HOUR, 'en')]).toEqual([
      '30/01/2026 22:30',
      '30/01/2026 22:30',
      '2026-01-30 22:30',
    ]);
    for (const same of [typed, '30-1-2026 22:30', '30.01.2026 22:30:00']) {
      expect(fromField(same, -3 * HOUR)).toBe(at);
    }
    expect(fromField('31/02/2026 10:00', 0)).toBeNull();
  });

  it('knows what nobody watched', () => {
    const runs = [
      { fromMs: 10, untilMs: 20 },
      { fromMs: 30, untilMs: 40 },
    ];
    const gaps = (fromMs: number, untilMs: number) => gapsOf(runs, { fromMs, untilMs });
    expect(gaps(0, 50)).toEqual([
      { fromMs: 0, untilMs: 10 },
      { fromMs: 20, untilMs: 30 },
      { fromMs: 40, untilMs: 50 },
    ]);
    expect(gaps(12, 18)).toEqual([]);
    expect(gaps(41, 50)).toEqual([{ fromMs: 41, untilMs: 50 }]);
    expect(daysOf([{ fromMs: at, untilMs: at + 30 * HOUR }], -3 * HOUR)).toHaveLength(3);
  });
});

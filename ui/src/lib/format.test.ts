import { describe, expect, it } from 'vitest';
import { bytes, clock, count, fold, label, parseClock, percent, since, timeOfDay, lasting } from './format';

describe('figures', () => {
  it.each([
    [null, '–'],
    [0, '0:00'],
    [59.9, '0:59'],
    [134, '2:14'],
    [3600, '1:00:00'],
    [112_212, '31:10:12'],
    [-4, '0:00'],
  ])('%s seconds read %s', (secs, text) => expect(clock(secs)).toBe(text));

  it('unknown is not zero', () => {
    expect(count(null)).toBe('–');
    expect(count(0)).toBe('0');
    expect([count(-0), percent(-0.2, 0), percent(-0, 1)]).toEqual(['0', '0 %', '0.0 %']);
    expect(percent(null)).toBe('–');
    expect(percent(61.25, 1)).toBe('61.3 %');
    expect(since(null, 5)).toBeNull();
    expect(since(9_000, 5_000)).toBe(0);
  });

  it.each([
    ['1:30', 90],
    ['90', 90],
    ['1:00:00', 3600],
    ['', null],
    ['a', null],
    ['1:2:3:4', null],
  ])('"%s" is %s seconds', (text, secs) => expect(parseClock(text)).toBe(secs));

  it('names lose their suffix and accents do not matter', () => {
    expect(label('Ventas->')).toBe('Ventas');
    expect(label('Ventas<-')).toBe('Ventas');
    expect(fold('Retención')).toBe('retencion');
  });

  it('writes sizes as the language does', () => {
    expect([bytes(5_700_000, 'es'), bytes(5_700_000, 'en'), bytes(1499), bytes(1e9, 'en')]).toEqual([
      '5,7 MB',
      '5.7 MB',
      '1 kB',
      '1,000 MB',
    ]);
  });

  it.each(['en', 'es', 'pt-BR'])('begins the day at nought in %s', (locale) => {
    const midnight = new Date(2026, 0, 31, 0, 5).getTime();
    expect([timeOfDay(midnight, locale, false), timeOfDay(midnight, locale)]).toEqual(['00:05', '00:05:00']);
  });
});

it.each([
  [null, false, '–'],
  [599, false, '9:59'],
  [600, false, '10 min'],
  [3599, false, '59 min'],
  [3660, false, '1 h 01'],
  [1790, true, '29:50'],
])('%s seconds that go on, mattering %s, read %s', (secs, matters, text) =>
  expect(lasting(secs, matters)).toBe(text),
);

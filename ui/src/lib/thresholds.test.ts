import { describe, expect, it } from 'vitest';
import { agent, campaign, thresholds as t } from './testing';
import { abandoned, inState, longestWait, serviceLevel, waiting } from './thresholds';

describe('what needs a hand', () => {
  it('no calls is no colour', () => {
    expect(serviceLevel(null, t)).toBe('');
    expect(serviceLevel(0, t)).toBe('bad');
    expect(serviceLevel(79.4, t)).toBe('warn');
    expect(serviceLevel(80, t)).toBe('ok');
  });

  it('judges a figure as it is read', () => {
    // Each is written "80 %", "70 %", "5.0 %" and "8.0 %".
    expect([serviceLevel(79.6, t), serviceLevel(69.5, t)]).toEqual(['ok', 'warn']);
    const of = (rate: number) => abandoned(campaign({ abandonRate: rate }), t);
    expect([of(5.04), of(5.05), of(8.04), of(8.06)]).toEqual(['', 'warn', 'warn', 'bad']);
  });

  it('outbound campaigns have none', () => {
    expect(abandoned(campaign({ abandonRate: 45, direction: 'outbound' }), t)).toBe('');
    expect(abandoned(campaign({ abandonRate: 8.1 }), t)).toBe('bad');
    expect(abandoned(campaign({ abandonRate: 5 }), t)).toBe('');
    expect(waiting(campaign({ waiting: 9, direction: 'outbound' }), t)).toBe('');
  });

  it.each([
    [0, 0, ''],
    [2, 5, ''],
    [2, 0, 'warn'],
    [3, 9, 'warn'],
    [6, 9, 'bad'],
  ])('%s waiting with %s available is "%s"', (callers, available, level) =>
    expect(waiting(campaign({ waiting: callers, available }), t)).toBe(level),
  );

  it('a wait is judged by the campaign and never above the bound', () => {
    const of = (secs: number, threshold: number) =>
      longestWait(secs, campaign({ serviceLevelThresholdSecs: threshold }), t);
    expect([of(19, 20), of(20, 20), of(60, 20), of(120, 100), of(99, 100)]).toEqual([
      '',
      'warn',
      'bad',
      'bad',
      '',
    ]);
  });

  it('time in a state is judged by the state', () => {
    expect(inState(agent({ state: 'paused' }), 601, null, t)).toBe('warn');
    expect(inState(agent({ state: 'paused' }), 1200, null, t)).toBe('bad');
    expect(inState(agent({ state: 'available' }), 99_999, null, t)).toBe('');
    expect(inState(agent({ state: 'wrapUp' }), 41, 20, t)).toBe('bad');
    expect(inState(agent({ state: 'wrapUp' }), 41, null, t)).toBe('');
  });

  it('a pause is judged by the limits of its reason, at once and in the day', () => {
    const limits = [
      { reason: 'Baño', onceMins: 5, totalMins: 15 },
      { reason: 'Reunión', onceMins: null, totalMins: null },
    ];
    const of = (pauseReason: string | null, secs: number, pauseBeforeSecs: number | null) =>
      inState(agent({ state: 'paused', pauseReason, pauseBeforeSecs }), secs, null, t, limits);
    expect(of('baño', 60, 0)).toBe('');
    expect(of('Baño', 240, 0)).toBe('warn');
    expect(of('Baño', 301, 0)).toBe('bad');
    expect(of('Baño', 60, 840)).toBe('warn');
    expect(of('Baño', 61, 840)).toBe('bad');
    expect(of('Baño', 61, null)).toBe('');
    expect([of('Reunión', 601, 0), of(null, 601, 0)]).toEqual(['warn', 'warn']);
  });
});

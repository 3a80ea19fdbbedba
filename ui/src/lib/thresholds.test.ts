import { describe, expect, it } from 'vitest';
import type { Rule } from './host/host';
import { agent, campaign, limits, usualRules } from './testing';

const usual = limits();

/** The usual rules with one more. */
const withRule = (measure: Rule['measure'], parts: Partial<Rule>): Rule[] => {
  const like = usualRules.find((rule) => rule.measure === measure);
  return [...usualRules, { ...like, id: 'own', ...parts } as Rule];
};

describe('what needs a hand', () => {
  it('no calls is no colour', () => {
    expect(usual.serviceLevel(null)).toBe('');
    expect(usual.serviceLevel(0)).toBe('bad');
    expect(usual.serviceLevel(79.4)).toBe('warn');
    expect(usual.serviceLevel(80)).toBe('ok');
  });

  it('judges a figure as it is read', () => {
    // Each is written "80 %", "70 %", "5.0 %" and "8.0 %".
    expect([usual.serviceLevel(79.6), usual.serviceLevel(69.5)]).toEqual(['ok', 'warn']);
    const of = (rate: number) => usual.abandoned(campaign({ abandonRate: rate }));
    expect([of(5.04), of(5.05), of(8.04), of(8.06)]).toEqual(['', 'warn', 'warn', 'bad']);
  });

  it('outbound campaigns have none', () => {
    expect(usual.abandoned(campaign({ abandonRate: 45, direction: 'outbound' }))).toBe('');
    expect(usual.abandoned(campaign({ abandonRate: 8.1 }))).toBe('bad');
    expect(usual.abandoned(campaign({ abandonRate: 5 }))).toBe('');
    expect(usual.waiting(campaign({ waiting: 9, direction: 'outbound' }))).toBe('');
  });

  it.each([
    [0, 0, ''],
    [2, 5, ''],
    [2, 1, ''],
    [2, 0, 'warn'],
    [4, 0, 'bad'],
    [3, 9, 'warn'],
    [6, 9, 'bad'],
    [null, 0, ''],
  ])('%s waiting with %s available is "%s"', (callers, available, level) =>
    expect(usual.waiting(campaign({ waiting: callers, available }))).toBe(level),
  );

  it('a wait is judged by the campaign and never above the bound', () => {
    const of = (secs: number, threshold: number | null) =>
      usual.longestWait(secs, campaign({ serviceLevelThresholdSecs: threshold }));
    expect([of(19, 20), of(20, 20), of(60, 20), of(120, 100), of(99, 100), of(61, null)]).toEqual([
      '',
      'warn',
      'bad',
      'bad',
      '',
      'bad',
    ]);
    expect([usual.longestOfAll(119), usual.longestOfAll(120), usual.longestOfAll(null)]).toEqual([
      '',
      'bad',
      '',
    ]);
  });

  it('time in a state is judged by the state', () => {
    expect(usual.inState(agent({ state: 'paused' }), 601, null)).toBe('warn');
    expect(usual.inState(agent({ state: 'paused' }), 1200, null)).toBe('bad');
    expect(usual.inState(agent({ state: 'available' }), 99_999, null)).toBe('');
    expect(usual.inState(agent({ state: 'wrapUp' }), 41, 20)).toBe('bad');
    expect(usual.inState(agent({ state: 'wrapUp' }), 41, null)).toBe('');
    expect(usual.inState(agent({ state: 'onHold' }), 121, null)).toBe('warn');
    expect(usual.inState(agent({ state: 'busy' }), null, null)).toBe('');
  });

  it('a pause is judged by the limits of its reason, at once and in the day', () => {
    const own = limits([
      { reason: 'Baño', onceMins: 5, totalMins: 15 },
      { reason: 'Reunión', onceMins: null, totalMins: null },
    ]);
    const of = (pauseReason: string | null, secs: number, pauseBeforeSecs: number | null) =>
      own.inState(agent({ state: 'paused', pauseReason, pauseBeforeSecs }), secs, null);
    expect(of('baño', 60, 0)).toBe('');
    expect(of('Baño', 240, 0)).toBe('warn');
    expect(of('Baño', 300, 0)).toBe('bad');
    expect(of('Baño', 59, 840)).toBe('warn');
    expect(of('Baño', 60, 840)).toBe('bad');
    expect(of('Baño', 61, null)).toBe('');
    expect([of('Reunión', 601, 0), of(null, 601, 0)]).toEqual(['warn', 'warn']);
  });
});

describe('an exception', () => {
  const [ventas, soporte] = [
    campaign({ name: 'Ventas', waiting: 7, available: 5 }),
    campaign({ waiting: 7 }),
  ];

  it('of a campaign is in place of the rule for all', () => {
    const own = limits([], withRule('waiting', { campaign: 'Ventas', warn: 10, bad: 20 }));
    expect([own.waiting(ventas), own.waiting(soporte)]).toEqual(['', 'bad']);
  });

  it('of a team is about its people and where they work', () => {
    const teams = [{ id: 't', name: 'Mañana', members: ['ana'] }];
    const people = [agent({ name: 'ana', campaigns: ['Ventas'] }), agent({ name: 'bruno' })];
    const own = limits([], withRule('waiting', { team: 't', warn: 10, bad: 20 }), teams, people);
    expect([own.waiting(ventas), own.waiting(soporte)]).toEqual(['', 'bad']);
    const calls = limits([], withRule('inCall', { team: 't', warn: 10, bad: 20 }), teams);
    const [ana, bruno] = ['ana', 'bruno'].map((name) => agent({ name, state: 'busy' }));
    expect([ana, bruno].map((one) => one && calls.inState(one, 30, null))).toEqual(['bad', '']);
  });

  it('of a reason stands above the limit of that reason', () => {
    const own = limits(
      [{ reason: 'Baño', onceMins: 5, totalMins: null }],
      withRule('inPause', { reason: 'baño', warn: 30, bad: 60 }),
    );
    expect(own.inState(agent({ state: 'paused', pauseReason: 'Baño' }), 61, null)).toBe('bad');
    expect(own.inState(agent({ state: 'paused', pauseReason: 'Otro' }), 61, null)).toBe('');
  });

  it('moves the target of its campaign, of the last minutes apart from the day', () => {
    const own = limits([], withRule('serviceLevel', { campaign: 'Ventas', warn: 90, bad: 60 }));
    expect(own.target('answered', ventas)).toBe(90);
    expect(own.target('last30', ventas)).toBe(80);
    expect(own.serviceLevel(85, 'answered', ventas)).toBe('warn');
    expect(own.serviceLevel(85, 'last15', ventas)).toBe('ok');
  });
});

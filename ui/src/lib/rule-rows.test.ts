import { describe, expect, it } from 'vitest';
import { HEARERS, hearerOf, hearing, same, shownUnit, typed, UNITS } from './rule-rows';
import { usualRules } from './testing';
import type { Measure, Rule } from './host/host';

const rule = (measure: Measure, parts: Partial<Rule> = {}): Rule => ({
  ...(usualRules.find((one) => one.measure === measure) as Rule),
  ...parts,
});

describe('a row', () => {
  it('is typed in the unit it is thought in, and comes back as it was', () => {
    for (const one of usualRules) {
      for (const side of ['warn', 'bad', 'clear', 'atMost'] as const) {
        const shown = shownUnit(one, side);
        expect(typed(one, side, String(shown), Number(shown))).toBe(one[side]);
      }
    }
    expect(shownUnit(rule('inPause'), 'bad')).toBe(20);
    expect(shownUnit(rule('inPause', { warn: 100 }), 'warn')).toBe(1.667);
    expect([typed(rule('waiting'), 'bad', '', NaN), typed(rule('waiting'), 'bad', 'x', NaN)]).toEqual([
      null,
      undefined,
    ]);
    expect(typed(rule('waiting'), 'bad', '-1', -1)).toBeUndefined();
    expect(Object.keys(UNITS)).toHaveLength(usualRules.length);
  });

  it('says who hears, and from which level', () => {
    for (const one of HEARERS) expect(hearerOf({ ...rule('waiting'), ...hearing(one) })).toBe(one);
    const unheard = { ...rule('waiting'), ...hearing('nobody') };
    expect([unheard.hears, unheard.from]).toEqual(['nobody', 'bad']);
  });

  it('is as it came until something counts', () => {
    const came = rule('serviceLevel');
    expect(same({ ...came, from: 'bad', id: 'x' }, came)).toBe(true);
    for (const part of [{ warn: 81 }, { holdSecs: 1 }, { hears: 'sound' as const }, { clear: 5 }])
      expect(same({ ...came, ...part }, came)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { LEVELS, levelKind, levelOf, totalLevel } from './levels';
import { campaign } from './testing';

const window = (minutes: number, answered: number, serviceLevel: number | null) => ({
  minutes,
  coveredMinutes: 12,
  answered,
  abandoned: 1,
  abandonRate: 5,
  serviceLevel,
  plusMinus: serviceLevel === null ? null : 0.8,
});

const soporte = campaign({
  answered: 80,
  abandoned: 20,
  serviceLevel: 75,
  serviceLevel2: 70,
  serviceLevelOffered: 60,
  serviceLevelPatient: 66.7,
  rolling: [window(15, 10, 100), window(30, 0, null), window(60, 30, 90)],
});

describe('service levels', () => {
  it('come in seven forms, each with what it is a percentage of', () => {
    const shown = LEVELS.map((kind) => {
      const { value, calls } = levelOf(soporte, kind);
      return [value, calls];
    });
    expect(shown).toEqual([
      [75, 80],
      [70, 100],
      [60, 100],
      [66.7, 100],
      [100, 10],
      [null, 0],
      [90, 30],
    ]);
    expect(levelOf(soporte, 'last60')).toMatchObject({ plusMinus: 0.8, covered: 12 });
    expect(levelOf(campaign({ rolling: [] }), 'last15')).toMatchObject({ value: null, calls: 0 });
  });

  it('add up by calls, without outbound campaigns and without those that have none', () => {
    const small = campaign({ answered: 20, serviceLevel: 25, rolling: [] });
    const out = campaign({ direction: 'outbound', answered: 900, serviceLevel: 1 });
    expect(totalLevel([soporte, small, out], 'answered')).toBe(65);
    expect(totalLevel([soporte, small], 'last15')).toBe(100);
    expect(totalLevel([small], 'last15')).toBeNull();
  });

  it('are read as they were kept', () => {
    expect([levelKind('last30'), levelKind('something'), levelKind(undefined)]).toEqual([
      'last30',
      'answered',
      'answered',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { call } from '../testing';
import { numbersOf } from './many.svelte';

const at = (source: string, startedAt: string, answeredLater: string | null = null) => ({
  call: call({ source, startedAt, direction: 'inbound' }),
  answeredLater,
});

describe('the numbers of calls chosen', () => {
  it('are each there once, as of their newest call, and what is no number is counted', () => {
    const { numbers, withheld } = numbersOf([
      at('099 111', '2026-11-28 10:00:00', '2026-11-28 10:30:00'),
      at('099111', '2026-11-28 11:00:00'),
      at('099111', '2026-11-28 09:00:00', '2026-11-28 10:30:00'),
      at('anonymous', '2026-11-28 09:00:00'),
      at('+59898', '2026-11-28 08:00:00'),
    ]);
    expect(withheld).toBe(1);
    expect(numbers.map(({ number, calls, since, reached }) => [number, calls, since, reached])).toEqual([
      ['099111', 3, '2026-11-28 11:00:00', null],
      ['+59898', 1, '2026-11-28 08:00:00', null],
    ]);
  });
});

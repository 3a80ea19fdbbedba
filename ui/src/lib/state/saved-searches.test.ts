import { describe, expect, it } from 'vitest';
import { EMPTY_LOCAL } from './call-list.svelte';
import { EMPTY_SEARCH } from './calls-search';
import {
  NO_SEARCHES,
  queryFrom,
  renamed,
  restored,
  searchesFrom,
  withoutSearch,
  withSearch,
} from './saved-searches';

const query = {
  search: { ...EMPTY_SEARCH, period: 'today', minDurationSecs: 30 },
  local: { ...EMPTY_LOCAL, text: 'vip', fromMinute: 540 },
};
const two = withSearch(withSearch(NO_SEARCHES, ' Lost ', query, '1'), 'Long', query, '2');

describe('saved searches', () => {
  it('come back as they were kept, and whatever else was written costs nothing', () => {
    expect(searchesFrom(JSON.parse(JSON.stringify({ ...two, first: '2' })))).toEqual({ ...two, first: '2' });
    for (const odd of [
      null,
      7,
      { list: 'x' },
      { list: [null, { id: 1 }, { id: 'a', name: ' ' }], first: 'gone' },
    ])
      expect(searchesFrom(odd)).toEqual(NO_SEARCHES);
    const odd = queryFrom({ search: { agent: 7, tag: 'x', timesSeen: 'y', future: 1 }, local: 'none' });
    expect(odd).toEqual({ search: { ...EMPTY_SEARCH, tag: 'x' }, local: EMPTY_LOCAL });
  });

  it('have one name each', () => {
    expect(two.list.map((one) => one.name)).toEqual(['Lost', 'Long']);
    const again = withSearch(two, 'LOST', { ...query, search: EMPTY_SEARCH }, '3');
    expect(again.list.map((one) => [one.id, one.name])).toEqual([
      ['1', 'LOST'],
      ['2', 'Long'],
    ]);
    expect(withSearch(two, '  ', query, '3')).toBe(two);
    expect(renamed(two, '1', 'long')).toBe(two);
    expect(renamed(two, '1', ' ')).toBe(two);
    expect(renamed(two, '1', 'LOST').list[0]?.name).toBe('LOST');
  });

  it('are removed, and put back where they were', () => {
    const opens = { ...two, first: '1' };
    const without = withoutSearch(opens, '1');
    expect([without.list.length, without.first]).toEqual([1, null]);
    expect(restored(without, opens.list[0] as (typeof opens.list)[0], 0, true)).toEqual(opens);
  });
});

import { expect, test } from 'vitest';
import { EMPTY_LOCAL } from './call-list.svelte';
import { EMPTY_SEARCH } from './calls-search';
import { namedFrom } from './named';
import { queryFrom, SEARCHES } from './saved-searches';

test('searches come back as they were kept, and of an odd one what is known is taken', () => {
  const query = {
    search: { ...EMPTY_SEARCH, period: 'today', minDurationSecs: 30 },
    local: { ...EMPTY_LOCAL, text: 'vip', fromMinute: 540 },
  };
  const kept = { list: [{ id: '1', name: 'Lost', query }], first: '1' };
  expect(namedFrom(SEARCHES, JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  const odd = queryFrom({ search: { agent: 7, tag: 'x', timesSeen: 'y', future: 1 }, local: 'none' });
  expect(odd).toEqual({ search: { ...EMPTY_SEARCH, tag: 'x' }, local: EMPTY_LOCAL });

  // Earlier programs wrote an empty word for "either".
  const way = (direction: unknown) => queryFrom({ search: {}, local: { direction } }).local.direction;
  expect(['', 'inbound', 'outbound', 'sideways', null].map(way)).toEqual([
    null,
    'inbound',
    'outbound',
    null,
    null,
  ]);
});

import { expect, test } from 'vitest';
import {
  DEFAULT_VIEW,
  NO_VIEWS,
  viewFrom,
  viewsAsText,
  viewsFrom,
  viewsFromText,
  withoutView,
  withView,
} from './floor-view';

test('what was kept comes back, whole', () => {
  const view = {
    ...DEFAULT_VIEW,
    columns: ['serviceLevel', 'waiting'],
    widths: { waiting: 90 },
    density: 'dense' as const,
    group: 'team' as const,
    team: 'mine',
    states: ['paused' as const],
    agentSearch: 'ana',
    selected: 'Ventas<-',
  };
  expect(viewFrom(JSON.parse(JSON.stringify(view)))).toEqual(view);
});

test.each([
  [null, DEFAULT_VIEW],
  ['text', DEFAULT_VIEW],
  [{}, DEFAULT_VIEW],
  [{ columns: ['gone', 'waiting', 'waiting', 7] }, { ...DEFAULT_VIEW, columns: ['waiting'] }],
  [
    { widths: { waiting: 9999, gone: 50, busy: 'wide', paused: 1 } },
    { ...DEFAULT_VIEW, widths: { waiting: 400, paused: 44 } },
  ],
  [
    { density: 'huge', group: 'moon', agentSort: 1, states: ['paused', 'asleep'] },
    { ...DEFAULT_VIEW, states: ['paused'] },
  ],
  [{ hideOffline: 'no', directions: 'inbound', selected: 3, level: 'none' }, DEFAULT_VIEW],
])('of %j what is known is taken', (kept, view) => {
  expect(viewFrom(kept)).toEqual(view);
});

test('a view is saved under a name, replaced under the same, removed, and never the first any more', () => {
  let views = withView(NO_VIEWS, '  Morning ', DEFAULT_VIEW, 'a');
  views = withView(views, 'Evening', { ...DEFAULT_VIEW, density: 'dense' }, 'b');
  views = withView(views, 'morning', { ...DEFAULT_VIEW, density: 'wide' }, 'c');
  expect(views.list.map((one) => [one.id, one.name, one.view.density])).toEqual([
    ['a', 'morning', 'wide'],
    ['b', 'Evening', 'dense'],
  ]);
  expect(withView(views, '   ', DEFAULT_VIEW, 'd')).toBe(views);
  expect(withoutView({ ...views, first: 'a' }, 'a')).toEqual({ list: [views.list[1]], first: null });
  expect(viewsFrom({ ...views, first: 'gone' })).toEqual({ ...views, first: null });
  expect(viewsFrom({ list: [{ id: 1 }, 7, { id: 'x', name: ' ' }] })).toEqual(NO_VIEWS);
});

test('views go into a file and come back on another computer', () => {
  const mine = withView(NO_VIEWS, 'Morning', { ...DEFAULT_VIEW, density: 'dense' }, 'a');
  const text = viewsAsText(mine);
  expect(viewsFromText(NO_VIEWS, text)).toEqual(mine);
  const theirs = withView(
    withView(NO_VIEWS, 'Night', DEFAULT_VIEW, 'a'),
    'MORNING',
    { ...DEFAULT_VIEW, density: 'wide' },
    'z',
  );
  expect(viewsFromText(theirs, text)?.list.map((one) => [one.name, one.view.density])).toEqual([
    ['Night', 'usual'],
    ['Morning', 'dense'],
  ]);
  for (const other of ['', '{', '[]', '{"kind":"else"}', 'null'])
    expect(viewsFromText(mine, other)).toBe(null);
});

import { expect, test } from 'vitest';
import { DEFAULT_VIEW, viewFrom } from './floor-view';

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

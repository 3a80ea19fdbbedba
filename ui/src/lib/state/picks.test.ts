import { expect, it } from 'vitest';
import { fakeHost } from '../host/fake';
import type { ListSlice } from '../host/host';
import { listRow } from '../testing';
import { CallsState } from './calls.svelte';

it('takes rows chosen together, those not in sight too', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((guid) => listRow({ guid }));
  const slice = (from: number, count: number): ListSlice => ({
    revision: 1,
    total: rows.length,
    shown: rows.length,
    unjudged: 0,
    from,
    rows: rows.slice(from, from + count),
  });
  const host = fakeHost({
    asks: {
      calls_view: () => slice(0, 2),
      calls_slice: ({ from, count }) => slice(from, count),
    },
  });
  const calls = new CallsState(host, () => '2026-01-31');
  await calls.list.apply();
  const { picks } = calls;
  const row = (place: number) => rows[place] as (typeof rows)[number];
  const held = { ctrlKey: false, metaKey: false, shiftKey: false };
  const picked = () => picks.calls.map((one) => one.guid).join('');
  await picks.pick(row(1), 1, held);
  await picks.pick(row(4), 4, { ...held, shiftKey: true });
  expect(picked()).toBe('bcde');
  await picks.pick(row(2), 2, { ...held, ctrlKey: true });
  expect(picked()).toBe('bde');
  await picks.pick(row(0), 0, held);
  expect(picked()).toBe('');
  await picks.pick(row(3), 3, { ...held, metaKey: true });
  expect(picked()).toBe('ad');
  picks.none();
  await picks.pick(row(3), 3, held);
  await picks.extend(1);
  await picks.extend(1);
  expect([picked(), calls.list.selected]).toEqual(['de', 'e']);
});

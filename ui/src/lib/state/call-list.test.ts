import { expect, it, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import type { ListSlice } from '../host/host';
import { MockList } from '../host/mock-list';
import { call } from '../testing';
import { CallListState } from './call-list.svelte';

const ROWS = 100_000;
/** Rows in sight. */
const SEEN = 32;

interface Asked {
  from: number;
  count: number;
  /** The frame it was asked in. */
  frame: number;
  answer: (slice: ListSlice) => void;
}

/** A long list, looked at frame by frame; what is asked for is answered so many frames later. */
async function scrolled(late: number) {
  const list = new MockList();
  const calls = Array.from({ length: ROWS }, (_, n) => call({ guid: `g-${n}`, startedAt: '' }));
  list.add(calls);
  const waiting: Asked[] = [];
  let frame = 0;
  const host = fakeHost({
    asks: {
      calls_view: ({ view, count }) => list.look(view, count),
      calls_slice: ({ from, count }) => new Promise((answer) => waiting.push({ from, count, frame, answer })),
    },
  });
  const state = new CallListState(host);
  await state.apply();
  const most = { waiting: 0 };
  /** The list goes to a place, and a frame passes; gives whether the row in the middle was there when it was drawn. */
  const goes = async (place: number) => {
    state.sight(place, place + SEEN - 1);
    const there = state.row(place + SEEN / 2) !== undefined;
    most.waiting = Math.max(most.waiting, waiting.length);
    frame += 1;
    for (const one of waiting.splice(0, waiting.findLastIndex((one) => one.frame <= frame - late) + 1))
      one.answer(list.slice(one.from, one.count));
    await new Promise((done) => setTimeout(done));
    return there;
  };
  return { list, host, state, waiting, goes, most };
}

const drag = async ({ goes }: Awaited<ReturnType<typeof scrolled>>, steps: number[]) => {
  let [place, empty] = [0, 0];
  for (const step of steps) {
    place += step;
    if (!(await goes(place))) empty += 1;
  }
  return empty / steps.length;
};

it.each([1, 2])('has rows while it is dragged by its bar, answers %i frames late', async (late) => {
  const all = await scrolled(late);
  // 20,000 rows a second, as evenly as a hand moves.
  const steps = Array.from({ length: 120 }, (_, at) => 504 + ([0, 111, 0, -111][at % 4] ?? 0));
  expect(await drag(all, steps)).toBeLessThan(0.1);
  // One for where it is, and one for each frame an answer takes.
  expect(all.most.waiting).toBeLessThanOrEqual(1 + late);
});

it('has rows while it is scrolled by wheel or by page, without one missing', async () => {
  const all = await scrolled(1);
  expect(
    await drag(
      all,
      Array.from({ length: 400 }, () => 2),
    ),
  ).toBe(0);
  expect(
    await drag(
      await scrolled(1),
      Array.from({ length: 200 }, () => 31),
    ),
  ).toBe(0);
  // A question for many frames, not one for each.
  expect(all.host.asked('calls_slice').length).toBeLessThan(12);
});

it('asks for what is in sight now, whatever is still on its way for where it was', async () => {
  const { state, waiting, goes } = await scrolled(1_000);
  // As a hand that jumps: nobody can tell where to.
  for (const place of [52_000, 9_000, 31_000, 31_000]) await goes(place);
  expect(waiting).toHaveLength(2);
  const [first, second] = waiting.splice(0) as [Asked, Asked];
  first.answer({ revision: 1, total: ROWS, shown: ROWS, unjudged: 0, from: first.from, rows: [] });
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  const [newest] = waiting as [Asked];
  expect(newest.from).toBeLessThanOrEqual(31_000);
  expect(newest.from + newest.count).toBeGreaterThanOrEqual(31_000 + SEEN);
  const row = (n: number) => ({
    call: call({ guid: `g-${n}` }),
    mark: { guid: `g-${n}`, heard: null, flagged: false, sound: null },
    answeredLater: null,
  });
  const slice = ({ from, count }: Asked): ListSlice => ({
    revision: 1,
    total: ROWS,
    shown: ROWS,
    unjudged: 0,
    from,
    rows: Array.from({ length: count }, (_, n) => row(from + n)),
  });
  newest.answer(slice(newest));
  await vi.waitFor(() => expect(state.row(31_010)?.call.guid).toBe('g-31010'));
  // What comes late for an old place takes nothing away, and is there for whoever goes back.
  second.answer(slice(second));
  await vi.waitFor(() => expect(state.row(9_010)?.call.guid).toBe('g-9010'));
  expect(state.row(31_010)?.call.guid).toBe('g-31010');
  expect(state.held.some((one) => one.call.guid === 'g-31010')).toBe(true);
});

it('keeps nothing of another order, and asks again where it is', async () => {
  const { state, list, waiting, goes } = await scrolled(1);
  for (const place of [5_000, 5_504, 6_008, 6_512]) await goes(place);
  expect(state.row(6_520)).toBeDefined();
  const late = waiting.splice(0);
  state.sortBy('campaign');
  await vi.waitFor(() => expect(state.row(6_520)).toBeUndefined());
  const [asked] = waiting.splice(0) as [Asked];
  expect(asked.from).toBeLessThanOrEqual(6_512);
  asked.answer(list.slice(asked.from, asked.count));
  await vi.waitFor(() => expect(state.row(6_520)).toBeDefined());
  // Of the order before: not for this list any more.
  const strange = list.slice(5_000, 240);
  late.forEach((one) => one.answer({ ...strange, revision: -1 }));
  await Promise.resolve();
  expect([state.row(5_010), state.row(6_520) !== undefined]).toEqual([undefined, true]);
});

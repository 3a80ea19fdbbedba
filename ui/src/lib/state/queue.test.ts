import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import type { Call, ListSlice } from '../host/host';
import { listRow } from '../testing';
import { CallsState } from './calls.svelte';
import { PAUSE_SECS, QueueState } from './queue.svelte';

/** A list of five calls that the program holds; nobody answered the third. */
async function queue(advances = true, turned = false) {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((guid) => listRow({ guid, answered: guid !== 'c' }));
  if (turned) rows.reverse();
  const slice = (from: number, count: number): ListSlice => ({
    revision: 1,
    total: rows.length,
    shown: rows.length,
    from,
    rows: rows.slice(from, from + count),
  });
  const host = fakeHost({
    asks: {
      // Little is held, so that the rest is asked for.
      calls_view: () => slice(0, 2),
      calls_slice: ({ from, count }) => slice(from, count),
      calls_place: ({ guid }) => {
        const place = rows.findIndex((row) => row.call.guid === guid);
        return place < 0 ? null : place;
      },
    },
  });
  const calls = new CallsState(host);
  await calls.list.apply();
  const of = (guid: string) => rows.find((row) => row.call.guid === guid)?.call as Call;
  let playing: Call | null = of('b');
  const play = vi.fn((next: Call) => (playing = next));
  const state = new QueueState(
    calls,
    () => playing,
    () => advances,
    play,
  );
  const beside = async (by: number) => (await state.beside(by))?.guid;
  return { calls, rows, of, play, state, beside };
}

describe('the queue', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each([
    [false, 'd', 'a'],
    [true, 'a', 'd'],
  ])('goes through the list as it is sorted, past calls nobody answered', async (turned, after, before) => {
    const { beside, state } = await queue(true, turned);
    expect([await beside(1), await beside(-1)]).toEqual([after, before]);
    expect(state.turn).toBeNull();
  });

  it('announces the next one and plays it, unless it is stopped', async () => {
    const { play, state } = await queue();
    await state.ended();
    expect([state.next?.guid, state.due]).toEqual(['d', PAUSE_SECS]);
    vi.advanceTimersByTime((PAUSE_SECS - 1) * 1000);
    expect([play.mock.calls.length, state.due]).toEqual([0, 1]);
    vi.advanceTimersByTime(1000);
    expect(play.mock.calls.map(([next]) => next.guid)).toEqual(['d']);
    await state.ended();
    expect(state.next?.guid).toBe('e');
    state.stop();
    vi.advanceTimersByTime(60_000);
    expect([play.mock.calls.length, state.next]).toEqual([1, null]);
    // Stopped while the next one was being looked for.
    const looking = state.ended();
    state.stop();
    await looking;
    expect(state.next).toBeNull();
  });

  it('does nothing by itself unless that was chosen, nor after the last one', async () => {
    const off = await queue(false);
    await off.state.ended();
    expect(off.state.next).toBeNull();
    const { of, state } = await queue();
    state.start([of('e')]);
    await state.ended();
    expect(state.next).toBeNull();
  });

  it('hears only what was chosen, until another call is', async () => {
    const { beside, of, play, state } = await queue();
    state.start([of('a'), of('c'), of('e')]);
    expect(play.mock.calls.map(([first]) => first.guid)).toEqual(['a']);
    expect([state.turn, await beside(1)]).toEqual([{ at: 1, of: 2 }, 'e']);
    state.chosen(of('e'));
    expect(state.only).toHaveLength(2);
    state.chosen(of('d'));
    expect(state.only).toBeNull();
  });

  it('takes rows chosen together, those not in sight too', async () => {
    const { calls, rows } = await queue();
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
});

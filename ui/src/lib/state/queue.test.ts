import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call, Host } from '../host/host';
import { call } from '../testing';
import { CallsState } from './calls.svelte';
import { PAUSE_SECS, QueueState } from './queue.svelte';

function queue(advances = true) {
  const calls = new CallsState({ ask: vi.fn() } as unknown as Host);
  const rows = ['a', 'b', 'c', 'd', 'e'].map((guid) => call({ guid, answered: guid !== 'c' }));
  calls.rows = rows;
  let playing: Call | null = rows[1] ?? null;
  const play = vi.fn((next: Call) => (playing = next));
  return {
    calls,
    rows,
    play,
    state: new QueueState(
      calls,
      () => playing,
      () => advances,
      play,
    ),
  };
}

describe('the queue', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('goes through the list as it is sorted, past calls nobody answered', () => {
    const { calls, rows, state } = queue();
    expect([state.beside(1)?.guid, state.beside(-1)?.guid]).toEqual(['d', 'a']);
    calls.rows = [...rows].reverse();
    expect([state.beside(1)?.guid, state.beside(-1)?.guid]).toEqual(['a', 'd']);
    expect(state.turn).toBeNull();
  });

  it('announces the next one and plays it, unless it is stopped', () => {
    const { play, state } = queue();
    state.ended();
    expect([state.next?.guid, state.due]).toEqual(['d', PAUSE_SECS]);
    vi.advanceTimersByTime((PAUSE_SECS - 1) * 1000);
    expect([play.mock.calls.length, state.due]).toEqual([0, 1]);
    vi.advanceTimersByTime(1000);
    expect(play.mock.calls.map(([next]) => next.guid)).toEqual(['d']);
    state.ended();
    expect(state.next?.guid).toBe('e');
    state.stop();
    vi.advanceTimersByTime(60_000);
    expect([play.mock.calls.length, state.next]).toEqual([1, null]);
  });

  it('does nothing by itself unless that was chosen, nor after the last one', () => {
    const off = queue(false);
    off.state.ended();
    expect(off.state.next).toBeNull();
    const { rows, state } = queue();
    state.start([rows[4] as Call]);
    state.ended();
    expect(state.next).toBeNull();
  });

  it('hears only what was chosen, until another call is', () => {
    const { play, rows, state } = queue();
    state.start([rows[4], rows[0], rows[2]] as Call[]);
    expect(play.mock.calls.map(([first]) => first.guid)).toEqual(['a']);
    expect([state.turn, state.beside(1)?.guid]).toEqual([{ at: 1, of: 2 }, 'e']);
    state.chosen(rows[4] as Call);
    expect(state.only?.size).toBe(3);
    state.chosen(rows[3] as Call);
    expect(state.only).toBeNull();
  });
});

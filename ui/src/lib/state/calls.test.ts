import { describe, expect, it, vi } from 'vitest';
import type { Host, SearchUpdate } from '../host/host';
import { call } from '../testing';
import { CallsState, EMPTY_SEARCH, invalidField, numberOf, period, sortCalls } from './calls.svelte';

const noon = new Date(2026, 0, 31, 12);

function calls() {
  let say: (update: SearchUpdate) => void = () => undefined;
  const stream = vi.fn((_name: string, _args: unknown, on: (update: SearchUpdate) => void) => {
    say = on;
    return Promise.resolve(7);
  });
  const ask = vi.fn(() => Promise.resolve(null));
  const state = new CallsState({ ask, stream } as unknown as Host);
  return { state, ask, say: (update: SearchUpdate) => say(update) };
}

describe('calls', () => {
  it('merges pages by guid and counts legs', async () => {
    const { state, say } = calls();
    await state.run();
    say({ kind: 'page', calls: [call({ guid: 'a' }), call({ guid: 'b' })], pages: 1, rows: 3, dropped: 0 });
    say({ kind: 'page', calls: [call({ guid: 'a', lengthSecs: 99 })], pages: 2, rows: 4, dropped: 1 });
    say({ kind: 'done', calls: 2, rows: 4 });
    expect(state.rows.map((row) => row.guid)).toEqual(['a', 'b']);
    expect(state.rows[0]?.lengthSecs).toBe(99);
    expect([state.legs, state.dropped, state.phase]).toEqual([4, 1, 'done']);
  });

  it('ignores pages of a search that was replaced', async () => {
    const { state, say } = calls();
    await state.run();
    const old = say;
    const first = vi.fn(old);
    await state.run();
    state.take({ kind: 'page', calls: [call()], pages: 1, rows: 1, dropped: 0 });
    expect(state.calls).toHaveLength(1);
    first({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    expect(state.phase).toBe('failed');
  });

  it('keeps what arrived when it fails, and cancels by number', async () => {
    const { state, ask, say } = calls();
    await state.run();
    say({ kind: 'page', calls: [call()], pages: 1, rows: 1, dropped: 0 });
    await state.cancel();
    expect(ask).toHaveBeenCalledWith('calls_cancel', { id: 7 });
    say({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    expect([state.phase, state.calls.length]).toEqual(['failed', 1]);
  });

  it('moves through the rows and stays inside', async () => {
    const { state, say } = calls();
    await state.run();
    const rows = ['a', 'b', 'c'].map((guid, i) => call({ guid, startedAt: `2026-01-31 10:00:0${9 - i}` }));
    say({ kind: 'page', calls: rows, pages: 1, rows: 3, dropped: 0 });
    expect(state.move(1)?.guid).toBe('a');
    expect(state.move(5)?.guid).toBe('c');
    expect(state.move(-9)?.guid).toBe('a');
  });

  it('knows what is wrong with dates', () => {
    const search = { ...EMPTY_SEARCH, ...period('today', noon) };
    expect(invalidField(search)).toBeNull();
    expect(invalidField({ ...search, from: '31/01/2026' })).toBe('from');
    expect(invalidField({ ...search, to: '2026-01-30 00:00:00' })).toBe('to');
  });

  it('offers periods', () => {
    expect(period('yesterday', noon)).toEqual({ from: '2026-01-30 00:00:00', to: '2026-01-30 23:59:59' });
    expect(period('week', noon).from).toBe('2026-01-25 00:00:00');
    expect(period('month', noon).from).toBe('2026-01-01 00:00:00');
  });

  it('shows the other party and sorts ties newest first', () => {
    expect(numberOf(call({ direction: 'outbound' }))).toBe('20000001');
    const rows = [call({ guid: 'old', startedAt: '2026-01-30 10:00:00' }), call({ guid: 'new' })];
    expect(sortCalls(rows, 'campaign', false).map((row) => row.guid)).toEqual(['new', 'old']);
  });
});

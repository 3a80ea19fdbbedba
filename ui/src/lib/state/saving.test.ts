import { describe, expect, it, vi } from 'vitest';
import type { Host, SaveUpdate } from '../host/host';
import { call } from '../testing';
import { SavingState } from './saving.svelte';

function saving(folder: string | null) {
  let say: (update: SaveUpdate) => void = () => undefined;
  const ask = vi.fn(() => Promise.resolve(folder));
  const stream = vi.fn((_name: string, _args: unknown, on: typeof say) => {
    say = on;
    return Promise.resolve(null);
  });
  const state = new SavingState({ ask, stream } as unknown as Host);
  return { ask, stream, state, say: (update: SaveUpdate) => say(update) };
}

const calls = ['one', 'two', 'three'].map((guid) => call({ guid }));
const problem = { code: 'notFoundAnywhere', params: {}, retryable: false };

describe('saving several recordings', () => {
  it('asks first, goes on one by one, and reports what failed and why', async () => {
    const { say, state, stream } = saving('/music');
    state.offer(calls);
    expect(state.phase).toBe('asking');
    await state.start('Where');
    expect(stream).toHaveBeenCalledWith('recordings_save', { calls, convert: false }, expect.anything());
    say({ kind: 'turn', done: 0, total: 3, guid: 'one' });
    expect([state.now?.guid, state.phase]).toEqual(['one', 'saving']);
    state.offer(calls.slice(1));
    state.close();
    expect([state.calls.length, state.phase]).toEqual([3, 'saving']);
    say({ kind: 'saved', guid: 'one', name: 'one.mp3', problem: null });
    say({ kind: 'saved', guid: 'two', name: 'two.mp3', problem: { ...problem, code: 'truncated' } });
    say({ kind: 'failed', guid: 'three', problem });
    say({ kind: 'done', saved: 2, failed: 1, left: 0, folder: '/music' });
    expect(state.report.map((line) => [line.call.guid, line.name, line.problem?.code])).toEqual([
      ['two', 'two.mp3', 'truncated'],
      ['three', null, 'notFoundAnywhere'],
    ]);
    expect([state.phase, state.done]).toEqual(['done', 3]);
    state.close();
    expect(state.phase).toBe('none');
  });

  it('does nothing without a folder, and says why it could not begin', async () => {
    const { state, stream } = saving(null);
    state.offer(calls);
    await state.start('Where');
    expect([state.phase, stream.mock.calls.length]).toEqual(['asking', 0]);
    const other = saving('/music');
    other.stream.mockRejectedValueOnce({ ...problem, code: 'savingAlready' });
    other.state.offer(calls);
    await other.state.start('Where');
    expect([other.state.phase, other.state.problem?.code]).toEqual(['asking', 'savingAlready']);
  });
});

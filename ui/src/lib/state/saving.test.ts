import { describe, expect, it } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { SaveUpdate } from '../host/host';
import { call } from '../testing';
import { SavingState } from './saving.svelte';

function saving(folder: string | null) {
  const host = fakeHost({ asks: { save_folder: () => folder }, streams: { recordings_save: taken } });
  const say = (update: SaveUpdate) => host.emit('recordings_save', update);
  return { host, state: new SavingState(host), say };
}

const calls = ['one', 'two', 'three'].map((guid) => call({ guid }));
const problem = { code: 'notFoundAnywhere', params: {}, retryable: false };

describe('saving several recordings', () => {
  it('asks first, goes on one by one, and reports what failed and why', async () => {
    const { host, say, state } = saving('/music');
    state.offer(calls);
    expect(state.phase).toBe('asking');
    await state.start('Where');
    expect(host.opened('recordings_save')).toEqual([{ calls, convert: false }]);
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
    const { host, state } = saving(null);
    state.offer(calls);
    await state.start('Where');
    expect([state.phase, host.opened('recordings_save').length]).toEqual(['asking', 0]);
    const other = saving('/music');
    other.host.streams.recordings_save = () => Promise.reject({ ...problem, code: 'savingAlready' });
    other.state.offer(calls);
    await other.state.start('Where');
    expect([other.state.phase, other.state.problem?.code]).toEqual(['asking', 'savingAlready']);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { FindUpdate, Host } from '../host/host';
import { call } from '../testing';
import { PlayerState } from './player.svelte';

function player() {
  const says: ((update: FindUpdate) => void)[] = [];
  const stream = vi.fn((_name: string, _args: unknown, on: (update: FindUpdate) => void) => {
    says.push(on);
    return Promise.resolve(null);
  });
  const ask = vi.fn(() => Promise.resolve(null));
  return { says, ask, state: new PlayerState({ ask, stream } as unknown as Host) };
}

const place = { host: 'backup', day: '20260131', format: 'gsm' };

describe('the player', () => {
  it('tells how the recording was found', async () => {
    const { says, state } = player();
    await state.open(call());
    const say = says[0];
    say?.({ kind: 'looking' });
    say?.({ kind: 'tried', attempt: { place, status: 404, outcome: 'notFound', millis: 51 } });
    say?.({ kind: 'converting' });
    expect(state.finding).toBe('converting');
    say?.({ kind: 'lookingAgain', round: 1, rounds: 6 });
    say?.({ kind: 'found', place, millis: 108, cached: false });
    expect([state.finding, state.attempts.length, state.found?.millis]).toEqual(['found', 1, 108]);
  });

  it('does not listen to the recording before', async () => {
    const { says, state } = player();
    await state.open(call({ guid: 'one' }));
    await state.open(call({ guid: 'two' }));
    says[0]?.({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
    expect(state.finding).toBe('looking');
    expect(state.call?.guid).toBe('two');
  });

  it('gathers the waveform and forgets it with the recording', () => {
    const { state } = player();
    state.take({ kind: 'peaks', peaks: { from: 0, perSecond: 20, bars: [1, 2, 3] } });
    state.take({ kind: 'peaks', peaks: { from: 2000, perSecond: 20, bars: [9] } });
    expect([state.barCount, state.bars[1], state.bars[2000]]).toEqual([2001, 2, 9]);
    state.take({ kind: 'reset', guid: null });
    expect(state.barCount).toBe(0);
  });

  it('has one word for what it does', async () => {
    const { says, state } = player();
    expect(state.phase).toBe('empty');
    await state.open(call());
    expect([state.phase, state.finds]).toEqual(['looking', true]);
    says[0]?.({ kind: 'found', place, millis: 80, cached: false });
    expect([state.phase, state.finds]).toEqual(['buffering', false]);
    state.take({
      kind: 'transport',
      transport: { ...state.transport, phase: 'playing', problem: 'truncated' },
    });
    expect([state.phase, state.playing, state.trouble?.code]).toEqual(['playing', true, 'truncated']);
  });

  it('looks again when play is pressed on a recording that was not found', async () => {
    const { says, ask, state } = player();
    await state.open(call());
    await state.toggle();
    says[0]?.({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
    await state.toggle();
    expect([says.length, state.finding, state.problem]).toEqual([2, 'looking', null]);
    await state.cancel();
    expect(state.phase).toBe('stopped');
    says[1]?.({ kind: 'found', place, millis: 1, cached: true });
    expect(state.phase).toBe('stopped');
    expect(ask).not.toHaveBeenCalledWith('player_toggle', {});
  });

  it('takes along what is repeated, else the whole call, under a name files can have', async () => {
    const { ask, state } = player();
    state.call = call({ startedAt: '2026-01-31 10:22:05', agent: 'Ana/Lía: 2' });
    await state.save('Save');
    const name = '2026-01-31 10.22.05 Ana-Lía. 2.wav';
    expect(ask).toHaveBeenLastCalledWith('save_sound', { title: 'Save', name, from: null, to: null });
    state.transport = { ...state.transport, loopFromSecs: 61, loopToSecs: 75.5 };
    ask.mockResolvedValueOnce('/music/x.wav' as never);
    await state.save('Save');
    const part = '2026-01-31 10.22.05 Ana-Lía. 2 1.01-1.15.wav';
    expect(ask).toHaveBeenLastCalledWith('save_sound', { title: 'Save', name: part, from: 61, to: 75.5 });
    expect(state.saved).toBe('/music/x.wav');
    state.seek(3);
    expect(state.saved).toBeNull();
    ask.mockRejectedValueOnce({ code: 'writeFailed', params: {}, retryable: false });
    await state.save('Save');
    expect([state.saved, state.notSaved?.code, state.problem]).toEqual([null, 'writeFailed', null]);
  });

  it('keeps volume and position inside their limits', () => {
    const { ask, state } = player();
    state.volume(3);
    state.call = call();
    state.seek(-5);
    expect(ask).toHaveBeenCalledWith('player_volume', { volume: 1 });
    expect(ask).toHaveBeenCalledWith('player_seek', { secs: 0 });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { FindUpdate } from '../host/host';
import { call } from '../testing';
import { PlayerState } from './player.svelte';

function player() {
  const host = fakeHost({
    asks: {
      player_hearing: taken,
      player_seek: taken,
      player_volume: taken,
      recording_cancel: taken,
      save_sound: taken,
    },
    streams: { recording_open: taken },
  });
  /** What is said of the recording opened last, or the one opened `turn`th. */
  const say = (update: FindUpdate, turn?: number) => host.emit('recording_open', update, turn);
  return { host, say, state: new PlayerState(host) };
}

const place = { host: 'backup', day: '20260131', format: 'gsm' };

describe('the player', () => {
  it('tells how the recording was found', async () => {
    const { host, say, state } = player();
    await state.open(call());
    expect(host.opened('recording_open')).toEqual([{ call: call(), autoplay: true, convert: true }]);
    say({ kind: 'looking' });
    say({ kind: 'tried', attempt: { place, status: 404, outcome: 'notFound', millis: 51 } });
    say({ kind: 'converting' });
    expect(state.finding).toBe('converting');
    say({ kind: 'lookingAgain', round: 1, rounds: 6 });
    say({ kind: 'found', place, millis: 108, cached: false });
    expect([state.finding, state.attempts.length, state.found?.millis]).toEqual(['found', 1, 108]);
  });

  it('does not listen to the recording before', async () => {
    const { say, state } = player();
    await state.open(call({ guid: 'one' }));
    await state.open(call({ guid: 'two' }));
    say({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } }, 0);
    expect(state.finding).toBe('looking');
    expect(state.call?.guid).toBe('two');
  });

  it('gathers the waveform and forgets it with the recording', () => {
    const { state } = player();
    const peaks = { perSecond: 20, right: [], silences: [] };
    state.take({ kind: 'peaks', peaks: { ...peaks, from: 0, bars: [1, 2, 3] } });
    state.take({ kind: 'peaks', peaks: { ...peaks, from: 2000, bars: [9] } });
    const { wave } = state;
    expect([wave.count, wave.bars[1], wave.bars[2000]]).toEqual([2001, 2, 9]);
    state.take({ kind: 'reset', guid: null });
    expect(wave.count).toBe(0);
  });

  it('counts every key on the speed, whatever the player said before it knew of them', async () => {
    const { state } = player();
    const before = state.transport;
    for (const speed of [1.25, 1.5]) {
      state.hear({ speed });
      state.take({ kind: 'transport', transport: before });
      expect(state.transport.hearing.speed).toBe(speed);
    }
    // Once it is answered the player is right.
    await vi.waitFor(() => {
      state.take({ kind: 'transport', transport: before });
      expect(state.transport.hearing.speed).toBe(1);
    });
  });

  it('has one word for what it does', async () => {
    const { say, state } = player();
    expect(state.phase).toBe('empty');
    await state.open(call());
    expect([state.phase, state.finds]).toEqual(['looking', true]);
    say({ kind: 'found', place, millis: 80, cached: false });
    expect([state.phase, state.finds]).toEqual(['buffering', false]);
    state.take({
      kind: 'transport',
      transport: { ...state.transport, phase: 'playing', problem: 'truncated' },
    });
    expect([state.phase, state.playing, state.trouble?.code]).toEqual(['playing', true, 'truncated']);
  });

  it('looks again when play is pressed on a recording that was not found', async () => {
    const { host, say, state } = player();
    await state.open(call());
    await state.toggle();
    say({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
    await state.toggle();
    expect([host.opened('recording_open').length, state.finding, state.problem]).toEqual([
      2,
      'looking',
      null,
    ]);
    await state.cancel();
    expect(state.phase).toBe('stopped');
    say({ kind: 'found', place, millis: 1, cached: true });
    expect(state.phase).toBe('stopped');
    expect(host.log).toEqual(['recording_cancel']);
  });

  it('takes along what is repeated, else the whole call', async () => {
    const { host, state } = player();
    state.call = call();
    await state.save('Save');
    expect(host.asked('save_sound')).toEqual([{ title: 'Save', from: null, to: null }]);
    state.transport = { ...state.transport, loopFromSecs: 61, loopToSecs: 75.5 };
    host.asks.save_sound = () => '/music/x.wav';
    await state.save('Save');
    expect(host.asked('save_sound').at(-1)).toEqual({ title: 'Save', from: 61, to: 75.5 });
    expect(state.saved).toBe('/music/x.wav');
    state.seek(3);
    expect(state.saved).toBeNull();
    host.asks.save_sound = () => Promise.reject({ code: 'writeFailed', params: {}, retryable: false });
    await state.save('Save');
    expect([state.saved, state.notSaved?.code, state.problem]).toEqual([null, 'writeFailed', null]);
  });

  it('keeps volume and position inside their limits', () => {
    const { host, state } = player();
    state.volume(3);
    state.call = call();
    state.seek(-5);
    expect(host.asked('player_volume')).toEqual([{ volume: 1 }]);
    expect(host.asked('player_seek')).toEqual([{ secs: 0 }]);
  });

  it('says once that it was heard to its end, and not when the connection was lost', async () => {
    const { say, state } = player();
    const onend = vi.fn();
    state.onend = onend;
    await state.open(call());
    const at = (phase: 'playing' | 'paused' | 'ended' | 'failed', problem: string | null = null) =>
      state.take({ kind: 'transport', transport: { ...state.transport, phase, problem } });
    at('playing');
    at('paused');
    at('ended');
    expect(onend).not.toHaveBeenCalled();
    at('playing');
    at('ended', 'recordingHostLost');
    expect(onend).not.toHaveBeenCalled();
    at('playing');
    at('ended', 'truncated');
    at('ended', 'truncated');
    expect(onend).toHaveBeenCalledTimes(1);
    say({ kind: 'failed', problem: { code: 'empty', params: {}, retryable: false } });
    expect(onend).toHaveBeenCalledTimes(2);
  });

  it('goes on from another place, and looks again when the only one was lost', async () => {
    const { host, say, state } = player();
    await state.open(call());
    say({ kind: 'found', place, millis: 80, cached: false });
    say({ kind: 'moved', place: { ...place, host: 'telephony' }, sameBytes: true });
    expect([state.finding, state.found?.place.host]).toEqual(['found', 'telephony']);
    state.take({
      kind: 'transport',
      transport: { ...state.transport, phase: 'ended', problem: 'recordingHostLost' },
    });
    await state.toggle();
    expect([host.opened('recording_open').length, state.finding]).toEqual([2, 'looking']);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { fakeHost, later, taken, watches, wished } from '../host/fake';
import type { Call, LocateUpdate, Place, Transport } from '../host/host';
import { call, hears } from '../testing';
import { PlayerState } from './player.svelte';

function player() {
  const host = fakeHost({
    asks: {
      player_hearing: wished,
      player_loop: wished,
      player_seek: wished,
      player_seek_by: wished,
      player_volume: wished,
      recording_cancel: taken,
      save_sound: taken,
    },
    streams: { ...watches, recording_open: taken },
  });
  const state = new PlayerState(host);
  const open = (parts: Partial<Call> = {}) => state.open(call(parts), null, true);
  /** What is said of the recording opened last, or the one opened `turn`th. */
  const say = (update: LocateUpdate, turn?: number) => host.emit('recording_open', update, turn);
  const ticket = (turn = -1) => host.opened('recording_open').at(turn)?.request.ticket ?? 0;
  /** What the player says of it. */
  const tell = (transport: Partial<Transport>, turn?: number) =>
    state.take({
      kind: 'transport',
      ticket: ticket(turn),
      transport: { ...state.transport, ...transport },
    });
  return { host, state, open, say, ticket, tell };
}

const place: Place = { host: 'backup', day: '20260131', format: 'gsm' };

describe('the player', () => {
  it('is where it goes at once, whatever was said before it went there, and whenever that arrives', async () => {
    const { host, state, open, tell } = player();
    await open();
    tell({ phase: 'playing', positionSecs: 4, durationSecs: 25, obeyed: 3 });
    const { ask, answer } = later<number>();
    host.asks.player_seek_by = ask;
    state.seekBy(10);
    state.seekBy(10);
    tell({ positionSecs: 4.1 });
    expect(state.transport.positionSecs).toBe(24);
    state.seekBy(10);
    expect(state.transport.positionSecs, 'no further than it lasts').toBe(25);
    [4, 5, 6].forEach((count, turn) => answer[turn]?.(count));
    await vi.waitFor(() => {
      tell({ positionSecs: 24.9, obeyed: 6 });
      expect(state.transport.positionSecs).toBe(24.9);
    });
    // What was told before a step may come after its answer.
    host.asks.player_seek = () => 7;
    await state.seek(10);
    tell({ positionSecs: 24.95, obeyed: 6 });
    expect(state.transport.positionSecs).toBe(10);
    tell({ positionSecs: 10.02, obeyed: 7 });
    expect(state.transport.positionSecs).toBe(10.02);
  });

  it('is where it was told to be where the answer comes after that, and where a step is refused', async () => {
    const { host, state, open, tell } = player();
    await open();
    tell({ phase: 'paused', positionSecs: 4, durationSecs: 25 });
    const { ask, answer } = later<number>();
    host.asks.player_seek = ask;
    void state.seek(8.3);
    // The last sample there is, and it does not move on from there.
    tell({ positionSecs: 8.2, obeyed: 1 });
    expect(state.transport.positionSecs).toBe(8.3);
    answer[0]?.(1);
    await vi.waitFor(() => expect(state.transport.positionSecs).toBe(8.2));
    host.asks.player_seek = () => Promise.reject({ code: 'noRecording', params: {}, retryable: false });
    await state.seek(20);
    expect([state.transport.positionSecs, state.problem?.code]).toEqual([8.2, 'noRecording']);
  });

  it('leaves volume and hearing to the recording that comes, and no step or loop', async () => {
    const { state, open, tell } = player();
    await open({ guid: 'one' });
    tell({ phase: 'playing', positionSecs: 4, durationSecs: 25 });
    state.volume(0.3);
    state.hear({ speed: 2 });
    state.seekBy(10);
    state.mark('a');
    await open({ guid: 'two' });
    tell({ phase: 'playing', positionSecs: 0, volume: 0.8, loopFromSecs: null });
    const { positionSecs, loopFromSecs, volume, hearing } = state.transport;
    expect([positionSecs, loopFromSecs, volume, hearing.speed]).toEqual([0, null, 0.3, 2]);
  });

  it('tells how the recording was found', async () => {
    const { host, say, ticket, state, open } = player();
    await open();
    expect(host.opened('recording_open')).toEqual([
      { request: { call: call(), atSecs: null, asked: true, ticket: ticket() } },
    ]);
    say({ kind: 'looking' });
    say({ kind: 'tried', attempt: { place, status: 404, outcome: 'notFound', millis: 51 } });
    say({ kind: 'converting' });
    expect(state.locating).toBe('converting');
    say({ kind: 'lookingAgain', round: 1, rounds: 6 });
    say({ kind: 'found', place, millis: 108, cached: false });
    expect([state.locating, state.attempts.length, state.found?.millis]).toEqual(['found', 1, 108]);
  });

  it('does not listen to the recording before, whatever of it is still on its way', async () => {
    const { say, ticket, state, open, tell } = player();
    state.onend = vi.fn();
    await open({ guid: 'one' });
    say({ kind: 'found', place, millis: 80, cached: false });
    tell({ phase: 'playing', positionSecs: 40, durationSecs: 90 });
    await open({ guid: 'two' });
    const [late, second] = [ticket(0), ticket(1)];
    say({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } }, 0);
    tell({ phase: 'ended', positionSecs: 90, loopFromSecs: 3, loopToSecs: 9 }, 0);
    const peaks = { from: 0, perSecond: 20, bars: [1, 2, 3], right: [], silences: [] };
    state.take({ kind: 'peaks', ticket: late, peaks });
    expect([state.call?.guid, state.locating, state.phase]).toEqual(['two', 'looking', 'looking']);
    expect([state.transport.positionSecs, state.transport.loopToSecs, state.wave.count]).toEqual([
      0,
      null,
      0,
    ]);
    expect(state.onend).not.toHaveBeenCalled();
    // Its own sound is heard of; a page that is loaded again counts on from there.
    tell({ phase: 'playing', positionSecs: 2 });
    expect(state.transport.positionSecs).toBe(2);
    state.take({ kind: 'peaks', ticket: second, peaks });
    state.take({ kind: 'reset', ticket: late, guid: 'one' });
    expect(state.wave.count).toBe(3);
    expect([second > late, late > 1.7e12]).toEqual([true, true]);
  });

  it('begins with nothing open, also where a page before it had opened something', async () => {
    const { host, state } = player();
    await state.start();
    expect(host.log).toEqual(['recording_cancel']);
    const transport = { ...state.transport, phase: 'playing' } as const;
    host.emit('player_watch', { kind: 'transport', ticket: 5, transport });
    expect(state.phase).toBe('empty');
  });

  it('gathers the waveform and forgets it with the recording', () => {
    const { state } = player();
    const peaks = { perSecond: 20, right: [], silences: [] };
    state.take({ kind: 'peaks', ticket: 0, peaks: { ...peaks, from: 0, bars: [1, 2, 3] } });
    state.take({ kind: 'peaks', ticket: 0, peaks: { ...peaks, from: 2000, bars: [9] } });
    const { wave } = state;
    expect([wave.count, wave.bars[1], wave.bars[2000]]).toEqual([2001, 2, 9]);
    state.take({ kind: 'reset', ticket: 0, guid: null });
    expect(wave.count).toBe(0);
  });

  it('counts every key on speed and volume, whatever the player said before it knew of them', async () => {
    const { host, state, tell } = player();
    const before = state.transport;
    let count = 0;
    host.asks.player_hearing = host.asks.player_volume = () => ++count;
    for (const [speed, volume] of [
      [1.25, 0.7],
      [1.5, 0.6],
    ] as const) {
      state.hear({ speed });
      state.volume(volume);
      tell(before);
      expect([state.transport.hearing.speed, state.transport.volume]).toEqual([speed, volume]);
    }
    await vi.waitFor(() => {
      tell({ ...before, obeyed: 3 });
      expect([state.transport.hearing.speed, state.transport.volume]).toEqual([1, 0.6]);
    });
    // With all of them in it, the player is right.
    await vi.waitFor(() => {
      tell({ ...before, obeyed: 4 });
      expect(state.transport.volume).toBe(0.8);
    });
  });

  it('has one word for what it does', async () => {
    const { say, state, open, tell } = player();
    expect(state.phase).toBe('empty');
    await open();
    expect([state.phase, state.locates]).toEqual(['looking', true]);
    say({ kind: 'found', place, millis: 80, cached: false });
    expect([state.phase, state.locates]).toEqual(['buffering', false]);
    tell({ phase: 'playing', problem: 'truncated' });
    expect([state.phase, state.playing, state.trouble?.code]).toEqual(['playing', true, 'truncated']);
  });

  it('hears nothing more of what was stopped', async () => {
    const { host, say, state, open, tell } = player();
    await open();
    await state.cancel();
    expect([state.phase, state.broken]).toEqual(['stopped', true]);
    say({ kind: 'found', place, millis: 1, cached: true });
    tell({ phase: 'playing' });
    expect([state.phase, state.transport.phase]).toEqual(['stopped', 'empty']);
    expect(host.log).toEqual(['recording_cancel']);
  });

  it('takes along what is repeated, else the whole call', async () => {
    const { host, state } = player();
    state.call = call();
    await state.save('Save');
    expect(host.asked('save_sound')).toEqual([{ title: 'Save', from: null, to: null }]);
    hears(state, { loopFromSecs: 61, loopToSecs: 75.5 });
    const x = { path: '/music/x.wav', problem: null };
    host.asks.save_sound = () => x;
    await state.save('Save');
    expect(host.asked('save_sound').at(-1)).toEqual({ title: 'Save', from: 61, to: 75.5 });
    expect(state.saved).toEqual(x);
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
    const { say, state, open, tell } = player();
    const onend = vi.fn();
    state.onend = onend;
    await open();
    const at = (phase: Transport['phase'], problem: string | null = null) => tell({ phase, problem });
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

  it('goes on from another place, and has none to go on with when the only one was lost', async () => {
    const { say, state, open, tell } = player();
    await open();
    say({ kind: 'found', place, millis: 80, cached: false });
    say({ kind: 'moved', place: { ...place, host: 'telephony' }, sameBytes: true });
    expect([state.locating, state.found?.place.host]).toEqual(['found', 'telephony']);
    tell({ phase: 'playing' });
    expect(state.broken).toBe(false);
    tell({ phase: 'ended', problem: 'recordingHostLost' });
    expect(state.broken).toBe(true);
  });
});

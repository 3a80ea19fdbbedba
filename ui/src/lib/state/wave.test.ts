import { describe, expect, it, vi } from 'vitest';
import { fakeHost } from '../host/fake';
import type { Detail } from '../host/host';
import { partOf, WaveState } from './wave.svelte';

/** The sound is looked at, never asked for. */
const wave = () => new WaveState(fakeHost());

describe('the part of the waveform in view', () => {
  it('stays inside the recording', () => {
    expect(partOf(50, null, 60)).toEqual({ from: 0, to: 60 });
    expect(partOf(50, 20, 60)).toEqual({ from: 40, to: 60 });
    expect(partOf(-5, 20, 60)).toEqual({ from: 0, to: 20 });
    expect(partOf(0, 90, 60)).toEqual({ from: 0, to: 60 });
  });

  it('is looked at closer around what is under the pointer, down to two seconds, and whole again', () => {
    const state = wave();
    state.zoom(2, 30, 120);
    expect(state.view(120)).toEqual({ from: 15, to: 75 });
    for (let turn = 0; turn < 20; turn += 1) state.zoom(2, 30, 120);
    const { from, to } = state.view(120);
    expect(to - from).toBe(2);
    expect(from <= 30 && to >= 30).toBe(true);
    for (let turn = 0; turn < 20; turn += 1) state.zoom(0.5, 30, 120);
    expect([state.span, state.view(120)]).toEqual([null, { from: 0, to: 120 }]);
  });

  it('follows the position page by page, unless the person looks elsewhere', () => {
    const state = wave();
    state.zoom(6, 0, 120);
    state.follow(19, 120);
    expect(state.from).toBe(0);
    state.follow(20.5, 120);
    expect(state.from).toBeCloseTo(18.9);
    state.move(80, 120);
    state.follow(21, 120);
    expect([state.from, state.away]).toEqual([80, true]);
    state.follow(85, 120);
    state.follow(101, 120);
    expect(state.from).toBeCloseTo(99.4);
  });

  it('shows what is repeated with a little around it', () => {
    const state = wave();
    state.show({ from: 10, to: 20 }, 120);
    expect(state.view(120)).toEqual({ from: 9.5, to: 20.5 });
    state.show({ from: 0, to: 119 }, 120);
    expect(state.span).toBeNull();
  });

  it('stays as close for the next recording, and forgets the sound', () => {
    const state = wave();
    state.take({
      from: 0,
      perSecond: 20,
      bars: [1, 2],
      right: [3, 4],
      silences: [{ fromSecs: 0, toSecs: 1 }],
    });
    state.zoom(4, 0, 100);
    state.forget();
    expect([state.count, state.stereo, state.silences.length, state.span]).toEqual([0, false, 0, 25]);
  });

  it('asks for one part at a time, and for the newest after it', async () => {
    const answers: ((detail: Detail) => void)[] = [];
    const host = fakeHost({
      asks: { player_detail: () => new Promise((resolve) => answers.push(resolve)) },
    });
    const state = new WaveState(host);
    for (const from of [1, 2, 3]) void state.look({ from, to: from + 5 }, 10);
    expect(host.asked('player_detail')).toHaveLength(1);
    answers[0]?.({ left: [1], right: [] });
    await vi.waitFor(() => expect(host.asked('player_detail')).toHaveLength(2));
    expect(host.asked('player_detail').at(-1)).toEqual({ from: 3, to: 8, columns: 10 });
    answers[1]?.({ left: [2], right: [] });
    await vi.waitFor(() => expect(state.close?.part.from).toBe(3));
  });
});

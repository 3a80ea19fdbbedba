import { describe, expect, it } from 'vitest';
import { closeColumns, columnsOf, loopOf, percentAt, secsAt, UNKNOWN } from './waveform';

describe('the waveform', () => {
  it('shows the loudest bar of each column', () => {
    const bars = Uint8Array.from([0, 51, 255, 102]);
    expect([...columnsOf(bars, 4, 2, { from: 0, to: 2 }, 2)].map((one) => Math.round(one * 100))).toEqual([
      20, 100,
    ]);
  });

  it('says where nothing has arrived', () => {
    const bars = new Uint8Array(1024).fill(255);
    expect([...columnsOf(bars, 10, 10, { from: 0, to: 4 }, 4)]).toEqual([1, UNKNOWN, UNKNOWN, UNKNOWN]);
    expect([...columnsOf(bars, 10, 10, { from: 0, to: 0 }, 3)]).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it('stretches a short call over all columns', () => {
    const bars = Uint8Array.from([255, 0]);
    expect([...columnsOf(bars, 2, 20, { from: 0, to: 0.1 }, 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('shows a part of the call, and of a close look what has come', () => {
    const bars = Uint8Array.from([0, 51, 255, 102]);
    expect([...columnsOf(bars, 4, 2, { from: 1, to: 2 }, 2)].map((one) => Math.round(one * 100))).toEqual([
      100, 40,
    ]);
    expect([...closeColumns([255, 0], 3)]).toEqual([1, 0, UNKNOWN]);
  });

  it('shows what is repeated, inside the part in view', () => {
    const all = { from: 0, to: 60 };
    expect(loopOf(null, null, all)).toBeNull();
    expect(loopOf(15, null, all)).toEqual({ left: 25, width: null });
    expect(loopOf(15, 30, all)).toEqual({ left: 25, width: 25 });
    expect(loopOf(30, 90, all)).toEqual({ left: 50, width: 50 });
    expect(loopOf(10, 30, { from: 20, to: 40 })).toEqual({ left: 0, width: 50 });
    expect(loopOf(10, 15, { from: 20, to: 40 })).toBeNull();
    expect(loopOf(1, 2, { from: 0, to: 0 })).toBeNull();
  });

  it('gives the second under the pointer, inside the part in view', () => {
    const all = { from: 0, to: 60 };
    expect([secsAt(50, 100, all), secsAt(-5, 100, all), secsAt(500, 100, all), secsAt(1, 0, all)]).toEqual([
      30, 0, 60, 0,
    ]);
    expect(secsAt(25, 100, { from: 20, to: 40 })).toBe(25);
    expect([percentAt(25, { from: 20, to: 40 }), percentAt(10, { from: 20, to: 40 })]).toEqual([25, -50]);
  });
});

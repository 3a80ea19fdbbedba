import { describe, expect, it } from 'vitest';
import { columnsOf, loopOf, secsAt, UNKNOWN } from './waveform';

describe('the waveform', () => {
  it('shows the loudest bar of each column', () => {
    const bars = Uint8Array.from([0, 51, 255, 102]);
    expect([...columnsOf(bars, 4, 2, 2, 2)].map((one) => Math.round(one * 100))).toEqual([20, 100]);
  });

  it('says where nothing has arrived', () => {
    const bars = new Uint8Array(1024).fill(255);
    expect([...columnsOf(bars, 10, 10, 4, 4)]).toEqual([1, UNKNOWN, UNKNOWN, UNKNOWN]);
    expect([...columnsOf(bars, 10, 10, 0, 3)]).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it('stretches a short call over all columns', () => {
    const bars = Uint8Array.from([255, 0]);
    expect([...columnsOf(bars, 2, 20, 0.1, 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('shows what is repeated, inside the call', () => {
    expect(loopOf(null, null, 60)).toBeNull();
    expect(loopOf(15, null, 60)).toEqual({ left: 25, width: null });
    expect(loopOf(15, 30, 60)).toEqual({ left: 25, width: 25 });
    expect(loopOf(30, 90, 60)).toEqual({ left: 50, width: 50 });
    expect(loopOf(1, 2, 0)).toBeNull();
  });

  it('gives the seconds under the pointer, inside the call', () => {
    expect([secsAt(50, 100, 60), secsAt(-5, 100, 60), secsAt(500, 100, 60), secsAt(1, 0, 60)]).toEqual([
      30, 0, 60, 0,
    ]);
  });
});

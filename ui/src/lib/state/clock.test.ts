import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Clock } from './clock.svelte';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function running(): Clock {
  const clock = new Clock();
  clock.start();
  return clock;
}

test('a timer shows every second, though figures come a little early or late', () => {
  const clock = running();
  const shown: number[] = [];
  for (const gap of [990, 1015, 985, 1005, 1010, 995, 1000]) {
    vi.advanceTimersByTime(gap);
    clock.withFigures();
    shown.push((clock.now - 1_000_000) / 1000);
  }
  expect(shown).toEqual([1, 2, 3, 4, 5, 6, 7]);
  clock.stop();
});

test('figures that follow each other closely draw no timer twice', () => {
  const clock = running();
  vi.advanceTimersByTime(1000);
  const { now } = clock;
  vi.advanceTimersByTime(300);
  clock.withFigures();
  expect(clock.now).toBe(now);
  clock.stop();
});

test('without figures it beats by itself, and after a sleep it is at once right', () => {
  const clock = running();
  vi.advanceTimersByTime(5000);
  expect(clock.now).toBe(1_005_000);
  vi.setSystemTime(1_900_000);
  clock.withFigures();
  expect(clock.now).toBe(1_900_000);
  clock.stop();
});

test('the clock of a computer set back does not stop the timers', () => {
  const clock = running();
  vi.setSystemTime(900_000);
  vi.advanceTimersByTime(1000);
  expect(clock.now).toBe(901_000);
  clock.stop();
});

test('where time stands still, so do the timers', () => {
  const clock = running();
  vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
  vi.advanceTimersByTime(2500);
  expect(clock.now).toBe(1_000_000);
  vi.restoreAllMocks();
  clock.stop();
});

test('each part of the floor is drawn in a moment of its own, its timers with its figures', () => {
  const clock = running();
  const drawn: string[] = [];
  vi.advanceTimersByTime(1000);
  clock.withFigures();
  clock.inTurn('agents', () => drawn.push('agents'));
  clock.inTurn('head', () => drawn.push('head'));
  const told = () => [(clock.now - 1_000_000) / 1000, (clock.agents - 1_000_000) / 1000, drawn.join(' ')];
  expect(told()).toEqual([1, 0, '']);
  vi.advanceTimersToNextTimer();
  expect(told()).toEqual([1, 1, 'agents']);
  vi.advanceTimersToNextTimer();
  expect([told()[2], (clock.head - 1_000_000) / 1000]).toEqual(['agents head', 1]);
  clock.stop();
  clock.inTurn('agents', () => drawn.push('at once'));
  expect(drawn).toContain('at once');
});

test('a clock that stood while nobody looked is right as soon as somebody does', () => {
  const clock = running();
  clock.stop();
  vi.advanceTimersByTime(600_000);
  clock.start();
  expect(clock.now).toBe(1_600_000);
  clock.stop();
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HELD_MS, HeldOrder } from './held-order.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const rows = (names: string) => [...names];
const shown = (held: HeldOrder<string>, names: string) => held.order(rows(names)).join('');

it('keeps the order while the pointer moves, and lets it go when it rests or leaves', () => {
  const held = new HeldOrder<string>((row) => row);
  held.over(1, 1, rows('abc'));
  expect([held.on, shown(held, 'cbad')]).toEqual([true, 'abcd']);
  vi.advanceTimersByTime(HELD_MS - 1);
  held.over(2, 1, rows('abc'));
  vi.advanceTimersByTime(HELD_MS - 1);
  expect(held.on).toBe(true);
  vi.advanceTimersByTime(1);
  expect([held.on, shown(held, 'cbad')]).toEqual([false, 'cbad']);
  // It is told of again, where it rested: rows moved under it, not it over them.
  held.over(2, 1, rows('cbad'));
  expect(held.on).toBe(false);
  held.over(3, 1, rows('cbad'));
  held.release();
  expect(held.on).toBe(false);
});

it('never holds back what turned red', () => {
  const red = new Set(['b']);
  const held = new HeldOrder<string>(
    (row) => row,
    (row) => red.has(row),
  );
  held.over(1, 1, rows('abcde'));
  // Red before: it stays.
  expect(shown(held, 'bedca')).toBe('abcde');
  red.add('e');
  expect(shown(held, 'ebdca')).toBe('eabcd');
  expect(shown(held, 'bedca')).toBe('aebcd');
  // Nor does it go further down than it stood.
  red.add('a');
  expect(shown(held, 'bedca')).toBe('abecd');
});

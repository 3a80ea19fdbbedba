import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { REST_MS, Settled } from './settled.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const call = (guid: string) => ({ guid });
const shown = (settled: Settled<{ guid: string }>) => [settled.value?.guid, settled.moving];

it('follows fingers at once, and a held key where it rests', () => {
  const settled = new Settled<{ guid: string }>();
  settled.follow(call('a'));
  expect(shown(settled)).toEqual(['a', false]);
  vi.advanceTimersByTime(REST_MS);
  settled.follow(call('b'));
  expect(shown(settled)).toEqual(['b', false]);
  for (const guid of 'cdefg') {
    vi.advanceTimersByTime(33);
    settled.follow(call(guid));
    expect(shown(settled)).toEqual(['b', true]);
  }
  vi.advanceTimersByTime(REST_MS - 1);
  expect(shown(settled)).toEqual(['b', true]);
  vi.advanceTimersByTime(1);
  expect(shown(settled)).toEqual(['g', false]);
});

it('shows what is chosen when something is done with it, when it is shown already and when nothing is', () => {
  const settled = new Settled<{ guid: string }>();
  settled.follow(call('a'));
  settled.follow(call('b'));
  settled.now();
  expect(shown(settled)).toEqual(['b', false]);
  settled.follow(call('c'));
  settled.follow(call('b'));
  expect(shown(settled)).toEqual(['b', false]);
  settled.follow(call('c'));
  settled.follow(null);
  expect(shown(settled)).toEqual([undefined, false]);
  // Nothing comes later of what was put off.
  vi.advanceTimersByTime(10 * REST_MS);
  expect(shown(settled)).toEqual([undefined, false]);
});

it('takes what is told anew of the same, unless that is only on the way', () => {
  const settled = new Settled<{ guid: string }>();
  const [first, again] = [call('a'), call('a')];
  settled.follow(first);
  settled.follow(again);
  expect(settled.value).toBe(again);
  settled.follow(call('b'));
  settled.follow(call('b'));
  expect(shown(settled)).toEqual(['a', true]);
  vi.advanceTimersByTime(REST_MS);
  expect(shown(settled)).toEqual(['b', false]);
});

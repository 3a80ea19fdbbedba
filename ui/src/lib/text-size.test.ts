import { expect, it } from 'vitest';
import { nextSize, sizeKey } from './text-size';

it('goes in steps, and stops at either end', () => {
  expect([nextSize(100, 1), nextSize(100, -1), nextSize(150, 1), nextSize(90, -1)]).toEqual([
    110, 90, 150, 90,
  ]);
  // A size of another version is between two of these.
  expect([nextSize(125, 1), nextSize(125, -1)]).toEqual([130, 120]);
});

it('knows its keys, and leaves the others', () => {
  const key = (key: string, parts = {}) =>
    sizeKey({ ctrlKey: true, metaKey: false, altKey: false, key, ...parts });
  expect([key('+'), key('='), key('-'), key('0')]).toEqual([1, 1, -1, 0]);
  expect([key('1'), key('+', { ctrlKey: false }), key('0', { altKey: true })]).toEqual([null, null, null]);
});

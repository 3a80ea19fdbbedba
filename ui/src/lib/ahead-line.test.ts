import { expect, it } from 'vitest';
import { aheadPlaces } from './ahead-line';
import { aheadAt, aheadOutlook } from './testing';

it('goes from the last figure there is to each moment to come', () => {
  const { ahead } = aheadOutlook();
  expect(aheadPlaces({ secs: 600, value: 2 }, ahead, (at) => at.waiting)).toEqual([
    { secs: 600, low: 2, middle: 2, high: 2 },
    { secs: 900, low: 0, middle: 1, high: 3 },
    { secs: 1200, low: 0, middle: 1, high: 3 },
    { secs: 1500, low: 0, middle: 1, high: 3 },
  ]);
});

it('is not there without a figure to begin at, or anything to come', () => {
  const { ahead } = aheadOutlook();
  expect(aheadPlaces(null, ahead, (at) => at.waiting)).toBeNull();
  expect(aheadPlaces({ secs: 0, value: 0 }, [aheadAt({ level: null })], (at) => at.level)).toBeNull();
});

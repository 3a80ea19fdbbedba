import { expect, it } from 'vitest';
import { CLOCK_STEPS, nearest, WHOLE_STEPS } from './chart-steps';

it('has lines at whole minutes, and never at half a person', () => {
  expect(CLOCK_STEPS.filter((one) => one > 60 && one % 60 !== 0)).toEqual([]);
  expect(WHOLE_STEPS.filter((one) => !Number.isInteger(one))).toEqual([]);
});

it('finds the nearest moment', () => {
  expect([nearest([0, 60, 120], 85), nearest([0, 60, 120], 95), nearest([], 5)]).toEqual([1, 2, -1]);
});

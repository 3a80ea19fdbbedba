import { expect, it } from 'vitest';
import { CLOCK_STEPS, clockLines, nearest, WHOLE_STEPS } from './chart-steps';

it('has lines at whole minutes, and never at half a person', () => {
  expect(CLOCK_STEPS.filter((one) => one > 60 && one % 60 !== 0)).toEqual([]);
  expect(WHOLE_STEPS.filter((one) => !Number.isInteger(one))).toEqual([]);
});

it('finds the nearest moment', () => {
  expect([nearest([0, 60, 120], 85), nearest([0, 60, 120], 95), nearest([], 5)]).toEqual([1, 2, -1]);
});

it('has its lines at whole hours of the clock that is read, whatever the time is elsewhere', () => {
  const at = (hours: number, minutes: number) => hours * 3600 + minutes * 60;
  // Read by a clock two hours and forty-two minutes behind: 11:18 there is 14:00 here.
  const behind = -at(2, 42);
  expect(clockLines(at(10, 30), at(13, 50), 3600, behind)).toEqual([
    at(10, 42),
    at(11, 42),
    at(12, 42),
    at(13, 42),
  ]);
  expect(clockLines(at(10, 0), at(11, 0), 1800, 0)).toEqual([at(10, 0), at(10, 30), at(11, 0)]);
  expect(clockLines(at(10, 1), at(10, 2), 3600, 0)).toEqual([]);
});

import { expect, it } from 'vitest';
import { TakingTurns } from './taking-turns';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const nobody = () => false;

it('hands elements on, in order, and leaves whoever stays with theirs', () => {
  const turns = new TakingTurns();
  expect(turns.take(rows('a', 'b', 'c'), nobody)).toEqual([0, 1, 2]);
  // A little way: who stays keeps theirs, and who comes has that of who went.
  expect(turns.take(rows('b', 'c', 'd'), nobody)).toEqual([1, 2, 0]);
  // A long way: none is moved.
  expect(turns.take(rows('x', 'y', 'z'), nobody)).toEqual([1, 2, 0]);
  // Rows that trade places take theirs along.
  expect(turns.take(rows('z', 'x'), nobody)).toEqual([0, 1]);
  expect(turns.take(rows('z', 'x', 'w'), nobody)).toEqual([0, 1, 3]);
});

it('hands on no element that somebody is in', () => {
  const turns = new TakingTurns();
  turns.take(rows('a', 'b'), nobody);
  expect(turns.take(rows('c', 'd'), (element) => element === 0)).toEqual([1, 2]);
});

import { expect, it } from 'vitest';
import { leastWidths } from './campaign-figure';
import { COLUMNS, fittingColumns, NAME_AT_LEAST, shownColumns } from './campaign-columns';
import { widthOf } from './columns';
import { widened } from './figure-width';
import { campaign } from './testing';

const columns = shownColumns(['longest', 'available', 'abandonRate']);
const least = (parts: Parameters<typeof campaign>[0]) =>
  leastWidths(columns, [campaign(), campaign(parts)], 'answered', 0, 'es');
const pixels = (id: string, needed: Record<string, number>, widths: Record<string, number> = {}) => {
  const column = COLUMNS.find((one) => one.id === id);
  return column ? parseInt(widthOf(column, 'narrow', widths, needed)) : 0;
};

it('makes room for a wait of hours, a whole hundred percent and thousands of agents', () => {
  expect(widened('minmax(72px, 1fr)', 90)).toBe('minmax(90px, 1fr)');
  expect(widened('72px', 60)).toBe('72px');
  const usual = least({});
  expect(pixels('longest', usual)).toBe(88);
  const long = least({
    longestWaitSinceMs: -3_600_000 * 10,
    abandonRate: 100,
    available: 1118,
    loggedIn: 5000,
  });
  // Six digits and two colons; four digits, a comma and a percent sign; eight digits and what is between them.
  expect(pixels('longest', long)).toBeGreaterThan(6 * 8 + 2 * 4 + 12);
  expect(pixels('abandonRate', long)).toBeGreaterThan(4 * 8 + 4 + 4 + 11 + 12);
  expect(pixels('available', long)).toBeGreaterThan(8 * 8 + 3 * 4 + 12);
});

it('never makes a column too narrow for its figures, and leaves another out instead', () => {
  const long = least({ longestWaitSinceMs: -3_600_000 });
  expect(pixels('longest', long, { longest: 44 })).toBeGreaterThan(60);
  expect(pixels('longest', long, { longest: 200 })).toBe(200);
  const needs = columns.reduce((sum, one) => sum + pixels(one.id, long), 0);
  const fit = (room: number) => fittingColumns(columns, {}, NAME_AT_LEAST + room, long).map((one) => one.id);
  expect(fit(needs)).toHaveLength(3);
  expect(fit(needs - 1)).toEqual(['longest', 'abandonRate']);
});

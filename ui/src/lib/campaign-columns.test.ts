import { describe, expect, it } from 'vitest';
import {
  campaignTable,
  COLUMNS,
  fittingColumns,
  roomyColumns,
  shownColumns,
  USUAL,
} from './campaign-columns';
import { movedColumn } from './columns';
import { campaign } from './testing';

describe('columns', () => {
  it('are shown in the order chosen, and names of another version are left out', () => {
    const shown = shownColumns(['answered', 'from the future', 'waiting']);
    expect(shown.map((one) => one.id)).toEqual(['answered', 'waiting']);
    expect(USUAL).toContain('serviceLevel');
    expect(new Set(COLUMNS.map((one) => one.id)).size).toBe(COLUMNS.length);
  });

  it('make a table for a spreadsheet: no units, nothing for what is not known', () => {
    const rows = [
      campaign({
        label: 'Soporte',
        waiting: 3,
        longestWaitSecs: 134,
        serviceLevel: 61.25,
        abandonRate: null,
      }),
      campaign({ label: 'Encuesta', direction: 'outbound', waiting: 9, serviceLevel: 12, answered: 1310 }),
    ];
    const chosen = ['waiting', 'longest', 'answered', 'abandonRate', 'serviceLevel'];
    const table = campaignTable(rows, chosen, 'answered', 'es', (key) => key);
    expect(table[0]).toEqual([
      'col_campaign',
      'direction',
      'col_waiting',
      'col_longest',
      'col_answered',
      'col_abandoned',
      'col_serviceLevel',
    ]);
    expect(table[1]).toEqual(['Soporte', 'inbound', '3', '2:14', String(rows[0]?.answered), '', '61,3']);
    expect(table[2]).toEqual(['Encuesta', 'outbound', '', '', '1310', '', '']);
  });

  it.each([
    ['b', -1, 'bac'],
    ['b', 1, 'acb'],
    ['a', -1, 'abc'],
    ['c', 1, 'abc'],
    ['gone', 1, 'abc'],
  ] as const)('%s moved by %i makes %s', (id, by, order) => {
    expect(movedColumn(['a', 'b', 'c'], id, by).join('')).toBe(order);
  });

  it('give way on a narrow window, the least telling first, never the service level', () => {
    const ids = (pixels: number, widths = {}) =>
      fittingColumns(shownColumns(USUAL), widths, pixels).map((one) => one.id);
    expect(ids(2000)).toEqual(USUAL);
    expect(ids(630)).toEqual(USUAL.filter((id) => !['ahead', 'answered', 'wrapUp'].includes(id)));
    expect(ids(590, { waiting: 200 }).length).toBeLessThan(ids(630).length);
    expect(ids(0)).toEqual(['serviceLevel']);
  });
});

it('leaves the look ahead out before bars and the last hour give way, and these before what somebody chose', () => {
  const ids = (columns: readonly { id: string }[] | null) => columns?.map(({ id }) => id) ?? null;
  const usual = shownColumns(USUAL);
  const all = ids(usual) ?? [];
  expect(ids(roomyColumns(usual, {}, 1200))).toEqual(all);
  expect(ids(roomyColumns(usual, {}, 890))).toEqual(all.filter((id) => id !== 'ahead'));
  expect(roomyColumns(shownColumns([...USUAL, 'members', 'total', 'averageWait']), {}, 890)).toBeNull();
});

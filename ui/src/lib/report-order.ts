// The tables of a report in another order, and only their first rows for paper.
import type { ReportTable } from './report-tables';

/** What somebody chose to sort a table by: the number of a column, and whether the largest come first. */
export interface TableOrder {
  column: number;
  down: boolean;
}

/** The rows as `places` names them, each once. */
function arranged(table: ReportTable, places: number[]): ReportTable {
  const of = <T>(list: T[]): T[] => places.map((place) => list[place] as T);
  return {
    ...table,
    rows: of(table.rows),
    values: of(table.values),
    visits: of(table.visits),
    marked: places.flatMap((place, at) => (table.marked.includes(place) ? [at] : [])),
  };
}

/** Words by their letters, figures by their size; what is not known comes last either way. */
export function inOrder(table: ReportTable, order: TableOrder | undefined): ReportTable {
  if (!order) return table;
  const key = (place: number) => table.values[place]?.[order.column] ?? null;
  const places = table.rows.map((_, place) => place);
  places.sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one - other;
    const by = typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a - b;
    return (order.down ? -by : by) || one - other;
  });
  return arranged(table, places);
}

/** At most so many rows, and how many were left out. */
export function firstRows(table: ReportTable, most: number): { table: ReportTable; left: number } {
  const left = Math.max(0, table.rows.length - most);
  const places = table.rows.map((_, place) => place).slice(0, most);
  return { table: left ? arranged(table, places) : table, left };
}
